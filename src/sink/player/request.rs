//! What is to be played, and how it goes.

use crate::frames::{FrameRange, Frames};

/// Why nothing is heard at the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outage {
    /// No device could be opened: what was tried, and what came of it.
    Absent(String),
    /// The device was there, and takes no more.
    Frozen,
    /// The device was there, and is gone.
    Gone(String),
}

/// Who wanted a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseCause {
    /// The listener.
    Listener,
    /// Another program, such as one that takes a call. The session goes on by itself when that is over.
    OtherProgram,
    /// The headphones (or whatever it was heard on) are gone. It goes on when they are back, or with a key.
    DeviceGone,
}

/// What the player is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// No device has been opened yet.
    Starting,
    /// The session is heard.
    Playing,
    /// Someone or something wanted a pause.
    Paused(PauseCause),
    /// There is no device: the session waits for one.
    Waiting(Outage),
    /// It is over, or was ended.
    Over,
}

/// How a session is to be played.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// The part of it that is wanted. Keys may go before it, and not beyond.
    pub range: FrameRange,
    /// The frame that is heard first.
    pub begin: Frames,
    /// Silence before it begins.
    pub delay: Frames,
    /// Whether it begins again when it has ended.
    pub repeats: bool,
    /// Whether it plays on where the device that it was heard on is gone and another is there.
    pub keeps_playing: bool,
}
