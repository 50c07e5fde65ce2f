//! A recording in any format, decoded packet by packet.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use opus_pure::{MAX_PACKET_SAMPLES, OggOpusReader, Trim};
use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;

use super::header_repair::Mended;
use crate::frames::SampleRate;

/// The sample rates that a recording may have, in hertz.
const SOURCE_RATES_HZ: std::ops::RangeInclusive<u32> = 4_000..=768_000;

/// How a WAV begins, as it is mended, whose length 32 bits cannot hold.
const UNTOLD: &[u8] = b"RIFF\xff\xff\xff\xff";

/// Some of a recording.
pub(crate) struct Packet<'a> {
    /// Interleaved, full scale 1; all finite.
    pub(crate) samples: &'a [f32],
    /// Samples for a frame; never 0.
    pub(crate) channels: usize,
    /// Frames a second; the same in every packet.
    pub(crate) rate_hz: u32,
}

/// Whether more of a recording is wanted; or what is wrong with it, in words.
pub(crate) type More = Result<ControlFlow<()>, String>;

/// Decodes a recording and hands its packets to `take`, until that has enough; `ending` is a hint. The frames there were.
///
/// # Errors
/// What is wrong with it, in words.
pub(crate) fn decode<S: MediaSource + 'static>(
    source: S,
    ending: &str,
    mut take: impl FnMut(&Packet<'_>) -> More,
) -> Result<u64, String> {
    let mut source = Mended::new(source).map_err(|error| error.to_string())?;
    let mut frames = 0;
    let checked = |packet: &Packet<'_>| {
        if !SOURCE_RATES_HZ.contains(&packet.rate_hz) {
            return Err(format!("expected a sample rate of 4 to 768 kHz, found {} Hz", packet.rate_hz));
        }
        if packet.samples.iter().any(|sample| !sample.is_finite()) {
            return Err("some of its samples are not numbers".into());
        }
        frames += (packet.samples.len() / packet.channels) as u64;
        take(packet)
    };
    let head = head(&mut source).map_err(|error| error.to_string())?;
    if head.starts_with(b"OggS") && head.get(28..36) == Some(b"OpusHead") {
        decode_opus(source, checked)?;
    } else {
        decode_other(source, head.starts_with(UNTOLD), ending, checked)?;
    }
    if frames == 0 { Err("there is no sound in it".into()) } else { Ok(frames) }
}

/// The first bytes; the source is at its start again.
fn head(source: &mut (impl Read + Seek)) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    source.by_ref().take(64).read_to_end(&mut head)?;
    source.seek(SeekFrom::Start(0))?;
    Ok(head)
}

fn decode_opus(source: impl Read, mut take: impl FnMut(&Packet<'_>) -> More) -> Result<(), String> {
    let damaged = |error: opus_pure::Error| format!("damaged Opus: {error}");
    let mut reader = OggOpusReader::new(io::BufReader::new(source)).map_err(damaged)?;
    let channels = usize::from(reader.head().channel_count);
    if channels > 2 {
        return Err(format!("expected 1 or 2 channels of Opus, found {channels}"));
    }
    let hz = SampleRate::DEFAULT.hz() as i32;
    let mut decoder = reader.head().decoder(hz).map_err(damaged)?;
    let mut trim = Trim::new(reader.head(), hz, channels).map_err(damaged)?;
    let mut block = vec![0.0f32; MAX_PACKET_SAMPLES * channels];
    for packet in reader.packets() {
        let packet = packet.map_err(damaged)?;
        let frames = decoder.decode(&packet.data, MAX_PACKET_SAMPLES, &mut block).map_err(damaged)?;
        let samples = trim.keep(&packet, &block[..frames * channels]);
        if take(&Packet { samples, channels, rate_hz: hz as u32 })?.is_break() {
            break;
        }
    }
    Ok(())
}

fn decode_other<S: MediaSource + 'static>(
    source: S,
    endless: bool,
    ending: &str,
    mut take: impl FnMut(&Packet<'_>) -> More,
) -> Result<(), String> {
    let mut hint = Hint::new();
    hint.with_extension(&ending.to_lowercase());
    let stream = MediaSourceStream::new(Box::new(source), MediaSourceStreamOptions::default());
    let mut format = symphonia::default::get_probe()
        .probe(&hint, stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(|_| "not a format that can be read".to_string())?;
    let track = format.default_track(TrackType::Audio).ok_or("there is no sound in it")?;
    let (id, expected) = (track.id, track.num_frames);
    let params = track.codec_params.as_ref().and_then(|params| params.audio()).ok_or("there is no sound in it")?;
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(params, &AudioDecoderOptions::default())
        .map_err(|error| error.to_string())?;
    let (mut block, mut frames, mut form) = (Vec::<f32>::new(), 0, None);
    loop {
        let packet = match format.next_packet() {
            Ok(Some(packet)) if packet.track_id == id => packet,
            Ok(Some(_)) => continue,
            Ok(None) => break,
            // It ends where it ends.
            Err(SymphoniaError::IoError(error)) if error.kind() == io::ErrorKind::UnexpectedEof && endless => break,
            Err(error) => return Err(error.to_string()),
        };
        let buffer = decoder.decode(&packet).map_err(|error| error.to_string())?;
        let (channels, rate_hz) = (buffer.spec().channels().count(), buffer.spec().rate());
        if channels == 0 {
            continue;
        }
        if *form.get_or_insert((channels, rate_hz)) != (channels, rate_hz) {
            return Err("its sample rate or its number of channels changes".into());
        }
        block.resize(buffer.samples_interleaved(), 0.0);
        buffer.copy_to_slice_interleaved(&mut block);
        frames += (block.len() / channels) as u64;
        if take(&Packet { samples: &block, channels, rate_hz })?.is_break() {
            return Ok(());
        }
    }
    match expected {
        Some(expected) if !endless && frames > 0 && frames < expected => {
            Err(format!("it ends too early: {frames} of {expected} frames are there"))
        }
        _ => Ok(()),
    }
}
