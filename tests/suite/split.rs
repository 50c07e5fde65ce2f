//! `export --split`: a file for each chapter, for players that know no chapters.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::workshop::{Workshop, read_wav};

/// The names of the files in a folder, in order.
fn names(workshop: &Workshop, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(workshop.path(folder)).expect("a folder").flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

/// The entries of a playlist: seconds, title, name.
fn entries(workshop: &Workshop, playlist: &str) -> Vec<(u64, String, String)> {
    let text = fs::read_to_string(workshop.path(playlist)).expect("a playlist");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "#EXTM3U");
    let infos = lines.windows(2).filter_map(|pair| Some((pair[0].strip_prefix("#EXTINF:")?, pair[1])));
    infos
        .map(|(info, name)| {
            let (seconds, title) = info.split_once(',').expect("a length and a title");
            (seconds.parse().expect("seconds"), title.to_owned(), name.to_owned())
        })
        .collect()
}

/// The samples of the parts, one after the other, in the order of the playlist.
fn joined(workshop: &Workshop, folder: &str, playlist: &str) -> Vec<i16> {
    let parts = entries(workshop, &format!("{folder}/{playlist}")).into_iter();
    parts.flat_map(|(_, _, name)| read_wav(&workshop.path(folder).join(name)).2).collect()
}

/// A routine whose chapters are called what an author called them.
fn routine(titles: &[&str]) -> String {
    let mut text = String::from("title = \"One / two\"\nlanguage = \"en\"\n");
    for index in 0..titles.len() {
        text += &format!("[[steps]]\npose = \"pose-{index}\"\n");
    }
    for (index, title) in titles.iter().enumerate() {
        let title = serde_json::to_string(title).unwrap();
        text += &format!("[poses.pose-{index}]\nname = {title}\nsetup = \"closing/thanks\"\nhold = \"10s\"\n");
    }
    text
}

#[test]
fn the_parts_one_after_the_other_are_the_session_sample_by_sample() {
    let workshop = Workshop::new();
    workshop.run(["export", "desk-break", "-o", "whole.wav"]).success();
    let said = workshop.run(["export", "desk-break", "--split", "-o", "parts.wav", "--threads", "3"]);
    assert!(said.stderr.contains("desk-break.m3u8"), "{}", said.stderr);
    said.success();
    let whole = read_wav(&workshop.path("whole.wav")).2;
    assert!(joined(&workshop, "parts", "desk-break.m3u8") == whole);
    let plan: Value = serde_json::from_str(&workshop.run(["plan", "desk-break", "--json"]).success()).unwrap();
    let chapters = plan["chapters"].as_array().unwrap();
    let listed = entries(&workshop, "parts/desk-break.m3u8");
    assert_eq!(listed.len(), chapters.len());
    for (index, ((seconds, title, name), chapter)) in listed.iter().zip(chapters).enumerate() {
        assert_eq!(title, chapter["title"].as_str().unwrap());
        assert_eq!(*name, format!("{:02} {}.wav", index + 1, title.replace('/', "-")));
        assert!((*seconds as f64 - chapter["frames"].as_f64().unwrap() / 48_000.0).abs() <= 0.5, "{title}");
    }
    let mut all: Vec<_> = listed.into_iter().map(|(_, _, name)| name).collect();
    all.push("desk-break.m3u8".into());
    assert_eq!(names(&workshop, "parts"), all, "nothing else lies there");
    // A part of the session is cut where it is asked to be, and the first run's parts go.
    let arguments = ["export", "desk-break", "--split", "-o", "parts.wav", "--from", "50s", "--until", "2:30"];
    workshop.run(arguments).success();
    let rate = 2 * 48_000;
    assert!(joined(&workshop, "parts", "desk-break.m3u8") == whole[50 * rate..150 * rate]);
    assert_eq!(names(&workshop, "parts").len(), entries(&workshop, "parts/desk-break.m3u8").len() + 1);
}

#[test]
fn without_a_name_the_folder_is_the_routines_and_the_parts_are_what_phones_play() {
    let workshop = Workshop::new();
    workshop.run(["export", "morning", "--split", "--until", "40s"]).success();
    let names = names(&workshop, "morning");
    assert!(names.len() >= 2 && names.contains(&"morning.m3u8".into()), "{names:?}");
    let ending = |name: &str| name.rsplit('.').next().map(str::to_owned).unwrap_or_default();
    assert!(names.iter().all(|name| ["m4a", "m3u8"].contains(&ending(name).as_str())), "{names:?}");
}

#[test]
fn a_title_that_no_file_can_have_becomes_one_that_it_can() {
    let workshop = Workshop::new();
    let titles = ["Rücken: weich/warm?", "وضعية الطفل", "\u{202e}CON. . ", "???", &"lang ".repeat(900)];
    workshop.file("class.toml", routine(&titles));
    workshop.run(["export", "class.toml", "--split", "-o", "parts.wav", "--missing", "bell"]).success();
    let listed = entries(&workshop, "parts/class.m3u8");
    let found: Vec<_> = listed.iter().map(|(_, _, name)| name.as_str()).collect();
    let whole: String = ["lang"; 20].join(" ");
    let wanted = ["1 Rücken weich-warm.wav", "2 وضعية الطفل.wav", "3 CON.wav", "4.wav", &format!("5 {whole}.wav")];
    assert_eq!(found, wanted.map(|name| format!("0{name}")));
    assert!(found.iter().all(|name| workshop.path("parts").join(name).is_file()));
    assert!(fs::read_to_string(workshop.path("parts/class.m3u8")).unwrap().contains("#PLAYLIST:One / two\n"));
}

