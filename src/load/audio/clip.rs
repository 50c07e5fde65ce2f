//! One recording: decoded, mixed to mono, its edges cleaned, resampled once, brought to one loudness.
//!
//! A guide speaks from the centre, so a clip is mono whatever it was recorded in; and it is kept in 16 bit, which is
//! what is written in the end, so that where nothing else sounds the clip's own samples are what is heard.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};

use super::decoder::{self, Packet};
use super::ends::{self, Ends};
use super::high_pass;
use super::levelling::{self, LevelChange, MeasuredLevel};
use super::pcm;
use super::phrases;
use super::resample;
use super::trim::{self, Taps};
use crate::diagnostic::{Code, Diagnostic};
use crate::error::Result;
use crate::frames::{FrameRange, Frames, SampleRate};
use crate::gain::{Decibels, Lufs};
use crate::load::files::Content;

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
    pub(crate) whole: bool,
    /// The taps that were found beside the words.
    pub(super) taps: Taps,
    /// What it does not say of its ends.
    pub(crate) ends: Ends,
}

impl Clip {
    /// How much of it there is.
    pub fn frames(&self) -> Frames {
        Frames(self.samples.len() as u64)
    }

    /// What is worth a look in it.
    pub fn findings(&self) -> Findings {
        Findings { silent: self.silent, taps: self.taps, ends: self.ends }
    }
}

/// What is worth a look in a recording, though nothing is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    silent: bool,
    taps: Taps,
    ends: Ends,
}

