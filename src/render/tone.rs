//! The breath tone: it rises with the inhale and falls with the exhale, so that the ear alone can keep the pace; and the small sounds
//! that mark where it turns.

use std::sync::Arc;

use super::marks::Turns;
use super::ramp::{BLOCK, Ramp};
use super::swell::Swell;
use super::texture::{LOUDNESS, Texture};
use super::voicing::{LAYERS, layers};
use crate::frames::FrameRange;
use crate::gain::Decibels;
use crate::load::language::mix::{Marks, Mix};
use crate::plan::Timeline;

/// The largest sample of a layer; the texture clips there.
const PEAK: Decibels = Decibels(-14.5);

/// The breath of a timeline as sound.
#[derive(Debug)]
pub(super) struct BreathTone {
    /// None where only the turns are marked.
    layers: Option<Arc<[Texture; LAYERS]>>,
    turns: Option<Arc<Turns>>,
    /// The gain of a texture at the top of a breath.
    gain: f32,
    swell: Swell,
}

impl BreathTone {
    /// The tone that a timeline asks for, if any.
    pub(super) fn of(timeline: &Timeline, channels: usize) -> Option<BreathTone> {
        let mix = &timeline.mix;
        if timeline.breaths.is_empty() || !mix.sounds_the_breath() {
            return None;
        }
        let textures = |tone| {
            let recipes = layers(tone);
            let seed = |layer: usize| 0x11 + (tone as usize * LAYERS + layer) as u64;
            let texture = |layer| Texture::new(recipes[layer], PEAK, seed(layer), timeline.rate, channels);
            Arc::new(std::array::from_fn(texture))
        };
        Some(BreathTone {
            layers: mix.tone.map(textures),
            turns: (mix.marks == Marks::Soft).then(|| Arc::new(Turns::new(mix, timeline.rate, channels))),
            gain: gain(mix).amplitude(),
            swell: Swell::new(timeline),
        })
    }

    /// The same tone for another timeline of the session.
    pub(super) fn again(&self, timeline: &Timeline) -> BreathTone {
        let (layers, turns) = (self.layers.clone(), self.turns.clone());
        BreathTone { layers, turns, gain: self.gain, swell: Swell::new(timeline) }
    }

    /// How large its samples become, as a part of full scale. Layers have nothing to do with each other, so their peaks add as
    /// their powers do, and their shares are of power 1.
    pub(super) fn peak(&self) -> f32 {
        let tone = if self.layers.is_some() { self.gain * PEAK.amplitude() } else { 0.0 };
        tone + self.turns.as_ref().map_or(0.0, |turns| turns.peak())
    }

    /// Where it sounds, in order, apart from each other.
    pub(super) fn sounding(&self) -> Vec<FrameRange> {
        self.swell.sounding()
    }

    /// Adds a block under a gain to `sums`, which begins `from` frames into the block.
    pub(super) fn add(&self, block: u64, under: Ramp, from: usize, sums: &mut [f32]) {
        if let Some(layers) = &self.layers {
            let mut place = self.swell.begun(block * BLOCK as u64);
            let levels = Ramp::each(block, |frame| self.swell.at(frame, &mut place).map(|level| self.gain * level));
            for (layer, level) in layers.iter().zip(levels).filter(|(_, level)| !level.is_zero()) {
                layer.add(block, level.times(under), from, sums);
            }
        }
        if let Some(turns) = &self.turns {
            turns.add(self.swell.parts(), block, under, from, sums);
        }
    }
}

/// From the loudness of a texture to that of the tone.
fn gain(mix: &Mix) -> Decibels {
    (mix.loudness - LOUDNESS) + mix.tone_level
}

#[cfg(test)]
mod tests {
    use super::super::texture::tests::measure;
    use super::*;
    use crate::load::language::mix::Tone;

    #[test]
    fn every_layer_stays_under_the_peak_and_is_alike_left_and_right() {
        for tone in [Tone::Airy, Tone::Chord, Tone::Ocean] {
            for recipe in layers(tone) {
                let (peak, levels) = measure(recipe);
                assert!(peak < PEAK.0 - 0.5, "{recipe:?}: {peak} dBFS");
                assert!((levels[0] - levels[1]).abs() < 0.5, "{recipe:?}: {levels:?}");
            }
        }
    }
}
