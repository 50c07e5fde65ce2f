//! Which key does what.

use catcow::sink::player::Command;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// What a key asks for.
pub enum Key {
    /// Something the player does.
    Command(Command),
    /// Less talk, which needs another plan.
    LessTalk,
    /// What the keys do.
    Help,
    /// Nothing; but who presses it may miss something, such as a device.
    Other,
    /// Ctrl-C, which a terminal in raw mode hands over as a key.
    Interrupt,
}

/// The keys in words, as `?` shows them.
pub const WORDS: [(&str, &str); 10] = [
    ("Space", "pause, go on"),
    ("Right Left", "next, previous pose"),
    ("Up +", "hold longer"),
    ("Down -", "let go of this hold"),
    ("r", "this pose again"),
    ("9 0", "quieter, louder"),
    ("b", "bed off, on"),
    ("g", "less talk"),
    ("?", "these keys"),
    ("q", "end"),
];

/// What a key asks for; nothing where it is let go of.
pub fn meaning(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    // Caps Lock is not seen with the eyes closed.
    let code = match event.code {
        KeyCode::Char(letter) => KeyCode::Char(letter.to_ascii_lowercase()),
        code => code,
    };
    if event.modifiers.contains(KeyModifiers::CONTROL) {
        return Some(if code == KeyCode::Char('c') { Key::Interrupt } else { Key::Other });
    }
    Some(Key::Command(match code {
        KeyCode::Char(' ') => Command::Toggle,
        KeyCode::Right | KeyCode::Char('n') => Command::Next,
        KeyCode::Left | KeyCode::Char('p') => Command::Previous,
        KeyCode::Up | KeyCode::Char('+' | '=') => Command::Longer,
        KeyCode::Down | KeyCode::Char('-') => Command::Release,
        KeyCode::Char('r') => Command::Repeat,
        KeyCode::Char('0') => Command::Volume(1),
        KeyCode::Char('9') => Command::Volume(-1),
        KeyCode::Char('b') => Command::Bed,
        KeyCode::Char('q') => Command::End,
        KeyCode::Char('g') => return Some(Key::LessTalk),
        KeyCode::Char('?') | KeyCode::F(1) => return Some(Key::Help),
        _ => return Some(Key::Other),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(letter: char) -> Option<Key> {
        meaning(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE))
    }

    #[test]
    fn caps_lock_changes_no_key() {
        for letter in ['n', 'p', 'r', 'b', 'g', 'q'] {
            let (small, large) = (pressed(letter).unwrap(), pressed(letter.to_ascii_uppercase()).unwrap());
            assert_eq!(std::mem::discriminant(&small), std::mem::discriminant(&large), "{letter}");
            if let (Key::Command(small), Key::Command(large)) = (small, large) {
                assert_eq!(std::mem::discriminant(&small), std::mem::discriminant(&large), "{letter}");
            }
        }
    }

    #[test]
    fn a_key_without_a_meaning_is_still_a_key() {
        assert!(pressed('x').is_some());
        let released = KeyEvent::new_with_kind(KeyCode::Char('x'), KeyModifiers::NONE, KeyEventKind::Release);
        assert!(meaning(released).is_none());
    }
}
