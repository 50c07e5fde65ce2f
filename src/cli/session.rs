//! The arguments that choose a session, the same for every verb that plans one.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::time::Duration;

use catcow::Result;
use catcow::compose::{Composition, Request};
use catcow::diagnostic::{Code, Diagnostic};
use catcow::frames::SampleRate;
use catcow::load::{Library, Routine};
use catcow::plan::{Missing, Wishes};
use catcow::render::Channels;
use catcow::session::{Builder, Planned, Prepared, Yielding};
use catcow::sink::file::encoding::Quality;
use catcow::sink::file::identity::Outputs;
use catcow::sink::file::{FileFormat, Heard};
use catcow::work::Work;
use clap::{Args, ValueEnum};

use super::by_log::ByLog;
use super::composed::{self, Composed};
use super::origin::Origin;
use super::settings::{Choice, Chosen, Wanted};
use super::sound::Sound as SoundOptions;
use super::speech::Speaker;
use super::{Talk, notes};

/// Which session.
#[derive(Args, Clone)]
pub struct Session {
    /// The name of a routine, or the path of a routine's file.
    #[arg(value_name = "ROUTINE", required_unless_present = "composed_length", conflicts_with_all = composed::OPTIONS)]
    pub routine: Option<OsString>,
    #[command(flatten)]
    pub composed: Composed,
    #[command(flatten)]
    pub options: Options,
}

