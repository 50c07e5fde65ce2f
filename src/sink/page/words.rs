//! The words of a session to read: as plain text under its poses and sides, and as lyrics with times (LRC).

use std::fmt::Write;

use super::cue_sheet::{self, Phases};
use super::said;
use crate::frames::{Frames, clock};
use crate::plan::Timeline;
use crate::plan::timeline::Track;
use crate::sink::file::about::About;
use crate::sink::timed_words::{one_line, synced_lyrics, timed_words, without_brackets};

/// How wide times are, in columns.
const TIME_WIDE: usize = 7;

/// As plain text. Each pose is a heading with its time; what is said in it stands below, a line each, under the side. Its last line
/// tells what wrote it.
pub(super) fn text(timeline: &Timeline) -> String {
    let mut page = format!("{}\n", one_line(&cue_sheet::head(timeline)));
    let time = |at: Frames| clock(at.duration(timeline.rate));
    let mut phases = Phases::of(timeline);
    let words = |track, text: &str| track == Track::Voice || !text.is_empty();
    let said_words = timeline.regions.iter().filter(|region| words(region.track, timeline.sounds[region.sound].text()));
    let mut regions = said_words.peekable();
    for chapter in &timeline.chapters {
        let _ = writeln!(page, "\n{:>TIME_WIDE$}  {}", time(chapter.start), one_line(&chapter.title));
        let mut side = None;
        while let Some(region) = regions.next_if(|region| region.start < chapter.range().end) {
            let now = phases.at(region.start).and_then(|phase| phase.side.as_ref());
            if let Some(name) = now.filter(|_| now != side) {
                let _ = writeln!(page, "{:>TIME_WIDE$}    ({})", "", one_line(&name.replace('-', " ")));
            }
            side = now.or(side);
            let _ = writeln!(page, "{:>TIME_WIDE$}    {}", time(region.start), one_line(&said(timeline, region)));
        }
    }
    let _ = writeln!(page, "\nWritten by {}.", About::TOOL);
    page
}

/// As LRC: players of music show such a file while the sound of the same name plays.
pub(super) fn lrc(timeline: &Timeline) -> String {
    let field = |name: &str, text: &str| format!("[{name}:{}]\n", without_brackets(&one_line(text)));
    let length = clock(timeline.frames.duration(timeline.rate));
    let head = [("ti", &*timeline.title), ("al", &*timeline.routine), ("length", &*length), ("re", About::TOOL)];
    let head: String = head.iter().map(|(name, text)| field(name, text)).collect();
    format!("{head}\n{}", synced_lyrics(&timed_words(timeline)))
}
