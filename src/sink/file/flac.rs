//! FLAC (RFC 9639): the samples of the WAV, bit for bit, in a quarter of its size, with tags, chapters, picture and seek table.
//!
//! Each block of a FLAC stands for itself, so they are encoded on as many threads as there are; only the checksum
//! of all samples (MD5) is taken in their order. It stands at the beginning, as do the sizes: the head is written again at the end.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use flacenc::bitsink::ByteSink;
use flacenc::component::{BitRepr, Frame, FrameOffset, StreamInfo};
use flacenc::config;
use flacenc::error::{Verified, Verify};
use flacenc::source::{Fill, FrameBuf};
use md5::{Digest, Md5};

use super::comments::{comments, picture};
use super::output::Output;
use super::{Extent, Job};
use crate::error::{Error, Result};
use crate::frames::{FrameRange, Frames};

/// Frames in a block: what the reference encoder has up to 48 kHz.
const BLOCK: u64 = 4096;

/// Frames that the last block has at least: the encoder takes no fewer.
const SHORTEST: u64 = 32;

/// How many samples before it a sample is predicted from: as many as the reference encoder has at its usual level.
const ORDER: usize = 8;

/// The highest rate of the encoder.
const MOST_HZ: u32 = 96_000;

/// The length is written in 36 bits (RFC 9639, 8.2).
const MOST_FRAMES: u64 = (1 << 36) - 1;

/// Blocks that a thread takes at once: 1.4 s at 48 kHz.
const RUN: u64 = 16;

/// Runs that are kept at once: 8 MB of stereo samples.
const WINDOW: usize = 32;

/// From one entry of the seek table to the next.
const SEEK_SECONDS: u64 = 10;

/// Different blocks of rest that a thread keeps: the noise that keeps headphones awake goes round after 16.
const MOST_RESTS: usize = 64;

/// Refuses what a FLAC cannot hold.
///
/// # Errors
/// The rate is one that the encoder does not have; the session is longer than 36 bits count, or shorter than a block.
pub(super) fn check(extent: &Extent) -> Result<()> {
    let (hz, frames) = (extent.rate.hz(), extent.frames.0);
    let refused = |reason: String, help: &str| Err(Error::Format { reason, help: help.into() });
    // Rates that are no 16-bit number are written in tens (RFC 9639, 9.1.2).
    if hz > MOST_HZ || (hz > u32::from(u16::MAX) && !hz.is_multiple_of(10)) {
        let reason = format!("cannot write the FLAC: it can have at most {MOST_HZ} Hz, not {}", extent.rate);
        return refused(reason, "96000 Hz and 48000 Hz are usual; any rate will do for a WAV");
    }
    if frames > MOST_FRAMES {
        return refused("cannot write the FLAC: it can hold at most 2^36 frames".into(), "write a part of it");
    }
    if frames < SHORTEST {
        let reason = format!("cannot write the FLAC: it needs at least {SHORTEST} frames, not {frames}");
        return refused(reason, "write a longer part of the session");
    }
    Ok(())
}

/// Frames in each block of a session but the last: so many that the last is not too short.
fn block(frames: u64) -> u64 {
    let fits = |block: &u64| frames.is_multiple_of(*block) || frames % block >= SHORTEST;
    (BLOCK / 2..=BLOCK).rev().step_by(16).find(fits).unwrap_or(BLOCK)
}

/// What is told of the whole in the head, once it is known.
struct Summary {
    smallest: u32,
    largest: u32,
    md5: [u8; 16],
    /// The first byte of every block of the seek table, counted from the first block.
    points: Vec<u64>,
}

/// What a thread keeps from block to block.
struct Room {
    config: Verified<config::Encoder>,
    info: StreamInfo,
    wide: Vec<i32>,
    /// Blocks in which nothing is heard, and what became of them.
    rests: Vec<(Vec<i16>, Frame)>,
}

/// Some blocks, encoded.
struct Run {
    bytes: Vec<u8>,
    sizes: Vec<u32>,
    /// What they hold, for the checksum.
    samples: Vec<i16>,
}

fn failed(error: impl std::fmt::Display) -> io::Error {
    io::Error::other(error.to_string())
}

