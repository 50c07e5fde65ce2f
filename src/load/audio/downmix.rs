//! Recordings with more than two channels, mixed to one.

use symphonia::core::audio::{Channels, Position};

/// What each channel counts for in the mix: a voice in the centre stays as loud as it is, one that is equal left and right too,
/// and what comes from behind counts 3 dB less (ITU-R BS.775-3, table 2). The channel for low effects is left out, as there.
const SIDE: f32 = 0.5;
const BEHIND: f32 = 0.353_553_4;

/// How the channels of a recording become one or two.
#[derive(Default)]
pub(super) struct Downmix {
    /// Channels as recorded.
    pub(super) channels: usize,
    /// The weight of each, where there are more than two.
    weights: Vec<f32>,
}

impl Downmix {
    pub(super) fn of(channels: &Channels) -> Downmix {
        let count = channels.count();
        if count <= 2 {
            return Downmix { channels: count, weights: Vec::new() };
        }
        let weights = match channels {
            Channels::Positioned(positions) => positions.iter().map(weight).collect(),
            // A WAV may name no positions: most programs mean this order.
            Channels::Discrete(5) => vec![SIDE, SIDE, 1.0, BEHIND, BEHIND],
            Channels::Discrete(6) => vec![SIDE, SIDE, 1.0, 0.0, BEHIND, BEHIND],
            _ => vec![1.0 / count as f32; count],
        };
        Downmix { channels: count, weights }
    }

    /// Channels after the mix.
    pub(super) fn mixed(&self) -> usize {
        self.channels.min(2).min(if self.weights.is_empty() { 2 } else { 1 })
    }

    /// Mixes interleaved samples in place.
    pub(super) fn run(&self, samples: &mut Vec<f32>) {
        if self.weights.is_empty() {
            return;
        }
        let frames = samples.len() / self.channels;
        for frame in 0..frames {
            let channels = &samples[frame * self.channels..][..self.channels];
            samples[frame] = channels.iter().zip(&self.weights).map(|(sample, weight)| sample * weight).sum();
        }
        samples.truncate(frames);
    }
}

fn weight(position: Position) -> f32 {
    if position == Position::FRONT_CENTER {
        1.0
    } else if position == Position::LFE1 || position == Position::LFE2 {
        0.0
    } else if position == Position::FRONT_LEFT || position == Position::FRONT_RIGHT {
        SIDE
    } else {
        BEHIND
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_in_the_centre_or_left_and_right_is_as_loud_as_alone() {
        let mix = Downmix::of(&Channels::Discrete(6));
        let mut samples = vec![0.0, 0.0, 0.7, 0.9, 0.0, 0.0, 0.6, 0.6, 0.0, 0.0, 0.0, 0.0];
        mix.run(&mut samples);
        assert_eq!((samples, mix.mixed()), (vec![0.7, 0.6], 1));
    }
}