#[test]
fn what_a_former_run_left_goes_and_what_others_put_there_stays() {
    let workshop = Workshop::new();
    let split = |titles: &[&str]| {
        workshop.file("class.toml", routine(titles));
        workshop.run(["export", "class.toml", "--split", "-o", "parts.wav", "--missing", "bell"])
    };
    split(&["One", "Two", "Three"]).success();
    let foreign = [("07 Song.wav", "a song"), ("songs.m3u8", "#EXTM3U\n07 Song.wav\n"), ("notes.txt", "notes")];
    foreign.iter().for_each(|(name, text)| _ = workshop.file(&format!("parts/{name}"), text));
    // A playlist that somebody changed leads to nothing outside the folder, nor to what has no number.
    let playlist = workshop.path("parts/class.m3u8");
    let text = fs::read_to_string(&playlist).unwrap();
    fs::write(&playlist, text + "../class.toml\nnotes.txt\n../07 Other.wav\n").unwrap();
    workshop.file("07 Other.wav", "other");
    split(&["One", "two"]).success();
    let wanted = ["01 One.wav", "02 two.wav", "07 Song.wav", "class.m3u8", "notes.txt", "songs.m3u8"];
    assert_eq!(names(&workshop, "parts"), wanted);
    for (name, text) in foreign {
        assert_eq!(fs::read_to_string(workshop.path("parts").join(name)).unwrap(), text);
    }
    assert!(workshop.path("07 Other.wav").exists());
}

#[test]
fn what_is_not_of_a_former_run_is_not_replaced() {
    let workshop = Workshop::new();
    workshop.file("class.toml", routine(&["One"])).file("parts/01 One.wav", "a song of my own");
    let split = |routine: &str, output: &str| {
        workshop.run(["export", routine, "--split", "-o", output, "--missing", "bell"]).failure(3)
    };
    let error = split("class.toml", "parts.wav");
    assert!(error.contains("01 One.wav: there is a file of that name already") && error.contains("help: "), "{error}");
    assert_eq!(names(&workshop, "parts"), ["01 One.wav"]);
    // Nor is a folder with the parts of another routine.
    workshop.run(["export", "class.toml", "--split", "-o", "other.wav", "--missing", "bell"]).success();
    let before = names(&workshop, "other");
    let error = split("morning", "other");
    assert!(error.contains("the parts of another session are in it, by its class.m3u8"), "{error}");
    assert_eq!(names(&workshop, "other"), before);
    // Nor is a file that has the folder's name.
    let error = split("class.toml", "class.toml");
    assert!(error.contains("expected a folder for the parts, found a file"), "{error}");
    let error = split("class.toml", "-");
    assert!(error.contains("found standard output"), "{error}");
}

#[test]
fn a_part_of_a_former_run_that_the_session_is_made_from_is_not_lost() {
    let workshop = Workshop::new();
    workshop.file("class.toml", routine(&["One"]));
    let split = ["export", "class.toml", "--split", "-o", "parts.wav", "--missing", "bell"];
    workshop.run(split).success();
    let error = workshop.run(split.iter().chain(&["--bed", "parts/01 One.wav"])).failure(3);
    assert!(error.contains("it is read for this session, and would be lost"), "{error}");
}

#[test]
fn what_is_refused_leaves_no_folder() {
    let workshop = Workshop::new();
    let error = workshop.run(["export", "morning", "--split", "--rate", "192000"]).failure(3);
    assert!(error.contains("AAC has no rate of 192000 Hz"), "{error}");
    assert!(workshop.files().is_empty(), "{:?}", workshop.files());
}

#[test]
#[ignore = "needs ffprobe; tests/run.sh installs it"]
fn each_part_for_a_phone_is_as_long_as_its_chapter_and_tells_which_it_is() {
    let workshop = Workshop::new();
    workshop.run(["export", "desk-break", "--split"]).success();
    workshop.run(["export", "desk-break", "--split", "-o", "whole.wav", "--rate", "24000", "--mono"]).success();
    let listed = entries(&workshop, "desk-break/desk-break.m3u8");
    for (index, (_, title, name)) in listed.iter().enumerate() {
        let mut command = Command::new("ffprobe");
        command.args(["-v", "error", "-show_format", "-of", "json"]).arg(workshop.path("desk-break").join(name));
        let output = command.output().expect("ffprobe is not installed");
        assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
        let wav = workshop.path("whole").join(name.replace(".m4a", ".wav"));
        let frames = read_wav(&wav).2.len() as f64;
        let seconds: f64 = shown["format"]["duration"].as_str().unwrap().parse().unwrap();
        assert_eq!((seconds * 24_000.0).round(), frames, "{name}");
        let tags = &shown["format"]["tags"];
        assert_eq!(tags["track"], Value::from(format!("{}/{}", index + 1, listed.len())));
        assert_eq!((&tags["title"], &tags["album"]), (&Value::from(title.as_str()), &Value::from("Desk break")));
    }
}
