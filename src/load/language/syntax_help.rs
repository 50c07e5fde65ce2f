//! How to mend what is no TOML, where the parser's own words leave that open: the line as it was probably meant.

use std::borrow::Cow;
use std::ops::Range;

/// The quotes that word processors put in place of straight ones.
const CURLY: [char; 7] = ['“', '”', '„', '‘', '’', '«', '»'];

/// Spaces and marks that look like a plain space, or like nothing.
const UNSEEN: [char; 6] = ['\u{a0}', '\u{202f}', '\u{2007}', '\u{200b}', '\u{2060}', '\u{feff}'];

/// The help for what the parser said in `message` about `span` of `text`.
pub(super) fn help(message: &str, text: &str, span: Range<usize>) -> Option<Cow<'static, str>> {
    let line = line_at(text, span.start);
    let found = text.get(span).unwrap_or("");
    if found.contains(CURLY) {
        return Some(match written(&line.replace(CURLY, "\"")) {
            Some(line) => format!("write straight quotes: `{line}`").into(),
            None => "write straight quotes: \"…\"".into(),
        });
    }
    if line.split_once('=').map_or(line, |(key, _)| key).contains(UNSEEN) {
        let plain = line.replace(UNSEEN, " ");
        return Some(format!("a space in it is no plain one, as web pages have them; write `{}`", plain.trim()).into());
    }
    const QUOTES: &str = "write it in quotes: \"…\"";
    const SEPARATE: &str = "write `=` between a key and its value";
    let helps = [
        ("string values must be quoted", QUOTES),
        ("invalid boolean", QUOTES),
        ("invalid date", QUOTES),
        ("invalid time", QUOTES),
        ("invalid float", QUOTES),
        ("invalid fraction", QUOTES),
        ("invalid integer", QUOTES),
        ("invalid basic string", "close the text with `\"` on the same line"),
        ("invalid literal string", "close the text with `'` on the same line"),
        ("invalid unquoted key", "write what stands before the `=` in quotes: \"…\" ="),
        ("key with no value", SEPARATE),
        ("unexpected key or value", "a line has one `key = value`, and nothing after it"),
        ("unclosed array table", "close it with both brackets: `[[…]]`"),
        ("duplicate key", "keep one of the two; a step of its own begins with `[[steps]]`"),
    ];
    let help = *helps.iter().find(|(part, _)| message.contains(part)).map(|(_, help)| help)?;
    let line = match help {
        QUOTES => quoted(line),
        SEPARATE => {
            line.split_once(':').and_then(|(key, value)| written(&format!("{} = {}", key.trim(), value.trim())))
        }
        _ => None,
    };
    Some(match line {
        Some(line) => format!("{}: `{line}`", help.split(':').next().unwrap_or(help)).into(),
        None => help.into(),
    })
}

fn line_at(text: &str, at: usize) -> &str {
    let at = at.min(text.len());
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    text.get(start..).unwrap_or("").lines().next().unwrap_or("").trim()
}

/// `key = value` whose value lacks its quotes, with them; several values become a list.
fn quoted(line: &str) -> Option<String> {
    let (key, value) = line.split_once('=')?;
    let value = value.split('#').next().unwrap_or(value).trim();
    let inside = value.trim_start_matches('[').trim_end_matches(']');
    let items: Vec<_> =
        inside.split(',').map(|item| item.trim().trim_matches('"')).filter(|item| !item.is_empty()).collect();
    let value = match &items[..] {
        [] => return None,
        [one] if inside == value => format!("\"{one}\""),
        many => format!("[{}]", many.iter().map(|item| format!("\"{item}\"")).collect::<Vec<_>>().join(", ")),
    };
    written(&format!("{} = {value}", key.trim()))
}

/// The line, if it is right so: a help that is wrong itself helps nobody.
fn written(line: &str) -> Option<String> {
    toml::de::DeTable::parse(line).is_ok().then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_is_the_line_as_it_was_meant() {
        for (line, meant) in [
            ("sides = right, left", "sides = [\"right\", \"left\"]"),
            ("sides = [right, left]", "sides = [\"right\", \"left\"]"),
            ("summary = My class # for Tuesday", "summary = \"My class\""),
            ("breath = 4-7-8", "breath = \"4-7-8\""),
            ("length = 1:30", "length = \"1:30\""),
            ("hold = 30s", "hold = \"30s\""),
            ("summary: \"Calm\"", "summary = \"Calm\""),
            ("summary = “Calm”", "summary = \"Calm\""),
            ("hold\u{a0}= \"30s\"", "hold = \"30s\""),
        ] {
            let text = format!("title = \"Test\"\n{line}\n[[steps]]\nbell = \"low\"\n");
            let (_, errors) = toml::de::DeTable::parse_recoverable(&text);
            let helps: Vec<_> =
                errors.iter().filter_map(|error| help(error.message(), &text, error.span().unwrap_or(0..0))).collect();
            assert!(helps.iter().any(|help| help.contains(&format!("`{meant}`"))), "{line}: {helps:?}");
        }
    }
}
