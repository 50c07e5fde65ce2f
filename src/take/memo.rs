//! A memo in which somebody read the lines of a script, one after the other: which part of it is which line.

use std::ops::Range;

use super::alignment::{self, Alignment, Expected, GUARDS};
use super::sounds::{self, Levels, Sound};
use crate::diagnostic::{Code, Diagnostic};
use crate::error::Result;
use crate::load::audio::envelope::{Envelope, WINDOW};
use crate::load::files::Content;
use crate::load::language::speaking_time;
use crate::work::Work;

/// What became of a memo.
#[derive(Clone, Debug)]
pub struct Read {
    /// For each line that was to be read what was found of it.
    pub lines: Vec<Taken>,
    /// What is no line.
    pub left_out: Vec<LeftOut>,
    /// How many times as long as the guide of [`speaking_time`] the speaker takes.
    pub pace: f64,
    /// Its length in seconds.
    pub seconds: f64,
    /// Its frames a second.
    pub rate_hz: u32,
}

/// What was found of a line.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// The part of the memo, in seconds, with a little of the silence around it; none where nothing was found.
    pub piece: Option<Range<f64>>,
    /// What makes it doubtful.
    pub doubts: Vec<Doubt>,
}

/// Why it is doubtful that a part of a memo is a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Doubt {
    /// Nothing was found that could be it.
    Absent,
    /// Another pairing is nearly as likely: how likely this one is, from 0 to 1.
    Uncertain(f64),
    /// It is so many times as long as its words take at the speaker's pace.
    Length(f64),
    /// It is so many decibels louder than the others.
    Level(f64),
    /// It rises and falls as the line of this index does, whose words are others.
    Alike(usize),
    /// A voice that is no line is beside it, at so many seconds.
    Beside(f64),
}

/// A part of a memo that is no line.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOut {
    /// Where it is, in seconds.
    pub piece: Range<f64>,
    /// What it was taken for.
    pub what: Left,
}

/// What a part that is no line was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// A noise: a cough, a tap, a door.
    Noise,
    /// A line that is said again after it.
    Repeat,
    /// A voice that says no line.
    Voice,
}

/// How sure a pair is that is not worth a look, from 0 to 1.
const SURE: f64 = 0.95;
/// Lengths that are not worth a look, beside what is expected.
const LENGTHS: [f64; 2] = [0.7, 1.42];
/// The level, beside the usual one, that is worth a look, in decibels.
const LEVEL: f64 = 8.0;
/// The silence that a piece keeps before and after the words, in seconds, where there is so much: what a soft first sound and a last
/// consonant need.
const AROUND: [f64; 2] = [0.30, 0.40];
/// The most sounds that a memo may have: it is no reading that has three a second for an hour.
const MOST_SOUNDS: usize = 10_000;
/// The largest table of lines and sounds, in bytes.
const MOST_CELLS: usize = 32 << 20;

/// Hears a memo through and finds the lines in it; `texts` are their words, in the order in which they were read.
///
/// # Errors
/// It cannot be read or decoded; nobody speaks in it; someone wants it to stop.
pub fn listen(content: &Content, texts: &[&str], work: &Work<'_>) -> Result<Read> {
    let envelope = Envelope::read(content, work)?;
    let shown = content.shown();
    let Some(levels) = Levels::of(&envelope.windows) else {
        let message = format!("expected a voice in {shown}, found silence");
        return Err(Diagnostic::error(Code::SilentClip, message)
            .help("record it again, nearer to the microphone")
            .into());
    };
    if !levels.stands_out() {
        let message =
            format!("expected pauses in {shown}, found sound that never rests: it cannot be cut at its pauses");
        let help = "read in a quiet room, with a pause of two seconds after each line; or record each line as a file";
        return Err(Diagnostic::error(Code::SilentClip, message).help(help).into());
    }
    let sounds = sounds::sounds(&envelope, levels);
    if sounds.len() > MOST_SOUNDS || sounds.len() * texts.len() > MOST_CELLS {
        let message = format!("expected a script that is read aloud, found {} sounds in {shown}", sounds.len());
        return Err(Diagnostic::error(Code::BrokenClip, message).help("read it in several parts").into());
    }
    let expected: Vec<Expected> = texts.iter().map(|text| expected(text)).collect();
    let found = alignment::align(&expected, &sounds);
    Ok(Found { envelope: &envelope, sounds: &sounds, expected: &expected, texts, found }.read())
}

fn expected(text: &str) -> Expected {
    Expected { seconds: speaking_time::of(text).as_secs_f64(), pauses: speaking_time::pauses(text) }
}

struct Found<'a> {
    envelope: &'a Envelope,
    sounds: &'a [Sound],
    expected: &'a [Expected],
    texts: &'a [&'a str],
    found: Alignment,
}

