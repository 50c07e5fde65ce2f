//! What would leave a listener lost, though it parses; and every mistake of a routine that one plan alone may not meet.
//!
//! Comes in: a routine, and the durations of a voice's recordings. Goes out: diagnostics. The lints are named in
//! [`crate::load::language::lints`], as an author may allow one by name.

mod breath;
mod clips;
mod entered;
mod heard;
mod idle;
mod moves;
mod rounds;
mod safety;
mod sides;
mod unheard;

pub use clips::mismatch;

use std::collections::HashSet;

use super::bounds;
use super::chosen::Chosen;
use super::fit::{Fit, Level};
use super::input::Input;
use super::reach;
use super::scheduler::{Schedule, Scheduler};
use super::sheet::{Sheet, Visit};
use super::timeline::Timeline;
use super::wishes::{Missing, Wishes};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::load::language::pose::Pose;
use crate::load::language::routine::{Action, Guidance, Step};
use crate::load::{ClipDurations, Routine};

/// Looks a routine through: what is wrong with it in the fit that is wished and at both ends of its ranges, under every
/// guidance; and what would leave a listener lost.
pub fn inspect(routine: &Routine, durations: &ClipDurations, wishes: &Wishes) -> Diagnostics {
    let chosen = Chosen::of(routine, wishes);
    let input = Input::new(routine, durations, wishes).of(&chosen.steps);
    let mut linter = Linter { input, found: Diagnostics::default(), known: HashSet::new(), estimates: false };
    let fits = linter.fits(&chosen, wishes);
    let mut findings = Sheet::new();
    let mut lacking = false;
    each_plan(input, &fits, |sheet| {
        lacking |= sheet.lacks_recordings();
        findings.take_findings(sheet);
    });
    let estimated = if lacking { durations.estimated(routine) } else { None };
    if let Some(estimated) = &estimated {
        // What has no recording is judged as if it had one of the length that its words take.
        each_plan(Input { durations: estimated, ..input }, &fits, |sheet| findings.take_warnings(sheet));
        // Where bells are wanted in their place, those are what will be heard.
        linter.estimates = wishes.missing == Missing::Refuse;
        if linter.estimates {
            linter.input.durations = estimated;
        }
    }
    linter.found.extend(findings.diagnostics(routine, durations));
    linter.routine();
    if !linter.found.iter().any(|each| each.severity == Severity::Error && each.code != Code::MissingClip) {
        let unheard: Vec<Diagnostics> = fits.into_iter().filter_map(|fit| linter.plan(fit)).collect();
        linter.unheard(&unheard);
    }
    linter.found.sort();
    linter.found
}

/// Every plan of a routine: in each of its fits, under every guidance.
fn each_plan<'a>(mut input: Input<'a>, fits: &[Fit], mut take: impl FnMut(Sheet<'a>)) {
    let wished = input.guidance;
    let others = [Guidance::Full, Guidance::Names, Guidance::Bells].into_iter().filter(|other| *other != wished);
    for guidance in std::iter::once(wished).chain(others) {
        input.guidance = guidance;
        for fit in fits {
            if let Some(placed) = Scheduler::place(input, *fit) {
                take(placed.sheet);
            }
        }
    }
}

/// A routine that is looked through.
struct Linter<'a> {
    input: Input<'a>,
    found: Diagnostics,
    /// The codes and places of what was found.
    known: HashSet<(Code, String, usize)>,
    /// Whether the lengths of cues without a recording are estimated.
    estimates: bool,
}

impl Linter<'_> {
    /// The fits to look at: the one that is wished, and both ends. None where the routine is too long for any.
    fn fits(&mut self, chosen: &Chosen, wishes: &Wishes) -> Vec<Fit> {
        let mut fits = vec![Fit::level(Level::GENTLE), Fit::level(Level::DEEP)];
        match reach::reach(chosen, self.input, wishes) {
            // A fit of other steps than these says nothing of them.
            Ok(reached) if !reached.changes.is_whole() || fits.contains(&reached.fit) => {}
            Ok(reached) => fits.insert(0, reached.fit),
            Err(crate::Error::Mistakes(wrong)) => wrong.iter().for_each(|each| self.add(each.clone())),
            Err(_) => {}
        }
        if let Some(mistake) = fits.iter().find_map(|fit| bounds::too_long(self.input, *fit)) {
            self.add(mistake);
        }
        if self.found.has_errors() {
            fits.clear();
        }
        fits
    }

    /// Adds what was found, once for each code and place.
    fn add(&mut self, diagnostic: Diagnostic) {
        let place = diagnostic.place.as_ref().map(|(place, _)| (place.source.path.clone(), place.span.start));
        if place.is_none_or(|(path, start)| self.known.insert((diagnostic.code, path, start))) {
            self.found.push(diagnostic);
        }
    }

    /// Adds a warning, unless the step that it is about, or the routine, allows it.
    fn warn(&mut self, step: Option<&Step>, warning: Diagnostic) {
        let allows = |codes: &[Code]| codes.contains(&warning.code);
        if !allows(&self.input.routine.allow) && !step.is_some_and(|step| allows(&step.allow)) {
            self.add(warning);
        }
    }

    /// What the routine alone shows.
    fn routine(&mut self) {
        self.unusual_breath(&self.input.routine.steps);
        self.unnamed_sides(&self.input.routine.steps);
        self.never_done(&self.input.routine.steps);
        self.crossed_breath(&self.input.routine.steps);
        self.unheard_words();
        self.idle_keys();
        for warning in clips::all(self.input) {
            self.warn(None, warning);
        }
    }

    /// What a plan of it shows.
    fn plan(&mut self, fit: Fit) -> Option<Diagnostics> {
        let (routine, durations) = (self.input.routine, self.input.durations);
        let Schedule { sheet, visits, end } = Scheduler::place(self.input, fit)?;
        let Ok(timeline) = sheet.finish(routine, durations, end, &crate::load::Mix::default()) else {
            return None;
        };
        let heard = Heard { timeline: &timeline, visits: &visits };
        self.long_silence(&heard);
        if !visits.iter().any(|visit| practised(visit.step).is_some()) {
            return Some(timeline.unheard);
        }
        self.no_safety(heard.visits);
        self.unequal_sides(heard.visits, fit);
        self.never_entered(heard.visits);
        self.one_side_named(heard.visits);
        self.never_left(heard.visits);
        self.silent_moves(heard.visits);
        self.hurried_moves(&heard);
        self.too_much_talk(&heard);
        Some(timeline.unheard)
    }
}

/// A plan, and when each step of it began.
struct Heard<'p, 'a> {
    timeline: &'p Timeline,
    visits: &'p [Visit<'a>],
}

/// The pose that a step practises.
fn practised(step: &Step) -> Option<&Pose> {
    match &step.action {
        Action::Pose(pose) | Action::Breathe(pose) => Some(pose),
        _ => None,
    }
}
