//! `export` to Opus and FLAC: the session to the frame, with tags and chapters that other programs read, in the same bytes on any
//! number of threads.

use std::fs;
use std::process::Command;
use std::sync::atomic::AtomicBool;

use catcow::frames::{FrameRange, Frames};
use catcow::load::{Library, Memory};
use catcow::session::Builder;
use catcow::sink::file::about::{About, Picture, PictureKind};
use catcow::sink::file::encoding::Encoding;
use catcow::sink::file::output::Output;
use catcow::sink::file::{Job, for_path};
use catcow::work::Work;
use catcow::{Error, Result};
use serde_json::Value;

use crate::phone::{chapters, decoded, late, seconds, segmental_snr, shown};
use crate::workshop::{Workshop, read_wav};

/// All that a program says.
fn says(command: &mut Command) -> String {
    let output = command.output().expect("the program is installed");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(output.status.success(), "{said}");
    said
}

/// Validators find no fault in a file.
fn assert_valid(workshop: &Workshop, name: &str) {
    let path = workshop.path(name);
    if name.ends_with("opus") {
        let said = says(Command::new("opusinfo").arg(&path));
        assert!(!said.contains("WARNING") && !said.contains("ERROR"), "{said}");
    } else {
        let said = says(Command::new("flac").args(["--test", "--silent", "--warnings-as-errors"]).arg(&path));
        assert!(said.is_empty(), "{said}");
    }
}

/// What mutagen reads: the length in seconds, the tags in order, and the pictures as kind, media type, size and bytes.
fn read_by_mutagen(workshop: &Workshop, name: &str) -> Value {
    const SCRIPT: &str = r"
import base64, json, sys, mutagen, mutagen.flac
file = mutagen.File(sys.argv[1])
pictures = getattr(file, 'pictures', None)
if pictures is None:
    blocks = file.get('metadata_block_picture', [])
    pictures = [mutagen.flac.Picture(base64.b64decode(block)) for block in blocks]
pictures = [[p.type, p.mime, p.width, p.height, p.depth, p.data.hex()] for p in pictures]
print(json.dumps({'length': file.info.length, 'tags': list(file.tags), 'pictures': pictures}))
";
    let read = says(Command::new("/usr/bin/python3").args(["-c", SCRIPT]).arg(workshop.path(name)));
    serde_json::from_str(&read).expect("JSON")
}

/// A tag's first value, whether the container keeps it for the whole or for the stream.
fn tag(shown: &Value, name: &str) -> Option<String> {
    let all =
        [&shown["format"]["tags"], &shown["streams"][0]["tags"]].into_iter().filter_map(Value::as_object).flatten();
    all.filter(|(key, _)| key.eq_ignore_ascii_case(name)).find_map(|(_, value)| value.as_str().map(str::to_owned))
}

