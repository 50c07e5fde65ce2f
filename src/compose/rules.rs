//! The rules that sessions are composed by: a file, `routines/composing/rules.toml`.

use std::sync::Arc;
use std::time::Duration;

use super::request::{Mood, Within};
use crate::diagnostic::{Diagnostics, Source};
use crate::error::Result;
use crate::load::Library;
use crate::load::language::keys::{Absent, Key, Takes};
use crate::load::language::position::Position;
use crate::load::language::reader::{Reader, Table};
use crate::load::language::traits::{Area, Need};

/// The rules.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The most changes of position in any ten minutes.
    pub(super) most_changes: u32,
    /// The effort from which a warm-up comes before.
    pub(super) warm_up_from: u32,
    /// The effort from which a counter-pose comes after.
    pub(super) counter_from: u32,
    pub(super) least_rest: Duration,
    pub(super) longest_rest: Duration,
    /// The longest closing rest, in percent of a session.
    pub(super) most_rest: u32,
    /// The shortest session that may go to a wall.
    pub(super) wall_from: Duration,
    /// Sessions that are shorter say less.
    pub(super) brief_below: Duration,
    /// The shortest session that may begin with breathing alone.
    pub(super) arrive_from: Duration,
    pub(super) weights: Weights,
    /// How often a long session goes through the positions.
    pub(super) most_passes: u32,
    /// The poses of which one is in every session.
    pub(super) main: Vec<String>,
    /// The poses that may be the closing rest.
    pub(super) rests: Vec<String>,
    moods: Vec<MoodRules>,
    pub(super) flows: Vec<Flow>,
    pub(super) undone: Vec<Undone>,
    pub(super) shorter: Vec<Shorter>,
    pub(super) words: Vec<Words>,
}

/// How a pose is weighed against others.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weights {
    pub(super) novelty: u32,
    pub(super) focus: u32,
    pub(super) mood: u32,
    pub(super) strong: u32,
    pub(super) more: u32,
    pub(super) again: u32,
}

/// What a mood means.
#[derive(Clone, Debug, Default)]
pub(super) struct MoodRules {
    pub(super) most_effort: u32,
    /// The closing rest, in percent of a session.
    pub(super) rest: u32,
    pub(super) likes: Vec<Area>,
}

/// An order of positions.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    pub(super) moods: Vec<Mood>,
    pub(super) positions: Vec<Position>,
}

/// Words that undo each other.
#[derive(Clone, Debug)]
pub(super) struct Undone {
    pub(super) release: String,
    pub(super) setup: String,
}

/// When a pose has fewer words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// It has come before.
    Again,
    /// The session is brief.
    Brief,
}

/// The fewer words of a pose.
#[derive(Clone, Debug)]
pub(super) struct Shorter {
    pub(super) when: When,
    pub(super) pose: String,
    pub(super) setup: Option<(Vec<String>, String)>,
    pub(super) release: Option<(Vec<String>, String)>,
}

/// Where words stand around the practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// Before the safety cues.
    Opening,
    /// Right after them.
    Safety,
    /// After the rest.
    Closing,
}

/// What is said around the practice, where all that it asks for holds.
#[derive(Clone, Debug)]
pub(super) struct Words {
    pub(super) slot: Slot,
    pub(super) say: Vec<String>,
    pub(super) brief: Option<bool>,
    pub(super) needs: Option<Need>,
    pub(super) poses: Vec<String>,
    pub(super) position: Option<Position>,
    pub(super) ends: Option<Position>,
    pub(super) within: Option<Within>,
}

const fn key(name: &'static str, takes: Takes) -> Key {
    Key { name, takes, absent: Absent::Refused, about: "" }
}

