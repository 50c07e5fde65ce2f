//! What is practised at a frame: the hold, or the rounds of a flow, and the same on the other sides.

use std::time::Duration;

use crate::frames::{FrameRange, Frames};
use crate::plan::timeline::{PhaseKind, Timeline};

/// The shortest stillness that is a hold: a shorter one is part of a movement (a lift is held three seconds).
const LEAST_HOLD: Duration = Duration::from_secs(8);

/// What is practised.
pub(super) enum Practice {
    /// A stillness, and those that match it on the sides to come: indices of phases, in order.
    Hold(Vec<usize>),
    /// Rounds without a long stillness.
    Flow(Flow),
}

/// Rounds of a flow, on one side or on all in turn.
pub(super) struct Flow {
    /// The rounds of each side that is still to be done, in order; this side first.
    pub(super) sides: Vec<Vec<FrameRange>>,
    /// Which round it is, from 0.
    pub(super) round: usize,
    /// Whether a round is one breath.
    pub(super) breath: bool,
}

impl Timeline {
    /// What is practised at `at`, or is about to be in the same chapter.
    pub(super) fn practice(&self, at: Frames) -> Option<Practice> {
        let chapter = &self.chapters[self.chapter_at(at)?];
        let inside = |index: &usize| {
            let phase = &self.phases[*index];
            phase.kind.is_practice() && chapter.range().contains(phase.start)
        };
        let all: Vec<usize> = (0..self.phases.len()).filter(inside).collect();
        let here = *all.iter().find(|index| self.phases[**index].start + self.phases[**index].frames > at)?;
        let turn: Vec<usize> = all.iter().copied().filter(|index| same_turn(self, *index, here)).collect();
        let mut holds = turn.iter().enumerate().filter(|(_, index)| self.is_hold(**index));
        match holds.clone().find(|(_, index)| self.end_of(**index) > at) {
            Some((ordinal, hold)) => Some(Practice::Hold(self.matching(&all, ordinal, *hold))),
            // The hold is over, and one is on the way out of it.
            None if holds.next().is_some() => None,
            None => Some(Practice::Flow(self.flow(&all, here))),
        }
    }

    fn end_of(&self, index: usize) -> Frames {
        self.phases[index].start + self.phases[index].frames
    }

    fn is_hold(&self, index: usize) -> bool {
        let phase = &self.phases[index];
        // One that is held once stays a hold, however soon it was let go of.
        phase.kind == PhaseKind::Hold && (phase.round.is_none() || phase.frames >= self.rate.frames(LEAST_HOLD))
    }

    /// A hold and the ones at the same place of the same round on later sides.
    fn matching(&self, all: &[usize], ordinal: usize, hold: usize) -> Vec<usize> {
        let this = &self.phases[hold];
        let mut found = vec![hold];
        let mut seen: Vec<&Option<String>> = vec![&this.side];
        for index in all.iter().copied().filter(|index| *index > hold) {
            let other = &self.phases[index];
            if other.round == this.round && !seen.contains(&&other.side) {
                seen.push(&other.side);
                let turn: Vec<usize> = all.iter().copied().filter(|each| same_turn(self, *each, index)).collect();
                found.extend(turn.get(ordinal).filter(|index| self.is_hold(**index)));
            }
        }
        found
    }

    fn flow(&self, all: &[usize], here: usize) -> Flow {
        let this = &self.phases[here];
        let alternates = all.windows(2).any(|pair| {
            let (left, right) = (&self.phases[pair[0]], &self.phases[pair[1]]);
            left.side != right.side && left.round != right.round && right.round != Some(1)
        });
        let sides: Vec<Option<String>> = if alternates { vec![None] } else { self.sides_from(all, here) };
        let rounds = |side: &Option<String>| -> Vec<FrameRange> {
            let mut rounds: Vec<(Option<u32>, FrameRange)> = Vec::new();
            for phase in all.iter().map(|index| &self.phases[*index]) {
                let end = phase.start + phase.frames;
                if !alternates && phase.side != *side {
                    continue;
                }
                match rounds.last_mut() {
                    Some((round, range)) if *round == phase.round => range.end = end,
                    _ => rounds.push((phase.round, FrameRange { start: phase.start, end })),
                }
            }
            rounds.into_iter().map(|(_, range)| range).collect()
        };
        let round = this.round.map_or(0, |round| round as usize - 1);
        let turn = all.iter().copied().filter(|index| same_turn(self, *index, here));
        let breath = !alternates && turn.into_iter().all(|index| self.phases[index].kind != PhaseKind::Hold);
        Flow { sides: sides.iter().map(rounds).collect(), round, breath }
    }

    /// The sides from this one on, in the order they are done.
    fn sides_from(&self, all: &[usize], here: usize) -> Vec<Option<String>> {
        let mut sides: Vec<Option<String>> = Vec::new();
        for phase in all.iter().filter(|index| **index >= here).map(|index| &self.phases[*index]) {
            if !sides.contains(&phase.side) {
                sides.push(phase.side.clone());
            }
        }
        sides
    }
}

fn same_turn(timeline: &Timeline, left: usize, right: usize) -> bool {
    let (left, right) = (&timeline.phases[left], &timeline.phases[right]);
    left.side == right.side && left.round == right.round
}
