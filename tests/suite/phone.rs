//! `export` to what a phone plays: the sound of the WAV, where it was, with a chapter for each pose.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::workshop::{Workshop, read_wav};

/// What a player shows of a file.
pub fn shown(workshop: &Workshop, name: &str) -> Value {
    let mut command = Command::new("ffprobe");
    command.args(["-v", "error", "-show_format", "-show_streams", "-show_chapters", "-of", "json"]);
    let output = command.arg(workshop.path(name)).output().expect("ffprobe is not installed");
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A file's samples, interleaved, read by a decoder that did not write it.
pub fn decoded(workshop: &Workshop, name: &str, rate: u32) -> Vec<i16> {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-i"]).arg(workshop.path(name));
    command.args(["-map", "0:a", "-f", "s16le", "-ar", &rate.to_string(), "-"]);
    let output = command.output().expect("ffmpeg is not installed");
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
}

pub fn seconds(value: &Value) -> f64 {
    value.as_str().expect("a number in a string").parse().expect("a number")
}

pub fn chapters(shown: &Value) -> Vec<(String, f64)> {
    let chapters = shown["chapters"].as_array().expect("chapters").iter();
    chapters.map(|each| (each["tags"]["title"].as_str().unwrap().into(), seconds(&each["start_time"]))).collect()
}

/// How far, in dB, the noise lies below the sound: the mean over all parts of 20 ms in which something sounds, each held within 0
/// and 60 dB.
pub fn segmental_snr(original: &[i16], heard: &[i16]) -> f64 {
    let parts = original.chunks(960).zip(heard.chunks(960));
    let power = |samples: &mut dyn Iterator<Item = f64>| samples.map(|sample| sample * sample).sum::<f64>();
    let ratios: Vec<f64> = parts
        .filter_map(|(original, heard)| {
            let signal = power(&mut original.iter().map(|sample| f64::from(*sample)));
            let mut apart = original.iter().zip(heard).map(|(left, right)| f64::from(*left) - f64::from(*right));
            let loud = signal / original.len() as f64 > 1e4;
            loud.then(|| (10.0 * (signal / power(&mut apart).max(1e-9)).log10()).clamp(0.0, 60.0))
        })
        .collect();
    assert!(ratios.len() > 100, "something sounds");
    ratios.iter().sum::<f64>() / ratios.len() as f64
}

/// By how many frames a mono sound is late: where it is most like the original, in the ten loudest stretches.
pub fn late(original: &[i16], heard: &[i16]) -> i64 {
    const MOST: i64 = 3000;
    const STRETCH: usize = 4800;
    let power = |at: &usize| original[*at..at + STRETCH].iter().map(|sample| i64::from(*sample).pow(2)).sum::<i64>();
    let mut loud: Vec<usize> = (0..original.len() - STRETCH).step_by(STRETCH).collect();
    loud.sort_by_cached_key(|at| std::cmp::Reverse(power(at)));
    loud.truncate(10);
    let product = |shift: i64| -> f64 {
        let at = |sample: usize| heard.get((sample as i64 + shift) as usize).map_or(0.0, |sample| f64::from(*sample));
        loud.iter().flat_map(|from| *from..from + STRETCH).map(|sample| f64::from(original[sample]) * at(sample)).sum()
    };
    (-MOST..=MOST).max_by(|one, other| product(*one).total_cmp(&product(*other))).unwrap()
}

/// The session as a WAV, the sound of another format, and its chapters are one.
fn assert_same_session(ending: &str, more: &[&str], least_snr: f64) {
    let workshop = Workshop::new();
    let name = format!("session.{ending}");
    for output in ["session.wav", &name] {
        workshop.run(["export", "desk-break", "-o", output].iter().chain(more)).success();
    }
    let (channels, rate, original) = read_wav(&workshop.path("session.wav"));
    let length = (original.len() / channels) as f64 / f64::from(rate);
    let shown = shown(&workshop, &name);
    let duration = seconds(&shown["format"]["duration"]);
    assert!((duration - length).abs() < 0.025, "{duration} s instead of {length} s");
    // This decoder gives the last packet of AAC to its end, whatever the edit list says.
    let heard = decoded(&workshop, &name, rate);
    assert!((0..1024 * channels).contains(&(heard.len() - original.len())), "{} of {}", heard.len(), original.len());
    if channels == 1 {
        assert_eq!(late(&original, &heard), 0);
    }
    let snr = segmental_snr(&original, &heard);
    println!("{name} {more:?}: {snr:.1} dB, {} bytes", fs::metadata(workshop.path(&name)).unwrap().len());
    assert!(snr >= least_snr, "{snr} dB");
    let planned = more.iter().filter(|option| !matches!(**option, "--quality" | "standard"));
    let arguments = ["plan", "desk-break", "--json"].iter().chain(planned);
    let plan: Value = serde_json::from_str(&workshop.run(arguments).success()).unwrap();
    let planned = plan["chapters"].as_array().unwrap();
    let found = chapters(&shown);
    assert_eq!(found.len(), planned.len());
    for ((title, start), chapter) in found.iter().zip(planned) {
        assert_eq!(title, chapter["title"].as_str().unwrap());
        assert!((start - chapter["start"].as_f64().unwrap() / f64::from(rate)).abs() < 0.001, "{title} at {start} s");
    }
    let tags = shown["format"]["tags"].as_object().unwrap();
    let tag = |name: &str| tags.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone());
    assert_eq!(tag("title"), Some(plan["title"].clone()));
    assert_eq!((tag("album"), tag("artist")), (Some("desk-break".into()), Some("Ada".into())));
    assert_eq!(tag("genre"), Some("Yoga".into()));
}

