//! What became of a catalogue: one table.

use std::time::Duration;

use anstyle::Style;
use catcow::sink::file::catalogue::Record;
use catcow::{Error, Result};

use super::items::Item;
use super::maker::{self, Looked, State};
use crate::cli::columns::width;
use crate::cli::paper::{BOLD, DIM, Head, Paper};
use crate::cli::speech::counted;

/// `1:23:45`, `123.4 MB`.
const LENGTH_WIDE: usize = 7;
const SIZE_WIDE: usize = 8;
/// A title that goes on and on is cut here.
const LONGEST_TITLE: usize = 60;

/// Prints it.
pub fn print(items: &[Item], looked: &[Looked], stale: &[Record], pruned: bool) -> Result<()> {
    let mut paper = Paper::new();
    let wide = items.iter().map(|item| width(&item.name)).max().unwrap_or(0);
    let narrow = paper.is_narrow(wide + LENGTH_WIDE + SIZE_WIDE + 6);
    for (item, looked) in items.iter().zip(looked) {
        let name = Head::default().then(&item.name, if narrow { 0 } else { wide }, BOLD);
        let (length, size) = match &looked.state {
            State::Unchanged(record) | State::Made(record) => (maker::length(record), size(record.bytes)),
            _ => (item.length.map(wanted).unwrap_or_default(), String::new()),
        };
        let words = in_words(looked);
        let title = cut(&looked.title);
        if narrow {
            let numbers: Vec<_> = [length, size].into_iter().filter(|text| !text.is_empty()).collect();
            let numbers = numbers.join(", ");
            paper.beside(name, &[]);
            let lines = [title.as_str(), &numbers, &words];
            let lines: Vec<_> = lines.into_iter().filter(|line| !line.is_empty()).collect();
            paper.beside(Head::default().then("", 0, Style::new()), &lines);
        } else {
            let (length, size) = (format!("{length:>LENGTH_WIDE$}"), format!("{size:>SIZE_WIDE$}"));
            let head = name.then(&length, LENGTH_WIDE, DIM).then(&size, SIZE_WIDE, DIM);
            let words = if title.is_empty() { words } else { format!("{words} – {title}") };
            paper.beside(head, &[&words]);
        }
    }
    paper.line(&format!("\n{}.", counts(looked)));
    if !stale.is_empty() {
        let names = stale.iter().map(|record| record.file.as_str()).collect::<Vec<_>>().join(", ");
        let words =
            if pruned { "Deleted, as this catalogue does not have them" } else { "Not of this catalogue any more" };
        let help = if pruned { "" } else { "; `--prune` deletes them" };
        paper.line(&format!("{words}: {names}{help}."));
    }
    paper.print()
}

/// How a file stands.
fn in_words(looked: &Looked) -> String {
    match &looked.state {
        State::Made(_) | State::ToMake(_) => "made".into(),
        State::Unchanged(_) => "unchanged".into(),
        State::LeftOut([shortest, longest]) if shortest == longest => format!("left out: it lasts {shortest}"),
        State::LeftOut([shortest, longest]) => format!("left out: it can last {shortest} to {longest}"),
        State::Failed(Error::Mistakes(wrong)) => format!("failed: {}, told above", counted(wrong.count(), "mistake")),
        State::Failed(error) => format!("failed: {}", error.to_string().lines().next().unwrap_or_default()),
    }
}

fn counts(looked: &[Looked]) -> String {
    let count = |is: fn(&State) -> bool| looked.iter().filter(|looked| is(&looked.state)).count();
    let counts = [
        (count(|state| matches!(state, State::Made(_))), "made"),
        (count(|state| matches!(state, State::Unchanged(_))), "unchanged"),
        (count(|state| matches!(state, State::LeftOut(_))), "left out"),
        (count(|state| matches!(state, State::Failed(_))), "failed"),
    ];
    let counts = counts.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}"));
    let counts = counts.collect::<Vec<_>>().join(", ");
    if counts.is_empty() { "Nothing to do".into() } else { counts }
}

fn wanted(length: Duration) -> String {
    catcow::frames::clock(length)
}

fn size(bytes: u64) -> String {
    if bytes < 1_000_000 { format!("{} kB", bytes.div_ceil(1000)) } else { format!("{:.1} MB", bytes as f64 / 1e6) }
}

fn cut(title: &str) -> String {
    let words = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= LONGEST_TITLE {
        return words;
    }
    words.chars().take(LONGEST_TITLE - 1).collect::<String>() + "…"
}
