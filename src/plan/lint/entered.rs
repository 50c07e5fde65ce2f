//! Whether words lead into every pose, and fit both of its sides.

use super::Linter;
use crate::diagnostic::{Code, Diagnostic};
use crate::load::language::cue::CueRef;
use crate::load::language::house_cues::Meaning;
use crate::load::language::pose::{Instruction, Pose};
use crate::load::language::routine::{Action, Step};
use crate::plan::sheet::Visit;

impl Linter<'_> {
    /// A pose has no word that says what to do in it: neither its own, nor what is said just before.
    pub(super) fn never_entered(&mut self, visits: &[Visit<'_>]) {
        for (index, visit) in visits.iter().enumerate() {
            let Action::Pose(pose) = &visit.step.action else { continue };
            let before = visits[..index].last().map(|visit| &visit.step.action);
            let leads = |cues: &[CueRef]| cues.iter().any(|cue| cue.meaning() != Meaning::Safety);
            let led = matches!(before, Some(Action::Say { cues, .. }) if leads(cues));
            if led || !pose.setup.is_empty() || pose.phases.iter().any(|phase| !phase.cues.is_empty()) {
                continue;
            }
            let message = format!("expected words that lead into `{}`, found none", pose.id);
            let warning = Diagnostic::warning(Code::NeverEntered, message).at(&visit.step.place, "how?");
            let help = "give the pose a `setup`, for example `setup = \"Stand tall, feet apart.\"`";
            self.warn(Some(visit.step), warning.help(help));
        }
    }

    /// Words to come into a pose, or out of it, name one of its two sides: they are said once for both.
    pub(super) fn one_side_named(&mut self, visits: &[Visit<'_>]) {
        for visit in visits {
            let Action::Pose(pose) = &visit.step.action else { continue };
            for instruction in pose.setup.iter().chain(&pose.release) {
                self.judge_named_side(visit.step, pose, instruction);
            }
        }
    }

    fn judge_named_side(&mut self, step: &Step, pose: &Pose, instruction: &Instruction) {
        let cue = &instruction.cue;
        let [first, second] = &pose.sides[..] else { return };
        let Some(text) = self.input.routine.script.get(cue.template()) else { return };
        let text = text.to_lowercase();
        let names = |side: &str| {
            let side = side.replace('-', " ");
            text.match_indices(&side).any(|(at, _)| is_whole(&text, at, side.len()))
        };
        let named = match (names(first), names(second)) {
            (true, false) => first,
            (false, true) => second,
            _ => return,
        };
        let message = format!("expected words for both sides, found \"{named}\" in what is said once for both");
        let warning = Diagnostic::warning(Code::OneSideNamed, message).at(&cue.place, "names one side");
        let help = "say it in the pose's `cue`, with `{side}` in place of the side: every side has that for itself";
        self.warn(Some(step), warning.help(help));
    }
}

/// Whether no letter stands right before or after a part of a text: "left" is no word of "leftover".
fn is_whole(text: &str, at: usize, length: usize) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + length..].chars().next();
    !before.into_iter().chain(after).any(char::is_alphanumeric)
}
