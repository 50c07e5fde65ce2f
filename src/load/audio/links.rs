//! Where recordings begin in a file that may hold several, one after the other: recorders that pause write chained Ogg, and many
//! people join files of other formats in the same way. Whoever reads the first alone loses the rest without a word.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use symphonia::core::io::MediaSource;

/// What a file is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Opus,
    /// Vorbis, FLAC and others in Ogg.
    Ogg,
    /// `endless` where its length is one that 32 bits cannot hold.
    Wave {
        endless: bool,
    },
    Aiff,
    Flac,
    Mpeg,
    Mp4,
    Other,
}

/// The most recordings that one file may hold.
const MOST_LINKS: usize = 10_000;

/// The most bytes after a WAV's last chunk that are ignored, as whatever a program left there.
const MOST_JUNK: u64 = 4096;

/// Formats that people have and that cannot be read, by their first bytes.
const UNREADABLE: [(&[u8], &str); 9] = [
    (b"riff\x2e\x91\xcf\x11", "Sony Wave64"),
    (b"caff", "Core Audio"),
    (b"\x1a\x45\xdf\xa3", "WebM or Matroska"),
    (b"#!AMR", "AMR"),
    (b"\x30\x26\xb2\x75", "Windows Media"),
    (b"wvpk", "WavPack"),
    (b"MAC ", "Monkey's Audio"),
    (b"MThd", "MIDI"),
    (b"DSD ", "DSD"),
];

/// What a file is, and the bytes of each recording in it.
///
/// # Errors
/// It cannot be read, or is known to be in a format that cannot; a piece of it is missing.
pub(super) fn find(source: &mut (impl Read + Seek)) -> Result<(Form, Vec<Range<u64>>), String> {
    let words = |error: io::Error| error.to_string();
    let end = source.seek(SeekFrom::End(0)).map_err(words)?;
    let start = after_tags(source, 0).map_err(words)?;
    let mut head = Vec::new();
    source.seek(SeekFrom::Start(start)).map_err(words)?;
    source.by_ref().take(64).read_to_end(&mut head).map_err(words)?;
    if let Some((_, name)) = UNREADABLE.iter().find(|(bytes, _)| head.starts_with(bytes)) {
        return Err(format!("not a format that can be read: it is {name}"));
    }
    let form = form(&head);
    let starts = match form {
        Form::Opus | Form::Ogg => ogg(source, start, end)?,
        Form::Wave { endless: false } => chunked(source, start, end, u32::from_le_bytes)?,
        Form::Aiff => chunked(source, start, end, u32::from_be_bytes)?,
        Form::Flac => scanned(source, start, flac_at).map_err(words)?,
        Form::Mpeg => scanned(source, start, mpeg_at).map_err(words)?,
        Form::Mp4 => boxed(source, start, end).map_err(words)?,
        Form::Wave { endless: true } | Form::Other => vec![start],
    };
    if starts.len() > MOST_LINKS {
        return Err(format!("expected at most {MOST_LINKS} recordings one after the other"));
    }
    let ends = starts[1..].iter().copied().chain([end]);
    let links = starts.iter().copied().zip(ends).filter(|(start, end)| start < end);
    Ok((form, links.map(|(start, end)| start..end).collect()))
}

fn form(head: &[u8]) -> Form {
    match head {
        [b'O', b'g', b'g', b'S', ..] if head.get(28..36) == Some(b"OpusHead") => Form::Opus,
        [b'O', b'g', b'g', b'S', ..] => Form::Ogg,
        // `header_repair` writes this length where it is unknown.
        [b'R', b'I', b'F', b'F', length @ ..] => Form::Wave { endless: length.starts_with(&[0xff; 4]) },
        [b'F', b'O', b'R', b'M', ..] => Form::Aiff,
        [b'f', b'L', b'a', b'C', ..] => Form::Flac,
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Form::Mp4,
        // A packet of MPEG begins with eleven bits; its layer is not 0, as it is in AAC.
        [0xff, second, ..] if second & 0xe0 == 0xe0 && second & 0x06 != 0 => Form::Mpeg,
        _ => Form::Other,
    }
}

