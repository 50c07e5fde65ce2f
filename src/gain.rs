//! Levels: decibels, loudness, and the amplitudes they stand for.

use std::ops::{Add, Sub};

/// A ratio of amplitudes in decibels: 20·log10(ratio).
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Decibels(pub f32);

impl Decibels {
    /// No change.
    pub const ZERO: Decibels = Decibels(0.0);

    /// The factor that a sample is multiplied by. Computed by a pure-Rust `pow`, so it is the same on every machine.
    pub fn amplitude(self) -> f32 {
        libm::pow(10.0, f64::from(self.0) / 20.0) as f32
    }

    /// The level of an amplitude; minus infinity for zero.
    pub fn of_amplitude(amplitude: f32) -> Decibels {
        Decibels((20.0 * libm::log10(f64::from(amplitude.abs()))) as f32)
    }
}

impl Add for Decibels {
    type Output = Decibels;
    fn add(self, other: Decibels) -> Decibels {
        Decibels(self.0 + other.0)
    }
}

/// A loudness by ITU-R BS.1770-4, in LUFS.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Lufs(pub f32);

impl Lufs {
    /// The voice in stereo: what podcast players expect of speech (Apple: −16 ± 1 LUFS).
    pub const SPEECH: Lufs = Lufs(-16.0);

    /// What one of two equal channels reads by itself: half the power, 3.01 dB less.
    pub fn of_one_channel(self) -> Lufs {
        Lufs(self.0 - 3.0)
    }
}

impl Add<Decibels> for Lufs {
    type Output = Lufs;
    fn add(self, gain: Decibels) -> Lufs {
        Lufs(self.0 + gain.0)
    }
}

impl Sub for Lufs {
    type Output = Decibels;
    /// The gain that leads from `other` to this loudness.
    fn sub(self, other: Lufs) -> Decibels {
        Decibels(self.0 - other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_decibels_are_about_a_factor_of_two() {
        assert!((Decibels(6.0206).amplitude() - 2.0).abs() < 1e-4);
        assert!((Decibels::of_amplitude(0.5).0 + 6.0206).abs() < 1e-4);
    }
}
