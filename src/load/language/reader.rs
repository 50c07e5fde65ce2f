//! TOML with its places: reads a file's keys one by one and gathers every mistake.

mod numbers;

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use toml::de::DeTable;

use super::breathing::{BreathPattern, Breathing};
use super::cue::CueRef;
use super::keys::{self, Key};
use super::position::Position;
use super::quantity::{self, Between, Quantity};
use super::spanned::Spanned;
use super::syntax_help;
use super::text_size::too_large;
use super::value::{Value, Wrong, bad_value, items, one_line, scalar, single_time, string, type_name};
use super::value_help;
use crate::advice::Advice;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Source};

/// A whole file. Mistakes gather in it until [`Reader::finish`].
pub(crate) struct Reader {
    source: Arc<Source>,
    mistakes: RefCell<Diagnostics>,
    /// Whether it is no TOML: then nothing is known to be missing in it.
    broken: bool,
}

impl Reader {
    /// Parses the text; syntax mistakes are gathered, and what could be read is handed on.
    pub(crate) fn read<T>(source: &Arc<Source>, read: impl FnOnce(&Table<'_>) -> T) -> (T, Diagnostics) {
        let document = |broken| Reader { source: Arc::clone(source), mistakes: RefCell::default(), broken };
        if let Some(mistake) = too_large(source) {
            let (document, empty) = (document(true), DeTable::default());
            document.mistakes.borrow_mut().push(mistake);
            let value = read(&Table { document: &document, table: &empty, span: 0..0 });
            return (value, document.mistakes.into_inner());
        }
        let (root, errors) = DeTable::parse_recoverable(&source.text);
        let broken = !errors.is_empty();
        let document = document(broken);
        for error in &errors {
            let place = document.place(error.span().unwrap_or(0..0));
            let message = format!("not valid TOML: {}", error.message().trim_end_matches('\n').replace('\n', "; "));
            let mistake = Diagnostic::error(Code::TomlSyntax, message).at(&place, "here");
            document.mistakes.borrow_mut().push(match syntax_help::help(error.message(), &source.text, place.span) {
                Some(help) => mistake.help(help.into_owned()),
                None => mistake,
            });
        }
        // A half-read table would only add mistakes that follow from the syntax.
        let empty = DeTable::default();
        let table = if broken { &empty } else { root.get_ref() };
        let value = read(&Table { document: &document, table, span: 0..0 });
        let mistakes = document.mistakes.into_inner();
        (value, mistakes)
    }

    /// Refuses a file in which nothing stands but, at most, comments: one mistake, in place of one for each key that is
    /// missing. `what` is what it was to be.
    pub(crate) fn has_something(source: &Arc<Source>, what: &str, help: impl Into<Advice>) -> Result<(), Diagnostic> {
        let lines = source.text.trim_start_matches('\u{feff}').lines().map(str::trim);
        if lines.clone().any(|line| !line.is_empty() && !line.starts_with('#')) {
            return Ok(());
        }
        let found = if lines.clone().all(str::is_empty) { "an empty file" } else { "nothing but comments" };
        let mistake = Diagnostic::error(Code::EmptyFile, format!("expected {what}, found {found}: {}", source.path));
        Err(mistake.help(help))
    }

    fn place(&self, span: Range<usize>) -> Place {
        Place { source: Arc::clone(&self.source), span }
    }
}

/// One table of a document.
pub(crate) struct Table<'a> {
    document: &'a Reader,
    table: &'a DeTable<'a>,
    span: Range<usize>,
}

impl<'a> Table<'a> {
    /// Where the table begins: its first line.
    pub(crate) fn place(&self) -> Place {
        let text = self.document.source.text.get(self.span.clone()).unwrap_or("");
        let first = text.find('\n').unwrap_or(text.len());
        self.document.place(self.span.start..self.span.start + first)
    }

    /// The header in brackets that it begins with, where it has one.
    pub(crate) fn header(&self) -> Option<String> {
        let place = self.place();
        let line = self.document.source.text.get(place.span)?.trim();
        line.starts_with('[').then(|| line.split('#').next().unwrap_or(line).trim().to_owned())
    }

    /// Adds a mistake.
    pub(crate) fn mistake(&self, diagnostic: Diagnostic) {
        self.document.mistakes.borrow_mut().push(diagnostic);
    }

    /// The keys that stand in it, with their places.
    pub(crate) fn keys(&self) -> impl Iterator<Item = Spanned<&'a str>> + '_ {
        self.table.keys().map(|key| Spanned { value: key.get_ref().as_ref(), place: self.document.place(key.span()) })
    }

    /// Whether `key` stands in it.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Where the value of `key` stands.
    pub(crate) fn place_of(&self, key: &str) -> Place {
        self.table.get(key).map_or_else(|| self.place(), |value| self.document.place(value.span()))
    }

