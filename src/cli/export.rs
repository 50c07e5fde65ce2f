//! `catcow export`: a session as a file.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use catcow::frames::{FrameRange, clock};
use catcow::sink::output::{Output, is_stdout};
use catcow::sink::{Job, for_path};
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
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
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
        let sink = for_path(&self.output)?;
        let planned = self.session.plan(&mut super::library()?, talk)?;
        let range = self.range(&planned)?;
        let (stop, bar) = (stop_switch(), progress_bar(talk, range));
        let mixer = planned.mixer();
        let threads =
            self.threads.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from);
        let job = Job { mixer: &mixer, range, threads, progress: &|done| bar.set_position(done), stop: &stop };
        (sink.check)(&job)?;
        let mut output = Output::create(&self.output)?;
        let written = (sink.write)(&job, &mut output).and_then(|()| output.finish());
        bar.finish_and_clear();
        written?;
        if !is_stdout(&self.output) {
            let length = clock(range.frames().duration(planned.timeline.rate));
            talk.say(&format!("{}: {}, {length}", self.output.display(), planned.timeline.title));
        }
        Ok(())
    }

    /// The part of the session that is wanted.
    fn range(&self, planned: &Planned) -> Result<FrameRange> {
        let (rate, all) = (planned.timeline.rate, planned.timeline.frames);
        let start = self.from.map_or(catcow::frames::Frames::ZERO, |time| rate.frames(time));
        let end = self.until.map_or(all, |time| rate.frames(time).min(all));
        if start < end {
            return Ok(FrameRange { start, end });
        }
        let (path, length) = (self.output.clone(), clock(all.duration(rate)));
        let reason = "nothing is left between `--from` and `--until`".into();
        Err(Error::Output { path, reason, help: format!("the session lasts {length}; begin before it ends") })
    }
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
