//! How the body is placed.

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

    /// Whether one lies.
    pub fn lies(self) -> bool {
        matches!(self, Position::Supine | Position::Prone | Position::SideLying | Position::LegsUpWall)
    }

    /// The word an author writes; also the word in the ids of the cues that say how to move.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, position)| *position == self).map_or("", |(word, _)| word)
    }
}