impl Room {
    fn new(extent: &Extent) -> io::Result<Room> {
        let mut config = config::Encoder::default();
        config.subframe_coding.qlpc.lpc_order = ORDER;
        let config = config.into_verified().map_err(|(_, error)| failed(error))?;
        let info = StreamInfo::new(extent.rate.hz() as usize, extent.channels.count(), 16).map_err(failed)?;
        Ok(Room { config, info, wide: Vec::new(), rests: Vec::new() })
    }

    /// Encodes a block with its number.
    fn encode(&mut self, samples: &[i16], number: u64, is_rest: bool) -> io::Result<Frame> {
        if let Some((_, frame)) = self.rests.iter().find(|(known, _)| is_rest && known == samples) {
            let (mut header, parts) = frame.clone().into_parts();
            header.set_frame_offset(FrameOffset::Frame(number as u32));
            return Frame::new(header, parts.into_iter()).map_err(failed);
        }
        self.wide.clear();
        self.wide.extend(samples.iter().map(|sample| i32::from(*sample)));
        let channels = self.info.channels();
        let mut frames = FrameBuf::with_size(channels, samples.len() / channels).map_err(failed)?;
        frames.fill_interleaved(&self.wide).map_err(failed)?;
        let frame =
            flacenc::encode_fixed_size_frame(&self.config, &frames, number as usize, &self.info).map_err(failed)?;
        if is_rest && self.rests.len() < MOST_RESTS {
            self.rests.push((samples.to_vec(), frame.clone()));
        }
        Ok(frame)
    }
}

/// A session on its way into blocks.
struct Blocks<'a> {
    job: &'a Job<'a>,
    extent: Extent,
    /// Frames in a block.
    block: u64,
    heard: Vec<FrameRange>,
}

impl Blocks<'_> {
    /// How many there are.
    fn count(&self) -> u64 {
        self.extent.frames.0.div_ceil(self.block)
    }

    /// From one entry of the seek table to the next, in blocks.
    fn seek_step(&self) -> u64 {
        (SEEK_SECONDS * u64::from(self.extent.rate.hz())).div_ceil(self.block)
    }

    fn encode(&self, room: &mut Room, first: u64, path: &std::path::Path) -> Result<Run> {
        let channels = self.extent.channels.count();
        let start = self.job.range.start + Frames(first * self.block);
        let frames = (RUN * self.block).min((self.job.range.end - start).0);
        let mut samples = Vec::new();
        self.job.render(start, frames, &mut samples)?;
        let (mut sink, mut sizes) = (ByteSink::new(), Vec::new());
        for (number, block) in (first..).zip(samples.chunks(self.block as usize * channels)) {
            let range = FrameRange::new(
                self.job.range.start + Frames(number * self.block),
                Frames((block.len() / channels) as u64),
            );
            let next = self.heard.partition_point(|heard| heard.end <= range.start);
            let is_rest = self.heard.get(next).is_none_or(|heard| heard.start >= range.end);
            let before = sink.as_slice().len();
            let frame = room.encode(block, number, is_rest).map_err(Error::writing(path))?;
            frame.write(&mut sink).map_err(failed).map_err(Error::writing(path))?;
            sizes.push((sink.as_slice().len() - before) as u32);
        }
        Ok(Run { bytes: sink.into_inner(), sizes, samples })
    }

    /// All that stands before the blocks. Its length depends on the session alone.
    fn head(&self, summary: &Summary) -> Vec<u8> {
        let mut head = b"fLaC".to_vec();
        let mut blocks = vec![(0, self.stream_info(summary)), (3, self.seek_table(summary)), (4, self.tags())];
        blocks.extend(self.job.about.cover.picture().map(|cover| (6, picture(cover))));
        let last = blocks.len() - 1;
        for (number, (kind, block)) in blocks.into_iter().enumerate() {
            // The highest bit marks the last (RFC 9639, 8.1).
            head.push(kind | if number == last { 0x80 } else { 0 });
            head.extend_from_slice(&(block.len() as u32).to_be_bytes()[1..]);
            head.extend(block);
        }
        head
    }

    /// STREAMINFO (RFC 9639, 8.2).
    fn stream_info(&self, summary: &Summary) -> Vec<u8> {
        let mut info = [self.block as u16; 2].map(u16::to_be_bytes).concat();
        for size in [summary.smallest, summary.largest] {
            info.extend_from_slice(&size.to_be_bytes()[1..]);
        }
        // 20 bits for the rate, 3 for the channels less one, 5 for the bits of a sample less one, 36 for the length.
        let (rate, channels) = (u64::from(self.extent.rate.hz()), self.extent.channels.count() as u64);
        info.extend_from_slice(&(rate << 44 | (channels - 1) << 41 | 15 << 36 | self.extent.frames.0).to_be_bytes());
        info.extend_from_slice(&summary.md5);
        info
    }

    /// SEEKTABLE (RFC 9639, 8.5): the first frame of a block, its first byte, and how many frames it has.
    fn seek_table(&self, summary: &Summary) -> Vec<u8> {
        let numbers = (0..self.count()).step_by(self.seek_step() as usize);
        let points = numbers.zip(summary.points.iter().copied().chain(std::iter::repeat(0)));
        points
            .flat_map(|(number, byte)| {
                let first = number * self.block;
                let frames = self.block.min(self.extent.frames.0 - first) as u16;
                let mut point = [first, byte].map(u64::to_be_bytes).concat();
                point.extend_from_slice(&frames.to_be_bytes());
                point
            })
            .collect()
    }

    /// The tags (RFC 9639, 8.6).
    fn tags(&self) -> Vec<u8> {
        let comments = comments(self.job);
        let texts = comments.iter().map(|(name, value)| format!("{name}={value}"));
        let mut block = Vec::new();
        let mut add = |text: &str, count: Option<u32>| {
            block.extend_from_slice(&(text.len() as u32).to_le_bytes());
            block.extend_from_slice(text.as_bytes());
            block.extend(count.map(u32::to_le_bytes).into_iter().flatten());
        };
        add(super::about::About::TOOL, Some(comments.len() as u32));
        texts.for_each(|text| add(&text, None));
        block
    }
}

