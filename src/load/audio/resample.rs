//! Sound at another rate, block by block.

use audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler as _};

use crate::frames::SampleRate;

/// Frames of a recording that are resampled at once: few, so that a long one is not held twice over.
const BLOCK: usize = 1024;

/// How many frames a recording has at another rate.
pub(crate) fn frames_at(frames: usize, from_hz: u32, to: SampleRate) -> usize {
    (frames as u64 * u64::from(to.hz())).div_ceil(u64::from(from_hz)) as usize
}

/// Hands a recording of one channel to `take` at the rate `to`, block by block.
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
    let mut resampler = Resampler::new(from_hz, to, 1, BLOCK)?;
    let (mut rest, mut missing) = (samples, frames_at(samples.len(), from_hz, to));
    while missing > 0 {
        // Past the end there is silence, which drives the last samples out of the filter.
        if rest.is_empty() {
            rest = &[0.0; BLOCK];
        }
        if let Some(block) = resampler.next(&mut rest)? {
            let block = &block[..block.len().min(missing)];
            take(block);
            missing -= block.len();
        }
    }
    Ok(())
}

/// Changes the rate of sound that comes in parts of any length. In 64 bit: its rounding stays far below half a 16-bit step, so the
/// vector units of different machines give the same 16-bit samples.
pub(super) struct Resampler {
    fft: Fft<f64>,
    channels: usize,
    /// A block of input, interleaved, and how many samples of it are there.
    input: Vec<f64>,
    filled: usize,
    output: Vec<f64>,
    /// Frames of the filter's delay that are still to be left out.
    delay_frames: usize,
}

impl Resampler {
    /// A resampler that works on so many frames at once.
    ///
    /// # Errors
    /// The rates do not go together, in words.
    pub(super) fn new(from_hz: u32, to: SampleRate, channels: usize, block_frames: usize) -> Result<Resampler, String> {
        let fft = Fft::new(from_hz as usize, to.hz() as usize, block_frames, channels, FixedSync::Input);
        let fft: Fft<f64> = fft.map_err(|error| failed(&error))?;
        let input = vec![0.0; channels * fft.input_frames_max()];
        let output = vec![0.0; channels * fft.output_frames_max()];
        let delay_frames = fft.output_delay();
        Ok(Resampler { fft, channels, input, filled: 0, output, delay_frames })
    }

    /// Takes samples off the front of `rest` until a block is full: what comes of it, interleaved. `None` where the block is not
    /// full yet.
    ///
    /// # Errors
    /// The resampler's own, in words.
    pub(super) fn next(&mut self, rest: &mut &[f64]) -> Result<Option<&mut [f64]>, String> {
        let (now, later) = rest.split_at(rest.len().min(self.input.len() - self.filled));
        self.input[self.filled..][..now.len()].copy_from_slice(now);
        self.filled += now.len();
        *rest = later;
        if self.filled < self.input.len() { Ok(None) } else { self.run().map(Some) }
    }

    /// What comes of the block that has begun, with silence after it; `None` where none has.
    ///
    /// # Errors
    /// The resampler's own, in words.
    pub(super) fn flush(&mut self) -> Result<Option<&mut [f64]>, String> {
        if self.filled == 0 {
            return Ok(None);
        }
        self.input[self.filled..].fill(0.0);
        self.run().map(Some)
    }

    fn run(&mut self) -> Result<&mut [f64], String> {
        let (channels, input_frames) = (self.channels, self.input.len() / self.channels);
        let output_frames = self.output.len() / channels;
        let from = InterleavedSlice::new(&self.input, channels, input_frames).map_err(|error| failed(&error))?;
        let mut into =
            InterleavedSlice::new_mut(&mut self.output, channels, output_frames).map_err(|error| failed(&error))?;
        let (_, made) = self.fft.process_into_buffer(&from, &mut into, None).map_err(|error| failed(&error))?;
        self.filled = 0;
        let left_out = self.delay_frames.min(made);
        self.delay_frames -= left_out;
        Ok(&mut self.output[channels * left_out..channels * made])
    }
}

fn failed(error: &dyn std::fmt::Display) -> String {
    format!("resampling failed: {error}")
}
