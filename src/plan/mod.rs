//! A routine and the durations of a voice's recordings become a timeline.
//!
//! Pure: the same input gives the same plan, and no file, clock or device is touched. A plan knows how long everything
//! is, and nothing of samples.

mod bells;
mod bounds;
mod clock;
mod cue;
mod cycle;
pub mod edit;
mod fit;
mod hold;
mod input;
mod last_round;
mod lead;
pub mod line;
pub mod lint;
mod listener;
mod memo;
mod outline;
mod own_length;
mod pace;
mod part;
mod posture;
mod progress;
mod scheduler;
mod score;
mod seek;
mod sheet;
mod sides_and_rounds;
pub mod timeline;
mod wishes;
mod wording;
mod words;

pub use bounds::{Bounds, bounds};
pub use fit::Level;
pub use timeline::Timeline;
pub use wishes::{Missing, Wishes};

use crate::diagnostic::{Code, Diagnostic};
use crate::error::Result;
use crate::frames::Frames;
use crate::load::{ClipDurations, Routine};
use input::Input;
use scheduler::Scheduler;

/// Plans a session.
///
/// # Errors
/// [`crate::Error::Mistakes`]: cues that do not fit their time or have no recording, a length that the ranges do not
/// allow, a session of more than a day.
pub fn plan(routine: &Routine, durations: &ClipDurations, wishes: &Wishes) -> Result<Timeline> {
    let input = Input::new(routine, durations, wishes);
    let fit = bounds::fit(input, wishes)?;
    // Measured first: what would never end is not placed.
    if let Some(mistake) = bounds::too_long(input, fit) {
        return Err(mistake.into());
    }
    let Some(placed) = Scheduler::place(input, fit) else { return Err(bounds::endless(routine).into()) };
    let timeline = placed.sheet.finish(routine, durations, placed.end, &wishes.mix)?;
    if !timeline.is_sound() {
        return Err(bounds::endless(routine).into());
    }
    if timeline.frames == Frames::ZERO {
        let mistake = Diagnostic::error(Code::NoTime, "expected something that takes time, found nothing");
        return Err(mistake.at(&routine.place, "this routine").help("give it a pose, words, or a pause").into());
    }
    Ok(timeline)
}
