//! Recordings of one's own: every common format is read, and none leaves its folder.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::wav::{float_wav, tone_wav};
use crate::workshop::{Workshop, read_wav};

const ROUTINE: &str = "title = \"Own\"\n[[steps]]\nsay = \"own/tone\"\nthen = \"0s\"\n";

/// The silence before the first word.
const LEAD_IN: usize = 24_000;

/// Plans and exports the routine that says the one recording, which is left as it is; its frames, and its samples.
pub fn heard(workshop: &Workshop) -> (u64, Vec<i16>) {
    workshop.file("voice/voice.toml", "name = \"Own\"\nrecordings = \"finished\"\n").file("routine.toml", ROUTINE);
    let plan = workshop.run(["plan", "routine.toml", "--voice", "./voice", "--json"]).success();
    let plan: Value = serde_json::from_str(&plan).unwrap();
    workshop.run(["export", "routine.toml", "--voice", "./voice", "-o", "out.wav", "--mono"]).success();
    let samples = read_wav(&workshop.path("out.wav")).2;
    assert!(samples[..LEAD_IN].iter().all(|sample| *sample == 0));
    (plan["frames"].as_u64().unwrap() - LEAD_IN as u64, samples[LEAD_IN..].to_vec())
}

/// How alike two sounds are, from 0 to 1, at the best shift of up to `slack` frames.
fn likeness(left: &[i16], right: &[i16], slack: usize) -> f64 {
    let length = left.len().min(right.len()) - slack;
    let product = |left: &[i16], right: &[i16]| -> f64 {
        left.iter().zip(right).map(|(left, right)| f64::from(*left) * f64::from(*right)).sum()
    };
    let at = |shift: usize| {
        let (left, right) = (&left[..length], &right[shift..shift + length]);
        product(left, right) / (product(left, left) * product(right, right)).sqrt()
    };
    (0..=slack).map(at).fold(0.0, f64::max)
}

fn original() -> Vec<i16> {
    tone_wav()[44..].chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
}

#[test]
fn wav_in_every_depth_is_read() {
    for (bits, format) in [
        (8, hound::SampleFormat::Int),
        (16, hound::SampleFormat::Int),
        (24, hound::SampleFormat::Int),
        (32, hound::SampleFormat::Int),
        (32, hound::SampleFormat::Float),
    ] {
        let workshop = Workshop::new();
        fs::create_dir_all(workshop.path("voice/own")).unwrap();
        let spec = hound::WavSpec { channels: 2, sample_rate: 48_000, bits_per_sample: bits, sample_format: format };
        let mut writer = hound::WavWriter::create(workshop.path("voice/own/tone.wav"), spec).unwrap();
        for sample in original() {
            for _ in 0..2 {
                match format {
                    hound::SampleFormat::Float => writer.write_sample(f32::from(sample) / 32768.0).unwrap(),
                    hound::SampleFormat::Int if bits < 16 => {
                        writer.write_sample(i32::from(sample) >> (16 - bits)).unwrap();
                    }
                    hound::SampleFormat::Int => writer.write_sample(i32::from(sample) << (bits - 16)).unwrap(),
                }
            }
        }
        writer.finalize().unwrap();
        let (frames, samples) = heard(&workshop);
        assert_eq!(frames, 48_000, "{bits} bit");
        let least = if bits == 8 { 0.9995 } else { 0.999_999 };
        assert!(
            likeness(&original(), &samples, 0) > least,
            "{bits} bit {format:?}: {}",
            likeness(&original(), &samples, 0)
        );
    }
}

#[test]
fn a_wav_with_a_chunk_of_odd_length_is_read() {
    let whole = tone_wav();
    let mut odd = whole[..36].to_vec();
    odd.extend(b"junk\x03\x00\x00\x00abc\x00");
    odd.extend(&whole[36..]);
    let size = (odd.len() as u32 - 8).to_le_bytes();
    odd[4..8].copy_from_slice(&size);
    let workshop = Workshop::new();
    workshop.file("voice/own/tone.wav", odd);
    assert!(heard(&workshop).1 == original());
}

#[test]
fn a_wav_from_a_pipe_has_no_length_and_is_read_to_its_end() {
    let mut piped = tone_wav();
    piped[4..8].fill(0xff);
    piped[40..44].fill(0xff);
    let workshop = Workshop::new();
    workshop.file("voice/own/tone.wav", piped);
    assert!(heard(&workshop).1 == original());
}

#[test]
fn samples_that_are_no_numbers_are_refused() {
    let workshop = Workshop::new();
    workshop.file("voice/own/tone.wav", float_wav([0.1, f32::NAN, 0.1], 1, 48_000));
    let error = workshop.file("routine.toml", ROUTINE).run(["plan", "routine.toml", "--voice", "./voice"]).failure(1);
    assert!(error.contains("not numbers"), "{error}");
}

#[test]
fn two_recordings_of_one_cue_are_refused() {
    let workshop = Workshop::new();
    workshop.file("voice/own/tone.wav", tone_wav()).file("voice/own/tone.flac", "x").file("routine.toml", ROUTINE);
    let error = workshop.run(["plan", "routine.toml", "--voice", "./voice"]).failure(1);
    assert!(error.contains("error[two-clips]"), "{error}");
}