const RULES: &[Key] = &[
    key("most_changes", Takes::Whole(1, 20)),
    key("warm_up_from", Takes::Whole(1, 6)),
    key("counter_from", Takes::Whole(1, 6)),
    key("least_rest", Takes::Time),
    key("longest_rest", Takes::Time),
    key("most_rest", Takes::Percent),
    key("wall_from", Takes::Time),
    key("brief_below", Takes::Time),
    key("arrive_from", Takes::Time),
    key("novelty", Takes::Whole(0, 10_000)),
    key("focus", Takes::Whole(0, 10_000)),
    key("mood", Takes::Whole(0, 10_000)),
    key("strong", Takes::Whole(0, 10_000)),
    key("more", Takes::Whole(0, 10_000)),
    key("again", Takes::Whole(0, 10_000)),
    key("most_passes", Takes::Whole(1, 6)),
    key("main", Takes::Texts),
    key("rests", Takes::Texts),
    key("moods", Takes::Words),
    key("flows", Takes::Steps),
    key("undone", Takes::Steps),
    key("shorter", Takes::Steps),
    key("words", Takes::Steps),
];
const MOOD: &[Key] = &[key("most_effort", Takes::Whole(1, 5)), key("rest", Takes::Percent), key("likes", Takes::Texts)];
const FLOW: &[Key] = &[key("moods", Takes::Texts), key("positions", Takes::Texts)];
const UNDONE: &[Key] = &[key("release", Takes::Text), key("setup", Takes::Text)];
const SHORTER: &[Key] = &[
    key("when", Takes::Text),
    key("pose", Takes::Text),
    key("setup", Takes::Texts),
    key("settle", Takes::Time),
    key("release", Takes::Texts),
    key("leave", Takes::Time),
];
const WORDS: &[Key] = &[
    key("when", Takes::Text),
    key("say", Takes::Texts),
    key("brief", Takes::Truth),
    key("needs", Takes::Text),
    key("poses", Takes::Texts),
    key("position", Takes::Position),
    key("ends", Takes::Position),
    key("within", Takes::Text),
];

impl Rules {
    /// The rules of a library: one's own, or those that are built in.
    ///
    /// # Errors
    /// The file cannot be read; mistakes in it.
    pub fn open(library: &Library) -> Result<Rules> {
        let (rules, mistakes) = Rules::parse(&library.composing_rules()?);
        if mistakes.has_errors() { Err(mistakes.into()) } else { Ok(rules) }
    }

    fn parse(source: &Arc<Source>) -> (Rules, Diagnostics) {
        Reader::read(source, Rules::read)
    }

    fn read(table: &Table<'_>) -> Rules {
        table.allow("the rules", &[RULES]);
        let number = |key: &str| whole(table, RULES, key);
        let time = |key: &str| {
            let there = table.require(key, "5m").then(|| table.time(key)).flatten();
            there.map_or(Duration::ZERO, |time| time.value)
        };
        Rules {
            most_changes: number("most_changes"),
            warm_up_from: number("warm_up_from"),
            counter_from: number("counter_from"),
            least_rest: time("least_rest"),
            longest_rest: time("longest_rest"),
            most_rest: table.percent("most_rest").map_or(30, |share| share.value.min(33)),
            wall_from: time("wall_from"),
            brief_below: time("brief_below"),
            arrive_from: time("arrive_from"),
            weights: Weights {
                novelty: number("novelty"),
                focus: number("focus"),
                mood: number("mood"),
                strong: number("strong"),
                more: number("more"),
                again: number("again"),
            },
            most_passes: number("most_passes"),
            main: texts(table, "main"),
            rests: texts(table, "rests"),
            moods: moods(table),
            flows: table.tables("flows").iter().map(Flow::read).collect(),
            undone: table.tables("undone").iter().map(Undone::read).collect(),
            shorter: table.tables("shorter").iter().filter_map(Shorter::read).collect(),
            words: table.tables("words").iter().filter_map(Words::read).collect(),
        }
    }

    /// What a mood means.
    pub(super) fn mood(&self, mood: Mood) -> &MoodRules {
        let index = Mood::WORDS.iter().position(|(_, each)| *each == mood).unwrap_or(0);
        &self.moods[index]
    }
}

