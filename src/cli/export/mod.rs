//! `catcow export`: a session as a file.

mod catalogue;
mod encoding;
mod split;
mod target;
mod words;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

use catcow::frames::{FrameRange, clock};
use catcow::session::Planned;
use catcow::sink::file::about::{About, Cover};
use catcow::sink::file::identity::Outputs;
use catcow::sink::file::output::{Output, is_device, is_stdout};
use catcow::sink::file::own_picture;
use catcow::sink::file::stems::Stems;
use catcow::sink::file::{Extent, Job, for_path};
use catcow::sink::page::Page;
use catcow::work::{Progress, Stage, Work};
use catcow::{Error, Result};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;

use self::catalogue::Catalogue;
pub use self::catalogue::routines;
use self::encoding::Encoded;
use self::split::Wanted;
use self::words::WordsBeside;
use super::composed::{self, Composed};
use super::notes;
use super::session::{Form, Options, measured};
use super::settings::time;
use super::{Talk, this_day};

/// What to write, and where to.
#[derive(Args)]
pub struct Export {
    /// The name of a routine, or the path of a routine's file; several, or a folder of them, for a catalogue.
    #[arg(value_name = "ROUTINE", required_unless_present_any = ["all", "composed_length"])]
    #[arg(conflicts_with_all = composed::OPTIONS)]
    routines: Vec<OsString>,
    #[command(flatten)]
    composed: Composed,
    #[command(flatten)]
    options: Options,
    /// The file to write; its ending says which kind: .m4a where there is none. Without it, the routine's name, here. `-` is
    /// standard output, as WAV. The folder of a catalogue.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write a file for each chapter instead, in a folder of that name, with a playlist: for players that know no chapters.
    #[arg(long, conflicts_with_all = catalogue::OPTIONS)]
    split: bool,
    #[command(flatten)]
    encoded: Encoded,
    #[command(flatten)]
    words: WordsBeside,
    /// The day that the file says it was made, such as 2026-03-01, instead of today.
    #[arg(long, value_name = "DAY", value_parser = day)]
    date: Option<String>,
    /// A picture for the file, PNG or JPEG, instead of the one that is drawn.
    #[arg(long, value_name = "FILE", conflicts_with_all = catalogue::OPTIONS)]
    picture: Option<PathBuf>,
    /// Write voice, tones, bells and bed apart, those that sound, as 24-bit WAV files in this folder, instead or as well.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = catalogue::OPTIONS)]
    stems: Option<PathBuf>,
    /// Begin here instead of at the start.
    #[arg(long, value_name = "TIME", value_parser = time, conflicts_with_all = catalogue::OPTIONS)]
    from: Option<Duration>,
    /// End here instead of at the end.
    #[arg(long, value_name = "TIME", value_parser = time, conflicts_with_all = catalogue::OPTIONS)]
    until: Option<Duration>,
    /// On how many threads; the bytes are the same for any number.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    #[command(flatten)]
    catalogue: Catalogue,
}

impl Export {
    pub fn run(&self, talk: Talk) -> Result<()> {
        if self.catalogue.is_wanted(&self.routines) {
            return self.catalogue.run(self, talk);
        }
        let stop = super::stop_flag();
        let bar = if talk.shows_progress() { bar() } else { ProgressBar::hidden() };
        let written = self
            .write(talk, &Work { threads: self.threads(), stop: &stop, progress: &|progress| show(progress, &bar) });
        bar.finish_and_clear();
        let written = written?;
        for output in written.outputs.iter().filter(|output| !is_stdout(output)) {
            talk.say(&format!("{}: {}, {}", output.display(), written.title, written.length));
        }
        Ok(())
    }

    fn threads(&self) -> usize {
        self.threads.map_or_else(super::threads, usize::from)
    }

    /// The one routine that is wanted.
    fn routine(&self) -> &OsStr {
        self.routines.first().map(OsString::as_os_str).unwrap_or_default()
    }

    /// The day that it is made on.
    fn day(&self) -> String {
        self.date.clone().unwrap_or_else(this_day)
    }

    /// The file that is wanted; none where only parts or stems are.
    fn target(&self, routine: &OsStr) -> Result<Option<PathBuf>> {
        if self.split || (self.output.is_none() && self.stems.is_some()) {
            return Ok(None);
        }
        target::named(self.output.as_deref(), routine).map(Some)
    }

