//! One recording: decoded, mixed to mono, its edges cleaned, resampled once, brought to one loudness.
//!
//! A guide speaks from the centre, so a clip is mono whatever it was recorded in; and it is kept in 16 bit, which is
//! what is written in the end, so that where nothing else sounds the clip's own samples are what is heard.

use std::io::{Cursor, Read};
use std::ops::ControlFlow;
use std::path::Path;

use super::decoder::{self, Packet};
use super::levelling::{self, LevelChange, MeasuredLevel};
use super::pcm;
use super::phrases;
use super::resample;
use super::trim;
use crate::diagnostic::{Code, Diagnostic};
use crate::error::{Error, Result};
use crate::frames::{FrameRange, Frames, SampleRate};
use crate::gain::{Decibels, Lufs};

/// A decoded recording, mono, at the rate that was asked for.
#[derive(Debug)]
pub struct Clip {
    /// The samples; full scale is 32768.
    pub samples: Box<[i16]>,
    /// Whether it is silent throughout, so that there was nothing to level.
    pub silent: bool,
    /// How much quieter it is than it was to be, because its peaks are held under a ceiling.
    pub short: Decibels,
    /// Whether it is there to its end.
    pub whole: bool,
}

impl Clip {
    /// How much of it there is.
    pub fn frames(&self) -> Frames {
        Frames(self.samples.len() as u64)
    }
}

/// What is done to a recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Treatment {
    /// Its edges are clean, and its loudness is known, as a single channel.
    Known(MeasuredLevel),
    /// It is measured, cleaned and levelled.
    Speech,
    /// A bell: its start and its long end stay as they are.
    Bell,
    /// Whoever recorded it has finished it.
    Ready,
}

/// The largest file of a recording that is read, in bytes: ten minutes of 44.1 kHz stereo in 16 bit.
const LARGEST_FILE: u64 = 128 << 20;
/// The longest recording, in seconds. A cue is one thing that is said.
const LONGEST_SECONDS: usize = 600;

/// The bytes of a recording's file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(Error::reading(path))?;
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(Error::reading(path))?;
    if bytes.len() as u64 > LARGEST_FILE {
        let message =
            format!("expected a recording of at most {} MiB, found more in {}", LARGEST_FILE >> 20, path.display());
        return Err(Diagnostic::error(Code::FileSize, message)
            .help("a cue is one thing that is said: cut it shorter")
            .into());
    }
    Ok(bytes)
}

/// All of a recording.
pub(crate) const ALL: FrameRange = FrameRange { start: Frames::ZERO, end: Frames(u64::MAX) };

/// How a recording is decoded.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) rate: SampleRate,
    pub(crate) treatment: Treatment,
    /// The loudness it is brought to, in stereo.
    pub(crate) voice: Lufs,
    /// What is heard of it. The rest may be left out, where nothing hangs on it.
    pub(crate) heard: FrameRange,
}

/// Decodes the bytes of a recording; `ending` is a hint.
pub(crate) fn decode(bytes: Vec<u8>, ending: &str, wanted: Wanted) -> Result<Clip, String> {
    let Wanted { rate, treatment, voice, heard } = wanted;
    let (mut samples, mut rate_hz) = (Vec::<f64>::new(), 0);
    let take = |packet: &Packet<'_>| {
        rate_hz = packet.rate_hz;
        to_mono(packet, &mut samples);
        if samples.len() / LONGEST_SECONDS > rate_hz as usize {
            return Err(format!("it is longer than {} minutes", LONGEST_SECONDS / 60));
        }
        Ok(ControlFlow::Continue(()))
    };
    if let Treatment::Known(found) = treatment {
        let level = LevelChange::speech(found, voice.of_one_channel());
        if rate == SampleRate::DEFAULT && level.is_one_gain() {
            return decode_part(&bytes, level, heard);
        }
        phrases::decode(&bytes, 0..u64::MAX, take)?;
    } else {
        decoder::decode(Cursor::new(bytes), ending, take)?;
    }
    if treatment == Treatment::Speech {
        trim::high_pass(&mut samples, rate_hz);
        trim::trim(&mut samples, rate_hz);
        trim::fade(&mut samples, rate_hz);
    }
    let measured = match treatment {
        Treatment::Known(measured) => Some(measured),
        Treatment::Speech => levelling::measure(&samples, rate_hz, true),
        Treatment::Bell => levelling::measure(&samples, rate_hz, false),
        Treatment::Ready => None,
    };
    let silent = samples.iter().all(|sample| *sample == 0.0) || (measured.is_none() && treatment != Treatment::Ready);
    let level = match (treatment, measured) {
        (_, None) => LevelChange::Done,
        (Treatment::Bell, Some(found)) => LevelChange::bell(found),
        (_, Some(found)) => LevelChange::speech(found, voice.of_one_channel()),
    };
    let mut steps = Vec::with_capacity(resample::frames_at(samples.len(), rate_hz, rate));
    let short = if level.is_one_gain() {
        // The same before as after, and a block at a time takes little room.
        let short = level.apply(&mut samples, rate);
        resample::resample(&samples, rate_hz, rate, |block| pcm::append(&mut steps, block))?;
        short
    } else {
        let mut resampled = Vec::new();
        resample::resample(&samples, rate_hz, rate, |block| resampled.extend_from_slice(block))?;
        let short = level.apply(&mut resampled, rate);
        pcm::append(&mut steps, &resampled);
        short
    };
    Ok(Clip { samples: steps.into_boxed_slice(), silent, short, whole: true })
}

/// Decodes what is heard of a recording that is built in, where each of its samples can be had without the others; packet
/// by packet, as most sessions are made of nothing else.
fn decode_part(bytes: &[u8], level: LevelChange, heard: FrameRange) -> Result<Clip, String> {
    let (mut steps, mut block, mut whole) = (Vec::new(), Vec::new(), true);
    phrases::decode(bytes, heard.start.0..heard.end.0, |packet| {
        block.clear();
        to_mono(packet, &mut block);
        level.apply(&mut block, SampleRate::DEFAULT);
        pcm::append(&mut steps, &block);
        whole = (steps.len() as u64) < heard.end.0;
        Ok(if whole { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok(Clip { samples: steps.into_boxed_slice(), silent: false, short: Decibels::ZERO, whole })
}

/// Appends the mean of the channels. A second channel that is silent (a single microphone on a stereo interface)
/// halves the level; levelling puts that right.
fn to_mono(packet: &Packet<'_>, mono: &mut Vec<f64>) {
    if packet.channels == 1 {
        return mono.extend(packet.samples.iter().copied().map(f64::from));
    }
    let mean = |frame: &[f32]| frame.iter().map(|sample| f64::from(*sample)).sum::<f64>() / packet.channels as f64;
    mono.extend(packet.samples.chunks_exact(packet.channels).map(mean));
}

/// What voices that are built in are made to: see `voice_clips/make_clips.py`.
pub(crate) const AS_MADE: MeasuredLevel = MeasuredLevel { loudness: Lufs(-19.0), peak: Decibels(-2.0) };
