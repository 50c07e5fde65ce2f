//! A session that is planned and not yet measured.

use std::sync::Arc;
use std::time::Duration;

use super::live::{Inputs, Session};
use super::note;
use crate::error::Result;
use crate::frames::FrameRange;
use crate::load::audio::bed_file::BedFile;
use crate::load::language::mix::Bed;
use crate::load::{Routine, Voice};
use crate::plan::{self, Bounds, Timeline};
use crate::render::{Channels, Mixer};
use crate::work::Work;

/// A session whose timeline is known, before it is measured how loud it is.
#[derive(Clone, Debug)]
pub struct Planned {
    pub(super) inputs: Arc<Inputs>,
    pub(super) timeline: Arc<Timeline>,
}

impl Planned {
    /// What sounds when.
    pub fn timeline(&self) -> &Arc<Timeline> {
        &self.timeline
    }

    /// The routine it was planned from.
    pub fn routine(&self) -> &Routine {
        &self.inputs.routine
    }

    /// The voice that speaks.
    pub fn voice(&self) -> &Voice {
        &self.inputs.voice
    }

    /// Samples for a frame.
    pub fn channels(&self) -> Channels {
        self.inputs.channels
    }

    /// How short and how long the session could be.
    pub fn bounds(&self) -> Bounds {
        plan::bounds(&self.inputs.routine, &self.inputs.durations, &self.inputs.wishes)
    }

    /// The part from one time to another; `None` where nothing is between them.
    pub fn range(&self, from: Duration, until: Option<Duration>) -> Option<FrameRange> {
        let (rate, all) = (self.timeline.rate, self.timeline.frames);
        let end = until.map_or(all, |time| rate.frames(time).min(all));
        Some(FrameRange { start: rate.frames(from), end }).filter(|range| !range.is_empty())
    }

    /// Decodes the bed, where that is a file, to find out whether it can be played.
    ///
    /// # Errors
    /// It cannot be read or decoded; someone wants it to stop.
    pub fn check_bed(&self, work: &Work<'_>) -> Result<()> {
        self.bed_file(work).map(drop)
    }

    fn bed_file(&self, work: &Work<'_>) -> Result<Option<Arc<BedFile>>> {
        let Some(Bed::File(bed)) = &self.timeline.mix.bed else { return Ok(None) };
        BedFile::open(&bed.content, self.timeline.rate, work).map(|file| Some(Arc::new(file)))
    }

    /// Makes what renders it. A bed from a file is decoded; where the sum could pass the limit, it is measured how loud it
    /// is, which takes as long as rendering it.
    ///
    /// # Errors
    /// As for [`Planned::check_bed`]; a recording cannot be read any more.
    pub fn session(self, work: &Work<'_>) -> Result<Session> {
        let bed_file = self.bed_file(work)?;
        let Planned { inputs, timeline } = self;
        let mixer = Mixer::new(timeline, Arc::clone(&inputs.cache), bed_file, inputs.channels, work)?;
        let notes = note::turned_down(&mixer).into_iter().chain(note::quiet_words(&mixer, &inputs.cache)?).collect();
        let guidance = inputs.wishes.guidance.unwrap_or(inputs.routine.guidance);
        Ok(Session { inputs, mixer, guidance, notes })
    }
}
