//! The language as JSON Schema, for editors: completion, a word about each key, and mistakes while one types.
//!
//! Made from the tables of [`super::keys`], which the reader uses too. Draft 7, because that is what editors of TOML
//! understand best. A schema knows one value at a time: that a range is the right way round, or that a cue has words, only
//! `catcow check` knows.

use serde_json::{Map, Value, json};

use super::file_keys;
use super::keys::{self, Absent, Key, Takes};
use super::lints::LINTS;
use super::position::Position;
use super::quantity::{BETWEEN, MOST_ROUNDS, UNITS};

/// The schema of one kind of file.
pub struct Schema {
    /// What `catcow schema` calls it.
    pub name: &'static str,
    /// Which files it is for, in a line.
    pub about: &'static str,
    /// Makes it.
    make: fn() -> Value,
}

/// Every schema.
pub const SCHEMAS: &[Schema] = &[
    Schema { name: "routine", about: "Routine files.", make: routine },
    Schema { name: "pose", about: "Pose files.", make: pose },
    Schema { name: "programme", about: "Programmes of several weeks.", make: programme },
    Schema { name: "settings", about: "The settings file.", make: settings },
];

impl Schema {
    /// The schema as text, ending in a line break.
    pub fn text(&self) -> String {
        let mut schema = (self.make)();
        schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
        schema["title"] = json!(format!("catcow: {}", self.about.trim_end_matches('.').to_lowercase()));
        // A schema has nothing in it that JSON lacks, so this does not fail.
        serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
    }
}

fn routine() -> Value {
    defined(table(&[keys::ROUTINE], &[]))
}

fn pose() -> Value {
    defined(pose_table())
}

fn programme() -> Value {
    defined(table(&[file_keys::PROGRAMME], &[]))
}

fn week() -> Value {
    let mut week = table(&[file_keys::WEEK], &[]);
    week["not"] = both("level", "length");
    week
}

fn settings() -> Value {
    defined(table(&[file_keys::SETTINGS], &[]))
}

