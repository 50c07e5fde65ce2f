//! The script: the words of the cues. They stand once, in `voice_clips/script.toml`, or under `[cues]` in the routine or
//! pose that alone has them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cue::is_cue_id;
use super::house_cues;
use super::keys::{self, Absent, Key, Takes};
use super::reader::{Reader, Table};
use crate::diagnostic::{Candidates, Code, Diagnostic, Diagnostics, Place, Source};

/// The keys of a script file.
const SCRIPT: &[Key] =
    &[Key { name: "cues", takes: Takes::Words, absent: Absent::Nothing, about: "Cue ids with their words." }];

/// Cue ids and their words.
pub type Script = BTreeMap<String, String>;

/// Reads a script file.
pub(crate) fn parse(source: &Arc<Source>) -> (Script, Diagnostics) {
    Reader::read(source, |table| {
        table.allow("a script", &[SCRIPT]);
        words(table)
    })
}

/// Reads the `[cues]` of a table, of which something that `names` knows is said. A name that nothing says, and that is a key elsewhere,
/// is a line that slipped below the header.
pub(crate) fn words_of(table: &Table<'_>, names: impl Fn(&str) -> bool) -> Script {
    if let Some(cues) = table.table("cues") {
        let header = cues.header().unwrap_or_else(|| "[cues]".into());
        for key in cues.keys().filter(|key| !names(key.value)) {
            if let Some(owner) = keys::owner(key.value) {
                let message =
                    format!("expected a cue and its words below `{header}`, found `{}`, a key of {owner}", key.value);
                let mistake =
                    Diagnostic::error(Code::MisplacedKey, message).at(&key.place, "read as a cue, which nothing says");
                let above =
                    format!("move this line above the line `{header}`: what stands below a header belongs to it");
                cues.mistake(mistake.help(above));
            }
        }
    }
    words(table)
}

/// Reads the `[cues]` of a table.
fn words(table: &Table<'_>) -> Script {
    let Some(cues) = table.table("cues") else { return Script::new() };
    let mut script = Script::new();
    for key in cues.keys() {
        if keys::owner(key.value).is_some() && cues.is_no_text(key.value) {
            // Told already, by its name.
            continue;
        }
        if !is_cue_id(key.value) {
            let message = format!("expected a cue id such as `cat-cow/inhale`, found `{}`", key.value);
            let mistake = Diagnostic::error(Code::CueId, message).at(&key.place, "not a cue id");
            cues.mistake(mistake.help("a cue id is lower-case words joined by hyphens, in folders divided by `/`"));
        } else if let Some(text) = cues.text(key.value) {
            if text.value.trim().is_empty() {
                cues.mistake(Diagnostic::error(Code::WrongValue, "expected words, found none").at(&text.place, "here"));
            }
            script.insert(key.value.to_owned(), text.value);
        } else {
            // Its words are wrong, which is said already; the cue itself is not unknown.
            script.insert(key.value.to_owned(), String::new());
        }
    }
    script
}

/// Where each of the `[cues]` of a table is written.
pub(crate) fn places(table: &Table<'_>) -> BTreeMap<String, Place> {
    let Some(cues) = table.table("cues") else { return BTreeMap::new() };
    cues.keys().map(|key| (key.value.to_owned(), key.place)).collect()
}

/// The mistake of naming a cue that has no words; `known` are those that have.
pub fn unknown_cue(cue: &str, place: &Place, known: &Candidates<'_>) -> Diagnostic {
    let message = format!("expected a cue with words or a recording, found `{cue}`");
    let mistake = Diagnostic::error(Code::UnknownCue, message).at(place, "no such cue");
    if let Some(words) = house_cues::side_words(cue) {
        let words = words.map(|id| format!("\"{id}\" = \"…\""));
        return mistake.help(format!("give the side words under `[cues]`: {}", words.join(" and ")));
    }
    match known.nearest(cue) {
        Some(near) => mistake.help(format!("did you mean `{near}`?")),
        None => mistake.help(format!("give it words under `[cues]`: \"{cue}\" = \"…\"")),
    }
}
