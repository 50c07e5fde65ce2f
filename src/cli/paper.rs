//! What a verb shows on standard output: words that are never broken, styles where a terminal shows them, and a pager for what is
//! longer than the terminal.

use std::io;

use anstream::{AutoStream, ColorChoice, adapter::strip_str};
use anstyle::Style;
use catcow::Result;
use catcow::printable::printable;
use unicode_width::UnicodeWidthStr;

use super::{Talk, columns, pager};

/// What titles are set in.
pub const BOLD: Style = Style::new().bold();
/// What stands beside the words and is looked up, not read: times, ids.
pub const DIM: Style = Style::new().dimmed();

/// Words get at least so many columns; where less is left beside what stands before them, they go below it.
const LEAST_ROOM: usize = 28;
/// How far words that go below are set in.
const BELOW: usize = 4;

/// A page that grows line by line.
pub struct Paper {
    text: String,
    /// Where lines end; `None` where they are not broken.
    pub columns: Option<usize>,
}

/// What stands before words, in the same line.
#[derive(Default)]
pub struct Head {
    text: String,
    wide: usize,
}

impl Head {
    /// Adds words in a style, with spaces up to a width, and two more before what comes next.
    pub fn then(mut self, words: &str, wide: usize, style: Style) -> Head {
        let words = printable(words);
        let spaces = wide.saturating_sub(words.width()) + 2;
        self.wide += words.width() + spaces;
        self.text += &format!("{style}{words}{style:#}{}", " ".repeat(spaces));
        self
    }
}

impl Paper {
    /// An empty page for standard output.
    pub fn new() -> Paper {
        Paper { text: String::new(), columns: columns::of_stdout() }
    }

    /// A line in bold.
    pub fn title(&mut self, words: &str) {
        for line in columns::broken(&printable(words), self.columns, "  ") {
            self.text += &if line.is_empty() { "\n".into() } else { format!("{BOLD}{line}{BOLD:#}\n") };
        }
    }

    /// A paragraph.
    pub fn line(&mut self, words: &str) {
        self.text += &columns::broken_text(&printable(words), self.columns);
        self.text.push('\n');
    }

    /// Words beside what stands before them, each paragraph below the one before; below it where there is no room beside it.
    pub fn beside(&mut self, head: Head, paragraphs: &[&str]) {
        self.beside_in(Style::new(), head, paragraphs);
    }

    /// The same, with words in a style.
    pub fn beside_in(&mut self, style: Style, head: Head, paragraphs: &[&str]) {
        self.text += &head.text;
        let narrow = self.is_narrow(head.wide);
        let indent = " ".repeat(if narrow { BELOW } else { head.wide });
        let room = self.columns.map(|columns| columns.saturating_sub(indent.len()));
        let lines = paragraphs.iter().flat_map(|words| columns::broken(&printable(words), room, ""));
        let mut begins = !narrow;
        for line in lines {
            if !begins {
                self.end_line();
                self.text += &indent;
            }
            begins = false;
            self.text += &format!("{style}{line}{style:#}");
        }
        self.end_line();
    }

    /// Whether there is no room for words beside what is so wide.
    pub fn is_narrow(&self, before: usize) -> bool {
        self.columns.is_some_and(|columns| columns < before + LEAST_ROOM)
    }

    /// Ends a line, without the spaces at its end.
    fn end_line(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }

    /// Shows it: by a pager where it is longer than the terminal.
    pub fn show(self, talk: Talk) -> Result<()> {
        let text = self.styled();
        let long = columns::rows().is_some_and(|rows| text.lines().count() >= rows);
        if talk.pager && long && pager::show(&text) { Ok(()) } else { super::print_data(&text) }
    }

    /// Writes it, however long it is.
    pub fn print(self) -> Result<()> {
        super::print_data(&self.styled())
    }

    /// The text, with styles where they are wanted.
    fn styled(self) -> String {
        let plain = AutoStream::choice(&io::stdout()) == ColorChoice::Never;
        if plain { strip_str(&self.text).to_string() } else { self.text }
    }
}
