//! What takes the same time in every fit: added up once, however often a routine is measured. A fit measures some ninety
//! times, and only what has a range changes from one time to the next.

use std::collections::HashMap;
use std::time::Duration;

use super::listener::Listener;
use crate::frames::Frames;

/// A part of a step, as it is come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Known<'a> {
    /// The number of the step's pose or words in the routine.
    pub(super) what: u32,
    /// Which part of it.
    pub(super) part: StepPart,
    /// What the listener is in the middle of.
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

/// What a part comes to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passed<'a> {
    /// The time of recordings.
    pub(super) whole: Frames,
    /// The time that was written.
    pub(super) exact: Duration,
    /// The number of its phases.
    pub(super) parts: usize,
    /// What the listener is in the middle of afterwards.
    pub(super) listener: Listener<'a>,
}

/// Everything that was added up already.
pub(super) type Memo<'a> = HashMap<Known<'a>, Passed<'a>>;
