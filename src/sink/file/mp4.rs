//! The MP4 container (ISO/IEC 14496-12 and 14496-14, and Apple's format of films): one track of sound, and chapters.
//!
//! Packets come first, the index after them, so that a session is written as it is rendered. Chapters stand in it twice, as a
//! track of text (Apple's players) and as a list (`chpl`, of Nero, which the others read); so does where the sound begins and
//! ends among the padding of the encoder: in an edit list, and as `iTunSMPB`.

use super::about::About;

/// Bytes before the first packet.
pub(super) const MP4_HEAD: u64 = 32;

/// Packets that stand as a chunk in the index: a second at 48 kHz.
const CHUNK: usize = 48;

/// The sound, once it is encoded.
pub(super) struct Sound<'a> {
    /// Frames a second; the unit of every time here.
    pub rate: u32,
    /// Samples for a frame.
    pub channels: u16,
    /// How long it is.
    pub frames: u32,
    /// Frames that the decoder gives before the first one.
    pub priming: u32,
    /// Frames in a packet.
    pub packet: u32,
    /// What the decoder is told (`AudioSpecificConfig`).
    pub config: &'a [u8],
    /// Bits a second.
    pub bitrate: u32,
    /// Bytes of each packet.
    pub sizes: &'a [u32],
}

/// A file.
pub(super) struct Mp4<'a> {
    pub sound: Sound<'a>,
    /// The first frame of each chapter, in order, from 0 on, and its title.
    pub chapters: &'a [(u32, &'a str)],
    /// Keys of iTunes, and what they hold.
    pub tags: &'a [([u8; 4], &'a str)],
}

/// What stands around the packets.
pub(super) struct Index {
    /// What the last eight bytes of the head begin with: how many bytes packets and titles are, with those eight.
    pub data_bytes: u32,
    /// What follows the packets.
    pub tail: Vec<u8>,
}

/// Bytes of a box or a descriptor.
type Bytes = Vec<u8>;

/// A box.
fn boxed(kind: [u8; 4], content: impl AsRef<[u8]>) -> Bytes {
    let content = content.as_ref();
    [&(content.len() as u32 + 8).to_be_bytes()[..], &kind, content].concat()
}

/// A box with a version (0) and flags.
fn full(kind: [u8; 4], flags: u32, content: impl AsRef<[u8]>) -> Bytes {
    boxed(kind, [&flags.to_be_bytes()[..], content.as_ref()].concat())
}

/// Numbers of 32 bits.
fn words(numbers: &[u32]) -> Bytes {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// A count, and numbers of 32 bits.
fn counted(count: usize, numbers: &[u32]) -> Bytes {
    [words(&[count as u32]), words(numbers)].concat()
}

/// The matrix that leaves a picture as it is.
const MATRIX: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

/// How long a track is played, from where in its media.
struct Played {
    number: u32,
    frames: u32,
    from: u32,
    is_sound: bool,
}

/// What a track is made of: bytes of each sample, how many frames each lasts (runs of a count and a length), and where the
/// chunks of so many samples begin.
struct Samples<'a> {
    sizes: &'a [u32],
    runs: &'a [u32],
    chunk: usize,
    at: u32,
}

impl Samples<'_> {
    fn tables(&self, description: Bytes) -> Bytes {
        let full_chunks = self.sizes.len() / self.chunk;
        let rest = self.sizes.len() % self.chunk;
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
            at += sizes.iter().sum::<u32>();
        }
        let sizes = [words(&[0, self.sizes.len() as u32]), words(self.sizes)].concat();
        let tables = [
            full(*b"stsd", 0, [words(&[1]), description].concat()),
            full(*b"stts", 0, counted(self.runs.len() / 2, self.runs)),
            full(*b"stsc", 0, counted(chunks.len() / 3, &chunks)),
            full(*b"stsz", 0, sizes),
            full(*b"stco", 0, counted(offsets.len(), &offsets)),
        ];
        boxed(*b"stbl", tables.concat())
    }
}

