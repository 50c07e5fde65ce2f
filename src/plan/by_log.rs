//! The words that the log changes: safety words in one sentence for whoever has heard them often, and advice for whom weeks
//! have brought no progress. Where a voice or an author lacks them, what the routine says is said.

use super::wishes::{ProgressWords, SafetyWords, Wishes};
use crate::load::language::cue::CueRef;
use crate::load::language::house_cues;
use crate::load::language::routine::{Action, Step};
use crate::load::{ClipDurations, Routine};

/// Which words of a routine are said otherwise.
#[derive(Clone, Copy)]
pub(super) struct ByLog<'a> {
    steps: &'a [Step],
    /// The number of the step that says the one sentence, where the safety words are said in one.
    brief: Option<u32>,
    advice: Option<Advice>,
}

/// Where advice is said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Advice {
    /// In the step of this number, in place of what the routine says of progress.
    Instead(u32),
    /// As the closing begins.
    BeforeClosing,
}

impl<'a> ByLog<'a> {
    pub(super) fn new(routine: &'a Routine, durations: &ClipDurations, wishes: &Wishes) -> ByLog<'a> {
        let steps = &routine.steps;
        let brief = wishes.safety == SafetyWords::Brief && has_daily_safety(routine, durations);
        let told = wishes.progress == ProgressWords::Lacking
            && routine.may_be_told(house_cues::SEE_PHYSICIAN)
            && durations.frames(house_cues::SEE_PHYSICIAN).is_some();
        // Only what is surely done: a step in a `repeat` may be meant for a round that never comes.
        let first = steps.iter().find(|step| names(step, is_whole_safety)).filter(|_| brief);
        let last = steps.iter().rfind(|step| names(step, is_of_progress));
        let advice = last.map_or(Advice::BeforeClosing, |step| Advice::Instead(step.number));
        ByLog { steps, brief: first.map(|step| step.number), advice: told.then_some(advice) }
    }

    /// What is said where a step names the cue at `index`: that cue, another in its place, or nothing, as it is said
    /// already.
    pub(super) fn said<'c>(&self, step: Option<&Step>, cues: &'c [CueRef], index: usize) -> Option<&'c str> {
        let (step, cue) = (step.map_or(0, |step| step.number), &cues[index]);
        if let Some(first) = self.brief.filter(|_| is_whole_safety(cue)) {
            if step == first && !cues[..index].iter().any(is_whole_safety) {
                return Some(house_cues::DAILY_SAFETY);
            }
            // Inside a `repeat` it may be a reminder at the place where it is needed.
            if self.steps.iter().any(|outside| outside.number == step) {
                return None;
            }
        }
        let advised = self.advice == Some(Advice::Instead(step)) && is_of_progress(cue);
        Some(if advised { house_cues::SEE_PHYSICIAN } else { cue.template() })
    }

    /// The advice that is said as the closing begins, where it is.
    pub(super) fn before_closing(&self) -> Option<&'static str> {
        (self.advice == Some(Advice::BeforeClosing)).then_some(house_cues::SEE_PHYSICIAN)
    }
}

/// Whether the one sentence can be said, by whoever says the whole words: another voice in the midst of a safety word startles.
fn has_daily_safety(routine: &Routine, durations: &ClipDurations) -> bool {
    let borrowed = |cue: &str| durations.borrowed(cue).is_some();
    routine.has_daily_safety()
        && durations.frames(house_cues::DAILY_SAFETY).is_some()
        && (!borrowed(house_cues::DAILY_SAFETY) || borrowed(house_cues::WHEN_TO_STOP))
}

fn names(step: &Step, which: fn(&CueRef) -> bool) -> bool {
    matches!(&step.action, Action::Say { cues, .. } if cues.iter().any(which))
}

fn is_whole_safety(cue: &CueRef) -> bool {
    [house_cues::ASK_A_PHYSICIAN, house_cues::WHEN_TO_STOP].contains(&cue.template())
}

fn is_of_progress(cue: &CueRef) -> bool {
    house_cues::IF_NO_PROGRESS.contains(&cue.template())
}
