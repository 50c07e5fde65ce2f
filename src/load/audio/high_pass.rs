//! What lies below all that is heard, taken off: rumble under speech, a constant offset under a bed.
//!
//! Two filters, not one: speech needs the steeper slope, as rumble reaches up to where a voice begins; music keeps its lowest notes
//! with the gentler one. Nor are they the filters that colour noise ([`crate::render`]): another order of the same operations
//! rounds differently, and what a recording becomes has to stay the same to the bit.

use std::f64::consts::{SQRT_2, TAU};

use crate::frames::SampleRate;

/// What lies below is rumble, in hertz: a low man's voice begins at 75 Hz.
const RUMBLE_HZ: f64 = 55.0;
/// Nobody hears what lies below this, in hertz; a constant offset above all, which would take the room of what is heard and be
/// measured as if it were.
const INAUDIBLE_HZ: f64 = 10.0;

/// Takes off what lies below speech, over a whole recording of one channel.
pub(super) fn speech(samples: &mut [f64], rate_hz: u32) {
    Rumble::new(rate_hz).run(samples);
}

/// Takes off what lies below speech: a Butterworth filter of the second order, over one channel that may come in parts.
pub(super) struct Rumble {
    b: f64,
    a1: f64,
    a2: f64,
    /// The last two samples that came in, none before the first, and the last two that went out.
    last_in: Option<[f64; 2]>,
    last_out: [f64; 2],
}

impl Rumble {
    pub(super) fn new(rate_hz: u32) -> Rumble {
        let angle = TAU * RUMBLE_HZ / f64::from(rate_hz);
        let (cos, alpha) = (libm::cos(angle), libm::sin(angle) / SQRT_2);
        let unit = 1.0 / (1.0 + alpha);
        let (b, a1, a2) = (f64::midpoint(1.0, cos) * unit, -2.0 * cos * unit, (1.0 - alpha) * unit);
        Rumble { b, a1, a2, last_in: None, last_out: [0.0; 2] }
    }

    /// Filters the next samples in place.
    pub(super) fn run(&mut self, samples: &mut [f64]) {
        let Some(first) = samples.first() else { return };
        // As if the first sample had always been there, so that an offset makes no thump.
        let ([mut x1, mut x2], [mut y1, mut y2]) = (self.last_in.unwrap_or([*first; 2]), self.last_out);
        let (b, a1, a2) = (self.b, self.a1, self.a2);
        for sample in samples {
            let y = b * (*sample - 2.0 * x1 + x2) - a1 * y1 - a2 * y2;
            (x2, x1, y2, y1) = (x1, *sample, y1, y);
            // Where the filter dies away in true silence, silence it is.
            *sample = if y.abs() < 1e-7 { 0.0 } else { y };
        }
        (self.last_in, self.last_out) = (Some([x1, x2]), [y1, y2]);
    }
}

/// Takes off what lies below hearing: a filter of the first order, over stereo that comes in parts.
pub(super) struct Inaudible {
    /// The part of the last output that stays in the next.
    feedback: f64,
    /// The last frame that came in, if any.
    last_in: Option<[f64; 2]>,
    last_out: [f64; 2],
}

impl Inaudible {
    pub(super) fn new(rate: SampleRate) -> Inaudible {
        let feedback = 1.0 / (1.0 + TAU * INAUDIBLE_HZ / f64::from(rate.hz()));
        Inaudible { feedback, last_in: None, last_out: [0.0; 2] }
    }

    /// Filters the next frames in place.
    pub(super) fn run(&mut self, stereo: &mut [f64]) {
        let (frames, _) = stereo.as_chunks_mut::<2>();
        let Some(first) = frames.first() else { return };
        // As if the first frame had always been there, so that an offset makes no thump.
        let (mut last, mut out) = (self.last_in.unwrap_or(*first), self.last_out);
        for frame in frames {
            out = [0, 1].map(|channel| self.feedback * (out[channel] + (frame[channel] - last[channel])));
            last = *frame;
            *frame = out;
        }
        (self.last_in, self.last_out) = (Some(last), out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 48_000;

    #[test]
    fn an_offset_and_rumble_go_and_a_low_voice_stays() {
        let sine = |hz: f64, frame: usize| libm::sin(TAU * hz * frame as f64 / f64::from(RATE));
        let level = |hz: f64| {
            let mut samples: Vec<f64> = (0..RATE as usize).map(|frame| 0.2 + sine(hz, frame)).collect();
            speech(&mut samples, RATE);
            samples[RATE as usize / 2..].iter().fold(0.0f64, |most, sample| most.max(sample.abs()))
        };
        assert!(level(15.0) < 0.1 && level(110.0) > 0.95, "{} {}", level(15.0), level(110.0));
        let mut constant = vec![0.4; 48_000];
        speech(&mut constant, RATE);
        assert!(constant.iter().all(|sample| *sample == 0.0), "no thump at the start");
    }
}
