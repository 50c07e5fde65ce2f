//! `catcow plan --svg`, `--labels`, `--vtt`, `--srt`: pages that show exactly what was planned.

use std::fs;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::workshop::{ROUTINES, Workshop};

/// Words and a title that would break every format that took them as they are.
const NASTY: &str = "
title = \"</svg> & <script>alert(1)</script>\"
[[steps]]
say = \"own/nasty\"
[[steps]]
breathe = \"4-6\"
rounds = 3
[cues]
\"own/nasty\" = \"In -->\\n\\n<b>out</b> & \\t \\\"on\\\" ]]>\"
";

fn plan(workshop: &Workshop, arguments: &[&str]) -> Value {
    let json = workshop.run([&["plan"], arguments, &["--json"]].concat()).success();
    serde_json::from_str(&json).expect("JSON")
}

fn page(workshop: &Workshop, arguments: &[&str], option: &str) -> String {
    workshop.run([&["plan"], arguments, &[option, "-"]].concat()).success()
}

fn frames(value: &Value, key: &str) -> u64 {
    value[key].as_u64().expect("a number of frames")
}

/// The regions that a listener waits for: what is said and rung, not what goes on under it.
fn heard(plan: &Value) -> impl Iterator<Item = &Value> {
    plan["regions"]
        .as_array()
        .expect("regions")
        .iter()
        .filter(|region| region["track"] == "voice" || region["track"] == "bell")
}

#[test]
fn every_cue_in_the_picture_stands_at_its_frame() {
    let workshop = Workshop::new();
    for arguments in [&["morning"][..], &["strong-back", "--level", "5", "--rate", "44100"]] {
        let plan = plan(&workshop, arguments);
        let picture = page(&workshop, arguments, "--svg");
        let picture = roxmltree::Document::parse(&picture).expect("well-formed XML");
        let attribute = |node: &roxmltree::Node<'_, '_>, name| node.attribute(name).and_then(|text| text.parse().ok());
        let mut drawn: Vec<(u64, u64)> = picture
            .descendants()
            .filter_map(|node| Some((attribute(&node, "data-start")?, attribute(&node, "data-frames")?)))
            .collect();
        drawn.sort_unstable();
        // What goes on in the next row is drawn in both.
        drawn.dedup();
        let planned = plan["chapters"].as_array().expect("a list").iter().chain(heard(&plan));
        let mut planned: Vec<_> = planned.map(|each| (frames(each, "start"), frames(each, "frames"))).collect();
        planned.sort_unstable();
        planned.dedup();
        assert_eq!(drawn, planned);
    }
}

#[test]
fn the_picture_says_what_it_shows_to_those_who_cannot_see_it() {
    let picture = page(&Workshop::new(), &["morning"], "--svg");
    let picture = roxmltree::Document::parse(&picture).expect("well-formed XML");
    let root = picture.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let text = |id| {
        let node = root.children().find(|node| node.attribute("id") == Some(id)).expect("there");
        node.text().expect("words").to_owned()
    };
    assert_eq!(root.attribute("aria-labelledby"), Some("catcow-title catcow-desc"));
    assert!(text("catcow-title").starts_with("Morning, 6:"), "{}", text("catcow-title"));
    assert!(text("catcow-desc").contains("Cat/Cow at 1:"), "{}", text("catcow-desc"));
}

#[test]
fn no_words_of_an_author_become_markup() {
    let workshop = Workshop::new();
    workshop.file("nasty.toml", NASTY);
    let arguments = ["nasty.toml", "--missing", "bell"];
    let picture = page(&workshop, &arguments, "--svg");
    let parsed = roxmltree::Document::parse(&picture).expect("well-formed XML");
    assert!(parsed.descendants().all(|node| node.tag_name().name() != "script" && node.tag_name().name() != "b"));
    assert!(parsed.descendants().any(|node| node.text().is_some_and(|text| text.contains("</svg> & <script>"))));
    let lyrics = page(&workshop, &arguments, "--lrc");
    assert!(lyrics.starts_with("[ti:(/svg) & (script)alert(1)(/script)]\n"), "{lyrics}");
    // A caption may be broken between any two words.
    let captions = |option| page(&workshop, &arguments, option).replace('\n', " ");
    let srt = captions("--srt");
    assert!(srt.contains(" In --› ‹b›out‹/b› & \"on\" ]]› "), "{srt}");
    let vtt = captions("--vtt");
    assert!(vtt.contains(" In --&gt; &lt;b&gt;out&lt;/b&gt; &amp; \"on\" ]]&gt; "), "{vtt}");
    let labels = page(&workshop, &arguments, "--labels");
    assert!(labels.lines().all(|line| line.matches('\t').count() == 2), "{labels}");
}

