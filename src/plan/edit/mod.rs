//! A timeline that is changed while it plays: longer, shorter, or with fewer words from here on.
//!
//! Pure: a timeline and the frame that is heard come in, a new timeline goes out. What was heard stays as it was, to the
//! frame, so whoever plays it goes on where they are.

mod longer;
mod release;
mod splice;
mod turn;

pub use longer::{Grown, longer};
pub use release::release;
pub use splice::splice;

use super::timeline::{Region, Timeline, Track};
use crate::frames::{FrameRange, Frames};

impl Timeline {
    /// Sorts everything as a timeline has it, and lays bed and tone under it anew.
    fn settle(&mut self) {
        self.regions.sort_by_key(|region| (region.start, region.track.word(), region.sound));
        self.breaths.sort_by_key(|breath| breath.start);
        self.phases.sort_by_key(|phase| phase.start);
        self.lay_under();
    }

    /// Takes out the regions whose words are not true any more.
    fn leave_out(&mut self, untrue: impl Fn(&Region) -> bool) {
        self.regions.retain(|region| !untrue(region));
    }

    /// Opens `frames` of silence at `at`. What begins there or later moves on; a phase and a chapter that hold it, or end there, grow.
    fn open(&mut self, at: Frames, frames: Frames) {
        for region in &mut self.regions {
            if region.start >= at {
                region.start += frames;
            }
        }
        for breath in self.breaths.iter_mut().filter(|breath| breath.start >= at) {
            breath.start += frames;
        }
        let grown = self.phases.iter().rposition(|phase| phase.start < at && phase.start + phase.frames >= at);
        for (index, phase) in self.phases.iter_mut().enumerate() {
            if phase.start >= at {
                phase.start += frames;
            } else if Some(index) == grown {
                phase.frames += frames;
            }
        }
        let grown = self.chapters.iter().rposition(|chapter| chapter.start < at);
        for (index, chapter) in self.chapters.iter_mut().enumerate() {
            if chapter.start >= at {
                chapter.start += frames;
            } else if Some(index) == grown {
                chapter.frames += frames;
            }
        }
        self.frames += frames;
    }

    /// Takes a range out. What begins in it goes; what begins later moves up; what it lies in shrinks.
    fn cut(&mut self, range: FrameRange) {
        let gone = range.frames();
        let kept = |frame: Frames| frame.min(range.start) + Frames(frame.0.max(range.end.0) - range.end.0);
        let inside = |frame: Frames| frame >= range.start && frame < range.end;
        self.regions.retain(|region| !inside(region.start));
        for region in &mut self.regions {
            if region.start >= range.end {
                region.start = region.start - gone;
            }
        }
        for (start, frames) in self
            .breaths
            .iter_mut()
            .map(|breath| (&mut breath.start, &mut breath.frames))
            .chain(self.phases.iter_mut().map(|phase| (&mut phase.start, &mut phase.frames)))
            .chain(self.chapters.iter_mut().map(|chapter| (&mut chapter.start, &mut chapter.frames)))
        {
            let end = kept(*start + *frames);
            *start = kept(*start);
            *frames = end - *start;
        }
        self.breaths.retain(|breath| breath.frames > Frames::ZERO);
        self.phases.retain(|phase| phase.frames > Frames::ZERO);
        self.chapters.retain(|chapter| chapter.frames > Frames::ZERO);
        self.frames = self.frames - gone;
    }

    /// Whether words in `range` would keep `apart` from all others.
    fn has_room(&self, range: FrameRange, apart: Frames) -> bool {
        let crowds =
            |region: &Region| range.start < region.start + region.frames + apart && region.start < range.end + apart;
        !self.regions.iter().any(|region| region.track == Track::Voice && crowds(region))
    }
}

#[cfg(test)]
mod tests;
