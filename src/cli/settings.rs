//! What a person wants, wherever they said it: on the command line, in the environment, or in the settings file.
//!
//! What was said nearest to the moment wins: the command line over the environment over the settings file. All three are the person's
//! own wish, so each wins over the routine, which is the author's proposal. What a routine needs for safety or for its
//! sense is no proposal, and stays: safety words are always said, a pose that names its own breath keeps it.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

use catcow::Result;
use catcow::frames::SampleRate;
use catcow::load::language::breathing::BreathPattern;
use catcow::load::language::mix::Marks;
use catcow::load::language::quantity;
use catcow::load::language::routine::Guidance;
use catcow::load::language::spanned::Spanned;
use catcow::load::{DEFAULT_VOICE, Settings};
use catcow::plan::Level;
use clap::Args;

use super::origin::Origin;
use super::poses::{ChosenPoses, Poses};
use super::speech::Program;

/// What is wanted today; the same options for every verb that plans a session.
#[derive(Args, Clone, Default)]
pub struct Wanted {
    /// The voice: its name, or the path of a folder of recordings; with a comma, who says what it lacks: ./mine,ada.
    #[arg(long, value_name = "VOICE")]
    pub voice: Option<OsString>,
    /// How deep, from 1 (gentle) to 5.
    #[arg(long, value_name = "1-5", value_parser = level)]
    pub level: Option<Level>,
    /// How long, such as 15m: every range stretches to meet it; shorter leaves poses out, longer adds rest and rounds.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub length: Option<Duration>,
    #[command(flatten)]
    pub poses: Poses,
    /// How much is said.
    #[arg(long, value_name = "HOW", value_parser = guidance_words())]
    pub guidance: Option<String>,
    /// The breath, such as 4-6, in place of the routine's: seconds in and out, or in-hold-out-hold.
    #[arg(long, value_name = "PATTERN", value_parser = BreathPattern::parse)]
    pub breath: Option<BreathPattern>,
    /// The sample rate, in hertz.
    #[arg(long, value_name = "HZ", value_parser = rate)]
    pub rate: Option<SampleRate>,
    /// A small sound at each turn of the breath, high for in and low for out.
    #[arg(long, value_name = "HOW", value_parser = marks_words(), help_heading = "Sound")]
    pub marks: Option<String>,
    /// Keep gaps from being digital silence, for wireless headphones that fall asleep in it; `--wake=false` for an editor.
    #[arg(long, value_name = "TRUTH", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(help_heading = "Sound")]
    pub wake: Option<bool>,
    /// One channel instead of two; `--mono=false` where your settings say one.
    #[arg(long, value_name = "TRUTH", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub mono: Option<bool>,
    /// Have a speech program say what the voice lacks: this one, or else that of your settings, or the first that is there.
    #[arg(long, value_name = "PROGRAM", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub speak: Option<String>,
}

/// A value and where it comes from.
pub struct Chosen<T> {
    pub value: T,
    pub origin: Origin,
}

/// Everything that is wanted, settled; `None` leaves it to the routine.
pub struct Choice {
    pub voice: Chosen<OsString>,
    pub breath: Option<Chosen<BreathPattern>>,
    pub guidance: Option<Chosen<Guidance>>,
    pub level: Option<Chosen<Level>>,
    pub length: Option<Chosen<Duration>>,
    pub poses: ChosenPoses,
    /// `None` leaves it to where it is heard.
    pub rate: Option<Chosen<SampleRate>>,
    pub marks: Option<Chosen<Marks>>,
    pub wake: Chosen<bool>,
    /// `None` leaves it to where it is heard.
    pub mono: Option<Chosen<bool>>,
    /// The speech program that is named anywhere.
    pub speak: Option<Chosen<String>>,
}

/// What was said in the environment and in the settings file.
pub struct Standing {
    environment: Settings,
    file: Settings,
}

