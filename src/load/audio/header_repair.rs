//! The head of a WAV whose lengths are not what they say: a recording that went through a pipe, whose writer could not go back
//! and fill them in; and RF64 or BW64 (EBU Tech 3306, ITU-R BS.2088), where lengths of 64 bits stand in a chunk of their own.
//!
//! A reader of plain WAV is shown what it expects in their place while the bytes pass. Absent on purpose: the samples, and
//! writing. The file stays as it is.

use std::io::{self, Read, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

/// The least length, in bytes, that stands for an unknown one, as 0 does: ffmpeg and arecord write numbers near 2³² and 2³¹ into a
/// pipe, sox `0x7fff_f000`.
const UNKNOWN: u32 = 0x7fff_0000;

/// No WAV has so many chunks before its samples.
const MOST_CHUNKS: usize = 256;

/// A source, with four bytes here and there replaced.
pub(crate) struct Mended<S> {
    source: S,
    at: u64,
    mends: Vec<Mend>,
}

/// Four bytes and where they belong.
type Mend = (u64, [u8; 4]);

impl<S: Read + Seek> Mended<S> {
    /// The source from its start; one that is no WAV, or a WAV that needs nothing, as it is.
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) fn new(mut source: S) -> io::Result<Mended<S>> {
        let mends = mends(&mut source)?;
        source.seek(SeekFrom::Start(0))?;
        Ok(Mended { source, at: 0, mends })
    }
}

impl<S: Read> Read for Mended<S> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(out)?;
        for (place, bytes) in &self.mends {
            for (place, byte) in (*place..).zip(bytes) {
                let offset = place.checked_sub(self.at).and_then(|offset| usize::try_from(offset).ok());
                if let Some(there) = offset.and_then(|offset| out[..read].get_mut(offset)) {
                    *there = *byte;
                }
            }
        }
        self.at += read as u64;
        Ok(read)
    }
}

impl<S: Seek> Seek for Mended<S> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.source.seek(to)?;
        Ok(self.at)
    }
}

impl<S: MediaSource> MediaSource for Mended<S> {
    fn is_seekable(&self) -> bool {
        self.source.is_seekable()
    }

    fn byte_len(&self) -> Option<u64> {
        self.source.byte_len()
    }
}

/// What has to be replaced.
fn mends(source: &mut (impl Read + Seek)) -> io::Result<Vec<Mend>> {
    let bytes = source.seek(SeekFrom::End(0))?;
    source.seek(SeekFrom::Start(0))?;
    let Some([form, length, kind]) = words(source)? else { return Ok(Vec::new()) };
    let large = matches!(&form, b"RF64" | b"BW64");
    let unknown = |length: u32, follow: u64| (length == 0 || length >= UNKNOWN) && u64::from(length) != follow;
    if &kind != b"WAVE" || !(large || &form == b"RIFF") {
        return Ok(Vec::new());
    }
    let is_unknown = large || unknown(u32::from_le_bytes(length), bytes - 8);
    let (mut at, mut frame, mut told, mut mends) = (12, 1, None, Vec::new());
    for _ in 0..MOST_CHUNKS {
        source.seek(SeekFrom::Start(at))?;
        let Some([name, length]) = words(source)? else { break };
        let length = u32::from_le_bytes(length);
        match &name {
            b"data" if !is_unknown => return Ok(mends),
            b"data" => {
                let follow = bytes - (at + 8);
                let whole = match told {
                    Some(told) if length == u32::MAX => told,
                    _ if unknown(length, follow) => follow - follow % frame,
                    _ => u64::from(length),
                };
                // For a reader of plain WAV, a length that 32 bits cannot hold is unknown.
                let short = |length: u64| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
                mends.extend([(0, *b"RIFF"), (4, short(at.saturating_add(whole))), (at + 4, short(whole))]);
                return Ok(mends);
            }
            // The chunk should hold the number of frames. Where it is empty, a reader stops at it.
            b"fact" if length < 4 => mends.push((at, *b"JUNK")),
            b"ds64" => {
                // The length of the whole, then that of the samples.
                let Some([_, _, low, high]) = words(source)? else { break };
                told = Some(u64::from(u32::from_le_bytes(high)) << 32 | u64::from(u32::from_le_bytes(low)));
            }
            b"fmt " => {
                // The bytes of a frame stand in the fourth word, after format, channels, rate and bytes a second.
                let Some([_, _, _, last]) = words(source)? else { break };
                frame = u64::from(u16::from_le_bytes([last[0], last[1]])).max(1);
            }
            _ => {}
        }
        // Chunks begin at even bytes.
        at += 8 + u64::from(length) + u64::from(length % 2);
    }
    Ok(Vec::new())
}

