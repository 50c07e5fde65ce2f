//! Which key does what.

use catcow::load::language::tastes::Taste;
use catcow::sink::player::Command;

use crate::cli::stroke::Stroke;

/// What a key asks for.
pub enum Key {
    /// Something the player does.
    Command(Command),
    /// Less talk, which needs another plan.
    LessTalk,
    /// That a pose is liked, or not, in composed sessions to come.
    Taste(Taste),
    /// What the keys do.
    Help,
    /// Nothing; but who presses it may miss something, such as a device.
    Other,
    /// Ctrl-C, which a terminal in raw mode hands over as a key.
    Interrupt,
    /// Ctrl-Z, likewise.
    Suspend,
}

/// The keys in words, as `?` shows them.
pub const WORDS: [(&str, &str); 11] = [
    ("Space", "pause, go on"),
    ("Right Left", "next, previous pose"),
    ("Up +", "hold longer"),
    ("Down -", "let go of this hold"),
    ("r", "this pose again"),
    ("9 0", "quieter, louder"),
    ("b", "bed off, on"),
    ("g", "less talk"),
    ("x m", "not this again, more of it"),
    ("?", "these keys"),
    ("q", "end"),
];

/// What a key asks for.
pub fn meaning(stroke: Stroke) -> Key {
    // Caps Lock is not seen with the eyes closed.
    let stroke = match stroke {
        Stroke::Char(letter) => Stroke::Char(letter.to_ascii_lowercase()),
        stroke => stroke,
    };
    Key::Command(match stroke {
        Stroke::Char(' ') => Command::Toggle,
        Stroke::Right | Stroke::Char('n') => Command::Next,
        Stroke::Left | Stroke::Char('p') => Command::Previous,
        Stroke::Up | Stroke::Char('+' | '=') => Command::Longer,
        Stroke::Down | Stroke::Char('-') => Command::Release,
        Stroke::Char('r') => Command::Repeat,
        Stroke::Char('0') => Command::Volume(1),
        Stroke::Char('9') => Command::Volume(-1),
        Stroke::Char('b') => Command::Bed,
        Stroke::Char('q') => Command::End,
        Stroke::Char('g') => return Key::LessTalk,
        Stroke::Char('x') => return Key::Taste(Taste::Without),
        Stroke::Char('m') => return Key::Taste(Taste::More),
        Stroke::Char('?') | Stroke::Help => return Key::Help,
        Stroke::Control('c') => return Key::Interrupt,
        Stroke::Control('z') => return Key::Suspend,
        _ => return Key::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caps_lock_changes_no_key() {
        for letter in ['n', 'p', 'r', 'b', 'g', 'q', 'x', 'm'] {
            let small = meaning(Stroke::Char(letter));
            let large = meaning(Stroke::Char(letter.to_ascii_uppercase()));
            assert_eq!(std::mem::discriminant(&small), std::mem::discriminant(&large), "{letter}");
            if let (Key::Command(small), Key::Command(large)) = (small, large) {
                assert_eq!(std::mem::discriminant(&small), std::mem::discriminant(&large), "{letter}");
            }
        }
    }
}
