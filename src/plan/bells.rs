//! Bells that tell of a change where nothing else does: words that guidance leaves out, and a breath that no tone keeps.
//! Nobody with closed eyes is left to guess.

use super::cue;
use super::cycle::{Cycle, Turn};
use super::scheduler::Scheduler;
use super::score::Score;
use crate::frames::{FrameRange, Frames};
use crate::load::language::breathing::BreathPart;
use crate::load::language::pose::{Lasts, Order, PoseKind};
use crate::load::language::quantity::Quantity;
use crate::load::language::routine::{Bell, Guidance};

impl<'a, S: Score<'a>> Scheduler<'a, S> {
    /// Rings as a phase begins in which nothing is said, where the listener would have no other sign. Returns the frame at which the
    /// bell ends.
    pub(super) fn chime(&mut self, cycle: &Cycle<'_>, turn: Turn, index: usize, window: FrameRange) -> Frames {
        match self.chime_of(cycle, turn, index, window) {
            Some(bell) => self.bell_within(bell, window),
            None => window.start,
        }
    }

    /// The bell that rings then, where it has room.
    pub(super) fn chime_of(&self, cycle: &Cycle<'_>, turn: Turn, index: usize, window: FrameRange) -> Option<Bell> {
        let (phase, lasts) = cycle.phases[index];
        let fits = |bell: &Bell| self.ring(*bell).1 <= window.frames();
        if index == 0 && self.rings_last_round(cycle, turn) {
            return Some(Bell::Bright).filter(fits);
        }
        if self.input.tone && is_breathed(lasts) {
            return None;
        }
        match phase.lasts {
            // The brighter one is for breathing in: who has lost count hears which breath it is.
            Lasts::Rising | Lasts::Part(BreathPart::Inhale) => [Bell::Bright, Bell::Soft].into_iter().find(fits),
            Lasts::Falling | Lasts::Part(_) => Some(Bell::Soft).filter(fits),
            // A posture that is held begins at a moment that somebody who counts on its time has to know.
            Lasts::Hold { dose: true, .. } if phase.cues.is_empty() && cycle.pose.kind == PoseKind::Posture => {
                Some(Bell::Soft).filter(fits)
            }
            // Where the author put no words, silence is meant; a stillness that is done once needs no sign of a change.
            Lasts::Hold { .. } if !phase.cues.is_empty() && changes(cycle) => Some(Bell::Soft).filter(fits),
            Lasts::Hold { .. } => None,
        }
    }

    /// Whether a bell says that this is the last of many rounds: where no words do.
    fn rings_last_round(&self, cycle: &Cycle<'_>, turn: Turn) -> bool {
        let last = cycle.rounds >= cue::MANY_ROUNDS && turn.round + 1 == cycle.rounds;
        let first_side = cycle.pose.order == Order::Each || turn.side.is_none_or(|side| side == 0);
        last && first_side && self.input.guidance == Guidance::Bells
    }
}

/// Whether the breath goes on through a phase, so that a tone can be heard in it.
fn is_breathed(lasts: Lasts) -> bool {
    !matches!(lasts, Lasts::Hold { quantity: Quantity::Time(_), .. })
}

/// Whether one phase follows another, so that it matters when one begins.
fn changes(cycle: &Cycle<'_>) -> bool {
    let turns = cycle.pose.sides.len() > 1 && cycle.switch.is_zero();
    cycle.phases.len() > 1 || cycle.rounds > 1 || turns
}
