//! A recording at another rate.

use audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler};

use crate::frames::SampleRate;

/// Frames that are resampled at once: few, so that a long recording is not held twice over.
const BLOCK: usize = 1024;

/// How many frames a recording has at another rate.
pub(crate) fn frames_at(frames: usize, from_hz: u32, to: SampleRate) -> usize {
    (frames as u64 * u64::from(to.hz())).div_ceil(u64::from(from_hz)) as usize
}

/// Hands a recording to `take` at the rate `to`, block by block. In 64 bit: its rounding stays far below half a 16-bit step, so
/// the vector units of different machines give the same 16-bit samples.
///
/// # Errors
/// The resampler's own, in words.
pub(crate) fn resample(
    samples: &[f64],
    from_hz: u32,
    to: SampleRate,
    mut take: impl FnMut(&[f64]),
) -> Result<(), String> {
    if from_hz == to.hz() {
        take(samples);
        return Ok(());
    }
    let wrong = |error: &dyn std::fmt::Display| format!("resampling failed: {error}");
    let mut resampler = Fft::<f64>::new(from_hz as usize, to.hz() as usize, BLOCK, 1, FixedSync::Input)
        .map_err(|error| wrong(&error))?;
    let (mut input, mut output) = ([0.0; BLOCK], vec![0.0; resampler.output_frames_max()]);
    let (mut blocks, mut late) = (samples.chunks(BLOCK), resampler.output_delay());
    let mut missing = frames_at(samples.len(), from_hz, to);
    while missing > 0 {
        // Past the end there is silence, which drives the last samples out of the filter.
        let block = blocks.next().unwrap_or_default();
        input[block.len()..].fill(0.0);
        input[..block.len()].copy_from_slice(block);
        let frames = output.len();
        let from = InterleavedSlice::new(&input, 1, BLOCK).map_err(|error| wrong(&error))?;
        let mut into = InterleavedSlice::new_mut(&mut output, 1, frames).map_err(|error| wrong(&error))?;
        let (_, made) = resampler.process_into_buffer(&from, &mut into, None).map_err(|error| wrong(&error))?;
        let skipped = late.min(made);
        late -= skipped;
        let made = &output[skipped..made.min(skipped + missing)];
        take(made);
        missing -= made.len();
    }
    Ok(())
}
