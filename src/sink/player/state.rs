//! What the player does, and whether a device plays it: the two things that commands and devices change.

use super::request::{Outage, PauseCause, Status};

/// What is handed to the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The session.
    Playing,
    /// Silence, until someone goes on.
    Paused(PauseCause),
    /// Silence under the answer to an end, until so many frames were handed over.
    Ending {
        /// The first frame after the end, counted in frames handed over.
        at: u64,
    },
    /// Nothing.
    Over {
        /// Whether someone wanted the end, and the session did not come to its own.
        wanted: bool,
    },
}

impl State {
    pub(super) fn is_over(self) -> bool {
        matches!(self, State::Over { .. })
    }

    /// Whether someone wanted an end.
    pub(super) fn is_stopped(self) -> bool {
        matches!(self, State::Ending { .. } | State::Over { wanted: true })
    }
}

/// Whether a device is there, and why the one before it was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Device {
    /// None has taken anything since the last outage; since the start, where there was none.
    Missing(Option<Outage>),
    /// One takes frames and has not been seen to play.
    Taking(Option<Outage>),
    /// One plays.
    Playing,
}

impl Device {
    /// Why nothing is heard, where a device was lost.
    pub(super) fn outage(&self) -> Option<&Outage> {
        match self {
            Device::Missing(outage) | Device::Taking(outage) => outage.as_ref(),
            Device::Playing => None,
        }
    }

    /// Notes that frames were taken.
    pub(super) fn take(&mut self) {
        if let Device::Missing(outage) = self {
            *self = Device::Taking(outage.take());
        }
    }
}

/// What both are together, for people.
pub(super) fn status(state: State, device: &Device) -> Status {
    match (state, device.outage(), device) {
        (State::Over { .. }, ..) => Status::Over,
        (_, Some(outage), _) => Status::Waiting(outage.clone()),
        (State::Paused(cause), ..) => Status::Paused(cause),
        (_, None, Device::Playing) => Status::Playing,
        (_, None, _) => Status::Starting,
    }
}
