//! Walks through a routine and places everything that sounds; or, where only the length is wanted, adds up times.
//!
//! Both are one walk, so the length that is announced is the length that is heard. What is paced by the breath takes the
//! time that the breath takes, whatever is said in it.

use std::collections::HashMap;
use std::time::Duration;

use super::clock::Clock;
use super::fit::Fit;
use super::listener::{Listener, moving};
use super::memo::{Known, Memo, Passed, StepPart};
use super::outline::Outline;
use super::sheet::Sheet;
use super::timeline::{ChapterKind, PhaseKind, Role};
use super::{Missing, cue};
use crate::frames::Frames;
use crate::load::language::breathing::Breathing;
use crate::load::language::cue::CueRef;
use crate::load::language::house_cues::{self, Meaning};
use crate::load::language::pose::{Instruction, Pose};
use crate::load::language::quantity::{Between, LONGEST};
use crate::load::language::routine::{Action, Bell, Guidance, Step};
use crate::load::{ClipDurations, Routine};

/// What is planned, and how.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) routine: &'a Routine,
    pub(super) durations: &'a ClipDurations,
    pub(super) guidance: Guidance,
    /// The breath of poses that have none of their own.
    pub(super) breath: Breathing,
    pub(super) missing: Missing,
    /// Whether headphones are given time to wake up.
    pub(super) wake: bool,
    /// Whether a tone rises and falls with the breath.
    pub(super) tone: bool,
}

/// No plan holds more phases than this: a day of breaths of one second is a sixth of it.
const MOST_PHASES: usize = 1_000_000;

/// A step, and when it began.
#[derive(Clone, Copy)]
pub(super) struct Visit<'a> {
    pub(super) step: &'a Step,
    pub(super) start: Frames,
}

/// A routine that was placed.
pub(super) struct Schedule<'a> {
    pub(super) sheet: Sheet,
    /// When each step began.
    pub(super) visits: Vec<Visit<'a>>,
    pub(super) end: Frames,
}

/// A walk through a routine.
pub(super) struct Scheduler<'a> {
    pub(super) input: Input<'a>,
    pub(super) fit: Fit,
    pub(super) clock: Clock,
    /// `None` where only the length is wanted.
    pub(super) sheet: Option<Sheet>,
    listener: Listener<'a>,
    /// What is known to take the same time in every fit.
    memo: Memo<'a>,
    outline: Outline,
    /// Whether the step at hand is the closing rest.
    pub(super) resting: bool,
    /// What has been added already for a length to be met.
    filled: Frames,
    /// The round from which on it is to be said that a flow is half over.
    pub(super) half_due: Option<u32>,
    /// In how many rounds each phase of the pose at hand, by its index, was too short for its words.
    pub(super) too_short: HashMap<usize, u32>,
    pub(super) phases: usize,
    /// When each step began, where the plan is placed.
    pub(super) visits: Vec<Visit<'a>>,
    endless: bool,
}

