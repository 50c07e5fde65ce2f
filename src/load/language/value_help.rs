//! How to mend a value that is not what its key takes: the line as it was probably meant, or an example of a right one.

use super::breathing::BreathPattern;
use super::file_keys;
use super::keys::Takes;
use super::quantity;

/// Numbers that people write as words.
const NUMBERS: [(&str, &str); 20] = [
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("ten", "10"),
    ("eleven", "11"),
    ("twelve", "12"),
    ("fifteen", "15"),
    ("twenty", "20"),
    ("thirty", "30"),
    ("forty", "40"),
    ("fifty", "50"),
    ("sixty", "60"),
    ("ninety", "90"),
    ("twice", "2"),
];

/// Units as other languages have them, the longest first.
const UNITS: [(&str, &str); 13] = [
    ("atemzüge", "breaths"),
    ("atemzug", "breath"),
    ("respiraciones", "breaths"),
    ("respiración", "breath"),
    ("sekunden", "s"),
    ("sekunde", "s"),
    ("segundos", "s"),
    ("minuten", "m"),
    ("minutos", "m"),
    ("stunden", "h"),
    ("stunde", "h"),
    ("horas", "h"),
    ("times", ""),
];

/// The help for a wrong value of `key`; `found` is the text that stands there, where it is one.
pub(super) fn line(key: &str, found: Option<&str>) -> Option<String> {
    let takes = file_keys::takes(key)?;
    if let Some(meant) = found.and_then(|text| meant(takes, text)) {
        return Some(format!("write `{key} = \"{meant}\"`"));
    }
    Some(format!("write, for example, `{key} = {}`", example(key, takes)?))
}

fn example(key: &str, takes: Takes) -> Option<String> {
    Some(match takes {
        Takes::Time if key == "countdown" => "\"5s\"".into(),
        Takes::Time if key == "length" => "\"15m\"".into(),
        Takes::Time | Takes::TimeList => "\"30s\"".into(),
        Takes::Times => "\"1m..2m\"".into(),
        Takes::Count | Takes::Rounds => "\"4..6\"".into(),
        Takes::Quantity | Takes::QuantityOrDose => "\"5 breaths\"".into(),
        Takes::Pattern | Takes::Breathing => "\"4-6\"".into(),
        Takes::Percent => "\"60%\"".into(),
        Takes::Whole(least, _) | Takes::WholeList(least, _) => least.to_string(),
        Takes::Truth => "true".into(),
        Takes::OneOf(words) | Takes::SomeOf(words) => format!("\"{}\"", words.first()?),
        Takes::Cues => "\"Breathe in.\"".into(),
        Takes::Position => "\"standing\"".into(),
        _ => return None,
    })
}

/// What was probably meant, as it has to be written.
fn meant(takes: Takes, text: &str) -> Option<String> {
    let plain = text.to_lowercase();
    if matches!(takes, Takes::Pattern | Takes::Breathing) {
        let numbers: Vec<_> =
            plain.split(|c: char| !c.is_ascii_digit() && c != '.').filter(|part| !part.is_empty()).collect();
        return Some(numbers.join("-")).filter(|meant| BreathPattern::parse(meant).is_ok());
    }
    let plain = plain.replace("half a minute", "30s").replace("half an hour", "30m");
    let words = plain
        .split_whitespace()
        .map(|word| NUMBERS.iter().find(|(name, _)| *name == word).map_or(word, |(_, number)| number));
    let mut plain = words.collect::<Vec<_>>().join(" ").replace(',', ".");
    UNITS.iter().for_each(|(word, unit)| plain = plain.replace(word, unit));
    let plain = plain.trim().to_owned();
    let fits = match takes {
        Takes::Count | Takes::Rounds => quantity::count(&plain).is_ok(),
        Takes::Quantity | Takes::QuantityOrDose => quantity::quantity(&plain).is_ok(),
        Takes::Time | Takes::TimeList | Takes::Times => quantity::time(&plain).is_ok(),
        _ => false,
    };
    fits.then_some(plain).filter(|meant| meant != text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_was_meant_is_told_or_an_example() {
        for (key, found, help) in [
            ("hold", "five breaths", "write `hold = \"5 breaths\"`"),
            ("hold", "2 Minuten", "write `hold = \"2 m\"`"),
            ("rounds", "ten", "write `rounds = \"10\"`"),
            ("repeat", "twice", "write `repeat = \"2\"`"),
            ("pause", "1,5 min", "write `pause = \"1.5 min\"`"),
            ("pause", "half a minute", "write `pause = \"30s\"`"),
            ("breathe", "4 in 6 out", "write `breathe = \"4-6\"`"),
            ("hold", "a while", "write, for example, `hold = \"5 breaths\"`"),
            ("then", "soon", "write, for example, `then = \"30s\"`"),
            ("countdown", "soon", "write, for example, `countdown = \"5s\"`"),
        ] {
            assert_eq!(line(key, Some(found)).as_deref(), Some(help), "{found}");
        }
        assert_eq!(line("announce", None).as_deref(), Some("write, for example, `announce = \"on\"`"));
        assert_eq!(line("title", Some("x")), None);
    }
}
