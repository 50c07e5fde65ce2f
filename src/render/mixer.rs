//! The mixer: any range of a timeline as samples.
//!
//! It has no cursor and no memory: [`Mixer::fill`] takes `&self`, and the same range gives the same samples however it is
//! cut. So a file is written in parallel, live play seeks at once, and nothing renders in a way of its own.
//!
//! Recordings and bells are whole numbers in 16 bit, and where nothing else sounds they are what is heard, bit for bit. Where
//! a tone, a bed, or a voice that comes from one side sounds with them, the sum is taken in 32-bit floating point, block
//! by block, and brought to 16 bit with dither.

use std::sync::Arc;

use super::bed::{Backdrop, Wake};
use super::channels::Channels;
use super::clips::{ClipsInRange, Playing};
use super::dither;
use super::ducking::Ducking;
use super::loudness::{self, Peaks, Unmastered};
use super::ramp::BLOCK;
use super::tone::BreathTone;
use crate::error::Result;
use crate::frames::{FrameRange, Frames};
use crate::gain::Decibels;
use crate::load::ClipCache;
use crate::load::audio::bed_file::BedFile;
use crate::plan::Timeline;
use crate::plan::timeline::Track;
use crate::work::Work;

/// How far the bed and the tone make way for words.
const BED_MAKES_WAY: Decibels = Decibels(-6.0);
const TONE_MAKES_WAY: Decibels = Decibels(-4.0);

/// Renders a timeline: see [`Session::mixer`](crate::session::Session::mixer).
#[derive(Clone, Debug)]
pub struct Mixer {
    timeline: Arc<Timeline>,
    cache: Arc<ClipCache>,
    bed_file: Option<Arc<BedFile>>,
    channels: Channels,
    placed: Arc<ClipsInRange>,
    tone: Option<Arc<BreathTone>>,
    bed: Option<Arc<Backdrop>>,
    wake: Option<Arc<Wake>>,
    ducking: Arc<Ducking>,
    /// The gains of what lies under the voice, where it makes way.
    bed_makes_way: f32,
    tone_makes_way: f32,
    /// The gain of the whole.
    master: f32,
    /// The ranges in which sums are taken in floating point: sorted, and none touches another.
    mixed: Arc<[FrameRange]>,
    /// Whether the bed is left out.
    bedless: bool,
}

impl Mixer {
    /// A mixer for a timeline that was planned at the cache's rate; `bed_file` is its bed, where that is a file. Where the sum could
    /// pass the limit, the loudness of the session is measured, which takes as long as rendering it.
    ///
    /// # Errors
    /// A recording or the bed's file cannot be read any more; someone wants it to stop.
    pub(crate) fn new(
        timeline: Arc<Timeline>,
        cache: Arc<ClipCache>,
        bed_file: Option<Arc<BedFile>>,
        channels: Channels,
        work: &Work<'_>,
    ) -> Result<Mixer> {
        let mut mixer = Mixer::of_tracks(timeline, cache, bed_file, channels, &Track::ALL);
        let peaks = mixer.peaks();
        if !peaks.fit() {
            let session = Unmastered {
                frames: mixer.timeline.frames,
                placed: union(mixer.placed.ranges().collect()),
                rate: mixer.timeline.rate,
                channels: channels.count(),
                fill: &|start, out| mixer.fill_wide(start, out),
            };
            mixer.master = loudness::master(&session, peaks, work)?;
            mixer.mixed = mixer.mixed_ranges();
        }
        Ok(mixer)
    }

    /// The same for another timeline with the same mix, such as an edited one. What lies under the voice goes on from the
    /// sounds that are made already, and the gain of the whole stays.
    pub(crate) fn again(&self, timeline: Arc<Timeline>) -> Mixer {
        let placed = ClipsInRange::new(&timeline, &self.cache, self.channels, &Track::ALL);
        let tone = match &self.tone {
            Some(tone) => Some(tone.again(&timeline)),
            None => BreathTone::of(&timeline, self.channels.count()),
        };
        let mut mixer = Mixer {
            placed: Arc::new(placed),
            tone: tone.map(Arc::new),
            bed: self.bed.as_ref().map(|bed| Arc::new(bed.again(&timeline))),
            ducking: Arc::new(ducking(&timeline)),
            timeline,
            ..self.clone()
        };
        mixer.mixed = mixer.mixed_ranges();
        mixer
    }

