//! Every mistake has a code, a section in `docs/diagnostics.md` with an example that gives it and one that does not, and a
//! golden file that shows what is said.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use catcow::diagnostic::Code;
use catcow::load::language::lints::LINTS;

use crate::workshop::{Outcome, Workshop, golden};

/// Codes that no file can be made to give: what they are about happens while a session plays, or hands press keys.
const WITHOUT_EXAMPLE: [&str; 2] = ["changed-clip", "too-few-breaths"];

/// One example of the page.
struct Example {
    code: String,
    /// `toml` or `sh`.
    language: String,
    /// `bad` or `good`.
    kind: String,
    text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn page() -> String {
    fs::read_to_string(root().join("docs/diagnostics.md")).expect("the page")
}

fn sections() -> BTreeSet<String> {
    page().lines().filter_map(|line| line.strip_prefix("### ")).map(str::to_owned).collect()
}

fn examples() -> Vec<Example> {
    let (mut code, mut found) = (String::new(), Vec::<Example>::new());
    let mut open = false;
    for line in page().lines() {
        if open && line == "```" {
            open = false;
        } else if open {
            let example = found.last_mut().expect("a block was opened");
            example.text += line;
            example.text.push('\n');
        } else if let Some(title) = line.strip_prefix("### ") {
            title.clone_into(&mut code);
        } else if let Some((language, kind)) = line.strip_prefix("```").and_then(|info| info.split_once(' ')) {
            open = true;
            let (language, kind) = (language.to_owned(), kind.to_owned());
            found.push(Example { code: code.clone(), language, kind, text: String::new() });
        }
    }
    found
}

/// Runs an example, and more of the command line with it.
fn run(workshop: &Workshop, example: &Example, more: &[&str]) -> Outcome {
    if example.language == "sh" {
        let program = Path::new(env!("CARGO_BIN_EXE_catcow")).parent().expect("a folder");
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
        let shell = workshop.shell(&example.text).env("PATH", path).output().expect("a shell");
        return Outcome::of(shell);
    }
    const BEFORE: &str = "title = \"Example\"\n\n[[steps]]\nsay = [\"safety/physician\", \"safety/stop\"]\n\n";
    let before = if example.text.starts_with("[[steps]]") { BEFORE } else { "" };
    let whole = format!("{before}{}", example.text);
    let file = format!("{}.toml", example.kind);
    workshop.file(&file, whole).run(["check", "--missing", "bell", &file].iter().chain(more))
}

/// The codes that were shown.
fn codes(shown: &str) -> BTreeSet<String> {
    let code = |line: &str| {
        let rest = line.strip_prefix("error[").or_else(|| line.strip_prefix("warning["))?;
        rest.split_once(']').map(|(code, _)| code.to_owned())
    };
    shown.lines().filter_map(code).collect()
}

#[test]
fn every_code_has_a_section_and_a_golden_file() {
    let known: BTreeSet<String> = Code::ALL.iter().map(|code| code.word().to_owned()).collect();
    let explained = sections();
    let unexplained: Vec<_> = known.difference(&explained).collect();
    assert!(unexplained.is_empty(), "expected sections in docs/diagnostics.md on {unexplained:?}");
    let golden = |code: &str| root().join(format!("tests/golden/diagnostics/{code}.txt"));
    let bare: Vec<_> =
        known.iter().filter(|code| !golden(code).is_file() && !WITHOUT_EXAMPLE.contains(&code.as_str())).collect();
    assert!(bare.is_empty(), "expected golden files for {bare:?}");
    for code in explained {
        assert!(known.contains(&code), "docs/diagnostics.md explains `{code}`, which the program does not know");
    }
}

#[test]
#[cfg(unix)]
fn a_bad_example_gives_exactly_its_code_and_a_good_one_gives_none() {
    let mut seen = BTreeMap::<String, BTreeSet<String>>::new();
    for example in examples() {
        let workshop = Workshop::new();
        let outcome = run(&workshop, &example, if example.kind == "bad" { &[] } else { &["--strict"] });
        let (shown, code) = (outcome.stderr.clone(), &example.code);
        if example.kind == "bad" {
            assert_eq!(codes(&shown), BTreeSet::from([code.clone()]), "{code}:\n{shown}");
            let strict = LINTS.iter().any(|lint| lint.word() == code);
            assert_eq!(outcome.status, i32::from(!strict), "{code}: warnings pass, errors do not\n{shown}");
            let folder = fs::canonicalize(workshop.path("")).expect("the folder");
            golden(&format!("diagnostics/{code}.txt"), &shown.replace(&*folder.to_string_lossy(), "…"));
        } else {
            assert_eq!((outcome.status, codes(&shown)), (0, BTreeSet::new()), "{code}:\n{}\n{shown}", example.text);
        }
        seen.entry(example.code).or_default().insert(example.kind);
    }
    for code in sections().iter().filter(|code| !WITHOUT_EXAMPLE.contains(&code.as_str())) {
        let kinds = seen.get(code).map(|kinds| kinds.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(kinds, Some(vec!["bad", "good"]), "{code}");
    }
}

#[test]
fn strict_refuses_what_is_otherwise_warned_of() {
    let workshop = Workshop::new();
    workshop.file("plain.toml", "title = \"Plain\"\n[[steps]]\npose = \"childs-pose\"\n");
    assert!(workshop.run(["check", "plain.toml"]).success().is_empty());
    let refused = workshop.run(["check", "plain.toml", "--strict"]).failure(1);
    assert!(refused.contains("error[no-safety]") && !refused.contains("warning["), "{refused}");
}

#[test]
fn a_lint_that_is_allowed_is_not_shown_and_others_are() {
    let routine = |top: &str, inner: &str| {
        format!(
            "title = \"Sit\"\n{top}\n[[steps]]\npose = \"childs-pose\"\n[[steps]]\nrepeat = 1\n{inner}\n[[steps.steps]]\npause = \"3m\"\n"
        )
    };
    let silence = "allow = [\"long-silence: a sitting\"]";
    for (top, inner, expected) in [
        ("", "", vec!["long-silence", "no-safety"]),
        ("", silence, vec!["no-safety"]),
        (silence, "", vec!["no-safety"]),
        ("allow = \"no-safety: for myself\"", silence, vec![]),
    ] {
        let workshop = Workshop::new();
        let shown = workshop.file("sit.toml", routine(top, inner)).run(["check", "sit.toml"]).stderr;
        assert_eq!(codes(&shown).into_iter().collect::<Vec<_>>(), expected, "{shown}");
    }
}

#[test]
fn the_built_in_routines_are_clean_in_both_voices() {
    let workshop = Workshop::new();
    for voice in ["ada", "ben"] {
        for file in fs::read_dir(root().join("routines")).expect("the routines").flatten() {
            let path = file.path();
            let Some("toml") = path.extension().and_then(|ending| ending.to_str()) else { continue };
            let outcome = workshop.run(["check", "--strict", "--voice", voice, &path.to_string_lossy()]);
            assert_eq!((outcome.status, codes(&outcome.stderr)), (0, BTreeSet::new()), "{voice}: {}", outcome.stderr);
        }
    }
}

#[test]
fn a_folder_of_recordings_lists_what_is_yet_to_be_recorded() {
    let workshop = Workshop::new();
    let clip = workshop.path("voice/breath/in.wav");
    fs::create_dir_all(clip.parent().expect("a folder")).expect("a folder");
    workshop.run(["export", "morning", "--mono", "--until", "2s", "-o", "voice/breath/in.wav"]).success();
    let list = workshop.run(["check", "./voice"]).success();
    assert!(list.lines().any(|line| line == "breath/out: \"Exhale.\"") && !list.contains("breath/in:"), "{list}");
}

#[test]
fn a_missing_recording_is_told_by_the_file_that_it_is_to_become() {
    let workshop = Workshop::new();
    workshop.run(["export", "morning", "--mono", "--from", "5s", "--until", "7s", "-o", "in.wav"]).success();
    fs::create_dir_all(workshop.path("mine/breath")).expect("a folder");
    fs::rename(workshop.path("in.wav"), workshop.path("mine/breath/in.wav")).expect("a recording");
    let hello = "title = \"Hello\"\n[[steps]]\nsay = [\"breath/in\", \"hello/there\"]\n[cues]\n\"hello/there\" = \"Hello there.\"\n";
    workshop.file("hello.toml", hello);
    let told = workshop.run(["plan", "./hello.toml", "--voice", "./mine"]).failure(1);
    assert!(
        told.contains("record \"Hello there.\" as ./mine/hello/there.wav") && !told.contains("breath/in.wav"),
        "{told}"
    );
    let told = workshop.run(["plan", "./hello.toml"]).failure(1);
    assert!(told.contains("`ada` is built in") && told.contains("my-voice/hello/there.wav"), "{told}");
}

#[test]
fn a_recording_that_nothing_says_is_questioned_unless_a_routine_beside_it_does() {
    let workshop = Workshop::new();
    for cue in ["breath/in", "cat-cow/inhaile", "hello/there"] {
        fs::create_dir_all(workshop.path(format!("mine/{cue}")).parent().expect("a folder")).expect("a folder");
        let file = format!("mine/{cue}.wav");
        workshop.run(["export", "morning", "--mono", "--from", "5s", "--until", "7s", "-o", &file]).success();
    }
    let shown = workshop.run(["check", "./mine"]).stderr;
    assert!(shown.contains("found `cat-cow/inhaile`") && shown.contains("did you mean `cat-cow/inhale`?"), "{shown}");
    assert!(shown.contains("found `hello/there`") && !shown.contains("found `breath/in`"), "{shown}");
    let hello = "title = \"Hello\"\n[[steps]]\nsay = \"hello/there\"\n[cues]\n\"hello/there\" = \"Hello there.\"\n";
    let shown = workshop.file("hello.toml", hello).run(["check", "./mine", "hello.toml", "--voice", "./mine"]).stderr;
    assert!(!shown.contains("found `hello/there`") && shown.contains("found `cat-cow/inhaile`"), "{shown}");
}

#[test]
fn what_cannot_be_read_ends_with_the_same_code_however_much_else_is_wrong() {
    let workshop = Workshop::new();
    workshop.file("wrong.toml", "titel = \"x\"\n").file("right.toml", "title = \"x\"\n[[steps]]\nbell = \"low\"\n");
    for files in
        [&["none.toml"][..], &["none.toml", "nor.toml"], &["right.toml", "none.toml"], &["wrong.toml", "none.toml"]]
    {
        let shown = workshop.run(["check"].iter().chain(files)).failure(3);
        assert!(shown.contains("cannot read none.toml"), "{shown}");
        assert_eq!(shown.contains("unknown-key"), files.contains(&"wrong.toml"), "{shown}");
        assert_eq!(shown.contains("cannot read nor.toml"), files.contains(&"nor.toml"), "{shown}");
    }
    workshop.run(["check", "wrong.toml", "right.toml"]).failure(1);
}
