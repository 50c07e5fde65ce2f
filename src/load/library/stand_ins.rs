//! What is heard in place of a voice's own recordings.

use serde::Serialize;

/// What is heard in place of a voice's own recordings, each cue once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandIns {
    /// Cues that another voice says, in the order of their names.
    pub borrowed: Vec<Borrowed>,
    /// Cues in place of which plainer ones are said.
    pub replaced: Vec<Replaced>,
}

/// A cue that another voice says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Borrowed {
    /// The cue.
    pub cue: String,
    /// The id of the voice that says it, or the name of the program that was given its words.
    pub voice: String,
    /// Whether it is such a program.
    pub made: bool,
}

/// A cue in place of which a plainer one is said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Replaced {
    /// The cue that has no recording.
    pub cue: String,
    /// The cue that is said.
    pub by: String,
}
