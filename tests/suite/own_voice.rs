//! A voice of one's own: what is to be read, and what becomes of the recordings.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::time::Duration;

use catcow::frames::SampleRate;
use catcow::gain::Lufs;
use catcow::load::language::speaking_time;
use catcow::load::{Library, Memory};
use catcow::plan::line::{self, Line};
use serde_json::Value;

use crate::wav::wav;
use crate::workshop::{Outcome, Workshop, read_wav};

#[test]
fn how_long_words_take_is_told_from_the_words_within_bounds() {
    let mut errors = Vec::new();
    for voice in ["ada", "ben"] {
        let path = format!("{}/voice_clips/{voice}/voice.toml", env!("CARGO_MANIFEST_DIR"));
        let about: toml::Table = std::fs::read_to_string(path).expect("a voice").parse().expect("TOML");
        for (cue, clip) in about["clips"].as_table().expect("clips") {
            let (text, frames) = (clip["text"].as_str().expect("words"), clip["frames"].as_integer().expect("frames"));
            let took = Duration::from_secs_f64(frames as f64 / 48_000.0);
            let error = (speaking_time::of(text).as_secs_f64() / took.as_secs_f64() - 1.0).abs();
            errors.push((error, format!("{cue} by {voice}")));
        }
    }
    errors.sort_by(|one, other| one.0.total_cmp(&other.0));
    let quantile = |share: f64| errors[((errors.len() - 1) as f64 * share) as usize].0;
    assert!(errors.len() > 500);
    assert!(
        quantile(0.5) < 0.06 && quantile(0.9) < 0.17 && quantile(1.0) < 0.45,
        "{:?}, the worst {:?}",
        [0.5, 0.9, 1.0].map(quantile),
        &errors[errors.len() - 3..]
    );
}

/// A class with words of its own, the longest of which no inhale of two seconds holds.
const HURRIED: &str = r#"
title = "Hurried"
breath = "2-4"

[[steps]]
say = ["safety/physician", "safety/stop"]

[[steps]]
pose = "arms"
for = "30s"

[poses.arms]
name = "Arms"
position = "standing"

[[poses.arms.phases]]
breath = "inhale"
cue = "Inhale, and slowly lift both of your arms up beside your ears."

[[poses.arms.phases]]
breath = "exhale"
cue = "Exhale, lower."
"#;

#[test]
fn words_that_are_too_long_for_their_breath_are_told_before_they_are_recorded() {
    let workshop = Workshop::new();
    workshop.file("hurried.toml", HURRIED);
    let shown = workshop.run(["check", "hurried.toml"]).failure(1);
    let long = "expected a cue of at most 2.0 s here, found `own/inhale-and-slowly-lift-both-of-your-arms";
    assert!(shown.contains("error[missing-clip]") && shown.contains(long), "{shown}");
    assert!(shown.contains("with about ") && shown.contains("estimated from its words"), "{shown}");
    assert_eq!(shown.matches("cue-too-long").count(), 1, "{shown}");
    // The same with bells in their place, which is no mistake.
    let shown = workshop.run(["check", "--missing", "bell", "hurried.toml"]);
    assert!(shown.stderr.contains("warning[cue-too-long]") && shown.stderr.contains(long), "{}", shown.stderr);
    shown.success();
    // With a breath that leaves the time, nothing is told.
    workshop.file("calm.toml", HURRIED.replace("\"2-4\"", "\"7-7\""));
    let shown = workshop.run(["check", "calm.toml"]).failure(1);
    assert!(shown.contains("missing-clip") && !shown.contains("cue-too-long"), "{shown}");
}

/// The lines of a class that is built in.
fn lines(routine: &str, most: usize) -> Vec<Line> {
    let library = Library::in_memory(Memory::new()).expect("a library");
    let mut lines = line::lines(&library.routine(routine).expect("a routine")).expect("lines");
    lines.truncate(most);
    lines
}

/// A memo while somebody reads a script into it.
struct Memo {
    rate: u32,
    samples: Vec<f32>,
    /// The line that is said in each part, in seconds.
    said: Vec<(usize, f64, f64)>,
    chance: u32,
}

impl Memo {
    fn new(rate: u32) -> Memo {
        let mut memo = Memo { rate, samples: Vec::new(), said: Vec::new(), chance: 7 };
        memo.tap();
        memo
    }