    /// Leaves out the bed, or puts it back; whether it is there now. What keeps headphones awake stays.
    pub(crate) fn switch_bed(&mut self) -> bool {
        self.bedless = !self.bedless;
        self.mixed = self.mixed_ranges();
        !self.bedless
    }

    /// A mixer for the same session in which only one track is heard. All four together are the session.
    pub fn stem(&self, track: Track) -> Mixer {
        let (timeline, cache) = (Arc::clone(&self.timeline), Arc::clone(&self.cache));
        let mut stem = Mixer::of_tracks(timeline, cache, self.bed_file.clone(), self.channels, &[track]);
        // The gain is the session's, whatever is heard of it.
        stem.master = self.master;
        stem.mixed = stem.mixed_ranges();
        stem
    }

    /// The largest samples that the parts of the session can have.
    fn peaks(&self) -> Peaks {
        let both = |peak: f32, way: f32| [peak, peak * way];
        Peaks {
            bed: self.bed.as_ref().map_or([0.0; 2], |bed| both(bed.peak(), self.bed_makes_way)),
            tone: self.tone.as_ref().map_or([0.0; 2], |tone| both(tone.peak(), self.tone_makes_way)),
            ..Peaks::of(&self.timeline)
        }
    }

    fn of_tracks(
        timeline: Arc<Timeline>,
        cache: Arc<ClipCache>,
        bed_file: Option<Arc<BedFile>>,
        channels: Channels,
        tracks: &[Track],
    ) -> Mixer {
        let count = channels.count();
        let (tone, bed) = (BreathTone::of(&timeline, count), Backdrop::of(&timeline, bed_file.as_ref(), count));
        let heard = |track: Track| tracks.contains(&track);
        let wake = Wake::of(&timeline, count).filter(|_| heard(Track::Bed));
        let placed = Arc::new(ClipsInRange::new(&timeline, &cache, channels, tracks));
        let mut mixer = Mixer {
            tone: tone.filter(|_| heard(Track::Tone)).map(Arc::new),
            bed: bed.filter(|_| heard(Track::Bed)).map(Arc::new),
            mixed: Arc::default(),
            bedless: false,
            ducking: Arc::new(ducking(&timeline)),
            timeline,
            cache,
            bed_file,
            channels,
            placed,
            wake: wake.map(Arc::new),
            bed_makes_way: BED_MAKES_WAY.amplitude(),
            tone_makes_way: TONE_MAKES_WAY.amplitude(),
            master: 1.0,
        };
        mixer.mixed = mixer.mixed_ranges();
        mixer
    }

    /// What it renders.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// Samples for a frame.
    pub fn channels(&self) -> Channels {
        self.channels
    }

    /// The constant gain of the whole: 0 dB, unless so much was asked for that the sum passes −1 dBTP.
    pub fn gain(&self) -> Decibels {
        Decibels::of_amplitude(self.master)
    }

    /// Writes the frames from `start` on, interleaved, full scale 32768, into `out`; what lies past the end is silent.
    /// `out` holds whole frames.
    ///
    /// # Errors
    /// A recording cannot be read any more, or is no longer as it was when the timeline was planned.
    pub fn fill(&self, start: Frames, out: &mut [i16]) -> Result<()> {
        let count = self.channels.count();
        let window = FrameRange::new(start, Frames((out.len() / count) as u64));
        let playing = self.placed.playing(window)?;
        let mut at = window.start;
        let first = self.mixed.partition_point(|range| range.end <= window.start);
        for range in
            self.mixed[first..].iter().map(|range| range.intersect(window)).take_while(|range| !range.is_empty())
        {
            self.write_whole(
                &playing,
                FrameRange { start: at, end: range.start },
                part(out, window, at, range.start, count),
            );
            let out = part(out, window, range.start, range.end, count);
            self.each_block(range, &playing, |block, from, offset, sums| {
                dither::quantise(block, from, count, sums, &mut out[offset..offset + sums.len()]);
            })?;
            at = range.end;
        }
        self.write_whole(&playing, FrameRange { start: at, end: window.end }, part(out, window, at, window.end, count));
        Ok(())
    }

