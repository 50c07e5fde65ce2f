//! Keys that take words of a closed set: one, or some of them.

use super::reader::Table;
use super::spanned::Spanned;
use super::value_help;
use crate::diagnostic::{Code, Diagnostic};

impl Table<'_> {
    /// One of a closed set of words.
    pub(crate) fn word<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Option<Spanned<T>> {
        self.one_of(key, &self.text(key)?, words)
    }

    /// Some of a closed set of words; one alone need not stand in brackets. What stands there twice counts once.
    pub(crate) fn words<T: Copy + PartialEq>(&self, key: &str, words: &[(&str, T)]) -> Vec<T> {
        let mut found = Vec::new();
        for word in self.repeated_words(key, words) {
            if !found.contains(&word) {
                found.push(word);
            }
        }
        found
    }

    /// The same, where a word may stand more than once.
    pub(crate) fn repeated_words<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Vec<T> {
        let texts = self.texts(key).map_or_else(Vec::new, |texts| texts.value);
        texts.iter().filter_map(|text| Some(self.one_of(key, text, words)?.value)).collect()
    }

    fn one_of<T: Copy>(&self, key: &str, text: &Spanned<String>, words: &[(&str, T)]) -> Option<Spanned<T>> {
        if let Some((_, found)) = words.iter().find(|(name, _)| *name == text.value) {
            return Some(Spanned { value: *found, place: text.place.clone() });
        }
        let names: Vec<_> = words.iter().map(|(name, _)| *name).collect();
        let message = format!("`{key}`: expected one of {}, found \"{}\"", names.join(", "), text.value);
        let mistake = Diagnostic::error(Code::WrongValue, message).at(&text.place, "here").nearest(&text.value, names);
        self.mistake(match value_help::line(key, None).filter(|_| mistake.help.is_empty()) {
            Some(line) => mistake.help(line),
            None => mistake,
        });
        None
    }
}
