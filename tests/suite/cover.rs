//! The cover: a picture of a session, by which files are told apart on a shelf and on a lock screen.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use catcow::load::{Library, Memory};
use catcow::session::Builder;
use catcow::sink::file::about::{About, PictureKind};
use catcow::sink::file::own_picture;
use catcow::sink::page::cover::{Cover, SIDE};
use catcow::work::Work;

use crate::workshop::{ROUTINES, Workshop};

/// The pixels of a picture at a size, red, green and blue, read by a decoder that did not write it.
fn pixels(workshop: &Workshop, name: &str, side: usize) -> Vec<[u8; 3]> {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-i"]).arg(workshop.path(name));
    command.args(["-vf", &format!("scale={side}:{side}:flags=area"), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]);
    let output = command.output().expect("ffmpeg is not installed");
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stdout.len(), 3 * side * side);
    output.stdout.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
}

/// How far two pictures are apart: the mean over all pixels and colours, of 255.
fn apart(one: &[[u8; 3]], other: &[[u8; 3]]) -> f64 {
    let (one, other) = (one.as_flattened(), other.as_flattened());
    let sum: u64 = one.iter().zip(other).map(|(left, right)| u64::from(left.abs_diff(*right))).sum();
    sum as f64 / one.len() as f64
}

/// What stands in the head of a PNG: width, height, bits, kind of colour; and the kinds of its chunks.
fn head(png: &[u8]) -> ([u32; 4], BTreeSet<String>) {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    let (mut at, mut kinds) = (8, BTreeSet::new());
    while at < png.len() {
        kinds.insert(String::from_utf8(png[at + 4..at + 8].to_vec()).unwrap());
        at += 12 + number(at) as usize;
    }
    assert_eq!(at, png.len(), "the file ends with its last chunk");
    ([number(16), number(20), png[24].into(), png[25].into()], kinds)
}

#[test]
fn a_cover_is_what_directories_take_and_small_enough_for_any_file() {
    let workshop = Workshop::new();
    let mut all = BTreeSet::new();
    for routine in ["breathing", "morning"] {
        workshop.run(["plan", routine, "--cover", "cover.png"]).success();
        let png = fs::read(workshop.path("cover.png")).unwrap();
        let (size, chunks) = head(&png);
        // RGB by a palette of bytes; nothing is transparent.
        assert_eq!(size, [1400, 1400, 8, 3]);
        assert!(chunks.contains("PLTE") && !chunks.contains("tRNS"), "{chunks:?}");
        assert!(png.len() < 60_000, "{routine}: {} bytes", png.len());
        assert!(workshop.run(["plan", routine, "--cover", "again.png"]).success().is_empty());
        assert!(png == fs::read(workshop.path("again.png")).unwrap(), "the same each time");
        all.insert(png);
    }
    assert_eq!(all.len(), 2);
}

#[test]
fn a_files_picture_is_the_cover_and_is_drawn_once() {
    let library = Library::in_memory(Memory::new()).unwrap();
    let builder = Builder::new(library.routine("evening").unwrap(), library.voice("ada").unwrap());
    let session = builder.plan(&Work::alone()).unwrap().session(&Work::alone()).unwrap();
    let (cover, about) = (Cover::of(session.timeline(), session.routine()), About::of(&session));
    let picture = about.cover.picture().expect("a picture");
    assert_eq!((picture.kind, picture.width, picture.height), (PictureKind::Png, SIDE, SIDE));
    assert!(picture.bytes == cover.png(SIDE));
    let copy = about.clone();
    assert!(std::ptr::eq(copy.cover.picture().unwrap(), picture), "a copy has the same");
    // The picture in the documents is this one, smaller: the same bytes on every machine.
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cover.png");
    let small = cover.png(480);
    if std::env::var_os("CATCOW_GOLDEN").is_some_and(|how| how == "write") {
        fs::write(&path, &small).unwrap();
    }
    assert!(small == fs::read(&path).expect("docs/cover.png"), "docs/cover.png is another picture");
}

