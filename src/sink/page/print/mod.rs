//! A page to print (HTML), for the wall or the mat: a line a pose, with its sides and how long it is done.
//!
//! It is read from two metres. There, an eye that sees half as sharply as a sharp one (6/12) makes out letters of 10 minutes of arc,
//! which are 5.8 mm high: capitals of 24 points are about that. A browser breaks words into lines and lines into pages, and repeats
//! the title on each.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use super::{Subject, escaped, said};
use crate::frames::{Frames, clock};
use crate::load::Routine;
use crate::load::language::breathing::BreathPart;
use crate::load::language::pose::{Pose, PoseKind};
use crate::load::language::position::Position;
use crate::load::language::quantity::Quantity;
use crate::plan::Timeline;
use crate::plan::timeline::{Chapter, ChapterKind, PhaseSpan, Role};

/// What is printed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paper {
    /// ISO 216 A4, 210 by 297 mm.
    #[default]
    A4,
    /// US Letter, 8½ by 11 inches.
    Letter,
}

impl Paper {
    /// Its name in a style sheet (CSS Paged Media, section 7.1).
    fn css(self) -> &'static str {
        match self {
            Paper::A4 => "A4",
            Paper::Letter => "letter",
        }
    }
}

/// A line of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    name: String,
    /// How the body is placed.
    hint: &'static str,
    /// How long it is done.
    dose: String,
    /// On which sides.
    sides: String,
    /// How many times in a row.
    times: u32,
}

/// The page.
pub fn text(subject: &Subject<'_>) -> String {
    let Subject { timeline, routine, paper } = subject;
    let mut page = head(timeline, routine, *paper);
    for (index, line) in lines(timeline, routine).iter().enumerate() {
        let times = if line.times > 1 { format!("{} times", line.times) } else { String::new() };
        let below = [&times, &line.sides].into_iter().filter(|words| !words.is_empty());
        let below = below.map(String::as_str).collect::<Vec<_>>().join(", ");
        let _ = writeln!(
            page,
            "<tr><td class=\"number\">{}</td><td class=\"name\" dir=\"auto\">{}{}</td><td class=\"dose\">{}{}</td></tr>",
            index + 1,
            escaped(&line.name),
            hint(line.hint),
            escaped(&line.dose),
            hint(&below)
        );
    }
    page += "</tbody>\n</table>\n";
    page += &foot(timeline, routine);
    page + "</body>\n</html>\n"
}

fn head(timeline: &Timeline, routine: &Routine, paper: Paper) -> String {
    let (title, length) = (escaped(&timeline.title), clock(timeline.frames.duration(timeline.rate)));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width\"/>\n<title>{title}, {length}</title>\n\
         <style>\n@page {{ size: {}; margin: 12mm; }}\n{}</style>\n</head>\n<body>\n<table>\n\
         <colgroup><col class=\"number\"/><col/><col class=\"dose\"/></colgroup>\n\
         <thead><tr><th colspan=\"3\"><h1 dir=\"auto\">{title}</h1><p class=\"about\">{length} in all</p></th></tr></thead>\n<tbody>\n",
        escaped(&routine.language),
        paper.css(),
        include_str!("style.css")
    )
}

/// What is needed, and the words that keep from harm, as they are said.
fn foot(timeline: &Timeline, routine: &Routine) -> String {
    let needs = once(postures(routine).into_iter().flat_map(|pose| &pose.props).map(String::as_str));
    let safety = timeline.regions.iter().filter(|region| region.role == Role::Safety);
    let words = once(safety.map(|region| said(timeline, region)));
    let paragraph = |class: &str, words: String| {
        if words.is_empty() { words } else { format!("<p class=\"{class}\" dir=\"auto\">{}</p>\n", escaped(&words)) }
    };
    let needs = if needs.is_empty() { String::new() } else { format!("You need: {}", needs.join(", ")) };
    paragraph("needs", needs) + &paragraph("safety", words.join(" "))
}

/// Each of some things once, in the order in which they come.
fn once<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    for each in all {
        if !found.contains(&each) {
            found.push(each);
        }
    }
    found
}

/// Words below others.
fn hint(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!("<span class=\"hint\">{}</span>", escaped(words)) }
}

