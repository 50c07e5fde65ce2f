//! `export` of many sessions at once: what is there is not made again, whoever made it, and one that is broken does not stop the rest.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::workshop::{Outcome, Workshop};

/// A class that is made in no time, and can last from some 10 s to some 50 s.
pub fn class(title: &str, words: &str) -> String {
    format!("title = \"{title}\"\n[[steps]]\nsay = \"{words}\"\n[[steps]]\npause = \"5s..40s\"\n")
}

/// A workshop with a folder of two classes.
pub fn classes() -> Workshop {
    let workshop = Workshop::new();
    fs::create_dir_all(workshop.path("classes")).unwrap();
    workshop.file("classes/monday.toml", class("Monday", "safety/stop"));
    workshop.file("classes/tuesday.toml", class("Tuesday", "safety/physician"));
    workshop
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

const WANTED: [&str; 4] = ["export", "./classes", "--lengths", "20s,30s"];
const FILES: [&str; 4] = ["monday-20s-ada.m4a", "monday-30s-ada.m4a", "tuesday-20s-ada.m4a", "tuesday-30s-ada.m4a"];

fn make(workshop: &Workshop, more: &[&str]) -> Outcome {
    workshop.run(WANTED.iter().chain(more))
}

fn sounds(workshop: &Workshop, folder: &str) -> Vec<Vec<u8>> {
    FILES.iter().map(|name| fs::read(workshop.path(folder).join(name)).unwrap()).collect()
}

fn record(workshop: &Workshop, name: &str) -> Value {
    let path = workshop.path("out/catalogue").join(format!("{name}.json"));
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn what_is_there_is_not_made_again_and_what_changed_is() {
    let workshop = classes();
    let table = make(&workshop, &["-o", "out"]).success();
    assert!(table.contains("4 made.") && table.contains("Tuesday") && table.contains("0:20"), "{table}");
    assert_eq!(names(&workshop.path("out")), [&["catalogue", "catalogue.json"], &FILES[..]].concat());
    let first = sounds(&workshop, "out");
    let modified = |name: &str| fs::metadata(workshop.path("out").join(name)).unwrap().modified().unwrap();
    let before = FILES.map(modified);
    assert!(make(&workshop, &["-o", "out"]).success().contains("4 unchanged."));
    assert_eq!(before, FILES.map(modified), "no file was touched");
    // Other words in one class, and the other is left as it is.
    workshop.file("classes/monday.toml", class("Monday", "safety/physician"));
    let table = make(&workshop, &["-o", "out"]).success();
    assert!(table.contains("2 made, 2 unchanged."), "{table}");
    let second = sounds(&workshop, "out");
    assert!(second[0] != first[0] && second[2..] == first[2..]);
    // One that is gone, and one in which somebody wrote: both are made again, to the same bytes.
    fs::remove_file(workshop.path("out/monday-20s-ada.m4a")).unwrap();
    let mut broken = second[3].clone();
    *broken.last_mut().unwrap() ^= 1;
    fs::write(workshop.path("out/tuesday-30s-ada.m4a"), &broken).unwrap();
    assert!(make(&workshop, &["-o", "out"]).success().contains("2 made, 2 unchanged."));
    assert!(sounds(&workshop, "out") == second);
    // A space in a file changes nothing that is heard.
    workshop.file("classes/monday.toml", class("Monday", "safety/physician") + "\n# Next week: twists.\n");
    assert!(make(&workshop, &["-o", "out"]).success().contains("4 unchanged."));
    assert!(make(&workshop, &["-o", "out", "--quality", "high"]).success().contains("4 made."));
}

#[test]
fn a_recording_that_was_replaced_is_heard_in_the_next_catalogue() {
    let workshop = classes();
    fs::create_dir_all(workshop.path("mine/safety")).unwrap();
    let record = |pitch: &str| {
        let wav = workshop.path("mine/safety/stop.wav");
        workshop
            .run(["export", "classes/tuesday.toml", "-o", "mine.wav", "--voice", pitch, "--until", "3s", "--mono"])
            .success();
        fs::rename(workshop.path("mine.wav"), wav).unwrap();
    };
    record("ada");
    let make =
        || workshop.run(["export", "./classes", "-o", "out", "--voices", "./mine", "--missing", "bell"]).success();
    assert!(make().contains("2 made."));
    assert_eq!(names(&workshop.path("out"))[2..], ["monday-mine.m4a", "tuesday-mine.m4a"]);
    record("ben");
    let table = make();
    assert!(table.contains("1 made, 1 unchanged."), "only one class says it: {table}");
}

#[test]
fn the_day_is_the_one_when_a_class_was_first_made() {
    let workshop = classes();
    make(&workshop, &["-o", "out", "--date", "2026-03-01"]).success();
    fs::remove_file(workshop.path("out/monday-20s-ada.m4a")).unwrap();
    assert!(make(&workshop, &["-o", "out"]).success().contains("1 made, 3 unchanged."));
    assert_eq!(record(&workshop, "monday-20s-ada.m4a")["date"], "2026-03-01");
    // Encoded otherwise, it is the same class.
    make(&workshop, &["-o", "out", "--bitrate", "96k"]).success();
    assert_eq!(record(&workshop, "monday-20s-ada.m4a")["date"], "2026-03-01");
    workshop.file("classes/monday.toml", class("Monday", "safety/physician"));
    make(&workshop, &["-o", "out"]).success();
    assert_ne!(record(&workshop, "monday-20s-ada.m4a")["date"], "2026-03-01");
    assert!(make(&workshop, &["-o", "out", "--date", "2026-03-02"]).success().contains("4 made."));
}

#[test]
fn one_class_with_mistakes_does_not_keep_the_others_from_being_made() {
    let workshop = classes();
    workshop.file("classes/broken.toml", "title = \"Broken\"\n[[steps]]\npose = \"cat-caw\"\n");
    workshop.file("classes/tiny.toml", "title = \"Tiny\"\n[[steps]]\npause = \"5s\"\n");
    let outcome = make(&workshop, &["-o", "out"]);
    assert_eq!(outcome.status, 1, "{}", outcome.stderr);
    assert_eq!(outcome.stderr.matches("cat-caw").count(), 2, "told once, with its line: {}", outcome.stderr);
    assert!(outcome.stdout.contains("4 made, 2 left out, 2 failed."), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("left out: it lasts 0:0"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("failed: 1 mistake, told above"), "{}", outcome.stdout);
    assert_eq!(names(&workshop.path("out"))[2..], FILES);
}

#[test]
fn nothing_that_somebody_else_put_there_is_lost() {
    let workshop = classes();
    fs::create_dir_all(workshop.path("out")).unwrap();
    fs::write(workshop.path("out/monday-20s-ada.m4a"), "a recording of mine").unwrap();
    let outcome = make(&workshop, &["-o", "out"]);
    assert_eq!(outcome.status, 3);
    assert!(
        outcome.stderr.contains("not of this catalogue") && outcome.stderr.contains("help: "),
        "{}",
        outcome.stderr
    );
    assert!(outcome.stdout.contains("3 made, 1 failed."), "{}", outcome.stdout);
    assert_eq!(fs::read(workshop.path("out/monday-20s-ada.m4a")).unwrap(), b"a recording of mine");
    fs::remove_file(workshop.path("out/monday-20s-ada.m4a")).unwrap();
    fs::write(workshop.path("out/catalogue.json"), "{\"mine\": true}").unwrap();
    let error = make(&workshop, &["-o", "out"]).failure(3);
    assert!(error.contains("catalogue.json"), "{error}");
    assert_eq!(fs::read(workshop.path("out/catalogue.json")).unwrap(), b"{\"mine\": true}");
}

#[test]
fn what_is_not_wanted_any_more_is_told_and_deleted_only_where_that_is_asked_for() {
    let workshop = classes();
    make(&workshop, &["-o", "out"]).success();
    fs::remove_file(workshop.path("classes/tuesday.toml")).unwrap();
    // A part of a catalogue tells nothing of the rest.
    let table = make(&workshop, &["-o", "out"]).success();
    assert!(!table.contains("--prune"), "{table}");
    fs::create_dir_all(workshop.path("home/routines")).unwrap();
    fs::rename(workshop.path("classes/monday.toml"), workshop.path("home/routines/monday.toml")).unwrap();
    // Long routines are left out at 20 s, so that only the own one is made.
    let all = ["export", "--all", "-o", "out", "--lengths", "20s"];
    let table = workshop.run(all).success();
    assert!(table.contains("monday-30s-ada.m4a, tuesday-20s-ada.m4a, tuesday-30s-ada.m4a; `--prune`"), "{table}");
    assert!(table.contains("1 unchanged, 12 left out."), "{table}");
    assert!(workshop.path("out/tuesday-20s-ada.m4a").exists());
    // One in which somebody wrote stays.
    fs::write(workshop.path("out/tuesday-20s-ada.m4a"), "mine now").unwrap();
    let table = workshop.run(all.iter().chain(&["--prune"])).success();
    assert!(table.contains("Deleted"), "{table}");
    let left = ["catalogue", "catalogue.json", "monday-20s-ada.m4a", "tuesday-20s-ada.m4a"];
    assert_eq!(names(&workshop.path("out")), left);
    assert_eq!(names(&workshop.path("out/catalogue")), ["monday-20s-ada.m4a.json"]);
}

#[test]
fn parts_from_several_machines_that_are_copied_together_are_the_catalogue() {
    let workshop = classes();
    make(&workshop, &["-o", "whole", "--date", "2026-03-01"]).success();
    let mut listed = Vec::new();
    for part in ["0/3", "1/3", "2/3"] {
        let folder = format!("part-{}", &part[..1]);
        let more = ["-o", &folder, "--shard", part, "--date", "2026-03-01"];
        listed.extend(make(&workshop, &[&more[..], &["--list"]].concat()).success().lines().map(str::to_owned));
        assert!(!workshop.path(&folder).exists(), "a list makes nothing");
        make(&workshop, &more).success();
    }
    listed.sort();
    assert_eq!(listed, FILES);
    let copy = workshop.shell("mkdir all && for part in 0 1 2; do cp -R part-$part/. all; done").status().unwrap();
    assert!(copy.success());
    let table = make(&workshop, &["-o", "all"]).success();
    assert!(table.contains("4 unchanged."), "{table}");
    assert!(sounds(&workshop, "all") == sounds(&workshop, "whole"));
    let summary = |folder: &str| fs::read_to_string(workshop.path(folder).join("catalogue.json")).unwrap();
    assert_eq!(summary("all"), summary("whole"));
    let summary: Value = serde_json::from_str(&summary("all")).unwrap();
    let files: Vec<_> =
        summary["files"].as_array().unwrap().iter().map(|each| each["file"].as_str().unwrap()).collect();
    assert_eq!(files, FILES);
}

#[test]
fn two_runs_at_once_into_one_folder_do_not_break_each_other() {
    let workshop = classes();
    let run = || workshop.command().args(WANTED).args(["-o", "out", "--date", "2026-03-01"]).spawn().unwrap();
    let runs = [run(), run()];
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    assert!(make(&workshop, &["-o", "out"]).success().contains("4 unchanged."));
    assert_eq!(names(&workshop.path("out"))[2..], FILES, "no part of a file stays behind");
}

#[cfg(target_os = "linux")]
#[test]
fn after_ctrl_c_what_is_whole_stays_and_the_next_run_goes_on() {
    let workshop = Workshop::new();
    let wanted = [
        "export",
        "desk-break",
        "gentle-back",
        "evening",
        "morning",
        "-o",
        "out",
        "--format",
        "wav",
        "--lengths",
        "6m",
    ];
    let mut run = workshop.command();
    run.args(wanted).args(["--voices", "ada,ben", "--threads", "2"]);
    let mut run = run.stderr(std::process::Stdio::piped()).stdout(std::process::Stdio::null()).spawn().unwrap();
    let records = workshop.path("out/catalogue");
    while !fs::read_dir(&records).is_ok_and(|mut entries| entries.any(|entry| entry.is_ok())) {
        assert!(run.try_wait().unwrap().is_none(), "it goes on until one is made");
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    assert!(Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap().success());
    let output = run.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    // On a machine that is quicker than the signal, all is made.
    let stopped = output.status.code() == Some(130) && said.contains("goes on from there");
    assert!(stopped || output.status.success(), "{:?} {said}", output.status);
    let left: Vec<PathBuf> = names(&workshop.path("out")).into_iter().map(PathBuf::from).collect();
    for name in left.iter().filter(|name| name.extension().is_some_and(|ending| ending != "json")) {
        assert_eq!(name.extension().unwrap(), "wav", "{left:?}");
        let known = record(&workshop, name.to_str().unwrap());
        let length = fs::metadata(workshop.path("out").join(name)).unwrap().len();
        assert_eq!(known["bytes"].as_u64(), Some(length), "{name:?} is whole");
    }
}

#[test]
fn the_table_is_as_wide_as_the_terminal() {
    let workshop = classes();
    let title = "\\u202e مساء الخير".to_owned() + &" on and on".repeat(500);
    workshop.file("classes/long.toml", class(&title, "safety/stop"));
    for columns in [40, 80] {
        let mut command = workshop.command();
        command.args(["export", "./classes", "-o", "out", "--lengths", "20s,4h"]).env("COLUMNS", columns.to_string());
        let table = Outcome::of(command.output().unwrap()).success();
        let widest = table.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= columns, "{widest} columns of {columns}:\n{table}");
        assert!(table.contains("left out: it can last") && !table.contains('\u{202e}'), "{table}");
        assert!(table.contains("monday-20s-ada.m4a") && table.contains(" kB"), "{table}");
    }
}

#[test]
fn what_belongs_to_one_session_is_not_taken_for_many() {
    let workshop = classes();
    for (arguments, word) in [
        (&["export", "morning", "evening"][..], "-o"),
        (&["export", "morning", "evening", "-o", "out", "--stems", "stems"], "--stems"),
        (&["export", "morning", "evening", "-o", "out", "--split"], "--split"),
        (&["export", "morning", "evening", "-o", "out", "--picture", "x.png"], "--picture"),
        (&["export", "morning", "evening", "-o", "out", "--words"], "--words"),
        (&["export", "--all"], "--output"),
        (&["export", "--all", "-o", "out", "--from", "1m"], "--from"),
        (&["export", "morning", "-o", "out", "--lengths", "5m", "--length", "5m"], "--length"),
        (&["export", "--all", "-o", "out", "--shard", "9/8"], "3/8"),
        (&["export", "--all", "-o", "out", "--feed", "example.org"], "https://example.org/yoga/"),
    ] {
        let error = workshop.run(arguments).failure(2);
        assert!(error.contains(word), "{arguments:?}: {error}");
    }
    let error = make(&workshop, &["-o", "out", "--file", "monday-2os-ada.m4a"]).failure(3);
    assert!(error.contains("did you mean monday-20s-ada.m4a?"), "{error}");
    workshop.file("taken", "");
    let error = make(&workshop, &["-o", "taken"]).failure(3);
    assert!(error.contains("a catalogue is a folder"), "{error}");
    assert_eq!(workshop.files(), ["classes", "taken"]);
}

/// The block of `docs/catalogue.md` in a language.
fn example(language: &str) -> String {
    let docs = include_str!("../../docs/catalogue.md");
    let (_, block) = docs.split_once(&format!("```{language}\n")).expect("an example");
    block.split_once("```").expect("an end").0.to_owned()
}

#[test]
#[ignore = "needs make; tests/run.sh installs it"]
fn the_makefile_of_the_docs_spreads_a_catalogue_over_several_runs() {
    let workshop = classes();
    workshop.file("Makefile", example("make"));
    let make = || {
        let mut command =
            workshop.shell("exec make -j2 CATCOW=\"$PROGRAM\" CATALOGUE='./classes -o podcast --lengths 20s,30s'");
        command.env("PROGRAM", env!("CARGO_BIN_EXE_catcow")).env("CATCOW_CONFIG", workshop.path("home/config.toml"));
        Outcome::of(command.output().unwrap()).success()
    };
    let first = make();
    assert_eq!(first.matches("1 made.").count(), 4, "{first}");
    assert!(first.contains("4 unchanged."), "the last run only writes the feed: {first}");
    assert!(workshop.path("podcast/feed.xml").exists());
    let second = make();
    assert!(second.matches("1 unchanged.").count() == 4 && !second.contains("made"), "{second}");
}

#[test]
#[ignore = "needs python3 with yaml; tests/run.sh installs it"]
fn the_job_of_the_docs_makes_every_file_once() {
    let workshop = classes();
    let read = "import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open('job.yaml')))))";
    workshop.file("job.yaml", example("yaml"));
    let output = Command::new("/usr/bin/python3").args(["-c", read]).current_dir(workshop.path("")).output().unwrap();
    let job: Value = serde_json::from_slice(&output.stdout).expect("YAML");
    let job = job.as_array().unwrap().iter().find(|each| each["kind"] == "Job").unwrap();
    assert_eq!(job["spec"]["completionMode"], "Indexed");
    let count = job["spec"]["completions"].as_u64().unwrap();
    let arguments = job["spec"]["template"]["spec"]["containers"][0]["args"].as_array().unwrap();
    let arguments: Vec<_> = arguments.iter().map(|word| word.as_str().unwrap()).collect();
    let run = |index: u64| {
        let index = index.to_string();
        let words = arguments.iter().map(|word| word.replace("$(JOB_COMPLETION_INDEX)", &index));
        workshop.run(words.chain(["--list".into()])).success()
    };
    let mut parts: Vec<String> =
        (0..count).flat_map(|index| run(index).lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    parts.sort();
    let at = arguments.iter().position(|word| *word == "--shard").unwrap();
    let whole = arguments[..at].iter().chain(&arguments[at + 2..]).copied().chain(["--list"]);
    let mut whole: Vec<String> = workshop.run(whole).success().lines().map(str::to_owned).collect();
    whole.sort();
    assert!(whole.len() >= 3 && parts == whole, "{parts:?}");
}
