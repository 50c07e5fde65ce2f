//! The shape of a routine: where the practice begins and ends among its steps, and which step is the closing rest.

use std::ops::Range;
use std::time::Duration;

use super::cue;
use crate::load::language::pose::{Lasts, Pose};
use crate::load::language::position::Position;
use crate::load::language::quantity::Quantity;
use crate::load::language::routine::{Action, Step};

/// The shape of a routine.
#[derive(Clone)]
pub(super) struct Outline {
    /// The steps between the opening and the closing.
    pub(super) practice: Range<usize>,
    /// The step that takes what a length still lacks.
    pub(super) rest: Option<usize>,
}

impl Outline {
    pub(super) fn of(steps: &[Step]) -> Outline {
        let first = steps.iter().position(practises).unwrap_or(steps.len());
        let last = steps.iter().rposition(|step| practises(step) || is_stillness(step));
        let end = last.map_or(steps.len(), |last| last + 1).max(first);
        // The last stillness to rest in takes the time that is lacking; where there is none, the last pause does.
        let pause = || steps.iter().rposition(|step| matches!(step.action, Action::Pause(_)));
        Outline { practice: first..end, rest: steps.iter().rposition(rests).or_else(pause) }
    }
}

fn practises(step: &Step) -> bool {
    match &step.action {
        Action::Pose(_) | Action::Breathe(_) => true,
        Action::Repeat { steps, .. } => steps.iter().any(practises),
        _ => false,
    }
}

/// The least length of a rest, a stillness in which one lies: there, more time than its author wrote does no harm.
pub(super) const A_REST: Duration = Duration::from_secs(60);

fn rests(step: &Step) -> bool {
    is_stillness(step) || matches!(&step.action, Action::Pose(pose) if pose.is_plain_hold() && is_rest(pose))
}

fn is_rest(pose: &Pose) -> bool {
    let long = |lasts| matches!(lasts, Lasts::Hold { quantity: Quantity::Time(time), .. } if time.most >= A_REST);
    pose.position.is_some_and(Position::lies) && pose.phases.iter().any(|phase| long(phase.lasts))
}

/// The longest time of a stillness, where a step is one.
pub(super) fn longest_stillness(step: &Step) -> Option<Duration> {
    let (Action::Pose(pose) | Action::Pause(pose)) = &step.action else { return None };
    match pose.hold()? {
        Quantity::Time(time) => Some(time.most),
        Quantity::Breaths(_) => None,
    }
}

/// Whether it is a silence to rest in, not one between two sentences.
fn is_stillness(step: &Step) -> bool {
    matches!(&step.action, Action::Pause(pause) if is_long(pause))
}

/// Whether a pause is long enough to be marked as a hold is, or has words of its own.
fn is_long(pause: &Pose) -> bool {
    let long =
        |lasts| matches!(lasts, Lasts::Hold { quantity: Quantity::Time(time), .. } if time.most >= cue::LONG_HOLD);
    pause.phases.iter().any(|phase| long(phase.lasts) || !phase.cues.is_empty())
}
