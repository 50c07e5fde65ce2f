//! A strip: a whole session at a glance, as a small drawing (SVG) for a card or a lock screen.
//!
//! A rectangle for each chapter, in a class for its colour, and the breath as one curve over them. There are only numbers in it and
//! markup that is always the same, and never more than two kilobytes, so that a page can carry one for each of many routines. Which
//! colours the classes have, in light and in dark, is the page's.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::frames::Frames;
use crate::load::language::breathing::BreathPart;
use crate::plan::Timeline;
use crate::plan::timeline::{BreathSpan, ChapterKind};

/// The drawing's size, in its own units: it is stretched to where it stands.
const WIDTH: u64 = 320;
const HEIGHT: u64 = 64;
/// Where the curve is with empty and with full lungs.
const EMPTY: i64 = 50;
const FULL: i64 = 16;
/// The colours that poses are told apart by; colour 0 is for what is no pose.
const COLOURS: usize = 7;
/// The most rectangles: on a phone the next would be narrower than a fingernail's edge.
const MOST_RECTS: usize = 20;
/// The narrowest breath that is drawn: of narrower ones, one stands for several.
const NARROWEST: u64 = 14;
/// The shortest time for which a breath has to be kept to be drawn, and how near another such time belongs to it.
const SHORTEST: u64 = 9;
const APART: u64 = 3;

/// The strip of a session.
pub fn text(timeline: &Timeline) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" preserveAspectRatio=\"none\" \
         aria-hidden=\"true\">"
    );
    for Rect { colour, start, end } in rects(timeline) {
        let wide = end - start;
        let _ = write!(svg, "<rect class=\"c{colour}\" x=\"{start}\" width=\"{wide}\" height=\"{HEIGHT}\"/>");
    }
    svg + "<path class=\"breath\" d=\"" + &breath(timeline) + "\"/></svg>"
}

/// The number of each chapter's colour, from 0 to 7: 0 where no pose is practised; else by its title, in the order in which titles
/// first appear, as in the picture of a session.
pub fn colours(timeline: &Timeline) -> Vec<u8> {
    let mut known = BTreeMap::<&str, u8>::new();
    let mut colour = |title| {
        let next = 1 + (known.len() % COLOURS) as u8;
        *known.entry(title).or_insert(next)
    };
    let chapters = timeline.chapters.iter();
    let is_part = |kind| kind == ChapterKind::Part;
    chapters.map(|chapter| if is_part(chapter.kind) { colour(&chapter.title) } else { 0 }).collect()
}

/// A part of the width in one colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rect {
    colour: u8,
    start: u64,
    end: u64,
}

/// Where a frame stands.
fn place(timeline: &Timeline, at: Frames) -> u64 {
    let all = u128::from(timeline.frames.0.max(1));
    ((u128::from(at.0) * u128::from(WIDTH) + all / 2) / all).min(u128::from(WIDTH)) as u64
}

/// The rectangles, from left to right, without gaps.
fn rects(timeline: &Timeline) -> Vec<Rect> {
    let mut rects = Vec::<Rect>::new();
    for (chapter, colour) in timeline.chapters.iter().zip(colours(timeline)) {
        let range = chapter.range();
        let (start, end) = (place(timeline, range.start), place(timeline, range.end));
        match rects.last_mut() {
            Some(last) if last.colour == colour => last.end = end.max(last.end),
            _ if start == end => {}
            _ => rects.push(Rect { colour, start, end }),
        }
    }
    while rects.len() > MOST_RECTS {
        // What is narrowest goes to the one before it, or the first to the one after.
        let wide = |at: &usize| rects[*at].end - rects[*at].start;
        let Some(narrowest) = (0..rects.len()).min_by_key(wide) else { break };
        let gone = rects.remove(narrowest);
        match narrowest.checked_sub(1) {
            Some(before) => rects[before].end = gone.end,
            None => rects[0].start = gone.start,
        }
    }
    rects
}

