//! What happens at a lost device: the session stands where it was heard, and goes on when a device is there.

use std::time::Duration;

use super::playback::{CHANGE_MILLIS, Playback};
use super::request::Outage;
use super::state::{Device, State};
use crate::frames::Frames;

/// How often a device is looked for after one was lost; it is looked for at every key, too.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(500);

/// A device takes something at least this often, or it is frozen: late enough for a busy machine, soon enough that nobody
/// lies in silence and wonders.
pub(super) const FROZEN: Duration = Duration::from_millis(1500);

/// The first time it may take longer: a sound server that was idle plays what it holds first (up to two seconds), and
/// wireless headphones have to wake up.
pub(super) const STARTS: Duration = Duration::from_secs(5);

/// How a device was lost.
pub(super) struct Stall {
    pub(super) outage: Outage,
    /// How many frames it took and did not play.
    pub(super) unheard: Frames,
    /// Whether it played anything.
    pub(super) moved: bool,
}

impl Stall {
    /// No device could be opened.
    pub(super) fn absent(reason: String) -> Stall {
        Stall { outage: Outage::Absent(reason), unheard: Frames::ZERO, moved: false }
    }
}

impl Playback {
    /// Notes that the device takes no more, and takes back what it did not play.
    pub(super) fn stall(&mut self, stall: Stall) {
        self.rewind(stall.unheard);
        (self.fade, self.answer) = (None, None);
        if stall.moved && self.state == State::Playing {
            if self.anchor.lead == Frames::ZERO {
                self.go_back();
            }
            self.rise(CHANGE_MILLIS);
        }
        self.anchor_here();
        if self.state.is_stopped() {
            // Nobody waits for a device to hear that it ends.
            self.state = State::Over { wanted: true };
        }
        self.device = Device::Missing(Some(stall.outage));
        self.settle(Frames::ZERO);
    }
}
