//! What was practised, and what is due by a programme.
//!
//! Pure: the sessions of a log and a day come in, what is due and why goes out. Nothing is remembered anywhere else: which week one is
//! in is found anew from the log each time. What keeps a log, and which day it is, is for whoever calls.

mod course;
mod day;
mod due;
mod entry;
mod familiar;
mod progress;
mod weeks;

pub use course::{nearest, three_quarters};
pub use day::Day;
pub use due::{Due, Next, Reason, Rest, next};
pub use entry::{Entry, Pain};
pub use familiar::is_familiar;
pub use progress::lacks_progress;
pub use weeks::{Week, practised_weeks, streak, weeks};
