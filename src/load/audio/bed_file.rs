//! A file of one's own to play under the voice, over and over.
//!
//! It is decoded once, packet by packet; its end is laid over its beginning, so that it goes round without a seam. A minute of
//! it stays in memory; what is longer lies in a temporary file that has no name and goes with the program. So an hour
//! of music takes no more memory than a minute.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use ebur128::{EbuR128, Mode};

use super::high_pass::Inaudible;
use super::levelling;
use super::pcm;
use super::stereo;
use crate::diagnostic::{Code, Diagnostic};
use crate::error::{Error, Result};
use crate::frames::SampleRate;
use crate::gain::Lufs;
use crate::load::files::Content;
use crate::os;
use crate::work::{Stage, Work};

/// The longest file, in seconds: an hour at 48 kHz is 690 MB in the temporary folder.
const LONGEST_SECONDS: u64 = 3600;
/// The most frames it may have, at any rate: an hour at 96 kHz.
const MOST_FRAMES: u64 = LONGEST_SECONDS * 96_000;
/// The shortest, in seconds: less would be a buzz.
const SHORTEST_SECONDS: f64 = 1.0;
/// How long the end lies over the beginning, in seconds; at most a third of the file.
const CROSSFADE_SECONDS: f64 = 3.0;
/// The largest sample that is stored as it is, clipped at full scale. Decoders go a little beyond it, and some programs write
/// floating-point samples far beyond: those are turned down to it.
const LARGEST: f64 = 1.4;
/// Samples that stay in memory: a minute of stereo at 48 kHz, 11.5 MB.
const IN_MEMORY: usize = 2 * 60 * 48_000;

/// A bed from a file, in stereo. A session opens its own; by itself it shows whether a file can be one, and how loud it is.
#[derive(Debug)]
pub struct BedFile {
    loudness: Lufs,
    peak: f32,
    /// Frames until it comes round.
    frames: u64,
    store: Store,
}

#[derive(Debug)]
enum Store {
    Memory(Vec<i16>),
    /// Little-endian samples in a file without a name.
    Disk(File),
}

impl BedFile {
    /// Decodes a file at a rate.
    ///
    /// # Errors
    /// It cannot be read or decoded; it is silent, shorter than a second or longer than an hour; the temporary folder is
    /// full; someone wants it to stop.
    pub fn open(content: &Content, rate: SampleRate, work: &Work<'_>) -> Result<BedFile> {
        work.tell(Stage::Bed, 0, 1);
        let mut writer = decode(content, Writer::new(rate, 1.0), work)?;
        if writer.largest > LARGEST {
            let scale = 1.0 / writer.largest;
            writer = decode(content, Writer::new(rate, scale), work)?;
        }
        writer.finish().map_err(|fault| fault.of(content))
    }

    /// How loud it is, in stereo.
    pub fn loudness(&self) -> Lufs {
        self.loudness
    }

    /// Its highest sample, as a part of full scale.
    pub fn peak(&self) -> f32 {
        self.peak
    }

    /// Writes what is heard from the frame `start` on, for one channel or two.
    ///
    /// # Errors
    /// The temporary file cannot be read.
    pub fn read(&self, start: u64, channels: usize, out: &mut [i16]) -> Result<()> {
        if channels == 2 {
            return self.read_stereo(start, out);
        }
        let mut stereo = vec![0; out.len() * 2];
        self.read_stereo(start, &mut stereo)?;
        for (out, frame) in out.iter_mut().zip(stereo.chunks_exact(2)) {
            *out = i16::midpoint(frame[0], frame[1]);
        }
        Ok(())
    }

    fn read_stereo(&self, start: u64, out: &mut [i16]) -> Result<()> {
        let (mut at, mut rest) = (start % self.frames, out);
        while !rest.is_empty() {
            let take = (2 * (self.frames - at) as usize).min(rest.len());
            let (now, later) = rest.split_at_mut(take);
            match &self.store {
                Store::Memory(samples) => now.copy_from_slice(&samples[2 * at as usize..][..take]),
                Store::Disk(file) => {
                    let mut bytes = vec![0; 2 * take];
                    os::read_at(file, &mut bytes, 4 * at)
                        .map_err(Error::reading(Path::new("the temporary copy of the bed")))?;
                    for (sample, pair) in now.iter_mut().zip(bytes.chunks_exact(2)) {
                        *sample = i16::from_le_bytes([pair[0], pair[1]]);
                    }
                }
            }
            (at, rest) = (0, later);
        }
        Ok(())
    }
}

/// All of a file, in the writer.
fn decode(content: &Content, mut writer: Writer, work: &Work<'_>) -> Result<Writer> {
    let decoded = stereo::decode(content, writer.rate, MOST_FRAMES, work, |block| writer.store(block))?;
    decoded.map_err(|fault| fault.of(content))?;
    Ok(writer)
}

/// Why a bed cannot be played.
enum Fault {
    /// What is wrong with the recording, in words.
    Broken(String),
    /// Its temporary copy cannot be written: nothing is wrong with the recording.
    Copy(io::Error),
}

impl Fault {
    fn of(self, content: &Content) -> Error {
        match self {
            Fault::Broken(reason) => broken(content, &reason),
            Fault::Copy(source) => Error::Write { path: "the temporary copy of the bed (in TMPDIR)".into(), source },
        }
    }
}

impl From<String> for Fault {
    fn from(reason: String) -> Fault {
        Fault::Broken(reason)
    }
}

impl From<&str> for Fault {
    fn from(reason: &str) -> Fault {
        Fault::Broken(reason.to_owned())
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        Fault::Copy(error)
    }
}

