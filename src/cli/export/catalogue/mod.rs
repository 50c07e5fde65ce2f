//! A catalogue: many routines in many lengths by many voices, each in a file; what is there already is not made again.

mod feed;
mod items;
mod maker;
mod share;
mod table;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use catcow::diagnostic::Diagnostics;
use catcow::sink::file::catalogue::{Folder, Record};
use catcow::sink::file::{FORMATS, USUAL_ENDING, for_path};
use catcow::work::{Progress, Stage, Work};
use catcow::{Error, Result};
use clap::builder::PossibleValuesParser;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory};
use indicatif::ProgressBar;

use self::feed::Feed;
pub use self::items::routines;
use self::items::{Choices, Item};
use self::maker::{Days, Looked, Maker, State};
use self::share::Share;
use super::super::settings::{self, time};
use super::super::{Arguments, Talk};
use super::Export;

/// The options that make a catalogue of an export, by their ids.
pub const OPTIONS: [&str; 8] = ["all", "lengths", "voices", "format", "list", "files", "shard", "feed"];

/// Many sessions at once.
#[derive(Args)]
#[command(next_help_heading = "Catalogue")]
pub struct Catalogue {
    /// Write every routine, built in and of your own, to a file of its own in the folder that `-o` names. What is there as it
    /// is to be is not made again.
    #[arg(long, requires = "output")]
    all: bool,
    /// In these lengths, such as 10m,20m; what a routine cannot last is left out.
    #[arg(long, value_name = "TIMES", value_delimiter = ',', value_parser = time, conflicts_with = "length")]
    lengths: Vec<Duration>,
    /// By these voices, such as ada,ben.
    #[arg(long, value_name = "VOICES", value_delimiter = ',', conflicts_with = "voice")]
    voices: Vec<OsString>,
    /// The ending of the files, which says of which kind they are.
    #[arg(long, value_name = "ENDING", value_parser = endings())]
    format: Option<String>,
    /// Delete the files of an earlier catalogue in the folder that this one does not have.
    #[arg(long, requires = "all", conflicts_with_all = ["list", "files", "shard"])]
    prune: bool,
    #[command(flatten)]
    share: Share,
    #[command(flatten)]
    feed: Feed,
}

fn endings() -> PossibleValuesParser {
    FORMATS.iter().flat_map(|format| format.endings).copied().collect::<Vec<_>>().into()
}

impl Catalogue {
    /// Whether more is wanted than one session.
    pub fn is_wanted(&self, routines: &[OsString]) -> bool {
        let several = self.all || routines.len() > 1 || routines.iter().any(|routine| items::is_folder(routine));
        let several = several || self.format.is_some();
        several
            || !self.lengths.is_empty()
            || !self.voices.is_empty()
            || self.share.is_wanted()
            || self.feed.is_wanted()
    }

    /// Makes what is not there as it is to be.
    pub fn run(&self, export: &Export, talk: Talk) -> Result<()> {
        let of_one = [
            (export.stems.is_some(), "--stems"),
            (export.from.is_some(), "--from"),
            (export.until.is_some(), "--until"),
            (export.split, "--split"),
            (export.picture.is_some(), "--picture"),
            (export.words.is_wanted(), "--words"),
        ];
        if let Some((_, option)) = of_one.iter().find(|(is_said, _)| *is_said) {
            wrong(&format!("several sessions at once are whole, each with its own picture: `{option}` is for one"));
        }
        let Some(path) = &export.output else {
            wrong("several sessions at once need a folder: name one with `-o`");
        };
        let library = super::super::library()?;
        let folder = Folder::new(path);
        let all = self.items(export, &library, path)?;
        let items = self.share.of(&all, path)?;
        let format = for_path(Path::new(&format!("session.{}", self.ending())))?;
        let (today, pinned) = (super::this_day(), export.date.clone());
        let maker = Maker {
            library: &library,
            folder: &folder,
            options: &export.options,
            format,
            encoding: export.encoded.encoding(),
            days: Days { pinned, today },
            writes_beside: self.feed.is_wanted(),
        };
        if path.exists() && !path.is_dir() {
            let (reason, help) = ("it is a file".into(), "a catalogue is a folder: choose another name".into());
            return Err(Error::Output { path: path.clone(), reason, help });
        }
        let stop = super::super::stop_flag();
        let work = Work { threads: export.threads(), stop: &stop, ..Work::alone() };
        let run = Run { maker: &maker, items: &items, work, talk };
        if self.share.list {
            return run.list();
        }
        folder.create()?;
        let done = run.all();
        if matches!(done, Err(Error::Interrupted)) {
            talk.say("Stopped. What is whole stays; the same command goes on from there.");
        }
        let looked = done?;
        let written = folder.write_summary().and_then(|()| self.feed.write(&folder, &items, &looked));
        let stale = if self.all && items.len() == all.len() { stale(&folder, &items, &looked) } else { Vec::new() };
        if self.prune {
            stale.iter().try_for_each(|record| folder.remove(record)).and_then(|()| folder.write_summary())?;
        }
        if !talk.quiet {
            table::print(&items, &looked, &stale, self.prune)?;
        }
        written.and(worst(looked))
    }

