//! A key that was pressed.

/// A key, as far as the program tells keys apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// A letter, a digit, a sign or the space bar.
    Char(char),
    /// A letter with Ctrl.
    Control(char),
    /// Enter, on the keypad too.
    Enter,
    /// Esc.
    Escape,
    /// An arrow.
    Up,
    /// An arrow.
    Down,
    /// An arrow.
    Left,
    /// An arrow.
    Right,
    /// F1.
    Help,
    /// Any other key.
    Other,
}
