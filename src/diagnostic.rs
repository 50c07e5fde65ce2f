//! A mistake in an author's file: where it stands, what was expected, what stands there, and how to mend it.
//!
//! Wording: the expected thing first, the actual thing second; short; no jargon. All mistakes of a file are gathered
//! and shown together, before anything is rendered.

use std::collections::HashSet;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

mod code;
mod nearest;

pub use code::Code;
pub use nearest::{Candidates, nearest};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// A text that diagnostics point into.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The name to show: a path, or `built-in:routines/…`.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// Where it is from.
    pub origin: Origin,
}

/// Where a text is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is part of the program, so that nobody can change it.
    BuiltIn,
    /// Somebody wrote it.
    Author,
}

impl Source {
    /// What somebody wrote, in a file that is shown as `path`.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Source {
        Source { path: path.into(), text: text.into(), origin: Origin::Author }
    }

    /// A text that is part of the program, at `path` in it.
    pub fn built_in(path: &str, text: impl Into<String>) -> Source {
        Source { path: format!("built-in:{path}"), text: text.into(), origin: Origin::BuiltIn }
    }

    /// Whether it is part of the program, so that nobody can change it.
    pub fn is_built_in(&self) -> bool {
        self.origin == Origin::BuiltIn
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
    pub help: Vec<String>,
}

impl Diagnostic {
    /// An error without a place yet.
    pub fn error(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Error, code, message: message.into(), place: None, help: Vec::new() }
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
    pub fn help(mut self, line: impl Into<String>) -> Diagnostic {
        self.help.push(line.into());
        self
    }

    /// Adds "did you mean …" where a candidate is near `wrong`.
    pub fn nearest<'a>(self, wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Diagnostic {
        match nearest(wrong, candidates) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// The diagnostic as lines of text; `colour` adds terminal styles.
    pub fn render(&self, colour: bool) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(self.message.as_str()).id(self.code.word());
        let mut group = match &self.place {
            Some((place, label)) => {
                let length = place.source.text.len();
                let span = place.span.start.min(length)..place.span.end.min(length);
                title.element(
                    Snippet::source(place.source.text.as_str())
                        .path(place.source.path.as_str())
                        .annotation(AnnotationKind::Primary.span(span).label(label.as_str())),
                )
            }
            None => Group::with_title(title),
        };
        for line in &self.help {
            group = group.element(Level::HELP.message(line.as_str()));
        }
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }
}

/// All mistakes that were found, in the order of their places.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    all: Vec<Diagnostic>,
    /// The hash of each: ten thousand mistakes are not compared with each other.
    known: HashSet<u64>,
}

impl Diagnostics {
    /// Adds one, unless the same mistake at the same place is there already.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let place = diagnostic.place.as_ref().map(|(place, label)| (&place.source.path, &place.span, label));
        let mut hash = DefaultHasher::new();
        (diagnostic.code, &diagnostic.message, place).hash(&mut hash);
        if self.known.insert(hash.finish()) {
            self.all.push(diagnostic);
        }
    }

    /// Adds all of `others`.
    pub fn extend(&mut self, others: Diagnostics) {
        others.all.into_iter().for_each(|each| self.push(each));
    }

    /// Whether one of them stops the work.
    pub fn has_errors(&self) -> bool {
        self.all.iter().any(|each| each.severity == Severity::Error)
    }

    /// Makes every warning an error.
    pub fn be_strict(&mut self) {
        self.all.iter_mut().for_each(|each| each.severity = Severity::Error);
    }

    /// Whether a mistake of a code is told of a place.
    pub fn tells(&self, code: Code, place: &Place) -> bool {
        self.all.iter().any(|each| each.code == code && each.place.as_ref().is_some_and(|(at, _)| at == place))
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.all.iter()
    }

    /// Sorts by file and place, so that a reader goes through a file from top to bottom.
    pub fn sort(&mut self) {
        self.all
            .sort_by_key(|each| each.place.as_ref().map(|(place, _)| (place.source.path.clone(), place.span.start)));
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(one: Diagnostic) -> Diagnostics {
        let mut all = Diagnostics::default();
        all.push(one);
        all
    }
}
