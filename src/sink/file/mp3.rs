//! MP3, for what plays nothing else: by LAME, at a constant number of bits a second.
//!
//! What sounds is cut into parts that are encoded by themselves, on as many threads as there are, each by an encoder that has
//! heard what comes before; where the cuts are depends on the session alone. Frames of silence are not encoded at all. A frame
//! may borrow bits of those before it, so an encoder is made to give back what it borrowed at both ends of its part.

use std::fmt;
use std::num::NonZeroU32;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use mp3lame_encoder::{
    Bitrate, Builder, DualPcm, Encoder, FlushNoGap, Mode, MonoPcm, Quality as Effort, max_required_buffer_size,
};

use super::encoding::{Encoding, Quality};
use super::mp3_frame::{Crc, DECODER_DELAY, ENCODER_DELAY, Info, Stream};
use super::output::Output;
use super::{Extent, Job, mp3_tags};
use crate::error::{Error, Result};
use crate::frames::Frames;
use crate::render::Channels;

/// How long a part is at most.
const PART_SECONDS: u64 = 20;
/// How many frames an encoder hears before its part: what it knows of a second frame after the first no longer depends on what
/// it did not hear.
const WARM_UP: u64 = 16;
/// How far the sound of a frame reaches into others, in frames of sound: two of MPEG-1, more than the windows of the transforms.
const REACH: u64 = 2304;
/// Parts for a thread that are encoded before any is written: so few that memory stays small, so many that no thread waits long.
const AT_ONCE: usize = 4;
/// How hard the encoder searches, from 0 to 9.
const EFFORT: Effort = Effort::Good;

/// What the file is made of.
///
/// # Errors
/// MP3 does not know the rate, or nothing near to the bits a second.
fn stream(extent: &Extent, encoding: Encoding) -> Result<Stream> {
    // A recogniser hears every word at 32 already; there the encoder cuts off what is above 8 kHz, and an s is dull.
    let usual = match encoding.quality {
        Quality::Voice => [40, 64],
        Quality::Standard => [64, 128],
        Quality::High => [128, 224],
    };
    let usual = usual[usize::from(extent.channels == Channels::Stereo)] * 1000;
    let stream = Stream { rate_hz: extent.rate.hz(), channels: extent.channels, kbps: 0 };
    if !stream.is_known() {
        let reason = format!("cannot write the MP3: it has no rate of {}", extent.rate);
        let help =
            "MP3 has 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100 and 48000 Hz; any rate will do for a WAV";
        return Err(Error::Format { reason, help: help.into() });
    }
    let wanted = encoding.bitrate.unwrap_or(usual);
    let nearest = stream.bitrates().min_by_key(|kbps| (wanted.abs_diff(kbps * 1000), u32::MAX - kbps)).unwrap_or(64);
    // What nobody asked for is as many as there are.
    if encoding.bitrate.is_some() && wanted.abs_diff(nearest * 1000) > wanted / NEAR {
        let all: Vec<_> = stream.bitrates().map(|kbps| format!("{kbps}k")).collect();
        let reason = format!("cannot write the MP3: at {} it has nothing near to {wanted} bits a second", extent.rate);
        return Err(Error::Format { reason, help: format!("it has {}", all.join(", ")) });
    }
    Ok(Stream { kbps: nearest, ..stream })
}

/// Which part of the bits a second that were wanted makes a difference that nobody minds: a fifth. What MP3 has lies closer than that
/// from 16 kbit/s on.
const NEAR: u32 = 5;

/// Refuses what an MP3 cannot be.
///
/// # Errors
/// It does not know the rate, or nothing near to the bits a second.
pub(super) fn check(extent: &Extent, encoding: Encoding) -> Result<()> {
    stream(extent, encoding).map(drop)
}

/// Frames that are encoded together, or are silent.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    frames: Range<u64>,
    is_silent: bool,
}

/// All frames in parts: what sounds, in these ranges of frames of sound, apart from the silence between.
fn parts(sounding: impl Iterator<Item = Range<u64>>, total: u64, stream: Stream) -> Vec<Part> {
    let longest = PART_SECONDS * u64::from(stream.rate_hz) / stream.sound();
    let mut loud: Vec<Range<u64>> = Vec::new();
    for sound in sounding {
        let start = sound.start.saturating_sub(REACH) / stream.sound();
        let end = ((sound.end + REACH) / stream.sound() + 1).min(total);
        match loud.last_mut() {
            // What an encoder hears before its part is as long as this silence.
            Some(last) if start <= last.end + WARM_UP => last.end = last.end.max(end),
            _ => loud.push(start.min(end)..end),
        }
    }
    let (mut parts, mut at) = (Vec::new(), 0);
    let mut cut = |frames: Range<u64>, is_silent: bool| {
        let starts = frames.clone().step_by(longest as usize);
        parts.extend(starts.map(|start| Part { frames: start..(start + longest).min(frames.end), is_silent }));
    };
    for range in loud {
        cut(at..range.start, true);
        at = range.end;
        cut(range, false);
    }
    cut(at..total, true);
    parts
}

