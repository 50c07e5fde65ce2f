//! One row: a stretch of time from left to right.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use super::lanes::{self, Label};
use super::wave;
use super::{LEFT, ROW_WIDTH, WIDTH, escaped, number};
use crate::frames::{FrameRange, Frames, clock};
use crate::plan::Timeline;
use crate::plan::timeline::{BreathSpan, Chapter, ChapterKind, PhaseKind, PhaseSpan, Region, Role, Track};
use crate::sink::page::said;

/// The height of a line of a label.
const LANE: f64 = 14.0;
/// From the top of the voice's track, in a row, to the top of the poses.
const TRACK: f64 = 14.0;
/// The heights inside a pose: the wave, the strip of its parts, its name.
const WAVE: f64 = 46.0;
const STRIP: f64 = 15.0;
const NAME: f64 = 21.0;
/// The times below.
const AXIS: f64 = 14.0;
/// At most so many times stand below a row.
const MOST_TIMES: f64 = 9.0;

/// A stretch of a session.
pub(super) struct Row<'a> {
    pub(super) timeline: &'a Timeline,
    pub(super) range: FrameRange,
    pub(super) colours: &'a BTreeMap<&'a str, usize>,
}

/// Parts of a pose that follow each other and are of one sort.
struct Part<'a> {
    class: &'static str,
    words: String,
    range: FrameRange,
    phases: Vec<&'a PhaseSpan>,
}

impl<'a> Row<'a> {
    /// Draws the row below `top`; its height.
    pub(super) fn draw(&self, page: &mut String, top: f64) -> f64 {
        let heard = self.within(&self.timeline.regions, |region| region.range());
        let begun: Vec<_> = heard.iter().filter(|region| region.start >= self.range.start).copied().collect();
        let words: Vec<_> = begun.iter().map(|region| label_of(self.timeline, region)).collect();
        let wanted: Vec<_> =
            begun.iter().zip(&words).map(|(region, words)| (self.x(region.start), words.as_str())).collect();
        let labels = lanes::place(&wanted, WIDTH - LEFT - 12.0);
        let lanes = lanes::height(&labels) as f64 * LANE;
        let _ = writeln!(page, "<g transform=\"translate({LEFT} {})\">", number(top + lanes + TRACK));
        let _ = writeln!(
            page,
            "<text class=\"clock\" x=\"-12\" y=\"{}\">{}</text>",
            WAVE / 2.0 + 5.0,
            clock(self.range.start.duration(self.timeline.rate))
        );
        *page += "<g clip-path=\"url(#catcow-row)\">\n";
        self.chapters(page);
        self.parts(page);
        self.breath(page);
        self.track(page, &heard);
        *page += "</g>\n";
        self.axis(page);
        Self::labels(page, &labels, &begun);
        *page += "</g>\n";
        lanes + TRACK + WAVE + STRIP + NAME + AXIS
    }

    /// Where a frame stands; left of 0 or right of the row where it lies in another.
    fn x(&self, frame: Frames) -> f64 {
        (frame.0 as f64 - self.range.start.0 as f64) / self.range.frames().0 as f64 * ROW_WIDTH
    }

