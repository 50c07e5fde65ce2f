//! One recording: decoded, mixed to mono, resampled once.
//!
//! A guide speaks from the centre, so a clip is mono whatever it was recorded in; and it is kept in 16 bit, which is
//! what is written in the end, so that where nothing else sounds the clip's own samples are what is heard.

use std::io::{self, Cursor, Read};
use std::path::Path;

use audioadapter_buffers::direct::InterleavedSlice;
use opus_pure::{MAX_PACKET_SAMPLES, OggOpusReader, Trim};
use rubato::{Fft, FixedSync, Resampler};
use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;

use crate::diagnostic::Diagnostic;
use crate::error::{Error, Result};
use crate::frames::{Frames, SampleRate};

/// A decoded recording, mono, at the rate that was asked for.
#[derive(Debug)]
pub struct Clip {
    /// The samples; full scale is 32768.
    pub samples: Box<[i16]>,
    /// Whether these are all: else decoding ended where enough was there.
    pub whole: bool,
}

impl Clip {
    /// Its length.
    pub fn frames(&self) -> Frames {
        Frames(self.samples.len() as u64)
    }
}

/// The largest file of a recording that is read, in bytes: ten minutes of 44.1 kHz stereo in 16 bit.
const LARGEST_FILE: u64 = 128 << 20;
/// The longest recording, in seconds. A cue is one thing that is said.
const LONGEST_SECONDS: usize = 600;

/// The bytes of a recording's file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(Error::reading(path))?;
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(Error::reading(path))?;
    if bytes.len() as u64 > LARGEST_FILE {
        let message =
            format!("expected a recording of at most {} MiB, found more in {}", LARGEST_FILE >> 20, path.display());
        return Err(Diagnostic::error("file-size", message)
            .help("a cue is one thing that is said: cut it shorter")
            .into());
    }
    Ok(bytes)
}

/// The sample rates that a recording may have, in hertz.
const SOURCE_RATES_HZ: std::ops::RangeInclusive<u32> = 4_000..=768_000;

/// What a decoder hands over: mono, full scale 1.
struct Decoded {
    samples: Vec<f32>,
    rate_hz: u32,
}

/// Decodes the bytes of a recording; `ending` is a hint. Frames from `enough` on may be left out, where that saves work.
pub(super) fn decode(bytes: Vec<u8>, ending: &str, rate: SampleRate, enough: Frames) -> Result<Clip, String> {
    let opus = bytes.starts_with(b"OggS") && bytes.get(28..36) == Some(b"OpusHead");
    // What is resampled needs samples from beyond the end.
    let enough = if rate == SampleRate::DEFAULT { enough } else { ALL };
    let (decoded, whole) = if opus { decode_opus(&bytes, enough)? } else { (decode_other(bytes, ending)?, true) };
    if decoded.samples.is_empty() {
        return Err("there is no sound in it".into());
    }
    if decoded.samples.iter().any(|sample| !sample.is_finite()) {
        return Err("some of its samples are not numbers".into());
    }
    let samples = resample(decoded, rate)?;
    Ok(Clip { samples, whole })
}

/// More frames than any recording has.
pub(super) const ALL: Frames = Frames(u64::MAX);