/// Where an `ID3v2` tag that begins here ends.
fn tag_length(bytes: &[u8]) -> Option<u64> {
    let [b'I', b'D', b'3', 2..=4, 0..=0xfe, flags, length @ ..] = bytes else { return None };
    let length = length.first_chunk::<4>().filter(|length| length.iter().all(|byte| *byte < 0x80))?;
    let body = length.iter().fold(0, |sum, byte| sum << 7 | u64::from(*byte));
    // The fifth bit stands for a footer as long as the head.
    (flags.trailing_zeros() >= 4).then_some(10 + body + if flags & 0x10 == 0 { 0 } else { 10 })
}

/// The first byte that belongs to no `ID3v2` tag: with a picture in it, one may be longer than what is looked at for a beginning.
fn after_tags(source: &mut (impl Read + Seek), mut at: u64) -> io::Result<u64> {
    loop {
        let mut head = Vec::new();
        source.seek(SeekFrom::Start(at))?;
        source.by_ref().take(10).read_to_end(&mut head)?;
        match tag_length(&head) {
            Some(length) => at += length,
            None => return Ok(at),
        }
    }
}

/// Ogg: a link begins with pages that are marked as first.
fn ogg(source: &mut (impl Read + Seek), start: u64, end: u64) -> Result<Vec<u64>, String> {
    let words = |error: io::Error| error.to_string();
    let (mut starts, mut at, mut was_first, mut numbers) = (Vec::new(), start, false, std::collections::HashMap::new());
    while at < end {
        let mut head = Vec::new();
        source.seek(SeekFrom::Start(at)).map_err(words)?;
        source.by_ref().take(27 + 255).read_to_end(&mut head).map_err(words)?;
        let Some(segments) = head.get(26).filter(|_| head.starts_with(b"OggS")) else { break };
        let Some(lengths) = head.get(27..27 + usize::from(*segments)) else { break };
        let is_first = head[5] & 2 != 0;
        if is_first && !was_first {
            starts.push(at);
            numbers.clear();
        }
        let word = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (stream, number) = (word(14), word(18));
        if let Some(last) = numbers.insert(stream, number)
            && number != last.wrapping_add(1)
        {
            return Err(format!("a piece of it is missing: its page {last} is followed by page {number}"));
        }
        was_first = is_first;
        at += (27 + lengths.len()) as u64 + lengths.iter().map(|length| u64::from(*length)).sum::<u64>();
    }
    Ok(if starts.is_empty() { vec![start] } else { starts })
}

/// WAV and AIFF: the first chunk holds all others, and another may follow it.
fn chunked(
    source: &mut (impl Read + Seek),
    start: u64,
    end: u64,
    number: fn([u8; 4]) -> u32,
) -> Result<Vec<u64>, String> {
    let words = |error: io::Error| error.to_string();
    let (mut starts, mut at, mut kind) = (Vec::new(), start, None);
    while at + 12 <= end {
        let mut head = [0; 12];
        source.seek(SeekFrom::Start(at)).map_err(words)?;
        source.read_exact(&mut head).map_err(words)?;
        let [a, b, c, d, length @ .., _, _, _, _] = head;
        if *kind.get_or_insert([a, b, c, d]) != [a, b, c, d] {
            // Some programs count a byte too few where the length is odd.
            let rest = end - at;
            let is_chunk =
                head[..4].iter().all(|byte| (0x20..0x7f).contains(byte)) && u64::from(number(length)) <= rest;
            if rest > MOST_JUNK && !is_chunk && head != [0; 12] {
                let told = at - start;
                return Err(format!("its header says that it ends after {told} bytes, and {rest} more follow"));
            }
            break;
        }
        starts.push(at);
        at += 8 + u64::from(number(length)) + u64::from(number(length) % 2);
    }
    Ok(if starts.is_empty() { vec![start] } else { starts })
}

