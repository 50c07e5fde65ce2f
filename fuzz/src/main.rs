//! The seeded loop: `seeded TARGET SECONDS [SEED]` tries inputs for so long, the same ones in the same order for the same seed;
//! `seeded --list` names the targets.
//!
//! An input that comes to something new is kept, to be changed further: so it gets deeper than chance would. One that
//! fails, or takes more than [`LONGEST_SECONDS`] or [`MOST_KIB`], is written to `tests/regressions/TARGET/`, and the loop fails.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use catcow_fuzz::targets::{TARGETS, Target};
use catcow_fuzz::{corpus, mutate};

/// An input that takes more of the processor's time hangs, on any machine that this runs on, whatever else runs there.
const LONGEST_SECONDS: u64 = 60;

/// An input that takes more memory is one that no small file may cost. A recording of ten minutes takes half of it.
const MOST_KIB: u64 = 600 << 10;

/// How many inputs are kept to be changed further.
const KEPT: usize = 4096;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments == ["--list"] {
        TARGETS.iter().for_each(|target| println!("{}", target.name));
        return ExitCode::SUCCESS;
    }
    let target = arguments.first().and_then(|name| TARGETS.iter().find(|target| target.name == name));
    let seconds = arguments.get(1).and_then(|seconds| seconds.parse().ok());
    let (Some(target), Some(seconds)) = (target, seconds) else {
        let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        eprintln!("seeded TARGET SECONDS [SEED]; the targets are: {}", names.join(", "));
        return ExitCode::from(2);
    };
    let seed = arguments.get(2).and_then(|seed| seed.parse().ok()).unwrap_or(1);
    run(target, Duration::from_secs(seconds), seed)
}

/// How long the thread that tries them has computed, where the system tells; elsewhere, how long it has been there.
fn spent() -> Duration {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    let begun = BEGUN.get_or_init(Instant::now);
    let told = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = told.split_whitespace().next().and_then(|number| number.parse().ok());
    nanoseconds.map_or_else(|| begun.elapsed(), Duration::from_nanos)
}

/// The input that is being tried, and since when: what a watcher writes down where it does not end.
type Now = Arc<Mutex<(Duration, Vec<u8>)>>;

fn run(target: &'static Target, time: Duration, seed: u64) -> ExitCode {
    let now: Now = Arc::new(Mutex::new((spent(), Vec::new())));
    watch(target, &now);
    let mut rng = fastrand::Rng::with_seed(seed);
    let (words, begun) = (corpus::words(), corpus::for_target(target.name));
    let (mut kept, mut seen, mut tried) = (begun.clone(), HashSet::new(), 0_u64);
    let (begin, mut slowest) = (Instant::now(), Duration::ZERO);
    let mut queue = begun.clone().into_iter();
    while begin.elapsed() < time {
        let input = queue.next().unwrap_or_else(|| {
            let from = rng.usize(..kept.len());
            mutate::for_target(target.name, &mut rng, &kept[from], &begun, &words)
        });
        *now.lock().expect("not poisoned") = (spent(), input.clone());
        let outcome = panic::catch_unwind(|| (target.run)(&input));
        tried += 1;
        slowest = slowest.max(spent().saturating_sub(now.lock().expect("not poisoned").0));
        match outcome {
            Ok(_) if most_kib() > MOST_KIB => {
                println!("{}: takes {} MB: {}", target.name, most_kib() >> 10, keep(target, &input));
                return ExitCode::FAILURE;
            }
            Err(_) => {
                println!("{}: failed after {tried} inputs, seed {seed}: {}", target.name, keep(target, &input));
                return ExitCode::FAILURE;
            }
            Ok(came_to) if seen.insert(came_to) => {
                let place = rng.usize(..kept.len());
                if kept.len() < KEPT { kept.push(input) } else { kept[place] = input }
            }
            Ok(_) => {}
        }
    }
    let (ways, seconds, megabytes) = (seen.len(), slowest.as_secs_f64(), most_kib() >> 10);
    println!("{}: {tried} inputs, {ways} ways to end, none failed (seed {seed})", target.name);
    println!("{}: the slowest took {seconds:.1} s; at most {megabytes} MB of memory", target.name);
    ExitCode::SUCCESS
}

/// The most memory that was in use at once, where the system tells.
fn most_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}

/// Ends everything where an input does not end.
fn watch(target: &'static Target, now: &Now) {
    let now = Arc::clone(now);
    thread::spawn(move || {
        loop {
            thread::sleep(Duration::from_secs(1));
            let (since, input) = now.lock().map(|now| now.clone()).expect("not poisoned");
            if spent().saturating_sub(since) > Duration::from_secs(LONGEST_SECONDS) || most_kib() > 2 * MOST_KIB {
                println!("{}: does not end, or takes all memory: {}", target.name, keep(target, &input));
                std::process::exit(1);
            }
        }
    });
}

/// Writes an input down; where.
fn keep(target: &Target, input: &[u8]) -> String {
    let mut hash = DefaultHasher::new();
    input.hash(&mut hash);
    let folder = corpus::root().join("tests/regressions").join(target.name);
    let path = folder.join(format!("{:016x}", hash.finish()));
    let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, input));
    written.map_or_else(|error| format!("cannot write {}: {error}", path.display()), |()| path.display().to_string())
}
