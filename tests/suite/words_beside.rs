//! `export --words`: what is said, in files beside the sound.

use std::fs;

use crate::views::captions;
use crate::wav::tone_wav;
use crate::workshop::Workshop;

fn read(workshop: &Workshop, name: &str) -> String {
    fs::read_to_string(workshop.path(name)).expect("text")
}

#[test]
fn words_stand_beside_the_sound_under_its_name() {
    let workshop = Workshop::new();
    let said = workshop.run(["export", "desk-break", "-o", "noon.wav", "--words"]);
    assert!(said.stderr.contains("noon.txt: Desk break"), "{}", said.stderr);
    said.success();
    assert_eq!(workshop.files(), ["noon.srt", "noon.txt", "noon.vtt", "noon.wav"]);
    for (option, name) in [("--vtt", "noon.vtt"), ("--srt", "noon.srt"), ("--text", "noon.txt")] {
        assert_eq!(read(&workshop, name), workshop.run(["plan", "desk-break", option, "-"]).success(), "{name}");
    }
    // What this program wrote, it replaces.
    workshop.run(["export", "evening", "-o", "noon.wav", "--until", "2m", "--words", "txt,lrc"]).success();
    assert!(read(&workshop, "noon.txt").starts_with("Evening"));
    assert!(read(&workshop, "noon.lrc").starts_with("[ti:Evening"));
}

#[test]
fn a_part_has_the_words_that_are_heard_in_it_at_the_times_of_the_part() {
    let workshop = Workshop::new();
    let from = ["--from", "60s", "--until", "150s"];
    workshop.run(["export", "desk-break", "-o", "part.wav", "--words", "vtt,txt,lrc"].iter().chain(&from)).success();
    let whole = captions(&workshop.run(["plan", "desk-break", "--vtt", "-"]).success());
    let inside = |(start, end, _): &&(u64, u64, String)| *start >= 60_000 && *end <= 149_000;
    let expected: Vec<_> =
        whole.iter().filter(inside).map(|(start, end, words)| (start - 60_000, end - 60_000, words.clone())).collect();
    let part = captions(&read(&workshop, "part.vtt"));
    assert!(expected.len() > 10 && part.len() <= expected.len() + 3, "{} of {}", part.len(), expected.len());
    assert!(expected.iter().all(|caption| part.contains(caption)), "{part:?}");
    assert!(part.iter().all(|(_, end, _)| *end <= 90_000 + 1000));
    let text = read(&workshop, "part.txt");
    assert!(text.contains("\n   0:00  Seated Cat/Cow\n"), "{text}");
    assert!(read(&workshop, "part.lrc").contains("[length:1:30]"));
}

#[test]
fn captions_never_overlap_can_be_read_and_have_two_lines_at_most() {
    let workshop = Workshop::new();
    for routine in ["evening", "morning"] {
        let captions = captions(&workshop.run(["plan", routine, "--vtt", "-"]).success());
        for pair in captions.windows(2) {
            let [(start, end, words), (next, ..)] = pair else { unreachable!() };
            assert!(start < end && end <= next, "{words}");
            assert!(end - start >= 800 || end == next, "{words}");
        }
        for (_, _, words) in &captions {
            assert!(words.lines().count() <= 2 && words.lines().all(|line| line.chars().count() <= 42), "{words}");
        }
    }
}

#[test]
fn the_text_has_poses_and_sides_as_headings_and_each_line_its_time() {
    let workshop = Workshop::new();
    let text = workshop.run(["plan", "desk-break", "--text", "-"]).success();
    let lines: Vec<_> = text.lines().collect();
    assert!(lines[0].starts_with("Desk break · 5:"), "{text}");
    assert_eq!(lines[2], "   0:00  Opening");
    assert!(lines[3].starts_with("   0:0") && lines[3].contains("    Welcome to a short break."), "{text}");
    let twist = lines.iter().position(|line| line.ends_with("  Seated twist")).expect("a pose");
    let sides: Vec<_> = lines[twist..].iter().filter(|line| line.trim_start().starts_with('(')).take(2).collect();
    assert!(sides.len() == 2 && sides[0] != sides[1], "{sides:?}");
    assert!(text.ends_with(&format!("\nWritten by catcow {}.\n", env!("CARGO_PKG_VERSION"))), "{text}");
}

#[test]
fn words_that_have_no_place_or_would_replace_what_somebody_wrote_are_refused() {
    let workshop = Workshop::new();
    let routine = "title = \"Mine\"\n[[steps]]\nsay = \"breath/in\"\n";
    workshop.file("class.toml.txt", routine).file("notes.txt", "my own notes").file("class.toml", routine);
    workshop.file("class.vtt", tone_wav());
    for (arguments, reason) in [
        (&["export", "class.toml", "-o", "-", "--words"][..], "beside a file of sound"),
        (&["export", "class.toml", "--stems", "stems", "--words"], "beside a file of sound"),
        (&["export", "class.toml", "-o", "notes.wav", "--words"], "a text of that name already"),
        (&["export", "class.toml.txt", "-o", "class.toml.wav", "--words", "txt"], "cannot write class.toml.txt"),
        (&["export", "class.toml", "-o", "class.wav", "--words", "vtt", "--bed", "class.vtt"], "read for this session"),
    ] {
        let said = workshop.run(arguments).failure(3);
        assert!(said.contains(reason) && said.contains("help: "), "{arguments:?}: {said}");
        assert_eq!(workshop.files(), ["class.toml", "class.toml.txt", "class.vtt", "notes.txt"], "{arguments:?}");
    }
    assert_eq!(read(&workshop, "notes.txt"), "my own notes");
    let said = workshop.run(["export", "class.toml", "--words", "doc"]).failure(2);
    assert!(said.contains("vtt, srt, txt, lrc"), "{said}");
}
