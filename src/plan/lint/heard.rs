//! What a listener with closed eyes would make of the sound alone: too long a silence, too much talk.

use std::time::Duration;

use super::{Heard, Linter};
use crate::diagnostic::{Code, Diagnostic};
use crate::frames::{FrameRange, Frames, clock};
use crate::load::language::routine::{Guidance, Step};
use crate::plan::timeline::{BreathSpan, Role, Sound, Track};

/// The silence that is warned of. From this length on a hold says how long it will be, so without such words one wonders. No source
/// gives a number for guided yoga.
const LONG_SILENCE: Duration = Duration::from_secs(30);

impl Linter<'_> {
    pub(super) fn too_much_talk(&mut self, heard: &Heard<'_, '_>) {
        let (timeline, routine) = (heard.timeline, self.input.routine);
        // What is not recorded yet will be talk, too.
        let is_bell = |sound: usize| matches!(timeline.sounds[sound], Sound::Bell { instead: None, .. });
        let talk = timeline
            .regions
            .iter()
            .filter(|region| region.track == Track::Voice || (self.estimates && !is_bell(region.sound)));
        let talk: Frames = talk.map(|region| region.frames).sum();
        let percent = (talk.0 * 100).div_ceil(timeline.frames.0.max(1));
        if percent > u64::from(routine.talk) {
            let message = format!("expected talk in at most {} % of the time, found {percent} %", routine.talk);
            let warning = Diagnostic::warning(Code::TooMuchTalk, message).at(&routine.place, "this routine");
            let help = "give what is said more time, say less, or write `talk = \"100%\"` where much talk is meant";
            self.warn(None, warning.help(help));
        }
    }

    pub(super) fn long_silence(&mut self, heard: &Heard<'_, '_>) {
        if self.input.guidance == Guidance::Bells {
            return;
        }
        let rate = heard.timeline.rate;
        for silence in unexplained(heard, self.input.tone) {
            let length = silence.frames().duration(rate);
            if length < LONG_SILENCE {
                continue;
            }
            let Some(step) = step_of(heard, silence) else { continue };
            let at = clock(silence.start.duration(rate));
            let message = format!("expected a word at least every 30 s, found {} of silence at {at}", clock(length));
            let warning = Diagnostic::warning(Code::LongSilence, message).at(&step.place, "is it still running?");
            let help = "give it a `cue`, so that it says how long it will be; or `reminders`, or a breath to keep";
            self.warn(Some(step), warning.help(help));
        }
    }
}

/// The step that the greater part of a silence belongs to.
fn step_of<'a>(heard: &Heard<'_, 'a>, silence: FrameRange) -> Option<&'a Step> {
    let first = heard.visits.partition_point(|visit| visit.start <= silence.start).saturating_sub(1);
    let share = |index: usize| {
        let end = heard.visits.get(index + 1).map_or(heard.timeline.frames, |next| next.start);
        FrameRange { start: heard.visits[index].start, end }.intersect(silence).frames()
    };
    let during = (first..heard.visits.len()).take_while(|index| heard.visits[*index].start < silence.end);
    during.max_by_key(|index| share(*index)).map(|index| heard.visits[index].step)
}

/// The silences in which nothing tells the listener to wait: nobody speaks, no bell rings, no tone paces the breath, and no
/// hold has said its length.
fn unexplained(heard: &Heard<'_, '_>, tone: bool) -> Vec<FrameRange> {
    let timeline = heard.timeline;
    let mut explained: Vec<FrameRange> = timeline.regions.iter().map(|region| region.range()).collect();
    let breaths = timeline.breaths.iter().filter(|_| tone);
    explained.extend(breaths.map(BreathSpan::range));
    explained.extend(announced(heard));
    explained.sort_by_key(|range| range.start);
    let (mut silences, mut end) = (Vec::new(), Frames::ZERO);
    for range in explained {
        if range.start > end {
            silences.push(FrameRange { start: end, end: range.start });
        }
        end = end.max(range.end);
    }
    silences.push(FrameRange { start: end, end: timeline.frames.max(end) });
    silences
}

/// The stillnesses that have said how long they will be, from those words on.
fn announced<'h>(heard: &'h Heard<'_, '_>) -> impl Iterator<Item = FrameRange> + 'h {
    let timeline = heard.timeline;
    let stays = timeline.regions.iter().filter(|region| matches!(region.role, Role::Length | Role::Stay));
    stays.filter_map(|stay| {
        let after = timeline.phases.partition_point(|phase| phase.start <= stay.start);
        let phase = timeline.phases[..after].last()?;
        Some(FrameRange { start: stay.start, end: phase.start + phase.frames })
    })
}
