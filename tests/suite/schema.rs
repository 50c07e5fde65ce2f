//! The JSON Schemas for editors: they are shipped as the program prints them, and agree with what the program reads.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use catcow::diagnostic::Source;
use catcow::load::{Library, Settings};
use serde_json::Value;

use crate::workshop::Workshop;

fn in_the_package(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn schema(kind: &str) -> jsonschema::Validator {
    let text = fs::read_to_string(in_the_package(&format!("docs/{kind}.schema.json"))).expect("a shipped schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    jsonschema::draft7::meta::validate(&schema).expect("a schema by its own rules");
    jsonschema::draft7::new(&schema).expect("a schema")
}

/// What is wrong with a file, for the schema.
fn wrong(schema: &jsonschema::Validator, text: &str) -> Vec<String> {
    let value: Value = toml::from_str(text).expect("TOML");
    schema.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_shipped_schemas_are_what_the_program_prints() {
    let workshop = Workshop::new();
    for kind in ["routine", "pose", "programme", "settings"] {
        let path = in_the_package(&format!("docs/{kind}.schema.json"));
        let printed = workshop.run(["schema", kind]).success();
        if std::env::var_os("CATCOW_GOLDEN").is_some_and(|how| how == "write") {
            fs::write(&path, &printed).expect("a schema");
        }
        let shipped = fs::read_to_string(&path).expect("a shipped schema");
        assert!(
            shipped == printed,
            "docs/{kind}.schema.json is out of date; `CATCOW_GOLDEN=write cargo test` writes it"
        );
    }
    assert_eq!(workshop.run(["schema"]).success(), workshop.run(["schema", "routine"]).success());
}

#[test]
fn every_shipped_file_is_accepted() {
    for (kind, folder, least) in
        [("routine", "routines", 7), ("pose", "routines/poses", 7), ("programme", "routines/programmes", 2)]
    {
        let (schema, mut number) = (schema(kind), 0);
        for entry in fs::read_dir(in_the_package(folder)).expect("a folder").flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|ending| ending == "toml") {
                let found = wrong(&schema, &fs::read_to_string(&path).expect("a file"));
                assert!(found.is_empty(), "{}: {found:#?}", path.display());
                number += 1;
            }
        }
        assert!(number >= least, "{number} files in {folder}");
    }
}

#[test]
fn of_a_step_the_one_thing_that_is_wrong_is_named() {
    let step = |step: &str| wrong(&schema("routine"), &format!("title = \"Test\"\n[[steps]]\n{step}\n")).concat();
    for (wrong, named) in [
        ("pose = \"cat-cow\"\nholt = \"1m\"", "'holt' was unexpected"),
        ("pause = \"30x\"", "\"30x\" is not valid"),
        ("say = \"safety/stop\"\nsettle = \"5s\"", "\"pose\" is a required property"),
        ("repeat = 2", "\"steps\" is a required property"),
    ] {
        assert!(step(wrong).contains(named), "{wrong}: {}", step(wrong));
    }
}

#[test]
fn what_catcow_new_begins_is_accepted() {
    let workshop = Workshop::new();
    workshop.run(["new", "begun", "--length", "10m"]).success();
    let text = fs::read_to_string(workshop.path("begun.toml")).expect("a routine");
    assert_eq!(wrong(&schema("routine"), &text), [""; 0]);
}

/// Whether the program reads a routine.
fn is_read(text: &str) -> bool {
    let library = Library::open(None).expect("the built-in library");
    let source = Source::in_memory("test.toml", text);
    library.read("test", &Arc::new(source)).is_ok()
}

const HEAD: &str = "title = \"Test\"\n";

/// One key each, whose value `%` stands for.
const KEYS: &[&str] = &[
    "pause = %",
    "say = \"safety/stop\"\nthen = %",
    "pose = \"childs-pose\"\nhold = %",
    "pose = \"cat-cow\"\nrounds = %",
    "pose = \"cat-cow\"\nfor = %",
    "breathe = %\nrounds = 3",
    "bell = %",
    "say = %",
    "pose = %",
    "pose = \"two-knee-twist\"\norder = %",
    "pose = \"bridge\"\nsettle = 5\nsetup = %",
    "pose = \"bridge\"\nsettle = %",
    "routine: talk = %",
    "routine: breath = %",
    "routine: length = %",
    "routine: guidance = %",
    "routine: allow = %",
    "routine: summary = %",
    "breathe = \"4-6\"\nrounds = 2\nname = %",
    "pause = 40\ncountdown = %",
    "pause = 40\nallow = %",
    "repeat = %\n[[steps.steps]]\npause = 1",
];

/// What people write, and what they write by mistake.
const VALUES: &[&str] = &[
    "\"30s\"",
    "\"1m30s\"",
    "\"1h\"",
    "\"1.5s\"",
    "\"250ms\"",
    "90",
    "1.5",
    "0",
    "-1",
    "\"30\"",
    "\" 30s \"",
    "\"\"",
    "\"1m 30s\"",
    "\"30s1m\"",
    "\"1m..2m\"",
    "\"1 m\"",
    "\"30..60s\"",
    "\"1m .. 2m\"",
    "\"1m..\"",
    "\"..2m\"",
    "\"s\"",
    "\"5 breaths\"",
    "\"1 breath\"",
    "\"3..5 breaths\"",
    "\"5breaths\"",
    "\"0 breaths\"",
    "\"x breaths\"",
    "\"5..7\"",
    "\"5-7\"",
    "\"5 – 7\"",
    "\"5 to 7\"",
    "\"5to7\"",
    "\"3-5 breaths\"",
    "\"5-10m\"",
    "\"1m–2m\"",
    "\"20-30 seconds\"",
    "\"2 min\"",
    "\"2 Minutes\"",
    "\"1 min. 30 sec.\"",
    "\"1m30\"",
    "\"1m90\"",
    "\"1h30\"",
    "\"1:30\"",
    "\"0:45-1:30\"",
    "\"1:3\"",
    "\"1:75\"",
    "\"1:15:00\"",
    "\"1:15:00:00\"",
    "\"30..2m\"",
    "\"4-7-8\"",
    "\"4–6\"",
    "\"4-7-8-1-2\"",
    "\"007\"",
    "3",
    "20000",
    "\"4-6\"",
    "\"4-7-8-0\"",
    "\"4 - 6\"",
    "\"4-6-8\"",
    "\"4-\"",
    "\"-\"",
    "\"1m-6\"",
    "\"low\"",
    "\"loud\"",
    "\"safety/stop\"",
    "[\"safety/stop\", \"safety/physician\"]",
    "\"../secret\"",
    "\"UPPER\"",
    "[]",
    "true",
    "{ a = 1 }",
    "\"each\"",
    "\"alternate\"",
    "\"never\"",
    "\"cat-cow\"",
    "[\"3s\", \"4s\"]",
    "{ from = \"3-3\", to = \"4-6\", over = \"5m\" }",
    "{ from = \"3-3\", to = \"4-6\" }",
    "{ from = \"3-3\", to = \"4-6\", over = \"5m\", by = 1 }",
    "\"long-silence: they know\"",
    "[\"long-silence: they know\", \"never-left : so it is\"]",
    "\"60%\"",
    "\"0%\"",
    "\"101%\"",
    "\"fading\"",
    "\"long-silence\"",
    "\"long-silence: \"",
    "\"no-such-lint: because\"",
    "[1, true]",
];

#[test]
fn the_schema_and_the_reader_accept_the_same_values() {
    let schema = schema("routine");
    let (mut accepted, mut refused, mut apart) = (0, 0, Vec::new());
    for step in KEYS {
        for value in VALUES {
            let line = step.replace('%', value);
            // Above the steps stands what is for the whole routine.
            let text = match line.strip_prefix("routine: ") {
                Some(above) => format!("{HEAD}{above}\n[[steps]]\npause = 1\n"),
                None => format!("{HEAD}[[steps]]\n{line}\n"),
            };
            let found = wrong(&schema, &text);
            // Only the program knows which poses there are, how many cues want a time, how far it can count, which end of a
            // range is the smaller, and how long a breath may be.
            let too_long = ["\"5-10m\"", "\"1m–2m\"", "\"0:45-1:30\""].contains(value);
            let knows_more = step.starts_with("pose = %")
                || ["\"30..2m\"", "\"1m-6\""].contains(value)
                || (too_long && step.contains("breath"))
                || step.contains("countdown")
                || (step.contains("settle = %") && value.starts_with('['));
            match (is_read(&text), found.is_empty()) {
                (true, true) => accepted += 1,
                (false, false) => refused += 1,
                (true, false) => apart.push(format!("only the reader takes {text}{found:#?}")),
                (false, true) if !knows_more => apart.push(format!("only the schema takes {text}")),
                (false, true) => {}
            }
        }
    }
    assert!(apart.is_empty(), "{}", apart.join("\n"));
    assert!(accepted > 80 && refused > 400, "{accepted} accepted, {refused} refused");
}

#[test]
fn what_an_author_gets_wrong_is_refused() {
    let schema = schema("routine");
    let step = "[[steps]]\npause = 1\n";
    for bad in [
        step,
        HEAD,
        "title = 3\n[[steps]]\npause = 1\n",
        "title = \"Test\"\ntitel = \"x\"\n[[steps]]\npause = 1\n",
        "title = \"Test\"\nguidance = \"some\"\n[[steps]]\npause = 1\n",
        "title = \"Test\"\nsteps = []\n",
        "title = \"Test\"\n[[steps]]\n",
        "title = \"Test\"\n[[steps]]\npause = 1\nbell = \"low\"\n",
        "title = \"Test\"\n[[steps]]\npause = 1\nrounds = 3\n",
        "title = \"Test\"\n[[steps]]\npose = \"cat-cow\"\nround = 3\n",
        "title = \"Test\"\n[[steps]]\npose = \"cat-cow\"\nrounds = 3\nfor = \"1m\"\n",
        "title = \"Test\"\n[[steps]]\nbreathe = \"4-6\"\n",
        "title = \"Test\"\n[[steps]]\nbreathe = \"4-6\"\nrounds = 3\nfor = \"1m\"\n",
        "title = \"Test\"\n[[steps]]\nrepeat = 3\n",
        "title = \"Test\"\n[[steps]]\nrepeat = 3\n[[steps.steps]]\nsai = \"safety/stop\"\n",
        "title = \"Test\"\n[[steps]]\npause = 1\n[cues]\n\"Bad Id\" = \"words\"\n",
        "title = \"Test\"\n[[steps]]\npause = 1\n[cues]\n\"own/empty\" = \" \"\n",
        "title = \"Test\"\n[[steps]]\npose = \"own\"\n[poses.own]\nposition = \"prone\"\nhold = \"1m\"\n",
        "title = \"Test\"\n[[steps]]\npose = \"own\"\n[poses.own]\nname = \"Own\"\nposition = \"flying\"\nhold = \"1m\"\n",
        "title = \"Test\"\n[[steps]]\npose = \"own\"\n[poses.own]\nname = \"Own\"\nposition = \"prone\"\n",
        "title = \"Test\"\n[[steps]]\npose = \"own\"\n[poses.own]\nname = \"Own\"\nposition = \"prone\"\n[[poses.own.phases]]\ncue = \"breath/in\"\n",
        "title = \"Test\"\n[[steps]]\npose = \"own\"\n[poses.own]\nname = \"Own\"\nposition = \"prone\"\n[[poses.own.phases]]\nbreath = \"inhale\"\nhold = 3\n",
        "title = \"Test\"\n[[steps]]\npose = \"own\"\n[poses.Own]\nname = \"Own\"\nposition = \"prone\"\nhold = 3\n",
    ] {
        assert!(!wrong(&schema, bad).is_empty(), "the schema takes this:\n{bad}");
        assert!(!is_read(bad), "the reader takes this:\n{bad}");
    }
}

#[test]
fn the_settings_schema_and_the_reader_accept_the_same_files() {
    let (schema, workshop) = (schema("settings"), Workshop::new());
    let values = [
        "\"ada\"",
        "\"4-6\"",
        "\"names\"",
        "3",
        "0",
        "6",
        "2.5",
        "\"15m\"",
        "900",
        "44100",
        "100",
        "true",
        "\"true\"",
        "[]",
    ];
    for key in ["voice", "breath", "guidance", "level", "length", "rate", "mono", "vioce"] {
        for value in values {
            let text = format!("{key} = {value}\n");
            workshop.file("settings.toml", &text);
            let read = Settings::open(&workshop.path("settings.toml")).is_ok();
            assert_eq!(wrong(&schema, &text).is_empty(), read, "{text}");
        }
    }
}