impl<'a> Scheduler<'a> {
    fn new(input: Input<'a>, outline: Outline, fit: Fit, sheet: Option<Sheet>) -> Scheduler<'a> {
        Scheduler {
            input,
            fit,
            clock: Clock::new(input.durations.rate),
            sheet,
            listener: Listener::default(),
            memo: Memo::new(),
            outline,
            resting: false,
            filled: Frames::ZERO,
            half_due: None,
            too_short: HashMap::new(),
            phases: 0,
            visits: Vec::new(),
            endless: false,
        }
    }

    /// How long the routine is in a fit; more than a day where it is too long.
    pub(super) fn measure(input: Input<'a>, fit: Fit) -> Frames {
        Scheduler::measuring(input)(fit)
    }

    /// What tells how long the routine is in a fit. It is quicker the second time.
    pub(super) fn measuring(input: Input<'a>) -> impl FnMut(Fit) -> Frames {
        let (outline, mut memo) = (Outline::of(&input.routine.steps), Memo::new());
        move |fit| {
            let mut scheduler = Scheduler::new(input, outline.clone(), fit, None);
            scheduler.memo = std::mem::take(&mut memo);
            scheduler.walk();
            scheduler.too_long();
            memo = scheduler.memo;
            scheduler.clock.now()
        }
    }

    /// The routine in a fit, placed; `None` where it has too many parts to be placed.
    pub(super) fn place(input: Input<'a>, fit: Fit) -> Option<Schedule<'a>> {
        let mut scheduler = Scheduler::new(input, Outline::of(&input.routine.steps), fit, Some(Sheet::new()));
        scheduler.walk();
        let (end, visits, endless) = (scheduler.clock.now(), scheduler.visits, scheduler.endless);
        scheduler.sheet.filter(|_| !endless).map(|sheet| Schedule { sheet, visits, end })
    }

    /// How long the practice of one pose is in a fit, on all its sides, as if the routine began with it.
    pub(super) fn practice_length(input: Input<'a>, fit: Fit, pose: &Pose) -> Duration {
        let mut scheduler = Scheduler::new(input, Outline::of(&[]), fit, None);
        scheduler.practise(pose);
        scheduler.clock.now().duration(input.durations.rate)
    }

    fn walk(&mut self) {
        let steps: &'a [Step] = &self.input.routine.steps;
        let closing = steps.len().min(self.outline.practice.end);
        if !self.outline.practice.is_empty() && self.outline.practice.start > 0 {
            self.chapter(ChapterKind::Opening, "Opening");
        } else if self.outline.practice.is_empty() {
            self.chapter(ChapterKind::Part, &self.input.routine.title);
        }
        self.lead_in();
        for (index, step) in steps.iter().enumerate() {
            if index == closing && !self.outline.practice.is_empty() {
                self.chapter(ChapterKind::Closing, "Closing");
            }
            if self.outline.rest.is_none() && index == closing {
                self.lull();
            }
            self.resting = self.outline.rest == Some(index);
            let between = self.outline.practice.contains(&index);
            self.step(step, between);
        }
        if self.outline.rest.is_none() && closing == steps.len() {
            self.lull();
        }
        self.clock.settle();
    }

    /// The first word has a moment before it, as a player or a device may swallow what comes first. A bell survives that;
    /// headphones that have to wake up are given longer, whatever comes.
    fn lead_in(&mut self) {
        if self.input.wake {
            self.clock.wait(cue::WAKE_UP);
        } else if begins_with_words(&self.input.routine.steps, self.input.guidance) {
            self.clock.wait(cue::LEAD_IN);
        }
    }

    pub(super) fn chapter(&mut self, kind: ChapterKind, title: &str) {
        let now = self.clock.now();
        if let Some(sheet) = &mut self.sheet {
            sheet.chapter(kind, title, now);
        }
    }

    /// Stops a walk that would never end, or fill the memory.
    fn too_long(&mut self) -> bool {
        let longest = self.input.durations.rate.frames(LONGEST);
        let now = self.clock.now();
        self.endless |= self.phases > MOST_PHASES || now > longest;
        if self.endless && now <= longest {
            // Too many phases of no length are as endless as a time.
            self.clock.set(longest + Frames(1));
        }
        self.endless
    }

    fn step(&mut self, step: &'a Step, between: bool) {
        self.phases += 1;
        if self.too_long() {
            return;
        }
        if self.sheet.is_some() {
            self.visits.push(Visit { step, start: self.clock.now() });
        }
        if !matches!(step.action, Action::Say { .. } | Action::Pose(_)) {
            self.listener.introduced = None;
        }
        match &step.action {
            Action::Say { cues, then } => {
                let what = cues.as_ptr().addr();
                self.always(what, StepPart::Words, |scheduler| scheduler.say(cues, *then, between));
            }
            Action::Pause(pose) => self.pause(pose),
            Action::Pose(pose) => self.pose(pose),
            Action::Breathe(pose) => {
                self.clock.settle();
                self.chapter(ChapterKind::Part, &pose.name);
                self.practise(pose);
            }
            Action::Bell(bell) => self.bell(*bell),
            Action::Repeat { times, steps } => self.repeat(*times, steps),
        }
    }

    /// Lets a part of a step pass that takes the same time in every fit.
    fn always(&mut self, what: usize, part: StepPart, act: impl FnOnce(&mut Self)) {
        if self.sheet.is_some() {
            return act(self);
        }
        let known = Known { what, part, listener: self.listener };
        if let Some(passed) = self.memo.get(&known) {
            self.clock.pass(passed.whole);
            self.clock.wait(passed.exact);
            self.phases += passed.phases;
            self.listener = passed.listener;
            return;
        }
        let (clock, phases) = (self.clock, self.phases);
        act(self);
        let (whole, exact) = self.clock.since(clock);
        self.memo.insert(known, Passed { whole, exact, phases: self.phases - phases, listener: self.listener });
    }

    fn say(&mut self, cues: &'a [CueRef], then: Duration, between: bool) {
        for cue in cues {
            if !between || cue::is_said(self.input.guidance, cue) {
                self.listener.hear(cue);
                let role = if matches!(cue.meaning(), Meaning::Move(_)) { Role::Move } else { Role::Words };
                self.words(cue::role_of(cue, role), cue.template(), &cue.place);
                self.clock.wait(then);
            }
        }
    }

    pub(super) fn fill(&mut self) {
        self.clock.pass(self.fit.closing);
        self.filled += self.fit.closing;
    }

    /// How far the routine's own breath has eased. What fills a length up does not count: else it would change what it is
    /// meant to fill.
    pub(super) fn eased(&self) -> Duration {
        self.clock.now().saturating_sub(self.filled).duration(self.input.durations.rate)
    }

    /// Adds what a length still lacks, where the step at hand is the closing rest.
    pub(super) fn closing_rest(&mut self) {
        if self.resting {
            self.fill();
        }
    }

    fn repeat(&mut self, times: Between<u32>, steps: &'a [Step]) {
        let times = self.fit.count(times);
        let alike = steps.iter().all(|step| step.only.is_none());
        for round in 0..times {
            self.clock.settle();
            let (before, phases, listener) = (self.clock.now(), self.phases, self.listener);
            let eased = !self.input.breath.eases() || self.eased() >= self.input.breath.over;
            for step in steps.iter().filter(|step| step.only.is_none_or(|only| only.holds(round, times))) {
                self.step(step, true);
            }
            self.clock.settle();
            if self.too_long() {
                return;
            }
            // From a round that ends as it began, all others are the same, once the breath has eased.
            if self.sheet.is_none() && self.listener == listener && alike && eased {
                let left = times - round - 1;
                self.clock.pass((self.clock.now() - before) * u64::from(left));
                self.phases = self.phases.saturating_add((self.phases - phases).saturating_mul(left as usize));
                return;
            }
        }
    }

    fn pose(&mut self, pose: &Pose) {
        self.clock.settle();
        self.chapter(ChapterKind::Part, &pose.name);
        let what = std::ptr::from_ref(pose).addr();
        self.always(what, StepPart::Into, |scheduler| {
            scheduler.arrive(pose);
            for instruction in &pose.setup {
                scheduler.instruct(pose, instruction, PhaseKind::Setup);
            }
        });
        self.practise(pose);
        self.always(what, StepPart::OutOf, |scheduler| {
            if !pose.release.is_empty() && !cue::instructs(scheduler.input.guidance) {
                scheduler.bell(Bell::Soft);
            }
            for instruction in &pose.release {
                scheduler.instruct(pose, instruction, PhaseKind::Release);
            }
        });
        self.listener = Listener { position: Some(pose.ends), ..Listener::default() };
    }

    /// Into the pose's position, and its name. Where the way there is not said, the name comes first: it is all that tells
    /// the listener where to go.
    fn arrive(&mut self, pose: &Pose) {
        let introduced = self.listener.introduced.take().is_some_and(|folder| folder == pose.id);
        let says_the_way = cue::instructs(self.input.guidance);
        if says_the_way {
            self.go(pose);
        }
        if introduced {
            // Its name was said already.
        } else if cue::names(self.input.guidance) {
            self.words(Role::Name, &house_cues::name(&pose.id), &pose.place);
            self.clock.wait(cue::AFTER_NAME);
        } else {
            self.bell(Bell::High);
        }
        if !says_the_way {
            self.go(pose);
        }
    }

    /// The way into the pose's position, where the listener is elsewhere.
    fn go(&mut self, pose: &Pose) {
        if !self.listener.must_move(pose.position) {
            return;
        }
        let start = self.clock.now();
        if cue::instructs(self.input.guidance) {
            self.words(Role::Move, &self.listener.move_cue(pose.position, self.input.routine), &pose.place);
        }
        self.clock.wait(moving(self.listener.position, pose.position));
        self.span(pose, None, None, PhaseKind::Move, start);
    }

    fn instruct(&mut self, pose: &Pose, instruction: &Instruction, kind: PhaseKind) {
        let start = self.clock.now();
        let cue = &instruction.cue;
        if cue::is_said(self.input.guidance, cue) {
            self.words(cue::role_of(cue, Role::Instruction), cue.template(), &cue.place);
        }
        self.clock.wait(instruction.time);
        self.span(pose, None, None, kind, start);
    }
}

/// Whether the first thing that is heard is said.
fn begins_with_words(steps: &[Step], guidance: Guidance) -> bool {
    match steps.first().map(|step| &step.action) {
        Some(Action::Say { .. } | Action::Pose(_)) => true,
        Some(Action::Breathe(own) | Action::Pause(own)) => {
            own.phases.iter().any(|phase| !cue::instructed(guidance, &phase.cues).is_empty())
        }
        Some(Action::Repeat { steps, .. }) => begins_with_words(steps, guidance),
        Some(Action::Bell(_)) | None => false,
    }
}