/// Decodes until `enough` frames are there; whether that is all.
fn decode_opus(bytes: &[u8], enough: Frames) -> Result<(Decoded, bool), String> {
    let damaged = |error: opus_pure::Error| format!("damaged Opus: {error}");
    let mut reader = OggOpusReader::new(Cursor::new(bytes)).map_err(damaged)?;
    let channels = usize::from(reader.head().channel_count);
    if channels > 2 {
        return Err(format!("expected 1 or 2 channels of Opus, found {channels}"));
    }
    let hz = SampleRate::DEFAULT.hz() as i32;
    let mut decoder = reader.head().decoder(hz).map_err(damaged)?;
    let mut trim = Trim::new(reader.head(), hz, channels).map_err(damaged)?;
    let mut block = vec![0.0f32; MAX_PACKET_SAMPLES * channels];
    let mut samples = Vec::new();
    for packet in reader.packets() {
        let packet = packet.map_err(damaged)?;
        let frames = decoder.decode(&packet.data, MAX_PACKET_SAMPLES, &mut block).map_err(damaged)?;
        to_mono(trim.keep(&packet, &block[..frames * channels]), channels, &mut samples);
        check_length(samples.len(), hz as u32)?;
        if samples.len() as u64 >= enough.0 {
            return Ok((Decoded { samples, rate_hz: hz as u32 }, false));
        }
    }
    Ok((Decoded { samples, rate_hz: hz as u32 }, true))
}

