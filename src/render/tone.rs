//! The breath tone: it rises with the inhale and falls with the exhale, so that the ear alone can keep the pace.
//!
//! A tone is two textures, a body and a top. The breath moves both, the top later and further, as a breath grows brighter
//! the fuller it is.

use std::sync::Arc;
use std::time::Duration;

use super::noise::Filter::{HighPass, HighShelf, LowPass, Peak};
use super::ramp::{BLOCK, Ramp, smooth};
use super::texture::{LOUDNESS, Recipe, Texture};
use crate::frames::{FrameRange, Frames, SampleRate};
use crate::gain::Decibels;
use crate::load::language::breathing::BreathPart;
use crate::load::language::mix::{Held, Mix, Tone};
use crate::plan::Timeline;
use crate::plan::timeline::BreathSpan;

/// The largest sample of a body or a top; the texture clips there.
const PEAK: Decibels = Decibels(-14.5);

/// The levels at which the tone sounds while the breath is held full (−9 dB of the top of a breath) and held empty: just enough to
/// know that the pause is meant.
const HELD_FULL: f32 = 0.35;
const HELD_EMPTY: f32 = 0.1;
/// How long it takes to settle into a hold.
const SETTLE: Duration = Duration::from_millis(1_200);
/// How long an exhale takes to be heard that begins from silence or a hold.
const ATTACK: Duration = Duration::from_millis(400);
/// How long a tone takes to die away where the breath is no longer paced.
const RELEASE: Duration = Duration::from_millis(900);

/// Body and top, the share of each at the top of a breath (together of power 1), and the powers of the swell by which the
/// top comes in and goes.
struct Character {
    body: Recipe,
    top: Recipe,
    shares: [f32; 2],
    coming: i32,
    going: i32,
}

const AIRY: Character = Character {
    body: Recipe::Noise(&[HighPass(170.0), HighPass(220.0), Peak(480.0, 1.6, 5.0), LowPass(750.0), LowPass(1_500.0)]),
    top: Recipe::Noise(&[HighPass(700.0), Peak(1_500.0, 1.8, 4.0), LowPass(2_400.0), LowPass(5_000.0)]),
    shares: [0.87, 0.5],
    coming: 2,
    going: 3,
};
// D, A, D: an open chord, with the ninth and a soft third on top. Pairs a fraction of a hertz apart breathe by themselves.
const CHORD: Character = Character {
    body: Recipe::Chord(&[
        (146.83, 0.0),
        (147.2, -4.0),
        (220.0, -3.0),
        (220.5, -7.0),
        (73.4, -8.0),
        (293.66, -9.0),
        (440.0, -20.0),
    ]),
    top: Recipe::Chord(&[
        (293.66, 0.0),
        (294.3, -5.0),
        (369.99, -7.0),
        (440.0, -6.0),
        (440.9, -10.0),
        (587.3, -14.0),
        (880.0, -24.0),
    ]),
    shares: [0.87, 0.5],
    coming: 2,
    going: 3,
};
const OCEAN: Character = Character {
    body: Recipe::Noise(&[HighPass(90.0), LowPass(300.0), LowPass(900.0), Peak(160.0, 2.0, 3.0)]),
    top: Recipe::Noise(&[HighPass(600.0), HighShelf(3_000.0, -8.0), LowPass(7_000.0), LowPass(9_000.0)]),
    shares: [0.8, 0.6],
    // The foam of a wave comes late and stays for a while.
    coming: 3,
    going: 1,
};

fn character(tone: Tone) -> &'static Character {
    match tone {
        Tone::Airy => &AIRY,
        Tone::Chord => &CHORD,
        Tone::Ocean => &OCEAN,
    }
}

/// The breath of a timeline as sound.
#[derive(Debug)]
pub(super) struct BreathTone {
    body: Arc<Texture>,
    top: Arc<Texture>,
    shares: [f32; 2],
    powers: [i32; 2],
    /// The gain of a texture at the top of a breath.
    gain: f32,
    swell: Swell,
}

impl BreathTone {
    /// The tone that a timeline asks for, if any.
    pub(super) fn of(timeline: &Timeline, channels: usize) -> Option<BreathTone> {
        let tone = timeline.mix.tone.filter(|_| !timeline.breaths.is_empty())?;
        let character = character(tone);
        let texture = |recipe, seed| Arc::new(Texture::new(recipe, PEAK, seed, timeline.rate, channels));
        Some(BreathTone {
            body: texture(&character.body, 0x11 + tone as u64 * 2),
            top: texture(&character.top, 0x12 + tone as u64 * 2),
            shares: character.shares,
            powers: [character.coming, character.going],
            gain: gain(&timeline.mix).amplitude(),
            swell: Swell::new(timeline),
        })
    }

