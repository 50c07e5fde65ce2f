//! A routine and the lengths of a voice's recordings become a timeline.
//!
//! Pure: the same input gives the same plan, and no file, clock or device is touched. A plan knows how long everything
//! is, and nothing of samples.

mod body;
mod chime;
mod clock;
mod cue;
pub mod edit;
mod fit;
mod hold;
mod landmark;
mod ledger;
pub mod lint;
mod outline;
mod pace;
mod place;
mod practise;
mod reach;
mod sheet;
pub mod timeline;
mod words;

use std::time::Duration;

pub use fit::Level;
pub use reach::{Bounds, bounds};
pub use timeline::Timeline;

use crate::diagnostic::Diagnostic;
use crate::error::Result;
use crate::frames::Frames;
use crate::load::breath::{BreathPattern, Breathing};
use crate::load::quantity::LONGEST;
use crate::load::routine::Guidance;
use crate::load::{Lengths, Mix, Routine};
use fit::Fit;
use place::{Brief, Placer};

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
pub fn plan(routine: &Routine, lengths: &Lengths, wishes: &Wishes) -> Result<Timeline> {
    let brief = brief(routine, lengths, wishes);
    let fit = fit(brief, wishes)?;
    // Measured first: what would never end is not placed.
    if let Some(mistake) = too_long(brief, fit) {
        return Err(mistake.into());
    }
    let Some(placed) = Placer::place(brief, fit) else { return Err(endless(routine).into()) };
    let timeline = placed.sheet.finish(routine, lengths, placed.end, &wishes.mix)?;
    if timeline.frames == Frames::ZERO {
        let mistake = Diagnostic::error("no-time", "expected something that takes time, found nothing");
        return Err(mistake.at(&routine.place, "this routine").help("give it a pose, words, or a pause").into());
    }
    Ok(timeline)
}

/// The mistake of a session that has no end in sight, where it is one.
fn too_long(brief: Brief<'_>, fit: Fit) -> Option<Diagnostic> {
    let long = Placer::measure(brief, fit).duration(brief.lengths.rate) > LONGEST;
    long.then(|| endless(brief.routine))
}

fn endless(routine: &Routine) -> Diagnostic {
    Diagnostic::error("too-long", "expected a session of at most 24 hours, found more")
        .at(&routine.place, "this routine")
        .help("take out a `repeat`, or make a quantity smaller")
}

fn brief<'a>(routine: &'a Routine, lengths: &'a Lengths, wishes: &Wishes) -> Brief<'a> {
    Brief {
        routine,
        lengths,
        guidance: wishes.guidance.unwrap_or(routine.guidance),
        breath: wishes.breath.map_or(routine.breath, Breathing::steady),
        missing: wishes.missing,
        wake: wishes.mix.wake,
        tone: wishes.mix.tone.is_some(),
    }
}

/// A length that is wished wins over a level that is wished, over the routine's own length, over the gentle end.
fn fit(brief: Brief<'_>, wishes: &Wishes) -> Result<Fit> {
    let own = brief.routine.length.as_ref().filter(|_| wishes.level.is_none()).map(|length| length.value);
    let Some(length) = wishes.length.or(own) else {
        return Ok(Fit::level(wishes.level.unwrap_or(Level::GENTLE)));
    };
    let (target, slack) = (brief.lengths.rate.frames(length), brief.lengths.rate.frames(reach::SLACK));
    fit::solve(target, slack, reach::growth(brief), Placer::measuring(brief))
        .ok_or_else(|| reach::out_of_reach(brief, wishes, length).into())
}
