//! Pages about a session: what can be told from its timeline alone.

mod captions;
pub mod cue_sheet;
mod labels;
pub mod picture;
pub mod plan_json;

use crate::plan::Timeline;
use crate::plan::timeline::{Region, Track};

/// A page about a session: what can be told from its timeline alone.
pub struct Page {
    /// The name of the option that asks for it.
    pub name: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    /// The whole page.
    pub text: fn(&Timeline) -> String,
}

/// Every kind of page that is written to a file.
pub const PAGES: &[Page] = &[
    Page { name: "svg", about: "Draw the session: its breath, cues, poses and sides", text: picture::text },
    Page { name: "labels", about: "Write a label track for Audacity", text: labels::text },
    Page { name: "vtt", about: "Write captions as WebVTT", text: captions::text },
];

/// What is heard in a region, in words.
fn said(timeline: &Timeline, region: &Region) -> String {
    let sound = &timeline.sounds[region.sound];
    match (region.track, sound.text()) {
        (Track::Voice, "") => format!("[{}]", sound.cue()),
        (Track::Voice, text) => text.to_owned(),
        (Track::Bell, "") => format!("♪ {} bell", sound.cue()),
        (_, text) => format!("♪ in place of: {text}"),
    }
}

/// Words on one line: what is white, or controls a terminal, becomes one space.
fn one_line(words: &str) -> String {
    let words = words.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}
