//! What plays under the voice: rain, an ocean, a drone, or a file of one's own.
//!
//! The slow movement of a generated bed, gusts and waves, is computed from the position, and its periods have no common
//! measure, so it never comes back to where it was.

use std::f64::consts::TAU;
use std::sync::Arc;
use std::time::Duration;

use super::noise::Filter::{HighPass, HighShelf, LowPass, Peak};
use super::noise::{chance, hash};
use super::ramp::{BLOCK, Ramp, smooth};
use super::texture::{LOUDNESS, Recipe, Texture};
use crate::error::Result;
use crate::frames::{Frames, SampleRate};
use crate::gain::Decibels;
use crate::load::audio::bed_file::BedFile;
use crate::load::language::mix::Bed;
use crate::plan::Timeline;

/// The bed comes and goes over these times at the ends of a session.
const COME: Duration = Duration::from_secs(3);
const GO: Duration = Duration::from_secs(6);

const RAIN: Recipe = Recipe::Drops(&[
    HighPass(250.0),
    Peak(900.0, 2.5, 3.0),
    HighShelf(2_500.0, -5.0),
    LowPass(7_500.0),
    LowPass(11_000.0),
]);
const DEEP: Recipe = Recipe::Noise(&[HighPass(45.0), LowPass(180.0), LowPass(420.0)]);
const SURF: Recipe = Recipe::Noise(&[HighPass(120.0), LowPass(600.0), LowPass(1_400.0)]);
const FOAM: Recipe = Recipe::Noise(&[HighPass(900.0), HighShelf(3_500.0, -6.0), LowPass(8_000.0), LowPass(10_000.0)]);
// A low A with its fifth and octaves; the ninth far above, like light on it. Every pair beats at a pace of its own.
const ROOT: Recipe =
    Recipe::Chord(&[(110.0, 0.0), (110.3, -3.0), (55.0, -6.0), (220.0, -10.0), (220.4, -13.0), (330.0, -22.0)]);
const FIFTH: Recipe = Recipe::Chord(&[(164.81, 0.0), (165.3, -4.0), (247.0, -12.0), (329.6, -9.0), (330.2, -13.0)]);
const LIGHT: Recipe =
    Recipe::Chord(&[(440.0, 0.0), (440.6, -4.0), (493.9, -5.0), (494.3, -9.0), (659.3, -10.0), (880.0, -18.0)]);

/// The largest sample of a layer; the texture clips there.
const PEAK: Decibels = Decibels(-14.0);

/// The gain of an ocean's layers, as a factor. Waves come and go, so without it an ocean is 5.2 dB quieter over ten minutes than its
/// layers are by themselves (integrated loudness by BS.1770-4). The factor makes up 4.9 dB of that; the rest is room for peaks, so
/// that with the usual levels of bed and tone they fit over the loudest word.
const OCEAN: f32 = 1.75;

/// The mean time between two waves, in seconds.
const WAVE_SECONDS: f64 = 9.7;

/// What a bed is made from.
#[derive(Clone, Debug)]
enum Kind {
    Rain,
    Ocean,
    Drone,
    File(Arc<BedFile>),
}

/// The bed of a timeline.
#[derive(Clone, Debug)]
pub(super) struct Backdrop {
    bed: Kind,
    textures: Arc<[Texture]>,
    gain: f32,
    rate: SampleRate,
    channels: usize,
    end: Frames,
}

impl Backdrop {
    /// The bed that a timeline asks for, if any; where that is a file, it is decoded already.
    pub(super) fn of(timeline: &Timeline, file: Option<&Arc<BedFile>>, channels: usize) -> Option<Backdrop> {
        let bed = match timeline.mix.bed.as_ref()? {
            Bed::Rain => Kind::Rain,
            Bed::Ocean => Kind::Ocean,
            Bed::Drone => Kind::Drone,
            Bed::File(_) => Kind::File(Arc::clone(file?)),
        };
        let loudness = if let Kind::File(file) = &bed { file.loudness() } else { LOUDNESS };
        let gain = ((timeline.mix.loudness - loudness) + timeline.mix.bed_level).amplitude();
        Some(Backdrop::new(bed, gain, timeline.rate, channels, timeline.frames))
    }

