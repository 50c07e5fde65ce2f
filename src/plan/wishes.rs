//! What a person wants of a session today.

use std::time::Duration;

use super::fit::Level;
use crate::load::Mix;
use crate::load::language::breathing::BreathPattern;
use crate::load::language::routine::Guidance;

/// What to do with a cue that is not recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// Refuse, listing all.
    #[default]
    Refuse,
    /// Put a soft bell in its place.
    Bell,
}

/// How the safety words of an opening are said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SafetyWords {
    /// As they stand in the routine: to ask a physician first, and when to stop.
    #[default]
    Whole,
    /// In one sentence, for whoever has heard them often, where the voice has it. They are never left out.
    Brief,
}

/// What is said of progress at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProgressWords {
    /// What the routine says.
    #[default]
    Usual,
    /// That these weeks have brought no less pain, and that a physician should be asked; where the voice has words for it.
    Lacking,
}

/// What a person wants today; what is not wished is the routine's.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// How deep.
    pub level: Option<Level>,
    /// How long; wins over a level.
    pub length: Option<Duration>,
    /// How much is said.
    pub guidance: Option<Guidance>,
    /// The breath, in place of the routine's. A pose that has a breath of its own, and breathing alone, keep theirs:
    /// there the pattern is what is practised.
    pub breath: Option<BreathPattern>,
    /// The ids of poses that are left out.
    pub without: Vec<String>,
    /// The ids of poses beside which no other is done, but for the closing rest; empty for all.
    pub only: Vec<String>,
    /// The ids of poses that are done as much as their ranges allow, or twice as much where they have none.
    pub more: Vec<String>,
    /// What to do with a cue that is not recorded.
    pub missing: Missing,
    /// How the safety words are said.
    pub safety: SafetyWords,
    /// What is said of progress.
    pub progress: ProgressWords,
    /// What sounds besides the words.
    pub mix: Mix,
}