    /// Refuses every key that is not in `known`, naming the nearest that is.
    pub(crate) fn allow(&self, what: &str, known: &[&[Key]]) {
        let names: Vec<_> = known.iter().flat_map(|keys| keys.iter()).map(|key| key.name).collect();
        for key in self.keys().filter(|key| !names.contains(&key.value)) {
            let message = format!("expected a key of {what}, found `{}`", key.value);
            let mistake = Diagnostic::error(Code::UnknownKey, message).at(&key.place, "not a key here");
            if let Some(help) = self.belongs_elsewhere(what, key.value) {
                self.mistake(mistake.help(help));
                continue;
            }
            let near = crate::diagnostic::nearest(key.value, names.iter().copied());
            self.mistake(match near {
                // A line that was added at the end of a file belongs to the last header.
                None if keys::ROUTINE.iter().any(|other| other.name == key.value) => mistake.help(format!(
                    "`{}` is a key of the routine: move this line above the first header in brackets",
                    key.value
                )),
                Some(near) => mistake.help(format!("did you mean `{near}`?")),
                None => mistake.help(format!("the keys of {what} are: {}", names.join(", "))),
            });
        }
    }

    /// Where a key of a pose belongs that stands below the header of something else.
    fn belongs_elsewhere(&self, what: &str, key: &str) -> Option<String> {
        match (what, key) {
            ("a routine", "phases") => {
                let poses = self.table.get("poses").and_then(|poses| poses.get_ref().as_table());
                let last = poses.and_then(|poses| poses.keys().max_by_key(|id| id.span().start));
                Some(match last {
                    Some(id) => format!("write `[[poses.{}.phases]]`: what belongs to a pose names it", id.get_ref()),
                    None => "write `[[steps.phases]]`: what belongs to a step names it".into(),
                })
            }
            ("a phase", _) if keys::owner(key) == Some("a pose") => {
                let header = self.header()?;
                Some(format!("`{key}` is a key of the pose: move this line above the first line `{header}`"))
            }
            _ => None,
        }
    }

    /// Whether `key` stands here; a mistake where it does not.
    pub(crate) fn require(&self, key: &str, example: &str) -> bool {
        if !self.has(key) && !self.is_broken() {
            let mistake = Diagnostic::error(Code::MissingKey, format!("expected `{key}`, found none"));
            self.mistake(
                mistake.at(&self.place(), "missing here").help(format!("write, for example, `{key} = \"{example}\"`")),
            );
        }
        self.has(key)
    }

    /// Whether the file is no TOML: then nothing is known to be missing in it.
    pub(crate) fn is_broken(&self) -> bool {
        self.document.broken
    }

    /// Whether `key` is missing, or a list with nothing in it.
    pub(crate) fn has_nothing_in(&self, key: &str) -> bool {
        self.table.get(key).is_none_or(|value| value.get_ref().as_array().is_some_and(|list| list.is_empty()))
    }

    /// Whether `key` stands here with exactly this text.
    pub(crate) fn is_text(&self, key: &str, text: &str) -> bool {
        self.table.get(key).and_then(|value| value.get_ref().as_str()) == Some(text)
    }

    /// Whether something else than a text stands for `key`.
    pub(crate) fn is_no_text(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(|value| value.get_ref().as_str().is_none())
    }

    fn wrong(&self, value: Value<'_>, code: Code, message: String) {
        self.mistake(Diagnostic::error(code, message).at(&self.document.place(value.span()), "here"));
    }

    /// Reads a key by `read`, which says in words what it expected instead.
    fn get<T>(&self, key: &str, read: impl FnOnce(Value<'a>) -> Result<T, Wrong>) -> Option<Spanned<T>> {
        let value = self.table.get(key)?;
        match read(value) {
            Ok(found) => Some(Spanned { value: found, place: self.document.place(value.span()) }),
            Err((code, message)) => {
                let mistake = Diagnostic::error(code, format!("`{key}`: {message}"));
                let mistake = mistake.at(&self.document.place(value.span()), "here");
                self.mistake(match value_help::line(key, value.get_ref().as_str()) {
                    Some(line) => mistake.help(line),
                    None => mistake,
                });
                None
            }
        }
    }

    /// A text in quotes; several lines become one.
    pub(crate) fn text(&self, key: &str) -> Option<Spanned<String>> {
        self.get(key, one_line)
    }

    /// A text that must be there and have something in it, such as a title.
    pub(crate) fn name(&self, key: &str, example: &str) -> Option<Spanned<String>> {
        let name = self.require(key, example).then(|| self.text(key)).flatten()?;
        if name.value.trim().is_empty() {
            let message = format!("`{key}`: expected words, found none");
            self.mistake(Diagnostic::error(Code::WrongValue, message).at(&name.place, "here"));
        }
        Some(name)
    }

    /// A list of texts; one alone need not stand in brackets. Those that are none are left out, each a mistake.
    pub(crate) fn texts(&self, key: &str) -> Option<Spanned<Vec<Spanned<String>>>> {
        let value = self.table.get(key)?;
        let item = |item: Value<'a>| match one_line(item) {
            Ok(text) => Some(Spanned { value: text, place: self.document.place(item.span()) }),
            Err((code, message)) => {
                self.wrong(item, code, format!("`{key}`: {message}"));
                None
            }
        };
        let texts = items(value).into_iter().filter_map(item).collect();
        Some(Spanned { value: texts, place: self.document.place(value.span()) })
    }

