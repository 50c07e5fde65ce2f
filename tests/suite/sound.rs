//! What sounds besides the words: breath tones, beds, ducking, loudness, wake-up, stems.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::wav::float_wav;
use crate::workshop::{Outcome, Workshop, read_wav};

/// Two minutes of breathing without a word, after a word.
const BREATHING: &str = "title = \"Breathing\"\nguidance = \"names\"\n[[steps]]\nsay = \"breath/in\"\nthen = \"10s\"\n[[steps]]\nbreathe = \"4-6\"\nrounds = 12\n";

const BEDS: [&str; 3] = ["rain", "ocean", "drone"];

fn plan(workshop: &Workshop, arguments: &[&str]) -> Value {
    serde_json::from_str(&workshop.run(["plan", "--json"].iter().chain(arguments)).success()).expect("JSON")
}

/// The regions of a track: start and end, in frames.
fn regions(plan: &Value, track: &str) -> Vec<(usize, usize)> {
    let frames = |region: &Value, key: &str| region[key].as_u64().unwrap() as usize;
    let found = plan["regions"].as_array().unwrap().iter().filter(|region| region["track"] == track);
    found.map(|region| (frames(region, "start"), frames(region, "start") + frames(region, "frames"))).collect()
}

fn power(samples: &[i16]) -> f64 {
    samples.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / samples.len() as f64
}

/// A hum with some life in it.
fn hum(frames: usize, rate: f32, level: f32) -> impl Iterator<Item = f32> {
    (0..frames).map(move |frame| {
        let time = frame as f32 / rate;
        level * (time * 1_900.0).sin() * (0.6 + 0.4 * (time * 9.0).sin())
    })
}

#[test]
fn the_plan_shows_every_track() {
    let workshop = Workshop::new();
    workshop.file("breathing.toml", BREATHING);
    let plan = plan(&workshop, &["breathing.toml", "--bed", "rain"]);
    let total = plan["frames"].as_u64().unwrap() as usize;
    assert_eq!(regions(&plan, "bed"), [(0, total)]);
    let tones = regions(&plan, "tone");
    assert_eq!(tones.len(), 12, "a region for each breath");
    assert!(tones.windows(2).all(|pair| pair[0].1 == pair[1].0));
    let none = self::plan(&workshop, &["breathing.toml", "--tone", "off"]);
    assert!(regions(&none, "tone").is_empty() && regions(&none, "bed").is_empty());
}

#[test]
fn every_tone_is_heard_from_foot_to_top_and_begins_and_ends_without_a_click() {
    let workshop = Workshop::new();
    workshop.file("breathing.toml", BREATHING);
    let tones = regions(&plan(&workshop, &["breathing.toml"]), "tone");
    for tone in ["airy", "chord", "ocean"] {
        workshop.run(["export", "breathing.toml", "--tone", tone, "-o", "out.wav", "--mono"]).success();
        let (_, _, samples) = read_wav(&workshop.path("out.wav"));
        for (start, _) in &tones {
            let at = |seconds: f64| power(&samples[start + (seconds * 48_000.0) as usize..][..24_000]);
            // In the last breaths there are words.
            let wordless = *start < tones[8].0;
            for seconds in [0.2, 1.7, 3.2, 4.4, 6.9, 9.2].into_iter().filter(|_| wordless) {
                let level = 10.0 * (at(seconds) / 32768.0f64.powi(2)).log10();
                assert!((-44.0..-34.0).contains(&level), "{tone} at {seconds} s: {level} dBFS");
            }
        }
        let step =
            |samples: &[i16]| samples.windows(2).map(|pair| (i32::from(pair[1]) - i32::from(pair[0])).abs()).max();
        let inside = tones.iter().map(|(start, _)| step(&samples[start + 170_000..start + 210_000])).max().unwrap();
        for (start, end) in &tones {
            assert!(step(&samples[start - 480..start + 480]) < inside, "{tone} begins with a click");
            assert!(step(&samples[end - 480..(end + 480).min(samples.len())]) < inside, "{tone} ends with a click");
        }
    }
}

