//! Words that stand where a cue may stand: how they are told from an id, and the id that they get.

use std::hash::Hasher;

use fnv::FnvHasher;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::names::{MOST_ID_BYTES, is_cue_id};

/// Where the recordings of such words lie in a voice.
const FOLDER: &str = "own/";
/// An id has no more words than this: it is a name of the words, and is read in lists.
const MOST_WORDS: usize = 8;
/// And no more letters.
const MOST_LETTERS: usize = 60;
/// More is no instruction: three minutes at a calm pace.
const MOST_SAID_LETTERS: usize = 2_000;

/// The placeholders, as single signs that no text holds: control characters are refused where texts are read.
const PLACEHOLDERS: [(&str, char); 2] = [("{side}", '\u{1}'), ("{other}", '\u{2}')];

/// Whether a text that is no cue id is words: they are several, begin with a capital letter, or end as a sentence does. What
/// looks like an id that was misspelt is none.
pub(super) fn are_words(text: &str) -> bool {
    let text = text.trim();
    let ends = text.ends_with(['.', '!', '?', '…', ',', ';', ':', '。', '！', '？']);
    let capital = text.chars().find(|letter| letter.is_alphabetic()).is_some_and(|first| !first.is_ascii_lowercase());
    let several = text.contains(char::is_whitespace);
    if text.contains('/') {
        // "and/or" may stand in a sentence; "cat cow/inhale" is an id.
        let id = is_cue_id(&text.to_lowercase().replace([' ', '_'], "-"));
        return several && (!id || ends);
    }
    several || ends || capital
}

/// The id of words: themselves, in small letters joined by hyphens, the first of them where they are many. The same words have the
/// same id whatever stands between them, and so one recording.
///
/// # Errors
/// What was expected instead, in words.
pub(super) fn id_of(words: &str) -> Result<String, String> {
    if words.chars().count() > MOST_SAID_LETTERS {
        return Err(format!("expected at most {MOST_SAID_LETTERS} letters to be said at once, found more"));
    }
    let mut text = words.to_owned();
    for (placeholder, sign) in PLACEHOLDERS {
        text = text.replace(placeholder, &sign.to_string());
    }
    if let Some(at) = text.find(['{', '}']) {
        let found: String = text[at..].chars().take(20).collect();
        return Err(format!("expected `{{side}}` or `{{other}}` in braces, found `{found}`"));
    }
    let spelt = spell(&text);
    if spelt.words.is_empty() && !spelt.lost {
        return Err("expected words, found none".into());
    }
    let mut id = String::from(FOLDER);
    let mut whole = !spelt.lost;
    for (index, word) in spelt.words.iter().enumerate() {
        if index == MOST_WORDS || id.len() + word.len() > MOST_LETTERS {
            whole = false;
            break;
        }
        if index > 0 {
            id.push('-');
        }
        id += word;
    }
    if !whole {
        let mut hasher = FnvHasher::default();
        hasher.write(spelt.all.as_bytes());
        let joint = if id.ends_with('/') { "" } else { "-" };
        id += &format!("{joint}{:08x}", hasher.finish() as u32);
    }
    debug_assert!(id.len() < MOST_ID_BYTES, "{id}");
    Ok(id)
}

/// Words as people write them, as a name: "Child's pose" as `childs-pose`, "Śavāsana" as `savasana`. Letters that no name has are
/// left out.
pub fn hyphenated(words: &str) -> String {
    spell(words).words.join("-")
}

/// Words in the letters of an id.
struct Spelt {
    words: Vec<String>,
    /// Whether there are letters that an id does not have.
    lost: bool,
    /// All letters of the words, with one space between two words.
    all: String,
}

fn spell(text: &str) -> Spelt {
    let mut spelt = Spelt { words: Vec::new(), lost: false, all: String::new() };
    let lower = text.to_lowercase();
    for word in lower.split(|sign: char| !is_of_a_word(sign)) {
        if word.is_empty() {
            continue;
        }
        let joint = if spelt.all.is_empty() { "" } else { " " };
        spelt.all = format!("{}{joint}{word}", spelt.all);
        let mut plain = String::new();
        for letter in word.nfd() {
            match letter {
                'a'..='z' | '0'..='9' => plain.push(letter),
                'ß' => plain += "ss",
                'æ' => plain += "ae",
                'ø' => plain.push('o'),
                'ł' => plain.push('l'),
                '\'' | '’' => {}
                letter if is_combining_mark(letter) => {}
                letter => match PLACEHOLDERS.iter().find(|(_, sign)| *sign == letter) {
                    Some((placeholder, _)) => plain += placeholder,
                    None => spelt.lost = true,
                },
            }
        }
        if !plain.is_empty() {
            spelt.words.push(plain);
        }
    }
    spelt
}

/// Whether a sign is part of a word: letters, digits, marks, the apostrophe, a placeholder.
fn is_of_a_word(sign: char) -> bool {
    sign.is_alphanumeric()
        || is_combining_mark(sign)
        || matches!(sign, '\'' | '’')
        || PLACEHOLDERS.iter().any(|(_, placeholder)| *placeholder == sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_ids_and_from_ids_that_are_misspelt() {
        for words in
            ["Breathe.", "Breathe", "breathe in", "Inhale and/or exhale.", "Atme.", "Über", "息を吸って", "so …"]
        {
            assert!(are_words(words), "{words}");
        }
        for id in [
            "cat cow/inhale",
            "Cat-Cow/Inhale",
            "Opening/Small Movements",
            "../a",
            "a.wav",
            "breath_in",
            "a//b",
            "-",
            "",
        ] {
            assert!(!are_words(id), "{id}");
        }
    }

    #[test]
    fn an_id_is_made_of_the_words_and_is_one() {
        for (words, id) in [
            ("Stand tall.", "own/stand-tall"),
            ("Stand  tall!", "own/stand-tall"),
            ("Don't hurry.", "own/dont-hurry"),
            ("Lift your {side} foot.", "own/lift-your-{side}-foot"),
            ("Füße hüftbreit.", "own/fusse-huftbreit"),
            ("Respira. ¿Sí?", "own/respira-si"),
        ] {
            assert_eq!(id_of(words).as_deref(), Ok(id), "{words}");
        }
        let long = id_of("Let the breath come and go as it likes, all by itself, for a while.").unwrap();
        assert!(long.starts_with("own/let-the-breath-come-and-go-as-it-") && is_cue_id(&long), "{long}");
        assert_ne!(long, id_of("Let the breath come and go as it likes, all by itself, for long.").unwrap());
        let other = id_of("息を吸って。").unwrap();
        assert!(is_cue_id(&other) && other != id_of("息を吐いて。").unwrap(), "{other}");
        for wrong in ["…", "Lift your {left} foot.", "{", &"long ".repeat(1000)] {
            assert!(id_of(wrong).is_err(), "{wrong}");
        }
    }
}
