//! The edges of a recording: rumble and silence taken off, nothing that is spoken.

use std::f64::consts::TAU;

/// What lies below is rumble: a low man's voice begins at 75 Hz.
const RUMBLE_HZ: f64 = 55.0;

/// Frames are looked at in windows of this length, in seconds.
const WINDOW: f64 = 0.010;
/// Speech is what comes within this of the loudest window, in decibels.
const SPEECH: f64 = -34.0;
/// Around it, what stays within this of the loudest window, and above the noise, is a breath, a soft consonant or a
/// ring of the room: it belongs to the speech it touches.
const SOFT: f64 = -52.0;
/// So far over the noise of the room, in decibels.
const OVER_NOISE: f64 = 5.0;
/// Soft sounds are followed no further than this, in seconds.
const FARTHEST: f64 = 0.6;
/// What is kept beyond that, before and after, in seconds: the release of a last t or p comes late.
const GUARD: (f64, f64) = (0.06, 0.16);
/// The fades at both edges, in seconds.
const FADES: (f64, f64) = (0.008, 0.030);

/// Takes off what lies below speech, a constant offset above all: a Butterworth filter of the second order.
pub(crate) fn high_pass(samples: &mut [f64], rate_hz: u32) {
    let angle = TAU * RUMBLE_HZ / f64::from(rate_hz);
    let (cos, alpha) = (libm::cos(angle), libm::sin(angle) / std::f64::consts::SQRT_2);
    let unit = 1.0 / (1.0 + alpha);
    let (b, a1, a2) = (f64::midpoint(1.0, cos) * unit, -2.0 * cos * unit, (1.0 - alpha) * unit);
    // As if the first sample had always been there, so that an offset makes no thump.
    let first = samples.first().copied().unwrap_or(0.0);
    let (mut x1, mut x2, mut y1, mut y2) = (first, first, 0.0, 0.0);
    for sample in samples {
        let y = b * (*sample - 2.0 * x1 + x2) - a1 * y1 - a2 * y2;
        (x2, x1, y2, y1) = (x1, *sample, y1, y);
        // Where the filter dies away in true silence, silence it is.
        *sample = if y.abs() < 1e-7 { 0.0 } else { y };
    }
}

/// Takes silence off both ends.
pub(crate) fn trim(samples: &mut Vec<f64>, rate_hz: u32) {
    let window = ((WINDOW * f64::from(rate_hz)) as usize).max(1);
    let power = |part: &[f64]| part.iter().map(|sample| sample * sample).sum::<f64>() / part.len() as f64;
    let powers: Vec<f64> = samples.chunks(window).map(power).collect();
    let loudest = powers.iter().copied().fold(0.0, f64::max);
    if loudest == 0.0 {
        return;
    }
    let below = |db: f64| loudest * libm::pow(10.0, db / 10.0);
    let mut sorted = powers.clone();
    sorted.sort_by(f64::total_cmp);
    // The quietest tenth is the room; in a recording without pauses it is speech, so it counts only as far as it is low.
    let room = sorted[sorted.len() / 10].min(below(SPEECH - OVER_NOISE)) * libm::pow(10.0, OVER_NOISE / 10.0);
    let soft = below(SOFT).max(room);
    let speech = |power: &f64| *power >= below(SPEECH);
    let (Some(first), Some(last)) = (powers.iter().position(speech), powers.iter().rposition(speech)) else { return };
    let farthest = (FARTHEST / WINDOW) as usize;
    let before = powers[..first].iter().rev().take(farthest).take_while(|power| **power >= soft).count();
    let after = powers[last + 1..].iter().take(farthest).take_while(|power| **power >= soft).count();
    let guard = |seconds: f64| (seconds * f64::from(rate_hz)) as usize;
    let start = ((first - before) * window).saturating_sub(guard(GUARD.0));
    let end = ((last + 1 + after) * window + guard(GUARD.1)).min(samples.len());
    samples.truncate(end);
    samples.drain(..start);
}

/// Fades both ends by a few milliseconds, so that no cut clicks.
pub(crate) fn fade(samples: &mut [f64], rate_hz: u32) {
    let frames = |seconds: f64| ((seconds * f64::from(rate_hz)) as usize).min(samples.len() / 4).max(1);
    let (come, go) = (frames(FADES.0), frames(FADES.1));
    // The half of a cosine.
    let share = |at: usize, of: usize| 0.5 - 0.5 * libm::cos(0.5 * TAU * at as f64 / of as f64);
    for (at, sample) in samples.iter_mut().take(come).enumerate() {
        *sample *= share(at, come);
    }
    for (at, sample) in samples.iter_mut().rev().take(go).enumerate() {
        *sample *= share(at, go);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 48_000;

    /// A second of silence, a soft breath, a second of speech, a soft consonant, and a second and a half of silence, in
    /// a room's noise.
    fn recording(room: f64) -> Vec<f64> {
        let mut state = 1u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state >> 8) / 8_388_608.0 - 1.0
        };
        let level = |time: f64| match time {
            1.0..1.2 => 0.004,
            1.2..2.2 => 0.3,
            2.2..2.3 => 0.003,
            _ => 0.0,
        };
        (0..RATE * 19 / 5).map(|frame| noise() * (level(f64::from(frame) / f64::from(RATE)) + room)).collect()
    }

    #[test]
    fn silence_goes_and_breaths_and_consonants_stay() {
        for room in [0.0, 0.0003] {
            let mut samples = recording(room);
            trim(&mut samples, RATE);
            let seconds = samples.len() as f64 / f64::from(RATE);
            // 1.3 s of sound with a guard of 0.06 s before it and 0.16 s after it.
            assert!((1.5..1.56).contains(&seconds), "{seconds} s in a room of {room}");
        }
    }

    #[test]
    fn an_offset_and_rumble_go_and_a_low_voice_stays() {
        let sine = |hz: f64, frame: usize| libm::sin(TAU * hz * frame as f64 / f64::from(RATE));
        let level = |hz: f64| {
            let mut samples: Vec<f64> = (0..RATE as usize).map(|frame| 0.2 + sine(hz, frame)).collect();
            high_pass(&mut samples, RATE);
            samples[RATE as usize / 2..].iter().fold(0.0f64, |most, sample| most.max(sample.abs()))
        };
        assert!(level(15.0) < 0.1 && level(110.0) > 0.95, "{} {}", level(15.0), level(110.0));
        let mut constant = vec![0.4; 48_000];
        high_pass(&mut constant, RATE);
        assert!(constant.iter().all(|sample| *sample == 0.0), "no thump at the start");
    }

    #[test]
    fn edges_begin_and_end_at_nothing() {
        let mut samples = vec![1.0; 4_800];
        fade(&mut samples, RATE);
        assert_eq!((samples[0], samples[4_799]), (0.0, 0.0));
        assert_eq!(samples[2_400], 1.0);
        assert!(samples.windows(2).all(|pair| (pair[1] - pair[0]).abs() < 0.005));
    }
}
