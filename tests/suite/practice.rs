//! What a session owes the person who practises: the doses of the practice, words that are true when they are said, a rest
//! that no clock runs in, and an end after which nothing is said.

use std::process::Command;

use serde_json::Value;

use crate::workshop::PRACTICES;

const RATE: f64 = 48_000.0;
/// A breath of all built-in routines, in seconds.
const BREATH: f64 = 10.0;

/// The plan of a built-in routine, as the program tells it.
fn planned(routine: &str, arguments: &[&str]) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_catcow"));
    command.args(["plan", "--json", routine]).args(arguments).env("CATCOW_HOME", "/nonexistent");
    let output = command.env("CATCOW_CONFIG", "/nonexistent/config.toml").output().unwrap();
    assert!(output.status.success(), "{routine} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Something in a plan: what it is, and when it begins and ends, in seconds.
struct Span {
    what: String,
    start: f64,
    end: f64,
}

fn spans(plan: &Value, list: &str, of: impl Fn(&Value) -> Option<String>) -> Vec<Span> {
    let span = |each: &Value| {
        let (start, frames) = (each["start"].as_f64().unwrap() / RATE, each["frames"].as_f64().unwrap() / RATE);
        of(each).map(|what| Span { what, start, end: start + frames })
    };
    plan[list].as_array().unwrap().iter().filter_map(span).collect()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// The cues that are said.
fn said(plan: &Value) -> Vec<Span> {
    spans(plan, "regions", |each| text(&each["cue"]).filter(|_| each["track"] == "voice"))
}

/// The holds of a pose.
fn holds(plan: &Value, pose: &str) -> Vec<f64> {
    let of = |each: &Value| text(&each["pose"]).filter(|name| name == pose && each["phase"] == "hold");
    spans(plan, "phases", of).iter().map(|hold| hold.end - hold.start).collect()
}

/// How long the breaths of a flow last together, on all sides.
fn flow(plan: &Value, pose: &str) -> f64 {
    let breath = |each: &Value| each["phase"] == "inhale" || each["phase"] == "exhale";
    let of = |each: &Value| text(&each["pose"]).filter(|name| name == pose && breath(each));
    spans(plan, "phases", of).iter().map(|part| part.end - part.start).sum()
}

/// The poses of a plan, in order.
fn poses(plan: &Value) -> Vec<String> {
    let mut poses: Vec<String> =
        spans(plan, "phases", |each| text(&each["pose"])).into_iter().map(|it| it.what).collect();
    poses.dedup();
    poses
}

fn all_within(lengths: &[f64], least: f64, most: f64) -> bool {
    lengths.iter().all(|length| (least - 0.01..=most + 0.01).contains(length))
}

#[test]
fn every_routine_gives_the_doses_of_the_practice_where_nothing_is_asked_for() {
    for routine in PRACTICES {
        let plan = planned(routine, &[]);
        let poses = poses(&plan);
        let has = |pose: &str| poses.iter().any(|each| each == pose);
        let is = |true_of_it: bool, what: &str| assert!(true_of_it, "{routine}: {what}");
        if has("cat-cow") {
            is((50.0..=70.0).contains(&flow(&plan, "cat-cow")), "a minute of cat and cow");
            let after = poses.iter().skip_while(|pose| *pose != "cat-cow").nth(1);
            is(after.is_some_and(|pose| pose == "childs-pose"), "then child's pose");
            is(all_within(&holds(&plan, "childs-pose"), 60.0, 120.0), "child's pose one to two minutes");
        }
        if has("prone-leg-extensions") {
            let holds = holds(&plan, "prone-leg-extensions");
            is(holds.len() >= 6 && all_within(&holds, 3.0, 3.0), "three seconds, several rounds a leg");
        }
        if has("downward-dog") {
            let long: Vec<f64> = holds(&plan, "downward-dog").into_iter().filter(|hold| *hold > 20.0).collect();
            is(long.len() == 5 && all_within(&long, 5.0 * BREATH, 5.0 * BREATH), "five breaths, five times");
        }
        if has("two-knee-twist") {
            is(all_within(&holds(&plan, "two-knee-twist"), 60.0, 120.0), "one to two minutes a side");
        }
        if has("supine-twist") {
            is(all_within(&holds(&plan, "supine-twist"), 3.0 * BREATH, 7.0 * BREATH), "a few breaths a side");
        }
        if has("legs-up-the-wall") {
            is(all_within(&holds(&plan, "legs-up-the-wall"), 300.0, 300.0), "five minutes up the wall");
        }
        if has("bridge") {
            is((3..=4).contains(&holds(&plan, "bridge").len()), "three to four bridges");
        }
        if has("rest") {
            is(all_within(&holds(&plan, "rest"), 120.0, f64::MAX), "a rest of two minutes or more");
        }
        let place = |pose: &str| poses.iter().position(|each| each == pose);
        for strong in ["prone-leg-extensions", "downward-dog", "bird-dog", "bridge"] {
            is(place("cat-cow").is_none_or(|warm| place(strong).is_none_or(|at| warm < at)), "warm before strong");
        }
        let wall = poses.iter().skip_while(|pose| *pose != "legs-up-the-wall").skip(1);
        is(wall.clone().all(|pose| pose == "rest"), "the wall and the rest come last");
    }
}

#[test]
fn six_and_seven_dogs_belong_to_the_strong_days() {
    for (level, times) in [("1", 3), ("2", 4), ("3", 5), ("4", 6), ("5", 7)] {
        let plan = planned("gentle-back", &["--level", level]);
        let long = holds(&plan, "downward-dog").into_iter().filter(|hold| *hold > 20.0).count();
        assert_eq!(long, times, "at level {level}");
    }
}

/// What a cue says how long it will be: in breaths, or in seconds.
fn announced(cue: &str) -> Option<(bool, f64)> {
    let (number, unit) = cue.strip_prefix("stay/")?.split_once('-')?;
    let number: f64 = number.parse().ok()?;
    match unit {
        "breaths" => Some((true, number)),
        "seconds" => Some((false, number)),
        _ => Some((false, number * 60.0)),
    }
}

#[test]
fn what_is_announced_is_what_follows_in_every_session() {
    let mut checked = 0;
    for routine in PRACTICES {
        for level in ["1", "2", "3", "4", "5"] {
            for guidance in ["full", "fading", "names"] {
                for voice in ["ada", "ben"] {
                    let plan = planned(routine, &["--level", level, "--guidance", guidance, "--voice", voice]);
                    let holds = spans(&plan, "phases", |each| text(&each["phase"]));
                    for cue in said(&plan) {
                        let Some((breaths, number)) = announced(&cue.what) else { continue };
                        let hold = holds.iter().find(|hold| (hold.start..hold.end).contains(&cue.start)).unwrap();
                        let left = hold.end - cue.start;
                        let at = format!("{routine} {level} {guidance} {voice}: {} with {left:.1} s left", cue.what);
                        if breaths {
                            assert!((left / BREATH - number).abs() <= 0.5 + 1e-6, "{at}");
                        } else {
                            assert!((left / number - 1.0).abs() <= 0.1 + 1e-6, "{at}");
                        }
                        checked += 1;
                    }
                }
            }
        }
    }
    assert!(checked > 500, "{checked} announcements");
}

#[test]
fn no_clock_runs_in_a_rest_and_its_end_comes_as_an_invitation() {
    for (routine, pose) in [("gentle-back", "rest"), ("lying-down", "rest"), ("strong-back", "rest")] {
        for level in ["1", "3", "5"] {
            let plan = planned(routine, &["--level", level]);
            let of = |each: &Value| text(&each["pose"]).filter(|name| name == pose && each["phase"] == "hold");
            let rest = spans(&plan, "phases", of).pop().unwrap();
            let within = |cue: &&Span| (rest.start..rest.end).contains(&cue.start);
            let words: Vec<String> = said(&plan).iter().filter(within).map(|cue| cue.what.clone()).collect();
            assert!(!words.iter().any(|cue| cue == "mark/half" || cue == "mark/nearly"), "{routine}: {words:?}");
            assert_eq!(words.last().map(String::as_str), Some("mark/deepen"), "{routine}: {words:?}");
        }
    }
}

#[test]
fn nothing_is_said_after_the_goodbye_and_nobody_gets_up_before_the_last_words() {
    const GOODBYES: [&str; 5] =
        ["closing/thanks", "closing/good-night", "closing/morning", "closing/desk-break", "closing/rise"];
    for routine in PRACTICES {
        let words = said(&planned(routine, &[]));
        let last = &words.last().unwrap().what;
        assert!(GOODBYES.contains(&last.as_str()), "{routine} ends with {last}");
        let ups = words.iter().position(|cue| cue.what == "closing/rise");
        assert!(ups.is_none_or(|up| up + 2 >= words.len()), "{routine} talks on to one who gets up");
    }
}

#[test]
fn lying_down_goes_by_the_side_from_wherever_it_begins() {
    let script = std::fs::read_to_string("voice_clips/script.toml").unwrap();
    for from in ["kneeling", "hands-and-knees", "seated"] {
        let line = script.lines().find(|line| line.starts_with(&format!("\"move/{from}-to-supine\""))).unwrap();
        assert!(line.contains("onto your right side") && !line.contains("lie back"), "{line}");
    }
}
