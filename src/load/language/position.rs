//! How the body is placed.

use super::own_words::hyphenated;

/// How the body is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Position {
    /// On the back.
    Supine,
    /// On the belly.
    Prone,
    /// On one side.
    SideLying,
    /// On the knees, sitting back or upright.
    Kneeling,
    /// On hands and knees.
    HandsAndKnees,
    /// Sitting.
    Seated,
    /// Standing.
    Standing,
    /// On the back, legs up a wall.
    LegsUpWall,
}

impl Position {
    pub(crate) const WORDS: [(&'static str, Position); 8] = [
        ("supine", Position::Supine),
        ("prone", Position::Prone),
        ("side-lying", Position::SideLying),
        ("kneeling", Position::Kneeling),
        ("hands-and-knees", Position::HandsAndKnees),
        ("seated", Position::Seated),
        ("standing", Position::Standing),
        ("legs-up-wall", Position::LegsUpWall),
    ];

    /// What people say instead, in lower-case words joined by hyphens.
    pub(crate) const SPOKEN: [(&'static str, Position); 30] = [
        ("lying", Position::Supine),
        ("lying-down", Position::Supine),
        ("on-the-back", Position::Supine),
        ("on-your-back", Position::Supine),
        ("lying-on-your-back", Position::Supine),
        ("back", Position::Supine),
        ("on-the-belly", Position::Prone),
        ("on-your-belly", Position::Prone),
        ("on-your-stomach", Position::Prone),
        ("on-your-front", Position::Prone),
        ("face-down", Position::Prone),
        ("belly", Position::Prone),
        ("on-your-side", Position::SideLying),
        ("on-one-side", Position::SideLying),
        ("lying-on-your-side", Position::SideLying),
        ("on-the-side", Position::SideLying),
        ("kneel", Position::Kneeling),
        ("on-your-knees", Position::Kneeling),
        ("on-the-knees", Position::Kneeling),
        ("all-fours", Position::HandsAndKnees),
        ("on-all-fours", Position::HandsAndKnees),
        ("on-hands-and-knees", Position::HandsAndKnees),
        ("tabletop", Position::HandsAndKnees),
        ("table-top", Position::HandsAndKnees),
        ("sitting", Position::Seated),
        ("sit", Position::Seated),
        ("on-a-chair", Position::Seated),
        ("stand", Position::Standing),
        ("on-your-feet", Position::Standing),
        ("legs-up-the-wall", Position::LegsUpWall),
    ];

    /// The position that a text means, however people write it.
    pub(crate) fn meant(text: &str) -> Option<Position> {
        let words = hyphenated(text);
        let all = Position::WORDS.iter().chain(&Position::SPOKEN);
        all.into_iter().find(|(word, _)| *word == words).map(|(_, position)| *position)
    }

    /// Whether one lies.
    pub fn lies(self) -> bool {
        matches!(self, Position::Supine | Position::Prone | Position::SideLying | Position::LegsUpWall)
    }

    /// The word an author writes; also the word in the ids of the cues that say how to move.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, position)| *position == self).map_or("", |(word, _)| word)
    }

    /// In words that a person reads.
    pub fn in_words(self) -> &'static str {
        match self {
            Position::Supine => "on the back",
            Position::Prone => "on the belly",
            Position::SideLying => "on the side",
            Position::Kneeling => "kneeling",
            Position::HandsAndKnees => "on hands and knees",
            Position::Seated => "sitting",
            Position::Standing => "standing",
            Position::LegsUpWall => "on the back, legs up the wall",
        }
    }
}
