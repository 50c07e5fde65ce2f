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

/// A time such as `30s`, `1m30s`, `1.5 min`, `1:30` or `90`.
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
    let between = range(text, |part| {
        let number: u32 = part.parse().map_err(|_| {
            format!("expected a whole number such as \"4\" or a range such as \"5..7\", found \"{part}\"")
        })?;
        match number {
            0 => Err("expected at least 1, found 0".into()),
            1..=MOST_ROUNDS => Ok(number),
            _ => Err(format!("expected at most {MOST_ROUNDS}, found {number}")),
        }
    })?;
    in_order(between, |number| number.to_string(), text)
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
    let unit = text.rsplit(|c: char| c.is_ascii_digit()).next().unwrap_or("");
    let is_bare = |part: &str| part.chars().all(is_of_a_number);
    let between =
        range(
            text,
            |part| {
                if is_bare(part) && !is_bare(text) { one_time(&format!("{part}{unit}")) } else { one_time(part) }
            },
        )?;
    in_order(between, written, text).map(Quantity::Time)
}

/// The signs by which people join the ends of a range; the first is the one that catcow writes.
pub(super) const BETWEEN: [&str; 6] = ["..", "–", "—", "‑", "-", " to "];

/// One value, or two with a sign between them.
fn range<T: Copy>(text: &str, one: impl Fn(&str) -> Result<T, String>) -> Result<Between<T>, String> {
    let Some((least, most)) = BETWEEN.into_iter().find_map(|sign| text.split_once(sign)) else {
        return one(text.trim()).map(Between::just);
    };
    Ok(Between { least: one(least.trim())?, most: one(most.trim())? })
}

fn in_order<T: Copy + PartialOrd>(
    between: Between<T>,
    name: impl Fn(T) -> String,
    text: &str,
) -> Result<Between<T>, String> {
    if between.most < between.least {
        let (least, most) = (name(between.most), name(between.least));
        return Err(format!("expected the smaller end first, \"{least}..{most}\", found \"{text}\""));
    }
    Ok(between)
}

fn is_of_a_number(c: char) -> bool {
    c.is_ascii_digit() || c == '.'
}

/// The units in falling order: nanoseconds, what catcow writes, and what people write besides.
pub(super) const UNITS: [(u64, &str, &[&str]); 4] = [
    (3_600_000_000_000, "h", &["hr", "hrs", "hour", "hours"]),
    (60_000_000_000, "m", &["min", "mins", "minute", "minutes"]),
    (1_000_000_000, "s", &["sec", "secs", "second", "seconds"]),
    (1_000_000, "ms", &[]),
];
/// Where the seconds stand in them: the unit of a bare number.
const SECONDS: usize = 2;

/// One time: numbers with units in falling order, where the last may be left out (`1m30`, `90`), or `1:30`.
fn one_time(text: &str) -> Result<Duration, String> {
    let wrong = || format!("expected a time such as \"30s\", \"1m30s\" or \"5m\", found \"{text}\"");
    let plain: String = text.to_lowercase().split_whitespace().collect();
    let total = if plain.contains(':') { by_colons(&plain) } else { by_units(&plain) };
    match total.ok_or_else(wrong)? {
        total if total > LONGEST.as_nanos() => Err(format!("expected at most 24 hours, found \"{text}\"")),
        total => Ok(Duration::from_nanos(total as u64)),
    }
}

fn by_units(text: &str) -> Option<u128> {
    let (mut rest, mut total, mut next) = (text, 0u128, 0);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !is_of_a_number(c)).unwrap_or(rest.len());
        let (number, tail) = rest.split_at(digits);
        let letters = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let place = match unit {
            "" if next == 0 => SECONDS,
            // "1m30" and "1h30"; what is more than the next unit holds is a slip.
            "" if next < UNITS.len() && number.len() <= 2 && number.parse::<u8>().is_ok_and(|part| part < 60) => next,
            "" => return None,
            unit => UNITS.iter().position(|(_, name, others)| *name == unit || others.contains(&unit))?,
        };
        if place < next {
            return None;
        }
        next = place + 1;
        total += decimal(number, UNITS[place].0)?;
        // "30 sec." is an abbreviation with its full stop.
        rest = tail.strip_prefix('.').filter(|_| letters > 1).unwrap_or(tail);
    }
    (next > 0).then_some(total)
}

/// `1:30`, minutes and seconds, or `1:15:00`.
fn by_colons(text: &str) -> Option<u128> {
    let parts: Vec<&str> = text.split(':').collect();
    let [_, small @ ..] = &parts[..] else { return None };
    let two_digits = |part: &&str| part.len() == 2 && part.parse::<u8>().is_ok_and(|part| part < 60);
    if parts.len() > 3 || !small.iter().all(two_digits) || parts[0].contains('.') {
        return None;
    }
    let units = UNITS[SECONDS + 1 - parts.len()..].iter();
    parts.iter().zip(units).try_fold(0, |total, (part, (unit, ..))| Some(total + decimal(part, *unit)?))
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
            ("5-10m", millis(300_000, 600_000)),
            ("1m–2m", millis(60_000, 120_000)),
            ("20-30 seconds", millis(20_000, 30_000)),
            ("1 to 2 minutes", millis(60_000, 120_000)),
            ("1.5-2 min.", millis(90_000, 120_000)),
            ("2 min", millis(120_000, 120_000)),
            ("2\u{a0}Minutes", millis(120_000, 120_000)),
            ("1 min. 30 sec.", millis(90_000, 90_000)),
            ("1m30", millis(90_000, 90_000)),
            ("1h30", millis(5_400_000, 5_400_000)),
            ("1:30", millis(90_000, 90_000)),
            ("1:15:00", millis(4_500_000, 4_500_000)),
            ("0:45-1:30", millis(45_000, 90_000)),
            ("30-60", millis(30_000, 60_000)),
            ("3-5 breaths", Quantity::Breaths(Between { least: 3, most: 5 })),
            ("1 breath", Quantity::Breaths(Between::just(1))),
            ("3..5 breaths", Quantity::Breaths(Between { least: 3, most: 5 })),
        ] {
            assert_eq!(quantity(text), Ok(expected), "{text}");
        }
        for text in ["5..7", "5-7", "5 – 7", "5 to 7"] {
            assert_eq!(count(text), Ok(Between { least: 5, most: 7 }), "{text}");
        }
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
            "1m90",
            "1m30m",
            "1:3",
            "1:75",
            "1:2:3:4",
            ":30",
            "1.5:30",
            "-",
            "1-",
            "1-2-3",
            "2 fortnights",
            "1h:30",
        ] {
            assert!(quantity(text).is_err(), "{text}");
        }
        assert!(count("0").is_err() && count("10001").is_err() && count("2..1").is_err() && count("1.5").is_err());
    }
}
