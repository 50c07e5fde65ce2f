//! `catcow list`: what there is.

use std::ffi::OsString;
use std::fmt::Write;

use catcow::Result;
use catcow::frames::SampleRate;
use catcow::load::Library;
use catcow::plan::Missing;
use catcow::session::{Builder, Prepared};
use clap::Args;

/// What to list.
#[derive(Args)]
pub struct List {
    /// The voice that lengths are told for: words take their time.
    #[arg(long, value_name = "VOICE")]
    voice: Option<OsString>,
}

impl List {
    pub fn run(&self) -> Result<()> {
        let library = super::library()?;
        let mut page = String::from("Routines\n");
        self.routines(&library, &mut page)?;
        page += "\nPoses\n";
        for pose in library.poses() {
            let _ = writeln!(page, "  {:<22} {:<26} {}", pose.id, pose.name, pose.benefit);
        }
        page += "\nVoices\n";
        for id in library.voices() {
            // A broken voice is listed as broken; the rest still show.
            let Ok(voice) = library.voice(&id) else {
                let _ = writeln!(page, "  {id:<22} has mistakes: see `catcow check`");
                continue;
            };
            let (number, about) = (voice.cues().count(), &voice.about);
            let about = if about.summary.is_empty() { &about.name } else { &about.summary };
            let recordings = if number == 1 { "recording" } else { "recordings" };
            let _ = writeln!(page, "  {id:<22} {about} ({number} {recordings})");
        }
        if let Some(home) = super::home() {
            let _ =
                writeln!(page, "\nYour own are found in {}: routines/, routines/poses/, voice_clips/.", home.display());
        }
        super::print(&page)
    }

    fn routines(&self, library: &Library, page: &mut String) -> Result<()> {
        let voice = library.voice(&super::settings::voice(self.voice.as_deref())?)?;
        let mut last: Option<Prepared> = None;
        for name in library.routines() {
            // One routine that is broken does not hide the others.
            let Ok(routine) = library.routine(&name) else {
                let _ = writeln!(page, "  {name:<22} has mistakes: see `catcow check`");
                continue;
            };
            let summary = routine.summary.clone();
            let mut builder = match &last {
                Some(last) => last.another(routine),
                None => Builder::new(routine, voice.clone()),
            };
            // What is not recorded yet takes the time of the bell in its place, as in a plan.
            builder.wishes.missing = Missing::Bell;
            let prepared = builder.prepare(&super::work())?;
            let [shortest, longest] = prepared.bounds().clocks(SampleRate::DEFAULT);
            let lengths = format!("{shortest} – {longest}");
            let _ = writeln!(page, "  {name:<22} {lengths:<15} {summary}");
            last = Some(prepared);
        }
        Ok(())
    }
}
