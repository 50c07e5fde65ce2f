//! The settings file, the environment, `catcow config`, and what wins over what.

use serde_json::Value;

use crate::workshop::{Outcome, Workshop};

const ROUTINE: &str = "
title = \"Mine\"
length = \"3m\"
breath = \"5-7\"
guidance = \"full\"
[[steps]]
say = [\"safety/physician\", \"safety/stop\"]
[[steps]]
pose = \"cat-cow\"
for = \"30s..4m\"
[[steps]]
breathe = \"4-6\"
rounds = 2
";

fn workshop(settings: &str) -> Workshop {
    let workshop = Workshop::new();
    workshop.file("home/config.toml", settings).file("mine.toml", ROUTINE);
    workshop
}

/// The lengths of the phases of one kind in one pose, in frames.
fn lengths(plan: &Value, pose: &str, phase: &str) -> Vec<u64> {
    let phases = plan["phases"].as_array().expect("phases").iter();
    let wanted = phases.filter(|each| each["pose"] == pose && each["phase"] == phase);
    wanted.map(|each| each["frames"].as_u64().expect("frames")).collect()
}

fn plan(outcome: Outcome) -> Value {
    serde_json::from_str(&outcome.success()).expect("JSON")
}

/// The line of `catcow config` that begins with `name`, in words.
fn line<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    page.lines().find(|line| line.starts_with(name)).expect("a line").split_whitespace().skip(1).collect()
}

#[test]
fn the_command_line_wins_over_the_environment_over_the_settings_over_the_routine() {
    let workshop = workshop("guidance = \"names\"\n");
    let config = |arguments: &[&str], variable: &str| {
        let mut command = workshop.command();
        command.args(["config", "mine.toml"]).args(arguments).env("CATCOW_GUIDANCE", variable);
        Outcome::of(command.output().expect("it runs")).success()
    };
    let shown = config(&["--guidance", "bells"], "fading");
    assert_eq!(line(&shown, "guidance"), ["bells", "command", "line,", "--guidance"]);
    assert_eq!(line(&config(&[], "fading"), "guidance"), ["fading", "environment,", "CATCOW_GUIDANCE"]);
    let shown = config(&[], "");
    assert_eq!(line(&shown, "guidance")[..2], ["names", "settings,"], "{shown}");
    assert!(shown.contains("config.toml:1\n"), "{shown}");
    workshop.file("home/config.toml", "");
    assert_eq!(line(&config(&[], ""), "guidance"), ["full", "the", "routine", "`mine`"]);
    assert_eq!(line(&config(&[], ""), "voice"), ["ada", "built", "in"]);
}

#[test]
fn what_is_set_is_what_is_heard() {
    let workshop = workshop("voice = \"ben\"\nguidance = \"bells\"\nrate = 44100\nmono = true\n");
    let planned = plan(workshop.run(["plan", "mine.toml", "--json"]));
    assert_eq!(
        (&planned["voice"], &planned["sample_rate"], &planned["channels"]),
        (&"ben".into(), &44_100.into(), &1.into())
    );
    let regions = planned["regions"].as_array().expect("regions").iter();
    let said: Vec<_> = regions.filter_map(|region| region["cue"].as_str()).collect();
    assert!(said.contains(&"safety/physician") && said.contains(&"safety/stop"), "safety is always said: {said:?}");
    assert!(!said.iter().any(|cue| cue.starts_with("cat-cow/")), "{said:?}");
    let stereo = plan(workshop.run(["plan", "mine.toml", "--json", "--mono=false", "--voice", "ada"]));
    assert_eq!((&stereo["voice"], &stereo["channels"]), (&"ada".into(), &2.into()));
}

#[test]
fn a_persons_breath_paces_the_poses_and_breathing_alone_keeps_its_pattern() {
    let workshop = workshop("breath = \"6-8\"\n");
    let planned = plan(workshop.run(["plan", "mine.toml", "--json", "--level", "1"]));
    assert!(lengths(&planned, "cat-cow", "inhale").iter().all(|frames| *frames == 6 * 48_000));
    assert!(lengths(&planned, "cat-cow", "exhale").iter().all(|frames| *frames == 8 * 48_000));
    assert_eq!(lengths(&planned, "breathing", "inhale"), [4 * 48_000; 2]);
    let nearer = plan(workshop.run(["plan", "mine.toml", "--json", "--level", "1", "--breath", "5-5"]));
    assert!(lengths(&nearer, "cat-cow", "exhale").iter().all(|frames| *frames == 5 * 48_000));
}

#[test]
fn a_breath_too_quick_for_the_words_is_left_out_where_it_stands_and_refused_where_it_is_asked_for() {
    let workshop = workshop("breath = \"2-2\"\n");
    let run = workshop.run(["plan", "gentle-back"]);
    assert!(run.stderr.contains("its own breath is kept"), "{}", run.stderr);
    run.success();
    let refused = workshop.run(["plan", "gentle-back", "--breath", "2-2"]).failure(1);
    assert!(refused.contains("cue-too-long"), "{refused}");
}

