//! Bytes of a terminal as keys. What is no key is swallowed whole: replies of the terminal, reports of a mouse, pasted text, and
//! sequences that are unknown, broken or cut short. Whatever came before, the next key after a moment of silence is heard.

use std::collections::VecDeque;
use std::time::Duration;

use vte::{Params, Parser, Perform};

use super::stroke::Stroke;

/// After so long without a byte, an escape is the key, and a sequence that has no end is over: longer than a sequence takes on
/// its way through a network, shorter than the time between two keys.
const SEQUENCE_ENDS: Duration = Duration::from_millis(100);
/// A text that a terminal sends (the answer to a question, a paste) may come in several parts: it is over after so long.
const TEXT_ENDS: Duration = Duration::from_secs(1);

/// Takes bytes, gives keys.
#[derive(Default)]
pub struct Decoder {
    parser: Parser,
    keys: Keys,
    unfinished: Option<Unfinished>,
}

/// What has begun and may go on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unfinished {
    /// An escape, which may be the key.
    Escape,
    /// A sequence with a few bytes to come.
    Sequence,
    /// A text of any length.
    Text,
}

impl Decoder {
    /// Takes the next bytes.
    pub fn advance(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.take(*byte));
    }

    /// The next key.
    pub fn key(&mut self) -> Option<Stroke> {
        self.keys.strokes.pop_front()
    }

    /// How long a silence has to last until what has begun is over; `None` where nothing has.
    pub fn patience(&self) -> Option<Duration> {
        self.unfinished.map(|it| if it == Unfinished::Text { TEXT_ENDS } else { SEQUENCE_ENDS })
    }

    /// What has begun is over.
    pub fn silence(&mut self) {
        if self.unfinished.take() == Some(Unfinished::Escape) {
            self.keys.strokes.push_back(Stroke::Escape);
        }
        self.begin_anew();
    }

    fn begin_anew(&mut self) {
        self.parser = Parser::default();
        (self.keys.follows, self.keys.pastes, self.unfinished) = (Follows::Nothing, false, None);
    }

    fn take(&mut self, byte: u8) {
        const CTRL_C: u8 = 3;
        // No sequence holds one, so it is heard in the middle of any.
        if byte == CTRL_C {
            self.begin_anew();
            return self.keys.strokes.push_back(Stroke::Control('c'));
        }
        if byte == ESCAPE {
            self.keys.follows = Follows::Nothing;
        }
        self.keys.ended = false;
        self.parser.advance(&mut self.keys, &[byte]);
        self.unfinished = self.after(byte);
        if let Some(control) = self.keys.control.take() {
            self.take(ESCAPE);
            self.take(control);
        }
    }

    /// What is unfinished after a byte.
    fn after(&self, byte: u8) -> Option<Unfinished> {
        match (self.unfinished, byte) {
            // It may be the first byte of what ends a text.
            (Some(Unfinished::Text), ESCAPE) => Some(Unfinished::Text),
            (_, ESCAPE) => Some(Unfinished::Escape),
            _ if self.keys.pastes => Some(Unfinished::Text),
            _ if self.keys.follows != Follows::Nothing => Some(Unfinished::Sequence),
            _ if self.keys.ended => None,
            (Some(Unfinished::Escape), b']' | b'P' | b'X' | b'^' | b'_') | (Some(Unfinished::Text), _) => {
                Some(Unfinished::Text)
            }
            _ => Some(Unfinished::Sequence),
        }
    }
}

const ESCAPE: u8 = 0x1b;

/// What comes after the end of a sequence and belongs to it all the same.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Follows {
    #[default]
    Nothing,
    /// The letter of a function key, perhaps digits before it.
    Function,
    /// The letter of a function key of the Linux console.
    Console,
    /// So many letters of a mouse's report.
    Mouse(u8),
}

/// What the parser calls.
#[derive(Default)]
struct Keys {
    strokes: VecDeque<Stroke>,
    follows: Follows,
    /// A control of the eighth bit, as the byte that means the same after an escape.
    control: Option<u8>,
    /// Whether text is being pasted.
    pastes: bool,
    /// Whether the last byte ended something.
    ended: bool,
}

impl Keys {
    fn press(&mut self, stroke: Stroke) {
        if !self.pastes {
            self.strokes.push_back(stroke);
        }
    }

    /// A key that a sequence names, with the sum of one and its modifiers (2 is Alt, 4 is Ctrl), and what happens to it (3: it is let go of).
    fn named(&mut self, stroke: Stroke, modifiers: &[u16]) {
        let modifiers = (modifiers.first().map_or(0, |sum| sum.saturating_sub(1)), modifiers.get(1));
        match (stroke, modifiers) {
            (_, (_, Some(3))) => {}
            (Stroke::Char(letter), (sum, _)) if sum & 6 == 4 => {
                self.press(Stroke::Control(letter.to_ascii_lowercase()));
            }
            (_, (sum, _)) if sum & 6 != 0 => self.press(Stroke::Other),
            _ => self.press(stroke),
        }
    }
}

