//! What takes the same time in every fit: added up once, however often a routine is measured. A fit measures some ninety
//! times, and only what has a range changes from one time to the next.

use std::collections::HashMap;
use std::time::Duration;

use super::listener::Listener;
use crate::frames::Frames;

/// A part of a step, and how the listener is when it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Known<'a> {
    /// The number of the step's pose or words in the routine.
    pub(super) what: u32,
    /// Which part of it.
    pub(super) part: StepPart,
    /// How the listener is when it begins.
    pub(super) listener: Listener<'a>,
}

/// The parts of steps that have no range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum StepPart {
    /// What is said by a `say` step.
    Words,
    /// The way into a pose: its move, its name, its setup.
    Into,
    /// The way out of it: its release.
    OutOf,
}

/// The time that a part takes, and how the listener is when it ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passed<'a> {
    /// The time of recordings.
    pub(super) whole: Frames,
    /// The time that was written.
    pub(super) exact: Duration,
    /// The number of its phases.
    pub(super) parts: usize,
    /// How the listener is when it ends.
    pub(super) listener: Listener<'a>,
}

/// Everything that was added up already.
pub(super) type Memo<'a> = HashMap<Known<'a>, Passed<'a>>;