#[test]
fn a_length_in_the_settings_is_met_where_the_routine_allows_it() {
    let workshop = workshop("length = \"4m\"\n");
    let seconds = |outcome: Outcome| plan(outcome)["frames"].as_u64().expect("frames") / 48_000;
    assert_eq!(seconds(workshop.run(["plan", "mine.toml", "--json"])), 240);
    assert_eq!(seconds(workshop.run(["plan", "mine.toml", "--json", "--length", "3m30s"])), 210);
    workshop.file("home/config.toml", "length = \"50m\"\n");
    let run = workshop.run(["plan", "mine.toml", "--json"]);
    assert!(run.stderr.contains("a length of 50:00") && run.stderr.contains("config.toml:1"), "{}", run.stderr);
    assert_eq!(seconds(run), 180, "the routine's own length is kept");
    assert!(workshop.run(["plan", "mine.toml", "--length", "50m"]).failure(1).contains("length-out-of-range"));
}

#[test]
fn a_length_in_the_settings_leaves_steps_out_but_does_no_routine_twice() {
    let workshop = Workshop::new();
    workshop.file("home/config.toml", "length = \"10m\"\n");
    let seconds = |outcome: Outcome| plan(outcome)["frames"].as_u64().expect("frames") as f64 / 48_000.0;
    assert_eq!(seconds(workshop.run(["plan", "gentle-back", "--json"])), 600.0, "it has more in it than ten minutes");
    let desk = workshop.run(["plan", "desk-break", "--json"]);
    assert!(desk.stderr.contains("a length of 10:00") && desk.stderr.contains("config.toml:1"), "{}", desk.stderr);
    assert!(seconds(desk) < 400.0, "it is as long as it is");
    assert_eq!(seconds(workshop.run(["plan", "desk-break", "--json", "--length", "10m"])), 600.0);
}

#[test]
fn a_level_on_the_command_line_is_not_outdone_by_a_length_in_the_settings() {
    let workshop = workshop("length = \"4m\"\n");
    let with = plan(workshop.run(["plan", "mine.toml", "--json", "--level", "1"]));
    workshop.file("home/config.toml", "");
    let without = plan(workshop.run(["plan", "mine.toml", "--json", "--level", "1"]));
    assert_eq!(with["frames"], without["frames"]);
}

#[test]
fn a_folder_in_the_settings_is_found_from_the_settings() {
    let workshop = workshop("voice = \"./voices/me\"\n");
    workshop.file("home/voices/me/voice.toml", "name = \"Me\"\n");
    let planned = plan(workshop.run(["plan", "mine.toml", "--json", "--missing", "bell"]));
    assert_eq!(planned["voice"], "me");
}

#[test]
fn a_mistake_in_the_settings_has_its_line_and_the_nearest_right_key() {
    let workshop = workshop("voice = \"ada\"\nguidence = \"bells\"\nlevel = 7\nmono = \"yes\"\n");
    for verb in [&["plan", "mine.toml"][..], &["config"], &["list"], &["check", "mine.toml"]] {
        let shown = workshop.run(verb).failure(1);
        assert!(shown.contains("config.toml:2:1"), "{shown}");
        assert!(shown.contains("did you mean `guidance`?"), "{shown}");
        assert!(shown.contains("expected a whole number from 1 to 5, found 7"), "{shown}");
        assert!(shown.contains("expected `true` or `false`, found the text \"yes\""), "{shown}");
    }
    let mut command = workshop.command();
    workshop.file("home/config.toml", "");
    command.args(["config"]).env("CATCOW_BREATH", "fast");
    let shown = Outcome::of(command.output().expect("it runs")).failure(1);
    assert!(shown.contains("CATCOW_BREATH:1:10"), "{shown}");
}

#[test]
fn without_a_settings_file_config_says_where_it_would_be() {
    let workshop = Workshop::new();
    let shown = workshop.run(["config"]).success();
    let path = workshop.path("home/config.toml");
    assert!(shown.contains(&format!("The settings file: {} (not there yet", path.display())), "{shown}");
}

#[test]
fn a_length_in_seconds_that_was_meant_in_minutes_is_asked_about() {
    let workshop = workshop("");
    let said = workshop.run(["plan", "gentle-back", "--length", "30"]).failure(1);
    assert!(said.contains("found 30s") && said.contains("did you mean \"30m\"?"), "{said}");
    assert!(said.contains("`catcow list` shows how short"), "{said}");
    let said = workshop.run(["plan", "mine.toml", "--length", "9h"]).failure(1);
    assert!(!said.contains("did you mean") && !said.contains("`catcow list`"), "{said}");
}
