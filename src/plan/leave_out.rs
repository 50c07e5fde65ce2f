//! A routine without some of its steps. What belongs to a step that is left out goes with it, so that no words are left hanging:
//! nobody is told of a wall where no wall is needed. What keeps from harm is always said.

use std::collections::{BTreeMap, BTreeSet};

use super::timeline::{LeftOut, Why};
use crate::load::language::cue::CueRef;
use crate::load::language::pose::{Lead, Pose};
use crate::load::language::step::{Action, Step};
use crate::load::language::worth;

/// The numbers of the steps that are left out, and why; `None` where another is done in its place.
pub(super) type Gone = BTreeMap<u32, Option<Why>>;

/// The steps that remain of a routine where some are `gone`, to which those are added that belong to them.
pub(super) fn remaining(steps: &[Step], gone: &mut Gone) -> Vec<Step> {
    let mut before = usize::MAX;
    while before != gone.len() {
        before = gone.len();
        let present = present(steps, gone);
        follow(steps, &present, false, gone);
    }
    stand_back(steps, &present(steps, gone), gone);
    kept(steps, gone)
}

/// What a step practises.
pub(super) fn pose_of(step: &Step) -> Option<&Pose> {
    match &step.action {
        Action::Pose(pose) | Action::Breathe(pose) => Some(pose),
        _ => None,
    }
}

/// Whether something is practised in a step.
pub(super) fn practises(step: &Step) -> bool {
    match &step.action {
        Action::Repeat { steps, .. } => steps.iter().any(practises),
        _ => pose_of(step).is_some(),
    }
}

/// Whether a step itself says something that keeps from harm.
pub(super) fn keeps_from_harm(step: &Step) -> bool {
    matches!(&step.action, Action::Say { cues, .. } if cues.iter().any(CueRef::is_safety))
}

/// What a step is worth.
pub(super) fn worth(step: &Step) -> u8 {
    let usual = if practises(step) { worth::USUAL } else { worth::ALWAYS };
    step.worth.keep.unwrap_or(usual)
}

/// The ids of what is practised. What is only done in the place of something else does not count: else it could keep itself away.
fn present(steps: &[Step], gone: &Gone) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for step in steps.iter().filter(|step| !gone.contains_key(&step.number) && step.worth.unless.is_empty()) {
        match &step.action {
            Action::Repeat { steps, .. } => found.extend(present(steps, gone)),
            _ => found.extend(pose_of(step).map(|pose| pose.id.clone())),
        }
    }
    found
}

/// Leaves out what belongs to a step that is gone: what is done `with` it, the words that introduce it, its rest, the block around it.
fn follow(steps: &[Step], present: &BTreeSet<String>, repeats: bool, gone: &mut Gone) {
    for (index, step) in steps.iter().enumerate().filter(|(_, step)| !keeps_from_harm(step)) {
        if gone.contains_key(&step.number) {
            continue;
        }
        if let Action::Repeat { steps, .. } = &step.action {
            follow(steps, present, true, gone);
        }
        let is_gone = |step: &&Step| gone.contains_key(&step.number);
        let after = steps.get(index + 1).filter(is_gone).and_then(pose_of);
        let before = index.checked_sub(1).map(|before| &steps[before]).filter(is_gone).and_then(pose_of);
        let misses = !step.worth.with.is_empty() && !step.worth.with.iter().any(|pose| present.contains(&pose.value));
        let introduces = after.is_some_and(|pose| introduces(step, pose));
        let is_its_rest =
            repeats && matches!(step.action, Action::Pause(_)) && before.is_some_and(|pose| pose.lead == Lead::Inside);
        if misses || introduces || is_its_rest || is_emptied(step, gone) {
            gone.insert(step.number, Some(Why::With));
        }
    }
}

/// Whether a step is the words that introduce a pose.
fn introduces(step: &Step, pose: &Pose) -> bool {
    let last = |cues: &[CueRef]| cues.last().is_some_and(|cue| cue.folder() == Some(pose.id.as_str()));
    matches!(&step.action, Action::Say { cues, .. } if last(cues))
}

/// Whether all is gone that is practised in a block.
fn is_emptied(step: &Step, gone: &Gone) -> bool {
    let Action::Repeat { steps, .. } = &step.action else { return false };
    let mut all = steps.iter().filter(|step| practises(step)).peekable();
    all.peek().is_some() && all.all(|step| gone.contains_key(&step.number))
}

/// Leaves out what is only done in the place of something that is there.
fn stand_back(steps: &[Step], present: &BTreeSet<String>, gone: &mut Gone) {
    for step in steps {
        if step.worth.unless.iter().any(|pose| present.contains(&pose.value)) {
            gone.entry(step.number).or_insert(None);
        }
        if let Action::Repeat { steps, .. } = &step.action {
            stand_back(steps, present, gone);
        }
    }
}

/// The steps that are not gone; of those that are, what keeps from harm.
fn kept(steps: &[Step], gone: &Gone) -> Vec<Step> {
    let mut all = Vec::new();
    for step in steps {
        match &step.action {
            _ if keeps_from_harm(step) => all.push(step.clone()),
            Action::Repeat { steps, .. } if gone.contains_key(&step.number) => {
                all.extend(kept(steps, gone).into_iter().filter(keeps_from_harm));
            }
            _ if gone.contains_key(&step.number) => {}
            Action::Repeat { times, steps } => {
                let action = Action::Repeat { times: *times, steps: kept(steps, gone) };
                all.push(Step { action, ..step.clone() });
            }
            _ => all.push(step.clone()),
        }
    }
    all
}

/// The names of what a step practises.
pub(super) fn names(step: &Step) -> Vec<String> {
    match &step.action {
        Action::Repeat { steps, .. } => steps.iter().flat_map(names).collect(),
        _ => pose_of(step).map(|pose| pose.name.clone()).into_iter().collect(),
    }
}

/// What is left out, for who reads the plan.
pub(super) fn told(steps: &[Step], gone: &Gone) -> Vec<LeftOut> {
    let mut all = Vec::new();
    for step in steps {
        let inner = match &step.action {
            Action::Repeat { steps, .. } => &steps[..],
            _ => &[],
        };
        match gone.get(&step.number) {
            Some(Some(why)) if !(is_emptied(step, gone) && *why == Why::With) => all.extend(left_out(step, *why)),
            _ => all.extend(told(inner, gone)),
        }
    }
    all
}

fn left_out(step: &Step, why: Why) -> Option<LeftOut> {
    let keep = worth(step);
    let (pose, name) = match &step.action {
        Action::Pose(pose) => (Some(pose.id.clone()), pose.name.clone()),
        Action::Breathe(pose) => (None, pose.name.clone()),
        Action::Repeat { .. } => (None, step.name.clone().unwrap_or_else(|| names(step).join(", "))),
        Action::Say { cues, .. } => (None, cues.first()?.template().to_owned()),
        Action::Pause(_) => (None, "a pause".into()),
        Action::Bell { .. } => (None, "a bell".into()),
    };
    Some(LeftOut { pose, name, keep, why })
}