    /// Writes everything. All that can be refused is refused before the long work: what is wrong
    /// with a name even before recordings are read.
    fn write(&self, talk: Talk, work: &Work<'_>) -> Result<Written> {
        let request = self.composed.request(|| self.day())?;
        let named = request.as_ref().map_or_else(|| self.routine().to_owned(), |it| composed::file_name(it).into());
        let target = self.target(&named)?;
        let format = target.as_deref().map(for_path).transpose()?;
        let wanted = target.as_deref().zip(format);
        let parts = self.split.then(|| split::wanted(self.output.as_deref(), &named)).transpose()?;
        let format = format.or(parts.as_ref().map(|parts| parts.format));
        let encoding = self.encoded.encoding();
        let form = format.map(|format| Form::of(format, encoding.quality)).unwrap_or_default();
        let words = self.words.paths(target.as_deref())?;
        let outputs = self.outputs(target.as_deref(), parts.as_ref(), &words)?;
        outputs.spare(self.picture.clone())?;
        let picture = self.picture.as_deref().map(own_picture::read).transpose()?;
        let library = super::library()?;
        let made = self.options.compose(&library, request.as_ref(), form, work)?;
        let which = made.which(self.routines.first().map(OsString::as_os_str));
        // A pipe is opened later: that waits for whoever reads it.
        let file = wanted.filter(|(path, _)| !is_device(path));
        let file = file.map(|(path, _)| Output::create(path)).transpose()?;
        let pages = words::open(&words)?;
        let planned = self.options.plan(&library, which, &outputs, form, talk, work)?;
        notes::of_changes(planned.timeline()).iter().for_each(|note| talk.say(note));
        let range = self.range(&planned)?;
        let extent = Extent { frames: range.frames(), rate: planned.timeline().rate, channels: planned.channels() };
        wanted.map_or(Ok(()), |(_, format)| (format.check)(&extent, encoding))?;
        let playlist = parts.as_ref().map(|parts| parts.folder.playlist().to_owned());
        let parts = parts.map(|Wanted { folder, format, ending }| {
            folder.open((format, ending), (planned.timeline(), range), (extent, encoding))
        });
        let parts = parts.transpose()?;
        let stems = self.stems.as_deref().map(|folder| Stems::create(folder, &extent)).transpose()?;
        let output = match (file, wanted) {
            (None, Some((path, _))) => Some(Output::create(path)?),
            (file, _) => file,
        };
        let session = measured(planned, talk, work)?;
        let part = session.timeline().part(range);
        let mut about = About { date: Some(self.day()), ..About::of_part(&session, &part) };
        about.cover = picture.map_or(about.cover, Cover::from);
        let job = Job { mixer: session.mixer(), range, encoding, about: &about, work: *work };
        let pages = words::write(pages, &session, &part)?;
        if let Some(((_, format), mut output)) = wanted.zip(output) {
            (format.write)(&job, &mut output)?;
            output.finish()?;
        }
        pages.into_iter().try_for_each(Output::finish)?;
        parts.map_or(Ok(()), |parts| parts.write(&job))?;
        let silent = stems.map_or(Ok(Vec::new()), |stems| stems.write(&job))?;
        if !silent.is_empty() {
            talk.say(&format!("left out, because nothing sounds in them: {}", silent.join(", ")));
        }
        let words = words.into_iter().map(|(_, path)| path);
        let outputs = target.into_iter().chain(playlist).chain(self.stems.clone()).chain(words).collect();
        let length = clock(range.frames().duration(extent.rate));
        Ok(Written { outputs, title: about.title, length })
    }

    /// All files that are to be written or replaced.
    fn outputs(&self, target: Option<&Path>, parts: Option<&Wanted>, words: &[(&Page, PathBuf)]) -> Result<Outputs> {
        let replaced = parts.iter().flat_map(|parts| parts.folder.replaced());
        let files = target.map(Path::to_owned).into_iter().chain(replaced).map(|path| ("--output", path));
        let stems = self.stems.iter().flat_map(|folder| Stems::paths(folder)).map(|path| ("--stems", path));
        let words = words.iter().map(|(_, path)| ("--words", path.clone()));
        Outputs::new(files.chain(stems).chain(words))
    }

    /// The part of the session that is wanted.
    fn range(&self, planned: &Planned) -> Result<FrameRange> {
        if let Some(range) = planned.range(self.from.unwrap_or_default(), self.until) {
            return Ok(range);
        }
        let path = self.output.clone().or_else(|| self.stems.clone()).unwrap_or_default();
        let length = clock(planned.timeline().frames.duration(planned.timeline().rate));
        let reason = "nothing is left between `--from` and `--until`".into();
        Err(Error::Output { path, reason, help: format!("the session lasts {length}; begin before it ends") })
    }
}

/// What was written.
struct Written {
    outputs: Vec<PathBuf>,
    title: String,
    length: String,
}

/// A day, as a tag has it.
fn day(text: &str) -> Result<String, String> {
    text.parse::<Date>().map(|day| day.to_string()).map_err(|_| "expected a day, such as 2026-03-01".into())
}

pub fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {percent}% {eta} {msg}");
    ProgressBar::new(1).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Shows how far the work has come; each stage has the whole bar.
pub fn show(progress: Progress, bar: &ProgressBar) {
    let words = match progress.stage {
        Stage::Recordings => "reading recordings",
        Stage::Bed => "reading the bed",
        Stage::Levels => "measuring how loud it is",
        Stage::Rendering => "",
    };
    if bar.message() != words {
        bar.reset();
        bar.set_message(words);
    }
    bar.set_length(progress.total);
    bar.set_position(progress.done);
}
