//! A mistake in an author's file: where it stands, what was expected, what stands there, and how to mend it.
//!
//! Wording: the expected thing first, the actual thing second; short; no jargon. All mistakes of a file are gathered
//! and shown together, before anything is rendered.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

mod code;
mod nearest;

pub use code::Code;
pub use nearest::{Candidates, nearest};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use unicode_width::UnicodeWidthStr;

use crate::advice::Advice;
use crate::printable::printable;

/// A text that diagnostics point into.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The name to show: a path, or `built-in:routines/…`.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// Where it was found, which its name does not tell: a folder may be called `built-in:`, or what is no text.
    pub found: Found,
}

/// Where a text was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// In the program.
    BuiltIn,
    /// In a file; paths in it start in its folder.
    File(PathBuf),
    /// In no file: it was handed over, or stands in the environment.
    Memory,
}

impl Source {
    /// A text that stands in no file, under a name to show.
    pub fn in_memory(name: impl Into<String>, text: impl Into<String>) -> Source {
        Source { path: name.into(), text: text.into(), found: Found::Memory }
    }

    /// A text of a file, whether or not it is there yet.
    pub fn of_file(path: &Path, text: impl Into<String>) -> Source {
        Source { path: path.display().to_string(), text: text.into(), found: Found::File(path.to_owned()) }
    }

    /// Whether it is part of the program, so that nobody can change it.
    pub fn is_built_in(&self) -> bool {
        self.found == Found::BuiltIn
    }

    /// The file that it stands in.
    pub fn file(&self) -> Option<&Path> {
        match &self.found {
            Found::File(path) => Some(path),
            Found::BuiltIn | Found::Memory => None,
        }
    }
}

/// A stretch of a [`Source`].
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    /// The text.
    pub source: Arc<Source>,
    /// The bytes of it that are meant.
    pub span: Range<usize>,
}

impl Place {
    /// `path:line`, for plain lists.
    pub fn line(&self) -> String {
        let before = &self.source.text[..self.span.start.min(self.source.text.len())];
        format!("{}:{}", self.source.path, before.matches('\n').count() + 1)
    }

    /// The lines around it, the number of the first of them, and where it lies in them: to draw a place, each line of what is
    /// drawn from takes some memory, and a text may have millions.
    fn excerpt(&self) -> (usize, &str, Range<usize>) {
        /// A stretch of more lines is shown by its first.
        const MOST_LINES: usize = 1000;
        let text = self.source.text.as_str();
        let start = self.span.start.min(text.len());
        let mut end = self.span.end.clamp(start, text.len());
        if let Some((length, _)) = text[start..end].match_indices('\n').nth(MOST_LINES) {
            end = start + text[start..start + length].find('\n').unwrap_or(length);
        }
        // The line before, as an arrow after the last line break stands at that line's end.
        let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |found| found + 1);
        let from = line_start(line_start(start).saturating_sub(1));
        let to = text[end..].find('\n').map_or(text.len(), |found| end + found + 1);
        let number = 1 + text[..from].matches('\n').count();
        (number, &text[from..to], start - from..end - from)
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.line())
    }
}

/// How much a diagnostic weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth a look; nothing is refused.
    Warning,
    /// Refused.
    Error,
}

/// One mistake.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Whether it stops the work.
    pub severity: Severity,
    /// What it is about.
    pub code: Code,
    /// What is wrong: expected first, actual second.
    pub message: String,
    /// Where, and what to write at the arrow.
    pub place: Option<(Place, String)>,
    /// How to mend it, a line each.
    pub help: Vec<Advice>,
}

impl Diagnostic {
    /// An error without a place yet.
    pub fn error(code: Code, message: impl Into<String>) -> Diagnostic {
        let message = clipped(message.into());
        Diagnostic { severity: Severity::Error, code, message, place: None, help: Vec::new() }
    }

    /// A warning without a place yet.
    pub fn warning(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, message) }
    }

    /// Points at `place` with a label at the arrow.
    pub fn at(mut self, place: &Place, label: impl Into<String>) -> Diagnostic {
        self.place = Some((place.clone(), label.into()));
        self
    }

    /// Adds a line that says how to mend it.
    pub fn help(mut self, line: impl Into<Advice>) -> Diagnostic {
        self.help.push(match line.into() {
            Advice::Words(words) => Advice::Words(clipped(words)),
            advice => advice,
        });
        self
    }

    /// Adds "did you mean …" where a candidate is near `wrong`.
    pub fn nearest<'a>(self, wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Diagnostic {
        match nearest(wrong, candidates) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// The diagnostic as lines of text, with advice in these words; `colour` adds terminal styles.
    pub fn render(&self, colour: bool, words: fn(&Advice) -> Cow<'_, str>) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        self.draw(&renderer, None, words)
    }

    /// The same with terminal styles, where no line of a file, nor what points into it, is wider than so many columns. Messages and
    /// advice are a line each: whoever shows them breaks them.
    pub fn render_within(&self, columns: Option<usize>, words: fn(&Advice) -> Cow<'_, str>) -> String {
        let renderer = Renderer::styled();
        let renderer = columns.map_or(renderer.clone(), |columns| renderer.term_width(columns));
        self.draw(&renderer, columns, words)
    }

    fn draw(&self, renderer: &Renderer, columns: Option<usize>, words: fn(&Advice) -> Cow<'_, str>) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        // The lines of a file stay as they are: their controls are shown as pictures, and spans point into them.
        let message = printable(&self.message);
        let title = level.primary_title(message.as_ref()).id(self.code.word());
        let place = self.place.as_ref();
        let place = place.map(|(place, label)| (place, shown_path(&place.source), printable(label)));
        let mut group = match &place {
            Some((place, path, label)) => {
                let (line, text, span) = place.excerpt();
                // Where there is no room beside what it points at, the label stands below.
                let beside = columns.is_none_or(|columns| end_of_label(text, &span, label) <= columns);
                let mark = AnnotationKind::Primary.span(span);
                let mark = if beside { mark.label(label.as_ref()) } else { mark };
                let drawn = title.element(Snippet::source(text).line_start(line).path(path.as_ref()).annotation(mark));
                if beside || label.is_empty() { drawn } else { drawn.element(Level::NOTE.message(label.as_ref())) }
            }
            None => Group::with_title(title),
        };
        let built_in = self.place.as_ref().and_then(|(place, _)| own_instead(&place.source));
        for advice in self.help.iter().chain(&built_in) {
            group = group.element(Level::HELP.message(printable(&words(advice)).into_owned()));
        }
        renderer.render(&[group])
    }
}

