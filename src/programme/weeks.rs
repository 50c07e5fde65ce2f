//! What was practised, week by week.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::day::Day;
use super::entry::Entry;

/// A week of practice, Monday to Sunday.
#[derive(Clone, Debug, PartialEq)]
pub struct Week {
    /// Its Monday.
    pub monday: Day,
    /// How many sessions.
    pub sessions: usize,
    /// How long they were together.
    pub length: Duration,
    /// The mean of the pain before them, where it was given.
    pub before: Option<f64>,
    /// The mean of the pain after them, where it was given.
    pub after: Option<f64>,
    /// The mean of the pain after each session, or before it where only that was given.
    pub pain: Option<f64>,
}

/// The weeks up to `today`, those without practice too, at most `most` of them.
pub fn weeks(entries: &[Entry], today: Day, most: usize) -> Vec<Week> {
    let mut practised = by_week(entries);
    let Some(first) = practised.keys().next().copied() else { return Vec::new() };
    let mut weeks = Vec::new();
    let mut at = today.monday();
    while at >= first && weeks.len() < most {
        weeks.push(week(at, &practised.remove(&at).unwrap_or_default()));
        at = at.later(-7);
    }
    weeks.reverse();
    weeks
}

/// The weeks with practice in them, and no others, up to `today`.
pub fn practised_weeks(entries: &[Entry], today: Day) -> Vec<Week> {
    let past = by_week(entries).into_iter().filter(|(monday, _)| *monday <= today);
    past.map(|(monday, entries)| week(monday, &entries)).collect()
}

fn by_week(entries: &[Entry]) -> BTreeMap<Day, Vec<&Entry>> {
    let mut weeks = BTreeMap::<Day, Vec<&Entry>>::new();
    for entry in entries {
        weeks.entry(entry.day.monday()).or_default().push(entry);
    }
    weeks
}

fn week(monday: Day, entries: &[&Entry]) -> Week {
    let pain = || entries.iter().map(|entry| entry.pain);
    Week {
        monday,
        sessions: entries.len(),
        length: entries.iter().map(|entry| entry.length).sum(),
        before: mean(pain().filter_map(|pain| pain.before)),
        after: mean(pain().filter_map(|pain| pain.after)),
        pain: mean(pain().filter_map(|pain| pain.after.or(pain.before))),
    }
}

fn mean(scores: impl Iterator<Item = u8>) -> Option<f64> {
    let scores: Vec<f64> = scores.map(f64::from).collect();
    (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
}

/// How many days in a row, up to today or yesterday, had practice in them.
pub fn streak(entries: &[Entry], today: Day) -> usize {
    let practised: BTreeSet<Day> = entries.iter().map(|entry| entry.day).collect();
    let last = if practised.contains(&today) { today } else { today.later(-1) };
    let days = std::iter::successors(Some(last), |day| Some(day.later(-1)).filter(|before| before != day));
    days.take_while(|day| practised.contains(day)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::Pain;

    fn entry(day: i32, pain: [Option<u8>; 2]) -> Entry {
        let (length, pain) = (Duration::from_secs(300), Pain { before: pain[0], after: pain[1] });
        Entry { day: Day(day), second: 0, routine: "morning".into(), length, finished: true, pain }
    }

    #[test]
    fn a_streak_ends_with_the_first_day_without_practice() {
        let entries: Vec<_> = [1, 3, 4, 5].into_iter().map(|day| entry(day, [None; 2])).collect();
        let streak = |today| streak(&entries, Day(today));
        assert_eq!((streak(5), streak(6), streak(7)), (3, 3, 0));
    }

    #[test]
    fn a_week_runs_from_monday_to_sunday_and_empty_ones_are_shown() {
        // Monday is day 4 of the count, and every seventh from there.
        let entries = [entry(10, [Some(7), Some(6)]), entry(9, [Some(5), None]), entry(25, [None, Some(3)])];
        let weeks = weeks(&entries, Day(30), 10);
        let sessions: Vec<_> = weeks.iter().map(|week| (week.monday.0, week.sessions)).collect();
        assert_eq!(sessions, [(4, 2), (11, 0), (18, 0), (25, 1)]);
        assert_eq!((weeks[0].before, weeks[0].after, weeks[0].pain), (Some(6.0), Some(6.0), Some(5.5)));
        assert_eq!((weeks[3].before, weeks[3].after), (None, Some(3.0)));
    }

    #[test]
    fn one_line_of_the_year_1_costs_no_time_and_no_week_of_practice() {
        let mut entries = vec![entry(-719_162, [None; 2]), entry(-4_371_587, [None; 2])];
        entries.extend((10_957..19_957).map(|day| entry(day, [None, Some(3)])));
        let today = Day(19_956);
        // Twelve weeks of 365,000 are made, and those of practice are looked at once: four hundred of them took seconds each.
        let last = weeks(&entries, today, 12);
        assert_eq!((last.len(), last[0].sessions, last[11].monday), (12, 7, today.monday()));
        assert_eq!(practised_weeks(&entries, today).len(), 2 + 1_287);
        assert_eq!(streak(&entries, today), 9_000);
    }

    #[test]
    fn the_ends_of_the_calendar_are_reached_without_harm() {
        let entries = [entry(i32::MIN, [None; 2]), entry(i32::MAX, [None; 2])];
        for day in [i32::MIN, i32::MAX] {
            assert!(weeks(&entries, Day(day), 3).len() <= 3);
            assert_eq!(streak(&entries, Day(day)), 1);
        }
    }
}
