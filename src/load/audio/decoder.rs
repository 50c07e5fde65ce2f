//! A recording in any format, decoded packet by packet: all of it, or an error that says at which second it stops.

use std::io;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;

use super::downmix::Downmix;
use super::edit_list::{self, Edit};
use super::header_repair::Mended;
use super::links::{self, Excerpt, Form};
use super::opus;
use super::output::Output;
pub(crate) use super::output::{More, Packet};
use super::panics::{FAILED, caught};

/// How many frames an MP3 may go on after its declared end: encoders pad by up to two packets of 1,152 frames, and decoders
/// lag 529 frames behind. What is longer is no padding, and the declared end is wrong.
const MOST_PADDING: usize = 3 * 1152;

/// Decodes a recording of at most `most` frames and hands its packets to `take`, until that has enough; `ending` is a hint.
/// Returns how many frames there were.
///
/// # Errors
/// What is wrong with the recording, in words; what `take` says.
pub(crate) fn decode<S: MediaSource + 'static, E: From<String>>(
    source: S,
    ending: &str,
    most: u64,
    mut take: impl FnMut(&Packet<'_>) -> More<E>,
) -> Result<u64, E> {
    let mut source = Mended::new(source).map_err(|error| error.to_string())?;
    let (form, links) = links::find(&mut source)?;
    let source = Arc::new(Mutex::new(source));
    let mut output = Output::new(&mut take, most);
    for link in links {
        let part = Excerpt::new(Arc::clone(&source), link, form != Form::Mpeg);
        let more = match form {
            Form::Opus => opus::decode(part, &mut output)?,
            _ => decode_link(part, form, ending, &mut output)?,
        };
        if more.is_break() {
            break;
        }
    }
    output.finish()
}

/// What reads a recording, and what decodes it.
struct Opened {
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    /// How many frames its header says there are.
    expected: Option<u64>,
    rate_hz: Option<u32>,
}

impl Opened {
    fn open(part: Excerpt, ending: &str) -> Result<Opened, String> {
        let mut hint = Hint::new();
        hint.with_extension(&ending.to_lowercase());
        let stream = MediaSourceStream::new(Box::new(part), MediaSourceStreamOptions::default());
        let format = symphonia::default::get_probe()
            .probe(&hint, stream, FormatOptions::default(), MetadataOptions::default())
            .map_err(|_| "not a format that can be read".to_string())?;
        let track = format.default_track(TrackType::Audio).ok_or("there is no sound in it")?;
        let params = track.codec_params.as_ref().and_then(|params| params.audio()).ok_or("there is no sound in it")?;
        let (expected, rate_hz, track) = (track.num_frames, params.sample_rate, track.id);
        // `Edges` cuts off what encoders put around the sound, in one place for all formats.
        let options = AudioDecoderOptions::default().gapless(false);
        let decoder =
            symphonia::default::get_codecs().make_audio_decoder(params, &options).map_err(|error| error.to_string())?;
        Ok(Opened { format, decoder, track, expected, rate_hz })
    }

