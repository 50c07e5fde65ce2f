//! A routine and the durations of a voice's recordings become a timeline.
//!
//! Pure: the same input gives the same plan, and no file, clock or device is touched. A plan knows how long everything
//! is, and nothing of samples.

mod bells;
mod bounds;
mod by_log;
mod changes;
mod chosen;
mod clock;
mod cue;
mod cycle;
pub mod edit;
mod fit;
mod hold;
mod input;
mod ladder;
mod last_round;
mod lead;
mod leave_out;
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
mod reach;
mod scheduler;
mod score;
mod seek;
mod sheet;
mod sides_and_rounds;
pub mod timeline;
mod wishes;
mod wording;
mod words;

pub use bounds::{Bounds, ranges};
pub use fit::Level;
pub use timeline::Timeline;
pub use wishes::{Missing, ProgressWords, SafetyWords, Wishes};

use crate::diagnostic::{Code, Diagnostic};
use crate::error::Result;
use crate::frames::Frames;
use crate::load::{ClipDurations, Routine};
use chosen::Chosen;
use input::Input;
use ladder::Ladder;
use reach::Reached;
use scheduler::Scheduler;

/// Plans a session.
///
/// # Errors
/// [`crate::Error::Mistakes`]: cues that do not fit their time or have no recording, a length that cannot be had, a session of more
/// than a day, nothing that is left to do.
pub fn plan(routine: &Routine, durations: &ClipDurations, wishes: &Wishes) -> Result<Timeline> {
    let chosen = Chosen::of(routine, wishes);
    if let Some(mistake) = chosen.nothing_left(routine, wishes) {
        return Err(mistake.into());
    }
    let input = Input::new(routine, durations, wishes);
    let reached = reach::reach(&chosen, input, wishes)?;
    placed(reached, input, wishes)
}

/// Plans a session with other wishes of how much is said, and the same steps as `like` has: a length is met as nearly as can be.
///
/// # Errors
/// As for [`plan`].
pub fn plan_like(like: &Timeline, routine: &Routine, durations: &ClipDurations, wishes: &Wishes) -> Result<Timeline> {
    let input = Input::new(routine, durations, wishes);
    let reached = reach::reach_on(like.changes.rung, &Chosen::of(routine, wishes), input, wishes);
    placed(reached, input, wishes)
}

/// How short and how long a routine can be in a voice: with steps left out, and with more rest and rounds than its ranges say.
pub fn bounds(routine: &Routine, durations: &ClipDurations, wishes: &Wishes) -> Bounds {
    let chosen = Chosen::of(routine, wishes);
    reach::ends(&Ladder::of(&chosen), Input::new(routine, durations, wishes))
}

fn placed(reached: Reached, input: Input<'_>, wishes: &Wishes) -> Result<Timeline> {
    let Reached { steps, fit, changes } = reached;
    let (routine, durations, input) = (input.routine, input.durations, input.of(&steps));
    // Measured first: what would never end is not placed.
    if let Some(mistake) = bounds::too_long(input, fit) {
        return Err(mistake.into());
    }
    let Some(placed) = Scheduler::place(input, fit) else { return Err(bounds::endless(routine).into()) };
    let mut timeline = placed.sheet.finish(routine, durations, placed.end, &wishes.mix)?;
    if !timeline.is_sound() {
        return Err(bounds::endless(routine).into());
    }
    if timeline.frames == Frames::ZERO {
        let mistake = Diagnostic::error(Code::NoTime, "expected something that takes time, found nothing");
        return Err(mistake.at(&routine.place, "this routine").help("give it a pose, words, or a pause").into());
    }
    timeline.changes = changes;
    Ok(timeline)
}