/// What a text is called where it is shown: what is part of the program has no file that anybody could open.
fn shown_path(source: &Source) -> Cow<'_, str> {
    let part = source.path.strip_prefix(BUILT_IN).filter(|_| source.is_built_in());
    part.map_or_else(|| printable(&source.path), |part| format!("built in: {part}").into())
}

/// What names of texts begin with that are part of the program.
const BUILT_IN: &str = "built-in:";

/// What can be changed in the place of a text that is part of the program.
fn own_instead(source: &Source) -> Option<Advice> {
    let part = source.path.strip_prefix(BUILT_IN).filter(|_| source.is_built_in())?.replace('\\', "/");
    let name = part.strip_prefix("routines/")?.strip_suffix(".toml")?;
    Some(match name.strip_prefix("poses/") {
        Some(id) => Advice::OwnPose { id: id.to_owned() },
        None => Advice::CopyRoutine { name: name.to_owned() },
    })
}

/// The column at which a label ends that is drawn beside a place.
fn end_of_label(text: &str, span: &Range<usize>, label: &str) -> usize {
    /// Before a line of a file: a number of up to four digits, and what divides it from the line.
    const BEFORE: usize = 7;
    let start = text[..span.start].rfind('\n').map_or(0, |found| found + 1);
    let marked = text[span.clone()].lines().next().unwrap_or_default();
    BEFORE + text[start..span.start].width() + marked.width().max(1) + 1 + label.width()
}

/// A message without the middle of what is far too long: an author's text may be quoted in it, and be megabytes.
fn clipped(message: String) -> String {
    /// Letters at either end that are shown: a dozen lines of a terminal.
    const ENDS: usize = 1000;
    if message.len() <= 3 * ENDS {
        return message;
    }
    let end = |number: usize, back: bool| {
        let mut starts = message.char_indices().map(|(at, _)| at);
        if back { starts.nth_back(number - 1) } else { starts.nth(number) }.unwrap_or(0)
    };
    let (head, tail) = (end(ENDS, false), end(ENDS, true));
    if head < tail { format!("{} … {}", &message[..head], &message[tail..]) } else { message }
}

/// So many mistakes are kept, and as many warnings: no more are ever shown. The rest are counted.
const MOST_KEPT: usize = 200;

/// All mistakes that were found, in the order of their places: the first of them, and how many there are.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    kept: Vec<Diagnostic>,
    errors: Count,
    warnings: Count,
    /// The hash of each: ten thousand mistakes are not compared with each other.
    known: HashSet<u64>,
}

/// How many there are of a severity.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    found: usize,
    kept: usize,
}

impl Diagnostics {
    /// Adds one, unless the same mistake at the same place is there already.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let place = diagnostic.place.as_ref().map(|(place, label)| (&place.source.path, &place.span, label));
        let mut hash = DefaultHasher::new();
        (diagnostic.code, &diagnostic.message, place).hash(&mut hash);
        if !self.known.insert(hash.finish()) {
            return;
        }
        let count = match diagnostic.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        count.found += 1;
        if count.kept < MOST_KEPT {
            count.kept += 1;
            self.kept.push(diagnostic);
        }
    }

    /// Adds all of `others`.
    pub fn extend(&mut self, others: Diagnostics) {
        let [errors, warnings] = [others.errors, others.warnings].map(|count| count.found - count.kept);
        self.errors.found += errors;
        self.warnings.found += warnings;
        others.kept.into_iter().for_each(|each| self.push(each));
    }

    /// Whether one of them stops the work.
    pub fn has_errors(&self) -> bool {
        self.errors.found > 0
    }

    /// Makes every warning an error.
    pub fn be_strict(&mut self) {
        self.kept.iter_mut().for_each(|each| each.severity = Severity::Error);
        self.errors.found += self.warnings.found;
        self.errors.kept += self.warnings.kept;
        self.warnings = Count::default();
    }

    /// Whether a mistake of a code is told of a place.
    pub fn tells(&self, code: Code, place: &Place) -> bool {
        self.kept.iter().any(|each| each.code == code && each.place.as_ref().is_some_and(|(at, _)| at == place))
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// How many were found: more than [`Diagnostics::iter`] gives, where there are very many.
    pub fn count(&self) -> usize {
        self.errors.found + self.warnings.found
    }

    /// Each of them that is kept.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.kept.iter()
    }

    /// Sorts by file and place, so that a reader goes through a file from top to bottom.
    pub fn sort(&mut self) {
        self.kept.sort_by_cached_key(|each| {
            each.place.as_ref().map(|(place, _)| (place.source.path.clone(), place.span.start))
        });
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(one: Diagnostic) -> Diagnostics {
        let mut all = Diagnostics::default();
        all.push(one);
        all
    }
}
