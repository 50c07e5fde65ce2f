//! The library as another program uses it: without the command line, a device, or files.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use catcow::Error;
use catcow::frames::Frames;
use catcow::gain::Decibels;
use catcow::load::language::mix::Bed;
use catcow::load::{DEFAULT_VOICE, Library, Memory};
use catcow::session::Builder;
use catcow::work::{Progress, Stage, Work};

use crate::wav::wav;

#[path = "../../examples/in_memory.rs"]
mod in_memory;

/// Half a second of a hum, as a WAV, at this level of full scale.
fn hum(level: f32) -> Vec<u8> {
    wav((0..24_000).map(|at| ((at as f32 / 40.0).sin() * level * 32_767.0) as i16), 1, 48_000)
}

#[test]
fn a_session_in_memory_becomes_samples() {
    in_memory::main().expect("the example runs");
    let samples = in_memory::samples(&hum(0.3)).expect("a session");
    let seconds = samples.len() / (2 * 48_000);
    assert!((8..12).contains(&seconds), "{seconds} s: words, two seconds, and the bell");
    assert!(samples[..2 * 96_000].iter().any(|sample| *sample != 0), "the words are heard");
}

#[test]
fn reading_a_routine_leaves_no_trace() {
    let pose =
        |name: &str| format!("name = \"{name}\"\nbenefit = \"For a test\"\nposition = \"lying\"\nhold = \"10s\"\n");
    let files = Memory::new()
        .with("routines/poses/own.toml", "nmae = \"Own\"\n")
        .with("routines/mine.toml", "title = \"Mine\"\n[[steps]]\npose = \"own\"\n")
        .with(
            "routines/other.toml",
            format!("title = \"Other\"\n[poses.own]\n{}[[steps]]\npose = \"own\"\n", pose("Other")),
        );
    let library = Library::in_memory(files).expect("a library");
    let refused = |library: &Library| library.routine("mine").expect_err("the pose is broken").to_string();
    let first = refused(&library);
    assert!(first.contains("nmae"), "{first}");
    let _ = library.routine("other");
    assert_eq!(refused(&library), first, "told again, whoever asked before");
}

#[test]
fn a_listener_holds_longer_lets_go_and_says_less() {
    let library = Library::in_memory(Memory::new()).expect("what is built in");
    let (routine, voice) =
        (library.routine("gentle-back").expect("a routine"), library.voice(DEFAULT_VOICE).expect("a voice"));
    let mut session = Builder::new(routine, voice).build(&Work::alone()).expect("a session");
    let within = |seconds: &u64| session.clone().let_go(Frames(seconds * 48_000));
    let hold = Frames((60..300).find(within).expect("a hold") * 48_000);
    let before = session.frames();
    session.hold_longer(hold).expect("something is held there");
    let longer = session.frames();
    assert!(longer > before);
    assert!(session.let_go(hold) && session.frames() < longer);
    let words = session.timeline().regions.len();
    assert!(session.say_less(hold) && session.timeline().regions.len() < words);
    assert!(session.resume_at(hold) <= hold);
    let mut second = vec![0; 96_000];
    session.fill(hold, &mut second).expect("samples");
    assert!(session.switch_bed().is_none(), "it has no bed");
}

/// A session that is so loud together that it has to be measured.
fn loud() -> catcow::session::Planned {
    let library = Library::in_memory(Memory::new()).expect("what is built in");
    let (routine, voice) = (library.routine("desk-break").expect("a routine"), library.voice("ben").expect("a voice"));
    let mut builder = Builder::new(routine, voice);
    builder.wishes.mix.bed = Some(Bed::Rain);
    builder.wishes.mix.bed_level = Decibels(6.0);
    builder.plan(&Work::alone()).expect("a plan")
}

#[test]
fn measuring_ends_when_it_is_told_to() {
    let stop = AtomicBool::new(false);
    let told = AtomicUsize::new(0);
    let progress = |_: Progress| {
        told.fetch_add(1, Ordering::Relaxed);
        stop.store(true, Ordering::Relaxed);
    };
    let ended = loud().session(&Work { threads: 2, stop: &stop, progress: &progress });
    assert!(matches!(ended, Err(Error::Interrupted)));
    assert!(told.load(Ordering::Relaxed) <= 2, "each thread ends at its next part");
}

#[test]
fn measuring_is_done_on_the_threads_that_are_given() {
    let threads = Mutex::new(BTreeSet::new());
    let progress = |progress: Progress| {
        assert!(progress.stage == Stage::Levels && progress.done <= progress.total);
        threads.lock().expect("no panic").insert(format!("{:?}", std::thread::current().id()));
    };
    loud().session(&Work { progress: &progress, ..Work::alone() }).expect("a session");
    assert_eq!(threads.lock().expect("no panic").len(), 1);
}