/// The curve: waves where a breath is kept, each with the share of in and out that it has there, and level between them.
fn breath(timeline: &Timeline) -> String {
    let (mut line, mut at) = (format!("M0 {EMPTY}"), 0);
    let end = |span: &BreathSpan| place(timeline, span.range().end);
    let joined = |left: &BreathSpan, right: &BreathSpan| place(timeline, right.start) <= end(left) + APART;
    for run in timeline.breaths.chunk_by(joined) {
        let (start, end) = (place(timeline, run[0].start).max(at), end(&run[run.len() - 1]));
        let inhales = run.iter().filter(|span| span.part == BreathPart::Inhale).count() as u64;
        let wide = end.saturating_sub(start);
        if wide < SHORTEST {
            continue;
        }
        if start > at {
            let _ = write!(line, "H{start}");
        }
        let (rising, waves) = (rising(run), (wide / NARROWEST).min(inhales).max(1));
        for wave in 0..waves {
            let [from, to] = [wave, wave + 1].map(|wave| (start + wide * wave / waves) as i64);
            let top = from + (((to - from) as f64 * rising).round() as i64).clamp(1, to - from - 1);
            half(&mut line, top - from, FULL - EMPTY);
            half(&mut line, to - top, EMPTY - FULL);
        }
        at = end;
    }
    if at < WIDTH {
        let _ = write!(line, "H{WIDTH}");
    }
    line
}

/// Half a wave, as a curve whose ends are level.
fn half(line: &mut String, wide: i64, down: i64) {
    let (bend, between) = (wide * 2 / 5, if down < 0 { "" } else { " " });
    let _ = write!(line, "c{bend} 0 {}{between}{down} {wide}{between}{down}", wide - bend);
}

/// The share of the breaths that is not breathing out.
fn rising(run: &[BreathSpan]) -> f64 {
    let length =
        |is: fn(BreathPart) -> bool| -> u64 { run.iter().filter(|span| is(span.part)).map(|span| span.frames.0).sum() };
    let up = length(|part| matches!(part, BreathPart::Inhale | BreathPart::Full));
    up as f64 / length(|_| true).max(1) as f64
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::Source;
    use crate::load::{Library, Memory};
    use crate::plan::Missing;
    use crate::session::Builder;
    use crate::work::Work;

    /// A session of so many poses, each on the breath.
    fn session(poses: usize) -> Arc<Timeline> {
        let mut text = String::from("title = \"Long\"\nbreath = \"2-3\"\n");
        for number in 0..poses {
            text += &format!(
                "[[steps]]\npose = \"p-{number}\"\nrounds = 8\n[poses.p-{number}]\nname = \"<b>{number}</b>\"\n\
                 [[poses.p-{number}.phases]]\nbreath = \"inhale\"\ncue = \"breath/in\"\n\
                 [[poses.p-{number}.phases]]\nbreath = \"exhale\"\ncue = \"breath/out\"\n"
            );
        }
        let library = Library::in_memory(Memory::new()).unwrap();
        let routine = library.read("long", &Arc::new(Source::in_memory("long.toml", text))).unwrap();
        let mut builder = Builder::new(routine, library.voice("ada").unwrap());
        builder.wishes.missing = Missing::Bell;
        Arc::clone(builder.plan(&Work::alone()).unwrap().timeline())
    }

    #[test]
    fn however_many_poses_it_has_a_strip_is_small_and_whole() {
        for poses in [1, 7, 18, 20, 22, 24, 30, 90] {
            let timeline = session(poses);
            let (strip, rects) = (text(&timeline), rects(&timeline));
            assert!(strip.len() <= 2048, "{poses} poses: {} bytes", strip.len());
            assert!(!strip.contains("<b>") && strip.contains("class=\"breath\" d=\"M0 50"), "{strip}");
            assert!(rects.windows(2).all(|pair| pair[0].end == pair[1].start), "{rects:?}");
            assert_eq!((rects[0].start, rects[rects.len() - 1].end), (0, WIDTH));
        }
    }

    #[test]
    fn each_pose_has_a_colour_and_what_is_no_pose_has_none() {
        let timeline = session(9);
        let colours = colours(&timeline);
        assert_eq!(colours.len(), timeline.chapters.len());
        let parts: Vec<_> = colours.into_iter().filter(|colour| *colour > 0).collect();
        assert_eq!(parts, [1, 2, 3, 4, 5, 6, 7, 1, 2]);
    }
}
