//! The player: a session that is played, from any place, at any moment.
//!
//! What a device takes are frames; what it has taken and not played can be taken back. So every command (a pause, a jump, a
//! longer hold) is carried out a moment ahead of the frame that is heard, and nothing is lost or doubled around it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::command::Command;
use super::lost_device::Stall;
#[cfg(all(unix, not(target_os = "macos")))]
use super::outlet::Outlet;
use super::playback::Playback;
use super::request::{Outage, PauseCause, Request, Status};
use super::spoken_answers::Answers;
use super::state::{Device, State};
use crate::error::Error;
use crate::frames::Frames;
use crate::render::Mixer;

/// What a glance shows: the status, where the listener is, and on what.
pub struct Glance {
    /// What the player is doing.
    pub status: Status,
    /// The frame that is heard.
    pub heard: Frames,
    /// Silence before the beginning that is left; none once something of the session was heard.
    pub delay: Frames,
    /// What the session is by now.
    pub mixer: Mixer,
    /// How loud, in percent.
    pub volume: u32,
    /// The first frame after the part that is wanted.
    pub end: Frames,
    /// Whether someone wanted it to end.
    pub stopped: bool,
}

/// A session that is played.
pub struct Player {
    playback: Mutex<Playback>,
    changed: Condvar,
    waiting: AtomicBool,
    /// Frames that the device has taken and not played, about.
    buffered: AtomicU64,
    wake: Mutex<Option<Box<dyn Fn() + Send>>>,
    #[cfg(all(unix, not(target_os = "macos")))]
    outlet: Mutex<Option<Outlet>>,
}

impl Player {
    /// A player with a session on it, not yet playing.
    pub fn new(mixer: Mixer, request: Request) -> Player {
        Player {
            playback: Mutex::new(Playback::new(mixer, request)),
            changed: Condvar::new(),
            waiting: AtomicBool::new(false),
            buffered: AtomicU64::new(0),
            wake: Mutex::default(),
            #[cfg(all(unix, not(target_os = "macos")))]
            outlet: Mutex::default(),
        }
    }

    fn playback(&self) -> MutexGuard<'_, Playback> {
        // What a panic leaves behind is a place on a timeline, and still one.
        self.playback.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the answers to keys their sound.
    pub fn answer_with(&self, answers: Answers) {
        self.playback().answers = answers;
    }

    /// Carries out a command a moment ahead of the frame that is heard; at once where no device is there.
    pub fn command(&self, command: Command) {
        let mut playback = self.playback();
        playback.commands.push_back(command);
        if playback.plays_on_device() {
            self.waiting.store(true, Ordering::Release);
        } else {
            playback.settle(Frames::ZERO);
        }
        self.changed.notify_all();
        drop(playback);
        if let Some(wake) = &*self.wake.lock().unwrap_or_else(PoisonError::into_inner) {
            wake();
        }
    }

    /// Where the listener is.
    pub fn glance(&self) -> Glance {
        let playback = self.playback();
        let (heard, delay) = playback.heard(Frames(self.buffered.load(Ordering::Relaxed)));
        Glance {
            status: playback.status(),
            heard,
            delay,
            mixer: playback.mixer.clone(),
            volume: playback.volume.percent(),
            end: playback.request.range.end,
            stopped: playback.state.is_stopped(),
        }
    }

    /// Waits until something has changed, at most for `time`.
    pub fn wait(&self, time: Duration) {
        let playback = self.playback();
        let _ = self.changed.wait_timeout(playback, time);
    }

    /// Looks for a device at once, where none is there.
    pub fn look_again(&self) {
        self.changed.notify_all();
    }

    /// What made rendering fail, once.
    pub fn failure(&self) -> Option<Error> {
        self.playback().failure.take()
    }

    // What follows is the devices' side.

    /// Who is told that a command waits.
    pub(super) fn set_wake(&self, wake: Option<Box<dyn Fn() + Send>>) {
        *self.wake.lock().unwrap_or_else(PoisonError::into_inner) = wake;
    }

    /// Whether a command waits.
    pub(super) fn is_waiting(&self) -> bool {
        self.waiting.load(Ordering::Acquire)
    }

    /// Takes back the last `unheard` frames, which the device did not play, and carries out all commands there.
    pub(super) fn settle(&self, unheard: Frames) {
        let mut playback = self.playback();
        self.waiting.store(false, Ordering::Release);
        playback.settle(unheard);
        self.changed.notify_all();
    }

    /// Writes the next frames; how many there were. None at all is the end.
    pub(super) fn read(&self, out: &mut [i16]) -> Frames {
        self.playback().read(out)
    }

    /// The device plays what it takes, and holds back about so much of it.
    pub(super) fn plays(&self, buffered: Frames) {
        self.buffered.store(buffered.0, Ordering::Relaxed);
        let mut playback = self.playback();
        if playback.device != Device::Playing {
            playback.device = Device::Playing;
            self.changed.notify_all();
        }
    }

    /// The device takes no more. `unheard` frames of what it took were not played; `moved` tells whether any were.
    pub(super) fn stalls(&self, outage: Outage, unheard: Frames, moved: bool) {
        let mut playback = self.playback();
        self.waiting.store(false, Ordering::Release);
        self.buffered.store(0, Ordering::Relaxed);
        playback.stall(Stall { outage, unheard, moved });
        self.changed.notify_all();
    }

    /// Everything was played.
    pub(super) fn ends(&self) {
        let mut playback = self.playback();
        playback.state = State::Over { wanted: playback.state.is_stopped() };
        self.changed.notify_all();
    }

    /// Whether nothing more will be played.
    pub(super) fn is_over(&self) -> bool {
        self.playback().state.is_over()
    }

    /// Why it is paused, where the listener did not ask for it.
    pub(super) fn interruption(&self) -> Option<PauseCause> {
        match self.playback().state {
            State::Paused(cause @ (PauseCause::OtherProgram | PauseCause::DeviceGone)) => Some(cause),
            _ => None,
        }
    }

    /// What the listener heard it on last.
    #[cfg(all(unix, not(target_os = "macos")))]
    pub(super) fn outlet(&self) -> Option<Outlet> {
        self.outlet.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes what the listener hears it on.
    #[cfg(all(unix, not(target_os = "macos")))]
    pub(super) fn set_outlet(&self, outlet: Option<Outlet>) {
        *self.outlet.lock().unwrap_or_else(PoisonError::into_inner) = outlet;
    }

    /// Whether it plays on where the device that it was heard on is gone.
    pub(super) fn keeps_playing(&self) -> bool {
        self.playback().request.keeps_playing
    }

    /// Samples for a frame, and frames a second.
    pub(super) fn format(&self) -> (usize, crate::frames::SampleRate) {
        let playback = self.playback();
        (playback.mixer.channels().count(), playback.mixer.timeline().rate)
    }

    /// How many samples and commands are kept for what comes.
    #[cfg(test)]
    pub(super) fn kept(&self) -> (usize, usize) {
        let playback = self.playback();
        (playback.fade.as_ref().map_or(0, super::fade::Fade::samples), playback.commands.len())
    }

    /// How long the request is.
    pub(super) fn length(&self) -> Frames {
        self.playback().request.range.frames()
    }
}
