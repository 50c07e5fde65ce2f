//! How far a walk through a routine has come: the position in time, and the listener.

use std::time::Duration;

use super::clock::Clock;
use super::listener::Listener;
use super::memo::Passed;
use crate::frames::{Frames, SampleRate};
use crate::load::language::quantity::LONGEST;

/// The most parts of a plan: a day of breaths of one second is a sixth of it.
const MOST_PARTS: usize = 1_000_000;

/// How far a walk has come.
#[derive(Clone, Copy)]
pub(super) struct Progress<'a> {
    pub(super) clock: Clock,
    pub(super) listener: Listener<'a>,
    rate: SampleRate,
    /// The steps, phases and breaths that were passed.
    parts: usize,
    /// The time that was added already for a length to be met.
    filled: Frames,
    endless: bool,
}

impl<'a> Progress<'a> {
    pub(super) fn new(rate: SampleRate) -> Progress<'a> {
        Progress {
            clock: Clock::new(rate),
            listener: Listener::default(),
            rate,
            parts: 0,
            filled: Frames::ZERO,
            endless: false,
        }
    }

    /// Adds what a length lacks.
    pub(super) fn fill(&mut self, frames: Frames) {
        self.clock.pass(frames);
        self.filled += frames;
    }

    /// How far the routine's own breath has eased. What fills a length up does not count: else it would change what it is
    /// meant to fill.
    pub(super) fn eased(&self) -> Duration {
        self.clock.now().saturating_sub(self.filled).duration(self.rate)
    }

    /// Counts parts, so that a plan that would fill the memory is refused before.
    pub(super) fn count(&mut self, parts: usize) {
        self.parts = self.parts.saturating_add(parts);
    }

    /// Whether a walk would never end, or fill the memory. From then on the clock stands beyond the longest session.
    pub(super) fn is_endless(&mut self) -> bool {
        let longest = self.rate.frames(LONGEST);
        let now = self.clock.now();
        self.endless |= self.parts > MOST_PARTS || now > longest;
        if self.endless && now <= longest {
            // Too many parts of no length are as endless as a time.
            self.clock.set(longest + Frames(1));
        }
        self.endless
    }

    /// What has passed since `before`, where nothing was settled since.
    pub(super) fn since(&self, before: &Progress<'a>) -> Passed<'a> {
        let (whole, exact) = self.clock.since(before.clock);
        Passed { whole, exact, parts: self.parts - before.parts, listener: self.listener }
    }

    /// Lets pass what was added up before.
    pub(super) fn skip(&mut self, passed: Passed<'a>) {
        self.clock.pass(passed.whole);
        self.clock.wait(passed.exact);
        self.count(passed.parts);
        self.listener = passed.listener;
    }

    /// Lets as much pass again, so many times, as since `before`.
    pub(super) fn again(&mut self, before: &Progress<'a>, times: u32) {
        self.clock.pass((self.clock.now() - before.clock.now()) * u64::from(times));
        self.count((self.parts - before.parts).saturating_mul(times as usize));
    }
}