/// So many words of four bytes; `None` where it ends before.
fn words<const N: usize>(source: &mut impl Read) -> io::Result<Option<[[u8; 4]; N]>> {
    let mut words = [[0; 4]; N];
    for word in &mut words {
        match source.read_exact(word) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        }
    }
    Ok(Some(words))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::ops::ControlFlow;

    use proptest::prelude::*;

    use super::super::decoder;
    use super::*;

    /// A WAV of 1,000 frames in stereo, with another chunk before its samples.
    fn wav() -> Vec<u8> {
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: 48_000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut bytes = Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        (0..2000).for_each(|sample: i16| writer.write_sample(sample * 7).unwrap());
        writer.finalize().unwrap();
        let mut bytes = bytes.into_inner();
        bytes.splice(36..36, *b"JUNK\x03\0\0\0abc\0");
        bytes[4..8].copy_from_slice(&(4036u32 + 12).to_le_bytes());
        bytes
    }

    /// Where the length of the samples stands.
    const DATA: usize = 36 + 12 + 4;

    fn with(riff: u32, data: u32) -> Vec<u8> {
        let mut bytes = wav();
        bytes[4..8].copy_from_slice(&riff.to_le_bytes());
        bytes[DATA..DATA + 4].copy_from_slice(&data.to_le_bytes());
        bytes
    }

    /// The same as RF64.
    fn large(told: u64) -> Vec<u8> {
        let mut bytes = with(u32::MAX, u32::MAX);
        bytes[..4].copy_from_slice(b"RF64");
        let lengths = [4084u64, told, 1000].map(u64::to_le_bytes).concat();
        bytes.splice(12..12, [b"ds64\x1c\0\0\0", &lengths[..], &[0; 4]].concat());
        bytes
    }

    fn samples(bytes: Vec<u8>) -> Result<Vec<f32>, String> {
        let mut all = Vec::new();
        let source = Mended::new(Cursor::new(bytes)).unwrap();
        decoder::decode(source, "wav", u64::MAX, |packet| {
            all.extend_from_slice(packet.samples);
            Ok::<_, String>(ControlFlow::Continue(()))
        })?;
        Ok(all)
    }

    #[test]
    fn lengths_that_a_pipe_left_unknown_are_found_again() {
        let whole = samples(wav()).unwrap();
        assert_eq!(whole.len(), 2000);
        // What ffmpeg, sox and arecord write into a pipe, and what a recorder leaves that was cut off.
        for (riff, data) in
            [(u32::MAX, u32::MAX), (0, 0), (0, 4000), (0x7fff_f024, 0x7fff_f000), (0x8000_0024, 0x8000_0000)]
        {
            assert_eq!(samples(with(riff, data)).unwrap(), whole, "{riff:#x} {data:#x}");
        }
        // The last frame is not there whole.
        let cut = [with(0, 0), vec![1, 2, 3]].concat();
        assert_eq!(samples(cut).unwrap(), whole);
    }

    #[test]
    fn lengths_of_64_bits_are_read() {
        assert_eq!(samples(large(4000)).unwrap(), samples(wav()).unwrap());
        // What comes after the samples is none of them.
        let followed = [large(4000), b"LIST\x04\0\0\0abcd".to_vec()].concat();
        assert_eq!(samples(followed).unwrap().len(), 2000);
    }

    #[test]
    fn what_ends_too_early_is_still_found_out() {
        let mut short = wav();
        short.truncate(3000);
        samples(short).unwrap_err();
        samples(large(8000)).unwrap_err();
    }

    #[test]
    fn a_file_that_needs_nothing_passes_as_it_is() {
        for bytes in [wav(), b"OggS and so on".to_vec(), b"RIFF".to_vec(), Vec::new()] {
            let mut read = Vec::new();
            Mended::new(Cursor::new(bytes.clone())).unwrap().read_to_end(&mut read).unwrap();
            assert_eq!(read, bytes);
        }
    }

    proptest! {
        #[test]
        fn no_head_is_too_strange_to_be_looked_at(
            bytes in prop::collection::vec(any::<u8>(), 0..80),
            form in prop::sample::select(vec![*b"RIFF", *b"RF64"]),
            cuts in prop::collection::vec(1usize..40, 1..9),
        ) {
            let whole = [&form[..], &[0; 4], b"WAVEdata", &bytes].concat();
            let mut source = Mended::new(Cursor::new(whole.clone())).unwrap();
            let (mut read, mut cuts) = (Vec::new(), cuts.into_iter().cycle());
            loop {
                // However the bytes are asked for, they are the same.
                let mut part = vec![0; cuts.next().unwrap()];
                let length = source.read(&mut part).unwrap();
                if length == 0 { break }
                read.extend_from_slice(&part[..length]);
            }
            prop_assert_eq!(read.len(), whole.len());
            let mut again = Vec::new();
            source.seek(SeekFrom::Start(0)).unwrap();
            source.read_to_end(&mut again).unwrap();
            prop_assert_eq!(read, again);
        }
    }
}
