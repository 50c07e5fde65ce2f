//! How many channels a session is heard in.

/// Samples for a frame: one or two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channels {
    /// One.
    Mono,
    /// Two, left first.
    Stereo,
}

impl Channels {
    /// How many.
    pub fn count(self) -> usize {
        match self {
            Channels::Mono => 1,
            Channels::Stereo => 2,
        }
    }
}
