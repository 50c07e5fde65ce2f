//! The recordings and bells of a session: which of them sound in a range, and their samples.

use std::sync::Arc;

use pulp::Arch;

use super::bell;
use super::channels::Channels;
use super::ramp::BLOCK;
use crate::diagnostic::{Code, Diagnostic};
use crate::error::Result;
use crate::frames::{FrameRange, Frames, SampleRate};
use crate::gain::Decibels;
use crate::load::ClipCache;
use crate::load::audio::clip::Clip;
use crate::load::language::routine::Bell;
use crate::multiversion::multiversion;
use crate::plan::Timeline;
use crate::plan::timeline::{Region, Sound, Track};

/// How much louder the near channel is than the far one, for a voice that comes from a side: a shoulder's width at arm's
/// length, and still a voice in front.
const SIDE: Decibels = Decibels(4.0);

/// The recordings and bells that are heard.
#[derive(Debug)]
pub(super) struct ClipsInRange {
    timeline: Arc<Timeline>,
    cache: Arc<ClipCache>,
    channels: Channels,
    /// The regions, sorted by start.
    all: Vec<(Region, Sides)>,
    /// The length of the longest region: one that begins earlier than this before a range does not reach into it.
    longest: Frames,
}

/// What a region's samples are multiplied by in each channel, where it does not come from the centre.
type Sides = Option<[f32; 2]>;

/// A region that sounds in a range.
pub(super) struct Playing {
    /// Where it sounds.
    pub(super) range: FrameRange,
    sides: Sides,
    source: Source,
    channels: Channels,
    rate: SampleRate,
}

enum Source {
    Clip(Arc<Clip>),
    Bell(Bell),
}

impl ClipsInRange {
    /// Those on some tracks of a timeline.
    pub(super) fn new(
        timeline: &Arc<Timeline>,
        cache: &Arc<ClipCache>,
        channels: Channels,
        tracks: &[Track],
    ) -> ClipsInRange {
        let heard =
            |region: &&Region| matches!(region.track, Track::Voice | Track::Bell) && tracks.contains(&region.track);
        let aside = timeline.mix.pan_sides && channels == Channels::Stereo;
        let sides =
            |region: &Region| if aside && region.track == Track::Voice { sides(timeline, region) } else { None };
        let all: Vec<_> = timeline.regions.iter().filter(heard).map(|region| (*region, sides(region))).collect();
        let longest = all.iter().map(|(region, _)| region.frames).max().unwrap_or(Frames::ZERO);
        ClipsInRange { timeline: Arc::clone(timeline), cache: Arc::clone(cache), channels, all, longest }
    }

    /// The ranges in which they sound.
    pub(super) fn ranges(&self) -> impl Iterator<Item = FrameRange> + '_ {
        self.all.iter().map(|(region, _)| region.range())
    }

    /// The ranges in which those sound that come from a side.
    pub(super) fn ranges_aside(&self) -> impl Iterator<Item = FrameRange> + '_ {
        self.all.iter().filter(|(_, sides)| sides.is_some()).map(|(region, _)| region.range())
    }

    /// Those that sound in a range, ready for all frames of it.
    ///
    /// # Errors
    /// A recording cannot be read any more, or is no longer as it was when the timeline was planned.
    pub(super) fn playing(&self, window: FrameRange) -> Result<Vec<Playing>> {
        let first = self.all.partition_point(|(region, _)| region.start + self.longest <= window.start);
        let end = self.all.partition_point(|(region, _)| region.start < window.end);
        let reaching = self.all.get(first..end).unwrap_or_default().iter();
        reaching
            .filter(|(region, _)| !region.range().intersect(window).is_empty())
            .map(|(region, sides)| {
                let source = self.open(region, window)?;
                let (channels, rate) = (self.channels, self.timeline.rate);
                Ok(Playing { range: region.range(), sides: *sides, source, channels, rate })
            })
            .collect()
    }

    fn open(&self, region: &Region, window: FrameRange) -> Result<Source> {
        let file = match &self.timeline.sounds[region.sound] {
            Sound::Clip { file, .. } | Sound::Bell { file: Some(file), .. } => file,
            Sound::Bell { bell, .. } => return Ok(Source::Bell(*bell)),
            // `new` keeps no regions of tones and beds, so no sound of theirs comes here.
            Sound::Tone(_) | Sound::Bed(_) => return Ok(Source::Bell(Bell::Soft)),
        };
        let common = region.range().intersect(window);
        let heard = FrameRange { start: common.start - region.start, end: common.end - region.start };
        let clip = self.cache.clip_part(file, heard)?;
        if clip.frames() < heard.end || (clip.whole && clip.frames() != region.frames) {
            let message = format!("expected the recording of `{}` as it was planned, found it changed", file.cue);
            return Err(Diagnostic::error(Code::ChangedClip, message).help("start again").into());
        }
        Ok(Source::Clip(clip))
    }
}

