//! Whether people breathe like that.

use std::time::Duration;

use super::{Linter, practised};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::load::language::breathing::Breathing;
use crate::load::language::cue::CueRef;
use crate::load::language::pose::Lasts;
use crate::load::language::routine::{Action, Step};

/// The shortest breath that is not warned of. Adults at rest take 12 to 20 breaths a minute; a voice that paces a faster one
/// chases the listener.
const FASTEST: Duration = Duration::from_secs(3);
/// The longest breath that is not warned of, two a minute: half again as slow as the slowest patterns in common use (4-7-8, and box
/// breathing by five).
const SLOWEST: Duration = Duration::from_secs(30);

impl Linter<'_> {
    pub(super) fn unusual_breath(&mut self, steps: &[Step]) {
        let routine = self.input.routine;
        for step in steps {
            if let Action::Repeat { steps, .. } = &step.action {
                self.unusual_breath(steps);
            }
            let Some(pose) = practised(step).filter(|pose| pose.is_paced()) else { continue };
            match pose.breath {
                Some(own) => self.judge(Some(step), own, &step.place),
                None => self.judge(Some(step), routine.breath, &routine.place),
            }
        }
    }

    /// Words that say to exhale in an inhale: the surest way to lose a listener who breathes along.
    pub(super) fn crossed_breath(&mut self, steps: &[Step]) {
        for step in steps {
            if let Action::Repeat { steps, .. } = &step.action {
                self.crossed_breath(steps);
            }
            for phase in practised(step).into_iter().flat_map(|pose| &pose.phases) {
                let (own, other) = match phase.lasts {
                    Lasts::Rising => ("inhale", "exhale"),
                    Lasts::Falling => ("exhale", "inhale"),
                    _ => continue,
                };
                for cue in &phase.cues {
                    self.judge_words(step, cue, own, other);
                }
            }
        }
    }

    fn judge_words(&mut self, step: &Step, cue: &CueRef, own: &str, other: &str) {
        let Some(pose) = practised(step) else { return };
        for side in (0..pose.sides.len().max(1)).map(|side| pose.sides.get(side).map(|_| side)) {
            let id = pose.cue_id(cue, side);
            let Some(text) = self.input.routine.script.get(&id) else { continue };
            let text = text.to_lowercase();
            if text.contains(other) && !text.contains(own) {
                let message = format!("expected words for an {own}, found `{id}`: they say {other}");
                let warning = Diagnostic::warning(Code::CrossedBreath, message).at(&cue.place, "the other breath");
                self.warn(Some(step), warning.help("mend the phase's `breath`, or its words"));
            }
        }
    }

    fn judge(&mut self, step: Option<&Step>, breath: Breathing, place: &Place) {
        for pattern in [breath.from, breath.to] {
            let word = match pattern.length() {
                length if length < FASTEST => "faster",
                length if length > SLOWEST => "slower",
                _ => continue,
            };
            let message = format!(
                "expected a breath of 3 to 30 s, found {pattern}, {} s: {word} than people breathe",
                pattern.length().as_secs_f64()
            );
            let warning = Diagnostic::warning(Code::UnusualBreath, message).at(place, "this breath");
            self.warn(step, warning.help("a pattern is in seconds, in and out: \"4-6\" is calm, \"5-5\" even"));
        }
    }
}
