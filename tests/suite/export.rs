//! `catcow export`: what is in the file is what was planned, and a failure harms nothing.

use std::fs::{self, File};
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::wav::tone_wav;
use crate::workshop::{Outcome, ROUTINES, Workshop, read_wav};

/// A routine of pauses alone, so that its length is known by heart.
const FOUR_MINUTES: &str = "title = \"Quiet\"\n[[steps]]\nbell = \"low\"\n[[steps]]\npause = \"3m53s\"\n";

fn plan(workshop: &Workshop, arguments: &[&str]) -> Value {
    let arguments = ["plan", "--json"].iter().chain(arguments);
    serde_json::from_str(&workshop.run(arguments).success()).expect("JSON")
}

#[test]
fn every_routine_becomes_a_file_of_exactly_the_frames_of_its_plan_in_both_voices() {
    let workshop = Workshop::new();
    for routine in ROUTINES {
        for voice in ["ada", "ben"] {
            workshop.run(["export", routine, "--voice", voice, "-o", "session.wav"]).success();
            let (channels, rate, samples) = read_wav(&workshop.path("session.wav"));
            assert_eq!((channels, rate), (2, 48_000));
            let frames = plan(&workshop, &[routine, "--voice", voice])["frames"].as_u64().unwrap();
            assert_eq!((samples.len() / 2) as u64, frames, "{routine} by {voice}");
        }
    }
}

#[test]
fn one_thread_and_many_and_a_second_run_write_the_same_bytes() {
    let workshop = Workshop::new();
    for (name, threads) in [("one.wav", "1"), ("many.wav", "7"), ("again.wav", "7")] {
        workshop.run(["export", "desk-break", "-o", name, "--threads", threads]).success();
    }
    let bytes = |name| fs::read(workshop.path(name)).unwrap();
    assert!(bytes("one.wav") == bytes("many.wav") && bytes("many.wav") == bytes("again.wav"));
}

#[test]
fn standard_output_carries_the_same_bytes_as_a_file() {
    let workshop = Workshop::new();
    workshop.run(["export", "morning", "-o", "session.wav"]).success();
    let piped = workshop.command().args(["export", "morning", "-o", "-"]).output().unwrap();
    assert!(piped.status.success());
    assert!(piped.stdout == fs::read(workshop.path("session.wav")).unwrap());
}

#[test]
fn two_parts_laid_end_to_end_are_the_whole() {
    let workshop = Workshop::new();
    workshop.run(["export", "morning", "-o", "whole.wav"]).success();
    workshop.run(["export", "morning", "-o", "first.wav", "--until", "93.217s"]).success();
    workshop.run(["export", "morning", "-o", "second.wav", "--from", "93.217s"]).success();
    let [whole, mut first, second] =
        ["whole.wav", "first.wav", "second.wav"].map(|name| read_wav(&workshop.path(name)).2);
    first.extend(second);
    assert!(first == whole);
}

#[test]
fn words_and_bells_come_from_the_centre_and_are_the_same_in_mono() {
    let workshop = Workshop::new();
    workshop.run(["export", "desk-break", "--tone", "off", "-o", "stereo.wav"]).success();
    workshop.run(["export", "desk-break", "--tone", "off", "-o", "mono.wav", "--mono"]).success();
    let (_, _, stereo) = read_wav(&workshop.path("stereo.wav"));
    let (channels, _, mono) = read_wav(&workshop.path("mono.wav"));
    assert_eq!(channels, 1);
    assert!(stereo.chunks_exact(2).zip(&mono).all(|(frame, sample)| frame == [*sample; 2]));
    assert_eq!(stereo.len(), mono.len() * 2);
}

