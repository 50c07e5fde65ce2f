//! The log of what was practised: a plain file, one line a session. It never leaves this machine.
//!
//! A line is a date and time, the routine, how long it was played in seconds, `finished` or `ended`, and two scores of pain
//! from 0 to 10 or `-`, before and after, divided by tabs. Lines that begin with `#` are notes:
//!
//! - `# 2026-11-02 note: slept badly` is one of a person's own, about that day;
//! - `# 2026-11-02 programme: six-weeks-back` says which programme is followed from that day on, until another such line;
//! - `# told: no progress` says that it was told once that weeks brought no progress.
//!
//! What is none of these is passed over.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::{Date, DateTime, date};
use jiff::{ToSpan, Unit, Zoned};

use catcow::programme::{Day, Entry, Pain};
use catcow::{Error, Result};

/// Where sessions are noted.
#[derive(Debug)]
pub struct Logbook {
    path: PathBuf,
}

/// Everything that stands in a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// The sessions, the oldest first.
    pub entries: Vec<Entry>,
    /// Notes about days, in the order in which they were written.
    pub notes: Vec<(Day, String)>,
    /// The programme that is followed, and since when.
    pub programme: Option<(Day, String)>,
    /// Whether it was told that weeks brought no progress.
    pub told: bool,
}

/// A session that ends now, of which nothing else is known.
pub fn ended_now() -> Entry {
    let now = Zoned::now().datetime().round(Unit::Second).unwrap_or_default();
    let (day, second) = moment(now);
    Entry { day, second, routine: String::new(), length: Duration::ZERO, finished: false, pain: Pain::default() }
}

/// The day that the clock on the wall shows.
pub fn today() -> Day {
    day(Zoned::now().date())
}

/// The first day that is counted.
const FIRST: Date = date(1970, 1, 1);

/// A date as the number of a day.
pub fn day(date: Date) -> Day {
    Day(date.since(FIRST).map_or(0, |span| span.get_days()))
}

/// A day as a date; the nearest that the calendar has.
pub fn date_of(day: Day) -> Date {
    FIRST.saturating_add(i64::from(day.0.clamp(-5_000_000, 5_000_000)).days())
}

fn moment(when: DateTime) -> (Day, u32) {
    let time = when.time();
    let part = |part: i8| u32::from(part.unsigned_abs());
    (day(when.date()), part(time.hour()) * 3600 + part(time.minute()) * 60 + part(time.second()))
}

/// The time of a session, as a clock on the wall shows it.
pub fn when(entry: &Entry) -> DateTime {
    date_of(entry.day).at(0, 0, 0, 0).saturating_add(i64::from(entry.second).seconds())
}

fn line(entry: &Entry) -> String {
    let score = |score: Option<u8>| score.map_or_else(|| "-".into(), |score| score.to_string());
    let (end, seconds) = (if entry.finished { "finished" } else { "ended" }, entry.length.as_secs());
    let Pain { before, after } = entry.pain;
    format!(
        "{}\t{}\t{seconds}\t{end}\t{}\t{}\n",
        when(entry),
        in_one_field(&entry.routine),
        score(before),
        score(after)
    )
}

/// Text without tabs and line breaks: with them it would be two fields, or two lines.
fn in_one_field(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn read_line(line: &str) -> Option<Entry> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [when, routine, seconds, end, before, after] = fields[..] else { return None };
    let score = |text: &str| text.parse().ok().filter(|score| *score <= 10);
    let (day, second) = moment(when.parse().ok()?);
    Some(Entry {
        day,
        second,
        routine: routine.to_owned(),
        length: Duration::from_secs(seconds.parse().ok().filter(|seconds| *seconds <= 7 * 86_400)?),
        finished: end == "finished",
        pain: Pain { before: score(before), after: score(after) },
    })
}

/// A note about a day: what kind it is, and its words.
fn read_note(line: &str) -> Option<(Day, &str, &str)> {
    let (when, rest) = line.strip_prefix("# ")?.split_once(' ')?;
    let (kind, words) = rest.split_once(": ")?;
    Some((day(when.parse().ok()?), kind, words.trim()))
}

