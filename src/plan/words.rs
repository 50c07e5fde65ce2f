//! What puts a sound into the plan: a cue or a bell, at a frame, with its length.

use std::sync::Arc;

use super::scheduler::Scheduler;
use super::timeline::{PhaseKind, PhaseSpan, Role, Sound, Track};
use super::{Missing, cue};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::frames::{FrameRange, Frames};
use crate::load::language::cue::CueRef;
use crate::load::language::pose::Pose;
use crate::load::language::routine::Bell;

impl Scheduler<'_> {
    /// A cue at this moment; time passes while it is said.
    pub(super) fn words(&mut self, role: Role, id: &str, place: &Place) {
        let start = self.clock.now();
        let Some(frames) = self.length(id) else {
            if let Some(sheet) = &mut self.sheet {
                sheet.unrecorded(id, place, self.input.routine);
            }
            return;
        };
        self.put(role, id, start, frames);
        self.clock.pass(frames);
    }

    /// How long a cue is said; `None` where it has no recording and nothing stands in for it.
    pub(super) fn length(&self, id: &str) -> Option<Frames> {
        let stand_in = || {
            let worded = self.input.missing == Missing::Bell && self.input.routine.script.contains_key(id);
            worded.then(|| self.input.durations.rate.frames(Bell::Soft.ring()))
        };
        self.input.durations.frames(id).or_else(stand_in)
    }

    /// The length of a cue that the planner says by itself, where it has words; one without a recording is noted.
    pub(super) fn house_length(&mut self, id: &str) -> Option<Frames> {
        let length = self.length(id);
        if length.is_none() && self.input.routine.script.contains_key(id) {
            let place = &self.input.routine.place;
            if let Some(sheet) = &mut self.sheet {
                sheet.unrecorded(id, place, self.input.routine);
            }
        }
        length
    }

    /// Places a cue that has a length.
    pub(super) fn put(&mut self, role: Role, id: &str, start: Frames, frames: Frames) {
        let Some(sheet) = &mut self.sheet else { return };
        let text = self.input.routine.script.get(id).cloned().unwrap_or_default();
        match self.input.durations.file(id) {
            Some(file) => sheet.region(Track::Voice, role, Sound::Clip { file: file.clone(), text }, start, frames),
            None => {
                let instead = Some((id.to_owned(), text));
                let sound = Sound::Bell { bell: Bell::Soft, instead, file: None };
                sheet.region(Track::Bell, role, sound, start, frames);
            }
        }
    }

    /// A bell, with the time to ring out.
    pub(super) fn bell(&mut self, bell: Bell) {
        let (sound, frames) = self.ring(bell);
        let start = self.clock.now();
        if let Some(sheet) = &mut self.sheet {
            sheet.region(Track::Bell, Role::Bell, sound, start, frames);
        }
        self.clock.pass(frames);
    }

    /// A bell in a time that passes anyway, where it has room; where it ends.
    pub(super) fn bell_within(&mut self, bell: Bell, window: FrameRange) -> Frames {
        let (sound, frames) = self.ring(bell);
        if frames > window.frames() {
            return window.start;
        }
        if let Some(sheet) = &mut self.sheet {
            sheet.region(Track::Bell, Role::Bell, sound, window.start, frames);
        }
        window.start + frames
    }

    /// What rings for a bell, and how long.
    fn ring(&self, bell: Bell) -> (Sound, Frames) {
        let own = self.input.durations.bell(bell);
        let frames = own.map_or_else(|| self.input.durations.rate.frames(bell.ring()), |(_, frames)| frames);
        (Sound::Bell { bell, instead: None, file: own.map(|(file, _)| Arc::clone(file)) }, frames)
    }

    /// Notes what was to be done from `start` until now.
    pub(super) fn span(
        &mut self,
        pose: &Pose,
        side: Option<usize>,
        round: Option<u32>,
        kind: PhaseKind,
        start: Frames,
    ) {
        self.phases += 1;
        let frames = self.clock.now() - start;
        if let Some(sheet) = &mut self.sheet {
            let side = side.and_then(|side| pose.sides.get(side)).cloned();
            sheet.phase(PhaseSpan {
                pose: pose.id.clone(),
                side,
                round: round.map(|round| round + 1),
                kind,
                start,
                frames,
            });
        }
    }

    /// Says the fullest of `cues` that ends within the window; where it ends. Nothing fits: a mistake with both durations.
    pub(super) fn say_within(
        &mut self,
        role: Role,
        pose: &Pose,
        side: Option<usize>,
        cues: &[CueRef],
        window: FrameRange,
    ) -> Frames {
        let mut shortest: Option<(Frames, &CueRef)> = None;
        for cue in cues {
            let id = pose.cue_id(cue, side);
            let Some(frames) = self.length(&id) else {
                if let Some(sheet) = &mut self.sheet {
                    sheet.unrecorded(&id, &cue.place, self.input.routine);
                }
                return window.start;
            };
            if frames <= window.frames() {
                self.put(cue::role_of(cue, role), &id, window.start, frames);
                return window.start + frames;
            }
            if shortest.is_none_or(|(least, _)| frames < least) {
                shortest = Some((frames, cue));
            }
        }
        if let (Some((frames, cue)), Some(sheet)) = (shortest, &mut self.sheet) {
            let rate = self.input.durations.rate;
            let (room, length) = (window.frames().seconds(rate), frames.seconds(rate));
            let id = pose.cue_id(cue, side);
            let message = format!("expected a cue of at most {room:.1} s here, found `{id}` with {length:.1} s");
            let mistake = Diagnostic::error(Code::CueTooLong, message).at(&cue.place, "does not fit its time");
            sheet.mistake(mistake.help("add a shorter cue to the list, give the phase more time, or slow the breath"));
        }
        window.start
    }
}
