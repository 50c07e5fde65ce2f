//! What a length or a wish made of a routine: what is left out and why, and what is more than its author wrote.

use std::time::Duration;

/// What a length or a wish made of a routine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// What is left out, in the order of the routine.
    pub left_out: Vec<LeftOut>,
    /// The poses that are done again, and how many times in all, where a length asks for more than once.
    pub again: Option<Again>,
    /// How long the closing rest is, or the silence before the closing words, where a length makes it longer than its author wrote.
    pub rest: Option<Duration>,
    /// How many steps up or down from the whole routine it is.
    pub(super) rung: i32,
}

impl Changes {
    /// Whether a length left the steps as they are.
    pub(super) fn is_whole(&self) -> bool {
        self.rung == 0
    }
}

/// Poses that are done more than once, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Again {
    /// Their names, in order.
    pub poses: Vec<String>,
    /// How many times.
    pub times: u32,
}

/// A step that is left out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LeftOut {
    /// The id of its pose, where it is one.
    pub pose: Option<String>,
    /// What it is called; of words, the first cue.
    pub name: String,
    /// What it is worth, from 1 to 5.
    pub keep: u8,
    /// Why.
    pub why: Why,
}

/// Why a step is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// The length that is wished has no room for it.
    Length,
    /// It is wished so.
    Wish,
    /// It belongs to something that is left out.
    With,
}
