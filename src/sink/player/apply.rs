//! How commands are carried out: at the frame that is handed over next.

use std::sync::Arc;

use super::answer::Answer;
use super::command::Command;
use super::playback::{CHANGE_MILLIS, Playback};
use super::request::Status;
use crate::frames::Frames;
use crate::plan::edit::{self, Grown};
use crate::plan::timeline::Timeline;

/// Around a jump, what was heard fades out and what is heard next fades in, over this many milliseconds: no click.
const JUMP_MILLIS: u64 = 5;
/// After an answer that the session waits for.
const AFTER_ANSWER_MILLIS: u64 = 200;

impl Playback {
    pub(super) fn carry_out(&mut self, command: Command) {
        if self.status == Status::Over {
            return;
        }
        let waits = matches!(self.status, Status::Waiting(_));
        match command {
            // Without a device any key means: try again.
            Command::Toggle | Command::Pause | Command::Resume if waits => {}
            Command::Toggle if self.paused => self.resume(),
            Command::Toggle | Command::Pause => self.pause(),
            Command::Resume => self.resume(),
            Command::Seek(frame) => self.jump(frame),
            Command::Next | Command::Previous | Command::Repeat => self.skip(&command),
            Command::Longer => self.longer(),
            Command::Release => self.release(),
            Command::Volume(steps) => {
                self.volume.change(steps);
                self.answer(Answer::Volume);
            }
            Command::Bed => self.bed(),
            Command::LessTalk(other) => self.less_talk(other.as_deref()),
            Command::Keys => self.answer(Answer::Keys),
            // Where there is time for it before the session begins.
            Command::Soon if self.answers.sound(Answer::Soon).len() as u64 > self.lead.0 => {}
            Command::Soon => self.answer(Answer::Soon),
            Command::End => self.end(),
        }
    }

    /// Gives an answer.
    fn answer(&mut self, answer: Answer) {
        let words = self.answers.sound(answer);
        self.answer = Some((self.handed, words));
    }

    /// How long the answer that is given takes, in frames.
    fn answer_length(&self) -> u64 {
        self.answer.as_ref().map_or(0, |(_, words)| words.len() as u64)
    }

    fn pause(&mut self) {
        if !self.paused {
            self.cross(JUMP_MILLIS);
            self.paused = true;
            self.status = Status::Paused;
            self.answer(Answer::Paused);
            self.mark_anew();
        }
    }

    fn resume(&mut self) {
        if self.paused {
            self.go_on();
            // What has not been heard since the last pause need not be heard again.
            if self.lead == Frames::ZERO {
                self.go_back();
            }
            self.answer(Answer::GoingOn);
            // Until the answer has been given, and a little more; or until the delay is over.
            self.lead = self.lead.max(Frames(self.answer_length() + self.millis(AFTER_ANSWER_MILLIS)));
            self.rise(CHANGE_MILLIS);
            self.mark_anew();
        }
    }

    /// No pause any more, and no end before the session's own.
    fn go_on(&mut self) {
        (self.paused, self.ends) = (false, None);
        if self.status == Status::Paused {
            self.status = Status::Playing;
        }
    }

    fn jump(&mut self, to: Frames) {
        self.cross(JUMP_MILLIS);
        self.go_on();
        (self.lead, self.answer, self.resumed) = (Frames::ZERO, None, None);
        self.next = self.mixer.timeline().landing(to).min(self.request.range.end);
        self.mark_anew();
    }

    fn skip(&mut self, command: &Command) {
        let timeline = self.mixer.timeline();
        let Some(here) = timeline.chapter_at(self.next) else { return };
        let to = match command {
            Command::Next => here + 1,
            Command::Previous => here.saturating_sub(1),
            _ => here,
        };
        match timeline.chapters.get(to).filter(|chapter| chapter.start < self.request.range.end) {
            Some(chapter) => self.jump(chapter.start),
            None => self.answer(Answer::LastPart),
        }
    }

    /// Goes on with another plan of the same session, which is the same up to here. What lies under the words may differ.
    /// An end that is a time moves where `moves`: with a hold that grows or is let go, but not with words that are left out.
    fn replace(&mut self, timeline: Timeline, millis: u64, moves: bool) {
        self.cross(millis);
        let (old, end) = (self.mixer.timeline(), self.request.range.end);
        // The end is that of the session, or the beginning of a part; a time moves with what changes before it.
        let part = old.chapters.iter().position(|chapter| chapter.start == end);
        let whole = end == old.frames;
        let moved = Frames((end.0 + timeline.frames.0).saturating_sub(old.frames.0));
        let moved = if moves || whole { moved } else { end };
        self.request.range.end = match part.and_then(|part| timeline.chapters.get(part)) {
            Some(chapter) => chapter.start,
            None => moved.clamp(self.next.min(timeline.frames), timeline.frames),
        };
        self.mixer = self.mixer.again(Arc::new(timeline));
    }

    fn longer(&mut self) {
        let Some((timeline, grown)) = edit::longer(self.mixer.timeline(), self.next) else {
            return self.answer(Answer::NothingToHold);
        };
        self.replace(timeline, CHANGE_MILLIS, true);
        self.answer(match grown {
            Grown::Breaths => Answer::FiveBreaths,
            Grown::Time => Answer::ThirtySeconds,
            Grown::Rounds => Answer::MoreRounds,
        });
    }

    fn release(&mut self) {
        let Some(timeline) = edit::release(self.mixer.timeline(), self.next) else {
            return self.answer(Answer::NothingToHold);
        };
        self.replace(timeline, JUMP_MILLIS, true);
        self.answer = None;
        if self.paused {
            self.jump(self.next);
        }
    }

    fn bed(&mut self) {
        if self.mixer.timeline().mix.bed.is_none() {
            return self.answer(Answer::NoBed);
        }
        self.cross(CHANGE_MILLIS);
        let plays = self.mixer.switch_bed();
        self.answer(if plays { Answer::BedOn } else { Answer::BedOff });
    }

    fn less_talk(&mut self, other: Option<&Timeline>) {
        let Some(other) = other else { return self.answer(Answer::LeastTalk) };
        let timeline = edit::splice(self.mixer.timeline(), self.next, other);
        self.replace(timeline, CHANGE_MILLIS, false);
        self.answer(Answer::LessTalk);
    }

    fn end(&mut self) {
        if self.ends.is_some() || !self.taken {
            self.ends = Some(self.handed);
            self.status = Status::Over;
            return;
        }
        self.cross(JUMP_MILLIS);
        self.answer(Answer::Ending);
        self.ends = Some(self.handed + self.answer_length());
        self.paused = true;
        self.mark_anew();
    }
}
