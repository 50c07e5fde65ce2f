//! The practice of one pose: its sides, rounds and phases, and what is said in them.

use std::time::Duration;

use super::cue;
use super::place::Placer;
use super::timeline::BreathSpan;
use crate::frames::{FrameRange, Frames};
use crate::load::breath::{BreathPart, BreathPattern};
use crate::load::cue::CueRef;
use crate::load::pose::{Dose, Lasts, Order, Phase, Pose};
use crate::load::quantity::{MOST_ROUNDS, Quantity};
use crate::load::routine::{Bell, Guidance};

/// One cycle of a pose with every length chosen.
pub(super) struct Cycle<'a> {
    pub(super) pose: &'a Pose,
    pub(super) breath: BreathPattern,
    /// Each phase and its length.
    phases: Vec<(&'a Phase, Lasts, Duration)>,
    length: Duration,
    rest: Duration,
    rounds: u32,
}

/// A round of a side.
#[derive(Clone, Copy)]
pub(super) struct Turn {
    /// The side's index, where there are sides.
    pub(super) side: Option<usize>,
    /// The round, from 0.
    pub(super) round: u32,
}

impl Placer<'_> {
    /// The pose's dose, on every side.
    pub(super) fn practise(&mut self, pose: &Pose) {
        let cycle = self.cycle(pose);
        self.clock.settle();
        match (pose.sides.len(), pose.order) {
            (0, _) => self.rounds(&cycle, None),
            (sides, Order::Each) => {
                for side in 0..sides {
                    self.switch(pose, side, side > 0);
                    self.rounds(&cycle, Some(side));
                }
            }
            (sides, Order::Alternate) => self.alternate(&cycle, sides),
        }
    }

    fn cycle<'a>(&self, pose: &'a Pose) -> Cycle<'a> {
        let breath = pose.breath.unwrap_or(self.brief.routine.breath);
        let chosen = |phase: &'a Phase| {
            let lasts = match phase.lasts {
                Lasts::Hold { quantity, dose } => Lasts::Hold { quantity: self.fit.quantity(quantity), dose },
                other => other,
            };
            (phase, lasts, length(lasts, breath))
        };
        let phases: Vec<_> = pose.phases.iter().map(chosen).collect();
        let length = phases.iter().map(|(.., length)| *length).sum();
        let rest = self.fit.time(pose.rest);
        let rounds = match pose.dose {
            Dose::Rounds(rounds) => self.fit.count(rounds),
            Dose::For(time) => whole_cycles(self.fit.time_for_wholes(time), length, rest),
        };
        Cycle { pose, breath, phases, length, rest, rounds }
    }

    /// All rounds of one side. It lasts the same number of frames on every side.
    fn rounds(&mut self, cycle: &Cycle<'_>, side: Option<usize>) {
        self.clock.settle();
        if self.sheet.is_none() {
            self.clock.wait(cycle.length * cycle.rounds + cycle.rest * (cycle.rounds - 1));
            if cycle.pose.is_plain_hold() {
                self.closing_rest();
            }
        } else {
            for round in 0..cycle.rounds {
                self.one_round(cycle, Turn { side, round });
                self.rest_between(cycle, Turn { side, round });
            }
        }
        self.clock.settle();
    }

    /// Sides in turn, a round of each.
    fn alternate(&mut self, cycle: &Cycle<'_>, sides: usize) {
        for round in 0..cycle.rounds {
            for side in 0..sides {
                self.switch(cycle.pose, side, round > 0 || side > 0);
                self.clock.settle();
                self.one_round(cycle, Turn { side: Some(side), round });
                self.clock.settle();
            }
            self.rest_between(cycle, Turn { side: None, round });
            self.clock.settle();
        }
    }

    /// The time to change to a side, and the words for it.
    fn switch(&mut self, pose: &Pose, side: usize, changes: bool) {
        if !changes || pose.switch.is_zero() {
            return;
        }
        self.clock.settle();
        let start = self.clock.now();
        self.clock.wait(pose.switch);
        self.clock.settle();
        let window = FrameRange { start, end: self.clock.now() };
        if cue::names(self.brief.guidance) {
            self.say_within(pose, Some(side), &pose.switching, window);
        } else {
            self.bell_within(Bell::High, window);
        }
        self.span(pose, Some(side), None, "switch", start);
    }

    fn one_round(&mut self, cycle: &Cycle<'_>, turn: Turn) {
        for (index, (phase, lasts, length)) in cycle.phases.iter().enumerate() {
            let start = self.clock.now();
            self.clock.wait(*length);
            if cycle.pose.is_plain_hold() {
                self.closing_rest();
            }
            let window = FrameRange { start, end: self.clock.now() };
            self.breathe(*lasts, cycle.breath, window);
            let last = index + 1 == cycle.phases.len() && cycle.rest.is_zero();
            let reserve = self.last_round_words(cycle, turn).filter(|_| last);
            let said = self.phase_words(cycle, turn, index == 0, phase, window, reserve);
            if let Lasts::Hold { quantity, .. } = lasts {
                self.mark_hold(cycle, turn, *quantity, window, said);
            }
            let round = (cycle.rounds > 1).then_some(turn.round);
            self.span(cycle.pose, turn.side, round, lasts.word(), start);
        }
    }

    /// What is said in a phase; where it ends.
    fn phase_words(
        &mut self,
        cycle: &Cycle<'_>,
        turn: Turn,
        first: bool,
        phase: &Phase,
        window: FrameRange,
        reserve: Option<Frames>,
    ) -> Frames {
        if self.sheet.is_none() {
            return window.start;
        }
        let pose = cycle.pose;
        let wanted = cue::first_wanted(self.brief.guidance, turn.round, phase.cues.len(), pose.is_flow(), pose.order);
        let house = [CueRef::house("side/{side}", &phase.place)];
        let cues = match wanted {
            Some(from) => &phase.cues[from..],
            None if first && self.names_side_itself(pose, turn) => &house[..],
            None => &[],
        };
        let Some(reserve) = reserve else {
            return self.say_within(pose, turn.side, cues, window);
        };
        // Room for the words that announce the last round, by shorter words here if need be.
        let apart = self.brief.lengths.rate.frames(cue::APART);
        let room = FrameRange {
            start: window.start,
            end: Frames(window.end.0.saturating_sub(reserve.0 + 2 * apart.0)).max(window.start),
        };
        let fits =
            |cue: &&CueRef| self.length(&pose.cue_id(cue, turn.side)).is_some_and(|frames| frames <= room.frames());
        let brief: Vec<CueRef> = cues.iter().filter(fits).take(1).cloned().collect();
        if brief.is_empty() && !cues.is_empty() {
            return self.say_within(pose, turn.side, cues, window);
        }
        self.say_within(pose, turn.side, &brief, room);
        let start = window.end - apart - reserve;
        if start >= room.start {
            self.put("mark/last-round", start, reserve);
        }
        window.end - apart
    }

    /// Under `names`, the side is named where the phases' own words are left out and no change of side named it.
    fn names_side_itself(&self, pose: &Pose, turn: Turn) -> bool {
        let switched = turn.side != Some(0) && !pose.switch.is_zero();
        let begins = turn.round == 0 || pose.order == Order::Alternate;
        self.brief.guidance == Guidance::Names && turn.side.is_some() && begins && !switched
    }

    /// How long the words for "the last round comes next" are, where this is the time for them.
    fn last_round_words(&mut self, cycle: &Cycle<'_>, turn: Turn) -> Option<Frames> {
        let many = cycle.rounds >= cue::MANY_ROUNDS && turn.round + 2 == cycle.rounds;
        let last_side =
            cycle.pose.order == Order::Each || turn.side.is_none_or(|side| side + 1 == cycle.pose.sides.len());
        let said = many && last_side && cue::names(self.brief.guidance) && self.sheet.is_some();
        if said { self.house_length("mark/last-round") } else { None }
    }

    fn rest_between(&mut self, cycle: &Cycle<'_>, turn: Turn) {
        if turn.round + 1 == cycle.rounds || cycle.rest.is_zero() {
            return;
        }
        let start = self.clock.now();
        self.clock.wait(cycle.rest);
        let window = FrameRange { start, end: self.clock.now() };
        let mut said = start;
        if cue::instructs(self.brief.guidance) {
            said = self.say_within(cycle.pose, turn.side, &cycle.pose.resting, window);
        }
        let apart = self.brief.lengths.rate.frames(cue::APART);
        if let Some(frames) = self.last_round_words(cycle, turn)
            && said + frames + apart * 2 <= window.end
        {
            self.put("mark/last-round", window.end - apart - frames, frames);
        }
        self.span(cycle.pose, turn.side, Some(turn.round), "rest", start);
    }

    /// Notes the breath that a phase keeps.
    fn breathe(&mut self, lasts: Lasts, breath: BreathPattern, window: FrameRange) {
        let Some(sheet) = &mut self.sheet else { return };
        let parts: &[BreathPart] = match &lasts {
            Lasts::Rising => &[BreathPart::Inhale, BreathPart::Full],
            Lasts::Falling => &[BreathPart::Exhale, BreathPart::Empty],
            Lasts::Part(part) => std::slice::from_ref(part),
            Lasts::Hold { quantity: Quantity::Breaths(_), .. } => &BreathPart::ALL,
            Lasts::Hold { .. } => return,
        };
        let rate = self.brief.lengths.rate;
        let mut elapsed = Duration::ZERO;
        let mut start = window.start;
        while start < window.end {
            for part in parts {
                elapsed += breath.part(*part);
                let end = (window.start + rate.frames(elapsed)).min(window.end);
                sheet.breath(BreathSpan { part: *part, start, frames: end - start });
                start = end;
            }
        }
    }
}