    /// A number from −1 to 1 that nobody can foretell and every run has again.
    fn random(&mut self) -> f32 {
        self.chance = self.chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.chance >> 8) as f32 / 8_388_608.0 - 1.0
    }

    fn seconds(&self) -> f64 {
        self.samples.len() as f64 / f64::from(self.rate)
    }

    fn pause(&mut self, seconds: f64) {
        self.samples.extend(vec![0.0; (seconds * f64::from(self.rate)) as usize]);
    }

    /// Somebody touches the telephone.
    fn tap(&mut self) {
        for at in 0..self.rate / 50 {
            let sample = 0.6 * self.random() * (1.0 - at as f32 / (self.rate / 50) as f32);
            self.samples.push(sample);
        }
        self.pause(1.0);
    }

    /// A burst of noise of so many seconds, as loud as the words, then a pause.
    fn cough(&mut self, seconds: f64) {
        let frames = (seconds * f64::from(self.rate)) as usize;
        let mut last = 0.0;
        for at in 0..frames {
            last = 0.5 * last + 0.5 * self.random();
            self.samples.push(0.5 * last * (1.0 - at as f32 / frames as f32));
        }
        self.pause(1.4);
    }

    fn say(&mut self, number: usize, words: &[f32]) {
        let from = self.seconds();
        self.samples.extend(words);
        self.said.push((number, from, self.seconds()));
        let pause = 1.6 + 0.5 * f64::from(self.random());
        self.pause(pause);
    }

    /// The memo as a WAV, with the noise of a room 40 dB below the words.
    fn wav(mut self) -> (Vec<u8>, Vec<(usize, f64, f64)>) {
        self.tap();
        let words: Vec<f32> = self.samples.iter().copied().filter(|sample| sample.abs() > 1e-3).collect();
        let power = words.iter().map(|sample| sample * sample).sum::<f32>() / words.len() as f32;
        // Uniform noise has a third of its peak's power.
        let noise = (3.0 * power).sqrt() / 100.0;
        for at in 0..self.samples.len() {
            self.samples[at] += noise * self.random();
        }
        let steps = self.samples.iter().map(|sample| (sample.clamp(-1.0, 1.0) * 32_767.0) as i16);
        (wav(steps.collect::<Vec<_>>(), 1, self.rate), self.said)
    }
}

/// The lines that the page shows, with their part of the memo and whether they are doubtful.
fn shown(page: &str) -> BTreeMap<usize, (Option<(f64, f64)>, bool)> {
    let seconds = |time: &str| {
        let (minutes, seconds) = time.split_once(':').expect("a time");
        minutes.parse::<f64>().expect("minutes") * 60.0 + seconds.parse::<f64>().expect("seconds")
    };
    let row = |row: &str| {
        let cells: Vec<&str> = row.split("<td").skip(1).map(|cell| cell.split_once('>').expect("a cell").1).collect();
        let number = cells[0].split('<').next().expect("a number").parse().expect("a number");
        let found = cells[3].split('<').next().expect("a part");
        let found = found.split_once('-').map(|(from, to)| (seconds(from), seconds(to)));
        (number, (found, row.starts_with(" class=\"doubt\"")))
    };
    page.split("<tr").skip(1).map(row).collect()
}

/// Reads a script of 60 lines into a memo as people do, has it taken, and counts the lines that are what was said.
fn read_aloud(rate: u32, mut speak: impl FnMut(&Line) -> Vec<f32>) {
    let lines = lines("gentle-back", 60);
    assert_eq!(lines.len(), 60, "a class of many lines");
    let mut memo = Memo::new(rate);
    for line in &lines {
        let words = speak(line);
        match line.number {
            // Left out.
            17 => continue,
            // Said twice; the last is meant.
            33 => memo.say(0, &words),
            8 => memo.cough(0.45),
            41 => memo.cough(0.3),
            _ => {}
        }
        memo.say(line.number, &words);
    }
    let (bytes, said) = memo.wav();
    let workshop = Workshop::new();
    let taken =
        workshop.file("memo.wav", bytes).run(["voice", "take", "./mine", "gentle-back", "memo.wav", "--lines", "1-60"]);
    assert_eq!(taken.status, 0, "{}", taken.stderr);
    let page = fs::read_to_string(workshop.path("mine/take.html")).expect("a page");
    let shown = shown(&page);
    assert_eq!(shown.len(), 60);
    let is_right = |line: &Line| match (shown[&line.number].0, said.iter().find(|(number, ..)| *number == line.number))
    {
        (None, None) => true,
        // The words whole, and nothing of the words beside them.
        (Some((from, to)), Some((_, start, end))) => {
            from <= start + 0.15 && to >= end - 0.15 && from > start - 1.0 && to < end + 1.0
        }
        _ => false,
    };
    let wrong: Vec<&Line> = lines.iter().filter(|line| !is_right(line)).collect();
    let told = format!("{wrong:#?}\n{}\n{}", taken.stdout, taken.stderr);
    assert!(wrong.len() <= 2, "{told}");
    assert!(wrong.iter().all(|line| shown[&line.number].1), "a wrong line is doubtful: {told}");
    assert!(shown[&17] == (None, true), "the line that was left out is told: {told}");
    let doubtful = shown.values().filter(|(_, doubtful)| *doubtful).count();
    assert!(doubtful <= 12, "{doubtful} lines to hear: {told}");
    assert!(taken.stdout.contains("said again after it") && taken.stdout.matches("a noise").count() >= 2, "{told}");
    // What was cut out is what the class says.
    let recordings = lines.iter().filter(|line| workshop.path(format!("mine/{}.wav", line.cue)).is_file());
    assert_eq!(recordings.count(), 59, "{told}");
}