impl Found<'_> {
    fn read(self) -> Read {
        let mut taken_by = vec![None; self.sounds.len()];
        for (line, found) in self.found.lines.iter().enumerate() {
            found.iter().flat_map(|(range, _)| range.clone()).for_each(|sound| taken_by[sound] = Some(line));
        }
        let left_out: Vec<_> = (0..self.sounds.len()).filter(|sound| taken_by[*sound].is_none()).collect();
        let left: Vec<LeftOut> = left_out.iter().map(|sound| self.left(*sound)).collect();
        let usual = alignment::median(self.heard().map(|(_, range)| self.level(range)).collect());
        let lines = (0..self.texts.len()).map(|line| {
            let Some((range, sure)) = &self.found.lines[line] else {
                return Taken { piece: None, doubts: vec![Doubt::Absent] };
            };
            Taken { piece: Some(self.piece(range)), doubts: self.doubts(line, range, *sure, usual, &left) }
        });
        let (seconds, rate_hz) = (self.envelope.seconds(), self.envelope.rate_hz);
        Read { lines: lines.collect(), left_out: left, pace: self.found.pace, seconds, rate_hz }
    }

    /// The lines of which something was found, with their sounds.
    fn heard(&self) -> impl Iterator<Item = (usize, &Range<usize>)> {
        let lines = self.found.lines.iter().enumerate();
        lines.filter_map(|(line, found)| found.as_ref().map(|(range, _)| (line, range)))
    }

    fn level(&self, range: &Range<usize>) -> f64 {
        self.sounds[range.clone()].iter().map(|sound| sound.level).fold(f64::NEG_INFINITY, f64::max)
    }

    /// Some sounds with what they keep of the silence around them, in seconds.
    fn piece(&self, range: &Range<usize>) -> Range<f64> {
        let (first, last) = (range.start, range.end - 1);
        let (start, end) = (self.sounds[first].windows.start, self.sounds[last].windows.end);
        let before = first.checked_sub(1).map_or(0, |before| self.sounds[before].windows.end);
        let after = self.sounds.get(range.end).map_or(self.envelope.windows.len(), |after| after.windows.start);
        let kept = |most: f64, gap: usize| most.min(gap as f64 * WINDOW / 2.0);
        let (start_gap, end_gap) = (start - before, after.saturating_sub(end));
        start as f64 * WINDOW - kept(AROUND[0], start_gap)..end as f64 * WINDOW + kept(AROUND[1], end_gap)
    }

    fn left(&self, index: usize) -> LeftOut {
        let sound = &self.sounds[index];
        let usual = alignment::usual_voiced(self.sounds);
        let later = self.sounds.iter().skip(index + 1).take(4);
        let what = if alignment::is_noise(sound, usual) {
            Left::Noise
        } else if later.into_iter().any(|later| alignment::are_alike(sound, later)) {
            Left::Repeat
        } else {
            Left::Voice
        };
        let piece = sound.windows.start as f64 * WINDOW..sound.windows.end as f64 * WINDOW;
        LeftOut { piece, what }
    }

    fn doubts(&self, line: usize, range: &Range<usize>, sure: f64, usual: Option<f64>, left: &[LeftOut]) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        if sure < SURE {
            doubts.push(Doubt::Uncertain(sure));
        }
        let (first, last) = (&self.sounds[range.start], &self.sounds[range.end - 1]);
        let took = (last.windows.end - first.windows.start) as f64 * WINDOW + GUARDS;
        let times = took / (self.expected[line].seconds * self.found.pace);
        if !(LENGTHS[0]..=LENGTHS[1]).contains(&times) {
            doubts.push(Doubt::Length(times));
        }
        let louder = usual.map_or(0.0, |usual| self.level(range) - usual);
        if louder.abs() > LEVEL {
            doubts.push(Doubt::Level(louder));
        }
        // Two takes of one line, of which one was paired with the line beside it.
        let neighbours = self.heard().filter(|(other, _)| other.abs_diff(line) <= 2 && *other != line);
        let mut single = neighbours.filter(|(_, other)| other.len() == 1 && range.len() == 1);
        let alike = single.find(|(other, theirs)| {
            self.texts[*other] != self.texts[line] && alignment::are_alike(first, &self.sounds[theirs.start])
        });
        if let Some((other, _)) = alike {
            doubts.push(Doubt::Alike(other));
        }
        let (start, end) = (first.windows.start as f64 * WINDOW, last.windows.end as f64 * WINDOW);
        let beside =
            |out: &&LeftOut| out.what == Left::Voice && out.piece.end > start - 6.0 && out.piece.start < end + 6.0;
        if let Some(out) = left.iter().find(beside) {
            doubts.push(Doubt::Beside(out.piece.start));
        }
        doubts
    }
}
