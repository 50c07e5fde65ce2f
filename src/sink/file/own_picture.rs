//! A picture of one's own, in place of the one that is drawn: a PNG or a JPEG, taken as it is.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use super::about::{Picture, PictureKind};
use crate::error::{Error, Result};

/// Every file that holds a picture is larger by it, and an app reads it before it shows a list.
const MOST_BYTES: u64 = 4 << 20;

/// Pixels along a side: directories of podcasts take 3000 at most.
const MOST_PIXELS: u32 = 4096;

/// Reads a picture, and whether it is one.
///
/// # Errors
/// It cannot be read; it is neither a PNG nor a JPEG, not whole, or larger than files are to hold.
pub fn read(path: &Path) -> Result<Picture> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(Error::reading(path))?;
    if file.metadata().is_ok_and(|about| !about.is_file()) {
        return Err(refused(path, "expected a file, found something else", "name a PNG or a JPEG"));
    }
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(Error::reading(path))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(refused(
            path,
            "expected at most 4 MB, found more",
            "save it smaller: 1400 pixels square are enough",
        ));
    }
    let (kind, size) = match bytes.as_slice() {
        [0x89, b'P', b'N', b'G', ..] => (PictureKind::Png, png_size(&bytes)),
        [0xff, 0xd8, ..] => (PictureKind::Jpeg, jpeg_size(&bytes)),
        _ => return Err(refused(path, "expected a PNG or a JPEG, found neither", "save it as a PNG or a JPEG")),
    };
    let Some((width, height)) = size else {
        return Err(refused(path, "the file is damaged, or not whole", "save it again, or choose another"));
    };
    if width.max(height) > MOST_PIXELS {
        let reason = format!("expected at most {MOST_PIXELS} pixels along a side, found {width} x {height}");
        return Err(refused(path, &reason, "save it smaller: 1400 pixels square are enough"));
    }
    Ok(Picture { bytes, kind, width, height })
}

fn refused(path: &Path, reason: &str, help: &str) -> Error {
    Error::Format { reason: format!("cannot take the picture {}: {reason}", path.display()), help: help.into() }
}

/// How large a PNG is, if all of it is there: it is read row by row, as memory for all of them could be much.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().ok()?;
    let (width, height) = (reader.info().width, reader.info().height);
    // What is too large is refused unread.
    if width.max(height) <= MOST_PIXELS {
        while reader.next_row().ok()?.is_some() {}
    }
    Some((width, height))
}

/// How large a JPEG is, by its frame header (ITU-T T.81, B.2.2), if its end is there.
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        // A marker may be filled up with more of its first byte.
        while bytes.get(at..at + 2)? == [0xff, 0xff] {
            at += 1;
        }
        let &[0xff, marker, high, low] = bytes.get(at..at + 4)? else { return None };
        let number = |at: usize| Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
        match marker {
            // All kinds of frames but tables (C4, CC) and extensions (C8), which have codes among theirs.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let is_whole = bytes[at..].windows(2).any(|pair| pair == [0xff, 0xd9]);
                let size = (number(at + 7)?, number(at + 5)?);
                return Some(size).filter(|(width, height)| is_whole && *width > 0 && *height > 0);
            }
            // The picture begins, and nothing has said how large it is.
            0xda | 0xd9 => return None,
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JPEG as far as it is read here.
    const JPEG: [u8; 25] = [
        0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc2, 0, 11, 8, 0x05, 0x78, 0x02, 0x00, 1, 1, 0x11, 0, 0xff,
        0xd9, 0,
    ];

    #[test]
    fn a_jpeg_tells_its_size_if_it_is_whole() {
        assert_eq!(jpeg_size(&JPEG), Some((512, 1400)));
        for end in 0..JPEG.len() - 1 {
            assert_eq!(jpeg_size(&JPEG[..end]), None, "{end}");
        }
        // A length of nothing does not stand still.
        assert_eq!(jpeg_size(&[0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xe0, 0, 0]), None);
    }
}
