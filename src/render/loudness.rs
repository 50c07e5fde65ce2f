//! How loud the whole may become: a constant gain, found before the first sample.
//!
//! The voice is levelled where it is loaded, clip by clip, under a ceiling that leaves room for what lies under it. So
//! this gain is 1 unless someone asks for a bed or a tone so loud that together they could pass the limit. Only then
//! it is measured what the session really reaches, and all is turned down by what is missing; nothing is ever cut off.

use std::sync::atomic::{AtomicU64, Ordering};

use super::ramp::{BLOCK, smooth};
use crate::error::Result;
use crate::frames::{FrameRange, Frames, SampleRate};
use crate::gain::Decibels;
use crate::load::audio::levelling::{BELL_CEILING, CEILING, true_peak};
use crate::plan::Timeline;
use crate::plan::timeline::Sound;
use crate::work::{Stage, Work};

/// The highest true peak of a session: what streaming services and encoders ask for (EBU R 128, s 2; Apple).
pub(super) const LIMIT: Decibels = Decibels(-1.0);

/// The largest sample of a generated bell, as a part of full scale; its test shows that none is larger.
const GENERATED_BELL: f32 = 0.3;

/// The largest samples that parts of a mix can have, as a part of full scale.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Peaks {
    /// The largest sample of the words.
    pub(super) voice: f32,
    /// The largest sample of the bells.
    pub(super) bell: f32,
    /// The largest sample of the bed where nobody speaks, and under speech.
    pub(super) bed: [f32; 2],
    /// The largest sample of the tone where nobody speaks, and under speech.
    pub(super) tone: [f32; 2],
}

impl Peaks {
    /// Those of a timeline's words and bells; nothing lies under them.
    pub(super) fn of(timeline: &Timeline) -> Peaks {
        timeline.sounds.iter().fold(Peaks::default(), |peaks, sound| match sound {
            Sound::Clip { .. } => Peaks { voice: CEILING.amplitude(), ..peaks },
            Sound::Bell { file: Some(_), .. } => Peaks { bell: BELL_CEILING.amplitude(), ..peaks },
            Sound::Bell { .. } => Peaks { bell: peaks.bell.max(GENERATED_BELL), ..peaks },
            Sound::Tone(_) | Sound::Bed(_) => peaks,
        })
    }

    /// Whether no sum can pass the limit, as far as that is known without a look.
    pub(super) fn fit(self) -> bool {
        let spoken = self.voice + self.bed[1] + self.tone[1];
        self.under() + self.bell <= LIMIT.amplitude() && spoken <= LIMIT.amplitude()
    }

    /// The largest sum of bed and tone, where nobody speaks.
    fn under(self) -> f32 {
        self.bed[0] + self.tone[0]
    }
}

/// A session as it is before its gain.
pub(super) struct Unmastered<'a> {
    /// How long it is.
    pub(super) frames: Frames,
    /// Where words and bells sound, in order, apart from each other.
    pub(super) placed: Vec<FrameRange>,
    pub(super) rate: SampleRate,
    pub(super) channels: usize,
    /// Writes its samples from a frame on, full scale 1.
    pub(super) fill: &'a (dyn Fn(Frames, &mut [f32]) -> Result<()> + Sync),
}

/// The gain that brings a session, which does not fit by its peaks alone, under the limit.
///
/// # Errors
/// A recording or the bed's file cannot be read any more; someone wants it to stop.
pub(super) fn master(session: &Unmastered<'_>, peaks: Peaks, work: &Work<'_>) -> Result<f32> {
    // Where bed and tone alone are within the limit, only ranges with words or bells in them can pass it.
    let only_placed = peaks.under() <= LIMIT.amplitude();
    let all = [FrameRange { start: Frames::ZERO, end: session.frames }];
    let ranges = if only_placed { &session.placed[..] } else { &all };
    Ok(within_limit(peak(session, &chunks(ranges), work)?))
}

