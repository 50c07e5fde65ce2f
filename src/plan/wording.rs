//! Which words are said: of all that an author wrote and the planner knows, those that guidance, the round and the room leave.
//! Nothing is placed here.

use std::borrow::Cow;

use super::cue;
use super::cycle::{Cycle, Turn};
use super::input::Input;
use super::own_length;
use super::timeline::Role;
use super::wishes::Missing;
use crate::diagnostic::Place;
use crate::frames::{FrameRange, Frames};
use crate::load::language::bell::Bell;
use crate::load::language::cue::CueRef;
use crate::load::language::house_cues;
use crate::load::language::pose::{Announce, Lasts, Order, Pose};
use crate::load::language::routine::Guidance;

/// Which words are said.
pub(super) struct Wording<'a> {
    input: Input<'a>,
    /// The round from which on it is to be said that a flow is half over.
    pub(super) half_due: Option<u32>,
    /// In how many rounds each phase of the pose at hand was too short for its words.
    too_short: Vec<u32>,
}

/// What was chosen to be said in a phase: the first of these that fits.
pub(super) struct Chosen<'c> {
    pub(super) role: Role,
    pub(super) cues: Cow<'c, [CueRef]>,
    /// Whether a step made a pose that is built in too short for them.
    pub(super) cut_short: bool,
}

impl<'c> Chosen<'c> {
    fn of(cues: &'c [CueRef]) -> Chosen<'c> {
        Chosen { role: Role::Phase, cues: Cow::Borrowed(cues), cut_short: false }
    }

    /// A cue of the planner's own, for a reason that stands at `place`.
    pub(super) fn house(role: Role, id: &str, place: &Place) -> Chosen<'c> {
        Chosen { role, cues: Cow::Owned(vec![CueRef::house(id, place)]), cut_short: false }
    }
}

impl<'a> Wording<'a> {
    pub(super) fn new(input: Input<'a>) -> Wording<'a> {
        Wording { input, half_due: None, too_short: Vec::new() }
    }

    /// How long a cue is said; `None` where it has no recording and nothing stands in for it.
    pub(super) fn length(&self, id: &str) -> Option<Frames> {
        let stand_in = || {
            let worded = self.input.missing == Missing::Bell && self.input.routine.script.contains_key(id);
            worded.then(|| self.input.durations.rate.frames(Bell::Soft.ring()))
        };
        self.input.durations.frames(id).or_else(stand_in)
    }

    /// Whether one of the cues has room; one without a recording is told elsewhere.
    pub(super) fn fits(&self, pose: &Pose, side: Option<usize>, cues: &[CueRef], window: FrameRange) -> bool {
        cues.iter().any(|cue| self.length(&pose.cue_id(cue, side)).is_none_or(|frames| frames <= window.frames()))
    }

    /// The words of a phase.
    pub(super) fn in_phase<'c>(
        &mut self,
        cycle: &Cycle<'c>,
        turn: Turn,
        index: usize,
        window: FrameRange,
    ) -> Chosen<'c> {
        let round = self.rounds_heard(cycle, turn, index, window);
        self.choose(cycle, turn, index, window, round)
    }

    /// The words of a phase that were heard in so many rounds.
    pub(super) fn choose<'c>(
        &self,
        cycle: &Cycle<'c>,
        turn: Turn,
        index: usize,
        window: FrameRange,
        round: u32,
    ) -> Chosen<'c> {
        let (pose, phase) = (cycle.pose, cycle.phases[index].0);
        let kept = cue::keeps(self.input.tone, pose);
        match cue::first_wanted(self.input.guidance, round, phase.cues.len(), kept) {
            // A stillness that grows into a breath is named once its word fits.
            Some(_) if cycle.grows(index) && !self.fits(pose, turn.side, &phase.cues, window) => Chosen::of(&[]),
            Some(from) => {
                let cues = &phase.cues[from..];
                Chosen { cut_short: self.is_cut_short(cycle, turn, index, cues, window), ..Chosen::of(cues) }
            }
            None if index == 0 && self.names_side_itself(pose, turn) => {
                Chosen::house(Role::Side, house_cues::SIDE, &phase.place)
            }
            None => Chosen::of(cue::safety(&phase.cues)),
        }
    }

    /// In how many rounds the words of a phase were heard before: in all, but for a stillness that has just become long enough.
    fn rounds_heard(&mut self, cycle: &Cycle<'_>, turn: Turn, index: usize, window: FrameRange) -> u32 {
        let phase = cycle.phases[index].0;
        if !cycle.grows(index) {
            return turn.round;
        }
        let fits = self.fits(cycle.pose, turn.side, &phase.cues, window);
        self.too_short.resize(self.too_short.len().max(cycle.phases.len()), 0);
        let too_short = &mut self.too_short[index];
        if turn.round == 0 {
            *too_short = 0;
        }
        *too_short += u32::from(!fits);
        turn.round - (*too_short).min(turn.round)
    }

    /// Whether a step made the hold of a pose that is built in too short for its words, which its author cannot change.
    fn is_cut_short(&self, cycle: &Cycle<'_>, turn: Turn, index: usize, cues: &[CueRef], window: FrameRange) -> bool {
        matches!(cycle.phases[index].1, Lasts::Hold { dose: true, .. })
            && cues.iter().all(|cue| cue.place.source.is_built_in())
            && !self.fits(cycle.pose, turn.side, cues, window)
    }

    /// Under `names`, the side is named where the phases' own words are left out and no change of side named it.
    fn names_side_itself(&self, pose: &Pose, turn: Turn) -> bool {
        let switched = turn.side != Some(0) && !pose.switch.most.is_zero();
        let begins = turn.round == 0 || pose.order == Order::Alternate;
        self.input.guidance == Guidance::Names && turn.side.is_some() && begins && !switched
    }

    /// Whether the planner says how long a phase of a stillness is.
    pub(super) fn announces(&self, cycle: &Cycle<'_>, turn: Turn, index: usize, window: FrameRange) -> bool {
        let chosen = self.choose(cycle, turn, index, window, turn.round);
        self.may_announce(cycle.pose, turn.side, &chosen.cues, window)
    }

    /// Whether the planner says how long a stillness is that begins with the first of these words that fits: its author may not
    /// want that, or say it in them.
    pub(super) fn may_announce(&self, pose: &Pose, side: Option<usize>, cues: &[CueRef], window: FrameRange) -> bool {
        let wanted = pose.announce.unwrap_or(self.input.routine.announce) == Announce::On;
        let ids = || cues.iter().map(|cue| pose.cue_id(cue, side));
        let fits = |id: &String| self.length(id).is_none_or(|frames| frames <= window.frames());
        let text = ids().find(fits).and_then(|id| self.input.routine.script.get(&id));
        wanted && !text.is_some_and(|text| own_length::is_told(text))
    }

    /// Whether it is to be said that the last round comes next.
    pub(super) fn announces_last(&self, cycle: &Cycle<'_>, turn: Turn) -> bool {
        let many = cycle.rounds >= cue::MANY_ROUNDS && turn.round + 2 == cycle.rounds;
        let last_side =
            cycle.pose.order == Order::Each || turn.side.is_none_or(|side| side + 1 == cycle.pose.sides.len());
        many && last_side && cue::names(self.input.guidance)
    }
}
