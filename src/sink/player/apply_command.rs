//! What each command does: it is carried out at the frame that is handed over next.

use std::sync::Arc;

use super::command::Command;
use super::playback::{CHANGE_MILLIS, Playback};
use super::request::PauseCause;
use super::spoken_answers::Answer;
use super::state::{Device, State};
use crate::frames::Frames;
use crate::plan::edit::{self, Grown};
use crate::plan::timeline::Timeline;

/// Around a jump, what was heard fades out and what is heard next fades in, over this many milliseconds: no click.
const JUMP_MILLIS: u64 = 5;
/// After an answer that the session waits for.
const AFTER_ANSWER_MILLIS: u64 = 200;

impl Playback {
    pub(super) fn carry_out(&mut self, command: Command) {
        if self.state.is_over() {
            return;
        }
        let waits = self.device.outage().is_some();
        match command {
            // Without a device any key means: try again.
            Command::Toggle | Command::Pause | Command::Resume if waits => {}
            Command::Toggle if self.state == State::Playing => self.pause(),
            Command::Toggle | Command::Resume => self.resume(),
            Command::Pause => self.pause(),
            Command::Interrupt(cause) => self.interrupt(cause),
            Command::InterruptionOver => self.interruption_over(),
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
            Command::Answer(answer) => self.answer(answer),
            // Where there is time for it before the session begins.
            Command::Soon if self.frames_of(Answer::Soon) > self.anchor.lead.0 => {}
            Command::Soon => self.answer(Answer::Soon),
            Command::End => self.end(),
        }
    }

    /// Gives an answer.
    fn answer(&mut self, answer: Answer) {
        self.say(self.answers.sound(answer));
    }

    /// How many frames the sound of an answer has.
    fn frames_of(&self, answer: Answer) -> u64 {
        self.answers.sound(answer).len() as u64
    }

    /// Pauses for the listener. A pause for another reason becomes the listener's: only the listener ends it.
    fn pause(&mut self) {
        match self.state {
            State::Playing => {
                self.rest(PauseCause::Listener);
                self.answer(Answer::Paused);
            }
            State::Paused(_) => self.state = State::Paused(PauseCause::Listener),
            _ => {}
        }
    }

    /// Pauses for another reason than the listener's wish, and says nothing: whoever takes a call would hear it.
    fn interrupt(&mut self, cause: PauseCause) {
        match self.state {
            State::Playing => {
                self.answer = None;
                self.rest(cause);
            }
            State::Paused(PauseCause::OtherProgram | PauseCause::DeviceGone) => self.state = State::Paused(cause),
            _ => {}
        }
    }

    /// Goes on after a pause that was not the listener's.
    fn interruption_over(&mut self) {
        if matches!(self.state, State::Paused(PauseCause::OtherProgram | PauseCause::DeviceGone)) {
            self.resume();
        }
    }

    /// Stands still from here on.
    fn rest(&mut self, cause: PauseCause) {
        match self.device {
            // Nothing was heard that could fade out.
            Device::Missing(_) => self.fade = None,
            _ => self.cross(JUMP_MILLIS),
        }
        if self.device == Device::Taking(None) {
            self.device = Device::Playing;
        }
        self.state = State::Paused(cause);
        self.anchor_here();
    }

    /// Ends a pause, or takes an end back.
    fn resume(&mut self) {
        if self.state == State::Playing {
            return;
        }
        self.state = State::Playing;
        // What has not been heard since the last pause need not be heard again.
        if self.anchor.lead == Frames::ZERO {
            self.go_back();
        }
        self.answer(Answer::GoingOn);
        // Until the answer has been given, and a little more; or until the delay is over.
        let answer = self.frames_of(Answer::GoingOn) + self.millis(AFTER_ANSWER_MILLIS);
        self.anchor.lead = self.anchor.lead.max(Frames(answer));
        self.rise(CHANGE_MILLIS);
        self.anchor_here();
    }

    fn jump(&mut self, to: Frames) {
        self.cross(JUMP_MILLIS);
        self.state = State::Playing;
        (self.answer, self.resumed) = (None, None);
        self.anchor.lead = Frames::ZERO;
        self.anchor.next = self.mixer.timeline().landing(to).min(self.request.range.end);
        self.anchor_here();
    }

    fn skip(&mut self, command: &Command) {
        let timeline = self.mixer.timeline();
        let Some(here) = timeline.chapter_at(self.anchor.next) else { return };
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
            None => moved.clamp(self.anchor.next.min(timeline.frames), timeline.frames),
        };
        self.mixer = self.mixer.again(Arc::new(timeline));
    }

    fn longer(&mut self) {
        let Some((timeline, grown)) = edit::longer(self.mixer.timeline(), self.anchor.next) else {
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
        let Some(timeline) = edit::release(self.mixer.timeline(), self.anchor.next) else {
            return self.answer(Answer::NothingToHold);
        };
        self.replace(timeline, JUMP_MILLIS, true);
        self.answer = None;
        if self.state != State::Playing {
            self.jump(self.anchor.next);
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
        let timeline = edit::splice(self.mixer.timeline(), self.anchor.next, other);
        self.replace(timeline, CHANGE_MILLIS, false);
        self.answer(Answer::LessTalk);
    }

    /// Ends once that was said; at once where it was ordered before, or where nobody would hear it.
    fn end(&mut self) {
        if self.state.is_stopped() || !self.plays_on_device() {
            self.state = State::Over { wanted: true };
            return;
        }
        self.cross(JUMP_MILLIS);
        self.answer(Answer::Ending);
        self.state = State::Ending { at: self.handed + self.frames_of(Answer::Ending) };
        self.anchor_here();
    }
}
