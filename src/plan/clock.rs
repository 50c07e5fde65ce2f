//! Where on the timeline the plan has come to.

use std::time::Duration;

use crate::frames::{Frames, SampleRate};

/// A position as whole frames (what recordings last) plus an exact time (what authors write). Becoming frames only as a
/// sum, written times never gather rounding, however many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    rate: SampleRate,
    whole: Frames,
    exact: Duration,
}

impl Clock {
    pub(super) fn new(rate: SampleRate) -> Clock {
        Clock { rate, whole: Frames::ZERO, exact: Duration::ZERO }
    }

    /// The frame that it stands on.
    pub(super) fn now(self) -> Frames {
        self.whole + self.rate.frames(self.exact)
    }

    /// Lets a recording pass.
    pub(super) fn pass(&mut self, frames: Frames) {
        self.whole += frames;
    }

    /// Lets a written time pass.
    pub(super) fn wait(&mut self, time: Duration) {
        // The time is held at a month: such a session is refused, and sums must not overflow until then.
        const FAR: Duration = Duration::from_secs(30 * 86_400);
        self.exact = self.exact.saturating_add(time).min(FAR);
    }

    /// The recordings and the written time that have passed since `before`, where nothing was settled since.
    pub(super) fn since(self, before: Clock) -> (Frames, Duration) {
        (self.whole.saturating_sub(before.whole), self.exact.saturating_sub(before.exact))
    }

    /// Moves to `frame`.
    pub(super) fn set(&mut self, frame: Frames) {
        self.whole = frame;
        self.exact = Duration::ZERO;
    }

    /// Makes this frame the start of what follows, so that what is done twice from here on lasts equally long.
    pub(super) fn settle(&mut self) {
        self.set(self.now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_thousand_odd_times_do_not_drift() {
        let rate = SampleRate::new(44_100).unwrap();
        let mut clock = Clock::new(rate);
        (0..100_000).for_each(|_| clock.wait(Duration::from_nanos(333_333_333)));
        assert_eq!(clock.now(), rate.frames(Duration::from_micros(33_333_333_300)));
    }
}
