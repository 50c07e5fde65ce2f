//! Large inputs that cost more than they are worth: none under 8 MB may take much memory or time, whatever stands in it.
//!
//! Memory is held to by the system (`ulimit -v`), and so is the processor's time, which other programs do not lengthen; a build
//! for tests is several times slower than the program, so its limit stands for "ends at all".

use crate::workshop::{Outcome, Workshop};

/// As much as a text may have, in bytes, less some.
const LARGEST: usize = 8_000_000;

/// Address space, in KiB: 400 MB, and what a process takes before it does anything.
const MOST_KIB: usize = 400_000 + 60_000;

/// Processor time, in seconds.
const MOST_SECONDS: usize = 120;

const HEAD: &str = "title = \"Large\"\n";
const STEP: &str = "[[steps]]\nbell = \"low\"\n";

/// `unit` as often as it fits.
fn filled(head: &str, unit: &str, tail: &str, bytes: usize) -> String {
    format!("{head}{}{tail}", unit.repeat((bytes - head.len() - tail.len()) / unit.len()))
}

/// Units that are told apart by a number.
fn numbered(head: &str, unit: impl Fn(usize) -> String, tail: &str, bytes: usize) -> String {
    let mut text = head.to_owned();
    for number in 0.. {
        text += &unit(number);
        if text.len() + tail.len() + 200 > bytes {
            break;
        }
    }
    text + tail
}

/// Texts of a kind each, of so many bytes.
fn texts(bytes: usize) -> Vec<(&'static str, String)> {
    let list = |key: &str, item: &str| filled(&format!("{HEAD}{key} = ["), item, &format!("]\n{STEP}"), bytes);
    let text = |key: &str, item: &str| filled(&format!("{HEAD}{key} = \""), item, &format!("\"\n{STEP}"), bytes);
    let step = |key: &str, item: &str| filled(&format!("{HEAD}[[steps]]\n{key}"), item, "", bytes);
    let half = bytes / 2;
    vec![
        ("equals signs", filled("", "=\n", "", bytes)),
        ("quotes", filled("", "\"\n", "", bytes)),
        ("brackets", filled("", "[\n", "", bytes)),
        ("unclosed tables", filled("a = ", "{a = ", "", bytes)),
        ("control characters", filled("", "\u{1}", "", bytes)),
        ("one key again and again", filled("", "title = \"x\"\n", STEP, bytes)),
        ("unknown keys", numbered(HEAD, |at| format!("k{at} = 1\n"), STEP, bytes)),
        ("unknown tables", numbered(HEAD, |at| format!("[a{at}]\n"), "", bytes)),
        ("inline tables", numbered(HEAD, |at| format!("a{at} = {{ b = 1 }}\n"), STEP, bytes)),
        ("numbers in a list", list("allow", "1,")),
        ("lists in a list", list("allow", "[],")),
        ("tables in a list", list("allow", "{},")),
        ("unknown lints", list("allow", "\"x\",")),
        ("lists in lists", format!("{HEAD}allow = {}{}\n{STEP}", "[".repeat(half), "]".repeat(half - 100))),
        ("dotted keys", format!("{HEAD}{STEP}a{} = 1\n", ".a".repeat(half - 100))),
        ("a long title", text("title2", "a").replacen("title2", "summary", 1)),
        ("a long id", format!("{HEAD}[[steps]]\nsay = \"{}\"\n", "a".repeat(bytes - 100))),
        ("a deep id", format!("{HEAD}[[steps]]\nsay = \"{}a\"\n", "a/".repeat(half - 100))),
        ("an unknown pose of a long name", format!("{HEAD}[[steps]]\npose = \"{}\"\n", "b".repeat(bytes - 100))),
        ("a long key", format!("{HEAD}{} = 1\n{STEP}", "k".repeat(bytes - 100))),
        ("line breaks in a text", filled(&format!("{HEAD}summary = \"\"\""), "\n", &format!("\"\"\"\n{STEP}"), bytes)),
        ("escapes", text("summary", "\\u0041")),
        ("comments", filled(HEAD, "#\n", STEP, bytes)),
        ("empty steps", filled(HEAD, "[[steps]]\n", "", bytes)),
        ("bells", filled(HEAD, STEP, "", bytes)),
        ("pauses", filled(HEAD, "[[steps]]\npause = \"1s\"\n", "", bytes)),
        ("poses", filled(HEAD, "[[steps]]\npose = \"cat-cow\"\n", "", bytes)),
        ("unknown poses", numbered(HEAD, |at| format!("[[steps]]\npose = \"p{at}\"\n"), "", bytes)),
        ("unknown cues", numbered(HEAD, |at| format!("[[steps]]\nsay = \"c/u{at}\"\n"), "", bytes)),
        ("one unknown cue", filled(HEAD, "[[steps]]\nsay = \"intro/welcome\"\n", "", bytes)),
        ("cues in a step", step("say = [", "\"a\",") + "]\n"),
        ("phases", step("pose = \"cat-cow\"\n", "[[steps.phases]]\nhold = \"1s\"\n")),
        ("repeats", filled(HEAD, "[[steps]]\nrepeat = 9\n[[steps.steps]]\npause = \"1s\"\n", "", bytes)),
        (
            "words of a cue",
            format!("{HEAD}[[steps]]\nsay = \"a\"\n[cues]\na = \"{}\"\n", "word ".repeat(bytes / 5 - 100)),
        ),
        ("words", numbered(&format!("{HEAD}{STEP}[cues]\n"), |at| format!("\"c/u{at}\" = \"Hi.\"\n"), "", bytes)),
        (
            "own poses",
            numbered(
                &format!("{HEAD}{STEP}"),
                |at| format!("[poses.p{at}]\nname = \"P\"\nposition = \"supine\"\nhold = \"1m\"\n"),
                "",
                bytes,
            ),
        ),
    ]
}