/// A line for every pose and every breathing; for one that follows itself unchanged, one with the number of times.
fn lines(timeline: &Timeline, routine: &Routine) -> Vec<Line> {
    // The first of an id stands, where steps change it.
    let poses: BTreeMap<&str, &Pose> =
        postures(routine).into_iter().rev().map(|pose| (pose.id.as_str(), pose)).collect();
    let mut lines: Vec<Line> = Vec::new();
    for chapter in timeline.chapters.iter().filter(|chapter| chapter.kind == ChapterKind::Part) {
        let Some(line) = line(timeline, chapter, &poses) else { continue };
        match lines.last_mut() {
            Some(last) if (Line { times: 1, ..last.clone() }) == line => last.times += 1,
            _ => lines.push(line),
        }
    }
    lines
}

/// The poses of a routine, those in blocks among them.
fn postures(routine: &Routine) -> Vec<&Pose> {
    routine.poses().into_iter().filter(|pose| pose.kind == PoseKind::Posture).collect()
}

/// The line of a chapter; none where nothing is practised in it.
fn line(timeline: &Timeline, chapter: &Chapter, poses: &BTreeMap<&str, &Pose>) -> Option<Line> {
    let range = chapter.range();
    let [first, end] = [range.start, range.end].map(|at| timeline.phases.partition_point(|phase| phase.start < at));
    let phases: Vec<&PhaseSpan> = timeline.phases[first..end].iter().filter(|phase| phase.kind.is_practice()).collect();
    let first = *phases.first()?;
    let sides = once(phases.iter().filter_map(|phase| phase.side.as_deref()));
    let one: Vec<&PhaseSpan> = phases.into_iter().filter(|phase| phase.side == first.side).collect();
    let pose = poses.get(first.pose.as_str());
    let hint = pose.and_then(|pose| pose.position).map_or("", Position::in_words);
    let sides = sides.iter().map(|side| side.replace('-', " ")).collect::<Vec<_>>();
    let sides = if sides.is_empty() { String::new() } else { format!("each: {}", sides.join(", ")) };
    Some(Line { name: chapter.title.clone(), hint, dose: dose(timeline, &one, pose.copied()), sides, times: 1 })
}

/// How long it is done on one side: breaths where they are counted, rounds where there are more than one, else a time.
fn dose(timeline: &Timeline, phases: &[&PhaseSpan], pose: Option<&Pose>) -> String {
    // There may be tens of thousands of either, which stand in the order of their starts.
    let within = |at: Frames| {
        let next = phases.partition_point(|phase| phase.start <= at);
        next > 0 && phases[next - 1].range().contains(at)
    };
    let (start, end) = phases
        .first()
        .zip(phases.last())
        .map_or_else(Default::default, |(first, last)| (first.start, last.range().end));
    let [first, end] = [start, end].map(|at| timeline.breaths.partition_point(|breath| breath.start < at));
    let inhales = timeline.breaths[first..end].iter().filter(|breath| breath.part == BreathPart::Inhale);
    let breaths = inhales.filter(|breath| within(breath.start)).count();
    let rounds = phases.iter().filter_map(|phase| phase.round).max().unwrap_or(1);
    let time = phases.iter().map(|phase| phase.frames).fold(Frames::ZERO, |sum, frames| sum + frames);
    let time = time.duration(timeline.rate);
    // Breathing alone is no posture, and is counted.
    let counts = |pose: &Pose| pose.is_flow() || rounds == 1 && matches!(pose.hold(), Some(Quantity::Breaths(_)));
    let counted = pose.is_none_or(counts);
    match (counted && breaths > 0, rounds) {
        (true, 1) => many(breaths, "breath"),
        (true, rounds) if rounds as usize == breaths => many(breaths, "breath"),
        (_, rounds) if rounds > 1 => many(rounds as usize, "round"),
        _ => about(time),
    }
}

fn many(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// A time to the second; short ones in seconds.
fn about(time: Duration) -> String {
    let seconds = (time.as_secs_f64().round() as u64).max(1);
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes}:{seconds:02} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_as_one_would_say_it() {
        let told = [1, 50, 60, 90, 605].map(|seconds| about(Duration::from_secs(seconds)));
        assert_eq!(told, ["1 s", "50 s", "1 min", "1:30 min", "10:05 min"]);
    }
}
