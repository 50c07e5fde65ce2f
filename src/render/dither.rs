//! From sums to 16 bit.
//!
//! Rounding alone would distort what is quiet: a bed that fades out would end in a rattle. A noise of triangular
//! distribution, two steps wide, added before rounding, turns that into a faint steady hiss (Lipshitz, Wannamaker and
//! Vanderkooy, 1992). It is a function of the block's number, so it is the same however a range is cut.

use std::sync::OnceLock;

use pulp::Arch;

use super::noise::hash;
use super::ramp::BLOCK;
use crate::multiversion::multiversion;

/// Samples of the table, from which each block takes a stretch that its number chooses. Small enough for a processor's
/// second cache; the stretches overlap at random, so nothing repeats at a steady pace.
const TABLE: usize = 32_768;

/// Noise from −1 to 1 in steps of 16 bit, 0 the likeliest.
fn table() -> &'static [f32] {
    static NOISE: OnceLock<Box<[f32]>> = OnceLock::new();
    NOISE.get_or_init(|| {
        let sample = |at: u64| {
            let bits = hash(0x0d17_4e12 ^ (at << 20));
            // 24 bits each are what an f32 holds exactly.
            let (first, second) = ((bits >> 40) as f32, (bits >> 8 & 0xff_ffff) as f32);
            (first - second) / 16_777_216.0
        };
        (0..(TABLE + 2 * BLOCK) as u64).map(sample).collect()
    })
}

/// Writes `sums`, in steps of 16 bit, as 16 bit; they begin `from` frames into a block, `channels` samples for a frame.
pub(super) fn quantise(block: u64, from: usize, channels: usize, sums: &[f32], out: &mut [i16]) {
    // The stretch begins at a multiple of 16, where the vector units load fastest.
    let begin = (hash(block) as usize % TABLE) & !15;
    let noise = &table()[begin + from * channels..][..sums.len()];
    round(Arch::new(), sums, noise, out);
}

multiversion! {
    /// Adds the noise to the sums and writes the nearest steps, held at full scale.
    fn round<'a>(sums: &'a [f32], noise: &'a [f32], out: &'a mut [i16]) {
        for ((out, sum), noise) in out.iter_mut().zip(sums).zip(noise) {
            // Adding 1.5 · 2^23 leaves the nearest whole number in the lowest bits: right for all that is smaller than 2^22
            // steps, and no mix is. Rounding functions and checked casts are not vectorised, and cost three times the time
            // of the whole mix.
            const WHOLE: f32 = 12_582_912.0;
            let sample = (sum + noise + WHOLE).to_bits() as i32 - WHOLE.to_bits() as i32;
            *out = sample.clamp(-32768, 32767) as i16;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dither_keeps_the_mean_of_what_lies_between_two_steps() {
        for level in [-0.75f32, -0.25, 0.0, 0.1, 0.5] {
            let (sums, mut sum, mut blocks) = (vec![level; 2 * BLOCK], 0i64, 0);
            while blocks < 400 {
                let mut out = vec![0; 2 * BLOCK];
                quantise(blocks, 0, 2, &sums, &mut out);
                sum += out.iter().map(|sample| i64::from(*sample)).sum::<i64>();
                blocks += 1;
            }
            let mean = sum as f32 / (400 * 2 * BLOCK) as f32;
            assert!((mean - level).abs() < 0.01, "{mean} for {level}");
        }
    }

    #[test]
    fn rounding_is_the_same_with_and_without_wide_units() {
        let sums: Vec<f32> = (0..2003).map(|at| (at as f32 - 1000.0) * 0.317).collect();
        let (mut plain, mut wide) = (vec![0; 2003], vec![0; 2003]);
        round(Arch::Scalar, &sums, &table()[..2003], &mut plain);
        round(Arch::new(), &sums, &table()[..2003], &mut wide);
        assert_eq!(plain, wide);
    }

    #[test]
    fn what_is_too_loud_is_held_at_full_scale() {
        let mut out = [0; 3];
        quantise(0, 0, 1, &[1e6, -1e6, 32_760.0], &mut out);
        assert_eq!(out[..2], [32_767, -32_768]);
        assert!((32_758..=32_762).contains(&out[2]));
    }
}
