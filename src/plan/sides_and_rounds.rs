//! The practice of one pose: its sides and rounds, and what is said in the phases of a round.

use std::time::Duration;

use super::cue;
use super::cycle::{Cycle, Turn};
use super::hold::Hold;
use super::last_round::{Heard, LastRound};
use super::pace::Pace;
use super::scheduler::Scheduler;
use super::score::Score;
use super::timeline::{BreathSpan, ChapterKind, PhaseKind, Role};
use super::wording::Chosen;
use crate::diagnostic::{Code, Diagnostic};
use crate::frames::{FrameRange, Frames, SampleRate};
use crate::load::language::breathing::{BreathPart, Breathing};
use crate::load::language::cue::CueRef;
use crate::load::language::house_cues;
use crate::load::language::pose::{Lasts, Order, Pose, PoseKind};
use crate::load::language::quantity::Quantity;
use crate::load::language::routine::{Bell, Guidance};

impl<'a, S: Score<'a>> Scheduler<'a, S> {
    /// The pose's dose, on every side; `turns` is whether the listener is yet to turn to the first.
    pub(super) fn practise(&mut self, pose: &Pose, turns: bool) {
        self.progress.clock.settle();
        let cycle = Cycle::new(pose, self.fit, self.pace(pose));
        self.miss_unused(&cycle);
        if turns && !cycle.switch.is_zero() {
            self.switch(&cycle, 0, true);
        } else {
            self.say_first_side(pose);
        }
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

    /// What an author wrote for a pose and no part of it ever says.
    fn miss_unused(&mut self, cycle: &Cycle<'_>) {
        if !S::KEEPS {
            return;
        }
        let pose = cycle.pose;
        let holds = cycle.phases.iter().any(|(_, lasts)| matches!(lasts, Lasts::Hold { .. }));
        let counted = cycle.phases.iter().any(|(_, lasts)| matches!(lasts, Lasts::Hold { dose: true, .. }));
        if !pose.countdown.is_zero() && !counted {
            self.miss_countdown(pose);
        }
        if !holds {
            pose.reminders.iter().for_each(|reminder| self.miss_reminder(reminder));
        }
        let never_rests = cycle.rounds == 1 || cycle.rest.is_zero();
        let never_turns = pose.sides.len() < 2 || cycle.switch.is_zero();
        for (cues, never, why) in [(&pose.resting, never_rests, "rest"), (&pose.switching, never_turns, "switch")] {
            for cue in cues.iter().filter(|cue| !house_cues::is_house(cue.template())) {
                self.hear_in_time(cue, never, why);
            }
        }
    }

    /// Notes whether the time that a cue belongs to ever comes.
    fn hear_in_time(&mut self, cue: &CueRef, never: bool, key: &str) {
        if !never {
            self.heard(Code::UnheardCue, &cue.place);
            return;
        }
        let message = format!("expected a `{key}` for `{}` to be said in, found none", cue.template());
        let warning = Diagnostic::warning(Code::UnheardCue, message).at(&cue.place, "never said");
        self.missed(
            &cue.place,
            warning.help(format!("give the pose a `{key}` and more than one round or side, or leave the words out")),
        );
    }

    /// The breath as a pose begins: one of its own from its start, the routine's from wherever it has eased to.
    fn pace(&self, pose: &Pose) -> Pace {
        if !pose.is_paced() {
            return Pace::new(Breathing::steady(self.input.breath.to), Duration::ZERO);
        }
        match pose.breath {
            Some(own) => Pace::new(own, Duration::ZERO),
            None if !self.input.breath.eases() => Pace::new(self.input.breath, Duration::ZERO),
            None => Pace::new(self.input.breath, self.progress.eased()),
        }
    }

    /// Names the first side, where no phase does: later ones are named as one changes to them.
    fn say_first_side(&mut self, pose: &Pose) {
        let Some(side) = pose.sides.first().filter(|_| cue::instructs(self.input.guidance)) else { return };
        let id = house_cues::side(side);
        if !pose.phases_name_side() && self.house_length(Role::Side, &id).is_some() {
            self.words(Role::Side, &id, &pose.place);
            self.progress.clock.wait(cue::AFTER_NAME);
        }
    }

    /// All rounds of one side. It lasts the same number of frames on every side.
    fn rounds(&mut self, cycle: &Cycle<'_>, side: Option<usize>) {
        self.progress.clock.settle();
        if S::KEEPS {
            let mut pace = cycle.pace;
            self.wording.half_due = cycle.half(1);
            for round in 0..cycle.rounds {
                pace = self.one_round(cycle, pace, Turn { side, round });
                pace = self.rest_between(cycle, pace, Turn { side, round });
            }
        } else {
            self.progress.count(cycle.parts());
            self.progress.clock.wait(cycle.length());
            if cycle.pose.is_plain_hold() {
                self.closing_rest();
            }
        }
        self.progress.clock.settle();
    }

    /// Sides in turn, a round of each. Both sides of a round have the same breaths.
    fn alternate(&mut self, cycle: &Cycle<'_>, sides: usize) {
        let mut pace = cycle.pace;
        if !S::KEEPS {
            self.progress.count(cycle.parts().saturating_mul(sides));
        }
        self.wording.half_due = cycle.half(sides as u32);
        for round in 0..cycle.rounds {
            let begins = pace;
            for side in 0..sides {
                self.switch(cycle, side, round > 0 || side > 0);
                self.progress.clock.settle();
                pace = self.one_round(cycle, begins, Turn { side: Some(side), round });
                self.progress.clock.settle();
            }
            pace = self.rest_between(cycle, pace, Turn { side: None, round });
            self.progress.clock.settle();
        }
    }

    /// The time to change to a side, and the words for it.
    fn switch(&mut self, cycle: &Cycle<'_>, side: usize, changes: bool) {
        let pose = cycle.pose;
        if !changes || cycle.switch.is_zero() {
            return;
        }
        self.progress.clock.settle();
        let start = self.progress.clock.now();
        self.progress.clock.wait(cycle.switch);
        self.progress.clock.settle();
        let window = FrameRange { start, end: self.progress.clock.now() };
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
        let last_round = self.last_round(cycle, pace, turn);
        for (index, (_, lasts)) in cycle.phases.iter().enumerate() {
            let (start, begins) = (self.progress.clock.now(), pace);
            if let Some(chapter) = cycle.phases[index].0.chapter.as_ref().filter(|_| turn.round == 0) {
                self.chapter(ChapterKind::Part, chapter);
            }
            self.progress.clock.wait(pace.pass(*lasts));
            if !S::KEEPS {
                continue;
            }
            if cycle.pose.is_plain_hold() {
                self.closing_rest();
            }
            let window = FrameRange { start, end: self.progress.clock.now() };
            self.breathe(*lasts, begins, window);
            let (said, taken) = self.phase_words(cycle, turn, index, window, &last_round);
            let said = self.breath_hold(cycle, turn, begins.parts(*lasts), window, (said, taken));
            let is_last = turn.round + 1 == cycle.rounds && index + 1 == cycle.phases.len();
            if is_last && cycle.pose.kind == PoseKind::Breathing {
                self.count_last_breath(cycle.pose, window, said);
            }
            let free = FrameRange { end: taken.map_or(window.end, |words| words.start.max(window.start)), ..window };
            self.mark_flow(turn, said, free);
            if let Lasts::Hold { quantity, dose } = *lasts {
                let breaths = breaths(begins, quantity, start, self.input.durations.rate);
                let countdown = if dose { cycle.pose.countdown } else { Duration::ZERO };
                let (pose, side) = (cycle.pose, turn.side);
                let rests = self.is_closing_rest() && pose.is_plain_hold() && side.is_none();
                let announce = self.wording.announces(cycle, turn, index, window);
                let hold = Hold { pose, side, quantity, breaths, countdown, announce, rests };
                self.mark_hold(&hold, window, said, taken);
            }
            let round = (cycle.rounds > 1).then_some(turn.round);
            self.span(cycle.pose, turn.side, round, PhaseKind::of(*lasts), start);
        }
        pace
    }

    /// Where in this round it is said that the last one comes next, if it is the time for that.
    fn last_round(&mut self, cycle: &Cycle<'_>, pace: Pace, turn: Turn) -> LastRound {
        let rate = self.input.durations.rate;
        let Some(frames) = self.last_round_words(cycle, turn) else { return LastRound::Unsaid };
        if rate.frames(cycle.rest) >= frames + rate.frames(cue::APART) * 2 {
            // The words have room in the rest after the round.
            return LastRound::Unsaid;
        }
        let (mut clock, mut pace) = (self.progress.clock, pace);
        let window = |lasts: &Lasts| {
            let start = clock.now();
            clock.wait(pace.pass(*lasts));
            FrameRange { start, end: clock.now() }
        };
        let windows: Vec<FrameRange> = cycle.phases.iter().map(|(_, lasts)| lasts).map(window).collect();
        let apart = rate.frames(cue::APART);
        LastRound::find(&self.heard_in(cycle, turn, &windows), cycle.pose.is_flow(), frames, apart)
    }

    /// What is heard in each phase of a round.
    fn heard_in(&self, cycle: &Cycle<'_>, turn: Turn, windows: &[FrameRange]) -> Vec<Heard> {
        let heard = |(index, window): (usize, &FrameRange)| {
            let chosen = self.wording.choose(cycle, turn, index, *window, turn.round);
            let length = |cue: &CueRef| self.wording.length(&cycle.pose.cue_id(cue, turn.side));
            let lengths: Vec<Frames> = chosen.cues.iter().filter_map(length).collect();
            let bell = chosen.cues.is_empty().then(|| self.chime_of(cycle, turn, index, *window)).flatten();
            let safety = !cue::safety(&chosen.cues).is_empty();
            Heard { window: *window, lengths, bell: bell.map(|bell| self.ring(bell).1), safety }
        };
        windows.iter().enumerate().map(heard).collect()
    }

    /// What is said in a phase: where it ends, and where that the last round comes next is said in it.
    fn phase_words(
        &mut self,
        cycle: &Cycle<'_>,
        turn: Turn,
        index: usize,
        window: FrameRange,
        last_round: &LastRound,
    ) -> (Frames, Option<FrameRange>) {
        let (pose, phase) = (cycle.pose, cycle.phases[index].0);
        let mut chosen = self.wording.in_phase(cycle, turn, index, window);
        if chosen.cut_short
            && self.house_length(Role::Stay, house_cues::STAY_HERE).is_some_and(|frames| frames <= window.frames())
        {
            chosen = Chosen::house(Role::Stay, house_cues::STAY_HERE, &phase.place);
        }
        let taken = last_round.within(window);
        if let Some(words) = taken.filter(|words| window.contains(words.start)) {
            self.put(Role::LastRound, cycle.last_round(), words.start, words.frames());
        }
        let (role, cues) = (chosen.role, &chosen.cues[..]);
        match (taken, last_round) {
            // The listener knows by now what to do.
            (Some(words), LastRound::Instead(_)) => (words.end.min(window.end), taken),
            (Some(words), _) => {
                let start = if cues.is_empty() { self.chime(cycle, turn, index, window) } else { window.start };
                let apart = self.input.durations.rate.frames(cue::APART);
                let room = FrameRange { start, end: words.start.saturating_sub(apart).max(start) };
                // By shorter words, if need be; by none where the room is what a bell or silence left.
                let silent = cues.is_empty() || !self.wording.fits(pose, turn.side, cues, room);
                let said = if silent { start } else { self.say_within(role, pose, turn.side, cues, room) };
                (said, taken)
            }
            (None, _) if cues.is_empty() => (self.chime(cycle, turn, index, window), None),
            (None, _) => (self.say_within(role, pose, turn.side, cues, window), None),
        }
    }

    /// Names the stillness that a breath has within a phase, or rings for it where neither words nor a tone tell of it; where
    /// what is said so far ends.
    fn breath_hold(
        &mut self,
        cycle: &Cycle<'_>,
        turn: Turn,
        parts: Vec<(BreathPart, Duration)>,
        window: FrameRange,
        (said, taken): (Frames, Option<FrameRange>),
    ) -> Frames {
        let rate = self.input.durations.rate;
        let (true, [(_, moving), (part, held)]) = (cycle.pose.kind == PoseKind::Posture, &parts[..]) else {
            return said;
        };
        if *held < cue::BREATH_HELD {
            return said;
        }
        let begins = window.start + rate.frames(*moving);
        let apart = rate.frames(cue::APART);
        let kept = cue::keeps(self.input.tone, cycle.pose);
        let room = |start: Frames, frames: Frames| {
            let range = FrameRange::new(start, frames);
            let crowds = |words: &FrameRange| range.start < words.end + apart && words.start < range.end + apart;
            (range.end <= window.end && !taken.iter().any(crowds)).then_some(range)
        };
        if cue::first_wanted(self.input.guidance, turn.round, 1, kept).is_some() {
            let start = if said > window.start { begins.max(said + apart) } else { begins };
            let Some(range) = self.house_length(Role::Phase, part.cue()).and_then(|frames| room(start, frames)) else {
                return said;
            };
            self.put(Role::Phase, part.cue(), range.start, range.frames());
            return range.end;
        }
        let bell = self.ring(Bell::Soft).1;
        match room(begins, bell).filter(|_| !self.input.tone && said <= begins) {
            Some(range) => self.bell_within(Bell::Soft, range),
            None => said,
        }
    }

    /// Says that a long flow is half over, as soon after its half as there is room.
    fn mark_flow(&mut self, turn: Turn, said: Frames, window: FrameRange) {
        if self.wording.half_due.is_none_or(|half| turn.round < half) || !cue::names(self.input.guidance) {
            return;
        }
        let apart = self.input.durations.rate.frames(cue::APART);
        let start = if said == window.start { said } else { said + apart };
        if let Some(frames) = self.house_length(Role::Half, house_cues::HALF)
            && start + frames + apart <= window.end
        {
            self.put(Role::Half, house_cues::HALF, start, frames);
            self.wording.half_due = None;
        }
    }

    /// How long the words for "the last round comes next" are, where this is the time for them.
    fn last_round_words(&mut self, cycle: &Cycle<'_>, turn: Turn) -> Option<Frames> {
        let said = S::KEEPS && self.wording.announces_last(cycle, turn);
        if said { self.house_length(Role::LastRound, cycle.last_round()) } else { None }
    }

    fn rest_between(&mut self, cycle: &Cycle<'_>, mut pace: Pace, turn: Turn) -> Pace {
        if turn.round + 1 == cycle.rounds || cycle.rest.is_zero() {
            return pace;
        }
        pace.wait(cycle.rest);
        let start = self.progress.clock.now();
        self.progress.clock.wait(cycle.rest);
        let window = FrameRange { start, end: self.progress.clock.now() };
        let apart = self.input.durations.rate.frames(cue::APART);
        let last_round = self.last_round_words(cycle, turn);
        // Words that no author wrote fade as all words do, and stand back where there is no room for both.
        let resting = &cycle.pose.resting[..];
        let house = resting.iter().all(|cue| cue.template() == house_cues::REST || cue.place.source.is_built_in());
        // Words for a body that has to move do not fade: who does not hear them stays where it is.
        let still = resting.iter().all(|cue| cue.template() == house_cues::REST);
        let faded = still && self.input.guidance == Guidance::Fading && turn.round >= cue::RESTS_SAID;
        let end =
            last_round.filter(|_| house).map_or(window.end, |frames| window.end.saturating_sub(frames + apart * 2));
        let room = FrameRange { end: end.max(start), ..window };
        let said = match cue::instructed(self.input.guidance, resting) {
            [] if resting.is_empty() => start,
            [] => self.bell_within(Bell::Soft, window),
            _ if faded => self.bell_within(Bell::Soft, room),
            cues if house && !self.wording.fits(cycle.pose, turn.side, cues, room) => start,
            cues => self.say_within(Role::Rest, cycle.pose, turn.side, cues, room),
        };
        if let Some(frames) = last_round
            && said + frames + apart * 2 <= window.end
        {
            self.put(Role::LastRound, cycle.last_round(), window.end - apart - frames, frames);
        }
        self.span(cycle.pose, turn.side, Some(turn.round), PhaseKind::Rest, start);
        pace
    }

    /// Notes the breaths that a phase keeps.
    fn breathe(&mut self, lasts: Lasts, pace: Pace, window: FrameRange) {
        if !S::KEEPS {
            return;
        }
        let rate = self.input.durations.rate;
        let (mut elapsed, mut start) = (Duration::ZERO, window.start);
        let parts = pace.parts(lasts);
        for (index, (part, length)) in parts.iter().enumerate() {
            elapsed += *length;
            let end = if index + 1 == parts.len() { window.end } else { window.start + rate.frames(elapsed) };
            self.score.breath(BreathSpan { part: *part, start, frames: end.min(window.end).saturating_sub(start) });
            start = end.min(window.end);
        }
    }
}

/// When each breath of a phase that is counted in breaths begins, the phase beginning at `start`.
fn breaths(mut pace: Pace, quantity: Quantity, start: Frames, rate: SampleRate) -> Vec<Frames> {
    let Quantity::Breaths(number) = quantity else { return Vec::new() };
    let before = pace.elapsed();
    let begin = |_| {
        let passed = pace.elapsed().saturating_sub(before);
        pace.breathe(1);
        start + rate.frames(passed)
    };
    (0..number.least).map(begin).collect()
}