#[test]
#[cfg(unix)]
fn a_link_out_of_the_voice_is_refused() {
    let workshop = Workshop::new();
    workshop
        .file("elsewhere/secret.wav", tone_wav())
        .file("voice/own/other.wav", tone_wav())
        .file("routine.toml", ROUTINE);
    std::os::unix::fs::symlink(workshop.path("elsewhere/secret.wav"), workshop.path("voice/own/tone.wav")).unwrap();
    let error = workshop.run(["plan", "routine.toml", "--voice", "./voice"]).failure(1);
    assert!(error.contains("error[outside-folder]"), "{error}");
    fs::remove_file(workshop.path("voice/own/tone.wav")).unwrap();
    std::os::unix::fs::symlink(workshop.path("elsewhere"), workshop.path("voice/linked")).unwrap();
    let error = workshop.run(["plan", "routine.toml", "--voice", "./voice"]).failure(1);
    assert!(error.contains("error[outside-folder]"), "{error}");
}

#[test]
fn a_cue_that_climbs_out_of_the_voice_is_no_cue() {
    let workshop = Workshop::new();
    for cue in ["../secret", "/etc/passwd", "own/../../secret", "own\\\\tone", "C:/tone"] {
        workshop.file("routine.toml", format!("title = \"Own\"\n[[steps]]\nsay = \"{cue}\"\n"));
        let error = workshop.run(["plan", "routine.toml", "--voice", "ada"]).failure(1);
        assert!(error.contains("error[cue-id]"), "{cue}: {error}");
    }
}

#[test]
fn a_folder_of_ones_own_comes_before_what_is_built_in() {
    let workshop = Workshop::new();
    workshop
        .file("home/routines/morning.toml", ROUTINE)
        .file("home/voice_clips/ada/own/tone.wav", tone_wav())
        .file("home/voice_clips/script.toml", "[cues]\n\"own/tone\" = \"Beep.\"\n")
        .file("home/routines/poses/cat-cow.toml", "name = \"Mine\"\nposition = \"supine\"\nhold = \"30s\"\n");
    let page = workshop.run(["plan", "morning"]).success();
    assert!(page.contains("Own · 0:0") && page.contains("Beep."), "{page}");
    let listed = workshop.run(["list"]).stdout;
    let mine = |line: &str| line.split_whitespace().collect::<Vec<_>>()[..] == ["cat-cow", "Mine"];
    assert!(listed.lines().any(mine), "{listed}");
}

fn convert(workshop: &Workshop, program: &str, arguments: &[&str]) {
    workshop.file("tone.wav", tone_wav());
    fs::create_dir_all(workshop.path("voice/own")).unwrap();
    let done = Command::new(program)
        .current_dir(workshop.path(""))
        .args(arguments)
        .output()
        .unwrap_or_else(|_| panic!("{program} is not installed"));
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn converted(name: &str, arguments: &[&str], slack: usize) {
    let workshop = Workshop::new();
    let output = format!("voice/own/tone.{name}");
    let arguments: Vec<&str> = ["-v", "error", "-i", "tone.wav"]
        .into_iter()
        .chain(arguments.iter().copied())
        .chain([output.as_str()])
        .collect();
    convert(&workshop, "ffmpeg", &arguments);
    let (frames, samples) = heard(&workshop);
    assert!((48_000..=48_000 + slack as u64).contains(&frames), "{name} {arguments:?}: {frames} frames");
    let alike = likeness(&original(), &samples, slack.min(4000));
    assert!(alike > 0.995, "{name} {arguments:?}: {alike}");
}

#[test]
#[ignore = "needs ffmpeg; tests/run.sh installs it"]
fn what_a_phone_or_an_editor_records_is_read() {
    for rate in ["8000", "22050", "44100", "96000"] {
        converted("wav", &["-ar", rate], 1);
    }
    converted("wav", &["-ac", "2", "-c:a", "pcm_s24le"], 0);
    converted("wav", &["-c:a", "pcm_f32le", "-ar", "44100"], 1);
    converted("flac", &["-ar", "44100"], 1);
    converted("mp3", &["-b:a", "128k"], 2400);
    converted("ogg", &["-c:a", "libvorbis"], 2400);
    converted("opus", &["-c:a", "libopus", "-b:a", "48k"], 2400);
    converted("m4a", &["-c:a", "aac", "-b:a", "128k"], 4000);
    converted("aiff", &[], 0);
}

#[test]
#[ignore = "needs sox; tests/run.sh installs it"]
fn an_export_is_what_other_programs_expect_of_a_wav() {
    let workshop = Workshop::new();
    workshop.run(["export", "morning", "-o", "session.wav"]).success();
    let soxi = |flag: &str| {
        let output =
            Command::new("soxi").arg(flag).arg(workshop.path("session.wav")).output().expect("sox is not installed");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let plan: Value = serde_json::from_str(&workshop.run(["plan", "morning", "--json"]).success()).unwrap();
    assert_eq!((soxi("-r").as_str(), soxi("-c").as_str(), soxi("-b").as_str()), ("48000", "2", "16"));
    assert_eq!(soxi("-s"), plan["frames"].to_string());
}

#[test]
#[ignore = "needs python3; tests/run.sh installs it"]
fn pythons_wave_module_reads_an_export() {
    let workshop = Workshop::new();
    workshop.run(["export", "morning", "-o", "session.wav"]).success();
    let program =
        "import wave,sys; w=wave.open(sys.argv[1]); print(w.getparams()[:4], len(w.readframes(w.getnframes())))";
    let output = Command::new("python3")
        .args([Path::new("-c"), Path::new(program), &workshop.path("session.wav")])
        .output()
        .unwrap();
    let plan: Value = serde_json::from_str(&workshop.run(["plan", "morning", "--json"]).success()).unwrap();
    let frames = plan["frames"].as_u64().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), format!("(2, 2, 48000, {frames}) {}", frames * 4));
}
