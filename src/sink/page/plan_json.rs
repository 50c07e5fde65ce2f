//! The plan as JSON: an interface, described in `docs/plan-json.md`.

use serde::Serialize;

use crate::frames::Frames;
use crate::load::library::stand_ins::{Borrowed, Replaced};
use crate::plan::Timeline;
use crate::plan::timeline::{Chapter, LeftOut, PhaseSpan, Track};
use crate::render::Channels;

/// Raised when a key changes its meaning or goes; new keys may come without.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct Plan<'a> {
    version: u32,
    routine: &'a str,
    title: &'a str,
    voice: &'a str,
    sample_rate: u32,
    channels: usize,
    frames: Frames,
    chapters: &'a [Chapter],
    phases: &'a [PhaseSpan],
    regions: Vec<PlannedRegion<'a>>,
    borrowed: &'a [Borrowed],
    replaced: &'a [Replaced],
    left_out: &'a [LeftOut],
    again: Option<PlannedAgain<'a>>,
    rest: Option<Frames>,
}

#[derive(Serialize)]
struct PlannedAgain<'a> {
    poses: &'a [String],
    times: u32,
}

#[derive(Serialize)]
struct PlannedRegion<'a> {
    track: Track,
    cue: &'a str,
    text: &'a str,
    start: Frames,
    frames: Frames,
}

/// The plan as JSON, ending in a line break.
pub fn text(timeline: &Timeline, channels: Channels) -> String {
    let region = |region: &crate::plan::timeline::Region| {
        let sound = &timeline.sounds[region.sound];
        PlannedRegion {
            track: region.track,
            cue: sound.cue(),
            text: sound.text(),
            start: region.start,
            frames: region.frames,
        }
    };
    let mut all: Vec<_> = timeline.regions.iter().chain(&timeline.under).collect();
    all.sort_by_key(|region| region.start);
    let again = timeline.changes.again.as_ref();
    let plan = Plan {
        version: VERSION,
        routine: &timeline.routine,
        title: &timeline.title,
        voice: &timeline.voice,
        sample_rate: timeline.rate.hz(),
        channels: channels.count(),
        frames: timeline.frames,
        chapters: &timeline.chapters,
        phases: &timeline.phases,
        regions: all.into_iter().map(region).collect(),
        borrowed: &timeline.stand_ins.borrowed,
        replaced: &timeline.stand_ins.replaced,
        left_out: &timeline.changes.left_out,
        again: again.map(|again| PlannedAgain { poses: &again.poses, times: again.times }),
        rest: timeline.changes.rest.map(|rest| timeline.rate.frames(rest)),
    };
    // A plan has nothing in it that JSON lacks, so this does not fail.
    serde_json::to_string_pretty(&plan).unwrap_or_default() + "\n"
}