    fn within<T>(&self, all: &'a [T], range: impl Fn(&T) -> FrameRange) -> Vec<&'a T> {
        all.iter().filter(|each| !range(each).intersect(self.range).is_empty()).collect()
    }

    /// What is seen of a range in this row: its left end and its width.
    fn seen(&self, range: FrameRange) -> (f64, f64) {
        let seen = range.intersect(self.range);
        (self.x(seen.start), self.x(seen.end) - self.x(seen.start))
    }

    fn chapters(&self, page: &mut String) {
        for chapter in self.within(&self.timeline.chapters, Chapter::range) {
            let range = chapter.range();
            let pose = chapter.kind == ChapterKind::Part;
            let colour = self.colours.get(chapter.title.as_str()).copied().filter(|_| pose).unwrap_or(0);
            let (x, wide) = (self.x(range.start), self.x(range.end) - self.x(range.start));
            let height = WAVE + STRIP + NAME;
            let start = clock(range.start.duration(self.timeline.rate));
            let length = clock(range.frames().duration(self.timeline.rate));
            let title = escaped(&chapter.title);
            let _ = writeln!(
                page,
                "<rect class=\"c{colour}\" x=\"{}\" width=\"{}\" height=\"{height}\" rx=\"7\" data-start=\"{}\" data-frames=\"{}\">\
                 <title>{title}, at {start}, {length}</title></rect>",
                number(x + 0.75),
                number((wide - 1.5).max(0.5)),
                range.start.0,
                range.frames().0
            );
            let (seen, room) = self.seen(range);
            let goes_on = range.start < self.range.start;
            let class = if goes_on { "name goes-on" } else { "name" };
            let name = lanes::cut(&chapter.title, room - 16.0, 12.5);
            let y = WAVE + STRIP + 15.0;
            let _ = writeln!(
                page,
                "<text class=\"{class}\" x=\"{}\" y=\"{y}\">{}</text>",
                number(seen + 9.0),
                escaped(&name)
            );
        }
    }

    /// The strip of parts: the way into a pose and out of it, its sides, its changes and pauses.
    fn parts(&self, page: &mut String) {
        for part in self.grouped() {
            let (x, wide) = self.seen(part.range);
            let (left, width) = (number(x + 0.5), number((wide - 1.0).max(0.3)));
            if !part.class.is_empty() {
                let _ = writeln!(
                    page,
                    "<rect class=\"{}\" x=\"{left}\" y=\"{WAVE}\" width=\"{width}\" height=\"{STRIP}\" rx=\"2\"/>",
                    part.class
                );
            }
            let words = lanes::cut(&part.words, wide - 10.0, 10.0);
            if words.chars().count() > 2 {
                let (x, y) = (number(x + 5.0), WAVE + 11.0);
                let _ = writeln!(page, "<text class=\"part\" x=\"{x}\" y=\"{y}\">{}</text>", escaped(&words));
            }
            self.rounds(page, &part);
        }
    }

    /// The number of each round, where it begins.
    fn rounds(&self, page: &mut String, part: &Part<'_>) {
        let rounds = part.phases.chunk_by(|left, right| left.round == right.round);
        for round in rounds.filter(|round| round[0].start >= self.range.start) {
            let end = round[round.len() - 1].start + round[round.len() - 1].frames;
            let (x, wide) = self.seen(FrameRange { start: round[0].start, end });
            if let (Some(number_of), true) = (round[0].round, wide >= 18.0) {
                let x = number(x + 3.0);
                let _ = writeln!(page, "<text class=\"round\" x=\"{x}\" y=\"10\">{number_of}</text>");
            }
        }
    }

    /// Phases of one sort that follow each other, as one part.
    fn grouped(&self) -> Vec<Part<'a>> {
        let mut parts: Vec<Part<'a>> = Vec::new();
        let mut sides: Vec<&str> = Vec::new();
        let phases = &self.timeline.phases;
        // Sides are told apart in the order in which their pose brings them, so its first phases are looked at too.
        let first = phases.partition_point(|phase| phase.start + phase.frames <= self.range.start);
        let first =
            phases[..first].iter().rposition(|phase| phase.side.is_none() && phase.round.is_none()).unwrap_or(0);
        for phase in phases[first..].iter().take_while(|phase| phase.start < self.range.end) {
            let side = phase.side.as_deref();
            if let Some(name) = side.filter(|name| !sides.contains(name)) {
                sides.push(name);
            }
            let place = sides.iter().position(|known| Some(*known) == side);
            let (class, words) = sort_of(phase, place);
            let range = phase.range();
            match parts.last_mut() {
                Some(last) if last.class == class && last.words == words && last.range.end == range.start => {
                    last.range.end = range.end;
                    last.phases.push(phase);
                }
                _ => parts.push(Part { class, words, range, phases: vec![phase] }),
            }
        }
        parts.retain(|part| !part.range.intersect(self.range).is_empty());
        parts
    }

    fn breath(&self, page: &mut String) {
        let (top, bottom) = (7.0, WAVE - 6.0);
        let breaths = self.within(&self.timeline.breaths, BreathSpan::range);
        let wave = wave::draw(&breaths, |frame| self.x(frame), top, bottom);
        for (class, path) in [("air", wave.air), ("wave", wave.line)] {
            if !path.is_empty() {
                let _ = writeln!(page, "<path class=\"{class}\" d=\"{path}\"/>");
            }
        }
        let breathes = |range: FrameRange| {
            let all = &self.timeline.breaths;
            let next = all.partition_point(|span| span.start + span.frames <= range.start);
            all.get(next).is_some_and(|span| span.start < range.end)
        };
        let mut still = String::new();
        for phase in self.within(&self.timeline.phases, PhaseSpan::range) {
            let range = phase.range();
            if phase.kind.is_still() && !breathes(range) {
                let (from, to) = (number(self.x(range.start) + 6.0), number(self.x(range.end) - 4.0));
                let _ = write!(still, "M{from} {}H{to}", f64::midpoint(top, bottom));
            }
        }
        if !still.is_empty() {
            let _ = writeln!(page, "<path class=\"still\" d=\"{still}\"/>");
        }
    }

