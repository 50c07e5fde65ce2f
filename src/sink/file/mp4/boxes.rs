//! What an MP4 is made of: boxes, and numbers in big-endian order.

/// Bytes of a box or a descriptor.
pub type Bytes = Vec<u8>;

/// The matrix that leaves a picture as it is.
pub const MATRIX: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

/// A box.
pub fn boxed(kind: [u8; 4], content: impl AsRef<[u8]>) -> Bytes {
    let content = content.as_ref();
    [&(content.len() as u32 + 8).to_be_bytes()[..], &kind, content].concat()
}

/// A box with a version (0) and flags.
pub fn full(kind: [u8; 4], flags: u32, content: impl AsRef<[u8]>) -> Bytes {
    versioned(kind, 0, flags, content)
}

/// A box with a version and flags.
pub fn versioned(kind: [u8; 4], version: u8, flags: u32, content: impl AsRef<[u8]>) -> Bytes {
    let head = u32::from(version) << 24 | flags;
    boxed(kind, [&head.to_be_bytes()[..], content.as_ref()].concat())
}

/// Numbers of 32 bits.
pub fn words(numbers: &[u32]) -> Bytes {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// A count, and numbers of 32 bits.
pub fn counted(count: usize, numbers: &[u32]) -> Bytes {
    [words(&[count as u32]), words(numbers)].concat()
}

/// As much of a text as so many bytes hold, in whole characters.
pub fn cut(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    &text[..end]
}

/// A text in one line: players show a character that stands for no letter as a box, or end the text there.
pub fn line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
