//! `catcow play` without a name: what there is, chosen with the arrows; a list of it where there is no terminal.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use catcow::load::Library;
use catcow::printable::printable;
use catcow::{Error, Result};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::columns::{broken, width};
use super::drawing::{self, Drawing};
use super::keyboard::{Heard, Keyboard};
use super::list::{BROKEN, LENGTHS_WIDE, Offer, entry, offers, widest};
use super::paper::{BOLD, Paper};
use super::play::Play;
use super::stroke::Stroke;
use super::today::{Today, due_today};
use super::{Talk, pen, terminal};

/// How often it is looked at whether the program is to end, and whether the terminal has another size.
const GLANCE: Duration = Duration::from_millis(100);

/// Plays what a person chooses, as `play` says.
pub fn run(play: Play, talk: Talk) -> Result<()> {
    terminal::never_stopped();
    pen::begin();
    match choose(&super::library()?, play.voice(), talk, &super::stop_flag())? {
        Chosen::Nothing => Ok(()),
        Chosen::Today => Today::of(play.into_playing()).run(talk),
        Chosen::Routine(name) => play.chosen(name, talk),
    }
}

/// What a person chooses.
#[derive(Debug, PartialEq, Eq)]
enum Chosen {
    /// A routine, by its name.
    Routine(OsString),
    /// What is due by the programme that is followed.
    Today,
    /// None of it; or they were shown a list.
    Nothing,
}

/// What a person chooses of all there is.
fn choose(library: &Library, voice: Option<&OsStr>, talk: Talk, stop: &AtomicBool) -> Result<Chosen> {
    let offers = offers(library, voice)?;
    // A log or a programme that cannot be read is told by the verbs that are about it.
    let due = due_today(library).ok().flatten().map(|due| due.lines()).unwrap_or_default();
    let asks = !talk.quiet && io::stdin().is_terminal() && io::stderr().is_terminal() && terminal::is_ours();
    if !asks || terminal::begin().is_err() {
        return list(&offers, &due, talk).map(|()| Chosen::Nothing);
    }
    let mut drawing = Drawing::default();
    drawing.begin();
    let chosen = ask(&mut Choice::among(&offers, &due), &mut drawing, stop);
    drawing::restore(true);
    chosen
}

/// Shows what there is.
fn list(offers: &[Offer], due: &[String], talk: Talk) -> Result<()> {
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
    if !due.is_empty() {
        paper.line("");
        due.iter().for_each(|line| paper.line(line));
    }
    paper.line(
        "\nPlay one by its name, such as `catcow play morning`. `catcow list` shows the poses and the voices too.",
    );
    paper.show(talk)
}

fn ask(choice: &mut Choice<'_>, drawing: &mut Drawing, stop: &AtomicBool) -> Result<Chosen> {
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
            Stroke::Enter | Stroke::Right => return Ok(choice.chosen()),
            Stroke::Up => choice.step(-1),
            Stroke::Down => choice.step(1),
            Stroke::Escape | Stroke::Left | Stroke::Char('q' | 'Q') => return Ok(Chosen::Nothing),
            Stroke::Control('c') => return Err(Error::Interrupted),
            Stroke::Char(letter) => choice.seek(letter),
            Stroke::Control(_) | Stroke::Help | Stroke::Other => {}
        }
    }
}

/// What there is to choose from, and which of it is chosen by now.
struct Choice<'a> {
    offers: Vec<&'a Offer>,
    /// What is due today, in words; it stands above all others where there is any.
    due: &'a [String],
    /// A row, from the top.
    at: usize,
}

/// The row that stands for what is due.
const TODAY: &str = "today";

/// What stands at the foot of the page.
const KEYS: &str = "Up, Down: choose · Enter: play · q: leave";

