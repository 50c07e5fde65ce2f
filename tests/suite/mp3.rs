//! MP3, which is built in with the feature `mp3`; without it, and for other kinds that are not written, what to do instead is told.

use crate::workshop::Workshop;

#[test]
fn a_kind_that_is_not_written_is_refused_with_the_nearest_that_is() {
    let workshop = Workshop::new();
    for (name, instead) in [
        ("a.aac", "a.m4a"),
        ("a.mp4", "a.m4a"),
        ("a.ogg", "m4a or opus"),
        ("a.OGA", "m4a or opus"),
        ("a.aiff", "a.wav"),
        ("a.wma", "a.m4a"),
        ("a.xyz", "a.m4a"),
    ] {
        let said = workshop.run(["export", "morning", "-o", name]).failure(3);
        let named = instead == "m4a or opus" && (said.contains("example a.m4a") || said.contains("example a.opus"));
        assert!(named || said.contains(&format!("for example {instead}")), "{name}: {said}");
        assert!(said.contains(".m4a, .m4b") && said.contains(".wav"), "{said}");
    }
    assert!(workshop.files().is_empty());
}

#[cfg(not(feature = "mp3"))]
#[test]
fn without_mp3_built_in_it_is_told_how_to_get_it() {
    let workshop = Workshop::new();
    let said = workshop.run(["export", "morning", "-o", "morning.mp3"]).failure(3);
    assert!(said.contains(".m4a, .m4b") && said.contains("cargo install --path . --features mp3"), "{said}");
    assert!(said.contains("for example morning.m4a"), "{said}");
    assert!(workshop.files().is_empty());
}

#[cfg(feature = "mp3")]
mod built_in {
    use std::fs;
    use std::process::Command;

    use serde_json::Value;

    use crate::phone::decoded;
    use crate::workshop::{Workshop, read_wav};

    #[test]
    fn an_mp3_has_the_same_bytes_for_any_number_of_threads() {
        let workshop = Workshop::new();
        for (name, threads) in [("one.mp3", "1"), ("many.mp3", "7")] {
            let arguments = ["export", "morning", "--until", "60s", "-o", name, "--threads", threads];
            workshop.run(arguments).success();
        }
        assert!(fs::read(workshop.path("one.mp3")).unwrap() == fs::read(workshop.path("many.mp3")).unwrap());
    }

    #[test]
    fn what_mp3_does_not_have_is_refused_with_what_it_has_and_what_is_near_is_taken() {
        let workshop = Workshop::new();
        let error = workshop.run(["export", "morning", "-o", "a.mp3", "--rate", "96000"]).failure(3);
        assert!(error.contains("no rate of 96000 Hz") && error.contains("44100"), "{error}");
        let error = workshop.run(["export", "morning", "-o", "a.mp3", "--bitrate", "400k"]).failure(3);
        assert!(error.contains("nothing near to 400000") && error.contains("it has 8k, 16k, 24k"), "{error}");
        assert!(workshop.files().is_empty());
        let size = |bitrate: &str| {
            let arguments = ["export", "morning", "--until", "40s", "-o", "a.mp3", "--bitrate", bitrate];
            workshop.run(arguments).success();
            fs::metadata(workshop.path("a.mp3")).unwrap().len()
        };
        assert_eq!(size("50k"), size("48k"));
    }

