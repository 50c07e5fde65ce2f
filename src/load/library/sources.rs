//! The files of one's own that a routine is read from, as a library elsewhere finds them: by its name, in its own folders.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::{Library, POSES};
use crate::diagnostic::{Code, Diagnostic, Source};
use crate::error::Result;
use crate::load::files::Content;
use crate::load::language::cue::is_name;
use crate::load::language::own_words::hyphenated;
use crate::load::language::routine::Routine;

/// A routine, and what it is read from.
#[derive(Debug)]
pub struct Sources {
    /// The routine.
    pub routine: Routine,
    /// The name that it has elsewhere: where its own cannot be one, the nearest that can.
    pub name: String,
    /// What of its files is one's own, by their paths among the files of a library, such as `routines/mine.toml`: its text, poses that
    /// are not built in, sounds. No script: see [`Library::script`].
    pub files: BTreeMap<String, Content>,
}

impl Library {
    /// Reads a routine as [`Library::routine`] does, with the files that it takes to read it elsewhere, behind what is built in.
    ///
    /// # Errors
    /// As for [`Library::routine`]; its name can be none.
    pub fn sources(&self, wanted: impl AsRef<Path>) -> Result<Sources> {
        let (stem, source, reading) = self.open_routine(wanted.as_ref())?;
        let routine = Routine::read(&stem, &source, &reading)?;
        let name = name(&stem)?;
        let mut files = BTreeMap::new();
        if !source.is_built_in() {
            files.insert(format!("routines/{name}.toml"), text(&source));
        }
        for (id, source) in reading.own_poses() {
            files.insert(format!("{POSES}/{id}.toml"), text(&source));
        }
        for (path, content) in reading.sounds_found() {
            let path = path.to_string_lossy().replace('\\', "/");
            // A text would be taken for a routine or a pose.
            if path.to_ascii_lowercase().ends_with(".toml") {
                let message = format!("expected a sound file, found {}", content.shown());
                return Err(Diagnostic::error(Code::BrokenClip, message)
                    .help("give the sound's file its own ending")
                    .into());
            }
            files.insert(format!("routines/{path}"), content);
        }
        Ok(Sources { routine, name, files })
    }
}

/// A name that a library finds a routine by.
fn name(stem: &str) -> Result<String> {
    let near = || Some(hyphenated(stem)).filter(|name| is_name(name));
    let name = if is_name(stem) { Some(stem.to_owned()) } else { near() };
    name.ok_or_else(|| {
        let message = format!("expected a routine's file whose name has letters or digits, found `{stem}.toml`");
        Diagnostic::error(Code::UnknownRoutine, message).help("give the file a name such as my-class.toml").into()
    })
}

/// A text as a file has it.
fn text(source: &Arc<Source>) -> Content {
    Content::memory(&source.path, source.text.as_bytes())
}
