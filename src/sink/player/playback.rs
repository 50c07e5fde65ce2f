//! What plays next: a place in a session, and everything that keys change about it.
//!
//! All that sounds beside the session (an answer, a fade around a jump) is a function of how many frames were handed over,
//! so frames that are taken back are handed over again just as they were.

use std::collections::VecDeque;
use std::sync::Arc;

use super::answer::Answers;
use super::command::Command;
use super::request::{Outage, Request, Status};
use super::volume::Volume;
use crate::error::Error;
use crate::frames::Frames;
use crate::render::Mixer;

/// What lies under the voice comes, goes and changes over this many: softly, and yet at once an answer to the key.
pub(super) const CHANGE_MILLIS: u64 = 400;
/// While an answer is given, the session is this much of itself (−12 dB), and gets there in so many milliseconds.
const DUCKED: f32 = 0.25;
const DUCK_MILLIS: u64 = 20;

/// From `handed` frames on, the playback gives first `lead` frames of silence and then the session from `next` on.
#[derive(Clone, Copy)]
struct Mark {
    handed: u64,
    lead: Frames,
    next: Frames,
    moves: bool,
}

/// The way from what was heard to what is heard next.
pub(super) struct Crossing {
    /// The handed frame at which it begins.
    since: u64,
    /// How long it is.
    frames: u64,
    /// What was heard before; nothing where there was a rest.
    tail: Option<Tail>,
}

/// What was heard before a change, and goes on while it fades out.
struct Tail {
    mixer: Mixer,
    next: Frames,
    /// The change before, where it was not over.
    crossing: Option<Box<Crossing>>,
}

/// A session with a place in it.
pub(super) struct Playback {
    pub(super) mixer: Mixer,
    pub(super) request: Request,
    pub(super) status: Status,
    pub(super) commands: VecDeque<Command>,
    pub(super) answers: Answers,
    pub(super) volume: Volume,
    pub(super) failure: Option<Error>,
    /// How many frames were handed over, without those that were taken back.
    pub(super) handed: u64,
    marks: Vec<Mark>,
    pub(super) lead: Frames,
    pub(super) next: Frames,
    /// Whether the silence before the beginning is not over yet.
    begins: bool,
    pub(super) paused: bool,
    /// Whether a device has taken frames since the last one was lost.
    pub(super) taken: bool,
    /// The last change, around which what is heard fades.
    pub(super) crossing: Option<Crossing>,
    /// The answer that is given, and since when.
    pub(super) answer: Option<(u64, Arc<[i16]>)>,
    /// Handed frames at which all is over, once someone wanted an end.
    pub(super) ends: Option<u64>,
    /// Where the session went on after the last break, if no jump led away from there.
    pub(super) resumed: Option<Frames>,
}

impl Playback {
    pub(super) fn new(mixer: Mixer, request: Request) -> Playback {
        let answers = Answers::bells(mixer.timeline().rate);
        let (lead, next) = (request.delay, request.begin);
        Playback {
            mixer,
            request,
            status: Status::Starting,
            commands: VecDeque::new(),
            answers,
            volume: Volume::default(),
            failure: None,
            handed: 0,
            marks: vec![Mark { handed: 0, lead, next, moves: true }],
            lead,
            next,
            begins: lead > Frames::ZERO,
            paused: false,
            taken: false,
            crossing: None,
            answer: None,
            ends: None,
            resumed: None,
        }
    }

    /// What the status is while a device plays.
    pub(super) fn wanted(&self) -> Status {
        if self.paused { Status::Paused } else { Status::Playing }
    }

    /// Whether a device has frames that it may not have played.
    pub(super) fn plays_on_device(&self) -> bool {
        self.taken && self.status != Status::Over
    }

    /// Where the listener is, when the device holds back so many frames; and how much of the delay is left.
    pub(super) fn heard(&self, buffered: Frames) -> (Frames, Frames) {
        let (heard, lead) = match self.status {
            // What a device took and does not play yet was not heard.
            Status::Starting | Status::Waiting(_) => self.place_at(self.marks[0].handed),
            _ => self.place_at(self.handed.saturating_sub(buffered.0)),
        };
        (heard, if self.begins { lead } else { Frames::ZERO })
    }

