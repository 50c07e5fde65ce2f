//! A recording of one's own as the recordings of the voices that are built in are: one channel of Opus in Ogg (RFC 7845), at its level.

use std::io;

use opus_pure::{
    Application, Bandwidth, Error, MAX_PACKET_BYTES, OggOpusWriter, OpusEncoder, OpusHead, OpusTags, RateControl,
};

use crate::frames::SampleRate;

/// Frames of a packet at 48 kHz: 20 ms, as a browser's library expects it.
const PACKET: usize = 960;
/// Bits a second: at this rate speech recorded with a telephone is told from the original by nobody.
const BITS: i32 = 40_000;
/// How hard the encoder tries, of 10. A clip is encoded once and fetched by every listener.
const COMPLEXITY: i32 = 10;
/// Packets on a page: a clip of seconds has few pages, and each costs 28 bytes.
const PAGE_BYTES: usize = 1 << 15;

/// Encodes a recording at 48 kHz; what is decoded has as many frames.
///
/// # Errors
/// What the encoder cannot do.
pub(super) fn opus(samples: &[i16]) -> io::Result<Vec<u8>> {
    encode(samples).map_err(|error| match error {
        Error::Io(source) => source,
        error => io::Error::other(error.to_string()),
    })
}

fn encode(samples: &[i16]) -> Result<Vec<u8>, Error> {
    let rate = SampleRate::DEFAULT.hz();
    let mut encoder = OpusEncoder::new(rate as i32, 1, Application::RestrictedLowDelay)?;
    encoder.bitrate_bps = BITS;
    encoder.complexity = COMPLEXITY;
    encoder.rate_control = RateControl::Vbr;
    encoder.force_bandwidth = Some(Bandwidth::Fullband);
    let head = OpusHead::for_encoder(&encoder, rate);
    let end = usize::from(head.pre_skip) + samples.len();
    let mut ogg = OggOpusWriter::with_tags(Vec::new(), head, OpusTags::new())?;
    ogg.set_page_target(PAGE_BYTES);
    let (mut block, mut packet) = ([0; PACKET], vec![0; MAX_PACKET_BYTES]);
    for start in (0..end).step_by(PACKET) {
        let rest = samples.get(start..).unwrap_or_default();
        let taken = rest.len().min(PACKET);
        block[..taken].copy_from_slice(&rest[..taken]);
        block[taken..].fill(0);
        let bytes = encoder.encode_s16(&block, PACKET, &mut packet)?;
        ogg.write_packet_with_duration(&packet[..bytes], (end - start).min(PACKET) as u32)?;
    }
    ogg.finish()
}
