//! `catcow voice`: a voice of one's own, from the page that is read to the recordings that are judged.

mod check;
mod fix;
mod folder;
mod named;
mod recogniser;
mod script;
mod speak;
mod take;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use catcow::Result;
use catcow::diagnostic::{Code, Diagnostic};
use catcow::load::files::Files;
use catcow::load::library::BuiltIn;
use catcow::load::{Library, Voice};
use catcow::plan::line::{Line, lines};
use clap::{Args, Subcommand};

use super::Talk;

/// What to do for a voice.
#[derive(Args)]
pub struct VoiceVerb {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Print the lines of a class to read aloud: those that a voice lacks.
    Script(script::Script),
    /// Put recordings of a script into a voice: one long memo, or a file for each line.
    Take(take::Take),
    /// Judge the recordings of a voice: what is missing, too long, too quiet, noisy or cut off.
    Check(check::Check),
    /// Have a speech program say what a voice lacks.
    Speak(speak::Speak),
}

impl VoiceVerb {
    pub fn run(self, talk: Talk) -> Result<()> {
        match self.verb {
            Verb::Script(script) => script.run(talk),
            Verb::Take(take) => take.run(talk),
            Verb::Check(check) => check.run(),
            Verb::Speak(speak) => speak.run(talk),
        }
    }
}

/// The folder of a voice of one's own: a path, or a name among one's own voices. It may not be there yet.
fn folder(wanted: &OsStr) -> Result<PathBuf> {
    let path = Path::new(wanted);
    let is_path = wanted.as_encoded_bytes().iter().any(|byte| matches!(byte, b'/' | b'\\'));
    if is_path || path.is_dir() {
        return Ok(path.to_owned());
    }
    let built_in = Path::new("voice_clips").join(path);
    let own = super::home().map(|home| home.join(&built_in));
    match own {
        Some(own) if own.is_dir() || BuiltIn.kind(&built_in).is_none() => Ok(own),
        _ => {
            let message = format!("expected a voice of your own, found `{}`, which is built in", wanted.display());
            let help = "name a folder, such as `./my-voice`: it is made where there is none";
            Err(Diagnostic::error(Code::UnknownVoice, message).help(help).into())
        }
    }
}

/// The voice in a folder; none where there is no folder yet.
fn voice_in(folder: &Path) -> Result<Option<Voice>> {
    if folder.exists() { Voice::folder(folder).map(Some) } else { Ok(None) }
}

/// The lines of some classes, numbered through; what several say has the number of the first.
fn lines_of(library: &Library, routines: &[impl AsRef<OsStr>]) -> Result<Vec<Line>> {
    let mut all: Vec<Line> = Vec::new();
    for routine in routines {
        let routine = library.routine(Path::new(routine.as_ref()))?;
        for line in lines(&routine)? {
            match all.iter_mut().find(|known| known.cue == line.cue) {
                Some(known) => known.room = known.room.into_iter().chain(line.room).min(),
                None => all.push(Line { number: all.len() + 1, ..line }),
            }
        }
    }
    Ok(all)
}

/// A time in a memo, in minutes and seconds to a tenth: `1:23.4`.
fn at(seconds: f64) -> String {
    let tenths = (seconds * 10.0).round() as u64;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}
