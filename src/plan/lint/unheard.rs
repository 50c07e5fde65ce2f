//! Words that an author gave to a cue and that nothing ever says.

use super::Linter;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::load::language::house_cues;

impl Linter<'_> {
    /// What nobody hears that an author wrote, of each fit that was looked at. A countdown that is dropped in any of them is
    /// told; what else finds its room in one of them has it.
    pub(super) fn unheard(&mut self, fits: &[Diagnostics]) {
        let nowhere = |missed: &Diagnostic| {
            let Some((place, _)) = &missed.place else { return true };
            missed.code == Code::CountdownDropped || fits.iter().all(|fit| fit.tells(missed.code, place))
        };
        for missed in fits.iter().flat_map(Diagnostics::iter).filter(|missed| nowhere(missed)) {
            self.add(missed.clone());
        }
    }

    pub(super) fn unheard_words(&mut self) {
        let routine = self.input.routine;
        let said = routine.cues();
        let unsaid = |cue: &&String| !said.contains(*cue) && !house_cues::is_said_unasked(cue);
        for cue in routine.own_words.keys().filter(unsaid) {
            let message = format!("expected a step that says `{cue}`, found none");
            let warning = Diagnostic::warning(Code::UnheardCue, message).at(&routine.own_words[cue], "never said");
            self.warn(None, warning.help("name it in a step or a pose, or take its words out"));
        }
    }
}