#[test]
#[ignore = "needs ffmpeg, ffprobe, opusinfo, flac and mutagen; tests/run.sh installs them"]
fn opus_and_flac_are_the_session_with_its_tags_and_chapters() {
    let workshop = Workshop::new();
    let session = ["export", "desk-break", "--mono", "--tone", "off", "--date", "2026-03-01", "--bitrate", "32k", "-o"];
    for name in ["s.wav", "s.opus", "s.flac"] {
        workshop.run(session.iter().chain([&name])).success();
    }
    let (_, rate, original) = read_wav(&workshop.path("s.wav"));
    let plan = workshop.run(["plan", "desk-break", "--json", "--tone", "off"]).success();
    let plan: Value = serde_json::from_str(&plan).unwrap();
    for name in ["s.opus", "s.flac"] {
        assert_valid(&workshop, name);
        let (shown, read) = (shown(&workshop, name), read_by_mutagen(&workshop, name));
        let length = original.len() as f64 / f64::from(rate);
        for duration in [seconds(&shown["format"]["duration"]), read["length"].as_f64().unwrap()] {
            assert!((duration - length).abs() < 0.025, "{name}: {duration} s instead of {length} s");
        }
        let heard = decoded(&workshop, name, rate);
        assert_eq!(heard.len(), original.len(), "{name}");
        if name == "s.flac" {
            assert!(heard == original, "not the samples of the WAV");
        } else {
            let snr = segmental_snr(&original, &heard);
            println!("{snr:.1} dB, {} bytes", fs::metadata(workshop.path(name)).unwrap().len());
            assert_eq!(late(&original, &heard), 0);
            assert!(snr >= 17.3, "{snr} dB");
        }
        let planned = plan["chapters"].as_array().unwrap().iter();
        let planned: Vec<_> =
            planned.map(|each| (each["title"].as_str().unwrap(), each["start"].as_f64().unwrap())).collect();
        let found = chapters(&shown);
        assert_eq!(found.len(), planned.len());
        for ((title, start), (planned, frames)) in found.iter().zip(&planned) {
            assert!(title == planned && (start - frames / f64::from(rate)).abs() < 0.001, "{title} at {start} s");
        }
        let expected = [("title", plan["title"].as_str().unwrap()), ("album", "desk-break"), ("artist", "Ada")];
        for (name, value) in expected.into_iter().chain([("date", "2026-03-01"), ("genre", "Yoga")]) {
            assert_eq!(tag(&shown, name).as_deref(), Some(value), "{name}");
        }
        assert!(
            tag(&shown, "lyrics").unwrap().lines().count() > 10 && tag(&shown, "encoder").unwrap().contains("catcow")
        );
        let names: Vec<_> = read["tags"].as_array().unwrap().iter().map(|pair| pair[0].as_str().unwrap()).collect();
        let first = names.iter().position(|name| name.eq_ignore_ascii_case("CHAPTER000")).unwrap();
        // Behind the chapters, Opus has the picture.
        let chapters: Vec<_> =
            names[first..].iter().take_while(|name| name.to_uppercase().starts_with("CHAPTER")).collect();
        let titles = chapters.iter().filter(|name| name.to_lowercase().ends_with("name")).count();
        assert_eq!((titles, chapters.len()), (planned.len(), 2 * planned.len()), "in order: {names:?}");
    }
}

#[test]
#[ignore = "needs ffmpeg, opusinfo and flac; tests/run.sh installs them"]
fn any_part_in_any_form_has_its_length_and_a_flac_the_samples_of_the_wav() {
    let workshop = Workshop::new();
    let parts: [&[&str]; 5] = [
        &["--from", "40s", "--until", "61.37s", "--bed", "rain"],
        &["--from", "1m", "--until", "1m 30.001s", "--rate", "24000", "--pan-sides", "--wake"],
        &["--until", "0.01s", "--mono", "--rate", "8000"],
        &["--until", "3.5s", "--mono", "--rate", "16000", "--wake"],
        &["--from", "20s", "--until", "20.001s"],
    ];
    for part in parts {
        let session = ["export", "morning"].iter().chain(part);
        for name in ["s.wav", "s.flac", "s.opus"] {
            workshop.run(session.clone().chain(&["-o", name])).success();
        }
        let (channels, rate, original) = read_wav(&workshop.path("s.wav"));
        assert!(decoded(&workshop, "s.flac", rate) == original, "{part:?}");
        let of_opus = decoded(&workshop, "s.opus", 48_000).len();
        let shown = shown(&workshop, "s.opus");
        let opus_channels = shown["streams"][0]["channels"].as_u64().unwrap() as usize;
        assert_eq!(of_opus / opus_channels, original.len() / channels * (48_000 / rate as usize), "{part:?}");
        assert_valid(&workshop, "s.flac");
        assert_valid(&workshop, "s.opus");
    }
}

#[test]
fn opus_and_flac_have_the_same_bytes_for_any_number_of_threads() {
    let workshop = Workshop::new();
    for ending in ["opus", "flac"] {
        let [one, many] = ["1", "7"].map(|threads| {
            let name = format!("{threads}.{ending}");
            let arguments = ["export", "morning", "--until", "50s", "--rate", "16000", "--wake", "-o", &name];
            workshop.run(arguments.iter().chain(&["--threads", threads])).success();
            fs::read(workshop.path(&name)).unwrap()
        });
        assert!(one == many, "{ending}");
    }
}

#[test]
fn what_opus_and_flac_cannot_hold_is_refused_before_anything_is_written() {
    let workshop = Workshop::new();
    for (name, rate, told) in
        [("s.opus", "44100", "Opus has no rate of 44100 Hz"), ("s.flac", "192000", "at most 96000 Hz")]
    {
        let error = workshop.run(["export", "morning", "-o", name, "--rate", rate]).failure(3);
        assert!(error.contains(told) && error.contains("help: "), "{error}");
    }
    assert!(workshop.files().is_empty(), "{:?}", workshop.files());
}

