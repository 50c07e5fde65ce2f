//! The arguments that choose a session, the same for every verb that plans one.

use std::sync::Arc;

use catcow::frames::clock;
use catcow::gain::Decibels;
use catcow::load::library::voice::ClipFile;
use catcow::load::{ClipCache, ClipDurations, Library, Routine, Voice};
use catcow::plan::timeline::{Sound, Track};
use catcow::plan::{self, Level, Missing, Timeline, Wishes};
use catcow::render::{Channels, Mixer};
use catcow::{Error, Result};
use clap::{Args, ValueEnum};

use super::Talk;
use super::settings::{Choice, Chosen, Origin, Wanted};
use super::sound::Sound as SoundOptions;

/// Which session.
#[derive(Args)]
pub struct Session {
    /// The name of a routine, or the path of a routine's file.
    #[arg(value_name = "ROUTINE")]
    pub routine: String,
    #[command(flatten)]
    pub options: Options,
}

/// How a routine becomes a session.
#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    pub wanted: Wanted,
    /// What to do with cues that are not recorded.
    #[arg(long, value_name = "WHAT", default_value = "refuse")]
    pub missing: MissingCues,
    #[command(flatten)]
    pub sound: SoundOptions,
}

/// What to do with cues that are not recorded.
#[derive(Clone, Copy, ValueEnum)]
pub enum MissingCues {
    /// List them all, and stop.
    Refuse,
    /// Put a soft bell in their place.
    Bell,
}

impl MissingCues {
    /// The plan's word for it.
    pub fn wish(self) -> Missing {
        match self {
            MissingCues::Refuse => Missing::Refuse,
            MissingCues::Bell => Missing::Bell,
        }
    }
}

impl Session {
    /// Loads and plans it.
    pub fn plan(&self, library: &mut Library, talk: Talk) -> Result<Planned> {
        self.options.load(library, &self.routine, talk)?.plan()
    }
}

/// What a session is planned from.
pub struct Loaded {
    /// What is done.
    pub routine: Routine,
    /// Who speaks.
    pub voice: Voice,
    /// How long everything is that is said.
    pub lengths: ClipDurations,
    /// Where the recordings come from.
    pub cache: Arc<ClipCache>,
    /// What a person wants today.
    pub wishes: Wishes,
    /// Samples for a frame.
    pub channels: Channels,
}

impl Options {
    /// Loads a routine and its voice.
    pub fn load(&self, library: &mut Library, routine: &str, talk: Talk) -> Result<Loaded> {
        let choice = self.wanted.settle()?;
        let routine = library.routine(routine)?;
        let voice = library.voice(&choice.voice.value)?;
        let mix = self.sound.mix(&routine, choice.rate.value)?;
        let cache = Arc::new(ClipCache::levelled(choice.rate.value, mix.voice()));
        let lengths = ClipDurations::measure(&routine, &voice, &cache)?;
        talk.warn(&lengths.warnings);
        let wishes = Wishes { mix, ..wishes(&choice, self.missing.wish(), &routine, &lengths, talk) };
        let channels = if choice.mono.value { Channels::Mono } else { Channels::Stereo };
        Ok(Loaded { routine, voice, lengths, cache, wishes, channels })
    }
}

impl Loaded {
    /// Plans what was loaded.
    pub fn plan(&self) -> Result<Planned> {
        let timeline = Arc::new(plan::plan(&self.routine, &self.lengths, &self.wishes)?);
        let bounds = plan::bounds(&self.routine, &self.lengths, &self.wishes);
        Ok(Planned { timeline, cache: Arc::clone(&self.cache), bounds, channels: self.channels })
    }
}

