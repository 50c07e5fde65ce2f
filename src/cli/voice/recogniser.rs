//! A speech recogniser that is installed, called as a program: what it hears in a recording settles what lengths alone cannot.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{io, thread};

use catcow::{Error, Result};

/// A recogniser that hears a line for longer hangs.
const LONGEST: Duration = Duration::from_secs(120);
/// How often it is looked after.
const LOOK: Duration = Duration::from_millis(20);
/// The most that is read of its answer, in bytes.
const MOST_BYTES: u64 = 64 << 10;

/// A program that is given the path of a recording as its last argument, and prints the words that it hears.
pub struct Recogniser {
    program: String,
    arguments: Vec<String>,
}

/// What it said of a recording.
pub enum Heard {
    /// The words of the line, or nearly.
    Line,
    /// Rather the words of another, by its index.
    Other(usize),
    /// Neither: what was heard.
    Else(String),
}

impl Recogniser {
    /// A command, its parts divided by spaces; none where there is none.
    pub fn of(command: &str) -> Option<Recogniser> {
        let mut parts = command.split_whitespace().map(str::to_owned);
        Some(Recogniser { program: parts.next()?, arguments: parts.collect() })
    }

    /// What it hears in a recording that is to be the line of an index among others.
    ///
    /// # Errors
    /// It cannot be started, fails, or does not end.
    pub fn hear(&self, recording: &Path, texts: &[&str], index: usize) -> Result<Heard> {
        let answer = self.run(recording).map_err(Error::reading(Path::new(&self.program)))?;
        Ok(judge(&answer, texts, index))
    }

    fn run(&self, recording: &Path) -> io::Result<String> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).arg(recording).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let answer = child.stdout.take().map(|out| {
            thread::spawn(move || {
                let mut bytes = Vec::new();
                let _ = out.take(MOST_BYTES).read_to_end(&mut bytes);
                bytes
            })
        });
        let ended = wait(&mut child);
        let bytes = answer.and_then(|answer| answer.join().ok()).unwrap_or_default();
        if ended? {
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        } else {
            Err(io::Error::other("the recogniser failed"))
        }
    }
}

/// Waits until it ends; whether that went well.
fn wait(child: &mut Child) -> io::Result<bool> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        if start.elapsed() > LONGEST {
            child.kill()?;
            child.wait()?;
            return Err(io::Error::other("the recogniser does not end"));
        }
        thread::sleep(LOOK);
    }
}

/// So much of the words of a line are heard where it is said.
const SAID: f64 = 0.6;
/// How far away in the script another line is looked for.
const NEAR: usize = 4;

fn judge(answer: &str, texts: &[&str], index: usize) -> Heard {
    let heard = words(answer);
    let own = alike(&heard, &words(texts[index]));
    let near = index.saturating_sub(NEAR)..texts.len().min(index + NEAR + 1);
    let others = near.filter(|other| *other != index).map(|other| (other, alike(&heard, &words(texts[other]))));
    match others.max_by(|one, other| one.1.total_cmp(&other.1)) {
        Some((other, likeness)) if likeness > own && likeness >= SAID => Heard::Other(other),
        _ if own >= SAID => Heard::Line,
        _ => Heard::Else(answer.split_whitespace().collect::<Vec<_>>().join(" ")),
    }
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|sign: char| !sign.is_alphanumeric() && sign != '\'').filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The share of words that two texts have in common, in their order, from 0 to 1.
fn alike(one: &[String], other: &[String]) -> f64 {
    // The longest common subsequence, row by row.
    let mut row = vec![0; other.len() + 1];
    for word in one {
        let mut before = 0;
        for (at, theirs) in other.iter().enumerate() {
            let here = row[at + 1];
            row[at + 1] = if word == theirs { before + 1 } else { here.max(row[at]) };
            before = here;
        }
    }
    2.0 * f64::from(row[other.len()]) / (one.len() + other.len()).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_heard_is_the_line_or_another_or_something_else() {
        let texts = ["Lift your right leg.", "Lower your right leg.", "Rest here."];
        let heard = |answer: &str| judge(answer, &texts, 0);
        assert!(matches!(heard("lift your right lake"), Heard::Line));
        assert!(matches!(heard("lower your right leg"), Heard::Other(1)));
        assert!(matches!(heard("good  morning"), Heard::Else(words) if words == "good morning"));
        assert!(matches!(heard(""), Heard::Else(_)));
    }
}
