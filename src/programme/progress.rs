//! Whether weeks have brought less pain.

use super::weeks::Week;

/// Whether four weeks or more with scores, two sessions a week at least, brought pain no lower than it was: the last two
/// weeks against the first two. Below that there is nothing to say.
pub fn lacks_progress(weeks: &[Week]) -> bool {
    const WEEKS: usize = 4;
    const SESSIONS: usize = 8;
    let scored: Vec<f64> = weeks.iter().filter_map(|week| week.pain).collect();
    let sessions: usize = weeks.iter().filter(|week| week.pain.is_some()).map(|week| week.sessions).sum();
    if scored.len() < WEEKS || sessions < SESSIONS {
        return false;
    }
    let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len() as f64;
    let (first, last) = (mean(&scored[..2]), mean(&scored[scored.len() - 2..]));
    // Half a point on the scale is within what a person's own scores vary by.
    last > 0.5 && last > first - 0.5
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::programme::Day;

    #[test]
    fn four_weeks_without_less_pain_are_noticed_and_progress_is_not_talked_down() {
        let weeks = |pains: [u8; 4]| {
            let week = |(index, pain): (i32, u8)| {
                let (monday, pain) = (Day(4 + 7 * index), Some(f64::from(pain)));
                Week { monday, sessions: 3, length: Duration::ZERO, before: pain, after: pain, pain }
            };
            (0..).zip(pains).map(week).collect::<Vec<_>>()
        };
        assert!(lacks_progress(&weeks([5, 5, 5, 5])));
        assert!(lacks_progress(&weeks([4, 4, 6, 5])));
        assert!(!lacks_progress(&weeks([6, 5, 4, 4])));
        assert!(!lacks_progress(&weeks([0, 0, 0, 0])));
        assert!(!lacks_progress(&weeks([5, 5, 5, 5])[..3]));
    }
}
