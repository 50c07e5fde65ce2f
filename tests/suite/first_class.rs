//! A teacher's way from an empty file to a class that is heard, by the page that teaches it, and by classes of six kinds of
//! teachers as they would write them.

use std::fs;
use std::path::Path;

use crate::phone::decoded;
use crate::workshop::{Outcome, Workshop};

/// A speech program that is not one of those that are known by name.
const SPEECH: &str = "--speak=flite -t {text} -o {out}";

fn page() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/first-class.md")).expect("the page")
}

/// The blocks of the page that are marked as a language.
fn blocks(language: &str) -> Vec<String> {
    let (page, open) = (page(), format!("```{language}\n"));
    let after = page.split(&open).skip(1);
    after.map(|rest| rest.split("```").next().unwrap_or("").to_owned()).collect()
}

#[test]
#[ignore = "needs flite; tests/run.sh has it"]
fn the_blocks_of_the_page_are_one_class_without_a_mistake() {
    let workshop = Workshop::new();
    workshop.file("tuesday.toml", blocks("toml").join("\n"));
    let checked = workshop.run(["check", "--strict", SPEECH, "tuesday.toml"]);
    assert_eq!(checked.status, 0, "{}", checked.stderr);
    let sheet = workshop.run(["plan", SPEECH, "tuesday.toml"]).success();
    let mut rest = &sheet[..];
    for said in [
        "Welcome to class.",
        "Warrior two",
        "Bend your right knee",
        "Bend your left knee",
        "Half sun salutation",
        "Arms up high.",
        "Calf raises",
        "The quiet breath",
        "The right leg",
        "The left leg",
        "Rest (",
        "Namaste.",
    ] {
        let at = rest.find(said).unwrap_or_else(|| panic!("{said} in its turn: {sheet}"));
        rest = &rest[at..];
    }
}

#[test]
#[ignore = "needs flite and ffmpeg; tests/run.sh has them"]
fn every_command_of_the_page_does_what_it_says() {
    let workshop = Workshop::new();
    workshop.file("classes/tuesday.toml", blocks("toml").join("\n"));
    let program = SPEECH.strip_prefix("--speak=").expect("a value");
    let mut commands = 0;
    for line in blocks("sh").iter().flat_map(|block| block.lines()) {
        // The folder is there already, and a loudspeaker may be missing.
        let Some(words) = line.strip_prefix("catcow ").filter(|line| !line.starts_with("play")) else { continue };
        let mut command = workshop.command();
        command.current_dir(workshop.path("classes")).env("CATCOW_SPEAK", program).args(words.split(' '));
        Outcome::of(command.output().expect("the program starts")).success();
        commands += 1;
    }
    assert_eq!(commands, 5);
    let seconds = decoded(&workshop, "classes/tuesday.m4a", 48_000).len() / 48_000;
    assert!(seconds > 10 * 60, "a class of ten minutes and more: {seconds} s");
    for (made, holds) in [("script.html", "Arms up high."), ("tuesday.html", "Warrior two")] {
        let text = fs::read_to_string(workshop.path("classes").join(made)).expect("a page");
        assert!(text.contains(holds), "{made}");
    }
}

#[test]
#[ignore = "needs flite; tests/run.sh has it"]
fn six_kinds_of_teachers_write_a_class_that_needs_no_second_try() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/classes");
    let mut kinds = 0;
    for class in fs::read_dir(folder).expect("the classes").flatten() {
        let name = class.file_name().to_string_lossy().into_owned();
        let workshop = Workshop::new();
        workshop.file(&name, fs::read(class.path()).expect("a class"));
        // Three commands from the file to the sound; eight are what was asked for.
        let checked = workshop.run(["check", SPEECH, &name]);
        assert!(checked.status == 0 && !checked.stderr.contains("error["), "{name}: {}", checked.stderr);
        let sheet = workshop.run(["plan", SPEECH, &name]).success();
        assert!(!sheet.contains('{'), "{name}: {sheet}");
        workshop.run(["export", SPEECH, &name, "--mono", "-o", "class.wav"]).success();
        assert!(workshop.path("class.wav").metadata().expect("the sound").len() > 10_000_000, "{name}");
        kinds += 1;
    }
    assert_eq!(kinds, 6);
}
