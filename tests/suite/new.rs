//! `catcow new`: a beginning that is right as it stands.

use std::fs;

use serde_json::Value;

use crate::workshop::{Workshop, golden};

#[test]
fn a_new_routine_teaches_and_passes_the_check() {
    let workshop = Workshop::new();
    let begin = ["new", "my-back", "--poses", "cat-cow,childs-pose,bridge", "--length", "15m"];
    let said = workshop.run(begin);
    assert!(said.stderr.contains("my-back.toml: a routine of "), "{}", said.stderr);
    said.success();
    golden("new/my-back.toml", &fs::read_to_string(workshop.path("my-back.toml")).expect("a routine"));
    let checked = workshop.run(["check", "--strict", "my-back.toml"]);
    assert!(checked.stderr.contains("a routine of 15:00"), "{}", checked.stderr);
    checked.success();
}

#[test]
fn every_pose_can_be_begun_with_and_the_safety_words_are_said() {
    for pose in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/routines/poses")).expect("poses").flatten() {
        let id = pose.path().file_stem().expect("a name").to_string_lossy().into_owned();
        let workshop = Workshop::new();
        for name in ["--poses=", "--poses=cat-cow,", "--poses=rest,"] {
            let path = workshop.path("begun.toml");
            workshop.run(["new", "begun", &format!("{name}{id}")]).success();
            workshop.run(["check", "--strict", "begun.toml"]).success();
            let plan = workshop.run(["plan", "begun.toml", "--json", "--guidance", "bells"]).success();
            let plan: Value = serde_json::from_str(&plan).expect("JSON");
            let regions = plan["regions"].as_array().expect("regions");
            for cue in ["safety/physician", "safety/stop"] {
                assert!(regions.iter().any(|region| region["cue"] == cue), "{id}: {cue}");
            }
            fs::remove_file(path).expect("begun");
        }
    }
}

#[test]
fn whatever_length_is_wanted_is_met_or_refused_with_the_bounds() {
    fn begin(length: &str) -> [&str; 6] {
        ["new", "begun", "--poses", "cat-cow,bridge,supine-twist,legs-up-the-wall", "--length", length]
    }
    let workshop = Workshop::new();
    for minutes in [13, 15, 20, 30, 45, 90] {
        workshop.run(begin(&format!("{minutes}m"))).success();
        let plan: Value =
            serde_json::from_str(&workshop.run(["plan", "begun.toml", "--json"]).success()).expect("JSON");
        assert_eq!(plan["frames"], minutes * 60 * 48_000);
        fs::remove_file(workshop.path("begun.toml")).expect("begun");
    }
    for (length, help) in [("5m", "choose fewer poses"), ("6h", "choose more poses")] {
        let shown = workshop.run(begin(length)).failure(1);
        assert!(shown.contains("length-out-of-range") && shown.contains(help), "{length}: {shown}");
    }
    assert!(workshop.files().is_empty());
}

#[test]
fn nothing_is_overwritten_and_nothing_wrong_is_written() {
    let workshop = Workshop::new();
    workshop.file("mine.toml", "precious");
    for name in ["mine", "mine.toml", "./mine"] {
        assert!(workshop.run(["new", name]).failure(3).contains("there is a file of that name already"));
    }
    assert_eq!(fs::read_to_string(workshop.path("mine.toml")).expect("there"), "precious");
    assert!(workshop.run(["new", "other", "--poses", "cat-cwo"]).failure(1).contains("did you mean `cat-cow`?"));
    assert!(
        workshop.run(["new", "other", "--poses", "cat-cow\"\nx"]).failure(1).contains("expected the names of poses")
    );
    assert!(workshop.run(["new", "Not A Name"]).failure(1).contains("lower-case words"));
    workshop.run(["new", "no-folder/other"]).failure(3);
    assert_eq!(workshop.files(), ["mine.toml"]);
}

#[test]
fn a_routine_can_be_copied_to_be_changed_and_sounds_the_same() {
    let workshop = Workshop::new();
    for routine in ["morning", "gentle-back"] {
        workshop.run(["new", "mine", "--like", routine]).success();
        let [copy, whole] =
            ["mine.toml", routine].map(|routine| workshop.run(["plan", routine, "--vtt", "-"]).success());
        assert_eq!(copy, whole);
        fs::remove_file(workshop.path("mine.toml")).expect("a copy");
    }
    assert!(workshop.run(["new", "mine", "--like", "mornin"]).failure(1).contains("did you mean `morning`?"));
    workshop.run(["new", "mine", "--like", "morning", "--poses", "bridge"]).failure(2);
    assert!(workshop.files().is_empty());
}
