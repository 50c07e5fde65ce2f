//! Which value each range takes.

use std::cmp::Ordering;
use std::fmt;
use std::time::Duration;

use crate::frames::Frames;
use crate::load::language::quantity::{Between, Quantity};

/// A level from 1 (gentle) to 5 (deep): how far along its ranges a routine is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level(u8);

impl Level {
    /// The gentle end of every range.
    pub const GENTLE: Level = Level(1);
    /// The middle of every range: the doses of the practice.
    pub const MIDDLE: Level = Level(3);
    /// The deep end of every range.
    pub const DEEP: Level = Level(5);

    /// Levels 1 to 5, else `None`.
    pub fn new(level: u8) -> Option<Level> {
        (1..=5).contains(&level).then_some(Level(level))
    }

    fn share(self) -> f64 {
        f64::from(self.0 - 1) / 4.0
    }
}

impl fmt::Display for Level {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// Where in its ranges a routine is taken: every range by the same share of its width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fit {
    /// For what comes in wholes: breaths, rounds, repeats. 0 is the gentle end, 1 the deep one.
    pub(super) wholes: f64,
    /// For times.
    pub(super) times: f64,
    /// What the closing rest takes beyond its own share, so that a length is met to the frame.
    pub(super) closing: Frames,
}

impl Fit {
    pub(super) fn share(share: f64) -> Fit {
        Fit { wholes: share, times: share, closing: Frames::ZERO }
    }

    pub(super) fn level(level: Level) -> Fit {
        Fit::share(level.share())
    }

    /// A whole number from its range: the nearest to the share.
    pub(super) fn count(self, range: Between<u32>) -> u32 {
        range.least + (self.wholes * f64::from(range.most - range.least)).round() as u32
    }

    /// A time from its range.
    pub(super) fn time(self, range: Between<Duration>) -> Duration {
        stretch(range, self.times)
    }

    /// A time that is then filled with wholes.
    pub(super) fn time_for_wholes(self, range: Between<Duration>) -> Duration {
        stretch(range, self.wholes)
    }

    /// A quantity with its range closed.
    pub(super) fn quantity(self, quantity: Quantity) -> Quantity {
        match quantity {
            Quantity::Time(range) => Quantity::Time(Between::just(self.time(range))),
            Quantity::Breaths(range) => Quantity::Breaths(Between::just(self.count(range))),
        }
    }
}

fn stretch(range: Between<Duration>, share: f64) -> Duration {
    if share >= 1.0 {
        return range.most;
    }
    let width = range.most.saturating_sub(range.least).as_nanos() as f64;
    (range.least + Duration::from_nanos((width * share) as u64)).min(range.most)
}

/// How durations follow the share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Growth {
    /// A larger share never makes it shorter.
    Even,
    /// A larger share may make it shorter: where cycles that grow themselves fill a time, one fewer may come nearer; and
    /// a breath that eases through the routine is a slower one where it comes later.
    Uneven,
}

/// How many steps from 0 to 1 are tried where growth is uneven. A multiple of four, so that the five levels are among them.
const STEPS: u32 = 256;

fn steps() -> impl Iterator<Item = f64> {
    (0..=STEPS).map(|step| f64::from(step) / f64::from(STEPS))
}

/// The shortest and the longest length, where `length` tells the length of a fit.
pub(super) fn ends(growth: Growth, mut length: impl FnMut(Fit) -> Frames) -> (Frames, Frames) {
    let (gentle, deep) = (length(Fit::share(0.0)), length(Fit::share(1.0)));
    match growth {
        Growth::Even => (gentle, deep),
        Growth::Uneven => steps()
            .map(|share| length(Fit::share(share)))
            .fold((gentle, deep), |(least, most), length| (least.min(length), most.max(length))),
    }
}

/// A length between two ends; one that lies no further than `slack` outside is the nearer of them, and `None` one that does.
pub(super) fn snapped(target: Frames, slack: Frames, (shortest, longest): (Frames, Frames)) -> Option<Frames> {
    (target + slack >= shortest && target <= longest + slack).then(|| target.clamp(shortest, longest))
}

