//! Whether somebody knows a routine so well that its safety words may be said in one sentence.

use super::day::Day;
use super::entry::Entry;

/// The safety words are heard whole in so many sessions of a routine. No source gives a number; words for a movement thin out after
/// the second round, and these are worth one more.
const HEARD_WHOLE: usize = 3;
/// After a pause of so many days they are whole again.
const PAUSE_DAYS: i32 = 14;

/// Whether the safety words of a routine were heard often, and not long ago. A session that was ended early counts: they are said
/// near its start.
pub fn is_familiar(entries: &[Entry], routine: &str, today: Day) -> bool {
    let practised = entries.iter().filter(|entry| entry.routine == routine && entry.day <= today);
    let (number, last) = practised.fold((0, None), |(number, last), entry| (number + 1, last.max(Some(entry.day))));
    number >= HEARD_WHOLE && last.is_some_and(|last| today.since(last) < PAUSE_DAYS)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::programme::Pain;

    fn entry(day: i32, routine: &str) -> Entry {
        let (length, pain) = (Duration::from_secs(300), Pain::default());
        Entry { day: Day(day), second: 0, routine: routine.into(), length, finished: false, pain }
    }

    #[test]
    fn safety_words_are_whole_at_first_and_after_two_weeks() {
        let entries = [entry(1, "morning"), entry(2, "evening"), entry(3, "morning"), entry(5, "morning")];
        let known = |number: usize, day| is_familiar(&entries[..number], "morning", Day(day));
        assert!(!known(0, 1) && !known(3, 4), "fewer than three sessions of this routine");
        assert!(known(4, 5) && known(4, 18) && !known(4, 19), "two weeks after the last they are whole");
        assert!(!is_familiar(&entries, "evening", Day(5)));
        // A line of a clock that was wrong is no session that was heard.
        assert!(!is_familiar(&[entry(9, "morning"), entry(9, "morning"), entry(9, "morning")], "morning", Day(5)));
    }
}