    /// Decodes the next packet to `block`; `None` at the end.
    fn next(&mut self, endless: bool, block: &mut Block) -> Result<Option<()>, String> {
        let packet = loop {
            match self.format.next_packet() {
                Ok(Some(packet)) if packet.track_id == self.track => break packet,
                Ok(Some(_)) => {}
                Ok(None) => return Ok(None),
                Err(SymphoniaError::IoError(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return if endless { Ok(None) } else { Err("it is cut off".into()) };
                }
                Err(error) => return Err(error.to_string()),
            }
        };
        let buffer = self.decoder.decode(&packet).map_err(|error| error.to_string())?;
        block.rate_hz = buffer.spec().rate();
        block.downmix = Downmix::of(buffer.spec().channels());
        block.samples.resize(buffer.samples_interleaved(), 0.0);
        buffer.copy_to_slice_interleaved(&mut block.samples);
        block.trim = (packet.trim_start.get() as usize, packet.trim_end.get() as usize);
        Ok(Some(()))
    }
}

/// A decoded packet.
#[derive(Default)]
struct Block {
    /// Interleaved samples: first as decoded, then mixed to one channel or two.
    samples: Vec<f32>,
    downmix: Downmix,
    rate_hz: u32,
    /// How many frames at its start and its end are an encoder's, not the recording's.
    trim: (usize, usize),
}

fn decode_link<E: From<String>>(part: Excerpt, form: Form, ending: &str, output: &mut Output<'_, E>) -> More<E> {
    let edit = if form == Form::Mp4 { edit_list::read(&mut part.clone()) } else { Edit::default() };
    let endless = form == Form::Wave { endless: true };
    let opened = caught(|| Opened::open(part, ending)).unwrap_or_else(|| Err(FAILED.into()));
    let mut opened = opened.map_err(|reason| output.stopped(&reason))?;
    if let (Some(expected), Some(rate_hz)) = (opened.expected, opened.rate_hz) {
        output.fits(expected, rate_hz)?;
    }
    let mut edges = Edges { edit, total: opened.expected, held: form == Form::Mpeg, ..Edges::default() };
    let (mut block, mut channels) = (Block::default(), None);
    loop {
        let next = caught(|| opened.next(endless, &mut block)).unwrap_or_else(|| Err(FAILED.into()));
        if next.map_err(|reason| output.stopped(&reason))?.is_none() {
            break;
        }
        if block.downmix.channels == 0 {
            continue;
        }
        if *channels.get_or_insert(block.downmix.channels) != block.downmix.channels {
            return Err(output.stopped("its number of channels changes"));
        }
        block.downmix.run(&mut block.samples);
        let width = block.downmix.mixed();
        let kept = edges.cut(&mut block, width);
        for samples in [edges.given_back(), kept].into_iter().filter(|samples| !samples.is_empty()) {
            if output.hand(&Packet { samples: &samples, channels: width, rate_hz: block.rate_hz })?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
    }
    match opened.expected {
        Some(expected) if !endless && edges.decoded > 0 && edges.decoded < expected => {
            Err(output.stopped(&format!("it ends too early: {} of {expected} frames are there", edges.decoded)))
        }
        _ => Ok(ControlFlow::Continue(())),
    }
}

/// What encoders put before and after the sound, and what a file's own list of edits leaves out.
#[derive(Default)]
struct Edges {
    edit: Edit,
    /// How many frames the header says there are.
    total: Option<u64>,
    /// Whether what lies after the declared end is held back until it is known to be padding.
    held: bool,
    withheld: Vec<f32>,
    /// Whether more came after the declared end than can be padding.
    goes_on: bool,
    /// How many frames were decoded, without an encoder's.
    decoded: u64,
}

impl Edges {
    /// The samples of a block that belong to the recording.
    fn cut(&mut self, block: &mut Block, channels: usize) -> Vec<f32> {
        let mut samples = std::mem::take(&mut block.samples);
        let frames = samples.len() / channels;
        let start = block.trim.0.min(frames);
        let end = if self.goes_on { frames } else { frames - block.trim.1.min(frames - start) };
        if self.held && end < frames {
            self.withheld.extend_from_slice(&samples[end * channels..]);
        }
        samples.truncate(end * channels);
        samples.drain(..start * channels);
        let first = self.decoded;
        self.decoded += (end - start) as u64;
        if let Some(kept) = self.edit.kept(first..self.decoded, block.rate_hz, self.total) {
            samples.truncate(kept.end * channels);
            samples.drain(..kept.start * channels);
        }
        samples
    }

    /// What was held back, once it is too long to be padding.
    fn given_back(&mut self) -> Vec<f32> {
        if self.goes_on || self.withheld.len() <= 2 * MOST_PADDING {
            return Vec::new();
        }
        self.goes_on = true;
        std::mem::take(&mut self.withheld)
    }
}
