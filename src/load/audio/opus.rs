//! Opus in Ogg, packet by packet.

use std::io::{BufReader, Read};
use std::ops::ControlFlow;

use opus_pure::{MAX_PACKET_SAMPLES, OggOpusReader, OggPacket, OpusDecoder, OpusHead, Trim};

use super::output::{More, Output, Packet};
use super::panics::{FAILED, caught};

/// A decoder of one stream, with what its head says of it.
pub(super) struct Stream {
    head: OpusHead,
    decoder: OpusDecoder,
    trim: Trim,
    channels: usize,
    block: Vec<f32>,
}

/// What is wrong with a stream, in words.
pub(super) fn damaged(error: opus_pure::Error) -> String {
    format!("damaged Opus: {error}")
}

/// The rate that Opus is decoded at, in hertz: its own.
const RATE_HZ: i32 = 48_000;

impl Stream {
    /// A stream from its start.
    pub(super) fn new(head: &OpusHead) -> Result<Stream, String> {
        let channels = usize::from(head.channel_count);
        if channels > 2 {
            return Err(format!("expected 1 or 2 channels of Opus, found {channels}"));
        }
        Ok(Stream {
            decoder: head.decoder(RATE_HZ).map_err(damaged)?,
            trim: Trim::new(head, RATE_HZ, channels).map_err(damaged)?,
            channels,
            block: vec![0.0; MAX_PACKET_SAMPLES * channels],
            head: head.clone(),
        })
    }

    /// Forgets every packet before, but not how far the stream has come.
    pub(super) fn begin_anew(&mut self) -> Result<(), String> {
        self.decoder = self.head.decoder(RATE_HZ).map_err(damaged)?;
        Ok(())
    }

    /// Decodes a packet: how many frames it has.
    pub(super) fn decode(&mut self, packet: &OggPacket) -> Result<usize, String> {
        self.decoder.decode(&packet.data, MAX_PACKET_SAMPLES, &mut self.block).map_err(damaged)
    }

    /// What a packet of so many frames, decoded last, adds to the recording.
    pub(super) fn packet(&mut self, packet: &OggPacket, frames: usize) -> Packet<'_> {
        let samples = self.trim.keep(packet, &self.block[..frames * self.channels]);
        Packet { samples, channels: self.channels, rate_hz: RATE_HZ.cast_unsigned() }
    }
}

/// Decodes one stream of any length and hands over its packets.
pub(super) fn decode<E: From<String>>(source: impl Read, output: &mut Output<'_, E>) -> More<E> {
    let mut opened = caught(|| {
        let reader = OggOpusReader::new(BufReader::new(source)).map_err(damaged)?;
        let stream = Stream::new(reader.head())?;
        Ok((reader, stream))
    });
    let (reader, stream) = opened
        .as_mut()
        .map_or(Err(FAILED.to_owned()), |opened: &mut Result<_, String>| {
            opened.as_mut().map_err(|reason| reason.clone())
        })
        .map_err(|reason| output.stopped(&reason))?;
    let mut packet = OggPacket::default();
    loop {
        let next = caught(|| {
            let is_there = reader.read_packet_into(&mut packet).map_err(damaged)?;
            if is_there { stream.decode(&packet).map(Some) } else { Ok(None) }
        });
        match next.unwrap_or_else(|| Err(FAILED.into())).map_err(|reason| output.stopped(&reason))? {
            Some(frames) if output.hand(&stream.packet(&packet, frames))?.is_continue() => {}
            Some(_) => return Ok(ControlFlow::Break(())),
            None => return Ok(ControlFlow::Continue(())),
        }
    }
}
