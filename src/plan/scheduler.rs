//! Walks through a routine and places everything that sounds; or, where only the length is wanted, adds up times.
//!
//! Both are one walk, so the length that is announced is the length that is heard. What is paced by the breath takes the
//! time that the breath takes, whatever is said in it.

use std::ops::Range;
use std::time::Duration;

use super::cue;
use super::fit::Fit;
use super::input::Input;
use super::memo::{Known, StepPart};
use super::outline::Outline;
use super::progress::Progress;
use super::score::{Score, Tally};
use super::sheet::{Sheet, Visit};
use super::timeline::{ChapterKind, Role, Track};
use super::wording::Wording;
use crate::diagnostic::Code;
use crate::frames::Frames;
use crate::load::language::cue::CueRef;
use crate::load::language::house_cues::Meaning;
use crate::load::language::pose::{Lead, Pose};
use crate::load::language::quantity::Between;
use crate::load::language::routine::{Action, Bell, Guidance, Step};

/// A routine that was placed.
pub(super) struct Schedule<'a> {
    pub(super) sheet: Sheet<'a>,
    /// When each step began.
    pub(super) visits: Vec<Visit<'a>>,
    pub(super) end: Frames,
}

/// A walk through a routine. It has three parts: how far it has come, which words are said, and where they are put down.
pub(super) struct Scheduler<'a, S: Score<'a>> {
    pub(super) input: Input<'a>,
    pub(super) fit: Fit,
    pub(super) progress: Progress<'a>,
    pub(super) wording: Wording<'a>,
    pub(super) score: S,
    pub(super) outline: Outline,
    /// The step at hand.
    pub(super) step: Option<&'a Step>,
    /// The step that comes after it.
    coming: Option<&'a Step>,
    /// Whether it is the closing rest.
    resting: bool,
}

impl<'a> Scheduler<'a, Tally<'a>> {
    /// How long the routine is in a fit; more than a day where it is too long.
    pub(super) fn measure(input: Input<'a>, fit: Fit) -> Frames {
        Scheduler::measuring(input)(fit)
    }

    /// What tells how long the routine is in a fit. It is quicker the second time.
    pub(super) fn measuring(input: Input<'a>) -> impl FnMut(Fit) -> Frames {
        let (outline, mut tally) = (Outline::of(input.steps), Tally::default());
        move |fit| {
            let mut scheduler = Scheduler::new(input, outline.clone(), fit, std::mem::take(&mut tally));
            scheduler.walk();
            scheduler.progress.is_endless();
            tally = scheduler.score;
            scheduler.progress.clock.now()
        }
    }

    /// How long the practice of one pose is in a fit, on all its sides, as if the routine began with it.
    pub(super) fn practice_length(input: Input<'a>, fit: Fit, pose: &Pose) -> Duration {
        let mut scheduler = Scheduler::new(input, Outline::of(&[]), fit, Tally::default());
        scheduler.practise(pose, false);
        scheduler.progress.clock.now().duration(input.durations.rate)
    }
}

impl<'a> Scheduler<'a, Sheet<'a>> {
    /// The routine in a fit, placed; `None` where it has too many parts to be placed.
    pub(super) fn place(input: Input<'a>, fit: Fit) -> Option<Schedule<'a>> {
        let mut scheduler = Scheduler::new(input, Outline::of(input.steps), fit, Sheet::new());
        scheduler.walk();
        let endless = scheduler.progress.is_endless();
        let (end, mut sheet) = (scheduler.progress.clock.now(), scheduler.score);
        (!endless).then(|| Schedule { visits: sheet.take_visits(), sheet, end })
    }
}

