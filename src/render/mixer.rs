//! The mixer: any range of a timeline as samples.
//!
//! It has no cursor and no memory: [`Mixer::fill`] takes `&self`, and the same range gives the same samples however it is
//! cut. So a file is written in parallel, live play seeks at once, and nothing renders in a way of its own.

use std::sync::Arc;

use super::bell;
use crate::diagnostic::Diagnostic;
use crate::error::Result;
use crate::frames::{FrameRange, Frames};
use crate::load::Shelf;
use crate::plan::Timeline;
use crate::plan::timeline::{Region, Sound};

/// Samples for a frame: one or two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channels {
    /// One.
    Mono,
    /// Two, left first.
    Stereo,
}

impl Channels {
    /// How many.
    pub fn count(self) -> usize {
        match self {
            Channels::Mono => 1,
            Channels::Stereo => 2,
        }
    }
}

/// Renders a timeline.
#[derive(Clone, Debug)]
pub struct Mixer {
    timeline: Arc<Timeline>,
    shelf: Arc<Shelf>,
    channels: Channels,
    /// The longest region: how far before a range one may begin that reaches into it.
    longest: Frames,
    /// Whether what lies under everything is left out.
    bedless: bool,
}

impl Mixer {
    /// A mixer for a timeline that was planned at the shelf's rate.
    pub fn new(timeline: Arc<Timeline>, shelf: Arc<Shelf>, channels: Channels) -> Mixer {
        let longest = timeline.regions.iter().map(|region| region.frames).max().unwrap_or(Frames::ZERO);
        Mixer { timeline, shelf, channels, longest, bedless: false }
    }

    /// The same for another timeline, such as an edited one.
    pub fn again(&self, timeline: Arc<Timeline>) -> Mixer {
        Mixer { bedless: self.bedless, ..Mixer::new(timeline, Arc::clone(&self.shelf), self.channels) }
    }

    /// Leaves out what lies under everything, or puts it back; whether it is there now.
    pub fn switch_bed(&mut self) -> bool {
        self.bedless = !self.bedless;
        !self.bedless
    }

    /// What it renders.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// Samples for a frame.
    pub fn channels(&self) -> Channels {
        self.channels
    }

    /// Writes the frames from `start` on, interleaved, full scale 32768, into `out`; what lies past the end is silent.
    /// `out` holds whole frames.
    ///
    /// # Errors
    /// A recording cannot be read any more, or is no longer as it was when the timeline was planned.
    pub fn fill(&self, start: Frames, out: &mut [i16]) -> Result<()> {
        out.fill(0);
        let window = FrameRange::new(start, Frames((out.len() / self.channels.count()) as u64));
        for region in self.reaching(window) {
            let common = region.range().intersect(window);
            let offset = (common.start - start).0 as usize * self.channels.count();
            let samples = common.frames().0 as usize * self.channels.count();
            self.add(region, common.start - region.start, &mut out[offset..offset + samples])?;
        }
        Ok(())
    }

    /// The ranges in which anything sounds, in order, apart from each other. Between them there is digital silence.
    pub fn sounding(&self) -> Vec<FrameRange> {
        let mut ranges: Vec<FrameRange> = Vec::new();
        for range in self.timeline.regions.iter().map(|region| region.range()).filter(|range| !range.is_empty()) {
            match ranges.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => ranges.push(range),
            }
        }
        ranges
    }

    /// The regions that sound in a range.
    fn reaching(&self, window: FrameRange) -> impl Iterator<Item = Region> {
        let regions = &self.timeline.regions;
        let first = regions.partition_point(|region| region.start + self.longest <= window.start);
        let end = regions.partition_point(|region| region.start < window.end);
        let regions = regions[first..end].iter().copied().filter(|region| !(self.bedless && region.track.continues()));
        regions.filter(move |region| !region.range().intersect(window).is_empty())
    }

    /// Adds a region's samples from `offset` on.
    fn add(&self, region: Region, offset: Frames, out: &mut [i16]) -> Result<()> {
        match &self.timeline.sounds[region.sound] {
            Sound::Clip { file, .. } => {
                let end = offset + Frames((out.len() / self.channels.count()) as u64);
                let clip = self.shelf.clip_until(file, end)?;
                if clip.frames() < end || (clip.whole && clip.frames() != region.frames) {
                    let message =
                        format!("expected the recording of `{}` as it was planned, found it changed", file.cue);
                    return Err(Diagnostic::error("changed-clip", message).help("start again").into());
                }
                self.add_mono(&clip.samples[offset.0 as usize..], out);
            }
            Sound::Bell { bell, .. } => {
                let mut samples = vec![0; out.len() / self.channels.count()];
                bell::fill(*bell, self.timeline.rate, offset, &mut samples);
                self.add_mono(&samples, out);
            }
        }
        Ok(())
    }

    /// Adds one channel to all, clipping at full scale.
    fn add_mono(&self, samples: &[i16], out: &mut [i16]) {
        match self.channels {
            Channels::Mono => {
                for (out, sample) in out.iter_mut().zip(samples) {
                    *out = out.saturating_add(*sample);
                }
            }
            Channels::Stereo => {
                // Doubled first, so that the sum is one over plain samples, which vector units are made for.
                let mut doubled = [[0; 2]; 256];
                for (out, samples) in out.chunks_mut(2 * doubled.len()).zip(samples.chunks(doubled.len())) {
                    doubled.iter_mut().zip(samples).for_each(|(frame, sample)| *frame = [*sample; 2]);
                    let sums = out.iter_mut().zip(doubled[..samples.len()].as_flattened());
                    sums.for_each(|(out, sample)| *out = out.saturating_add(*sample));
                }
            }
        }
    }
}
