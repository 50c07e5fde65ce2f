//! Bells from partials: each a decaying sine, computed at any position by itself.

use std::f64::consts::TAU;

use crate::frames::{Frames, SampleRate};
use crate::gain::Decibels;
use crate::load::language::routine::Bell;

/// Frames that are computed together. A partial is set anew from the exact formula at the start of each block and
/// turned on inside it by multiplication alone, so a sample does not depend on where rendering began.
const BLOCK: usize = 1024;

/// The strike: how long the sound takes to come up, in seconds. Long enough not to click, short enough to be a strike.
const STRIKE_SECONDS: f64 = 0.006;

/// The end of the ring is faded out over this many seconds.
const FADE_SECONDS: f64 = 0.5;

/// A decaying sine.
struct Partial {
    /// Its frequency over the bell's own.
    ratio: f64,
    /// Its level under the first.
    level: Decibels,
    /// The time in which it falls by 60 dB, in seconds.
    fall: f64,
}

const fn partial(ratio: f64, level: f32, fall: f64) -> Partial {
    Partial { ratio, level: Decibels(level), fall }
}

// The ratios of a bowl's modes (about n² with the rim stiff) and of a free bar (1, 2.76, 5.40, 8.93: Euler–Bernoulli). Pairs a
// few tenths of a percent apart beat slowly, as two halves of a hammered bowl do.
const BOWL: &[Partial] = &[
    partial(1.0, 0.0, 9.0),
    partial(1.0035, -6.0, 9.0),
    partial(2.71, -9.0, 5.5),
    partial(2.722, -14.0, 5.5),
    partial(5.18, -17.0, 3.0),
    partial(8.36, -26.0, 1.6),
];
const BAR: &[Partial] = &[
    partial(1.0, 0.0, 4.5),
    partial(1.002, -9.0, 4.5),
    partial(2.756, -10.0, 2.4),
    partial(5.404, -18.0, 1.2),
    partial(8.933, -28.0, 0.6),
];
const SOFT: &[Partial] = &[partial(1.0, 0.0, 1.8), partial(2.71, -18.0, 0.9)];

/// The pitch in hertz, the level of the whole, and the partials.
fn recipe(bell: Bell) -> (f64, Decibels, &'static [Partial]) {
    match bell {
        Bell::Low => (174.6, Decibels(-18.0), BOWL),
        Bell::High => (392.0, Decibels(-21.0), BOWL),
        Bell::Bright => (784.0, Decibels(-23.0), BAR),
        Bell::Soft => (330.0, Decibels(-22.0), SOFT),
    }
}

/// Writes the bell's samples from `start` on; full scale is 32768.
pub(crate) fn fill(bell: Bell, rate: SampleRate, start: Frames, out: &mut [i16]) {
    let mut block = [0.0f64; BLOCK];
    let (mut position, mut rest) = (start.0 as usize, out);
    while !rest.is_empty() {
        let offset = position % BLOCK;
        let take = (BLOCK - offset).min(rest.len());
        render_block(bell, rate, position / BLOCK, &mut block);
        let (now, later) = rest.split_at_mut(take);
        for (out, sample) in now.iter_mut().zip(&block[offset..]) {
            *out = (sample * 32768.0).round() as i16;
        }
        (position, rest) = (position + take, later);
    }
}

fn render_block(bell: Bell, rate: SampleRate, index: usize, out: &mut [f64; BLOCK]) {
    let (pitch, level, partials) = recipe(bell);
    let hz = f64::from(rate.hz());
    let begin = (index * BLOCK) as f64 / hz;
    out.fill(0.0);
    // What lies above half the sample rate would fold back.
    for partial in partials.iter().filter(|partial| partial.ratio * pitch < 0.45 * hz) {
        add_partial(partial, pitch * partial.ratio, begin, hz, out);
    }
    let gain = f64::from(level.amplitude());
    let ring = bell.ring().as_secs_f64();
    for (frame, sample) in out.iter_mut().enumerate() {
        let time = begin + frame as f64 / hz;
        *sample *= gain * (time / STRIKE_SECONDS).min(1.0) * ((ring - time) / FADE_SECONDS).clamp(0.0, 1.0);
    }
}

/// A rotating, shrinking pointer: its imaginary part is the decaying sine.
fn add_partial(partial: &Partial, frequency: f64, begin: f64, hz: f64, out: &mut [f64; BLOCK]) {
    // 60 dB are a factor of 1000.
    let decay = |seconds: f64| libm::pow(1000.0, -seconds / partial.fall);
    let amplitude = f64::from(partial.level.amplitude()) * decay(begin);
    let angle = TAU * libm::fmod(frequency * begin, 1.0);
    let (mut real, mut imaginary) = (amplitude * libm::cos(angle), amplitude * libm::sin(angle));
    let (step, shrink) = (TAU * frequency / hz, decay(1.0 / hz));
    let (turn_real, turn_imaginary) = (shrink * libm::cos(step), shrink * libm::sin(step));
    for sample in out.iter_mut() {
        *sample += imaginary;
        (real, imaginary) =
            (real * turn_real - imaginary * turn_imaginary, real * turn_imaginary + imaginary * turn_real);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(bell: Bell) -> Vec<i16> {
        let mut out = vec![0; SampleRate::DEFAULT.frames(bell.ring()).0 as usize];
        fill(bell, SampleRate::DEFAULT, Frames::ZERO, &mut out);
        out
    }

    #[test]
    fn a_bell_is_the_same_wherever_rendering_begins() {
        let all = whole(Bell::Low);
        for start in [1, 1023, 1024, 50_001, 300_000] {
            let mut part = vec![0; 5000];
            fill(Bell::Low, SampleRate::DEFAULT, Frames(start), &mut part);
            assert_eq!(part[..], all[start as usize..][..5000]);
        }
    }

    #[test]
    fn a_bell_strikes_rings_down_and_ends_in_silence() {
        for bell in [Bell::Low, Bell::High, Bell::Bright, Bell::Soft] {
            let all = whole(bell);
            let peak = |part: &[i16]| part.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
            let (first, last) = (peak(&all[..24_000]), peak(&all[all.len() - 480..]));
            assert!((1500..9_830).contains(&first), "{bell:?} peaks at {first}");
            assert!(last < 60, "{bell:?} ends at {last}");
            assert_eq!(all[0], 0);
        }
    }
}
