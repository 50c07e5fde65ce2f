//! A session to try playing with: made of sounds that are like no other, so that every frame tells where it belongs.

use std::io::Write;
use std::process::{Child, Command, Stdio};

use crate::sound_server::wav_frames;
use crate::sound_server::{RATE, SoundServer, Stretch, stretches, wait_until};
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
pub fn chirp(low: f64, seconds: f64) -> Vec<u8> {
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

const CUES: [(&str, f64, f64); 14] = [
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
    ("side/right", 1601.0, 0.7),
    ("switch/left", 1657.0, 0.7),
    ("stay/3-breaths", 1709.0, 0.7),
    ("mark/last-breath", 1759.0, 0.7),
];

/// What is answered to keys.
const ANSWERS: [&str; 17] = [
    "answer/soon",
    "answer/keys",
    "answer/no-bed",
    "answer/thirty-seconds",
    "answer/less-talk",
    "answer/least-talk",
    "answer/paused",
    "answer/going-on",
    "answer/last-part",
    "answer/ending",
    "answer/bed-off",
    "answer/bed-on",
    "answer/five-breaths",
    "answer/more-rounds",
    "answer/nothing-to-hold",
    "answer/not-again",
    "answer/more-of-this",
];

/// The two sides of a pose, in breaths of two seconds.
pub const TWO_SIDES: &str = r#"
title = "Two sides"
breath = "1-1"
tone = "off"

[[steps]]
pose = "lean"

[cues]
"lean/name" = "Lean."
"lean/release" = "Release."

[poses.lean]
name = "Lean"
position = "supine"
sides = ["right", "left"]
hold = "4 breaths"
release = "lean/release"
leave = "1s"
"#;

/// A workshop with the trial session, its voice, and what `export` writes of it.
pub fn trial() -> (Workshop, Vec<i32>) {
    trial_of(ROUTINE)
}

/// The same with another session.
pub fn trial_of(routine: &str) -> (Workshop, Vec<i32>) {
    let workshop = Workshop::new();
    workshop.file("trial.toml", routine);
    let answers = ANSWERS.iter().enumerate().map(|(number, cue)| (*cue, 811.0 + 47.0 * number as f64, 0.6));
    let lean = [("lean/name", 1801.0, 0.7), ("lean/release", 1861.0, 0.7)];
    for (cue, low, seconds) in CUES.into_iter().chain(answers).chain(lean) {
        workshop.file(&format!("voice/{cue}.wav"), chirp(low, seconds));
    }
    let session = exported(&workshop, "");
    (workshop, session)
}

/// What `export` writes of the trial session with more arguments.
pub fn exported(workshop: &Workshop, arguments: &str) -> Vec<i32> {
    let usual = ["export", "./trial.toml", "--voice", "./voice", "-o", "trial.wav"];
    workshop.run(usual.into_iter().chain(arguments.split_whitespace())).success();
    wav_frames(&workshop.path("trial.wav"))
}

/// The answers as they are heard, one after the other.
pub struct Answers {
    frames: Vec<i32>,
    words: Vec<(usize, usize)>,
}

impl Answers {
    pub fn of(workshop: &Workshop) -> Answers {
        let say: String = ANSWERS.iter().map(|cue| format!("[[steps]]\nsay = \"{cue}\"\nthen = \"1s\"\n")).collect();
        workshop.file("answers.toml", format!("title = \"Answers\"\n{say}"));
        workshop.run(["export", "./answers.toml", "--voice", "./voice", "-o", "answers.wav"]).success();
        let frames = wav_frames(&workshop.path("answers.wav"));
        let words = sounding(&frames);
        assert_eq!(words.len(), ANSWERS.len());
        Answers { frames, words }
    }

    /// The answers that are heard whole, in order.
    pub fn heard(&self, heard: &[i32]) -> Vec<&'static str> {
        let found = stretches(heard, &self.frames);
        let answer = |stretch: &Stretch| {
            let whole = |(start, end): &(usize, usize)| {
                stretch.session <= start + RATE / 50 && stretch.session + stretch.frames >= *end
            };
            self.words.iter().position(whole).map(|number| ANSWERS[number])
        };
        found.iter().filter_map(answer).collect()
    }
}

/// The player, running at a terminal of its own whose keys are ours.
pub struct Player {
    child: Child,
}

impl Player {
    /// Plays the trial session. `script` gives it a terminal: with it come keys.
    pub fn start(workshop: &Workshop, sound: &SoundServer, arguments: &str) -> Player {
        Player::spawn(Player::command(workshop, sound, arguments, "/dev/null"))
    }

    /// The command that plays it; all that the terminal shows goes to the file `screen`.
    pub fn command(workshop: &Workshop, sound: &SoundServer, arguments: &str, screen: &str) -> Command {
        Player::command_of(workshop, sound, &format!("play ./trial.toml {arguments}"), screen)
    }

    /// The same for other words behind the program's name.
    pub fn command_of(workshop: &Workshop, sound: &SoundServer, words: &str, screen: &str) -> Command {
        let catcow = env!("CARGO_BIN_EXE_catcow");
        // Without what keeps headphones awake there is silence between words, and each word is found.
        let line = format!("exec {catcow} {words} --voice ./voice --wake=false");
        let mut command = Command::new("script");
        command.args(["-qefc", &line, screen]).current_dir(workshop.path("."));
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{}:{path}", workshop.path("bin").display()));
        command.env("CATCOW_HOME", workshop.path("home")).env("TERM", "xterm");
        command.env("CATCOW_CONFIG", workshop.path("config.toml"));
        sound.lend(&mut command);
        command
    }

    pub fn spawn(mut command: Command) -> Player {
        let child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Player { child: child.expect("script is not installed: apt-get install bsdutils") }
    }

    pub fn press(&mut self, key: &str) {
        self.send(key.as_bytes());
    }

    /// Sends what a terminal may send.
    pub fn send(&mut self, bytes: &[u8]) {
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(bytes).unwrap();
        stdin.flush().unwrap();
    }

    /// Whether the program is still there.
    pub fn runs(&self) -> bool {
        !self.process().is_empty()
    }

    /// Sends the program itself a signal.
    pub fn signal(&self, signal: &str) {
        let parent = self.child.id().to_string();
        let sent = Command::new("pkill").args([signal, "-P", &parent]).status().unwrap().success();
        assert!(sent, "the program has ended before {signal} came");
    }

    /// The number of the program's process.
    pub fn process(&self) -> String {
        let output = Command::new("pgrep").args(["-P", &self.child.id().to_string()]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Takes the terminal away, as closing its window does.
    pub fn take_the_terminal(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
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
pub const LEFT: &str = "\x1b[D";

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
        // The words after the hold: its release, then the last pose's name, the bell of its hold, and its release.
        Words { go, nearly: words[end - 5], release: words[end - 4], last: words[end - 3], out: words[end - 1] }
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
