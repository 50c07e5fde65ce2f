//! Any recording as stereo at one rate, block by block: what is heard for an hour is never in memory as a whole.

use std::ops::ControlFlow;

use super::decoder::{self, Packet};
use super::resample::Resampler;
use crate::error::Result;
use crate::frames::SampleRate;
use crate::load::files::{Content, Opened};
use crate::work::Work;

/// Frames that are resampled at once.
const BLOCK: usize = 4096;

/// Decodes a recording of at most `most` frames, and hands over what it is at `rate`: interleaved stereo, full scale 1, in blocks. One
/// channel is heard on both sides.
///
/// # Errors
/// The file cannot be opened; someone wants it to stop. Within: what is wrong with the recording, or what `hand` says.
pub(crate) fn decode<E: From<String>>(
    content: &Content,
    rate: SampleRate,
    most: u64,
    work: &Work<'_>,
    mut hand: impl FnMut(&mut [f64]) -> Result<(), E>,
) -> Result<Result<(), E>> {
    let (mut stopped, ending) = (Ok(()), content.ending());
    let mut stereo = Stereo { rate, packet: Vec::new(), resampler: None };
    let take = |packet: &Packet<'_>| {
        stopped = work.go_on();
        match stopped {
            Ok(()) => stereo.take(packet, &mut hand).map(ControlFlow::Continue),
            Err(_) => Ok(ControlFlow::Break(())),
        }
    };
    let decoded = match content.open()? {
        Opened::File(file) => decoder::decode(file, ending, most, take),
        Opened::Memory(bytes) => decoder::decode(bytes, ending, most, take),
        Opened::BuiltIn(bytes) => decoder::decode(bytes, ending, most, take),
    };
    stopped?;
    Ok(decoded.and_then(|_| stereo.end(&mut hand)))
}

/// Packets on their way to stereo at a rate.
struct Stereo {
    rate: SampleRate,
    /// The last packet, interleaved; its memory is used again.
    packet: Vec<f64>,
    resampler: Option<Resampler>,
}

impl Stereo {
    fn take<E: From<String>>(
        &mut self,
        packet: &Packet<'_>,
        hand: &mut impl FnMut(&mut [f64]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.packet.clear();
        for frame in packet.samples.chunks_exact(packet.channels) {
            let frame = match *frame {
                [one] => [one, one],
                [left, right, ..] => [left, right],
                [] => [0.0; 2],
            };
            self.packet.extend(frame.map(f64::from));
        }
        if packet.rate_hz == self.rate.hz() {
            return hand(&mut self.packet);
        }
        let resampler = match &mut self.resampler {
            Some(resampler) => resampler,
            none => none.insert(Resampler::new(packet.rate_hz, self.rate, 2, BLOCK)?),
        };
        let mut rest = &self.packet[..];
        while let Some(block) = resampler.next(&mut rest)? {
            hand(block)?;
        }
        Ok(())
    }

    /// Hands over what still waits for a whole block.
    fn end<E: From<String>>(&mut self, hand: &mut impl FnMut(&mut [f64]) -> Result<(), E>) -> Result<(), E> {
        match self.resampler.as_mut().map(Resampler::flush).transpose()?.flatten() {
            Some(block) => hand(block),
            None => Ok(()),
        }
    }
}
