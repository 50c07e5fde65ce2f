//! Words that a terminal shows, and does not obey.
//!
//! File names, titles and the lines of a file are other people's text. What would move the cursor, set a colour, name a window
//! or turn the order of letters round is replaced, letter by letter, so that arrows still point at what they mean.

use std::borrow::Cow;

/// The text without what controls a terminal; line breaks stay.
pub fn printable(text: &str) -> Cow<'_, str> {
    let plain = |byte| matches!(byte, b' '..=b'~' | b'\n');
    // Most text is plain, which is seen sooner byte by byte.
    if text.bytes().all(plain) || text.chars().all(|letter| shown(letter) == letter) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(shown).collect())
}

/// The same for text that was given colours: what sets a colour stays, too.
pub fn printable_styled(text: &str) -> Cow<'_, str> {
    let mut parts = text.split("\x1b[");
    let mut clean = printable(parts.next().unwrap_or_default()).into_owned();
    for part in parts {
        let digits = part.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
        let (style, rest) = match part.as_bytes().get(digits) {
            Some(b'm') => part.split_at(digits + 1),
            _ => ("", part),
        };
        clean += if style.is_empty() { "␛[" } else { "\x1b[" };
        clean += style;
        clean += &printable(rest);
    }
    Cow::Owned(clean)
}

/// The text of a JSON document with every control that stands in it as an escape, which is the same to whoever reads it.
pub fn escaped_json(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_control(letter) || letter == '\x7f' {
            let mut units = [0; 2];
            letter.encode_utf16(&mut units).iter().for_each(|unit| escaped += &format!("\\u{unit:04x}"));
        } else {
            escaped.push(letter);
        }
    }
    escaped
}

/// A letter as it is shown: itself, the picture of an ASCII control, or a question mark in a lozenge for other controls.
fn shown(letter: char) -> char {
    /// Pictures of the controls 0 to 31 stand in their order from here on, that of 127 after the next.
    const PICTURES: u32 = 0x2400;
    match letter {
        '\n' => letter,
        '\0'..='\x1f' => char::from_u32(PICTURES + letter as u32).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\x7f' => '␡',
        _ if is_control(letter) => char::REPLACEMENT_CHARACTER,
        _ => letter,
    }
}

/// Controls of the eighth bit, and of Unicode: what turns the direction of text, what breaks a line, what is not seen at all.
/// The joiners of letters (U+200C and U+200D) stay: languages and pictograms need them.
fn is_control(letter: char) -> bool {
    matches!(letter,
        '\u{80}'..='\u{9f}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_becomes_a_picture_and_text_stays() {
        for text in ["Cat/Cow – 4:40\n", "Krieger, Größe", "猫のポーズ", "می‌خواهم", "👩‍🦰"] {
            assert_eq!(printable(text), text);
        }
        assert_eq!(printable("a\x1b[31mb\r\t\x7f\u{9b}0m\u{202e}c\u{2028}"), "a␛[31mb␍␉␡\u{fffd}0m\u{fffd}c\u{fffd}");
        let all: String = ('\0'..=char::MAX).collect();
        let left = printable(&all).chars().filter(|letter| letter.is_control()).collect::<String>();
        assert_eq!(left, "\n");
    }

    #[test]
    fn json_says_the_same_without_a_control() {
        let text = serde_json::to_string("a\u{9b}\u{202e}\u{7f}\u{e0001}ß\x1b").unwrap();
        let escaped = escaped_json(&text);
        assert!(escaped.chars().all(|letter| letter == 'ß' || letter.is_ascii_graphic()), "{escaped}");
        assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), serde_json::from_str::<String>(&text).unwrap());
    }

    #[test]
    fn colours_stay_and_nothing_else_that_begins_like_one() {
        assert_eq!(printable_styled("\x1b[1;31merror\x1b[0m: x"), "\x1b[1;31merror\x1b[0m: x");
        assert_eq!(printable_styled("\x1b[2Jx\x1b]0;t\x07\x1b["), "␛[2Jx␛]0;t␇␛[");
    }
}
