//! Where a listener is on a timeline, and where a jump may land: never in the middle of a word.

use std::time::Duration;

use super::timeline::{BreathSpan, Chapter, PhaseSpan, Region, Timeline, Track};
use crate::frames::Frames;

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

    /// The chapter whose title or pose is `wanted`: a pose's id, a title, or what either of them begins with.
    pub fn chapter_named(&self, wanted: &str, after: Option<Frames>) -> Option<usize> {
        let plain = |text: &str| -> String {
            let letters = text.chars().filter(|letter| letter.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect()
        };
        let wanted = plain(wanted);
        let names = |chapter: &Chapter| [plain(&chapter.title), plain(self.pose_in(chapter).unwrap_or_default())];
        let later = |chapter: &Chapter| after.is_none_or(|after| chapter.start > after);
        let find = |fits: &dyn Fn(&str) -> bool| {
            self.chapters.iter().position(|chapter| later(chapter) && names(chapter).iter().any(|name| fits(name)))
        };
        find(&|name| name == wanted).or_else(|| find(&|name| !wanted.is_empty() && name.starts_with(&wanted)))
    }

    /// The id of the pose that is practised in a chapter.
    pub fn pose_in(&self, chapter: &Chapter) -> Option<&str> {
        let inside = |phase: &&PhaseSpan| (chapter.start..chapter.start + chapter.frames).contains(&phase.start);
        self.phases.iter().find(inside).map(|phase| phase.pose.as_str())
    }
}