    /// Every file of the catalogue.
    fn items(&self, export: &Export, library: &catcow::load::Library, folder: &Path) -> Result<Vec<Item>> {
        let voices = match &self.voices[..] {
            [] => vec![settings::voice(export.options.wanted.voice.as_deref())?],
            voices => voices.to_vec(),
        };
        let lengths = match &self.lengths[..] {
            [] => export.options.wanted.length.into_iter().collect(),
            lengths => lengths.to_vec(),
        };
        let routines = items::routines(library, &export.routines, self.all)?;
        Choices { routines, lengths, voices, ending: self.ending().to_owned() }.items(folder)
    }

    fn ending(&self) -> &str {
        self.format.as_deref().unwrap_or(USUAL_ENDING)
    }
}

/// Ends the program because of its arguments.
fn wrong(message: &str) -> ! {
    Arguments::command().error(ErrorKind::ArgumentConflict, message).exit()
}

/// A run through all files of a catalogue.
struct Run<'a> {
    maker: &'a Maker<'a>,
    items: &'a [Item],
    work: Work<'a>,
    talk: Talk,
}

impl Run<'_> {
    /// Prints the names of those that can be made.
    fn list(&self) -> Result<()> {
        let looked = self.look(&ProgressBar::hidden())?;
        let mut told = BTreeSet::new();
        looked.iter().for_each(|looked| tell_error(looked, &mut told));
        let can = self.items.iter().zip(&looked).filter(|(_, looked)| !matches!(looked.state, State::LeftOut(_)));
        let names: String = can.map(|(item, _)| format!("{}\n", item.name)).collect();
        super::super::print_data(&names)?;
        worst(looked)
    }

    /// Looks at all, tells what is wrong, and makes what is to be made. How each stands.
    fn all(&self) -> Result<Vec<Looked>> {
        let bar = if self.talk.shows_progress() { super::bar() } else { ProgressBar::hidden() };
        let looked = self.look(&bar);
        bar.finish_and_clear();
        let mut looked = looked?;
        let mut told = BTreeSet::new();
        looked.iter().for_each(|looked| tell_error(looked, &mut told));
        let (mut warned, quiet) = (BTreeSet::new(), self.talk.quiet);
        looked.iter().filter(|_| !quiet).for_each(|looked| tell_warnings(looked, &mut warned));
        let bar = if self.talk.shows_progress() { super::bar() } else { ProgressBar::hidden() };
        let made = self.make(&mut looked, &bar);
        bar.finish_and_clear();
        made?;
        looked.iter().for_each(|looked| tell_error(looked, &mut told));
        let late = Talk { quiet, pager: false };
        let notes =
            self.items.iter().zip(&looked).flat_map(|(item, looked)| looked.notes.iter().map(move |note| (item, note)));
        for (item, note) in notes {
            // What holds of many files is said of the first.
            if warned.insert(note.clone()) {
                late.say(&format!("{}: {note}", item.name));
            }
        }
        Ok(looked)
    }

    fn look(&self, bar: &ProgressBar) -> Result<Vec<Looked>> {
        bar.set_length(self.items.len() as u64);
        bar.set_message("planning");
        // A speech program is asked by one at a time: what it says for one session, others have too.
        let alone = self.maker.options.wanted.speak.is_some();
        let (work, inner) = self.shared(if alone { 1 } else { self.items.len() });
        work.each(
            self.items.len(),
            || (),
            |(), index| {
                let looked = self.maker.look(&self.items[index], &inner);
                bar.inc(1);
                looked
            },
        )
    }

    /// Makes what is to be made, several at a time.
    fn make(&self, looked: &mut [Looked], bar: &ProgressBar) -> Result<()> {
        let frames = |looked: &Looked| if let State::ToMake(frames) = looked.state { Some(frames) } else { None };
        let mut wanted: Vec<(&Item, &mut Looked)> =
            self.items.iter().zip(looked).filter(|(_, looked)| frames(looked).is_some()).collect();
        bar.set_length(wanted.iter().filter_map(|(_, looked)| frames(looked)).sum());
        // The longest first, so that no thread has a long one left when the others have nothing.
        wanted.sort_by_key(|(_, looked)| std::cmp::Reverse(frames(looked)));
        let (work, inner) = self.shared(wanted.len());
        let (count, whole) = (wanted.len(), AtomicU64::new(0));
        let done: Vec<AtomicU64> = wanted.iter().map(|_| AtomicU64::new(0)).collect();
        let slots: Vec<_> = wanted.into_iter().map(std::sync::Mutex::new).collect();
        let tell = |index: usize, progress: Progress| {
            if progress.stage == Stage::Rendering {
                done[index].store(progress.done, Ordering::Relaxed);
                bar.set_position(done.iter().map(|done| done.load(Ordering::Relaxed)).sum());
            }
        };
        bar.set_message(format!("0 of {count}"));
        let made = work.each(
            count,
            || (),
            |(), index| {
                let mut slot = slots[index].lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let (item, looked) = &mut *slot;
                let tell = |progress| tell(index, progress);
                self.maker.make(item, looked, &Work { progress: &tell, ..inner })?;
                bar.set_message(format!("{} of {count}", whole.fetch_add(1, Ordering::Relaxed) + 1));
                Ok::<_, Error>(())
            },
        );
        made.map(drop)
    }

    /// The threads for so many sessions at a time, and for each of them.
    fn shared(&self, sessions: usize) -> (Work<'_>, Work<'_>) {
        let threads = self.work.threads.min(sessions).max(1);
        (Work { threads, ..self.work }, Work { threads: (self.work.threads / threads).max(1), ..self.work })
    }
}

