//! What is tried of inputs that nobody wrote, and what must hold whatever stands in them: no panic, and either mistakes that
//! can be shown or a session that keeps its promises.
//!
//! `fuzz/` makes such inputs for as long as one likes. What ever failed lies in `tests/regressions/`, a folder for each
//! target, and is tried again here.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use catcow::Error;
use catcow::advice::Advice;
use catcow::diagnostic::{Diagnostics, Source};
use catcow::frames::{Frames, SampleRate};
use catcow::load::language::routine::Guidance;
use catcow::load::{ClipDurations, Library, Routine, Settings, Voice};
use catcow::plan::timeline::{PhaseKind, Timeline, Track};
use catcow::plan::{self, Bounds, Missing, Wishes, lint};
use catcow::programme;
use catcow::session::Builder;
use catcow::sink::page::cover::Cover;
use catcow::sink::page::print::Paper;
use catcow::sink::page::{Content, PAGES, Subject, plan_json};
use catcow::work::Work;

/// Something that takes bytes of a stranger's.
pub struct Target {
    /// Its name, and that of its folder in `tests/regressions/`.
    pub name: &'static str,
    /// Tries an input; what it came to, as a number that is another where something else happened.
    pub run: fn(&[u8]) -> u64,
}

/// Everything that is tried.
pub const TARGETS: &[Target] = &[
    Target { name: "log", run: log },
    Target { name: "recording", run: recording::recording },
    Target { name: "share", run: share },
    Target { name: "text", run: text },
];

#[path = "fuzzed/recording.rs"]
mod recording;
#[path = "fuzzed/share.rs"]
mod share;

pub use share::share;

/// The log belongs to the command line, so it is in no library.
#[allow(dead_code)]
#[path = "../../src/cli/logbook.rs"]
mod logbook;

/// A log, as it is read and counted.
pub fn log(bytes: &[u8]) -> u64 {
    let folder = tempfile::TempDir::new().expect("a folder");
    let book = logbook::Logbook::new(folder.path());
    std::fs::write(folder.path().join("log.tsv"), bytes).expect("a file");
    let mut seen = DefaultHasher::new();
    let Ok(logbook::Log { entries, notes, programme, told }) = book.read() else { return seen.finish() };
    assert!(entries.windows(2).all(|pair| logbook::when(&pair[0]) <= logbook::when(&pair[1])), "out of order");
    let six_weeks = library().programme("six-weeks-back").expect("a programme");
    let mut of_weeks = 0;
    for today in ["2026-11-25", "0001-01-01", "9999-12-31", "-009999-01-01"] {
        let today = logbook::day(today.parse().expect("a date"));
        let weeks = programme::weeks(&entries, today, 520);
        assert!(weeks.len() <= 520 && weeks.iter().map(|week| week.sessions).sum::<usize>() <= entries.len());
        assert!(programme::streak(&entries, today) <= entries.len());
        programme::lacks_progress(&weeks).hash(&mut seen);
        // Whatever the log says, something comes next.
        let next = programme::next(&six_weeks, today.later(-200), &entries, today);
        let (programme::Next::Due(due) | programme::Next::Rest(programme::Rest { instead: due, .. })) = next;
        assert!(six_weeks.names(&due.routine) && (1..=six_weeks.weeks.len()).contains(&due.week));
        of_weeks += weeks.len();
    }
    // What is added stands behind all that was there, and nothing that was there is another.
    let entry = programme::Entry { routine: "added".into(), ..logbook::ended_now() };
    book.append(&entry).expect("a line");
    let more = book.read().expect("the log").entries;
    assert_eq!(more.len(), entries.len() + 1);
    assert!(more.contains(&entry));
    (entries.len().min(16), notes.len().min(16), programme.is_some(), told, of_weeks).hash(&mut seen);
    seen.finish()
}

/// A text, as each of the kinds of files that people write.
pub fn text(bytes: &[u8]) -> u64 {
    let mut seen = DefaultHasher::new();
    as_files(bytes, &mut seen);
    if let Ok(text) = std::str::from_utf8(bytes) {
        as_routine(text, &mut seen);
    }
    seen.finish()
}

/// What is built in.
pub fn library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| Library::open(None).expect("what is built in"))
}

/// A voice that is built in.
pub fn voice() -> &'static Voice {
    static VOICE: OnceLock<Voice> = OnceLock::new();
    VOICE.get_or_init(|| library().voice("ada").expect("a built-in voice"))
}

/// How long each cue of a routine is in a voice.
pub fn durations(routine: &Routine, voice: &Voice, rate: SampleRate) -> Result<ClipDurations, Error> {
    let mut builder = Builder::new(routine.clone(), voice.clone());
    builder.rate = rate;
    Ok(builder.prepare(&Work::alone())?.durations().clone())
}

/// Each is shown in full: a place that lies outside its text, or inside a letter, would be a panic here.
fn shown(mistakes: &Diagnostics, seen: &mut DefaultHasher) {
    for mistake in mistakes.iter() {
        mistake.code.hash(seen);
        if let Some((place, _)) = &mistake.place {
            assert!(place.source.text.get(place.span.clone()).is_some(), "{:?} of {:?}", place.span, mistake.message);
        }
    }
    // A text of many mistakes would be drawn many times over.
    for mistake in mistakes.iter().take(4) {
        assert!(mistake.render(false, Advice::words).contains(mistake.code.word()));
    }
}

