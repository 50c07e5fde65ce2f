//! `catcow export`: a session as a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use catcow::frames::{FrameRange, clock};
use catcow::sink::file::identity::Outputs;
use catcow::sink::file::output::{Output, is_stdout};
use catcow::sink::file::stems::Stems;
use catcow::sink::file::{FileFormat, Job, for_path};
use catcow::{Error, Result};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::Talk;
use super::session::{Planned, Session};
use super::settings::time;

/// What to write, and where to.
#[derive(Args)]
pub struct Export {
    #[command(flatten)]
    session: Session,
    /// The file to write; `-` is standard output.
    #[arg(short, long, value_name = "FILE", required_unless_present = "stems")]
    output: Option<PathBuf>,
    /// Write voice, tones, bells and bed apart, as 24-bit WAV files in this folder, instead or as well.
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
        let sink = self.output.as_deref().map(for_path).transpose()?;
        let session = self.output.iter().map(|path| ("output", path.clone()));
        let stems = self.stems.iter().flat_map(|folder| Stems::paths(folder)).map(|path| ("stems", path));
        let outputs = Outputs::new(session.chain(stems))?;
        let planned = self.session.plan(&mut super::library()?, &outputs, talk)?;
        let range = self.range(&planned)?;
        let (stop, bar) = (stop_switch(), progress_bar(talk, range));
        let mixer = planned.mixer(talk);
        let threads =
            self.threads.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from);
        let job = Job { mixer: &mixer, range, threads, progress: &|done| bar.set_position(done), stop: &stop };
        let written = self.write(&job, sink);
        bar.finish_and_clear();
        written?;
        let length = clock(range.frames().duration(planned.timeline.rate));
        let outputs = [self.output.as_deref(), self.stems.as_deref()].into_iter().flatten();
        for output in outputs.filter(|output| !is_stdout(output)) {
            talk.say(&format!("{}: {}, {length}", output.display(), planned.timeline.title));
        }
        Ok(())
    }

    /// Opens everything first, so that what is wrong with a name comes to light before the work.
    fn write(&self, job: &Job<'_>, sink: Option<&FileFormat>) -> Result<()> {
        let session = self.output.as_deref().zip(sink).map(|(path, sink)| open(path, sink, job)).transpose()?;
        let stems = self.stems.as_deref().map(|folder| Stems::create(folder, job)).transpose()?;
        if let Some((sink, mut output)) = session {
            (sink.write)(job, &mut output)?;
            output.finish()?;
        }
        stems.map_or(Ok(()), |stems| stems.write(job))
    }

    /// The part of the session that is wanted.
    fn range(&self, planned: &Planned) -> Result<FrameRange> {
        let (rate, all) = (planned.timeline.rate, planned.timeline.frames);
        let start = self.from.map_or(catcow::frames::Frames::ZERO, |time| rate.frames(time));
        let end = self.until.map_or(all, |time| rate.frames(time).min(all));
        if start < end {
            return Ok(FrameRange { start, end });
        }
        let path = self.output.clone().or_else(|| self.stems.clone()).unwrap_or_default();
        let length = clock(all.duration(rate));
        let reason = "nothing is left between `--from` and `--until`".into();
        Err(Error::Output { path, reason, help: format!("the session lasts {length}; begin before it ends") })
    }
}

fn open<'a>(path: &Path, sink: &'a FileFormat, job: &Job<'_>) -> Result<(&'a FileFormat, Output)> {
    (sink.check)(job)?;
    Ok((sink, Output::create(path)?))
}

/// Set by Ctrl-C and by a request to end, so that no half-written file stays behind.
pub fn stop_switch() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&stop);
    // Where no handler can be set, the system's own ends the program.
    let _ = ctrlc::set_handler(move || switch.store(true, Ordering::Relaxed));
    stop
}

fn progress_bar(talk: Talk, range: FrameRange) -> ProgressBar {
    if !talk.shows_progress() {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{bar:40} {percent}% {eta}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(range.frames().0).with_style(style)
}
