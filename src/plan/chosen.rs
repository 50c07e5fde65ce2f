//! What a person wants to do of a routine: without some poses, only some, more of some.

use std::sync::Arc;
use std::time::Duration;

use super::leave_out::{self, Gone};
use super::outline::Outline;
use super::timeline::Why;
use super::wishes::Wishes;
use crate::diagnostic::{Code, Diagnostic};
use crate::load::Routine;
use crate::load::language::pose::{Dose, Lasts, Pose};
use crate::load::language::quantity::{Between, LONGEST, MOST_ROUNDS, Quantity};
use crate::load::language::routine::practised;
use crate::load::language::step::{Action, Step};
use crate::load::language::worth::ALWAYS;

/// What is to be done of a routine, whatever the length.
pub(super) struct Chosen {
    /// All steps, those among them that are gone.
    pub(super) all: Vec<Step>,
    /// Which are, and why.
    pub(super) gone: Gone,
    /// The steps that remain.
    pub(super) steps: Vec<Step>,
    /// Whether anything was wished.
    pub(super) wished: bool,
}

impl Chosen {
    /// What a person wants of a routine.
    pub(super) fn of(routine: &Routine, wishes: &Wishes) -> Chosen {
        let mut all = routine.steps.clone();
        all.iter_mut().for_each(|step| deepen(step, &wishes.more));
        let mut gone = Gone::new();
        let mut steps = leave_out::remaining(&all, &mut gone);
        let wished = !(wishes.without.is_empty() && wishes.only.is_empty() && wishes.more.is_empty());
        if wished {
            let rest = Outline::of(&steps).rest.map(|rest| steps[rest].number);
            gone.clear();
            refuse(&all, wishes, rest, &mut gone);
            steps = leave_out::remaining(&all, &mut gone);
        }
        Chosen { all, gone, steps, wished }
    }

    /// The mistake that nothing is left to do, where it is so.
    pub(super) fn nothing_left(&self, routine: &Routine, wishes: &Wishes) -> Option<Diagnostic> {
        let left = practised(&self.steps);
        let is_wanted = |pose: &&Pose| wishes.only.is_empty() || wishes.only.contains(&pose.id);
        if !self.wished || left.iter().any(is_wanted) || practised(&self.all).is_empty() {
            return None;
        }
        let message = format!("expected a pose of `{}` to remain, found none: all are left out", routine.name);
        let all: std::collections::BTreeSet<_> = practised(&self.all).iter().map(|pose| pose.id.clone()).collect();
        let help = format!("its poses are: {}", all.into_iter().collect::<Vec<_>>().join(", "));
        Some(Diagnostic::error(Code::NoSteps, message).help(help))
    }
}

/// Leaves out what is not wanted. Where only some poses are, the closing rest stays, unless it is named itself.
fn refuse(steps: &[Step], wishes: &Wishes, rest: Option<u32>, gone: &mut Gone) {
    for step in steps {
        if let Action::Repeat { steps, .. } = &step.action {
            refuse(steps, wishes, rest, gone);
        }
        let Some(pose) = leave_out::pose_of(step) else { continue };
        let others = !wishes.only.is_empty() && !wishes.only.contains(&pose.id) && rest != Some(step.number);
        if others || wishes.without.contains(&pose.id) {
            gone.insert(step.number, Some(Why::Wish));
        }
    }
}

/// Takes a pose that more is wanted of to the deep end of its ranges, or, where it has none, to twice as much; a length never leaves
/// it out.
fn deepen(step: &mut Step, more: &[String]) {
    match &mut step.action {
        Action::Repeat { steps, .. } => steps.iter_mut().for_each(|step| deepen(step, more)),
        Action::Pose(pose) | Action::Breathe(pose) if more.contains(&pose.id) => {
            let pose = Arc::make_mut(pose);
            let dosed = pose.phases.iter_mut().filter_map(|phase| match &mut phase.lasts {
                Lasts::Hold { quantity, dose: true } => Some(quantity),
                _ => None,
            });
            let mut holds: Vec<_> = dosed.collect();
            let ranges = holds.iter().any(|hold| hold.is_range()) || dose_ranges(pose.dose);
            holds.iter_mut().for_each(|hold| **hold = deepest(**hold));
            let still = pose.dose == Dose::Rounds(Between::just(1)) && !holds.is_empty();
            if !ranges && still {
                holds.iter_mut().for_each(|hold| **hold = twice(**hold));
            }
            pose.dose = more_of(pose.dose, !ranges && !still);
            step.worth.keep = Some(ALWAYS);
        }
        _ => {}
    }
}

fn dose_ranges(dose: Dose) -> bool {
    match dose {
        Dose::Rounds(rounds) => rounds.is_range(),
        Dose::For(time) => time.is_range(),
    }
}

/// The deep end of a dose, twice where that is wanted.
fn more_of(dose: Dose, doubled: bool) -> Dose {
    let times = 1 + u32::from(doubled);
    match dose {
        Dose::Rounds(rounds) => Dose::Rounds(Between::just(rounds.most.saturating_mul(times).min(MOST_ROUNDS))),
        Dose::For(time) => Dose::For(Between::just(time.most.saturating_mul(times).min(LONGEST))),
    }
}

fn deepest(quantity: Quantity) -> Quantity {
    match quantity {
        Quantity::Time(time) => Quantity::Time(Between::just(time.most)),
        Quantity::Breaths(breaths) => Quantity::Breaths(Between::just(breaths.most)),
    }
}

fn twice(quantity: Quantity) -> Quantity {
    match quantity {
        Quantity::Time(time) => Quantity::Time(Between::just(double(time.most))),
        Quantity::Breaths(breaths) => Quantity::Breaths(Between::just(breaths.most.saturating_mul(2).min(MOST_ROUNDS))),
    }
}

fn double(time: Duration) -> Duration {
    time.saturating_mul(2).min(LONGEST)
}
