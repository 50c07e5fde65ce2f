//! Programmes of several weeks, and what a log says.

use catcow::load::Library;
use catcow::load::language::programme::{Extent, Programme};
use catcow::programme::{self, Day, Due, Entry, Next};
use serde_json::{Value, json};

use crate::ask::Practised;

/// The programmes, each with what it is for.
pub fn list(library: &Library) -> Value {
    let programme = |name: String| {
        let read = library.programme(&name).ok()?;
        Some(json!({ "name": name, "title": read.title, "summary": read.summary, "weeks": read.weeks.len() }))
    };
    library.programmes().into_iter().filter_map(programme).collect()
}

/// The sessions of a log.
pub fn entries(log: &[Practised]) -> Vec<Entry> {
    log.iter().map(Practised::entry).collect()
}

/// What comes next by a programme, or when that is.
pub fn next(programme: &Programme, since: i32, today: i32, entries: &[Entry]) -> (Due, Value) {
    match programme::next(programme, Day(since), entries, Day(today)) {
        Next::Due(due) => (due, Value::Null),
        Next::Rest(rest) => {
            let words = json!({ "next": rest.next.0, "week_is_done": rest.week_is_done });
            (rest.instead, words)
        }
    }
}

/// A session that is due, in words.
pub fn due(programme: &Programme, due: &Due) -> Value {
    let why: Vec<String> = due.why.iter().map(ToString::to_string).collect();
    let (level, length) = match due.extent {
        Extent::Level(level) => (Some(level), None),
        Extent::Length(length) => (None, Some(length.as_secs_f64())),
    };
    json!({
        "programme": programme.title, "routine": due.routine, "level": level, "length": length, "shorter": due.shorter,
        "week": due.week, "weeks": programme.weeks.len(), "day": due.day, "days": due.days, "why": why,
    })
}

/// What a log says: whether weeks have brought no less pain, whether the last session brought much more, of which routines the safety
/// words are known by heart, and how many days in a row had practice in them.
pub fn log(entries: &[Entry], today: i32) -> Value {
    let today = Day(today);
    let lacking = programme::lacks_progress(&programme::practised_weeks(entries, today));
    let mut names: Vec<&str> = entries.iter().map(|entry| entry.routine.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let familiar: Vec<&str> = names.into_iter().filter(|name| programme::is_familiar(entries, name, today)).collect();
    let worse = entries.last().is_some_and(|last| last.pain.is_worse());
    json!({ "lacking": lacking, "worse": worse, "familiar": familiar, "days": programme::streak(entries, today) })
}
