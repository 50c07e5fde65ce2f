//! What became of a memo, as a page on which each clip can be heard beside its line.

use std::fmt::Write;
use std::path::Path;

use super::script::escaped;

/// A line, with what was found of it.
pub struct Row {
    /// The number of the line.
    pub number: usize,
    /// Its words.
    pub text: String,
    /// The recording, by its path from the page; none where there is none.
    pub clip: Option<String>,
    /// Where in the memo it was found, in words.
    pub found: String,
    /// What makes it doubtful, in words.
    pub doubts: Vec<String>,
}

/// The page; `left_out` is what of the memo is no line, and `fix` how a mistake is put right, both in words.
pub fn page(title: &str, rows: &[Row], left_out: &[String], fix: &str) -> String {
    let mut body = String::new();
    for row in rows {
        let class = if row.doubts.is_empty() { "" } else { " class=\"doubt\"" };
        let clip = row.clip.as_ref().map_or_else(String::new, |clip| {
            format!("<audio controls preload=\"none\" src=\"{}\"></audio>", escaped(&address(clip)))
        });
        let doubts = row.doubts.iter().map(|doubt| escaped(doubt)).collect::<Vec<_>>().join("<br>");
        let _ = writeln!(
            body,
            "<tr{class}><td>{}</td><td dir=\"auto\">{}</td><td>{clip}</td><td>{}</td><td>{doubts}</td></tr>",
            row.number,
            escaped(&row.text),
            escaped(&row.found)
        );
    }
    let left: String = left_out.iter().map(|each| format!("<li>{}</li>\n", escaped(each))).collect();
    let left = if left.is_empty() { left } else { format!("<h2>Left out</h2>\n<ul>\n{left}</ul>\n") };
    let (title, fix) = (escaped(title), escaped(fix));
    format!(
        "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <h1><bdi>{title}</bdi></h1>\n<p>Lines in yellow are doubtful: hear them. {fix}</p>\n<table>\n{body}</table>\n{left}</body>\n\
         </html>\n"
    )
}

const STYLE: &str = "\
body { font: 12pt/1.4 sans-serif; max-width: 70em; margin: 2em auto; padding: 0 1em; }
table { border-collapse: collapse; width: 100%; }
td { padding: .3em .6em; vertical-align: middle; border-bottom: 1px solid #ddd; }
td:first-child { text-align: right; color: #666; }
.doubt td { background: #fff3b0; }
audio { width: 16em; height: 2em; }
";

/// The path of a file beside the page as an address: what is no plain letter is written as its bytes.
fn address(path: &str) -> String {
    let mut address = String::from("./");
    for byte in Path::new(path).to_string_lossy().replace('\\', "/").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => address.push(char::from(byte)),
            byte => {
                let _ = write!(address, "%{byte:02X}");
            }
        }
    }
    address
}
