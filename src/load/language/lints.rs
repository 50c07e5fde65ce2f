//! The lints by name: part of the language, as an author may allow one where it is meant. What finds them is
//! [`crate::plan::lint`].

/// Something that parses, and yet could leave a listener lost.
#[derive(Debug)]
pub struct Lint {
    /// Its short stable name.
    pub code: &'static str,
    /// What it looks for, in a sentence.
    pub about: &'static str,
}

const fn lint(code: &'static str, about: &'static str) -> Lint {
    Lint { code, about }
}

/// Every lint. All of them warn; `catcow check --strict` refuses what they warn of.
pub const LINTS: &[Lint] = &[
    lint("clip-mismatch", "A recording is far longer or shorter than its words."),
    lint("crossed-breath", "A phase is an inhale and its words say to exhale, or the other way round."),
    lint("hurried-move", "The routine says how to move, and leaves too little time for it."),
    lint("long-silence", "A silence so long that the listener must wonder, in nothing that has said its length."),
    lint("never-done", "A step is meant for rounds that its `repeat` never comes to."),
    lint("never-left", "A pose is held, and nothing says how to come out of it."),
    lint("no-safety", "The words about physicians, or about when to stop, are not said near the start."),
    lint("silent-clip", "A recording is silent, so there is nothing to level."),
    lint("silent-move", "A pose ends in another position than it begins in, and nothing says how to get there."),
    lint("tap-kept", "A very short sound stands alone before or after the words of a recording: a tap, or a word."),
    lint("tap-removed", "A tap before or after the words of a recording was left out."),
    lint("too-much-talk", "More of the time is talk than the routine's `talk` allows."),
    lint("unequal-sides", "Sides that were written by hand do not last equally long, or one is missing."),
    lint("unnamed-side", "A pose has sides, and nothing says which one it is."),
    lint("unused-clip", "A recording is named by no cue that anything says."),
    lint("unusual-breath", "A breath that is faster or slower than people breathe."),
];