#[test]
fn one_memo_of_sixty_lines_becomes_a_voice() {
    let voice = Library::in_memory(Memory::new()).expect("a library").voice("ben").expect("a voice");
    // Ben, a seventh slower and lower.
    read_aloud(42_000, |line| {
        let clip = voice.clip(&line.cue).expect("a clip");
        let clip = clip.decode(SampleRate::DEFAULT, Lufs::SPEECH).expect("sound");
        clip.samples.iter().map(|sample| f32::from(*sample) / 32_768.0).collect()
    });
}

#[test]
#[ignore = "needs flite"]
fn one_memo_of_sixty_lines_by_another_speaker_becomes_a_voice() {
    for speaker in ["kal16", "slt", "rms"] {
        let workshop = Workshop::new();
        read_aloud(16_000, |line| {
            let path = workshop.path("line.wav");
            let spoken = Command::new("flite").args(["-voice", speaker, "-t", &line.text, "-o"]).arg(&path).status();
            assert!(spoken.expect("flite").success());
            let (channels, rate, samples) = read_wav(&path);
            assert_eq!((channels, rate), (1, 16_000));
            samples.iter().map(|sample| f32::from(*sample) / 32_768.0).collect()
        });
    }
}

/// Something like a voice, of so many seconds: pulses at 120 Hz that swell four times a second.
fn hum(rate: u32, seconds: f64, level: f32) -> Vec<f32> {
    let sample = |frame: u32| {
        let time = f64::from(frame) / f64::from(rate);
        let tone: f64 = (1..8).map(|partial| (time * 120.0 * f64::from(partial) * std::f64::consts::TAU).sin()).sum();
        level * (tone / 8.0 * (0.6 + 0.4 * (time * 4.0 * std::f64::consts::TAU).sin())) as f32
    };
    (0..(seconds * f64::from(rate)) as u32).map(sample).collect()
}

/// A recording of such a voice, with half a second of a quiet room on both sides.
fn clip(seconds: f64, level: f32, room: f32) -> Vec<u8> {
    let mut memo = Memo { rate: 16_000, samples: Vec::new(), said: Vec::new(), chance: 3 };
    memo.pause(0.5);
    memo.samples.extend(hum(16_000, seconds, level));
    memo.pause(0.5);
    for at in 0..memo.samples.len() {
        memo.samples[at] += room * memo.random();
    }
    wav(memo.samples.iter().map(|sample| (sample.clamp(-1.0, 1.0) * 32_767.0) as i16).collect::<Vec<_>>(), 1, 16_000)
}