    /// The same tone for another timeline of the session.
    pub(super) fn again(&self, timeline: &Timeline) -> BreathTone {
        let (body, top) = (Arc::clone(&self.body), Arc::clone(&self.top));
        BreathTone { body, top, swell: Swell::new(timeline), ..*self }
    }

    /// How large its samples become, as a part of full scale. Body and top have nothing to do with each other, so their peaks add
    /// as their powers do, and their shares are of power 1.
    pub(super) fn peak(&self) -> f32 {
        self.gain * PEAK.amplitude()
    }

    /// Where it sounds, in order, apart from each other.
    pub(super) fn sounding(&self) -> Vec<FrameRange> {
        self.swell.sounding()
    }

    /// Adds a block under a gain to `sums`, which begins `from` frames into the block.
    pub(super) fn add(&self, block: u64, under: Ramp, from: usize, sums: &mut [f32]) {
        let mut place = self.swell.first_at(block * BLOCK as u64);
        let (mut powers, mut end) = ([0.0; Ramp::ENDS], 0);
        let body = Ramp::new(block, |frame| {
            let [coming, going] = self.swell.at(frame, &mut place);
            powers[end] = powi(coming, self.powers[0]).max(powi(going, self.powers[1]));
            end += 1;
            self.gain * self.shares[0] * coming.max(going)
        });
        if body.is_zero() {
            return;
        }
        let top = Ramp::of(powers).map(|power| self.gain * self.shares[1] * power);
        self.body.add(block, body.times(under), from, sums);
        self.top.add(block, top.times(under), from, sums);
    }
}

/// A power by multiplication alone, which is the same on every machine.
fn powi(base: f32, power: i32) -> f32 {
    (0..power).fold(1.0, |product, _| product * base)
}

/// From the loudness of a texture to that of the tone.
fn gain(mix: &Mix) -> Decibels {
    (mix.loudness - LOUDNESS) + mix.tone_level
}

/// How full the breath is at any frame.
#[derive(Debug)]
struct Swell {
    breaths: Vec<BreathSpan>,
    held: Held,
    settle: u64,
    attack: u64,
    release: u64,
}

impl Swell {
    fn new(timeline: &Timeline) -> Swell {
        Swell::of(timeline.breaths.clone(), timeline.mix.held, timeline.rate)
    }

    fn of(breaths: Vec<BreathSpan>, held: Held, rate: SampleRate) -> Swell {
        let frames = |time| rate.frames(time).0;
        Swell { breaths, held, settle: frames(SETTLE), attack: frames(ATTACK), release: frames(RELEASE) }
    }

    /// The part of a breath that is the last to have begun by a frame, and one.
    fn first_at(&self, frame: u64) -> usize {
        self.breaths.partition_point(|part| part.start.0 <= frame)
    }

    fn sounding(&self) -> Vec<FrameRange> {
        let mut ranges: Vec<FrameRange> = Vec::new();
        for part in &self.breaths {
            let end = part.start + part.frames + Frames(self.release);
            match ranges.last_mut() {
                Some(last) if part.start <= last.end => last.end = end,
                _ => ranges.push(FrameRange { start: part.start, end }),
            }
        }
        ranges
    }

    /// The levels at a frame, from 0 to 1, of the breath on its way in and of what is left of the one on its way out; the
    /// higher is heard. `place` is where the last look ended; frames are asked for in order.
    fn at(&self, frame: u64, place: &mut usize) -> [f32; 2] {
        while self.breaths.get(*place).is_some_and(|part| part.start.0 <= frame) {
            *place += 1;
        }
        let Some(index) = place.checked_sub(1) else { return [0.0; 2] };
        let part = self.breaths[index];
        let (into, frames) = (frame - part.start.0, part.frames.0);
        if into >= frames {
            let fading = 1.0 - smooth((into - frames) as f32 / self.release as f32);
            return [0.0, self.end(index) * fading];
        }
        let (before, share) = (self.begin(index), into as f32 / frames as f32);
        let level = match part.part {
            BreathPart::Inhale => {
                return [smooth(share), before * (1.0 - smooth(into as f32 / self.attack as f32))];
            }
            BreathPart::Full | BreathPart::Empty => {
                let settle = self.settle.min(frames / 2).max(1);
                before + (self.end(index) - before) * smooth(into as f32 / settle as f32)
            }
            BreathPart::Exhale => {
                let attack = self.attack.min(frames / 4).max(1);
                let begun = before + (1.0 - before) * smooth(into as f32 / attack as f32);
                let end = self.end(index).min(begun);
                end + (begun - end) * (1.0 - smooth(share))
            }
        };
        [0.0, level]
    }

