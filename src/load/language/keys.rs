//! The language as a table: every key that an author may write, what it takes, its default, and what it is for.
//! Reading, the unknown-key check and the reference are held together by it.

/// One key of the language.
#[derive(Debug)]
pub struct Key {
    /// As it is written.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What holds where it is not written.
    pub absent: Absent,
    /// What it is for, in a sentence.
    pub about: &'static str,
}

/// What it means that a key is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// A mistake: it must be there.
    Refused,
    /// What its absence says: nothing of the kind.
    Nothing,
    /// The same as this value, as it would be written; or words that say which.
    Means(&'static str),
}

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A text in quotes.
    Text,
    /// `true` or `false`.
    Truth,
    /// A whole number, from the first to the second.
    Whole(u32, u32),
    /// Texts in quotes, one or a list.
    Texts,
    /// A text of one word, such as a pose's id.
    Name,
    /// One time.
    Time,
    /// One time, or a list of them.
    TimeList,
    /// A time or a range of times.
    Times,
    /// A whole number or a range.
    Count,
    /// A time or breaths, or a range of one.
    Quantity,
    /// A time or breaths, or a range of one; or the word `dose`.
    QuantityOrDose,
    /// A breath pattern.
    Pattern,
    /// A breath pattern, or a table of [`EASING`] for one that eases into another.
    Breathing,
    /// A whole number of percent, from 1 to 100.
    Percent,
    /// A whole number, a range, or `"first"` or `"last"`.
    Rounds,
    /// Lints that are allowed, each with its reason: `"code: reason"`; one or a list.
    Allowances,
    /// One cue or a list.
    Cues,
    /// A position of the body.
    Position,
    /// One of a closed set of words.
    OneOf(&'static [&'static str]),
    /// Words of a closed set, one or a list.
    SomeOf(&'static [&'static str]),
    /// A list of steps.
    Steps,
    /// A list of phases.
    Phases,
    /// Names of bells with sound files.
    Sounds,
    /// Whole numbers from the first to the second, one or a list.
    WholeList(u32, u32),
    /// A list of weeks.
    Weeks,
    /// Cue ids with their words.
    Words,
    /// Pose ids with the keys of a pose file.
    Poses,
}

pub(super) const fn key(name: &'static str, takes: Takes, default: Option<&'static str>, about: &'static str) -> Key {
    let absent = match default {
        Some(value) => Absent::Means(value),
        None => Absent::Nothing,
    };
    Key { name, takes, absent, about }
}

/// A key that must be there.
pub(super) const fn needed(name: &'static str, takes: Takes, about: &'static str) -> Key {
    Key { name, takes, absent: Absent::Refused, about }
}

/// How much is said.
pub const GUIDANCE: [&str; 4] = ["full", "fading", "names", "bells"];
/// The bells.
pub const BELLS: [&str; 3] = ["low", "high", "bright"];
/// The breath tones.
pub const TONES: [&str; 4] = ["airy", "chord", "ocean", "off"];
/// What a tone does while the breath is held.
pub const HELD: [&str; 2] = ["quiet", "off"];
/// Whether a small sound marks each turn of the breath.
pub const MARKS: [&str; 2] = ["soft", "off"];
/// The positions a body can be in.
pub const POSITIONS: [&str; 8] =
    ["supine", "prone", "side-lying", "kneeling", "hands-and-knees", "seated", "standing", "legs-up-wall"];

/// What a pose works on.
pub const AREAS: [&str; 10] =
    ["lower-back", "upper-back", "hips", "hamstrings", "shoulders", "chest", "core", "legs", "breath", "rest"];
/// What a pose may load, and a person may want to spare.
pub const JOINTS: [&str; 7] = ["wrists", "knees", "hips", "shoulders", "neck", "ankles", "lower-back"];
/// What a pose cannot be done without.
pub const NEEDS: [&str; 3] = ["wall", "chair", "desk"];
/// The effort of a pose in which there is nothing to do.
pub const LEAST_EFFORT: u32 = 1;
/// The effort of a strong pose.
pub const MOST_EFFORT: u32 = 5;

/// The lints that a step, or a whole routine, is meant to have.
const ALLOW: Key = key("allow", Takes::Allowances, Some("[]"), "Lints that are meant here, each as \"code: reason\".");
/// The rounds of the `repeat` around it in which a step is done.
const ONLY: Key = key(
    "only",
    Takes::Rounds,
    None,
    "The rounds of the `repeat` around it that it is done in: 3, \"1..2\", \"first\" or \"last\".",
);
/// What a step is worth.
const KEEP: Key = key(
    "keep",
    Takes::Whole(1, 5),
    Some("3 for a pose, `breathe` or `repeat`, 5 for all else"),
    "What it is worth where a session is to be shorter: 1 is left out first, 5 never.",
);
/// The poses beside which a step is done.
const WITH: Key = key("with", Takes::Texts, None, "Poses of the routine: it is done only where one of them is.");
/// The poses in whose place a step is done.
const UNLESS: Key = key("unless", Takes::Texts, None, "Poses of the routine: it is done only where none of them is.");
/// The name that makes a step a chapter of its own.
const NAME: Key = key("name", Takes::Text, None, "The chapter that begins here.");
/// The words that count a hold down.
const COUNTDOWN: Key =
    key("countdown", Takes::Time, Some("\"0s\""), "The last seconds of a hold that are counted aloud, up to 10.");

