//! The arguments that ask for a session to be composed, the same for every verb that takes them.

use std::sync::Arc;
use std::time::Duration;

use catcow::Result;
use catcow::compose::{Composition, Mood, Request, Rules, Studio, Within, everything};
use catcow::diagnostic::Source;
use catcow::frames::SampleRate;
use catcow::load::language::own_words::hyphenated;
use catcow::load::language::position::Position;
use catcow::load::language::traits::{Area, Joint, Need};
use catcow::load::{Library, Routine, Voice};
use catcow::plan::Wishes;
use catcow::session::Builder;
use catcow::work::Work;
use clap::Args;

use super::settings::time;
use super::tastes;

/// A session that is composed for today.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = "A session composed for today")]
pub struct Composed {
    /// Compose a session of this length, such as 12m, in place of a routine.
    #[arg(long = "for", value_name = "TIME", value_parser = time, conflicts_with = "length")]
    composed_length: Option<Duration>,
    #[command(flatten)]
    within: InPlace,
    #[command(flatten)]
    without: LeftOut,
    /// Nothing on the belly.
    #[arg(long, requires = "composed_length")]
    no_prone: bool,
    /// What it works on: lower-back, upper-back, hips, hamstrings, shoulders, chest, core, legs, breath, rest.
    #[arg(long, value_name = "AREA", value_delimiter = ',', value_parser = area, requires = "composed_length")]
    focus: Vec<Area>,
    /// What it does not load: wrists, knees, hips, shoulders, neck, ankles, lower-back.
    #[arg(long, value_name = "JOINT", value_delimiter = ',', value_parser = joint, requires = "composed_length")]
    avoid: Vec<Joint>,
    /// What is at hand: wall, chair, desk.
    #[arg(long = "with", value_name = "THING", value_delimiter = ',', value_parser = need, requires = "composed_length")]
    at_hand: Vec<Need>,
    /// What it is to feel like: wake, unwind, strength.
    #[arg(long, value_name = "MOOD", value_parser = mood, requires = "composed_length")]
    mood: Option<Mood>,
    /// In place of today: any word. The same word gives the same session.
    #[arg(long, value_name = "WORD", requires = "composed_length")]
    seed: Option<String>,
}

/// Where all of it takes place.
#[derive(Args, Clone, Default)]
struct InPlace {
    /// All of it lying down.
    #[arg(long, requires = "composed_length", conflicts_with = "seated")]
    lying: bool,
    /// All of it on a chair.
    #[arg(long, requires = "composed_length")]
    seated: bool,
}

/// What is left out.
#[derive(Args, Clone, Default)]
struct LeftOut {
    /// Nothing on the knees, nor on hands and knees.
    #[arg(long, requires = "composed_length")]
    no_kneeling: bool,
    /// Nothing standing.
    #[arg(long, requires = "composed_length")]
    no_standing: bool,
}

/// The ids of the options that only composed sessions have.
pub const OPTIONS: [&str; 11] = [
    "composed_length",
    "lying",
    "seated",
    "no_kneeling",
    "no_standing",
    "no_prone",
    "focus",
    "avoid",
    "at_hand",
    "mood",
    "seed",
];

impl Composed {
    /// Whether one is asked for.
    pub fn is_wanted(&self) -> bool {
        self.composed_length.is_some()
    }

    /// What is asked for, where something is; `day` is what it is composed for unless a word was given.
    ///
    /// # Errors
    /// What was kept of earlier sessions cannot be read.
    pub fn request(&self, day: impl FnOnce() -> String) -> Result<Option<Request>> {
        let Some(length) = self.composed_length else { return Ok(None) };
        let tastes = tastes::read()?;
        let leaves_out = [
            (self.without.no_kneeling, Position::Kneeling),
            (self.without.no_kneeling, Position::HandsAndKnees),
            (self.without.no_standing, Position::Standing),
            (self.no_prone, Position::Prone),
        ];
        Ok(Some(Request {
            length,
            within: match (self.within.lying, self.within.seated) {
                (true, _) => Within::Lying,
                (_, true) => Within::Seated,
                _ => Within::Anything,
            },
            no_positions: leaves_out.into_iter().filter(|(out, _)| *out).map(|(_, position)| position).collect(),
            focus: self.focus.clone(),
            avoid: self.avoid.clone(),
            with: self.at_hand.clone(),
            mood: self.mood.unwrap_or_default(),
            seed: self.seed.clone().unwrap_or_else(day),
            without: tastes.without,
            more: tastes.more,
            only: Vec::new(),
        }))
    }

    /// What has to stand behind the arguments, so that they ask for the same session on another day.
    pub fn dated(&self, request: &Request) -> Option<String> {
        self.seed.is_none().then(|| format!("--seed={}", request.seed))
    }
}

/// Composes a session for a voice.
pub fn compose(
    request: &Request,
    (library, voice): (&Library, &Voice),
    wishes: impl FnOnce(&Routine) -> Result<Wishes>,
    rate: SampleRate,
    work: &Work<'_>,
) -> Result<Composition> {
    let rules = Rules::open(library)?;
    let everything = everything(library, &rules)?;
    let mut builder = Builder::new(everything, voice.clone());
    builder.wishes = wishes(&builder.routine)?;
    builder.rate = rate;
    let wishes = builder.wishes.clone();
    let prepared = builder.prepare(work)?;
    Studio::new(library, rules, prepared.durations(), &wishes)?.compose(request)
}

/// The routine that a composed session is.
pub fn routine(library: &Library, composition: &Composition) -> Result<Routine> {
    let source = Source::in_memory(composition.name.as_str(), composition.text.as_str());
    library.read(&composition.name, &Arc::new(source))
}

fn area(word: &str) -> Result<Area, String> {
    one_of(word, &Area::WORDS)
}

fn joint(word: &str) -> Result<Joint, String> {
    one_of(word, &Joint::WORDS)
}

fn need(word: &str) -> Result<Need, String> {
    one_of(word, &Need::WORDS)
}

fn mood(word: &str) -> Result<Mood, String> {
    one_of(word, &Mood::WORDS)
}

/// A word of a closed set, however it is spaced; the nearest is named where it is none.
fn one_of<T: Copy>(word: &str, words: &[(&'static str, T)]) -> Result<T, String> {
    let meant = word.trim().to_lowercase().replace(' ', "-");
    if let Some((_, found)) = words.iter().find(|(name, _)| *name == meant) {
        return Ok(*found);
    }
    let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
    let near = catcow::diagnostic::nearest(&meant, names.iter().copied());
    let near = near.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
    Err(format!("expected one of {}{near}", names.join(", ")))
}

/// What its files are called: `composed-2026-11-27-12m`.
pub fn file_name(request: &Request) -> String {
    let seed = hyphenated(&request.seed);
    let name = request.name();
    let length = name.trim_start_matches("composed-");
    if seed.is_empty() { name } else { format!("composed-{seed}-{length}") }
}
