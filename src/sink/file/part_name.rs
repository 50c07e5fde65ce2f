//! Names of the parts of a session: a number and a title, as every phone, Windows and macOS can have them.

use unicode_normalization::UnicodeNormalization;

/// Bytes that a title may have in a name: names end at 255 on most systems, and at fewer where a path is copied with its folders.
const TITLE_BYTES: usize = 100;

/// A title as a part of a file's name: characters that some system forbids are left out or replaced, and it does not end in a dot or a
/// space, which Windows would cut off. Letters of every script stay, composed (NFC), so that systems agree on them.
pub(super) fn of_title(title: &str) -> String {
    let letters = title.nfc().filter_map(|letter| match letter {
        '/' | '\\' | '|' => Some('-'),
        '"' => Some('\''),
        ':' | '*' | '?' | '<' | '>' => Some(' '),
        _ if letter.is_whitespace() || letter.is_control() => Some(' '),
        _ if is_unseen(letter) => None,
        _ => Some(letter),
    });
    let words: String = letters.collect();
    let name = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = (0..=TITLE_BYTES.min(name.len())).rev().find(|end| name.is_char_boundary(*end)).unwrap_or_default();
    name[..end].trim_end_matches(['.', ' ']).to_owned()
}

/// The same for a name that no number stands before: names of Windows's devices get a line after them, and it is never empty or hidden.
pub(super) fn of_name(name: &str) -> String {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
    let name = of_title(name.trim_start_matches(['.', ' ']));
    let first = name.split('.').next().unwrap_or_default().to_lowercase();
    let device = first.trim_end_matches(|letter: char| letter.is_ascii_digit());
    match name.as_str() {
        "" => "session".into(),
        _ if DEVICES.contains(&device) => format!("{name}_"),
        _ => name,
    }
}

/// Whether a character is not seen and turns the order of others, or is none at all; joiners, which scripts are written with, are
/// kept.
fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff0}'..='\u{ffff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_name_that_every_system_takes() {
        for (title, name) in [
            ("Cat and cow", "Cat and cow"),
            ("Rücken: weich & warm", "Rücken weich & warm"),
            ("وضعية الطفل", "وضعية الطفل"),
            ("a/b\\c|d", "a-b-c-d"),
            ("  What?\n\t<Now>  ", "What Now"),
            ("Rest...", "Rest"),
            ("... .", ""),
            ("e\u{301}te\u{301}", "été"),
            ("\u{202e}gnp.exe\u{0}\u{7}", "gnp.exe"),
            ("../../etc", "..-..-etc"),
        ] {
            assert_eq!(of_title(title), name, "{title:?}");
        }
        let long = of_title(&"ü.".repeat(5000));
        assert!(long.len() <= TITLE_BYTES && long.ends_with('ü'), "{long}");
    }

    #[test]
    fn a_name_is_never_that_of_a_device_nor_hidden_nor_empty() {
        let names = ["evening", "con", "LPT1", "nul.x", "", "..", ".hidden", "console"].map(of_name);
        assert_eq!(names, ["evening", "con_", "LPT1_", "nul.x_", "session", "session", "hidden", "console"]);
    }
}
