//! The codes of diagnostics: each a short stable word, explained with examples in `docs/diagnostics.md`.

use std::fmt;

/// Declares the codes, so that each has its word and its meaning in one row, and none is left out of [`Code::ALL`].
macro_rules! codes {
    ($($name:ident = $word:literal, $about:literal;)*) => {
        /// What a diagnostic is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $about] $name,)*
        }

        impl Code {
            /// Every code, in the order of the page that explains them.
            pub const ALL: &[Code] = &[$(Code::$name,)*];

            /// The word that people read, and that an author writes to allow a lint.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Code::$name => $word,)*
                }
            }

            /// What it means, in a sentence.
            pub const fn about(self) -> &'static str {
                match self {
                    $(Code::$name => $about,)*
                }
            }
        }
    };
}

codes! {
    TomlSyntax = "toml-syntax", "The file is not TOML.";
    NotUtf8 = "not-utf8", "The file is not plain text in UTF-8.";
    FileSize = "file-size", "A file is larger than any of its kind has reason to be.";
    EmptyFile = "empty-file", "A file has nothing in it.";
    Unreadable = "unreadable", "A file cannot be read.";
    NoTerminal = "no-terminal", "What needs a terminal was started without one.";
    TooFewBreaths = "too-few-breaths", "Too few breaths were tapped to tell how long one is.";
    UnknownKey = "unknown-key", "A key that nothing there has.";
    MissingKey = "missing-key", "A key that must be there is not.";
    WrongType = "wrong-type", "A value of another type than the key takes.";
    WrongValue = "wrong-value", "A value that the key does not take.";
    CueId = "cue-id", "What should be the id of a cue is none.";
    NoSteps = "no-steps", "A routine or a `repeat` without steps.";
    StepKind = "step-kind", "A step that is of no kind, or of two.";
    OnlyOutside = "only-outside", "An `only` outside a `repeat`.";
    RepeatDepth = "repeat-depth", "A `repeat` too deep in others.";
    UnknownRoutine = "unknown-routine", "No routine has this name.";
    UnknownProgramme = "unknown-programme", "No programme has this name.";
    UnknownPose = "unknown-pose", "No pose has this id.";
    UnknownLint = "unknown-lint", "An `allow` names no lint.";
    NoReason = "no-reason", "An `allow` gives no reason.";
    NoDose = "no-dose", "Nothing says how long it lasts.";
    TwoDoses = "two-doses", "Two keys say how long it lasts.";
    UnusedHold = "unused-hold", "A `hold` that no phase lasts.";
    UnusedFor = "unused-for", "A `for` of a pose that has no cycles.";
    PhaseLength = "phase-length", "A phase that has no length, or two.";
    CueWithPhases = "cue-with-phases", "A `cue` of a pose that has phases.";
    TimeCount = "time-count", "As many times as there are cues were expected.";
    NoSides = "no-sides", "Words or keys for sides in a pose that has none.";
    UnknownCue = "unknown-cue", "A cue that has neither words nor a recording.";
    CueTooLong = "cue-too-long", "A cue that does not end within its time.";
    MissingClip = "missing-clip", "A cue of which the voice has no recording.";
    SpeechProgram = "speech-program", "No such speech program, or it cannot be started.";
    UnspokenCue = "unspoken-cue", "A speech program did not say a cue.";
    UnknownVoice = "unknown-voice", "No voice has this name.";
    TwoClips = "two-clips", "Two recordings of one cue.";
    BrokenClip = "broken-clip", "A recording that cannot be played.";
    OutsideFolder = "outside-folder", "A path that leads out of its folder.";
    ChangedClip = "changed-clip", "A recording that was changed while a session played.";
    UnknownBed = "unknown-bed", "No bed has this name.";
    BrokenBed = "broken-bed", "A bed that cannot be played.";
    LengthOutOfRange = "length-out-of-range", "A length that a routine's ranges do not allow.";
    NothingFits = "nothing-fits", "No pose is left for what was asked of a composed session.";
    TooLong = "too-long", "A session of more than a day.";
    NoTime = "no-time", "A session in which nothing takes time.";
    NoSafety = "no-safety", "The words about physicians, or about when to stop, are not said near the start.";
    LongSilence = "long-silence", "A silence so long that the listener must wonder, in nothing that has said its length.";
    TooMuchTalk = "too-much-talk", "More of the time is talk than the routine's `talk` allows.";
    NeverDone = "never-done", "A step is meant for rounds that its `repeat` never comes to.";
    NeverEntered = "never-entered", "No words lead into a pose.";
    NeverLeft = "never-left", "A pose is held, and nothing says how to come out of it.";
    SilentMove = "silent-move", "A pose ends in another position than it begins in, and nothing says how to get there.";
    TapKept = "tap-kept", "A very short sound stands alone before or after the words of a recording: a tap, or a word.";
    TapRemoved = "tap-removed", "A tap before or after the words of a recording was left out.";
    UncertainEnd = "uncertain-end", "A recording stops in the middle of a packet, or does not say where its sound begins.";
    HurriedMove = "hurried-move", "The routine says how to move, and leaves too little time for it.";
    UnequalSides = "unequal-sides", "Sides that were written by hand do not last equally long, or one is missing.";
    OneSideNamed = "one-side-named", "Words that are said once for both sides name one of them.";
    UnnamedSide = "unnamed-side", "A pose has sides, and nothing says which one it is.";
    UnusedClip = "unused-clip", "A recording is named by no cue that anything says.";
    UnusualBreath = "unusual-breath", "A breath that is faster or slower than people breathe.";
    CrossedBreath = "crossed-breath", "A phase is an inhale and its words say to exhale, or the other way round.";
    ClipMismatch = "clip-mismatch", "A recording is far longer or shorter than its words.";
    CountdownDropped = "countdown-dropped", "A countdown of which there is not even room for \"one\".";
    ReminderDropped = "reminder-dropped", "A reminder that has no room in any round.";
    MisplacedKey = "misplaced-key", "A key of a routine, a pose or a step stands below the header of something else.";
    IdleKey = "idle-key", "A key that changes nothing, for want of another.";
    UnheardCue = "unheard-cue", "Words that nothing ever says.";
    SilentClip = "silent-clip", "A recording is silent, so there is nothing to level.";
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Code;

    #[test]
    fn no_word_stands_for_two_codes() {
        let words: BTreeSet<_> = Code::ALL.iter().map(|code| code.word()).collect();
        assert_eq!(words.len(), Code::ALL.len());
    }
}
