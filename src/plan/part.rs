//! A part of a timeline, counted from its own beginning: what is told of a part of a session fits the part's sound.

use super::timeline::{Region, Timeline};
use crate::frames::{FrameRange, Frames};

impl Timeline {
    /// The chapters that are heard in a range of frames: which frames of each, and its title.
    pub fn chapters_in(&self, range: FrameRange) -> impl Iterator<Item = (FrameRange, &str)> {
        let heard = self.chapters.iter().map(move |chapter| (chapter.range().intersect(range), chapter.title.as_str()));
        heard.filter(|(range, _)| !range.is_empty())
    }

    /// What lies in a range of frames. What reaches over an end of it is cut there; sounds stay numbered as they are.
    pub fn part(&self, range: FrameRange) -> Timeline {
        let cut = |whole: FrameRange| -> Option<(Frames, Frames)> {
            let heard = Some(whole.intersect(range)).filter(|heard| !heard.is_empty())?;
            Some((heard.start - range.start, heard.frames()))
        };
        let region = |region: &Region| cut(region.range()).map(|(start, frames)| Region { start, frames, ..*region });
        let mut part = Timeline { frames: range.frames(), ..self.clone() };
        part.regions = self.regions.iter().filter_map(region).collect();
        part.under = self.under.iter().filter_map(region).collect();
        macro_rules! cut_each {
            ($($spans:ident),*) => {$(
                part.$spans.retain_mut(|span| match cut(span.range()) {
                    Some((start, frames)) => {
                        (span.start, span.frames) = (start, frames);
                        true
                    }
                    None => false,
                });
            )*};
        }
        cut_each!(chapters, phases, breaths);
        part
    }
}
