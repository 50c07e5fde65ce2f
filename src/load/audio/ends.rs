//! What a recording does not say of its ends: an MP3 whose last packet is cut, and AAC without a word of where its sound begins.
//!
//! Both are heard as they are. Where they can be told from a recording that is whole, whoever made it is told.

use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::ops::Range;
use std::time::Duration;

use super::edit_list;
use super::links::{self, Form};

/// What a recording does not say of its ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ends {
    /// Where it stops, in the middle of a packet.
    pub(crate) cut: Option<Duration>,
    /// Whether an encoder's own beginning may be heard, because nothing says how long that is.
    pub(crate) untold: bool,
}

/// The ends of a recording that can be decoded.
pub(crate) fn of(bytes: &[u8]) -> Ends {
    let mut source = Cursor::new(bytes);
    let Ok((form, links)) = links::find(&mut source) else { return Ends::default() };
    match (form, links.last()) {
        (Form::Mpeg, Some(last)) => Ends { cut: cut(source, last.clone()).ok().flatten(), untold: false },
        (Form::Mp4, _) => Ends { cut: None, untold: links.len() == 1 && untold(bytes, &mut source) },
        _ => Ends::default(),
    }
}

/// Whether it is AAC, and says nothing of its edges.
fn untold(bytes: &[u8], source: &mut Cursor<&[u8]>) -> bool {
    bytes.windows(4).any(|name| name == b"mp4a") && !edit_list::is_told(source)
}

/// A packet of MPEG.
struct Packet {
    bytes: u64,
    frames: u64,
    rate_hz: u64,
    /// What is the same in every packet of a stream: version, layer and rate.
    kind: [u8; 2],
}

/// What its head says (ISO/IEC 11172-3, 2.4.2.3; 13818-3); `None` where it is no head, or of a length that it does not tell.
fn packet([sync, version, form, _]: [u8; 4]) -> Option<Packet> {
    const RATES_HZ: [u64; 3] = [44_100, 48_000, 32_000];
    const KBIT_1: [[u64; 14]; 3] = [
        [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
        [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
        [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    ];
    const KBIT_2: [[u64; 14]; 3] = [
        [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
        [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
        [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ];
    if sync != 0xff || version & 0xe0 != 0xe0 {
        return None;
    }
    // The first version, the second, and what came of it for the lowest rates.
    let (slower, first) = match version >> 3 & 3 {
        3 => (0, true),
        2 => (1, false),
        0 => (2, false),
        _ => return None,
    };
    let layer = 3_usize.checked_sub(usize::from(version >> 1 & 3)).filter(|layer| *layer < 3)?;
    let rate_hz = RATES_HZ.get(usize::from(form >> 2 & 3))? >> slower;
    let kbit = usize::from(form >> 4).checked_sub(1)?;
    let kbit = (if first { &KBIT_1 } else { &KBIT_2 })[layer].get(kbit)?;
    let padding = u64::from(form >> 1 & 1);
    let frames = match (layer, first) {
        (0, _) => 384,
        (2, false) => 576,
        _ => 1152,
    };
    let bytes = match layer {
        0 => (12_000 * kbit / rate_hz + padding) * 4,
        _ => frames / 8 * 1000 * kbit / rate_hz + padding,
    };
    Some(Packet { bytes, frames, rate_hz, kind: [version & 0xfe, form & 0x0c] })
}

/// How long an MP3 is whose last packet is not there whole.
fn cut(source: impl Read + Seek, link: Range<u64>) -> io::Result<Option<Duration>> {
    let mut source = BufReader::new(source);
    source.seek(SeekFrom::Start(link.start))?;
    let (mut at, mut kind, mut frames, mut rate_hz) = (link.start, None, 0, 1);
    while at + 4 <= link.end {
        let mut head = [0; 4];
        source.read_exact(&mut head)?;
        // What follows the last packet may be a tag, and what stands between two is not looked through.
        let Some(packet) = packet(head).filter(|packet| *kind.get_or_insert(packet.kind) == packet.kind) else { break };
        rate_hz = packet.rate_hz;
        at += packet.bytes;
        if at > link.end {
            return Ok(Some(Duration::from_secs_f64(frames as f64 / rate_hz as f64)));
        }
        frames += packet.frames;
        source.seek_relative(packet.bytes as i64 - 4)?;
    }
    // Too little for a head, and the beginning of one.
    let mut rest = Vec::new();
    source.take(link.end.saturating_sub(at).min(3)).read_to_end(&mut rest)?;
    let begun = at + 4 > link.end && rest.first() == Some(&0xff) && frames > 0;
    Ok(begun.then(|| Duration::from_secs_f64(frames as f64 / rate_hz as f64)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packets of 104 bytes, 1,152 frames each.
    fn mp3(packets: usize) -> Vec<u8> {
        [&[0xff, 0xfb, 0x10, 0xc4][..], &[0; 100]].concat().repeat(packets)
    }

    #[test]
    fn an_mp3_that_stops_in_a_packet_is_told_from_one_that_stops_after_it() {
        assert_eq!(of(&mp3(50)), Ends::default());
        for left in [1, 3, 4, 50, 103] {
            let mut bytes = mp3(50);
            bytes.truncate(49 * 104 + left);
            let stops = Duration::from_secs_f64(49.0 * 1152.0 / 44_100.0);
            assert_eq!(of(&bytes).cut, Some(stops), "{left} bytes of the last packet");
        }
    }

    #[test]
    fn a_tag_or_zeros_after_the_last_packet_are_no_packet() {
        for after in [&b"TAG and so on"[..], b"APETAGEX", &[0; 3], &[0; 200], b"ID3"] {
            assert_eq!(of(&[&mp3(50), after].concat()), Ends::default(), "{after:?}");
        }
    }

    #[test]
    fn the_length_of_a_packet_is_as_its_head_says() {
        let bytes = |head: [u8; 4]| packet(head).map(|packet| (packet.bytes, packet.frames, packet.rate_hz));
        assert_eq!(bytes([0xff, 0xfb, 0x90, 0x64]), Some((417, 1152, 44_100)));
        assert_eq!(bytes([0xff, 0xfb, 0x92, 0x64]), Some((418, 1152, 44_100)));
        assert_eq!(bytes([0xff, 0xf3, 0x84, 0xc4]), Some((192, 576, 24_000)));
        assert_eq!(bytes([0xff, 0xe3, 0x28, 0xc4]), Some((144, 576, 8_000)));
        assert_eq!(bytes([0xff, 0xfd, 0x84, 0]), Some((384, 1152, 48_000)));
        // Any length, none, and what is no head.
        for head in [[0xff, 0xfb, 0, 0], [0xff, 0xfb, 0xf0, 0], [0xff, 0xfb, 0x9c, 0], [0xff, 0xf9, 0x90, 0], [0; 4]] {
            assert_eq!(bytes(head), None, "{head:?}");
        }
    }
}
