//! WAV: 16-bit PCM, in stereo or mono, with a marker for each pose behind it; stems in 24 bit, without.
//!
//! The length is known before the first sample, so the head is written whole, and the samples of every range that sounds
//! are written straight to their place, on as many threads as there are. Silence is not written at all: a new file is silent,
//! and where the file system takes holes it costs nothing.

use std::fs::File;
use std::io::{self, Write};
use std::iter;
use std::sync::atomic::{AtomicU64, Ordering};

use super::output::Output;
use super::{Extent, Job, wav_markers};
use crate::error::{Error, Result};
use crate::frames::{FrameRange, Frames, clock};
use crate::os;

/// Frames that are rendered and written at once: 256 KiB of stereo. Much smaller writes are several times slower.
const CHUNK: u64 = 65_536;

/// Chunks that a thread takes at once: a recording that reaches over several is then decoded by one thread, not by all.
const RUN: usize = 8;

/// How many bytes besides the samples the RIFF size counts at least: of the head all but the first eight, and one that makes the samples
/// even.
const HEAD_BYTES: u64 = 37;

/// How a sample is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// 16 bit, dithered where sounds are mixed.
    Session,
    /// 24 bit, before any dither.
    Stem,
}

impl Depth {
    fn bytes(self) -> usize {
        match self {
            Depth::Session => 2,
            Depth::Stem => 3,
        }
    }
}

/// Refuses what a WAV cannot hold: its sizes are 32 bits.
///
/// # Errors
/// The session is longer than that.
pub(super) fn check(extent: &Extent) -> Result<()> {
    check_depth(extent, Depth::Session)
}

/// Refuses stems that a WAV cannot hold.
///
/// # Errors
/// The session is longer than that.
pub(super) fn check_stem(extent: &Extent) -> Result<()> {
    check_depth(extent, Depth::Stem)
}

fn check_depth(extent: &Extent, depth: Depth) -> Result<()> {
    let Extent { frames, rate, channels } = *extent;
    let channels = channels.count() as u64;
    let most = Frames((u64::from(u32::MAX) - HEAD_BYTES) / (depth.bytes() as u64 * channels));
    if frames <= most {
        return Ok(());
    }
    let (longest, length) = (clock(most.duration(rate)), clock(frames.duration(rate)));
    let channels = format!("{longest} at {rate} with {channels} channels");
    let reason =
        format!("cannot write the WAV: it can hold at most 4 GiB, which is {channels}; this session lasts {length}");
    Err(Error::TooLarge { reason })
}

/// Writes the session.
///
/// # Errors
/// A recording cannot be read, the disk is full, or someone wants it to stop.
pub(super) fn write(job: &Job<'_>, output: &mut Output) -> Result<()> {
    check(&job.extent())?;
    write_depth(job, output, Depth::Session)
}

/// Writes a stem.
///
/// # Errors
/// As for [`write`].
pub(super) fn write_stem(job: &Job<'_>, output: &mut Output) -> Result<()> {
    write_depth(job, output, Depth::Stem)
}

fn write_depth(job: &Job<'_>, output: &mut Output, depth: Depth) -> Result<()> {
    let ends = Ends::of(job, depth);
    match output {
        Output::File { file, path } => {
            write_file(job, file.as_file(), &ends, depth).map_err(|error| named(error, path))
        }
        Output::Stream { to, path } => write_stream(job, to, &ends, depth).map_err(|error| named(error, path)),
    }
}

/// What stands before and after the samples.
struct Ends {
    head: Vec<u8>,
    tail: Vec<u8>,
}

