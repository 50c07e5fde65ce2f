//! What the listener is in the middle of: how the listener is placed, and what has just been said.

use std::time::Duration;

use crate::load::Routine;
use crate::load::language::cue::CueRef;
use crate::load::language::house_cues::{self, Meaning};
use crate::load::language::pose::Pose;
use crate::load::language::position::Position;

/// The listener.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Listener<'a> {
    /// How the listener is placed, once that is known.
    pub(super) position: Option<Position>,
    /// The routine has itself said how to move since the last pose, without a word for where to.
    pub(super) moved: bool,
    /// The side that the body lies on, where it lies on one that is known.
    pub(super) lying: Option<&'a str>,
    /// The way into the pose that comes next was said inside the silence before it.
    pub(super) led: bool,
    /// The pose that was just introduced by a `say` step.
    pub(super) introduced: Option<&'a str>,
}

impl<'a> Listener<'a> {
    /// Takes in a cue that was said.
    pub(super) fn hear(&mut self, cue: &'a CueRef) {
        match cue.meaning() {
            Meaning::Move(Some(position)) => {
                (self.position, self.moved) = (Some(position), false);
                self.lying = (position == Position::SideLying).then(|| house_cues::lying_side(cue.template()));
            }
            Meaning::Move(None) => self.moved = true,
            Meaning::Plain | Meaning::Safety => {}
        }
        self.introduced = cue.folder();
    }

    /// The position that the listener still has to move to, to be in `position`; none where the author's words lead there.
    pub(super) fn move_to(&self, position: Option<Position>) -> Option<Position> {
        position.filter(|_| self.position != position && !self.moved)
    }

    /// What the listener is in the middle of after a pose.
    pub(super) fn after(pose: &'a Pose) -> Listener<'a> {
        let lies = pose.ends == Some(Position::SideLying);
        let own = pose.sides.last().filter(|_| pose.position == Some(Position::SideLying));
        let lying = own.map_or(house_cues::LYING_SIDE, String::as_str);
        Listener { position: pose.ends, lying: lies.then_some(lying), ..Listener::default() }
    }

    /// Whether the body has to be turned over to begin a pose: it lies on another side than the pose's first.
    pub(super) fn must_turn(&self, pose: &Pose) -> bool {
        let (Some(lying), Some(first)) = (self.lying, pose.sides.first()) else { return false };
        let of_a_kind = pose.sides.iter().any(|side| side == lying) || ["right", "left"].contains(&first.as_str());
        pose.position == Some(Position::SideLying) && !self.moved && first != lying && of_a_kind
    }

    /// The cue that says how to get into a pose's position, `to`: from here where there are words for that way.
    pub(super) fn move_cue(&self, pose: &Pose, to: Position, routine: &Routine) -> String {
        if let Some(side) = pose.sides.first().filter(|_| to == Position::SideLying) {
            let own = house_cues::lie_on(side);
            if routine.script.contains_key(&own) {
                return own;
            }
            // The usual words are for one side; of the other, at least its name is said.
            let named = house_cues::side(side);
            if side != house_cues::LYING_SIDE && routine.script.contains_key(&named) {
                return named;
            }
        }
        let exact =
            self.position.map(|from| house_cues::move_between(from, to)).filter(|cue| routine.script.contains_key(cue));
        exact.unwrap_or_else(|| house_cues::move_to(to))
    }
}

/// The time a listener needs from one position to another, eyes closed and in no hurry. No measured source: 8 s for any
/// change, 5 s for every step between lying, sitting or kneeling, and standing, and 4 s to turn over.
pub(super) fn moving(from: Option<Position>, to: Position) -> Duration {
    let height = |position: Position| match position {
        Position::Supine | Position::Prone | Position::SideLying | Position::LegsUpWall => 0u64,
        Position::Kneeling | Position::HandsAndKnees | Position::Seated => 1,
        Position::Standing => 2,
    };
    // Of those from which one begins, the farthest from the floor.
    let from = from.unwrap_or(Position::Standing);
    let turn = matches!((from, to), (Position::Supine, Position::Prone) | (Position::Prone, Position::Supine));
    let wall = from == Position::LegsUpWall || to == Position::LegsUpWall;
    let steps = height(from).abs_diff(height(to));
    Duration::from_secs(8 + 5 * steps + if turn { 4 } else { 0 } + if wall { 10 } else { 0 })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::{Place, Source};

    #[test]
    fn words_that_say_how_to_move_place_the_body() {
        let mut listener = Listener::default();
        let place = Place { source: Arc::new(Source::in_memory("a.toml", "")), span: 0..0 };
        let said = |id: &str| CueRef::house(id, &place);
        let (to, between, own) =
            (said("move/to-hands-and-knees"), said("move/hands-and-knees-to-supine"), said("move/turn-around"));
        listener.hear(&to);
        let must_move = |listener: &Listener<'_>, to| listener.move_to(Some(to)).is_some();
        assert!(!must_move(&listener, Position::HandsAndKnees) && must_move(&listener, Position::Supine));
        assert_eq!(listener.move_to(None), None);
        listener.hear(&between);
        assert!(!must_move(&listener, Position::Supine) && must_move(&listener, Position::Prone));
        // The author says something of their own: where to is theirs to know.
        listener.hear(&own);
        assert!(!must_move(&listener, Position::Prone));
    }
}