#[test]
fn a_routine_chooses_and_the_listener_has_the_last_word() {
    let workshop = Workshop::new();
    let with = |keys: &str| BREATHING.replacen('\n', &format!("\n{keys}\n"), 1);
    workshop.file("own.toml", with("tone = \"chord\"\nheld = \"off\"\nbed = \"drone\""));
    let cues = |arguments: &[&str]| {
        let plan = plan(&workshop, arguments);
        let cue = |track: &str| {
            let regions = plan["regions"].as_array().unwrap();
            regions
                .iter()
                .find(|region| region["track"] == track)
                .map(|region| region["cue"].as_str().unwrap().to_owned())
        };
        [cue("tone"), cue("bed")]
    };
    assert_eq!(cues(&["own.toml"]), [Some("chord".into()), Some("drone".into())]);
    assert_eq!(cues(&["own.toml", "--tone", "airy", "--bed", "off"]), [Some("airy".into()), None]);
}

#[test]
fn beds_lie_twenty_decibels_under_words_and_make_way_before_them() {
    let workshop = Workshop::new();
    workshop.file("talk.toml", "title = \"Talk\"\n[[steps]]\npause = \"20s\"\n[[steps]]\nsay = [\"safety/physician\", \"safety/stop\"]\n[[steps]]\npause = \"20s\"\n");
    let words = regions(&plan(&workshop, &["talk.toml"]), "voice");
    for bed in BEDS {
        let stems = ["export", "talk.toml", "--bed", bed, "--tone", "off", "--stems", "stems"];
        workshop.run(stems).success();
        let [voice, bed_stem] = ["voice", "bed"].map(|stem| stem_samples(&workshop, stem));
        let mut speech = (0.0, 0.0);
        for (start, end) in &words {
            speech.0 += voice[2 * start..2 * end].iter().map(|sample| sample * sample).sum::<f64>();
            speech.1 += bed_stem[2 * start..2 * end].iter().map(|sample| sample * sample).sum::<f64>();
        }
        assert!(speech.0 > 100.0 * speech.1, "{bed}: {:.1} dB", 10.0 * (speech.0 / speech.1).log10());
        if bed != "ocean" {
            let level = |from: f64, to: f64| {
                let at = |seconds: f64| 2 * (words[0].0 as f64 + seconds * 48_000.0) as usize;
                let part = &bed_stem[at(from)..at(to)];
                10.0 * (part.iter().map(|sample| sample * sample).sum::<f64>() / part.len() as f64).log10()
            };
            let (free, before, said) = (level(-6.0, -1.0), level(-0.3, -0.2), level(0.0, 2.0));
            assert!(free - said > 4.5, "{bed}: {free} {said}");
            assert!(free - before > 1.5, "{bed} has begun to make way 200 ms before: {free} {before}");
        }
    }
}

/// A stem of 24 bit, full scale 1.
fn stem_samples(workshop: &Workshop, stem: &str) -> Vec<f64> {
    let mut reader = hound::WavReader::open(workshop.path(format!("stems/{stem}.wav"))).unwrap();
    assert_eq!(reader.spec().bits_per_sample, 24);
    reader.samples::<i32>().map(|sample| f64::from(sample.unwrap()) / 8_388_608.0).collect()
}

#[test]
fn stems_are_of_one_length_sum_to_the_session_and_hold_the_voice_bit_for_bit() {
    let workshop = Workshop::new();
    workshop.run(["export", "desk-break", "--bed", "rain", "-o", "session.wav", "--stems", "stems"]).success();
    let (_, _, session) = read_wav(&workshop.path("session.wav"));
    let stems = ["voice", "tones", "bells", "bed"].map(|stem| stem_samples(&workshop, stem));
    assert!(stems.iter().all(|stem| stem.len() == session.len()));
    for (at, sample) in session.iter().enumerate() {
        let sum: f64 = stems.iter().map(|stem| stem[at]).sum();
        assert!((sum * 32768.0 - f64::from(*sample)).abs() < 1.51, "sample {at}");
        let voice = stems[0][at] * 32768.0;
        assert!((voice - voice.round()).abs() < 1e-9, "the voice is as it is in 16 bit");
    }
    let again = Workshop::new();
    again.run(["export", "desk-break", "--stems", "only/stems"]).success();
    assert_eq!(again.files(), ["only"]);
}