/// What a session is made from.
#[derive(Clone, Copy)]
pub enum Which<'a> {
    /// A routine, by its name or its path.
    Named(&'a OsStr),
    /// A session that was composed, of a length where it has several.
    Composed(&'a Composition, Option<Duration>),
}

/// What was composed before it is planned, where anything was.
#[derive(Clone, Default)]
pub struct Made(Option<(Composition, Option<Duration>)>);

impl Made {
    /// A composed session, of a length where it has several.
    pub fn of(composition: Composition, length: Option<Duration>) -> Made {
        Made(Some((composition, length)))
    }

    /// What was composed.
    pub fn composition(&self) -> Option<&Composition> {
        self.0.as_ref().map(|(composition, _)| composition)
    }

    /// What is planned: what was composed, or else a routine.
    pub fn which<'a>(&'a self, routine: Option<&'a OsStr>) -> Which<'a> {
        match &self.0 {
            Some((composition, length)) => Which::Composed(composition, *length),
            None => Which::Named(routine.unwrap_or_default()),
        }
    }
}

/// How a routine becomes a session.
#[derive(Args, Clone)]
pub struct Options {
    #[command(flatten)]
    pub wanted: Wanted,
    /// What to do with cues that are not recorded.
    #[arg(long, value_name = "WHAT", default_value = "refuse")]
    pub missing: MissingCues,
    #[command(flatten)]
    pub sound: SoundOptions,
    /// Whether the log says how safety words and progress are spoken of: whoever listens is the one whose log it is.
    #[arg(skip)]
    pub by_log: bool,
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

/// Rate and channels where nobody asks for any.
#[derive(Clone, Copy, Default)]
pub struct Form {
    /// Frames a second.
    pub rate: SampleRate,
    /// One channel, unless something is in stereo.
    pub saves_channels: bool,
}

impl Form {
    /// What a file of a kind has.
    pub fn of(format: &FileFormat, quality: Quality) -> Form {
        match format.heard {
            Heard::ByPrograms => Form::default(),
            Heard::OnPhones(rate) => Form { rate: rate(quality), saves_channels: true },
        }
    }
}

impl Options {
    /// Loads a routine and its voice, and plans the session. Says what is worth a look. Outputs that would replace what it is
    /// made from are refused before any work.
    pub fn plan(
        &self,
        library: &Library,
        which: Which<'_>,
        outputs: &Outputs,
        form: Form,
        talk: Talk,
        work: &Work<'_>,
    ) -> Result<Planned> {
        let (prepared, notes) = self.prepare(library, which, outputs, form, talk, work)?;
        talk.warn(prepared.warnings());
        notes.iter().for_each(|note| talk.say(note));
        let planned = prepared.plan()?;
        notes::of_stand_ins(&planned.timeline().stand_ins).iter().for_each(|note| talk.say(note));
        Ok(planned)
    }

    /// The same up to where it is planned, with what is to be said of the wishes.
    pub fn prepare(
        &self,
        library: &Library,
        which: Which<'_>,
        outputs: &Outputs,
        form: Form,
        talk: Talk,
        work: &Work<'_>,
    ) -> Result<(Prepared, Vec<String>)> {
        let choice = self.wanted.settle()?;
        let routine = match which {
            Which::Named(routine) => library.routine(routine)?,
            Which::Composed(composition, _) => composed::routine(library, composition)?,
        };
        let voice = library.voice(&choice.voice.value)?;
        let bed = self.sound.bed_file().map(Path::to_owned);
        outputs.spare(routine.files().chain(voice.files()).chain(bed).chain(super::own_files()))?;
        let voice = match &self.wanted.speak {
            Some(program) => {
                let program = super::settings::speech_program(Some(program))?;
                Speaker { program, talk, work, again: false }.complete(voice, &routine, self.missing.wish())?
            }
            None => voice,
        };
        let mut builder = Builder::new(routine, voice);
        builder.wishes = self.wishes(&choice, &builder.routine)?;
        let mut said = Vec::new();
        match which {
            Which::Composed(_, length) => (builder.wishes.level, builder.wishes.length) = (None, length),
            Which::Named(_) => said = choice.poses.wish(library, &builder.routine, &mut builder.wishes)?,
        }
        builder.rate = choice.rate.as_ref().map_or(form.rate, |rate| rate.value);
        let saves_channels = form.saves_channels && !builder.wishes.mix.is_in_stereo();
        let is_mono = choice.mono.as_ref().map_or(saves_channels, |mono| mono.value);
        builder.channels = if is_mono { Channels::Mono } else { Channels::Stereo };
        // What stands in the settings is meant for routines that can take it.
        let is_named = matches!(which, Which::Named(_));
        let length = is_named && stands(choice.length.as_ref());
        let yielding = Yielding { breath: stands(choice.breath.as_ref()), length };
        builder.yielding = yielding;
        let name = builder.routine.name.clone();
        let prepared = builder.prepare(work)?;
        said.extend(prepared.notes().iter().map(|note| notes::of_wishes(note, &name, &choice)));
        Ok((prepared, said))
    }

    /// Composes a session for the voice that is wanted, where one is asked for.
    pub fn compose(&self, library: &Library, request: Option<&Request>, form: Form, work: &Work<'_>) -> Result<Made> {
        let Some(mut request) = request.cloned() else { return Ok(Made::default()) };
        if self.wanted.level.is_some() {
            let message = "expected `--for` without `--level`, found both";
            let mistake = Diagnostic::error(Code::WrongValue, message);
            return Err(mistake
                .help("how much a composed session asks of you is said by `--mood` and its length")
                .into());
        }
        let choice = self.wanted.settle()?;
        let voice = library.voice(&choice.voice.value)?;
        let rate = choice.rate.as_ref().map_or(form.rate, |rate| rate.value);
        choice.poses.ask(library, &mut request)?;
        let wishes = |routine: &Routine| self.wishes(&choice, routine);
        let composition = composed::compose(&request, (library, &voice), wishes, rate, work)?;
        Ok(Made::of(composition, Some(request.length)))
    }

    /// What is wanted, for a routine.
    fn wishes(&self, choice: &Choice, routine: &Routine) -> Result<Wishes> {
        let mut mix = self.sound.mix(routine)?;
        mix.wake = choice.wake.value;
        mix.marks = choice.marks.as_ref().map_or(mix.marks, |marks| marks.value);
        let by_log = if self.by_log { ByLog::of(&routine.name) } else { ByLog::default() };
        Ok(Wishes {
            level: choice.level.as_ref().map(|level| level.value),
            length: choice.length.as_ref().map(|length| length.value),
            guidance: choice.guidance.as_ref().map(|guidance| guidance.value),
            breath: choice.breath.as_ref().map(|breath| breath.value),
            missing: self.missing.wish(),
            safety: by_log.safety,
            progress: by_log.progress,
            mix,
            ..Wishes::default()
        })
    }
}

/// Whether a value stands in the environment or the settings file.
fn stands<T>(chosen: Option<&Chosen<T>>) -> bool {
    matches!(chosen, Some(Chosen { origin: Origin::Standing(_), .. }))
}

/// Measures how loud a session is, and says what came to light.
pub fn measured(planned: Planned, talk: Talk, work: &Work<'_>) -> Result<catcow::session::Session> {
    let session = planned.session(work)?;
    session.notes().iter().for_each(|note| talk.say(&notes::of_levels(note, &session.timeline().mix)));
    Ok(session)
}
