//! A track of an MP4: how long it is played, and where its samples stand.

use super::super::language;
use super::boxes::{Bytes, MATRIX, boxed, counted, full, words};

/// How long a track is played, from where in its media.
pub struct Played<'a> {
    /// The number of the track.
    pub number: u32,
    /// Frames a second: the unit of time.
    pub rate: u32,
    /// How long it is played, in frames; 0 where its media comes in fragments, and all of it is played.
    pub frames: u32,
    /// The frame of its media that is played first.
    pub from: u32,
    /// How long its media is, in frames.
    pub media_frames: u32,
    /// A language tag (BCP 47), or nothing.
    pub language: &'a str,
    /// Whether it is heard; a track of chapters is not played by itself, and therefore disabled.
    pub is_sound: bool,
}

/// What the media of a track is, and where its samples stand.
pub struct Sampled {
    /// What handles it.
    pub kind: [u8; 4],
    /// The header of its kind.
    pub header: Bytes,
    /// From [`Samples::tables`].
    pub tables: Bytes,
}

/// Bytes of each sample, how many frames each lasts (runs of a count and a length), and where the chunks of so many samples begin.
pub struct Samples<'a> {
    pub sizes: &'a [u32],
    pub runs: &'a [u32],
    pub chunk: usize,
    pub at: u32,
}

impl Samples<'_> {
    /// The tables, with what else is told of the samples.
    pub fn tables(&self, description: Bytes, more: &[Bytes]) -> Bytes {
        let (full_chunks, rest) = (self.sizes.len() / self.chunk, self.sizes.len() % self.chunk);
        let mut chunks = Vec::new();
        if full_chunks > 0 {
            chunks.extend([1, self.chunk as u32, 1]);
        }
        if rest > 0 {
            chunks.extend([full_chunks as u32 + 1, rest as u32, 1]);
        }
        let (mut at, mut offsets) = (self.at, Vec::new());
        for sizes in self.sizes.chunks(self.chunk) {
            offsets.push(at);
            // Past 32 bits the file is refused as a whole.
            at = sizes.iter().fold(at, |at, size| at.wrapping_add(*size));
        }
        let sizes = [words(&[0, self.sizes.len() as u32]), words(self.sizes)].concat();
        let tables = [
            full(*b"stsd", 0, [words(&[1]), description].concat()),
            full(*b"stts", 0, counted(self.runs.len() / 2, self.runs)),
            full(*b"stsc", 0, counted(chunks.len() / 3, &chunks)),
            full(*b"stsz", 0, sizes),
            full(*b"stco", 0, counted(offsets.len(), &offsets)),
            more.concat(),
        ];
        boxed(*b"stbl", tables.concat())
    }
}

/// The track, with what it refers to.
pub fn track(played: &Played<'_>, reference: Bytes, sampled: Sampled) -> Bytes {
    let Played { number, frames, from, is_sound, .. } = *played;
    // Enabled, in the movie.
    let flags = if is_sound { 3 } else { 0 };
    let volume = [vec![u8::from(is_sound), 0], vec![0; 2]].concat();
    let begin = [words(&[0, 0, number, 0, frames]), vec![0; 8], vec![0, 0, 0, u8::from(is_sound)], volume].concat();
    let header = full(*b"tkhd", flags, [begin, words(&MATRIX), words(&[0, 0])].concat());
    let list = full(*b"elst", 0, counted(1, &[frames, from, 0x1_0000]));
    let edits = if frames == 0 { Bytes::new() } else { boxed(*b"edts", list) };
    boxed(*b"trak", [header, edits, reference, media(played, sampled)].concat())
}

fn media(played: &Played<'_>, sampled: Sampled) -> Bytes {
    let Played { rate, media_frames, language, .. } = *played;
    let packed = language::packed(language).to_be_bytes();
    let about = full(*b"mdhd", 0, [&words(&[0, 0, rate, media_frames])[..], &packed, &[0; 2]].concat());
    let handler = full(*b"hdlr", 0, [&[0; 4][..], &sampled.kind, &[0; 13]].concat());
    // The tag itself, for who knows it: `pt-BR` is more than `por`.
    let is_tag = !language.is_empty() && language.bytes().all(|letter| letter.is_ascii_graphic());
    let tag = if is_tag { full(*b"elng", 0, [language.as_bytes(), &[0]].concat()) } else { Bytes::new() };
    let here = full(*b"dref", 0, [words(&[1]), full(*b"url ", 1, [])].concat());
    let information = [sampled.header, boxed(*b"dinf", here), sampled.tables].concat();
    boxed(*b"mdia", [about, handler, tag, boxed(*b"minf", information)].concat())
}
