//! M4A and M4B as other programs read them: what the file says of itself, chapters whatever they are called, the index before the
//! sound, and how small a voice is.

use std::fs;
use std::path::Path;
use std::process::Command;

use catcow::frames::{FrameRange, Frames, SampleRate};
use catcow::load::{Library, Memory};
use catcow::render::Channels;
use catcow::session::{Builder, Session};
use catcow::sink::file::about::{About, Picture, PictureKind};
use catcow::sink::file::encoding::{Encoding, Quality};
use catcow::sink::file::output::Output;
use catcow::sink::file::{Job, for_path};
use catcow::work::Work;
use serde_json::Value;

use crate::phone::decoded;
use crate::workshop::Workshop;

/// What a program prints of a file, which stands where its arguments have FILE.
fn printed(program: &str, arguments: &[&str], path: &Path) -> String {
    let arguments =
        arguments.iter().map(|argument| if *argument == "FILE" { path.as_os_str() } else { argument.as_ref() });
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|_| panic!("{program} is not installed"));
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && stderr.is_empty(), "{program}: {stdout}{stderr}");
    stdout.into_owned()
}

/// Everything that mutagen, a reader of tags in Python, finds: tags, and chapters of the list.
fn by_mutagen(path: &Path) -> Value {
    const SCRIPT: &str = "
import base64, json, sys
from mutagen.mp4 import MP4, MP4Cover
file = MP4(sys.argv[1])
def plain(value):
    if isinstance(value, list): return [plain(each) for each in value]
    if isinstance(value, MP4Cover): return [value.imageformat == MP4Cover.FORMAT_PNG, base64.b16encode(value).decode()]
    return value.decode() if isinstance(value, bytes) else value
print(json.dumps({
    'tags': {key: plain(value) for key, value in file.tags.items()},
    'chapters': [[each.start, each.title] for each in file.chapters],
    'length': file.info.length, 'channels': file.info.channels, 'rate': file.info.sample_rate, 'codec': file.info.codec,
}))";
    serde_json::from_str(&printed("/usr/bin/python3", &["-c", SCRIPT, "FILE"], path)).expect("JSON")
}

/// What a player shows of a file.
fn by_ffprobe(path: &Path) -> Value {
    let arguments = ["-v", "error", "-show_format", "-show_streams", "-show_chapters", "-of", "json", "FILE"];
    serde_json::from_str(&printed("ffprobe", &arguments, path)).expect("JSON")
}

/// The titles of chapters, and their starts in seconds.
fn chapters(shown: &Value) -> Vec<(String, f64)> {
    let chapters = shown["chapters"].as_array().expect("chapters").iter();
    let start = |each: &Value| each["start_time"].as_str().expect("a number").parse().expect("a number");
    chapters.map(|each| (each["tags"]["title"].as_str().unwrap_or_default().to_owned(), start(each))).collect()
}

/// A session of a routine without a voice.
fn session(routine: &str) -> Session {
    let files = Memory::new().with("routines/hello.toml", routine);
    let library = Library::in_memory(files).unwrap();
    let mut builder = Builder::new(library.routine("hello").unwrap(), library.voice("ada").unwrap());
    (builder.rate, builder.channels) = (SampleRate::new(8000).unwrap(), Channels::Mono);
    builder.build(&Work::alone()).unwrap()
}

/// Writes a part of a session, as a program does that uses the library.
fn write(session: &Session, range: FrameRange, about: &About, path: &Path) {
    let encoding = Encoding { quality: Quality::Voice, bitrate: None };
    let job = Job { mixer: session.mixer(), range, encoding, about, work: Work::alone() };
    let mut output = Output::create(path).unwrap();
    (for_path(path).unwrap().write)(&job, &mut output).unwrap();
    output.finish().unwrap();
}

fn whole(session: &Session) -> FrameRange {
    FrameRange::new(Frames::ZERO, session.frames())
}

/// A routine in which each chapter lasts 0.2 s, and a bell rings first.
fn routine_of(titles: &[&str]) -> String {
    let step = |title: &&str| format!("[[steps]]\npause = '0.2s'\nname = {}\n", Value::from(*title));
    let steps: String = titles.iter().map(step).collect();
    format!("title = 'Titles'\nallow = ['no-safety: a test']\n[[steps]]\nbell = 'low'\n{steps}")
}