#[test]
#[ignore = "needs ffmpeg and ffprobe; tests/run.sh installs them"]
fn an_m4a_is_the_session_with_its_chapters_and_begins_where_it_does() {
    assert_same_session("m4a", &["--mono", "--tone", "off", "--rate", "48000", "--quality", "standard"], 20.0);
    assert_same_session("m4b", &["--mono=false", "--rate", "48000", "--quality", "standard"], 15.0);
    assert_same_session("m4a", &["--mono", "--tone", "off", "--rate", "44100", "--quality", "standard"], 20.0);
}

#[test]
#[ignore = "needs ffprobe; tests/run.sh installs it"]
fn a_part_has_the_chapters_that_are_heard_in_it() {
    let workshop = Workshop::new();
    workshop.run(["export", "desk-break", "-o", "whole.m4a"]).success();
    let whole = chapters(&shown(&workshop, "whole.m4a"));
    let from = format!("{:.3}s", whole[1].1 + 10.0);
    workshop.run(["export", "desk-break", "-o", "part.m4a", "--from", &from]).success();
    let part = chapters(&shown(&workshop, "part.m4a"));
    assert_eq!(part[0], (whole[1].0.clone(), 0.0));
    assert_eq!(part.len(), whole.len() - 1);
    assert!((part[1].1 - (whole[2].1 - whole[1].1 - 10.0)).abs() < 0.002, "{part:?}");
}

#[test]
fn a_phone_file_has_the_same_bytes_for_any_number_of_threads() {
    let workshop = Workshop::new();
    for (name, threads) in [("one.m4a", "1"), ("many.m4a", "7")] {
        let arguments = ["export", "morning", "--until", "60s", "-o", name, "--threads", threads];
        workshop.run(arguments).success();
    }
    assert!(fs::read(workshop.path("one.m4a")).unwrap() == fs::read(workshop.path("many.m4a")).unwrap());
}

#[test]
fn what_a_phone_file_cannot_hold_is_refused_before_anything_is_written() {
    let workshop = Workshop::new();
    let error = workshop.run(["export", "morning", "-o", "session.m4a", "--rate", "192000"]).failure(3);
    assert!(error.contains("AAC has no rate of 192000 Hz") && error.contains("help: "), "{error}");
    let error = workshop.run(["export", "morning", "-o", "session.mp4"]).failure(3);
    assert!(error.contains(".m4a, .m4b") && error.contains(".wav"), "{error}");
    assert!(workshop.files().is_empty(), "{:?}", workshop.files());
}

#[test]
fn a_session_is_named_after_its_routine_and_a_name_without_an_ending_is_a_file_for_phones() {
    let workshop = Workshop::new();
    let said = workshop.run(["export", "morning", "--until", "2s"]);
    assert_eq!(said.stderr, "morning.m4a: Morning, 0:02\n");
    let said = workshop.run(["export", "morning", "--until", "2s", "-o", "tuesday"]);
    assert_eq!(said.stderr, "tuesday.m4a: Morning, 0:02\n");
    workshop.file("my-own.toml", fs::read("routines/morning.toml").unwrap());
    workshop.run(["export", "./my-own.toml", "--until", "2s"]).success();
    assert_eq!(workshop.files(), ["morning.m4a", "my-own.m4a", "my-own.toml", "tuesday.m4a"]);
}

#[test]
fn a_file_that_nobody_named_takes_the_place_of_none_but_its_own_kind() {
    let workshop = Workshop::new();
    workshop.run(["export", "morning", "--until", "2s"]).success();
    let first = fs::read(workshop.path("morning.m4a")).unwrap();
    workshop.run(["export", "morning", "--until", "3s"]).success();
    assert_ne!(fs::read(workshop.path("morning.m4a")).unwrap(), first);
    workshop.file("morning.m4a", "a song of somebody else");
    let error = workshop.run(["export", "morning", "--until", "2s"]).failure(3);
    assert!(error.contains("not one of catcow's") && error.contains("-o morning.m4a"), "{error}");
    assert_eq!(fs::read(workshop.path("morning.m4a")).unwrap(), b"a song of somebody else");
    workshop.run(["export", "morning", "--until", "2s", "-o", "morning.m4a"]).success();
}

#[test]
fn a_file_for_phones_has_one_channel_unless_something_is_in_stereo() {
    let workshop = Workshop::new();
    let bytes = |more: &[&str]| {
        workshop.run(["export", "morning", "--from", "60s", "--until", "80s"].iter().chain(more)).success();
        fs::read(workshop.path("morning.m4a")).unwrap()
    };
    assert!(bytes(&[]) == bytes(&["--mono"]) && bytes(&[]) != bytes(&["--mono=false"]));
    let rain = ["--bed", "rain"];
    assert!(bytes(&rain) == bytes(&["--bed", "rain", "--mono=false"]));
    assert!(bytes(&rain) != bytes(&["--bed", "rain", "--mono"]));
}

#[test]
fn better_quality_takes_more_bytes_and_a_bitrate_wins_over_it() {
    let workshop = Workshop::new();
    let bytes = |more: &[&str]| {
        workshop.run(["export", "morning", "--from", "60s", "--until", "80s"].iter().chain(more)).success();
        fs::metadata(workshop.path("morning.m4a")).unwrap().len()
    };
    let sizes = ["voice", "standard", "high"].map(|quality| bytes(&["--quality", quality]));
    assert!(sizes.is_sorted() && sizes[0] < sizes[1] && sizes[1] < sizes[2], "{sizes:?}");
    assert!(bytes(&["--quality", "high", "--bitrate", "24k"]) < sizes[1]);
    let error = workshop.run(["export", "morning", "--bitrate", "64"]).failure(2);
    assert!(error.contains("512k"), "{error}");
}