/// Each caption's start, end and words, which may have two lines.
pub fn captions(page: &str) -> Vec<(u64, u64, String)> {
    let time = |text: &str| {
        let parts: Vec<u64> = text.split([':', '.']).map(|part| part.parse().expect("a number")).collect();
        assert_eq!(text.len(), 12, "{text}");
        ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000 + parts[3]
    };
    let mut blocks = page.trim_end().split("\n\n");
    assert_eq!(blocks.next(), Some("WEBVTT"));
    assert!(blocks.next().is_some_and(|note| note.starts_with("NOTE ")));
    let caption = |block: &str| {
        let (times, words) = block.split_once('\n').expect("times and words");
        let (start, end) = times.split_once(" --> ").expect("two times");
        (time(start), time(end), words.to_owned())
    };
    blocks.map(caption).collect()
}

#[test]
fn captions_stand_at_the_nearest_millisecond_of_what_is_heard() {
    let workshop = Workshop::new();
    let arguments = ["gentle-back", "--rate", "44100"];
    let plan = plan(&workshop, &arguments);
    let captions = captions(&page(&workshop, &arguments, "--vtt"));
    let mut captions = captions.iter();
    let millis = |frame: u64| (frame as f64 / 44.1).round() as u64;
    let regions: Vec<_> = heard(&plan).collect();
    let nexts = regions.iter().skip(1).map(|region| millis(frames(region, "start"))).chain([u64::MAX]);
    for (region, next) in regions.iter().zip(nexts) {
        let (first, length) = (frames(region, "start"), frames(region, "frames"));
        let text = region["text"].as_str().expect("words");
        // Long words are several captions, one after another.
        let mut caption = captions.next().expect("a caption for each").clone();
        while caption.2.replace('\n', " ") != text && text.starts_with(&caption.2.replace('\n', " ")) {
            let (start, end, words) = captions.next().expect("the rest of the words");
            assert_eq!(*start, caption.1, "{words}");
            caption = (caption.0, *end, format!("{} {words}", caption.2));
        }
        let (start, end, words) = caption;
        // What is short is seen for a second, unless the next one begins before.
        let (from, until) = (millis(first), millis(first + length));
        assert_eq!((start, end), (from, until.max(from + 1000).min(next)), "{words}");
        assert!(text.is_empty() && words.starts_with('♪') || words.replace('\n', " ") == text, "{words} {text}");
    }
    assert_eq!(captions.next(), None);
}

#[test]
fn a_label_finds_its_frame_again() {
    let workshop = Workshop::new();
    let arguments = ["lying-down", "--rate", "44100"];
    let plan = plan(&workshop, &arguments);
    let page = page(&workshop, &arguments, "--labels");
    let mut found = Vec::new();
    for line in page.lines() {
        let parts: Vec<_> = line.split('\t').collect();
        let frame = |text: &str| (text.parse::<f64>().expect("seconds") * 44_100.0).round() as u64;
        found.push((frame(parts[0]), frame(parts[1])));
    }
    let planned = plan["chapters"].as_array().expect("a list").iter().chain(heard(&plan));
    let ends = |each: &Value| (frames(each, "start"), frames(each, "start") + frames(each, "frames"));
    let mut planned: Vec<_> = planned.map(ends).collect();
    assert!(found.is_sorted_by_key(|(start, _)| *start));
    found.sort_unstable();
    planned.sort_unstable();
    assert_eq!(found, planned);
}

