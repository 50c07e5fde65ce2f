//! Words as a speech program is to read them.

use std::collections::BTreeMap;

/// The text with every word that has a pronunciation spelt so. Whole words, or several in a row, in large or small letters; the longest
/// first, and what was put in is not looked at again.
pub fn spelt(text: &str, pronunciations: &BTreeMap<String, String>) -> String {
    let mut known: Vec<(String, &str)> =
        pronunciations.iter().map(|(word, spelling)| (word.trim().to_lowercase(), spelling.as_str())).collect();
    known.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (mut spelt, mut rest, mut begins) = (String::new(), text.as_str(), true);
    while let Some(letter) = rest.chars().next() {
        let here =
            if begins { known.iter().find_map(|(word, spelling)| Some((length(rest, word)?, spelling))) } else { None };
        let taken = here.map_or(letter.len_utf8(), |(length, _)| length);
        spelt.push_str(here.map_or(&rest[..taken], |(_, spelling)| spelling));
        begins = here.is_none() && !is_of_a_word(letter);
        rest = &rest[taken..];
    }
    spelt
}

/// How many bytes at the beginning of `text` are `word`, in small letters, where a word ends there.
fn length(text: &str, word: &str) -> Option<usize> {
    let mut wanted = word.chars();
    let mut letters = text.char_indices().peekable();
    while wanted.as_str() != "" {
        let (_, letter) = letters.next()?;
        // One large letter may be several small ones.
        if !letter.to_lowercase().all(|small| wanted.next() == Some(small)) {
            return None;
        }
    }
    match letters.peek() {
        Some((_, next)) if is_of_a_word(*next) => None,
        next => Some(next.map_or(text.len(), |(at, _)| *at)),
    }
}

fn is_of_a_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '\''
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_spelt_otherwise_and_nothing_else() {
        let words = [("asana", "ah-suh-nuh"), ("eyes close", "eyes cloze"), ("close", "klohs"), ("é", "ay")];
        let words = words.iter().map(|(word, spelling)| ((*word).to_owned(), (*spelling).to_owned())).collect();
        for (text, said) in [
            ("Asana, asanas; an ASANA.", "ah-suh-nuh, asanas; an ah-suh-nuh."),
            ("Let your eyes  close,\nclose by.", "Let your eyes cloze, klohs by."),
            ("caffé É", "caffé ay"),
            ("", ""),
        ] {
            assert_eq!(spelt(text, &words), said);
        }
    }
}
