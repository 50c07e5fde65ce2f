//! The names of things that are said.

use super::house_cues::Meaning;
use super::spanned::Spanned;
use crate::diagnostic::{Code, Diagnostic, Place};

/// A cue as an author names it: an id that may hold `{side}` and `{other}`.
#[derive(Clone, Debug)]
pub struct CueRef {
    template: String,
    meaning: Meaning,
    /// Where it was written.
    pub place: Place,
}

impl CueRef {
    pub(crate) fn read(text: Spanned<String>) -> Result<CueRef, Diagnostic> {
        let plain = text.value.replace("{side}", "side").replace("{other}", "other");
        if is_cue_id(&plain) {
            return Ok(CueRef { meaning: Meaning::of(&text.value), template: text.value, place: text.place });
        }
        let message = format!("expected a cue id such as `cat-cow/inhale`, found `{}`", text.value);
        let mistake = Diagnostic::error(Code::CueId, message).at(&text.place, "not a cue id");
        // What has spaces is what is to be said, not what it is called.
        Err(if text.value.trim().contains(' ') {
            let words = text.value.trim();
            mistake.help(format!("write \"my/words\" here, and below, under `[cues]`: \"my/words\" = \"{words}\""))
        } else {
            mistake.help("a cue id is lower-case words joined by hyphens, in folders divided by `/`")
        })
    }

    /// A cue that the planner says by itself, for a reason that stands at `place`.
    pub fn house(id: impl Into<String>, place: &Place) -> CueRef {
        let template = id.into();
        CueRef { meaning: Meaning::of(&template), template, place: place.clone() }
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
        if !self.template.contains('{') {
            return self.template.clone();
        }
        self.template.replace("{side}", side.unwrap_or("{side}")).replace("{other}", other.unwrap_or("{other}"))
    }

    /// Whether it names a side.
    pub fn names_side(&self) -> bool {
        self.template.contains("{side}") || self.template.contains("{other}")
    }
}

/// Whether `text` is lower-case words joined by hyphens, in folders divided by `/`. No such id can leave a folder.
pub fn is_cue_id(text: &str) -> bool {
    text.len() <= 200 && text.split('/').all(is_word)
}

/// Whether `text` is lower-case letters and digits joined by single hyphens: the form of every name in the language.
pub fn is_word(text: &str) -> bool {
    let letters = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    text.split('-').all(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cue_id_leaves_its_folder() {
        for id in ["breath/in", "a", "cat-cow/inhale-full", "stay/5-breaths"] {
            assert!(is_cue_id(id), "{id}");
        }
        for id in ["", "/a", "a/", "../a", "a/../b", "a//b", "A", "a b", "a.wav", "a-", "ä", "c:\\x", "a/./b"] {
            assert!(!is_cue_id(id), "{id}");
        }
    }
}
