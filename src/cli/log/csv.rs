//! What was practised, for a spreadsheet: comma-separated values as RFC 4180 has them, with a header line.

use catcow::printable::printable;
use catcow::programme::Day;

use super::sessions::{self, Row};
use crate::cli::logbook::{Log, date_of};

/// What the columns are called.
const HEAD: [&str; 8] = ["date", "time", "routine", "seconds", "end", "pain_before", "pain_after", "note"];

/// Every session from a day on, and every note.
pub fn text(log: &Log, from: Option<Day>) -> String {
    let rows = sessions::rows(log, from.unwrap_or(Day(i32::MIN)));
    let lines = rows.iter().map(|row| line(&fields(row)));
    [line(&HEAD.map(str::to_owned))].into_iter().chain(lines).collect()
}

fn fields(row: &Row<'_>) -> [String; 8] {
    let (date, note) = (date_of(row.day).to_string(), row.notes.join("; "));
    let Some(entry) = row.entry else {
        let [time, routine, seconds, end, before, after] = Default::default();
        return [date, time, routine, seconds, end, before, after, note];
    };
    let score = |score: Option<u8>| score.map(|score| score.to_string()).unwrap_or_default();
    let (end, seconds) = (sessions::end(entry).to_owned(), entry.length.as_secs().to_string());
    let (before, after) = (score(entry.pain.before), score(entry.pain.after));
    [date, sessions::time(entry), entry.routine.clone(), seconds, end, before, after, note]
}

/// A line, ended as the standard has it.
fn line(fields: &[String; 8]) -> String {
    fields.iter().map(|field| quoted(field)).collect::<Vec<_>>().join(",") + "\r\n"
}

/// A field in quotes where it has to be. What a spreadsheet would take for a formula begins with an apostrophe, which makes it a text
/// (OWASP, "CSV injection").
fn quoted(field: &str) -> String {
    // What stands in a log may be a stranger's, and this may be read at a terminal.
    let field = printable(field);
    let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{field}") } else { field.into() };
    if text.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_is_a_formula_and_none_is_two() {
        for (field, written) in [
            ("gentle-back", "gentle-back"),
            ("slept badly, tired", "\"slept badly, tired\""),
            ("the \"good\" mat", "\"the \"\"good\"\" mat\""),
            ("=1+1", "'=1+1"),
            ("-3, then", "\"'-3, then\""),
            ("@home", "'@home"),
            ("", ""),
        ] {
            assert_eq!(quoted(field), written);
        }
        assert!(!quoted("a\x1b[31mb").contains('\x1b'), "nothing in it controls a terminal");
    }
}