fn decode_other(bytes: Vec<u8>, ending: &str) -> Result<Decoded, String> {
    let mut hint = Hint::new();
    hint.with_extension(&ending.to_lowercase());
    let endless = is_endless_wav(&bytes);
    let stream = MediaSourceStream::new(Box::new(Cursor::new(bytes)), MediaSourceStreamOptions::default());
    let mut format = symphonia::default::get_probe()
        .probe(&hint, stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(|_| "not a format that can be read".to_string())?;
    let track = format.default_track(TrackType::Audio).ok_or("there is no sound in it")?;
    let (id, expected) = (track.id, track.num_frames);
    let params = track.codec_params.as_ref().and_then(|params| params.audio()).ok_or("there is no sound in it")?;
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(params, &AudioDecoderOptions::default())
        .map_err(|error| error.to_string())?;
    let (mut samples, mut block, mut rate_hz) = (Vec::new(), Vec::<f32>::new(), 0);
    loop {
        let packet = match format.next_packet() {
            Ok(Some(packet)) if packet.track_id == id => packet,
            Ok(Some(_)) => continue,
            Ok(None) => break,
            // A WAV from a pipe has no length in its head: it ends where it ends.
            Err(SymphoniaError::IoError(error)) if error.kind() == io::ErrorKind::UnexpectedEof && endless => break,
            Err(error) => return Err(error.to_string()),
        };
        let buffer = decoder.decode(&packet).map_err(|error| error.to_string())?;
        let channels = buffer.spec().channels().count();
        if rate_hz != 0 && rate_hz != buffer.spec().rate() {
            return Err("its sample rate changes".into());
        }
        rate_hz = buffer.spec().rate();
        block.resize(buffer.samples_interleaved(), 0.0);
        buffer.copy_to_slice_interleaved(&mut block);
        to_mono(&block, channels, &mut samples);
        check_length(samples.len(), rate_hz)?;
    }
    match expected {
        Some(expected) if !endless && (samples.len() as u64) < expected => {
            Err(format!("it ends too early: {} of {expected} frames are there", samples.len()))
        }
        _ => Ok(Decoded { samples, rate_hz }),
    }
}

/// A WAV whose writer could not go back to fill in the length.
fn is_endless_wav(bytes: &[u8]) -> bool {
    bytes.starts_with(b"RIFF") && matches!(bytes.get(4..8), Some([0xff, 0xff, 0xff, 0xff] | [0, 0, 0, 0]))
}

fn check_length(frames: usize, rate_hz: u32) -> Result<(), String> {
    if frames / LONGEST_SECONDS > rate_hz as usize {
        return Err(format!("it is longer than {} minutes", LONGEST_SECONDS / 60));
    }
    Ok(())
}

/// Appends the mean of the channels. A second channel that is silent (a single microphone on a stereo interface)
/// would halve the level; levelling a voice is where that is put right.
fn to_mono(interleaved: &[f32], channels: usize, mono: &mut Vec<f32>) {
    match channels {
        0 => {}
        1 => mono.extend_from_slice(interleaved),
        _ => mono.extend(interleaved.chunks_exact(channels).map(|frame| frame.iter().sum::<f32>() / channels as f32)),
    }
}

/// To the rate that is asked for, in 64 bit: its rounding stays far below half a 16-bit step, so the vector units
/// of different machines give the same 16-bit samples.
fn resample(decoded: Decoded, rate: SampleRate) -> Result<Box<[i16]>, String> {
    if !SOURCE_RATES_HZ.contains(&decoded.rate_hz) {
        return Err(format!("expected a sample rate of 4 to 768 kHz, found {} Hz", decoded.rate_hz));
    }
    if decoded.rate_hz == rate.hz() {
        return Ok(decoded.samples.iter().map(|sample| to_i16(f64::from(*sample))).collect());
    }
    let expected = rate_of_frames(decoded.samples.len(), decoded.rate_hz, rate);
    let wrong = |error: &dyn std::fmt::Display| format!("resampling failed: {error}");
    let mut resampler = Fft::<f64>::new(decoded.rate_hz as usize, rate.hz() as usize, BLOCK, 1, FixedSync::Input)
        .map_err(|error| wrong(&error))?;
    let (mut input, mut output) = ([0.0; BLOCK], vec![0.0; resampler.output_frames_max()]);
    let (mut blocks, mut late) = (decoded.samples.chunks(BLOCK), resampler.output_delay());
    let mut samples = Vec::with_capacity(expected + output.len());
    while samples.len() < expected {
        // Past the end there is silence, which drives the last samples out of the filter.
        let block = blocks.next().unwrap_or_default();
        input[block.len()..].fill(0.0);
        input.iter_mut().zip(block).for_each(|(input, sample)| *input = f64::from(*sample));
        let frames = output.len();
        let from = InterleavedSlice::new(&input, 1, BLOCK).map_err(|error| wrong(&error))?;
        let mut to = InterleavedSlice::new_mut(&mut output, 1, frames).map_err(|error| wrong(&error))?;
        let (_, made) = resampler.process_into_buffer(&from, &mut to, None).map_err(|error| wrong(&error))?;
        let skipped = late.min(made);
        late -= skipped;
        samples.extend(output[skipped..made].iter().map(|sample| to_i16(*sample)));
    }
    samples.truncate(expected);
    Ok(samples.into_boxed_slice())
}

/// Frames that are resampled at once: few, so that a long recording is not held three times over.
const BLOCK: usize = 1024;

/// How many frames a recording has at another rate.
fn rate_of_frames(frames: usize, from_hz: u32, to: SampleRate) -> usize {
    (frames as u64 * u64::from(to.hz())).div_ceil(u64::from(from_hz)) as usize
}

/// The nearest 16-bit step, halves away from zero, clipped at full scale: what `f64::round` says, without the call of a
/// function for every sample. Near 1.5 · 2^52 the steps of a float are whole numbers, so a sum with it is rounded; halves go
/// to the even side there, and are put right.
fn to_i16(sample: f64) -> i16 {
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    let scaled = (sample * 32768.0).clamp(-32768.0, 32767.0);
    let even = (scaled + WHOLE) - WHOLE;
    let rest = scaled - even;
    let up = if rest >= 0.5 && scaled > 0.0 { 1.0 } else { 0.0 };
    let down = if rest <= -0.5 && scaled < 0.0 { 1.0 } else { 0.0 };
    // The last bits of the sum are the whole number itself.
    (even + up - down + WHOLE).to_bits() as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_becomes_the_nearest_step_and_halves_go_away_from_zero() {
        let steps = (-70_000..70_000).map(|quarter| f64::from(quarter) / 4.0);
        let edges = [0.499_999_999_999_999_94, -0.499_999_999_999_999_94, 1e9, -1e9, 32767.5, -32768.5];
        for step in steps.chain(edges) {
            let expected = step.round().clamp(-32768.0, 32767.0) as i16;
            assert_eq!(to_i16(step / 32768.0), expected, "{step}");
        }
    }
}