/// Tells the mistakes that keep a file from being made, unless they were told of another.
fn tell_error(looked: &Looked, told: &mut BTreeSet<String>) {
    if let State::Failed(error @ Error::Mistakes(_)) = &looked.state
        && told.insert(error.to_string())
    {
        super::super::show(error);
    }
}

/// Warns of what is worth a look, once of each.
fn tell_warnings(looked: &Looked, told: &mut BTreeSet<String>) {
    let mut new = Diagnostics::default();
    for warning in looked.warnings.iter() {
        if told.insert(format!("{warning:?}")) {
            new.push(warning.clone());
        }
    }
    super::super::show_all(&new);
}

/// What earlier catalogues left in the folder that is not wanted any more.
fn stale(folder: &Folder, items: &[Item], looked: &[Looked]) -> Vec<Record> {
    let wanted = items.iter().zip(looked).filter(|(_, looked)| !matches!(looked.state, State::LeftOut(_)));
    let names: BTreeSet<_> = wanted.map(|(item, _)| item.name.as_str()).collect();
    folder.records().into_iter().filter(|record| !names.contains(record.file.as_str())).collect()
}

/// What the program ends with. Mistakes were told already; what could not be read or written is told now, and comes before them.
fn worst(looked: Vec<Looked>) -> Result<()> {
    let (mut others, mut is_mistaken) = (Vec::new(), false);
    for looked in looked {
        match looked.state {
            State::Failed(Error::Mistakes(_)) => is_mistaken = true,
            State::Failed(error) => others.push(error),
            _ => {}
        }
    }
    others.dedup_by_key(|error| error.to_string());
    let last = others.pop();
    others.iter().for_each(super::super::show);
    match last {
        Some(error) => Err(error),
        None if is_mistaken => Err(Error::Mistakes(Diagnostics::default())),
        None => Ok(()),
    }
}