    fn run(program: &str, arguments: &[&str], workshop: &Workshop) -> String {
        let output = Command::new(program).args(arguments).current_dir(workshop.path("")).output().unwrap();
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// How far, in dB, what a decoder gives lies from the WAV, over all of it; how many frames there are; and by how many it is late.
    fn compared(workshop: &Workshop, more: &[&str]) -> (f64, i64) {
        for name in ["session.wav", "session.mp3"] {
            workshop.run(["export", "desk-break", "-o", name].iter().chain(more)).success();
        }
        let (channels, rate, original) = read_wav(&workshop.path("session.wav"));
        let heard = decoded(workshop, "session.mp3", rate);
        assert_eq!(heard.len(), original.len(), "to the frame");
        let left = |samples: &[i16]| samples.iter().step_by(channels).map(|it| f64::from(*it)).collect::<Vec<_>>();
        let (one, other) = (left(&original), left(&heard));
        let loud = one.iter().position(|sample| sample.abs() > 3000.0).expect("a word");
        let product = |shift: i64| -> f64 {
            let near = loud..loud + rate as usize;
            near.map(|at| one[at] * other.get((at as i64 + shift) as usize).unwrap_or(&0.0)).sum()
        };
        let late = (-1500..=1500).max_by(|one, other| product(*one).total_cmp(&product(*other))).unwrap();
        let power = |samples: &mut dyn Iterator<Item = f64>| samples.map(|sample| sample * sample).sum::<f64>();
        let noise = power(&mut one.iter().zip(&other).map(|(one, other)| one - other));
        let snr = 10.0 * (power(&mut one.iter().copied()) / noise).log10();
        println!("{more:?}: {snr:.1} dB, {} bytes", fs::metadata(workshop.path("session.mp3")).unwrap().len());
        (snr, late)
    }

    #[test]
    #[ignore = "needs ffmpeg and mp3val; tests/run.sh installs them"]
    fn an_mp3_is_the_session_to_the_frame_and_a_validator_finds_no_fault_in_it() {
        let workshop = Workshop::new();
        let plain = ["--mono", "--tone", "off"];
        for (more, least) in [
            (&["--rate", "24000"][..], MONO_24K),
            (&["--rate", "44100", "--quality", "standard", "--wake=true"], 20.0),
            (&["--rate", "48000", "--quality", "high"], 20.0),
            (&["--rate", "11025"], 15.0),
        ] {
            let (snr, late) = compared(&workshop, &[&plain[..], more].concat());
            assert!(late == 0 && snr >= least, "{more:?}: {snr} dB, {late} frames late");
            let said = run("mp3val", &["session.mp3"], &workshop);
            assert!(!said.contains("WARNING") && !said.contains("ERROR"), "{said}");
        }
        let (snr, late) =
            compared(&workshop, &["--mono=false", "--rate", "48000", "--quality", "standard", "--bed", "rain"]);
        assert!(late == 0 && snr > 5.0, "{snr} dB, {late} frames late");
    }

    /// What speech of 12 kHz keeps at the usual bits a second.
    const MONO_24K: f64 = 17.0;

    #[test]
    #[ignore = "needs mutagen (python3-mutagen) and ffprobe; tests/run.sh installs them"]
    fn another_program_reads_title_words_and_chapters() {
        let workshop = Workshop::new();
        let title = format!("وضعية {}<b>", "long ".repeat(1000));
        let routine = format!(
            "title = \"{title}\"\nsummary = \"For the back\"\n[[steps]]\nsay = \"breath/in\"\n[[steps]]\npose = \"cat-cow\"\n"
        );
        workshop.file("mine.toml", routine);
        workshop.run(["export", "mine.toml", "-o", "mine.mp3", "--date", "2026-03-01", "--bitrate", "64k"]).success();
        let script = "import json; from mutagen.mp3 import MP3; m = MP3('mine.mp3'); t = m.tags
print(json.dumps({'length': m.info.length, 'gapless': m.info.encoder_info, 'title': str(t['TIT2']), 'date': str(t['TDRC']),
  'language': str(t['TLAN']), 'tool': str(t['TSSE']), 'words': t.getall('USLT')[0].text, 'timed': t.getall('SYLT')[0].text,
  'comment': t.getall('COMM')[0].text[0], 'toc': t.getall('CTOC')[0].child_element_ids,
  'chapters': [[c.element_id, c.start_time, c.end_time, str(c.sub_frames['TIT2'])] for c in t.getall('CHAP')]}))";
        let found: Value = serde_json::from_str(&run("/usr/bin/python3", &["-c", script], &workshop)).unwrap();
        let plan = workshop.run(["plan", "mine.toml", "--json", "--rate", "24000"]).success();
        let plan: Value = serde_json::from_str(&plan).unwrap();
        let seconds = |value: &Value| value.as_f64().unwrap() / 24_000.0;
        assert!((found["length"].as_f64().unwrap() - seconds(&plan["frames"])).abs() < 0.001, "{found}");
        let shown = found["title"].as_str().unwrap();
        assert!(shown.starts_with("وضعية long long") && shown.ends_with("long <b>") && shown.len() > 5000);
        assert_eq!((&found["date"], &found["language"]), (&"2026-03-01".into(), &"eng".into()));
        assert!(
            found["tool"].as_str().unwrap().starts_with("catcow ") && found["comment"] == "For the back",
            "{found}"
        );
        let said = plan["regions"].as_array().unwrap().iter().filter(|region| region["track"] == "voice");
        let timed = found["timed"].as_array().unwrap();
        let said: Vec<_> = said.collect();
        assert_eq!(timed.len(), said.len());
        for (line, region) in timed.iter().zip(said) {
            assert_eq!(line[0], region["text"]);
            assert!((line[1].as_f64().unwrap() / 1000.0 - seconds(&region["start"])).abs() < 0.001, "{line}");
        }
        assert_eq!(found["words"].as_str().unwrap().lines().count(), timed.len());
        let (chapters, planned) = (found["chapters"].as_array().unwrap(), plan["chapters"].as_array().unwrap());
        assert_eq!(chapters.len(), planned.len());
        for ((chapter, planned), id) in chapters.iter().zip(planned).zip(found["toc"].as_array().unwrap()) {
            assert_eq!((&chapter[0], &chapter[3]), (id, &planned["title"]));
            assert!((chapter[1].as_f64().unwrap() / 1000.0 - seconds(&planned["start"])).abs() < 0.001, "{chapter}");
        }
        let probe = ["-v", "error", "-show_chapters", "-of", "csv=p=0", "mine.mp3"];
        assert_eq!(run("ffprobe", &probe, &workshop).lines().count(), planned.len());
    }
}