/// The note that is written when it was said that weeks brought no progress.
const TOLD: &str = "# told: no progress";
/// The kinds of notes about days.
const NOTE: &str = "note";
const PROGRAMME: &str = "programme";

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
        self.append_line(&line(entry))
    }

    /// Adds a note about a day.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn note(&self, day: Day, words: &str) -> Result<()> {
        self.append_line(&format!("# {} {NOTE}: {}\n", date_of(day), in_one_field(words)))
    }

    /// Notes that a programme is followed from a day on.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn follow(&self, day: Day, programme: &str) -> Result<()> {
        self.append_line(&format!("# {} {PROGRAMME}: {}\n", date_of(day), in_one_field(programme)))
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

    /// Everything in it.
    ///
    /// # Errors
    /// The file is there and cannot be read, is no plain file, or is larger than any log.
    pub fn read(&self) -> Result<Log> {
        let bytes = match self.bytes() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Log::default()),
            read => read.map_err(Error::reading(&self.path))?,
        };
        let text = String::from_utf8_lossy(&bytes);
        let mut log = Log::default();
        for line in text.lines() {
            log.told |= line == TOLD;
            match read_note(line) {
                Some((day, NOTE, words)) => log.notes.push((day, words.to_owned())),
                Some((day, PROGRAMME, name)) => log.programme = Some((day, name.to_owned())),
                _ => log.entries.extend(read_line(line)),
            }
        }
        log.entries.sort_by_key(|entry| (entry.day, entry.second));
        Ok(log)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(when: &str, after: Option<u8>) -> Entry {
        let (day, second) = moment(when.parse().unwrap());
        let (length, pain) = (Duration::from_secs(300), Pain { before: None, after });
        Entry { day, second, routine: "morning".into(), length, finished: true, pain }
    }

    #[test]
    fn days_are_numbered_and_found_again() {
        for text in ["1970-01-01", "2026-11-27", "1969-12-31", "0001-01-01", "-009999-01-01", "9999-12-31"] {
            let date: Date = text.parse().unwrap();
            assert_eq!(date_of(day(date)), date);
        }
        assert_eq!(day(date(1970, 1, 5)).monday(), day(date(1970, 1, 5)), "a Monday");
        assert_eq!(when(&entry("2026-11-02T07:00:59", None)).to_string(), "2026-11-02T07:00:59");
        let far = Entry { day: Day(i32::MAX), second: u32::MAX, ..entry("2026-11-02T07:00:00", None) };
        assert_eq!(when(&far).date(), date(9999, 12, 31));
    }

    #[test]
    fn notes_about_days_are_read_and_are_no_sessions() {
        let folder = tempfile::tempdir().unwrap();
        let book = Logbook::new(folder.path());
        let monday = day(date(2026, 11, 2));
        book.follow(monday, "six-weeks-back").unwrap();
        book.note(monday.later(1), "slept badly:\ttired").unwrap();
        book.append(&entry("2026-11-02T07:00:00", None)).unwrap();
        book.follow(monday.later(9), "quiet-weeks").unwrap();
        let text = fs::read_to_string(&book.path).unwrap() + "# of a person's own\n# 2026-11-99 note: no day\n#\n";
        fs::write(&book.path, text).unwrap();
        let log = book.read().unwrap();
        assert_eq!(log.notes, [(monday.later(1), "slept badly: tired".to_owned())]);
        assert_eq!(log.programme, Some((monday.later(9), "quiet-weeks".to_owned())));
        assert_eq!((log.entries.len(), log.told), (1, false));
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
        let entries = book.read().unwrap().entries;
        assert_eq!(entries, [entry("2026-11-02T07:00:00", Some(4)), entry("2026-11-04T07:00:00", None)]);
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
        let entries = Logbook::new(folder.path()).read().unwrap().entries;
        let names: std::collections::BTreeSet<_> = entries.iter().map(|entry| entry.routine.clone()).collect();
        assert_eq!((entries.len(), names.len()), (writers * lines, writers * lines));
        assert!(names.iter().all(|name| name.ends_with(&"x".repeat(200))));
    }

    #[test]
    fn a_log_without_end_is_refused_and_what_is_no_file_too() {
        let folder = tempfile::tempdir().unwrap();
        let book = Logbook::new(folder.path());
        let line = line(&entry("2026-11-02T07:00:00", None));
        fs::write(&book.path, line.repeat(LARGEST_BYTES as usize / line.len() + 1)).unwrap();
        assert!(book.read().unwrap_err().to_string().contains("at most 8 MiB"));
        fs::remove_file(&book.path).unwrap();
        fs::create_dir(&book.path).unwrap();
        assert!(book.read().unwrap_err().to_string().contains("expected a plain file"));
    }
}