/// MP4: another file type is another file.
fn boxed(source: &mut (impl Read + Seek), start: u64, end: u64) -> io::Result<Vec<u64>> {
    let (mut starts, mut at) = (Vec::new(), start);
    while at + 16 <= end {
        let mut head = [0; 16];
        source.seek(SeekFrom::Start(at))?;
        source.read_exact(&mut head)?;
        if &head[4..8] == b"ftyp" {
            starts.push(at);
        }
        let [a, b, c, d, _, _, _, _, wide @ ..] = head;
        match u64::from(u32::from_be_bytes([a, b, c, d])) {
            1 => at = at.saturating_add(u64::from_be_bytes(wide).max(16)),
            length @ 8.. => at += length,
            _ => break,
        }
    }
    Ok(if starts.is_empty() { vec![start] } else { starts })
}

/// How far before and after a place is looked for what begins there.
const REACH: usize = 64;
/// Bytes that are looked through at once.
const BLOCK: usize = 1 << 16;

/// Formats whose packets follow each other without a list: every place where `begins` sees a beginning. It is shown the bytes and a
/// place in them, and returns how many bytes before that place (negative) or after it a recording begins.
fn scanned(
    source: &mut (impl Read + Seek),
    start: u64,
    begins: fn(&[u8], usize) -> Option<i64>,
) -> io::Result<Vec<u64>> {
    let mut starts = vec![start];
    source.seek(SeekFrom::Start(start))?;
    let mut source = BufReader::with_capacity(BLOCK, source);
    // What was read before lies before `REACH`, what is looked at next behind it.
    let (mut bytes, mut base) = (Vec::new(), start);
    loop {
        let read = source.by_ref().take(BLOCK as u64).read_to_end(&mut bytes)?;
        let last = if read == 0 { bytes.len() } else { bytes.len().saturating_sub(REACH) };
        let from = if base == start { 0 } else { REACH.min(bytes.len()) };
        for at in from..last {
            if let Some(offset) = begins(&bytes, at) {
                let found = (base + at as u64).saturating_add_signed(offset);
                if starts.last().is_none_or(|last| found > *last) {
                    starts.push(found);
                }
            }
        }
        if read == 0 {
            return Ok(starts);
        }
        let gone = last.saturating_sub(REACH);
        bytes.drain(..gone);
        base += gone as u64;
    }
}

/// A FLAC's head, with its first block, which describes the stream.
fn flac_at(bytes: &[u8], at: usize) -> Option<i64> {
    let head = bytes[at..].strip_prefix(b"fLaC")?;
    matches!(head, [0 | 0x80, 0, 0, 0x22, ..]).then_some(0)
}

/// An MP3's tag, or the packet without sound with which encoders begin: it tells how long the recording is.
fn mpeg_at(bytes: &[u8], at: usize) -> Option<i64> {
    let here = &bytes[at..];
    if let Some(length) = here.starts_with(b"ID3").then(|| tag_length(here)).flatten() {
        return i64::try_from(length).ok();
    }
    if !here.starts_with(b"Xing") && !here.starts_with(b"Info") {
        return None;
    }
    // After four bytes of head comes side information, whose length depends on version and channels, perhaps after a checksum.
    [9, 17, 32].into_iter().flat_map(|side| [side + 4, side + 6]).find_map(|before| {
        let head = bytes.get(at.checked_sub(before)?..)?;
        let [0xff, second, ..] = head else { return None };
        (second & 0xe6 == 0xe2).then_some(-(before as i64))
    })
}

/// One recording of a file.
pub(super) struct Excerpt {
    source: Arc<Mutex<dyn ReadSeek>>,
    range: Range<u64>,
    /// The next byte, from the start of the file.
    at: u64,
    is_seekable: bool,
}

