//! What a person can do about a mistake. Where that depends on the program they use, it is a value: a command line names its
//! options, a page its buttons.

use std::borrow::Cow;

/// What a person can do about a mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Advice {
    /// What holds everywhere, in words.
    Words(String),
    /// Have a routine begun, with comments that teach.
    BeginRoutine,
    /// Look at the catalogue of poses.
    ListPoses,
    /// Look at how short and how long every routine can be.
    ListLengths,
    /// Make a copy of a routine that is built in, and change that.
    CopyRoutine {
        /// Its name.
        name: String,
    },
    /// Put a pose of one's own in the place of one that is built in.
    OwnPose {
        /// Its id.
        id: String,
    },
    /// Write a programme of one's own.
    OwnProgramme,
    /// Record a voice of one's own: the voice at hand is built in.
    RecordVoice {
        /// The id of the voice at hand.
        voice: String,
        /// The first cue that is to be recorded.
        first: String,
    },
    /// Have a speech program say what is not recorded.
    SpeakThem,
    /// Let bells ring in place of cues that are not recorded yet.
    RingInstead,
    /// Make a file smaller that is larger than its format allows.
    MakeSmaller,
}

impl Advice {
    /// In words that name no program's options.
    pub fn words(&self) -> Cow<'_, str> {
        Cow::Borrowed(match self {
            Advice::Words(words) => words,
            Advice::BeginRoutine => "begin with a title and a step",
            Advice::ListPoses => "choose one of the library's poses; a routine may bring its own under `[poses.<id>]`",
            Advice::ListLengths => "choose a length that the routine can have",
            Advice::CopyRoutine { name } => {
                return format!("`{name}` is built in: make a copy of it, and change that").into();
            }
            Advice::OwnPose { id } => {
                return format!("`{id}` is built in: a pose of your own under that id takes its place").into();
            }
            Advice::OwnProgramme => "a programme of your own is a file among the programmes of your folder",
            Advice::RecordVoice { voice, .. } => {
                return format!("`{voice}` is built in and has words of its own only: say those, or record a voice")
                    .into();
            }
            Advice::SpeakThem => "to hear it now, have a speech program say what is not recorded",
            Advice::RingInstead => "to try the routine first, put a soft bell in place of each",
            Advice::MakeSmaller => {
                "one channel holds twice as much, half the rate twice as much again; or choose a shorter length, or a part"
            }
        })
    }
}

impl From<String> for Advice {
    fn from(words: String) -> Advice {
        Advice::Words(words)
    }
}

impl From<&str> for Advice {
    fn from(words: &str) -> Advice {
        Advice::Words(words.to_owned())
    }
}
