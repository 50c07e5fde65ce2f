//! Many sayings in one run of a program that takes long to start: a line of JSON asks for each, a line answers.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::failure::Failure;
use super::run::{Patience, Running, Trouble};

/// What is to be said, and the file to write.
pub struct Saying {
    pub text: String,
    pub out: PathBuf,
}

/// What a program ends with that lacks what it needs to say anything: `EX_UNAVAILABLE` of `sysexits.h`.
const UNAVAILABLE: i32 = 69;

/// How often it is looked whether someone wants all to stop.
const LOOK: Duration = Duration::from_millis(20);

/// Says everything in one run, and tells what became of each, in order, as it comes. Returns how many it came to: fewer than all
/// where a saying ended the run.
///
/// # Errors
/// The program cannot be started; someone wants all to stop.
pub fn say(
    words: &[OsString],
    sayings: &[Saying],
    patience: Patience<'_>,
    mut tell: impl FnMut(usize, Result<(), Failure>) -> bool,
) -> Result<usize, Trouble> {
    let mut running = Running::start(words, Path::new(""), Stdio::piped())?;
    let said = running.said();
    let answers = answers(&mut running);
    ask(&mut running, sayings);
    for index in 0..sayings.len() {
        let become_of = match next(&answers, patience)? {
            Answer::Line(line) if line == "done" => Ok(()),
            Answer::Line(line) => Err(Failure::Failed(format!("it failed, and said: {line}"))),
            Answer::Late => Err(Failure::Hung(patience.limit.as_secs())),
            Answer::Ended => {
                said.settle();
                let status = (0..50).find_map(|_| {
                    thread::sleep(LOOK);
                    running.ended()
                });
                let said = said.text();
                Err(match status {
                    Some(status) if status.code() == Some(UNAVAILABLE) => Failure::Absent(said.trim().to_owned()),
                    Some(status) => Failure::of_status(status, &said),
                    None => Failure::Silent,
                })
            }
        };
        let ends = !matches!(become_of, Ok(()) | Err(Failure::Failed(_))) || running.ended().is_some();
        let last = become_of.is_err() && ends;
        if !tell(index, become_of) {
            return Ok(sayings.len());
        }
        if last {
            return Ok(index + 1);
        }
    }
    Ok(sayings.len())
}

enum Answer {
    Line(String),
    /// None came in time.
    Late,
    /// None will come.
    Ended,
}

fn next(answers: &Receiver<String>, patience: Patience<'_>) -> Result<Answer, Trouble> {
    let begun = Instant::now();
    loop {
        match answers.recv_timeout(LOOK) {
            Ok(line) => return Ok(Answer::Line(line)),
            Err(RecvTimeoutError::Disconnected) => return Ok(Answer::Ended),
            Err(RecvTimeoutError::Timeout) if patience.stop.load(Ordering::Relaxed) => return Err(Trouble::Stopped),
            Err(RecvTimeoutError::Timeout) if begun.elapsed() >= patience.limit => return Ok(Answer::Late),
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// Asks for everything, from a thread of its own: the program may take its time to read.
fn ask(running: &mut Running, sayings: &[Saying]) {
    let line =
        |saying: &Saying| serde_json::json!({ "text": saying.text, "out": saying.out.to_string_lossy() }).to_string();
    let lines: Vec<String> = sayings.iter().map(line).collect();
    let Some(mut pipe) = running.input() else { return };
    let write = move || lines.iter().try_for_each(|line| writeln!(pipe, "{line}"));
    let _ = thread::Builder::new().name("speech".into()).spawn(write);
}

/// The lines that it answers with.
fn answers(running: &mut Running) -> Receiver<String> {
    /// No answer is longer, in bytes.
    const LONGEST: u64 = 4096;
    let (tell, answers) = mpsc::channel();
    let Some(pipe) = running.output() else { return answers };
    let read = move || {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        while let Ok(1..) = std::io::Read::take(&mut pipe, LONGEST).read_until(b'\n', &mut line) {
            if tell.send(String::from_utf8_lossy(&line).trim().to_owned()).is_err() {
                return;
            }
            line.clear();
        }
    };
    let _ = thread::Builder::new().name("speech".into()).spawn(read);
    answers
}
