//! What puts a sound into the plan: a cue or a bell, at a frame, with its length.

use std::sync::Arc;

use super::cue;
use super::scheduler::Scheduler;
use super::score::Score;
use super::sheet::Asked;
use super::timeline::{PhaseKind, PhaseSpan, Role, Sound, Track};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::frames::{FrameRange, Frames};
use crate::load::language::cue::CueRef;
use crate::load::language::house_cues;
use crate::load::language::pose::Pose;
use crate::load::language::routine::Bell;

impl<'a, S: Score<'a>> Scheduler<'a, S> {
    /// A cue at this moment; time passes while it is said.
    pub(super) fn words(&mut self, role: Role, id: &str, place: &Place) {
        let start = self.progress.clock.now();
        self.asks(role, id, start, None);
        let Some(frames) = self.wording.length(id) else {
            self.score.unrecorded(id, place, self.input.routine);
            return;
        };
        self.put(role, id, start, frames);
        self.progress.clock.pass(frames);
    }

    /// Says advice that stands in no step, as the closing begins.
    pub(super) fn advise(&mut self) {
        if let Some(advice) = self.input.by_log.before_closing() {
            self.words(Role::Words, advice, &self.input.routine.place);
            self.progress.clock.wait(cue::AFTER_ADVICE);
        }
    }

    /// A cue that the session can do without, where the voice has it.
    pub(super) fn words_if_recorded(&mut self, role: Role, id: &str) {
        let start = self.progress.clock.now();
        self.asks(role, id, start, None);
        if let Some(frames) = self.input.durations.frames(id) {
            self.put(role, id, start, frames);
            self.progress.clock.pass(frames);
        }
    }

    /// Notes that the length of a cue is asked for.
    pub(super) fn asks(&mut self, role: Role, id: &str, start: Frames, room: Option<Frames>) {
        if S::KEEPS {
            let step = self.step.map_or(0, |step| step.place.span.start);
            self.score.ask(Asked { cue: id.to_owned(), step, role, start, room });
        }
    }

    /// The length of a cue that the planner says by itself, where it has words; one without a recording is noted.
    pub(super) fn house_length(&mut self, role: Role, id: &str) -> Option<Frames> {
        let length = self.wording.length(id);
        if length.is_some() {
            let room = (role == Role::Count).then(|| self.input.durations.rate.frames(cue::COUNT));
            self.asks(role, id, self.progress.clock.now(), room);
        }
        if length.is_none() && self.input.routine.script.contains_key(id) {
            self.score.unrecorded(id, &self.input.routine.place, self.input.routine);
        }
        length
    }

    /// Places a cue that has a length.
    pub(super) fn put(&mut self, role: Role, id: &str, start: Frames, frames: Frames) {
        if !S::KEEPS {
            return;
        }
        let said = self.input.durations.plainer(id).unwrap_or(id);
        if said != id {
            self.score.replaced(id, said);
        }
        let text = self.input.routine.script.get(said).cloned().unwrap_or_default();
        match self.input.durations.file(id) {
            Some(file) => {
                self.score.sound((Track::Voice, role), Sound::Clip { file: file.clone(), text }, start, frames);
            }
            None => {
                let instead = Some((id.to_owned(), text));
                let sound = Sound::Bell { bell: Bell::Soft, instead, file: None };
                self.score.sound((Track::Bell, role), sound, start, frames);
            }
        }
    }

    /// A bell, with the time to ring out.
    pub(super) fn bell(&mut self, bell: Bell) {
        let (sound, frames) = self.ring(bell);
        let start = self.progress.clock.now();
        self.score.sound((Track::Bell, Role::Bell), sound, start, frames);
        self.progress.clock.pass(frames);
    }

    /// Rings a bell in a time that passes anyway, where it has room. Returns the frame at which it ends.
    pub(super) fn bell_within(&mut self, bell: Bell, window: FrameRange) -> Frames {
        let (sound, frames) = self.ring(bell);
        if frames > window.frames() {
            return window.start;
        }
        self.score.sound((Track::Bell, Role::Bell), sound, window.start, frames);
        window.start + frames
    }

    /// What rings for a bell, and how long.
    pub(super) fn ring(&self, bell: Bell) -> (Sound, Frames) {
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
        self.progress.count(1);
        if !S::KEEPS {
            return;
        }
        let (side, round) = (side.and_then(|side| pose.sides.get(side)).cloned(), round.map(|round| round + 1));
        let frames = self.progress.clock.now() - start;
        self.score.phase(PhaseSpan { pose: pose.id.clone(), side, round, kind, start, frames });
    }

    /// Notes that something is heard that an author wrote at `place`.
    pub(super) fn heard(&mut self, code: Code, place: &Place) {
        self.score.hear((code, place), None);
    }

    /// Notes that it is not heard here.
    pub(super) fn missed(&mut self, place: &Place, warning: Diagnostic) {
        // Nobody can change what is built in, and its steps say how long it lasts.
        if !place.source.is_built_in() && !self.allows(warning.code) {
            self.score.hear((warning.code, place), Some(warning));
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
            self.asks(cue::role_of(cue, role), &id, window.start, Some(window.frames()));
            let Some(frames) = self.wording.length(&id) else {
                // Of words that the planner made of a side, the side is what its author wrote.
                let house = [house_cues::SIDE, house_cues::SWITCH].contains(&cue.template());
                let written = side.and_then(|side| pose.side_places.get(side)).filter(|_| house);
                self.score.unrecorded(&id, written.unwrap_or(&cue.place), self.input.routine);
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
        if let Some((frames, cue)) = shortest.filter(|_| S::KEEPS) {
            let room = window.frames().seconds(self.input.durations.rate);
            let id = pose.cue_id(cue, side);
            let found = format!("expected a cue of at most {room:.1} s here, found `{id}` with");
            let mistake = self.too_long(&found, &id, frames).at(&cue.place, "does not fit its time");
            self.score
                .mistake(mistake.help("add a shorter cue to the list, give the phase more time, or slow the breath"));
        }
        window.start
    }

    /// That a cue of so many frames is too long, with its length after what was `found`: a mistake, or a warning where it is not
    /// recorded yet, as whoever records it may be quicker.
    pub(super) fn too_long(&self, found: &str, id: &str, frames: Frames) -> Diagnostic {
        let durations = self.input.durations;
        let length = frames.seconds(durations.rate);
        if durations.is_estimated(id) {
            Diagnostic::warning(Code::CueTooLong, format!("{found} about {length:.1} s, estimated from its words"))
        } else {
            Diagnostic::error(Code::CueTooLong, format!("{found} {length:.1} s"))
        }
    }
}