/// Whether a hold says how long it will be.
pub const ANNOUNCE: [&str; 2] = ["on", "off"];
/// Whether a hold says how long it will be, where its own words do not.
const ANNOUNCE_KEY: Key = key(
    "announce",
    Takes::OneOf(&ANNOUNCE),
    Some("the routine's, or \"on\""),
    "Whether a hold says how long it will be, where its own words do not.",
);

/// The keys of a breath that eases into another.
pub const EASING: &[Key] = &[
    needed("from", Takes::Pattern, "The breath at the start."),
    needed("to", Takes::Pattern, "The breath at the end."),
    needed("over", Takes::Time, "How long the way there takes."),
];

/// The tables of a routine, a pose and their parts.
pub(super) const WRITTEN: [&[Key]; 11] =
    [ROUTINE, SAY, PAUSE, BELL, BREATHE, REPEAT, POSE_STEP, POSE, PRACTICE, PHASE, EASING];

/// What a key belongs to, where it is one of a routine, a pose or a step.
pub(crate) fn owner(name: &str) -> Option<&'static str> {
    let is_in = |keys: &[Key]| keys.iter().any(|key| key.name == name);
    let steps = [SAY, PAUSE, BELL, BREATHE, REPEAT, POSE_STEP];
    if is_in(ROUTINE) {
        Some("a routine")
    } else if is_in(POSE) || is_in(PRACTICE) {
        Some("a pose")
    } else {
        steps.into_iter().any(is_in).then_some("a step")
    }
}

/// The keys of a routine file.
pub const ROUTINE: &[Key] = &[
    needed("title", Takes::Text, "What the routine is called."),
    key("summary", Takes::Text, Some("\"\""), "What it is for, in a line; shown by `catcow list`."),
    key("length", Takes::Time, None, "How long it should last."),
    key("breath", Takes::Breathing, Some("\"4-6\""), "The breath that everything in it is paced by."),
    key("guidance", Takes::OneOf(&GUIDANCE), Some("\"fading\""), "How much is said."),
    key(
        "talk",
        Takes::Percent,
        Some("\"60%\""),
        "The share of the time that may be talk, before `catcow check` warns.",
    ),
    ANNOUNCE_KEY,
    ALLOW,
    key("language", Takes::Text, Some("\"en\""), "The language of its words, as a tag such as es or pt-BR."),
    key("tone", Takes::OneOf(&TONES), Some("\"airy\""), "The sound that rises and falls with the breath."),
    key("held", Takes::OneOf(&HELD), Some("\"quiet\""), "What that sound does while the breath is held."),
    key("marks", Takes::OneOf(&MARKS), Some("\"off\""), "A small sound at each turn of the breath."),
    key(
        "bed",
        Takes::Text,
        Some("\"off\""),
        "What plays under the voice: rain, ocean, drone, off, or a file beside the routine.",
    ),
    key("bells", Takes::Sounds, None, "Sound files beside the routine that ring in place of its bells."),
    needed("steps", Takes::Steps, "What happens, in order."),
    key("cues", Takes::Words, None, "The words of cues that only this routine has."),
    key("poses", Takes::Poses, None, "Poses that only this routine has."),
];

/// The keys of a `say` step.
pub const SAY: &[Key] = &[
    key("say", Takes::Cues, None, "What is said."),
    key("then", Takes::Time, Some("\"1s\""), "Silence after each cue."),
    NAME,
    ONLY,
    KEEP,
    WITH,
    UNLESS,
    ALLOW,
];

/// The keys of a `pause` step.
pub const PAUSE: &[Key] = &[
    key("pause", Takes::Times, None, "Silence; from half a minute on, it is marked as a hold is."),
    key(
        "cue",
        Takes::Cues,
        Some("[]"),
        "Said when it begins, fullest first; then how long it will be is said as well.",
    ),
    COUNTDOWN,
    ANNOUNCE_KEY,
    NAME,
    ONLY,
    KEEP,
    WITH,
    UNLESS,
    ALLOW,
];

/// The keys of a `bell` step.
pub const BELL: &[Key] = &[
    key("bell", Takes::OneOf(&BELLS), None, "A bell, with the time to ring out."),
    key("every", Takes::Time, None, "From one bell to the next, and from the last to what follows, ringing included."),
    key("rounds", Takes::Count, Some("1"), "How many bells, where `every` says how far apart."),
    ONLY,
    KEEP,
    WITH,
    UNLESS,
    ALLOW,
];