#[test]
fn a_picture_of_ones_own_is_taken_if_it_is_one() {
    let workshop = Workshop::new();
    workshop.run(["plan", "morning", "--cover", "logo.png"]).success();
    let png = fs::read(workshop.path("logo.png")).unwrap();
    workshop.file("half.png", &png[..png.len() / 2]).file("logo.gif", "GIF89a").file("empty.jpg", "");
    workshop.file("huge.png", vec![0; (4 << 20) + 1]);
    let export =
        |picture: &str| workshop.run(["export", "morning", "--until", "3s", "-o", "morning.m4a", "--picture", picture]);
    export("logo.png").success();
    fs::remove_file(workshop.path("morning.m4a")).unwrap();
    for (picture, reason) in [
        ("half.png", "half.png: the file is damaged, or not whole"),
        ("logo.gif", "logo.gif: expected a PNG or a JPEG, found neither"),
        ("empty.jpg", "empty.jpg: expected a PNG or a JPEG, found neither"),
        ("huge.png", "huge.png: expected at most 4 MB, found more"),
        ("none.png", "none.png: there is no such file or folder"),
    ] {
        let error = export(picture).failure(3);
        assert!(error.contains(reason), "{error}");
        assert!(!workshop.path("morning.m4a").exists());
    }
    let error = workshop.run(["export", "morning", "-o", "logo.png.wav", "--picture", "logo.png.wav"]).failure(3);
    assert!(error.contains("cannot read"), "{error}");
    // What is to be written is not read first.
    workshop.file("own.m4a", &png);
    let error = workshop.run(["export", "morning", "-o", "own.m4a", "--picture", "own.m4a"]).failure(3);
    assert!(error.contains("it is read for this session, and would be lost"), "{error}");
    assert!(fs::read(workshop.path("own.m4a")).unwrap() == png);
}

#[test]
#[ignore = "needs ffmpeg; tests/run.sh installs it"]
fn a_jpeg_of_another_program_tells_how_large_it_is() {
    let workshop = Workshop::new();
    workshop.run(["plan", "morning", "--cover", "logo.png"]).success();
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-i"]).arg(workshop.path("logo.png"));
    let made = command.args(["-vf", "scale=640:480"]).arg(workshop.path("logo.jpg")).status();
    assert!(made.expect("ffmpeg is not installed").success());
    let picture = own_picture::read(&workshop.path("logo.jpg")).unwrap();
    assert_eq!((picture.kind, picture.width, picture.height), (PictureKind::Jpeg, 640, 480));
}

#[test]
#[ignore = "needs ffmpeg; tests/run.sh installs it"]
fn the_covers_of_all_routines_can_be_told_apart_at_the_size_of_a_thumb() {
    let workshop = Workshop::new();
    let covers = ROUTINES.map(|routine| {
        let name = format!("{routine}.png");
        workshop.run(["plan", routine, "--cover", &name]).success();
        (routine, pixels(&workshop, &name, 100))
    });
    for (index, (one, left)) in covers.iter().enumerate() {
        for (other, right) in &covers[index + 1..] {
            let apart = apart(left, right);
            assert!(apart > 8.0, "{one} and {other} are {apart:.1} of 255 apart");
        }
        // On a dark lock screen its edge is seen, and the sun is the lightest thing in it.
        let light = |pixel: &[u8; 3]| pixel.iter().map(|part| u32::from(*part)).sum::<u32>();
        let (darkest, lightest) = (left.iter().map(light).min().unwrap(), left.iter().map(light).max().unwrap());
        assert!(darkest > 60 && lightest > 600, "{one}: {darkest} to {lightest}");
    }
}

#[test]
#[ignore = "needs ffmpeg; tests/run.sh installs it"]
fn a_routine_without_a_breath_has_still_water_and_one_with_a_breath_has_waves() {
    let workshop = Workshop::new();
    let classes = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/classes");
    let still_rows = |name: &str| {
        let pixels = pixels(&workshop, name, 1400);
        let rows: Vec<_> = pixels.chunks_exact(1400).skip(800).map(|row| row.iter().all(|it| *it == row[0])).collect();
        rows.iter().filter(|is_still| **is_still).count() * 100 / rows.len()
    };
    let scan = classes.join("body-scan.toml");
    workshop.command().args(["plan", "--missing", "bell", "--cover", "scan.png"]).arg(scan).output().unwrap();
    assert_eq!(still_rows("scan.png"), 100);
    workshop.run(["plan", "morning", "--cover", "morning.png"]).success();
    // Between the crest of one wave and the trough of the next there are some.
    assert!(still_rows("morning.png") < 40);
}