impl Findings {
    /// The warnings about the recording of a cue.
    pub fn warnings(self, cue: &str) -> impl Iterator<Item = Diagnostic> {
        let silent = self.silent.then(|| {
            let message = format!("expected speech in the recording of `{cue}`, found silence: nothing to level");
            Diagnostic::warning(Code::SilentClip, message).help("record it again, nearer to the microphone")
        });
        let Taps { removed, doubtful } = self.taps;
        let taps = |number: usize| if number == 1 { "a tap".to_owned() } else { format!("{number} taps") };
        let removed = (removed > 0).then(|| {
            let message = format!(
                "expected only words in the recording of `{cue}`, found {} before or after them, which is left out",
                taps(removed)
            );
            Diagnostic::warning(Code::TapRemoved, message)
                .help("where it is a sound of yours, write `recordings = \"finished\"` in voice.toml")
        });
        let doubtful = (doubtful > 0).then(|| {
            let message = format!(
                "expected only words in the recording of `{cue}`, found {} or a very short word that stands alone, which is kept",
                taps(doubtful)
            );
            Diagnostic::warning(Code::TapKept, message).help("where it is no word, cut it off: the words come late by it")
        });
        let Ends { cut, untold } = self.ends;
        let cut = cut.map(|after| {
            let message = format!(
                "expected a whole recording of `{cue}`, found that it stops in the middle of a packet, after {:.1} s",
                after.as_secs_f64()
            );
            Diagnostic::warning(Code::UncertainEnd, message).help("it was cut short: export or copy it again")
        });
        let untold = untold.then(|| {
            let message = format!(
                "expected the recording of `{cue}` to say where its sound begins, found AAC without a list of edits, which may come \
                 20 to 50 ms late"
            );
            Diagnostic::warning(Code::UncertainEnd, message).help("export it again as WAV or FLAC")
        });
        [silent, removed, doubtful, cut, untold].into_iter().flatten()
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

impl Treatment {
    /// A number for each kind.
    pub(crate) fn number(self) -> u8 {
        match self {
            Treatment::Known(_) => 0,
            Treatment::Speech => 1,
            Treatment::Bell => 2,
            Treatment::Ready => 3,
        }
    }
}

/// The largest file of a recording that is read, in bytes: ten minutes of 44.1 kHz stereo in 16 bit.
const LARGEST_FILE: u64 = 128 << 20;
/// The longest recording, in seconds. A cue is one thing that is said.
const LONGEST_SECONDS: usize = 600;

/// The most frames that a recording may have, at any rate: ten minutes at 48 kHz, which take 230 MB while they are worked on.
/// A small file can hold far more, as silence takes no room in it.
pub(super) const MOST_FRAMES: u64 = 600 * 48_000;

/// Longer recordings are worked on one at a time, however many threads there are: 87 s at 48 kHz, 34 MB.
const LONG: usize = 1 << 22;
static ONE_LONG: Mutex<()> = Mutex::new(());

/// The bytes of a recording's file.
pub(crate) fn read(content: &Content) -> Result<Vec<u8>> {
    content.read(LARGEST_FILE, "a recording", "a cue is one thing that is said: cut it shorter")
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
    /// The range that is heard. The rest may be left out, where nothing depends on it.
    pub(crate) heard: FrameRange,
}

/// Decodes the bytes of a recording; `ending` is a hint.
pub(crate) fn decode(bytes: Vec<u8>, ending: &str, wanted: Wanted) -> Result<Clip, String> {
    let Wanted { rate, treatment, voice, heard } = wanted;
    let (mut samples, mut rate_hz) = (Vec::<f64>::new(), 0);
    let (mut only_long, mut ends) = (None, Ends::default());
    let take = |packet: &Packet<'_>| {
        rate_hz = packet.rate_hz;
        to_mono(packet, &mut samples);
        if samples.len().max(resample::frames_at(samples.len(), rate_hz, rate)) > LONG {
            only_long.get_or_insert_with(|| ONE_LONG.lock().unwrap_or_else(PoisonError::into_inner));
        }
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
        ends = ends::of(&bytes);
        decoder::decode(Cursor::new(bytes), ending, MOST_FRAMES, take)?;
    }
    // Silence before the words is cut off, whosever it is; and a bell may come a moment late.
    ends.untold &= treatment == Treatment::Ready;
    let mut taps = Taps::default();
    if treatment == Treatment::Speech {
        high_pass::speech(&mut samples, rate_hz);
        taps = trim::trim(&mut samples, rate_hz);
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
    let (steps, short) = level_and_resample(samples, rate_hz, rate, &level)?;
    Ok(Clip { samples: steps.into_boxed_slice(), silent, short, whole: true, taps, ends })
}

/// Brings a recording to its level and to the rate of a session, as steps of 16 bit; with how much quieter it is than it was to be.
fn level_and_resample(
    mut samples: Vec<f64>,
    rate_hz: u32,
    rate: SampleRate,
    level: &LevelChange,
) -> Result<(Vec<i16>, Decibels), String> {
    let mut steps = Vec::with_capacity(resample::frames_at(samples.len(), rate_hz, rate));
    let short = if level.is_one_gain() {
        // One gain is the same before resampling as after it, and a block at a time takes little memory.
        let short = level.apply(&mut samples, rate);
        resample::resample(&samples, rate_hz, rate, |block| pcm::append(&mut steps, block))?;
        short
    } else {
        let mut resampled = Vec::with_capacity(steps.capacity());
        resample::resample(&samples, rate_hz, rate, |block| resampled.extend_from_slice(block))?;
        drop(samples);
        let short = level.apply(&mut resampled, rate);
        pcm::append(&mut steps, &resampled);
        short
    };
    Ok((steps, short))
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
    let (short, taps, ends) = (Decibels::ZERO, Taps::default(), Ends::default());
    Ok(Clip { samples: steps.into_boxed_slice(), silent: false, short, whole, taps, ends })
}

/// Appends the mean of the channels. A second channel that is silent (a single microphone on a stereo interface)
/// halves the level; levelling puts that right.
pub(super) fn to_mono(packet: &Packet<'_>, mono: &mut Vec<f64>) {
    if packet.channels == 1 {
        return mono.extend(packet.samples.iter().copied().map(f64::from));
    }
    let mean = |frame: &[f32]| frame.iter().map(|sample| f64::from(*sample)).sum::<f64>() / packet.channels as f64;
    mono.extend(packet.samples.chunks_exact(packet.channels).map(mean));
}

/// The level that built-in voices are made at: see `voice_clips/make_clips.py`.
pub(crate) const AS_MADE: MeasuredLevel = MeasuredLevel { loudness: Lufs(-19.0), peak: Decibels(-2.0) };
