//! Whether a recording of a cue is good: how loud it is beside the room, whether it is whole, and whether it can be its words.

use std::time::Duration;

use super::sounds::{Levels, decibels};
use crate::error::Result;
use crate::load::audio::envelope::{Envelope, WINDOW, Window};
use crate::load::files::Content;
use crate::work::Work;

/// What was measured of a recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Measured {
    /// From its first sound to its last, in seconds, as it will be trimmed.
    pub seconds: f64,
    /// How loud the voice is, in decibels of full scale: the loudest fiftieth of it.
    pub voice_db: f64,
    /// How loud the room is, in decibels of full scale; none where it has no pause to tell.
    pub room_db: Option<f64>,
    /// How many times it stands at full scale.
    pub clipped: u32,
    /// Whether it begins in the middle of a sound.
    pub begins_inside: bool,
    /// Whether it ends in the middle of a sound.
    pub ends_inside: bool,
}

/// How loud the edge of a recording is, in decibels of full scale, where no voice sounds in it; the quieter of both.
fn unvoiced_edge(windows: &[Window]) -> Option<f64> {
    let long = (QUIET / WINDOW) as usize;
    let edges = [windows.get(..long)?, &windows[windows.len() - long..]];
    let unvoiced = edges.into_iter().filter(|edge| edge.iter().all(|window| !window.voiced));
    let mean = |edge: &[Window]| edge.iter().map(|window| f64::from(window.power)).sum::<f64>() / edge.len() as f64;
    unvoiced.map(|edge| decibels(mean(edge))).min_by(f64::total_cmp)
}

/// A sound that is so much below the voice at the edge of a recording, in decibels, was not cut off there.
const EDGE: f64 = 18.0;
/// The edge of a recording, in windows.
const EDGE_WINDOWS: usize = 2;
/// The least quiet, in seconds, by which a room is told.
const QUIET: f64 = 0.25;

/// Measures a recording; `None` where it is silent.
///
/// # Errors
/// It cannot be read or decoded; someone wants it to stop.
pub fn measure(content: &Content, trimmed: Duration, work: &Work<'_>) -> Result<Option<Measured>> {
    let envelope = Envelope::read(content, work)?;
    let Some(levels) = Levels::of(&envelope.windows) else { return Ok(None) };
    let loud = |window: Option<f64>| window.is_some_and(|level| level > levels.voice - EDGE);
    let edge = |windows: &[Window]| {
        let powers = windows.iter().map(|window| f64::from(window.power));
        (!windows.is_empty()).then(|| decibels(powers.sum::<f64>() / windows.len() as f64))
    };
    let windows = &envelope.windows;
    let first = edge(&windows[..EDGE_WINDOWS.min(windows.len())]);
    let last = edge(&windows[windows.len().saturating_sub(EDGE_WINDOWS)..]);
    // What is left of a recording after its words is the room; without any, its quietest part is speech.
    let quiet = envelope.seconds() - trimmed.as_secs_f64();
    let mut powers: Vec<f32> = windows.iter().map(|window| window.power).collect();
    powers.sort_by(f32::total_cmp);
    let room = powers.get((quiet / WINDOW / 2.0) as usize).map(|power| decibels(f64::from(*power)));
    Ok(Some(Measured {
        seconds: trimmed.as_secs_f64(),
        voice_db: levels.voice,
        // A room that is too loud for the words to be told from it is what sounds at an edge without a voice.
        room_db: room.filter(|_| quiet > QUIET).or_else(|| unvoiced_edge(windows)),
        clipped: envelope.clipped,
        begins_inside: loud(first),
        ends_inside: loud(last),
    }))
}
