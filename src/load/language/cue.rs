//! The names of things that are said.

use std::sync::Arc;

use super::house_cues::Meaning;
pub use super::names::{is_cue_id, is_name, is_word, titled};
use super::own_words;
use super::spanned::Spanned;
use crate::diagnostic::{Code, Diagnostic, Place};

/// A cue as an author names it: an id that may hold `{side}` and `{other}`, or the very words that are to be said.
#[derive(Clone, Debug)]
pub struct CueRef {
    template: String,
    /// The words, where they stand in the place of an id.
    words: Option<Arc<str>>,
    meaning: Meaning,
    /// Where it was written.
    pub place: Place,
}

impl CueRef {
    pub(crate) fn read(text: Spanned<String>) -> Result<CueRef, Diagnostic> {
        let plain = text.value.replace("{side}", "side").replace("{other}", "other");
        if is_cue_id(&plain) {
            let meaning = Meaning::of(&text.value);
            return Ok(CueRef { meaning, template: text.value, words: None, place: text.place });
        }
        if own_words::are_words(&text.value) {
            return CueRef::of_words(text);
        }
        let message = format!("expected a cue id such as `cat-cow/inhale`, or words, found `{}`", text.value);
        let mistake = Diagnostic::error(Code::CueId, message).at(&text.place, "neither a cue id nor words");
        let meant = text.value.trim().to_lowercase().replace([' ', '_'], "-");
        Err(if is_cue_id(&meant) && meant.contains('/') {
            mistake.help(format!(
                "did you mean `{meant}`? Words to be said begin with a capital letter, or end with a full stop"
            ))
        } else {
            mistake.help(
                "a cue id is lower-case words joined by hyphens, in folders divided by `/`; words to be said begin with a \
                 capital letter, or end with a full stop",
            )
        })
    }

    /// What is to be said, in place of a name for it.
    fn of_words(text: Spanned<String>) -> Result<CueRef, Diagnostic> {
        let words = text.value.trim();
        match own_words::id_of(words) {
            Ok(template) => {
                let words = Some(words.into());
                Ok(CueRef { meaning: Meaning::Plain, template, words, place: text.place })
            }
            Err(message) => Err(Diagnostic::error(Code::CueId, message).at(&text.place, "here")),
        }
    }

    /// A cue that the planner says by itself, for a reason that stands at `place`.
    pub fn house(id: impl Into<String>, place: &Place) -> CueRef {
        let template = id.into();
        CueRef { meaning: Meaning::of(&template), template, words: None, place: place.clone() }
    }

    /// The id as it was written.
    pub fn template(&self) -> &str {
        &self.template
    }

    /// The folder that it is in: the pose or the kind of words that it belongs to.
    pub fn folder(&self) -> Option<&str> {
        self.template.split_once('/').map(|(folder, _)| folder)
    }

    /// What it means to the planner, apart from its words.
    pub(crate) fn meaning(&self) -> Meaning {
        self.meaning
    }

    /// Whether it is said under any guidance: it keeps the listener from harm.
    pub fn is_safety(&self) -> bool {
        self.meaning == Meaning::Safety
    }

    /// The id for a side and the one opposite.
    pub fn id(&self, side: Option<&str>, other: Option<&str>) -> String {
        filled(&self.template, side, other)
    }

    /// The words for a side and the one opposite, where they stand in the place of an id.
    pub fn words(&self, side: Option<&str>, other: Option<&str>) -> Option<String> {
        // A side is named as an id is, with hyphens between its words.
        let spoken = |side: Option<&str>| side.map(|side| side.replace('-', " "));
        let (side, other) = (spoken(side), spoken(other));
        Some(filled(self.words.as_ref()?, side.as_deref(), other.as_deref()))
    }

    /// Whether it names a side.
    pub fn names_side(&self) -> bool {
        self.template.contains("{side}") || self.template.contains("{other}")
    }
}

fn filled(template: &str, side: Option<&str>, other: Option<&str>) -> String {
    if !template.contains('{') {
        return template.to_owned();
    }
    template.replace("{side}", side.unwrap_or("{side}")).replace("{other}", other.unwrap_or("{other}"))
}
