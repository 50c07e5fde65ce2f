//! `catcow site`: the page for a browser, as a folder that any web host serves.

use std::ffi::OsString;
use std::path::PathBuf;

use catcow::Result;
use catcow::load::Library;
use catcow::sink::file::site::Folder;
use catcow::sink::site::{LeftOut, Site, Wanted};
use catcow::work::Work;
use clap::Args;
use indicatif::ProgressBar;

use super::{Talk, export, settings};

/// Where to, and what with.
#[derive(Args)]
pub struct SiteVerb {
    /// The folder to write. One that is there is replaced where it is empty or holds nothing but a former site.
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    #[command(flatten)]
    contents: Contents,
}

/// What a page is to offer; the same arguments for every verb that makes one.
#[derive(Args, Clone)]
pub struct Contents {
    /// The names of routines, the paths of their files, or a folder of them; without any, all there are, built in and your own.
    #[arg(value_name = "ROUTINE")]
    routines: Vec<OsString>,
    /// A voice: its name, or the path of a folder of recordings; with a comma, who says what it lacks: ./mine,ada. Once for each
    /// voice. Without it, all there are, built in and your own.
    #[arg(long, value_name = "VOICE")]
    voice: Vec<OsString>,
    /// By these voices, such as ada,ben; the first is the one that speaks unless another is chosen.
    #[arg(long, value_name = "VOICES", value_delimiter = ',')]
    voices: Vec<OsString>,
}

impl SiteVerb {
    pub fn run(&self, talk: Talk) -> Result<()> {
        let folder = Folder::new(&self.folder)?;
        let site = self.contents.site(&super::library()?, talk)?;
        folder.write(&site)?;
        let bytes: usize = site.assets.iter().map(|asset| asset.bytes.len()).sum();
        let [routines, voices] = [(site.routines.len(), "routine"), (site.voices.len(), "voice")].map(counted);
        talk.say(&format!(
            "{}: {routines}, {voices} ({}), {}, {:.1} MB",
            self.folder.display(),
            site.voices.join(", "),
            counted((site.assets.len(), "file")),
            bytes as f64 / 1e6
        ));
        talk.say(
            "Put it on any web host, as it is: docs/page.md tells how. `catcow share` brings the same page to the phone beside you.",
        );
        Ok(())
    }
}

impl Contents {
    /// Makes the site, with a bar, and tells what became of what was wanted.
    pub fn site(&self, library: &Library, talk: Talk) -> Result<Site> {
        let stop = super::stop_flag();
        let bar = if talk.shows_progress() { export::bar() } else { ProgressBar::hidden() };
        let tell = |progress| export::show(progress, &bar);
        let work = Work { threads: super::threads(), stop: &stop, progress: &tell };
        let made = self.wanted(library).and_then(|wanted| Site::new(library, &wanted, &work));
        bar.finish_and_clear();
        let site = made?;
        talk.warn(&site.warnings);
        site.left_out.iter().for_each(|left_out| talk.say(&in_words(left_out)));
        Ok(site)
    }

    /// What is wanted.
    fn wanted(&self, library: &Library) -> Result<Wanted> {
        let routines = export::routines(library, &self.routines, false)?;
        let voices = self.voice.iter().chain(&self.voices);
        Ok(Wanted {
            routines: routines.into_iter().map(PathBuf::from).collect(),
            voices: voices.map(PathBuf::from).collect(),
            usual: Some(settings::voice(None)?.into()),
        })
    }
}

/// What is not on a site, in words.
fn in_words(left_out: &LeftOut) -> String {
    match left_out {
        LeftOut::Routine(name) => format!("`{name}` is left out: it has mistakes, which `catcow check` tells."),
        LeftOut::Voice(name) => {
            format!("The voice `{name}` is left out: it has mistakes, which `catcow voice check` tells.")
        }
        LeftOut::Unsaid(name) => format!("`{name}` is left out: no voice has all of its words."),
        LeftOut::Programme { name, lacking } if lacking.is_empty() => {
            format!("The programme `{name}` is left out: it has mistakes, which `catcow check` tells.")
        }
        LeftOut::Programme { name, lacking } => {
            format!(
                "The programme `{name}` is left out, because these of its routines are not there: {}.",
                lacking.join(", ")
            )
        }
        LeftOut::Silent(id) => format!("The voice `{id}` is left out: it has the words of none of these routines."),
        LeftOut::InPart { routine, voices } => {
            let alone = if voices.len() == 1 { " alone" } else { "" };
            format!("`{routine}` is said by {}{alone}: the other voices lack words of it.", voices.join(", "))
        }
        LeftOut::Sound { path, minutes } => {
            format!(
                "Of `{path}`, the first {minutes} minutes are there, over and over: a phone fetches them before it begins."
            )
        }
    }
}

fn counted((number, what): (usize, &str)) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
