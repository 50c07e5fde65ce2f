//! A session before it is planned: what it is made from, and how long its recordings are.

use std::sync::Arc;

use super::live::{Inputs, Session};
use super::note::Note;
use super::planned::Planned;
use crate::diagnostic::{Code, Diagnostics};
use crate::error::{Error, Result};
use crate::frames::SampleRate;
use crate::load::{ClipCache, ClipDurations, Routine, Voice};
use crate::plan::{self, Bounds, Level, Timeline, Wishes, lint};
use crate::render::Channels;
use crate::work::Work;

/// What a session is made from.
#[derive(Clone, Debug)]
pub struct Builder {
    /// What is done.
    pub routine: Routine,
    /// Who speaks.
    pub voice: Voice,
    /// What a person wants today, and what sounds besides the words.
    pub wishes: Wishes,
    /// Frames a second.
    pub rate: SampleRate,
    /// Samples for a frame.
    pub channels: Channels,
    /// Which wishes give way where the routine cannot take them, instead of being refused; a [`Note`] tells of it. For
    /// what a person wants in every session, not in this one.
    pub yielding: Yielding,
    /// Recordings that another session by the same voice has decoded.
    cache: Option<Arc<ClipCache>>,
}

/// Which wishes give way to the routine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Yielding {
    /// [`Wishes::breath`], where it leaves no time for words.
    pub breath: bool,
    /// [`Wishes::length`], where the routine's ranges do not allow it.
    pub length: bool,
}

impl Builder {
    /// A session as the routine proposes it, at 48 kHz, in stereo.
    pub fn new(routine: Routine, voice: Voice) -> Builder {
        let wishes = Wishes { mix: routine.mix(), ..Wishes::default() };
        let (rate, channels) = (SampleRate::DEFAULT, Channels::Stereo);
        Builder { routine, voice, wishes, rate, channels, yielding: Yielding::default(), cache: None }
    }

    /// Finds out how long its recordings are. Those whose lengths nobody knows are decoded for that.
    ///
    /// # Errors
    /// Recordings that cannot be read, all of them at once; someone wants it to stop.
    pub fn prepare(mut self, work: &Work<'_>) -> Result<Prepared> {
        let cache = self.cache.take();
        let cache = cache.unwrap_or_else(|| Arc::new(ClipCache::new(self.rate, self.wishes.mix.voice())));
        let durations = ClipDurations::measure(&self.routine, &self.voice, &cache, work)?;
        let notes = self.give_way(&durations);
        Ok(Prepared { builder: self, cache, durations, notes })
    }

    /// Plans it.
    ///
    /// # Errors
    /// As for [`Builder::prepare`] and [`Prepared::plan`].
    pub fn plan(self, work: &Work<'_>) -> Result<Planned> {
        self.prepare(work)?.plan()
    }

    /// Plans it and measures how loud it is.
    ///
    /// # Errors
    /// As for [`Builder::plan`] and [`Planned::session`].
    pub fn build(self, work: &Work<'_>) -> Result<Session> {
        self.plan(work)?.session(work)
    }

    /// Leaves out the wishes that give way to the routine and have to.
    fn give_way(&mut self, durations: &ClipDurations) -> Vec<Note> {
        let (routine, wishes, mut notes) = (&self.routine, &mut self.wishes, Vec::new());
        if let Some(wished) = wishes.breath.filter(|_| self.yielding.breath) {
            let gentle = Wishes { level: Some(Level::GENTLE), length: None, ..wishes.clone() };
            if leaves_no_time(plan::plan(routine, durations, &gentle)) {
                wishes.breath = None;
                notes.push(Note::BreathKept { wished });
            }
        }
        if let Some(wished) = wishes.length.filter(|_| self.yielding.length) {
            let free = Wishes { length: None, ..wishes.clone() };
            // It may leave steps out, for time is short on every day; but who wished it once wants no short routine three times over.
            let longest = plan::ranges(routine, durations, &free).longest;
            let bounds = Bounds { longest, ..plan::bounds(routine, durations, &free) };
            if !bounds.allow(wished, durations.rate) {
                wishes.length = None;
                let [shortest, longest] = [bounds.shortest, bounds.longest].map(|end| end.duration(durations.rate));
                notes.push(Note::LengthLeftOut { wished, shortest, longest });
            }
        }
        notes
    }
}

/// Whether a plan fails because words do not fit their breath.
fn leaves_no_time(planned: Result<Timeline>) -> bool {
    matches!(planned, Err(Error::Mistakes(wrong)) if wrong.iter().any(|each| each.code == Code::CueTooLong))
}

/// A session whose recordings are measured, before it is planned.
#[derive(Debug)]
pub struct Prepared {
    builder: Builder,
    cache: Arc<ClipCache>,
    durations: ClipDurations,
    notes: Vec<Note>,
}

impl Prepared {
    /// What is worth a look in the recordings, though nothing is refused.
    pub fn warnings(&self) -> &Diagnostics {
        &self.durations.warnings
    }

    /// What became of the wishes.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// What is done in it.
    pub fn routine(&self) -> &Routine {
        &self.builder.routine
    }

    /// How long each recording is that the routine could use.
    pub fn durations(&self) -> &ClipDurations {
        &self.durations
    }

    /// How short and how long the session could be.
    pub fn bounds(&self) -> Bounds {
        plan::bounds(&self.builder.routine, &self.durations, &self.builder.wishes)
    }

    /// How short and how long it could be by the routine's own ranges alone.
    pub fn ranges(&self) -> Bounds {
        plan::ranges(&self.builder.routine, &self.durations, &self.builder.wishes)
    }

    /// What would leave a listener lost.
    pub fn lint(&self) -> Diagnostics {
        lint::inspect(&self.builder.routine, &self.durations, &self.builder.wishes)
    }

    /// The beginning of another session by the same voice: what was decoded for this one is not decoded again.
    pub fn another(&self, routine: Routine) -> Builder {
        Builder { cache: Some(Arc::clone(&self.cache)), ..Builder::new(routine, self.builder.voice.clone()) }
    }

    /// Plans it.
    ///
    /// # Errors
    /// What [`plan::plan`] refuses.
    pub fn plan(self) -> Result<Planned> {
        let Prepared { builder, cache, durations, .. } = self;
        let Builder { routine, voice, wishes, channels, .. } = builder;
        let timeline = Arc::new(plan::plan(&routine, &durations, &wishes)?);
        let inputs = Arc::new(Inputs { routine, voice, durations, wishes, cache, channels });
        Ok(Planned { inputs, timeline })
    }
}