impl Mp4<'_> {
    /// What stands before the packets. How many bytes they are is filled in later.
    pub fn head(is_book: bool) -> Bytes {
        let brand = if is_book { b"M4B " } else { b"M4A " };
        let brands = boxed(*b"ftyp", [&brand[..], &[0; 4], b"isom", b"mp42"].concat());
        [brands, boxed(*b"mdat", [])].concat()
    }

    /// What stands around the packets; nothing where they are more than 32 bits count.
    pub fn index(&self) -> Option<Index> {
        let packets: u64 = self.sound.sizes.iter().map(|size| u64::from(*size)).sum();
        let titles: Vec<Bytes> = self.chapters.iter().map(|(_, title)| text_sample(title)).collect();
        let data_bytes = packets + titles.iter().map(|title| title.len() as u64).sum::<u64>() + 8;
        let data_bytes = u32::try_from(data_bytes).ok().filter(|bytes| bytes.checked_add(MP4_HEAD as u32).is_some())?;
        let titles_at = MP4_HEAD as u32 + packets as u32;
        let parts = [
            full(*b"mvhd", 0, self.movie_header()),
            self.sound_track(),
            self.chapter_track(&titles, titles_at),
            boxed(*b"udta", [self.chapter_list(), self.metadata()].concat()),
        ];
        Some(Index { data_bytes, tail: [titles.concat(), boxed(*b"moov", parts.concat())].concat() })
    }

    fn movie_header(&self) -> Bytes {
        // Rate 1, volume 1, nothing said of when it was made.
        let times = words(&[0, 0, self.sound.rate, self.sound.frames, 0x1_0000]);
        [times, vec![1, 0], vec![0; 10], words(&MATRIX), vec![0; 24], words(&[3])].concat()
    }

    fn track(played: &Played, extra: Bytes, media: Bytes) -> Bytes {
        let Played { number, frames, from, is_sound } = *played;
        // Enabled, in the movie; a track of chapters is not played, and therefore disabled.
        let flags = if is_sound { 3 } else { 0 };
        let volume = [vec![u8::from(is_sound), 0], vec![0; 2]].concat();
        let begin = [words(&[0, 0, number, 0, frames]), vec![0; 8], vec![0, 0, 0, u8::from(is_sound)], volume].concat();
        let header = full(*b"tkhd", flags, [begin, words(&MATRIX), words(&[0, 0])].concat());
        let edits = full(*b"elst", 0, counted(1, &[frames, from, 0x1_0000]));
        boxed(*b"trak", [header, boxed(*b"edts", edits), extra, media].concat())
    }

    fn media(&self, kind: [u8; 4], frames: u32, header: Bytes, tables: Bytes) -> Bytes {
        // The language is not told: `und`, three letters of five bits.
        let about = full(*b"mdhd", 0, [words(&[0, 0, self.sound.rate, frames]), vec![0x55, 0xc4, 0, 0]].concat());
        let handler = full(*b"hdlr", 0, [&[0; 4][..], &kind, &[0; 13]].concat());
        let here = full(*b"dref", 0, [words(&[1]), full(*b"url ", 1, [])].concat());
        let information = boxed(*b"minf", [header, boxed(*b"dinf", here), tables].concat());
        boxed(*b"mdia", [about, handler, information].concat())
    }

    fn sound_track(&self) -> Bytes {
        let Sound { rate, channels, frames, priming, packet, sizes, .. } = self.sound;
        let count = sizes.len() as u32;
        let samples = Samples { sizes, runs: &[count, packet], chunk: CHUNK, at: MP4_HEAD as u32 };
        // A rate of more than 16 bits stands in the decoder's configuration alone.
        let shown = if rate > 0xffff { 0 } else { rate << 16 };
        let entry = [vec![0; 6], vec![0, 1], vec![0; 8], channels.to_be_bytes().to_vec(), vec![0, 16, 0, 0, 0, 0]];
        let entry = [entry.concat(), words(&[shown]), full(*b"esds", 0, self.descriptor())].concat();
        let tables = samples.tables(boxed(*b"mp4a", entry));
        let media = self.media(*b"soun", count * packet, full(*b"smhd", 0, [0; 4]), tables);
        let chapters = boxed(*b"tref", boxed(*b"chap", words(&[2])));
        Self::track(&Played { number: 1, frames, from: priming, is_sound: true }, chapters, media)
    }

    /// The descriptor of the stream (ISO/IEC 14496-1): AAC, as sound.
    fn descriptor(&self) -> Bytes {
        let tagged = |tag: u8, content: &[u8]| [&[tag, content.len() as u8], content].concat();
        let config = tagged(5, self.sound.config);
        let rates = words(&[self.sound.bitrate, self.sound.bitrate]);
        let decoder = tagged(4, &[&[0x40, 0x15, 0, 0x06, 0][..], &rates, &config].concat());
        tagged(3, &[&[0, 1, 0][..], &decoder, &tagged(6, &[2])].concat())
    }

    fn chapter_track(&self, titles: &[Bytes], at: u32) -> Bytes {
        let ends = self.chapters.iter().skip(1).map(|(start, _)| *start).chain([self.sound.frames]);
        let runs: Vec<u32> = self.chapters.iter().zip(ends).flat_map(|((start, _), end)| [1, end - start]).collect();
        let sizes: Vec<u32> = titles.iter().map(|title| title.len() as u32).collect();
        let samples = Samples { sizes: &sizes, runs: &runs, chunk: 1, at };
        // Text without a style: flags, justification, colour, box, font, all of them 0, and no name of a font.
        let tables = samples.tables(boxed(*b"text", [vec![0; 6], vec![0, 1], vec![0; 44]].concat()));
        let general = full(*b"gmin", 0, [&[0, 0x40][..], &[0x80, 0, 0x80, 0, 0x80, 0], &[0; 4]].concat());
        let header = boxed(*b"gmhd", [general, boxed(*b"text", words(&MATRIX))].concat());
        let media = self.media(*b"text", self.sound.frames, header, tables);
        Self::track(&Played { number: 2, frames: self.sound.frames, from: 0, is_sound: false }, Vec::new(), media)
    }

    /// The list of chapters of Nero, which holds 255 at most, with titles of 255 bytes.
    fn chapter_list(&self) -> Bytes {
        let listed = &self.chapters[..self.chapters.len().min(255)];
        let mut list = vec![1, 0, 0, 0, 0, 0, 0, 0, listed.len() as u8];
        for (start, title) in listed {
            let hundreds_of_ns = u64::from(*start) * 10_000_000 / u64::from(self.sound.rate);
            let title = cut(title, 255);
            list.extend(hundreds_of_ns.to_be_bytes());
            list.push(title.len() as u8);
            list.extend(title.as_bytes());
        }
        boxed(*b"chpl", list)
    }

    /// Tags, as iTunes has them.
    fn metadata(&self) -> Bytes {
        let text = |text: &str| full(*b"data", 1, [&[0; 4], text.as_bytes()].concat());
        let tags = self.tags.iter().copied().chain([(*b"\xa9gen", About::GENRE), (*b"\xa9too", About::TOOL)]);
        let mut list: Vec<Bytes> = tags.map(|(key, value)| boxed(key, text(value))).collect();
        let Sound { frames, priming, packet, sizes, .. } = self.sound;
        let padding = u64::from(packet) * sizes.len() as u64 - u64::from(priming) - u64::from(frames);
        let gapless = format!(" 00000000 {priming:08X} {padding:08X} {frames:016X}{}", " 00000000".repeat(8));
        let name = [full(*b"mean", 0, "com.apple.iTunes"), full(*b"name", 0, "iTunSMPB")].concat();
        list.push(boxed(*b"----", [name, text(&gapless)].concat()));
        let handler = full(*b"hdlr", 0, [&[0; 4][..], b"mdir", b"appl", &[0; 9]].concat());
        full(*b"meta", 0, [handler, boxed(*b"ilst", list.concat())].concat())
    }
}

/// As much of a text as so many bytes hold, in whole characters.
fn cut(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    &text[..end]
}

/// A title in a track of text: its length, its bytes, and that they are UTF-8.
fn text_sample(title: &str) -> Bytes {
    let title = cut(title, usize::from(u16::MAX));
    [&(title.len() as u16).to_be_bytes()[..], title.as_bytes(), &boxed(*b"encd", words(&[0x100]))].concat()
}
