//! A routine and the lengths of a voice's recordings become a timeline.
//!
//! Pure: the same input gives the same plan, and no file, clock or device is touched. A plan knows how long everything
//! is, and nothing of samples.

mod clock;
mod cue;
mod fit;
mod hold;
mod place;
mod practise;
mod sheet;
pub mod timeline;

use std::time::Duration;

pub use fit::Level;
pub use timeline::Timeline;

use crate::diagnostic::Diagnostic;
use crate::error::Result;
use crate::frames::{Frames, clock};
use crate::load::quantity::{LONGEST, written};
use crate::load::routine::Guidance;
use crate::load::{Lengths, Routine};
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
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes {
    /// How deep.
    pub level: Option<Level>,
    /// How long; wins over a level.
    pub length: Option<Duration>,
    /// How much is said.
    pub guidance: Option<Guidance>,
    /// What to do with a cue that is not recorded.
    pub missing: Missing,
}

/// How short and how long a routine can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// With every range at its gentle end.
    pub shortest: Frames,
    /// With every range at its deep end.
    pub longest: Frames,
}

/// How short and how long a routine can be in a voice.
pub fn bounds(routine: &Routine, lengths: &Lengths, wishes: &Wishes) -> Bounds {
    let brief = brief(routine, lengths, wishes);
    let measure = |level| Placer::measure(brief, Fit::level(level));
    Bounds { shortest: measure(Level::GENTLE), longest: measure(Level::DEEP) }
}

/// Plans a session.
///
/// # Errors
/// [`crate::Error::Mistakes`]: cues that do not fit their time or have no recording, a length that the ranges do not
/// allow, a session of more than a day.
pub fn plan(routine: &Routine, lengths: &Lengths, wishes: &Wishes) -> Result<Timeline> {
    let brief = brief(routine, lengths, wishes);
    let fit = fit(brief, wishes)?;
    let length = Placer::measure(brief, fit);
    if length == Frames::ZERO {
        let mistake = Diagnostic::error("no-time", "expected something that takes time, found nothing");
        return Err(mistake.at(&routine.place, "this routine").help("give it a pose, words, or a pause").into());
    }
    // Measured first: what would never end is not placed.
    let placed = (length.duration(lengths.rate) <= LONGEST).then(|| Placer::place(brief, fit)).flatten();
    let Some((sheet, end)) = placed else {
        let mistake = Diagnostic::error("too-long", "expected a session of at most 24 hours, found more");
        return Err(mistake
            .at(&routine.place, "this routine")
            .help("take out a `repeat`, or make a quantity smaller")
            .into());
    };
    Ok(sheet.finish(routine, &lengths.voice, lengths.rate, end)?)
}

fn brief<'a>(routine: &'a Routine, lengths: &'a Lengths, wishes: &Wishes) -> Brief<'a> {
    Brief { routine, lengths, guidance: wishes.guidance.unwrap_or(routine.guidance), missing: wishes.missing }
}

/// A length that is wished wins over a level that is wished, over the routine's own length, over the gentle end.
fn fit(brief: Brief<'_>, wishes: &Wishes) -> Result<Fit> {
    let own = brief.routine.length.as_ref().filter(|_| wishes.level.is_none()).map(|length| length.value);
    let Some(length) = wishes.length.or(own) else {
        return Ok(Fit::level(wishes.level.unwrap_or(Level::GENTLE)));
    };
    let target = brief.lengths.rate.frames(length);
    fit::solve(target, |fit| Placer::measure(brief, fit)).ok_or_else(|| out_of_range(brief, wishes, length).into())
}

fn out_of_range(brief: Brief<'_>, wishes: &Wishes, length: Duration) -> Diagnostic {
    let rate = brief.lengths.rate;
    let bounds = bounds(brief.routine, brief.lengths, wishes);
    let (shortest, longest) = (bounds.shortest.duration(rate), bounds.longest.duration(rate));
    let message = format!(
        "expected a length of {} to {} for `{}`, found {}",
        clock(shortest + Duration::from_millis(499)),
        clock(longest.saturating_sub(Duration::from_millis(500))),
        brief.routine.name,
        written(length)
    );
    let place = brief
        .routine
        .length
        .as_ref()
        .filter(|_| wishes.length.is_none())
        .map_or(&brief.routine.place, |own| &own.place);
    let widen = if length < shortest { "lower the small end of a range" } else { "raise the large end of a range" };
    Diagnostic::error("length-out-of-range", message)
        .at(place, "its ranges allow no other")
        .help(format!("choose a length in between; or {widen}, such as the `hold` of a long pose, or leave out a step"))
}