    /// What is heard, as long as it is heard.
    fn track(&self, page: &mut String, heard: &[&Region]) {
        for region in heard {
            let range = region.range();
            let (x, class) = (self.x(range.start), class_of(region));
            let (words, start) = (said(self.timeline, region), clock(range.start.duration(self.timeline.rate)));
            let about = format!(
                "data-start=\"{}\" data-frames=\"{}\"><title>{}, at {start}</title>",
                range.start.0,
                range.frames().0,
                escaped(&words)
            );
            let _ = if region.track == Track::Bell {
                writeln!(page, "<circle class=\"bell\" cx=\"{}\" cy=\"-5\" r=\"3.2\" {about}</circle>", number(x + 5.0))
            } else {
                let wide = number((self.x(range.end) - x).max(1.0));
                let x = number(x);
                writeln!(
                    page,
                    "<rect class=\"{class}\" x=\"{x}\" y=\"-8\" width=\"{wide}\" height=\"5\" rx=\"2.5\" {about}</rect>"
                )
            };
            if region.role.is_mark() {
                let x = number(x);
                let _ = writeln!(page, "<path class=\"mark-line\" d=\"M{x} 0V{WAVE}\"/>");
            }
        }
    }

    fn axis(&self, page: &mut String) {
        const STEPS: [u64; 11] = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
        let rate = self.timeline.rate;
        let seconds = self.range.frames().seconds(rate);
        let step = *STEPS.iter().find(|step| seconds / **step as f64 <= MOST_TIMES).unwrap_or(&3600);
        let first = (self.range.start.seconds(rate) / step as f64).floor() as u64 + 1;
        let mut grid = String::new();
        for index in first.. {
            let time = Duration::from_secs(index * step);
            let frame = rate.frames(time);
            if frame >= self.range.end || frame > self.timeline.frames {
                break;
            }
            let (x, y) = (number(self.x(frame)), WAVE + STRIP + NAME);
            let _ = write!(grid, "M{x} 0V{WAVE}M{x} {y}V{}", y + 3.0);
            let _ = writeln!(page, "<text class=\"axis\" x=\"{x}\" y=\"{}\">{}</text>", y + AXIS, clock(time));
        }
        if !grid.is_empty() {
            let _ = writeln!(page, "<path class=\"grid\" d=\"{grid}\"/>");
        }
    }

    fn labels(page: &mut String, labels: &[Label], begun: &[&Region]) {
        let mut poles = String::new();
        for label in labels {
            let class = class_of(begun[label.index]);
            let top = -TRACK - (label.lane + label.lines.len()) as f64 * LANE;
            let _ = write!(poles, "M{} {}V-8.5", number(label.x), number(top + 3.0));
            let _ = write!(page, "<text class=\"label {class}\">");
            for (line, words) in label.lines.iter().enumerate() {
                let (x, y) = (number(label.x + lanes::INDENT), number(top + 11.5 + line as f64 * LANE));
                let _ = write!(page, "<tspan x=\"{x}\" y=\"{y}\">{}</tspan>", escaped(words));
            }
            *page += "</text>\n";
        }
        if !poles.is_empty() {
            let _ = writeln!(page, "<path class=\"pole\" d=\"{poles}\"/>");
        }
    }
}

/// The class of a phase's part, and its words; `side` is the side's place among its pose's.
fn sort_of(phase: &PhaseSpan, side: Option<usize>) -> (&'static str, String) {
    match (phase.kind, side) {
        (PhaseKind::Setup, _) => ("way", "set up".into()),
        (PhaseKind::Move | PhaseKind::Release, _) => ("way", phase.kind.word().into()),
        (PhaseKind::Switch, _) => ("change", phase.kind.word().into()),
        (PhaseKind::Rest | PhaseKind::Pause, _) => ("pause", phase.kind.word().into()),
        (_, Some(place)) => {
            let class = ["side-a", "side-b"][place % 2];
            (class, phase.side.as_deref().unwrap_or_default().replace('-', " "))
        }
        _ => ("", String::new()),
    }
}

/// What sort of words a region has.
fn class_of(region: &Region) -> &'static str {
    if region.track == Track::Bell {
        return "bell";
    }
    match region.role {
        role if role.is_mark() => "mark",
        Role::Length | Role::Stay | Role::Count => "mark",
        Role::Side | Role::Switch => "turn",
        Role::Safety => "safety",
        _ => "cue",
    }
}

/// The words above a region; a bell's stay in one line.
fn label_of(timeline: &Timeline, region: &Region) -> String {
    let words = said(timeline, region);
    if region.track == Track::Bell { words.replace(' ', "\u{a0}") } else { words }
}