    fn place_at(&self, handed: u64) -> (Frames, Frames) {
        let mark = self.marks.iter().rev().find(|mark| mark.handed <= handed).unwrap_or(&self.marks[0]);
        let since = if mark.moves { handed.saturating_sub(mark.handed) } else { 0 };
        let lead = Frames(mark.lead.0.saturating_sub(since));
        (mark.next + Frames(since.saturating_sub(mark.lead.0)), lead)
    }

    /// Takes back frames that were not played, and carries out all commands.
    pub(super) fn settle(&mut self, unheard: Frames) {
        self.rewind(unheard);
        while let Some(command) = self.commands.pop_front() {
            self.carry_out(command);
        }
    }

    fn rewind(&mut self, unheard: Frames) {
        let handed = self.handed.saturating_sub(unheard.0).max(self.marks[0].handed);
        (self.next, self.lead) = self.place_at(handed);
        self.handed = handed;
        self.mark_anew();
    }

    /// What comes from here on has nothing to do with what was before.
    pub(super) fn mark_anew(&mut self) {
        self.begins &= self.lead > Frames::ZERO;
        self.marks.clear();
        self.mark();
    }

    fn mark(&mut self) {
        let mark = Mark { handed: self.handed, lead: self.lead, next: self.next, moves: !self.paused };
        self.marks.push(mark);
    }

    /// The device takes no more.
    pub(super) fn stall(&mut self, outage: Outage, unheard: Frames, moved: bool) {
        self.rewind(unheard);
        if moved && !self.paused && self.lead == Frames::ZERO {
            self.go_back();
        }
        (self.taken, self.crossing, self.answer) = (false, None, None);
        if moved && !self.paused {
            self.rise(CHANGE_MILLIS);
        }
        self.mark_anew();
        if self.status != Status::Over {
            // Nobody waits for a device to hear that it ends.
            self.status = if self.ends.is_some() { Status::Over } else { Status::Waiting(outage) };
        }
        self.settle(Frames::ZERO);
    }

    /// Writes the next frames, as many as there are.
    pub(super) fn read(&mut self, out: &mut [i16]) -> Frames {
        if self.status == Status::Over || self.failure.is_some() {
            return Frames::ZERO;
        }
        self.taken = true;
        let channels = self.mixer.channels().count();
        let room = (out.len() / channels) as u64;
        let frames = match self.ends {
            _ if self.paused => {
                self.mixer.fill_rest(Frames(self.handed), out);
                self.ends.map_or(room, |end| end.saturating_sub(self.handed).min(room))
            }
            _ => match self.session(out) {
                Ok(frames) => frames,
                Err(error) => {
                    self.failure = Some(error);
                    0
                }
            },
        };
        let out = &mut out[..frames as usize * channels];
        if let Some(crossing) = &self.crossing {
            self.fade(crossing, out);
        }
        self.speak(out);
        self.volume.apply(out);
        self.handed += frames;
        Frames(frames)
    }

    /// The session's own frames; the last ones at its end.
    fn session(&mut self, out: &mut [i16]) -> Result<u64, Error> {
        let channels = self.mixer.channels().count();
        let (room, end) = ((out.len() / channels) as u64, self.request.range.end);
        let mut done = self.lead.0.min(room);
        self.lead = self.lead - Frames(done);
        self.mixer.fill_rest(Frames(self.handed), &mut out[..done as usize * channels]);
        while done < room {
            let frames = (end.saturating_sub(self.next).0).min(room - done);
            if frames > 0 {
                let from = done as usize * channels;
                self.mixer.fill(self.next, &mut out[from..from + frames as usize * channels])?;
                (done, self.next) = (done + frames, self.next + Frames(frames));
            }
            if self.next >= end {
                if !self.request.repeats || self.request.range.is_empty() {
                    break;
                }
                self.next = self.request.range.start;
                self.marks.push(Mark { handed: self.handed + done, lead: Frames::ZERO, next: self.next, moves: true });
            }
        }
        Ok(done)
    }

