//! What the page asks for, as it stands in JSON.

use std::fmt::Display;
use std::time::Duration;

use catcow::compose::{Mood, Request, Within};
use catcow::load::Routine;
use catcow::load::language::breathing::BreathPattern;
use catcow::load::language::mix::{BedChoice, Tone};
use catcow::load::language::position::Position;
use catcow::load::language::routine::Guidance;
use catcow::load::language::traits::{Area, Joint, Need};
use catcow::plan::{Level, ProgressWords, SafetyWords, Wishes};
use catcow::programme::{Day, Entry, Pain};
use serde::Deserialize;

/// A request.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Ask {
    /// The files that the site has, each with its size.
    Begin {
        files: Vec<(String, u64)>,
    },
    /// The host does not have a file.
    Lost {
        path: String,
    },
    Bounds {
        wishes: Wanted,
    },
    Plan {
        wishes: Wanted,
    },
    Open {
        wishes: Wanted,
    },
    Init,
    Encode {
        packets: u32,
    },
    /// Samples of 16 bit, interleaved.
    Render {
        frame: u64,
        frames: u32,
    },
    Seek {
        frame: u64,
    },
    Longer {
        frame: u64,
    },
    LetGo {
        frame: u64,
    },
    Less {
        frame: u64,
    },
    /// The whole file; `date` is the day that it says it was made, such as 2026-03-01.
    Save {
        date: Option<String>,
    },
    Cover,
    /// The programmes that there are.
    Programmes,
    /// What is due by a programme that is followed since a day, and what the log says. Days are counted from 1970.
    Today {
        programme: String,
        since: i32,
        today: i32,
        log: Vec<Practised>,
        wishes: Wanted,
    },
    /// What the log says of all that was practised.
    Log {
        today: i32,
        log: Vec<Practised>,
    },
}

/// A session that was practised.
#[derive(Clone, Deserialize)]
pub struct Practised {
    /// The day, counted from 1970.
    pub day: i32,
    /// The second of the day on which it ended.
    pub second: u32,
    pub routine: String,
    /// How long it was played, in seconds.
    pub seconds: f64,
    pub finished: bool,
    pub before: Option<u8>,
    pub after: Option<u8>,
}

impl Practised {
    /// As an entry of a log.
    pub fn entry(&self) -> Entry {
        let length = seconds("seconds", self.seconds).unwrap_or_default();
        let pain = Pain { before: self.before, after: self.after };
        let Practised { day, second, routine, finished, .. } = self.clone();
        Entry { day: Day(day), second, routine, length, finished, pain }
    }
}

/// What is wanted of a session: the options of the program, by their names.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Wanted {
    pub routine: Option<String>,
    pub compose: Option<Composed>,
    pub voice: Option<String>,
    pub guidance: Option<String>,
    pub level: Option<u8>,
    /// In seconds.
    pub length: Option<f64>,
    pub breath: Option<String>,
    pub tone: Option<String>,
    pub bed: Option<String>,
    pub without: Vec<String>,
    pub only: Vec<String>,
    pub more: Vec<String>,
    pub safety: Option<String>,
    /// `lacking` where weeks brought no less pain: it is said at the end, and to whom to go with it.
    pub progress: Option<String>,
    pub wake: Option<bool>,
}

/// A session that is composed.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Composed {
    pub minutes: f64,
    pub within: Option<String>,
    /// Positions that are left out: kneeling, standing, prone.
    pub no: Vec<String>,
    pub focus: Vec<String>,
    pub avoid: Vec<String>,
    pub with: Vec<String>,
    pub mood: Option<String>,
    pub seed: String,
}

