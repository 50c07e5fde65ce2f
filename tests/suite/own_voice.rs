//! A voice of one's own: what is to be read, and what becomes of the recordings.

use std::time::Duration;

use catcow::load::language::speaking_time;

use crate::workshop::Workshop;

#[test]
fn how_long_words_take_is_told_from_the_words_within_bounds() {
    let mut errors = Vec::new();
    for voice in ["ada", "ben"] {
        let path = format!("{}/voice_clips/{voice}/voice.toml", env!("CARGO_MANIFEST_DIR"));
        let about: toml::Table = std::fs::read_to_string(path).expect("a voice").parse().expect("TOML");
        for clip in about["clips"].as_table().expect("clips").values() {
            let (text, frames) = (clip["text"].as_str().expect("words"), clip["frames"].as_integer().expect("frames"));
            let took = Duration::from_secs_f64(frames as f64 / 48_000.0);
            errors.push((speaking_time::of(text).as_secs_f64() / took.as_secs_f64() - 1.0).abs());
        }
    }
    errors.sort_by(f64::total_cmp);
    let quantile = |share: f64| errors[((errors.len() - 1) as f64 * share) as usize];
    assert!(errors.len() > 500);
    assert!(
        quantile(0.5) < 0.06 && quantile(0.9) < 0.17 && quantile(1.0) < 0.45,
        "{:?}",
        [0.5, 0.9, 1.0].map(quantile)
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