    pub(super) fn millis(&self, millis: u64) -> u64 {
        u64::from(self.mixer.timeline().rate.hz()) * millis / 1000
    }

    /// What is heard changes here, over so many milliseconds.
    pub(super) fn cross(&mut self, millis: u64) {
        let sounds = !self.paused && self.lead == Frames::ZERO;
        let before = self.crossing.take().filter(|crossing| self.handed < crossing.since + crossing.frames);
        let tail = sounds.then(|| Tail { mixer: self.mixer.clone(), next: self.next, crossing: before.map(Box::new) });
        self.crossing = Some(Crossing { since: self.handed, frames: self.millis(millis), tail });
    }

    /// Back to where one goes on after a break: a little before what was last said, but not before the wanted part, nor before
    /// where one went on last. So breaks in quick succession do not lead back through the session.
    pub(super) fn go_back(&mut self) {
        let floor = Some(self.request.range.start).filter(|start| *start <= self.next).unwrap_or(Frames::ZERO);
        let last = self.resumed.filter(|last| *last <= self.next);
        self.next = self.mixer.timeline().resumption(self.next).max(floor).max(last.unwrap_or(Frames::ZERO));
        self.resumed = Some(self.next);
    }

    /// What is heard begins after a rest: softly, unless a word or a bell begins with it.
    pub(super) fn rise(&mut self, millis: u64) {
        let mut starts = self.mixer.timeline().regions.iter().map(|region| region.start);
        let quiet = starts.find(|start| *start >= self.next).map(|start| (start - self.next).0);
        let frames = quiet.unwrap_or(u64::MAX).min(self.millis(millis));
        self.crossing = Some(Crossing { since: self.handed + self.lead.0, frames, tail: None });
    }

    /// Fades around a change.
    fn fade(&self, crossing: &Crossing, out: &mut [i16]) {
        let (channels, length) = (self.mixer.channels().count(), crossing.frames);
        let ahead = (crossing.since.saturating_sub(self.handed) as usize).min(out.len() / channels);
        let out = &mut out[ahead * channels..];
        // What is over is still kept for as long as frames could be taken back.
        let passed = self.handed.saturating_sub(crossing.since);
        let frames = (length.saturating_sub(passed) as usize).min(out.len() / channels);
        let mut before = vec![0; frames * channels];
        if let Some(tail) = &crossing.tail {
            // A recording that has gone in this very moment is silent.
            let _ = tail.mixer.fill(tail.next + Frames(passed), &mut before);
            if let Some(earlier) = &tail.crossing {
                self.fade(earlier, &mut before);
            }
        }
        for (index, (frame, before)) in out.chunks_mut(channels).zip(before.chunks(channels)).enumerate() {
            let rise = (passed + index as u64 + 1) as f32 / (length + 1) as f32;
            // What is the same before and after stays so to the bit.
            for (sample, before) in frame.iter_mut().zip(before) {
                *sample = (f32::from(*sample) * rise + f32::from(*before) * (1.0 - rise)).round() as i16;
            }
        }
    }

    /// Adds the answer that is given, the session standing back.
    fn speak(&mut self, out: &mut [i16]) {
        let (channels, ramp) = (self.mixer.channels().count(), self.millis(DUCK_MILLIS));
        let Some((since, words)) = &self.answer else { return };
        let passed = self.handed.saturating_sub(*since);
        let end = words.len() as u64 + ramp;
        if passed >= end || words.is_empty() {
            return;
        }
        for (index, frame) in out.chunks_mut(channels).enumerate() {
            let at = passed + index as u64;
            let near = at.min(end.saturating_sub(at)).min(ramp) as f32 / ramp.max(1) as f32;
            let (gain, word) = (1.0 - (1.0 - DUCKED) * near, words.get(at as usize).copied().unwrap_or(0));
            for sample in frame {
                *sample = ((f32::from(*sample) * gain).round() as i16).saturating_add(word);
            }
        }
    }
}
