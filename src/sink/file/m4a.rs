//! M4A and M4B: AAC-LC, which every phone decodes, with a chapter for each pose.
//!
//! What is kept until the end is the size of each packet, four bytes.

use std::path::Path;

use super::aac::{self, Encoder, Failure, PACKET, PRIMING, Settings};
use super::encoding::Encoding;
use super::mp4::{Mp4, Sound};
use super::output::Output;
use super::{Extent, Job};
use crate::error::{Error, Result};
use crate::frames::{Frames, clock};

/// Bytes that are gathered before they are written.
const GATHERED: usize = 1 << 16;

/// Refuses what an M4A cannot hold: rates without a number, and more frames than 32 bits count.
///
/// # Errors
/// The rate is none of AAC's, or the session is longer than that.
pub(super) fn check(extent: &Extent, _: Encoding) -> Result<()> {
    let Extent { frames, rate, .. } = *extent;
    if !aac::knows(rate.hz()) {
        let reason = format!("cannot write the M4A: AAC has no rate of {rate}");
        return Err(Error::Format {
            reason,
            help: "phones play 48000 Hz and 44100 Hz; any rate will do for a WAV".into(),
        });
    }
    // What the encoder puts before and after it is counted too.
    let most = Frames(u64::from(u32::MAX - 4 * PACKET));
    if frames <= most {
        return Ok(());
    }
    let (longest, length) = (clock(most.duration(rate)), clock(frames.duration(rate)));
    let reason = format!("cannot write the M4A: it can hold at most {longest} at {rate}; this session lasts {length}");
    Err(Error::TooLarge { reason })
}

/// Writes the session.
///
/// # Errors
/// A recording cannot be read, the disk is full, or someone wants it to stop.
pub(super) fn write(job: &Job<'_>, output: &mut Output) -> Result<()> {
    check(&job.extent(), job.encoding)?;
    let path = output.path().to_owned();
    let is_book = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("m4b"));
    let head = encode(job, is_book, &path, &mut |bytes| output.append(bytes))?;
    output.overwrite(0, &head, "M4A")
}

/// The whole file in memory, for who has no file system.
///
/// # Errors
/// A recording cannot be read, or someone wants it to stop.
pub fn bytes(job: &Job<'_>) -> Result<Vec<u8>> {
    check(&job.extent(), job.encoding)?;
    let mut file = Vec::new();
    let head = encode(job, false, Path::new("session.m4a"), &mut |bytes| {
        file.extend_from_slice(bytes);
        Ok(())
    })?;
    file[..head.len()].copy_from_slice(&head);
    Ok(file)
}

/// Encodes the session as the bytes of a file, each after the one before; the first of them are zeros, which the head that is given
/// back belongs over.
fn encode(job: &Job<'_>, is_book: bool, path: &Path, append: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<Vec<u8>> {
    let extent = job.extent();
    let failed = |failure: Failure| match failure {
        Failure::Coding(error) => failed(path, &error.to_string()),
        Failure::Work(error) => error,
    };
    let settings = Settings {
        rate: extent.rate.hz(),
        channels: extent.channels.count(),
        quality: job.encoding.quality,
        bitrate: job.encoding.bitrate,
    };
    let mut encoder = Encoder::new(settings).map_err(|error| failed(error.into()))?;
    let config = encoder.config.clone();
    let chapters: Vec<_> = job.chapters().into_iter().map(|(start, title)| (start.0 as u32, title)).collect();
    let head = |sizes: &[u32]| {
        let (rate, channels, frames) = (settings.rate, settings.channels as u16, extent.frames.0 as u32);
        let sound = Sound { rate, channels, frames, priming: PRIMING, packet: PACKET, config: &config, sizes };
        let mp4 = Mp4 { is_book, sound, chapters: &chapters, about: job.about };
        let too_large = || Error::TooLarge { reason: "cannot write the M4A: it can hold at most 4 GiB".into() };
        mp4.head().ok_or_else(too_large)
    };
    let room = head(&vec![0; aac::packets(extent.frames.0 as u32)])?.len();
    append(&vec![0; room])?;
    job.each_block(|samples| {
        encoder.feed(samples, &job.work).map_err(failed)?;
        let bytes = &mut encoder.packets.bytes;
        if bytes.len() >= GATHERED {
            append(bytes)?;
            bytes.clear();
        }
        Ok(())
    })?;
    let packets = encoder.finish(&job.work).map_err(failed)?;
    append(&packets.bytes)?;
    append(&Mp4::tail())?;
    let head = head(&packets.sizes)?;
    if head.len() == room { Ok(head) } else { Err(self::failed(path, "it made more packets than it should")) }
}

/// What the encoder refuses is checked before, so this is a mistake of its own or of this file.
pub(super) fn failed(path: &Path, reason: &str) -> Error {
    let (reason, help) = (format!("the AAC encoder failed: {reason}"), "write a WAV instead".into());
    Error::Output { path: path.to_owned(), reason, help }
}
