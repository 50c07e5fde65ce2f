//! `catcow check`: mistakes in files, all at once.

use std::path::{Path, PathBuf};

use catcow::diagnostic::Diagnostics;
use catcow::frames::{SampleRate, clock};
use catcow::load::library::Kind;
use catcow::load::{DEFAULT_VOICE, Lengths, Shelf, Voice};
use catcow::plan::{self, Missing, Wishes};
use catcow::{Error, Result};
use clap::Args;

use super::Talk;

/// What to check.
#[derive(Args)]
pub struct Check {
    /// Files of routines, poses or scripts; folders of voices.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The voice that routines are checked with.
    #[arg(long, value_name = "VOICE", default_value = DEFAULT_VOICE)]
    voice: String,
    /// What to do with cues that are not recorded.
    #[arg(long, value_name = "WHAT", default_value = "refuse")]
    missing: super::session::MissingCues,
}

impl Check {
    pub fn run(&self, talk: Talk) -> Result<()> {
        let mut mistakes = Diagnostics::default();
        for file in &self.files {
            match self.file(file) {
                Ok(found) => talk.say(&format!("{}: {found}", file.display())),
                Err(Error::Mistakes(wrong)) => mistakes.extend(wrong),
                Err(other) => return Err(other),
            }
        }
        if mistakes.has_errors() { Err(mistakes.into()) } else { Ok(()) }
    }

    /// What a file is, if nothing is wrong with it.
    fn file(&self, path: &Path) -> Result<String> {
        let mut library = super::library()?;
        if path.is_dir() {
            let voice = Voice::folder(path)?;
            let wrong = voice
                .cues()
                .filter_map(|cue| voice.clip(cue))
                .filter_map(|clip| clip.decode(SampleRate::DEFAULT).err());
            let mut mistakes = Diagnostics::default();
            for error in wrong {
                match error {
                    Error::Mistakes(wrong) => mistakes.extend(wrong),
                    other => return Err(other),
                }
            }
            let fine = format!("a voice with {} recordings", voice.cues().count());
            return if mistakes.has_errors() { Err(mistakes.into()) } else { Ok(fine) };
        }
        match library.kind_of(path)? {
            Kind::Pose(name) => Ok(format!("a pose, {name}")),
            Kind::Script(cues) => Ok(format!("a script of {cues} cues")),
            Kind::Routine => {
                let routine = library.routine_file(path)?;
                let voice = library.voice(&self.voice)?;
                let lengths = Lengths::measure(&routine, &voice, &Shelf::new(SampleRate::DEFAULT))?;
                let missing = match self.missing {
                    super::session::MissingCues::Refuse => Missing::Refuse,
                    super::session::MissingCues::Bell => Missing::Bell,
                };
                let wishes = Wishes { missing, ..Wishes::default() };
                let timeline = plan::plan(&routine, &lengths, &wishes)?;
                let bounds = plan::bounds(&routine, &lengths, &wishes);
                let time = |frames: catcow::frames::Frames| clock(frames.duration(lengths.rate));
                let (length, shortest, longest) = (time(timeline.frames), time(bounds.shortest), time(bounds.longest));
                Ok(format!("a routine of {length} ({shortest} to {longest})"))
            }
        }
    }
}
