//! `catcow voice speak`: a speech program says what a voice lacks, ahead of time.

use std::collections::BTreeMap;
use std::ffi::OsString;

use catcow::diagnostic::Diagnostics;
use catcow::work::Work;
use catcow::{Error, Result};
use clap::Args;

use crate::cli::speech::{Speaker, counted, presets};
use crate::cli::{Talk, settings};

/// What to say, and who says it.
#[derive(Args)]
#[command(after_help = after_help())]
pub struct Speak {
    /// Names of routines, or paths of their files; without one, every routine that `catcow list` shows.
    #[arg(value_name = "ROUTINE")]
    routines: Vec<OsString>,
    /// The speech program: one of those below, or a command. Without it, the one of your settings, or the first that is there.
    #[arg(long, value_name = "PROGRAM")]
    with: Option<String>,
    /// The voice that lacks words: its name, or the path of a folder.
    #[arg(long, value_name = "VOICE")]
    voice: Option<OsString>,
    /// Say again what was said already.
    #[arg(long)]
    again: bool,
}

fn after_help() -> String {
    format!(
        "Speech programs:\n{}\nOr any command, in quotes: `{{text}}` stands for the words, `{{out}}` for the WAV file to write. Without \
         the one, the words come on standard input; without the other, sound is taken from standard output. No shell reads them.\n\n\
         What was said is kept; with `--speak`, `plan`, `check`, `play` and `export` use it, and have said what is still missing.",
        presets::page()
    )
}

impl Speak {
    pub fn run(self, talk: Talk) -> Result<()> {
        let library = crate::cli::library()?;
        let voice = library.voice(settings::voice(self.voice.as_deref())?)?;
        let program = settings::speech_program(self.with.as_deref())?;
        let (mut lacking, mut broken) = (BTreeMap::new(), Diagnostics::default());
        let named = !self.routines.is_empty();
        let all = if named { self.routines } else { library.routines().into_iter().map(OsString::from).collect() };
        for routine in all {
            match library.routine(&routine) {
                Ok(routine) => lacking.extend(voice.lacking(&routine)),
                // Of all that there are, one that is broken does not hide the others.
                Err(Error::Mistakes(_)) if !named => {}
                Err(Error::Mistakes(wrong)) => broken.extend(wrong),
                Err(error) => return Err(error),
            }
        }
        if broken.has_errors() {
            return Err(broken.into());
        }
        let (total, stop) = (lacking.len(), crate::cli::stop_flag());
        let work = Work { stop: &stop, ..crate::cli::work() };
        let name = program.name.clone();
        let speaker = Speaker { program, talk, work: &work, again: self.again };
        let spoken = speaker.speak(lacking, &voice.pronunciations())?;
        let failed = spoken.failed(&speaker.program, true);
        let there = spoken.clips.len() - spoken.made;
        match (total, spoken.made) {
            (0, _) => talk.say(&format!("`{}` lacks nothing", voice.id)),
            (_, 0) if failed.has_errors() => {}
            (_, 0) => talk.say(&format!("`{name}` has said all of it already: {}", counted(total, "cue"))),
            (_, made) => {
                let before = if there > 0 { format!("; {there} were there already") } else { String::new() };
                talk.say(&format!("`{name}` has said {}{before}", counted(made, "cue")));
            }
        }
        if failed.has_errors() { Err(failed.into()) } else { Ok(()) }
    }
}
