//! What is planned, and how: everything that stays as it is while a routine is walked through.

use super::by_log::ByLog;
use super::wishes::{Missing, Wishes};
use crate::load::language::breathing::Breathing;
use crate::load::language::routine::{Guidance, Step};
use crate::load::{ClipDurations, Routine};

/// What is planned, and how.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) routine: &'a Routine,
    /// The steps that are done: all of the routine's, or what a wish or a length made of them.
    pub(super) steps: &'a [Step],
    pub(super) durations: &'a ClipDurations,
    pub(super) guidance: Guidance,
    /// The breath of poses that have none of their own.
    pub(super) breath: Breathing,
    pub(super) missing: Missing,
    /// Whether headphones are given time to wake up.
    pub(super) wake: bool,
    /// Whether the breath is heard: by a tone that rises and falls with it, or by a mark at each of its turns.
    pub(super) tone: bool,
    /// The words that the log changes.
    pub(super) by_log: ByLog<'a>,
}

impl<'a> Input<'a> {
    /// The same with these steps.
    pub(super) fn of<'b>(self, steps: &'b [Step]) -> Input<'b>
    where
        'a: 'b,
    {
        Input { steps, ..self }
    }

    /// What a person wants today; what is not wished is the routine's.
    pub(super) fn new(routine: &'a Routine, durations: &'a ClipDurations, wishes: &Wishes) -> Input<'a> {
        Input {
            routine,
            steps: &routine.steps,
            durations,
            guidance: wishes.guidance.unwrap_or(routine.guidance),
            breath: wishes.breath.map_or(routine.breath, Breathing::steady),
            missing: wishes.missing,
            wake: wishes.mix.wake,
            tone: wishes.mix.sounds_the_breath(),
            by_log: ByLog::new(routine, durations, wishes),
        }
    }
}
