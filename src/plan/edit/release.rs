//! Let go of a hold: what is left of it is taken out, and the words that lead out of it come next.

use super::turn::{Flow, Practice};
use crate::frames::{FrameRange, Frames};
use crate::plan::timeline::{Region, Role, Timeline, Track};

/// What is practised at `at` ended: a hold at once, or after the word that is being said; a flow after the round that is
/// being done. The sides that follow become as much shorter. `None` where nothing is left to let go.
pub fn release(timeline: &Timeline, at: Frames) -> Option<Timeline> {
    timeline.phase_at(at).filter(|index| timeline.phases[*index].kind.is_practice())?;
    let mut edited = timeline.clone();
    match timeline.practice(at)? {
        Practice::Hold(holds) => {
            let mut ranges: Vec<_> = holds.iter().map(|hold| timeline.phases[*hold].range()).collect();
            let now = timeline.word_at(at).map_or(at, |word| word.start + word.frames);
            let first = FrameRange { start: now.max(ranges[0].start), end: ranges[0].end };
            for other in ranges.drain(1..).rev() {
                shorten(&mut edited, other, first.frames());
            }
            edited.cut(first);
        }
        Practice::Flow(flow) => {
            let cuts = cuts(&flow)?;
            let heard = at;
            for cut in cuts.into_iter().rev() {
                let rounds_end = cut.start;
                edited.cut(cut);
                unannounce(&mut edited, heard, rounds_end);
            }
        }
    }
    edited.settle();
    edited.is_sound().then_some(edited)
}

/// Takes `frames` out of the hold on another side: before the word that it is nearly over, so that this stays true.
fn shorten(timeline: &mut Timeline, hold: FrameRange, frames: Frames) {
    let words = || timeline.regions.iter().filter(|region| region.track == Track::Voice);
    let inside = |region: &&Region| hold.contains(region.start);
    // How to do it is said in any case.
    let told = words()
        .filter(inside)
        .find(|word| word.start == hold.start)
        .map_or(hold.start, |word| word.start + word.frames);
    let frames = frames.min(hold.end.saturating_sub(told));
    let mark = words().filter(inside).rfind(|word| word.role == Role::Nearly).map_or(hold.end, |mark| mark.start);
    let end = if mark.saturating_sub(told) >= frames { mark } else { hold.end };
    let cut = FrameRange { start: end - frames, end };
    timeline.leave_out(|region| {
        let ahead = region.start >= told && region.start < hold.end;
        let untrue = matches!(region.role, Role::Length | Role::Half) || !region.range().intersect(cut).is_empty();
        region.track == Track::Voice && ahead && untrue
    });
    timeline.cut(cut);
}

/// The rounds after this one, on each side.
fn cuts(flow: &Flow) -> Option<Vec<FrameRange>> {
    let cut = |rounds: &Vec<FrameRange>| {
        let (this, last) = (rounds.get(flow.round)?, rounds.last()?);
        Some(FrameRange { start: this.end, end: last.end })
    };
    let cuts: Vec<_> = flow.sides.iter().filter_map(cut).filter(|cut| !cut.is_empty()).collect();
    if cuts.is_empty() { None } else { Some(cuts) }
}

/// Takes out the words that the last round comes, or that half is over, where they are said before `end` and were not heard yet.
fn unannounce(timeline: &mut Timeline, heard: Frames, end: Frames) {
    let from = timeline.chapter_at(heard).map_or(Frames::ZERO, |chapter| timeline.chapters[chapter].start).max(heard);
    timeline.leave_out(|region| {
        region.start > from && region.start < end && matches!(region.role, Role::LastRound | Role::Half)
    });
}
