//! One practice, assembled: a routine, a voice, wishes and sound become a timeline and what renders it; and what a listener
//! does to it while it is heard: hold longer, let go, say less, resume here.
//!
//! What the command line, a page in a browser or any other program calls. Two steps, so that everything that can be refused
//! is refused before the long work: [`Builder::plan`] says what sounds when, [`Planned::session`] measures how loud it is.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::diagnostic::{Code, Diagnostics};
use crate::error::{Error, Result};
use crate::frames::{FrameRange, Frames, SampleRate};
use crate::gain::{Decibels, Lufs};
use crate::load::audio::bed_file::BedFile;
use crate::load::audio::clip::Clip;
use crate::load::audio::clip_file::ClipFile;
use crate::load::language::breathing::BreathPattern;
use crate::load::language::mix::Bed;
use crate::load::language::routine::Guidance;
use crate::load::{ClipCache, ClipDurations, Routine, Voice};
use crate::plan::edit::{self, Grown};
use crate::plan::timeline::{Sound, Track};
use crate::plan::{self, Bounds, Level, Timeline, Wishes, lint};
use crate::render::{Channels, Mixer};
use crate::work::Work;

/// A mean shortfall of speech up to this is not noted: nobody hears half a decibel.
const UNHEARD_SHORTFALL: Decibels = Decibels(0.5);

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

/// What became of a session that whoever asked for it should know; nothing is refused.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// The breath that was wished leaves no time for some words: the routine's own is kept.
    BreathKept {
        /// The breath that was wished.
        wished: BreathPattern,
    },
    /// The length that was wished cannot be had: it is left out.
    LengthLeftOut {
        /// The length that was wished.
        wished: Duration,
        /// The shortest that can be had.
        shortest: Duration,
        /// The longest that can be had.
        longest: Duration,
    },
    /// All is turned down, because together it would pass −1 dBTP, the most that a file should hold.
    TurnedDown {
        /// By how much; more than 0 dB.
        by: Decibels,
        /// What sounds together.
        tracks: Vec<Track>,
    },
    /// Words are quieter than asked for, because the peaks of recordings are held under a ceiling.
    QuietWords {
        /// How loud they are, about.
        heard: Lufs,
        /// How loud they were to be.
        wished: Lufs,
    },
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
            let bounds = plan::bounds(routine, durations, &free);
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

    /// How long each recording is that the routine could use.
    pub fn durations(&self) -> &ClipDurations {
        &self.durations
    }

    /// How short and how long the session could be.
    pub fn bounds(&self) -> Bounds {
        plan::bounds(&self.builder.routine, &self.durations, &self.builder.wishes)
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

/// What a session was planned from, kept to plan it again.
#[derive(Debug)]
struct Inputs {
    routine: Routine,
    voice: Voice,
    durations: ClipDurations,
    wishes: Wishes,
    cache: Arc<ClipCache>,
    channels: Channels,
}

/// A session whose timeline is known, before it is measured how loud it is.
#[derive(Clone, Debug)]
pub struct Planned {
    inputs: Arc<Inputs>,
    timeline: Arc<Timeline>,
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
        let notes = turned_down(&mixer).into_iter().chain(quiet_words(&mixer, &inputs)?).collect();
        let guidance = inputs.wishes.guidance.unwrap_or(inputs.routine.guidance);
        Ok(Session { inputs, mixer, guidance, notes })
    }
}

/// The note that all is turned down, where it is.
fn turned_down(mixer: &Mixer) -> Option<Note> {
    let by = Decibels(-mixer.gain().0);
    let timeline = mixer.timeline();
    let placed = |track: Track| timeline.regions.iter().chain(&timeline.under).any(|region| region.track == track);
    let tracks = [Track::Voice, Track::Bell, Track::Bed, Track::Tone].into_iter().filter(|track| placed(*track));
    (by > Decibels::ZERO).then(|| Note::TurnedDown { by, tracks: tracks.collect() })
}

/// The note that words are quieter than asked for, where they are.
fn quiet_words(mixer: &Mixer, inputs: &Inputs) -> Result<Option<Note>> {
    let clip = |sound: &Sound| if let Sound::Clip { file, .. } = sound { Some(Arc::clone(file)) } else { None };
    let clips: Vec<Arc<ClipFile>> = mixer.timeline().sounds.iter().filter_map(clip).collect();
    let (short, wished) = (inputs.cache.shortfall(&clips)?, mixer.timeline().mix.voice());
    Ok((short > UNHEARD_SHORTFALL).then_some(Note::QuietWords { heard: Lufs(wished.0 - short.0), wished }))
}

/// A session: what is heard when, and its samples. A copy is cheap and independent.
#[derive(Clone)]
pub struct Session {
    inputs: Arc<Inputs>,
    mixer: Mixer,
    /// How much is said from here on.
    guidance: Guidance,
    notes: Vec<Note>,
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
        let mut wishes = Wishes { guidance: Some(guidance), ..wishes.clone() };
        // Fewer words take less time: a length that is out of reach with them is met as nearly as can be.
        if let Some(length) = wishes.length.take() {
            let bounds = plan::bounds(routine, durations, &wishes);
            let [shortest, longest] = [bounds.shortest, bounds.longest].map(|end| end.duration(durations.rate));
            wishes.length = Some(length.clamp(shortest, longest.max(shortest)));
        }
        let timeline = Arc::new(plan::plan(routine, durations, &wishes).ok()?);
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
        self.inputs.cache.clip(self.inputs.voice.clip(cue)?).ok()
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