    fn new(bed: Kind, gain: f32, rate: SampleRate, channels: usize, end: Frames) -> Backdrop {
        let recipes: &[Recipe] = match bed {
            Kind::Rain => &[RAIN],
            Kind::Ocean => &[DEEP, SURF, FOAM],
            Kind::Drone => &[ROOT, FIFTH, LIGHT],
            Kind::File(_) => &[],
        };
        let texture = |(index, recipe)| Texture::new(recipe, PEAK, 0x80 + index as u64, rate, channels);
        let textures = recipes.iter().enumerate().map(texture).collect();
        Backdrop { bed, textures, gain, rate, channels, end }
    }

    /// The same bed for another timeline of the session.
    pub(super) fn again(&self, timeline: &Timeline) -> Backdrop {
        Backdrop { end: timeline.frames, ..self.clone() }
    }

    /// How large its samples become, as a part of full scale, where nobody speaks.
    pub(super) fn peak(&self) -> f32 {
        self.gain
            * match &self.bed {
                Kind::Rain => 1.06 * PEAK.amplitude(),
                // The layers are independent, so their powers add; each is taken at its largest.
                Kind::Ocean => 1.12 * OCEAN * PEAK.amplitude(),
                Kind::Drone => 1.13 * PEAK.amplitude(),
                Kind::File(file) => file.peak(),
            }
    }

    /// Adds a block under a gain to `sums`, which begins `from` frames into the block.
    ///
    /// # Errors
    /// The bed's file cannot be read any more.
    pub(super) fn add(&self, block: u64, under: Ramp, from: usize, sums: &mut [f32]) -> Result<()> {
        let level = Ramp::line(block, |frame| self.gain * self.edges(frame)).times(under);
        let mut layer = |index: usize, share: Ramp| self.textures[index].add(block, share.times(level), from, sums);
        match &self.bed {
            Kind::Rain => layer(0, Ramp::level(1.0)),
            Kind::Ocean => {
                layer(0, Ramp::line(block, |frame| 0.35 * OCEAN * self.sway(frame, 0.2, [23.1, 57.7])));
                layer(1, Ramp::line(block, |frame| 0.85 * OCEAN * self.wave(frame, -4.2, 0.0, 5.0)));
                layer(2, Ramp::line(block, |frame| 0.45 * OCEAN * self.wave(frame, -1.6, 0.7, 6.5)));
            }
            Kind::Drone => {
                layer(0, Ramp::line(block, |frame| 0.74 * self.sway(frame, 0.12, [31.0, 19.3])));
                layer(1, Ramp::line(block, |frame| 0.5 * self.sway(frame, 0.35, [23.9, 53.3])));
                layer(2, Ramp::line(block, |frame| 0.2 * self.sway(frame, 0.8, [37.1, 61.7])));
            }
            Kind::File(file) => {
                let mut source = vec![0; BLOCK * self.channels];
                file.read(block * BLOCK as u64, self.channels, &mut source)?;
                if self.channels == 1 {
                    level.add::<1>(&source, from, sums);
                } else {
                    level.add::<2>(&source, from, sums);
                }
            }
        }
        Ok(())
    }

    /// The gain of the fades at both ends of the session.
    fn edges(&self, frame: u64) -> f32 {
        let share = |frames: u64, time: Duration| smooth(frames as f32 / self.rate.frames(time).0 as f32);
        share(frame, COME) * share(self.end.0.saturating_sub(frame), GO)
    }

    fn seconds(&self, frame: u64) -> f64 {
        frame as f64 / f64::from(self.rate.hz())
    }

    /// A gain around 1 that moves slowly by two waves of these periods, in seconds; at most `depth` away from 1.
    fn sway(&self, frame: u64, depth: f64, periods: [f64; 2]) -> f32 {
        let time = self.seconds(frame);
        let waves: f64 = periods.iter().map(|period| libm::sin(TAU * time / period)).sum();
        (1.0 + 0.5 * depth * waves) as f32
    }

