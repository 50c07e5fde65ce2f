//! The bells.

use std::time::Duration;

/// A bell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bell {
    /// A deep bowl: beginnings and ends.
    Low,
    /// A small bowl: changes.
    High,
    /// A bright chime.
    Bright,
    /// What stands in for a cue that is not recorded yet.
    Soft,
}

impl Bell {
    /// The words an author writes.
    pub const WORDS: [(&'static str, Bell); 3] = [("low", Bell::Low), ("high", Bell::High), ("bright", Bell::Bright)];

    /// How long it rings. Chosen by ear's rule of thumb that a deep bowl needs longer than a chime.
    pub fn ring(self) -> Duration {
        Duration::from_millis(match self {
            Bell::Low => 7_000,
            Bell::High => 4_500,
            Bell::Bright => 3_000,
            Bell::Soft => 1_500,
        })
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Bell::Low => "low",
            Bell::High => "high",
            Bell::Bright => "bright",
            Bell::Soft => "soft",
        }
    }
}
