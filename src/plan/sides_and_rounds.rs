//! The practice of one pose: its sides, rounds and phases, and what is said in them.

use std::time::Duration;

use super::cue;
use super::hold::Hold;
use super::pace::Pace;
use super::scheduler::Scheduler;
use super::timeline::{BreathSpan, PhaseKind, Role};
use crate::frames::{FrameRange, Frames};
use crate::load::language::breathing::{BreathPart, Breathing};
use crate::load::language::cue::CueRef;
use crate::load::language::house_cues;
use crate::load::language::pose::{Dose, Lasts, Order, Phase, Pose};
use crate::load::language::quantity::{MOST_ROUNDS, Quantity};
use crate::load::language::routine::{Bell, Guidance};

/// One cycle of a pose with every range closed.
pub(super) struct Cycle<'a> {
    pub(super) pose: &'a Pose,
    /// The breath as each side begins.
    pace: Pace,
    /// Each phase and what it lasts.
    pub(super) phases: Vec<(&'a Phase, Lasts)>,
    rest: Duration,
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

impl Cycle<'_> {
    /// Lets one cycle pass; how long it lasts.
    fn pass(&self, pace: &mut Pace) -> Duration {
        self.phases.iter().map(|(_, lasts)| pace.pass(*lasts)).sum()
    }

    /// How long all rounds of one side last.
    fn length(&self) -> Duration {
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

    /// As many rounds as come nearest to a time, at least one; a rest lies between two.
    fn rounds_in(&self, time: Duration) -> u32 {
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

    /// Whether a phase is a stillness of a breath that eases: it may grow from nothing.
    fn grows(&self, index: usize) -> bool {
        self.pace.eases() && matches!(self.phases[index].1, Lasts::Part(BreathPart::Full | BreathPart::Empty))
    }

    /// The round that begins half-way through a long flow of so many sides at once.
    fn half(&self, sides: u32) -> Option<u32> {
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

impl Scheduler<'_> {
    /// The pose's dose, on every side.
    pub(super) fn practise(&mut self, pose: &Pose) {
        self.clock.settle();
        let cycle = self.cycle(pose);
        self.say_first_side(pose);
        match (pose.sides.len(), pose.order) {
            (0, _) => self.rounds(&cycle, None),
            (sides, Order::Each) => {
                for side in 0..sides {
                    self.switch(&cycle, side, side > 0);
                    self.rounds(&cycle, Some(side));
                }
            }
            (sides, Order::Alternate) => self.alternate(&cycle, sides),
        }
    }

    fn cycle<'a>(&self, pose: &'a Pose) -> Cycle<'a> {
        let closed = |phase: &'a Phase| {
            let lasts = match phase.lasts {
                Lasts::Hold { quantity, dose } => Lasts::Hold { quantity: self.fit.quantity(quantity), dose },
                other => other,
            };
            (phase, lasts)
        };
        let phases = pose.phases.iter().map(closed).collect();
        let (rest, switch) = (self.fit.time(pose.rest), self.fit.time(pose.switch));
        let mut cycle = Cycle { pose, pace: self.pace(pose), phases, rest, switch, rounds: 1 };
        cycle.rounds = match pose.dose {
            Dose::Rounds(rounds) => self.fit.count(rounds),
            Dose::For(time) => cycle.rounds_in(self.fit.time_for_wholes(time)),
        };
        cycle
    }

    /// The breath as a pose begins: one of its own from its start, the routine's from wherever it has eased to.
    fn pace(&self, pose: &Pose) -> Pace {
        if !pose.is_paced() {
            return Pace::new(Breathing::steady(self.input.breath.to), Duration::ZERO);
        }
        match pose.breath {
            Some(own) => Pace::new(own, Duration::ZERO),
            None if !self.input.breath.eases() => Pace::new(self.input.breath, Duration::ZERO),
            None => Pace::new(self.input.breath, self.eased()),
        }
    }

    /// Names the first side, where no phase does: later ones are named as one changes to them.
    fn say_first_side(&mut self, pose: &Pose) {
        let Some(side) = pose.sides.first().filter(|_| cue::instructs(self.input.guidance)) else { return };
        let id = house_cues::side(side);
        if !pose.phases_name_side() && self.house_length(&id).is_some() {
            self.words(Role::Side, &id, &pose.place);
            self.clock.wait(cue::AFTER_NAME);
        }
    }

    /// All rounds of one side. It lasts the same number of frames on every side.
    fn rounds(&mut self, cycle: &Cycle<'_>, side: Option<usize>) {
        self.clock.settle();
        if self.sheet.is_none() {
            self.count(cycle);
            self.clock.wait(cycle.length());
            if cycle.pose.is_plain_hold() {
                self.closing_rest();
            }
        } else {
            let mut pace = cycle.pace;
            self.half_due = cycle.half(1);
            for round in 0..cycle.rounds {
                pace = self.one_round(cycle, pace, Turn { side, round });
                pace = self.rest_between(cycle, pace, Turn { side, round });
            }
        }
        self.clock.settle();
    }

    /// Sides in turn, a round of each. Both sides of a round have the same breaths.
    fn alternate(&mut self, cycle: &Cycle<'_>, sides: usize) {
        let mut pace = cycle.pace;
        if self.sheet.is_none() {
            (0..sides).for_each(|_| self.count(cycle));
        }
        self.half_due = cycle.half(sides as u32);
        for round in 0..cycle.rounds {
            let begins = pace;
            for side in 0..sides {
                self.switch(cycle, side, round > 0 || side > 0);
                self.clock.settle();
                pace = self.one_round(cycle, begins, Turn { side: Some(side), round });
                self.clock.settle();
            }
            pace = self.rest_between(cycle, pace, Turn { side: None, round });
            self.clock.settle();
        }
    }

    /// Counts what will be placed, so that a plan that would fill the memory is refused before.
    fn count(&mut self, cycle: &Cycle<'_>) {
        let breaths = |lasts: Lasts| match lasts {
            Lasts::Hold { quantity: Quantity::Breaths(number), .. } => number.least as usize,
            _ => 1,
        };
        // And the rest after each round.
        let one = 1 + cycle.phases.iter().map(|(_, lasts)| breaths(*lasts)).sum::<usize>();
        self.phases = self.phases.saturating_add(one.saturating_mul(cycle.rounds as usize));
    }

    /// The time to change to a side, and the words for it.
    fn switch(&mut self, cycle: &Cycle<'_>, side: usize, changes: bool) {
        let pose = cycle.pose;
        if !changes || cycle.switch.is_zero() {
            return;
        }
        self.clock.settle();
        let start = self.clock.now();
        self.clock.wait(cycle.switch);
        self.clock.settle();
        let window = FrameRange { start, end: self.clock.now() };
        let safety = cue::safety(&pose.switching);
        if cue::names(self.input.guidance) {
            self.say_within(Role::Switch, pose, Some(side), &pose.switching, window);
        } else if !safety.is_empty() {
            self.say_within(Role::Switch, pose, Some(side), safety, window);
        } else {
            self.bell_within(Bell::High, window);
        }
        self.span(pose, Some(side), None, PhaseKind::Switch, start);
    }

    /// One round of a side; the breath as it ends.
    fn one_round(&mut self, cycle: &Cycle<'_>, mut pace: Pace, turn: Turn) -> Pace {
        for (index, (_, lasts)) in cycle.phases.iter().enumerate() {
            let (start, begins) = (self.clock.now(), pace);
            self.clock.wait(pace.pass(*lasts));
            if self.sheet.is_none() {
                continue;
            }
            if cycle.pose.is_plain_hold() {
                self.closing_rest();
            }
            let window = FrameRange { start, end: self.clock.now() };
            self.breathe(*lasts, begins, window);
            // In the rest before it where that has room, else at the end of the round before.
            let last = index + 1 == cycle.phases.len();
            let rate = self.input.durations.rate;
            let resting = |frames: &Frames| rate.frames(cycle.rest) >= *frames + rate.frames(cue::APART) * 2;
            let reserve = self.last_round_words(cycle, turn).filter(|frames| last && !resting(frames));
            let (said, last_round) = self.phase_words(cycle, turn, index, window, reserve);
            let free = FrameRange { end: last_round.map_or(window.end, |words| words.start), ..window };
            self.mark_flow(turn, said, free);
            if let Lasts::Hold { quantity, dose } = *lasts {
                let last_breath =
                    last_breath(begins, quantity).map(|time| start + self.input.durations.rate.frames(time));
                let countdown = if dose { cycle.pose.countdown } else { Duration::ZERO };
                let (pose, side) = (cycle.pose, turn.side);
                let hold = Hold { pose, side, quantity, last_breath, countdown, announce: true };
                self.mark_hold(&hold, window, said, last_round);
            }
            let round = (cycle.rounds > 1).then_some(turn.round);
            self.span(cycle.pose, turn.side, round, PhaseKind::of(*lasts), start);
        }
        pace
    }

    /// What is said in a phase: where it ends, and where at the phase's end the last round is announced, for which `reserve`
    /// is needed.
    fn phase_words(
        &mut self,
        cycle: &Cycle<'_>,
        turn: Turn,
        index: usize,
        window: FrameRange,
        reserve: Option<Frames>,
    ) -> (Frames, Option<FrameRange>) {
        let (pose, phase, first) = (cycle.pose, cycle.phases[index].0, index == 0);
        let kept = cue::keeps(self.input.tone, pose);
        let round = self.rounds_heard(cycle, turn, index, window);
        let wanted = cue::first_wanted(self.input.guidance, round, phase.cues.len(), kept);
        let house = [CueRef::house(house_cues::SIDE, &phase.place)];
        let stay = [CueRef::house(house_cues::STAY_HERE, &phase.place)];
        let (role, cues) = match wanted {
            // A stillness that grows into a breath is named once its word fits.
            Some(_) if cycle.grows(index) && !self.fits(pose, turn.side, &phase.cues, window) => (Role::Phase, &[][..]),
            Some(from) if self.is_cut_short(cycle, turn, index, &phase.cues[from..], window) => (Role::Stay, &stay[..]),
            Some(from) => (Role::Phase, &phase.cues[from..]),
            None if first && self.names_side_itself(pose, turn) => (Role::Side, &house[..]),
            None => (Role::Phase, cue::safety(&phase.cues)),
        };
        let window = match cues {
            [] => FrameRange { start: self.chime(cycle, turn, first, phase, window), ..window },
            _ => window,
        };
        let Some(reserve) = reserve else {
            return (self.say_within(role, pose, turn.side, cues, window), None);
        };
        // Room for the words that announce the last round, by shorter words here if need be.
        let apart = self.input.durations.rate.frames(cue::APART);
        let room = FrameRange {
            start: window.start,
            end: Frames(window.end.0.saturating_sub(reserve.0 + 2 * apart.0)).max(window.start),
        };
        let fits =
            |cue: &&CueRef| self.length(&pose.cue_id(cue, turn.side)).is_some_and(|frames| frames <= room.frames());
        let shorter: Vec<CueRef> = cues.iter().filter(fits).take(1).cloned().collect();
        let crowded = window.start + apart + reserve > window.end;
        if shorter.is_empty() && (crowded || !cues.is_empty()) {
            // In a breath too quick for both, the listener knows by now what to do.
            let alone = pose.is_flow() && cue::safety(cues).is_empty() && reserve <= window.frames();
            if !alone {
                return (self.say_within(role, pose, turn.side, cues, window), None);
            }
            self.put(Role::LastRound, house_cues::LAST_ROUND, window.start, reserve);
            return (window.start + reserve, None);
        }
        let said = self.say_within(role, pose, turn.side, &shorter, room);
        if crowded {
            return (said, None);
        }
        let start = window.end - apart - reserve;
        if start < room.start {
            return (said, None);
        }
        self.put(Role::LastRound, house_cues::LAST_ROUND, start, reserve);
        (said, Some(FrameRange::new(start, reserve)))
    }

    /// In how many rounds the words of a phase were heard before: in all, but for a stillness that has just become long enough.
    fn rounds_heard(&mut self, cycle: &Cycle<'_>, turn: Turn, index: usize, window: FrameRange) -> u32 {
        let phase = cycle.phases[index].0;
        if !cycle.grows(index) {
            return turn.round;
        }
        let fits = self.fits(cycle.pose, turn.side, &phase.cues, window);
        if turn.round == 0 {
            self.too_short.insert(index, 0);
        }
        let too_short = self.too_short.entry(index).or_default();
        *too_short += u32::from(!fits);
        turn.round - (*too_short).min(turn.round)
    }

    /// Whether one of the cues has room; one without a recording is told elsewhere.
    pub(super) fn fits(&self, pose: &Pose, side: Option<usize>, cues: &[CueRef], window: FrameRange) -> bool {
        cues.iter().any(|cue| self.length(&pose.cue_id(cue, side)).is_none_or(|frames| frames <= window.frames()))
    }

    /// Whether a step made the hold of a pose that is built in too short for its words, which its author cannot change.
    fn is_cut_short(
        &mut self,
        cycle: &Cycle<'_>,
        turn: Turn,
        index: usize,
        cues: &[CueRef],
        window: FrameRange,
    ) -> bool {
        matches!(cycle.phases[index].1, Lasts::Hold { dose: true, .. })
            && cues.iter().all(|cue| cue.place.source.is_built_in())
            && !self.fits(cycle.pose, turn.side, cues, window)
            && self.house_length(house_cues::STAY_HERE).is_some_and(|frames| frames <= window.frames())
    }

    /// Says that a long flow is half over, as soon after its half as there is room.
    fn mark_flow(&mut self, turn: Turn, said: Frames, window: FrameRange) {
        if self.half_due.is_none_or(|half| turn.round < half) || !cue::names(self.input.guidance) {
            return;
        }
        let apart = self.input.durations.rate.frames(cue::APART);
        let start = if said == window.start { said } else { said + apart };
        if let Some(frames) = self.house_length(house_cues::HALF)
            && start + frames + apart <= window.end
        {
            self.put(Role::Half, house_cues::HALF, start, frames);
            self.half_due = None;
        }
    }

    /// Under `names`, the side is named where the phases' own words are left out and no change of side named it.
    fn names_side_itself(&self, pose: &Pose, turn: Turn) -> bool {
        let switched = turn.side != Some(0) && !pose.switch.most.is_zero();
        let begins = turn.round == 0 || pose.order == Order::Alternate;
        self.input.guidance == Guidance::Names && turn.side.is_some() && begins && !switched
    }

    /// How long the words for "the last round comes next" are, where this is the time for them.
    fn last_round_words(&mut self, cycle: &Cycle<'_>, turn: Turn) -> Option<Frames> {
        let many = cycle.rounds >= cue::MANY_ROUNDS && turn.round + 2 == cycle.rounds;
        let last_side =
            cycle.pose.order == Order::Each || turn.side.is_none_or(|side| side + 1 == cycle.pose.sides.len());
        let said = many && last_side && cue::names(self.input.guidance) && self.sheet.is_some();
        if said { self.house_length(house_cues::LAST_ROUND) } else { None }
    }

    fn rest_between(&mut self, cycle: &Cycle<'_>, mut pace: Pace, turn: Turn) -> Pace {
        if turn.round + 1 == cycle.rounds || cycle.rest.is_zero() {
            return pace;
        }
        pace.wait(cycle.rest);
        let start = self.clock.now();
        self.clock.wait(cycle.rest);
        let window = FrameRange { start, end: self.clock.now() };
        let apart = self.input.durations.rate.frames(cue::APART);
        let last_round = self.last_round_words(cycle, turn);
        // Words that no author wrote fade as all words do, and stand back where there is no room for both.
        let resting = &cycle.pose.resting[..];
        let house = resting.iter().all(|cue| cue.template() == house_cues::REST || cue.place.source.is_built_in());
        let faded = house && self.input.guidance == Guidance::Fading && turn.round >= cue::RESTS_SAID;
        let end =
            last_round.filter(|_| house).map_or(window.end, |frames| window.end.saturating_sub(frames + apart * 2));
        let room = FrameRange { end: end.max(start), ..window };
        let said = match cue::instructed(self.input.guidance, resting) {
            [] if resting.is_empty() => start,
            [] => self.bell_within(Bell::Soft, window),
            _ if faded => self.bell_within(Bell::Soft, room),
            cues if house && !self.fits(cycle.pose, turn.side, cues, room) => start,
            cues => self.say_within(Role::Rest, cycle.pose, turn.side, cues, room),
        };
        if let Some(frames) = last_round
            && said + frames + apart * 2 <= window.end
        {
            self.put(Role::LastRound, house_cues::LAST_ROUND, window.end - apart - frames, frames);
        }
        self.span(cycle.pose, turn.side, Some(turn.round), PhaseKind::Rest, start);
        pace
    }

    /// Notes the breaths that a phase keeps.
    fn breathe(&mut self, lasts: Lasts, pace: Pace, window: FrameRange) {
        let Some(sheet) = &mut self.sheet else { return };
        let rate = self.input.durations.rate;
        let (mut elapsed, mut start) = (Duration::ZERO, window.start);
        let parts = pace.parts(lasts);
        for (index, (part, length)) in parts.iter().enumerate() {
            elapsed += *length;
            let end = if index + 1 == parts.len() { window.end } else { window.start + rate.frames(elapsed) };
            sheet.breath(BreathSpan { part: *part, start, frames: end.min(window.end).saturating_sub(start) });
            start = end.min(window.end);
        }
    }
}

/// When the last of several breaths begins, from the first on.
fn last_breath(mut pace: Pace, quantity: Quantity) -> Option<Duration> {
    let Quantity::Breaths(number) = quantity else { return None };
    let before = pace.elapsed();
    pace.breathe(number.least.checked_sub(1)?);
    Some(pace.elapsed().saturating_sub(before))
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