#[test]
fn another_rate_keeps_every_time() {
    let workshop = Workshop::new();
    let (at_48, at_44) = (plan(&workshop, &["morning"]), plan(&workshop, &["morning", "--rate", "44100"]));
    assert_eq!(at_44["sample_rate"], 44_100);
    let seconds = |plan: &Value, value: &Value| value.as_f64().unwrap() / plan["sample_rate"].as_f64().unwrap();
    let (left, right) = (at_48["regions"].as_array().unwrap(), at_44["regions"].as_array().unwrap());
    assert_eq!(left.len(), right.len());
    for (left, right) in left.iter().zip(right) {
        let apart = seconds(&at_48, &left["start"]) - seconds(&at_44, &right["start"]);
        assert!(apart.abs() < 0.005, "{left} {right}");
    }
    workshop.run(["export", "morning", "-o", "session.wav", "--rate", "44100"]).success();
    let (_, rate, samples) = read_wav(&workshop.path("session.wav"));
    assert_eq!((rate, (samples.len() / 2) as u64), (44_100, at_44["frames"].as_u64().unwrap()));
}

#[test]
fn silence_between_cues_is_digital_silence() {
    let workshop = Workshop::new();
    workshop.run(["export", "morning", "-o", "session.wav", "--mono"]).success();
    let (_, _, samples) = read_wav(&workshop.path("session.wav"));
    let mut sounding = vec![false; samples.len()];
    for region in plan(&workshop, &["morning"])["regions"].as_array().unwrap() {
        let (start, frames) = (region["start"].as_u64().unwrap() as usize, region["frames"].as_u64().unwrap() as usize);
        sounding[start..start + frames].fill(true);
    }
    let silent = sounding.iter().filter(|sounding| !**sounding).count();
    assert!(silent > samples.len() / 4, "{silent} of {}", samples.len());
    assert!(samples.iter().zip(&sounding).all(|(sample, sounding)| *sounding || *sample == 0));
}

#[test]
fn a_session_too_long_for_a_wav_is_refused_before_anything_is_written() {
    let workshop = Workshop::new();
    workshop.file("long.toml", "title = \"Long\"\n[[steps]]\nbell = \"low\"\n[[steps]]\npause = \"6h30m\"\n");
    let error = workshop.run(["export", "long.toml", "-o", "long.wav"]).failure(3);
    assert!(error.contains("at most 4 GiB") && error.contains("--mono"), "{error}");
    assert_eq!(workshop.files(), ["long.toml"]);
    // One channel takes half the bytes, and so it fits.
    workshop.run(["export", "long.toml", "-o", "long.wav", "--mono"]).success();
    let mut head = [0; 44];
    File::open(workshop.path("long.wav")).and_then(|mut file| file.read_exact(&mut head)).unwrap();
    let bytes = u32::from_le_bytes(head[40..].try_into().unwrap());
    assert_eq!(bytes, 2 * 48_000 * (6 * 3600 + 30 * 60 + 7));
    assert!(fs::metadata(workshop.path("long.wav")).unwrap().len() >= 44 + u64::from(bytes));
}

/// A WAV's chunks, each with its name.
fn chunks(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let (mut chunks, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let size = u32::from_le_bytes(bytes[at + 4..at + 8].try_into().unwrap()) as usize;
        let name = String::from_utf8(bytes[at..at + 4].to_vec()).unwrap();
        chunks.push((name, bytes[at + 8..at + 8 + size].to_vec()));
        at = (at + 8 + size).next_multiple_of(2);
    }
    assert_eq!(at, bytes.len(), "the last byte is there");
    chunks
}