#[test]
fn a_stem_in_which_nothing_sounds_is_left_out_and_that_is_told() {
    let workshop = Workshop::new();
    workshop.file("quiet.toml", "title = \"Quiet\"\n[[steps]]\nsay = \"breath/in\"\n[[steps]]\npause = \"5s\"\n");
    let there = || {
        let stems = fs::read_dir(workshop.path("stems")).unwrap().map(|entry| entry.unwrap().file_name());
        let mut stems: Vec<_> = stems.map(|name| name.into_string().unwrap()).collect();
        stems.sort();
        stems
    };
    let outcome = workshop.run(["export", "quiet.toml", "--stems", "stems"]);
    assert!(outcome.stderr.contains("nothing sounds in them: tones.wav, bells.wav, bed.wav"), "{}", outcome.stderr);
    assert_eq!(there(), ["voice.wav"]);
    let outcome = workshop.run(["export", "quiet.toml", "--stems", "stems", "--bed", "rain"]);
    assert!(outcome.stderr.contains("nothing sounds in them: tones.wav, bells.wav\n"), "{}", outcome.stderr);
    assert_eq!(there(), ["bed.wav", "voice.wav"]);
    // A stem of the session before would be taken for one of this.
    workshop.run(["export", "quiet.toml", "--stems", "stems", "--from", "4s"]).success();
    assert_eq!(there(), ["bed.wav", "voice.wav"]);
    for stem in there() {
        let samples = stem_samples(&workshop, stem.trim_end_matches(".wav"));
        assert!(samples.iter().all(|sample| *sample == 0.0), "{stem}");
    }
}

#[test]
fn a_second_of_silence_lies_between_a_bell_and_the_first_word_after_it() {
    let workshop = Workshop::new();
    let say = "[[steps]]\nsay = \"breath/in\"\nthen = \"0s\"\n";
    let routine = format!(
        "title = \"Bells\"\n[[steps]]\nbell = \"low\"\n{say}[[steps]]\nbell = \"high\"\n[[steps]]\npause = \"5s\"\n{say}[[steps]]\nbell = \"low\"\nevery = \"10s\"\n{say}"
    );
    workshop.file("bells.toml", routine);
    let plan = plan(&workshop, &["bells.toml"]);
    let (bells, words) = (regions(&plan, "bell"), regions(&plan, "voice"));
    let [low, high, clock] = bells[..] else { panic!("{bells:?}") };
    assert_eq!(words[0].0, low.1 + 48_000);
    assert_eq!(high.0, words[0].1, "a bell comes when it is written");
    assert_eq!(words[1].0, high.1 + 240_000, "a silence of its author's is as long as they wrote");
    assert_eq!(words[2].0, clock.0 + 480_000, "bells on the clock keep it");
}

#[test]
fn headphones_are_kept_awake_unless_digital_silence_is_asked_for() {
    let workshop = Workshop::new();
    workshop.file("quiet.toml", "title = \"Quiet\"\n[[steps]]\nsay = \"breath/in\"\n[[steps]]\npause = \"10s\"\n");
    let gap = |arguments: &[&str]| {
        // Unless it is said otherwise, as whoever carries the file to a phone gets it.
        let run = |verb: &[&str]| {
            let mut command = workshop.command();
            command.env_remove("CATCOW_WAKE").args(verb).arg("quiet.toml").args(arguments);
            Outcome::of(command.output().unwrap()).success()
        };
        run(&["export", "-o", "out.wav"]);
        let plan: Value = serde_json::from_str(&run(&["plan", "--json"])).unwrap();
        let start = regions(&plan, "voice")[0].0;
        let (_, _, samples) = read_wav(&workshop.path("out.wav"));
        (start, samples[2 * 48_000 * 5..2 * 48_000 * 9].to_vec())
    };
    let (start, asleep) = gap(&["--wake=false"]);
    assert_eq!(start, 24_000, "half a second before the first word");
    assert!(asleep.iter().all(|sample| *sample == 0));
    let (start, awake) = gap(&[]);
    assert_eq!(start, 72_000, "a second and a half to wake up in");
    let level = 10.0 * (power(&awake) / 32768.0f64.powi(2)).log10();
    assert!((-82.0..-72.0).contains(&level), "{level} dBFS");
}

