//! How a routine becomes shorter than its ranges allow, and how longer: a ladder of its steps. Down, one group of steps more is left out
//! on each rung, the least worth first; up, the poses are done once more.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use super::chosen::Chosen;
use super::leave_out::{self, Gone};
use super::outline::{self, A_REST, Outline};
use super::timeline::{Again, Changes, Why};
use crate::load::language::pose::{Lasts, Pose};
use crate::load::language::quantity::{Between, Quantity};
use crate::load::language::step::{Action, Step};
use crate::load::language::worth::{ALWAYS, USUAL};

/// The poses are done at most so many times. No source: the same six poses a fourth time are another practice.
const MOST_TIMES: i32 = 3;

/// One stillness that can last so long is what a practice ends in, such as the legs up the wall. No source: the stillnesses among poses,
/// such as child's pose, are done for a minute or two.
const LONG_STILLNESS: Duration = Duration::from_secs(3 * 60);

/// A routine's steps, and what can be made of them.
pub(super) struct Ladder<'c> {
    chosen: &'c Chosen,
    /// The number of the closing rest.
    rest: Option<u32>,
    /// What is left out, the first first.
    groups: Vec<Group>,
    /// The steps that can be done again.
    set: Range<usize>,
}

/// Steps that are left out together: all of one pose that are worth the same, or one.
struct Group {
    worth: u8,
    /// Where the last of them stands.
    last: usize,
    numbers: Vec<u32>,
    /// Whether it is a pose, a breathing or a block, and stands for itself.
    practises: bool,
}

/// What is done on a rung.
pub(super) struct Rung {
    pub(super) steps: Vec<Step>,
    pub(super) changes: Changes,
}