    /// Writes the same frames in floating point, full scale 1, before they are brought to 16 bit: without dither, and not
    /// held at full scale.
    ///
    /// # Errors
    /// As for [`Mixer::fill`].
    pub fn fill_wide(&self, start: Frames, out: &mut [f32]) -> Result<()> {
        out.fill(0.0);
        let count = self.channels.count();
        let window = FrameRange::new(start, Frames((out.len() / count) as u64));
        let end = self.timeline.frames;
        let window = FrameRange { start: window.start.min(end), end: window.end.min(end) };
        let playing = self.placed.playing(window)?;
        self.each_block(window, &playing, |_, _, offset, sums| {
            for (out, sum) in out[offset..].iter_mut().zip(sums) {
                *out = sum / 32768.0;
            }
        })
    }

    /// Writes what is heard while the session rests, in a pause or before its beginning: digital silence, or the noise that
    /// keeps headphones awake. It depends on `start` alone, as the session does, and begins with whole frames.
    pub fn fill_rest(&self, start: Frames, out: &mut [i16]) {
        out.fill(0);
        if let Some(wake) = &self.wake {
            wake.write(start, out);
        }
    }

    /// The ranges in which anything sounds, in order, apart from each other. Between them there is digital silence.
    pub fn sounding(&self) -> Vec<FrameRange> {
        if self.wake.is_some() {
            return vec![FrameRange { start: Frames::ZERO, end: self.timeline.frames }];
        }
        self.heard()
    }

    /// The same without the noise that keeps headphones awake, which nobody hears.
    pub fn heard(&self) -> Vec<FrameRange> {
        union(self.placed.ranges().chain(self.mixed.iter().copied()).collect())
    }

    /// The ranges in which sums are taken in floating point.
    fn mixed_ranges(&self) -> Arc<[FrameRange]> {
        let all = FrameRange { start: Frames::ZERO, end: self.timeline.frames };
        if self.bed().is_some() {
            return Arc::new([all]);
        }
        let tones = self.tone.iter().flat_map(|tone| tone.sounding());
        let turned_down = self.placed.ranges().filter(|_| self.master < 1.0);
        let ranges = tones.chain(self.placed.ranges_aside()).chain(turned_down);
        union(ranges.map(|range| range.intersect(all)).collect()).into()
    }

    /// The bed that is heard.
    fn bed(&self) -> Option<&Backdrop> {
        self.bed.as_deref().filter(|_| !self.bedless)
    }

    /// Writes what sounds in a range, which `out` holds, as it is.
    fn write_whole(&self, playing: &[Playing], range: FrameRange, out: &mut [i16]) {
        let count = self.channels.count();
        out.fill(0);
        for each in playing {
            let common = each.range.intersect(range);
            if common.is_empty() {
                continue;
            }
            each.write(common.start - each.range.start, part(out, range, common.start, common.end, count));
        }
        // Past the end there is nothing.
        let heard = range.intersect(FrameRange { start: Frames::ZERO, end: self.timeline.frames });
        if let Some(wake) = self.wake.as_ref().filter(|_| !heard.is_empty()) {
            wake.write(heard.start, part(out, range, heard.start, heard.end, count));
        }
    }

