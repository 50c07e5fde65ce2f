//! Small sounds that mark where the breath turns, for who hears the tone badly: on a small loudspeaker, or across a room.

use std::f64::consts::TAU;

use super::ramp::{BLOCK, Ramp};
use crate::frames::SampleRate;
use crate::gain::Decibels;
use crate::load::language::breathing::BreathPart;
use crate::load::language::mix::Mix;
use crate::plan::timeline::BreathSpan;

/// The largest sample of a mark over the loudness of the tone: with the usual voice (−16 LUFS) and tone (18 dB less) −34 dBFS. A sine
/// stands out of noise and chords at that; and it is the most that fits over the loudest word with the usual bed and tone.
const PEAK: Decibels = Decibels(0.0);
/// A tone may be turned up as far as one likes; a mark stays this far under the voice at least.
const UNDER_VOICE: Decibels = Decibels(-12.0);
/// How long a mark comes up: too slow to click, quick enough to be a moment.
const STRIKE_SECONDS: f64 = 0.012;
/// In how many seconds it falls by 60 dB, and when it has ended.
const FALL_SECONDS: f64 = 0.5;
const END_SECONDS: f64 = 0.4;

/// The pitch of each mark in hertz, in tune with the tone: high for in, an octave lower for out, between them where the breath is
/// held. All of them are heard on a phone.
fn pitch(part: BreathPart) -> f64 {
    match part {
        BreathPart::Inhale => 1_174.66,
        BreathPart::Full | BreathPart::Empty => 880.0,
        BreathPart::Exhale => 587.33,
    }
}

/// The marks of a session, ready to be added.
#[derive(Debug)]
pub(super) struct Turns {
    /// The sound for each part of a breath, in steps of 16 bit, the same in every channel.
    sounds: [Vec<f32>; 4],
    peak: f32,
    channels: usize,
}

impl Turns {
    pub(super) fn new(mix: &Mix, rate: SampleRate, channels: usize) -> Turns {
        let under = mix.tone_level.0.min(UNDER_VOICE.0);
        let peak = Decibels(mix.loudness.0 + under + PEAK.0).amplitude();
        let sounds = BreathPart::ALL.map(|part| {
            // A hold is less of a turn.
            let level = if matches!(part, BreathPart::Full | BreathPart::Empty) { 0.5 } else { 1.0 };
            mark(pitch(part), f64::from(rate.hz()), level * 32_768.0 * f64::from(peak))
        });
        Turns { sounds, peak, channels }
    }

    /// How large its samples become, as a part of full scale.
    pub(super) fn peak(&self) -> f32 {
        self.peak
    }

    /// Adds what sounds of them in a block, under a gain, to `sums`, which begins `from` frames into the block.
    pub(super) fn add(&self, parts: &[BreathSpan], block: u64, under: Ramp, from: usize, sums: &mut [f32]) {
        let first = block * BLOCK as u64 + from as u64;
        let end = first + (sums.len() / self.channels) as u64;
        let length = self.sounds[0].len() as u64;
        let earliest = parts.partition_point(|part| part.start.0 + length <= first);
        for part in parts[earliest..].iter().take_while(|part| part.start.0 < end) {
            let sound = &self.sounds[part.part as usize];
            let begin = first.max(part.start.0);
            let at = (begin - first) as usize;
            let frames = sums[at * self.channels..].chunks_exact_mut(self.channels).enumerate();
            for ((frame, sums), sample) in frames.zip(&sound[(begin - part.start.0) as usize..]) {
                let sample = sample * under.at(from + at + frame);
                sums.iter_mut().for_each(|sum| *sum += sample);
            }
        }
    }
}

/// One mark: a sine that comes up softly, dies away, and is faded out before its end.
fn mark(hz: f64, rate_hz: f64, peak: f64) -> Vec<f32> {
    let frames = (END_SECONDS * rate_hz) as usize;
    let ease = |share: f64| {
        let share = share.clamp(0.0, 1.0);
        share * share * (3.0 - 2.0 * share)
    };
    let sample = |frame: usize| {
        let time = frame as f64 / rate_hz;
        // 60 dB are a factor of 1000.
        let fall = libm::pow(1_000.0, -time / FALL_SECONDS);
        let edges = ease(time / STRIKE_SECONDS) * ease((END_SECONDS - time) / 0.1);
        (peak * fall * edges * libm::sin(TAU * hz * time)) as f32
    };
    (0..frames).map(sample).collect()
}