#[test]
fn a_side_is_heard_a_little_from_that_side_and_no_louder() {
    let workshop = Workshop::new();
    for (name, arguments) in [("centre.wav", &[][..]), ("sides.wav", &["--pan-sides"][..])] {
        workshop.run(["export", "lying-down", "--tone", "off", "-o", name].iter().chain(arguments)).success();
    }
    let plan: Value = serde_json::from_str(&workshop.run(["plan", "lying-down", "--json"]).success()).unwrap();
    let [centre, sides] = ["centre.wav", "sides.wav"].map(|name| read_wav(&workshop.path(name)).2);
    let mut heard = std::collections::BTreeSet::new();
    for region in plan["regions"].as_array().unwrap().iter().filter(|region| region["track"] == "voice") {
        let (start, frames) = (region["start"].as_u64().unwrap(), region["frames"].as_u64().unwrap());
        let covers = |phase: &&Value| {
            phase["start"].as_u64().unwrap() <= start
                && start < phase["start"].as_u64().unwrap() + phase["frames"].as_u64().unwrap()
        };
        let side = plan["phases"].as_array().unwrap().iter().find(covers).and_then(|phase| phase["side"].as_str());
        let part = |samples: &[i16], channel: usize| -> Vec<i16> {
            samples[2 * start as usize..2 * (start + frames) as usize]
                .iter()
                .skip(channel)
                .step_by(2)
                .copied()
                .collect()
        };
        let [left, right, before] = [power(&part(&sides, 0)), power(&part(&sides, 1)), power(&part(&centre, 0))];
        let lean = 10.0 * (left / right).log10();
        match side {
            Some("left") => assert!((3.5..4.5).contains(&lean), "{lean} dB"),
            Some("right") => assert!((-4.5..-3.5).contains(&lean), "{lean} dB"),
            _ => assert!(lean.abs() < 0.01, "{lean} dB"),
        }
        assert!(((left + right) / (2.0 * before) - 1.0).abs() < 0.02);
        heard.extend(side.map(str::to_owned));
    }
    assert!(heard.contains("left") && heard.contains("right"), "{heard:?}");
}

#[test]
fn what_would_be_too_loud_together_is_turned_down_and_that_is_told() {
    let workshop = Workshop::new();
    workshop.file("breathing.toml", BREATHING);
    let hot = ["export", "breathing.toml", "--bed", "rain", "--bed-level", "8", "--voice-level", "6", "-o", "hot.wav"];
    let outcome = workshop.run(hot);
    assert!(outcome.stderr.contains("turned down by"), "{}", outcome.stderr);
    let usual = workshop.run(["export", "breathing.toml", "--bed", "rain", "-o", "usual.wav"]);
    assert!(!usual.stderr.contains("turned down"), "{}", usual.stderr);
    let (_, _, samples) = read_wav(&workshop.path("hot.wav"));
    assert!(samples.iter().all(|sample| sample.unsigned_abs() < 29_205), "no sample is over -1 dBFS");
}

