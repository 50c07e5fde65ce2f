//! The lines of a class as a page to read aloud: plain text, or HTML for printing.

use std::fmt::Write;

use crate::plan::line::Line;

use super::one_line;

/// As plain text: a line for each, with its number, under the part of the class that it stands in.
pub fn text(lines: &[Line]) -> String {
    let mut page = String::new();
    let mut chapter = None;
    for line in lines {
        if chapter != Some(&line.chapter) {
            let gap = if chapter.is_none() { "" } else { "\n" };
            let _ = writeln!(page, "{gap}{}", one_line(&line.chapter));
            chapter = Some(&line.chapter);
        }
        let _ = writeln!(page, "{:>4}  {}  ({})", line.number, one_line(&line.text), about(line));
    }
    page
}

/// Where a line stands, and how long it may be.
fn about(line: &Line) -> String {
    let estimate = line.estimate.as_secs_f64();
    match line.room.map(|room| room.as_secs_f64()) {
        Some(room) if estimate > room => {
            format!("{}, at most {room:.1} s: too long, about {estimate:.1} s", one_line(&line.place))
        }
        Some(room) => format!("{}, at most {room:.1} s", one_line(&line.place)),
        None => one_line(&line.place),
    }
}

/// As HTML that asks for no other file.
pub fn page(title: &str, lines: &[Line]) -> String {
    let mut body = String::new();
    let mut chapter = None;
    for line in lines {
        if chapter != Some(&line.chapter) {
            let _ = writeln!(body, "<tr><th colspan=\"3\"><bdi>{}</bdi></th></tr>", escaped(&line.chapter));
            chapter = Some(&line.chapter);
        }
        let _ = writeln!(
            body,
            "<tr><td>{}</td><td dir=\"auto\">{}</td><td><small>{}</small></td></tr>",
            line.number,
            escaped(&line.text),
            escaped(&about(line))
        );
    }
    let title = escaped(title);
    format!(
        "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <h1><bdi>{title}</bdi></h1>\n<p>Read each line calmly, and wait two seconds after it. Who misspeaks waits, and says the line \
         again.</p>\n<table>\n{body}</table>\n</body>\n</html>\n"
    )
}

/// Large enough to be read from a stand.
const STYLE: &str = "\
body { font: 14pt/1.5 serif; max-width: 45em; margin: 2em auto; padding: 0 1em; }
table { border-collapse: collapse; width: 100%; }
td { padding: .35em .6em; vertical-align: top; }
td:first-child { text-align: right; color: #666; }
td:last-child { text-align: right; color: #666; font-size: 80%; }
th { text-align: start; padding-top: 1.2em; }
tr { break-inside: avoid; }
";

/// Text as it stands in HTML; what controls a terminal is left out.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in one_line(text).chars() {
        match letter {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            letter => out.push(letter),
        }
    }
    out
}