/// Runs within the limits.
#[track_caller]
fn within(workshop: &Workshop, what: &str, arguments: &str) {
    let limits = format!("ulimit -v {MOST_KIB} && ulimit -t {MOST_SECONDS} && exec \"$CATCOW\" {arguments}");
    let mut command = workshop.shell(&limits);
    // One thread's share of address space for each would be counted as memory.
    command
        .env("CATCOW", env!("CARGO_BIN_EXE_catcow"))
        .env("MALLOC_ARENA_MAX", "1")
        .env("CATCOW_CONFIG", workshop.path("home/config.toml"));
    let output = command.output().expect("a shell");
    let outcome = Outcome::of(output);
    let said: String = outcome.stderr.chars().take(600).collect();
    assert!([0, 1].contains(&outcome.status), "{what}: {arguments} ended with {}: {said}", outcome.status);
    assert!(outcome.stderr.len() < 400_000, "{what}: {} bytes of mistakes", outcome.stderr.len());
    assert!(outcome.stderr.lines().filter(|line| line.starts_with("error[")).count() <= 50, "{what}");
}

#[cfg(target_os = "linux")]
#[test]
fn no_text_of_eight_megabytes_takes_four_hundred_of_memory() {
    for (what, text) in texts(LARGEST) {
        let workshop = Workshop::new();
        workshop.file("large.toml", &text);
        within(&workshop, what, "check large.toml --missing bell");
    }
}

/// Where what is counted first bounds the cost, the most that passes costs most.
#[cfg(target_os = "linux")]
#[test]
fn nor_does_the_most_that_is_still_read() {
    for (what, text) in texts(950_000) {
        let workshop = Workshop::new();
        workshop.file("large.toml", &text);
        within(&workshop, what, "plan large.toml --missing bell >/dev/null");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn nor_do_a_script_a_pose_a_voice_and_settings() {
    for (what, text) in texts(1_000_000).into_iter().step_by(5) {
        let workshop = Workshop::new();
        workshop.file("home/voice_clips/mine/voice.toml", &text).file("poses/large.toml", &text);
        workshop.file("script.toml", text.replacen(HEAD, "[cues]\n", 1));
        within(&workshop, what, "check home/voice_clips/mine poses/large.toml script.toml");
        within(&workshop, what, "list >/dev/null");
        workshop.file("home/config.toml", &text);
        within(&workshop, what, "plan morning >/dev/null");
    }
}

/// A kilobyte of FLAC that holds more than five minutes, so loud that its peaks have to be held down.
#[cfg(target_os = "linux")]
#[test]
fn nor_do_recordings_that_are_longer_than_their_files_are_large() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/regressions/recording/flac-4k-328s.flac");
    let workshop = Workshop::new();
    let long = std::fs::read(path).expect("a recording");
    workshop.file("voice/voice.toml", "name = \"Long\"\n");
    workshop.file("voice/breath/in.flac", &long).file("voice/breath/out.flac", &long);
    workshop.file("long.toml", format!("{HEAD}[[steps]]\nsay = [\"breath/in\", \"breath/out\"]\n"));
    within(&workshop, "two long recordings", "check ./voice >/dev/null");
    within(&workshop, "two long recordings", "plan long.toml --voice ./voice >/dev/null");
}

#[test]
fn every_mistake_is_counted_and_fifty_are_shown() {
    let workshop = Workshop::new();
    let keys: String = (0..1000).map(|at| format!("k{at} = 1\n")).collect();
    let said = workshop.file("broken.toml", format!("{HEAD}{keys}{STEP}")).run(["check", "broken.toml"]).failure(1);
    assert_eq!(said.lines().filter(|line| line.starts_with("error[")).count(), 50);
    assert!(said.contains("and 950 more"), "{}", &said[said.len() - 200..]);
}