/// A part of a schema, by the name that refers to it.
type Definition = (&'static str, fn() -> Value);

/// What is written in many places.
const DEFINITIONS: [Definition; 14] = [
    ("allowance", allowance),
    ("breath", || json!({ "type": "string", "pattern": padded(&breath()) })),
    ("breathing", || json!({ "anyOf": [refer("breath"), table(&[keys::EASING], &[])] })),
    ("count", count),
    ("cue", cue),
    ("cues", || one_or_list(refer("cue"))),
    ("phase", phase),
    ("pose", pose_table),
    ("quantity", || scalar(&quantity())),
    ("quantity-or-dose", || scalar(&format!("dose|{}", quantity()))),
    ("step", step),
    ("time", || scalar(&time())),
    ("times", || scalar(&times())),
    ("week", week),
];

/// The schema with every definition that it refers to.
fn defined(mut schema: Value) -> Value {
    let mut definitions = Map::new();
    loop {
        let text = format!("{schema}{}", Value::Object(definitions.clone()));
        let missing =
            |name: &str| text.contains(&format!("\"#/definitions/{name}\"")) && !definitions.contains_key(name);
        let Some((name, make)) = DEFINITIONS.iter().find(|(name, _)| missing(name)) else { break };
        definitions.insert((*name).to_owned(), make());
    }
    schema["definitions"] = Value::Object(definitions);
    schema
}

fn refer(name: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{name}") })
}

/// A table with these keys and no others.
fn table(keys: &[&[Key]], needed: &[&str]) -> Value {
    let all = || keys.iter().flat_map(|keys| keys.iter());
    let properties: Map<String, Value> = all().map(|key| (key.name.to_owned(), property(key))).collect();
    let mut required: Vec<&str> = all().filter(|key| key.absent == Absent::Refused).map(|key| key.name).collect();
    required.extend(needed);
    let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// The kinds of step, each by the key that makes it one, with all its keys.
const STEPS: [(&str, &[&[Key]]); 6] = [
    ("say", &[keys::SAY]),
    ("pause", &[keys::PAUSE]),
    ("breathe", &[keys::BREATHE]),
    ("bell", &[keys::BELL]),
    ("repeat", &[keys::REPEAT]),
    // Last: what it says of a key that others have too is what an editor shows.
    ("pose", &[keys::POSE_STEP, keys::PRACTICE]),
];

/// A step: the keys of every kind in one table, as what one kind shares with another takes the same in both; which kind a key
/// needs is said of the key. So an editor points at the one key that is wrong: of a list of whole kinds it could only say
/// that the step is none of them.
fn step() -> Value {
    let all: Vec<&[Key]> = STEPS.iter().flat_map(|(_, keys)| keys.iter().copied()).collect();
    let mut step = table(&all, &[]);
    step["properties"]["say"]["minItems"] = json!(1);
    step["oneOf"] = STEPS.iter().map(|(kind, _)| json!({ "required": [kind] })).collect();
    let mut dependencies = Map::new();
    for key in all.iter().flat_map(|keys| keys.iter()).filter(|key| STEPS.iter().all(|(kind, _)| *kind != key.name)) {
        let has = |keys: &[&[Key]]| keys.iter().any(|keys| keys.iter().any(|other| other.name == key.name));
        let kinds: Vec<&str> = STEPS.iter().filter(|(_, keys)| has(keys)).map(|(kind, _)| *kind).collect();
        let needs = match kinds[..] {
            [kind] => json!([kind]),
            _ if kinds.len() == STEPS.len() => continue,
            _ => json!({ "anyOf": kinds.iter().map(|kind| json!({ "required": [kind] })).collect::<Value>() }),
        };
        dependencies.insert(key.name.to_owned(), needs);
    }
    dependencies.insert("pose".into(), json!({ "not": both("rounds", "for") }));
    dependencies.insert("breathe".into(), json!({ "oneOf": one_of("rounds", "for") }));
    dependencies.insert("repeat".into(), json!(["steps"]));
    step["dependencies"] = Value::Object(dependencies);
    step
}

fn phase() -> Value {
    let mut phase = table(&[keys::PHASE], &[]);
    phase["oneOf"] = one_of("breath", "hold");
    phase
}

fn pose_table() -> Value {
    let mut pose = table(&[keys::POSE, keys::PRACTICE], &[]);
    pose["anyOf"] = one_of("hold", "phases");
    pose["not"] = both("rounds", "for");
    pose
}

fn one_of(one: &str, other: &str) -> Value {
    json!([{ "required": [one] }, { "required": [other] }])
}

fn both(one: &str, other: &str) -> Value {
    json!({ "required": [one, other] })
}

/// What a key takes, what it is for, and what holds where it is not written.
fn property(key: &Key) -> Value {
    let mut schema = takes(key.takes);
    let mut about = key.about.to_owned();
    match key.absent {
        Absent::Refused => about += " It must be there.",
        Absent::Nothing => {}
        // A default is written as TOML, or described in words where it depends on something else.
        Absent::Means(default) => match toml::from_str::<Map<String, Value>>(&format!("default = {default}")) {
            Ok(mut value) => schema["default"] = value["default"].take(),
            Err(_) => about += &format!(" Default: {}.", default.replace('`', "")),
        },
    }
    schema["description"] = json!(about);
    schema
}

fn takes(takes: Takes) -> Value {
    // Beside a reference nothing else counts in draft 7, so one that is to be described stands in a list of its own.
    let named = |name| json!({ "allOf": [refer(name)] });
    match takes {
        Takes::Text => json!({ "type": "string" }),
        Takes::Truth => json!({ "type": "boolean" }),
        Takes::Whole(least, most) => whole_number(least, most),
        Takes::Texts => one_or_list(json!({ "type": "string" })),
        // A pose's id, or a name that it is also called by.
        Takes::Name => json!({ "type": "string", "pattern": r"[^\s]" }),
        Takes::Time => named("time"),
        Takes::TimeList => one_or_list(refer("time")),
        Takes::Times => named("times"),
        Takes::Count => named("count"),
        Takes::Rounds => json!({ "anyOf": [refer("count"), { "type": "string", "enum": ["first", "last"] }] }),
        Takes::Quantity => named("quantity"),
        Takes::QuantityOrDose => named("quantity-or-dose"),
        Takes::Pattern => named("breath"),
        Takes::Breathing => named("breathing"),
        Takes::Percent => json!({ "anyOf": [
            { "type": "integer", "minimum": 1, "maximum": 100 },
            { "type": "string", "pattern": padded("0*(?:[1-9][0-9]?|100) *%*") },
        ] }),
        Takes::Allowances => one_or_list(refer("allowance")),
        Takes::Cues => named("cues"),
        Takes::Position => {
            let spoken: Vec<_> =
                Position::SPOKEN.iter().map(|(name, _)| name.split('-').map(any_case).collect()).collect();
            let spoken: Vec<String> = spoken.iter().map(|words: &Vec<_>| words.join("[ -]+")).collect();
            let positions = keys::POSITIONS.map(|name| name.split('-').map(any_case).collect::<Vec<_>>().join("[ -]+"));
            let pattern = padded(&[&positions[..], &spoken[..]].concat().join("|"));
            json!({ "anyOf": [{ "enum": keys::POSITIONS }, { "type": "string", "pattern": pattern }] })
        }
        Takes::OneOf(words) => json!({ "type": "string", "enum": words }),
        Takes::SomeOf(words) => one_or_list(json!({ "type": "string", "enum": words })),
        Takes::Steps => json!({ "type": "array", "minItems": 1, "items": refer("step") }),
        Takes::Phases => json!({ "type": "array", "items": refer("phase") }),
        Takes::Sounds => json!({
            "type": "object",
            "propertyNames": { "enum": keys::BELLS },
            "additionalProperties": { "type": "string" },
        }),
        Takes::WholeList(least, most) => one_or_list(whole_number(least, most)),
        Takes::Weeks => json!({ "type": "array", "minItems": 1, "items": refer("week") }),
        Takes::Words => json!({
            "type": "object",
            "propertyNames": { "pattern": whole(&id("[a-z0-9]")), "maxLength": LONGEST_ID },
            "additionalProperties": { "type": "string", "pattern": "[^ \\t\\r\\n]" },
        }),
        Takes::Poses => json!({
            "type": "object",
            "propertyNames": { "pattern": whole(&word("[a-z0-9]")) },
            "additionalProperties": refer("pose"),
        }),
    }
}

fn whole_number(least: u32, most: u32) -> Value {
    json!({ "type": "integer", "minimum": least, "maximum": most })
}

/// A lint's code and the reason why it is meant.
fn allowance() -> Value {
    let codes: Vec<&str> = LINTS.iter().map(|lint| lint.word()).collect();
    let pattern = padded(&format!("(?:{}) *:.*[^ ].*", codes.join("|")));
    json!({ "type": "string", "pattern": pattern, "examples": ["never-left: they know this pose"] })
}

fn count() -> Value {
    json!({ "anyOf": [
        { "type": "integer", "minimum": 1, "maximum": MOST_ROUNDS },
        { "type": "string", "pattern": padded(&range(COUNT)) },
    ] })
}

/// One of something, or a list.
fn one_or_list(item: Value) -> Value {
    json!({ "anyOf": [item, { "type": "array", "items": item }] })
}

/// A quantity: text of this form, or a bare number of seconds.
fn scalar(pattern: &str) -> Value {
    json!({ "anyOf": [{ "type": "string", "pattern": padded(pattern) }, { "type": "number", "minimum": 0 }] })
}

fn cue() -> Value {
    let id = json!({ "pattern": whole(&id(r"(?:[a-z0-9]|\{side\}|\{other\})")), "maxLength": LONGEST_ID });
    // Words: several, or with a capital letter, or ended as a sentence is; see [`super::own_words`].
    let words = json!({ "pattern": r"\S\s+\S|^[^a-z]*[A-ZÀ-ɏͰ-῿Ⰰ-퟿]|[.!?…,;:。！？]\s*$" });
    json!({ "type": "string", "anyOf": [id, words] })
}

/// No cue id is longer; see [`super::cue::is_cue_id`].
const LONGEST_ID: u32 = 200;
const NUMBER: &str = r"[0-9]+(?:\.[0-9]+)?";
const COUNT: &str = "0*[1-9][0-9]*";

fn whole(pattern: &str) -> String {
    format!("^(?:{pattern})$")
}

/// The whole text, spaces around it allowed.
fn padded(pattern: &str) -> String {
    whole(&format!(" *(?:{pattern}) *"))
}

/// Lower-case words joined by hyphens.
fn word(letter: &str) -> String {
    format!("{letter}+(?:-{letter}+)*")
}

/// Words in folders.
fn id(letter: &str) -> String {
    format!("{0}(?:/{0})*", word(letter))
}

fn range(one: &str) -> String {
    let signs = BETWEEN.map(|sign| sign.replace('.', r"\.").replace(' ', " +"));
    format!("{one}(?: *(?:{}) *{one})?", signs.join("|"))
}

/// Numbers with units in falling order, of which the last may be left out; a bare one is seconds; or `1:30`.
fn time() -> String {
    let units = UNITS.map(|(_, name, others)| {
        let names: Vec<_> = [name].iter().chain(others).map(|name| any_case(name)).collect();
        format!(r"{NUMBER} *(?:{})\.? *", names.join("|"))
    });
    let [hours, minutes, seconds, millis] = units;
    let after_minutes = format!("(?:(?:{seconds})?(?:{millis})?|[0-5]?[0-9])");
    let after_hours = format!("(?:(?:{minutes})?{after_minutes}|[0-5]?[0-9])");
    format!(
        "{hours}{after_hours}|{minutes}{after_minutes}|{seconds}(?:{millis})?|{millis}|{NUMBER}|[0-9]+(?::[0-5][0-9]){{1,2}}"
    )
}

/// A word in large or small letters.
fn any_case(word: &str) -> String {
    word.chars().map(|letter| format!("[{}{letter}]", letter.to_ascii_uppercase())).collect()
}

fn times() -> String {
    range(&format!("(?:{})", time()))
}

fn quantity() -> String {
    format!("{} *breaths?|{}", range(COUNT), times())
}

/// In and out; or in, hold and out; or in, hold, out and hold.
fn breath() -> String {
    let time = format!("(?:{})", time());
    format!("{time}(?: *[-–—‑] *{time}){{1,3}}")
}
