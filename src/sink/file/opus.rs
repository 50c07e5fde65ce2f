//! Opus in Ogg (RFC 7845): the smallest file, with tags, chapters and picture as Vorbis comments.
//!
//! What sounds is cut into stretches, and each is encoded by an encoder of its own, so that they can be encoded at the same
//! time; where they begin depends on the session alone, and so do the bytes. An encoder that is started anew
//! has no memory of what went before: it is therefore fed some packets that are thrown away. Only the transform coder (CELT) is
//! used, whose memory is short; at these rates it comes as near to the sound as the speech coder does, in a fifth of the time.
//!
//! Between what sounds there is at most the noise that keeps headphones awake, which nobody hears: its packets are made
//! once, with few bits, and go round.

use std::io::{self, BufWriter};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use data_encoding::BASE64;
use opus_pure::{
    Application, Bandwidth, MAX_PACKET_BYTES, OggOpusWriter, OpusEncoder, OpusHead, OpusTags, RateControl,
};

use super::comments::{comments, picture};
use super::encoding::{Encoding, Quality};
use super::output::Output;
use super::{Extent, Job};
use crate::error::{Error, Result};
use crate::frames::{Frames, SampleRate};
use crate::render::Channels;

/// Frames a second that an encoder takes (RFC 6716, 2.1.3).
const RATES_HZ: [u32; 5] = [8_000, 12_000, 16_000, 24_000, 48_000];

/// Packets a second: 20 ms, the longest that the transform coder has.
const PACKETS_A_SECOND: u32 = 50;

/// Bits a second in which the noise that nobody hears keeps its level.
const REST_BITS: i32 = 3_000;

/// The most bits a second: 1275 bytes a packet (RFC 6716, 3.4).
const MOST_BITS: u32 = 510_000;

/// How hard the encoder tries, of 10. Above 6 it looks at two seconds of sound to choose how to code them, which an encoder that is
/// started anew cannot; below 5 it finds no pitch, which costs speech 0.5 dB.
const COMPLEXITY: i32 = 5;

/// Packets that are encoded before a stretch and thrown away. The decoder predicts the energy of a band from half of that in the packet
/// before, so that after eight a 256th of any difference is left.
const WARM_UP: u64 = 8;

/// Packets on either side of what sounds that still belong to it: what rings on has died away by then.
const MARGIN: u64 = 4;

/// Rests that are shorter, in packets, are encoded as what sounds: starting an encoder would take longer.
const SHORTEST_REST: u64 = 16;

/// Packets in a stretch at most: 10 s, so that all threads have work.
const STRETCH: u64 = 500;

/// Stretches whose packets are kept at once: some 2 MB at 24 kbit/s.
const WINDOW: usize = 64;

/// Packets of the rest, which go round after 1.28 s.
const ROUND: u64 = 64;

/// The rate in which Opus keeps time.
pub(super) fn rate(_: Quality) -> SampleRate {
    SampleRate::DEFAULT
}

/// Refuses rates that Opus does not take.
///
/// # Errors
/// The rate is none of Opus's.
pub(super) fn check(extent: &Extent, _: Encoding) -> Result<()> {
    if RATES_HZ.contains(&extent.rate.hz()) {
        return Ok(());
    }
    let reason = format!("cannot write the Opus file: Opus has no rate of {}", extent.rate);
    Err(Error::Format {
        reason,
        help: "it takes 48000, 24000, 16000, 12000 and 8000 Hz; any rate will do for a WAV".into(),
    })
}

/// How a session is encoded.
struct Settings {
    rate: u32,
    channels: usize,
    bits: i32,
    bandwidth: Bandwidth,
}

impl Settings {
    fn of(extent: &Extent, encoding: Encoding) -> Settings {
        let usual = match encoding.quality {
            Quality::Voice => [18_000, 30_000],
            Quality::Standard => [48_000, 72_000],
            Quality::High => [96_000, 144_000],
        };
        let usual = usual[usize::from(extent.channels == Channels::Stereo)];
        let bits = encoding.bitrate.unwrap_or(usual).min(MOST_BITS) as i32;
        // One bandwidth for the whole file, so that no encoder's choice can be heard where another goes on.
        let bandwidth = match bits / extent.channels.count() as i32 {
            ..10_000 => Bandwidth::Wideband,
            10_000..16_000 => Bandwidth::Superwideband,
            _ => Bandwidth::Fullband,
        };
        Settings { rate: extent.rate.hz(), channels: extent.channels.count(), bits, bandwidth }
    }