fn broken(content: &Content, reason: &str) -> Error {
    let message = format!("expected a bed that can be played, found {}: {reason}", content.shown());
    Diagnostic::error(Code::BrokenBed, message)
        .help("export it again, as WAV, FLAC, MP3, Ogg, Opus or M4A of a second to an hour")
        .into()
}

/// A bed on its way to the store.
struct Writer {
    rate: SampleRate,
    /// The factor that every sample is multiplied by.
    scale: f64,
    /// The largest sample so far, as a part of full scale, before it was multiplied.
    largest: f64,
    high_pass: Inaudible,
    meter: Option<EbuR128>,
    peak: f32,
    memory: Vec<i16>,
    disk: Option<io::BufWriter<File>>,
    frames: u64,
    /// The first samples, as many as the crossfade has: the last will be laid over them.
    head: Vec<i16>,
    /// The last samples so far, which may be the end.
    tail: std::collections::VecDeque<i16>,
}

impl Writer {
    fn new(rate: SampleRate, scale: f64) -> Writer {
        Writer {
            rate,
            scale,
            largest: 0.0,
            high_pass: Inaudible::new(rate),
            meter: EbuR128::new(2, rate.hz(), Mode::I).ok(),
            peak: 0.0,
            memory: Vec::new(),
            disk: None,
            frames: 0,
            head: Vec::new(),
            tail: std::collections::VecDeque::new(),
        }
    }

    fn store(&mut self, stereo: &mut [f64]) -> Result<(), Fault> {
        self.high_pass.run(stereo);
        self.largest = stereo.iter().fold(self.largest, |largest, sample| largest.max(sample.abs()));
        if self.scale != 1.0 {
            stereo.iter_mut().for_each(|sample| *sample *= self.scale);
        }
        if let Some(meter) = &mut self.meter {
            meter.add_frames_f64(stereo).map_err(|error| error.to_string())?;
        }
        self.frames += stereo.len() as u64 / 2;
        if self.frames > LONGEST_SECONDS * u64::from(self.rate.hz()) {
            return Err(format!("it is longer than {} minutes", LONGEST_SECONDS / 60).into());
        }
        let edge = 2 * self.crossfade();
        let mut steps = Vec::with_capacity(stereo.len());
        pcm::append(&mut steps, stereo);
        for sample in steps {
            self.peak = self.peak.max(f32::from(sample.unsigned_abs().min(32_767) as i16) / 32768.0);
            if self.head.len() < edge {
                self.head.push(sample);
            }
            // Samples older than the crossfade are final: they are stored.
            self.tail.push_back(sample);
            if self.tail.len() > edge
                && let Some(sample) = self.tail.pop_front()
            {
                self.keep(sample)?;
            }
        }
        Ok(())
    }

    fn crossfade(&self) -> usize {
        (CROSSFADE_SECONDS * f64::from(self.rate.hz())) as usize
    }

    fn keep(&mut self, sample: i16) -> io::Result<()> {
        if self.disk.is_none() && self.memory.len() < IN_MEMORY {
            self.memory.push(sample);
            return Ok(());
        }
        if self.disk.is_none() {
            let file = match os::nameless() {
                Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                    self.memory.push(sample);
                    return Ok(());
                }
                file => file?,
            };
            let mut disk = io::BufWriter::with_capacity(1 << 18, file);
            for sample in std::mem::take(&mut self.memory) {
                disk.write_all(&sample.to_le_bytes())?;
            }
            self.disk = Some(disk);
        }
        self.disk.as_mut().map_or(Ok(()), |disk| disk.write_all(&sample.to_le_bytes()))
    }

    /// Lays the end over the beginning.
    fn finish(mut self) -> Result<BedFile, Fault> {
        let rate_hz = f64::from(self.rate.hz());
        if (self.frames as f64) < SHORTEST_SECONDS * rate_hz {
            return Err(format!("it is shorter than {SHORTEST_SECONDS} s").into());
        }
        let loudness = self.meter.as_ref().and_then(|meter| meter.loudness_global().ok()).unwrap_or(f64::NEG_INFINITY);
        let loudness = levelling::heard(loudness).ok_or("it is silent")?;
        // Of a short file, the crossfade takes a third; the rest of the tail is body.
        let edge = self.crossfade().min(self.frames as usize / 3);
        while self.tail.len() > 2 * edge
            && let Some(sample) = self.tail.pop_front()
        {
            self.keep(sample)?;
        }
        let blended: Vec<i16> = (0..2 * edge).map(|at| blend(self.head[at], self.tail[at], at / 2, edge)).collect();
        let store = match self.disk {
            Some(disk) => {
                let file = disk.into_inner().map_err(io::IntoInnerError::into_error)?;
                let bytes: Vec<u8> = blended.iter().flat_map(|sample| sample.to_le_bytes()).collect();
                os::write_at(&file, &bytes, 0)?;
                Store::Disk(file)
            }
            None => {
                self.memory[..2 * edge].copy_from_slice(&blended);
                Store::Memory(self.memory)
            }
        };
        Ok(BedFile { loudness, peak: self.peak, frames: self.frames - edge as u64, store })
    }
}

/// A sample of the crossfade, `at` of `of` frames in: the beginning fades in and the end fades out, at equal power.
fn blend(head: i16, tail: i16, at: usize, of: usize) -> i16 {
    let angle = std::f64::consts::FRAC_PI_2 * (at as f64 + 0.5) / of as f64;
    let sum = f64::from(head) * libm::sin(angle) + f64::from(tail) * libm::cos(angle);
    sum.round().clamp(-32768.0, 32767.0) as i16
}
