//! `catcow play` without a name: what there is, chosen with the arrows; a list of it where there is no terminal.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use catcow::load::Library;
use catcow::printable::printable;
use catcow::{Error, Result};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::cli::columns::{broken, width};
use crate::cli::drawing::{self, Drawing};
use crate::cli::keyboard::{Heard, Keyboard};
use crate::cli::list::{BROKEN, LENGTHS_WIDE, Offer, entry, offers, widest};
use crate::cli::paper::{BOLD, Paper};
use crate::cli::stroke::Stroke;
use crate::cli::{Talk, terminal};

/// How often it is looked at whether the program is to end, and whether the terminal has another size.
const GLANCE: Duration = Duration::from_millis(100);

/// The name of the routine that a person chooses; none where they choose none, or were shown a list of what there is.
pub fn choose(library: &Library, voice: Option<&OsStr>, talk: Talk, stop: &AtomicBool) -> Result<Option<OsString>> {
    let offers = offers(library, voice)?;
    let asks = !talk.quiet && io::stdin().is_terminal() && io::stderr().is_terminal() && terminal::is_ours();
    if !asks || terminal::begin().is_err() {
        return list(&offers, talk).map(|()| None);
    }
    let mut drawing = Drawing::default();
    drawing.begin();
    let chosen = ask(&mut Choice::among(&offers), &mut drawing, stop);
    drawing::restore(true);
    chosen.map(|name| name.map(OsString::from))
}

/// Shows what there is.
fn list(offers: &[Offer], talk: Talk) -> Result<()> {
    let mut paper = Paper::new();
    let wide = widest(offers.iter().map(|offer| &offer.name));
    paper.title("Routines");
    for offer in offers {
        let head = entry(&offer.name, wide);
        match &offer.found {
            Some(found) => {
                paper.beside(head.then(&found.lengths, LENGTHS_WIDE, anstyle::Style::new()), &[&found.summary]);
            }
            None => paper.beside(head, &[BROKEN]),
        }
    }
    paper.line(
        "\nPlay one by its name, such as `catcow play morning`. `catcow list` shows the poses and the voices too.",
    );
    paper.show(talk)
}

fn ask(choice: &mut Choice<'_>, drawing: &mut Drawing, stop: &AtomicBool) -> Result<Option<String>> {
    let mut keyboard = Keyboard::default();
    loop {
        let (width, height) = drawing.size();
        drawing.show(choice.rows(width, height));
        let stroke = match keyboard.listen(GLANCE) {
            Heard::Stroke(stroke) => stroke,
            Heard::Quiet if stop.load(Ordering::Relaxed) => return Err(Error::Interrupted),
            Heard::Quiet => continue,
            Heard::Gone => return Err(Error::Interrupted),
        };
        match stroke {
            Stroke::Enter | Stroke::Right => return Ok(choice.name()),
            Stroke::Up => choice.step(-1),
            Stroke::Down => choice.step(1),
            Stroke::Escape | Stroke::Left | Stroke::Char('q' | 'Q') => return Ok(None),
            Stroke::Control('c') => return Err(Error::Interrupted),
            Stroke::Char(letter) => choice.seek(letter),
            Stroke::Control(_) | Stroke::Help | Stroke::Other => {}
        }
    }
}

/// What there is to choose from, and which of it is chosen by now.
struct Choice<'a> {
    offers: Vec<&'a Offer>,
    chosen: usize,
}

/// What stands at the foot of the page.
const KEYS: &str = "Up, Down: choose · Enter: play · q: leave";