impl Wanted {
    /// The wishes for a routine.
    ///
    /// # Errors
    /// A word that there is not.
    pub fn wishes(&self, routine: &Routine) -> Result<Wishes, String> {
        let mut mix = routine.mix();
        if let Some(tone) = &self.tone {
            mix.tone = word("tone", tone, &Tone::WORDS)?;
        }
        if let Some(bed) = &self.bed {
            let generated = |_: &str| {
                Err(catcow::diagnostic::Diagnostic::error(
                    catcow::diagnostic::Code::WrongValue,
                    format!("expected rain, ocean, drone or off, found `{bed}`"),
                ))
            };
            mix.bed = BedChoice::named(bed, generated).map_err(|wrong| catcow::Error::from(wrong).to_string())?.bed();
        }
        mix.wake = self.wake.unwrap_or(true);
        let level = self.level.map(|level| Level::new(level).ok_or_else(|| wrong("level", level, "1 to 5")));
        let guidance = self.guidance.as_ref().map(|text| word("guidance", text, &Guidance::WORDS));
        Ok(Wishes {
            level: level.transpose()?,
            length: self.length.map(|length| seconds("length", length)).transpose()?,
            guidance: guidance.transpose()?,
            breath: self.breath.as_deref().map(BreathPattern::parse).transpose()?,
            without: self.without.clone(),
            only: self.only.clone(),
            more: self.more.clone(),
            safety: match self.safety.as_deref() {
                Some("brief") => SafetyWords::Brief,
                _ => SafetyWords::Whole,
            },
            progress: match self.progress.as_deref() {
                Some("lacking") => ProgressWords::Lacking,
                _ => ProgressWords::Usual,
            },
            mix,
            ..Wishes::default()
        })
    }
}

impl Composed {
    /// What is to be composed.
    ///
    /// # Errors
    /// A word that there is not.
    pub fn request(&self, wanted: &Wanted) -> Result<Request, String> {
        let no_positions = self.no.iter().map(|name| match name.as_str() {
            "kneeling" => Ok(vec![Position::Kneeling, Position::HandsAndKnees]),
            "standing" => Ok(vec![Position::Standing]),
            "prone" => Ok(vec![Position::Prone]),
            other => Err(wrong("no", other, "kneeling, standing or prone")),
        });
        let within = self.within.as_ref().map(|text| word("within", text, &Within::WORDS));
        let mood = self.mood.as_ref().map(|text| word("mood", text, &Mood::WORDS));
        Ok(Request {
            length: seconds("minutes", self.minutes * 60.0)?,
            within: within.transpose()?.unwrap_or_default(),
            no_positions: no_positions.collect::<Result<Vec<_>, _>>()?.concat(),
            focus: words("focus", &self.focus, &Area::WORDS)?,
            avoid: words("avoid", &self.avoid, &Joint::WORDS)?,
            with: words("with", &self.with, &Need::WORDS)?,
            mood: mood.transpose()?.unwrap_or_default(),
            without: wanted.without.clone(),
            only: wanted.only.clone(),
            more: wanted.more.clone(),
            seed: self.seed.clone(),
        })
    }
}

/// A length within a day: nothing longer is asked for on purpose.
fn seconds(key: &str, seconds: f64) -> Result<Duration, String> {
    let whole = (0.0..=86_400.0).contains(&seconds).then(|| Duration::try_from_secs_f64(seconds).ok());
    whole.flatten().ok_or_else(|| wrong(key, seconds, "a length up to a day"))
}

fn words<T: Copy, const N: usize>(key: &str, texts: &[String], all: &[(&'static str, T); N]) -> Result<Vec<T>, String> {
    texts.iter().map(|text| word(key, text, all)).collect()
}

fn word<T: Copy, const N: usize>(key: &str, text: &str, all: &[(&'static str, T); N]) -> Result<T, String> {
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    let found = all.iter().find(|(name, _)| *name == text).map(|(_, found)| *found);
    found.ok_or_else(|| wrong(key, text, &names.join(", ")))
}

fn wrong(key: &str, found: impl Display, expected: &str) -> String {
    format!("`{key}`: expected {expected}, found `{found}`")
}
