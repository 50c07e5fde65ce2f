//! The MP4 container (ISO/IEC 14496-12 and 14496-14, and Apple's format of films): one track of sound, and chapters.
//!
//! A file is a head, the packets, and a tail. The index stands in the head, before the packets: a phone that fetches the file from a
//! web host plays it with the first bytes that come, and asks for nothing twice. It can stand there because how long a head is
//! depends on how many packets there are and on what the file says of itself, which are known before the first packet is
//! encoded, and not on their sizes. So a head of zeros keeps the place, packets are appended as they come, and the head is written
//! over it at last; nothing here needs a file.
//!
//! Where the sound begins and ends among the padding of the encoder stands in an edit list, and as `iTunSMPB`.

mod boxes;
mod chapters;
mod fragments;
mod sound;
mod tags;
mod track;

use self::boxes::{Bytes, MATRIX, boxed, full, versioned, words};
use self::chapters::Chapter;
pub(super) use self::fragments::{Fragment, initialisation};
pub(super) use self::sound::Sound;
use self::track::{Played, Sampled, Samples};
use super::about::About;

/// Packets that stand as a chunk in the index: a second at 48 kHz.
const CHUNK: usize = 48;

/// The numbers of the tracks.
const SOUND_TRACK: u32 = 1;
const CHAPTER_TRACK: u32 = 2;

/// A file.
#[derive(Clone, Copy)]
pub(super) struct Mp4<'a> {
    /// Whether players are to keep the place where one stopped, as in an audiobook.
    pub is_book: bool,
    pub sound: Sound<'a>,
    /// The first frame of each chapter, in order, from 0 on, and its title. There is at least one.
    pub chapters: &'a [Chapter<'a>],
    /// What the file says of itself.
    pub about: &'a About,
}

impl Mp4<'_> {
    /// What stands before the packets; nothing where the file is larger than 32 bits count. How many bytes it is does not depend on
    /// the packets' sizes.
    pub fn head(&self) -> Option<Bytes> {
        let brand: &[u8; 4] = if self.is_book { b"M4B " } else { b"M4A " };
        let brands = boxed(*b"ftyp", [&brand[..], &[0; 4], brand, b"isom", b"iso2", b"mp42"].concat());
        let titles = chapters::titles(self.chapters);
        // The places of titles and packets follow from how long the index is, which has the same length wherever they are.
        let index_bytes = self.index(&titles, 0).len();
        let at = brands.len() + index_bytes + 8;
        let data = titles.iter().map(Vec::len).sum::<usize>() as u64 + self.sound.packet_bytes() + 8;
        let whole = (brands.len() + index_bytes) as u64 + data + Self::tail().len() as u64;
        u32::try_from(whole).ok()?;
        let data = [&(data as u32).to_be_bytes()[..], b"mdat"].concat();
        Some([brands, self.index(&titles, at as u32), data, titles.concat()].concat())
    }

    /// What stands after the packets: what made the file, once more, so that its last bytes tell it.
    pub fn tail() -> Bytes {
        boxed(*b"free", About::TOOL)
    }

    /// The index, where the titles stand from a place on, and the packets after them.
    fn index(&self, titles: &[Bytes], at: u32) -> Bytes {
        let sound_at = at + titles.iter().map(Vec::len).sum::<usize>() as u32;
        let about =
            [chapters::list(self.chapters, self.sound.rate), tags::metadata(self.about, self.is_book, &self.gapless())];
        let parts = [
            full(*b"mvhd", 0, self.movie_header()),
            self.sound_track(sound_at),
            self.chapter_track(titles, at),
            boxed(*b"udta", about.concat()),
        ];
        boxed(*b"moov", parts.concat())
    }

    fn movie_header(&self) -> Bytes {
        // Rate 1, volume 1, nothing said of when it was made.
        let times = words(&[0, 0, self.sound.rate, self.sound.frames, 0x1_0000]);
        [times, vec![1, 0], vec![0; 10], words(&MATRIX), vec![0; 24], words(&[CHAPTER_TRACK + 1])].concat()
    }

    fn sound_track(&self, at: u32) -> Bytes {
        let Sound { rate, frames, priming, packet, sizes, .. } = self.sound;
        let count = sizes.len() as u32;
        let samples = Samples { sizes, runs: &[count, packet], chunk: CHUNK, at };
        let sampled = Sampled {
            kind: *b"soun",
            header: sound::header(),
            tables: samples.tables(self.sound.entry(), &rolls(count)),
        };
        let played = Played {
            number: SOUND_TRACK,
            rate,
            frames,
            from: priming,
            media_frames: count * packet,
            language: &self.about.language,
            is_sound: true,
        };
        track::track(&played, chapters::reference(CHAPTER_TRACK), sampled)
    }

    fn chapter_track(&self, titles: &[Bytes], at: u32) -> Bytes {
        let Sound { rate, frames, .. } = self.sound;
        let language = &self.about.language;
        let played =
            Played { number: CHAPTER_TRACK, rate, frames, from: 0, media_frames: frames, language, is_sound: false };
        track::track(&played, Bytes::new(), chapters::track(self.chapters, titles, frames, at))
    }

    /// What of the decoded sound is padding, as iTunes tells it: frames before and after, and what is left.
    fn gapless(&self) -> String {
        let Sound { frames, priming, packet, sizes, .. } = self.sound;
        let padding = u64::from(packet) * sizes.len() as u64 - u64::from(priming) - u64::from(frames);
        format!(" 00000000 {priming:08X} {padding:08X} {frames:016X}{}", " 00000000".repeat(8))
    }
}

/// That a player that begins at a packet decodes the one before it too, without which the first half of it is wrong.
fn rolls(count: u32) -> [Bytes; 2] {
    let group = [&b"roll"[..], &words(&[2, 1]), &(-1_i16).to_be_bytes()].concat();
    [versioned(*b"sgpd", 1, 0, group), full(*b"sbgp", 0, [&b"roll"[..], &words(&[1, count, 1])].concat())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(sizes: &[u32], title: &str) -> Option<Bytes> {
        let about = About { title: title.into(), language: "pt-BR".into(), ..About::default() };
        let packet = 1024;
        let frames = packet * (sizes.len() as u32 - 1);
        let sound = Sound { rate: 24_000, channels: 1, frames, priming: packet, packet, config: &[0x13, 0x08], sizes };
        Mp4 { is_book: false, sound, chapters: &[(0, title), (1, "")], about: &about }.head()
    }

    #[test]
    fn a_head_is_as_long_as_one_of_zeros_whatever_the_packets_are() {
        for title in ["", "a", &"م".repeat(5_000)] {
            let (zeros, packets) = (head(&[0; 100], title).unwrap(), head(&[700; 100], title).unwrap());
            assert_eq!(zeros.len(), packets.len());
        }
        assert!(head(&[u32::MAX / 2; 3], "").is_none(), "more than 32 bits count");
    }
}
