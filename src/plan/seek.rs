//! Where a listener is on a timeline, and where a jump may land: never in the middle of a word.

use std::collections::BTreeSet;
use std::time::Duration;

use super::timeline::{BreathSpan, Chapter, PhaseSpan, Region, Timeline, Track};
use crate::frames::Frames;
use crate::load::Routine;
use crate::load::language::pose_names::PoseNames;
use crate::load::language::routine::practised;

/// The quiet before a cue that is said again, where there was as much.
const BEFORE_CUE: Duration = Duration::from_millis(500);
/// How long ago a cue may have begun to be said again: after more, in a long hold, the listener would wait for it all over.
const STILL_IN_MIND: Duration = Duration::from_secs(20);
/// How much is heard again where no cue is.
const REACH_BACK: Duration = Duration::from_secs(2);

impl Timeline {
    /// The chapter at `frame`; the last one at and after the end.
    pub fn chapter_at(&self, frame: Frames) -> Option<usize> {
        self.chapters.partition_point(|chapter| chapter.start <= frame).checked_sub(1)
    }

    /// The phase at `frame`.
    pub fn phase_at(&self, frame: Frames) -> Option<usize> {
        let last = self.phases.partition_point(|phase| phase.start <= frame).checked_sub(1)?;
        (frame < self.phases[last].start + self.phases[last].frames).then_some(last)
    }

    /// The part of a breath at `frame`.
    pub fn breath_at(&self, frame: Frames) -> Option<&BreathSpan> {
        let last = self.breaths.partition_point(|breath| breath.start <= frame).checked_sub(1)?;
        Some(&self.breaths[last]).filter(|breath| frame < breath.start + breath.frames)
    }

    /// What is said at `frame`, its first frame not counted: there a jump may land.
    pub fn word_at(&self, frame: Frames) -> Option<&Region> {
        let before = self.regions.partition_point(|region| region.start < frame);
        let spoken = |region: &&Region| region.track == Track::Voice && frame < region.start + region.frames;
        self.regions[..before].iter().rev().find(spoken)
    }

    /// `frame`, or the beginning of the word that it would land in the middle of.
    pub fn landing(&self, frame: Frames) -> Frames {
        let mut landing = frame.min(self.frames);
        while let Some(word) = self.word_at(landing) {
            landing = word.start;
        }
        landing
    }

    /// Where to go on after a break at `frame`: a little before what was last said, if that is not long ago.
    pub fn resumption(&self, frame: Frames) -> Frames {
        let floor = frame.saturating_sub(self.rate.frames(STILL_IN_MIND));
        let words = || self.regions.iter().filter(|region| region.track == Track::Voice);
        let last = words().rev().find(|word| word.start < frame && word.start >= floor);
        let Some(cue) = last else {
            return self.landing(frame.saturating_sub(self.rate.frames(REACH_BACK)));
        };
        let before = words().filter(|word| word.start < cue.start).map(|word| word.start + word.frames).max();
        let quiet = cue.start.saturating_sub(self.rate.frames(BEFORE_CUE));
        quiet.max(before.unwrap_or(Frames::ZERO)).min(cue.start)
    }

    /// What its chapters can be called by: their poses, by every name that these have in the routine, and their titles.
    pub fn names(&self, routine: &Routine) -> PoseNames {
        let poses = practised(&routine.steps);
        let mut names = PoseNames::default();
        let mut met = BTreeSet::new();
        for chapter in &self.chapters {
            let pose = self.pose_in(chapter).and_then(|id| poses.iter().find(|pose| pose.id == id));
            // A part of a pose, or a breathing, has a title of its own; the pose is where its first part is.
            let is_first = pose.is_some_and(|pose| met.insert(pose.id.as_str()));
            match pose.filter(|pose| pose.name == chapter.title) {
                Some(pose) => names.add(&pose.id, [&pose.name].into_iter().chain(&pose.also).map(String::as_str)),
                None => names.add(&chapter.title, pose.filter(|_| is_first).map(|pose| pose.id.as_str())),
            }
        }
        names
    }

    /// The chapter of a name of [`Timeline::names`]: a pose's id, or a title.
    pub fn chapter_of(&self, name: &str, after: Option<Frames>) -> Option<usize> {
        let later = |chapter: &Chapter| after.is_none_or(|after| chapter.start > after);
        let is = |chapter: &Chapter| chapter.title == name || self.pose_in(chapter) == Some(name);
        self.chapters.iter().position(|chapter| later(chapter) && is(chapter))
    }

    /// The id of the pose that is practised in a chapter.
    pub fn pose_in(&self, chapter: &Chapter) -> Option<&str> {
        let inside = |phase: &&PhaseSpan| (chapter.start..chapter.start + chapter.frames).contains(&phase.start);
        self.phases.iter().find(inside).map(|phase| phase.pose.as_str())
    }
}
