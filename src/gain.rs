//! Levels: decibels and the amplitudes they stand for.

/// A ratio of amplitudes in decibels: 20·log10(ratio).
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Decibels(pub f32);

impl Decibels {
    /// The factor that a sample is multiplied by. Computed by a pure-Rust `pow`, so it is the same on every machine.
    pub fn amplitude(self) -> f32 {
        libm::pow(10.0, f64::from(self.0) / 20.0) as f32
    }

    /// The level of an amplitude; minus infinity for zero.
    pub fn of_amplitude(amplitude: f32) -> Decibels {
        Decibels((20.0 * libm::log10(f64::from(amplitude.abs()))) as f32)
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
