//! What of an M4A is heard: its list of edits (ISO/IEC 14496-12, 8.6.6), or what iTunes writes instead, `iTunSMPB`.
//!
//! An AAC encoder begins with a thousand frames or two of its own and fills its last packet up. Which frames those are stands in
//! the file; the library that decodes it does not look.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

/// The largest `moov` that is read, in bytes: there may be a picture in it.
const LARGEST_MOOV: u64 = 64 << 20;

/// What is heard of a track, in its own ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Edit {
    start: u64,
    /// How long it is; to the end where that is not told.
    length: Option<u64>,
    /// Ticks a second of the track; 0 where everything is heard.
    ticks_hz: u32,
    /// How many ticks the length may be off: it is told in coarser ones.
    slack: u64,
}

impl Edit {
    /// Which frames of a block, that has the frames `block` of the track, are heard; `None` where all are. `total` is how many the
    /// track has, where that is known.
    pub(super) fn kept(&self, block: Range<u64>, rate_hz: u32, total: Option<u64>) -> Option<Range<usize>> {
        if self.ticks_hz == 0 {
            return None;
        }
        let frames = |ticks: u64| (u128::from(ticks) * u128::from(rate_hz) / u128::from(self.ticks_hz)) as u64;
        let end = self.length.map(|length| self.start.saturating_add(length)).map(|end| match total {
            // The length may be told in milliseconds only; the track's own length is exact.
            Some(total) if end.abs_diff(total) <= self.slack => frames(total),
            _ => frames(end),
        });
        let length = block.end - block.start;
        let within = |frame: u64| frame.saturating_sub(block.start).min(length) as usize;
        let (start, end) = (within(frames(self.start)), within(end.unwrap_or(u64::MAX)));
        Some(start.min(end)..end)
    }
}

/// What is heard of the first track of sound; everything where the file does not say, or cannot be understood.
pub(super) fn read(source: &mut (impl Read + Seek)) -> Edit {
    moov(source).ok().flatten().and_then(|moov| of_track(&moov).or_else(|| of_itunes(&moov))).unwrap_or_default()
}

/// Whether the file says which part of its first track of sound is heard.
pub(super) fn is_told(source: &mut (impl Read + Seek)) -> bool {
    read(source) != Edit::default()
}

/// The body of the box that describes the tracks.
fn moov(source: &mut (impl Read + Seek)) -> io::Result<Option<Vec<u8>>> {
    let mut at = 0;
    loop {
        source.seek(SeekFrom::Start(at))?;
        let mut head = [0; 16];
        source.read_exact(&mut head[..8])?;
        let (mut length, mut head_length) = (u64::from(be32(&head)), 8);
        if length == 1 {
            source.read_exact(&mut head[8..])?;
            (length, head_length) = (u64::from(be32(&head[8..])) << 32 | u64::from(be32(&head[12..])), 16);
        }
        if length < head_length {
            return Ok(None);
        }
        if &head[4..8] == b"moov" {
            let mut body = Vec::new();
            source.take((length - head_length).min(LARGEST_MOOV)).read_to_end(&mut body)?;
            return Ok(Some(body));
        }
        at = at.saturating_add(length);
    }
}

fn be32(bytes: &[u8]) -> u32 {
    bytes.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

/// The bodies of all boxes of a kind.
fn boxes<'a>(bytes: &'a [u8], kind: &'a [u8; 4]) -> impl Iterator<Item = &'a [u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        while let Some(name) = rest.get(4..8) {
            let length = (be32(rest) as usize).min(rest.len());
            if length < 8 {
                return None;
            }
            let body = &rest[8..length];
            rest = &rest[length..];
            if name == kind {
                return Some(body);
            }
        }
        None
    })
}

fn first<'a>(bytes: &'a [u8], path: &'a [&'a [u8; 4]]) -> Option<&'a [u8]> {
    path.iter().try_fold(bytes, |bytes, kind| boxes(bytes, kind).next())
}

/// Ticks a second, of a header of the whole or of a track.
fn ticks_hz(header: &[u8]) -> Option<u32> {
    // The first version has times of 32 bits before it, the second of 64.
    let at = if *header.first()? == 1 { 20 } else { 12 };
    Some(be32(header.get(at..at + 4)?)).filter(|ticks| *ticks > 0)
}

fn of_track(moov: &[u8]) -> Option<Edit> {
    let sound = |track: &&[u8]| first(track, &[b"mdia", b"hdlr"]).and_then(|body| body.get(8..12)) == Some(b"soun");
    let track = boxes(moov, b"trak").find(sound)?;
    let (whole_hz, ticks_hz) = (ticks_hz(first(moov, &[b"mvhd"])?)?, ticks_hz(first(track, &[b"mdia", b"mdhd"])?)?);
    let list = first(track, &[b"edts", b"elst"])?;
    let wide = *list.first()? == 1;
    let size = if wide { 20 } else { 12 };
    let be64 = |bytes: &[u8]| u64::from(be32(bytes)) << 32 | u64::from(be32(bytes.get(4..).unwrap_or_default()));
    let edits = list.get(8..)?.chunks_exact(size).take(be32(&list[4..]) as usize).map(|edit| {
        if wide {
            (be64(edit), be64(&edit[8..]).cast_signed())
        } else {
            (u64::from(be32(edit)), i64::from(be32(&edit[4..]).cast_signed()))
        }
    });
    // An edit of no media is a wait before the sound.
    let mut played = edits.filter(|(_, start)| *start >= 0);
    let (length, start) = played.next()?;
    let ticks = (u128::from(length) * u128::from(ticks_hz) / u128::from(whole_hz)) as u64;
    // Of sound that was cut together, nothing is left out at the end.
    let length = (length > 0 && played.next().is_none()).then_some(ticks);
    let slack = u64::from(ticks_hz / whole_hz) + 1;
    Some(Edit { start: start.cast_unsigned(), length, ticks_hz, slack })
}

/// Four numbers in hexadecimal: nothing, frames before, frames after, frames of the sound.
fn of_itunes(moov: &[u8]) -> Option<Edit> {
    let find = |bytes: &[u8], wanted: &[u8]| bytes.windows(wanted.len()).position(|window| window == wanted);
    let named = &moov[find(moov, b"iTunSMPB")?..];
    let text = named.get(find(named, b"data")? + 12..)?;
    let text = std::str::from_utf8(text.get(..48.min(text.len()))?).ok()?;
    let numbers: Vec<u64> = text.split_whitespace().map_while(|word| u64::from_str_radix(word, 16).ok()).collect();
    let [_, before, _, length, ..] = numbers[..] else { return None };
    let track = boxes(moov, b"trak").next()?;
    let ticks_hz = ticks_hz(first(track, &[b"mdia", b"mdhd"])?)?;
    Some(Edit { start: before, length: Some(length).filter(|length| *length > 0), ticks_hz, slack: 0 })
}
