//! The forms of names: of cues, of poses, of files.

use unicode_normalization::char::is_combining_mark;

/// An id is no longer: it is the name of a file, too.
pub(super) const MOST_ID_BYTES: usize = 200;

/// Whether `text` is lower-case words joined by hyphens, in folders divided by `/`. No such id can leave a folder.
pub fn is_cue_id(text: &str) -> bool {
    text.len() <= MOST_ID_BYTES && text.split('/').all(is_word)
}

/// Whether `text` is lower-case letters and digits joined by single hyphens: the form of every name in the language.
pub fn is_word(text: &str) -> bool {
    let letters = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    text.split('-').all(letters)
}

/// Whether `text` may be the name of a file of the library's: lower-case letters of any alphabet and digits, joined by single
/// hyphens. No such name can leave a folder.
pub fn is_name(text: &str) -> bool {
    let fits = |c: char| (c.is_alphanumeric() && !c.is_uppercase()) || is_combining_mark(c);
    text.len() <= MOST_ID_BYTES && text.split('-').all(|part| !part.is_empty() && part.chars().all(fits))
}

/// A name as people read it: `half-moon` as "Half moon".
pub fn titled(name: &str) -> String {
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_its_folder() {
        for name in ["my-back", "dienstag-übung", "u\u{308}bung", "ヨガ", "בוקר"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "a/b", "../a", "a b", "A", "a.toml", "a-", "a\\b", "a\u{202e}b", "Über"] {
            assert!(!is_name(name), "{name}");
        }
    }

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
