//! How far what lies under the voice makes way for it, as a function of position.

use std::time::Duration;

use super::ramp::{BLOCK, Ramp, smooth};
use crate::frames::{FrameRange, Frames, SampleRate};

/// How long before a word the bed has fully made way; it begins to [`FALL`] before that.
const AHEAD: Duration = Duration::from_millis(100);
/// How long it takes to make way: to half the amplitude in 0.5 s, at most 19 dB a second.
const FALL: Duration = Duration::from_millis(500);
/// How long the bed stays away after a word.
const STAY: Duration = Duration::from_millis(500);
/// How long the bed takes to come back.
const RISE: Duration = Duration::from_secs(3);
/// The longest gap between words through which the bed stays away. In a flow with a cue on every breath it would pump, and a breath
/// may last twelve seconds: what comes and goes that often is taken for the breath itself.
const BRIDGED: Duration = Duration::from_secs(12);

/// The ranges in which words are said, short gaps included; and the times above, in frames.
#[derive(Debug)]
pub(super) struct Ducking {
    spoken: Vec<FrameRange>,
    ahead: u64,
    fall: u64,
    stay: u64,
    rise: u64,
}

impl Ducking {
    /// From the ranges in which words are said, by start.
    pub(super) fn new(words: impl Iterator<Item = FrameRange>, rate: SampleRate) -> Ducking {
        let bridged = rate.frames(BRIDGED);
        let mut spoken: Vec<FrameRange> = Vec::new();
        for range in words {
            match spoken.last_mut() {
                Some(last) if range.start <= last.end + bridged => last.end = last.end.max(range.end),
                _ => spoken.push(range),
            }
        }
        let frames = |time| rate.frames(time).0;
        Ducking { spoken, ahead: frames(AHEAD), fall: frames(FALL), stay: frames(STAY), rise: frames(RISE) }
    }

    /// How far it has made way through a block, from 0 to 1.
    pub(super) fn ramp(&self, block: u64) -> Ramp {
        let (first, last) = (block * BLOCK as u64, (block + 1) * BLOCK as u64);
        let mut place = self.spoken.partition_point(|range| range.end <= Frames(first));
        // Most blocks lie wholly amid words or far from any, and have one value throughout.
        let next = self.spoken.get(place);
        if next.is_some_and(|range| range.start.0 <= first + self.ahead && last < range.end.0 + self.stay) {
            return Ramp::level(1.0);
        }
        let before = place.checked_sub(1).map_or(0, |before| self.spoken[before].end.0 + self.stay + self.rise);
        if first > before && next.is_none_or(|range| last + self.ahead + self.fall < range.start.0) {
            return Ramp::level(0.0);
        }
        Ramp::new(block, |frame| self.at(frame, &mut place))
    }

    /// How far it has made way at a frame, from 0 to 1. `place` is where the last look ended; frames are asked for in order.
    fn at(&self, frame: u64, place: &mut usize) -> f32 {
        while self.spoken.get(*place).is_some_and(|range| range.end <= Frames(frame)) {
            *place += 1;
        }
        let before = self.spoken.get(*place).map_or(0.0, |range| {
            // Whole numbers are subtracted first: an f32 does not hold the frame numbers of a long session exactly.
            let into = (frame + self.ahead + self.fall) as i64 - range.start.0 as i64;
            smooth(into as f32 / self.fall as f32)
        });
        let after = place.checked_sub(1).map_or(0.0, |last| {
            let since = frame - self.spoken[last].end.0;
            1.0 - smooth((since as i64 - self.stay as i64) as f32 / self.rise as f32)
        });
        before.max(after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: SampleRate = SampleRate::DEFAULT;

    fn ducking(words: &[(f64, f64)]) -> Ducking {
        let frames = |seconds: f64| RATE.frames(Duration::from_secs_f64(seconds));
        Ducking::new(words.iter().map(|(start, end)| FrameRange { start: frames(*start), end: frames(*end) }), RATE)
    }

    fn at(ducking: &Ducking, seconds: f64) -> f32 {
        ducking.at((seconds * 48_000.0) as u64, &mut 0)
    }

    #[test]
    fn it_begins_before_the_word_is_gone_when_it_comes_and_returns_slowly() {
        let ducking = ducking(&[(10.0, 12.0)]);
        assert_eq!([5.0, 9.39].map(|time| at(&ducking, time)), [0.0, 0.0]);
        assert!(at(&ducking, 9.6) > 0.1, "moves more than 200 ms before");
        assert_eq!([9.91, 10.0, 11.0, 12.49].map(|time| at(&ducking, time)), [1.0; 4]);
        assert!((0.2..0.8).contains(&at(&ducking, 14.0)));
        assert_eq!(at(&ducking, 15.6), 0.0);
    }

    #[test]
    fn a_block_is_what_its_frames_are() {
        let ducking = ducking(&[(1.0, 2.0), (6.0, 7.0), (15.0, 15.2), (30.0, 31.0)]);
        for block in 0..35 * 47 {
            let mut place = 0;
            assert_eq!(ducking.ramp(block), Ramp::new(block, |frame| ducking.at(frame, &mut place)), "block {block}");
        }
    }

    #[test]
    fn it_never_moves_faster_than_thirty_decibels_a_second_nor_pumps_between_words() {
        let ducking = ducking(&[(1.0, 2.0), (6.0, 7.0), (11.5, 12.0), (30.0, 31.0), (45.0, 46.0)]);
        let (mut turns, mut place, mut before) = (0, 0, 0.0);
        let level = |share: f32| 20.0 * (1.0 - 0.5 * share).log10();
        for frame in (0..48_000 * 55).step_by(48) {
            let now = ducking.at(frame, &mut place);
            let slope = (level(now) - level(before)) / 0.001;
            assert!(slope.abs() < 30.0, "{slope} dB a second at {frame}");
            turns += u32::from((before > 0.0) != (now > 0.0));
            before = now;
        }
        assert_eq!(turns, 6, "three times down and up");
    }
}