/// What each mood means, in the order of [`Mood::WORDS`].
fn moods(table: &Table<'_>) -> Vec<MoodRules> {
    let moods = table.table("moods");
    let known = Mood::WORDS.map(|(word, _)| key(word, Takes::Words));
    if let Some(moods) = &moods {
        moods.allow("the moods", &[&known]);
    }
    let read = |word: &str| {
        let there = moods.as_ref().filter(|moods| moods.require(word, "…"));
        let Some(mood) = there.and_then(|moods| moods.table(word)) else { return MoodRules::default() };
        mood.allow("a mood", &[MOOD]);
        MoodRules {
            most_effort: whole(&mood, MOOD, "most_effort"),
            rest: mood.percent("rest").map_or(15, |share| share.value),
            likes: mood.words("likes", &Area::WORDS),
        }
    };
    if moods.is_none() {
        table.require("moods", "…");
    }
    Mood::WORDS.iter().map(|(word, _)| read(word)).collect()
}

/// A whole number, within what its row says that it takes.
fn whole(table: &Table<'_>, keys: &[Key], name: &str) -> u32 {
    let takes = keys.iter().find(|key| key.name == name).map(|key| key.takes);
    let Some(Takes::Whole(least, most)) = takes else { return 0 };
    let there = table.require(name, &least.to_string()).then(|| table.whole(name, least..=most)).flatten();
    there.map_or(least, |number| number.value)
}

fn texts(table: &Table<'_>, key: &str) -> Vec<String> {
    table.texts(key).map_or_else(Vec::new, |texts| texts.value.into_iter().map(|text| text.value).collect())
}

fn text(table: &Table<'_>, key: &str, example: &str) -> String {
    table.name(key, example).map_or_else(String::new, |text| text.value)
}

impl Flow {
    fn read(table: &Table<'_>) -> Flow {
        table.allow("a flow", &[FLOW]);
        table.require("positions", "supine");
        Flow {
            moods: table.words("moods", &Mood::WORDS),
            positions: table.repeated_words("positions", &Position::WORDS),
        }
    }
}

impl Undone {
    fn read(table: &Table<'_>) -> Undone {
        table.allow("words that undo each other", &[UNDONE]);
        Undone { release: text(table, "release", "body/feet-down"), setup: text(table, "setup", "body/hug-knees") }
    }
}

impl Shorter {
    fn read(table: &Table<'_>) -> Option<Shorter> {
        table.allow("fewer words", &[SHORTER]);
        let words = |key: &str, time: &str| {
            let words = table.has(key).then(|| texts(table, key))?;
            table.time(time);
            let time = table.text(time).map_or_else(|| "5s".into(), |time| time.value);
            Some((words, time))
        };
        table.require("when", "again");
        let when = table.word("when", &[("again", When::Again), ("brief", When::Brief)]);
        let pose = text(table, "pose", "childs-pose");
        Some(Shorter { when: when?.value, pose, setup: words("setup", "settle"), release: words("release", "leave") })
    }
}

impl Words {
    fn read(table: &Table<'_>) -> Option<Words> {
        table.allow("words around the practice", &[WORDS]);
        table.require("when", "opening");
        table.require("say", "closing/thanks");
        let slots = [("opening", Slot::Opening), ("safety", Slot::Safety), ("closing", Slot::Closing)];
        let slot = table.word("when", &slots);
        Some(Words {
            slot: slot?.value,
            say: texts(table, "say"),
            brief: table.truth("brief").map(|brief| brief.value),
            needs: table.word("needs", &Need::WORDS).map(|need| need.value),
            poses: texts(table, "poses"),
            position: table.position("position").map(|position| position.value),
            ends: table.position("ends").map(|position| position.value),
            within: table.word("within", &Within::WORDS).map(|within| within.value),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_in_the_rules_is_told_with_its_line() {
        let library = Library::in_memory(crate::load::Memory::new()).unwrap();
        let text = library.composing_rules().unwrap().text.clone();
        let wrong = text
            .replace("most_changes   = 4 ", "most_changes   = 0 ")
            .replace("\"kneeling\", \"prone\"", "\"kneling\", \"prone\"");
        let (_, mistakes) = Rules::parse(&Arc::new(Source::in_memory("rules.toml", wrong)));
        let told: Vec<_> = mistakes.iter().map(|each| each.message.clone()).collect();
        assert!(told[0].contains("`most_changes`: expected a whole number from 1 to 20, found 0"), "{told:?}");
        assert!(told[1].contains("found \"kneling\""), "{told:?}");
    }
}
