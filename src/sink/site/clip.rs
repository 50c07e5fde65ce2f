//! A recording of one's own as the recordings of the voices that are built in are: Opus in Ogg (RFC 7845), which the engine of a page reads.

use std::io;

use opus_pure::{
    Application, Bandwidth, Error as OpusError, MAX_PACKET_BYTES, OggOpusWriter, OpusEncoder, OpusHead, OpusTags,
    RateControl,
};

use crate::error::{Error, Result};
use crate::frames::SampleRate;
use crate::load::audio::{pcm, stereo};
use crate::load::files::Content;
use crate::work::Work;

/// Frames of a packet at 48 kHz: 20 ms, as a browser's library expects it.
const PACKET: usize = 960;
/// Bits a second of speech: at this rate speech recorded with a telephone is told from the original by nobody.
const SPEECH_BITS: i32 = 40_000;
/// Bits a second of a bell or a bed in stereo; a session for a phone has nothing above 12 kHz.
const SOUND_BITS: i32 = 80_000;
/// The longest sound, in seconds: it is fetched whole before a session begins, 3 MB, and lies decoded in the phone's memory, 29 MB.
pub(super) const LONGEST_SOUND: u64 = 300;
/// The largest Opus that goes as it is, in bytes: about as long.
const SMALL: usize = 4 << 20;
/// How hard the encoder tries, of 10. A clip is encoded once and fetched by every listener.
const COMPLEXITY: i32 = 10;
/// Packets on a page: a clip of seconds has few pages, and each costs 28 bytes.
const PAGE_BYTES: usize = 1 << 15;

/// Encodes speech, one channel at 48 kHz; what is decoded has as many frames.
///
/// # Errors
/// What the encoder cannot do.
pub(super) fn speech(samples: &[i16]) -> io::Result<Vec<u8>> {
    opus(samples, 1, SPEECH_BITS)
}

/// A bell or a bed.
pub(super) struct Sound {
    pub(super) bytes: Vec<u8>,
    /// Whether it is longer than what is there of it.
    pub(super) is_cut: bool,
}

/// A bell or a bed, whose bytes are these. What cannot be decoded stays as it is: whoever plans with it says what is wrong.
///
/// # Errors
/// It cannot be opened or encoded; someone wants it to stop.
pub(super) fn sound(content: &Content, bytes: Vec<u8>, work: &Work<'_>) -> Result<Sound> {
    let as_it_is = |bytes| Ok(Sound { bytes, is_cut: false });
    let is_opus = bytes.starts_with(b"OggS") && bytes.windows(8).take(64).any(|head| head == b"OpusHead");
    if is_opus && bytes.len() <= SMALL {
        return as_it_is(bytes);
    }
    let (rate, mut steps) = (SampleRate::DEFAULT, Vec::new());
    let most = 2 * (LONGEST_SOUND * u64::from(rate.hz())) as usize;
    let decoded = stereo::decode(content, rate, u64::MAX, work, |block| {
        pcm::append(&mut steps, block);
        if steps.len() > most { Err(Stop::Full) } else { Ok(()) }
    })?;
    match decoded {
        Err(Stop::Broken) => return as_it_is(bytes),
        Err(Stop::Full) => steps.truncate(most),
        Ok(()) => {}
    }
    let bytes = opus(&steps, 2, SOUND_BITS).map_err(Error::reading(content.path()))?;
    Ok(Sound { bytes, is_cut: matches!(decoded, Err(Stop::Full)) })
}

/// Why no more of a sound is decoded.
enum Stop {
    Broken,
    Full,
}

impl From<String> for Stop {
    fn from(_: String) -> Stop {
        Stop::Broken
    }
}

fn opus(samples: &[i16], channels: usize, bits: i32) -> io::Result<Vec<u8>> {
    encode(samples, channels, bits).map_err(|error| match error {
        OpusError::Io(source) => source,
        error => io::Error::other(error.to_string()),
    })
}

fn encode(samples: &[i16], channels: usize, bits: i32) -> std::result::Result<Vec<u8>, OpusError> {
    let rate = SampleRate::DEFAULT.hz();
    let mut encoder = OpusEncoder::new(rate as i32, channels, Application::RestrictedLowDelay)?;
    encoder.bitrate_bps = bits;
    encoder.complexity = COMPLEXITY;
    encoder.rate_control = RateControl::Vbr;
    encoder.force_bandwidth = Some(Bandwidth::Fullband);
    let head = OpusHead::for_encoder(&encoder, rate);
    let end = usize::from(head.pre_skip) + samples.len() / channels;
    let mut ogg = OggOpusWriter::with_tags(Vec::new(), head, OpusTags::new())?;
    ogg.set_page_target(PAGE_BYTES);
    let (mut block, mut packet) = (vec![0; PACKET * channels], vec![0; MAX_PACKET_BYTES]);
    for start in (0..end).step_by(PACKET) {
        let rest = samples.get(start * channels..).unwrap_or_default();
        let taken = rest.len().min(block.len());
        block[..taken].copy_from_slice(&rest[..taken]);
        block[taken..].fill(0);
        let bytes = encoder.encode_s16(&block, PACKET, &mut packet)?;
        ogg.write_packet_with_duration(&packet[..bytes], (end - start).min(PACKET) as u32)?;
    }
    ogg.finish()
}