    /// Sums everything in a range, block by block, in steps of 16 bit, and hands each block's number, the frame in it where the
    /// sums begin, the sample of the range where they belong, and the sums to `take`.
    fn each_block(
        &self,
        range: FrameRange,
        playing: &[Playing],
        mut take: impl FnMut(u64, usize, usize, &[f32]),
    ) -> Result<()> {
        let count = self.channels.count();
        let mut sums = [0.0f32; 2 * BLOCK];
        for (block, from, now) in blocks(range) {
            let sums = &mut sums[..now.frames().0 as usize * count];
            sums.fill(0.0);
            for each in playing.iter().filter(|each| !each.range.intersect(now).is_empty()) {
                let common = each.range.intersect(now);
                let sums = part(sums, now, common.start, common.end, count);
                each.add(common.start - each.range.start, sums);
            }
            self.add_under(block, from, sums)?;
            if self.master < 1.0 {
                sums.iter_mut().for_each(|sum| *sum *= self.master);
            }
            take(block, from, (now.start - range.start).0 as usize * count, sums);
        }
        Ok(())
    }

    /// Adds what lies under the voice.
    fn add_under(&self, block: u64, from: usize, sums: &mut [f32]) -> Result<()> {
        if self.tone.is_none() && self.bed().is_none() && self.wake.is_none() {
            return Ok(());
        }
        let away = self.ducking.ramp(block);
        let under = |way: f32| away.map(|share| 1.0 - (1.0 - way) * share);
        if let Some(bed) = self.bed() {
            bed.add(block, under(self.bed_makes_way), from, sums)?;
        }
        if let Some(tone) = &self.tone {
            tone.add(block, under(self.tone_makes_way), from, sums);
        }
        if let Some(wake) = &self.wake {
            wake.add(Frames(block * BLOCK as u64 + from as u64), sums);
        }
        Ok(())
    }
}

/// How what lies under the voice makes way for it.
fn ducking(timeline: &Timeline) -> Ducking {
    let words = timeline.regions.iter().filter(|region| region.track == Track::Voice).map(|region| region.range());
    Ducking::new(words, timeline.rate)
}

/// The blocks of a range: the number of each, the first frame in it that belongs to the range, and its share of the range.
fn blocks(range: FrameRange) -> impl Iterator<Item = (u64, usize, FrameRange)> {
    let first = range.start.0 / BLOCK as u64;
    let last = if range.is_empty() { first } else { range.end.0.div_ceil(BLOCK as u64) };
    (first..last).map(move |block| {
        let now = FrameRange::new(Frames(block * BLOCK as u64), Frames(BLOCK as u64)).intersect(range);
        (block, (now.start.0 % BLOCK as u64) as usize, now)
    })
}

/// The samples of the frames from `start` up to `end` among those of `whole`.
fn part<T>(samples: &mut [T], whole: FrameRange, start: Frames, end: Frames, channels: usize) -> &mut [T] {
    let at = |frame: Frames| (frame - whole.start).0 as usize * channels;
    &mut samples[at(start)..at(end)]
}

/// Ranges as one list, in order, apart from each other.
fn union(mut ranges: Vec<FrameRange>) -> Vec<FrameRange> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    let mut apart: Vec<FrameRange> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames::SampleRate;
    use crate::gain::Lufs;
    use crate::load::language::mix::{Bed, Marks, Mix, Tone};
    use crate::load::{ClipDurations, Library};
    use crate::plan::{Wishes, plan};

    #[test]
    fn no_usual_session_waits_for_a_look() {
        let library = Library::open(None).unwrap();
        let (routine, voice) = (library.routine("morning").unwrap(), library.voice("ben").unwrap());
        let cache = Arc::new(ClipCache::new(SampleRate::DEFAULT, Lufs::SPEECH));
        let lengths = ClipDurations::measure(&routine, &voice, &cache, &Work::alone()).unwrap();
        for (bed, tone) in Bed::GENERATED.iter().flat_map(|(_, bed)| Tone::WORDS.map(|(_, tone)| (bed.clone(), tone))) {
            let mix = Mix { bed: Some(bed), tone, marks: Marks::Soft, ..Mix::default() };
            let timeline = plan(&routine, &lengths, &Wishes { mix, ..Wishes::default() }).unwrap();
            let peaks = Mixer::new(Arc::new(timeline), Arc::clone(&cache), None, Channels::Stereo, &Work::alone())
                .unwrap()
                .peaks();
            assert!(peaks.fit(), "{tone:?}: {peaks:?}");
        }
    }
}
