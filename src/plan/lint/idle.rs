//! Keys that an author wrote and that change nothing.

use std::collections::BTreeMap;

use super::{Linter, practised};
use crate::diagnostic::{Code, Diagnostic};
use crate::load::language::pose::Dependent;
use crate::load::language::routine::{Action, Step};

/// The keys that changed nothing so far, by the file and the place where they stand, with the first step that they count for;
/// `None` where one did something.
type Idle<'a> = BTreeMap<(&'a str, usize), Option<(&'a Step, &'a Dependent)>>;

impl Linter<'_> {
    /// Warns of a key that does nothing wherever its pose is used: another step may bring what it needs.
    pub(super) fn idle_keys(&mut self) {
        let mut idle = Idle::new();
        gather(&self.input.routine.steps, &mut idle);
        for (step, key) in idle.into_values().flatten() {
            let message = format!("expected {} beside `{}`, found none", key.needs, key.key);
            let warning = Diagnostic::warning(Code::IdleKey, message).at(&key.place, "changes nothing");
            self.warn(Some(step), warning.help("write what it needs, or take it out"));
        }
    }
}

fn gather<'a>(steps: &'a [Step], idle: &mut Idle<'a>) {
    for step in steps {
        if let Action::Repeat { steps, .. } = &step.action {
            gather(steps, idle);
        }
        for key in practised(step).into_iter().flat_map(|pose| &pose.dependents) {
            let known = idle.entry((&key.place.source.path, key.place.span.start)).or_insert(Some((step, key)));
            if !key.idle {
                *known = None;
            }
        }
    }
}
