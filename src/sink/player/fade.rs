//! Fades: what was heard before a change goes out while what is heard now comes in.

/// A fade over the frames that are handed over from `start` on.
pub(super) struct Fade {
    /// How many frames had been handed over where it begins.
    start: u64,
    /// Its length in frames.
    frames: u64,
    /// What was heard before, for its whole length, interleaved; empty where that is silence. A change during a fade takes what
    /// that fade still gives as samples, so fades never pile up, however fast keys come.
    before: Vec<i16>,
}

impl Fade {
    /// A fade of `frames` frames from `before`, as long as the fade and interleaved, or from silence where `before` is empty.
    pub(super) fn new(start: u64, frames: u64, before: Vec<i16>) -> Fade {
        Fade { start, frames, before }
    }

    /// Fades `out`, the frames from `handed` on, and leaves what lies outside the fade as it is.
    pub(super) fn apply(&self, handed: u64, channels: usize, out: &mut [i16]) {
        let ahead = (self.start.saturating_sub(handed) as usize).min(out.len() / channels);
        let passed = handed.saturating_sub(self.start).min(self.frames);
        let rest = (self.frames - passed) as usize;
        let before = self.before.chunks(channels).skip(passed as usize);
        let before = before.map(Some).chain(std::iter::repeat(None));
        let frames = out[ahead * channels..].chunks_mut(channels).take(rest);
        for (index, (frame, before)) in frames.zip(before).enumerate() {
            let rise = (passed + index as u64 + 1) as f32 / (self.frames + 1) as f32;
            for (channel, sample) in frame.iter_mut().enumerate() {
                let before = before.map_or(0.0, |before| f32::from(before[channel]));
                // What is the same before and after stays so to the bit.
                *sample = (f32::from(*sample) * rise + before * (1.0 - rise)).round() as i16;
            }
        }
    }

    /// How many samples it keeps.
    #[cfg(test)]
    pub(super) fn samples(&self) -> usize {
        self.before.capacity()
    }
}
