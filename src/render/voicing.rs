//! What each breath tone is made of: a row of steps from low and dark to high and bright, and the two sounds of a breath that is held.
//!
//! A small loudspeaker, such as a phone's, gives next to nothing below 500 Hz. So whatever tells where the breath is lies above: the
//! steps of every tone are half an octave apart or so from there on. What lies below only makes it warm.

use super::noise::Filter::{HighPass, LowPass, Peak};
use super::texture::Recipe;
use crate::load::language::mix::Tone;

/// How many steps a breath goes through.
pub(super) const STEPS: usize = 5;
/// The layers of a tone: its steps, and the sounds of a breath that is held full and empty.
pub(super) const LAYERS: usize = STEPS + 2;
pub(super) const FULL: usize = STEPS;
pub(super) const EMPTY: usize = STEPS + 1;

/// Air through an opening that grows narrower: a hiss around a pitch.
const AIRY: [Recipe; STEPS] = [
    Recipe::Noise(&[HighPass(300.0), Peak(680.0, 0.6, 14.0), LowPass(1_000.0), LowPass(2_000.0)]),
    Recipe::Noise(&[HighPass(480.0), Peak(930.0, 0.6, 14.0), LowPass(1_400.0), LowPass(2_800.0)]),
    Recipe::Noise(&[HighPass(720.0), Peak(1_270.0, 0.6, 14.0), LowPass(1_900.0), LowPass(3_800.0)]),
    Recipe::Noise(&[HighPass(1_000.0), Peak(1_740.0, 0.6, 14.0), LowPass(2_600.0), LowPass(5_200.0)]),
    Recipe::Noise(&[HighPass(1_400.0), Peak(2_380.0, 0.6, 14.0), LowPass(3_500.0), LowPass(7_000.0)]),
];

/// A low open fifth of D under a voice that climbs: E, A, D, F sharp, B. No two neighbours have a note in common, so that none is heard
/// to come and go within itself; and what is not the voice lies where it does not blur its pitch.
const CHORD: [Recipe; STEPS] = [
    Recipe::Chord(&[(146.83, -4.0), (293.66, -5.0), (659.26, 0.0)]),
    Recipe::Chord(&[(220.0, -4.0), (369.99, -6.0), (880.0, 0.0)]),
    Recipe::Chord(&[(146.83, -5.0), (440.0, -8.0), (1_174.66, 0.0)]),
    Recipe::Chord(&[(220.0, -5.0), (293.66, -8.0), (1_479.98, 0.0)]),
    Recipe::Chord(&[(146.83, -6.0), (369.99, -8.0), (1_975.53, 0.0)]),
];

/// A wave: a rumble far out that comes near and breaks into foam.
const OCEAN: [Recipe; STEPS] = [
    Recipe::Noise(&[HighPass(160.0), Peak(680.0, 0.65, 15.0), LowPass(900.0), LowPass(1_800.0)]),
    Recipe::Noise(&[HighPass(200.0), Peak(960.0, 0.7, 15.0), LowPass(1_200.0), LowPass(2_400.0)]),
    Recipe::Noise(&[HighPass(380.0), Peak(1_360.0, 0.8, 14.0), LowPass(1_800.0), LowPass(3_600.0)]),
    Recipe::Noise(&[HighPass(700.0), Peak(1_930.0, 0.8, 14.0), LowPass(2_800.0), LowPass(5_600.0)]),
    Recipe::Noise(&[HighPass(1_000.0), Peak(2_730.0, 0.8, 14.0), LowPass(5_000.0), LowPass(9_000.0)]),
];

/// A hum in tune with the bells and the drone, which no noise is taken for: high while the breath is held full, low while it is empty,
/// under the foot of any breath.
const HELD_FULL: Recipe = Recipe::Chord(&[(587.33, -10.0), (1_174.66, 0.0), (1_760.0, -8.0)]);
const HELD_EMPTY: Recipe = Recipe::Chord(&[(293.66, -8.0), (587.33, 0.0)]);

/// The recipes of a tone's layers.
pub(super) fn layers(tone: Tone) -> [&'static Recipe; LAYERS] {
    let steps = match tone {
        Tone::Airy => &AIRY,
        Tone::Chord => &CHORD,
        Tone::Ocean => &OCEAN,
    };
    let [first, second, third, fourth, fifth] = steps;
    [first, second, third, fourth, fifth, &HELD_FULL, &HELD_EMPTY]
}
