//! The edges of a recording: silence and taps taken off, nothing that is spoken.

use std::f64::consts::TAU;
use std::ops::Range;

/// The length of the windows whose power is looked at, in seconds.
const WINDOW: f64 = 0.010;
/// The level over which a window is speech, in decibels under the loudest window.
const SPEECH: f64 = -34.0;
/// The level over which a window beside speech belongs to it, in decibels under the loudest window: a breath, a soft consonant, a
/// ring of the room. It has to be over the noise, too.
const SOFT: f64 = -52.0;
/// How far over the noise of the room that is, in decibels.
const OVER_NOISE: f64 = 5.0;
/// How far from speech soft sounds are followed, in seconds.
const FARTHEST: f64 = 0.6;
/// How much is kept before and after all that, in seconds: the release of a last t or p comes late.
const GUARD: (f64, f64) = (0.06, 0.16);
/// The fades at both edges, in seconds.
const FADES: (f64, f64) = (0.008, 0.030);

/// A burst is a sound whose windows are within this of its own loudest, in decibels; what is longer is no tap.
const CORE: f64 = -20.0;
/// The longest tap, in seconds: a finger on a button or a key.
const LONGEST_TAP: f64 = 0.08;
/// The longest sound that may be a tap and may be a word, in seconds: it is kept, and reported.
const LONGEST_DOUBT: f64 = 0.16;
/// The silence that has to lie between a tap and speech, in seconds: what is nearer may be a consonant.
const ALONE: f64 = 0.3;
/// How far over the room the sound that is left has to be, in decibels, to be words.
const WORDS_OVER_ROOM: f64 = 15.0;

/// Short sounds that stand alone before or after the words, as whoever records taps a button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Taps {
    /// How many were cut off.
    pub(super) removed: usize,
    /// How many may be words, and were left.
    pub(super) doubtful: usize,
}

/// Takes silence off both ends, and taps that stand in it.
pub(super) fn trim(samples: &mut Vec<f64>, rate_hz: u32) -> Taps {
    let window = ((WINDOW * f64::from(rate_hz)) as usize).max(1);
    let power = |part: &[f64]| part.iter().map(|sample| sample * sample).sum::<f64>() / part.len() as f64;
    let mut powers: Vec<f64> = samples.chunks(window).map(power).collect();
    let taps = remove_taps(&mut powers);
    let loudest = powers.iter().copied().fold(0.0, f64::max);
    if loudest == 0.0 {
        return taps;
    }
    let below = |db: f64| loudest * decibels(db);
    // The quietest tenth is the room; in a recording without pauses it is speech, so it counts only as far as it is low.
    let room = quietest_tenth(&powers).min(below(SPEECH - OVER_NOISE)) * decibels(OVER_NOISE);
    let soft = below(SOFT).max(room);
    let speech = |power: &f64| *power >= below(SPEECH);
    let (Some(first), Some(last)) = (powers.iter().position(speech), powers.iter().rposition(speech)) else {
        return taps;
    };
    let farthest = windows(FARTHEST);
    let before = powers[..first].iter().rev().take(farthest).take_while(|power| **power >= soft).count();
    let after = powers[last + 1..].iter().take(farthest).take_while(|power| **power >= soft).count();
    let guard = |seconds: f64| (seconds * f64::from(rate_hz)) as usize;
    let start = ((first - before) * window).saturating_sub(guard(GUARD.0));
    let end = ((last + 1 + after) * window + guard(GUARD.1)).min(samples.len());
    samples.truncate(end);
    samples.drain(..start);
    taps
}

fn decibels(db: f64) -> f64 {
    libm::pow(10.0, db / 10.0)
}

/// How many windows a time has.
fn windows(seconds: f64) -> usize {
    (seconds / WINDOW).round() as usize
}

fn quietest_tenth(powers: &[f64]) -> f64 {
    let mut sorted = powers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 10).copied().unwrap_or(0.0)
}