/// How long a phase lasts, every range being closed.
fn length(lasts: Lasts, breath: BreathPattern) -> Duration {
    match lasts {
        Lasts::Rising => breath.rising(),
        Lasts::Falling => breath.falling(),
        Lasts::Part(part) => breath.part(part),
        Lasts::Hold { quantity: Quantity::Time(time), .. } => time.least,
        Lasts::Hold { quantity: Quantity::Breaths(number), .. } => breath.length() * number.least,
    }
}

/// As many whole cycles as come nearest to a time, at least one; a rest lies between two.
fn whole_cycles(time: Duration, cycle: Duration, rest: Duration) -> u32 {
    let one = (cycle + rest).as_nanos();
    if one == 0 {
        return 1;
    }
    let nearest = ((time + rest).as_nanos() + one / 2) / one;
    nearest.clamp(1, u128::from(MOST_ROUNDS)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_filled_with_the_nearest_number_of_whole_cycles() {
        let cycles = |time, cycle, rest| {
            whole_cycles(Duration::from_secs(time), Duration::from_secs(cycle), Duration::from_secs(rest))
        };
        assert_eq!(cycles(60, 10, 0), 6);
        assert_eq!(cycles(64, 10, 0), 6);
        assert_eq!(cycles(65, 10, 0), 7);
        assert_eq!(cycles(3, 10, 0), 1);
        assert_eq!(cycles(50, 10, 10), 3);
    }
}
