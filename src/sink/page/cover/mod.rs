//! The cover: a picture of a session by which a player, a lock screen and a shelf of files tell it apart.
//!
//! Everything in it is read out of the session. The ridge is how high the body stands from beginning to end: upright, sitting,
//! lying. The waves before it are its breath, five of them, from its first in the back to its last in the front, each with the
//! proportion of in, hold, out and hold that it has there; where no breath is kept they are still. The more of it one lies, the
//! nearer the sky is to night. The colours come from the name, so that they stay when the routine is worked on.
//!
//! Flat colours only: nothing to dither, few bytes, and shapes that are told apart at the size of a thumb.

mod colours;
mod drawing;

use std::collections::BTreeMap;

use colours::Palette;

use crate::load::Routine;
use crate::load::language::breathing::BreathPart;
use crate::load::language::position::Position;
use crate::plan::Timeline;
use crate::plan::timeline::BreathSpan;

/// Pixels along each side: the least that directories of podcasts take.
pub const SIDE: u32 = 1400;

/// Waves, from the back to the front.
const WAVES: usize = 5;
/// Times at which the ridge looks at the body: enough for a class, and few enough to stay calm.
const LOOKS: usize = 24;
/// How far, in looks, the ridge is rounded (the deviation of a Gauss curve).
const ROUNDED: f64 = 2.0;

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Cover {
    /// How high the body is at each look, from 0, flat on the floor, to 1, standing.
    heights: Vec<f64>,
    /// The breath of each wave, where one is kept: seconds in, full, out, empty.
    waves: [Option<[f64; 4]>; WAVES],
    /// Where the sun stands between the sides, from 0 to 1.
    sun: f64,
    palette: Palette,
}

impl Cover {
    /// Of a session.
    pub fn of(timeline: &Timeline, routine: &Routine) -> Cover {
        let heights = rounded(&heights(timeline, routine));
        let day = heights.iter().sum::<f64>() / heights.len() as f64;
        let number = number(&timeline.routine);
        // Five places, none of them at the edge.
        let sun = 0.29 + 0.42 * ((number >> 40) % 5) as f64 / 4.0;
        Cover { waves: waves(timeline), sun, palette: Palette::new(number >> 14, day), heights }
    }

    /// The picture as a PNG with `side` pixels along each side: RGB by a palette, nothing transparent.
    pub fn png(&self, side: u32) -> Vec<u8> {
        drawing::png(self, side)
    }
}

/// A number for a name, the same everywhere: FNV-1a.
fn number(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// How high the body is.
fn height(position: Position) -> f64 {
    match position {
        Position::Standing => 1.0,
        Position::Kneeling => 0.6,
        Position::Seated => 0.55,
        Position::HandsAndKnees => 0.5,
        Position::LegsUpWall => 0.34,
        Position::SideLying => 0.2,
        Position::Supine => 0.14,
        Position::Prone => 0.1,
    }
}

/// How high the body is at each look. What has no position keeps the one before; before the first, it is the first. Who does not
/// say sits.
fn heights(timeline: &Timeline, routine: &Routine) -> Vec<f64> {
    let poses = routine.poses();
    let positions: BTreeMap<&str, f64> =
        poses.iter().filter_map(|pose| Some((pose.id.as_str(), height(pose.position?)))).collect();
    let placed = timeline.phases.iter().filter(|phase| phase.kind.is_practice());
    let placed: Vec<_> =
        placed.filter_map(|phase| Some((phase.range(), *positions.get(phase.pose.as_str())?))).collect();
    let first = placed.first().map_or(height(Position::Seated), |(_, height)| *height);
    let (start, end) =
        placed.first().zip(placed.last()).map_or((0, 0), |(first, last)| (first.0.start.0, last.0.end.0));
    let at = |look: usize| {
        let frame = start as f64 + (end - start) as f64 * (look as f64 + 0.5) / LOOKS as f64;
        let before = placed.partition_point(|(range, _)| range.start.0 as f64 <= frame);
        before.checked_sub(1).map_or(first, |last| placed[last].1)
    };
    (0..LOOKS).map(at).collect()
}

/// The heights with their corners taken off; beyond the ends they go on as they are there.
fn rounded(heights: &[f64]) -> Vec<f64> {
    let reach = 3 * ROUNDED as i64;
    let at = |look: i64| heights[look.clamp(0, heights.len() as i64 - 1) as usize];
    let weight = |apart: i64| {
        let share = apart as f64 / ROUNDED;
        libm::exp(-0.5 * share * share)
    };
    let sum: f64 = (-reach..=reach).map(weight).sum();
    let mean = |look: i64| (-reach..=reach).map(|apart| weight(apart) * at(look + apart)).sum::<f64>() / sum;
    (0..heights.len() as i64).map(mean).collect()
}

/// The breaths of the waves: as far through the session as the wave is to the front.
fn waves(timeline: &Timeline) -> [Option<[f64; 4]>; WAVES] {
    let seconds = |span: &BreathSpan| span.frames.seconds(timeline.rate);
    let mut breaths = Vec::<[f64; 4]>::new();
    for span in &timeline.breaths {
        let part = BreathPart::ALL.iter().position(|part| *part == span.part).unwrap_or_default();
        if part == 0 || breaths.is_empty() {
            breaths.push([0.0; 4]);
        }
        if let Some(breath) = breaths.last_mut() {
            breath[part] += seconds(span);
        }
    }
    // A hold may begin or end amid a breath.
    breaths.retain(|breath| breath[0] > 0.0 && breath[2] > 0.0);
    std::array::from_fn(|wave| breaths.get((2 * wave + 1) * breaths.len() / (2 * WAVES)).copied())
}
