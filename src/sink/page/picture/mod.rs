//! The session as a picture (SVG): the breath as a wave, the cues above it, poses, sides and marks, row by row.
//!
//! Every shape stands where its frames are. A row lasts a minute, or longer where a session would need more than twenty-four of
//! them. The colours follow the reader's light or dark scheme, whatever is spoken stands as text, and a title and a
//! description tell what is to be seen.

mod lanes;
mod row;
mod wave;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use super::escaped;
use crate::frames::{FrameRange, Frames, clock};
use crate::plan::Timeline;
use crate::plan::timeline::{Chapter, ChapterKind};
use row::Row;

/// The whole picture, in its own units: what a laptop shows without scrolling sideways.
const WIDTH: f64 = 1240.0;
/// A row's left end; the clock stands before it.
const LEFT: f64 = 72.0;
/// A row's width.
const ROW_WIDTH: f64 = 1080.0;
/// Where the first row begins.
const HEAD: f64 = 104.0;
/// Between rows.
const BETWEEN_ROWS: f64 = 26.0;
/// What the legend takes.
const FOOT: f64 = 44.0;
/// The number of colours that poses are told apart by; colour 0 is for what is no pose.
const COLOURS: usize = 8;
/// How long a row may be, in seconds; the first that needs no more than [`MOST_ROWS`].
const ROW_SECONDS: [u64; 9] = [60, 90, 120, 180, 300, 600, 900, 1800, 3600];
const MOST_ROWS: u64 = 24;
/// More chapters than this are counted in the description, not told.
const MOST_TOLD: usize = 60;

/// The picture.
pub fn text(timeline: &Timeline) -> String {
    let row_frames = row_frames(timeline);
    let colours = colours(timeline);
    let mut body = String::new();
    let mut top = HEAD;
    let mut start = Frames::ZERO;
    while start < timeline.frames || start == Frames::ZERO {
        let range = FrameRange::new(start, row_frames);
        let row = Row { timeline, range, colours: &colours };
        top += row.draw(&mut body, top) + BETWEEN_ROWS;
        start += row_frames;
    }
    let height = top + FOOT;
    let mut page = head(timeline, height);
    page += &body;
    legend(&mut page, top + 6.0);
    page += "</svg>\n";
    page
}

/// How many frames a row lasts.
fn row_frames(timeline: &Timeline) -> Frames {
    let seconds = timeline.frames.duration(timeline.rate).as_secs_f64();
    let fits = |row: &&u64| seconds <= (**row * MOST_ROWS) as f64;
    let longest = ROW_SECONDS[ROW_SECONDS.len() - 1];
    let row = timeline.rate.frames(Duration::from_secs(*ROW_SECONDS.iter().find(fits).unwrap_or(&longest)));
    // A session shorter than one row fills it.
    row.min(timeline.frames.max(Frames(1)))
}

/// A colour for every part's title, in the order of their first appearance.
fn colours(timeline: &Timeline) -> BTreeMap<&str, usize> {
    let mut colours = BTreeMap::new();
    let mut next = 0;
    for chapter in parts(timeline) {
        colours.entry(chapter.title.as_str()).or_insert_with(|| {
            next += 1;
            1 + (next - 1) % COLOURS
        });
    }
    colours
}

/// The chapters in which something is practised.
fn parts(timeline: &Timeline) -> impl Iterator<Item = &Chapter> {
    timeline.chapters.iter().filter(|chapter| chapter.kind == ChapterKind::Part)
}

fn head(timeline: &Timeline, height: f64) -> String {
    let length = clock(timeline.frames.duration(timeline.rate));
    let title = escaped(&timeline.title);
    let mut page = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        page,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {0}\" width=\"{WIDTH}\" height=\"{0}\" \
         role=\"img\" aria-labelledby=\"catcow-title catcow-desc\">",
        number(height)
    );
    let _ = writeln!(page, "<title id=\"catcow-title\">{title}, {length}</title>");
    let _ = writeln!(page, "<desc id=\"catcow-desc\">{}</desc>", escaped(&description(timeline)));
    let _ = writeln!(page, "<style>\n{}</style>", include_str!("style.css"));
    // The rows are cut at their ends, so that what goes on in the next row is seen to go on.
    let _ = writeln!(
        page,
        "<clipPath id=\"catcow-row\"><rect x=\"0\" y=\"-9\" width=\"{ROW_WIDTH}\" height=\"140\"/></clipPath>\n\
         <rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n\
         <text class=\"title\" x=\"{LEFT}\" y=\"50\">{title}</text>"
    );
    let poses = parts(timeline);
    let about =
        format!("{length} · {} · voice {} · {}", count(poses.count(), "part"), timeline.voice, timeline.routine);
    let _ = writeln!(page, "<text class=\"about\" x=\"{LEFT}\" y=\"74\">{}</text>", escaped(&about));
    page
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// The picture in words.
fn description(timeline: &Timeline) -> String {
    let mut told = String::from("What happens when:");
    for (index, chapter) in timeline.chapters.iter().enumerate().take(MOST_TOLD) {
        let mark = if index == 0 { ' ' } else { ';' };
        let start = clock(chapter.start.duration(timeline.rate));
        let _ = write!(told, "{mark}{}{} at {start}", if index == 0 { "" } else { " " }, chapter.title);
    }
    let more = timeline.chapters.len().saturating_sub(MOST_TOLD);
    if more > 0 {
        let _ = write!(told, "; and {more} more");
    }
    told + ". The wave rises with each inhale and falls with each exhale; what is said stands above it."
}

/// What the shapes mean.
fn legend(page: &mut String, top: f64) {
    let entries: [(&str, &str, f64); 7] = [
        ("<path class=\"wave\" d=\"M0 5C4 5 6 -5 10 -5C14 -5 16 5 20 5\"/>", "breath", 20.0),
        ("<path class=\"still\" d=\"M0 0H20\"/>", "stillness, free breath", 20.0),
        ("<rect class=\"cue\" y=\"-3\" width=\"16\" height=\"6\" rx=\"3\"/>", "words", 16.0),
        ("<rect class=\"mark\" y=\"-3\" width=\"16\" height=\"6\" rx=\"3\"/>", "how long, how much longer", 16.0),
        ("<rect class=\"turn\" y=\"-3\" width=\"16\" height=\"6\" rx=\"3\"/>", "sides", 16.0),
        ("<rect class=\"safety\" y=\"-3\" width=\"16\" height=\"6\" rx=\"3\"/>", "safety", 16.0),
        ("<circle class=\"bell\" cx=\"5\" r=\"3.2\"/>", "bell", 10.0),
    ];
    let mut x = LEFT;
    for (shape, words, wide) in entries {
        let _ = writeln!(
            page,
            "<g transform=\"translate({} {})\">{shape}<text class=\"legend\" x=\"{}\" y=\"4\">{words}</text></g>",
            number(x),
            number(top),
            wide + 7.0
        );
        x += wide + 32.0 + lanes::width(words, 11.5);
    }
}

/// A number with at most three places: a thousandth of a unit is some 50 µs of a row of a minute.
fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_no_more_places_than_it_needs() {
        assert_eq!([number(1.0), number(0.12345), number(-0.0001), number(100.0)], ["1", "0.123", "0", "100"]);
    }
}
