//! How full the breath is at any frame, as the levels of the layers that a breath tone is made of.
//!
//! A breath moves through a row of steps, each higher and brighter than the one below: up while one breathes in, down while one breathes
//! out, at an even pace. So it turns in a corner, which the ear finds, and not on a plateau, on which it has to guess. Just there the
//! sound gives way for a moment, as air does where it changes its direction. A breath that is held has a sound of its own.

use std::f64::consts::FRAC_PI_2;
use std::time::Duration;

use super::ramp::smooth;
use super::voicing::{EMPTY, FULL, LAYERS, STEPS};
use crate::frames::{FrameRange, Frames, SampleRate};
use crate::load::language::breathing::BreathPart;
use crate::load::language::mix::Held;
use crate::plan::Timeline;
use crate::plan::timeline::BreathSpan;

/// How loud a breath is at its foot, as a part of its top: −4 dB. With the usual levels that is some −41 dBFS in each channel, 6 dB and more
/// over where a quiet room hides it; and it leaves room to be heard to grow.
const FOOT: f32 = 0.63;
/// What is left of the sound in the middle of a turn (−3 dB), and how long it takes to give way, and to come back.
const TURNING: f32 = 0.7;
const TURN: Duration = Duration::from_millis(160);
/// The level of the sounds of a breath that is held, full or empty: −6 dB of the top of a breath.
const HELD: f32 = 0.5;
/// How long one sound takes to become another, where a breath begins from silence or a hold, or is held.
const JOIN: Duration = Duration::from_millis(160);
/// How long a tone takes to die away where the breath is no longer paced.
const RELEASE: Duration = Duration::from_millis(700);
/// How far into the row of steps, at each of its ends, a breath turns. Between two steps both move fast, on a step none does: so a corner is
/// sharp.
const MARGIN: f32 = 0.45;
/// How far an inhale lies above the middle of both, and an exhale below, in steps: a fifth of an octave. Air that goes in sounds brighter, and
/// whoever did not hear the turn hears on which side of it they are.
const LEAN: f32 = 0.45;

/// The level of each layer, from 0 to 1.
pub(super) type Levels = [f32; LAYERS];

/// How full the breath is at any frame.
#[derive(Debug)]
pub(super) struct Swell {
    breaths: Vec<BreathSpan>,
    held: Held,
    turn: u64,
    join: u64,
    release: u64,
}

impl Swell {
    pub(super) fn new(timeline: &Timeline) -> Swell {
        Swell::of(timeline.breaths.clone(), timeline.mix.held, timeline.rate)
    }

    fn of(breaths: Vec<BreathSpan>, held: Held, rate: SampleRate) -> Swell {
        let frames = |time| rate.frames(time).0;
        Swell { breaths, held, turn: frames(TURN), join: frames(JOIN), release: frames(RELEASE) }
    }

    /// The number of parts of a breath that have begun by a frame.
    pub(super) fn begun(&self, frame: u64) -> usize {
        self.breaths.partition_point(|part| part.start.0 <= frame)
    }

    /// The parts of the breath.
    pub(super) fn parts(&self) -> &[BreathSpan] {
        &self.breaths
    }

    /// Where it sounds, in order, apart from each other.
    pub(super) fn sounding(&self) -> Vec<FrameRange> {
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

    /// The levels at a frame. `place` is where the last look ended; frames are asked for in order.
    pub(super) fn at(&self, frame: u64, place: &mut usize) -> Levels {
        while self.breaths.get(*place).is_some_and(|part| part.start.0 <= frame) {
            *place += 1;
        }
        let Some(index) = place.checked_sub(1) else { return [0.0; LAYERS] };
        let part = self.breaths[index];
        let (into, frames) = (frame - part.start.0, part.frames.0);
        if into >= frames {
            let fading = 1.0 - smooth((into - frames) as f32 / self.release as f32);
            return self.within(index, frames).map(|level| level * fading);
        }
        let levels = self.within(index, into);
        let join = self.join.min(frames / 2).max(1);
        if into >= join || self.turns(index) {
            return levels;
        }
        let (before, share) = (self.before(index), smooth(into as f32 / join as f32));
        std::array::from_fn(|layer| before[layer] + (levels[layer] - before[layer]) * share)
    }

    /// Whether a part goes on where the one before ended: an inhale and an exhale that follow each other at once.
    fn turns(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1).and_then(|before| self.breaths.get(before)) else { return false };
        let Some(now) = self.breaths.get(index) else { return false };
        let both = (before.part, now.part);
        before.start + before.frames == now.start
            && matches!(both, (BreathPart::Inhale, BreathPart::Exhale) | (BreathPart::Exhale, BreathPart::Inhale))
    }

    /// What is left of the part before, where a part begins.
    fn before(&self, index: usize) -> Levels {
        let Some(before) = index.checked_sub(1) else { return [0.0; LAYERS] };
        let part = self.breaths[before];
        let gap = self.breaths[index].start.saturating_sub(part.start + part.frames).0;
        let left = 1.0 - smooth(gap as f32 / self.release as f32);
        self.within(before, part.frames.0).map(|level| level * left)
    }

