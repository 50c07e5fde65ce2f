//! What is handed to the device next: a place in a session, and everything that commands change about it.
//!
//! All that sounds beside the session (an answer, a fade around a jump) is a function of how many frames were handed over,
//! so frames that are taken back are handed over again just as they were.

use std::collections::VecDeque;
use std::sync::Arc;

use super::command::Command;
use super::fade::Fade;
use super::request::{Request, Status};
use super::spoken_answers::Answers;
use super::state::{self, Device, State};
use super::volume::Volume;
use crate::error::Error;
use crate::frames::Frames;
use crate::render::Mixer;

/// How long a change of what lies under the voice fades, in milliseconds: softly, and yet at once an answer to the key.
pub(super) const CHANGE_MILLIS: u64 = 400;
/// While an answer is given, the session is this much of itself (−12 dB).
const DUCKED: f32 = 0.25;
/// How long it takes to get there, and back, in milliseconds.
const DUCK_MILLIS: u64 = 20;

/// The place from which what is handed over is counted.
#[derive(Clone, Copy)]
pub(super) struct Anchor {
    /// How many frames had been handed over.
    handed: u64,
    /// How many frames of silence come first.
    pub(super) lead: Frames,
    /// The frame of the session that comes behind them.
    pub(super) next: Frames,
    /// Whether that silence is the delay before the beginning.
    delays: bool,
    /// Whether the session moves on from here.
    moves: bool,
}

/// An answer while it is given.
pub(super) struct Spoken {
    /// How many frames had been handed over where it begins.
    start: u64,
    /// Its samples, mono.
    samples: Arc<[i16]>,
}

