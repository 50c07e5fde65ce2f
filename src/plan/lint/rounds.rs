//! Whether every step of a `repeat` is ever done.

use super::Linter;
use crate::diagnostic::{Code, Diagnostic};
use crate::load::language::routine::{Action, Only, Step};

impl Linter<'_> {
    pub(super) fn never_done(&mut self, steps: &[Step]) {
        for step in steps {
            let Action::Repeat { times, steps } = &step.action else { continue };
            self.never_done(steps);
            for inner in steps {
                let Some(Only::Rounds(rounds)) =
                    inner.only.filter(|only| !(0..times.most).any(|round| only.holds(round, times.most)))
                else {
                    continue;
                };
                let message = format!("expected a round of 1 to {}, found {}", times.most, rounds.least);
                let warning = Diagnostic::warning(Code::NeverDone, message).at(&inner.place, "never done");
                self.warn(Some(inner), warning.help("mend its `only`, or raise the `repeat` around it"));
            }
        }
    }
}
