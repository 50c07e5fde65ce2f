//! A class as a teacher writes it at the first try: words in place, times as people write them, names that teachers use.

use crate::workshop::Workshop;

/// A workshop with the routine `tuesday.toml`.
fn class(lines: &str) -> Workshop {
    let workshop = Workshop::new();
    workshop.file("tuesday.toml", format!("title = \"Tuesday\"\n{lines}\n"));
    workshop
}

/// The cue sheet of a class with these lines, recorded or not.
#[track_caller]
fn sheet(lines: &str) -> String {
    class(lines).run(["plan", "--missing", "bell", "tuesday.toml"]).success()
}

/// What `check` says of a class with these lines; it must be refused.
#[track_caller]
fn refused(lines: &str) -> String {
    class(lines).run(["check", "tuesday.toml"]).failure(1)
}

/// What `check` warns of in a class with these lines.
#[track_caller]
fn warned(lines: &str) -> String {
    let outcome = class(lines).run(["check", "--missing", "bell", "tuesday.toml"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    outcome.stderr
}

const TREE: &str = "[[steps]]\npose = \"tree\"\n[poses.tree]\nname = \"Tree\"\nsetup = \"Stand tall.\"\nhold = \"30s\"\n\
                    release = \"Put your foot down.\"\n";

#[test]
fn words_stand_where_they_are_said() {
    let said = sheet(
        "[[steps]]\nsay = \"Welcome to class.\"\n[[steps]]\npose = \"tree\"\n[poses.tree]\nname = \"Tree\"\nsides = [\"right\", \
         \"left\"]\nsetup = [\"Stand tall.\", \"Feet apart.\"]\nhold = \"5 breaths\"\ncue = \"Lift your {side} foot.\"\nrelease = \
         \"Put it down.\"",
    );
    let mut rest = &said[..];
    for words in [
        "Welcome to class.",
        "Stand tall.",
        "Feet apart.",
        "Lift your right foot.",
        "Lift your left foot.",
        "Put it down.",
    ] {
        let at = rest.find(words).unwrap_or_else(|| panic!("{words} in its turn: {said}"));
        rest = &rest[at..];
    }
}

#[test]
fn the_same_words_are_recorded_once_by_a_name_that_is_readable() {
    let workshop = class("[[steps]]\nsay = [\"Breathe, now.\", \"Breathe now!\", \"Füße fest.\"]");
    let said = workshop.run(["check", "tuesday.toml"]).failure(1);
    assert!(said.contains("own/breathe-now") && said.contains("own/fusse-fest"), "{said}");
    workshop.file("mine/own/breathe-now.wav", crate::wav::tone_wav());
    workshop.file("mine/own/fusse-fest.wav", crate::wav::tone_wav());
    let heard = workshop.run(["plan", "--voice", "./mine", "tuesday.toml"]).success();
    assert!(heard.contains("Breathe, now.") && heard.contains("Füße fest."), "{heard}");
}

#[test]
fn an_id_that_is_misspelt_is_not_read_aloud() {
    for id in ["Safety/Stop", "safety stop/now", "safety_stop", "../secret"] {
        let said = refused(&format!("[[steps]]\nsay = \"{id}\""));
        assert!(said.contains("error[cue-id]"), "{id}: {said}");
    }
}

#[test]
fn a_time_is_taken_as_people_write_it() {
    for (written, length) in [
        ("15 minutes", "15:00"),
        ("2 Min", "2:00"),
        ("1:30", "1:30"),
        ("1 hour 5 mins", "1:05:00"),
        ("45 sec.", "0:45"),
        ("1m30", "1:30"),
        ("1-2m", "1:30"),
        ("1m–2m", "1:30"),
        ("60-120 seconds", "1:30"),
    ] {
        let said = sheet(&format!("[[steps]]\npause = \"{written}\"\nallow = \"long-silence: meant\""));
        assert!(said.starts_with(&format!("Tuesday · {length} ")), "{written}: {said}");
    }
    let said = refused("[[steps]]\npause = \"1m..30s\"");
    assert!(said.contains("expected the smaller end first, \"30s..1m\", found \"1m..30s\""), "{said}");
}

#[test]
fn a_breath_of_three_parts_holds_once() {
    let three = sheet("[[steps]]\nbreathe = \"4-7-8\"\nrounds = 4\nname = \"Calm\"");
    let four = sheet("[[steps]]\nbreathe = \"4-7-8-0\"\nrounds = 4\nname = \"Calm\"");
    assert_eq!(three, four);
}

#[test]
fn a_position_is_called_as_teachers_call_it() {
    let sheet_of = |position: &str| sheet(&format!("{TREE}position = \"{position}\""));
    for (said, written) in [
        ("sitting", "seated"),
        ("Lying", "supine"),
        ("on your back", "supine"),
        ("all fours", "hands-and-knees"),
        ("on your belly", "prone"),
        ("on your side", "side-lying"),
    ] {
        assert_eq!(sheet_of(said), sheet_of(written), "{said}");
    }
    let said = refused(&format!("{TREE}position = \"flying\""));
    assert!(said.contains("expected one of supine, prone"), "{said}");
}

#[test]
fn of_a_pose_without_a_position_the_words_are_the_way_there() {
    let lies = "[[steps]]\npose = \"childs-pose\"\n";
    let said = sheet(&format!("{lies}{TREE}"));
    let way = said.split("Tree").nth(1).expect("the pose");
    assert!(!way.contains("move") && !way.contains("Come to"), "{said}");
    // After it, nothing is known: the way to the next pose is said.
    let said = sheet(&TREE.replace("[poses", &format!("{lies}[poses")));
    assert!(said.split("Tree").last().is_some_and(|after| after.contains("move")), "{said}");
}

#[test]
fn a_pose_is_called_as_teachers_call_it() {
    for (called, name) in [
        ("Savasana", "Rest"),
        ("Śavāsana", "Rest"),
        ("corpse pose", "Rest"),
        ("Child's Pose", "Child"),
        ("balasana", "Child"),
    ] {
        let said = sheet(&format!("[[steps]]\npose = \"{called}\""));
        assert!(said.contains(&format!("  {name}")), "{called}: {said}");
    }
    let own =
        sheet(&TREE.replace("pose = \"tree\"", "pose = \"Vrksasana\"").replace("setup", "also = \"vrksasana\"\nsetup"));
    assert!(own.contains("Tree"), "{own}");
    let said = refused("[[steps]]\npose = \"savasna\"");
    assert!(said.contains("did you mean `savasana`?"), "{said}");
}

#[test]
fn a_key_that_slipped_below_another_header_is_told_where_it_belongs() {
    for (lines, key) in [
        ("[[steps]]\nsay = \"a/b\"\n[cues]\n\"a/b\" = \"Hello.\"\nlength = \"12m\"", "length"),
        ("[[steps]]\nsay = \"a/b\"\n[cues]\n\"a/b\" = \"Hello.\"\nbreath = \"5-5\"", "breath"),
        ("[[steps]]\nsay = \"a/b\"\n[cues]\n\"a/b\" = \"Hello.\"\nhold = 30", "hold"),
    ] {
        let said = refused(lines);
        assert!(said.contains("error[misplaced-key]") && said.contains(key), "{said}");
        assert!(said.contains("move this line above the line `[cues]`"), "{said}");
        assert_eq!(said.matches("error[").count(), 1, "{said}");
    }
    let pose = refused(&format!("{TREE}[poses.tree.cues]\n\"tree/tall\" = \"Tall.\"\nleave = \"5s\""));
    assert!(pose.contains("error[misplaced-key]") && pose.contains("`[poses.tree.cues]`"), "{pose}");
    let phases = refused("[[steps]]\npose = \"own\"\n[poses.own]\nname = \"Own\"\n[[phases]]\nbreath = \"inhale\"");
    assert!(phases.contains("write `[[poses.own.phases]]`"), "{phases}");
}

#[test]
fn what_is_no_plain_text_is_told_how_to_become_it() {
    for (bytes, help) in [
        (&b"{\\rtf1\\ansi title}"[..], "Make Plain Text"),
        (b"PK\x03\x04docx", "as plain text"),
        (b"<!DOCTYPE html><p>", "the text itself"),
    ] {
        let workshop = Workshop::new();
        workshop.file("class.toml", bytes);
        let said = workshop.run(["check", "class.toml"]).failure(1);
        assert!(said.contains("expected plain text, found") && said.contains(help), "{said}");
    }
    let said = refused("length\u{a0}= \"2m\"\n[[steps]]\npause = \"1s\"");
    assert!(said.contains("write `length = \"2m\"`"), "{said}");
    let said = refused("[[steps]]\npose = \"two-knee-twist\"\nsides = right, left");
    assert!(said.contains("write it in quotes: `sides = [\"right\", \"left\"]`"), "{said}");
}

#[test]
fn a_file_is_found_whatever_its_editor_called_it() {
    let workshop = Workshop::new();
    workshop.file("class.toml.txt", "title = \"Class\"\n[[steps]]\npause = \"2s\"\n");
    for named in ["class.toml", "class.toml.txt"] {
        assert!(workshop.run(["plan", named]).success().starts_with("Class"), "{named}");
        assert!(workshop.run(["check", named]).status == 0, "{named}");
    }
    workshop.file("home/routines/dienstag-übung.toml", "title = \"Dienstag\"\n[[steps]]\npause = \"2s\"\n");
    assert!(workshop.run(["plan", "dienstag-übung"]).success().starts_with("Dienstag"));
    assert!(workshop.run(["list"]).success().contains("dienstag-übung"));
    workshop.run(["new", "mittwoch-für-füße"]).success();
    assert!(workshop.run(["check", "mittwoch-für-füße.toml"]).status == 0);
}

#[test]
fn new_begins_poses_that_are_not_known_yet() {
    let workshop = Workshop::new();
    workshop.run(["new", "class", "--poses", "cat-cow,tree,Half Moon,savasana"]).success();
    let text = std::fs::read_to_string(workshop.path("class.toml")).expect("a routine");
    assert!(text.contains("[poses.tree]") && text.contains("name    = \"Half Moon\""), "{text}");
    let said = workshop.run(["plan", "--missing", "bell", "class.toml"]).success();
    assert!(said.contains("Tree") && said.contains("Half Moon") && said.contains("Rest"), "{said}");
    let checked = workshop.run(["check", "--missing", "bell", "--strict", "class.toml"]);
    assert_eq!(checked.status, 0, "{}", checked.stderr);
    let typo = workshop.run(["new", "other", "--poses", "cat-caw"]).failure(1);
    assert!(typo.contains("did you mean `cat-cow`?"), "{typo}");
}

#[test]
fn a_pose_into_which_no_word_leads_is_asked_about() {
    let silent = "[[steps]]\npose = \"tree\"\n[poses.tree]\nname = \"Tree\"\nhold = \"30s\"\n";
    assert!(warned(silent).contains("warning[never-entered]"));
    assert!(!warned(TREE).contains("never-entered"));
    // Words before it lead into it just as well.
    assert!(!warned(&format!("[[steps]]\nsay = \"Stand on your right leg.\"\n{silent}")).contains("never-entered"));
}

#[test]
fn words_of_a_pose_that_name_one_side_only_are_asked_about() {
    let sided = TREE.replace("hold", "sides = [\"right\", \"left\"]\nhold");
    assert!(!warned(&sided).contains("one-side-named"));
    let named = warned(&sided.replace("Stand tall.", "Stand on your left leg."));
    assert!(named.contains("warning[one-side-named]") && named.contains("left"), "{named}");
    let both = warned(&sided.replace("Stand tall.", "Stand on your left leg, then on your right."));
    assert!(!both.contains("one-side-named"), "{both}");
}

#[test]
fn a_cue_of_a_pose_that_nothing_says_is_asked_about() {
    let said = warned(&format!("{TREE}[poses.tree.cues]\n\"tree/tall\" = \"Tall.\""));
    assert!(said.contains("warning[unheard-cue]") && said.contains("tree/tall"), "{said}");
}

#[test]
fn a_hold_that_says_its_own_length_or_wants_no_clock_is_not_announced() {
    let held = |keys: &str| sheet(&format!("{}{keys}", TREE.replace("30s", "2m")));
    let announced = "in place of: Stay here for about";
    let sheet = |keys: &str| held(keys).contains(announced) || held(keys).contains("Stay here for about");
    assert!(sheet("cue = \"Stay, and breathe.\""));
    assert!(!sheet("cue = \"Stay here for two minutes.\""));
    assert!(!sheet("cue = \"Stay, and breathe.\"\nannounce = \"off\""));
    let all = class(&format!("announce = \"off\"\n{}", TREE.replace("30s", "2m")));
    let said = all.run(["plan", "--missing", "bell", "tuesday.toml"]).success();
    assert!(!said.contains("Stay here for about"), "{said}");
}

#[test]
fn a_long_pose_has_chapters_of_its_own() {
    let said = sheet(
        "[[steps]]\npose = \"scan\"\n[poses.scan]\nname = \"Body scan\"\nsetup = \"Lie down.\"\n\
         [[poses.scan.phases]]\nhold = \"3m\"\ncue = \"Feel the right leg.\"\nchapter = \"The right leg\"\n\
         [[poses.scan.phases]]\nhold = \"3m\"\ncue = \"Feel the left leg.\"\nchapter = \"The left leg\"",
    );
    for chapter in ["Body scan (", "The right leg (3:00)", "The left leg ("] {
        assert!(said.contains(chapter), "{chapter}: {said}");
    }
}

#[test]
fn breathing_alone_is_counted_down_after_its_last_words() {
    let said = sheet("[[steps]]\nbreathe = \"4-6\"\nrounds = 3\ncountdown = \"4s\"");
    let counted = ["Exhale.", "Four.", "Three.", "Two.", "One."];
    let last = said.rfind(counted[0]).expect("the last exhale");
    let places: Vec<_> = counted.iter().map(|word| said[last..].find(word)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{said}");
    assert_eq!(said.matches("One.").count(), 1, "{said}");
}

#[test]
fn check_says_of_which_poses_it_cannot_know_whether_one_gets_there() {
    assert!(warned(TREE).contains("no position is known of `tree`"), "{}", warned(TREE));
    assert!(!warned(&TREE.replace("setup", "position = \"standing\"\nsetup")).contains("no position is known"));
}
