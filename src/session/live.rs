//! A session as it is heard, and what a listener does to it.

use std::fmt;
use std::sync::Arc;

use super::note::Note;
use crate::error::Result;
use crate::frames::Frames;
use crate::load::audio::clip::Clip;
use crate::load::language::routine::Guidance;
use crate::load::{ClipCache, ClipDurations, Routine, Voice};
use crate::plan::edit::{self, Grown};
use crate::plan::{self, Timeline, Wishes};
use crate::render::{Channels, Mixer};

/// What a session was planned from, kept to plan it again.
#[derive(Debug)]
pub(super) struct Inputs {
    pub(super) routine: Routine,
    pub(super) voice: Voice,
    pub(super) durations: ClipDurations,
    pub(super) wishes: Wishes,
    pub(super) cache: Arc<ClipCache>,
    pub(super) channels: Channels,
}

/// A session: what is heard when, and its samples. A copy is cheap and independent.
#[derive(Clone)]
pub struct Session {
    pub(super) inputs: Arc<Inputs>,
    pub(super) mixer: Mixer,
    /// How much is said from here on.
    pub(super) guidance: Guidance,
    pub(super) notes: Vec<Note>,
}

/// The same session in fewer words: planned ahead, so that the change itself takes no time.
#[derive(Clone, Debug)]
pub struct FewerWords {
    /// All of it, in which that much is said from the beginning.
    pub timeline: Arc<Timeline>,
    /// How much is said in it.
    pub guidance: Guidance,
}

impl Session {
    /// What sounds when, by now.
    pub fn timeline(&self) -> &Timeline {
        self.mixer.timeline()
    }

    /// What renders it, by now.
    pub fn mixer(&self) -> &Mixer {
        &self.mixer
    }

    /// The routine it was made from.
    pub fn routine(&self) -> &Routine {
        &self.inputs.routine
    }

    /// The voice that speaks.
    pub fn voice(&self) -> &Voice {
        &self.inputs.voice
    }

    /// What came to light when it was measured how loud it is.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// How much is said, by now.
    pub fn guidance(&self) -> Guidance {
        self.guidance
    }

    /// How long it is, by now.
    pub fn frames(&self) -> Frames {
        self.timeline().frames
    }

    /// Writes the frames from `start` on, interleaved, full scale 32768, into `out`, which holds whole frames; what lies
    /// past the end is silent.
    ///
    /// # Errors
    /// As for [`Mixer::fill`].
    pub fn fill(&self, start: Frames, out: &mut [i16]) -> Result<()> {
        self.mixer.fill(start, out)
    }

    /// Makes the hold or the flow at the frame `at` longer, on this side and on those that follow. `None` where nothing is
    /// held.
    pub fn hold_longer(&mut self, at: Frames) -> Option<Grown> {
        let (timeline, grown) = edit::longer(self.timeline(), at)?;
        self.replace(timeline);
        Some(grown)
    }

    /// Ends the hold at the frame `at`: the words that lead out of it come next. Whether there was one.
    pub fn let_go(&mut self, at: Frames) -> bool {
        let released = edit::release(self.timeline(), at);
        released.map(|timeline| self.replace(timeline)).is_some()
    }

    /// Says less from the frame `at` on. Whether less can be said.
    pub fn say_less(&mut self, at: Frames) -> bool {
        let Some(fewer) = self.fewer_words(self.guidance) else { return false };
        self.guidance = fewer.guidance;
        self.replace(edit::splice(self.timeline(), at, &fewer.timeline));
        true
    }

    /// Plans the session with the next less guidance than `now`; `None` where there is none. Takes some milliseconds, so
    /// that whoever plays it does this before the change.
    pub fn fewer_words(&self, now: Guidance) -> Option<FewerWords> {
        let words = Guidance::WORDS.map(|(_, guidance)| guidance);
        let now = words.iter().position(|word| *word == now)?;
        let guidance = *words.get(now + 1)?;
        let Inputs { routine, durations, wishes, .. } = &*self.inputs;
        let wishes = Wishes { guidance: Some(guidance), ..wishes.clone() };
        // Fewer words take less time: the same poses come, and a length that is out of reach with them is met as nearly as can be.
        let timeline = Arc::new(plan::plan_like(self.timeline(), routine, durations, &wishes).ok()?);
        Some(FewerWords { timeline, guidance })
    }

    /// Where to go on after a break at the frame `at`: a little before what was last said, if that is not long ago.
    pub fn resume_at(&self, at: Frames) -> Frames {
        self.timeline().resumption(at)
    }

    /// Leaves out the bed, or puts it back; whether it is there now. `None` where the session has none.
    pub fn switch_bed(&mut self) -> Option<bool> {
        self.timeline().mix.bed.as_ref()?;
        Some(self.mixer.switch_bed())
    }

    /// Decodes a cue of the voice that the routine itself does not say, such as an answer to a key; mono, full scale 32768.
    /// `None` where the voice has no such cue or it cannot be decoded.
    pub fn cue(&self, cue: &str) -> Option<Arc<Clip>> {
        self.inputs.cache.clip(self.inputs.voice.find(cue, None)?.0).ok()
    }

    /// Goes on with another timeline that is the same up to what was heard.
    fn replace(&mut self, timeline: Timeline) {
        self.mixer = self.mixer.again(Arc::new(timeline));
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (routine, voice) = (&self.inputs.routine.name, &self.inputs.voice.id);
        out.debug_struct("Session").field("routine", routine).field("voice", voice).finish_non_exhaustive()
    }
}
