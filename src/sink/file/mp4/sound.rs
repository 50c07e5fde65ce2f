//! The sound in an MP4: what a decoder has to know of it.

use super::boxes::{Bytes, boxed, full, words};

/// The sound, once it is encoded.
#[derive(Clone, Copy)]
pub struct Sound<'a> {
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
    /// Bytes of each packet.
    pub sizes: &'a [u32],
}

impl Sound<'_> {
    /// What describes it among the samples of its track.
    pub fn entry(&self) -> Bytes {
        // A rate of more than 16 bits stands in the decoder's configuration alone.
        let shown = if self.rate > 0xffff { 0 } else { self.rate << 16 };
        let channels = self.channels.to_be_bytes().to_vec();
        let entry = [vec![0; 6], vec![0, 1], vec![0; 8], channels, vec![0, 16, 0, 0, 0, 0]];
        boxed(*b"mp4a", [entry.concat(), words(&[shown]), full(*b"esds", 0, self.descriptor())].concat())
    }

    /// Bytes of all packets.
    pub fn packet_bytes(&self) -> u64 {
        self.sizes.iter().map(|size| u64::from(*size)).sum()
    }

    /// The descriptor of the stream (ISO/IEC 14496-1): AAC, as sound.
    fn descriptor(&self) -> Bytes {
        let tagged = |tag: u8, content: &[u8]| [&[tag, content.len() as u8], content].concat();
        let config = tagged(5, self.config);
        let largest = self.sizes.iter().max().copied().unwrap_or_default();
        let rates = words(&[self.most_bits_a_second(), self.bits_a_second()]);
        let decoder = tagged(4, &[&[0x40, 0x15][..], &largest.to_be_bytes()[1..], &rates, &config].concat());
        tagged(3, &[&[0, 0, 0][..], &decoder, &tagged(6, &[2])].concat())
    }

    fn bits_a_second(&self) -> u32 {
        let frames = u64::from(self.packet) * self.sizes.len().max(1) as u64;
        (self.packet_bytes() * 8 * u64::from(self.rate) / frames) as u32
    }

    /// In the second that has most.
    fn most_bits_a_second(&self) -> u32 {
        let packets = self.rate.div_ceil(self.packet) as usize;
        let (sizes, mut sum, mut most) = (self.sizes, 0_u64, 0);
        for (index, size) in sizes.iter().enumerate() {
            sum += u64::from(*size);
            sum -= index.checked_sub(packets).map_or(0, |past| u64::from(sizes[past]));
            most = sum.max(most);
        }
        (most * 8) as u32
    }
}

/// The header of a track of sound: in the middle between left and right.
pub fn header() -> Bytes {
    full(*b"smhd", 0, [0; 4])
}
