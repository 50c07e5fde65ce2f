//! Sounds without beginning or end, from a bounded amount of memory: noises, and chords.
//!
//! Each is made once, in parts, when a part is first needed; so the first sample is there at once, and an hour costs no
//! more than a minute. A noise is then played in pieces, from places chosen by the number of the piece, each faded into the
//! next: the order never repeats, so there is no loop to hear. A chord is made of waves that fit the table a whole number
//! of times, and turns in it without a seam.

use std::f64::consts::TAU;
use std::sync::OnceLock;

use super::noise::{Colour, Filter, chance, hash, loudness_of, weight};
use super::ramp::{BLOCK, Ramp};
use crate::frames::SampleRate;
use crate::gain::{Decibels, Lufs};

/// Frames that are made at once, at rates up to 48 kHz.
const PART: usize = 16 * BLOCK;
/// Parts of a texture: 5.8 s at 48 kHz, 1.1 MB in stereo.
const PARTS: usize = 17;
/// Frames of a piece of noise, and of the fade into it, at rates up to 48 kHz: 1.4 s and 0.17 s.
const PIECE: u64 = 64 * BLOCK as u64;
const FADE: u64 = 8 * BLOCK as u64;
/// Frames that filters are given to settle before a part begins, at rates up to 48 kHz.
const LEAD: u64 = 4 * BLOCK as u64;

/// How loud every texture is in its table, in stereo. Leaves the peaks of noise room in 16 bit, and lies high enough that
/// the table's own rounding is 60 dB below it.
pub(super) const LOUDNESS: Lufs = Lufs(-26.0);

/// How far the noise of a rain lies under the whole of it: the drops make up the rest.
const UNDER_DROPS: Decibels = Decibels(-0.8);

