//! What the page is answered, as JSON.

use catcow::frames::Frames;
use catcow::load::Routine;
use catcow::load::language::breathing::BreathPart;
use catcow::load::library::voice::Voice;
use catcow::plan::timeline::{Chapter, LeftOut, PhaseSpan, Sound, Track};
use catcow::plan::{Bounds, Timeline};
use catcow::render::Channels;
use catcow::sink::page::{changes, strip};
use serde::Serialize;
use serde_json::{Value, json};

/// A plan for the page: what is shown while it is heard.
#[derive(Serialize)]
struct Plan<'a> {
    routine: &'a str,
    title: &'a str,
    summary: &'a str,
    voice: &'a str,
    language: &'a str,
    rate: u32,
    channels: usize,
    frames: Frames,
    chapters: Vec<Value>,
    phases: &'a [PhaseSpan],
    breaths: Vec<Value>,
    words: Vec<Value>,
    left_out: &'a [LeftOut],
    notes: Vec<String>,
    clips: Vec<String>,
    strip: String,
    bounds: Value,
}

/// A planned session.
pub struct Planned<'a> {
    pub timeline: &'a Timeline,
    pub routine: &'a Routine,
    pub voice: &'a Voice,
    pub channels: Channels,
    pub bounds: Bounds,
}

impl Planned<'_> {
    pub fn json(&self) -> Value {
        let timeline = self.timeline;
        let plan = Plan {
            routine: &timeline.routine,
            title: &timeline.title,
            summary: &self.routine.summary,
            voice: &timeline.voice,
            language: &self.voice.about.language,
            rate: timeline.rate.hz(),
            channels: self.channels.count(),
            frames: timeline.frames,
            chapters: chapters(timeline),
            phases: &timeline.phases,
            breaths: breaths(timeline),
            words: words(timeline),
            left_out: &timeline.changes.left_out,
            notes: changes::lines(timeline),
            clips: clips(timeline, Frames::ZERO, timeline.frames),
            strip: strip::text(timeline),
            bounds: bounds(self.bounds, timeline),
        };
        serde_json::to_value(plan).unwrap_or_default()
    }
}

fn bounds(bounds: Bounds, timeline: &Timeline) -> Value {
    let seconds = |frames: Frames| frames.seconds(timeline.rate);
    json!({ "shortest": seconds(bounds.shortest), "longest": seconds(bounds.longest) })
}

fn chapters(timeline: &Timeline) -> Vec<Value> {
    let chapter = |(chapter, colour): (&Chapter, u8)| json!({ "title": chapter.title, "start": chapter.start, "frames": chapter.frames, "colour": colour });
    timeline.chapters.iter().zip(strip::colours(timeline)).map(chapter).collect()
}

fn breaths(timeline: &Timeline) -> Vec<Value> {
    let part = |part: BreathPart| match part {
        BreathPart::Inhale => "in",
        BreathPart::Full => "full",
        BreathPart::Exhale => "out",
        BreathPart::Empty => "empty",
    };
    let each = timeline.breaths.iter();
    each.map(|breath| json!({ "part": part(breath.part), "start": breath.start, "frames": breath.frames })).collect()
}

fn words(timeline: &Timeline) -> Vec<Value> {
    let said = timeline.regions.iter().filter(|region| region.track == Track::Voice);
    let word = |region: &catcow::plan::timeline::Region| {
        let sound = &timeline.sounds[region.sound];
        json!({ "text": sound.text(), "cue": sound.cue(), "start": region.start, "frames": region.frames })
    };
    said.map(word).collect()
}

/// The recordings that are heard from one frame to another, each once, in the order in which they begin.
pub fn clips(timeline: &Timeline, start: Frames, end: Frames) -> Vec<String> {
    let mut seen = vec![false; timeline.sounds.len()];
    let heard = timeline.regions.iter().filter(|region| region.start < end && region.range().end > start);
    let first = heard.filter(|region| !std::mem::replace(&mut seen[region.sound], true));
    let path = |sound: &Sound| match sound {
        Sound::Clip { file, .. } | Sound::Bell { file: Some(file), .. } => {
            Some(file.content().path().to_string_lossy().into_owned())
        }
        _ => None,
    };
    first.filter_map(|region| path(&timeline.sounds[region.sound])).collect()
}
