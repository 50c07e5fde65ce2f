//! Recordings, as disks and wires damage them, and as somebody makes them who means harm.
//!
//! A checksum would stop a decoder before it comes to most of what is wrong, so it is put right after most changes.

use fastrand::Rng;

use crate::corpus::root;

/// No recording is made longer, in bytes: what can be in it is decoded whole.
const LONGEST: usize = 24 << 10;

/// Lengths, rates and numbers at the ends of what fits.
const NUMBERS: [u64; 18] = [
    0,
    1,
    2,
    3,
    7,
    8,
    0x7f,
    0xff,
    0x100,
    0x7fff,
    0xffff,
    0x1_0000,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_fffe,
    0xffff_ffff,
    0x7fff_ffff_ffff_ffff,
    0xffff_ffff_ffff_ffff,
];

/// A second of every format that is read, made by ffmpeg, and small files that say they are large.
pub fn corpus() -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(root().join("fuzz/seeds/recording")).expect("the seeds").flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let mut all: Vec<Vec<u8>> = paths.iter().map(|path| std::fs::read(path).expect("a seed")).collect();
    all.extend(large());
    all
}

/// Small files that say, or hold, far more than their size.
fn large() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for rate_hz in [4_000, 44_100, 655_350] {
        for (channels, frames) in [(1, 0), (8, 0), (1, (1 << 36) - 1)] {
            // Few, so that most of the time goes to other inputs.
            all.push(flac(rate_hz, channels, frames, if rate_hz == 4_000 { 1 } else { 3 }));
        }
    }
    for (channels, rate_hz, bits, align) in [
        (1, u32::MAX, 16, 2),
        (u16::MAX, 8_000, 16, u16::MAX),
        (32, 768_000, 32, 128),
        (1, 4_000, 8, 0),
        (0, 0, 0, 0),
        (1, 768_000, 16, 2),
    ] {
        for format in [1, 2, 3, 0x11, 0xfffe] {
            all.push(wav(format, channels, rate_hz, bits, align));
        }
    }
    all.extend([aiff([0x40, 0x0e]), aiff([0x7f, 0xff]), aiff([0, 0])]);
    all
}

fn wav(format: u16, channels: u16, rate_hz: u32, bits: u16, align: u16) -> Vec<u8> {
    let [format, channels, align, bits] = [format, channels, align, bits].map(u16::to_le_bytes);
    let body = [
        &b"WAVEfmt \x14\0\0\0"[..],
        &format,
        &channels,
        &rate_hz.to_le_bytes(),
        &rate_hz.wrapping_mul(2).to_le_bytes(),
        &align,
        &bits,
        // The frames of a block, where it is compressed.
        &[2, 0, 0xff, 0xff],
        b"data",
        &4096_u32.to_le_bytes(),
        &[0x55; 4096],
    ]
    .concat();
    [&b"RIFF"[..], &(body.len() as u32).to_le_bytes(), &body].concat()
}

/// An AIFF whose rate has this exponent.
fn aiff(exponent: [u8; 2]) -> Vec<u8> {
    let comm = [&[0, 1, 0xff, 0xff, 0xff, 0xff, 0, 16], &exponent[..], &[0xff; 8]].concat();
    let body = [&b"AIFFCOMM\0\0\0\x12"[..], &comm, b"SSND\0\0\x10\0\0\0\0\0\0\0\0\0", &[0x33; 4088]].concat();
    [&b"FORM"[..], &(body.len() as u32).to_be_bytes(), &body].concat()
}

/// A FLAC of blocks as long as they can be, of one value each: 65,535 frames in a dozen bytes.
fn flac(rate_hz: u64, channels: u64, frames: u64, blocks: u8) -> Vec<u8> {
    let numbers = rate_hz << 44 | (channels - 1) << 41 | 15 << 36 | frames;
    let head = [&[0xff; 4][..], &[0; 6], &numbers.to_be_bytes(), &[0; 16]].concat();
    let mut bytes = [&b"fLaC\x80\0\0\x22"[..], &head].concat();
    for block in 0..blocks {
        // The length of the block in 16 bits; rate and depth as the head has them.
        bytes.extend([0xff, 0xf8, 0x70, (channels as u8 - 1) << 4, block, 0xff, 0xfe, 0]);
        // One value for each channel, and no room for a checksum yet.
        (0..channels).for_each(|_| bytes.extend([0, 0x12, 0x34]));
        bytes.extend([0, 0]);
    }
    checksums(&mut bytes);
    bytes
}

/// A recording, changed a few times.
pub fn changed(rng: &mut Rng, input: &[u8], others: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..1 << rng.u32(..4) {
        change(rng, &mut bytes, others);
    }
    bytes.truncate(LONGEST);
    if rng.u32(..8) > 0 {
        checksums(&mut bytes);
    }
    bytes
}

/// A place: in the head more often than elsewhere, as what can be said wrongly is said there.
fn place(rng: &mut Rng, length: usize) -> usize {
    let most = if rng.bool() { length.min(256) } else { length };
    rng.usize(..=most)
}

fn stretch(rng: &mut Rng, length: usize) -> std::ops::Range<usize> {
    let from = place(rng, length);
    let longest = 1 << rng.u32(..13);
    from..(from + rng.usize(..=longest)).min(length)
}