/// The keys of a `breathe` step.
pub const BREATHE: &[Key] = &[
    key("breathe", Takes::Breathing, None, "Breathing alone, by this pattern."),
    key("name", Takes::Text, Some("\"Breathing\" and the pattern"), "What its chapter is called."),
    key("rounds", Takes::Count, None, "How many breaths."),
    key("for", Takes::Times, None, "How long: as many whole breaths as come nearest."),
    COUNTDOWN,
    ONLY,
    KEEP,
    WITH,
    UNLESS,
    ALLOW,
];

/// The keys of a `repeat` step.
pub const REPEAT: &[Key] = &[
    key("repeat", Takes::Count, None, "How many times around."),
    key("steps", Takes::Steps, None, "What is repeated."),
    NAME,
    ONLY,
    KEEP,
    WITH,
    UNLESS,
    ALLOW,
];

/// The key that makes a step a pose; all of [`PRACTICE`] may stand beside it.
pub const POSE_STEP: &[Key] = &[key("pose", Takes::Name, None, "A pose, by its id."), ONLY, KEEP, WITH, UNLESS, ALLOW];

/// The keys that only a pose file has.
pub const POSE: &[Key] = &[
    needed("name", Takes::Text, "The pose's name."),
    key(
        "position",
        Takes::Position,
        Some("not known: your own words lead into it"),
        "How the body is placed when `setup` begins.",
    ),
    key("ends", Takes::Position, Some("`position`"), "How the body is placed after `release`."),
    key("also", Takes::Texts, Some("[]"), "What else the pose is called: a routine may name it so."),
    key("benefit", Takes::Text, Some("\"\""), "What people do it for."),
    key("props", Takes::Texts, Some("[]"), "What one needs at hand."),
    key("focus", Takes::SomeOf(&AREAS), Some("[]"), "What it works on, the most important first."),
    key("loads", Takes::SomeOf(&JOINTS), Some("[]"), "What bears weight in it or is bent far."),
    key("needs", Takes::SomeOf(&NEEDS), Some("[]"), "What it cannot be done without."),
    key(
        "effort",
        Takes::Whole(LEAST_EFFORT, MOST_EFFORT),
        None,
        "How hard it is, from 1 (nothing to do) to 5 (strong). With it and `focus`, a pose may be chosen for a composed session.",
    ),
    key("warms", Takes::SomeOf(&AREAS), Some("[]"), "What it warms up for stronger poses."),
    key(
        "counters",
        Takes::Texts,
        Some("[]"),
        "The poses that balance it: in a composed session, one of them comes right after it.",
    ),
    key("cues", Takes::Words, None, "The words of the pose's cues."),
];

/// The keys of a pose that a routine's step may override.
pub const PRACTICE: &[Key] = &[
    key(
        "lead",
        Takes::OneOf(&["before", "inside"]),
        Some("\"before\""),
        "Whether the way into it takes time of its own, or lies inside the `pause` before it.",
    ),
    key("setup", Takes::Cues, Some("[]"), "Said before; each cue is followed by time to do it."),
    key("settle", Takes::TimeList, Some("\"5s\""), "That time: one for all, or a list with one for each cue."),
    key("hold", Takes::Quantity, None, "The dose of a stillness."),
    key("cue", Takes::Cues, Some("[]"), "Said when the stillness begins, fullest first (a pose without phases)."),
    key("for", Takes::Times, None, "The dose of a flow: as many whole cycles as come nearest."),
    key("rounds", Takes::Count, Some("1"), "The dose as a number of cycles, for each side."),
    key("breath", Takes::Breathing, Some("the routine's"), "The breath that the pose is paced by."),
    key("phases", Takes::Phases, None, "The parts of one cycle."),
    key("sides", Takes::Texts, Some("[]"), "The sides, in order: everything is done once for each."),
    key(
        "order",
        Takes::OneOf(&["each", "alternate"]),
        Some("\"each\""),
        "One side whole and then the other, or changing every round.",
    ),
    key("rest", Takes::Times, Some("\"0s\""), "What lies between rounds."),
    key("resting", Takes::Cues, Some("\"rest/round\""), "Said when that rest begins, fullest first."),
    key("switch", Takes::Times, Some("\"6s\""), "The time to change sides."),
    key(
        "switching",
        Takes::Cues,
        Some("\"switch/{side}\""),
        "Said when that time begins, fullest first; `{side}` is the side to come.",
    ),
    key("reminders", Takes::Cues, Some("[]"), "Spread evenly over a long stillness."),
    COUNTDOWN,
    ANNOUNCE_KEY,
    key("release", Takes::Cues, Some("[]"), "Said to come out; each cue is followed by time to do it."),
    key("leave", Takes::TimeList, Some("\"4s\""), "That time: one for all, or a list with one for each cue."),
];

/// The keys of a phase.
pub const PHASE: &[Key] = &[
    key("breath", Takes::OneOf(&["inhale", "exhale"]), None, "The phase lasts this part of the breath."),
    key("hold", Takes::QuantityOrDose, None, "The phase lasts this long; \"dose\" for the pose's own `hold`."),
    key("cue", Takes::Cues, Some("[]"), "Said when the phase begins, fullest first."),
    key("chapter", Takes::Text, None, "The chapter that begins here, in the first round."),
];
