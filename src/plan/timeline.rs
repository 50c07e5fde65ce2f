//! The timeline: everything that sounds, at an exact frame. One for the file, the cue sheet, the captions and live play.

use std::sync::Arc;

pub use super::changes::{Again, Changes, LeftOut, Why};
use crate::diagnostic::Diagnostics;
use crate::frames::{FrameRange, Frames, SampleRate};
use crate::load::audio::clip_file::ClipFile;
use crate::load::language::breathing::BreathPart;
use crate::load::language::mix::{Bed, Mix, Tone};
use crate::load::language::pose::Lasts;
use crate::load::language::routine::Bell;
use crate::load::library::StandIns;

/// A whole session, planned.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The name of its routine.
    pub routine: String,
    /// The title of its routine.
    pub title: String,
    /// The id of the voice.
    pub voice: String,
    /// The rate that everything in it is counted at.
    pub rate: SampleRate,
    /// Its length.
    pub frames: Frames,
    /// What can sound; regions point into it.
    pub sounds: Vec<Sound>,
    /// What is mixed, and how loud.
    pub mix: Mix,
    /// What is said and rung when, by start.
    pub regions: Vec<Region>,
    /// What goes on under it, breath tone and bed, by start.
    pub under: Vec<Region>,
    /// The parts a listener would skip to, in order, without gaps.
    pub chapters: Vec<Chapter>,
    /// What is to be done when, by start.
    pub phases: Vec<PhaseSpan>,
    /// The breath that is kept, where one is, by start.
    pub breaths: Vec<BreathSpan>,
    /// Warnings of what an author wrote and nobody will hear.
    pub unheard: Diagnostics,
    /// What is heard in place of the voice's own recordings.
    pub stand_ins: StandIns,
    /// What a length or a wish made of the routine.
    pub changes: Changes,
}

impl Timeline {
    /// Finds the regions of bed and tone anew. The tone has one for every breath: parts that follow at once, from an inhale on.
    pub(super) fn lay_under(&mut self) {
        self.under.clear();
        if let Some(bed) = self.mix.bed.clone() {
            let sound = self.sound(|sound| matches!(sound, Sound::Bed(_)), Sound::Bed(bed));
            let (start, frames) = (Frames::ZERO, self.frames);
            self.under.push(Region { track: Track::Bed, role: Role::Under, sound, start, frames });
        }
        if self.breaths.is_empty() || !self.mix.sounds_the_breath() {
            return;
        }
        let sound = self.sound(|sound| matches!(sound, Sound::Tone(_)), Sound::Tone(self.mix.tone));
        let first = self.under.len();
        for part in &self.breaths {
            match self.under[first..].last_mut() {
                Some(last) if last.start + last.frames == part.start && part.part != BreathPart::Inhale => {
                    last.frames += part.frames;
                }
                _ => self.under.push(Region {
                    track: Track::Tone,
                    role: Role::Under,
                    sound,
                    start: part.start,
                    frames: part.frames,
                }),
            }
        }
    }

    /// Whether every frame in it is one that a session can have: arithmetic never ran over on the way to it.
    pub(super) fn is_sound(&self) -> bool {
        let regions = self.regions.iter().map(|region| (region.start, region.frames));
        let phases = self.phases.iter().map(|phase| (phase.start, phase.frames));
        let breaths = self.breaths.iter().map(|breath| (breath.start, breath.frames));
        let mut all = regions.chain(phases).chain(breaths);
        !self.frames.is_beyond() && all.all(|(start, frames)| !start.is_beyond() && !frames.is_beyond())
    }

    /// The index of the sound for which `is` holds; where there is none yet, `new` is added.
    fn sound(&mut self, is: impl Fn(&Sound) -> bool, new: Sound) -> usize {
        self.sounds.iter().position(is).unwrap_or_else(|| {
            self.sounds.push(new);
            self.sounds.len() - 1
        })
    }
}