#[test]
fn a_bed_of_ones_own_goes_round_without_a_seam_at_any_rate() {
    let workshop = Workshop::new();
    workshop.file("long.toml", "title = \"Long\"\nguidance = \"bells\"\n[[steps]]\npause = \"60s\"\n");
    for (rate, channels) in [(48_000, 2u16), (22_050, 1), (384_000, 2), (48_000, 8)] {
        let samples = hum(rate as usize * 7, rate as f32, 0.3).flat_map(|sample| vec![sample; usize::from(channels)]);
        workshop.file("bed.wav", float_wav(samples, channels, rate));
        workshop.run(["export", "long.toml", "--bed", "bed.wav", "-o", "out.wav"]).success();
        let (_, _, samples) = read_wav(&workshop.path("out.wav"));
        let left: Vec<i32> = samples.iter().step_by(2).map(|sample| i32::from(*sample)).collect();
        let step = |part: &[i32]| part.windows(2).map(|pair| (pair[1] - pair[0]).abs()).max().unwrap();
        let inside = step(&left[48_000 * 3..48_000 * 5]);
        assert!(inside > 3, "{rate} Hz, {channels} channels: it is heard");
        assert!(step(&left) <= inside + 4, "{rate} Hz, {channels} channels: {} {inside}", step(&left));
    }
}

#[test]
fn a_bed_is_as_loud_whatever_offset_and_scale_it_was_stored_with() {
    let workshop = Workshop::new();
    workshop.file("long.toml", "title = \"Long\"\nguidance = \"bells\"\n[[steps]]\npause = \"30s\"\n");
    let level = |offset: f32, scale: f32| {
        let samples = hum(48_000 * 7, 48_000.0, 0.3).map(|sample| (sample + offset) * scale);
        workshop.file("bed.wav", float_wav(samples, 1, 48_000));
        workshop.run(["export", "long.toml", "--bed", "bed.wav", "--mono", "-o", "out.wav"]).success();
        let (_, _, samples) = read_wav(&workshop.path("out.wav"));
        let heard = &samples[48_000 * 5..48_000 * 20];
        let mean = heard.iter().map(|sample| f64::from(*sample)).sum::<f64>() / heard.len() as f64;
        assert!(mean.abs() < 2.0, "a mean of {mean} steps with an offset of {offset}, scaled by {scale}");
        10.0 * (power(heard) / 32768.0f64.powi(2)).log10()
    };
    let plain = level(0.0, 1.0);
    for (offset, scale) in [(0.5, 1.0), (0.0, 30_000.0), (0.0, 1e29), (1e4, 1e25)] {
        let found = level(offset, scale);
        assert!(
            (found - plain).abs() < 0.3,
            "{found} dBFS with an offset of {offset}, scaled by {scale}; {plain} plain"
        );
    }
}

#[test]
fn a_bed_that_cannot_be_played_is_refused_with_the_reason() {
    let workshop = Workshop::new();
    let good = float_wav(hum(96_000, 48_000.0, 0.3), 1, 48_000);
    workshop
        .file("none.wav", &good[..44.min(good.len())])
        .file("empty.wav", b"")
        .file("short.wav", float_wav(hum(20_000, 48_000.0, 0.3), 1, 48_000))
        .file("silent.wav", float_wav(vec![0.0; 96_000], 1, 48_000))
        .file("offset.wav", float_wav(vec![0.3; 96_000], 1, 48_000))
        .file("nan.wav", float_wav(vec![f32::NAN; 96_000], 1, 48_000))
        .file("inf.wav", float_wav(vec![f32::INFINITY; 96_000], 1, 48_000))
        .file("cut.wav", &good[..good.len() / 2])
        .file("text.mp3", b"this is no sound at all, it is a line of text");
    for (bed, expected) in [
        ("none.wav", "broken-bed"),
        ("empty.wav", "broken-bed"),
        ("short.wav", "shorter than 1 s"),
        ("silent.wav", "it is silent"),
        ("offset.wav", "it is silent"),
        ("nan.wav", "not numbers"),
        ("inf.wav", "not numbers"),
        ("cut.wav", "broken-bed"),
        ("text.mp3", "broken-bed"),
        ("drizzle", "unknown-bed"),
    ] {
        let error = workshop.run(["export", "morning", "--bed", bed, "-o", "out.wav"]).failure(1);
        assert!(error.contains(expected), "{bed}: {error}");
    }
    let error = workshop.run(["export", "morning", "--bed", "nowhere.wav", "-o", "out.wav"]).failure(3);
    assert!(error.contains("no such file"), "{error}");
    assert!(!workshop.files().contains(&"out.wav".to_owned()));
}

