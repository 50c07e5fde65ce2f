//! What somebody wants of a session that is yet to be composed.

use std::fmt::Write;
use std::time::Duration;

use crate::load::language::position::Position;
use crate::load::language::quantity::written;
use crate::load::language::traits::{Area, Joint, Need};

/// What a session is to feel like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// Nothing was said.
    #[default]
    Any,
    /// To wake up.
    Wake,
    /// To unwind.
    Unwind,
    /// To grow stronger.
    Strength,
}

impl Mood {
    /// The words for them.
    pub const WORDS: [(&'static str, Mood); 4] =
        [("any", Mood::Any), ("wake", Mood::Wake), ("unwind", Mood::Unwind), ("strength", Mood::Strength)];

    /// The word for it.
    pub fn word(self) -> &'static str {
        Mood::WORDS.iter().find(|(_, mood)| *mood == self).map_or("", |(word, _)| word)
    }
}

/// Where all of a session is to take place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Within {
    /// Wherever a body can be.
    #[default]
    Anything,
    /// Lying only.
    Lying,
    /// On a chair only.
    Seated,
}

impl Within {
    /// The words for them.
    pub const WORDS: [(&'static str, Within); 3] =
        [("anything", Within::Anything), ("lying", Within::Lying), ("seated", Within::Seated)];
}

/// What is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// How long it is to be.
    pub length: Duration,
    /// Where all of it takes place.
    pub within: Within,
    /// Positions that are left out.
    pub no_positions: Vec<Position>,
    /// What it is to work on, the most important first; nothing for anything.
    pub focus: Vec<Area>,
    /// What it may not load.
    pub avoid: Vec<Joint>,
    /// What is at hand, apart from what `within` brings along.
    pub with: Vec<Need>,
    /// What it is to feel like.
    pub mood: Mood,
    /// Poses that are left out.
    pub without: Vec<String>,
    /// The only poses that may come; nothing for all. The closing rest comes all the same.
    pub only: Vec<String>,
    /// Poses that are to come more often.
    pub more: Vec<String>,
    /// What makes it differ from others of its kind: the day, or any word.
    pub seed: String,
}

impl Request {
    /// Whether a body may be placed so.
    pub(super) fn allows(&self, position: Position) -> bool {
        let within = match self.within {
            Within::Anything => true,
            Within::Lying => position.lies() && position != Position::LegsUpWall,
            Within::Seated => position == Position::Seated,
        };
        within && !self.no_positions.contains(&position)
    }

    /// Everything in it, in one line: what chance is drawn from.
    pub(super) fn canonical(&self) -> String {
        let mut line = format!("{} {}", self.seed, written(self.length));
        let _ = write!(line, " {:?} {:?} {:?} {:?}", self.within, self.no_positions, self.focus, self.avoid);
        let _ = write!(line, " {:?} {:?} {:?} {:?} {:?}", self.with, self.mood, self.without, self.only, self.more);
        line
    }

    /// What it is called: "12 minutes lying down, for the hips".
    pub fn title(&self) -> String {
        let mut title = length_in_words(self.length);
        match self.within {
            Within::Anything => {}
            Within::Lying => title += " lying down",
            Within::Seated => title += " on a chair",
        }
        title += match self.mood {
            Mood::Any => "",
            Mood::Wake => " to wake up",
            Mood::Unwind => " to unwind",
            Mood::Strength => " for strength",
        };
        if !self.focus.is_empty() {
            let _ = write!(title, ", for the {}", listed(self.focus.iter().map(|area| spoken(area.word()))));
        }
        if !self.avoid.is_empty() {
            let _ = write!(title, ", sparing the {}", listed(self.avoid.iter().map(|joint| spoken(joint.word()))));
        }
        title
    }

    /// The name of the routine that comes of it: `composed-12m`.
    pub fn name(&self) -> String {
        format!("composed-{}", written(self.length).replace('.', "-"))
    }
}

fn length_in_words(length: Duration) -> String {
    match (length.as_secs() / 60, length.as_secs() % 60, length.subsec_nanos()) {
        (1, 0, 0) => "1 minute".into(),
        (minutes, 0, 0) => format!("{minutes} minutes"),
        _ => written(length),
    }
}

/// A word of the language as a person reads it.
pub(super) fn spoken(word: &str) -> String {
    word.replace('-', " ")
}

/// "the hips, the knees and the neck", without the articles.
pub(super) fn listed(words: impl IntoIterator<Item = String>) -> String {
    let mut words: Vec<String> = words.into_iter().collect();
    match words.pop() {
        None => String::new(),
        Some(last) if words.is_empty() => last,
        Some(last) => format!("{} and {last}", words.join(", ")),
    }
}
