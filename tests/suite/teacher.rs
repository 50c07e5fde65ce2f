//! What a teacher who has never programmed writes, records and types: one clear answer each, all at once, nothing harmed.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::wav::tone_wav;
use crate::workshop::Workshop;

/// A routine with these lines in it.
fn routine(lines: &str) -> String {
    format!("title = \"Tuesday\"\n{lines}\n")
}

/// What `check` says of a routine with these lines; it must be refused.
#[track_caller]
fn refused(lines: &str) -> String {
    Workshop::new().file("tuesday.toml", routine(lines)).run(["check", "tuesday.toml"]).failure(1)
}

#[test]
fn a_list_tells_every_wrong_item_at_its_own_place() {
    let said = refused("[[steps]]\nsay = [\"Safety/Stop\", 3, \"safety/stop \", true]");
    assert_eq!(said.matches("error[").count(), 4, "{said}");
    assert!(said.contains("tuesday.toml:3:23") && said.contains("found the number 3"), "{said}");
}

#[test]
fn to_say_nothing_is_no_step() {
    let said = refused("[[steps]]\nsay = []");
    assert!(
        said.contains("`say`: expected at least one cue, found none") && said.contains("tuesday.toml:3:7"),
        "{said}"
    );
}

#[test]
fn one_pair_of_brackets_is_one_mistake_with_the_way_to_mend_it() {
    let said = refused("[steps]\npause = \"1s\"");
    assert_eq!(said.matches("error[").count(), 1, "{said}");
    assert!(said.contains("begun by `[[steps]]`"), "{said}");
}

#[test]
fn a_name_without_letters_is_missed() {
    let workshop = Workshop::new();
    workshop.file("blank.toml", "title = \" \"\n[[steps]]\npause = \"1s\"\n");
    let said = workshop.run(["check", "blank.toml"]).failure(1);
    assert!(said.contains("`title`: expected words, found none"), "{said}");
}

#[test]
fn no_text_reaches_the_terminal_with_its_control_characters() {
    let said = refused("summary = \"a\\u001b[31mb\"\n[[steps]]\npause = \"1s\"");
    assert!(said.contains("`summary`: expected plain text, found the control character U+001B"), "{said}");
}

#[test]
fn words_in_several_lines_are_shown_in_one() {
    let workshop = Workshop::new();
    let words = "[[steps]]\nsay = \"own/words\"\n[cues]\n\"own/words\" = \"\"\"Breathe in,\n  and out.\"\"\"";
    workshop.file("tuesday.toml", routine(words));
    let sheet = workshop.run(["plan", "--missing", "bell", "./tuesday.toml"]).success();
    assert!(sheet.contains("Breathe in, and out."), "{sheet}");
}

#[test]
fn curly_quotes_and_open_quotes_are_told_how_to_mend() {
    let curly = refused("summary = “For the back”\n[[steps]]\npause = \"1s\"");
    assert!(curly.contains("help: write straight quotes: `summary = \"For the back\"`"), "{curly}");
    let open = refused("summary = \"For the back\n[[steps]]\npause = \"1s\"");
    assert!(open.contains("help: close the text with `\"` on the same line"), "{open}");
    let twice = refused("summary = \"a\"\nsummary = \"b\"\n[[steps]]\npause = \"1s\"");
    assert!(twice.contains("help: keep one of the two"), "{twice}");
}

#[test]
fn a_wrong_cue_is_told_together_with_all_else() {
    let said = refused("[[steps]]\nsay = \"safety/stopp\"\n[[steps]]\npause = \"soon\"");
    assert!(said.contains("error[unknown-cue]") && said.contains("did you mean `safety/stop`?"), "{said}");
    assert!(said.contains("error[wrong-value]"), "{said}");
}

#[test]
fn a_pose_of_ones_own_is_checked_though_no_step_uses_it_yet() {
    let said = refused(
        "[[steps]]\npause = \"1s\"\n[poses.lunge]\nname = \"Lunge\"\nposition = \"standing\"\nhold = \"1m\"\nsides = [\"left\", \"left\"]",
    );
    assert!(said.contains("expected each side once"), "{said}");
}

#[test]
fn new_words_of_setup_want_their_own_times_and_the_arrow_stands_in_the_authors_file() {
    let said = refused("[[steps]]\npose = \"childs-pose\"\nsetup = [\"childs-pose/knees\", \"childs-pose/fold\"]");
    assert!(said.contains("tuesday.toml:4:10") && !said.contains("built-in:"), "{said}");
    assert!(said.contains("`settle`: expected one time or 2, one for each cue, found the pose's 4"), "{said}");
}

