//! Shares of a session, as people write times.

use std::time::Duration;

/// The time in which changes of position are counted.
pub(super) const WINDOW: Duration = Duration::from_secs(600);

/// A share of a time, in percent.
pub(super) fn share(time: Duration, percent: u32) -> Duration {
    time * percent / 100
}

/// A time in whole steps of five seconds, rounded down: nobody chooses 37.
pub(super) fn whole_steps(time: Duration) -> Duration {
    Duration::from_secs(time.as_secs() / 5 * 5)
}