impl<'a> Choice<'a> {
    /// Whatever has no mistakes; the first is chosen.
    fn among(offers: &'a [Offer]) -> Choice<'a> {
        Choice { offers: offers.iter().filter(|offer| offer.found.is_some()).collect(), chosen: 0 }
    }

    fn name(&self) -> Option<String> {
        self.offers.get(self.chosen).map(|offer| offer.name.clone())
    }

    /// Goes down by a step, or up; from either end to the other.
    fn step(&mut self, by: isize) {
        let many = self.offers.len().max(1) as isize;
        self.chosen = (self.chosen as isize + by).rem_euclid(many) as usize;
    }

    /// Goes on to the next name that begins with a letter.
    fn seek(&mut self, letter: char) {
        let many = self.offers.len();
        let begins = |at: &usize| self.offers[*at].name.starts_with(letter.to_ascii_lowercase());
        if let Some(found) = (1..=many).map(|step| (self.chosen + step) % many).find(begins) {
            self.chosen = found;
        }
    }

    /// The rows of a page of this size: the names with their lengths, what the chosen one is, and the keys.
    fn rows(&self, wide: usize, height: usize) -> Vec<String> {
        let words = |text: &str| broken(&printable(text).replace('\n', " "), Some(wide.saturating_sub(2).max(1)), "");
        let about = self.offers.get(self.chosen).and_then(|offer| offer.found.as_ref());
        let about = about.into_iter().flat_map(|found| [&found.summary, &found.positions, &found.levels]);
        let mut foot: Vec<String> = vec![String::new()];
        foot.extend(about.filter(|text| !text.is_empty()).flat_map(|text| words(text)));
        foot.push(String::new());
        foot.extend(words(KEYS));
        // On the smallest page the names stay.
        foot.truncate(height.saturating_sub(4));
        let mut rows = words("What would you like to practise?");
        rows.truncate(height.saturating_sub(3));
        rows.push(String::new());
        let room = height.saturating_sub(foot.len() + rows.len()).max(1);
        let first = self.chosen.saturating_sub(room / 2).min(self.offers.len().saturating_sub(room));
        let name_wide = self.offers.iter().map(|offer| width(&offer.name)).max().unwrap_or(0);
        let row = |(at, offer): (usize, &&Offer)| {
            let mark = if at == self.chosen { "› " } else { "  " };
            let lengths = offer.found.as_ref().map_or("", |found| &found.lengths);
            let name = printable(&offer.name);
            let space = " ".repeat(name_wide + 2 - name.width());
            let row = cut(&format!("{mark}{name}{space}{lengths}"), wide);
            if at == self.chosen { format!("{BOLD}{row}{BOLD:#}") } else { row }
        };
        rows.extend(self.offers.iter().enumerate().skip(first).take(room).map(row));
        rows.extend(foot.iter().map(|row| cut(row, wide)));
        rows.truncate(height);
        rows
    }
}

/// A row, cut where the terminal ends.
fn cut(row: &str, wide: usize) -> String {
    let mut columns = 0;
    let fits = |letter: &char| {
        columns += letter.width().unwrap_or(0);
        columns <= wide
    };
    row.chars().take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;

    use super::*;
    use crate::cli::list::Found;

    fn offers() -> Vec<Offer> {
        let found = |number: usize| Found {
            summary: format!("Routine number {number}, with a long summary that no narrow terminal has in one row."),
            lengths: "7:21 – 12:49".into(),
            levels: String::new(),
            positions: "On the back".into(),
        };
        let offer = |number| Offer {
            name: format!("{}-{number}", ["bridge", "morning"][number % 2]),
            found: Some(found(number)),
        };
        (0..40).map(offer).chain([Offer { name: "broken".into(), found: None }]).collect()
    }

    #[test]
    fn the_chosen_name_is_on_every_page_with_its_mark_and_no_row_is_wider() {
        let offers = offers();
        let mut choice = Choice::among(&offers);
        for _ in 0..=offers.len() {
            for (wide, height) in [(20, 6), (33, 8), (80, 24), (200, 60)] {
                let rows: Vec<String> =
                    choice.rows(wide, height).iter().map(|row| strip_str(row).to_string()).collect();
                assert!(rows.len() <= height && rows.iter().all(|row| row.width() <= wide), "{rows:#?}");
                let marked: Vec<_> = rows.iter().filter_map(|row| row.strip_prefix("› ")).collect();
                assert!(marked.len() == 1 && marked[0].starts_with(&choice.name().unwrap()), "{rows:#?}");
            }
            choice.step(1);
        }
    }

    #[test]
    fn the_arrows_go_around_a_letter_seeks_and_what_has_mistakes_cannot_be_chosen() {
        let offers = offers();
        let mut choice = Choice::among(&offers);
        choice.step(-1);
        assert_eq!(choice.name().unwrap(), "morning-39");
        choice.step(1);
        assert_eq!(choice.name().unwrap(), "bridge-0");
        choice.seek('m');
        choice.seek('M');
        assert_eq!(choice.name().unwrap(), "morning-3");
        choice.seek('z');
        assert_eq!(choice.name().unwrap(), "morning-3");
        let mut empty = Choice::among(&[]);
        empty.step(1);
        empty.seek('a');
        assert_eq!(empty.name(), None);
    }
}