/// Writes the session.
///
/// # Errors
/// A recording cannot be read, the disk is full, or someone wants it to stop.
pub(super) fn write(job: &Job<'_>, output: &mut Output) -> Result<()> {
    let extent = job.extent();
    check(&extent)?;
    let path = output.path().to_owned();
    let blocks = Blocks { job, extent, block: block(extent.frames.0), heard: job.mixer.heard() };
    let mut summary = Summary { smallest: u32::MAX, largest: 0, md5: [0; 16], points: Vec::new() };
    output.append(&blocks.head(&summary))?;
    let (mut md5, mut byte, done) = (Md5::new(), 0, AtomicU64::new(0));
    let encode = |room: &mut io::Result<Room>, index: usize| {
        let room = room.as_mut().map_err(|error| Error::writing(&path)(failed(error)))?;
        let run = blocks.encode(room, index as u64 * RUN, &path)?;
        let frames = (run.samples.len() / extent.channels.count()) as u64;
        job.tell(Frames(done.fetch_add(frames, Ordering::Relaxed) + frames));
        Ok(run)
    };
    let runs = blocks.count().div_ceil(RUN) as usize;
    job.work.each_in_order(
        runs,
        WINDOW,
        || Room::new(&extent),
        encode,
        |index, mut run: Run| {
            if cfg!(target_endian = "big") {
                run.samples.iter_mut().for_each(|sample| *sample = sample.to_le());
            }
            md5.update(bytemuck::cast_slice(&run.samples));
            for (number, size) in (index as u64 * RUN..).zip(run.sizes) {
                if number.is_multiple_of(blocks.seek_step()) {
                    summary.points.push(byte);
                }
                byte += u64::from(size);
                (summary.smallest, summary.largest) = (summary.smallest.min(size), summary.largest.max(size));
            }
            output.append(&run.bytes)
        },
    )?;
    summary.md5 = md5.finalize().into();
    output.overwrite(0, &blocks.head(&summary), "FLAC")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_block_is_never_too_short() {
        for frames in (SHORTEST..100_000).chain((1 << 32)..(1 << 32) + 5000) {
            let block = block(frames);
            let last = frames % block;
            assert!(last == 0 || last >= SHORTEST, "{frames}: {block}");
            assert!((2048..=4096).contains(&block));
        }
    }
}
