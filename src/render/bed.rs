//! What plays under the voice: rain, the sea, a drone, or a file of one's own.
//!
//! A generated bed moves, or it would be dead; but over most of a minute, and by few decibels: what comes and goes every ten
//! seconds is taken for a breath, and leads whoever lies there with closed eyes away from their own. The movement is computed from the
//! position, and its periods have no common measure, so it never comes back to where it was.

use std::f64::consts::TAU;
use std::sync::Arc;
use std::time::Duration;

use super::dither;
use super::noise::Filter::{HighPass, HighShelf, LowPass, Peak};
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

// The noises leave room from 500 Hz to 2.5 kHz, where the tone tells of the breath.
const RAIN: Recipe = Recipe::Drops(&[
    HighPass(220.0),
    Peak(950.0, 2.2, -8.0),
    HighShelf(2_500.0, -8.0),
    LowPass(6_500.0),
    LowPass(11_000.0),
]);
const DEEP: Recipe = Recipe::Noise(&[HighPass(45.0), LowPass(180.0), LowPass(420.0)]);
const SURF: Recipe = Recipe::Noise(&[HighPass(110.0), LowPass(300.0), LowPass(700.0)]);
const FOAM: Recipe = Recipe::Noise(&[HighPass(1_600.0), HighShelf(3_500.0, -4.0), LowPass(7_000.0), LowPass(10_000.0)]);
// A low A with its octaves; its fifth; and light on it from ninth and fifth far above, which a phone's loudspeaker can give. No
// two notes are less than 50 Hz apart: what beats comes and goes, and is taken for a breath.
const ROOT: Recipe = Recipe::Chord(&[(110.0, 0.0), (55.0, -6.0), (220.0, -6.0), (440.0, -12.0)]);
const FIFTH: Recipe = Recipe::Chord(&[(165.0, 0.0), (330.0, -6.0), (495.0, -10.0)]);
const LIGHT: Recipe = Recipe::Chord(&[(990.0, 0.0), (1_320.0, -4.0), (2_640.0, -20.0)]);

/// The largest sample of a layer; the texture clips there.
const PEAK: Decibels = Decibels(-14.0);

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
                Kind::Ocean => 1.37 * PEAK.amplitude(),
                Kind::Drone => 1.3 * PEAK.amplitude(),
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
                layer(0, Ramp::line(block, |frame| 0.35 * self.sway(frame, 0.15, [67.3, 103.9])));
                layer(1, Ramp::line(block, |frame| 0.85 * self.sway(frame, 0.2, [53.9, 83.1])));
                layer(2, Ramp::line(block, |frame| 0.4 * self.sway(frame, 0.3, [41.3, 71.9])));
            }
            Kind::Drone => {
                layer(0, Ramp::line(block, |frame| 0.74 * self.sway(frame, 0.12, [47.0, 71.3])));
                layer(1, Ramp::line(block, |frame| 0.5 * self.sway(frame, 0.25, [59.9, 83.3])));
                layer(2, Ramp::line(block, |frame| 0.42 * self.sway(frame, 0.3, [43.1, 97.7])));
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
}

/// A noise that nobody hears, for headphones that fall asleep in digital silence and swallow the next syllable. It is in 16 bit already, so
/// that a silence takes no longer to fill than to copy.
#[derive(Debug)]
pub(super) struct Wake {
    noise: Box<[i16]>,
    channels: usize,
}

impl Wake {
    /// Blocks of the noise, which goes round: 1.4 s at 48 kHz. Nobody hears it, so nobody hears it come again.
    const BLOCKS: usize = 64;
    /// 50 dB under its texture: about −78 dBFS in each channel, four steps of 16 bit. With speech at the 65 dB of a conversation, that is a
    /// sound of 5 dB, far under the noise of a quiet room (30 dB), and yet no device takes it for silence.
    const UNDER: f32 = 0.003_2;

    /// The noise of a timeline that asks for it.
    pub(super) fn of(timeline: &Timeline, channels: usize) -> Option<Wake> {
        const SOFT: Recipe = Recipe::Noise(&[HighPass(150.0), LowPass(1_200.0)]);
        timeline.mix.wake.then(|| {
            let texture = Texture::new(&SOFT, PEAK, 0x77, timeline.rate, channels);
            let mut noise = vec![0; Wake::BLOCKS * BLOCK * channels];
            for (block, out) in noise.chunks_exact_mut(BLOCK * channels).enumerate() {
                let mut sums = [0.0; 2 * BLOCK];
                let sums = &mut sums[..out.len()];
                texture.add(block as u64, Ramp::level(Wake::UNDER), 0, sums);
                dither::quantise(block as u64, 0, channels, sums, out);
            }
            Wake { noise: noise.into(), channels }
        })
    }

    /// Adds it to `sums`, which begin at a frame and reach to the end of its block at most.
    pub(super) fn add(&self, start: Frames, sums: &mut [f32]) {
        sums.iter_mut().zip(self.from(start)).for_each(|(sum, sample)| *sum += f32::from(*sample));
    }

    /// Adds it to samples that begin at a frame, however many there are.
    pub(super) fn write(&self, start: Frames, out: &mut [i16]) {
        let (mut start, mut rest) = (start, out);
        while !rest.is_empty() {
            let noise = self.from(start);
            let (now, later) = rest.split_at_mut(noise.len().min(rest.len()));
            now.iter_mut().zip(noise).for_each(|(out, sample)| *out = out.saturating_add(*sample));
            (start, rest) = (start + Frames((now.len() / self.channels) as u64), later);
        }
    }

    /// The noise from a frame on, up to where it goes round, which is the end of a block.
    fn from(&self, start: Frames) -> &[i16] {
        let frames = (Wake::BLOCKS * BLOCK) as u64;
        &self.noise[(start.0 % frames) as usize * self.channels..]
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