#[test]
fn all_pages_at_once_are_the_same_as_one_by_one() {
    let workshop = Workshop::new();
    let all = "--svg a.svg --labels a.txt --vtt a.vtt --srt a.srt --text words.txt --lrc a.lrc";
    let said = workshop.run(["plan", "desk-break"].into_iter().chain(all.split(' ')));
    assert!(said.stderr.contains("a.svg: Desk break"), "{}", said.stderr);
    assert_eq!(said.success(), "", "the cue sheet is not asked for");
    for (option, name) in all.split(' ').zip(all.split(' ').skip(1)).step_by(2) {
        let alone = page(&workshop, &["desk-break"], option);
        assert!(fs::read_to_string(workshop.path(name)).expect("a page") == alone, "{name}");
    }
}

#[test]
fn what_cannot_be_written_is_refused_and_leaves_nothing() {
    let workshop = Workshop::new();
    workshop.file("old.svg", "old");
    let two = workshop.run(["plan", "morning", "--svg", "-", "--vtt", "-"]).failure(3);
    assert!(two.contains("another output goes there already"), "{two}");
    let same = workshop.run(["plan", "morning", "--svg", "old.svg", "--vtt", "old.svg"]).failure(3);
    assert!(same.contains("`--vtt`"), "{same}");
    workshop.run(["plan", "morning", "--svg", "new.svg", "--vtt", "no/folder.vtt"]).failure(3);
    workshop.run(["plan", "no-such-routine", "--svg", "old.svg"]).failure(1);
    workshop.run(["plan", "morning", "--json", "--svg", "old.svg"]).failure(2);
    assert_eq!(workshop.files(), ["old.svg"]);
    assert_eq!(fs::read_to_string(workshop.path("old.svg")).expect("there"), "old");
}

#[test]
fn hours_of_breaths_are_still_a_picture() {
    let workshop = Workshop::new();
    workshop.file("hours.toml", "title = \"Hours\"\n[[steps]]\nbreathe = \"1-1\"\nfor = \"8h\"\n");
    let picture = page(&workshop, &["hours.toml", "--guidance", "bells"], "--svg");
    let parsed = roxmltree::Document::parse(&picture).expect("well-formed XML");
    assert!(parsed.descendants().any(|node| node.attribute("class") == Some("air")));
    assert!(picture.len() < 100_000, "{} bytes", picture.len());
}

#[test]
#[ignore = "needs rsvg-convert (librsvg2-bin); tests/run.sh installs it"]
fn every_routine_can_be_drawn_by_an_independent_program() {
    let workshop = Workshop::new();
    for routine in ROUTINES {
        workshop.run(["plan", routine, "--svg", "page.svg"]).success();
        let mut draw = Command::new("rsvg-convert");
        draw.args(["page.svg", "-o", "page.png"]);
        let drawn = draw.current_dir(workshop.path("")).output().expect("rsvg-convert");
        assert!(
            drawn.status.success() && drawn.stderr.is_empty(),
            "{routine}: {}",
            String::from_utf8_lossy(&drawn.stderr)
        );
        assert!(fs::metadata(workshop.path("page.png")).expect("a picture").len() > 20_000, "{routine}");
    }
}

#[test]
#[ignore = "needs ffmpeg; tests/run.sh installs it"]
fn another_program_reads_the_captions_of_both_kinds() {
    let workshop = Workshop::new();
    workshop.run(["plan", "morning", "--vtt", "page.vtt", "--srt", "page.srt"]).success();
    let expected = captions(&fs::read_to_string(workshop.path("page.vtt")).expect("captions"));
    for name in ["page.vtt", "page.srt"] {
        let mut reader = Command::new("ffprobe");
        reader.args(["-v", "error", "-show_entries", "packet=pts_time,duration_time", "-of", "csv=p=0", name]);
        let read = reader.current_dir(workshop.path("")).output().expect("ffprobe");
        assert!(read.stderr.is_empty(), "{}", String::from_utf8_lossy(&read.stderr));
        let read = String::from_utf8(read.stdout).expect("text");
        let seconds = |text: &str| Duration::from_secs_f64(text.trim_end_matches(',').parse().expect("seconds"));
        let read: Vec<_> = read.lines().map(|line| line.split_once(',').expect("two times")).collect();
        assert_eq!(read.len(), expected.len());
        for ((start, length), (first, last, words)) in read.iter().zip(&expected) {
            assert_eq!(seconds(start), Duration::from_millis(*first), "{name}: {words}");
            assert_eq!(seconds(length), Duration::from_millis(last - first), "{name}: {words}");
        }
    }
}
