//! How much: a time, a number of breaths, a number of rounds; or a range of one of them.

use std::fmt;
use std::time::Duration;

/// The longest time that may be written down. A whole routine may last no longer either.
pub const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// The largest number of rounds, breaths or repeats that may be written down.
pub const MOST_ROUNDS: u32 = 10_000;

/// A range, both ends included; equal ends where the author wrote a single value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between<T> {
    /// The gentle end.
    pub least: T,
    /// The deep end; never below `least`.
    pub most: T,
}

impl<T: Copy> Between<T> {
    /// A single value.
    pub fn just(value: T) -> Between<T> {
        Between { least: value, most: value }
    }
}

impl<T: Copy + PartialEq> Between<T> {
    /// Whether its ends differ.
    pub fn is_range(&self) -> bool {
        self.least != self.most
    }

    /// The only value there is; none where there is a range.
    pub fn one(&self) -> Option<T> {
        (!self.is_range()).then_some(self.least)
    }
}

impl fmt::Display for Between<u32> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.one() {
            Some(number) => number.fmt(out),
            None => write!(out, "{}..{}", self.least, self.most),
        }
    }
}

/// What an author writes after `hold`, `for` and the like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// A time.
    Time(Between<Duration>),
    /// Whole breaths of the pattern in force.
    Breaths(Between<u32>),
}

/// A time such as `30s`, `1m30s`, `1.5s` or `90`.
///
/// # Errors
/// What was expected instead, in words.
pub fn time(text: &str) -> Result<Between<Duration>, String> {
    match quantity(text)? {
        Quantity::Time(time) => Ok(time),
        Quantity::Breaths(_) => Err("expected a time such as \"30s\", found breaths".into()),
    }
}

/// A whole number such as `4` or a range such as `5..7`.
///
/// # Errors
/// What was expected instead, in words.
pub fn count(text: &str) -> Result<Between<u32>, String> {
    range(text, |part| {
        let number: u32 = part.parse().map_err(|_| {
            format!("expected a whole number such as \"4\" or a range such as \"5..7\", found \"{part}\"")
        })?;
        match number {
            0 => Err("expected at least 1, found 0".into()),
            1..=MOST_ROUNDS => Ok(number),
            _ => Err(format!("expected at most {MOST_ROUNDS}, found {number}")),
        }
    })
}

/// A time or a number of breaths.
///
/// # Errors
/// What was expected instead, in words.
pub fn quantity(text: &str) -> Result<Quantity, String> {
    let text = text.trim();
    if let Some(number) = text.strip_suffix("breaths").or_else(|| text.strip_suffix("breath")) {
        return count(number.trim()).map(Quantity::Breaths);
    }
    // "30..60s" reads as people mean it: the unit at the end serves both.
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c.is_whitespace());
    range(text, |part| {
        let bare = part.chars().all(|c| c.is_ascii_digit() || c == '.');
        if bare && text.contains("..") { one_time(&format!("{part}{unit}")) } else { one_time(part) }
    })
    .map(Quantity::Time)
}

fn range<T: Copy + PartialOrd>(text: &str, one: impl Fn(&str) -> Result<T, String>) -> Result<Between<T>, String> {
    let Some((least, most)) = text.split_once("..") else {
        return one(text.trim()).map(Between::just);
    };
    let between = Between { least: one(least.trim())?, most: one(most.trim())? };
    if between.most < between.least {
        return Err(format!("expected the smaller end first, \"{}..{}\", found \"{text}\"", most.trim(), least.trim()));
    }
    Ok(between)
}

/// One time, made of numbers with the units h, m, s, ms in falling order; a bare number is seconds.
fn one_time(text: &str) -> Result<Duration, String> {
    let wrong = || match meant(text) {
        Some(meant) => format!("expected a time such as \"{meant}\", found \"{text}\""),
        None => format!("expected a time such as \"30s\", \"1m30s\" or \"5m\", found \"{text}\""),
    };
    const UNITS: [(&str, u64); 4] =
        [("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000)];
    let (mut rest, mut total, mut used) = (text, 0u128, 0);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, tail) = rest.split_at(digits);
        let letters = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let unit = if unit.is_empty() && used == 0 && tail.is_empty() { "s" } else { unit };
        let place =
            UNITS.iter().position(|(name, _)| *name == unit).filter(|place| *place >= used).ok_or_else(wrong)?;
        used = place + 1;
        total += decimal(number, UNITS[place].1).ok_or_else(wrong)?;
        rest = tail;
    }
    if used == 0 {
        return Err(wrong());
    }
    if total > LONGEST.as_nanos() {
        return Err(format!("expected at most 24 hours, found \"{text}\""));
    }
    Ok(Duration::from_nanos(total as u64))
}

