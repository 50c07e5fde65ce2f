//! What a person types of lines and times: `5-20,31`, `12=0:31.2-0:34.0`.

use std::ops::{Range, RangeInclusive};

/// A part of a memo that is a line.
#[derive(Clone, Debug)]
pub struct Fix {
    /// The number of the line.
    pub line: usize,
    /// The part, in seconds.
    pub piece: Range<f64>,
}

/// Numbers of lines.
#[derive(Clone, Debug)]
pub struct Numbers(Vec<RangeInclusive<usize>>);

impl Numbers {
    /// Whether a number is among them.
    pub fn hold(&self, number: usize) -> bool {
        self.0.iter().any(|range| range.contains(&number))
    }

    /// The largest, where that is beyond the last line.
    pub fn beyond(&self, last: usize) -> Option<usize> {
        self.0.iter().map(|range| *range.end()).max().filter(|most| *most > last)
    }
}

/// Reads numbers of lines.
pub fn numbers(text: &str) -> Result<Numbers, String> {
    let wrong = || format!("expected numbers of lines such as 5-20,31, found `{text}`");
    let number = |text: &str| text.trim().parse::<usize>().ok().filter(|number| *number > 0).ok_or_else(wrong);
    let range = |part: &str| match part.split_once('-') {
        Some((from, to)) => Ok(number(from)?..=number(to)?),
        None => number(part).map(|number| number..=number),
    };
    let ranges: Vec<_> = text.split(',').map(range).collect::<Result<_, String>>()?;
    if ranges.iter().any(RangeInclusive::is_empty) { Err(wrong()) } else { Ok(Numbers(ranges)) }
}

/// Reads a line and its part of a memo.
pub fn fix(text: &str) -> Result<Fix, String> {
    let read = || {
        let (line, times) = text.split_once('=')?;
        let (from, to) = times.split_once('-')?;
        let piece = seconds(from)?..seconds(to)?;
        Some(Fix { line: line.trim().parse().ok()?, piece }).filter(|fix| fix.piece.start < fix.piece.end)
    };
    read().ok_or_else(|| format!("expected a line and a part of the memo such as 12=0:31.2-0:34.0, found `{text}`"))
}

/// Reads a time: seconds, or minutes, or hours, divided by colons.
fn seconds(text: &str) -> Option<f64> {
    let mut sum = 0.0;
    for part in text.trim().split(':') {
        let number = part.parse::<f64>().ok().filter(|number| (0.0..1e6).contains(number))?;
        sum = sum * 60.0 + number;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_times_are_read_as_they_are_printed() {
        let found = fix("12=0:31.2-1:04").unwrap();
        assert_eq!((found.line, found.piece), (12, 31.2..64.0));
        assert_eq!(fix("3=1:00:01-3700").unwrap().piece, 3601.0..3700.0);
        for wrong in ["12", "12=5", "x=1-2", "1=2-1", "1=-2", "1=a-b", "1=1--2", ""] {
            assert!(fix(wrong).is_err(), "{wrong}");
        }
        let some = numbers("5-7, 31").unwrap();
        assert!(some.hold(6) && some.hold(31) && !some.hold(8) && some.beyond(30) == Some(31));
        for wrong in ["", "0", "7-5", "a", "1,,2"] {
            assert!(numbers(wrong).is_err(), "{wrong}");
        }
    }
}