    /// The level at which a part begins: where the one before ended, if it follows at once.
    fn begin(&self, index: usize) -> f32 {
        let Some(before) = index.checked_sub(1) else { return 0.0 };
        let part = self.breaths[before];
        let gap = self.breaths[index].start.saturating_sub(part.start + part.frames).0;
        self.end(before) * (1.0 - smooth(gap as f32 / self.release as f32))
    }

    /// The level at which a part ends.
    fn end(&self, index: usize) -> f32 {
        let quiet = |level| if self.held == Held::Quiet { level } else { 0.0 };
        match self.breaths[index].part {
            BreathPart::Inhale => 1.0,
            BreathPart::Full => quiet(HELD_FULL),
            BreathPart::Empty => quiet(HELD_EMPTY),
            BreathPart::Exhale => match self.breaths.get(index + 1) {
                Some(next) if next.part == BreathPart::Empty => quiet(HELD_EMPTY),
                _ => 0.0,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::texture::tests::measure;
    use super::*;

    /// Parts of so many seconds, one after the other from 1 s on; `None` is a gap.
    fn swell(parts: &[(Option<BreathPart>, u64)], held: Held) -> Swell {
        let mut start = Frames(48_000);
        let mut breaths = Vec::new();
        for (part, seconds) in parts {
            let frames = Frames(48_000 * seconds);
            breaths.extend(part.map(|part| BreathSpan { part, start, frames }));
            start += frames;
        }
        Swell::of(breaths, held, SampleRate::DEFAULT)
    }

    fn at(swell: &Swell, seconds: f64) -> f32 {
        let frame = (seconds * 48_000.0) as u64;
        let [coming, going] = swell.at(frame, &mut swell.first_at(frame));
        coming.max(going)
    }

    #[test]
    fn both_parts_stay_under_the_peak_and_are_alike_left_and_right() {
        for Character { body, top, .. } in [&AIRY, &CHORD, &OCEAN] {
            for recipe in [body, top] {
                let (peak, levels) = measure(recipe);
                assert!(peak < PEAK.0 - 0.5, "{recipe:?}: {peak} dBFS");
                assert!((levels[0] - levels[1]).abs() < 0.5, "{recipe:?}: {levels:?}");
            }
        }
    }

    use BreathPart::{Empty, Exhale, Full, Inhale};

    #[test]
    fn it_rises_with_the_inhale_holds_and_falls_with_the_exhale() {
        let parts = [(Some(Inhale), 4), (Some(Full), 4), (Some(Exhale), 6), (Some(Empty), 2), (Some(Inhale), 4)];
        let quiet = swell(&parts, Held::Quiet);
        assert_eq!(at(&quiet, 0.9), 0.0);
        assert!(at(&quiet, 2.0) < at(&quiet, 3.0) && at(&quiet, 3.0) < at(&quiet, 4.5));
        assert!((at(&quiet, 8.0) - HELD_FULL).abs() < 1e-5);
        assert!(at(&quiet, 9.6) > 0.9, "the exhale begins with a breath of its own");
        assert!(at(&quiet, 11.0) > at(&quiet, 13.0));
        assert!((at(&quiet, 16.5) - HELD_EMPTY).abs() < 1e-5);
        let off = swell(&parts, Held::Off);
        assert_eq!([8.0, 16.5].map(|time| at(&off, time)), [0.0, 0.0]);
    }

    #[test]
    fn it_never_jumps_whatever_follows_what() {
        let all = [Some(Inhale), Some(Full), Some(Exhale), Some(Empty), None];
        for number in 0..5usize.pow(4) {
            let parts: Vec<_> =
                (0..4).map(|digit| (all[number / 5usize.pow(digit) % 5], 1 + u64::from(digit % 2))).collect();
            let swell = swell(&parts, if number % 2 == 0 { Held::Quiet } else { Held::Off });
            let mut before = [0.0; 2];
            for frame in (0..48_000 * 10).step_by(240) {
                let [coming, going] = swell.at(frame, &mut swell.first_at(frame));
                // What the top of an ocean makes of it.
                let levels = [coming.max(going), powi(coming, 3).max(going)];
                // 5 ms; the fastest way is 0 to 1 in a quarter of a second, 1.5 times as fast in its middle.
                let step = [levels[0] - before[0], levels[1] - before[1]];
                assert!(
                    step[0].abs() < 0.035 && step[1].abs() < 0.035,
                    "{parts:?}: {before:?} to {levels:?} at {frame}"
                );
                before = levels;
            }
            assert_eq!(before, [0.0; 2], "{parts:?}");
        }
    }
}
