//! The way into a pose, inside the silence before it: what comes next is said while one rests, and the silence ends when the
//! pose begins.

use super::cue;
use super::hold::Hold;
use super::scheduler::Scheduler;
use super::score::Score;
use super::timeline::Role;
use crate::frames::{FrameRange, Frames};
use crate::load::language::house_cues;
use crate::load::language::pose::Pose;
use crate::load::language::routine::Bell;

impl<'a, S: Score<'a>> Scheduler<'a, S> {
    /// Says how to get into the pose that comes next, after what is said in the silence itself and before its end is counted
    /// down; where those words are.
    pub(super) fn lead(
        &mut self,
        coming: &'a Pose,
        hold: &Hold<'_>,
        window: FrameRange,
        said: Frames,
    ) -> Option<FrameRange> {
        let rate = self.input.durations.rate;
        let breather = rate.frames(cue::BREATHER);
        let start = if said > window.start { said + breather } else { said };
        let end = window.end.saturating_sub(rate.frames(hold.countdown)).max(start);
        if !cue::names(self.input.guidance) {
            let end = self.bell_within(Bell::High, FrameRange { start, end });
            return Some(FrameRange { start, end }).filter(|range| !range.is_empty());
        }
        let mut at = start;
        for (role, id) in self.lead_words(coming) {
            self.asks(role, &id, at, Some(end.saturating_sub(at)));
            let Some(frames) = self.wording.length(&id) else {
                self.score.unrecorded(&id, &coming.place, self.input.routine);
                return None;
            };
            if at + frames > end {
                let room = end.saturating_sub(at).seconds(rate);
                let found = format!("expected `{id}` to take at most {room:.1} s of the silence before, found");
                let mistake = self.too_long(&found, &id, frames).at(&coming.place, "does not fit inside it");
                self.score
                    .mistake(mistake.help("give the `pause` before it more time, or leave out `lead = \"inside\"`"));
                return None;
            }
            self.put(role, &id, at, frames);
            at += frames + breather;
        }
        Some(FrameRange { start, end: at.saturating_sub(breather).max(start) })
    }

    /// The words of the way into a pose.
    fn lead_words(&self, coming: &'a Pose) -> Vec<(Role, String)> {
        let listener = self.progress.listener;
        let instructs = cue::instructs(self.input.guidance);
        let mut words = Vec::new();
        if let Some(to) = listener.move_to(coming.position).filter(|_| instructs) {
            words.push((Role::Move, listener.move_cue(coming, to, self.input.routine)));
        }
        words.push((Role::Name, house_cues::name(&coming.id)));
        let said = coming.setup.iter().filter(|each| cue::is_said(self.input.guidance, &each.cue));
        words.extend(said.map(|each| (cue::role_of(&each.cue, Role::Instruction), each.cue.template().to_owned())));
        words
    }
}
