//! What is added to the log by hand: a session that was heard from a file on a telephone, or a note.

use std::path::Path;
use std::time::Duration;

use catcow::Result;
use catcow::diagnostic::{Code, Diagnostic};
use catcow::frames::clock;
use catcow::load::Library;
use catcow::plan::Missing;
use catcow::programme::{Day, Entry, Pain};
use catcow::session::Builder;
use clap::Args;
use jiff::civil::Date;

use crate::cli::logbook::{self, Logbook, date_of};
use crate::cli::{Talk, pain, settings};

/// What to add.
#[derive(Args)]
pub struct Addition {
    /// Note a session that was practised without this program, from a file on a telephone for example.
    #[arg(long, value_name = "ROUTINE", conflicts_with_all = ["weeks", "sessions", "csv"], help_heading = "Adding")]
    add: Option<String>,
    /// Note something about the day, such as "slept badly".
    #[arg(long, value_name = "WORDS", conflicts_with_all = ["weeks", "sessions", "csv"], help_heading = "Adding")]
    note: Option<String>,
    /// The day it was, such as 2026-11-02; today where nothing is said.
    #[arg(long, value_name = "DATE", value_parser = date, help_heading = "Adding")]
    on: Option<Date>,
    /// How long the session was; what the routine lasts, where nothing is said.
    #[arg(long, value_name = "TIME", value_parser = settings::time, requires = "add", help_heading = "Adding")]
    length: Option<Duration>,
    /// Pain before the session and after it, 0 to 10, such as 4,3.
    #[arg(long, value_name = "BEFORE,AFTER", value_parser = scores, requires = "add", help_heading = "Adding")]
    pain: Option<Pain>,
    /// The session was ended early.
    #[arg(long, requires = "add", help_heading = "Adding")]
    unfinished: bool,
}

/// Whoever notes a session of another day knows its date; noon stands for a time that nobody knows.
const NOON: u32 = 12 * 3600;

impl Addition {
    /// Whether anything is to be added.
    pub fn is_wanted(&self) -> bool {
        self.add.is_some() || self.note.is_some() || self.on.is_some()
    }

    pub fn run(self, book: &Logbook, talk: Talk) -> Result<()> {
        let day = self.day()?;
        let shown = date_of(day);
        // What is wrong with the session comes to light before anything is written.
        let entry = self.add.as_deref().map(|routine| self.entry(routine, day)).transpose()?;
        if let Some(words) = self.note.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
            book.note(day, words)?;
            talk.say(&format!("{shown}: {words}"));
        }
        let Some(entry) = entry else { return Ok(()) };
        book.append(&entry)?;
        let end = if entry.finished { "finished" } else { "ended early" };
        talk.say(&format!("{shown}: {}, {}, {end}", entry.routine, clock(entry.length)));
        if entry.pain.is_worse() {
            pain::tell_worse();
        }
        Ok(())
    }

    fn day(&self) -> Result<Day> {
        let today = logbook::today();
        let day = self.on.map_or(today, logbook::day);
        if day > today {
            let message = format!("`--on`: expected today or a day before, found {}", date_of(day));
            return Err(Diagnostic::error(Code::WrongValue, message).into());
        }
        if self.add.is_none() && self.note.is_none() {
            let mistake =
                Diagnostic::error(Code::WrongValue, "expected `--add` or `--note` beside `--on`, found neither");
            return Err(mistake.help("write, for example, `catcow log --on 2026-11-02 --note \"slept badly\"`").into());
        }
        Ok(day)
    }

    fn entry(&self, routine: &str, day: Day) -> Result<Entry> {
        let library = crate::cli::library()?;
        let (name, usual) = usual(&library, routine)?;
        let now = logbook::ended_now();
        let second = if day == now.day { now.second } else { NOON };
        let (length, finished) = (self.length.unwrap_or(usual), !self.unfinished);
        Ok(Entry { day, second, routine: name, length, finished, pain: self.pain.unwrap_or_default() })
    }
}

/// The name of a routine, and what it lasts where nobody wishes anything.
fn usual(library: &Library, routine: &str) -> Result<(String, Duration)> {
    let routine = library.routine(Path::new(routine))?;
    let name = routine.name.clone();
    let mut builder = Builder::new(routine, library.voice(settings::voice(None)?)?);
    builder.wishes.missing = Missing::Bell;
    let planned = builder.plan(&crate::cli::work())?;
    let timeline = planned.timeline();
    Ok((name, timeline.frames.duration(timeline.rate)))
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "expected a date such as 2026-11-02".into())
}

fn scores(text: &str) -> Result<Pain, String> {
    let expected = || "expected two scores from 0 to 10, such as 4,3; `-` for one that you do not know".to_owned();
    let (before, after) = text.split_once(',').ok_or_else(expected)?;
    let score = |text: &str| match text.trim() {
        "-" => Ok(None),
        text => text.parse().ok().filter(|score| *score <= 10).map(Some).ok_or_else(expected),
    };
    Ok(Pain { before: score(before)?, after: score(after)? })
}
