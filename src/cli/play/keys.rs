//! Which key does what.

use catcow::sink::device::Order;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// What a key asks for.
pub enum Key {
    /// Something the deck does.
    Order(Order),
    /// Less talk, which needs another plan.
    LessTalk,
    /// What the keys do.
    Help,
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

/// What a key asks for.
pub fn meaning(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    if event.modifiers.contains(KeyModifiers::CONTROL) {
        return (event.code == KeyCode::Char('c')).then_some(Key::Interrupt);
    }
    Some(Key::Order(match event.code {
        KeyCode::Char(' ') => Order::Toggle,
        KeyCode::Right | KeyCode::Char('n') => Order::Next,
        KeyCode::Left | KeyCode::Char('p') => Order::Previous,
        KeyCode::Up | KeyCode::Char('+' | '=') => Order::Longer,
        KeyCode::Down | KeyCode::Char('-') => Order::Release,
        KeyCode::Char('r') => Order::Repeat,
        KeyCode::Char('0') => Order::Volume(1),
        KeyCode::Char('9') => Order::Volume(-1),
        KeyCode::Char('b') => Order::Bed,
        KeyCode::Char('q') => Order::End,
        KeyCode::Char('g') => return Some(Key::LessTalk),
        KeyCode::Char('?') | KeyCode::F(1) => return Some(Key::Help),
        _ => return None,
    }))
}
