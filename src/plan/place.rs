//! Walks through a routine and places everything that sounds; or, where only the length is wanted, adds up times.
//!
//! Both are one walk, so the length that is announced is the length that is heard. What is paced by the breath takes the
//! time that the breath takes, whatever is said in it.

use std::time::Duration;

use super::clock::Clock;
use super::fit::Fit;
use super::sheet::Sheet;
use super::timeline::{PhaseSpan, Sound, Track};
use super::{Missing, cue};
use crate::diagnostic::{Diagnostic, Place};
use crate::frames::{FrameRange, Frames};
use crate::load::cue::CueRef;
use crate::load::pose::{Instruction, Pose, Position};
use crate::load::quantity::{Between, LONGEST};
use crate::load::routine::{Action, Bell, Guidance, Step};
use crate::load::{Lengths, Routine};

/// What is planned, and how.
#[derive(Clone, Copy)]
pub(super) struct Brief<'a> {
    pub(super) routine: &'a Routine,
    pub(super) lengths: &'a Lengths,
    pub(super) guidance: Guidance,
    pub(super) missing: Missing,
}

/// No plan holds more phases than this: a day of breaths of one second is a sixth of it.
const MOST_PHASES: usize = 1_000_000;

/// A walk through a routine.
pub(super) struct Placer<'a> {
    pub(super) brief: Brief<'a>,
    pub(super) fit: Fit,
    pub(super) clock: Clock,
    /// `None` where only the length is wanted.
    pub(super) sheet: Option<Sheet>,
    body: Body,
    outline: Outline,
    /// Whether the step at hand is the closing rest.
    pub(super) resting: bool,
    phases: usize,
    endless: bool,
}

/// What the listener is in the middle of.
#[derive(Clone, Debug, Default, PartialEq)]
struct Body {
    position: Option<Position>,
    /// The routine has itself said how to move since the last pose.
    moved: bool,
    /// The pose that was just introduced by a `say` step.
    introduced: Option<String>,
}

/// Where the practice begins and ends among the steps, and which step is the closing rest.
struct Outline {
    practice: std::ops::Range<usize>,
    rest: Option<usize>,
}

impl Outline {
    fn of(steps: &[Step]) -> Outline {
        let practises =
            |step: &Step| matches!(step.action, Action::Pose(_) | Action::Breathe(_) | Action::Repeat { .. });
        let first = steps.iter().position(practises).unwrap_or(steps.len());
        let end = steps.iter().rposition(practises).map_or(steps.len(), |last| last + 1);
        let rests = |step: &Step| match &step.action {
            Action::Pause(_) => true,
            Action::Pose(pose) => pose.is_plain_hold(),
            _ => false,
        };
        Outline { practice: first..end, rest: steps.iter().rposition(rests) }
    }
}