    /// Frames in a packet.
    fn frames(&self) -> u64 {
        u64::from(self.rate / PACKETS_A_SECOND)
    }

    fn encoder(&self, bits: i32) -> Result<OpusEncoder, opus_pure::Error> {
        let mut encoder = OpusEncoder::new(self.rate as i32, self.channels, Application::RestrictedLowDelay)?;
        encoder.bitrate_bps = bits;
        encoder.complexity = COMPLEXITY;
        encoder.rate_control = RateControl::Vbr;
        encoder.force_bandwidth = Some(self.bandwidth);
        Ok(encoder)
    }

    /// Encodes samples from the first to the last, and keeps all packets but the first so many.
    fn encode(&self, bits: i32, samples: &[i16], dropped: u64) -> Result<Packets, opus_pure::Error> {
        let (mut encoder, mut packet) = (self.encoder(bits)?, vec![0; MAX_PACKET_BYTES]);
        let mut packets = Packets::default();
        for (number, frames) in (0..).zip(samples.chunks_exact(self.frames() as usize * self.channels)) {
            let bytes = encoder.encode_s16(frames, self.frames() as usize, &mut packet)?;
            if number >= dropped {
                packets.sizes.push(bytes);
                packets.bytes.extend_from_slice(&packet[..bytes]);
            }
        }
        Ok(packets)
    }
}

/// Packets, one after the other.
#[derive(Default)]
struct Packets {
    bytes: Vec<u8>,
    sizes: Vec<usize>,
}

impl Packets {
    fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.sizes.iter().scan(0, |end, size| {
            *end += size;
            Some(&self.bytes[*end - size..*end])
        })
    }
}

/// Packets that are encoded by one encoder, or a rest.
#[derive(Debug, PartialEq, Eq)]
enum Stretch {
    Sound(Range<u64>),
    Rest(Range<u64>),
}

/// The stretches of so many packets, of which those in the ranges, which are in order, sound.
fn stretches(sounding: impl Iterator<Item = Range<u64>>, count: u64) -> Vec<Stretch> {
    let mut wide: Vec<Range<u64>> = Vec::new();
    for range in sounding {
        let range = range.start.saturating_sub(MARGIN)..(range.end + MARGIN).min(count);
        match wide.last_mut() {
            Some(last) if range.start < last.end + SHORTEST_REST => last.end = last.end.max(range.end),
            _ => wide.push(range),
        }
    }
    let (mut stretches, mut at) = (Vec::new(), 0);
    for range in wide.into_iter().filter(|range| !range.is_empty()) {
        if at < range.start {
            stretches.push(Stretch::Rest(at..range.start));
        }
        let starts = range.clone().step_by(STRETCH as usize);
        stretches.extend(starts.map(|start| Stretch::Sound(start..(start + STRETCH).min(range.end))));
        at = range.end;
    }
    if at < count {
        stretches.push(Stretch::Rest(at..count));
    }
    stretches
}

