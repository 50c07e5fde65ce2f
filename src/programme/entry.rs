//! A session that was practised, as a log has it.

use std::time::Duration;

use super::day::Day;

/// A session that was practised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The day on which it ended.
    pub day: Day,
    /// When on that day, in seconds from its beginning.
    pub second: u32,
    /// The name of the routine.
    pub routine: String,
    /// How long it was played.
    pub length: Duration,
    /// Whether to its end.
    pub finished: bool,
    /// Pain before and after.
    pub pain: Pain,
}

/// Scores of pain, 0 to 10, where they were given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pain {
    /// Before the session.
    pub before: Option<u8>,
    /// After it.
    pub after: Option<u8>,
}

/// So much more pain after a session than before is told at once. Two points of eleven are the least change that people call a
/// change (Farrar and others, Pain 94, 2001, pages 149 to 158); one is within what a person's own scores vary by.
const MUCH: u8 = 2;

impl Pain {
    /// Whether it was higher after than before, by however little.
    pub fn rose(self) -> bool {
        self.risen() > 0
    }

    /// Whether it was so much higher that a physician should be asked before anything else is practised.
    pub fn is_worse(self) -> bool {
        self.risen() >= MUCH
    }

    fn risen(self) -> u8 {
        self.after.zip(self.before).map_or(0, |(after, before)| after.saturating_sub(before))
    }
}
