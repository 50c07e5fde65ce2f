//! One cycle of a pose with every range closed: its phases, how many rounds of it are done, and how long they last.

use std::time::Duration;

use super::cue;
use super::fit::Fit;
use super::pace::Pace;
use crate::load::language::breathing::BreathPart;
use crate::load::language::house_cues;
use crate::load::language::pose::{Dose, Lasts, Phase, Pose, PoseKind};
use crate::load::language::quantity::{MOST_ROUNDS, Quantity};

/// One cycle of a pose with every range closed.
pub(super) struct Cycle<'a> {
    pub(super) pose: &'a Pose,
    /// The breath as each side begins.
    pub(super) pace: Pace,
    /// Each phase and what it lasts.
    pub(super) phases: Vec<(&'a Phase, Lasts)>,
    /// What lies between two rounds.
    pub(super) rest: Duration,
    /// The time to change to a side.
    pub(super) switch: Duration,
    pub(super) rounds: u32,
}

/// A round of a side.
#[derive(Clone, Copy)]
pub(super) struct Turn {
    /// The side's index, where there are sides.
    pub(super) side: Option<usize>,
    /// The round, from 0.
    pub(super) round: u32,
}

impl<'a> Cycle<'a> {
    /// A pose's cycle in a fit, whose breath begins as `pace`.
    pub(super) fn new(pose: &'a Pose, fit: Fit, pace: Pace) -> Cycle<'a> {
        let closed = |phase: &'a Phase| {
            let lasts = match phase.lasts {
                Lasts::Hold { quantity, dose } => Lasts::Hold { quantity: fit.quantity(quantity), dose },
                other => other,
            };
            (phase, lasts)
        };
        let phases = pose.phases.iter().map(closed).collect();
        let (rest, switch) = (fit.time(pose.rest), fit.time(pose.switch));
        let mut cycle = Cycle { pose, pace, phases, rest, switch, rounds: 1 };
        cycle.rounds = match pose.dose {
            Dose::Rounds(rounds) => fit.count(rounds),
            Dose::For(time) => cycle.rounds_in(fit.time_for_wholes(time)),
        };
        cycle
    }

    /// How many phases and breaths its rounds have on one side, with the rest after each round.
    pub(super) fn parts(&self) -> usize {
        let breaths = |lasts: Lasts| match lasts {
            Lasts::Hold { quantity: Quantity::Breaths(number), .. } => number.least as usize,
            _ => 1,
        };
        let one = 1 + self.phases.iter().map(|(_, lasts)| breaths(*lasts)).sum::<usize>();
        one.saturating_mul(self.rounds as usize)
    }

    /// Lets one cycle pass, and returns how long it lasts.
    pub(super) fn pass(&self, pace: &mut Pace) -> Duration {
        self.phases.iter().map(|(_, lasts)| pace.pass(*lasts)).sum()
    }

    /// How long all rounds of one side last.
    pub(super) fn length(&self) -> Duration {
        let (mut pace, mut total) = (self.pace, Duration::ZERO);
        for round in 0..self.rounds {
            let left = self.rounds - round;
            if pace.is_steady() {
                return total + self.pass(&mut pace) * left + self.rest * (left - 1);
            }
            total += self.pass(&mut pace);
            if left > 1 {
                total += self.rest;
                pace.wait(self.rest);
            }
        }
        total
    }

    /// The number of rounds that comes nearest to a time, at least one; a rest lies between two.
    pub(super) fn rounds_in(&self, time: Duration) -> u32 {
        let (mut pace, mut end) = (self.pace, Duration::ZERO);
        for round in 0..MOST_ROUNDS {
            let rest = if round > 0 { self.rest } else { Duration::ZERO };
            if pace.is_steady() {
                let left = (time + self.rest).saturating_sub(end + rest);
                return (round + nearest_wholes(left, self.pass(&mut pace) + self.rest)).clamp(1, MOST_ROUNDS);
            }
            pace.wait(rest);
            let next = end + rest + self.pass(&mut pace);
            if next >= time {
                let past = round == 0 || next.saturating_sub(time) <= time.saturating_sub(end);
                return round + u32::from(past);
            }
            end = next;
        }
        MOST_ROUNDS
    }

    /// What is said before the last round: where nothing but breathing is done, a round is a breath.
    pub(super) fn last_round(&self) -> &'static str {
        if self.pose.kind == PoseKind::Breathing { house_cues::LAST_OF_BREATHING } else { house_cues::LAST_ROUND }
    }

    /// Whether a phase is a stillness of a breath that eases: it may grow from nothing.
    pub(super) fn grows(&self, index: usize) -> bool {
        self.pace.eases() && matches!(self.phases[index].1, Lasts::Part(BreathPart::Full | BreathPart::Empty))
    }

    /// The round that begins half-way through a long flow of so many sides at once.
    pub(super) fn half(&self, sides: u32) -> Option<u32> {
        (self.pose.is_flow() && self.length() * sides >= cue::HALVED_FLOW).then_some(self.rounds / 2)
    }
}

/// The number of wholes that comes nearest to a time; half a whole counts as one.
fn nearest_wholes(time: Duration, one: Duration) -> u32 {
    if one.is_zero() {
        return 0;
    }
    let nearest = (time.as_nanos() + one.as_nanos() / 2) / one.as_nanos();
    nearest.min(u128::from(MOST_ROUNDS)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_whole_counts_as_one() {
        let wholes = |time, one| nearest_wholes(Duration::from_secs(time), Duration::from_secs(one));
        assert_eq!([wholes(60, 10), wholes(64, 10), wholes(65, 10), wholes(3, 10), wholes(5, 0)], [6, 6, 7, 0, 0]);
    }
}