/// What can be read at any place.
trait ReadSeek: Read + Seek + Send {}
impl<T: Read + Seek + Send> ReadSeek for T {}

impl Excerpt {
    /// The bytes `range` of a source. Who is told that it cannot be sought in does not guess its length from its beginning, either.
    pub(super) fn new(
        source: Arc<Mutex<impl Read + Seek + Send + 'static>>,
        range: Range<u64>,
        is_seekable: bool,
    ) -> Excerpt {
        Excerpt { source, at: range.start, range, is_seekable }
    }
}

impl Clone for Excerpt {
    /// The same bytes, from their start.
    fn clone(&self) -> Excerpt {
        Excerpt { source: Arc::clone(&self.source), at: self.range.start, range: self.range.clone(), ..*self }
    }
}

impl Read for Excerpt {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.range.end.saturating_sub(self.at)).unwrap_or(usize::MAX).min(out.len());
        let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        source.seek(SeekFrom::Start(self.at))?;
        let read = source.read(&mut out[..left])?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Excerpt {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => self.range.start.checked_add(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.range.end.checked_add_signed(by),
        };
        self.at = at.filter(|at| *at >= self.range.start).ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at - self.range.start)
    }
}

impl MediaSource for Excerpt {
    fn is_seekable(&self) -> bool {
        self.is_seekable
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.range.end - self.range.start)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::ops::ControlFlow;
    use std::path::Path;

    use super::super::decoder;

    fn frames(bytes: Vec<u8>) -> Result<u64, String> {
        decoder::decode(Cursor::new(bytes), "", 1 << 20, |_| Ok(ControlFlow::Continue(())))
    }

    fn wav(frames: u16) -> Vec<u8> {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 8000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut bytes = Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        (0..frames).for_each(|sample| writer.write_sample(sample as i16).unwrap());
        writer.finalize().unwrap();
        bytes.into_inner()
    }

    #[test]
    fn recordings_joined_end_to_end_are_read_to_the_last() {
        assert_eq!(frames([wav(900), wav(700), wav(5)].concat()), Ok(1605));
        // What some program left there is no sound.
        assert_eq!(frames([wav(900), vec![7; 100]].concat()), Ok(900));
        frames([wav(900), vec![7; 20_000]].concat()).unwrap_err();
    }

    #[test]
    fn a_tag_before_a_recording_may_be_of_any_length() {
        let tag = [&b"ID3\x03\0\0\0\x60\0\0"[..], &vec![0; 0x60 << 14]].concat();
        assert_eq!(frames([tag, wav(900)].concat()), Ok(900));
    }

    #[test]
    fn more_samples_than_there_may_be_are_refused() {
        assert_eq!(
            decoder::decode(Cursor::new(wav(900)), "", 900, |_| Ok::<_, String>(ControlFlow::Continue(()))),
            Ok(900)
        );
        let wrong = decoder::decode(Cursor::new(wav(900)), "", 899, |_| Ok::<_, String>(ControlFlow::Continue(())));
        assert!(wrong.unwrap_err().contains("too many samples"));
    }

    #[test]
    fn an_empty_fact_chunk_says_nothing_and_hides_nothing() {
        let mut bytes = wav(900);
        bytes.splice(36..36, *b"fact\0\0\0\0");
        let length = (bytes.len() as u32 - 8).to_le_bytes();
        bytes[4..8].copy_from_slice(&length);
        assert_eq!(frames(bytes), Ok(900));
    }

    #[test]
    fn what_once_made_a_decoder_panic_is_refused() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/regressions/recording");
        for name in
            ["flac-655k-598s.flac", "flac-overflow-debug-only.flac", "m4a-seek-panic.m4a", "ogg-vorbis-panic.ogg"]
        {
            assert!(frames(std::fs::read(folder.join(name)).unwrap()).is_err(), "{name}");
        }
    }
}