fn refused<T>(outcome: Result<T, Error>, seen: &mut DefaultHasher) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(Error::Mistakes(mistakes)) => {
            assert!(mistakes.has_errors(), "refused without a mistake");
            shown(&mistakes, seen);
            None
        }
        Err(other) => panic!("{other}"),
    }
}

/// A voice's file, the settings, a pose or a script.
fn as_files(bytes: &[u8], seen: &mut DefaultHasher) {
    thread_local! {
        static FOLDER: tempfile::TempDir = tempfile::TempDir::new().expect("a folder");
    }
    FOLDER.with(|folder| {
        let (folder, path) = (folder.path(), folder.path().join("voice.toml"));
        std::fs::write(&path, bytes).expect("a file");
        refused(Voice::folder(folder), seen);
        refused(Settings::open(&path), seen);
        refused(library().kind_of(&path), seen);
    });
}

fn as_routine(text: &str, seen: &mut DefaultHasher) {
    let source = Arc::new(Source::in_memory("fuzzed.toml", text));
    let Some(routine) = refused(library().read("fuzzed", &source), seen) else { return };
    // Bells of one's own lie in files, which are another target.
    let Some(durations) = refused(durations(&routine, voice(), SampleRate::DEFAULT), seen) else { return };
    let wishes = Wishes { missing: Missing::Bell, mix: routine.mix(), ..Wishes::default() };
    shown(&lint::inspect(&routine, &durations, &wishes), seen);
    for (_, guidance) in Guidance::WORDS {
        let wishes = Wishes { guidance: Some(guidance), ..wishes.clone() };
        let Bounds { shortest, longest } = plan::bounds(&routine, &durations, &wishes);
        assert!(shortest <= longest, "{shortest:?} to {longest:?}");
        let Some(timeline) = refused(plan::plan(&routine, &durations, &wishes), seen) else { continue };
        promises(&timeline, &routine, seen);
        let middle = Frames(shortest.0 + (longest.0 - shortest.0) / 2).duration(durations.rate);
        at_length(&routine, &durations, &Wishes { length: Some(middle), ..wishes }, seen);
    }
}

/// A length between the shortest and the longest is met to the frame, or it is said which words leave no time.
fn at_length(routine: &Routine, durations: &ClipDurations, wishes: &Wishes, seen: &mut DefaultHasher) {
    let wanted = wishes.length.unwrap_or(Duration::ZERO);
    let Some(timeline) = refused(plan::plan(routine, durations, wishes), seen) else { return };
    assert_eq!(timeline.frames, timeline.rate.frames(wanted), "a length within the bounds is met");
    promises(&timeline, routine, seen);
}

/// What must hold of every plan.
pub fn promises(timeline: &Timeline, routine: &Routine, seen: &mut DefaultHasher) {
    let mut voice: Vec<_> = timeline.regions.iter().filter(|region| region.track == Track::Voice).collect();
    voice.sort_by_key(|region| region.start);
    for pair in voice.windows(2) {
        assert!(pair[0].range().end <= pair[1].start, "two cues at once: {pair:?}");
    }
    for region in &timeline.regions {
        assert!(region.range().end <= timeline.frames, "{region:?} outlasts the session");
    }
    let mut end = Frames::ZERO;
    for chapter in &timeline.chapters {
        assert_eq!(chapter.start, end, "a gap before a chapter");
        end += chapter.frames;
    }
    assert_eq!(end, timeline.frames, "the chapters end where the session does");
    for pair in timeline.phases.windows(2) {
        assert!(pair[0].start + pair[0].frames <= pair[1].start, "two phases at once: {pair:?}");
    }
    for pair in timeline.breaths.windows(2) {
        assert!(pair[0].start + pair[0].frames <= pair[1].start, "two breaths at once: {pair:?}");
    }
    equal_sides(timeline);
    if timeline.regions.len() < 500 {
        let subject = Subject { timeline, routine, paper: Paper::A4 };
        for page in PAGES {
            match page.content {
                Content::Text(text) => {
                    assert!(!text(&subject).is_empty() || timeline.regions.is_empty(), "an empty page");
                }
                // At the size of a thumb: what is drawn is the same.
                Content::Picture(_) => assert!(!Cover::of(timeline, routine).png(16).is_empty(), "an empty picture"),
            }
        }
        let json = plan_json::text(timeline, catcow::render::Channels::Stereo);
        serde_json::from_str::<serde_json::Value>(&json).expect("JSON");
    }
    (voice.len().min(32), timeline.phases.len().min(32), timeline.chapters.len().min(8)).hash(seen);
}

/// Every side of a pose lasts as long as the others.
fn equal_sides(timeline: &Timeline) {
    let mut sides = BTreeMap::<&str, BTreeMap<&str, u64>>::new();
    for phase in timeline.phases.iter().filter(|phase| phase.kind != PhaseKind::Switch) {
        let Some(side) = &phase.side else { continue };
        *sides.entry(&phase.pose).or_default().entry(side).or_default() += phase.frames.0;
    }
    for (pose, sides) in sides {
        let lengths: Vec<_> = sides.values().collect();
        assert!(lengths.iter().all(|length| *length == lengths[0]), "the sides of {pose}: {sides:?}");
    }
}

/// Every input that ever failed.
pub fn regressions(folder: &Path, target: &str) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder.join(target)).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

#[test]
fn what_once_failed_does_not_fail_again() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/regressions");
    for target in TARGETS {
        for path in regressions(&folder, target.name) {
            println!("{}", path.display());
            (target.run)(&std::fs::read(&path).expect("a file"));
        }
    }
}