impl<'a> Placer<'a> {
    fn new(brief: Brief<'a>, fit: Fit, sheet: Option<Sheet>) -> Placer<'a> {
        Placer {
            brief,
            fit,
            clock: Clock::new(brief.lengths.rate),
            sheet,
            body: Body::default(),
            outline: Outline::of(&brief.routine.steps),
            resting: false,
            phases: 0,
            endless: false,
        }
    }

    /// How long the routine is in a fit; more than a day where it is too long.
    pub(super) fn measure(brief: Brief<'a>, fit: Fit) -> Frames {
        let mut placer = Placer::new(brief, fit, None);
        placer.walk();
        placer.clock.now()
    }

    /// The routine in a fit, placed, and its end; `None` where it has too many parts to be placed.
    pub(super) fn place(brief: Brief<'a>, fit: Fit) -> Option<(Sheet, Frames)> {
        let mut placer = Placer::new(brief, fit, Some(Sheet::new()));
        placer.walk();
        let end = placer.clock.now();
        placer.sheet.filter(|_| !placer.endless).map(|sheet| (sheet, end))
    }

    fn walk(&mut self) {
        let steps = &self.brief.routine.steps;
        let closing = steps.len().min(self.outline.practice.end);
        if !self.outline.practice.is_empty() && self.outline.practice.start > 0 {
            self.chapter("Opening");
        } else if self.outline.practice.is_empty() {
            self.chapter(&self.brief.routine.title);
        }
        for (index, step) in steps.iter().enumerate() {
            if index == closing && !self.outline.practice.is_empty() {
                self.chapter("Closing");
            }
            if self.outline.rest.is_none() && index == closing {
                self.clock.pass(self.fit.closing);
            }
            self.resting = self.outline.rest == Some(index);
            let between = self.outline.practice.contains(&index);
            self.step(step, between);
        }
        if self.outline.rest.is_none() && closing == steps.len() {
            self.clock.pass(self.fit.closing);
        }
        self.clock.settle();
    }

    pub(super) fn chapter(&mut self, title: &str) {
        let now = self.clock.now();
        if let Some(sheet) = &mut self.sheet {
            sheet.chapter(title, now);
        }
    }

    /// Stops a walk that would never end, or fill the memory.
    fn too_long(&mut self) -> bool {
        self.endless |= self.phases > MOST_PHASES || self.clock.now().duration(self.brief.lengths.rate) > LONGEST;
        if self.endless && self.clock.now().duration(self.brief.lengths.rate) <= LONGEST {
            // Too many phases of no length are as endless as a time.
            self.clock.set(self.brief.lengths.rate.frames(LONGEST) + Frames(1));
        }
        self.endless
    }

    fn step(&mut self, step: &Step, between: bool) {
        self.phases += 1;
        if self.too_long() {
            return;
        }
        if !matches!(step.action, Action::Say { .. } | Action::Pose(_)) {
            self.body.introduced = None;
        }
        match &step.action {
            Action::Say { cues, then } => self.say(cues, *then, between),
            Action::Pause(time) => self.pause(*time),
            Action::Pose(pose) => self.pose(pose),
            Action::Breathe(pose) => {
                self.clock.settle();
                self.chapter(&pose.name);
                self.practise(pose);
            }
            Action::Bell(bell) => self.bell(*bell),
            Action::Repeat { times, steps } => self.repeat(*times, steps),
        }
    }

    fn say(&mut self, cues: &[CueRef], then: Duration, between: bool) {
        for cue in cues {
            let id = cue.id(None, None);
            if id.starts_with("move/") {
                self.body.moved = true;
            }
            self.body.introduced = id.split_once('/').map(|(folder, _)| folder.to_owned());
            if !between || cue::instructs(self.brief.guidance) || cue::is_safety(&id) {
                self.words(&id, &cue.place);
                self.clock.wait(then);
            }
        }
    }

    fn pause(&mut self, time: Between<Duration>) {
        self.clock.wait(self.fit.time(time));
        self.closing_rest();
    }

    /// Adds what a length still lacks, where the step at hand is the closing rest.
    pub(super) fn closing_rest(&mut self) {
        if self.resting {
            self.clock.pass(self.fit.closing);
        }
    }

    fn repeat(&mut self, times: Between<u32>, steps: &[Step]) {
        let times = self.fit.count(times);
        for round in 0..times {
            self.clock.settle();
            let (before, body) = (self.clock.now(), self.body.clone());
            for step in steps {
                self.step(step, true);
            }
            self.clock.settle();
            if self.endless {
                return;
            }
            // From a round that ends as it began, all others are the same.
            if self.sheet.is_none() && self.body == body {
                let one = self.clock.now() - before;
                self.clock.pass(one * u64::from(times - round - 1));
                return;
            }
        }
    }

    fn pose(&mut self, pose: &Pose) {
        self.clock.settle();
        self.chapter(&pose.name);
        self.arrive(pose);
        for instruction in &pose.setup {
            self.instruct(pose, instruction, "setup");
        }
        self.practise(pose);
        if !pose.release.is_empty() && !cue::instructs(self.brief.guidance) {
            self.bell(Bell::Soft);
        }
        for instruction in &pose.release {
            self.instruct(pose, instruction, "release");
        }
        self.body = Body { position: Some(pose.ends), ..Body::default() };
    }

    /// Into the pose's position, and its name.
    fn arrive(&mut self, pose: &Pose) {
        let introduced = self.body.introduced.take().is_some_and(|folder| folder == pose.id);
        if self.body.position != Some(pose.position) && !self.body.moved {
            let start = self.clock.now();
            if cue::instructs(self.brief.guidance) {
                self.words(&self.move_cue(pose.position), &pose.place);
            }
            self.clock.wait(cue::moving(self.body.position, pose.position));
            self.span(pose, None, None, "move", start);
        }
        if introduced {
            return;
        }
        if cue::names(self.brief.guidance) {
            self.words(&format!("{}/name", pose.id), &pose.place);
            self.clock.wait(cue::AFTER_NAME);
        } else {
            self.bell(Bell::High);
        }
    }

    fn move_cue(&self, to: Position) -> String {
        let known = |from: Position| format!("move/{}-to-{}", from.word(), to.word());
        let exact = self.body.position.map(known).filter(|cue| self.brief.routine.script.contains_key(cue));
        exact.unwrap_or_else(|| format!("move/to-{}", to.word()))
    }

    fn instruct(&mut self, pose: &Pose, instruction: &Instruction, phase: &'static str) {
        let start = self.clock.now();
        let id = instruction.cue.id(None, None);
        if cue::instructs(self.brief.guidance) || cue::is_safety(&id) {
            self.words(&id, &instruction.cue.place);
        }
        self.clock.wait(instruction.time);
        self.span(pose, None, None, phase, start);
    }

    /// A cue at this moment; time passes while it is said.
    fn words(&mut self, id: &str, place: &Place) {
        let start = self.clock.now();
        let Some(frames) = self.length(id) else {
            if let Some(sheet) = &mut self.sheet {
                sheet.unrecorded(id, place, self.brief.routine);
            }
            return;
        };
        self.put(id, start, frames);
        self.clock.pass(frames);
    }

    /// How long a cue is said; `None` where it has no recording and nothing stands in for it.
    pub(super) fn length(&self, id: &str) -> Option<Frames> {
        let stand_in = || {
            let worded = self.brief.missing == Missing::Bell && self.brief.routine.script.contains_key(id);
            worded.then(|| self.brief.lengths.rate.frames(Bell::Soft.ring()))
        };
        self.brief.lengths.frames(id).or_else(stand_in)
    }

    /// The length of a cue that the planner says by itself, where it has words; one without a recording is noted.
    pub(super) fn house_length(&mut self, id: &str) -> Option<Frames> {
        let length = self.length(id);
        if length.is_none() && self.brief.routine.script.contains_key(id) {
            let place = &self.brief.routine.place;
            if let Some(sheet) = &mut self.sheet {
                sheet.unrecorded(id, place, self.brief.routine);
            }
        }
        length
    }

    /// Places a cue that has a length.
    pub(super) fn put(&mut self, id: &str, start: Frames, frames: Frames) {
        let Some(sheet) = &mut self.sheet else { return };
        let text = self.brief.routine.script.get(id).cloned().unwrap_or_default();
        match self.brief.lengths.file(id) {
            Some(file) => sheet.region(Track::Voice, Sound::Clip { file: file.clone(), text }, start, frames),
            None => {
                let instead = Some((id.to_owned(), text));
                sheet.region(Track::Bell, Sound::Bell { bell: Bell::Soft, instead }, start, frames);
            }
        }
    }

    /// A bell, with the time to ring out.
    fn bell(&mut self, bell: Bell) {
        let frames = self.brief.lengths.rate.frames(bell.ring());
        let start = self.clock.now();
        if let Some(sheet) = &mut self.sheet {
            sheet.region(Track::Bell, Sound::Bell { bell, instead: None }, start, frames);
        }
        self.clock.pass(frames);
    }

    /// A bell in a time that passes anyway, where it has room.
    pub(super) fn bell_within(&mut self, bell: Bell, window: FrameRange) {
        let frames = self.brief.lengths.rate.frames(bell.ring());
        if let Some(sheet) = self.sheet.as_mut().filter(|_| frames <= window.frames()) {
            sheet.region(Track::Bell, Sound::Bell { bell, instead: None }, window.start, frames);
        }
    }

    /// Notes what was to be done from `start` until now.
    pub(super) fn span(
        &mut self,
        pose: &Pose,
        side: Option<usize>,
        round: Option<u32>,
        phase: &'static str,
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
                phase,
                start,
                frames,
            });
        }
    }

    /// Says the fullest of `cues` that ends within the window; where it ends. Nothing fits: a mistake with both lengths.
    pub(super) fn say_within(
        &mut self,
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
                    sheet.unrecorded(&id, &cue.place, self.brief.routine);
                }
                return window.start;
            };
            if frames <= window.frames() {
                self.put(&id, window.start, frames);
                return window.start + frames;
            }
            if shortest.is_none_or(|(least, _)| frames < least) {
                shortest = Some((frames, cue));
            }
        }
        if let (Some((frames, cue)), Some(sheet)) = (shortest, &mut self.sheet) {
            let rate = self.brief.lengths.rate;
            let (room, length) = (window.frames().seconds(rate), frames.seconds(rate));
            let id = pose.cue_id(cue, side);
            let message = format!("expected a cue of at most {room:.1} s here, found `{id}` with {length:.1} s");
            let mistake = Diagnostic::error("cue-too-long", message).at(&cue.place, "does not fit its time");
            sheet.mistake(mistake.help("add a shorter cue to the list, give the phase more time, or slow the breath"));
        }
        window.start
    }
}
