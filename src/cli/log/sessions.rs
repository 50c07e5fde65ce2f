//! What was practised, a line for each session, with the notes of the day.

use anstyle::Style;
use catcow::frames::clock;
use catcow::programme::{Day, Entry, Pain};

use crate::cli::columns;
use crate::cli::logbook::{Log, date_of, when};
use crate::cli::paper::{DIM, Head, Paper};

/// A session and the notes that stand beside it, or the notes of a day without one.
pub struct Row<'l> {
    /// The day.
    pub day: Day,
    /// The session.
    pub entry: Option<&'l Entry>,
    /// The notes of the day, where it is the day's last row.
    pub notes: Vec<&'l str>,
}

/// The rows of a log from a day on, the oldest first. The notes of a day stand beside its last session.
pub fn rows(log: &Log, from: Day) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for entry in log.entries.iter().filter(|entry| entry.day >= from) {
        rows.push(Row { day: entry.day, entry: Some(entry), notes: Vec::new() });
    }
    for (day, note) in log.notes.iter().filter(|(day, _)| *day >= from) {
        let after = rows.partition_point(|row| row.day <= *day);
        match after.checked_sub(1).map(|last| &mut rows[last]).filter(|row| row.day == *day) {
            Some(row) => row.notes.push(note),
            None => rows.insert(after, Row { day: *day, entry: None, notes: vec![note] }),
        }
    }
    rows
}

/// The columns before the notes: how wide each is.
const DATE: usize = "2026-11-02".len();
const TIME: usize = "07:00".len();
const END: usize = "finished".len();
const PAIN: usize = "10 → 10".len();

/// A line for each session.
pub fn table(log: &Log, from: Day, paper: &mut Paper) {
    let rows = rows(log, from);
    let all = || rows.iter().filter_map(|row| row.entry);
    let routine = all().map(|entry| columns::width(&entry.routine)).max().unwrap_or(0).max("Routine".len());
    let length = all().map(|entry| clock(entry.length).len()).max().unwrap_or(0).max("Length".len());
    let narrow = paper.is_narrow(DATE + TIME + routine + length + END + PAIN + 12);
    let head = |words: [&str; 6]| {
        let [date, time, name, long, end, pain] = words;
        let head = Head::default().then(date, DATE, DIM).then(time, TIME, DIM);
        let head = head.then(name, routine, Style::new()).then(&format!("{long:>length$}"), length, Style::new());
        head.then(end, END, Style::new()).then(pain, PAIN, Style::new())
    };
    if !narrow {
        paper.beside(head(["Date", "Time", "Routine", "Length", "", "Pain"]), &["Note"]);
    }
    for row in &rows {
        let (date, notes) = (date_of(row.day).to_string(), row.notes.join("; "));
        let Some(entry) = row.entry else {
            let empty = Head::default().then(&date, DATE, DIM);
            paper.beside(if narrow { empty } else { head([&date, "", "", "", "", ""]) }, &[&notes]);
            continue;
        };
        let (time, long, end, pain) = (time(entry), clock(entry.length), end(entry), scores(entry.pain));
        if narrow {
            let before = Head::default().then(&date, DATE, DIM).then(&time, TIME, DIM);
            let about = [&entry.routine, &*long, end, &pain, &notes];
            let about: Vec<_> = about.into_iter().filter(|words| !words.is_empty()).collect();
            paper.beside(before, &[&about.join(", ")]);
        } else {
            paper.beside(head([&date, &time, &entry.routine, &long, end, &pain]), &[&notes]);
        }
    }
}

/// The time of a session, in hours and minutes.
pub fn time(entry: &Entry) -> String {
    let time = when(entry).time();
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// How a session came to its end.
pub fn end(entry: &Entry) -> &'static str {
    if entry.finished { "finished" } else { "ended" }
}

/// Both scores, where there is one.
fn scores(pain: Pain) -> String {
    let score = |score: Option<u8>| score.map_or_else(|| "-".into(), |score| score.to_string());
    if pain == Pain::default() { String::new() } else { format!("{} → {}", score(pain.before), score(pain.after)) }
}
