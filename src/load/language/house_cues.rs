//! The cues that the planner says by itself: the id of each, and what an id means to it where an author names one. They stand
//! here and nowhere else.

use super::position::Position;

/// The name of an inhale.
pub(crate) const INHALE: &str = "breath/in";
/// The name of a stillness after an inhale.
pub(crate) const HOLD_FULL: &str = "breath/hold";
/// The name of an exhale.
pub(crate) const EXHALE: &str = "breath/out";
/// The name of a stillness after an exhale.
pub(crate) const HOLD_EMPTY: &str = "breath/empty";

/// Half of a hold, a flow or a silence is over.
pub(crate) const HALF: &str = "mark/half";
/// A hold is nearly over.
pub(crate) const NEARLY: &str = "mark/nearly";
/// A rest is nearly over: an invitation, as no clock runs in a rest.
pub(crate) const DEEPEN: &str = "mark/deepen";
/// The last of several breaths begins.
pub(crate) const LAST_BREATH: &str = "mark/last-breath";
/// The last of several rounds comes next.
pub(crate) const LAST_ROUND: &str = "mark/last-round";
/// A pose comes next, whose name follows.
pub(crate) const NEXT: &str = "mark/next";

/// The last of several breaths comes next, where nothing but breathing is done.
pub(crate) const LAST_OF_BREATHING: &str = "mark/last-of-breathing";

/// What is said in a hold that is too short for its own words.
pub(crate) const STAY_HERE: &str = "stay/here";
/// What is said in a rest between rounds, unless an author says another.
pub(crate) const REST: &str = "rest/round";
/// What names a side.
pub(crate) const SIDE: &str = "side/{side}";
/// What is said where sides change, unless an author says another.
pub(crate) const SWITCH: &str = "switch/{side}";

/// What an opening owes its listener: to ask a physician.
pub(crate) const ASK_A_PHYSICIAN: &str = "safety/physician";
/// And when to stop.
pub(crate) const WHEN_TO_STOP: &str = "safety/stop";

/// What both come to in one sentence, for whoever has heard them often.
pub(crate) const DAILY_SAFETY: &str = "safety/daily";
/// What is said at the end of a session once weeks have brought no progress.
pub(crate) const SEE_PHYSICIAN: &str = "closing/see-physician";
/// What is said of progress before that is known.
pub(crate) const IF_NO_PROGRESS: [&str; 2] = ["closing/no-progress", "closing/no-progress-short"];
/// What is said when pain is worse after a session than before.
pub(crate) const PAIN_IS_WORSE: &str = "closing/pain-worse";

/// What the log has said in place of words of the routine.
pub(crate) const BY_LOG: [&str; 2] = [DAILY_SAFETY, SEE_PHYSICIAN];

/// The folders of the cues that the planner says by itself.
const FOLDERS: [&str; 8] = ["breath/", "count/", "mark/", "move/", "rest/", "side/", "stay/", "switch/"];
/// What a player answers to a key.
const ANSWERS: &str = "answer/";
const SAFETY: &str = "safety/";
const MOVE: &str = "move/";

/// A number that is counted aloud.
pub(crate) fn count(number: u64) -> String {
    format!("count/{number}")
}

/// That a hold lasts so many breaths.
pub(crate) fn stay_breaths(number: u32) -> String {
    format!("stay/{number}-breaths")
}

/// That a hold lasts a time, such as `2-minutes`.
pub(crate) fn stay(time: &str) -> String {
    format!("stay/{time}")
}

/// The name of a side.
pub(crate) fn side(side: &str) -> String {
    format!("side/{side}")
}

/// The name of a pose.
pub(crate) fn name(pose: &str) -> String {
    format!("{pose}/name")
}

/// The way into a position, from wherever one is.
pub(crate) fn move_to(to: Position) -> String {
    format!("{MOVE}to-{}", to.word())
}

/// The way from one position into another.
pub(crate) fn move_between(from: Position, to: Position) -> String {
    format!("{MOVE}{}-to-{}", from.word(), to.word())
}

/// The side that one lies on where nothing says another: the words for it say so.
pub(crate) const LYING_SIDE: &str = "right";

/// The way into lying on a side, by its name.
pub(crate) fn lie_on(side: &str) -> String {
    format!("{}-{side}", move_to(Position::SideLying))
}