#[test]
fn the_page_to_read_shows_what_the_voice_lacks_in_the_order_of_the_class() {
    let workshop = Workshop::new();
    workshop.file("hurried.toml", HURRIED.replace("Exhale, lower.", "Exhale & <b>lower</b>, נשיפה."));
    let page = workshop.run(["voice", "script", "hurried.toml", "--voice", "./mine"]).success();
    let at = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words} in {page}"));
    assert!(at("ask your physician") < at("Arms.  (name)") && at("Arms.  (name)") < at("Inhale, and slowly"), "{page}");
    assert!(
        page.contains("(inhale, at most 2.0 s: too long, about ") && page.contains("(exhale, at most 4.0 s)"),
        "{page}"
    );
    let numbers: Vec<usize> = page.lines().filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect();
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>(), "{page}");
    // What is recorded is left out, and the others keep their numbers.
    workshop.file("mine/safety/physician.wav", clip(2.0, 0.5, 0.0));
    let less = workshop.run(["voice", "script", "hurried.toml", "--voice", "./mine"]).success();
    assert!(!less.contains("physician first") && !less.lines().any(|line| line.starts_with("   1  ")), "{less}");
    assert!(less.contains("   2  "), "{less}");
    // For printing: letters of HTML are letters, either direction of writing is kept, and no other file is asked for.
    workshop.run(["voice", "script", "hurried.toml", "--voice", "./mine", "-o", "page.html"]).success();
    let page = fs::read_to_string(workshop.path("page.html")).expect("a page");
    assert!(page.contains("Exhale &amp; &lt;b&gt;lower&lt;/b&gt;, נשיפה.") && page.contains("dir=\"auto\""), "{page}");
    assert!(!page.contains("http") && !page.contains("src=") && !page.contains("href"), "{page}");
}

#[test]
fn a_voice_that_was_taken_line_by_line_says_the_class_in_every_way() {
    let workshop = Workshop::new();
    workshop.file("calm.toml", HURRIED.replace("\"2-4\"", "\"7-7\""));
    let page = workshop.run(["voice", "script", "calm.toml", "--voice", "./mine"]).success();
    let mut files = Vec::new();
    for line in page.lines().filter(|line| line.starts_with("  ")) {
        let number = line.split_whitespace().next().expect("a number");
        let words = line.split("  (").next().expect("words");
        let seconds = speaking_time::of(words).as_secs_f64() - 0.3;
        workshop.file(&format!("in/{number}.wav"), clip(seconds, 0.5, 0.0));
        files.push(format!("in/{number}.wav"));
    }
    let arguments = ["voice", "take", "./mine", "calm.toml"].map(str::to_owned).into_iter().chain(files);
    let said = workshop.run(arguments);
    assert!(said.stderr.contains("lines taken"), "{}", said.stderr);
    said.success();
    for more in [
        &["--guidance", "full"][..],
        &["--level", "1"],
        &["--level", "5"],
        &["--guidance", "names"],
        &["--guidance", "bells"],
    ] {
        workshop.run(["plan", "calm.toml", "--voice", "./mine"].iter().chain(more)).success();
    }
    let judged = workshop.run(["voice", "check", "./mine", "calm.toml"]).success();
    assert!(judged.contains("0 yet to be made"), "{judged}");
    let left = workshop.run(["voice", "script", "calm.toml", "--voice", "./mine"]);
    assert!(left.stdout.is_empty() && left.stderr.contains("0 of "), "{left:?}");
}

#[test]
fn a_part_of_a_memo_can_be_named_and_what_it_replaces_is_kept() {
    let workshop = Workshop::new();
    let samples = [hum(16_000, 3.0, 0.3), vec![0.0; 32_000], hum(16_000, 1.0, 0.5), vec![0.0; 16_000]].concat();
    let memo = wav(samples.iter().map(|sample| (sample * 32_767.0) as i16).collect::<Vec<_>>(), 1, 16_000);
    workshop.file("calm.toml", HURRIED).file("memo.wav", memo).file("mine/safety/physician.flac", "not a sound");
    let fix = |fix: &str| workshop.run(["voice", "take", "./mine", "calm.toml", "memo.wav", "--fix", fix]);
    for wrong in ["1=0:09-0:10", "99=0:01-0:02"] {
        fix(wrong).failure(1);
    }
    for wrong in ["1=2", "1=0:03-0:01", "x"] {
        fix(wrong).failure(2);
    }
    assert_eq!(fs::read(workshop.path("mine/safety/physician.flac")).expect("as it was"), b"not a sound");
    fix("1=0:04.9-0:06.1").success();
    let (channels, rate, first) = read_wav(&workshop.path("mine/safety/physician.wav"));
    assert_eq!((channels, rate, first.len()), (1, 16_000, 19_200));
    assert_eq!(fs::read(workshop.path("mine/kept/safety/physician.flac")).expect("kept"), b"not a sound");
    // Once more: what was kept stays, too, and no cue is made of it.
    fix("1=0:00-0:03").success();
    assert_eq!(read_wav(&workshop.path("mine/kept/safety/physician.wav")).2, first);
    fix("1=0:00-0:02").success();
    assert_eq!(read_wav(&workshop.path("mine/kept/safety/physician-2.wav")).2.len(), 48_000);
    let checked = workshop.run(["check", "./mine"]);
    assert!(!checked.stderr.contains("kept"), "{}", checked.stderr);
}