#[test]
fn a_wav_has_a_marker_where_each_pose_begins_whatever_it_is_called() {
    let workshop = Workshop::new();
    let long = "long ".repeat(1000);
    let routine = format!(
        "title = \"Marked\"\n[[steps]]\npose = \"mine\"\n[[steps]]\npose = \"other\"\n\
         [poses.mine]\nname = \"{long}\"\nposition = \"supine\"\nhold = \"4s\"\n\
         [poses.other]\nname = \"وضعية الطفل\"\nposition = \"supine\"\nhold = \"4s\"\n"
    );
    workshop.file("marked.toml", routine);
    let arguments = ["marked.toml", "--missing", "bell", "--mono"];
    let planned = plan(&workshop, &arguments);
    workshop.run(["export", "-o", "marked.wav"].iter().chain(&arguments)).success();
    let bytes = fs::read(workshop.path("marked.wav")).unwrap();
    let found = chunks(&bytes[12..]);
    assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["fmt ", "data", "cue ", "LIST"]);
    let places: Vec<u64> =
        found[2].1[4..].chunks(24).map(|cue| u32::from_le_bytes(cue[20..].try_into().unwrap()).into()).collect();
    let labels: Vec<_> = chunks(&found[3].1[4..])
        .into_iter()
        .map(|(_, label)| String::from_utf8(label[4..label.len() - 1].to_vec()).unwrap())
        .collect();
    let chapters = planned["chapters"].as_array().unwrap();
    assert_eq!(places, chapters.iter().map(|chapter| chapter["start"].as_u64().unwrap()).collect::<Vec<_>>());
    assert_eq!(labels, chapters.iter().map(|chapter| chapter["title"].as_str().unwrap()).collect::<Vec<_>>());
    assert!(labels.iter().any(|label| label.contains("الطفل")) && labels.iter().any(|label| label.len() > 4000));
    // A stem has none; in 24 bit, an odd number of samples is made even.
    let odd = ["--until", "1.00003s", "--stems", "stems", "-q"];
    workshop.run(["export"].iter().chain(&arguments).chain(&odd)).success();
    for entry in fs::read_dir(workshop.path("stems")).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert_eq!(u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize, bytes.len() - 8);
        let found = chunks(&bytes[12..]);
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].1.len(), 48_001 * 3);
    }
}

#[test]
#[ignore = "needs ffprobe and soxi; tests/run.sh installs them"]
fn other_programs_read_a_wav_and_its_markers() {
    let workshop = Workshop::new();
    workshop.run(["export", "desk-break", "-o", "session.wav"]).success();
    let read = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).arg(workshop.path("session.wav")).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let planned = plan(&workshop, &["desk-break"]);
    assert_eq!(read("soxi", &["-s"]).trim(), planned["frames"].as_u64().unwrap().to_string());
    let shown: Value =
        serde_json::from_str(&read("ffprobe", &["-v", "error", "-show_chapters", "-of", "json"])).unwrap();
    let shown = shown["chapters"].as_array().unwrap().iter();
    let shown: Vec<_> = shown.map(|chapter| (&chapter["start"], &chapter["tags"]["title"])).collect();
    let planned = planned["chapters"].as_array().unwrap().iter();
    assert_eq!(shown, planned.map(|chapter| (&chapter["start"], &chapter["title"])).collect::<Vec<_>>());
}