/// A picture of one dot.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cc`\0\0\0\x02\0\x01H\xaf\xa4q\
    \0\0\0\0IEND\xaeB`\x82";

fn about() -> About {
    About {
        title: "Evening, slowly".into(),
        routine: "evening".into(),
        summary: "A quiet hour.".into(),
        voice: "Ada".into(),
        language: "pt-BR".into(),
        date: Some("2026-03-01".into()),
        words: "Hello.\nأهلا".into(),
        timed_words: Vec::new(),
        album: "evening".into(),
        track: Some((2, 7)),
        cover: Picture { bytes: PNG.to_vec(), kind: PictureKind::Png, width: 1, height: 1 }.into(),
    }
}

#[test]
#[ignore = "needs mutagen, AtomicParsley and ffprobe; tests/run.sh installs them"]
fn players_show_what_a_file_says_of_itself() {
    let (workshop, session) = (Workshop::new(), session(&routine_of(&["One", "Two"])));
    for name in ["class.m4a", "class.m4b"] {
        write(&session, whole(&session), &about(), &workshop.path(name));
        let found = by_mutagen(&workshop.path(name));
        let tag = |key: &str| found["tags"][key][0].clone();
        for (key, value) in [
            ("\u{a9}nam", "Evening, slowly"),
            ("\u{a9}alb", "evening"),
            ("\u{a9}ART", "Ada"),
            ("\u{a9}day", "2026-03-01"),
            ("\u{a9}gen", "Yoga"),
            ("\u{a9}cmt", "A quiet hour."),
            ("desc", "A quiet hour."),
            ("\u{a9}lyr", "Hello.\nأهلا"),
            ("\u{a9}too", About::TOOL),
        ] {
            assert_eq!(tag(key), value, "{key}");
        }
        let hex: String = PNG.iter().map(|byte| format!("{byte:02X}")).collect();
        assert_eq!(tag("covr"), serde_json::json!([true, hex]));
        assert_eq!(tag("stik"), if name.ends_with('b') { Value::from(2) } else { Value::Null });
        assert_eq!((&found["rate"], &found["channels"]), (&Value::from(8000), &Value::from(1)));
        assert_eq!(found["codec"], "mp4a.40.2");
        // Another reader, of iTunes's tags.
        let listed = printed("AtomicParsley", &["FILE", "-t"], &workshop.path(name));
        for line in ["Evening, slowly", "evening", "Ada", "2026-03-01", "Yoga", "1 piece of artwork", About::TOOL] {
            assert!(listed.contains(line), "{line} in {listed}");
        }
        let shown = by_ffprobe(&workshop.path(name));
        let sound = shown["streams"].as_array().unwrap().iter().find(|each| each["codec_type"] == "audio").unwrap();
        assert_eq!(sound["tags"]["language"], "por");
    }
}

#[test]
#[ignore = "needs mutagen and ffprobe; tests/run.sh installs them"]
fn chapters_are_found_whatever_they_are_called_and_however_many_they_are() {
    let long = "long ".repeat(1_000);
    let titles = ["Twice", "Twice", "وضعية الطفل", long.trim(), "<b>&amp;\\"];
    let (workshop, session) = (Workshop::new(), session(&routine_of(&titles)));
    let path = workshop.path("titles.m4a");
    write(&session, whole(&session), &about(), &path);
    let found = chapters(&by_ffprobe(&path));
    let planned = &session.timeline().chapters;
    assert_eq!(planned.len(), 1 + titles.len());
    assert_eq!(found.len(), planned.len(), "{found:?}");
    let listed = by_mutagen(&path)["chapters"].clone();
    for (index, chapter) in planned.iter().enumerate() {
        let start = chapter.start.0 as f64 / 8000.0;
        assert_eq!(found[index].0, chapter.title);
        assert!((found[index].1 - start).abs() < 0.001, "{} at {}", chapter.title, found[index].1);
        // The list has 255 bytes for a title.
        let title = listed[index][1].as_str().unwrap();
        assert!(chapter.title.starts_with(title) && title.len() >= chapter.title.len().min(252), "{title}");
    }
}

#[test]
#[ignore = "needs ffprobe; tests/run.sh installs it"]
fn three_hundred_chapters_are_all_there_and_so_is_one_of_a_single_frame() {
    let names: Vec<String> = (1..=300).map(|number| format!("Pose {number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (workshop, session) = (Workshop::new(), session(&routine_of(&names)));
    let path = workshop.path("many.m4a");
    write(&session, whole(&session), &about(), &path);
    let found = chapters(&by_ffprobe(&path));
    assert_eq!((found.len(), found[300].0.as_str()), (301, "Pose 300"));
    // From the last frame of one to the first of the next but one.
    let planned = &session.timeline().chapters;
    let range = FrameRange { start: planned[2].start - Frames(1), end: planned[3].start + Frames(1) };
    write(&session, range, &about(), &path);
    let found = chapters(&by_ffprobe(&path));
    let titles: Vec<&str> = found.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(titles, [&planned[1].title, &planned[2].title, &planned[3].title]);
    assert!(found[1].1 < 0.001, "{found:?}");
}

/// The boxes of an MP4 from a place to another: kind, where it begins, where it ends. Together they fill it.
fn boxes(bytes: &[u8], from: usize, to: usize) -> Vec<(String, usize, usize)> {
    let (mut at, mut found) = (from, Vec::new());
    while at < to {
        let size = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        assert!(size >= 8 && at + size <= to, "a box of {size} bytes at {at}");
        found.push((bytes[at + 4..at + 8].iter().map(|byte| char::from(*byte)).collect(), at, at + size));
        at += size;
    }
    found
}

#[test]
fn a_phone_that_fetches_the_file_has_the_index_before_the_sound() {
    let (workshop, session) = (Workshop::new(), session(&routine_of(&["One"])));
    let path = workshop.path("class.m4a");
    write(&session, whole(&session), &about(), &path);
    let bytes = fs::read(&path).unwrap();
    let kinds: Vec<_> = boxes(&bytes, 0, bytes.len()).into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, ["ftyp", "moov", "mdat", "free"]);
    assert!(bytes.ends_with(About::TOOL.as_bytes()), "the last bytes tell what made it");
}

#[test]
#[ignore = "needs mediainfo; tests/run.sh installs it"]
fn an_inspector_of_files_finds_one_sound_in_the_language_of_the_voice_and_no_fault() {
    let (workshop, session) = (Workshop::new(), session(&routine_of(&["One"])));
    let path = workshop.path("class.m4a");
    write(&session, whole(&session), &about(), &path);
    let found: Value = serde_json::from_str(&printed("mediainfo", &["--Output=JSON", "FILE"], &path)).expect("JSON");
    let tracks = found["media"]["track"].as_array().unwrap();
    let of = |kind: &str| tracks.iter().find(|track| track["@type"] == kind).unwrap();
    let (general, sound) = (of("General"), of("Audio"));
    assert_eq!((&general["AudioCount"], &general["IsStreamable"]), (&Value::from("1"), &Value::from("Yes")));
    assert_eq!((&sound["Format"], &sound["Language"]), (&Value::from("AAC"), &Value::from("pt-BR")));
    let text = found.to_string();
    assert!(!text.contains("onformance") && !text.contains("IsTruncated"), "{text}");
}

#[test]
#[ignore = "needs ffmpeg; tests/run.sh installs it"]
fn ten_minutes_of_a_voice_are_small_and_keep_headphones_awake() {
    let workshop = Workshop::new();
    // What keeps headphones awake sounds in the gaps, as it does for everybody who asks for nothing else.
    let export = |arguments: &[&str]| {
        let run = workshop
            .command()
            .args(["export", "lying-down", "--until", "10m"])
            .args(arguments)
            .env_remove("CATCOW_WAKE")
            .output();
        assert!(run.unwrap().status.success());
    };
    for tone in ["airy", "off"] {
        export(&["--tone", tone, "-o", "session.m4a"]);
        let bytes = fs::metadata(workshop.path("session.m4a")).unwrap().len();
        assert!(bytes < 1_300_000, "{bytes} bytes for ten minutes, tone {tone}");
    }
    // Headphones are kept awake: no fifth of a second is digital silence.
    let heard = decoded(&workshop, "session.m4a", 24_000);
    assert!(heard.len() >= 10 * 60 * 24_000);
    assert!(heard.chunks_exact(24_000 / 5).all(|part| part.iter().any(|sample| *sample != 0)));
}
