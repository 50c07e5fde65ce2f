//! How loud a session is played: the one thing that a key changes about its samples.

use crate::gain::Decibels;

/// The loudest, in steps above what `export` writes: what is beyond full scale is clipped.
const MOST: i8 = 2;
/// The quietest: 30 dB less, where the bell that answers is still heard in a quiet room.
const LEAST: i8 = -10;
/// A step, in decibels: 3 dB is the least that is heard at once as a change.
const STEP: Decibels = Decibels(3.0);

/// How loud, in steps from what `export` writes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Volume(i8);

impl Volume {
    pub(super) fn change(&mut self, steps: i8) {
        self.0 = self.0.saturating_add(steps).clamp(LEAST, MOST);
    }

    fn amplitude(self) -> f32 {
        Decibels(STEP.0 * f32::from(self.0)).amplitude()
    }

    /// The amplitude in percent, for people to read.
    pub(super) fn percent(self) -> u32 {
        (self.amplitude() * 100.0).round() as u32
    }

    /// Untouched samples stay as they are.
    pub(super) fn apply(self, out: &mut [i16]) {
        if self.0 != 0 {
            let gain = self.amplitude();
            // Casting saturates: louder than full scale is full scale.
            out.iter_mut().for_each(|sample| *sample = (f32::from(*sample) * gain).round() as i16);
        }
    }
}
