//! Numbers in a table.

use std::ops::RangeInclusive;

use super::Table;
use crate::load::language::spanned::Spanned;
use crate::load::language::value::{Value, Wrong, bad_value, items, scalar};

/// A whole number, within `range`.
fn within(value: Value<'_>, range: &RangeInclusive<u32>) -> Result<u32, Wrong> {
    let text = scalar(value)?;
    let wrong =
        || bad_value(format!("expected a whole number from {} to {}, found {text}", range.start(), range.end()));
    text.trim().parse().ok().filter(|number| range.contains(number)).ok_or_else(wrong)
}

impl Table<'_> {
    /// A number, within `range`.
    pub(crate) fn number(&self, key: &str, range: RangeInclusive<f64>) -> Option<Spanned<f64>> {
        self.get(key, |value| {
            let number: f64 = scalar(value)?.parse().map_err(|_| bad_value("expected a number".into()))?;
            let wrong = || bad_value(format!("expected {} to {}, found {number}", range.start(), range.end()));
            if range.contains(&number) { Ok(number) } else { Err(wrong()) }
        })
    }

    /// A whole number, within `range`.
    pub(crate) fn whole(&self, key: &str, range: RangeInclusive<u32>) -> Option<Spanned<u32>> {
        self.get(key, |value| within(value, &range))
    }

    /// A list of whole numbers, each within `range`; one alone need not stand in brackets.
    pub(crate) fn wholes(&self, key: &str, range: RangeInclusive<u32>) -> Option<Spanned<Vec<u32>>> {
        self.get(key, |value| items(value).into_iter().map(|item| within(item, &range)).collect())
    }

    /// A whole number of percent, such as `"60%"` or `60`.
    pub(crate) fn percent(&self, key: &str) -> Option<Spanned<u32>> {
        self.get(key, |value| {
            let text = scalar(value)?;
            let number = text.trim().trim_end_matches('%').trim_end().parse().ok();
            number
                .filter(|number| (1..=100).contains(number))
                .ok_or_else(|| bad_value(format!("expected 1% to 100%, found \"{text}\"")))
        })
    }
}