impl<'a, S: Score<'a>> Scheduler<'a, S> {
    fn new(input: Input<'a>, outline: Outline, fit: Fit, score: S) -> Scheduler<'a, S> {
        Scheduler {
            input,
            fit,
            progress: Progress::new(input.durations.rate),
            wording: Wording::new(input),
            score,
            outline,
            step: None,
            coming: None,
            resting: false,
        }
    }

    fn walk(&mut self) {
        let steps: &'a [Step] = self.input.steps;
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
            if index == closing {
                self.lull();
                self.advise();
            }
            self.resting = self.outline.rest == Some(index);
            let between = self.outline.practice.contains(&index);
            self.coming = steps.get(index + 1);
            self.step(step, between);
        }
        if closing == steps.len() {
            self.lull();
            self.advise();
        }
        self.progress.clock.settle();
    }

    /// The first word has a moment before it, as a player or a device may swallow what comes first. A bell survives that;
    /// headphones that have to wake up are given longer, whatever comes.
    fn lead_in(&mut self) {
        if self.input.wake {
            self.progress.clock.wait(cue::WAKE_UP);
        } else if begins_with_words(self.input.steps, self.input.guidance) {
            self.progress.clock.wait(cue::LEAD_IN);
        }
    }

    pub(super) fn chapter(&mut self, kind: ChapterKind, title: &str) {
        self.score.chapter(kind, title, self.progress.clock.now());
    }

    fn step(&mut self, step: &'a Step, between: bool) {
        self.progress.count(1);
        if self.progress.is_endless() {
            return;
        }
        self.step = Some(step);
        self.score.visit(step, self.progress.clock.now());
        if let Some(name) = &step.name {
            self.progress.clock.settle();
            self.chapter(ChapterKind::Part, name);
        }
        if !matches!(step.action, Action::Say { .. } | Action::Pose(_)) {
            self.progress.listener.introduced = None;
        }
        match &step.action {
            Action::Say { cues, then } => {
                self.always(step.number, StepPart::Words, |scheduler| scheduler.say(cues, *then, between));
            }
            Action::Pause(pose) => self.pause(pose),
            Action::Pose(pose) => self.pose(pose),
            Action::Breathe(pose) => {
                self.progress.clock.settle();
                self.chapter(ChapterKind::Part, &pose.name);
                self.practise(pose, false);
            }
            Action::Bell { bell, every: None, .. } => {
                self.bell(*bell);
                let next = self.coming.map(std::slice::from_ref);
                if next.is_some_and(|next| begins_with_words(next, self.input.guidance)) {
                    self.progress.clock.wait(cue::AFTER_BELL);
                }
            }
            Action::Bell { bell, every: Some(every), rounds } => self.bells(*bell, *every, *rounds),
            Action::Repeat { times, steps } => self.repeat(*times, steps),
        }
    }

    /// Lets a part of a step pass that takes the same time in every fit.
    pub(super) fn always(&mut self, what: u32, part: StepPart, act: impl FnOnce(&mut Self)) {
        let known = Known { what, part, listener: self.progress.listener };
        if let Some(passed) = self.score.recall(&known) {
            self.progress.skip(passed);
            return;
        }
        let before = self.progress;
        act(self);
        self.score.remember(known, self.progress.since(&before));
    }

    fn say(&mut self, cues: &'a [CueRef], then: Duration, between: bool) {
        for (index, cue) in cues.iter().enumerate() {
            let Some(id) = self.input.by_log.said(self.step, cues, index) else { continue };
            if !between || cue::is_said(self.input.guidance, cue) {
                self.progress.listener.hear(cue);
                let role = if matches!(cue.meaning(), Meaning::Move(_)) { Role::Move } else { Role::Words };
                self.words(cue::role_of(cue, role), id, &cue.place);
                self.progress.clock.wait(then);
            }
        }
    }

    /// Whether the lint of a code is meant where the walk is.
    pub(super) fn allows(&self, code: Code) -> bool {
        self.input.routine.allow.contains(&code) || self.step.is_some_and(|step| step.allow.contains(&code))
    }

    /// Whether the step at hand is the closing rest.
    pub(super) fn is_closing_rest(&self) -> bool {
        self.resting
    }

    /// Adds what a length still lacks, where the step at hand is the closing rest.
    pub(super) fn closing_rest(&mut self) {
        if self.resting {
            self.progress.fill(self.fit.closing);
        }
    }

    /// A block, so many times around: stretch by stretch of rounds in which the same steps are done.
    fn repeat(&mut self, times: Between<u32>, steps: &'a [Step]) {
        let (times, after) = (self.fit.count(times), self.coming);
        let done = |stretch: Range<u32>| {
            let held = |step: &&Step| step.only.is_none_or(|only| only.holds(stretch.start, times));
            (steps.iter().filter(held).collect::<Vec<&'a Step>>(), stretch)
        };
        // Rounds in which nothing is done take no time, however many they are.
        let all = stretches(steps, times).into_iter().map(done).filter(|(steps, _)| !steps.is_empty());
        let all: Vec<_> = all.collect();
        for (index, (steps, rounds)) in all.iter().enumerate() {
            let next = all.get(index + 1).map(|(steps, _)| steps[0]).or(after);
            if !self.rounds_of(steps, rounds.clone(), next) {
                return;
            }
        }
    }

    /// Rounds of a block that do the same steps; whether an end is in sight.
    fn rounds_of(&mut self, steps: &[&'a Step], rounds: Range<u32>, next: Option<&'a Step>) -> bool {
        let mut round = rounds.start;
        while round < rounds.end {
            self.progress.clock.settle();
            let before = self.progress;
            let eased = !self.input.breath.eases() || before.eased() >= self.input.breath.over;
            for (index, step) in steps.iter().enumerate() {
                let again = steps.first().filter(|_| round + 1 < rounds.end);
                self.coming = steps.get(index + 1).or(again).copied().or(next);
                self.step(step, true);
            }
            self.progress.clock.settle();
            if self.progress.is_endless() {
                return false;
            }
            // From a round that ends as it began, all others are the same, once the breath has eased.
            if !S::KEEPS && self.progress.listener == before.listener && eased {
                // The last round is walked by itself where its end depends on what follows, which may be another: a silence that
                // holds the way there, a bell before words.
                let last = u32::from(self.progress.listener.led || steps.iter().any(|step| holds_a_bell(step)));
                let left = (rounds.end - round - 1).saturating_sub(last);
                self.progress.again(&before, left);
                round += left;
            }
            round += 1;
        }
        true
    }

    /// Bells on the clock: what follows begins when the time of the last is over, however long it rings.
    fn bells(&mut self, bell: Bell, every: Duration, rounds: Between<u32>) {
        for _ in 0..self.fit.count(rounds) {
            let start = self.progress.clock.now();
            self.progress.clock.wait(every);
            self.progress.count(1);
            // One's own bell may ring on into what follows.
            let (sound, frames) = self.ring(bell);
            self.score.sound((Track::Bell, Role::Bell), sound, start, frames);
        }
    }

    /// The pose that comes next and whose way in lies inside the silence at hand.
    pub(super) fn coming_inside(&self) -> Option<&'a Pose> {
        let mut coming = self.coming?;
        loop {
            match &coming.action {
                Action::Pose(pose) => return Some(&**pose).filter(|pose| pose.lead == Lead::Inside),
                Action::Repeat { times, steps } => {
                    let times = self.fit.count(*times);
                    let first = |step: &&Step| step.only.is_none_or(|only| only.holds(0, times));
                    coming = steps.iter().find(first).filter(|_| times > 0)?;
                }
                _ => return None,
            }
        }
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
        Some(Action::Bell { .. }) | None => false,
    }
}

/// Whether a bell may come last in a step.
fn holds_a_bell(step: &Step) -> bool {
    match &step.action {
        Action::Bell { .. } => true,
        Action::Repeat { steps, .. } => steps.iter().any(holds_a_bell),
        _ => false,
    }
}

/// The rounds of a block, cut where other steps are done than in the round before.
fn stretches(steps: &[Step], times: u32) -> Vec<Range<u32>> {
    let mut cuts: Vec<u32> = steps.iter().filter_map(|step| step.only).flat_map(|only| only.bounds(times)).collect();
    cuts.extend([0, times]);
    cuts.retain(|cut| *cut <= times);
    cuts.sort_unstable();
    cuts.dedup();
    cuts.windows(2).map(|pair| pair[0]..pair[1]).collect()
}