/// Writes the session.
///
/// # Errors
/// A recording cannot be read, the disk is full, or someone wants it to stop.
pub(super) fn write(job: &Job<'_>, output: &mut Output) -> Result<()> {
    let extent = job.extent();
    check(&extent, job.encoding)?;
    let path = output.path().to_owned();
    let failed = |error| failed(&path, error);
    let settings = Settings::of(&extent, job.encoding);
    let head = OpusHead::for_encoder(&settings.encoder(settings.bits).map_err(failed)?, settings.rate);
    // A file keeps time in 48 kHz, whatever the rate (RFC 7845, 4).
    let ticks = u64::from(SampleRate::DEFAULT.hz() / settings.rate);
    let end = u64::from(head.pre_skip) + extent.frames.0 * ticks;
    let stretches = stretches(sounding(job, settings.frames()), end.div_ceil(settings.frames() * ticks));
    let rest = rest(job, &settings).map_err(failed)?;
    let mut ogg =
        OggOpusWriter::with_tags(BufWriter::with_capacity(1 << 16, output), head, tags(job)).map_err(failed)?;
    let mut number = 0_u32;
    let mut write = |packet: &[u8]| {
        // A page holds a second, however few bytes that is: players wait for whole pages.
        let is_first = number.is_multiple_of(PACKETS_A_SECOND);
        ogg.set_page_target(if is_first { 1 } else { usize::MAX });
        number += 1;
        let whole = settings.frames() * ticks;
        // The last packet ends with the session (RFC 7845, 4.4).
        let left = end.saturating_sub(ogg.granule() as u64).min(whole);
        ogg.write_packet_with_duration(packet, left as u32).map_err(failed)
    };
    let done = AtomicU64::new(0);
    let encode = |samples: &mut Vec<i16>, index: usize| {
        let packets = match &stretches[index] {
            Stretch::Sound(range) => {
                let dropped = WARM_UP.min(range.start);
                let first = job.range.start + Frames((range.start - dropped) * settings.frames());
                job.render(first, (range.end - range.start + dropped) * settings.frames(), samples)?;
                settings.encode(settings.bits, samples, dropped).map_err(failed)?
            }
            Stretch::Rest(_) => Packets::default(),
        };
        let (Stretch::Sound(range) | Stretch::Rest(range)) = &stretches[index];
        let frames = (range.end - range.start) * settings.frames();
        job.tell((Frames(done.fetch_add(frames, Ordering::Relaxed)) + Frames(frames)).min(extent.frames));
        Ok(packets)
    };
    job.work.each_in_order(stretches.len(), WINDOW, Vec::new, encode, |index, packets: Packets| {
        match &stretches[index] {
            Stretch::Sound(_) => packets.iter().try_for_each(&mut write),
            Stretch::Rest(range) => rest
                .iter()
                .map(Vec::as_slice)
                .cycle()
                .skip((range.start % ROUND) as usize)
                .take((range.end - range.start) as usize)
                .try_for_each(&mut write),
        }
    })?;
    ogg.finish().map(drop).map_err(failed)
}

/// What the encoder could not do, or the file.
fn failed(path: &Path, error: opus_pure::Error) -> Error {
    let source = match error {
        opus_pure::Error::Io(source) => source,
        error => io::Error::other(error.to_string()),
    };
    Error::Write { path: path.to_owned(), source }
}

/// The packets in which anything is heard.
fn sounding(job: &Job<'_>, frames: u64) -> impl Iterator<Item = Range<u64>> {
    let ranges = job.mixer.heard().into_iter().map(|range| range.intersect(job.range));
    ranges.filter(|range| !range.is_empty()).map(move |range| {
        let (start, end) = ((range.start - job.range.start).0, (range.end - job.range.start).0);
        start / frames..end.div_ceil(frames)
    })
}

/// The packets of what is heard where nothing is: digital silence, or the noise that keeps headphones awake.
fn rest(job: &Job<'_>, settings: &Settings) -> Result<Vec<Vec<u8>>, opus_pure::Error> {
    let mut samples = vec![0; ((WARM_UP + ROUND) * settings.frames()) as usize * settings.channels];
    job.mixer.fill_rest(Frames::ZERO, &mut samples);
    let packets = settings.encode(REST_BITS * settings.channels as i32, &samples, WARM_UP)?;
    Ok(packets.iter().map(<[u8]>::to_vec).collect())
}

fn tags(job: &Job<'_>) -> OpusTags {
    let mut tags = OpusTags::new();
    tags.comments.extend(comments(job).into_iter().map(|(name, value)| format!("{name}={value}")));
    let cover = job.about.cover.picture().map(picture);
    tags.comments.extend(cover.map(|cover| format!("METADATA_BLOCK_PICTURE={}", BASE64.encode(&cover))));
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sounds_has_a_margin_and_is_cut_and_the_rest_lies_between() {
        use Stretch::{Rest, Sound};
        let cut = |sounding: &[(u64, u64)], count| stretches(sounding.iter().map(|(start, end)| *start..*end), count);
        assert_eq!(cut(&[], 100), [Rest(0..100)]);
        assert_eq!(cut(&[(50, 60)], 100), [Rest(0..46), Sound(46..64), Rest(64..100)]);
        assert_eq!(cut(&[(0, 10), (30, 40), (80, 100)], 100), [Sound(0..44), Rest(44..76), Sound(76..100)]);
        assert_eq!(cut(&[(0, 1200)], 1200), [Sound(0..500), Sound(500..1000), Sound(1000..1200)]);
        assert_eq!(cut(&[], 0), []);
    }
}