/// The key with this code, where a terminal tells keys by their codes.
fn coded(code: u16) -> Stroke {
    match char::from_u32(u32::from(code)) {
        Some('\r') => Stroke::Enter,
        Some('\u{1b}') => Stroke::Escape,
        Some(letter @ ' '..='~') => Stroke::Char(letter),
        _ => Stroke::Other,
    }
}

/// The key that a letter ends a sequence of.
fn function(letter: char) -> Stroke {
    match letter {
        'A' => Stroke::Up,
        'B' => Stroke::Down,
        'C' => Stroke::Right,
        'D' => Stroke::Left,
        'M' => Stroke::Enter,
        'P' => Stroke::Help,
        _ => Stroke::Other,
    }
}

impl Perform for Keys {
    fn print(&mut self, letter: char) {
        self.ended = true;
        match std::mem::take(&mut self.follows) {
            Follows::Nothing => self.press(if letter.is_control() || letter == char::REPLACEMENT_CHARACTER {
                Stroke::Other
            } else {
                Stroke::Char(letter)
            }),
            Follows::Function if letter.is_ascii_digit() || letter == ';' => self.follows = Follows::Function,
            Follows::Function => self.press(function(letter)),
            Follows::Console => self.press(if letter == 'A' { Stroke::Help } else { Stroke::Other }),
            Follows::Mouse(left) if left > 1 => self.follows = Follows::Mouse(left - 1),
            Follows::Mouse(_) => {}
        }
    }