/// What sorts of sound are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Track {
    /// What is said.
    Voice,
    /// Bells.
    Bell,
    /// What rises and falls with the breath.
    Tone,
    /// What plays under the voice.
    Bed,
}

impl Track {
    /// Every track.
    pub const ALL: [Track; 4] = [Track::Voice, Track::Tone, Track::Bell, Track::Bed];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Track::Voice => "voice",
            Track::Bell => "bell",
            Track::Tone => "tone",
            Track::Bed => "bed",
        }
    }
}

/// Something that can sound.
#[derive(Clone, Debug)]
pub enum Sound {
    /// A recording.
    Clip {
        /// Where it is.
        file: Arc<ClipFile>,
        /// What is said in it.
        text: String,
    },
    /// A bell, by itself or (with the cue and its words) in place of a recording that is not there yet.
    Bell {
        /// Which.
        bell: Bell,
        /// What it stands for.
        instead: Option<(String, String)>,
        /// A sound of one's own that rings in its place.
        file: Option<Arc<ClipFile>>,
    },
    /// A breath tone, or (without one) the marks of a breath. Its regions tell where; the breaths of the timeline, how it moves.
    Tone(Option<Tone>),
    /// What plays under the voice.
    Bed(Bed),
}

impl Sound {
    /// The cue that is said, or the bell's name.
    pub fn cue(&self) -> &str {
        match self {
            Sound::Clip { file, .. } => &file.cue,
            Sound::Bell { instead: Some((cue, _)), .. } => cue,
            Sound::Bell { bell, .. } => bell.word(),
            Sound::Tone(tone) => tone.map_or("marks", Tone::word),
            Sound::Bed(bed) => bed.word(),
        }
    }

    /// The words.
    pub fn text(&self) -> &str {
        match self {
            Sound::Clip { text, .. } | Sound::Bell { instead: Some((_, text)), .. } => text,
            Sound::Bell { .. } | Sound::Tone(_) | Sound::Bed(_) => "",
        }
    }
}

/// What a region is there for. It is set where the region is placed, and never read out of a cue's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Words of the routine between its poses.
    Words,
    /// Words that keep from harm, wherever they stand.
    Safety,
    /// How to get into another position.
    Move,
    /// The name of a pose.
    Name,
    /// How to come into a pose, or out of it.
    Instruction,
    /// What to do in a phase, or what a silence is for.
    Phase,
    /// To stay, in a hold that is too short for its own words.
    Stay,
    /// Which side it is.
    Side,
    /// The change to a side.
    Switch,
    /// The rest between two rounds.
    Rest,
    /// How long a hold will be.
    Length,
    /// Half of it is over.
    Half,
    /// It is nearly over.
    Nearly,
    /// Its last breath begins.
    LastBreath,
    /// The last round comes next.
    LastRound,
    /// A number of a countdown.
    Count,
    /// A reminder in a long hold.
    Reminder,
    /// A bell, for itself.
    Bell,
    /// What goes on under all of it: tone and bed.
    Under,
}

impl Role {
    /// Whether it tells where in a hold or among its rounds one is.
    pub fn is_mark(self) -> bool {
        matches!(self, Role::Half | Role::Nearly | Role::LastBreath | Role::LastRound)
    }
}

/// A sound placed in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// The track it is on.
    pub track: Track,
    /// What it is there for.
    pub role: Role,
    /// The index of its sound in [`Timeline::sounds`].
    pub sound: usize,
    /// When it begins.
    pub start: Frames,
    /// How long it is.
    pub frames: Frames,
}

impl Region {
    /// The frames it covers.
    pub fn range(self) -> FrameRange {
        FrameRange::new(self.start, self.frames)
    }
}

/// What part of a session a chapter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChapterKind {
    /// What comes before the practice.
    Opening,
    /// A pose or a breathing; or the whole of a session in which nothing is practised.
    Part,
    /// What comes after the practice.
    Closing,
}

