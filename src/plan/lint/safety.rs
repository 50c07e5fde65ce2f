//! Whether the listener is told, near the start, to ask a physician and when to stop.

use super::{Linter, practised};
use crate::diagnostic::{Code, Diagnostic};
use crate::load::language::house_cues;
use crate::load::language::routine::Action;
use crate::plan::sheet::Visit;

/// What has to be said: what it is called, its cue, and words that say it as well.
const OWED: [(&str, &str, &[&str]); 2] = [
    ("to ask a physician first", house_cues::ASK_A_PHYSICIAN, &["physician", "doctor"]),
    ("when to stop", house_cues::WHEN_TO_STOP, &["stop"]),
];

impl Linter<'_> {
    pub(super) fn no_safety(&mut self, visits: &[Visit<'_>]) {
        let routine = self.input.routine;
        // What is said in another language cannot be judged by words of this one.
        if !routine.language.to_lowercase().starts_with("en") {
            return;
        }
        let practice = visits.iter().position(|visit| practised(visit.step).is_some()).unwrap_or(visits.len());
        for (what, cue, words) in OWED {
            let says = |visit: &&Visit<'_>| {
                let Action::Say { cues, .. } = &visit.step.action else { return false };
                cues.iter().map(|each| each.id(None, None)).any(|id| {
                    let text = routine.script.get(&id).map(|text| text.to_lowercase()).unwrap_or_default();
                    id == cue || words.iter().any(|word| text.contains(word))
                })
            };
            if visits[..practice].iter().any(|visit| says(&visit)) {
                continue;
            }
            let found = match visits[practice..].iter().find(says) {
                Some(later) => format!("found them only later, at {}", later.step.place.line()),
                None => "found none".into(),
            };
            let warning =
                Diagnostic::warning(Code::NoSafety, format!("expected words near the start that say {what}, {found}"));
            let help = format!("say it before the first pose: `say = \"{cue}\"`");
            self.warn(None, warning.at(&routine.place, "this routine").help(help));
        }
    }
}
