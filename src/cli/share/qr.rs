//! An address as a picture that a phone's camera reads, made of letters.

use qrcode::{Color, EcLevel, QrCode};

/// The light edge that a code needs (ISO/IEC 18004), in modules.
const EDGE: usize = 4;

/// Black on white, by colours of the fixed part of the palette of 256: readers need them, whatever the terminal's own are.
const COLOURS: &str = "\x1b[38;5;16;48;5;231m";
const NO_COLOURS: &str = "\x1b[0m";

/// A picture of letters.
pub struct Picture {
    /// Its lines, without colours: what is dark is drawn.
    lines: Vec<String>,
}

impl Picture {
    /// The code of a text; none where it is too long for one.
    pub fn new(text: &str) -> Option<Picture> {
        // The smallest code: it is read from a bright screen at arm's length, and nothing lies on it.
        let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
        let wide = code.width();
        let dark = |x: usize, y: usize| {
            let inside = |at: usize| at.checked_sub(EDGE).filter(|at| *at < wide);
            inside(x).zip(inside(y)).is_some_and(|at| code[at] == Color::Dark)
        };
        let line = |y: usize| (0..wide + 2 * EDGE).map(|x| letter(dark(x, y), dark(x, y + 1))).collect();
        Some(Picture { lines: (0..wide + 2 * EDGE).step_by(2).map(line).collect() })
    }

    /// How many columns it takes.
    pub fn columns(&self) -> usize {
        self.lines.first().map_or(0, |line| line.chars().count())
    }

    /// The picture in its colours.
    pub fn coloured(&self) -> String {
        self.lines.iter().map(|line| format!("{COLOURS}{line}{NO_COLOURS}\n")).collect()
    }
}

/// Two modules, one above the other.
fn letter(above: bool, below: bool) -> char {
    match (above, below) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_a_light_edge_and_fits_any_terminal() {
        let longest = "http://[2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]:65535/23456789abcdefghjkmn/";
        for address in ["http://192.168.178.123:2287/23456789abcdefghjkmn/", longest] {
            let picture = Picture::new(address).unwrap();
            assert!(
                picture.columns() <= 80 && picture.lines.iter().all(|line| line.chars().count() == picture.columns())
            );
            let edge: String = picture.lines[..2].concat();
            assert_eq!(edge.trim(), "", "the edge above");
            assert!(picture.lines.iter().all(|line| line.starts_with("    ") && line.ends_with("    ")));
            assert!(picture.coloured().lines().all(|line| line.starts_with(COLOURS) && line.ends_with(NO_COLOURS)));
        }
        assert!(Picture::new("http://192.168.178.123:2287/23456789abcdefghjkmn/").unwrap().columns() <= 40);
        assert!(Picture::new(&"x".repeat(10_000)).is_none());
    }
}
