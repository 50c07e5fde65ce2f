//! M4A and M4B: AAC-LC, which every phone decodes, with a chapter for each pose.
//!
//! The encoder has one thread, whatever the number of threads: each packet depends on the one before. What is kept until the end
//! is the size of each packet, four bytes for 21 ms.

use std::path::Path;

use syom::{EncodeOptions, EncodedFrame, Encoder};

use super::encoding::{Encoding, Quality};
use super::mp4::{Index, MP4_HEAD, Mp4, Sound};
use super::output::Output;
use super::{Extent, Job};
use crate::error::{Error, Result};
use crate::frames::{Frames, SampleRate, clock};
use crate::os;
use crate::render::Channels;

/// Frames a second for which AAC has a number (ISO/IEC 14496-3, table 1.18).
const RATES_HZ: [u32; 12] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000];

/// Frames in a packet.
const PACKET: u32 = 1024;

/// Bits a channel that a packet may have (ISO/IEC 14496-3, 4.5.3.2).
const MOST_BITS: u32 = 6144;

/// Bytes that are gathered before they are written.
const GATHERED: usize = 1 << 16;

/// The rate that suits a quality: speech ends at 12 kHz for nearly everybody, a bed of noise does not.
pub(super) fn rate(quality: Quality) -> SampleRate {
    match quality {
        Quality::Voice => SampleRate::new(24_000).unwrap_or(SampleRate::DEFAULT),
        Quality::Standard | Quality::High => SampleRate::DEFAULT,
    }
}

/// Bits a second; digital silence takes almost none.
fn bitrate(extent: &Extent, encoding: Encoding) -> u32 {
    let usual = match encoding.quality {
        Quality::Voice => [32_000, 48_000],
        Quality::Standard => [64_000, 96_000],
        Quality::High => [128_000, 192_000],
    };
    let usual = usual[usize::from(extent.channels == Channels::Stereo)];
    let most = u64::from(MOST_BITS) * extent.channels.count() as u64 * u64::from(extent.rate.hz()) / u64::from(PACKET);
    encoding.bitrate.unwrap_or(usual).min(most as u32)
}

/// Refuses what an M4A cannot hold: rates without a number, and more frames than 32 bits count.
///
/// # Errors
/// The rate is none of AAC's, or the session is longer than that.
pub(super) fn check(extent: &Extent, _: Encoding) -> Result<()> {
    let Extent { frames, rate, .. } = *extent;
    if !RATES_HZ.contains(&rate.hz()) {
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

/// What is left to write, and the sizes of what was written.
#[derive(Default)]
struct Packets {
    bytes: Vec<u8>,
    sizes: Vec<u32>,
}

impl Packets {
    fn take(&mut self, packet: &EncodedFrame<'_>) {
        self.sizes.push(packet.payload.len() as u32);
        self.bytes.extend_from_slice(packet.payload);
    }

    fn write(&mut self, output: &mut Output) -> Result<()> {
        output.append(&self.bytes)?;
        self.bytes.clear();
        Ok(())
    }
}

/// Writes the session.
///
/// # Errors
/// A recording cannot be read, the disk is full, or someone wants it to stop.
pub(super) fn write(job: &Job<'_>, output: &mut Output) -> Result<()> {
    let extent = job.extent();
    check(&extent, job.encoding)?;
    let path = output.path().to_owned();
    let failed = |error: syom::AacError| failed(&path, error);
    let options = EncodeOptions::raw().with_bitrate_bps(bitrate(&extent, job.encoding));
    let mut encoder = Encoder::new(extent.rate.hz(), extent.channels.count(), &options).map_err(failed)?;
    let mut packets = Packets::default();
    let is_book = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("m4b"));
    output.append(&Mp4::head(is_book))?;
    let mut planes = vec![Vec::new(); extent.channels.count()];
    job.each_block(|samples| {
        for (channel, plane) in planes.iter_mut().enumerate() {
            plane.clear();
            let channel = samples.iter().skip(channel).step_by(extent.channels.count());
            plane.extend(channel.map(|sample| f32::from(*sample) / 32768.0));
        }
        let planes: Vec<&[f32]> = planes.iter().map(Vec::as_slice).collect();
        encoder
            .feed(&planes, |packet| {
                packets.take(&packet);
                Ok(())
            })
            .map_err(failed)?;
        if packets.bytes.len() < GATHERED { Ok(()) } else { packets.write(output) }
    })?;
    let info = encoder
        .finish(|packet| {
            packets.take(&packet);
            Ok(())
        })
        .map_err(failed)?;
    packets.write(output)?;
    let sound = Sound {
        rate: extent.rate.hz(),
        channels: extent.channels.count() as u16,
        frames: extent.frames.0 as u32,
        priming: info.priming as u32,
        packet: PACKET,
        config: encoder.asc(),
        bitrate: bitrate(&extent, job.encoding),
        sizes: &packets.sizes,
    };
    let chapters: Vec<_> = job.chapters().into_iter().map(|(start, title)| (start.0 as u32, title)).collect();
    let tags =
        [(*b"\xa9nam", job.about.title.as_str()), (*b"\xa9alb", &job.about.routine), (*b"\xa9ART", &job.about.voice)];
    let mp4 = Mp4 { sound, chapters: &chapters, tags: &tags };
    finish(&mp4, output)
}

/// Writes what stands after the packets, and how many bytes they are, before them.
fn finish(mp4: &Mp4<'_>, output: &mut Output) -> Result<()> {
    let too_large = || Error::TooLarge { reason: "cannot write the M4A: it can hold at most 4 GiB".into() };
    let Index { data_bytes, tail } = mp4.index().ok_or_else(too_large)?;
    output.append(&tail)?;
    match output {
        Output::File { file, path } => {
            os::write_at(file.as_file(), &data_bytes.to_be_bytes(), MP4_HEAD - 8).map_err(Error::writing(path))
        }
        Output::Stream { path, .. } => Err(Error::Output {
            path: path.clone(),
            reason: "an M4A is written at its end and at its beginning, which a pipe is not".into(),
            help: "name a file".into(),
        }),
    }
}

/// What the encoder refuses is checked before, so this is a mistake of its own or of this file.
fn failed(path: &Path, error: syom::AacError) -> Error {
    let (reason, help) = (format!("the AAC encoder failed: {error}"), "write a WAV instead".into());
    Error::Output { path: path.to_owned(), reason, help }
}