#[test]
fn an_output_that_cannot_be_is_refused_with_what_to_do() {
    let workshop = Workshop::new();
    fs::create_dir(workshop.path("folder")).unwrap();
    for (output, expected) in [
        ("nowhere/session.wav", "there is no folder nowhere"),
        ("folder", "it is a folder"),
        ("folder.wav/", "it is a folder"),
        ("session.ogg", "expected a name that ends in"),
    ] {
        let error = workshop.run(["export", "morning", "-o", output]).failure(3);
        assert!(error.contains(expected) && error.contains("help: "), "{output}: {error}");
    }
    fs::create_dir(workshop.path("taken.wav")).unwrap();
    let error = workshop.run(["export", "morning", "-o", "taken.wav"]).failure(3);
    assert!(error.contains("it is a folder"), "{error}");
    assert_eq!(workshop.files(), ["folder", "taken.wav"]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_said_plainly() {
    let error = Workshop::new().run(["export", "morning", "-o", "/dev/full"]).failure(3);
    assert!(error.contains("the disk is full"), "{error}");
}

#[test]
fn a_failed_export_leaves_the_old_file_as_it_was_and_nothing_beside_it() {
    let workshop = Workshop::new();
    workshop.file("session.wav", "what was there").file("voice/own/a.wav", tone_wav()).file(
        "routine.toml",
        "title = \"Own\"\n[[steps]]\nsay = \"own/a\"\n[[steps]]\nsay = \"own/b\"\n[cues]\n\"own/a\" = \"A.\"\n\"own/b\" = \"B.\"\n",
    );
    workshop.run(["export", "routine.toml", "--voice", "./voice", "-o", "session.wav"]).failure(1);
    assert_eq!(fs::read(workshop.path("session.wav")).unwrap(), b"what was there");
    assert_eq!(workshop.files(), ["routine.toml", "session.wav", "voice"]);
}

#[test]
fn a_file_that_is_replaced_is_replaced_whole() {
    let workshop = Workshop::new();
    workshop.file("quiet.toml", FOUR_MINUTES).file("session.wav", vec![1; 100_000_000]);
    workshop.run(["export", "quiet.toml", "-o", "session.wav"]).success();
    let (_, _, samples) = read_wav(&workshop.path("session.wav"));
    assert_eq!(samples.len(), 2 * 240 * 48_000);
}

#[test]
#[cfg(unix)]
fn an_interrupted_export_leaves_no_file() {
    let workshop = Workshop::new();
    // Five hours of bells take a while, at any speed.
    workshop.file("bells.toml", "title = \"Bells\"\n[[steps]]\nrepeat = 2500\n[[steps.steps]]\nbell = \"low\"\n");
    let arguments = ["export", "bells.toml", "-o", "bells.wav", "--threads", "1"];
    let mut child = workshop.command().args(arguments).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while workshop.files().len() < 2 {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing is being written");
        std::thread::sleep(Duration::from_millis(5));
    }
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    child.wait().unwrap();
    let outcome = Outcome::of(child.wait_with_output().unwrap());
    assert_eq!((outcome.status, outcome.stderr.trim()), (130, ""));
    assert_eq!(workshop.files(), ["bells.toml"]);
}

#[test]
fn words_go_to_standard_error_and_quiet_means_quiet() {
    let workshop = Workshop::new();
    workshop.file("quiet.toml", FOUR_MINUTES);
    let loud = workshop.run(["export", "quiet.toml", "-o", "a.wav"]);
    assert_eq!((loud.stdout.as_str(), loud.stderr.as_str()), ("", "a.wav: Quiet, 4:00\n"));
    let quiet = workshop.run(["-q", "export", "quiet.toml", "-o", "b.wav"]);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
}

#[test]
#[cfg(unix)]
fn a_link_to_where_nothing_is_yet_is_written_through() {
    let workshop = Workshop::new();
    std::fs::create_dir(workshop.path("far")).expect("a folder");
    std::os::unix::fs::symlink("far/away.wav", workshop.path("here.wav")).expect("a link");
    workshop.run(["export", "morning", "--until", "1s", "-o", "here.wav"]).success();
    assert!(workshop.path("here.wav").is_symlink() && workshop.path("far/away.wav").is_file());
    // A circle of links leads nowhere, and one into a folder that is not there cannot be followed.
    std::os::unix::fs::symlink("b.wav", workshop.path("a.wav")).expect("a link");
    std::os::unix::fs::symlink("a.wav", workshop.path("b.wav")).expect("a link");
    std::os::unix::fs::symlink("none/c.wav", workshop.path("c.wav")).expect("a link");
    for name in ["a.wav", "c.wav"] {
        workshop.run(["export", "morning", "--until", "1s", "-o", name]).failure(3);
        assert!(workshop.path(name).is_symlink(), "{name}");
    }
}

#[test]
fn what_can_be_refused_is_refused_before_the_long_work() {
    let workshop = Workshop::new();
    // A bed that is broken comes to light when it is decoded, which may take long: after everything else.
    workshop.file("bed.wav", "no sound");
    workshop.file("long.toml", "title = \"Long\"\n[[steps]]\npause = \"7h\"\n");
    let export = |more: &[&str]| {
        let arguments = ["export", "./long.toml", "--bed", "bed.wav", "--rate", "96000"];
        workshop.run(arguments.iter().chain(more))
    };
    assert!(export(&["-o", "none/long.wav"]).failure(3).contains("no folder none"));
    assert!(export(&["-o", "long.wav"]).failure(3).contains("at most 4 GiB"));
    assert!(export(&["--stems", "stems"]).failure(3).contains("at most 4 GiB"));
    assert!(export(&["-o", "long.wav", "--from", "8h"]).failure(3).contains("nothing is left"));
    export(&["-o", "long.wav", "--until", "1m"]).failure(1);
    assert!(!workshop.path("long.wav").exists() && !workshop.path("stems").exists());
}
