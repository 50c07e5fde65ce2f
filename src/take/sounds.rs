//! The sounds of a memo: what lies between its pauses.

use std::ops::Range;

use crate::load::audio::envelope::{Envelope, WINDOW, Window};

/// A sound between two pauses.
#[derive(Clone, Debug)]
pub(super) struct Sound {
    /// Its windows.
    pub(super) windows: Range<usize>,
    /// How loud it is: the mean power of its louder half, in decibels of full scale.
    pub(super) level: f64,
    /// The share of its windows in which a voice sounds, from 0 to 1.
    pub(super) voiced: f64,
    /// How its power rises and falls, in equal parts of it; of mean 0 and length 1.
    contour: [f64; CONTOUR],
}

/// The parts of a contour: one for each 50 ms of a short line.
const CONTOUR: usize = 40;

/// A pause inside a sound that is no longer than this is part of it, in seconds: the closure of a consonant, a breath between words.
const JOINED: f64 = 0.25;
/// What is shorter is no sound of its own, in seconds: a click of the device.
const SHORTEST: f64 = 0.03;
/// How far over the room a sound is, in decibels.
const OVER_ROOM: f64 = 9.0;
/// How far below the voice a sound may be, in decibels: soft consonants are, the ring of a room is not.
const BELOW_VOICE: f64 = 34.0;
/// A voice is at least so far over the room, in decibels; what is not cannot be cut at its pauses.
const LEAST_OVER_ROOM: f64 = 14.0;
/// The share of all windows, the quietest ones, that is the room; and the share, the loudest ones, that is the voice.
const SHARES: [f64; 2] = [0.15, 0.02];
/// The most of the loudest windows that are looked at: in two hours there may be a minute of words.
const MOST_LOUD: usize = 200;
/// What is quieter is silence, in decibels of full scale.
const SILENCE: f64 = -70.0;

/// What a memo sounds like as a whole, in decibels of full scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Levels {
    /// Its quiet: the noise of the room.
    pub(super) room: f64,
    /// Its voice, where that is loudest.
    pub(super) voice: f64,
}

impl Levels {
    /// Of some windows; `None` where nothing is louder than silence.
    pub(super) fn of(windows: &[Window]) -> Option<Levels> {
        let mut powers: Vec<f32> = windows.iter().map(|window| window.power).collect();
        powers.sort_by(f32::total_cmp);
        let [room, voice] = SHARES.map(|share| (powers.len() as f64 * share) as usize);
        let loud = *powers.get(powers.len().checked_sub(voice.min(MOST_LOUD) + 1)?)?;
        let levels = Levels { room: decibels(f64::from(powers[room])), voice: decibels(f64::from(loud)) };
        (levels.voice > SILENCE).then_some(levels)
    }

    /// Whether the voice stands out from the room.
    pub(super) fn stands_out(self) -> bool {
        self.voice - self.room >= LEAST_OVER_ROOM
    }

    /// The power over which a window is a sound.
    fn threshold(self) -> f64 {
        let least = (self.room + OVER_ROOM).max(self.voice - BELOW_VOICE).max(SILENCE);
        power(least.min(self.voice - LEAST_OVER_ROOM / 2.0))
    }
}

/// The sounds of a memo, in order.
pub(super) fn sounds(envelope: &Envelope, levels: Levels) -> Vec<Sound> {
    let threshold = levels.threshold();
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let loud = |window: &Window| f64::from(window.power) >= threshold;
    for (at, _) in envelope.windows.iter().enumerate().filter(|(_, window)| loud(window)) {
        match ranges.last_mut() {
            Some(last) if at - last.end <= windows(JOINED) => last.end = at + 1,
            _ => ranges.push(at..at + 1),
        }
    }
    ranges.retain(|range| range.len() >= windows(SHORTEST));
    ranges.into_iter().map(|range| Sound::of(&envelope.windows[range.clone()], range)).collect()
}

impl Sound {
    fn of(part: &[Window], windows: Range<usize>) -> Sound {
        let mut powers: Vec<f64> = part.iter().map(|window| f64::from(window.power)).collect();
        let contour = contour(&powers);
        powers.sort_by(f64::total_cmp);
        let louder = &powers[powers.len() / 2..];
        let level = decibels(louder.iter().sum::<f64>() / louder.len() as f64);
        let voiced = part.iter().filter(|window| window.voiced).count() as f64 / part.len() as f64;
        Sound { windows, level, voiced, contour }
    }

    /// Its length in seconds.
    pub(super) fn seconds(&self) -> f64 {
        self.windows.len() as f64 * WINDOW
    }

    /// How alike it rises and falls as another of about its length, from −1 to 1; 0 where the lengths tell that it is another.
    pub(super) fn likeness(&self, other: &Sound) -> f64 {
        /// The same words by the same speaker, twice: their lengths differ by less.
        const LENGTHS: f64 = 0.2;
        if (self.seconds() / other.seconds()).ln().abs() > LENGTHS {
            return 0.0;
        }
        self.contour.iter().zip(&other.contour).map(|(one, other)| one * other).sum()
    }
}

fn contour(powers: &[f64]) -> [f64; CONTOUR] {
    let loudest = powers.iter().copied().fold(1e-12, f64::max);
    let mut parts = [0.0; CONTOUR];
    for (index, part) in parts.iter_mut().enumerate() {
        let start = (index * powers.len() / CONTOUR).min(powers.len() - 1);
        let end = ((index + 1) * powers.len() / CONTOUR).max(start + 1);
        let mean = powers[start..end].iter().sum::<f64>() / (end - start) as f64;
        // What is far below the loudest is noise, whose rise and fall tells nothing.
        *part = decibels(mean / loudest).max(-40.0);
    }
    let mean = parts.iter().sum::<f64>() / CONTOUR as f64;
    let length = parts.iter().map(|part| (part - mean).powi(2)).sum::<f64>().sqrt().max(1e-9);
    parts.map(|part| (part - mean) / length)
}

/// How many windows a time has.
pub(super) fn windows(seconds: f64) -> usize {
    (seconds / WINDOW).round() as usize
}

/// A power in decibels of full scale.
pub(super) fn decibels(power: f64) -> f64 {
    10.0 * libm::log10(power.max(1e-12))
}

fn power(db: f64) -> f64 {
    libm::pow(10.0, db / 10.0)
}
