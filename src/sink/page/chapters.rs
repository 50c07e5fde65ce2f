//! Chapters beside a sound file, as players of podcasts read them (JSON Chapters 1.2.0 of Podcasting 2.0).

use serde::Serialize;

use super::one_line;
use crate::plan::Timeline;
use crate::printable::escaped_json;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Chapters {
    version: &'static str,
    title: String,
    chapters: Vec<Chapter>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Chapter {
    /// In seconds, to a thousandth.
    start_time: f64,
    title: String,
}

/// The chapters of a whole session.
pub fn text(timeline: &Timeline) -> String {
    let chapter = |chapter: &crate::plan::timeline::Chapter| Chapter {
        start_time: (chapter.start.seconds(timeline.rate) * 1000.0).round() / 1000.0,
        title: one_line(&chapter.title),
    };
    let chapters = timeline.chapters.iter().map(chapter).collect();
    let all = Chapters { version: "1.2.0", title: one_line(&timeline.title), chapters };
    // Texts and numbers can always be written.
    escaped_json(&serde_json::to_string_pretty(&all).unwrap_or_default()) + "\n"
}
