//! What a pose is for and what it asks of a body: what a session is composed by.

use super::keys;
use super::own_words::hyphenated;
use super::reader::Table;

/// What a pose works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// The lower back.
    LowerBack,
    /// The upper back.
    UpperBack,
    /// The hips and the glutes.
    Hips,
    /// The backs of the legs.
    Hamstrings,
    /// The shoulders.
    Shoulders,
    /// The chest.
    Chest,
    /// What holds the trunk.
    Core,
    /// The legs.
    Legs,
    /// The breath.
    Breath,
    /// Rest.
    Rest,
}

impl Area {
    /// The words an author writes.
    pub const WORDS: [(&'static str, Area); 10] = [
        ("lower-back", Area::LowerBack),
        ("upper-back", Area::UpperBack),
        ("hips", Area::Hips),
        ("hamstrings", Area::Hamstrings),
        ("shoulders", Area::Shoulders),
        ("chest", Area::Chest),
        ("core", Area::Core),
        ("legs", Area::Legs),
        ("breath", Area::Breath),
        ("rest", Area::Rest),
    ];

    /// The word an author writes.
    pub fn word(self) -> &'static str {
        word_of(&Area::WORDS, self)
    }
}

/// A part of the body that may hurt, and is then to be spared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Joint {
    /// The wrists.
    Wrists,
    /// The knees.
    Knees,
    /// The hips.
    Hips,
    /// The shoulders.
    Shoulders,
    /// The neck.
    Neck,
    /// The ankles.
    Ankles,
    /// The lower back.
    LowerBack,
}

impl Joint {
    /// The words an author writes.
    pub const WORDS: [(&'static str, Joint); 7] = [
        ("wrists", Joint::Wrists),
        ("knees", Joint::Knees),
        ("hips", Joint::Hips),
        ("shoulders", Joint::Shoulders),
        ("neck", Joint::Neck),
        ("ankles", Joint::Ankles),
        ("lower-back", Joint::LowerBack),
    ];

    /// The word an author writes.
    pub fn word(self) -> &'static str {
        word_of(&Joint::WORDS, self)
    }
}

/// What a pose cannot be done without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// A clear stretch of wall.
    Wall,
    /// A steady chair.
    Chair,
    /// A desk, a counter or a window sill.
    Desk,
}

impl Need {
    /// The words an author writes.
    pub const WORDS: [(&'static str, Need); 3] = [("wall", Need::Wall), ("chair", Need::Chair), ("desk", Need::Desk)];

    /// The word an author writes.
    pub fn word(self) -> &'static str {
        word_of(&Need::WORDS, self)
    }
}

fn word_of<T: PartialEq>(words: &[(&'static str, T)], wanted: T) -> &'static str {
    words.iter().find(|(_, each)| *each == wanted).map_or("", |(word, _)| word)
}

/// What a pose is for and what it asks of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traits {
    /// What it works on, the most important first.
    pub focus: Vec<Area>,
    /// What bears weight in it or is bent far.
    pub loads: Vec<Joint>,
    /// What it cannot be done without.
    pub needs: Vec<Need>,
    /// How hard it is, from 1 (nothing to do) to 5 (strong).
    pub effort: Option<u32>,
    /// What it warms up.
    pub warms: Vec<Area>,
    /// The poses that balance it, by their ids: one of them belongs right after it.
    pub counters: Vec<String>,
}

impl Traits {
    /// Reads the keys of a pose that say it.
    pub(crate) fn read(table: &Table<'_>) -> Traits {
        let counters = table.texts("counters").map_or_else(Vec::new, |poses| poses.value);
        Traits {
            focus: table.words("focus", &Area::WORDS),
            loads: table.words("loads", &Joint::WORDS),
            needs: table.words("needs", &Need::WORDS),
            effort: table.whole("effort", keys::LEAST_EFFORT..=keys::MOST_EFFORT).map(|effort| effort.value),
            warms: table.words("warms", &Area::WORDS),
            counters: counters.iter().map(|pose| hyphenated(&pose.value)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_that_the_schema_offers() {
        assert_eq!(Area::WORDS.map(|(word, _)| word), keys::AREAS);
        assert_eq!(Joint::WORDS.map(|(word, _)| word), keys::JOINTS);
        assert_eq!(Need::WORDS.map(|(word, _)| word), keys::NEEDS);
        assert_eq!(
            (Area::UpperBack.word(), Joint::LowerBack.word(), Need::Desk.word()),
            ("upper-back", "lower-back", "desk")
        );
    }
}