    /// The level of the waves at a frame. Each wave begins, is highest and has gone at these times from its middle, in seconds; waves
    /// differ in size and come at uneven times.
    fn wave(&self, frame: u64, begin: f64, high: f64, gone: f64) -> f32 {
        let time = self.seconds(frame);
        let near = (time / WAVE_SECONDS) as u64;
        let one = |number: u64| {
            let (late, size) = (chance(hash(number) ^ 1), chance(hash(number) ^ 2));
            let since = time - WAVE_SECONDS * (number as f64 + 0.45 * late);
            let share = if since < high { (since - begin) / (high - begin) } else { (gone - since) / (gone - high) };
            (0.5 + 0.5 * size as f32) * smooth(share as f32)
        };
        // Two waves at once are not twice as high: their powers add.
        let power: f32 = (near.saturating_sub(1)..=near + 1).map(one).map(|wave| wave * wave).sum();
        power.sqrt().min(1.0)
    }
}

/// A noise that nobody hears, for headphones that fall asleep in digital silence and swallow the next syllable.
#[derive(Debug)]
pub(super) struct Wake(Texture);

impl Wake {
    /// The noise of a timeline that asks for it.
    pub(super) fn of(timeline: &Timeline, channels: usize) -> Option<Wake> {
        const SOFT: Recipe = Recipe::Noise(&[HighPass(150.0), LowPass(1_200.0)]);
        timeline.mix.wake.then(|| Wake(Texture::new(&SOFT, PEAK, 0x77, timeline.rate, channels)))
    }

    /// Adds a block to `sums`, which begins `from` frames into the block. 50 dB under its texture: about −78 dBFS in each
    /// channel, four steps of 16 bit. With speech at the 65 dB of a conversation, that is a sound of 5 dB, far under the noise of
    /// a quiet room (30 dB), and yet no device takes it for silence.
    pub(super) fn add(&self, block: u64, from: usize, sums: &mut [f32]) {
        const UNDER: f32 = 0.003_2;
        self.0.add(block, Ramp::level(UNDER), from, sums);
    }
}

#[cfg(test)]
mod tests {
    use super::super::texture::tests::measure;
    use super::*;

    #[test]
    fn every_bed_is_as_loud_over_minutes_as_its_layers_are_and_stays_under_its_peak() {
        let minutes = Frames(5 * 60 * 48_000 / BLOCK as u64 * BLOCK as u64);
        for (name, bed) in [("rain", Kind::Rain), ("ocean", Kind::Ocean), ("drone", Kind::Drone)] {
            let bed = Backdrop::new(bed, 1.0, SampleRate::DEFAULT, 2, minutes);
            let mut meter = ebur128::EbuR128::new(2, 48_000, ebur128::Mode::I | ebur128::Mode::SAMPLE_PEAK).unwrap();
            for block in 0..minutes.0 / BLOCK as u64 {
                let mut sums = [0.0; 2 * BLOCK];
                bed.add(block, Ramp::level(1.0 / 32_768.0), 0, &mut sums).unwrap();
                meter.add_frames_f32(&sums).unwrap();
            }
            let loudness = meter.loudness_global().unwrap();
            assert!((loudness - f64::from(LOUDNESS.0)).abs() < 0.8, "{name}: {loudness} LUFS");
            let peak = meter.sample_peak(0).unwrap().max(meter.sample_peak(1).unwrap()) as f32;
            assert!(peak < bed.peak(), "{name}: {peak} where {} is certain", bed.peak());
        }
    }

    #[test]
    fn every_layer_stays_under_the_peak_and_is_alike_left_and_right() {
        for recipe in [RAIN, DEEP, SURF, FOAM, ROOT, FIFTH, LIGHT] {
            let (peak, levels) = measure(&recipe);
            assert!(peak < PEAK.0 - 0.5, "{recipe:?}: {peak} dBFS");
            assert!((levels[0] - levels[1]).abs() < 0.5, "{recipe:?}: {levels:?}");
        }
    }
}