/// A session with a place in it.
pub(super) struct Playback {
    pub(super) mixer: Mixer,
    pub(super) request: Request,
    pub(super) state: State,
    pub(super) device: Device,
    pub(super) commands: VecDeque<Command>,
    pub(super) answers: Answers,
    pub(super) volume: Volume,
    pub(super) failure: Option<Error>,
    /// How many frames were handed over, without those that were taken back.
    pub(super) handed: u64,
    pub(super) anchor: Anchor,
    /// The fade around the last change.
    pub(super) fade: Option<Fade>,
    /// The last answer.
    pub(super) answer: Option<Spoken>,
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
            state: State::Playing,
            device: Device::Missing(None),
            commands: VecDeque::new(),
            answers,
            volume: Volume::default(),
            failure: None,
            handed: 0,
            anchor: Anchor { handed: 0, lead, next, delays: lead > Frames::ZERO, moves: true },
            fade: None,
            answer: None,
            resumed: None,
        }
    }

    pub(super) fn status(&self) -> Status {
        state::status(self.state, &self.device)
    }

    /// Whether a device has frames that it may not have played.
    pub(super) fn plays_on_device(&self) -> bool {
        !matches!(self.device, Device::Missing(_)) && !self.state.is_over()
    }

    /// Where the listener is, when the device holds back `buffered` frames; and how much of the delay is left.
    pub(super) fn heard(&self, buffered: Frames) -> (Frames, Frames) {
        let (heard, lead) = match self.status() {
            // What a device took and does not play yet was not heard.
            Status::Starting | Status::Waiting(_) => self.place_at(self.anchor.handed),
            _ => self.place_at(self.handed.saturating_sub(buffered.0)),
        };
        (heard, if self.anchor.delays { lead } else { Frames::ZERO })
    }

    /// The frame of the session that comes when `handed` frames have been handed over, and how much silence comes before it.
    fn place_at(&self, handed: u64) -> (Frames, Frames) {
        let (anchor, range) = (&self.anchor, self.request.range);
        let passed = if anchor.moves { handed.saturating_sub(anchor.handed) } else { 0 };
        let lead = Frames(anchor.lead.0.saturating_sub(passed));
        let next = anchor.next + Frames(passed.saturating_sub(anchor.lead.0));
        if !self.loops() || next < range.end {
            return (next, lead);
        }
        (range.start + Frames((next - range.end).0 % range.frames().0), lead)
    }

    /// Whether the wanted part begins again at its end.
    fn loops(&self) -> bool {
        self.request.repeats && !self.request.range.is_empty()
    }

    /// Takes back frames that were not played, and carries out all commands.
    pub(super) fn settle(&mut self, unheard: Frames) {
        self.rewind(unheard);
        while let Some(command) = self.commands.pop_front() {
            self.carry_out(command);
        }
    }

    /// Takes back frames that were not played, but none from before the last change.
    pub(super) fn rewind(&mut self, unheard: Frames) {
        let handed = self.handed.saturating_sub(unheard.0).max(self.anchor.handed);
        (self.anchor.next, self.anchor.lead) = self.place_at(handed);
        self.handed = handed;
        self.anchor_here();
    }

    /// What comes from here on has nothing to do with what was before.
    pub(super) fn anchor_here(&mut self) {
        self.anchor.handed = self.handed;
        self.anchor.delays &= self.anchor.lead > Frames::ZERO;
        if !self.state.is_over() {
            self.anchor.moves = self.state == State::Playing;
        }
    }

    /// Writes the next frames, as many as there are.
    pub(super) fn read(&mut self, out: &mut [i16]) -> Frames {
        if self.failure.is_some() {
            return Frames::ZERO;
        }
        let channels = self.mixer.channels().count();
        let room = (out.len() / channels) as u64;
        let frames = match self.state {
            State::Over { .. } => return Frames::ZERO,
            State::Playing => self.session(out).unwrap_or_else(|error| {
                self.failure = Some(error);
                0
            }),
            State::Paused(_) => room,
            State::Ending { at } => at.saturating_sub(self.handed).min(room),
        };
        if self.state != State::Playing {
            self.mixer.fill_rest(Frames(self.handed), out);
        }
        self.device.take();
        let out = &mut out[..frames as usize * channels];
        if let Some(fade) = &self.fade {
            fade.apply(self.handed, channels, out);
        }
        self.speak(out);
        self.volume.apply(out);
        self.handed += frames;
        Frames(frames)
    }

    /// Writes the session's own frames, the last ones at its end; how many there were.
    fn session(&self, out: &mut [i16]) -> Result<u64, Error> {
        let channels = self.mixer.channels().count();
        let (room, end) = ((out.len() / channels) as u64, self.request.range.end);
        let (mut next, lead) = self.place_at(self.handed);
        let mut done = lead.0.min(room);
        self.mixer.fill_rest(Frames(self.handed), &mut out[..done as usize * channels]);
        while done < room {
            let frames = end.saturating_sub(next).0.min(room - done);
            if frames == 0 {
                break;
            }
            let from = done as usize * channels;
            self.mixer.fill(next, &mut out[from..from + frames as usize * channels])?;
            (done, next) = (done + frames, next + Frames(frames));
            if next >= end && self.loops() {
                next = self.request.range.start;
            }
        }
        Ok(done)
    }

    /// How many frames so many milliseconds are.
    pub(super) fn millis(&self, millis: u64) -> u64 {
        u64::from(self.mixer.timeline().rate.hz()) * millis / 1000
    }

    /// Lets what is heard now fade out over so many milliseconds, under whatever comes from here on.
    pub(super) fn cross(&mut self, millis: u64) {
        let frames = self.millis(millis);
        let sounds = self.state == State::Playing && self.anchor.lead == Frames::ZERO;
        let before = if sounds { self.without_a_change(frames) } else { Vec::new() };
        self.fade = Some(Fade::new(self.handed, frames, before));
    }

    /// The next frames as they would be heard if nothing changed, without an answer.
    fn without_a_change(&self, frames: u64) -> Vec<i16> {
        let channels = self.mixer.channels().count();
        let mut samples = vec![0; frames as usize * channels];
        // A recording that has gone in this very moment is silent.
        let _ = self.mixer.fill(self.anchor.next, &mut samples);
        if let Some(fade) = &self.fade {
            fade.apply(self.handed, channels, &mut samples);
        }
        samples
    }

    /// Goes back to where one goes on after a break: a little before what was last said, but not before the wanted part, nor
    /// before where one went on last. So breaks in quick succession do not lead back through the session.
    pub(super) fn go_back(&mut self) {
        let next = self.anchor.next;
        let floor = Some(self.request.range.start).filter(|start| *start <= next).unwrap_or(Frames::ZERO);
        let last = self.resumed.filter(|last| *last <= next).unwrap_or(Frames::ZERO);
        self.anchor.next = self.mixer.timeline().resumption(next).max(floor).max(last);
        self.resumed = Some(self.anchor.next);
    }

    /// Lets what is heard after a rest come in over so many milliseconds, or until a word or a bell begins.
    pub(super) fn rise(&mut self, millis: u64) {
        let next = self.anchor.next;
        let mut starts = self.mixer.timeline().regions.iter().map(|region| region.start);
        let quiet = starts.find(|start| *start >= next).map_or(u64::MAX, |start| (start - next).0);
        let frames = quiet.min(self.millis(millis));
        self.fade = Some(Fade::new(self.handed + self.anchor.lead.0, frames, Vec::new()));
    }

    /// Begins an answer here.
    pub(super) fn say(&mut self, samples: Arc<[i16]>) {
        self.answer = Some(Spoken { start: self.handed, samples });
    }

    /// Adds the answer that is given, the session standing back.
    fn speak(&self, out: &mut [i16]) {
        let (channels, ramp) = (self.mixer.channels().count(), self.millis(DUCK_MILLIS));
        let Some(Spoken { start, samples }) = &self.answer else { return };
        let passed = self.handed.saturating_sub(*start);
        let end = samples.len() as u64 + ramp;
        if passed >= end || samples.is_empty() {
            return;
        }
        for (index, frame) in out.chunks_mut(channels).enumerate() {
            let at = passed + index as u64;
            let near = at.min(end.saturating_sub(at)).min(ramp) as f32 / ramp.max(1) as f32;
            let (gain, word) = (1.0 - (1.0 - DUCKED) * near, samples.get(at as usize).copied().unwrap_or(0));
            for sample in frame {
                *sample = ((f32::from(*sample) * gain).round() as i16).saturating_add(word);
            }
        }
    }
}