impl Ends {
    /// The head, by hound, with the sizes that are known already; markers where there is room for them.
    fn of(job: &Job<'_>, depth: Depth) -> Ends {
        let spec = hound::WavSpec {
            channels: job.mixer.channels().count() as u16,
            sample_rate: job.mixer.timeline().rate.hz(),
            bits_per_sample: 8 * depth.bytes() as u16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut head = spec.into_header_for_infinite_file();
        let data = job.range.frames().0 as u32 * depth.bytes() as u32 * u32::from(spec.channels);
        let length = head.len();
        // Chunks have an even length.
        let mut tail = vec![0; (data % 2) as usize];
        if depth == Depth::Session {
            tail.extend(wav_markers::chunks(&job.chapters()));
        }
        let size = |tail: &[u8]| u32::try_from(u64::from(data) + length as u64 - 8 + tail.len() as u64);
        // The last bytes of the 4 GiB are for sound.
        let size = size(&tail).unwrap_or_else(|_| {
            tail.truncate((data % 2) as usize);
            data + length as u32 - 8 + data % 2
        });
        head[4..8].copy_from_slice(&size.to_le_bytes());
        head[length - 4..].copy_from_slice(&data.to_le_bytes());
        Ends { head, tail }
    }
}

/// A failure of this file: of writing, or of the work behind it.
enum Failure {
    Writing(io::Error),
    Work(Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Writing(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Work(error)
    }
}

fn named(failure: Failure, path: &std::path::Path) -> Error {
    match failure {
        Failure::Writing(source) => Error::Write { path: path.to_owned(), source },
        Failure::Work(error) => error,
    }
}

fn write_file(job: &Job<'_>, file: &File, Ends { head, tail }: &Ends, depth: Depth) -> Result<(), Failure> {
    let bytes_a_frame = (depth.bytes() * job.mixer.channels().count()) as u64;
    os::write_at(file, head, 0)?;
    let end = head.len() as u64 + job.range.frames().0 * bytes_a_frame;
    file.set_len(end)?;
    os::write_at(file, tail, end)?;
    let chunks = sounding_chunks(job, head.len() as u64 / bytes_a_frame);
    let (runs, done) = (chunks.chunks(RUN).collect::<Vec<_>>(), AtomicU64::new(0));
    let write_run = |room: &mut Room, run: usize| -> Result<(), Failure> {
        for chunk in runs[run] {
            job.work.go_on()?;
            let bytes = room.render(job, *chunk, depth)?;
            os::write_at(file, bytes, head.len() as u64 + (chunk.start - job.range.start).0 * bytes_a_frame)?;
            let before = done.fetch_add(chunk.frames().0, Ordering::Relaxed);
            job.tell(Frames(before) + chunk.frames());
        }
        Ok(())
    };
    job.work.each(runs.len(), Room::default, write_run).map(drop)
}

/// What sounds in the range that is wanted, cut into chunks; the file begins with a head as long as so many frames.
fn sounding_chunks(job: &Job<'_>, head: u64) -> Vec<FrameRange> {
    let ranges = job.mixer.sounding().into_iter().map(|range| range.intersect(job.range));
    ranges.flat_map(|range| chunks(range, job.range.start, head, CHUNK)).collect()
}

fn write_stream(job: &Job<'_>, to: &mut dyn Write, Ends { head, tail }: &Ends, depth: Depth) -> Result<(), Failure> {
    let bytes_a_frame = depth.bytes() * job.mixer.channels().count();
    let silence = vec![0; CHUNK as usize * bytes_a_frame];
    let (mut room, sounding) = (Room::default(), job.mixer.sounding());
    to.write_all(head)?;
    // The first chunk is small (0.17 s at 48 kHz), so that a player at the other end begins at once.
    for chunk in chunks(job.range, job.range.start, (head.len() / bytes_a_frame) as u64, CHUNK / 8) {
        job.work.go_on()?;
        let next = sounding.partition_point(|range| range.end <= chunk.start);
        if sounding.get(next).is_some_and(|range| range.start < chunk.end) {
            to.write_all(room.render(job, chunk, depth)?)?;
        } else {
            to.write_all(&silence[..chunk.frames().0 as usize * bytes_a_frame])?;
        }
        job.tell(chunk.end - job.range.start);
    }
    to.write_all(tail)?;
    Ok(())
}

/// A range cut at multiples of a chunk in the file, which begins at the frame `origin` with a head as long as so many frames: a
/// write that ends amid a page of memory is slower. The first chunk ends at a multiple of `first`.
fn chunks(range: FrameRange, origin: Frames, head: u64, first: u64) -> impl Iterator<Item = FrameRange> {
    let up_to_multiple = move |start: Frames, of: u64| {
        let end = ((start - origin).0 + head) / of * of + of - head;
        Some(FrameRange { start, end: (origin + Frames(end)).min(range.end) }).filter(|chunk| !chunk.is_empty())
    };
    iter::successors(up_to_multiple(range.start, first), move |last| up_to_multiple(last.end, CHUNK))
}

/// Frames that are mixed at once: 32 KiB of stereo, which stay in the nearest cache.
const BLOCK: usize = 8192;

/// Room for samples between the mixer and the file, kept from chunk to chunk.
#[derive(Default)]
struct Room {
    session: Vec<i16>,
    stem: Vec<f32>,
    bytes: Vec<u8>,
}

impl Room {
    /// The bytes of a chunk, as they stand in the file.
    fn render(&mut self, job: &Job<'_>, chunk: FrameRange, depth: Depth) -> Result<&[u8]> {
        let channels = job.mixer.channels().count();
        let samples = chunk.frames().0 as usize * channels;
        if depth == Depth::Stem {
            return self.render_stem(job, chunk.start, samples);
        }
        self.session.resize(samples, 0);
        let mut start = chunk.start;
        for block in self.session.chunks_mut(BLOCK * channels) {
            job.mixer.fill(start, block)?;
            start += Frames(BLOCK as u64);
        }
        if cfg!(target_endian = "big") {
            self.session.iter_mut().for_each(|sample| *sample = sample.to_le());
        }
        Ok(bytemuck::cast_slice(&self.session))
    }

    fn render_stem(&mut self, job: &Job<'_>, start: Frames, samples: usize) -> Result<&[u8]> {
        self.stem.resize(samples, 0.0);
        job.mixer.fill_wide(start, &mut self.stem)?;
        self.bytes.clear();
        for sample in &self.stem {
            // 2^23 steps to full scale.
            let step = (sample * 8_388_608.0).round().clamp(-8_388_608.0, 8_388_607.0) as i32;
            self.bytes.extend_from_slice(&step.to_le_bytes()[..3]);
        }
        Ok(&self.bytes)
    }
}
