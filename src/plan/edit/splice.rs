//! Another plan of the same session from here on: the same practice with fewer words.

use crate::frames::Frames;
use crate::plan::timeline::{BreathSpan, Chapter, PhaseKind, PhaseSpan, Region, Timeline};

/// `timeline` up to the next phase that both plans have, and `other` from there. Where a hold or a round was changed by hand,
/// that pose is ended as it is. Without such a phase nothing changes.
pub fn splice(timeline: &Timeline, at: Frames, other: &Timeline) -> Timeline {
    let Some((here, there)) = seam(timeline, at, other) else { return timeline.clone() };
    let mut joined = timeline.clone();
    joined.regions.retain(|region| region.start < here);
    joined.phases.retain(|phase| phase.start < here);
    joined.breaths.retain(|breath| breath.start < here);
    joined.chapters.retain(|chapter| chapter.start < here);
    let moved = |frame: Frames| here + (frame - there);
    let sounds = joined.sounds.len();
    joined.sounds.extend(other.sounds.iter().cloned());
    for region in other.regions.iter().filter(|region| region.start >= there) {
        joined.regions.push(Region { start: moved(region.start), sound: region.sound + sounds, ..*region });
    }
    let later = other.phases.iter().filter(|phase| phase.start >= there);
    joined.phases.extend(later.cloned().map(|phase| PhaseSpan { start: moved(phase.start), ..phase }));
    for breath in other.breaths.iter().filter(|breath| breath.start >= there) {
        joined.breaths.push(BreathSpan { start: moved(breath.start), ..*breath });
    }
    for chapter in other.chapters.iter().filter(|chapter| chapter.start >= there) {
        joined.chapters.push(Chapter { start: moved(chapter.start), ..chapter.clone() });
    }
    joined.frames = moved(other.frames);
    let mut next = joined.frames;
    for chapter in joined.chapters.iter_mut().rev() {
        chapter.frames = next - chapter.start;
        next = chapter.start;
    }
    joined.settle();
    joined
}

/// The same moment in both plans, at or after `at`.
fn seam(timeline: &Timeline, at: Frames, other: &Timeline) -> Option<(Frames, Frames)> {
    let now = timeline.word_at(at).map_or(at, |word| word.start + word.frames);
    let here = timeline.chapter_at(at)?;
    for chapter in here..timeline.chapters.len() {
        let (ours, theirs) = (phases_of(timeline, chapter), phases_of(other, chapter));
        for (index, phase) in ours.iter().enumerate().filter(|(_, phase)| phase.start >= now) {
            let from_end = ours.len() - index;
            let twins = theirs.len().checked_sub(from_end).map(|start| &theirs[start..]);
            let quiet = timeline.word_at(phase.start).is_none();
            let Some(twins) = twins.filter(|twins| quiet && same(&ours[index..], twins)) else { continue };
            if other.word_at(twins[0].start).is_none() {
                return Some((phase.start, twins[0].start));
            }
        }
        // A chapter that is whole ahead is taken from its beginning.
        let (next, twin) = (timeline.chapters.get(chapter + 1), other.chapters.get(chapter + 1));
        if let (Some(next), Some(twin)) = (next, twin)
            && next.start >= now
            && (next.kind, &next.title) == (twin.kind, &twin.title)
            && timeline.word_at(next.start).is_none()
        {
            return Some((next.start, twin.start));
        }
    }
    None
}

fn phases_of(timeline: &Timeline, chapter: usize) -> Vec<&PhaseSpan> {
    let Some(chapter) = timeline.chapters.get(chapter) else { return Vec::new() };
    timeline.phases.iter().filter(|phase| chapter.range().contains(phase.start)).collect()
}

/// Whether what is done is the same, for as long.
fn same(ours: &[&PhaseSpan], theirs: &[&PhaseSpan]) -> bool {
    let alike = |(our, their): (&&PhaseSpan, &&PhaseSpan)| {
        let known = |phase: &PhaseSpan| (phase.pose.clone(), phase.side.clone(), phase.kind);
        known(our) == known(their)
            && (matches!(our.kind, PhaseKind::Setup | PhaseKind::Release) || our.frames.0.abs_diff(their.frames.0) <= 1)
    };
    ours.len() == theirs.len() && ours.iter().zip(theirs).all(alike)
}
