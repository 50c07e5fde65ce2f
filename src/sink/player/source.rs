//! The session as a rodio source: what every device plays.

use std::num::{NonZeroU16, NonZeroU32};
use std::sync::Arc;
use std::time::Duration;

use rodio::Source;
use rodio::source::SeekError;

use super::command::Command;
use super::control::Player;
use crate::frames::{Frames, SampleRate};

/// Frames that are rendered at once: 5 ms at 48 kHz. What is rendered and not played when a command comes is taken back.
const BLOCK: usize = 240;

/// Full scale of 16 bit. Dividing by it and multiplying again gives the same number back: it is a power of two.
pub(super) const FULL_SCALE: f32 = 32768.0;

/// What is played, as the samples that rodio takes.
pub struct SessionSource {
    player: Arc<Player>,
    channels: usize,
    rate: SampleRate,
    block: Vec<i16>,
    at: usize,
    /// Whether commands are carried out here: where the device cannot say what it has not played.
    settles: bool,
}

impl SessionSource {
    /// The session on a player. With `settles`, commands are carried out as the frames are taken; otherwise the device does it.
    pub fn new(player: Arc<Player>, settles: bool) -> SessionSource {
        let (channels, rate) = player.format();
        SessionSource { player, channels, rate, block: Vec::new(), at: 0, settles }
    }

    /// Forgets what is rendered and not taken; how much that was.
    pub(super) fn take_back(&mut self) -> Frames {
        let frames = (self.block.len() - self.at) / self.channels;
        self.block.clear();
        self.at = 0;
        Frames(frames as u64)
    }

    fn refill(&mut self) {
        if self.settles && self.player.is_waiting() {
            let unheard = self.take_back();
            self.player.settle(unheard);
        }
        self.block.resize(BLOCK * self.channels, 0);
        let frames = self.player.read(&mut self.block);
        self.block.truncate(frames.0 as usize * self.channels);
        self.at = 0;
    }
}

impl Iterator for SessionSource {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        if self.at == self.block.len() {
            self.refill();
        }
        let sample = *self.block.get(self.at)?;
        self.at += 1;
        Some(f32::from(sample) / FULL_SCALE)
    }
}

impl Source for SessionSource {
    fn current_span_len(&self) -> Option<usize> {
        None
    }

    fn channels(&self) -> NonZeroU16 {
        NonZeroU16::new(self.channels as u16).unwrap_or(NonZeroU16::MIN)
    }

    fn sample_rate(&self) -> NonZeroU32 {
        NonZeroU32::new(self.rate.hz()).unwrap_or(NonZeroU32::MIN)
    }

    fn total_duration(&self) -> Option<Duration> {
        Some(self.player.length().duration(self.rate))
    }

    fn try_seek(&mut self, position: Duration) -> Result<(), SeekError> {
        self.player.command(Command::Seek(self.rate.frames(position)));
        Ok(())
    }
}
