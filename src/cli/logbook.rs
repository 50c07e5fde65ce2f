//! The log of what was practised: a plain file, one line a session. It never leaves this machine.
//!
//! A line is a date and time, the routine, how long it was played in seconds, `finished` or `ended`, and two scores of pain
//! from 0 to 10 or `-`, divided by tabs. Lines that begin with `#` are notes; what is no such line is passed over.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::{Date, DateTime};
use jiff::{ToSpan, Unit, Zoned};

use catcow::{Error, Result};

/// Where sessions are noted.
#[derive(Debug)]
pub struct Logbook {
    path: PathBuf,
}

/// A session that was practised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it ended, by the clock on the wall.
    pub when: DateTime,
    /// The name of the routine.
    pub routine: String,
    /// How long it was played.
    pub length: Duration,
    /// Whether to its end.
    pub finished: bool,
    /// Pain before, 0 to 10.
    pub before: Option<u8>,
    /// Pain after, 0 to 10.
    pub after: Option<u8>,
}

impl Entry {
    /// A session that ends now, of which nothing else is known.
    pub fn now() -> Entry {
        let when = Zoned::now().datetime().round(Unit::Second).unwrap_or_default();
        Entry { when, routine: String::new(), length: Duration::ZERO, finished: false, before: None, after: None }
    }

    fn line(&self) -> String {
        let score = |score: Option<u8>| score.map_or_else(|| "-".into(), |score| score.to_string());
        let (end, seconds) = (if self.finished { "finished" } else { "ended" }, self.length.as_secs());
        // A name that holds a tab or a line break would be two fields, or two lines.
        let routine: String = self.routine.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        format!("{}\t{routine}\t{seconds}\t{end}\t{}\t{}\n", self.when, score(self.before), score(self.after))
    }

    fn read(line: &str) -> Option<Entry> {
        let fields: Vec<&str> = line.split('\t').collect();
        let [when, routine, seconds, end, before, after] = fields[..] else { return None };
        let score = |text: &str| text.parse().ok().filter(|score| *score <= 10);
        Some(Entry {
            when: when.parse().ok()?,
            routine: routine.to_owned(),
            length: Duration::from_secs(seconds.parse().ok().filter(|seconds| *seconds <= 7 * 86_400)?),
            finished: end == "finished",
            before: score(before),
            after: score(after),
        })
    }
}

/// The note that is written when it was said that weeks brought no progress.
const TOLD: &str = "# told: no progress";

impl Logbook {
    /// The log in a folder.
    pub fn new(folder: &Path) -> Logbook {
        Logbook { path: folder.join("log.tsv") }
    }

    /// Adds a session.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn append(&self, entry: &Entry) -> Result<()> {
        self.append_line(&entry.line())
    }

    /// Notes that it was said once that weeks brought no progress.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn note_told(&self) -> Result<()> {
        self.append_line(&format!("{TOLD}\n"))
    }

    /// One write, at the end: two programs at once do not mix their lines. A line that was cut off is closed first.
    fn append_line(&self, line: &str) -> Result<()> {
        let write = || {
            if let Some(folder) = self.path.parent() {
                fs::create_dir_all(folder)?;
            }
            let mut file = File::options().create(true).append(true).read(true).open(&self.path)?;
            let mut last = [b'\n'];
            if file.seek(SeekFrom::End(-1)).is_ok() {
                file.read_exact(&mut last)?;
            }
            let torn = if last == [b'\n'] { "" } else { "\n" };
            file.write_all(format!("{torn}{line}").as_bytes())?;
            file.sync_all()
        };
        write().map_err(Error::writing(&self.path))
    }

    /// Everything in it, oldest first, and whether it was said that weeks brought no progress.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub fn read(&self) -> Result<(Vec<Entry>, bool)> {
        let bytes = match fs::read(&self.path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((Vec::new(), false)),
            read => read.map_err(Error::reading(&self.path))?,
        };
        let text = String::from_utf8_lossy(&bytes);
        let mut entries: Vec<_> = text.lines().filter_map(Entry::read).collect();
        entries.sort_by_key(|entry| entry.when);
        Ok((entries, text.lines().any(|line| line == TOLD)))
    }
}

/// A week of practice, Monday to Sunday.
#[derive(Clone, Debug, PartialEq)]
pub struct Week {
    /// Its Monday.
    pub monday: Date,
    /// How many sessions.
    pub sessions: usize,
    /// How long they were together.
    pub length: Duration,
    /// The mean of the pain after them, where it was given.
    pub pain: Option<f64>,
}

fn monday(date: Date) -> Date {
    date.checked_sub(i64::from(date.weekday().to_monday_zero_offset()).days()).unwrap_or(date)
}

/// The weeks up to `today`, those without practice too, at most `most` of them.
pub fn weeks(entries: &[Entry], today: Date, most: usize) -> Vec<Week> {
    let Some(first) = entries.first().map(|entry| monday(entry.when.date())) else { return Vec::new() };
    let mut mondays = Vec::new();
    let mut at = monday(today);
    while at >= first && mondays.len() < most {
        mondays.push(at);
        let Ok(before) = at.checked_sub(7.days()) else { break };
        at = before;
    }
    mondays.into_iter().rev().map(|monday| week(entries, monday)).collect()
}