/// The gain under which a true peak is within the limit; to a hundredth of a decibel, which no ear can tell and no machine's
/// arithmetic can change.
fn within_limit(peak: f64) -> f32 {
    let over = Decibels::of_amplitude(peak as f32).0 - LIMIT.0;
    if over <= 0.0 { 1.0 } else { Decibels(-(over * 100.0).ceil() / 100.0).amplitude() }
}

/// Frames that are measured together, 0.7 s at 48 kHz, counted from the start of the session: whoever measures them finds
/// the same.
const CHUNK: u64 = 32 * BLOCK as u64;
/// Frames before and after that are looked at too, as the curve between samples depends on its neighbours.
const LEAD: u64 = BLOCK as u64;
const TAIL: u64 = 64;
/// Chunks that are measured one after the other by the same thread, so that two do not decode the same recording.
const RUN: usize = 16;

/// The numbers of the chunks that ranges, in order and apart, touch.
fn chunks(ranges: &[FrameRange]) -> Vec<u64> {
    let mut all: Vec<u64> =
        ranges.iter().flat_map(|range| range.start.0 / CHUNK..range.end.0.div_ceil(CHUNK)).collect();
    all.dedup();
    all
}

/// The true peak of a session in some chunks, where it passes the limit.
fn peak(session: &Unmastered<'_>, chunks: &[u64], work: &Work<'_>) -> Result<f64> {
    let runs: Vec<&[u64]> = chunks.chunks(RUN).collect();
    let (done, total) = (AtomicU64::new(0), chunks.len() as u64 * CHUNK);
    let run_peak = |(): &mut (), run: usize| -> Result<f64> {
        let mut most = 0.0f64;
        for chunk in runs[run] {
            work.go_on()?;
            most = most.max(chunk_peak(session, *chunk)?);
            work.tell(Stage::Levels, done.fetch_add(CHUNK, Ordering::Relaxed) + CHUNK, total);
        }
        Ok(most)
    };
    Ok(work.each(runs.len(), || (), run_peak)?.into_iter().fold(0.0, f64::max))
}

/// The true peak in a chunk.
fn chunk_peak(session: &Unmastered<'_>, chunk: u64) -> Result<f64> {
    let count = session.channels;
    let start = (chunk * CHUNK).saturating_sub(LEAD);
    let mut sums = vec![0.0; ((chunk + 1) * CHUNK + TAIL - start) as usize * count];
    (session.fill)(Frames(start), &mut sums)?;
    if start > 0 {
        // The first frames are faded in: the filter would overshoot at a sudden beginning.
        for (at, frame) in sums.chunks_exact_mut(count).take(LEAD as usize / 2).enumerate() {
            let share = smooth(at as f32 / (LEAD / 2) as f32);
            frame.iter_mut().for_each(|sample| *sample *= share);
        }
    }
    let peak = |channel: usize| {
        let samples: Vec<f64> = sums.iter().skip(channel).step_by(count).copied().map(f64::from).collect();
        true_peak(&samples, session.rate.hz(), f64::from(LIMIT.amplitude()))
    };
    Ok((0..count).map(peak).fold(0.0, f64::max))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_has_to_look_until_there_may_be_no_room() {
        let voice = Peaks { voice: CEILING.amplitude(), ..Peaks::default() };
        assert!(voice.fit());
        assert!(Peaks { bed: [0.1, 0.05], tone: [0.06, 0.03], ..voice }.fit());
        assert!(!Peaks { bed: [0.9, 0.5], ..voice }.fit());
        assert!(Peaks { bed: [0.85, 0.5], ..Peaks::default() }.fit(), "a bed alone may be loud");
    }

    #[test]
    fn a_peak_is_turned_down_to_the_limit_by_the_next_hundredth() {
        assert_eq!(within_limit(0.0), 1.0);
        assert_eq!(within_limit(0.89), 1.0);
        let gain = Decibels::of_amplitude(within_limit(1.0)).0;
        assert!((-1.011..=-0.999).contains(&gain), "{gain} dB");
    }
}
