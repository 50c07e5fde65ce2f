//! The cue sheet: the plan as a page of text. What a person reads before a session, and what tests compare.

use std::fmt::Write;

use super::{changes, said};
use crate::frames::{Frames, clock};
use crate::plan::Timeline;
use crate::plan::timeline::PhaseSpan;

/// A line of the cue sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A part begins.
    Chapter {
        /// When.
        at: String,
        /// What it is called, and how long it is.
        title: String,
    },
    /// Something is said, or a bell rings.
    Cue {
        /// When.
        at: String,
        /// What is done then: side, round and phase, as far as there are any.
        doing: String,
        /// The words.
        words: String,
    },
}

/// How wide the times of a cue sheet are, in columns.
pub const TIME_WIDE: usize = 8;
/// How wide what is done is.
pub const DOING_WIDE: usize = 24;

/// What the whole of it is: title, length and voice.
pub fn head(timeline: &Timeline) -> String {
    let length = clock(timeline.frames.duration(timeline.rate));
    format!("{} · {length} · voice {}", timeline.title, timeline.voice)
}

/// The lines, in the order of their times.
pub fn rows(timeline: &Timeline) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut regions = timeline.regions.iter().peekable();
    let mut phases = Phases::of(timeline);
    for chapter in &timeline.chapters {
        let end = chapter.start + chapter.frames;
        let length = clock(chapter.frames.duration(timeline.rate));
        rows.push(Row::Chapter { at: time(timeline, chapter.start), title: format!("{} ({length})", chapter.title) });
        while let Some(region) = regions.next_if(|region| region.start < end) {
            let doing = phases.at(region.start).map(describe).unwrap_or_default();
            rows.push(Row::Cue { at: time(timeline, region.start), doing, words: said(timeline, region) });
        }
    }
    rows
}

/// The cue sheet, however wide it is.
pub fn text(timeline: &Timeline) -> String {
    let mut page = format!("{}\n", head(timeline));
    changes::lines(timeline).iter().for_each(|line| _ = writeln!(page, "{line}"));
    for row in rows(timeline) {
        let _ = match row {
            Row::Chapter { at, title } => writeln!(page, "\n{at:>TIME_WIDE$}  {title}"),
            Row::Cue { at, doing, words } => writeln!(page, "{at:>TIME_WIDE$}  {doing:<DOING_WIDE$}  {words}"),
        };
    }
    page
}

fn time(timeline: &Timeline, at: Frames) -> String {
    let tenths = (at.duration(timeline.rate).as_millis() + 50) / 100;
    let (hours, minutes, seconds) = (tenths / 36_000, tenths / 600 % 60, tenths / 10 % 60);
    let hours = if hours > 0 { format!("{hours}:") } else { String::new() };
    format!("{hours}{minutes:02}:{seconds:02}.{}", tenths % 10)
}

/// Side, round and phase, as far as there are any.
fn describe(phase: &PhaseSpan) -> String {
    let round = phase.round.map(|round| format!("round {round}"));
    let side = phase.side.as_ref().map(|side| side.replace('-', " "));
    [side, round, Some(phase.kind.word().to_owned())].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Phases by time, for a reader who goes forward.
pub(super) struct Phases<'a> {
    all: &'a [PhaseSpan],
    next: usize,
}

impl<'a> Phases<'a> {
    /// Those of a timeline.
    pub(super) fn of(timeline: &'a Timeline) -> Phases<'a> {
        Phases { all: &timeline.phases, next: 0 }
    }

    /// The one at a frame that is no earlier than the last one that was asked for.
    pub(super) fn at(&mut self, frame: Frames) -> Option<&'a PhaseSpan> {
        while self.all.get(self.next).is_some_and(|phase| phase.start + phase.frames <= frame) {
            self.next += 1;
        }
        self.all.get(self.next).filter(|phase| phase.start <= frame)
    }
}
