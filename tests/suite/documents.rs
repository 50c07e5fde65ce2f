//! What the documents say is so: their examples run, and they name every key.

use std::fs;
use std::path::Path;

use catcow::load::language::{file_keys, keys};

use crate::workshop::{Outcome, Workshop};

fn page(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("a page")
}

/// The blocks of a page that are marked as a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let open = format!("```{language}\n");
    let after = page.split(&open).skip(1);
    after.map(|rest| rest.split("```").next().unwrap_or("").to_owned()).collect()
}

#[test]
fn every_example_of_the_reference_and_the_readme_is_accepted() {
    let workshop = Workshop::new();
    for name in ["docs/routine-format.md", "README.md"] {
        let examples = blocks(&page(name), "toml");
        assert!(!examples.is_empty(), "{name} has examples");
        for (number, example) in examples.iter().enumerate() {
            // A lone step is an example of a routine's inside, a lone `[cues]` too.
            let whole = match example {
                step if step.starts_with("[[steps]]") => format!("title = \"Example\"\n{step}"),
                other => other.clone(),
            };
            let file = format!("example-{number}.toml");
            workshop.file(&file, &whole);
            let said = workshop.run(["check", "--missing", "bell", &file]);
            // A cue of a made-up pose has no words: that is the only thing an example may lack.
            let other =
                said.stderr.lines().any(|line| line.starts_with("error[") && !line.starts_with("error[unknown-cue]"));
            assert!(!other, "{name}, example {number}:\n{whole}\n{}", said.stderr);
        }
    }
}

#[test]
fn the_reference_explains_every_key() {
    let reference = page("docs/routine-format.md");
    let tables = [
        keys::ROUTINE,
        keys::SAY,
        keys::PAUSE,
        keys::BELL,
        keys::BREATHE,
        keys::REPEAT,
        keys::POSE_STEP,
        keys::POSE,
        keys::PRACTICE,
        keys::PHASE,
    ];
    for key in tables.iter().flat_map(|keys| keys.iter()) {
        let (named, shown) = (format!("`{}`", key.name), format!("\n{} = ", key.name));
        assert!(reference.contains(&named) || reference.contains(&shown), "`{}` is not explained", key.name);
    }
    for word in keys::POSITIONS.iter().chain(&keys::BELLS).chain(&keys::GUIDANCE) {
        assert!(reference.contains(word), "`{word}` is not explained");
    }
}

/// What the program prints for who has set nothing.
fn as_it_comes(workshop: &Workshop, arguments: &[&str]) -> String {
    Outcome::of(workshop.command().env_remove("CATCOW_WAKE").args(arguments).output().unwrap()).success()
}

#[test]
fn the_settings_page_explains_every_setting_and_its_example_is_read() {
    let settings = page("docs/config.md");
    let workshop = Workshop::new();
    workshop.file("home/config.toml", blocks(&settings, "toml").remove(0));
    let shown = as_it_comes(&workshop, &["config"]);
    for key in file_keys::SETTINGS {
        assert!(settings.contains(&format!("`{}`", key.name)), "`{}` is not explained", key.name);
        let line = shown.lines().find(|line| line.starts_with(key.name)).expect("a line");
        assert!(line.contains("settings, "), "the example sets `{}`: {line}", key.name);
    }
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let workshop = Workshop::new();
    let sheet = as_it_comes(&workshop, &["plan", "gentle-back"]);
    let excerpt = blocks(&page("README.md"), "text").remove(0);
    assert!(excerpt.lines().count() > 10 && sheet.contains(excerpt.trim_end()), "expected an excerpt of:\n{sheet}");
    let mistake = blocks(&page("README.md"), "text").remove(1);
    let routine = "title = \"x\"\n[[steps]]\nsay = \"safety/stop\"\n\n[[steps]]\npause = \"1s\"\n\n\n[[steps]]\npose = \"cat-caw\"\n";
    let shown = workshop.file("tuesday.toml", routine).run(["check", "tuesday.toml"]).failure(1);
    assert!(shown.starts_with(mistake.trim_end()), "{shown}");
}

#[test]
fn the_picture_in_the_readme_is_what_the_program_draws() {
    let drawn = as_it_comes(&Workshop::new(), &["plan", "morning", "--svg", "-"]);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/session.svg");
    if std::env::var_os("CATCOW_GOLDEN").is_some_and(|how| how == "write") {
        fs::write(&path, &drawn).expect("a picture");
    }
    assert!(page("README.md").contains("](docs/session.svg)"));
    assert!(
        page("docs/session.svg") == drawn,
        "docs/session.svg is out of date; `CATCOW_GOLDEN=write cargo test` writes it"
    );
}