impl Playing {
    /// Adds its samples from its frame `offset` on to all channels, clipping at full scale.
    pub(super) fn write(&self, offset: Frames, out: &mut [i16]) {
        match &self.source {
            Source::Clip(clip) => add_mono(&clip.samples[offset.0 as usize..], self.channels, out),
            Source::Bell(bell) => {
                let mut samples = vec![0; out.len() / self.channels.count()];
                bell::fill(*bell, self.rate, offset, &mut samples);
                add_mono(&samples, self.channels, out);
            }
        }
    }

    /// Adds its samples from its frame `offset` on, at most a block, to each channel by its share.
    pub(super) fn add(&self, offset: Frames, sums: &mut [f32]) {
        let mut bell = [0i16; BLOCK];
        let samples = match &self.source {
            Source::Clip(clip) => &clip.samples[offset.0 as usize..],
            Source::Bell(which) => {
                let samples = &mut bell[..sums.len() / self.channels.count()];
                bell::fill(*which, self.rate, offset, samples);
                samples
            }
        };
        add_shares(Arch::new(), samples, self.sides.unwrap_or([1.0; 2]), self.channels, sums);
    }
}

/// The side that a region's voice comes from.
fn sides(timeline: &Timeline, region: &Region) -> Sides {
    // The powers of both channels add up to what they are from the centre, so the voice stays as loud.
    let far = (2.0 / (1.0 + Decibels(2.0 * SIDE.0).amplitude())).sqrt();
    let near = far * SIDE.amplitude();
    let next = timeline.phases.partition_point(|phase| phase.start <= region.start);
    let phase = timeline.phases.get(next.checked_sub(1)?)?;
    match phase.side.as_deref().filter(|_| region.start < phase.start + phase.frames)? {
        "left" => Some([near, far]),
        "right" => Some([far, near]),
        _ => None,
    }
}

/// Adds one channel to all, clipping at full scale.
fn add_mono(samples: &[i16], channels: Channels, out: &mut [i16]) {
    match channels {
        Channels::Mono => {
            for (out, sample) in out.iter_mut().zip(samples) {
                *out = out.saturating_add(*sample);
            }
        }
        Channels::Stereo => {
            // The samples are doubled first: then the sum runs over plain arrays, which vector units are made for.
            let mut doubled = [[0; 2]; 256];
            for (out, samples) in out.chunks_mut(2 * doubled.len()).zip(samples.chunks(doubled.len())) {
                doubled.iter_mut().zip(samples).for_each(|(frame, sample)| *frame = [*sample; 2]);
                let sums = out.iter_mut().zip(doubled[..samples.len()].as_flattened());
                sums.for_each(|(out, sample)| *out = out.saturating_add(*sample));
            }
        }
    }
}

multiversion! {
    /// Adds one channel to all, to each by its share.
    fn add_shares<'a>(samples: &'a [i16], shares: [f32; 2], channels: Channels, sums: &'a mut [f32]) {
        match channels {
            Channels::Mono => sums.iter_mut().zip(samples).for_each(|(sum, sample)| *sum += f32::from(*sample)),
            Channels::Stereo => {
                for (frame, sample) in sums.as_chunks_mut::<2>().0.iter_mut().zip(samples) {
                    frame[0] += f32::from(*sample) * shares[0];
                    frame[1] += f32::from(*sample) * shares[1];
                }
            }
        }
    }
}
