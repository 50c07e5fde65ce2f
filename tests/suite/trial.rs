//! A session to try playing with: made of sounds that are like no other, so that every frame tells where it belongs.

use std::io::Write;
use std::process::{Child, Command, Stdio};

use crate::sound_server::wav_frames;
use crate::sound_server::{RATE, SoundServer, Stretch, wait_until};
use crate::workshop::Workshop;

/// A session of chirps and silences, a minute long, in which no two moments are alike.
const ROUTINE: &str = r#"
title = "Trial"
guidance = "full"

[[steps]]
say = "trial/one"

[[steps]]
pose = "still"

[[steps]]
pose = "last"

[cues]
"trial/one" = "One."
"still/name" = "Still."
"still/setup" = "Set up."
"still/go" = "Go."
"still/release" = "Release."
"last/name" = "Last."
"last/release" = "Out."

[poses.still]
name = "Still"
position = "supine"
setup = "still/setup"
settle = "1s"
hold = "31s"
cue = "still/go"
release = "still/release"
leave = "1s"

[poses.last]
name = "Last"
position = "supine"
hold = "9s"
release = "last/release"
leave = "1s"
"#;

/// A chirp from `low` hertz on, as a WAV: no stretch of it is like another.
fn chirp(low: f64, seconds: f64) -> Vec<u8> {
    let samples = (0..(seconds * RATE as f64) as usize).map(|frame| {
        let time = frame as f64 / RATE as f64;
        let angle = std::f64::consts::TAU * (low * time + 37.0 * time * time);
        ((angle.sin() * 9000.0 + (angle * 3.1).cos() * 3000.0) as i16) | 1
    });
    let data: Vec<u8> = samples.flat_map(i16::to_le_bytes).collect();
    let mut wav = b"RIFF".to_vec();
    wav.extend((data.len() as u32 + 36).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend((RATE as u32).to_le_bytes());
    wav.extend((RATE as u32 * 2).to_le_bytes());
    wav.extend(b"\x02\0\x10\0data");
    wav.extend((data.len() as u32).to_le_bytes());
    wav.extend(data);
    wav
}

const CUES: [(&str, f64, f64); 10] = [
    ("trial/one", 301.0, 3.0),
    ("still/name", 347.0, 1.0),
    ("still/setup", 401.0, 2.0),
    ("still/go", 443.0, 6.0),
    ("still/release", 499.0, 2.0),
    ("last/name", 547.0, 1.5),
    ("last/release", 601.0, 2.0),
    ("mark/nearly", 653.0, 1.5),
    ("stay/30-seconds", 701.0, 2.0),
    ("move/to-supine", 757.0, 1.0),
];

/// A workshop with the trial session, its voice, and what `export` writes of it.
pub fn trial() -> (Workshop, Vec<i32>) {
    let workshop = Workshop::new();
    workshop.file("trial.toml", ROUTINE);
    for (cue, low, seconds) in CUES {
        workshop.file(&format!("voice/{cue}.wav"), chirp(low, seconds));
    }
    workshop.run(["export", "./trial.toml", "--voice", "./voice", "-o", "trial.wav"]).success();
    let session = wav_frames(&workshop.path("trial.wav"));
    (workshop, session)
}

/// The player, running at a terminal of its own whose keys are ours.
pub struct Player {
    child: Child,
}

impl Player {
    /// Plays the trial session. `script` gives it a terminal: with it come keys.
    pub fn start(workshop: &Workshop, sound: &SoundServer, arguments: &str) -> Player {
        Player::start_showing(workshop, sound, arguments, "/dev/null")
    }

    /// The same, with all that the terminal shows in a file.
    pub fn start_showing(workshop: &Workshop, sound: &SoundServer, arguments: &str, screen: &str) -> Player {
        let catcow = env!("CARGO_BIN_EXE_catcow");
        let line = format!("exec {catcow} play ./trial.toml --voice ./voice {arguments}");
        let mut command = Command::new("script");
        command.args(["-qefc", &line, screen]).current_dir(workshop.path("."));
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{}:{path}", workshop.path("bin").display()));
        command.env("CATCOW_HOME", workshop.path("home")).env("TERM", "xterm");
        sound.lend(&mut command);
        let child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        Player { child }
    }

    pub fn press(&mut self, key: &str) {
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(key.as_bytes()).unwrap();
        stdin.flush().unwrap();
    }

    /// Sends the program itself a signal.
    pub fn signal(&self, signal: &str) {
        let parent = self.child.id().to_string();
        assert!(Command::new("pkill").args([signal, "-P", &parent]).status().unwrap().success());
    }

    #[track_caller]
    pub fn end(mut self) -> i32 {
        let mut status = None;
        wait_until("the session ends", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub const UP: &str = "\x1b[A";
pub const DOWN: &str = "\x1b[B";
pub const RIGHT: &str = "\x1b[C";

/// The words of a session: where something is heard in it. What crosses zero is no pause.
pub fn sounding(session: &[i32]) -> Vec<(usize, usize)> {
    const PAUSE: usize = RATE / 100;
    let mut words: Vec<(usize, usize)> = Vec::new();
    for (frame, _) in session.iter().enumerate().filter(|(_, sample)| **sample != 0) {
        match words.last_mut() {
            Some((_, end)) if frame < *end + PAUSE => *end = frame + 1,
            _ => words.push((frame, frame + 1)),
        }
    }
    words
}

/// Whether every sounding frame of `range` was heard in some stretch.
#[track_caller]
pub fn assert_heard(found: &[Stretch], session: &[i32], range: std::ops::Range<usize>) {
    for (start, end) in sounding(session).into_iter().filter(|(start, _)| range.contains(start)) {
        let mut at = start;
        while at < end {
            let covers = |stretch: &&Stretch| stretch.session <= at && at < stretch.session + stretch.frames;
            let Some(stretch) = found.iter().find(covers) else {
                panic!("frame {at} of the word {start}..{end} was not heard: {found:#?}")
            };
            at = stretch.session + stretch.frames;
        }
    }
}

/// Where the words of the trial session begin and end.
pub struct Words {
    pub go: (usize, usize),
    pub release: (usize, usize),
    pub last: (usize, usize),
    pub nearly: (usize, usize),
    pub out: (usize, usize),
}

impl Words {
    pub fn of(session: &[i32]) -> Words {
        let words = sounding(session);
        let go = *words.iter().max_by_key(|(start, end)| end - start).unwrap();
        let end = words.len();
        // The words after the hold: its release, then the last pose's name and its release.
        Words { go, nearly: words[end - 4], release: words[end - 3], last: words[end - 2], out: words[end - 1] }
    }
}

/// Waits until so much more was recorded.
pub fn wait_for(sound: &SoundServer, seconds: f64) {
    let frames = (seconds * RATE as f64) as usize;
    let begun = sound.now();
    wait_until("so much is recorded", || sound.now() > begun + frames);
}

/// The middle of the session: a second of quiet, a word of six seconds, a hold.
pub fn from_the_hold(session: &[i32]) -> String {
    format!("--delay 300ms --from {}s", Words::of(session).go.0 / RATE)
}
