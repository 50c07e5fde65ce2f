//! What is shown: lists, cue sheets, completions.

use serde_json::Value;

use crate::workshop::{NINE, ROUTINES, Workshop, golden};

#[test]
fn the_cue_sheets_of_the_built_in_routines_are_as_they_were() {
    let workshop = Workshop::new();
    let known = catcow::load::Library::open(None).unwrap().routines();
    assert_eq!(known, ROUTINES, "none is forgotten here");
    for routine in ROUTINES {
        golden(&format!("cue_sheets/{routine}.txt"), &workshop.run(["plan", routine]).success());
    }
}

#[test]
fn the_list_shows_what_there_is_with_both_ends_of_every_length() {
    let page = Workshop::new().run(["list"]).success();
    for routine in ROUTINES {
        let line = page.lines().find(|line| line.trim_start().starts_with(routine)).expect("a line");
        assert!(line.contains(" – "), "{line}");
    }
    for pose in NINE {
        assert!(page.contains(&format!("  {pose} ")), "{pose}");
    }
    assert!(page.contains("  ada ") && page.contains("  ben "));
}

#[test]
fn a_length_that_is_asked_for_is_the_length_to_the_frame() {
    let workshop = Workshop::new();
    for (routine, length) in
        [("gentle-back", 1800u64), ("gentle-back", 2401), ("morning", 420), ("strong-back", 1999), ("breathing", 600)]
    {
        let length_text = length.to_string();
        for rate in [44_100, 48_000] {
            let rate_text = rate.to_string();
            let plan =
                workshop.run(["plan", routine, "--json", "--length", &length_text, "--rate", &rate_text]).success();
            let plan: Value = serde_json::from_str(&plan).unwrap();
            assert_eq!(plan["frames"], length * rate, "{routine} {length} s at {rate}");
        }
    }
}

#[test]
fn both_sides_of_every_pose_last_the_same_number_of_frames() {
    let workshop = Workshop::new();
    for routine in ROUTINES {
        for rate in ["44100", "48000"] {
            let plan: Value = serde_json::from_str(
                &workshop.run(["plan", routine, "--json", "--level", "2", "--rate", rate]).success(),
            )
            .unwrap();
            let mut sides = std::collections::BTreeMap::<(String, String), u64>::new();
            let practised = plan["phases"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|phase| phase["side"].is_string() && phase["phase"] != "switch");
            for phase in practised {
                let key = (phase["pose"].as_str().unwrap().to_owned(), phase["side"].as_str().unwrap().to_owned());
                *sides.entry(key).or_default() += phase["frames"].as_u64().unwrap();
            }
            let mut poses = std::collections::BTreeMap::<&str, Vec<u64>>::new();
            sides.iter().for_each(|((pose, _), frames)| poses.entry(pose).or_default().push(*frames));
            for (pose, frames) in poses {
                assert!(frames.len() == 2 && frames[0] == frames[1], "{routine} {pose}: {frames:?}");
            }
        }
    }
}

#[test]
fn chapters_follow_each_other_without_gaps_from_the_first_frame_to_the_last() {
    let workshop = Workshop::new();
    for routine in ROUTINES {
        let plan: Value = serde_json::from_str(&workshop.run(["plan", routine, "--json"]).success()).unwrap();
        assert_eq!(plan["version"], 1);
        let mut end = 0;
        for chapter in plan["chapters"].as_array().unwrap() {
            assert_eq!(chapter["start"].as_u64().unwrap(), end);
            end += chapter["frames"].as_u64().unwrap();
        }
        assert_eq!(plan["frames"].as_u64().unwrap(), end);
    }
}

#[test]
fn completions_are_there_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = Workshop::new().run(["completions", shell]).success();
        assert!(script.contains("catcow") && script.contains("export"), "{shell}");
    }
}

#[test]
fn colour_is_for_terminals_only() {
    let workshop = Workshop::new();
    let error = workshop.run(["plan", "no-such-routine"]).failure(1);
    assert!(!error.contains('\x1b'), "{error:?}");
}

#[test]
fn inhale_is_cow_and_exhale_is_cat() {
    let sheet = Workshop::new().run(["plan", "gentle-back"]).success();
    let says = |phase: &str, word: &str| {
        sheet.lines().filter(|line| line.contains(phase)).any(|line| line.to_lowercase().contains(word))
    };
    assert!(says("· inhale", "into cow") && says("· exhale", "into cat"));
    assert!(!says("· inhale", "into cat") && !says("· exhale", "into cow"));
}

#[test]
fn every_session_says_what_it_owes_under_every_guidance() {
    let workshop = Workshop::new();
    for routine in ROUTINES {
        for guidance in ["full", "fading", "names", "bells"] {
            let sheet = workshop.run(["plan", routine, "--guidance", guidance]).success();
            for words in ["ask your physician first", "stop at once"] {
                assert_eq!(sheet.matches(words).count(), 1, "{routine} {guidance}: {words}");
            }
        }
    }
}

#[test]
fn the_help_is_broken_where_the_terminal_ends_and_nowhere_else() {
    let help = Workshop::new().run(["help"]).success();
    let after = help.split_once("Begin with").expect("what comes after the options").1;
    for paragraph in after.split("\n\n") {
        let lines: Vec<&str> = paragraph.trim_end().lines().collect();
        let short = lines[..lines.len() - 1].iter().find(|line| line.len() < 70);
        assert!(short.is_none(), "{help}");
    }
}
