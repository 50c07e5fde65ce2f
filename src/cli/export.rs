//! `catcow export`: a session as a file.

use std::path::PathBuf;
use std::time::Duration;

use catcow::frames::{FrameRange, clock};
use catcow::session::Planned;
use catcow::sink::file::identity::Outputs;
use catcow::sink::file::output::{Output, is_device, is_stdout};
use catcow::sink::file::stems::Stems;
use catcow::sink::file::{Extent, Job, for_path};
use catcow::work::{Progress, Stage, Work};
use catcow::{Error, Result};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::Talk;
use super::session::{Session, measured};
use super::settings::time;

/// What to write, and where to.
#[derive(Args)]
pub struct Export {
    #[command(flatten)]
    session: Session,
    /// The file to write; `-` is standard output.
    #[arg(short, long, value_name = "FILE", required_unless_present = "stems")]
    output: Option<PathBuf>,
    /// Write voice, tones, bells and bed apart, those that sound, as 24-bit WAV files in this folder, instead or as well.
    #[arg(long, value_name = "FOLDER")]
    stems: Option<PathBuf>,
    /// Begin here instead of at the start.
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Option<Duration>,
    /// End here instead of at the end.
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<Duration>,
    /// On how many threads; the bytes are the same for any number.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
}

impl Export {
    pub fn run(&self, talk: Talk) -> Result<()> {
        let stop = super::stop_flag();
        let bar = if talk.shows_progress() { bar() } else { ProgressBar::hidden() };
        let threads = self.threads.map_or_else(super::threads, usize::from);
        let written = self.write(talk, &Work { threads, stop: &stop, progress: &|progress| show(progress, &bar) });
        bar.finish_and_clear();
        let (title, length) = written?;
        let outputs = [self.output.as_deref(), self.stems.as_deref()].into_iter().flatten();
        for output in outputs.filter(|output| !is_stdout(output)) {
            talk.say(&format!("{}: {title}, {length}", output.display()));
        }
        Ok(())
    }

    /// Writes everything; the title and how long it is. All that can be refused is refused before the long work: what is wrong
    /// with a name even before recordings are read.
    fn write(&self, talk: Talk, work: &Work<'_>) -> Result<(String, String)> {
        let format = self.output.as_deref().map(for_path).transpose()?;
        let wanted = self.output.as_deref().zip(format);
        // A pipe is opened later: that waits for whoever reads it.
        let stems = self.stems.iter().flat_map(|folder| Stems::paths(folder)).map(|path| ("--stems", path));
        let outputs = Outputs::new(self.output.iter().map(|path| ("--output", path.clone())).chain(stems))?;
        let file = wanted.filter(|(path, _)| !is_device(path));
        let file = file.map(|(path, _)| Output::create(path)).transpose()?;
        let planned = self.session.plan(&super::library()?, &outputs, talk, work)?;
        let range = self.range(&planned)?;
        let extent = Extent { frames: range.frames(), rate: planned.timeline().rate, channels: planned.channels() };
        wanted.map_or(Ok(()), |(_, format)| (format.check)(&extent))?;
        let stems = self.stems.as_deref().map(|folder| Stems::create(folder, &extent)).transpose()?;
        let output = match (file, wanted) {
            (None, Some((path, _))) => Some(Output::create(path)?),
            (file, _) => file,
        };
        let session = measured(planned, talk, work)?;
        let job = Job { mixer: session.mixer(), range, work: *work };
        if let Some(((_, format), mut output)) = wanted.zip(output) {
            (format.write)(&job, &mut output)?;
            output.finish()?;
        }
        let silent = stems.map_or(Ok(Vec::new()), |stems| stems.write(&job))?;
        if !silent.is_empty() {
            talk.say(&format!("left out, because nothing sounds in them: {}", silent.join(", ")));
        }
        Ok((session.timeline().title.clone(), clock(range.frames().duration(extent.rate))))
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

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {percent}% {eta} {msg}");
    ProgressBar::new(1).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Shows how far the work has come; each stage has the whole bar.
fn show(progress: Progress, bar: &ProgressBar) {
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