/// What a texture is made of.
#[derive(Debug)]
pub(super) enum Recipe {
    /// Noise.
    Noise(&'static [Filter]),
    /// Noise, with drops falling in it.
    Drops(&'static [Filter]),
    /// Waves: frequency in hertz, level in decibels.
    Chord(&'static [(f64, f32)]),
}

enum Material {
    Noise {
        colour: Colour,
        drops: bool,
    },
    /// Waves of each channel: radians a frame, amplitude, phase.
    Chord([Vec<(f64, f64, f64)>; 2]),
}

/// A sound without beginning or end.
pub(super) struct Texture {
    material: Material,
    seed: u64,
    channels: usize,
    rate_hz: f64,
    /// How many times as many frames everything has as at 48 kHz.
    scale: usize,
    /// The largest sample, as a part of full scale: what is larger is clipped.
    limit: f64,
    parts: Box<[OnceLock<Box<[i16]>>]>,
}

impl std::fmt::Debug for Texture {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Texture({})", self.seed)
    }
}

impl Texture {
    /// A texture of which no part is made yet. Samples are clipped at `peak`, so that the mixer can rely on it; tests show that none
    /// comes near.
    pub(super) fn new(recipe: &Recipe, peak: Decibels, seed: u64, rate: SampleRate, channels: usize) -> Texture {
        let rate_hz = f64::from(rate.hz());
        let scale = rate.hz().div_ceil(SampleRate::DEFAULT.hz()) as usize;
        let frames = (PARTS * PART * scale) as f64;
        let material = match recipe {
            Recipe::Noise(filters) => Material::Noise { colour: Colour::new(filters, LOUDNESS, rate_hz), drops: false },
            Recipe::Drops(filters) => {
                Material::Noise { colour: Colour::new(filters, LOUDNESS + UNDER_DROPS, rate_hz), drops: true }
            }
            Recipe::Chord(waves) => Material::Chord(chord(waves, frames, rate_hz)),
        };
        let parts = (0..PARTS).map(|_| OnceLock::new()).collect();
        let limit = f64::from(peak.amplitude());
        Texture { material, seed, channels, rate_hz, scale, limit, parts }
    }

    /// Adds a block under a gain to `sums`, which begins `from` frames into the block.
    pub(super) fn add(&self, block: u64, gain: Ramp, from: usize, sums: &mut [f32]) {
        if gain.is_zero() {
            return;
        }
        let add = |source: &[i16], gain: Ramp, sums: &mut [f32]| match self.channels {
            1 => gain.add::<1>(source, from, sums),
            _ => gain.add::<2>(source, from, sums),
        };
        if let Material::Chord(_) = self.material {
            let blocks = (PARTS * PART / BLOCK * self.scale) as u64;
            return add(self.block((block % blocks) as usize), gain, sums);
        }
        let (piece, fade) = (PIECE * self.scale as u64, FADE * self.scale as u64);
        let start = block * BLOCK as u64;
        let (number, into) = (start / piece, start % piece);
        let at = |number: u64, into: u64| self.block(self.begin(number) + (into / BLOCK as u64) as usize);
        // Pieces differ a little in level, by half a decibel: rain comes in gusts, and air is never quite still.
        let gust = |number: u64| 0.94 + 0.12 * chance(hash(self.seed) ^ number) as f32;
        if into < fade {
            // Sine and cosine: the power of two noises that have nothing to do with each other stays the same.
            let share = |frame: u64| std::f64::consts::FRAC_PI_2 * (frame - number * piece) as f64 / fade as f64;
            let rise = Ramp::new(block, |frame| libm::sin(share(frame)) as f32);
            let fall = Ramp::new(block, |frame| libm::cos(share(frame)) as f32);
            let before = number.wrapping_sub(1);
            add(at(before, piece + into), gain.times(fall).map(|gain| gain * gust(before)), sums);
            add(at(number, into), gain.times(rise).map(|gain| gain * gust(number)), sums);
        } else {
            add(at(number, into), gain.map(|gain| gain * gust(number)), sums);
        }
    }

    /// The block of the table where a piece begins.
    fn begin(&self, number: u64) -> usize {
        let longest = (PIECE + FADE) as usize / BLOCK * self.scale;
        let choices = PARTS * PART / BLOCK * self.scale - longest;
        // Successive pieces come from the two halves in turn, so no two that follow each other share a sound.
        let half = choices as u64 / 2;
        (hash(self.seed ^ number.rotate_left(32)) % half + number % 2 * half) as usize
    }

    /// A block of the table.
    fn block(&self, block: usize) -> &[i16] {
        let blocks = PART / BLOCK * self.scale;
        let part = &self.parts[block / blocks];
        let part = part.get_or_init(|| self.make(block / blocks));
        &part[block % blocks * BLOCK * self.channels..][..BLOCK * self.channels]
    }

    fn make(&self, part: usize) -> Box<[i16]> {
        let frames = PART * self.scale;
        let mut sound = vec![[0.0; 2]; frames];
        self.fill((part * frames) as u64, &mut sound);
        let limit = self.limit;
        // Rounds half up without `round()`: shifts to positive, adds a half, truncates.
        let step = |sample: f64| (sample.clamp(-limit, limit) * 32768.0 + 32768.5) as i32 - 32768;
        let kept = sound.iter().flat_map(|frame| frame.iter().take(self.channels));
        kept.map(|sample| step(*sample) as i16).collect()
    }

    fn fill(&self, start: u64, sound: &mut [[f64; 2]]) {
        match &self.material {
            Material::Noise { colour, drops } => {
                colour.fill(self.seed, start, LEAD * self.scale as u64, sound);
                if *drops {
                    self.rain(start, sound);
                }
            }
            Material::Chord(waves) => {
                let waves =
                    waves.iter().enumerate().flat_map(|(channel, waves)| waves.iter().map(move |wave| (channel, wave)));
                for (channel, (step, amplitude, phase)) in waves {
                    // Whole turns are taken off before the sine, so that a late part is as exact as the first.
                    let turns = step * start as f64 / TAU + phase;
                    let angle = TAU * (turns - libm::floor(turns));
                    let (mut sin, mut cos) = (amplitude * libm::sin(angle), amplitude * libm::cos(angle));
                    let (turn_sin, turn_cos) = (libm::sin(*step), libm::cos(*step));
                    for frame in sound.iter_mut() {
                        frame[channel] += sin;
                        (sin, cos) = (sin * turn_cos + cos * turn_sin, cos * turn_cos - sin * turn_sin);
                    }
                }
            }
        }
    }

    /// Adds drops: short rings, small ones all the time and now and then a fat one.
    fn rain(&self, start: u64, sound: &mut [[f64; 2]]) {
        /// Slots a second that may hold a drop, and the longest ring, in seconds.
        const SLOTS: f64 = 120.0;
        const LONGEST: f64 = 0.09;
        let slot = self.rate_hz / SLOTS;
        let first = ((start as f64 - LONGEST * self.rate_hz) / slot) as u64;
        let last = ((start + sound.len() as u64) as f64 / slot) as u64;
        for number in first..=last {
            let draw = |what: u64| chance(hash(self.seed ^ 0xd409) ^ (number * 8 + what));
            let fat = draw(0) < 0.03;
            let (hz, ring) = if fat {
                (260.0 + 200.0 * draw(1), 0.007 + 0.006 * draw(2))
            } else {
                (3_200.0 + 3_000.0 * draw(1), 0.0012 + 0.0025 * draw(2))
            };
            // Few drops fall near by: most are far quieter than the loudest.
            let near = draw(3);
            let level = 0.18 * near * near * near * near;
            let side = draw(4);
            let sides = [level * libm::sqrt(1.0 - side), level * libm::sqrt(side)];
            let begin = ((number as f64 + draw(5)) * slot) as i64 - start as i64;
            self.drop(hz, ring, sides, begin, sound);
        }
    }

    /// Adds one drop: a ring that swells for a moment and dies away.
    fn drop(&self, hz: f64, ring: f64, sides: [f64; 2], begin: i64, sound: &mut [[f64; 2]]) {
        let step = TAU * hz / self.rate_hz;
        let fall = libm::exp(-1.0 / (ring * self.rate_hz));
        let swell = libm::exp(-1.0 / (0.0004 * self.rate_hz));
        let (mut sin, mut cos, mut envelope, mut strike) = (0.0, 1.0, 1.0, 1.0);
        let (turn_sin, turn_cos) = (libm::sin(step), libm::cos(step));
        // A ring is 60 dB down after 6.9 of its time constants.
        let end = begin + (6.9 * ring * self.rate_hz) as i64;
        for at in begin..end.min(sound.len() as i64) {
            if at >= 0 {
                let sample = sin * envelope * (1.0 - strike);
                sound[at as usize][0] += sample * sides[0];
                sound[at as usize][1] += sample * sides[1];
            }
            envelope *= fall;
            strike *= swell;
            (sin, cos) = (sin * turn_cos + cos * turn_sin, cos * turn_cos - sin * turn_sin);
        }
    }
}

/// The waves of a chord in each channel, at the loudness of all textures. Every frequency is the nearest that fits the
/// table a whole number of times, the same left and right: two that differ would beat, and what beats is taken for a breath. A quarter
/// of a turn between the channels, one way for every other wave, makes the chord wide, and takes nothing of it where both meet.
fn chord(waves: &[(f64, f32)], frames: f64, rate_hz: f64) -> [Vec<(f64, f64, f64)>; 2] {
    let heard: Vec<_> = waves.iter().filter(|(hz, _)| *hz < 0.45 * rate_hz).collect();
    let power = |(hz, db): &&&(f64, f32)| 0.5 * weight(*hz) * libm::pow(10.0, f64::from(*db) / 10.0);
    let power: f64 = heard.iter().map(|wave| power(&wave)).sum();
    let gain = f64::from((LOUDNESS - loudness_of(power)).amplitude());
    [0u64, 1].map(|channel| {
        let wave = |(index, (hz, db)): (usize, &&(f64, f32))| {
            let turns = libm::round(hz * frames / rate_hz);
            let amplitude = gain * f64::from(Decibels(*db).amplitude());
            let aside = 0.25 * channel as f64 * if index % 2 == 0 { 1.0 } else { -1.0 };
            (TAU * turns / frames, amplitude, chance(index as u64) + aside)
        };
        heard.iter().enumerate().map(wave).collect()
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The largest sample of a texture, as a level, and its effective value in each channel.
    pub(in crate::render) fn measure(recipe: &Recipe) -> (f32, [f32; 2]) {
        let texture = Texture::new(recipe, Decibels::ZERO, 1, SampleRate::DEFAULT, 2);
        let (mut peak, mut power) = (0, [0.0f64; 2]);
        for block in 0..PARTS * PART / BLOCK {
            for frame in texture.block(block).chunks_exact(2) {
                peak = peak.max(frame[0].unsigned_abs()).max(frame[1].unsigned_abs());
                power[0] += f64::from(frame[0]).powi(2);
                power[1] += f64::from(frame[1]).powi(2);
            }
        }
        let level = |amplitude: f64| Decibels::of_amplitude((amplitude / 32768.0) as f32).0;
        (level(f64::from(peak)), power.map(|power| level((power / (PARTS * PART) as f64).sqrt())))
    }
}