/// Writes the session.
///
/// # Errors
/// A recording cannot be read, the disk is full, or someone wants it to stop.
pub(super) fn write(job: &Job<'_>, output: &mut Output) -> Result<()> {
    let (extent, path) = (job.extent(), output.path().to_owned());
    let stream = stream(&extent, job.encoding)?;
    let failed = |error: &dyn fmt::Display| failed(&path, error);
    // The first encoder fills tables that all have in common, before there are other threads.
    encoder(stream, &failed)?;
    let tags = mp3_tags::bytes(job).map_err(|error| failed(&error))?;
    let total = (extent.frames.0 + ENCODER_DELAY + DECODER_DELAY).div_ceil(stream.sound());
    let padding = total * stream.sound() - ENCODER_DELAY - extent.frames.0;
    let mut info = Info { frames: total, bytes: 0, crc: Crc::default(), padding };
    output.append(&tags)?;
    output.append(&stream.info(&info))?;
    let sounding = job.mixer.sounding().into_iter().map(|range| range.intersect(job.range));
    let sounding = sounding.filter(|range| !range.is_empty());
    let sounding = sounding.map(|range| (range.start - job.range.start).0..(range.end - job.range.start).0);
    let (parts, done) = (parts(sounding, total, stream), AtomicU64::new(0));
    for some in parts.chunks(AT_ONCE * job.work.threads.max(1)) {
        let encoded = job.work.each(
            some.len(),
            || (),
            |(), index| {
                let bytes = part(job, stream, &some[index], &failed)?;
                let frames = some[index].frames.end - some[index].frames.start;
                let sound = done.fetch_add(frames * stream.sound(), Ordering::Relaxed) + frames * stream.sound();
                job.tell(Frames(sound).min(extent.frames));
                Ok::<_, Error>(bytes)
            },
        )?;
        for bytes in encoded {
            info.crc.take(&bytes);
            info.bytes += bytes.len() as u64;
            output.append(&bytes)?;
        }
    }
    // The frame that tells of all the others stands before them.
    output.overwrite(tags.len() as u64, &stream.info(&info), "MP3")
}

/// The bytes of a part. Of as many frames of sound as make so many frames and one more, the encoder makes so many.
fn part(job: &Job<'_>, stream: Stream, part: &Part, failed: Failed<'_>) -> Result<Vec<u8>> {
    let Range { start, end } = part.frames;
    if part.is_silent {
        return Ok(stream.silence().repeat((end - start) as usize));
    }
    let (mut encoder, mut bytes) = (encoder(stream, failed)?, Vec::new());
    let first = start.saturating_sub(WARM_UP);
    let mut feed = |frames: Range<u64>, bytes: &mut Vec<u8>| -> Result<()> {
        let mut samples = Samples::new(job, stream);
        for frame in frames {
            job.work.go_on()?;
            samples.fill(Frames(frame * stream.sound()))?;
            samples.encode(&mut encoder, bytes).map_err(|error| failed(&error))?;
        }
        // Gives back what was borrowed: the next frame will need none of these.
        bytes.reserve(FLUSHED);
        encoder.flush_to_vec::<FlushNoGap>(bytes).map_err(|error| failed(&error))?;
        Ok(())
    };
    if first < start {
        feed(first..start + 1, &mut bytes)?;
        bytes.clear();
        feed(start + 1..end + 1, &mut bytes)?;
    } else {
        feed(start..end + 1, &mut bytes)?;
    }
    Ok(bytes)
}

/// The room that LAME asks for when it is made to end.
const FLUSHED: usize = 7200;

/// Turns a failure of the encoder into one of the program.
type Failed<'a> = &'a (dyn Fn(&dyn fmt::Display) -> Error + Sync);

/// The sound of a frame on its way to the encoder.
struct Samples<'a> {
    job: &'a Job<'a>,
    stream: Stream,
    mixed: Vec<i16>,
    planes: [Vec<f32>; 2],
}