fn week(entries: &[Entry], start: Date) -> Week {
    let of_week: Vec<_> = entries.iter().filter(|entry| monday(entry.when.date()) == start).collect();
    let scores: Vec<f64> = of_week.iter().filter_map(|entry| entry.after.or(entry.before)).map(f64::from).collect();
    Week {
        monday: start,
        sessions: of_week.len(),
        length: of_week.iter().map(|entry| entry.length).sum(),
        pain: (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64),
    }
}

/// How many days in a row, up to today or yesterday, had practice in them.
pub fn streak(entries: &[Entry], today: Date) -> usize {
    let practised = |day: Date| entries.iter().any(|entry| entry.when.date() == day);
    let before = |day: Date| day.checked_sub(1.day()).unwrap_or(day);
    let mut day = if practised(today) { today } else { before(today) };
    let mut days = 0;
    while practised(day) {
        days += 1;
        day = before(day);
    }
    days
}

/// Whether four weeks or more with scores, two sessions a week at least, brought pain no lower than it was: the last two
/// weeks against the first two. Below that there is nothing to say.
pub fn lacks_progress(weeks: &[Week]) -> bool {
    const WEEKS: usize = 4;
    const SESSIONS: usize = 8;
    let scored: Vec<f64> = weeks.iter().filter_map(|week| week.pain).collect();
    let sessions: usize = weeks.iter().filter(|week| week.pain.is_some()).map(|week| week.sessions).sum();
    if scored.len() < WEEKS || sessions < SESSIONS {
        return false;
    }
    let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len() as f64;
    let (first, last) = (mean(&scored[..2]), mean(&scored[scored.len() - 2..]));
    // Half a point on the scale is within what a person's own scores vary by.
    last > 0.5 && last > first - 0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(when: &str, after: Option<u8>) -> Entry {
        let when = when.parse().unwrap();
        Entry { when, routine: "morning".into(), length: Duration::from_secs(300), finished: true, before: None, after }
    }

    #[test]
    fn a_line_that_was_cut_off_costs_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        let book = Logbook::new(folder.path());
        book.append(&entry("2026-11-02T07:00:00", Some(4))).unwrap();
        let mut text = fs::read_to_string(&book.path).unwrap();
        text += "2026-11-03T07:0";
        fs::write(&book.path, text).unwrap();
        book.append(&entry("2026-11-04T07:00:00", None)).unwrap();
        let (entries, _) = book.read().unwrap();
        assert_eq!(entries, [entry("2026-11-02T07:00:00", Some(4)), entry("2026-11-04T07:00:00", None)]);
    }

    #[test]
    fn a_streak_ends_with_the_first_day_without_practice() {
        let days = ["2026-11-01", "2026-11-03", "2026-11-04", "2026-11-05"];
        let entries: Vec<_> = days.iter().map(|day| entry(&format!("{day}T07:00:00"), None)).collect();
        let streak = |today: &str| streak(&entries, today.parse().unwrap());
        assert_eq!((streak("2026-11-05"), streak("2026-11-06"), streak("2026-11-07")), (3, 3, 0));
    }

    #[test]
    fn a_week_runs_from_monday_to_sunday_and_empty_ones_are_shown() {
        let entries = [entry("2026-11-01T23:59:59", Some(6)), entry("2026-11-16T00:00:00", Some(3))];
        let weeks = weeks(&entries, "2026-11-20".parse().unwrap(), 10);
        let sessions: Vec<_> = weeks.iter().map(|week| (week.monday.to_string(), week.sessions)).collect();
        let expected = [("2026-10-26", 1), ("2026-11-02", 0), ("2026-11-09", 0), ("2026-11-16", 1)];
        assert_eq!(sessions, expected.map(|(monday, sessions)| (monday.to_owned(), sessions)));
    }

    #[test]
    fn four_weeks_without_less_pain_are_noticed_and_progress_is_not_talked_down() {
        let weeks = |pains: [u8; 4]| {
            let monday = |index: usize| jiff::civil::date(2026, 10, 5).checked_add((7 * index as i64).days()).unwrap();
            let week = |(index, pain): (usize, u8)| Week {
                monday: monday(index),
                sessions: 3,
                length: Duration::ZERO,
                pain: Some(f64::from(pain)),
            };
            pains.into_iter().enumerate().map(week).collect::<Vec<_>>()
        };
        assert!(lacks_progress(&weeks([5, 5, 5, 5])));
        assert!(lacks_progress(&weeks([4, 4, 6, 5])));
        assert!(!lacks_progress(&weeks([6, 5, 4, 4])));
        assert!(!lacks_progress(&weeks([0, 0, 0, 0])));
        assert!(!lacks_progress(&weeks([5, 5, 5, 5])[..3]));
    }
}
