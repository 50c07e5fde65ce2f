//! A day of the calendar, as a number: all that is asked of days is how far apart they are, and which begin a week.

/// A day, counted from 1 January 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// How many days after `earlier` it is; less than 0 where it is before.
    pub fn since(self, earlier: Day) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    /// The day so many days later.
    #[must_use]
    pub fn later(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }

    /// The Monday of its week.
    #[must_use]
    pub fn monday(self) -> Day {
        // The first day that is counted was a Thursday.
        let after = self.0.saturating_add(3).rem_euclid(7);
        self.later(-after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_begins_on_monday() {
        // 5 January 1970 was a Monday, and 29 December 1969 too.
        assert_eq!(
            [Day(4), Day(5), Day(10), Day(11), Day(3), Day(-1)].map(Day::monday),
            [4, 4, 4, 11, -3, -3].map(Day)
        );
    }
}
