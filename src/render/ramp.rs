//! Gains that move: straight lines between points that are set by position alone, and sums under them.

use pulp::Arch;

use crate::multiversion::multiversion;

/// Frames that are mixed together. A block begins at a multiple of this, counted from the start of the timeline, so how
/// a range is cut changes nothing.
pub(super) const BLOCK: usize = 1024;

/// How many straight lines make a block.
const LINES: usize = 4;
/// Frames of each: 5 ms at 48 kHz, far shorter than anything that moves here.
const LINE: usize = BLOCK / LINES;

/// A gain through a block: its values at the ends of the lines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ramp([f32; LINES + 1]);

impl Ramp {
    /// The ramp through the values that `gain` has at absolute frames.
    pub(super) fn new(block: u64, mut gain: impl FnMut(u64) -> f32) -> Ramp {
        let start = block * BLOCK as u64;
        Ramp(std::array::from_fn(|end| gain(start + (end * LINE) as u64)))
    }

    /// Several ramps at once, through the values that `gains` has at absolute frames.
    pub(super) fn each<const N: usize>(block: u64, mut gains: impl FnMut(u64) -> [f32; N]) -> [Ramp; N] {
        let start = block * BLOCK as u64;
        let ends: [[f32; N]; LINES + 1] = std::array::from_fn(|end| gains(start + (end * LINE) as u64));
        std::array::from_fn(|ramp| Ramp(ends.map(|gains| gains[ramp])))
    }

    /// The gain at a frame of the block.
    pub(super) fn at(self, frame: usize) -> f32 {
        let (line, step) = (frame / LINE, (frame % LINE) as f32);
        self.0[line] + (self.0[line + 1] - self.0[line]) / LINE as f32 * step
    }

    /// One gain throughout.
    pub(super) fn level(gain: f32) -> Ramp {
        Ramp([gain; LINES + 1])
    }

    /// A straight line through the whole block, for what moves over seconds: 21 ms at 48 kHz.
    pub(super) fn line(block: u64, mut gain: impl FnMut(u64) -> f32) -> Ramp {
        let (first, last) = (gain(block * BLOCK as u64), gain((block + 1) * BLOCK as u64));
        Ramp(std::array::from_fn(|end| first + (last - first) * (end as f32 / LINES as f32)))
    }

    /// The one gain throughout, if it does not move.
    fn constant(self) -> Option<f32> {
        self.0.iter().all(|gain| *gain == self.0[0]).then_some(self.0[0])
    }

    /// The ramp through what `change` makes of the values; what does not move is changed once.
    pub(super) fn map(self, mut change: impl FnMut(f32) -> f32) -> Ramp {
        match self.constant() {
            Some(gain) => Ramp::level(change(gain)),
            None => Ramp(self.0.map(change)),
        }
    }

    /// Both gains, one after the other.
    pub(super) fn times(self, other: Ramp) -> Ramp {
        Ramp(std::array::from_fn(|end| self.0[end] * other.0[end]))
    }

    /// Whether nothing comes through.
    pub(super) fn is_zero(self) -> bool {
        self.0 == [0.0; LINES + 1]
    }

    /// Adds `source`, a whole block, under this gain to `sums`, which begins `from` frames into the block. Both hold
    /// `CHANNELS` samples for a frame.
    pub(super) fn add<const CHANNELS: usize>(self, source: &[i16], from: usize, sums: &mut [f32]) {
        add_under::<CHANNELS>(Arch::new(), self, source, from, sums);
    }
}

multiversion! {
    /// Adds `source`, a whole block, under a gain to `sums`, which begins `from` frames into the block.
    fn add_under<'a, const CHANNELS: usize>(gain: Ramp, source: &'a [i16], from: usize, sums: &'a mut [f32]) {
        if let Some(gain) = gain.constant() {
            for (sum, sample) in sums.iter_mut().zip(&source[from * CHANNELS..]) {
                *sum += f32::from(*sample) * gain;
            }
            return;
        }
        let (mut frame, mut rest) = (from, sums);
        while !rest.is_empty() {
            let line = frame / LINE;
            let take = (LINE - frame % LINE).min(rest.len() / CHANNELS);
            let (now, later) = rest.split_at_mut(take * CHANNELS);
            let source = &source[frame * CHANNELS..(frame + take) * CHANNELS];
            let (first, slope) = (gain.0[line], (gain.0[line + 1] - gain.0[line]) / LINE as f32);
            let steps = &Steps::<CHANNELS>::TABLE.0[frame % LINE * CHANNELS..][..take * CHANNELS];
            for ((sum, sample), step) in now.iter_mut().zip(source).zip(steps) {
                *sum += f32::from(*sample) * (first + slope * step);
            }
            (frame, rest) = (frame + take, later);
        }
    }
}

/// How many frames into a line each sample is. It is a table, because a loop that counts is not built for vector units.
#[repr(align(64))]
struct Steps<const CHANNELS: usize>([f32; 2 * LINE]);

impl<const CHANNELS: usize> Steps<CHANNELS> {
    const TABLE: &'static Steps<CHANNELS> = &{
        let (mut steps, mut at) = ([0.0; 2 * LINE], 0);
        while at < 2 * LINE {
            steps[at] = (at / CHANNELS) as f32;
            at += 1;
        }
        Steps(steps)
    };
}

/// A smooth way from 0 to 1, at rest at both ends; never steeper than 1.5 of the whole way at once.
pub(super) fn smooth(share: f32) -> f32 {
    let share = share.clamp(0.0, 1.0);
    share * share * (3.0 - 2.0 * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_is_the_same_however_a_block_is_cut() {
        let ramp = Ramp::new(3, |frame| (frame as f32).sin());
        let source: Vec<i16> = (0..2 * BLOCK as i32).map(|at| (at * 31 % 20_000 - 10_000) as i16).collect();
        let mut whole = vec![0.0; 2 * BLOCK];
        ramp.add::<2>(&source, 0, &mut whole);
        let mut cut = vec![0.0; 2 * BLOCK];
        for (from, to) in [(0, 1), (1, 255), (255, 257), (257, 900), (900, 1024)] {
            ramp.add::<2>(&source, from, &mut cut[2 * from..2 * to]);
        }
        assert_eq!(whole, cut);
    }

    #[test]
    fn a_sum_is_the_same_to_the_bit_with_and_without_wide_units() {
        let source: Vec<i16> = (0..2 * BLOCK as i32).map(|at| (at * 31 % 20_000 - 10_000) as i16).collect();
        for gain in [Ramp::level(0.071_3), Ramp::new(3, |frame| (frame as f32).sin())] {
            let mut plain = vec![0.1; 2 * BLOCK - 14];
            let mut wide = plain.clone();
            add_under::<2>(Arch::Scalar, gain, &source, 7, &mut plain);
            add_under::<2>(Arch::new(), gain, &source, 7, &mut wide);
            assert_eq!(plain, wide);
        }
    }
}
