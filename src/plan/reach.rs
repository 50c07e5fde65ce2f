//! A length that is wished: which steps of a routine it leaves room for, or how it is filled, and in which fit.

use std::time::Duration;

use super::bounds::{self, Bounds, SLACK};
use super::chosen::Chosen;
use super::fit::{self, Fit, Growth, Level};
use super::input::Input;
use super::ladder::{Ladder, Rung};
use super::outline::Outline;
use super::scheduler::Scheduler;
use super::timeline::Changes;
use super::wishes::Wishes;
use crate::error::Result;
use crate::frames::{Frames, SampleRate};
use crate::load::language::step::Step;

/// A closing rest that grows beyond its range takes at most this share of a session: a third. No source: so that there is twice as
/// much practice as rest.
const REST_SHARE: u64 = 3;
/// And it is no longer than this: teachers give ten to twenty minutes to a long one.
const LONGEST_REST: Duration = Duration::from_secs(20 * 60);

/// What is done, and in which fit.
pub(super) struct Reached {
    pub(super) steps: Vec<Step>,
    pub(super) fit: Fit,
    pub(super) changes: Changes,
}

/// One rung of a ladder, and how long it can be.
struct Measured {
    rung: Rung,
    growth: Growth,
    shortest: Frames,
    /// By its ranges.
    longest: Frames,
    /// With a closing rest that is as long as makes sense.
    furthest: Frames,
}

impl Measured {
    fn of(rung: Rung, input: Input<'_>) -> Measured {
        let input = input.of(&rung.steps);
        let growth = bounds::growth(input);
        let (shortest, longest) = fit::ends(growth, Scheduler::measuring(input));
        let furthest = furthest(longest, rest(input), input.durations.rate);
        Measured { rung, growth, shortest, longest, furthest }
    }

    /// What is done where it is to be of a length, the closing rest being as long as that needs.
    fn reached(self, target: Frames, input: Input<'_>) -> Reached {
        let Measured { rung: Rung { steps, mut changes }, growth, longest, .. } = self;
        let target = target.max(self.shortest);
        let beyond = target.saturating_sub(longest);
        let own = input.of(&steps);
        let fit = fit::solve(target, Frames::ZERO, beyond, growth, Scheduler::measuring(own));
        let fit = fit.unwrap_or(Fit::level(Level::GENTLE));
        if beyond > Frames::ZERO {
            let rest = rest(own).unwrap_or(Frames::ZERO) + fit.closing;
            changes.rest = Some(rest.duration(input.durations.rate));
        }
        Reached { steps, fit, changes }
    }
}

/// How long the closing rest is at the deep end of its range, where there is one.
fn rest(input: Input<'_>) -> Option<Frames> {
    let step = &input.steps[Outline::of(input.steps).rest?];
    Some(input.durations.rate.frames(super::outline::longest_stillness(step)?))
}

/// How long a session can be where its rest grows; one without a rest of its own does not.
fn furthest(longest: Frames, rest: Option<Frames>, rate: SampleRate) -> Frames {
    let Some(rest) = rest else { return longest };
    let practice = longest.saturating_sub(rest);
    let shared = practice * REST_SHARE / (REST_SHARE - 1);
    longest.max(shared.min(practice + rate.frames(LONGEST_REST)))
}