/// The fit whose length is exactly `target`. First the common share that comes nearest without passing the target; then,
/// wholes staying as they are, times alone; the frames still missing go to the closing rest. `None` where the target lies
/// further than `slack` outside what the ranges allow, and a rest that may be longer than its range by `beyond`; nearer to an end, it
/// is that end.
pub(super) fn solve(
    target: Frames,
    slack: Frames,
    beyond: Frames,
    growth: Growth,
    mut length: impl FnMut(Fit) -> Frames,
) -> Option<Fit> {
    let (share, target) = match growth {
        Growth::Even => {
            let (shortest, longest) = ends(growth, &mut length);
            let target = snapped(target, slack, (shortest, longest + beyond))?;
            (largest(0.0, target, |share| length(Fit::share(share))), target)
        }
        Growth::Uneven => {
            let all: Vec<_> = steps().map(|share| (length(Fit::share(share)), share)).collect();
            let durations = || all.iter().map(|(length, _)| *length);
            let target = snapped(target, slack, (durations().min()?, durations().max()? + beyond))?;
            let within = all.into_iter().filter(|(length, _)| *length <= target);
            (within.max_by(|one, other| one.0.cmp(&other.0).then(other.1.total_cmp(&one.1)))?.1, target)
        }
    };
    let wholes = Fit::share(share);
    let times = largest(share, target, |times| length(Fit { times, ..wholes }));
    let fit = Fit { times, ..wholes };
    Some(Fit { closing: target - length(fit), ..fit })
}

/// The largest share from `low` to 1 whose length does not pass `target`, that of `low` not passing it; to the last bit
/// that a length can show (a day at 192 kHz has 2^34 frames), or until the target is met.
fn largest(low: f64, target: Frames, mut length: impl FnMut(f64) -> Frames) -> f64 {
    if length(1.0) <= target {
        return 1.0;
    }
    let (mut low, mut high) = (low, 1.0);
    for _ in 0..44 {
        let middle = f64::midpoint(low, high);
        match length(middle).cmp(&target) {
            Ordering::Less => low = middle,
            Ordering::Equal => return middle,
            Ordering::Greater => high = middle,
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(least: u64, most: u64) -> Between<Duration> {
        Between { least: Duration::from_secs(least), most: Duration::from_secs(most) }
    }

    #[test]
    fn levels_move_along_a_range_from_end_to_end() {
        let times: Vec<_> =
            (1..=5).map(|level| Fit::level(Level::new(level).unwrap()).time(between(60, 120)).as_secs()).collect();
        assert_eq!(times, [60, 75, 90, 105, 120]);
        let rounds = Between { least: 3, most: 6 };
        let rounds: Vec<_> = (1..=5).map(|level| Fit::level(Level::new(level).unwrap()).count(rounds)).collect();
        assert_eq!(rounds, [3, 4, 5, 5, 6]);
    }

    #[test]
    fn a_length_is_met_to_the_frame_whatever_the_wholes() {
        // Three to nine rounds of 1000 frames, and a time of 10 to 14 seconds at 100 frames a second.
        let rounds = Between { least: 3, most: 9 };
        let length = |fit: Fit| {
            Frames(u64::from(fit.count(rounds)) * 1000 + fit.time(between(10, 14)).as_millis() as u64 / 10)
                + fit.closing
        };
        for target in 4000..=10_400 {
            let fit = solve(Frames(target), Frames::ZERO, Frames::ZERO, Growth::Even, length).unwrap();
            assert_eq!(length(fit), Frames(target));
        }
        assert_eq!(solve(Frames(3999), Frames::ZERO, Frames::ZERO, Growth::Even, length), None);
        assert_eq!(
            solve(Frames(3999), Frames(1), Frames::ZERO, Growth::Even, length),
            solve(Frames(4000), Frames::ZERO, Frames::ZERO, Growth::Even, length)
        );
        assert_eq!(solve(Frames(10_401), Frames::ZERO, Frames::ZERO, Growth::Even, length), None);
    }
}