    /// A list of cues; one alone need not stand in brackets.
    pub(crate) fn cues(&self, key: &str) -> Option<Vec<CueRef>> {
        let texts = self.texts(key)?.value;
        Some(
            texts.into_iter().filter_map(|text| CueRef::read(text).map_err(|wrong| self.mistake(wrong)).ok()).collect(),
        )
    }

    /// A time, or a range of times.
    pub(crate) fn times(&self, key: &str) -> Option<Spanned<Between<Duration>>> {
        self.get(key, |value| scalar(value).and_then(|text| quantity::time(&text).map_err(bad_value)))
    }

    /// A single time.
    pub(crate) fn time(&self, key: &str) -> Option<Spanned<Duration>> {
        self.get(key, single_time)
    }

    /// A list of single times; one alone need not stand in brackets.
    pub(crate) fn time_list(&self, key: &str) -> Option<Spanned<Vec<Duration>>> {
        self.get(key, |value| items(value).into_iter().map(single_time).collect())
    }

    /// A whole number or a range.
    pub(crate) fn count(&self, key: &str) -> Option<Spanned<Between<u32>>> {
        self.get(key, |value| scalar(value).and_then(|text| quantity::count(&text).map_err(bad_value)))
    }

    /// A time or breaths.
    pub(crate) fn quantity(&self, key: &str) -> Option<Spanned<Quantity>> {
        self.get(key, |value| scalar(value).and_then(|text| quantity::quantity(&text).map_err(bad_value)))
    }

    /// A breath pattern.
    pub(crate) fn pattern(&self, key: &str) -> Option<Spanned<BreathPattern>> {
        self.get(key, |value| string(value).and_then(|text| BreathPattern::parse(text).map_err(bad_value)))
    }

    /// A breath pattern, or one that eases into another: a table of [`keys::EASING`].
    pub(crate) fn breathing(&self, key: &str) -> Option<Spanned<Breathing>> {
        if self.table.get(key)?.get_ref().as_table().is_none() {
            let steady = self.pattern(key)?;
            return Some(Spanned { value: Breathing::steady(steady.value), place: steady.place });
        }
        let easing = self.table(key)?;
        easing.allow("a breath that eases", &[keys::EASING]);
        let there = ["from", "to", "over"].map(|name| easing.require(name, if name == "over" { "5m" } else { "4-6" }));
        let (from, to, over) = (easing.pattern("from"), easing.pattern("to"), easing.time("over"));
        if there != [true; 3] {
            return None;
        }
        let value = Breathing { from: from?.value, to: to?.value, over: over?.value };
        Some(Spanned { value, place: self.place_of(key) })
    }

    /// A position of the body, as people call it.
    pub(crate) fn position(&self, key: &str) -> Option<Spanned<Position>> {
        let text = self.text(key)?;
        match Position::meant(&text.value) {
            Some(position) => Some(Spanned { value: position, place: text.place }),
            None => self.word(key, &Position::WORDS),
        }
    }

    /// `true` or `false`.
    pub(crate) fn truth(&self, key: &str) -> Option<Spanned<bool>> {
        self.get(key, |value| {
            let wrong = || (Code::WrongType, format!("expected `true` or `false`, found {}", type_name(value)));
            value.get_ref().as_bool().ok_or_else(wrong)
        })
    }

    /// A table inside this one.
    pub(crate) fn table(&self, key: &str) -> Option<Table<'a>> {
        let value = self.table.get(key)?;
        match value.get_ref().as_table() {
            Some(table) => Some(Table { document: self.document, table, span: value.span() }),
            None => {
                self.wrong(value, Code::WrongType, format!("`{key}`: expected a table, found {}", type_name(value)));
                None
            }
        }
    }

    /// A list of tables, written `[[key]]`.
    pub(crate) fn tables(&self, key: &str) -> Vec<Table<'a>> {
        let Some(value) = self.table.get(key) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            let message =
                format!("`{key}`: expected a list of tables, each begun by `[[{key}]]`, found {}", type_name(value));
            self.wrong(value, Code::WrongType, message);
            return Vec::new();
        };
        let table = |value: Value<'a>| {
            let table = value.get_ref().as_table();
            if table.is_none() {
                let message = format!("`{key}`: expected a block begun by `[[{key}]]`, found {}", type_name(value));
                let mistake =
                    Diagnostic::error(Code::WrongType, message).at(&self.document.place(value.span()), "here");
                self.mistake(
                    mistake.help(format!("write `[[{key}]]` for each, and below it what it is, a key a line")),
                );
            }
            Some(Table { document: self.document, table: table?, span: value.span() })
        };
        list.iter().filter_map(table).collect()
    }
}
