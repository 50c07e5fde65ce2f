//! A programme: which routines on how many days of each of several weeks, and how deep.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::file_keys;
use super::reader::{Reader, Table};
use super::spanned::Spanned;
use crate::advice::Advice;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Source};
use crate::error::Result;

/// No programme has more weeks: two years, after which nobody needs one any more.
const MOST_WEEKS: usize = 104;

/// A whole programme.
#[derive(Clone, Debug)]
pub struct Programme {
    /// Its name: the file's, without `.toml`.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub summary: String,
    /// Its weeks, in order; one at least.
    pub weeks: Vec<Week>,
    /// Its first line.
    pub place: Place,
}

/// A week of a programme.
#[derive(Clone, Debug)]
pub struct Week {
    /// On how many days something is practised, 1 to 7.
    pub days: u32,
    /// What is practised, one a day; after the last comes the first again. One at least, and no more than days.
    pub sessions: Vec<Dose>,
    /// Where it was written.
    pub place: Place,
}

/// A routine, and how much of it.
#[derive(Clone, Debug)]
pub struct Dose {
    /// The name of the routine.
    pub routine: Spanned<String>,
    /// How much.
    pub extent: Extent,
}

/// How much of a routine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// A level, 1 to 5.
    Level(u8),
    /// A length.
    Length(Duration),
}

impl Programme {
    /// Reads a programme; `has_routine` tells whether there is a routine of a name, and what to say where there is none.
    ///
    /// # Errors
    /// [`crate::Error::Mistakes`] with everything that is wrong in it.
    pub(crate) fn read(
        name: &str,
        source: &Arc<Source>,
        unknown: impl Fn(&Spanned<String>) -> Option<Diagnostic>,
    ) -> Result<Programme> {
        let begin = "write a title, and a block `[[weeks]]` for each week: docs/programmes.md has an example";
        Reader::has_something(source, "a programme", Advice::from(begin))?;
        let (programme, mut mistakes): (Programme, Diagnostics) =
            Reader::read(source, |table| programme(name, source, table));
        let sessions = programme.weeks.iter().flat_map(|week| &week.sessions);
        sessions.filter_map(|dose| unknown(&dose.routine)).for_each(|mistake| mistakes.push(mistake));
        if mistakes.has_errors() { Err(mistakes.into()) } else { Ok(programme) }
    }

    /// Whether a routine stands anywhere in it.
    pub fn names(&self, routine: &str) -> bool {
        self.routines().any(|name| name == routine)
    }

    /// The routines of its sessions, in order; one may come more than once.
    pub fn routines(&self) -> impl Iterator<Item = &str> {
        self.weeks.iter().flat_map(|week| &week.sessions).map(|dose| &*dose.routine.value)
    }

    /// The file that it was read from, where it is in one.
    pub fn file(&self) -> Option<&Path> {
        self.place.source.file()
    }
}

fn programme(name: &str, source: &Arc<Source>, table: &Table<'_>) -> Programme {
    table.allow("a programme", &[file_keys::PROGRAMME]);
    let title = table.name("title", "Six weeks for my back").map(|title| title.value).unwrap_or_default();
    let summary = table.text("summary").map(|summary| summary.value).unwrap_or_default();
    if table.has_nothing_in("weeks") && !table.is_broken() {
        let mistake = Diagnostic::error(Code::MissingKey, "expected weeks, found none");
        table.mistake(mistake.at(&table.place_of("weeks"), "nothing to practise").help("begin each with `[[weeks]]`"));
    }
    let weeks = table.tables("weeks");
    if let Some(beyond) = weeks.get(MOST_WEEKS) {
        let message = format!("expected at most {MOST_WEEKS} weeks, found {}", weeks.len());
        table.mistake(Diagnostic::error(Code::WrongValue, message).at(&beyond.place(), "one too many"));
    }
    let weeks = weeks.iter().take(MOST_WEEKS).filter_map(week).collect();
    let place = Place { source: Arc::clone(source), span: 0..source.text.lines().next().map_or(0, str::len) };
    Programme { name: name.to_owned(), title, summary, weeks, place }
}

fn week(table: &Table<'_>) -> Option<Week> {
    table.allow("a week", &[file_keys::WEEK]);
    let days = needed(table, "days", "3").then(|| table.whole("days", 1..=7)).flatten();
    let named = needed(table, "sessions", "[\"lying-down\", \"morning\"]").then(|| table.texts("sessions")).flatten();
    let (levels, lengths) = (table.wholes("level", 1..=5), table.time_list("length"));
    if table.has("level") && table.has("length") {
        let mistake = Diagnostic::error(Code::WrongValue, "expected either `level` or `length` in a week, found both");
        table.mistake(mistake.at(&table.place_of("length"), "and `level` too").help("keep one of them"));
    }
    let (days, named) = (days?.value, named?);
    check_number(table, days, &named);
    let number = named.value.len();
    let level =
        |index| of_each(levels.as_ref().map(|levels| &levels.value), index).map(|level| Extent::Level(level as u8));
    let length = |index| of_each(lengths.as_ref().map(|lengths| &lengths.value), index).map(Extent::Length);
    if let Some(levels) = &levels {
        check_list(table, "level", levels, number);
    }
    if let Some(lengths) = &lengths {
        check_list(table, "length", lengths, number);
    }
    let extent = |index| length(index).or_else(|| level(index)).unwrap_or(Extent::Level(3));
    let sessions = named.value.into_iter().enumerate();
    let sessions = sessions.map(|(index, routine)| Dose { routine, extent: extent(index) }).collect::<Vec<_>>();
    (!sessions.is_empty()).then(|| Week { days, sessions, place: table.place() })
}

/// Whether a key stands there that has to; a mistake where it does not. Its value is no text in quotes.
fn needed(table: &Table<'_>, key: &str, example: &str) -> bool {
    if !table.has(key) && !table.is_broken() {
        let mistake = Diagnostic::error(Code::MissingKey, format!("expected `{key}`, found none"));
        let help = format!("write, for example, `{key} = {example}`");
        table.mistake(mistake.at(&table.place(), "missing in this week").help(help));
    }
    table.has(key)
}

/// A week has something to practise, and comes to all of it.
fn check_number(table: &Table<'_>, days: u32, named: &Spanned<Vec<Spanned<String>>>) {
    let number = named.value.len();
    if number == 0 {
        let mistake = Diagnostic::error(Code::WrongValue, "`sessions`: expected the names of routines, found none");
        table.mistake(mistake.at(&named.place, "here").help("write, for example, `sessions = [\"lying-down\"]`"));
    } else if number > days as usize {
        let message = format!("`sessions`: expected at most {days}, one for each of the `days`, found {number}");
        let mistake = Diagnostic::error(Code::WrongValue, message).at(&named.place, "here");
        table.mistake(mistake.help("the last of them would never be practised: leave some out, or write more `days`"));
    }
}

/// One for all, or one for each.
fn of_each<T: Copy>(list: Option<&Vec<T>>, index: usize) -> Option<T> {
    let list = list?;
    list.get(if list.len() == 1 { 0 } else { index }).copied()
}

fn check_list<T>(table: &Table<'_>, key: &str, list: &Spanned<Vec<T>>, sessions: usize) {
    let number = list.value.len();
    if number != 1 && number != sessions && sessions > 0 {
        let message = format!("`{key}`: expected one for all or {sessions}, one for each session, found {number}");
        table.mistake(Diagnostic::error(Code::WrongValue, message).at(&list.place, "here"));
    }
}
