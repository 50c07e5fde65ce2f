//! Shows that planning takes no longer for a step of a long routine than for one of a short routine.
//!
//! `cargo bench --bench planning`. It needs no more than the standard library: a ratio of least times is all that is
//! asked, and a person can read how it is found.

use std::fmt::Write;
use std::fs;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use catcow::load::{ClipDurations, DEFAULT_VOICE, Library, Routine};
use catcow::plan::{Level, Missing, Wishes, plan};
use catcow::session::Builder;
use catcow::work::Work;

/// The numbers of steps; the last is a hundred times the first.
const STEPS: [usize; 3] = [100, 1_000, 10_000];

/// A step of the longest routine may take so many times what one of the shortest takes: memory that no longer fits the
/// caches is paid for, a quadratic walk (a hundred times) is not.
const MOST_GROWTH: f64 = 3.0;

fn main() -> ExitCode {
    let mut growth = Vec::new();
    for (name, wishes) in [("level 3", at_level()), ("to a length", to_length())] {
        let fitted = name == "to a length";
        println!("plan, {name}:");
        let each: Vec<f64> = STEPS.into_iter().map(|steps| nanos_a_step(steps, fitted, &wishes)).collect();
        growth.push(each[each.len() - 1] / each[0]);
        println!("  {} steps over {}: {:.2} times\n", STEPS[2], STEPS[0], growth[growth.len() - 1]);
    }
    if growth.into_iter().all(|growth| growth <= MOST_GROWTH) {
        return ExitCode::SUCCESS;
    }
    eprintln!("expected at most {MOST_GROWTH} times the time for a step, found more");
    ExitCode::FAILURE
}

fn at_level() -> Wishes {
    Wishes { level: Level::new(3), missing: Missing::Bell, ..Wishes::default() }
}

/// The length stands in the routine; the one name that is not recorded is a bell.
fn to_length() -> Wishes {
    Wishes { missing: Missing::Bell, ..Wishes::default() }
}

/// The least time of many runs, for a step.
fn nanos_a_step(steps: usize, fitted: bool, wishes: &Wishes) -> f64 {
    let (routine, lengths) = load(steps, fitted);
    let runs = (100_000 / steps).max(10);
    let least = (0..runs).map(|_| timed(&routine, &lengths, wishes)).min().unwrap_or_default();
    let nanos = least.as_nanos() as f64 / steps as f64;
    println!("  {steps:>6} steps: {:>9.3} ms, {nanos:>6.0} ns for each", least.as_secs_f64() * 1000.0);
    nanos
}

fn timed(routine: &Routine, lengths: &ClipDurations, wishes: &Wishes) -> Duration {
    let start = Instant::now();
    let timeline = plan(routine, lengths, wishes).expect("the routine can be planned");
    let elapsed = start.elapsed();
    assert!(!timeline.regions.is_empty());
    elapsed
}

/// A routine of so many steps: words, a short pause with a range, and a pose now and then. Short, for a day is the most
/// that is planned.
fn load(steps: usize, fitted: bool) -> (Routine, ClipDurations) {
    let mut text = String::from("title = \"Long\"\n");
    if fitted {
        // Every third step is a pause of 1 to 2 s, so this is amid what the ranges allow.
        let _ = writeln!(text, "length = \"{}s\"", length_in_between(steps));
    }
    text += &body(steps);
    read(&text)
}

/// A pose as short as can be.
const POSE: &str = "
[poses.stillness]
name = \"Stillness\"
position = \"seated\"
hold = \"2s\"
[cues]
\"stillness/name\" = \"Stillness.\"
";

fn body(steps: usize) -> String {
    let kinds =
        ["[[steps]]\npause = \"1s..2s\"\n", "[[steps]]\nsay = \"breath/in\"\n", "[[steps]]\npose = \"stillness\"\n"];
    let steps: String = (0..steps).map(|step| kinds[step % kinds.len()]).collect();
    steps + POSE
}

/// Seconds, half-way between the shortest and the longest that the ranges allow.
fn length_in_between(steps: usize) -> u64 {
    let (routine, lengths) = read(&format!("title = \"Long\"\n{}", body(steps)));
    let bounds = catcow::plan::bounds(&routine, &lengths, &to_length());
    ((bounds.shortest + bounds.longest) / 2).duration(lengths.rate).as_secs()
}

fn read(text: &str) -> (Routine, ClipDurations) {
    let path = std::env::temp_dir().join(format!("catcow-planning-{}.toml", std::process::id()));
    fs::write(&path, text).expect("the folder for temporary files can be written to");
    let library = Library::open(None).expect("what is built in can be read");
    let routine = library.routine_file(&path).unwrap_or_else(|error| panic!("{error}"));
    let _ = fs::remove_file(path);
    let voice = library.voice(DEFAULT_VOICE).expect("the voice is built in");
    let prepared = Builder::new(routine.clone(), voice).prepare(&Work::alone()).expect("its lengths are known");
    (routine, prepared.durations().clone())
}