#[test]
fn a_bed_that_an_author_names_stays_in_the_routines_folder() {
    let workshop = Workshop::new();
    let with = |bed: &str| BREATHING.replacen('\n', &format!("\nbed = \"{bed}\"\n"), 1);
    let sound = float_wav(hum(96_000, 48_000.0, 0.3), 1, 48_000);
    workshop.file("routines/sounds/stream.wav", &sound).file("secret.wav", &sound);
    workshop.file("routines/own.toml", with("sounds/stream.wav"));
    workshop.run(["plan", "routines/own.toml"]).success();
    for bed in ["../secret.wav", "/etc/hostname.wav", "sounds/../../secret.wav", "sounds/none.wav"] {
        workshop.file("routines/own.toml", with(bed));
        let error = workshop.run(["plan", "routines/own.toml"]).failure(1);
        assert!(error.contains("error[outside-folder]"), "{bed}: {error}");
    }
}

#[test]
fn a_recording_of_silence_is_a_warning_and_nothing_more() {
    let workshop = Workshop::new();
    workshop
        .file("voice/own/tone.wav", float_wav(vec![0.0; 48_000], 1, 48_000))
        .file("own.toml", "title = \"Own\"\n[[steps]]\nsay = \"own/tone\"\n");
    let outcome = workshop.run(["export", "own.toml", "--voice", "./voice", "-o", "out.wav"]);
    assert!(outcome.stderr.contains("warning[silent-clip]"), "{}", outcome.stderr);
    outcome.success();
}

