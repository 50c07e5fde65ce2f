//! The keys of the files beside routines and poses: the settings, programmes, voices.

use super::keys::{GUIDANCE, Key, MARKS, Takes, WRITTEN, key, needed};

/// The keys of the settings file: what a person wants in every session.
pub const SETTINGS: &[Key] = &[
    key("voice", Takes::Text, Some("\"ada\""), "The voice: its name, or the path of a folder of recordings."),
    key("breath", Takes::Pattern, Some("the routine's"), "Your own breath, for every pose that names none of its own."),
    key("guidance", Takes::OneOf(&GUIDANCE), Some("the routine's"), "How much is said."),
    key("level", Takes::Whole(1, 5), Some("3"), "How deep, from 1 (a bad day) to 5 (a strong one)."),
    key(
        "length",
        Takes::Time,
        Some("the routine's"),
        "How long, where a routine allows it: steps may be left out for it, none is done twice.",
    ),
    key("without", Takes::Texts, Some("[]"), "Poses that you never do, whatever the routine."),
    key("more", Takes::Texts, Some("[]"), "Poses that you want more of, where a routine has them."),
    key("rate", Takes::Whole(8_000, 192_000), Some("48000"), "The sample rate, in hertz."),
    key("marks", Takes::OneOf(&MARKS), Some("the routine's"), "A small sound at each turn of the breath."),
    key(
        "wake",
        Takes::Truth,
        Some("true"),
        "A noise nobody hears, for wireless headphones that fall asleep in silence.",
    ),
    key("mono", Takes::Truth, Some("false"), "One channel instead of two."),
    key(
        "speak",
        Takes::Text,
        Some("the first that is there"),
        "The speech program that says what the voice lacks, where that is asked for.",
    ),
];

/// The keys of a programme.
pub const PROGRAMME: &[Key] = &[
    needed("title", Takes::Text, "What the programme is called."),
    key("summary", Takes::Text, Some("\"\""), "What it is for, in a line; shown by `catcow list`."),
    needed("weeks", Takes::Weeks, "Its weeks, in order."),
];

/// The keys of a week of a programme.
pub const WEEK: &[Key] = &[
    needed("days", Takes::Whole(1, 7), "On how many days of the week something is practised."),
    needed(
        "sessions",
        Takes::Texts,
        "The routines of those days, by their names; after the last comes the first again.",
    ),
    key(
        "level",
        Takes::WholeList(1, 5),
        Some("3"),
        "How deep: one level for all, or a list with one for each session.",
    ),
    key("length", Takes::TimeList, None, "How long, in place of a level: one time for all, or one for each session."),
];

/// The keys of a voice's `voice.toml`.
pub const VOICE: &[Key] = &[
    needed("name", Takes::Text, "The voice's name."),
    key("summary", Takes::Text, Some("\"\""), "A line about it."),
    key("gender", Takes::Text, Some("\"\""), "How it sounds."),
    key("language", Takes::Text, Some("\"\""), "What it speaks, as a language tag such as en-US."),
    key("licence", Takes::Text, Some("\"\""), "What others may do with the recordings."),
    key("credit", Takes::Text, Some("\"\""), "Whom to thank."),
    key("maker", Takes::Text, Some("\"\""), "Who or what recorded it."),
    key(
        "recordings",
        Takes::OneOf(&["raw", "finished"]),
        Some("\"raw\""),
        "Raw recordings are cleaned and levelled; finished ones are left exactly as they are.",
    ),
    key("fallback", Takes::Text, None, "The name of the voice that says what this one lacks."),
    key("pronunciations", Takes::Words, None, "Words, and how a speech program is to read them."),
    key("clips", Takes::Words, None, "What was measured of each clip; written by the tool that makes built-in voices."),
];

/// What a key takes, wherever it stands.
pub(crate) fn takes(name: &str) -> Option<Takes> {
    let tables = WRITTEN.into_iter().chain([SETTINGS, PROGRAMME, WEEK]);
    tables.flatten().find(|key| key.name == name).map(|key| key.takes)
}
