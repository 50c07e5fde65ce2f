//! Time as whole frames: the only place where seconds become frames.
//!
//! A *frame* is one sample per channel. A position on a timeline is a whole number of frames from its start;
//! positions are computed from absolute times and never accumulated, so nothing drifts.
//!
//! Positions and lengths are of one type: nearly every line that has one makes it from the other, and two types would be
//! converted more often than they would find a mistake. What such a mistake leads to is found instead: a difference below
//! zero, or a sum beyond 64 bits, never wraps. It panics wherever debug assertions are on, in every test; in a release it is
//! [`Frames::BEYOND`], further than any session reaches, and stays so, and a plan with such a frame is refused.

use std::fmt;
use std::iter::Sum;
use std::num::NonZeroU32;
use std::ops::{Add, AddAssign, Div, Mul, Sub};
use std::time::Duration;

/// A length or a position, in frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Frames(pub u64);

impl Frames {
    /// No time at all; the start of a timeline.
    pub const ZERO: Frames = Frames(0);

    /// What arithmetic that runs over comes to.
    pub const BEYOND: Frames = Frames(u64::MAX);

    /// Whether arithmetic ran over on the way to it. The longest session that is planned, a day at 192 kHz, has 2^34 frames.
    pub fn is_beyond(self) -> bool {
        self.0 > u64::MAX >> 1
    }

    /// How long these frames last at `rate`, rounded down to a nanosecond.
    pub fn duration(self, rate: SampleRate) -> Duration {
        let rate = u64::from(rate.hz());
        let nanos = u128::from(self.0 % rate) * 1_000_000_000 / u128::from(rate);
        // The remainder is below one second, so its nanoseconds fit.
        Duration::new(self.0 / rate, nanos as u32)
    }

    /// These frames in seconds at `rate`, for people to read.
    pub fn seconds(self, rate: SampleRate) -> f64 {
        self.0 as f64 / f64::from(rate.hz())
    }

    /// The difference, or zero where `other` is longer.
    pub fn saturating_sub(self, other: Frames) -> Frames {
        Frames(self.0.saturating_sub(other.0))
    }
}

/// What there is no number for: a mistake of the program's own.
#[cold]
fn ran_over() -> Frames {
    debug_assert!(false, "a number of frames ran over");
    Frames::BEYOND
}

impl Add for Frames {
    type Output = Frames;
    fn add(self, other: Frames) -> Frames {
        self.0.checked_add(other.0).map_or_else(ran_over, Frames)
    }
}

impl AddAssign for Frames {
    fn add_assign(&mut self, other: Frames) {
        *self = *self + other;
    }
}

impl Sub for Frames {
    type Output = Frames;
    fn sub(self, other: Frames) -> Frames {
        self.0.checked_sub(other.0).map_or_else(ran_over, Frames)
    }
}

impl Mul<u64> for Frames {
    type Output = Frames;
    fn mul(self, times: u64) -> Frames {
        self.0.checked_mul(times).map_or_else(ran_over, Frames)
    }
}

impl Div<u64> for Frames {
    type Output = Frames;
    fn div(self, parts: u64) -> Frames {
        Frames(self.0 / parts)
    }
}

impl Sum for Frames {
    fn sum<I: Iterator<Item = Frames>>(frames: I) -> Frames {
        frames.fold(Frames::ZERO, Add::add)
    }
}

/// Frames a second, in hertz.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct SampleRate(NonZeroU32);

impl Default for SampleRate {
    fn default() -> SampleRate {
        SampleRate::DEFAULT
    }
}

impl SampleRate {
    /// 48 kHz: what phones, laptops and Opus run at.
    pub const DEFAULT: SampleRate = SampleRate(NonZeroU32::new(48_000).unwrap());

    /// The lowest rate that still carries speech (telephony) and the highest that is in use.
    pub const RANGE_HZ: std::ops::RangeInclusive<u32> = 8_000..=192_000;

    /// A rate within [`SampleRate::RANGE_HZ`], else `None`.
    pub fn new(hz: u32) -> Option<SampleRate> {
        NonZeroU32::new(hz).filter(|_| Self::RANGE_HZ.contains(&hz)).map(SampleRate)
    }

    /// The rate in hertz.
    pub fn hz(self) -> u32 {
        self.0.get()
    }

    /// The position that is nearest to `time`.
    pub fn frames(self, time: Duration) -> Frames {
        let exact = time.as_nanos() * u128::from(self.hz());
        Frames(((exact + 500_000_000) / 1_000_000_000) as u64)
    }

    /// What `frames` at this rate become at `other`: the smallest whole number that loses nothing.
    pub fn convert(self, frames: Frames, other: SampleRate) -> Frames {
        let exact = u128::from(frames.0) * u128::from(other.hz());
        Frames(exact.div_ceil(u128::from(self.hz())) as u64)
    }
}

impl fmt::Display for SampleRate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} Hz", self.hz())
    }
}

/// Frames from `start` up to, not including, `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameRange {
    /// The first frame.
    pub start: Frames,
    /// The first frame that is no longer in the range.
    pub end: Frames,
}

impl FrameRange {
    /// The range of `frames` frames from `start` on.
    pub fn new(start: Frames, frames: Frames) -> FrameRange {
        FrameRange { start, end: start + frames }
    }

    /// How many frames the range holds.
    pub fn frames(self) -> Frames {
        self.end.saturating_sub(self.start)
    }

    /// Whether no frame is in it.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether a frame is in it.
    pub fn contains(self, frame: Frames) -> bool {
        self.start <= frame && frame < self.end
    }

    /// The frames that both ranges hold.
    pub fn intersect(self, other: FrameRange) -> FrameRange {
        FrameRange { start: self.start.max(other.start), end: self.end.min(other.end) }
    }
}

/// `minutes:seconds` (`hours:minutes:seconds` from an hour on), rounded to the nearest second.
pub fn clock(time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_millis() >= 500);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_becomes_the_nearest_frame() {
        let rate = SampleRate::new(44_100).unwrap();
        assert_eq!(rate.frames(Duration::from_secs(10)), Frames(441_000));
        assert_eq!(rate.frames(Duration::from_nanos(11_337)), Frames(0));
        assert_eq!(rate.frames(Duration::from_nanos(11_339)), Frames(1));
    }

    #[test]
    fn a_frame_survives_the_way_to_seconds_and_back() {
        for hz in [8_000, 44_100, 48_000, 192_000] {
            let rate = SampleRate::new(hz).unwrap();
            for frame in [0, 1, 44_099, 12_345_678, 86_400 * u64::from(hz)] {
                assert_eq!(rate.frames(Frames(frame).duration(rate)), Frames(frame), "{frame} at {hz}");
            }
        }
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "ran over")]
    fn a_difference_below_nothing_is_no_length() {
        let _ = Frames(1) - Frames(2);
    }

    #[test]
    #[cfg(not(debug_assertions))]
    fn a_difference_below_nothing_is_beyond_every_session_and_stays_there() {
        let beyond = Frames(1) - Frames(2);
        assert!(beyond.is_beyond() && (beyond + Frames(5)).is_beyond() && (beyond * 3).is_beyond());
        assert!(!SampleRate::new(192_000).unwrap().frames(Duration::from_secs(86_400)).is_beyond());
    }

    #[test]
    fn a_clock_reads_as_people_read_it() {
        assert_eq!(clock(Duration::from_millis(59_499)), "0:59");
        assert_eq!(clock(Duration::from_millis(59_500)), "1:00");
        assert_eq!(clock(Duration::from_secs(3_661)), "1:01:01");
    }
}
