//! How wide what a person reads may be, and words broken into lines that are no wider.
//!
//! A terminal's own width, unless `COLUMNS` says another. What is read by another program, or goes to a file, is not broken.

use std::env;
use std::io;

use anstream::adapter::strip_str;
use catcow::printable::printable;
use terminal_size::terminal_size_of;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm, wrap};
use unicode_width::UnicodeWidthChar;

/// A terminal is taken to be no narrower: below, a word a line is no easier to read than one that the terminal breaks.
const LEAST: usize = 20;

/// The columns of standard output; `None` where its lines are not broken.
pub fn of_stdout() -> Option<usize> {
    said().or_else(|| terminal_size_of(io::stdout()).map(|(wide, _)| usize::from(wide.0))).map(|wide| wide.max(LEAST))
}

/// The columns of standard error.
pub fn of_stderr() -> Option<usize> {
    said().or_else(|| terminal_size_of(io::stderr()).map(|(wide, _)| usize::from(wide.0))).map(|wide| wide.max(LEAST))
}

/// The rows of standard output, where that is a terminal.
pub fn rows() -> Option<usize> {
    terminal_size_of(io::stdout()).map(|(_, high)| usize::from(high.0))
}

/// What the environment says.
fn said() -> Option<usize> {
    env::var("COLUMNS").ok()?.parse().ok().filter(|columns| *columns > 0)
}

/// The columns that words take, as they are shown.
pub fn width(words: &str) -> usize {
    textwrap::core::display_width(&printable(words))
}

/// A paragraph as lines of whole words, those after the first with this indent; where there are no columns, it is one line. A path or a
/// command between backticks is a word, so that it can be copied.
pub fn broken(paragraph: &str, columns: Option<usize>, indent: &str) -> Vec<String> {
    let Some(columns) = columns else { return vec![paragraph.to_owned()] };
    // Languages without spaces have other places to break a line.
    let spaceless = paragraph.chars().any(|letter| letter.width() == Some(2));
    let separator = if spaceless { WordSeparator::UnicodeBreakProperties } else { WordSeparator::AsciiSpace };
    let options = Options::new(columns).subsequent_indent(indent).break_words(false).word_separator(separator);
    let options = options.word_splitter(WordSplitter::NoHyphenation).wrap_algorithm(WrapAlgorithm::FirstFit);
    let kept = keep_commands(paragraph, columns.saturating_sub(indent.len()));
    wrap(&kept, options).into_iter().map(|line| line.replace(KEPT, " ")).collect()
}

/// Stands for a space at which no line is broken, while lines are broken: nobody's text has it (Unicode, private use).
const KEPT: char = '\u{f8f0}';

/// Text whose commands between backticks are kept whole, where they fit into a line.
fn keep_commands(paragraph: &str, room: usize) -> String {
    let mut parts: Vec<String> = paragraph.split('`').map(str::to_owned).collect();
    // What stands after the last backtick of an odd number is no command.
    let commands = parts.len().saturating_sub(1);
    for part in parts[..commands].iter_mut().skip(1).step_by(2) {
        if textwrap::core::display_width(part) + 2 <= room {
            *part = part.replace(' ', &KEPT.to_string());
        }
    }
    parts.join("`")
}

/// Text of several paragraphs, one a line, each broken; a line's own indent is kept in the lines that it becomes.
pub fn broken_text(text: &str, columns: Option<usize>) -> String {
    let paragraph = |line: &str| {
        let indent = &line[..line.len() - line.trim_start_matches(' ').len()];
        broken(line, columns, indent).join("\n")
    };
    text.split('\n').map(paragraph).collect::<Vec<_>>().join("\n")
}

/// A diagnostic as it was drawn, whose message and advice are broken; lines of a file are not, and were cut when it was drawn.
pub fn broken_diagnostic(text: &str, columns: Option<usize>) -> String {
    let broken = |line: &str| {
        let plain = strip_str(line).to_string();
        let words = plain.trim_start();
        let drawn = words.trim_start_matches(|letter: char| letter.is_ascii_digit()).trim_start();
        // A place in a file stays a line, so that an editor finds it; what is built in is in no file.
        let place = drawn.starts_with("-->");
        let in_file = place && !drawn.starts_with("--> built in: ");
        if in_file || ["|", "..."].iter().any(|start| drawn.starts_with(start)) {
            return line.to_owned();
        }
        // What goes on stands below the words, not below what kind of words they are.
        let indent = match words.strip_prefix("= ").and_then(|rest| rest.find(": ")) {
            Some(colon) => plain.len() - words.len() + "= : ".len() + colon,
            None if place => plain.len() - words.len() + "--> ".len(),
            None => 2,
        };
        self::broken(line, columns, &" ".repeat(indent)).join("\n")
    };
    text.split('\n').map(broken).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_and_so_do_ids_and_paths() {
        let text = "Say `cat-cow/inhale` of /home/teacher/yoga/my-long-class.toml once.";
        let lines = broken(text, Some(20), "  ");
        assert_eq!(lines, ["Say `cat-cow/inhale`", "  of", "  /home/teacher/yoga/my-long-class.toml", "  once."]);
        assert_eq!(broken(text, None, "  "), [text]);
        assert_eq!(broken("or how many times, `rounds = 6`", Some(30), ""), ["or how many times,", "`rounds = 6`"]);
    }

    #[test]
    fn what_is_wide_counts_twice_and_breaks_without_spaces() {
        assert_eq!(broken("猫と牛のポーズをしましょう", Some(20), ""), ["猫と牛のポーズをしま", "しょう"]);
    }

    #[test]
    fn colours_take_no_room() {
        assert_eq!(broken("\x1b[1mone two\x1b[0m three", Some(20), ""), ["\x1b[1mone two\x1b[0m three"]);
    }
}
