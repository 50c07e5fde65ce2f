//! The arguments that choose a session, the same for every verb that plans one.

use std::sync::Arc;
use std::time::Duration;

use catcow::Result;
use catcow::frames::SampleRate;
use catcow::load::breath::BreathPattern;
use catcow::load::routine::Guidance;
use catcow::load::{DEFAULT_VOICE, Lengths, Library, Routine, Shelf, quantity};
use catcow::plan::{self, Level, Missing, Timeline, Wishes};
use catcow::render::{Channels, Mixer};
use clap::{Args, ValueEnum};

/// Which session.
#[derive(Args)]
pub struct Session {
    /// The name of a routine, or the path of a routine's file.
    #[arg(value_name = "ROUTINE")]
    pub routine: String,
    /// The voice: its name, or the path of a folder of recordings.
    #[arg(long, value_name = "VOICE", default_value = DEFAULT_VOICE)]
    pub voice: String,
    /// How deep, from 1 (gentle) to 5.
    #[arg(long, value_name = "1-5", value_parser = level)]
    pub level: Option<Level>,
    /// How long, such as 15m: every range stretches to meet it.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub length: Option<Duration>,
    /// How much is said.
    #[arg(long, value_name = "HOW", value_parser = guidance_words())]
    pub guidance: Option<String>,
    /// The breath, such as 4-6, in place of the routine's: seconds in and out, or in-hold-out-hold.
    #[arg(long, value_name = "PATTERN", value_parser = BreathPattern::parse)]
    pub breath: Option<BreathPattern>,
    /// What to do with cues that are not recorded.
    #[arg(long, value_name = "WHAT", default_value = "refuse")]
    pub missing: MissingCues,
    /// The sample rate, in hertz.
    #[arg(long, value_name = "HZ", default_value = "48000", value_parser = rate)]
    pub rate: SampleRate,
    /// One channel instead of two.
    #[arg(long)]
    pub mono: bool,
}

/// What to do with cues that are not recorded.
#[derive(Clone, Copy, ValueEnum)]
pub enum MissingCues {
    /// List them all, and stop.
    Refuse,
    /// Put a soft bell in their place.
    Bell,
}

impl Session {
    /// Loads and plans it.
    pub fn plan(&self, library: &mut Library) -> Result<Planned> {
        let routine = library.routine(&self.routine)?;
        self.plan_routine(&routine, library)
    }

    fn plan_routine(&self, routine: &Routine, library: &Library) -> Result<Planned> {
        let voice = library.voice(&self.voice)?;
        let shelf = Arc::new(Shelf::new(self.rate));
        let lengths = Lengths::measure(routine, &voice, &shelf)?;
        let timeline = Arc::new(plan::plan(routine, &lengths, &self.wishes())?);
        let bounds = plan::bounds(routine, &lengths, &self.wishes());
        Ok(Planned { timeline, shelf, bounds, channels: self.channels() })
    }

    fn channels(&self) -> Channels {
        if self.mono { Channels::Mono } else { Channels::Stereo }
    }

    fn wishes(&self) -> Wishes {
        let guidance = self.guidance.as_deref();
        Wishes {
            level: self.level,
            length: self.length,
            guidance: guidance
                .and_then(|word| Guidance::WORDS.iter().find(|(name, _)| *name == word))
                .map(|(_, guidance)| *guidance),
            breath: self.breath,
            missing: match self.missing {
                MissingCues::Refuse => Missing::Refuse,
                MissingCues::Bell => Missing::Bell,
            },
        }
    }
}

/// A session that is planned.
pub struct Planned {
    /// What sounds when.
    pub timeline: Arc<Timeline>,
    /// Where its recordings come from.
    pub shelf: Arc<Shelf>,
    /// How short and how long it could be.
    pub bounds: plan::Bounds,
    /// Samples for a frame.
    pub channels: Channels,
}

impl Planned {
    /// What renders it.
    pub fn mixer(&self) -> Mixer {
        Mixer::new(Arc::clone(&self.timeline), Arc::clone(&self.shelf), self.channels)
    }
}

fn guidance_words() -> clap::builder::PossibleValuesParser {
    Guidance::WORDS.map(|(word, _)| word).into()
}

fn level(text: &str) -> Result<Level, String> {
    text.parse().ok().and_then(Level::new).ok_or_else(|| "expected a level from 1 to 5".into())
}

fn rate(text: &str) -> Result<SampleRate, String> {
    let hz = SampleRate::RANGE_HZ;
    text.parse()
        .ok()
        .and_then(SampleRate::new)
        .ok_or_else(|| format!("expected a rate of {} to {} Hz", hz.start(), hz.end()))
}

/// A single time, as in a routine.
pub fn time(text: &str) -> Result<Duration, String> {
    let time = quantity::time(text)?;
    if time.least == time.most { Ok(time.least) } else { Err("expected one time, found a range".into()) }
}