impl<'a> Choice<'a> {
    /// Whatever has no mistakes; the first is chosen.
    fn among(offers: &'a [Offer], due: &'a [String]) -> Choice<'a> {
        Choice { offers: offers.iter().filter(|offer| offer.found.is_some()).collect(), due, at: 0 }
    }

    /// What can be chosen, in order, each with what stands beside it.
    fn names(&self) -> Vec<(&'a str, &'a str)> {
        let today = (!self.due.is_empty()).then_some((TODAY, ""));
        let lengths = |offer: &'a Offer| offer.found.as_ref().map_or("", |found| &found.lengths);
        today.into_iter().chain(self.offers.iter().map(|offer| (&*offer.name, lengths(offer)))).collect()
    }

    /// The routine in the row that is chosen; none where that is what is due.
    fn offer(&self) -> Option<&'a Offer> {
        self.offers.get(self.at.checked_sub(usize::from(!self.due.is_empty()))?).copied()
    }

    fn chosen(&self) -> Chosen {
        match self.offer() {
            Some(offer) => Chosen::Routine(offer.name.clone().into()),
            None if self.due.is_empty() => Chosen::Nothing,
            None => Chosen::Today,
        }
    }

    /// Goes down by a step, or up; from either end to the other.
    fn step(&mut self, by: isize) {
        let many = self.names().len().max(1) as isize;
        self.at = (self.at as isize + by).rem_euclid(many) as usize;
    }

    /// Goes on to the next name that begins with a letter.
    fn seek(&mut self, letter: char) {
        let names = self.names();
        let begins = |at: &usize| names[*at].0.starts_with(letter.to_ascii_lowercase());
        if let Some(found) = (1..=names.len()).map(|step| (self.at + step) % names.len()).find(begins) {
            self.at = found;
        }
    }

    /// The rows of a page of this size: the names with their lengths, what the chosen one is, and the keys.
    fn rows(&self, wide: usize, height: usize) -> Vec<String> {
        let words = |text: &str| broken(&printable(text).replace('\n', " "), Some(wide.saturating_sub(2).max(1)), "");
        let mut foot: Vec<String> = vec![String::new()];
        foot.extend(self.about().iter().flat_map(|text| words(text)));
        foot.push(String::new());
        foot.extend(words(KEYS));
        // On the smallest page the names stay.
        foot.truncate(height.saturating_sub(4));
        let mut rows = words("What would you like to practise?");
        rows.truncate(height.saturating_sub(3));
        rows.push(String::new());
        let room = height.saturating_sub(foot.len() + rows.len()).max(1);
        let names = self.names();
        let first = self.at.saturating_sub(room / 2).min(names.len().saturating_sub(room));
        let name_wide = names.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
        let row = |(at, (name, lengths)): (usize, &(&str, &str))| {
            let mark = if at == self.at { "› " } else { "  " };
            let name = printable(name);
            let space = " ".repeat(name_wide + 2 - name.width());
            let row = cut(format!("{mark}{name}{space}{lengths}").trim_end(), wide);
            if at == self.at { format!("{BOLD}{row}{BOLD:#}") } else { row }
        };
        rows.extend(names.iter().enumerate().skip(first).take(room).map(row));
        rows.extend(foot.iter().map(|row| cut(row, wide)));
        rows.truncate(height);
        rows
    }

    /// What is told of what is chosen.
    fn about(&self) -> Vec<&str> {
        let texts = match self.offer() {
            Some(offer) => {
                let found = offer.found.as_ref();
                found.into_iter().flat_map(|found| [&found.summary, &found.positions, &found.levels]).collect()
            }
            None => self.due.iter().collect::<Vec<_>>(),
        };
        texts.into_iter().map(String::as_str).filter(|text| !text.is_empty()).collect()
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

    fn name(choice: &Choice<'_>) -> String {
        choice.offer().unwrap().name.clone()
    }

    #[test]
    fn what_is_due_stands_above_all_and_its_words_below() {
        let (offers, due) = (offers(), ["Six weeks, day 1 of 3: morning.".to_owned()]);
        let mut choice = Choice::among(&offers, &due);
        assert_eq!(choice.chosen(), Chosen::Today);
        let page = choice.rows(80, 24).join("\n");
        assert!(page.contains("› today") && page.contains("day 1 of 3"), "{page}");
        choice.step(1);
        assert_eq!(choice.chosen(), Chosen::Routine("bridge-0".into()));
        assert!(!choice.rows(80, 24).join("\n").contains("day 1 of 3"));
        choice.step(-2);
        assert_eq!(name(&choice), "morning-39");
    }

    #[test]
    fn the_chosen_name_is_on_every_page_with_its_mark_and_no_row_is_wider() {
        let offers = offers();
        let mut choice = Choice::among(&offers, &[]);
        for _ in 0..=offers.len() {
            for (wide, height) in [(20, 6), (33, 8), (80, 24), (200, 60)] {
                let rows: Vec<String> =
                    choice.rows(wide, height).iter().map(|row| strip_str(row).to_string()).collect();
                assert!(rows.len() <= height && rows.iter().all(|row| row.width() <= wide), "{rows:#?}");
                let marked: Vec<_> = rows.iter().filter_map(|row| row.strip_prefix("› ")).collect();
                assert!(marked.len() == 1 && marked[0].starts_with(&choice.offer().unwrap().name), "{rows:#?}");
            }
            choice.step(1);
        }
    }

    #[test]
    fn the_arrows_go_around_a_letter_seeks_and_what_has_mistakes_cannot_be_chosen() {
        let offers = offers();
        let mut choice = Choice::among(&offers, &[]);
        choice.step(-1);
        assert_eq!(name(&choice), "morning-39");
        choice.step(1);
        assert_eq!(name(&choice), "bridge-0");
        choice.seek('m');
        choice.seek('M');
        assert_eq!(name(&choice), "morning-3");
        choice.seek('z');
        assert_eq!(name(&choice), "morning-3");
        let mut empty = Choice::among(&[], &[]);
        empty.step(1);
        empty.seek('a');
        assert_eq!(empty.chosen(), Chosen::Nothing);
    }
}