impl<'c> Ladder<'c> {
    pub(super) fn of(chosen: &'c Chosen) -> Ladder<'c> {
        let outline = Outline::of(&chosen.steps);
        let rest = outline.rest.map(|rest| chosen.steps[rest].number);
        let end = outline.practice.end.min(outline.rest.unwrap_or(usize::MAX));
        // What one lies or sits down for at the end is done once: the steps before it are the set.
        let moves = |step: &Step| {
            let is_long = outline::longest_stillness(step).is_some_and(|time| time >= LONG_STILLNESS);
            let stays = leave_out::pose_of(step).is_some_and(|pose| pose.is_plain_hold() && is_long);
            leave_out::practises(step) && !stays
        };
        let start = outline.practice.start.min(end);
        let last = chosen.steps[start..end].iter().rposition(moves);
        let set = last.map_or(start..start, |last| start..start + last + 1);
        Ladder { chosen, rest, groups: groups(chosen, rest), set }
    }

    /// The number of rungs down. On the last, the closing rest is shorter too.
    pub(super) fn depth(&self) -> i32 {
        let shrinks = self.chosen.steps.iter().any(|step| self.shrinks(step));
        self.groups.len() as i32 + i32::from(shrinks)
    }

    /// The number of rungs up.
    pub(super) fn height(&self) -> i32 {
        if self.set.is_empty() { 0 } else { MOST_TIMES - 1 }
    }

    /// What is done on a rung: below zero something is left out, above zero something is done again.
    pub(super) fn rung(&self, rung: i32) -> Rung {
        if rung > 0 {
            return self.again(rung);
        }
        let mut gone = self.chosen.gone.clone();
        if rung < 0 {
            // What was only done in the place of something, or left out beside it, is looked at anew.
            gone.retain(|_, why| *why == Some(Why::Wish));
        }
        for group in &self.groups[..self.groups.len().min(rung.unsigned_abs() as usize)] {
            group.numbers.iter().for_each(|number| _ = gone.entry(*number).or_insert(Some(Why::Length)));
        }
        let mut steps = leave_out::remaining(&self.chosen.all, &mut gone);
        if rung.unsigned_abs() as usize > self.groups.len() {
            steps.iter_mut().filter(|step| self.shrinks(step)).for_each(shrink);
        }
        let left_out = leave_out::told(&self.chosen.all, &gone);
        Rung { steps, changes: Changes { left_out, rung, ..Changes::default() } }
    }

    fn again(&self, rung: i32) -> Rung {
        let steps = &self.chosen.steps;
        let mut left = Gone::new();
        let unworthy = |step: &&Step| leave_out::practises(step) && leave_out::worth(step) < USUAL;
        steps[self.set.clone()].iter().filter(unworthy).for_each(|step| _ = left.insert(step.number, None));
        let set = leave_out::remaining(&steps[self.set.clone()], &mut left);
        let times = rung as usize;
        let (before, after) = steps.split_at(self.set.end);
        let all = before.iter().chain(std::iter::repeat_n(&set, times).flatten()).chain(after).cloned();
        let poses = set.iter().flat_map(leave_out::names).collect();
        let again = Some(Again { poses, times: times as u32 + 1 });
        let left_out = leave_out::told(&self.chosen.all, &self.chosen.gone);
        Rung { steps: all.collect(), changes: Changes { left_out, again, rung, ..Changes::default() } }
    }

    /// Whether a step is the closing rest, and longer than a rest has to be.
    fn shrinks(&self, step: &Step) -> bool {
        let longer = |pose: &Pose| {
            pose.phases.iter().any(|phase| rest_time(phase.lasts).is_some_and(|time| time.least > A_REST))
        };
        matches!(&step.action, Action::Pose(pose) | Action::Pause(pose) if Some(step.number) == self.rest && longer(pose))
    }
}

/// What can be left out, the first first: what is worth the least; of what is worth the same, what comes later, as what comes before
/// it prepares for it. One pose always stays.
fn groups(chosen: &Chosen, rest: Option<u32>) -> Vec<Group> {
    let mut found: BTreeMap<(u8, String), Group> = BTreeMap::new();
    let mut count = 0;
    let mut stays = false;
    gather(&chosen.all, false, &mut |step, in_block| {
        count += 1;
        let worth = leave_out::worth(step);
        if Some(step.number) == rest || (in_block && step.worth.keep.is_none()) {
            return;
        }
        let practises = leave_out::practises(step) && step.worth.with.is_empty() && step.worth.unless.is_empty();
        let is_gone = chosen.gone.get(&step.number).is_some_and(Option::is_some);
        if worth == ALWAYS || leave_out::keeps_from_harm(step) || is_gone {
            stays |= practises && !is_gone;
            return;
        }
        let name = match &step.action {
            Action::Pose(pose) => pose.id.clone(),
            _ => format!("/{}", step.number),
        };
        let group = found.entry((worth, name));
        let group = group.or_insert(Group { worth, last: 0, numbers: Vec::new(), practises: false });
        (group.last, group.practises) = (count, group.practises || practises);
        group.numbers.push(step.number);
    });
    let mut all: Vec<Group> = found.into_values().collect();
    all.sort_by_key(|group| (group.worth, Reverse(group.last)));
    if !stays && let Some(heart) = all.iter().rposition(|group| group.practises) {
        all.remove(heart);
    }
    all
}

fn gather<'s>(steps: &'s [Step], in_block: bool, visit: &mut impl FnMut(&'s Step, bool)) {
    for step in steps {
        visit(step, in_block);
        if let Action::Repeat { steps, .. } = &step.action {
            gather(steps, true, visit);
        }
    }
}

fn rest_time(lasts: Lasts) -> Option<Between<Duration>> {
    match lasts {
        Lasts::Hold { quantity: Quantity::Time(time), .. } => Some(time),
        _ => None,
    }
}

/// Lets a rest be as short as one has to be.
fn shrink(step: &mut Step) {
    let (Action::Pose(pose) | Action::Pause(pose)) = &mut step.action else { return };
    for phase in &mut Arc::make_mut(pose).phases {
        if let Lasts::Hold { quantity: Quantity::Time(time), .. } = &mut phase.lasts {
            time.least = time.least.min(A_REST);
        }
    }
}
