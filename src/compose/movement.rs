//! How often a listener has to move.

use super::request::Request;
use super::studio::{Studio, Tried};
use super::times::WINDOW;
use crate::frames::Frames;
use crate::load::language::pose::Pose;
use crate::plan::timeline::{ChapterKind, Role, Timeline};
use crate::plan::{self, Wishes};

impl Studio<'_> {
    /// Whether a session of the wished length changes position no oftener than the rules allow. One that cannot be planned yet, for want of
    /// recordings, is told of where it is planned for good.
    pub(super) fn keeps_still(&self, request: &Request, tried: &Tried) -> bool {
        let wishes = Wishes { length: Some(request.length), ..self.wishes.clone() };
        let Ok(timeline) = plan::plan(&tried.routine, &self.durations, &wishes) else { return true };
        let times = changes(&timeline, &tried.routine.poses());
        let (most, window) = (self.rules.most_changes as usize, timeline.rate.frames(WINDOW));
        times.windows(most + 1).all(|times| times[most].saturating_sub(times[0]) >= window)
    }
}

/// When the body changes its position: when it is told to, and at the end of a pose that leaves it elsewhere.
fn changes(timeline: &Timeline, poses: &[&Pose]) -> Vec<Frames> {
    let told = timeline.regions.iter().filter(|region| region.role == Role::Move).map(|region| region.start);
    let mut times: Vec<Frames> = told.collect();
    let mut left = poses.iter().filter(|pose| pose.ends != pose.position).peekable();
    for chapter in timeline.chapters.iter().filter(|chapter| chapter.kind == ChapterKind::Part) {
        if let Some(pose) = left.next_if(|pose| pose.name == chapter.title) {
            let _ = pose;
            times.push(chapter.start + chapter.frames);
        }
    }
    times.sort_unstable();
    times
}