/// Silences taps before the first and after the last of what may be words. A tap may be the loudest sound of all, so what counts
/// as sound is decided anew without it.
fn remove_taps(powers: &mut [f64]) -> Taps {
    /// The most taps that are looked for: a recording with more is left as it is.
    const MOST_TAPS: usize = 16;
    let room = quietest_tenth(powers);
    let mut left = powers.to_vec();
    let mut taps = Taps::default();
    for _ in 0..MOST_TAPS {
        let sounds = sounds(&left);
        let (Some(first), Some(last)) = (sounds.first(), sounds.last()) else { return Taps::default() };
        let Some(tap) = [first, last].into_iter().find(|sound| core(&left, sound).len() <= windows(LONGEST_TAP)) else {
            let loudest = left.iter().copied().fold(0.0, f64::max);
            if taps.removed > 0 && loudest < room * decibels(WORDS_OVER_ROOM) {
                // Only the noise of the room is left, so the taps are what was recorded.
                return Taps::default();
            }
            let short = |sound: &&Range<usize>| core(&left, sound).len() <= windows(LONGEST_DOUBT);
            taps.doubtful = if sounds.len() > 1 { [first, last].into_iter().filter(short).count() } else { 0 };
            powers.copy_from_slice(&left);
            return taps;
        };
        // The tap goes with its ring, which ends before the next sound.
        let silent = tap.start.saturating_sub(2)..(tap.end + windows(ALONE) / 2).min(left.len());
        left[silent].fill(0.0);
        taps.removed += 1;
    }
    Taps::default()
}

/// The windows of each sound: what is loud enough for speech, with pauses inside that are no longer than a tap stands alone by.
fn sounds(powers: &[f64]) -> Vec<Range<usize>> {
    let least = powers.iter().copied().fold(0.0, f64::max) * decibels(SPEECH);
    let mut sounds: Vec<Range<usize>> = Vec::new();
    for (at, _) in powers.iter().enumerate().filter(|(_, power)| **power > 0.0 && **power >= least) {
        match sounds.last_mut() {
            Some(last) if at - last.end <= windows(ALONE) => last.end = at + 1,
            _ => sounds.push(at..at + 1),
        }
    }
    sounds
}

/// From the first to the last window of a sound that is nearly as loud as its loudest.
fn core(powers: &[f64], sound: &Range<usize>) -> Range<usize> {
    let part = &powers[sound.clone()];
    let least = part.iter().copied().fold(0.0, f64::max) * decibels(CORE);
    let loud = |power: &f64| *power >= least;
    let start = part.iter().position(loud).unwrap_or(0);
    start..part.iter().rposition(loud).map_or(start, |last| last + 1)
}

/// Fades both ends by a few milliseconds, so that no cut clicks.
pub(super) fn fade(samples: &mut [f64], rate_hz: u32) {
    let frames = |seconds: f64| ((seconds * f64::from(rate_hz)) as usize).min(samples.len() / 4).max(1);
    let (come, go) = (frames(FADES.0), frames(FADES.1));
    // The fade is half a cosine.
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
    fn edges_begin_and_end_at_nothing() {
        let mut samples = vec![1.0; 4_800];
        fade(&mut samples, RATE);
        assert_eq!((samples[0], samples[4_799]), (0.0, 0.0));
        assert_eq!(samples[2_400], 1.0);
        assert!(samples.windows(2).all(|pair| (pair[1] - pair[0]).abs() < 0.005));
    }

    /// Noise of a level, so many windows of it.
    fn noise(seconds: f64, level: f64) -> Vec<f64> {
        let sample = |at: usize| level * (if (at * 7919) % 13 < 6 { 1.0 } else { -1.0 });
        (0..(seconds * f64::from(RATE)) as usize).map(sample).collect()
    }

    #[test]
    fn taps_go_with_the_silence_and_words_stay() {
        let speech = [noise(0.3, 0.1), noise(0.15, 0.0), noise(0.4, 0.1)].concat();
        let with = |before: f64, gap: f64, level: f64| {
            let mut samples = [noise(before, level), noise(gap, 0.0), speech.clone(), noise(0.9, 0.0)].concat();
            (trim(&mut samples, RATE), samples.len())
        };
        let none = with(0.0, 1.0, 0.0).1;
        let (one, two) = (Taps { removed: 1, doubtful: 0 }, Taps { removed: 0, doubtful: 1 });
        for level in [0.02, 0.1, 0.9] {
            assert_eq!(with(0.02, 1.2, level), (one, none), "a tap of {level}");
        }
        // A consonant that is near, and a short word.
        assert_eq!(with(0.02, 0.2, 0.1).0, Taps::default());
        assert_eq!(with(0.12, 1.2, 0.1).0, two);
        // The same behind.
        let mut behind = [speech.clone(), noise(0.8, 0.0), noise(0.03, 0.5)].concat();
        assert_eq!(trim(&mut behind, RATE), one);
        // Nothing but taps: that is what was recorded.
        let mut only = [noise(0.02, 0.5), noise(1.0, 0.0003), noise(0.02, 0.5)].concat();
        assert_eq!(trim(&mut only, RATE), Taps::default());
    }
}
