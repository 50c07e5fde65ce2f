//! A label track for Audacity: every chapter, cue and bell from its first frame to its last.
//!
//! One line each: start and end in seconds, and the words, divided by tabs. Six places of a second tell any two frames
//! apart, at any sample rate that is in use.

use std::fmt::Write;

use super::{one_line, said};
use crate::frames::Frames;
use crate::plan::Timeline;

/// The label track: words on one line, as a tab or a line break would end a label.
pub(super) fn text(timeline: &Timeline) -> String {
    let chapters = timeline.chapters.iter().map(|chapter| (chapter.range(), format!("[{}]", chapter.title)));
    let regions = timeline.regions.iter().map(|region| (region.range(), said(timeline, region)));
    let mut labels: Vec<_> = chapters.chain(regions).collect();
    // A chapter stands before the first cue in it: the sort keeps the order of equals.
    labels.sort_by_key(|(range, _)| range.start);
    let mut page = String::new();
    for (range, words) in labels {
        let (start, end) = (seconds(timeline, range.start), seconds(timeline, range.end));
        let _ = writeln!(page, "{start}\t{end}\t{}", one_line(&words));
    }
    page
}

/// Seconds with six places, rounded to the nearest; in whole numbers, so that no digit depends on the machine.
fn seconds(timeline: &Timeline, at: Frames) -> String {
    let micros = (at.duration(timeline.rate).as_nanos() + 500) / 1000;
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_words_ends_a_label() {
        assert_eq!(one_line("Breathe\tin,\r\nand\u{b} out."), "Breathe in, and out.");
    }
}