/// What is wished of the plan. What stands in the settings is meant for routines that can take it: where a routine cannot, its
/// own value is kept and that is told, instead of the routine being refused.
fn wishes(choice: &Choice, missing: Missing, routine: &Routine, lengths: &ClipDurations, talk: Talk) -> Wishes {
    let mut wishes = Wishes {
        level: choice.level.as_ref().map(|level| level.value),
        length: None,
        guidance: choice.guidance.as_ref().map(|guidance| guidance.value),
        breath: choice.breath.as_ref().map(|breath| breath.value),
        missing,
        ..Wishes::default()
    };
    if let Some(Chosen { value, origin: Origin::Standing(place) }) = &choice.breath
        && leaves_no_time(plan::plan(routine, lengths, &Wishes { level: Some(Level::GENTLE), ..wishes.clone() }))
    {
        wishes.breath = None;
        talk.say(&format!(
            "note: a breath of {value} ({}) leaves no time for some words of `{}`, so its own breath is kept; \
             `--breath {value}` shows which",
            place.line(),
            routine.name
        ));
    }
    wishes.length = choice.length.as_ref().map(|length| length.value);
    if let Some(Chosen { value, origin: Origin::Standing(place) }) = &choice.length {
        let bounds = plan::bounds(routine, lengths, &wishes);
        if !bounds.allow(*value, lengths.rate) {
            wishes.length = None;
            let [shortest, longest] = bounds.clocks(lengths.rate);
            talk.say(&format!(
                "note: `{}` can last {shortest} to {longest}, so a length of {} ({}) is left out",
                routine.name,
                clock(*value),
                place.line()
            ));
        }
    }
    wishes
}

/// Whether a plan fails because words do not fit their breath.
fn leaves_no_time(planned: Result<Timeline>) -> bool {
    matches!(planned, Err(Error::Mistakes(wrong)) if wrong.iter().any(|each| each.code == catcow::diagnostic::Code::CueTooLong))
}

/// A session that is planned.
pub struct Planned {
    /// What sounds when.
    pub timeline: Arc<Timeline>,
    /// Where its recordings come from.
    pub cache: Arc<ClipCache>,
    /// How short and how long it could be.
    pub bounds: plan::Bounds,
    /// Samples for a frame.
    pub channels: Channels,
}

impl Planned {
    /// What renders it. Says so where the whole has to be turned down.
    pub fn mixer(&self, talk: Talk) -> Mixer {
        let mixer = Mixer::new(Arc::clone(&self.timeline), Arc::clone(&self.cache), self.channels);
        let down = -mixer.gain().0;
        if down > 0.0 {
            talk.say(&self.turned_down(down));
        }
        // What cannot be read is told when it is rendered.
        let short = self.cache.shortfall(&self.recordings()).unwrap_or(Decibels::ZERO);
        if short.0 > 0.5 {
            talk.say(&self.too_quiet(short));
        }
        mixer
    }

    /// The recordings of what is said.
    fn recordings(&self) -> Vec<Arc<ClipFile>> {
        let file = |sound: &Sound| if let Sound::Clip { file, .. } = sound { Some(Arc::clone(file)) } else { None };
        self.timeline.sounds.iter().filter_map(file).collect()
    }

    /// The note that words are quieter than asked for by so much.
    fn too_quiet(&self, short: Decibels) -> String {
        let mix = &self.timeline.mix;
        let option = if mix.voice_level > Decibels::ZERO { "--voice-level" } else { "--loudness" };
        format!(
            "note: words come out at about {:.1} LUFS where {:.1} was asked for, because the peaks of recordings are held at -2 dBTP; \
             a lower `{option}` makes them clearer",
            mix.voice().0 - short.0,
            mix.voice().0
        )
    }

    /// The note that all is turned down by so many decibels: what is too loud together, and what helps.
    fn turned_down(&self, decibels: f32) -> String {
        let timeline = &self.timeline;
        let placed = |track: Track| timeline.regions.iter().any(|region| region.track == track);
        let (bed, tone) = (timeline.mix.bed.is_some(), timeline.mix.tone.is_some() && !timeline.breaths.is_empty());
        let named = |names: &[(bool, &'static str)]| -> Vec<_> {
            names.iter().filter(|(there, _)| *there).map(|(_, name)| *name).collect()
        };
        let parts =
            named(&[(placed(Track::Voice), "voice"), (placed(Track::Bell), "bells"), (bed, "bed"), (tone, "tone")]);
        let helps = named(&[(bed, "`--bed-level`"), (tone, "`--tone-level`")]);
        let too_loud = match &parts[..] {
            [first @ .., last] if !first.is_empty() => format!("{} and {last} together are", first.join(", ")),
            parts => format!("the {} alone is", parts.concat()),
        };
        let down = if decibels < 0.1 { "less than 0.1 dB".into() } else { format!("{decibels:.1} dB") };
        format!(
            "note: {too_loud} louder than -1 dBTP, the most that a file should hold, so all is turned down by {down}; \
             a lower {} avoids that",
            helps.join(" or ")
        )
    }
}