#[test]
fn what_is_said_once_for_all_sides_names_none() {
    for key in ["setup", "release"] {
        for pose in ["knees-to-chest", "supine-twist"] {
            let said = refused(&format!(
                "[[steps]]\npose = \"{pose}\"\n{key} = \"twist/drop-{{side}}\"\nsettle = 5\nleave = 5"
            ));
            assert!(
                said.contains("error[no-sides]") && said.contains("said once for all sides"),
                "{pose} {key}: {said}"
            );
        }
    }
}

#[test]
fn a_pose_is_known_as_one_though_its_keys_be_misspelt() {
    let workshop = Workshop::new();
    workshop.file("dip.toml", "name = \"Dip\"\npostion = \"kneeling\"\nhold = \"1m\"\n");
    let said = workshop.run(["check", "dip.toml"]).failure(1);
    assert!(said.contains("expected a key of a pose, found `postion`"), "{said}");
    workshop.file("poses/dip.toml", "nam = \"Dip\"\n");
    let said = workshop.run(["check", "poses/dip.toml"]).failure(1);
    assert!(said.contains("expected a key of a pose, found `nam`"), "{said}");
}

#[test]
fn a_pose_is_no_routine_and_is_known_as_a_pose() {
    let said = Workshop::new().run(["plan", "cat-cow"]).failure(1);
    assert!(said.contains("`cat-cow` is a pose"), "{said}");
}

#[test]
fn a_file_that_cannot_be_read_hides_no_other() {
    let workshop = Workshop::new();
    workshop.file("one.toml", routine("[[steps]]\npauze = \"1s\"")).file("two.toml", routine("[[steps]]\nsey = \"x\""));
    let said = workshop.run(["check", "one.toml", "none.toml", "two.toml"]).failure(3);
    assert!(said.contains("one.toml:2") && said.contains("none.toml") && said.contains("two.toml:2"), "{said}");
    workshop.run(["check", "none.toml"]).failure(3);
}

#[test]
fn a_folder_without_recordings_is_no_voice() {
    let workshop = Workshop::new();
    fs::create_dir(workshop.path("voice")).unwrap();
    let said = workshop.run(["check", "voice"]).failure(1);
    assert!(said.contains("expected recordings in voice, found none"), "{said}");
}

#[test]
fn a_recording_whose_name_is_no_cue_is_told_its_right_name() {
    let workshop = Workshop::new();
    workshop.file("voice/cat-cow/Inhale Full.WAV", tone_wav()).file("voice/cat-cow/release.wav", tone_wav());
    workshop.file("voice/cat-cow/exhale.wma", "x").file("voice/cat-cow/._release.wav", "x");
    let said = workshop.run(["check", "voice"]).failure(1);
    assert!(said.contains("Inhale Full.WAV") && said.contains("name it `cat-cow/inhale-full.WAV`"), "{said}");
    assert!(said.contains("exhale.wma") && !said.contains("._release"), "{said}");
    // What is not a cue stands in nobody's way.
    workshop.run(["plan", "morning", "--voice", "./voice", "--missing", "bell"]).success();
}

#[test]
fn one_broken_voice_hides_no_other_from_the_list() {
    let workshop = Workshop::new();
    workshop.file("home/voice_clips/mine/voice.toml", "nam = \"Mine\"");
    let page = workshop.run(["list"]).success();
    assert!(page.contains("  mine ") && page.contains("has mistakes: see `catcow check`"), "{page}");
    assert!(page.contains("  ben "), "{page}");
}

