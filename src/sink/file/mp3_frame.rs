//! Frames of MPEG audio, layer III (ISO/IEC 11172-3 and 13818-3): their sizes, the frame of silence, and the first one of a file,
//! which tells how long it is and what the encoder put before and after the sound.
//!
//! That first frame, known by the word `Info`, is no part of the standards: the programs Xing and LAME began it, and every player
//! reads it. Who knows nothing of it plays a frame of silence.

use crate::render::Channels;

/// Frames of sound that the encoder puts before the first one (LAME's `ENCDELAY`).
pub(super) const ENCODER_DELAY: u64 = 576;
/// What a decoder adds to that (528, and 1 by the counting of LAME); players take both away.
pub(super) const DECODER_DELAY: u64 = 529;

/// Rates by their index in a head, for MPEG-1; MPEG-2 has the halves, MPEG-2.5 the quarters.
const RATES_HZ: [u32; 3] = [44_100, 48_000, 32_000];

/// Thousands of bits a second by their index in a head, in MPEG-1.
const KBPS_1: [u32; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
/// The same in MPEG-2 and 2.5.
const KBPS_2: [u32; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/// What all frames of a file have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stream {
    /// Frames of sound a second.
    pub rate_hz: u32,
    /// Samples for a frame of sound.
    pub channels: Channels,
    /// Thousands of bits a second.
    pub kbps: u32,
}

/// What the first frame tells.
pub(super) struct Info {
    /// How many frames follow.
    pub frames: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// The check of these bytes: [`Crc`].
    pub crc: Crc,
    /// Frames of sound after the last one.
    pub padding: u64,
}

impl Stream {
    /// By how much the rate is below that of MPEG-1: 1, 2 or 4.
    fn step(self) -> Option<u32> {
        [1, 2, 4].into_iter().find(|step| RATES_HZ.contains(&(self.rate_hz * step)))
    }

    /// Whether there is such a rate.
    pub(super) fn is_known(self) -> bool {
        self.step().is_some()
    }

    fn is_mpeg_1(self) -> bool {
        self.step() == Some(1)
    }

    /// Frames of sound in a frame.
    pub(super) fn sound(self) -> u64 {
        if self.is_mpeg_1() { 1152 } else { 576 }
    }

    /// Bytes of a frame at so many bits a second, without the one by which some are longer.
    fn bytes(self, kbps: u32) -> usize {
        (self.sound() as u32 / 8 * kbps * 1000 / self.rate_hz) as usize
    }

    /// Bytes between the head and the sound.
    fn side_bytes(self) -> usize {
        match (self.is_mpeg_1(), self.channels) {
            (true, Channels::Stereo) => 32,
            (true, Channels::Mono) | (false, Channels::Stereo) => 17,
            (false, Channels::Mono) => 9,
        }
    }

    /// Thousands of bits a second that the encoder knows: it has no name for 56 and 144, and nothing above 64 in MPEG-2.5.
    pub(super) fn bitrates(self) -> impl Iterator<Item = u32> {
        let all = if self.is_mpeg_1() { KBPS_1 } else { KBPS_2 };
        let most = if self.step() == Some(4) { 64 } else { 320 };
        all.into_iter().filter(move |kbps| ![0, 56, 144].contains(kbps) && *kbps <= most)
    }

    fn head(self, kbps: u32) -> [u8; 4] {
        let step = self.step().unwrap_or(1);
        // 12 bits of ones begin a head; layer III, no check.
        let version = match step {
            1 => 0xfb,
            2 => 0xf3,
            _ => 0xe3,
        };
        let all = if step == 1 { KBPS_1 } else { KBPS_2 };
        let rate = RATES_HZ.iter().position(|rate| *rate == self.rate_hz * step).unwrap_or(0) as u8;
        let bits = all.iter().position(|each| *each == kbps).unwrap_or(0) as u8;
        let mode = match self.channels {
            Channels::Mono => 0xc0,
            Channels::Stereo => 0x40,
        };
        // The last bits: no copy.
        [0xff, version, bits << 4 | rate << 2, mode | 0x04]
    }

    /// A frame of digital silence that needs none of the frames before it.
    pub(super) fn silence(self) -> Vec<u8> {
        let mut frame = self.head(self.kbps).to_vec();
        frame.resize(self.bytes(self.kbps), 0);
        frame
    }

    /// The first frame. It has more bits than the others where they have too few for it.
    pub(super) fn info(self, info: &Info) -> Vec<u8> {
        /// Bytes from the word `Info` to the last check.
        const TABLE: usize = 156;
        let start = 4 + self.side_bytes();
        let kbps = self.bitrates().find(|kbps| *kbps >= self.kbps && self.bytes(*kbps) >= start + TABLE);
        let kbps = kbps.unwrap_or(self.kbps);
        let mut frame = self.head(kbps).to_vec();
        frame.resize(start, 0);
        frame.extend_from_slice(b"Info");
        // Frames, bytes, a table of places, and how good it is.
        frame.extend_from_slice(&15_u32.to_be_bytes());
        frame.extend_from_slice(&(info.frames as u32).to_be_bytes());
        let bytes = (info.bytes + self.bytes(kbps) as u64) as u32;
        frame.extend_from_slice(&bytes.to_be_bytes());
        // Where each hundredth begins: all frames are of one size.
        frame.extend((0..100).map(|hundredth| (hundredth * 256 / 100) as u8));
        frame.extend_from_slice(&50_u32.to_be_bytes());
        frame.extend_from_slice(b"LAME3.100");
        // Constant bits a second; no low pass, peak or gain is told.
        frame.push(0x01);
        frame.resize(frame.len() + 10, 0);
        frame.push(self.kbps.min(255) as u8);
        let delays = (ENCODER_DELAY << 12 | info.padding) as u32;
        frame.extend_from_slice(&delays.to_be_bytes()[1..]);
        frame.resize(frame.len() + 4, 0);
        frame.extend_from_slice(&bytes.to_be_bytes());
        frame.extend_from_slice(&info.crc.0.to_be_bytes());
        let mut own = Crc::default();
        own.take(&frame);
        frame.extend_from_slice(&own.0.to_be_bytes());
        frame.resize(self.bytes(kbps), 0);
        frame
    }
}

/// CRC-16 with the polynomial 0x8005, lowest bit first, from 0 on: the check of the first frame.
#[derive(Clone, Copy, Default)]
pub(super) struct Crc(u16);

impl Crc {
    const TABLE: [u16; 256] = Crc::table();

    const fn table() -> [u16; 256] {
        let mut table = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            let (mut crc, mut bit) = (byte as u16, 0);
            while bit < 8 {
                // 0x8005 backwards.
                crc = if crc & 1 == 1 { crc >> 1 ^ 0xa001 } else { crc >> 1 };
                bit += 1;
            }
            table[byte] = crc;
            byte += 1;
        }
        table
    }

    /// Goes on with these bytes.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        self.0 =
            bytes.iter().fold(self.0, |crc, byte| crc >> 8 ^ Crc::TABLE[usize::from((crc ^ u16::from(*byte)) as u8)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_is_the_one_that_is_known() {
        let mut crc = Crc::default();
        crc.take(b"123456789");
        assert_eq!(crc.0, 0xbb3d, "CRC-16/ARC of the usual nine letters");
    }

    #[test]
    fn the_first_frame_has_room_for_its_table_at_every_rate_and_number_of_bits() {
        let info = || Info { frames: 1, bytes: 1, crc: Crc::default(), padding: 700 };
        for rate_hz in RATES_HZ.into_iter().flat_map(|rate| [rate, rate / 2, rate / 4]) {
            for channels in [Channels::Mono, Channels::Stereo] {
                for kbps in (Stream { rate_hz, channels, kbps: 0 }).bitrates() {
                    let stream = Stream { rate_hz, channels, kbps };
                    let frame = stream.info(&info());
                    assert!(frame.len() >= 4 + stream.side_bytes() + 156, "{stream:?}");
                    assert_eq!(stream.silence().len(), stream.bytes(kbps));
                }
            }
        }
    }
}