/// Integrated loudness in LUFS and true peak in dBTP, by ffmpeg.
fn ebur128(workshop: &Workshop, name: &str) -> (f64, f64) {
    let output = Command::new("ffmpeg")
        .args(["-nostats", "-hide_banner", "-i"])
        .arg(workshop.path(name))
        .args(["-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"])
        .output()
        .expect("ffmpeg is not installed");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let number = |key: &str| {
        let line = text.lines().rfind(|line| line.trim_start().starts_with(key)).unwrap_or_else(|| panic!("{text}"));
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    (number("I:"), number("Peak:"))
}

#[test]
#[ignore = "needs ffmpeg; tests/run.sh installs it"]
fn the_voice_is_at_sixteen_below_full_scale_in_every_routine_and_the_mix_under_its_peak() {
    let workshop = Workshop::new();
    // Each with one voice, one bed and one tone: every pair of voice and bed comes once. Six minutes of each: the meter takes
    // longer for an hour than all other tests together.
    let sounds = [
        ("breathing", "ada", "rain", "airy"),
        ("desk-break", "ben", "ocean", "chord"),
        ("evening", "ada", "drone", "ocean"),
        ("gentle-back", "ben", "rain", "airy"),
        ("lying-down", "ada", "ocean", "chord"),
        ("morning", "ben", "drone", "ocean"),
        ("strong-back", "ada", "rain", "ocean"),
    ];
    for (routine, voice, bed, tone) in sounds {
        let arguments =
            ["--voice", voice, "--bed", bed, "--tone", tone, "--until", "6m", "-o", "out.wav", "--stems", "stems"];
        workshop.run(["export", routine].iter().chain(&arguments)).success();
        let (loudness, _) = ebur128(&workshop, "stems/voice.wav");
        assert!((loudness + 16.0).abs() <= 0.5, "{routine} by {voice}: {loudness} LUFS");
        let (_, peak) = ebur128(&workshop, "out.wav");
        assert!(peak <= -1.0, "{routine} by {voice} with {bed} and {tone}: {peak} dBTP");
    }
}

/// Words and paced breaths, a minute of them.
const LOUD: &str = "title = \"Loud\"\n[[steps]]\nsay = [\"safety/physician\", \"safety/stop\", \"closing/daily\"]\n[[steps]]\nsay = \"breath/in\"\nthen = \"2s\"\n[[steps]]\nbreathe = \"4-6\"\nrounds = 3\n";

#[test]
#[ignore = "needs ffmpeg; tests/run.sh installs it"]
fn only_what_would_pass_the_limit_is_turned_down_and_only_by_what_is_missing() {
    let workshop = Workshop::new();
    workshop.file("loud.toml", LOUD);
    for (options, turned_down) in [
        (&["--loudness", "-10"][..], false),
        (&["--bed", "drone", "--bed-level", "-6"], false),
        (&["--bed", "rain", "--bed-level", "0"], false),
        (&["--bed", "rain", "--bed-level", "12"], true),
        (&["--tone-level", "18"], true),
    ] {
        let arguments = ["export", "loud.toml", "-o", "out.wav", "--stems", "stems"];
        let outcome = workshop.run(arguments.iter().chain(options));
        let (_, peak) = ebur128(&workshop, "out.wav");
        let told = outcome.stderr.contains("turned down by");
        let helps = ["bed", "tone"].map(|part| outcome.stderr.contains(&format!("--{part}-level")));
        assert!(!told || helps == [options[0] == "--bed", true], "it says what there is: {}", outcome.stderr);
        assert_eq!(told, turned_down, "{options:?}, {peak} dBTP: {}", outcome.stderr);
        let least = if turned_down { -1.2 } else { -60.0 };
        assert!((least..=-1.0).contains(&peak), "{options:?}: {peak} dBTP");
        let voice = stem_samples(&workshop, "voice");
        let whole = voice.iter().all(|sample| (sample * 32768.0).fract() == 0.0);
        assert_eq!(whole, !turned_down, "{options:?}: the voice is as it was recorded unless all is turned down");
    }
}

#[test]
#[ignore = "needs ffmpeg; tests/run.sh installs it"]
fn words_are_as_loud_as_asked_for_or_it_is_told_how_loud_they_are() {
    let workshop = Workshop::new();
    workshop.file("loud.toml", LOUD);
    for asked in [-16.0, -12.0, -9.0, -4.0, 4.0] {
        for voice in ["ada", "ben"] {
            let level = format!("{}", asked + 16.0);
            let options = ["--voice-level", &level, "--voice", voice, "--tone", "off"];
            let outcome = workshop.run(["export", "loud.toml", "--stems", "stems"].iter().chain(&options));
            let told = outcome.stderr.split_once("words come out at about ").map(|(_, rest)| rest);
            let told: Option<f64> = told.map(|rest| rest.split_once(' ').unwrap().0.parse().unwrap());
            let (found, _) = ebur128(&workshop, "stems/voice.wav");
            assert!(told.is_none_or(|told| told < asked - 0.5), "{asked} by {voice}: {told:?} told");
            let expected = told.unwrap_or(asked);
            assert!((found - expected).abs() <= 0.6, "{asked} LUFS by {voice}: {found}, told {told:?}");
        }
    }
}

#[test]
#[ignore = "needs ffmpeg; tests/run.sh installs it"]
fn every_bed_lies_twenty_two_decibels_under_the_voice() {
    let workshop = Workshop::new();
    workshop.file("long.toml", "title = \"Long\"\nguidance = \"bells\"\n[[steps]]\npause = \"3m\"\n");
    workshop.file("own.wav", float_wav(hum(48_000 * 7, 48_000.0, 0.3), 1, 48_000));
    for bed in [&BEDS[..], &["own.wav"]].concat() {
        workshop.run(["export", "long.toml", "--bed", bed, "-o", "out.wav"]).success();
        let (loudness, _) = ebur128(&workshop, "out.wav");
        assert!((loudness + 38.0).abs() <= 1.0, "{bed}: {loudness} LUFS");
    }
}

#[test]
#[ignore = "needs ffmpeg; tests/run.sh installs it"]
fn recordings_thirty_decibels_apart_come_out_alike() {
    let workshop = Workshop::new();
    let mut routine = String::from("title = \"Apart\"\n");
    for (index, cue) in
        ["closing/daily", "safety/stop", "breath/in", "cat-cow/inhale-full", "bridge/rest", "stay/1-minute"]
            .iter()
            .enumerate()
    {
        let level = -(index as i32 * 6);
        let folder = workshop.path("voice/own");
        fs::create_dir_all(&folder).unwrap();
        let clip = format!("{}/voice_clips/ben/{cue}.opus", env!("CARGO_MANIFEST_DIR"));
        let done = Command::new("ffmpeg")
            .args([
                "-v",
                "error",
                "-i",
                &clip,
                "-af",
                &format!("volume={level}dB,adelay=700,apad=pad_dur=0.9"),
                "-ar",
                "44100",
            ])
            .arg(folder.join(format!("c{index}.wav")))
            .status()
            .expect("ffmpeg is not installed");
        assert!(done.success());
        routine += &format!("[[steps]]\nsay = \"own/c{index}\"\n");
    }
    workshop.file("apart.toml", routine);
    workshop.run(["export", "apart.toml", "--voice", "./voice", "-o", "all.wav", "--tone", "off"]).success();
    let (loudness, peak) = ebur128(&workshop, "all.wav");
    assert!((loudness + 16.0).abs() <= 0.5 && peak <= -1.0, "{loudness} LUFS, {peak} dBTP");
    let plan = plan(&workshop, &["apart.toml", "--voice", "./voice"]);
    let (_, _, samples) = read_wav(&workshop.path("all.wav"));
    let levels: Vec<f64> =
        regions(&plan, "voice").iter().map(|(start, end)| 10.0 * power(&samples[2 * start..2 * end]).log10()).collect();
    let (least, most) =
        levels.iter().fold((f64::MAX, f64::MIN), |(least, most), level| (level.min(least), level.max(most)));
    assert!(most - least < 5.0, "{levels:?}");
}

#[test]
fn a_sound_of_ones_own_rings_in_place_of_a_bell() {
    let workshop = Workshop::new();
    let gong = float_wav(hum(60_000, 48_000.0, 0.02), 1, 48_000);
    let routine =
        "title = \"Gong\"\n[bells]\nlow = \"gong.wav\"\n[[steps]]\nbell = \"low\"\n[[steps]]\nbell = \"high\"\n";
    workshop.file("gong.toml", routine).file("gong.wav", gong);
    let plan = plan(&workshop, &["gong.toml"]);
    assert_eq!(regions(&plan, "bell"), [(0, 60_000), (60_000, 60_000 + 216_000)]);
    assert_eq!(plan["regions"][0]["cue"], "low");
    workshop.run(["export", "gong.toml", "-o", "out.wav", "--mono"]).success();
    let (_, _, samples) = read_wav(&workshop.path("out.wav"));
    // The hum is at −26 LUFS in stereo, whatever it was recorded at: its samples lie about 30 dB under full scale.
    let level = 10.0 * (power(&samples[..48_000]) / 32768.0f64.powi(2)).log10();
    assert!((-34.0..-26.0).contains(&level), "{level} dBFS");
    workshop.file("gong.toml", routine.replace("low =", "deep ="));
    let error = workshop.run(["plan", "gong.toml"]).failure(1);
    assert!(error.contains("error[unknown-key]") && error.contains("no such bell"), "{error}");
}

#[test]
fn where_nothing_is_said_a_bell_marks_the_last_round() {
    let workshop = Workshop::new();
    workshop.file("flow.toml", "title = \"Flow\"\n[[steps]]\nbreathe = \"4-6\"\nrounds = 5\n");
    let plan = plan(&workshop, &["flow.toml", "--guidance", "bells"]);
    let bells = regions(&plan, "bell");
    assert_eq!(bells.last().unwrap().0, 4 * 480_000, "{bells:?}");
}