#[test]
#[ignore = "needs ffprobe, opusinfo, flac and mutagen; tests/run.sh installs them"]
fn titles_of_any_kind_and_three_hundred_chapters_arrive() {
    let workshop = Workshop::new();
    let long = "long ".repeat(1000);
    let names = ["The same", "The same", long.trim(), "وضعية القطة والبقرة", "=<b>&amp;", "CHAPTER001=x"];
    let mut routine = "title = \"Cat = وضعية\"\nallow = [\"no-safety: a test\"]\n".to_owned();
    for number in 0..300 {
        let name = names[number % names.len()];
        routine += &format!("[[steps]]\npause = \"1s\"\nname = \"{name}\"\n");
    }
    workshop.file("odd.toml", routine);
    for name in ["odd.opus", "odd.flac"] {
        workshop.run(["export", "odd.toml", "--rate", "8000", "--mono", "-o", name]).success();
        assert_valid(&workshop, name);
        let shown = shown(&workshop, name);
        let found = chapters(&shown);
        let plan: Value =
            serde_json::from_str(&workshop.run(["plan", "odd.toml", "--json", "--rate", "8000"]).success()).unwrap();
        let planned: Vec<_> =
            plan["chapters"].as_array().unwrap().iter().map(|each| each["title"].as_str().unwrap()).collect();
        assert!(planned.len() >= 300);
        assert_eq!(found.len(), planned.len());
        for ((title, _), planned) in found.iter().zip(planned) {
            assert_eq!(title, planned);
        }
        read_by_mutagen(&workshop, name);
    }
}

/// Writes twenty seconds of a session that has a picture, unless someone wants the work to stop.
fn write_with(workshop: &Workshop, name: &str, cover: &[u8], stops: bool) -> Result<()> {
    let library = Library::in_memory(Memory::new())?;
    let planned = Builder::new(library.routine("morning")?, library.voice("ada")?).plan(&Work::alone())?;
    let session = planned.session(&Work::alone())?;
    let picture = Picture { bytes: cover.to_vec(), kind: PictureKind::Png, width: 1, height: 1 };
    let about = About { cover: picture.into(), ..About::of(&session) };
    let range = FrameRange::new(Frames::ZERO, Frames(20 * 48_000));
    let stop = AtomicBool::new(stops);
    let work = Work { threads: 2, stop: &stop, progress: &|_| () };
    let job = Job { mixer: session.mixer(), range, encoding: Encoding::default(), about: &about, work };
    let path = workshop.path(name);
    let mut output = Output::create(&path)?;
    (for_path(&path)?.write)(&job, &mut output)?;
    output.finish()
}

#[test]
#[ignore = "needs ffprobe, opusinfo, flac and mutagen; tests/run.sh installs them"]
fn the_picture_is_the_front_cover() {
    // A PNG of one red pixel.
    let png = [
        137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 144, 119,
        83, 222, 0, 0, 0, 12, 73, 68, 65, 84, 120, 156, 99, 248, 207, 192, 0, 0, 3, 1, 1, 0, 201, 254, 146, 239, 0, 0,
        0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
    ];
    let workshop = Workshop::new();
    for name in ["s.opus", "s.flac"] {
        write_with(&workshop, name, &png, false).unwrap();
        assert_valid(&workshop, name);
        let hex: String = png.iter().map(|byte| format!("{byte:02x}")).collect();
        let expected: Value = serde_json::json!([[3, "image/png", 1, 1, 24, hex]]);
        assert_eq!(read_by_mutagen(&workshop, name)["pictures"], expected);
        let streams = shown(&workshop, name)["streams"].as_array().unwrap().len();
        assert_eq!(streams, 2, "sound and a picture");
    }
}

#[test]
fn who_stops_the_work_gets_no_file() {
    let workshop = Workshop::new();
    for name in ["s.opus", "s.flac"] {
        assert!(matches!(write_with(&workshop, name, &[], true), Err(Error::Interrupted)));
    }
    assert!(workshop.files().is_empty(), "{:?}", workshop.files());
}
