//! Samples in 16 bit, the steps that a recording is kept in.

use pulp::Arch;

use crate::multiversion::multiversion;

/// Appends samples in 16 bit.
pub(crate) fn append(steps: &mut Vec<i16>, samples: &[f64]) {
    let kept = steps.len();
    steps.resize(kept + samples.len(), 0);
    round(Arch::new(), samples, &mut steps[kept..]);
}

multiversion! {
    /// Writes the samples in 16 bit.
    fn round<'a>(samples: &'a [f64], out: &'a mut [i16]) {
        for (out, sample) in out.iter_mut().zip(samples) {
            *out = to_i16(*sample);
        }
    }
}

/// The nearest 16-bit step, halves away from zero, clipped at full scale: what `f64::round` says, without the call of a
/// function for every sample. Near 1.5 · 2^52 the steps of a float are whole numbers, so a sum with it is rounded; halves go
/// to the even side there, and are put right.
#[inline]
fn to_i16(sample: f64) -> i16 {
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    let scaled = (sample * 32768.0).clamp(-32768.0, 32767.0);
    let even = (scaled + WHOLE) - WHOLE;
    let rest = scaled - even;
    let up = if rest >= 0.5 && scaled > 0.0 { 1.0 } else { 0.0 };
    let down = if rest <= -0.5 && scaled < 0.0 { 1.0 } else { 0.0 };
    // The last bits of the sum are the whole number itself.
    (even + up - down + WHOLE).to_bits() as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_becomes_the_nearest_step_and_halves_go_away_from_zero() {
        let steps = (-70_000..70_000).map(|quarter| f64::from(quarter) / 4.0);
        let edges = [0.499_999_999_999_999_94, -0.499_999_999_999_999_94, 1e9, -1e9, 32767.5, -32768.5];
        for step in steps.chain(edges) {
            let expected = step.round().clamp(-32768.0, 32767.0) as i16;
            assert_eq!(to_i16(step / 32768.0), expected, "{step}");
        }
    }
}