/// The time that was probably meant by "15 minutes", "2 Min" or "1:30", as it has to be written.
fn meant(text: &str) -> Option<String> {
    let mut plain: String = text.to_lowercase().split_whitespace().collect();
    if let Some((minutes, seconds)) = plain.split_once(':') {
        plain = format!("{minutes}m{seconds}s");
    }
    for (unit, words) in [
        ("h", ["hours", "hour", "hrs", "hr"]),
        ("m", ["minutes", "minute", "mins", "min"]),
        ("s", ["seconds", "second", "secs", "sec"]),
    ] {
        words.iter().for_each(|word| plain = plain.replace(word, unit));
    }
    (plain != text && one_time(&plain).is_ok()).then_some(plain)
}

/// A decimal number times `unit` nanoseconds, exact to the nanosecond; `None` where it is not a number.
fn decimal(text: &str, unit: u64) -> Option<u128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    // Nine places are a nanosecond of a second; twelve digits are beyond any length that is allowed.
    if whole.is_empty() || whole.len() > 12 || fraction.len() > 9 || !digits(whole) || !digits(fraction) {
        return None;
    }
    if text.contains('.') && fraction.is_empty() {
        return None;
    }
    let whole: u128 = whole.parse().ok()?;
    let part: u128 = format!("{fraction:0<9}").parse().ok()?;
    Some(whole * u128::from(unit) + part * u128::from(unit) / 1_000_000_000)
}

/// A time as an author would write it: `90s` as `1m30s`.
pub fn written(time: Duration) -> String {
    let (hours, minutes) = (time.as_secs() / 3600, time.as_secs() / 60 % 60);
    let seconds = (time.as_secs() % 60) as f64 + f64::from(time.subsec_nanos()) / 1e9;
    let mut text = String::new();
    if hours > 0 {
        text += &format!("{hours}h");
    }
    if minutes > 0 {
        text += &format!("{minutes}m");
    }
    if seconds > 0.0 || text.is_empty() {
        text += &format!("{}s", (seconds * 1000.0).round() / 1000.0);
    }
    text
}

impl Quantity {
    /// Whether its ends differ.
    pub fn is_range(&self) -> bool {
        match self {
            Quantity::Time(time) => time.is_range(),
            Quantity::Breaths(number) => number.is_range(),
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Quantity::Time(time) if time.is_range() => write!(out, "{}..{}", written(time.least), written(time.most)),
            Quantity::Time(time) => out.write_str(&written(time.least)),
            Quantity::Breaths(number) => write!(out, "{number} breaths"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(least: u64, most: u64) -> Quantity {
        Quantity::Time(Between { least: Duration::from_millis(least), most: Duration::from_millis(most) })
    }

    #[test]
    fn every_form_of_quantity_is_read() {
        for (text, expected) in [
            ("30s", millis(30_000, 30_000)),
            ("1m30s", millis(90_000, 90_000)),
            ("5m", millis(300_000, 300_000)),
            ("90", millis(90_000, 90_000)),
            ("1.5s", millis(1_500, 1_500)),
            ("250ms", millis(250, 250)),
            ("1h", millis(3_600_000, 3_600_000)),
            ("1m..2m", millis(60_000, 120_000)),
            ("30s..1m", millis(30_000, 60_000)),
            ("30..60s", millis(30_000, 60_000)),
            ("1 breath", Quantity::Breaths(Between::just(1))),
            ("3..5 breaths", Quantity::Breaths(Between { least: 3, most: 5 })),
        ] {
            assert_eq!(quantity(text), Ok(expected), "{text}");
        }
        assert_eq!(count("5..7"), Ok(Between { least: 5, most: 7 }));
    }

    #[test]
    fn what_is_no_quantity_is_refused_with_a_reason() {
        for text in [
            "",
            "s",
            "fast",
            "1s2m",
            "1.s",
            "-3s",
            "1m1m",
            "25h",
            "1e9",
            "2m..1m",
            "0 breaths",
            "..",
            "1..",
            "3 breaths..4",
            "99999999999999999999",
        ] {
            assert!(quantity(text).is_err(), "{text}");
        }
        assert!(count("0").is_err() && count("10001").is_err() && count("2..1").is_err() && count("1.5").is_err());
    }
}
