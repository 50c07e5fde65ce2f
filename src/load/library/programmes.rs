//! The programmes of a library.

use std::path::Path;
use std::sync::Arc;

use super::{Library, stem, text_of};
use crate::advice::Advice;
use crate::diagnostic::{Code, Diagnostic, Source};
use crate::error::Result;
use crate::load::language::cue::is_name;
use crate::load::language::programme::Programme;
use crate::load::language::spanned::Spanned;

/// Where programmes are, among files.
pub(crate) const PROGRAMMES: &str = "routines/programmes";

impl Library {
    /// The names of all programmes.
    pub fn programmes(&self) -> Vec<String> {
        self.names(PROGRAMMES)
    }

    /// Reads the programme of a name.
    ///
    /// # Errors
    /// There is none; mistakes in it.
    pub fn programme(&self, wanted: &str) -> Result<Programme> {
        let path = Path::new(PROGRAMMES).join(format!("{wanted}.toml"));
        let Some(files) = self.layer(&path).filter(|_| is_name(wanted)) else {
            let names = self.programmes();
            let message = format!("expected a programme, found `{wanted}`");
            let mistake = Diagnostic::error(Code::UnknownProgramme, message);
            return Err(mistake
                .nearest(wanted, names.iter().map(String::as_str))
                .help(format!("the programmes are: {}", names.join(", ")))
                .help(Advice::OwnProgramme)
                .into());
        };
        self.programme_source(wanted, &text_of(&**files, &path)?)
    }

    /// Reads a programme from the text of a file that has been read.
    ///
    /// # Errors
    /// Mistakes in it.
    pub fn programme_text(&self, path: &Path, source: &Arc<Source>) -> Result<Programme> {
        self.programme_source(&stem(path), source)
    }

    fn programme_source(&self, name: &str, source: &Arc<Source>) -> Result<Programme> {
        let names = self.routines();
        Programme::read(name, source, |routine: &Spanned<String>| {
            if names.contains(&routine.value) {
                return None;
            }
            let message = format!("expected the name of a routine, found `{}`", routine.value);
            let mistake = Diagnostic::error(Code::UnknownRoutine, message).at(&routine.place, "no such routine");
            let mistake = mistake.nearest(&routine.value, names.iter().map(String::as_str));
            Some(mistake.help(format!("the routines are: {}", names.join(", "))))
        })
    }
}