    /// The levels in a part, so many frames after its beginning, before anything is joined to it.
    fn within(&self, index: usize, into: u64) -> Levels {
        let part = self.breaths[index];
        let frames = part.frames.0.max(1);
        let (share, left) = (into as f32 / frames as f32, frames.saturating_sub(into));
        let held = |layer: usize| {
            let mut levels = [0.0; LAYERS];
            levels[layer] = if self.held == Held::Quiet { HELD } else { 0.0 };
            levels
        };
        let (fullness, lean) = match part.part {
            BreathPart::Inhale => (share, LEAN),
            BreathPart::Exhale => (1.0 - share, -LEAN),
            BreathPart::Full => return held(FULL),
            BreathPart::Empty => return held(EMPTY),
        };
        let turn = self.turn.min(frames / 4).max(1);
        let away = |frames: u64| frames as f32 / turn as f32;
        // Both sides of a turn meet in the middle, so that the way from one to the other lies around it.
        let from_turn = [(index, into), (index + 1, left)].into_iter().filter(|(part, _)| self.turns(*part));
        let lean = from_turn.fold(lean, |lean, (_, frames)| lean * smooth(2.0 * away(frames)));
        let place = MARGIN + fullness * (STEPS as f32 - 1.0 - 2.0 * MARGIN) + lean;
        let away = smooth(away(into.min(left)));
        let level = (FOOT + (1.0 - FOOT) * fullness) * (TURNING + (1.0 - TURNING) * away);
        moving(place).map(|share| share * level)
    }
}

/// The shares of the steps at a place in their row, of power 1 together.
fn moving(place: f32) -> Levels {
    let below = (place as usize).min(STEPS - 2);
    let turn = FRAC_PI_2 * f64::from(place - below as f32);
    let mut shares = [0.0; LAYERS];
    shares[below] = libm::cos(turn) as f32;
    shares[below + 1] = libm::sin(turn) as f32;
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use BreathPart::{Empty, Exhale, Full, Inhale};

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

    fn at(swell: &Swell, seconds: f64) -> Levels {
        let frame = (seconds * 48_000.0) as u64;
        swell.at(frame, &mut swell.begun(frame))
    }

    /// How loud it is, and where in the row of steps the middle of its power lies.
    fn loud_and_high(levels: Levels) -> (f32, f32) {
        let power: f32 = levels[..STEPS].iter().map(|level| level * level).sum();
        let place: f32 = levels[..STEPS].iter().enumerate().map(|(step, level)| step as f32 * level * level).sum();
        (power.sqrt(), place / power)
    }

    #[test]
    fn it_rises_and_swells_with_the_inhale_and_falls_and_fades_with_the_exhale() {
        let swell = swell(&[(Some(Inhale), 4), (Some(Exhale), 6), (Some(Inhale), 4)], Held::Quiet);
        let way = |times: &[f64]| times.iter().map(|time| loud_and_high(at(&swell, *time))).collect::<Vec<_>>();
        let inhale = way(&[1.3, 2.0, 3.0, 4.0, 4.8]);
        assert!(inhale.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1), "{inhale:?}");
        let exhale = way(&[5.2, 6.0, 7.0, 8.0, 9.0, 10.0, 10.8]);
        assert!(exhale.windows(2).all(|pair| pair[0].0 > pair[1].0 && pair[0].1 > pair[1].1), "{exhale:?}");
        assert_eq!(loud_and_high(at(&swell, 0.9)).0, 0.0);
        let foot = loud_and_high(at(&swell, 10.8)).0;
        assert!(foot > 0.4, "the foot of a breath is heard: {foot}");
        let turn = loud_and_high(at(&swell, 5.0));
        assert!(
            turn.0 < 0.75 && turn.1 > exhale[0].1,
            "it gives way where it turns, and turns at its highest: {turn:?}"
        );
    }

    #[test]
    fn each_hold_has_a_sound_of_its_own_that_stands_still() {
        let parts = [(Some(Inhale), 4), (Some(Full), 4), (Some(Exhale), 6), (Some(Empty), 2), (Some(Inhale), 4)];
        let quiet = swell(&parts, Held::Quiet);
        for (seconds, layer) in [(5.3, FULL), (8.9, FULL), (15.3, EMPTY)] {
            let mut expected = [0.0; LAYERS];
            expected[layer] = HELD;
            assert_eq!(at(&quiet, seconds), expected, "at {seconds} s");
        }
        let off = swell(&parts, Held::Off);
        assert_eq!([8.0, 16.5].map(|time| at(&off, time)), [[0.0; LAYERS]; 2]);
    }

    #[test]
    fn it_never_jumps_whatever_follows_what() {
        let all = [Some(Inhale), Some(Full), Some(Exhale), Some(Empty), None];
        for number in 0..5usize.pow(4) {
            let parts: Vec<_> =
                (0..4).map(|digit| (all[number / 5usize.pow(digit) % 5], 1 + u64::from(digit % 2))).collect();
            let swell = swell(&parts, if number % 2 == 0 { Held::Quiet } else { Held::Off });
            let mut before = [0.0; LAYERS];
            for frame in (0..48_000 * 10).step_by(240) {
                let levels = swell.at(frame, &mut swell.begun(frame));
                for (now, before) in levels.iter().zip(before) {
                    // 5 ms. The fastest way is 0 to 1 in 160 ms, 1.5 times as fast in its middle; the lean turns half a step in 80 ms.
                    assert!((now - before).abs() < 0.09, "{parts:?}: {before} to {now} at {frame}");
                }
                before = levels;
            }
            assert_eq!(before, [0.0; LAYERS], "{parts:?}");
        }
    }
}