#[test]
fn recordings_that_are_no_lines_are_refused_before_anything_is_written() {
    let workshop = Workshop::new();
    workshop.file("class.toml", HURRIED).file("silent.wav", wav(vec![0; 160_000], 1, 16_000));
    workshop.file("noise.wav", clip(0.0, 0.0, 0.3)).file("text.wav", "no sound");
    for name in ["one", "two", "3", "03", "safety-physician", "safety-physicain"] {
        workshop.file(&format!("{name}.wav"), clip(2.0, 0.5, 0.0));
    }
    for number in 0..40 {
        workshop.file(&format!("many/Memo {number}.wav"), clip(1.0, 0.5, 0.0));
    }
    let many: Vec<String> = (0..40).map(|number| format!("many/Memo {number}.wav")).collect();
    let take = |files: &[&str]| workshop.run(["voice", "take", "./mine", "class.toml"].iter().chain(files)).failure(1);
    assert!(take(&["silent.wav"]).contains("found silence"));
    assert!(take(&["noise.wav"]).contains("never rests"));
    assert!(take(&["text.wav"]).contains("broken-clip"));
    assert!(take(&["3.wav", "two.wav"]).contains("named by a line's number or cue, found two.wav"));
    assert!(take(&["3.wav", "03.wav"]).contains("expected one file for line 3"));
    assert!(take(&["3.wav", "safety-physicain.wav"]).contains("did you mean `safety/physician`?"));
    assert!(take(&["3.wav", "silent.wav"]).contains("silent.wav"));
    assert!(take(&many.iter().map(String::as_str).collect::<Vec<_>>()).contains("found 40 files"));
    assert!(workshop.run(["voice", "take", "ada", "class.toml", "3.wav"]).failure(1).contains("built in"));
    assert!(!workshop.path("mine").exists());
    // Named by its cue, it is taken.
    workshop.run(["voice", "take", "./mine", "class.toml", "safety-physician.wav", "3.wav"]).success();
    assert!(workshop.path("mine/safety/physician.wav").is_file());
}

#[test]
fn a_check_of_a_voice_says_what_is_wrong_with_each_recording() {
    let workshop = Workshop::new();
    workshop.file("class.toml", HURRIED.replace("\"2-4\"", "\"3-4\""));
    let (mut cut, clipped) = (clip(5.0, 0.5, 0.0), clip(5.6, 4.0, 0.0));
    // Half a second of silence at 16 kHz in 16 bit, after the head.
    cut.drain(44..44 + 16_000);
    let length = (cut.len() as u32 - 44).to_le_bytes();
    cut[40..44].copy_from_slice(&length);
    let whole = (cut.len() as u32 - 8).to_le_bytes();
    cut[4..8].copy_from_slice(&whole);
    workshop.file("mine/safety/physician.wav", cut).file("mine/safety/stop.wav", clipped);
    workshop.file("mine/arms/name.wav", clip(0.6, 0.5, 0.02));
    let long = lines_of(&workshop, "class.toml").into_iter().find(|cue| cue.starts_with("own/inhale")).expect("a cue");
    workshop.file(&format!("mine/{long}.wav"), clip(3.6, 0.01, 0.0));
    workshop.file("mine/breath/in.wav", vec![0; 100]).file("mine/breath/out.wav", wav(vec![0; 16_000], 1, 16_000));
    let json = workshop.run(["voice", "check", "./mine", "class.toml", "--json"]).success();
    let rows: Value = serde_json::from_str(&json).expect("JSON");
    let codes = |cue: &str| -> Vec<&str> {
        let row =
            rows.as_array().expect("rows").iter().find(|row| row["cue"] == cue).unwrap_or_else(|| panic!("{cue}"));
        row["problems"]
            .as_array()
            .expect("problems")
            .iter()
            .map(|each| each["code"].as_str().expect("a code"))
            .collect()
    };
    assert!(codes("safety/physician").contains(&"cut-off") && !codes("safety/physician").contains(&"noisy"), "{json}");
    assert!(codes("safety/stop").contains(&"clipped"), "{json}");
    assert!(codes("arms/name").contains(&"noisy"), "{json}");
    let quiet = codes(&long);
    assert!(
        quiet.contains(&"too-quiet") && quiet.contains(&"too-long") && quiet.contains(&"level"),
        "{quiet:?} {json}"
    );
    assert_eq!(
        (codes("own/exhale-lower"), codes("breath/in"), codes("breath/out")),
        (vec!["missing"], vec!["broken"], vec!["silent"])
    );
    // In words, in the order of the class.
    let table = workshop.run(["voice", "check", "./mine", "class.toml"]).success();
    let at = |words: &str| table.find(words).unwrap_or_else(|| panic!("{words} in {table}"));
    assert!(at("safety/physician") < at("arms/name") && at("arms/name") < at("own/exhale-lower"), "{table}");
    assert!(
        table.contains("cut-off: begins in the middle") && table.contains("missing: yet to be recorded"),
        "{table}"
    );
}

