//! The cue sheet: the plan as a page of text. What a person reads before a session, and what tests compare.

use std::fmt::Write;

use super::said;
use crate::frames::{Frames, clock};
use crate::plan::Timeline;
use crate::plan::timeline::PhaseSpan;

/// The cue sheet.
pub fn text(timeline: &Timeline) -> String {
    let mut page = String::new();
    let length = clock(timeline.frames.duration(timeline.rate));
    let _ = writeln!(page, "{} · {length} · voice {}", timeline.title, timeline.voice);
    let mut regions = timeline.regions.iter().peekable();
    let mut phases = Phases { all: &timeline.phases, next: 0 };
    for chapter in &timeline.chapters {
        let end = chapter.start + chapter.frames;
        let _ = writeln!(
            page,
            "\n{:>8}  {} ({})",
            time(timeline, chapter.start),
            chapter.title,
            clock(chapter.frames.duration(timeline.rate))
        );
        while let Some(region) = regions.next_if(|region| region.start < end) {
            let phase = phases.at(region.start).map(describe).unwrap_or_default();
            let _ = writeln!(page, "{:>8}  {phase:<24}  {}", time(timeline, region.start), said(timeline, region));
        }
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
struct Phases<'a> {
    all: &'a [PhaseSpan],
    next: usize,
}

impl Phases<'_> {
    fn at(&mut self, frame: Frames) -> Option<&PhaseSpan> {
        while self.all.get(self.next).is_some_and(|phase| phase.start + phase.frames <= frame) {
            self.next += 1;
        }
        self.all.get(self.next).filter(|phase| phase.start <= frame)
    }
}
