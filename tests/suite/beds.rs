//! Beds do not mislead: nothing in them comes and goes as a breath does, and a small loudspeaker gives them too.

use crate::listener::{Filter, Heard, heard_from, stretches};
use crate::workshop::{Workshop, read_wav};

const BEDS: [&str; 3] = ["rain", "ocean", "drone"];

/// Three minutes of a bed alone: no silence so long that a bell rings in it.
fn alone(workshop: &Workshop, bed: &str) -> Vec<i16> {
    workshop.file(
        "long.toml",
        "title = \"Long\"\nguidance = \"bells\"\n[[steps]]\npause = \"90s\"\n[[steps]]\npause = \"90s\"\n",
    );
    workshop.run(["export", "long.toml", "--bed", bed, "-o", "out.wav"]).success();
    let samples = read_wav(&workshop.path("out.wav")).2;
    // Without the seconds in which it comes and goes.
    samples[2 * 48_000 * 5..2 * 48_000 * 170].to_vec()
}

/// The level of a sound ten times a second, in decibels.
fn levels(sound: &[f64], rate: usize) -> Vec<f64> {
    let level = |part: &[f64]| {
        10.0 * (part.iter().map(|sample| sample * sample).sum::<f64>() / part.len() as f64 + 1e-9).log10()
    };
    sound.chunks_exact(rate / 10).map(level).collect()
}

/// By how many decibels a level comes and goes at the pace of a breath, as an effective value: what its mean over a second does
/// beside its mean over twenty.
fn swing(levels: &[f64]) -> f64 {
    let mean = |at: usize, half: usize| {
        let part = &levels[at - half..=at + half];
        part.iter().sum::<f64>() / part.len() as f64
    };
    let moves: Vec<f64> = (100..levels.len() - 100).map(|at| mean(at, 5) - mean(at, 100)).collect();
    (moves.iter().map(|move_| move_ * move_).sum::<f64>() / moves.len() as f64).sqrt()
}

#[test]
fn no_bed_comes_and_goes_as_a_breath_does() {
    let workshop = Workshop::new();
    for bed in BEDS {
        let samples = alone(&workshop, bed);
        for (speaker, small) in [("full", false), ("small", true)] {
            let sound = heard_from(&samples, small);
            let swing = swing(&levels(&sound, 16_000));
            assert!(swing < 0.6, "{bed}, {speaker} loudspeaker: {swing:.2} dB");
            let moving: Vec<_> = stretches(&sound).into_iter().filter(|each| each.heard != Heard::Still).collect();
            assert!(moving.is_empty(), "{bed}, {speaker} loudspeaker is taken for a breath: {moving:?}");
        }
    }
}

#[test]
fn the_drone_does_not_beat() {
    let workshop = Workshop::new();
    let samples = alone(&workshop, "drone");
    let channel =
        |channel: usize| samples.iter().skip(channel).step_by(2).map(|sample| f64::from(*sample)).collect::<Vec<_>>();
    let both = samples.chunks_exact(2).map(|frame| f64::from(frame[0]) + f64::from(frame[1])).collect();
    for (what, sound) in [("left", channel(0)), ("right", channel(1)), ("both", both)] {
        let swing = swing(&levels(&sound, 48_000));
        assert!(swing < 0.15, "{what}: {swing:.2} dB");
    }
}

#[test]
fn drone_and_chord_are_heard_on_a_phone() {
    let workshop = Workshop::new();
    workshop
        .file("breath.toml", "title = \"Breath\"\nguidance = \"names\"\n[[steps]]\nbreathe = \"4-6\"\nrounds = 2\n");
    workshop.run(["export", "breath.toml", "--tone", "chord", "-o", "chord.wav"]).success();
    let chord = read_wav(&workshop.path("chord.wav")).2;
    for (what, samples) in [("drone", alone(&workshop, "drone")), ("chord", chord)] {
        let power = |sound: &[f64]| sound.iter().map(|sample| sample * sample).sum::<f64>();
        let mut sound = heard_from(&samples, false);
        let whole = power(&sound);
        (0..3).for_each(|_| Filter::high_pass(500.0).run(&mut sound));
        let left = 10.0 * (power(&sound) / whole).log10();
        assert!(left > -11.0, "of the {what}, {left:.1} dB are left above 500 Hz");
    }
}

/// Moments a second at which a sound above 1.5 kHz stands out from what is around it, by 9 dB for 2 ms.
fn drops(samples: &[i16]) -> f64 {
    let mut sound = heard_from(samples, false);
    (0..2).for_each(|_| Filter::high_pass(1_500.0).run(&mut sound));
    let powers: Vec<f64> = sound.chunks_exact(32).map(|part| part.iter().map(|sample| sample * sample).sum()).collect();
    let stands_out = |at: usize| {
        let mut near = powers[at - 20..at + 20].to_vec();
        near.sort_by(f64::total_cmp);
        powers[at] > 8.0 * near[20] && powers[at] >= powers[at - 1] && powers[at] > powers[at + 1]
    };
    let count = (20..powers.len() - 20).filter(|at| stands_out(*at)).count();
    count as f64 / (powers.len() as f64 * 0.002)
}

#[test]
fn rain_has_drops_and_the_sea_has_none() {
    let workshop = Workshop::new();
    let [rain, sea] = ["rain", "ocean"].map(|bed| drops(&alone(&workshop, bed)));
    assert!((3.0..30.0).contains(&rain), "{rain:.1} drops a second in the rain");
    assert!(sea < 0.3, "{sea:.2} in the sea");
}

#[test]
fn a_bed_stays_away_between_cues_that_come_every_ten_seconds() {
    let workshop = Workshop::new();
    let say = "[[steps]]\nsay = \"breath/in\"\nthen = \"9s\"\n";
    workshop.file("cues.toml", format!("title = \"Cues\"\n{}", say.repeat(6)));
    workshop.run(["export", "cues.toml", "--bed", "drone", "--voice-level", "-60", "-o", "out.wav"]).success();
    let samples = read_wav(&workshop.path("out.wav")).2;
    // From the first word to the last: 50 s and more.
    let levels = levels(&heard_from(&samples, false)[16_000 * 4..16_000 * 50], 16_000);
    let (least, most) =
        levels.iter().fold((f64::MAX, f64::MIN), |(least, most), level| (least.min(*level), most.max(*level)));
    assert!(most - least < 3.0, "it moves by {:.1} dB", most - least);
    assert!(swing(&levels) < 0.15, "{:.2} dB", swing(&levels));
}