#[test]
#[cfg(unix)]
fn a_recogniser_that_is_installed_settles_what_is_doubtful() {
    let workshop = Workshop::new();
    let hears = "case \"$1\" in */exhale-lower*|*/name*) echo 'exhale lower';; *) echo 'good morning';; esac";
    workshop.file("class.toml", HURRIED).file("hears.sh", hears);
    // Far too long for its words, but that is what is said.
    workshop.file("own-exhale-lower.wav", clip(8.0, 0.5, 0.0)).file("arms-name.wav", clip(0.6, 0.5, 0.0));
    workshop.file("safety-stop.wav", clip(5.5, 0.5, 0.0));
    let files = ["own-exhale-lower.wav", "arms-name.wav", "safety-stop.wav"];
    let take = |recogniser: &str| {
        let arguments = ["voice", "take", "./mine", "class.toml", "--recogniser", recogniser];
        workshop.run(arguments.iter().chain(&files))
    };
    let told = take("sh ./hears.sh").success();
    let line = 1 + lines_of(&workshop, "class.toml").iter().position(|cue| cue == "own/exhale-lower").expect("a line");
    assert!(told.contains(&format!("the recogniser hears line {line}")), "{told}");
    assert!(told.contains("the recogniser hears \"good morning\"") && !told.contains("as long as"), "{told}");
    assert!(take("./none").failure(3).contains("cannot read ./none"));
    assert!(
        workshop.run(["voice", "take", "./mine", "class.toml"].iter().chain(&files)).success().contains("as long as")
    );
}

/// The cues of a class, in its order.
fn lines_of(workshop: &Workshop, routine: &str) -> Vec<String> {
    let library = Library::open(None).expect("a library");
    let routine = library.routine(workshop.path(routine)).expect("a routine");
    line::lines(&routine).expect("lines").into_iter().map(|line| line.cue).collect()
}

#[test]
#[cfg(target_os = "linux")]
fn a_memo_of_two_hours_takes_little_memory() {
    use std::io::{Seek, SeekFrom, Write};
    let workshop = Workshop::new();
    workshop.file("class.toml", HURRIED).file("memo.wav", wav(Vec::new(), 1, 8_000));
    // Two hours, most of which the disk need not hold.
    let bytes: u32 = 2 * 3600 * 8_000 * 2;
    let mut file = fs::File::options().write(true).open(workshop.path("memo.wav")).expect("a memo");
    for (at, number) in [(4, bytes + 36), (40, bytes)] {
        file.seek(SeekFrom::Start(at)).and_then(|_| file.write_all(&number.to_le_bytes())).expect("a head");
    }
    file.set_len(u64::from(bytes) + 44).expect("a long memo");
    let lines = lines_of(&workshop, "class.toml").len();
    for index in 0..lines as u64 {
        let words = hum(8_000, 1.0 + 0.1 * index as f64, 0.5);
        let words: Vec<u8> = words.iter().flat_map(|sample| ((sample * 32_767.0) as i16).to_le_bytes()).collect();
        file.seek(SeekFrom::Start(44 + index * 6_000_000)).and_then(|_| file.write_all(&words)).expect("words");
    }
    drop(file);
    let script = "ulimit -v 460000 && ulimit -t 120 && exec \"$CATCOW\" voice take ./mine class.toml memo.wav";
    let taken = workshop.shell(script).env("CATCOW", env!("CARGO_BIN_EXE_catcow")).output().expect("a shell");
    let taken = Outcome::of(taken);
    assert!(taken.stderr.contains("memo.wav: 2:00:00"), "{}", taken.stderr);
    taken.success();
    assert!(workshop.path("mine/take.html").is_file());
}