#[cfg(unix)]
#[test]
fn a_pipe_among_the_recordings_keeps_nobody_waiting() {
    let workshop = Workshop::new();
    workshop.file("voice/safety/stop.wav", tone_wav());
    let made = std::process::Command::new("mkfifo").arg(workshop.path("voice/pipe.wav")).status().expect("mkfifo");
    assert!(made.success());
    let said = ends(&workshop, &["check", "voice"]);
    assert!(said.contains("pipe.wav") && said.contains("it is no file"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_text_without_end_is_refused() {
    let said = ends(&Workshop::new(), &["check", "/dev/zero"]);
    assert!(said.contains("expected a plain file, found a device"), "{said}");
}

/// What a run says that is to end by itself, soon.
#[track_caller]
fn ends(workshop: &Workshop, arguments: &[&str]) -> String {
    let mut child = workshop.command().args(arguments).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > patience {
            child.kill().unwrap();
            panic!("{arguments:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap()
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_or_round_in_a_circle_are_told_once() {
    let workshop = Workshop::new();
    workshop.file("voice/safety/stop.wav", tone_wav());
    std::os::unix::fs::symlink("nowhere", workshop.path("voice/safety/gone.wav")).unwrap();
    std::os::unix::fs::symlink("..", workshop.path("voice/safety/round")).unwrap();
    let said = workshop.run(["check", "voice"]).failure(1);
    assert_eq!(said.matches("error[").count(), 2, "{said}");
    assert!(said.contains("a link to nothing") && said.contains("a link back to a folder it stands in"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_file_that_is_protected_is_not_replaced() {
    use std::os::unix::fs::PermissionsExt;
    let workshop = Workshop::new();
    workshop.file("kept.wav", "kept");
    fs::set_permissions(workshop.path("kept.wav"), fs::Permissions::from_mode(0o444)).unwrap();
    let said = workshop.run(["export", "morning", "-o", "kept.wav"]).failure(3);
    assert!(said.contains("it is write-protected"), "{said}");
    assert_eq!(fs::read(workshop.path("kept.wav")).unwrap(), b"kept");
    assert_eq!(workshop.files(), ["kept.wav"]);
}

#[test]
fn where_the_way_is_not_said_the_name_comes_before_it() {
    let workshop = Workshop::new();
    for guidance in ["names", "bells"] {
        let plan = workshop.run(["plan", "gentle-back", "--json", "--guidance", guidance]).success();
        let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
        let regions = plan["regions"].as_array().unwrap();
        for way in plan["phases"].as_array().unwrap().iter().filter(|phase| phase["phase"] == "move") {
            let chapters = plan["chapters"].as_array().unwrap();
            let pose = chapters.iter().rfind(|chapter| chapter["start"].as_u64() <= way["start"].as_u64()).unwrap();
            let told = |region: &&serde_json::Value| region["start"] == pose["start"] && way["start"] != pose["start"];
            assert!(regions.iter().any(|region| told(&region)), "{guidance}: {way} has {pose}");
        }
    }
}

#[test]
fn every_hold_from_three_quarters_of_a_minute_to_twenty_says_how_long_it_is() {
    let workshop = Workshop::new();
    for seconds in (45..=1200).step_by(6) {
        workshop.file("rest.toml", routine(&format!("[[steps]]\npose = \"rest\"\nhold = {seconds}")));
        let sheet = workshop.run(["plan", "./rest.toml"]).success();
        assert!(sheet.contains("Stay here for "), "{seconds} s:\n{sheet}");
    }
}

#[test]
fn what_is_no_block_and_what_has_no_quotes_is_told_how_to_be_written() {
    let said = refused("steps = [\"cat-cow\"]");
    assert!(said.contains("expected a block begun by `[[steps]]`") && !said.contains("a table"), "{said}");
    for (line, mended) in [
        ("summary = Calm", "write it in quotes: `summary = \"Calm\"`"),
        ("summary = My class", "write it in quotes"),
        ("breath = 4-6", "write it in quotes"),
        ("length = 1:30", "write it in quotes: `length = \"1:30\"`"),
        ("length = 10m..12m", "write it in quotes"),
        ("summary = 'Calm", "close the text with `'`"),
        ("summary: \"Calm\"", "write `=` between"),
        ("length = \"15m\",", "and nothing after it"),
        ("cues.my/words = \"Hello.\"", "write what stands before the `=` in quotes"),
        ("[[steps]\npause = \"1s\"", "close it with both brackets"),
    ] {
        let said = refused(&format!("{line}\n[[steps]]\nbell = \"low\""));
        assert!(said.contains(mended), "{line}: {said}");
    }
}

#[test]
fn a_flow_is_not_held() {
    let said = refused("[[steps]]\npose = \"cat-cow\"\nhold = \"1m\"");
    assert!(said.contains("expected `for` or `rounds` for a flow, found `hold`"), "{said}");
}

#[test]
fn what_is_typed_wrong_after_new_is_told_as_it_was_typed() {
    let workshop = Workshop::new();
    let said = workshop.run(["new", "My Class"]).failure(1);
    assert!(said.contains("`catcow new my-class`"), "{said}");
    let said = workshop.run(["new", "tuesday", "--poses", "cat-cow,childpose"]).failure(1);
    assert!(said.contains("did you mean `childs-pose`?") && !said.contains("tuesday.toml"), "{said}");
}

#[test]
fn a_file_or_a_folder_that_is_here_is_told_how_to_be_named() {
    let workshop = Workshop::new();
    workshop.file("tuesday.toml", routine("[[steps]]\nbell = \"low\"")).file("mine/breath/in.wav", tone_wav());
    let said = workshop.run(["plan", "tuesday"]).failure(1);
    assert!(said.contains("for the file of that name here, write `tuesday.toml`"), "{said}");
    let said = workshop.run(["plan", "morning", "--voice", "mine"]).failure(1);
    assert!(said.contains("for the folder of that name here, write `./mine`"), "{said}");
}

#[test]
fn a_folder_kept_for_old_recordings_does_no_harm() {
    let workshop = Workshop::new();
    workshop
        .file("voice/breath/in.wav", tone_wav())
        .file("voice/breath.old/in.wav", tone_wav())
        .file("tuesday.toml", routine("[[steps]]\nsay = \"breath/in\""));
    let outcome = workshop.run(["check", "tuesday.toml", "--voice", "./voice"]);
    assert!(!outcome.stderr.contains("two-clips"), "{}", outcome.stderr);
    workshop.run(["plan", "tuesday.toml", "--voice", "./voice"]).success();
}

#[test]
fn a_broken_pose_is_never_called_an_unknown_one() {
    let workshop = Workshop::new();
    workshop.file("poses/lean.toml", "name = \"Lean\"\nposition = \"supine\"\nhold = \"ten\"\n").file(
        "tuesday.toml",
        routine("[[steps]]\npose = \"lean\"\nrounds = 2\n[[steps]]\npose = \"lean\"\nrounds = 3"),
    );
    let said = workshop.run(["check", "tuesday.toml"]).failure(1);
    assert!(said.contains("lean.toml:3") && said.matches("error[").count() == 1, "{said}");
    // And an unknown one is, whatever else is wrong.
    workshop.file("tuesday.toml", routine("[[steps]]\npose = \"lean\"\n[[steps]]\npose = \"leen\""));
    let said = workshop.run(["check", "tuesday.toml"]).failure(1);
    assert!(said.matches("unknown-pose").count() == 1 && said.contains("did you mean `lean`?"), "{said}");
}

#[test]
fn a_step_may_give_a_stillness_phases_of_its_own() {
    let workshop = Workshop::new();
    let phases = "[[steps.phases]]\nbreath = \"inhale\"\n[[steps.phases]]\nbreath = \"exhale\"";
    workshop.file("tuesday.toml", routine(&format!("[[steps]]\npose = \"childs-pose\"\nfor = \"1m\"\n{phases}")));
    let plan = workshop.run(["plan", "tuesday.toml"]).success();
    assert!(plan.contains("round 6") || plan.contains("last round"), "{plan}");
}

#[test]
fn a_routine_of_one_length_is_said_to_have_one() {
    let workshop = Workshop::new();
    workshop.file("tuesday.toml", routine("[[steps]]\nsay = \"safety/stop\"\n[[steps]]\nbell = \"low\""));
    let said = workshop.run(["plan", "tuesday.toml", "--length", "9m"]).failure(1);
    let length =
        said.split_once("expected a length of ").expect("a length").1.split_once(" for `tuesday`").expect("a name").0;
    assert!(length.starts_with("0:") && !length.contains(" to "), "{said}");
}

#[test]
fn a_number_that_programmers_write_is_refused_and_not_misread() {
    let said = refused("[[steps]]\npause = 0x10");
    assert!(said.contains("`pause`: expected a number in tens, found one in base 16"), "{said}");
}

#[test]
fn a_missing_cue_of_each_side_is_told() {
    let said = refused("[[steps]]\npose = \"supine-twist\"\nreminders = [\"my/look-{side}\"]");
    assert!(said.contains("`my/look-left`") && said.contains("`my/look-right`"), "{said}");
}

#[test]
fn a_side_is_not_asked_for_where_none_is_meant() {
    let with = |keys: &str| refused(&format!("[[steps]]\npose = \"cat-cow\"\nrounds = 3\n{keys}"));
    let said =
        with("sides = [\"right\", \"left\"]\norder = \"alternate\"\nrest = \"20s\"\nresting = \"my/rest-{side}\"");
    assert!(said.contains("error[no-sides]") && said.contains("a rest comes after both"), "{said}");
    let said = with("sides = [\"one\", \"two\", \"three\"]\nswitching = \"my/from-{other}\"");
    assert!(said.contains("error[no-sides]"), "{said}");
}

#[test]
fn a_routine_of_years_is_too_long_and_nothing_worse() {
    let repeats = "[[steps]]\nrepeat = 10000\n[[steps.steps]]\nrepeat = 10000\n[[steps.steps.steps]]\nrepeat = 10000\n";
    let pose = "[[steps.steps.steps.steps]]\npose = \"long\"\n[poses.long]\nname = \"Long\"\nposition = \"supine\"\nhold = \"10000 breaths\"\nbreath = \"60-60\"\nsides = [\"right\", \"left\"]\norder = \"alternate\"\nrounds = 10000";
    let workshop = Workshop::new();
    workshop.file("tuesday.toml", routine(&format!("{repeats}{pose}")));
    workshop.run(["plan", "tuesday.toml", "--length", "20m"]).failure(1);
}

#[test]
fn both_ends_that_are_shown_can_be_asked_for() {
    let workshop = Workshop::new();
    for routine in ["breathing", "desk-break", "morning", "lying-down"] {
        let sheet = workshop.run(["plan", routine]).success();
        let ends =
            sheet.lines().last().unwrap().strip_prefix("This routine can last from ").unwrap().trim_end_matches('.');
        for end in ends.split(" to ") {
            let (minutes, seconds) = end.split_once(':').unwrap();
            let plan = workshop.run(["plan", routine, "--length", &format!("{minutes}m{seconds}s")]).success();
            assert!(plan.lines().next().unwrap().contains(&format!(" {end} ")), "{end}: {plan}");
        }
    }
}

#[test]
fn a_stillness_is_not_filled_with_itself() {
    let said = refused("[[steps]]\npose = \"childs-pose\"\nfor = \"3m\"");
    assert!(said.contains("error[unused-for]") && said.contains("write `hold = \"3m\"`"), "{said}");
}

#[test]
fn words_that_a_built_in_voice_does_not_say_are_not_shown_as_heard() {
    let own = "[[steps]]\nsay = \"safety/stop\"\n[cues]\n\"safety/stop\" = \"If it hurts, stop.\"";
    let said = refused(own);
    assert!(said.contains("error[missing-clip]") && said.contains("If it hurts, stop."), "{said}");
}

#[test]
fn a_sitting_in_silence_is_asked_about() {
    let workshop = Workshop::new();
    workshop.file(
        "tuesday.toml",
        routine("[[steps]]\nbell = \"low\"\n[[steps]]\npause = \"20m\"\n[[steps]]\nbell = \"low\""),
    );
    let outcome = workshop.run(["check", "tuesday.toml"]);
    assert!(outcome.stderr.contains("long-silence"), "{}", outcome.stderr);
}

#[test]
fn a_rest_too_short_for_words_nobody_wrote_goes_without_them() {
    let workshop = Workshop::new();
    workshop.file("tuesday.toml", routine("[[steps]]\npose = \"cat-cow\"\nrounds = 4\nrest = \"2s\""));
    workshop.run(["plan", "tuesday.toml"]).success();
    // A change of side that is too short is mended where it stands.
    let said = refused("[[steps]]\npose = \"supine-twist\"\nswitch = \"1s\"");
    assert!(said.contains("tuesday.toml:4:"), "{said}");
}

#[test]
fn a_folder_is_no_name_for_a_session() {
    let workshop = Workshop::new();
    let said = workshop.run(["export", "morning", "-o", "."]).failure(3);
    assert!(said.contains("it is a folder") && said.contains("for example ./session.m4a"), "{said}");
}

/// A pose of one's own with these lines in it.
fn own_pose(lines: &str) -> String {
    format!("name = \"Sphinx\"\nposition = \"prone\"\nhold = \"1m\"\n{lines}\n")
}

#[test]
fn what_a_pose_is_for_is_told_in_known_words_and_a_slip_gets_the_nearest() {
    let said = |lines: &str| {
        Workshop::new().file("poses/sphinx.toml", own_pose(lines)).run(["check", "poses/sphinx.toml"]).failure(1)
    };
    for (slip, found, help) in [
        ("focus = [\"hips\", \"hamstring\"]", "found \"hamstring\"", "did you mean `hamstrings`?"),
        ("loads = \"wrist\"", "found \"wrist\"", "did you mean `wrists`?"),
        ("needs = \"walls\"", "found \"walls\"", "did you mean `wall`?"),
        ("warms = [\"x\"]", "expected one of lower-back, upper-back", "write, for example, `warms = \"lower-back\"`"),
        ("effort = 6", "expected a whole number from 1 to 5, found 6", ""),
    ] {
        let said = said(slip);
        assert!(said.contains(found) && said.contains(help) && said.contains("sphinx.toml:4"), "{slip}: {said}");
    }
    let right = "focus = \"chest\"\nloads = [\"lower-back\"]\nneeds = \"wall\"\neffort = 2\nwarms = [\"lower-back\"]\n\
                 counters = [\"childs-pose\"]";
    Workshop::new().file("poses/sphinx.toml", own_pose(right)).run(["check", "poses/sphinx.toml"]).success();
}
