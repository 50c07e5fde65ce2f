//! A pose as a whole: the way into it, its name, its setup, its practice, and the way out.

use super::cue;
use super::listener::{Listener, moving};
use super::memo::StepPart;
use super::scheduler::Scheduler;
use super::score::Score;
use super::timeline::{ChapterKind, PhaseKind, Role};
use crate::load::language::house_cues;
use crate::load::language::pose::{Instruction, Pose};
use crate::load::language::routine::{Bell, Guidance};

impl<'a, S: Score<'a>> Scheduler<'a, S> {
    pub(super) fn pose(&mut self, pose: &'a Pose) {
        self.progress.clock.settle();
        self.chapter(ChapterKind::Part, &pose.name);
        let turns = self.progress.listener.must_turn(pose);
        if !self.progress.listener.led {
            self.always(pose.number, StepPart::Into, |scheduler| {
                scheduler.arrive(pose);
                for instruction in &pose.setup {
                    scheduler.instruct(pose, instruction, PhaseKind::Setup);
                }
            });
        }
        self.practise(pose, turns);
        self.always(pose.number, StepPart::OutOf, |scheduler| {
            if !pose.release.is_empty() && !cue::instructs(scheduler.input.guidance) {
                scheduler.bell(Bell::Soft);
            }
            for instruction in &pose.release {
                scheduler.instruct(pose, instruction, PhaseKind::Release);
            }
        });
        self.progress.listener = Listener::after(pose);
    }

    /// Into the pose's position, and its name. The name comes first where the way there is not said, for it is all that tells
    /// the listener where to go; and where all is said, for whoever changes the position likes to know what for.
    fn arrive(&mut self, pose: &Pose) {
        let introduced = self.progress.listener.introduced.take().is_some_and(|folder| folder == pose.id);
        let says_the_way = cue::instructs(self.input.guidance);
        let ahead = !introduced && self.leaves_a_pose_for(pose);
        if ahead {
            self.words_if_recorded(Role::Name, house_cues::NEXT);
            self.name(pose);
        }
        if says_the_way {
            self.go(pose);
        }
        if !introduced && !ahead {
            self.name(pose);
        }
        if !says_the_way {
            self.go(pose);
        }
    }

    /// Whether all is said, and the body leaves a position for a pose.
    fn leaves_a_pose_for(&self, pose: &Pose) -> bool {
        let listener = &self.progress.listener;
        self.input.guidance == Guidance::Full
            && listener.position.is_some()
            && listener.move_to(pose.position).is_some()
    }

    /// The name of a pose, or a bell in its place.
    fn name(&mut self, pose: &Pose) {
        if cue::names(self.input.guidance) {
            self.words(Role::Name, &house_cues::name(&pose.id), &pose.place);
            self.progress.clock.wait(cue::AFTER_NAME);
        } else {
            self.bell(Bell::High);
        }
    }

    /// The way into the pose's position, where the listener is elsewhere.
    fn go(&mut self, pose: &Pose) {
        let Some(to) = self.progress.listener.move_to(pose.position) else { return };
        let start = self.progress.clock.now();
        if cue::instructs(self.input.guidance) {
            self.words(Role::Move, &self.progress.listener.move_cue(pose, to, self.input.routine), &pose.place);
        }
        self.progress.clock.wait(moving(self.progress.listener.position, to));
        self.span(pose, None, None, PhaseKind::Move, start);
    }

    fn instruct(&mut self, pose: &Pose, instruction: &Instruction, kind: PhaseKind) {
        let start = self.progress.clock.now();
        let cue = &instruction.cue;
        if cue::is_said(self.input.guidance, cue) {
            self.words(cue::role_of(cue, Role::Instruction), cue.template(), &cue.place);
        }
        self.progress.clock.wait(instruction.time);
        self.span(pose, None, None, kind, start);
    }
}