fn change(rng: &mut Rng, bytes: &mut Vec<u8>, others: &[Vec<u8>]) {
    let at = place(rng, bytes.len());
    match rng.u32(..12) {
        0 | 1 if at < bytes.len() => bytes[at] ^= 1 << rng.u32(..8),
        2 if at < bytes.len() => bytes[at] = rng.u8(..),
        3..=5 => number(rng, bytes, at),
        6 => bytes.truncate(at),
        7 => _ = bytes.drain(stretch(rng, bytes.len())),
        8 => {
            let again = bytes[stretch(rng, bytes.len())].to_vec();
            bytes.splice(at..at, again);
        }
        9 => {
            let other = &others[rng.usize(..others.len())];
            bytes.splice(at..at, other[stretch(rng, other.len())].to_vec());
        }
        // A whole recording behind it, or the same once more.
        10 => bytes.extend_from_slice(&others[rng.usize(..others.len())]),
        _ => {
            let again = bytes.clone();
            bytes.extend(again);
        }
    }
}

/// A number of one to eight bytes at a place, or behind the name of a chunk, a box or an atom.
fn number(rng: &mut Rng, bytes: &mut [u8], at: usize) {
    let named = |bytes: &[u8]| bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b' ');
    let names: Vec<usize> = bytes.windows(4).enumerate().filter(|(_, four)| named(four)).map(|(at, _)| at).collect();
    let at = if names.is_empty() || rng.bool() {
        at
    } else {
        // Before a name in MP4, behind it in WAV and AIFF, and fields of what follows.
        (names[rng.usize(..names.len())] + 4 * rng.usize(..9)).saturating_sub(4)
    };
    let length = [1, 2, 3, 4, 4, 4, 8][rng.usize(..7)].min(bytes.len().saturating_sub(at));
    let value = match rng.u32(..4) {
        0 => rng.u64(..),
        1 => bytes.len() as u64 >> rng.u32(..4),
        _ => NUMBERS[rng.usize(..NUMBERS.len())],
    };
    let Some(field) = bytes.get_mut(at..at + length) else { return };
    if rng.bool() {
        field.copy_from_slice(&value.to_le_bytes()[..length]);
    } else {
        field.copy_from_slice(&value.to_be_bytes()[8 - length..]);
    }
}

/// Puts the checksums right of whatever has any.
pub fn checksums(bytes: &mut [u8]) {
    ogg(bytes);
    if bytes.starts_with(b"fLaC") {
        flac_blocks(bytes);
    }
}

/// What is left of bytes divided by a polynomial of so many bits.
fn remainder(bytes: &[u8], polynomial: u32, bits: u32) -> u32 {
    let mask = u32::MAX >> (32 - bits);
    bytes.iter().fold(0, |sum: u32, byte| {
        let sum = sum ^ u32::from(*byte) << (bits - 8);
        (0..8).fold(sum, |sum, _| (sum << 1 ^ if sum >> (bits - 1) & 1 == 1 { polynomial } else { 0 }) & mask)
    })
}

/// Every page of Ogg (RFC 3533).
fn ogg(bytes: &mut [u8]) {
    let mut at = 0;
    while at + 27 <= bytes.len() {
        if &bytes[at..at + 4] != b"OggS" {
            at += 1;
            continue;
        }
        let lengths = at + 27..at + 27 + usize::from(bytes[at + 26]);
        let Some(body) = bytes.get(lengths.clone()) else { return };
        let end = lengths.end + body.iter().map(|length| usize::from(*length)).sum::<usize>();
        let Some(page) = bytes.get_mut(at..end) else { return };
        page[22..26].fill(0);
        let sum = remainder(page, 0x04c1_1db7, 32);
        page[22..26].copy_from_slice(&sum.to_le_bytes());
        at = end;
    }
}

/// How long the head of a block of FLAC is that begins here (RFC 9639, 9.1), without its checksum.
fn flac_head(bytes: &[u8]) -> Option<usize> {
    let [0xff, 0xf8 | 0xf9, sizes, form, first, ..] = *bytes else { return None };
    let number = match first.leading_ones() {
        0 => 1,
        ones @ 2..=7 => ones as usize,
        _ => return None,
    };
    let (block, rate) = (sizes >> 4, sizes & 15);
    if block == 0 || rate == 15 || form & 1 == 1 {
        return None;
    }
    let block = match block {
        6 => 1,
        7 => 2,
        _ => 0,
    };
    let rate = match rate {
        12 => 1,
        13 | 14 => 2,
        _ => 0,
    };
    Some(4 + number + block + rate).filter(|length| *length < bytes.len())
}

fn flac_blocks(bytes: &mut [u8]) {
    let mut starts: Vec<usize> = (4..bytes.len()).filter(|at| flac_head(&bytes[*at..]).is_some()).collect();
    starts.push(bytes.len());
    for pair in starts.windows(2) {
        let block = &mut bytes[pair[0]..pair[1]];
        let Some(head) = flac_head(block) else { continue };
        block[head] = remainder(&block[..head], 0x07, 8) as u8;
        let Some(last) = block.len().checked_sub(2).filter(|last| *last > head) else { continue };
        let sum = remainder(&block[..last], 0x8005, 16) as u16;
        block[last..].copy_from_slice(&sum.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_that_are_right_stay_and_those_that_are_wrong_are_put_right() {
        let mut with = 0;
        for whole in corpus() {
            let mut same = whole.clone();
            checksums(&mut same);
            assert!(same == whole, "{:?}", &whole[..16]);
            if whole.starts_with(b"OggS") {
                let mut wrong = whole.clone();
                wrong[22] ^= 1;
                checksums(&mut wrong);
                assert!(wrong == whole);
                with += 1;
            }
        }
        assert!(with >= 3);
    }
}
