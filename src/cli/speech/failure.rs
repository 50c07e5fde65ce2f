//! What became of words that a speech program did not say, and how to mend it.

use catcow::diagnostic::{Code, Diagnostic};

/// Why words have no sound.
#[derive(Clone, Debug)]
pub enum Failure {
    /// The program cannot be started: why.
    Absent(String),
    /// It failed: how it ended, and what it said last.
    Failed(String),
    /// It was not done in so many seconds.
    Hung(u64),
    /// It wrote nothing.
    Silent,
    /// It printed this text.
    Printed(String),
    /// What it wrote cannot be played: why.
    NoSound(String),
}

impl Failure {
    /// The failure of a run that ended badly.
    pub fn of_status(status: std::process::ExitStatus, said: &str) -> Failure {
        let how = match status.code() {
            Some(code) => format!("it failed with exit code {code}"),
            None => "it was ended from outside".into(),
        };
        Failure::Failed(match last_line(said) {
            Some(line) => format!("{how}, and said: {line}"),
            None => how,
        })
    }

    /// What a person reads about it.
    pub fn diagnostic(&self, program: &str, cue: &str, words: &str, strict: bool) -> Diagnostic {
        let (found, help) = match self {
            Failure::Absent(why) => (format!("cannot be started: {why}"), "give its path, or name another program"),
            Failure::Failed(how) => (
                how.clone(),
                "try its command by itself in a terminal; where it is the words, \
                say them otherwise, or give them a spelling under `[pronunciations]` in the voice's voice.toml",
            ),
            Failure::Hung(seconds) => (
                format!("it was not done after {seconds} s, and was ended"),
                "where it only takes long, CATCOW_SPEAK_SECONDS=300 waits longer; where it waits for words, they come on standard \
                 input, or where `{text}` stands in its command",
            ),
            Failure::Silent => (
                "it wrote no sound".into(),
                "let it write a WAV to standard output, or to the file that `{out}` stands for in its command",
            ),
            Failure::Printed(text) => (
                format!("it printed text in place of sound: {text}"),
                "where it writes a file, `{out}` stands for the file's name in its command",
            ),
            Failure::NoSound(why) => {
                (format!("what it wrote cannot be played: {why}"), "let it write WAV, FLAC, MP3 or Ogg")
            }
        };
        let message = format!("expected `{program}` to say `{cue}`, \"{words}\": {found}");
        let make = if strict { Diagnostic::error } else { Diagnostic::warning };
        make(Code::UnspokenCue, message).help(help)
    }
}

/// The failure of a run that went well and wrote these bytes.
pub fn of_bytes(bytes: &[u8], why: String) -> Failure {
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    match text.and_then(|text| text.lines().map(str::trim).find(|line| !line.is_empty())) {
        Some(line) => Failure::Printed(clipped(line)),
        None => Failure::NoSound(why),
    }
}

/// The last line that says something.
fn last_line(said: &str) -> Option<String> {
    said.lines().rev().map(str::trim).find(|line| !line.is_empty()).map(clipped)
}

fn clipped(line: &str) -> String {
    const MOST_LETTERS: usize = 200;
    match line.char_indices().nth(MOST_LETTERS) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}
