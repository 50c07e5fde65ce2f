//! An MP4 in fragments (ISO/IEC 14496-12, 8.8), as Media Source Extensions take it: an initialisation segment that says what the sound is,
//! and then any number of fragments, each with the packets of a stretch of it, in any order.
//!
//! There is no edit list: whoever plays it moves its times by the priming.

use super::boxes::{Bytes, MATRIX, boxed, full, versioned, words};
use super::sound::{self, Sound};
use super::track::{self, Played, Sampled, Samples};
use super::{CHAPTER_TRACK, SOUND_TRACK};

/// Flags of a fragment's track (8.8.7): places count from the fragment's beginning; all packets are equally long; all can be begun at.
const COUNTED_FROM_HERE: u32 = 0x02_0000;
const EQUALLY_LONG: u32 = 0x08;
const ALIKE: u32 = 0x20;

/// Flags of a packet (8.8.3.1): it depends on no other.
const INDEPENDENT: u32 = 0x0200_0000;

/// Flags of a run of packets (8.8.8): where it begins, and how many bytes each has.
const HAS_PLACE: u32 = 0x01;
const HAS_SIZES: u32 = 0x200;

/// The initialisation segment; the sound's packets are not looked at.
pub fn initialisation(sound: &Sound<'_>) -> Bytes {
    let brands = boxed(*b"ftyp", [&b"iso6"[..], &[0; 4], b"iso6", b"mp41", b"M4A "].concat());
    let times = words(&[0, 0, sound.rate, 0, 0x1_0000]);
    let header = [times, vec![1, 0], vec![0; 10], words(&MATRIX), vec![0; 24], words(&[CHAPTER_TRACK])].concat();
    let samples = Samples { sizes: &[], runs: &[], chunk: 1, at: 0 };
    let sampled = Sampled { kind: *b"soun", header: sound::header(), tables: samples.tables(sound.entry(), &[]) };
    let played = Played {
        number: SOUND_TRACK,
        rate: sound.rate,
        frames: 0,
        from: 0,
        media_frames: 0,
        language: "",
        is_sound: true,
    };
    let defaults = full(*b"trex", 0, words(&[SOUND_TRACK, 1, sound.packet, 0, INDEPENDENT]));
    let parts = [full(*b"mvhd", 0, header), track::track(&played, Bytes::new(), sampled), boxed(*b"mvex", defaults)];
    [brands, boxed(*b"moov", parts.concat())].concat()
}

/// Packets that follow each other.
#[derive(Clone, Copy)]
pub struct Fragment<'a> {
    /// The number of the first packet, from 0.
    pub first: u32,
    /// Frames in a packet.
    pub packet: u32,
    /// Bytes of each packet.
    pub sizes: &'a [u32],
    /// All of them.
    pub bytes: &'a [u8],
}

impl Fragment<'_> {
    /// The fragment as it is appended.
    pub fn boxes(&self) -> Bytes {
        // How long the index is does not depend on the place that stands in it.
        let place = self.index(0).len() as u32 + 8;
        [self.index(place), boxed(*b"mdat", self.bytes)].concat()
    }

    /// The index, whose packets begin at a place counted from its own beginning.
    fn index(&self, place: u32) -> Bytes {
        let time = u64::from(self.first) * u64::from(self.packet);
        let track = words(&[SOUND_TRACK, self.packet, INDEPENDENT]);
        let run = [words(&[self.sizes.len() as u32, place]), words(self.sizes)].concat();
        let parts = [
            full(*b"tfhd", COUNTED_FROM_HERE | EQUALLY_LONG | ALIKE, track),
            versioned(*b"tfdt", 1, 0, time.to_be_bytes()),
            full(*b"trun", HAS_PLACE | HAS_SIZES, run),
        ];
        // Fragments have numbers that rise; those of their packets do.
        let number = full(*b"mfhd", 0, words(&[self.first + 1]));
        boxed(*b"moof", [number, boxed(*b"traf", parts.concat())].concat())
    }
}
