//! A routine and the durations of a voice's recordings become a timeline.
//!
//! Pure: the same input gives the same plan, and no file, clock or device is touched. A plan knows how long everything
//! is, and nothing of samples.

mod bells;
mod bounds;
mod clock;
mod cue;
pub mod edit;
mod fit;
mod hold;
pub mod lint;
mod listener;
mod memo;
mod outline;
mod pace;
mod scheduler;
mod seek;
mod sheet;
mod sides_and_rounds;
pub mod timeline;
mod words;

use std::time::Duration;

pub use bounds::{Bounds, bounds};
pub use fit::Level;
pub use timeline::Timeline;

use crate::diagnostic::{Code, Diagnostic};
use crate::error::Result;
use crate::frames::Frames;
use crate::load::language::breathing::{BreathPattern, Breathing};
use crate::load::language::quantity::LONGEST;
use crate::load::language::routine::Guidance;
use crate::load::{ClipDurations, Mix, Routine};
use fit::Fit;
use scheduler::{Input, Scheduler};

/// What to do with a cue that is not recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// Refuse, listing all.
    #[default]
    Refuse,
    /// Put a soft bell in its place.
    Bell,
}

/// What a person wants today; what is not wished is the routine's.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// How deep.
    pub level: Option<Level>,
    /// How long; wins over a level.
    pub length: Option<Duration>,
    /// How much is said.
    pub guidance: Option<Guidance>,
    /// The breath, in place of the routine's. A pose that has a breath of its own, and breathing alone, keep theirs:
    /// there the pattern is what is practised.
    pub breath: Option<BreathPattern>,
    /// What to do with a cue that is not recorded.
    pub missing: Missing,
    /// What sounds besides the words.
    pub mix: Mix,
}

/// Plans a session.
///
/// # Errors
/// [`crate::Error::Mistakes`]: cues that do not fit their time or have no recording, a length that the ranges do not
/// allow, a session of more than a day.
pub fn plan(routine: &Routine, durations: &ClipDurations, wishes: &Wishes) -> Result<Timeline> {
    let input = input(routine, durations, wishes);
    let fit = fit(input, wishes)?;
    // Measured first: what would never end is not placed.
    if let Some(mistake) = too_long(input, fit) {
        return Err(mistake.into());
    }
    let Some(placed) = Scheduler::place(input, fit) else { return Err(endless(routine).into()) };
    let timeline = placed.sheet.finish(routine, durations, placed.end, &wishes.mix)?;
    if timeline.frames == Frames::ZERO {
        let mistake = Diagnostic::error(Code::NoTime, "expected something that takes time, found nothing");
        return Err(mistake.at(&routine.place, "this routine").help("give it a pose, words, or a pause").into());
    }
    Ok(timeline)
}

/// The mistake of a session that has no end in sight, where it is one.
fn too_long(input: Input<'_>, fit: Fit) -> Option<Diagnostic> {
    let long = Scheduler::measure(input, fit).duration(input.durations.rate) > LONGEST;
    long.then(|| endless(input.routine))
}

fn endless(routine: &Routine) -> Diagnostic {
    Diagnostic::error(Code::TooLong, "expected a session of at most 24 hours, found more")
        .at(&routine.place, "this routine")
        .help("take out a `repeat`, or make a quantity smaller")
}

fn input<'a>(routine: &'a Routine, durations: &'a ClipDurations, wishes: &Wishes) -> Input<'a> {
    Input {
        routine,
        durations,
        guidance: wishes.guidance.unwrap_or(routine.guidance),
        breath: wishes.breath.map_or(routine.breath, Breathing::steady),
        missing: wishes.missing,
        wake: wishes.mix.wake,
        tone: wishes.mix.tone.is_some(),
    }
}

/// A length that is wished wins over a level that is wished, over the routine's own length, over the gentle end.
fn fit(input: Input<'_>, wishes: &Wishes) -> Result<Fit> {
    let own = input.routine.length.as_ref().filter(|_| wishes.level.is_none()).map(|length| length.value);
    let Some(length) = wishes.length.or(own) else {
        return Ok(Fit::level(wishes.level.unwrap_or(Level::GENTLE)));
    };
    let (target, slack) = (input.durations.rate.frames(length), input.durations.rate.frames(bounds::SLACK));
    fit::solve(target, slack, bounds::growth(input), Scheduler::measuring(input))
        .ok_or_else(|| bounds::out_of_reach(input, wishes, length).into())
}
