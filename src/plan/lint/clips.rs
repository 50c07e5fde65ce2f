//! Whether a recording can be what its words say.

use std::time::Duration;

use crate::diagnostic::{Code, Diagnostic};
use crate::plan::input::Input;

/// The least time for a word. Nobody who guides speaks faster: five words a second is twice the pace of an audiobook.
const FASTEST: Duration = Duration::from_millis(200);
/// The most time for a word, with a long rest after it.
const SLOWEST: Duration = Duration::from_millis(2500);
/// The quiet that a recording may have around its words.
const AROUND: Duration = Duration::from_secs(3);

/// The warning that a recording of `length` cannot be `text`, where it cannot.
pub fn mismatch(cue: &str, text: &str, length: Duration) -> Option<Diagnostic> {
    let words = text.split_whitespace().count() as u32;
    let (least, most) = (FASTEST * words, SLOWEST * words + AROUND);
    if words == 0 || (least..=most).contains(&length) {
        return None;
    }
    let message = format!(
        "expected {:.1} to {:.1} s for the words of `{cue}`, found a recording of {:.1} s",
        least.as_secs_f64(),
        most.as_secs_f64(),
        length.as_secs_f64()
    );
    let says = format!("its words are \"{text}\"");
    let mend = "record it again, cut it where the words begin and end, or mend its words in the script";
    Some(Diagnostic::warning(Code::ClipMismatch, message).help(says).help(mend))
}

/// The warnings about a routine's recordings.
pub(super) fn all(input: Input<'_>) -> Vec<Diagnostic> {
    let rate = input.durations.rate;
    let judge = |cue: &str| {
        let (text, frames) = (input.routine.script.get(cue)?, input.durations.frames(cue)?);
        mismatch(cue, text, frames.duration(rate))
    };
    input.durations.cues().filter_map(judge).collect()
}
