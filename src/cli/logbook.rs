//! The log of what was practised: a plain file, one line a session. It never leaves this machine.
//!
//! A line is a date and time, the routine, how long it was played in seconds, `finished` or `ended`, and two scores of pain
//! from 0 to 10 or `-`, divided by tabs. Lines that begin with `#` are notes; what is no such line is passed over.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
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
    /// The file is there and cannot be read, is no plain file, or is larger than any log.
    pub fn read(&self) -> Result<(Vec<Entry>, bool)> {
        let bytes = match self.bytes() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), false)),
            read => read.map_err(Error::reading(&self.path))?,
        };
        let text = String::from_utf8_lossy(&bytes);
        let mut entries: Vec<_> = text.lines().filter_map(Entry::read).collect();
        entries.sort_by_key(|entry| entry.when);
        Ok((entries, text.lines().any(|line| line == TOLD)))
    }

    /// The bytes of a plain file of a size that can be believed: a device or a pipe may never end.
    fn bytes(&self) -> io::Result<Vec<u8>> {
        if !fs::metadata(&self.path)?.is_file() {
            return Err(io::Error::other("expected a plain file, found something else of that name"));
        }
        let mut bytes = Vec::new();
        File::open(&self.path)?.take(LARGEST_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LARGEST_BYTES {
            let mebibytes = LARGEST_BYTES >> 20;
            let reason =
                format!("expected a log of at most {mebibytes} MiB, found more; move old lines to another file");
            return Err(io::Error::other(reason));
        }
        Ok(bytes)
    }
}

/// No log may be larger: a session a day for five hundred years.
const LARGEST_BYTES: u64 = 8 << 20;

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
    let mut practised = by_week(entries);
    let Some(first) = practised.keys().next().copied() else { return Vec::new() };
    let mut weeks = Vec::new();
    let mut at = monday(today);
    while at >= first && weeks.len() < most {
        weeks.push(week(at, &practised.remove(&at).unwrap_or_default()));
        let Ok(before) = at.checked_sub(7.days()) else { break };
        at = before;
    }
    weeks.reverse();
    weeks
}

/// The weeks with practice in them, and no others, up to `today`.
pub fn practised_weeks(entries: &[Entry], today: Date) -> Vec<Week> {
    let past = by_week(entries).into_iter().filter(|(monday, _)| *monday <= today);
    past.map(|(monday, entries)| week(monday, &entries)).collect()
}

fn by_week(entries: &[Entry]) -> BTreeMap<Date, Vec<&Entry>> {
    let mut weeks = BTreeMap::<Date, Vec<&Entry>>::new();
    for entry in entries {
        weeks.entry(monday(entry.when.date())).or_default().push(entry);
    }
    weeks
}

fn week(monday: Date, entries: &[&Entry]) -> Week {
    let scores: Vec<f64> = entries.iter().filter_map(|entry| entry.after.or(entry.before)).map(f64::from).collect();
    Week {
        monday,
        sessions: entries.len(),
        length: entries.iter().map(|entry| entry.length).sum(),
        pain: (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64),
    }
}

/// How many days in a row, up to today or yesterday, had practice in them.
pub fn streak(entries: &[Entry], today: Date) -> usize {
    let practised: BTreeSet<Date> = entries.iter().map(|entry| entry.when.date()).collect();
    let before = |day: Date| day.checked_sub(1.day()).ok();
    let last = if practised.contains(&today) { Some(today) } else { before(today) };
    std::iter::successors(last, |day| before(*day)).take_while(|day| practised.contains(day)).count()
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

    #[test]
    fn one_line_of_the_year_1_costs_no_time_and_no_week_of_practice() {
        let mut entries = vec![entry("0001-01-01T00:00:01", None), entry("-009999-01-01T00:00:00", None)];
        entries.sort_by_key(|entry| entry.when);
        let days = |day: i64| jiff::civil::date(2000, 1, 1).checked_add(day.days()).unwrap();
        entries.extend((0..9_000).map(|day| entry(&format!("{}T07:00:00", days(day)), Some(3))));
        let today = days(8_999);
        // Twelve weeks of 365,000 are made, and those of practice are looked at once: four hundred of them took seconds each.
        let last = weeks(&entries, today, 12);
        assert_eq!((last.len(), last[0].sessions, last[11].monday), (12, 7, monday(today)));
        assert_eq!(practised_weeks(&entries, today).len(), 2 + 1_287);
        assert_eq!(streak(&entries, today), 9_000);
    }

    #[test]
    fn two_programs_that_write_at_once_lose_no_line_and_mix_none() {
        let folder = tempfile::tempdir().unwrap();
        let (writers, lines) = (4, 150);
        std::thread::scope(|scope| {
            for writer in 0..writers {
                let path = folder.path();
                scope.spawn(move || {
                    // As programs do, each opens the file for every line.
                    for line in 0..lines {
                        let routine = format!("writer-{writer}-{line}-{}", "x".repeat(200));
                        let entry = Entry { routine, ..entry("2026-11-02T07:00:00", Some(4)) };
                        Logbook::new(path).append(&entry).unwrap();
                    }
                });
            }
        });
        let (entries, _) = Logbook::new(folder.path()).read().unwrap();
        let names: BTreeSet<_> = entries.iter().map(|entry| entry.routine.clone()).collect();
        assert_eq!((entries.len(), names.len()), (writers * lines, writers * lines));
        assert!(names.iter().all(|name| name.ends_with(&"x".repeat(200))));
    }

    #[test]
    fn a_log_without_end_is_refused_and_what_is_no_file_too() {
        let folder = tempfile::tempdir().unwrap();
        let book = Logbook::new(folder.path());
        let line = entry("2026-11-02T07:00:00", None).line();
        fs::write(&book.path, line.repeat(LARGEST_BYTES as usize / line.len() + 1)).unwrap();
        assert!(book.read().unwrap_err().to_string().contains("at most 8 MiB"));
        fs::remove_file(&book.path).unwrap();
        fs::create_dir(&book.path).unwrap();
        assert!(book.read().unwrap_err().to_string().contains("expected a plain file"));
    }
}