/// The side that a cue lays the body on, which leads to lying on one.
pub(crate) fn lying_side(id: &str) -> &str {
    id.rsplit_once("to-side-lying-").map_or(LYING_SIDE, |(_, side)| side)
}

/// The side whose name a cue is.
pub(crate) fn side_of(id: &str) -> Option<&str> {
    id.strip_prefix("side/")
}

/// The cues that name a side, where `id` is one of them.
pub(crate) fn side_words(id: &str) -> Option<[String; 2]> {
    let name = id.strip_prefix("side/").or_else(|| id.strip_prefix("switch/"))?;
    Some([side(name), format!("switch/{name}")])
}

/// The cue that says less and is as true, where a voice lacks `id`: how long a hold will be is left out, a way is told by its end alone.
pub(crate) fn plainer(id: &str) -> Option<String> {
    match id {
        STAY_HERE => None,
        LAST_OF_BREATHING => Some(LAST_ROUND.to_owned()),
        DEEPEN => Some(NEARLY.to_owned()),
        _ if id.starts_with("stay/") => Some(STAY_HERE.to_owned()),
        _ => match id.strip_prefix("switch/") {
            Some(name) => Some(side(name)),
            None => id.strip_prefix(MOVE)?.split_once("-to-").map(|(_, to)| format!("{MOVE}to-{to}")),
        },
    }
}

/// Whether the planner may say a cue by itself.
pub(crate) fn is_house(id: &str) -> bool {
    FOLDERS.iter().any(|folder| id.starts_with(folder))
}

/// Whether something that no routine names may say a cue: the planner, a player, or the log.
pub(crate) fn is_said_unasked(id: &str) -> bool {
    is_house(id) || id.starts_with(ANSWERS) || [DAILY_SAFETY, SEE_PHYSICIAN, PAIN_IS_WORSE].contains(&id)
}

/// What a cue means to the planner, apart from its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Nothing: it is said.
    Plain,
    /// It keeps the listener from harm, and is said under every guidance.
    Safety,
    /// It tells the body how to move; where to, if its id says so.
    Move(Option<Position>),
}

impl Meaning {
    /// What the id of a cue says of it: `move/to-supine` and `move/prone-to-supine` both lead to lying on the back.
    pub(crate) fn of(id: &str) -> Meaning {
        if id.starts_with(SAFETY) {
            return Meaning::Safety;
        }
        let Some(way) = id.strip_prefix(MOVE) else { return Meaning::Plain };
        // Lying on a side, the side may stand behind it.
        let way = way.find("to-side-lying-").map_or(way, |at| &way[..at + "to-side-lying".len()]);
        let leads =
            |word: &str| way.strip_suffix(word).is_some_and(|before| before == "to-" || before.ends_with("-to-"));
        Meaning::Move(Position::WORDS.iter().find(|(word, _)| leads(word)).map(|(_, position)| *position))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plainer_cue_is_as_true() {
        for (id, by) in [
            ("stay/3-minutes", Some("stay/here")),
            ("switch/left", Some("side/left")),
            ("move/hands-and-knees-to-supine", Some("move/to-supine")),
            ("mark/deepen", Some("mark/nearly")),
            ("stay/here", None),
            ("move/to-supine", None),
            ("mark/half", None),
            ("cat-cow/inhale", None),
        ] {
            assert_eq!(plainer(id).as_deref(), by, "{id}");
        }
    }

    #[test]
    fn an_id_tells_where_to_move_and_what_keeps_from_harm() {
        assert_eq!(Meaning::of("move/to-hands-and-knees"), Meaning::Move(Some(Position::HandsAndKnees)));
        assert_eq!(Meaning::of("move/hands-and-knees-to-supine"), Meaning::Move(Some(Position::Supine)));
        assert_eq!(Meaning::of("move/to-side-lying-left"), Meaning::Move(Some(Position::SideLying)));
        assert_eq!((lying_side("move/to-side-lying-left"), lying_side("move/to-side-lying")), ("left", "right"));
        assert_eq!(Meaning::of("move/side-lying-to-supine"), Meaning::Move(Some(Position::Supine)));
        assert_eq!(Meaning::of("move/turn-around"), Meaning::Move(None));
        assert_eq!(Meaning::of("safety/knees"), Meaning::Safety);
        assert_eq!(Meaning::of("movement/to-supine"), Meaning::Plain);
    }
}
