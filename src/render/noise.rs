//! Noise as a function of its position, and the filters that give it a colour.

use std::f64::consts::TAU;

use crate::gain::Lufs;

/// A number that looks random, from any number: the finaliser of `SplitMix64` (Steele, Lea and Flood, 2014).
pub(super) fn hash(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// A number from 0 to 1 that looks random.
pub(super) fn chance(number: u64) -> f64 {
    // 53 bits are what a double holds.
    (hash(number) >> 11) as f64 / (1u64 << 53) as f64
}

/// A filter of the second order.
#[derive(Clone, Copy, Debug)]
pub(super) enum Filter {
    /// Lets pass what lies below, in hertz; 12 dB an octave.
    LowPass(f64),
    /// Lets pass what lies above, in hertz; 12 dB an octave.
    HighPass(f64),
    /// Raises or lowers what lies around a frequency: hertz, width in octaves, decibels.
    Peak(f64, f64, f64),
    /// Raises or lowers what lies above a frequency: hertz, decibels.
    HighShelf(f64, f64),
}

/// The coefficients of a filter, and what it remembers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
    /// The two delays of each of two channels.
    memory: [[f64; 2]; 2],
}

impl Biquad {
    /// The filter at a sample rate, by the formulas of R. Bristow-Johnson's Audio EQ Cookbook. Without slope given, the
    /// filters are maximally flat (Q = 1/√2).
    pub(super) fn new(filter: Filter, rate_hz: f64) -> Biquad {
        let (Filter::LowPass(hz) | Filter::HighPass(hz) | Filter::Peak(hz, ..) | Filter::HighShelf(hz, _)) = filter;
        // A filter cannot tell apart what lies near half the rate or above: it is set to 0.45 of the rate at most.
        let angle = TAU * (hz / rate_hz).min(0.45);
        let (sin, cos) = (libm::sin(angle), libm::cos(angle));
        let alpha = sin / std::f64::consts::SQRT_2;
        let (b, a) = match filter {
            Filter::LowPass(_) => {
                ([(1.0 - cos) / 2.0, 1.0 - cos, (1.0 - cos) / 2.0], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
            }
            Filter::HighPass(_) => {
                ([f64::midpoint(1.0, cos), -1.0 - cos, f64::midpoint(1.0, cos)], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
            }
            Filter::Peak(_, octaves, db) => {
                let (gain, alpha) =
                    (libm::pow(10.0, db / 40.0), sin * libm::sinh(octaves * angle / sin * 0.346_573_59));
                (
                    [1.0 + alpha * gain, -2.0 * cos, 1.0 - alpha * gain],
                    [1.0 + alpha / gain, -2.0 * cos, 1.0 - alpha / gain],
                )
            }
            Filter::HighShelf(_, db) => {
                let gain = libm::pow(10.0, db / 40.0);
                let (up, down, bend) = (gain + 1.0, gain - 1.0, 2.0 * libm::sqrt(gain) * alpha);
                (
                    [gain * (up + down * cos + bend), -2.0 * gain * (down + up * cos), gain * (up + down * cos - bend)],
                    [up - down * cos + bend, 2.0 * (down - up * cos), up - down * cos - bend],
                )
            }
        };
        Biquad { b: b.map(|b| b / a[0]), a: [a[1] / a[0], a[2] / a[0]], memory: [[0.0; 2]; 2] }
    }

    /// Filters the next sample of two channels (transposed direct form II). Side by side, two take the time of one.
    fn run(&mut self, input: [f64; 2]) -> [f64; 2] {
        let (b, a) = (self.b, self.a);
        let [first, second] = self.memory;
        let output = [b[0] * input[0] + first[0], b[0] * input[1] + first[1]];
        self.memory = [
            [b[1] * input[0] - a[0] * output[0] + second[0], b[1] * input[1] - a[0] * output[1] + second[1]],
            [b[2] * input[0] - a[1] * output[0], b[2] * input[1] - a[1] * output[1]],
        ];
        output
    }

    /// By how much it multiplies the power of a frequency.
    fn power(&self, hz: f64, rate_hz: f64) -> f64 {
        let angle = TAU * hz / rate_hz;
        let (cos, cos2) = (libm::cos(angle), libm::cos(2.0 * angle));
        let square = |c: [f64; 3]| {
            c[0] * c[0] + c[1] * c[1] + c[2] * c[2] + 2.0 * (c[0] * c[1] + c[1] * c[2]) * cos + 2.0 * c[0] * c[2] * cos2
        };
        square(self.b) / square([1.0, self.a[0], self.a[1]])
    }
}

/// How much the ear's weighting of BS.1770-4 (annex 1, tables 1 and 2: the filters at 48 kHz) takes of a frequency's power.
pub(super) fn weight(hz: f64) -> f64 {
    const SHELF: Biquad = Biquad {
        b: [1.535_124_859_586_97, -2.691_696_189_406_38, 1.198_392_810_852_85],
        a: [-1.690_659_293_182_41, 0.732_480_774_215_85],
        memory: [[0.0; 2]; 2],
    };
    const LOW_CUT: Biquad =
        Biquad { b: [1.0, -2.0, 1.0], a: [-1.990_047_454_833_98, 0.990_072_250_366_21], memory: [[0.0; 2]; 2] };
    SHELF.power(hz, 48_000.0) * LOW_CUT.power(hz, 48_000.0)
}

/// The loudness of two independent channels of weighted power `power` each: BS.1770-4, equation 2.
pub(super) fn loudness_of(power: f64) -> Lufs {
    Lufs((-0.691 + 10.0 * libm::log10(2.0 * power)) as f32)
}

/// A colour of noise.
#[derive(Clone, Debug)]
pub(super) struct Colour {
    filters: Vec<Biquad>,
    /// The factor that brings it to the loudness that is wanted.
    gain: f64,
}

impl Colour {
    /// White noise through `filters`, at a loudness that is computed from their curves, not measured: it is exact for
    /// noise without end, and the same on every machine.
    pub(super) fn new(filters: &[Filter], loudness: Lufs, rate_hz: f64) -> Colour {
        let filters: Vec<_> = filters.iter().map(|filter| Biquad::new(*filter, rate_hz)).collect();
        let top = (0.5 * rate_hz).min(20_000.0);
        const BOTTOM_HZ: f64 = 10.0;
        const STEPS: u32 = 400;
        let ratio = libm::pow(top / BOTTOM_HZ, 1.0 / f64::from(STEPS));
        // Numbers from −1 to 1 have a power of a third, spread evenly up to half the rate.
        let density = 1.0 / 3.0 / (0.5 * rate_hz);
        let (mut low, mut power) = (BOTTOM_HZ, 0.0);
        for _ in 0..STEPS {
            let (high, middle) = (low * ratio, low * libm::sqrt(ratio));
            let curve: f64 = filters.iter().map(|filter| filter.power(middle, rate_hz)).product();
            power += density * (high - low) * curve * weight(middle);
            low = high;
        }
        let gain = f64::from((loudness - loudness_of(power)).amplitude());
        Colour { filters, gain }
    }

    /// The noise of `seed` in two channels, from `start` on. The filters run over `lead` frames before that, until nothing is left of how
    /// they began: what is written is the same wherever it starts.
    pub(super) fn fill(&self, seed: u64, start: u64, lead: u64, out: &mut [[f64; 2]]) {
        let (mut filters, seed) = (self.filters.clone(), hash(seed));
        let mut next = |at: u64| {
            // A hash gives both channels: 32 bits each.
            let bits = hash(seed.wrapping_add(at));
            let white = |bits: u32| self.gain * (f64::from(bits) / 2_147_483_648.0 - 1.0);
            let white = [white((bits >> 32) as u32), white(bits as u32)];
            filters.iter_mut().fold(white, |sample, filter| filter.run(sample))
        };
        // Positions before the first wrap around: they have noise like all others.
        let begin = start.wrapping_sub(lead);
        (0..lead).for_each(|at| _ = next(begin.wrapping_add(at)));
        for (at, sample) in out.iter_mut().enumerate() {
            *sample = next(start + at as u64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_as_loud_as_its_curve_says() {
        let filters = [Filter::HighPass(200.0), Filter::LowPass(2_000.0), Filter::Peak(800.0, 1.0, 6.0)];
        for rate in [44_100u32, 48_000, 96_000] {
            let colour = Colour::new(&filters, Lufs(-26.0), f64::from(rate));
            let mut sound = vec![[0.0; 2]; 10 * rate as usize];
            colour.fill(1, 0, 4096, &mut sound);
            let mut meter = ebur128::EbuR128::new(2, rate, ebur128::Mode::I).unwrap();
            meter.add_frames_f64(sound.as_flattened()).unwrap();
            let found = meter.loudness_global().unwrap();
            assert!((found + 26.0).abs() < 0.2, "{found} at {rate}");
        }
    }

    #[test]
    fn noise_is_the_same_wherever_it_starts() {
        let colour = Colour::new(&[Filter::HighPass(40.0), Filter::LowPass(500.0)], Lufs(-26.0), 48_000.0);
        let (mut whole, mut part) = (vec![[0.0; 2]; 40_000], vec![[0.0; 2]; 8_000]);
        colour.fill(7, 0, 4_096, &mut whole);
        colour.fill(7, 20_000, 4_096, &mut part);
        let both = whole[20_000..28_000].as_flattened().iter().zip(part.as_flattened());
        let apart = both.map(|(left, right)| (left - right).abs()).fold(0.0, f64::max);
        // Half a step of 16 bit is 1.5e-5.
        assert!(apart < 1e-6, "{apart}");
    }
}