impl Standing {
    /// Reads both.
    pub fn read() -> Result<Standing> {
        let variable = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        let environment = Settings::from_environment(variable)?;
        let file = match path() {
            Some(path) => Settings::open(&path)?,
            None => Settings::default(),
        };
        Ok(Standing { environment, file })
    }

    /// What the nearer of the two says.
    fn get<T: Clone>(&self, setting: impl Fn(&Settings) -> &Option<Spanned<T>>) -> Option<Chosen<T>> {
        let found = setting(&self.environment).as_ref().or(setting(&self.file).as_ref())?;
        Some(Chosen { value: found.value.clone(), origin: Origin::Standing(found.place.clone()) })
    }
}

impl Wanted {
    /// Settles what is wanted.
    pub fn settle(&self) -> Result<Choice> {
        let standing = Standing::read()?;
        let (level, length) = self.depth(&standing);
        let marks = Marks::WORDS.iter().find(|(name, _)| self.marks.as_deref() == Some(*name));
        let guidance = self.guidance.as_deref().and_then(|word| Guidance::WORDS.iter().find(|(name, _)| *name == word));
        Ok(Choice {
            voice: chosen_voice(self.voice.as_deref(), &standing),
            breath: said("--breath", self.breath).or_else(|| standing.get(|settings| &settings.breath)),
            guidance: said("--guidance", guidance.map(|(_, guidance)| *guidance))
                .or_else(|| standing.get(|settings| &settings.guidance)),
            level,
            length,
            poses: self.poses.settle(&standing.environment, &standing.file),
            rate: said("--rate", self.rate).or_else(|| standing.get(|settings| &settings.rate)),
            marks: said("--marks", marks.map(|(_, marks)| *marks)).or_else(|| standing.get(|settings| &settings.marks)),
            wake: said("--wake", self.wake)
                .or_else(|| standing.get(|settings| &settings.wake))
                .unwrap_or(built_in(true)),
            mono: said("--mono", self.mono).or_else(|| standing.get(|settings| &settings.mono)),
            speak: said("--speak", self.speak.clone().filter(|program| !program.is_empty()))
                .or_else(|| standing.get(|settings| &settings.speak)),
        })
    }

    /// Level and length are two ways to say how deep: the nearest place that says either is heard, and those farther
    /// away are not. So `--level 1` is not outdone by a length that stands in a file.
    fn depth(&self, standing: &Standing) -> (Option<Chosen<Level>>, Option<Chosen<Duration>>) {
        if self.level.is_some() || self.length.is_some() {
            return (said("--level", self.level), said("--length", self.length));
        }
        for settings in [&standing.environment, &standing.file] {
            if settings.level.is_some() || settings.length.is_some() {
                let level = settings.level.as_ref().and_then(|level| {
                    Some(Chosen { value: Level::new(level.value)?, origin: Origin::Standing(level.place.clone()) })
                });
                let length = settings.length.as_ref();
                let length = length.map(|at| Chosen { value: at.value, origin: Origin::Standing(at.place.clone()) });
                return (level, length);
            }
        }
        (None, None)
    }
}

fn said<T>(option: &'static str, value: Option<T>) -> Option<Chosen<T>> {
    value.map(|value| Chosen { value, origin: Origin::CommandLine(option) })
}

fn built_in<T>(value: T) -> Chosen<T> {
    Chosen { value, origin: Origin::BuiltIn }
}

/// The voice, for verbs that need no more: `--voice`, else what stands in the environment or the settings.
pub fn voice(said: Option<&OsStr>) -> Result<OsString> {
    Ok(chosen_voice(said, &Standing::read()?).value)
}

/// Whether headphones are woken before the first word, for verbs that only tell how long a session is.
pub fn wake() -> Result<bool> {
    Ok(Standing::read()?.get(|settings| &settings.wake).is_none_or(|wake| wake.value))
}

