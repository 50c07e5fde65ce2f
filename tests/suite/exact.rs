//! Every cue is in the file at the very frame that the plan says, sample for sample.

use serde_json::Value;

use crate::wav::{tone_wav, wav};
use crate::workshop::{ROUTINES, Workshop, read_wav};

/// What a folder of recordings says, as samples: clicks and noise, all different, so that a shift of one frame shows.
fn noise(seed: u32, frames: usize) -> Vec<i16> {
    let mut state = seed.wrapping_mul(2_654_435_761).max(1);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 18) as i16 - 8192
    };
    (0..frames).map(|_| next()).collect()
}

#[test]
fn each_recording_begins_on_the_frame_of_the_plan_and_is_whole() {
    let workshop = Workshop::new();
    let clips: Vec<_> = (0..5).map(|index| noise(index + 1, 30_000 + 7_919 * index as usize)).collect();
    // Recordings that are finished are played as they are, to the last bit.
    workshop.file("voice/voice.toml", "name = \"Own\"\nrecordings = \"finished\"\n");
    let mut routine = String::from("title = \"Exact\"\n");
    for (index, clip) in clips.iter().enumerate() {
        workshop.file(&format!("voice/own/c{index}.wav"), wav(clip.iter().copied(), 1, 48_000));
    }
    for step in 0..40 {
        routine += &format!(
            "[[steps]]\nsay = \"own/c{}\"\nthen = \"0s\"\n[[steps]]\npause = \"{}.{:03}s\"\n",
            step % 5,
            step % 4,
            step * 37 % 1000
        );
    }
    workshop.file("exact.toml", routine);
    workshop.run(["export", "exact.toml", "--voice", "./voice", "-o", "exact.wav", "--mono"]).success();
    let plan: Value =
        serde_json::from_str(&workshop.run(["plan", "exact.toml", "--voice", "./voice", "--json"]).success()).unwrap();
    let (_, _, samples) = read_wav(&workshop.path("exact.wav"));
    let regions = plan["regions"].as_array().unwrap();
    assert_eq!(regions.len(), 40);
    let mut end = 0;
    for region in regions {
        let (start, frames) = (region["start"].as_u64().unwrap() as usize, region["frames"].as_u64().unwrap() as usize);
        let index: usize = region["cue"].as_str().unwrap().strip_prefix("own/c").unwrap().parse().unwrap();
        assert!(start >= end, "no cue overlaps another");
        assert_eq!(frames, clips[index].len());
        assert!(samples[start..start + frames] == clips[index][..], "cue {index} at {start}");
        assert!(samples[end..start].iter().all(|sample| *sample == 0));
        end = start + frames;
    }
}

#[test]
fn no_two_cues_overlap_in_any_routine_at_any_level_under_any_guidance() {
    let workshop = Workshop::new();
    for routine in ROUTINES {
        for voice in ["ada", "ben"] {
            for level in ["1", "3", "5"] {
                for guidance in ["full", "fading", "names", "bells"] {
                    let arguments =
                        ["plan", routine, "--json", "--voice", voice, "--level", level, "--guidance", guidance];
                    let plan: Value = serde_json::from_str(&workshop.run(arguments).success()).unwrap();
                    let mut end = 0;
                    for region in plan["regions"].as_array().unwrap().iter().filter(|region| region["track"] == "voice")
                    {
                        assert!(region["start"].as_u64().unwrap() >= end, "{arguments:?}: {region}");
                        end = region["start"].as_u64().unwrap() + region["frames"].as_u64().unwrap();
                    }
                    assert!(end <= plan["frames"].as_u64().unwrap());
                }
            }
        }
    }
}

#[test]
fn a_half_written_recording_and_other_broken_ones_are_named_all_at_once() {
    let workshop = Workshop::new();
    let whole = tone_wav();
    workshop
        .file("voice/own/good.wav", &whole)
        .file("voice/own/cut.wav", &whole[..whole.len() / 2])
        .file("voice/own/empty.wav", b"")
        .file("voice/own/none.wav", &whole[..44])
        .file("voice/own/text.mp3", b"this is no sound at all, it is a line of text")
        .file(
            "routine.toml",
            "title = \"Own\"\n[[steps]]\nsay = [\"own/good\", \"own/cut\", \"own/empty\", \"own/none\", \"own/text\"]\n",
        );
    let error = workshop.run(["plan", "routine.toml", "--voice", "./voice"]).failure(1);
    for name in ["cut.wav", "empty.wav", "none.wav", "text.mp3"] {
        assert!(error.contains(name), "{name} is missing in:\n{error}");
    }
    assert!(!error.contains("good.wav"), "{error}");
    assert_eq!(error.matches("error[broken-clip]").count(), 4, "{error}");
}