/// A part that a listener would skip to.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Chapter {
    /// What part of the session it is.
    #[serde(skip)]
    pub kind: ChapterKind,
    /// What it is called.
    pub title: String,
    /// When it begins.
    pub start: Frames,
    /// How long it is.
    pub frames: Frames,
}

impl Chapter {
    /// The frames it covers.
    pub fn range(&self) -> FrameRange {
        FrameRange::new(self.start, self.frames)
    }
}

/// What is done in a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PhaseKind {
    /// Getting into another position.
    Move,
    /// Coming into a pose.
    Setup,
    /// Breathing in.
    Inhale,
    /// Holding the breath, full: a part of a breath.
    Full,
    /// Breathing out.
    Exhale,
    /// Holding the breath, empty: a part of a breath.
    Empty,
    /// Holding still, for a time or for breaths.
    Hold,
    /// Resting between rounds.
    Rest,
    /// Changing sides.
    Switch,
    /// Coming out of a pose.
    Release,
    /// A silence.
    Pause,
}

impl PhaseKind {
    /// What is done while a phase of a pose lasts.
    pub(super) fn of(lasts: Lasts) -> PhaseKind {
        match lasts {
            Lasts::Rising => PhaseKind::of_part(BreathPart::Inhale),
            Lasts::Falling => PhaseKind::of_part(BreathPart::Exhale),
            Lasts::Part(part) => PhaseKind::of_part(part),
            Lasts::Hold { .. } => PhaseKind::Hold,
        }
    }

    fn of_part(part: BreathPart) -> PhaseKind {
        match part {
            BreathPart::Inhale => PhaseKind::Inhale,
            BreathPart::Full => PhaseKind::Full,
            BreathPart::Exhale => PhaseKind::Exhale,
            BreathPart::Empty => PhaseKind::Empty,
        }
    }

    /// The word for it in a plan.
    pub fn word(self) -> &'static str {
        match self {
            PhaseKind::Move => "move",
            PhaseKind::Setup => "setup",
            PhaseKind::Inhale => "inhale",
            PhaseKind::Full | PhaseKind::Hold => "hold",
            PhaseKind::Exhale => "exhale",
            PhaseKind::Empty => "empty",
            PhaseKind::Rest => "rest",
            PhaseKind::Switch => "switch",
            PhaseKind::Release => "release",
            PhaseKind::Pause => "pause",
        }
    }

    /// Whether it is what a pose is done for, not the way into it, out of it, or between its rounds and sides.
    pub fn is_practice(self) -> bool {
        use PhaseKind::{Empty, Exhale, Full, Hold, Inhale};
        matches!(self, Inhale | Full | Exhale | Empty | Hold)
    }

    /// Whether nothing moves in it that a listener could follow.
    pub fn is_still(self) -> bool {
        matches!(self, PhaseKind::Full | PhaseKind::Hold | PhaseKind::Pause)
    }
}

impl serde::Serialize for PhaseKind {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self.word())
    }
}

/// What is to be done for a while.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct PhaseSpan {
    /// The id of the pose.
    pub pose: String,
    /// The side, where there is one.
    pub side: Option<String>,
    /// The round, from 1, where there are rounds.
    pub round: Option<u32>,
    /// What is done.
    #[serde(rename = "phase")]
    pub kind: PhaseKind,
    /// When it begins.
    pub start: Frames,
    /// How long it is.
    pub frames: Frames,
}

impl PhaseSpan {
    /// The frames it covers.
    pub fn range(&self) -> FrameRange {
        FrameRange::new(self.start, self.frames)
    }
}

/// A part of one breath.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreathSpan {
    /// Which part.
    pub part: BreathPart,
    /// When it begins.
    pub start: Frames,
    /// How long it is.
    pub frames: Frames,
}

impl BreathSpan {
    /// The frames it covers.
    pub fn range(&self) -> FrameRange {
        FrameRange::new(self.start, self.frames)
    }
}