/// What is done of what was chosen.
///
/// A length that is wished wins over a level that is wished, over the routine's own length, over the middle of all ranges. A wished
/// length may leave steps out, or do some again; the routine's own does so only where a person has changed what is done.
pub(super) fn reach(chosen: &Chosen, input: Input<'_>, wishes: &Wishes) -> Result<Reached> {
    let ladder = Ladder::of(chosen);
    let own = bounds::own_length(input.routine, wishes);
    let rung = ladder.rung(0);
    let at_level = |rung: Rung| {
        let fit = Fit::level(wishes.level.unwrap_or(Level::MIDDLE));
        Reached { steps: rung.steps, changes: rung.changes, fit }
    };
    let rate = input.durations.rate;
    match (wishes.length, own) {
        (None, None) => Ok(at_level(rung)),
        (None, Some(own)) if chosen.wished => {
            Ok(met(&ladder, rate.frames(own), input).unwrap_or_else(|| at_level(ladder.rung(0))))
        }
        (None, Some(own)) => {
            let fit = bounds::fit_within(input.of(&rung.steps), wishes, own)?;
            Ok(Reached { steps: rung.steps, changes: rung.changes, fit })
        }
        (Some(length), _) => {
            let met = met(&ladder, rate.frames(length), input);
            met.ok_or_else(|| bounds::out_of_reach(input.of(&rung.steps), wishes, length, ends(&ladder, input)).into())
        }
    }
}

/// What is done on a rung, met as nearly to a length as can be.
pub(super) fn reach_on(rung: i32, chosen: &Chosen, input: Input<'_>, wishes: &Wishes) -> Reached {
    let measured = Measured::of(Ladder::of(chosen).rung(rung), input);
    match wishes.length.or(bounds::own_length(input.routine, wishes)) {
        Some(length) => {
            let target = input.durations.rate.frames(length);
            let most = measured.furthest.max(measured.shortest);
            measured.reached(target.min(most), input)
        }
        None => {
            let fit = Fit::level(wishes.level.unwrap_or(Level::MIDDLE));
            Reached { steps: measured.rung.steps, changes: measured.rung.changes, fit }
        }
    }
}

/// How short and how long a session can be.
pub(super) fn ends(ladder: &Ladder<'_>, input: Input<'_>) -> Bounds {
    let whole = Measured::of(ladder.rung(0), input);
    let shortest = match ladder.depth() {
        0 => whole.shortest,
        depth => Measured::of(ladder.rung(-depth), input).shortest.min(whole.shortest),
    };
    let longest = match ladder.height() {
        0 => whole.furthest,
        height => Measured::of(ladder.rung(height), input).furthest.max(whole.furthest),
    };
    Bounds { shortest, longest }
}

/// What is done where a session is to be of a length; `None` where it cannot be.
fn met(ladder: &Ladder<'_>, target: Frames, input: Input<'_>) -> Option<Reached> {
    let slack = input.durations.rate.frames(SLACK);
    let whole = Measured::of(ladder.rung(0), input);
    if target < whole.shortest {
        return shorter(ladder, target, slack, input).map(|measured| measured.reached(target, input));
    }
    let mut nearest = whole;
    for rung in 1..=ladder.height() {
        if target <= nearest.furthest {
            break;
        }
        let next = Measured::of(ladder.rung(rung), input);
        if next.shortest > target {
            // Once more is too much: the rest takes what lies between.
            break;
        }
        nearest = next;
    }
    let top = nearest.rung.changes.rung == ladder.height();
    let target = if top { fit::snapped(target, slack, (Frames::ZERO, nearest.furthest))? } else { target };
    Some(nearest.reached(target, input))
}

/// The rung on which the least is left out for a length.
fn shorter(ladder: &Ladder<'_>, target: Frames, slack: Frames, input: Input<'_>) -> Option<Measured> {
    let fits = |rung: i32| {
        let measured = Measured::of(ladder.rung(-rung), input);
        let slack = if rung == ladder.depth() { slack } else { Frames::ZERO };
        (measured.shortest <= target + slack).then_some(measured)
    };
    // Each rung is shorter than the one before, but for the way from one position to another: the search halves what is left.
    let (mut low, mut high) = (0, ladder.depth());
    let mut best = fits(high)?;
    while high - low > 1 {
        let middle = i32::midpoint(low, high);
        match fits(middle) {
            Some(measured) => (best, high) = (measured, middle),
            None => low = middle,
        }
    }
    Some(best)
}