impl<'a> Samples<'a> {
    fn new(job: &'a Job<'a>, stream: Stream) -> Samples<'a> {
        Samples { job, stream, mixed: Vec::new(), planes: [Vec::new(), Vec::new()] }
    }

    /// Takes the sound from a frame on, counted from the start of the file; behind its end is silence.
    fn fill(&mut self, at: Frames) -> Result<()> {
        let channels = self.stream.channels.count();
        let range = self.job.range;
        let left = range.frames().saturating_sub(at).0.min(self.stream.sound()) as usize;
        self.mixed.clear();
        self.mixed.resize(self.stream.sound() as usize * channels, 0);
        if left > 0 {
            self.job.mixer.fill(range.start + at, &mut self.mixed[..left * channels])?;
        }
        let full = 32_768.0 * scale(self.stream.kbps);
        for (channel, plane) in self.planes.iter_mut().enumerate().take(channels) {
            plane.clear();
            plane.extend(self.mixed.iter().skip(channel).step_by(channels).map(|sample| f32::from(*sample) / full));
        }
        Ok(())
    }

    fn encode(&self, encoder: &mut Encoder, bytes: &mut Vec<u8>) -> Result<usize, mp3lame_encoder::EncodeError> {
        let [left, right] = &self.planes;
        bytes.reserve(max_required_buffer_size(left.len()));
        match self.stream.channels {
            Channels::Mono => encoder.encode_to_vec(MonoPcm(left), bytes),
            Channels::Stereo => encoder.encode_to_vec(DualPcm { left, right }, bytes),
        }
    }
}

/// By how much LAME makes the sound quieter at so many bits a second, so that none of it is cut off where bits are few
/// (`abr_switch_map` in its `presets.c`, which is no setting of the encoder). The limiter has left room for that already.
fn scale(kbps: u32) -> f32 {
    match kbps {
        ..=160 => 0.95,
        161..=192 => 0.97,
        193..=224 => 0.98,
        _ => 1.0,
    }
}

fn encoder(stream: Stream, failed: Failed<'_>) -> Result<Encoder> {
    let mut builder = Builder::new().ok_or_else(|| failed(&"there is no memory for it"))?;
    let mode = if stream.channels == Channels::Mono { Mode::Mono } else { Mode::JointStereo };
    let set = |builder: &mut Builder| {
        builder.set_num_channels(stream.channels.count() as u8)?;
        builder.set_mode(mode)?;
        builder.set_sample_rate(stream.rate_hz)?;
        builder.set_output_sample_rate(NonZeroU32::new(stream.rate_hz))?;
        builder.set_brate(bitrate(stream.kbps))?;
        builder.set_quality(EFFORT)?;
        // The frame that tells of the others is written here.
        builder.set_to_write_vbr_tag(false)
    };
    set(&mut builder).and_then(|()| builder.build()).map_err(|error| failed(&error))
}

/// The encoder's name for so many thousand bits a second.
fn bitrate(kbps: u32) -> Bitrate {
    match kbps {
        8 => Bitrate::Kbps8,
        16 => Bitrate::Kbps16,
        24 => Bitrate::Kbps24,
        32 => Bitrate::Kbps32,
        40 => Bitrate::Kbps40,
        48 => Bitrate::Kbps48,
        80 => Bitrate::Kbps80,
        96 => Bitrate::Kbps96,
        112 => Bitrate::Kbps112,
        128 => Bitrate::Kbps128,
        160 => Bitrate::Kbps160,
        192 => Bitrate::Kbps192,
        224 => Bitrate::Kbps224,
        256 => Bitrate::Kbps256,
        320 => Bitrate::Kbps320,
        _ => Bitrate::Kbps64,
    }
}

/// What the encoder refuses is checked before, so this is a mistake of its own or of this file.
fn failed(path: &Path, error: &dyn fmt::Display) -> Error {
    let (reason, help) = (format!("the MP3 encoder failed: {error}"), "write a WAV instead".into());
    Error::Output { path: path.to_owned(), reason, help }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hold_every_frame_once_and_no_silence_is_encoded_for_long() {
        let stream = Stream { rate_hz: 48_000, channels: Channels::Mono, kbps: 64 };
        let second = 48_000;
        let sounding = [second..2 * second, 2 * second + 100..3 * second, 60 * second..100 * second];
        let total = 110 * second / 1152;
        let parts = parts(sounding.into_iter(), total, stream);
        let mut at = 0;
        for part in &parts {
            assert_eq!(part.frames.start, at);
            assert!(part.frames.end > at && part.frames.end - at <= 20 * second / 1152, "{part:?}");
            at = part.frames.end;
        }
        assert_eq!(at, total);
        let loud: u64 =
            parts.iter().filter(|part| !part.is_silent).map(|part| part.frames.end - part.frames.start).sum();
        assert!((loud * 1152).abs_diff(42 * second) < 20_000, "{loud} frames");
        assert_eq!(super::parts(std::iter::empty(), 10, stream), [Part { frames: 0..10, is_silent: true }]);
    }
}