/// The speech program that says what a voice lacks: the one that is `said`, unless that is nothing, else the one of the environment or the settings, else the
/// first that is there.
pub fn speech_program(said: Option<&str>) -> Result<Program> {
    match said.filter(|said| !said.is_empty()) {
        Some(said) => Program::parse(said),
        None => match Standing::read()?.get(|settings| &settings.speak) {
            Some(standing) => Program::parse(&standing.value),
            None => Program::found(),
        },
    }
}

fn chosen_voice(option: Option<&OsStr>, standing: &Standing) -> Chosen<OsString> {
    if let Some(voice) = said("--voice", option.map(OsStr::to_owned)) {
        return voice;
    }
    let Some(Chosen { value, origin }) = standing.get(|settings| &settings.voice) else {
        return built_in(DEFAULT_VOICE.into());
    };
    // A folder in the settings file is meant from there, wherever the program is run.
    if standing.environment.voice.is_none() && value.contains(['/', '\\']) {
        let beside = path().and_then(|path| path.parent().map(Path::to_owned)).unwrap_or_default();
        return Chosen { value: from_folder(&beside, &value), origin };
    }
    Chosen { value: value.into(), origin }
}

/// Voices with commas between them, or one, whose paths begin in a folder.
fn from_folder(folder: &Path, voices: &str) -> OsString {
    let whole = folder.join(voices);
    if whole.is_dir() || folder.to_str().is_none_or(|folder| folder.contains(',')) {
        return whole.into_os_string();
    }
    let path = |voice: &str| folder.join(voice.trim()).to_string_lossy().into_owned();
    let each =
        voices.split(',').map(|voice| if voice.contains(['/', '\\']) { path(voice) } else { voice.trim().to_owned() });
    each.collect::<Vec<_>>().join(",").into()
}

/// The settings file: `CATCOW_CONFIG`, or where the platform keeps such files.
pub fn path() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("CATCOW_CONFIG").filter(|path| !path.is_empty()) {
        return Some(PathBuf::from(path));
    }
    super::folders().map(|folders| etcetera::AppStrategy::config_dir(&folders).join("config.toml"))
}

fn guidance_words() -> clap::builder::PossibleValuesParser {
    Guidance::WORDS.map(|(word, _)| word).into()
}

fn marks_words() -> clap::builder::PossibleValuesParser {
    Marks::WORDS.map(|(word, _)| word).into()
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

/// A single time, as in a routine, or as it is shown: `m:ss`, `h:mm:ss`.
pub fn time(text: &str) -> Result<Duration, String> {
    let time = quantity::time(&unclocked(text).unwrap_or_else(|| text.to_owned()))?;
    time.one().ok_or_else(|| "expected one time, found a range".into())
}

/// `1:02:03.5` as `1h02m03.5s`; `None` where it is no such time.
fn unclocked(text: &str) -> Option<String> {
    let (before, seconds) = text.trim().rsplit_once(':')?;
    let (hours, minutes) = before.rsplit_once(':').map_or((None, before), |(hours, minutes)| (Some(hours), minutes));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let sixty = |text: &str| text.len() == 2 && digits(text) && text < "60";
    let (whole, part) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let fits = match hours {
        Some(hours) => digits(hours) && sixty(minutes),
        None => digits(minutes),
    };
    (fits && sixty(whole) && digits(part)).then(|| format!("{}h{minutes}m{seconds}s", hours.unwrap_or("0")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_can_be_given_as_it_is_shown() {
        for (text, millis) in [
            ("4:40", 280_000),
            ("04:40.0", 280_000),
            ("0:00.25", 250),
            ("1:02:03", 3_723_000),
            ("90:00", 5_400_000),
            ("1m30s", 90_000),
            ("90", 90_000),
        ] {
            assert_eq!(time(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        let unclear = [
            "4:4",
            "4:60",
            ":40",
            "4:",
            "1:60:00",
            "1:2:03",
            "1:00:00:00",
            "4:40s",
            "-1:00",
            "1s:00",
            "25:00:00",
            "1..2",
        ];
        for text in unclear {
            assert!(time(text).is_err(), "{text}");
        }
    }
}