    fn execute(&mut self, byte: u8) {
        self.ended = true;
        if let Follows::Mouse(_) = self.follows {
            return self.print(char::REPLACEMENT_CHARACTER);
        }
        self.follows = Follows::Nothing;
        match byte {
            b'\r' | b'\n' => self.press(Stroke::Enter),
            b'\t' | 8 => self.press(Stroke::Other),
            1..=26 => self.press(Stroke::Control(char::from(byte + b'a' - 1))),
            0x80..=0x9f => self.control = Some(byte - 0x40),
            _ => self.press(Stroke::Other),
        }
    }

    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignore: bool, action: char) {
        self.ended = true;
        if ignore || !intermediates.is_empty() {
            return;
        }
        let params: Vec<&[u16]> = params.iter().collect();
        let code = params[0][0];
        let modifiers = params.get(1).copied().unwrap_or_default();
        match action {
            '~' if code == 200 => self.pastes = true,
            '~' if code == 201 => self.pastes = false,
            '~' if code == 27 && params.len() == 3 => self.named(coded(params[2][0]), modifiers),
            '~' => self.named(if code == 11 { Stroke::Help } else { Stroke::Other }, modifiers),
            'u' => self.named(coded(code), modifiers),
            'A'..='D' | 'P' => self.named(function(action), modifiers),
            'E' | 'F' | 'H' | 'Q' | 'S' | 'Z' | 'a'..='d' | '@' | '^' => self.press(Stroke::Other),
            '[' => self.follows = Follows::Console,
            'M' if params.len() == 1 => self.follows = Follows::Mouse(3),
            // Where the cursor is, what the terminal is, how large its window is, whether it is looked at: replies.
            _ => {}
        }
    }

    fn esc_dispatch(&mut self, _: &[u8], _: bool, byte: u8) {
        self.ended = true;
        match byte {
            b'O' => self.follows = Follows::Function,
            // The end of a text.
            b'\\' => {}
            // A key with Alt.
            _ => self.press(Stroke::Other),
        }
    }

    fn osc_dispatch(&mut self, _: &[&[u8]], _: bool) {
        self.ended = true;
    }

    fn unhook(&mut self) {
        self.ended = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys in `bytes`, after which nothing comes for a while.
    fn keys(bytes: &[u8]) -> Vec<Stroke> {
        let mut decoder = Decoder::default();
        decoder.advance(bytes);
        decoder.silence();
        std::iter::from_fn(|| decoder.key()).collect()
    }

    #[test]
    fn keys_are_told_apart() {
        for (bytes, stroke) in [
            (&b" "[..], Stroke::Char(' ')),
            ("ß".as_bytes(), Stroke::Char('ß')),
            (b"\r", Stroke::Enter),
            (b"\x1bOM", Stroke::Enter),
            (b"\x1b", Stroke::Escape),
            (b"\x1b[A", Stroke::Up),
            (b"\x9bC", Stroke::Right),
            (b"\x1b\x1b[D", Stroke::Left),
            (b"\x1b[1;5A", Stroke::Other),
            (b"\x1bOP", Stroke::Help),
            (b"\x1b[[A", Stroke::Help),
            (b"\x1a", Stroke::Control('z')),
            (b"\x1b[27;5;99~", Stroke::Control('c')),
            (b"\x1b[99;5u", Stroke::Control('c')),
            (b"\x1bq", Stroke::Other),
        ] {
            assert_eq!(keys(bytes), [stroke], "{}", bytes.escape_ascii());
        }
        assert_eq!(keys(b"\xe9q"), [Stroke::Other, Stroke::Char('q')]);
    }

    #[test]
    fn what_a_terminal_answers_or_reports_is_no_key_wherever_it_is_cut() {
        for bytes in REPLIES {
            assert_eq!(keys(bytes), [], "{}", bytes.escape_ascii());
            for cut in 1..bytes.len() {
                let found = keys(&bytes[..cut]);
                assert!(found.iter().all(|key| matches!(key, Stroke::Escape | Stroke::Other)), "{found:?}");
                assert!(found.len() <= 1, "{}: {found:?}", bytes[..cut].escape_ascii());
            }
        }
    }

    /// Colours, the cursor's place, what the terminal is and can do, the window's size and focus, a mouse, a paste, a key that is let go of.
    const REPLIES: [&[u8]; 18] = [
        b"\x1b]11;rgb:0000/0000/0000\x1b\\",
        b"\x1b]10;rgb:9999/0000/qqqq\x07",
        b"\x1b]52;c;MDAwOTkw\x1b\\",
        b"\x1b[24;80R",
        b"\x1b[?6c",
        b"\x1b[>0;276;0c",
        b"\x1b[0n",
        b"\x1b[?997;1n",
        b"\x1b[?2026;2$y",
        b"\x1b[?0u",
        b"\x1b[4;900;1600t",
        b"\x1b[I\x1b[O",
        b"\x1bP>|XTerm(390)\x1b\\",
        b"\x1bP1+r436f=323536\x1b\\",
        b"\x1b_Gi=1;OK q0\x1b\\",
        b"\x1b[<0;10;20M\x1b[<0;10;20m\x1b[M 00",
        b"\x1b[200~q0 9\r\x1b[201~",
        b"\x1b[113;1:3u",
    ];

    /// A number from a seed (xorshift): the same on every machine.
    fn random(seed: &mut u64) -> usize {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        (*seed >> 16) as usize
    }

    /// Bytes as terminals send them and as none does: a third of it noise, the rest parts of sequences in any order.
    fn noise(seed: &mut u64) -> Vec<u8> {
        const PARTS: [&[u8]; 18] = [
            b"\x1b",
            b"\x1b[",
            b"\x1b]",
            b"\x1bP",
            b"\x1bO",
            b"\x1b_",
            b"\x1b[M",
            b"\x1b[[",
            b"\x1b\\",
            b"\x9b",
            b"\x9d",
            b"\x90",
            b"\xe9",
            b"\xf0\x9f",
            b"200~",
            b";",
            b"?1",
            b"$",
        ];
        let mut bytes = Vec::new();
        for _ in 0..random(seed) % 12 {
            match random(seed) % 3 {
                0 => bytes.push(random(seed) as u8),
                1 => bytes.extend(PARTS[random(seed) % PARTS.len()]),
                _ => bytes.extend(REPLIES[random(seed) % REPLIES.len()]),
            }
        }
        bytes
    }

    #[test]
    fn after_any_bytes_the_next_key_is_heard_and_ctrl_c_at_once() {
        let mut seed = 0x5eed_ca7c_0000_0001;
        let mut decoder = Decoder::default();
        for _ in 0..100_000 {
            let bytes = noise(&mut seed);
            decoder.advance(&bytes);
            while decoder.key().is_some() {}
            decoder.advance(b"\x03");
            assert_eq!(decoder.key(), Some(Stroke::Control('c')), "{}", bytes.escape_ascii());
            decoder.advance(&bytes);
            assert!(decoder.keys.strokes.len() <= bytes.len(), "{}", bytes.escape_ascii());
            while decoder.key().is_some() {}
            let waits = decoder.patience();
            decoder.silence();
            while decoder.key().is_some() {}
            decoder.advance(b" ");
            assert_eq!(decoder.key(), Some(Stroke::Char(' ')), "{}", bytes.escape_ascii());
            assert_eq!((decoder.key(), decoder.patience()), (None, None), "{}, {waits:?}", bytes.escape_ascii());
        }
    }

    #[test]
    fn what_has_begun_is_waited_for() {
        let unfinished = |bytes: &[u8]| {
            let mut decoder = Decoder::default();
            decoder.advance(bytes);
            decoder.patience()
        };
        assert_eq!(unfinished(b"q\x1b[A"), None);
        assert_eq!(unfinished(b"\x1b]11;rgb:0/0/0\x1b\\"), None);
        assert_eq!(unfinished(b"\x1b"), Some(SEQUENCE_ENDS));
        assert_eq!(unfinished(b"\x1b[23$"), Some(SEQUENCE_ENDS));
        assert_eq!(unfinished(b"\x1b[M 0"), Some(SEQUENCE_ENDS));
        assert_eq!(unfinished(b"\x1b]11;rgb:0"), Some(TEXT_ENDS));
        assert_eq!(unfinished(b"\x1b]11;rgb:0\x1b"), Some(TEXT_ENDS));
        assert_eq!(unfinished(b"\x1b[200~q"), Some(TEXT_ENDS));
    }
}
