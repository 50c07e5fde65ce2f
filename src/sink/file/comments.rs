//! Vorbis comments, the tags of Opus and FLAC: `NAME=value` in order, chapters among them; and the picture as both formats hold it.
//!
//! The names are those of the Vorbis comment specification and of the common players; chapters are in the form that the
//! Ogg world agreed on (`CHAPTER000=00:01:02.345`, `CHAPTER000NAME=Cat/Cow`), which ffmpeg, mpv and VLC read.

use std::time::Duration;

use super::Job;
use super::about::{About, Picture};
use crate::sink::timed_words::synced_lyrics;

/// A chapter's number has three digits.
const MOST_CHAPTERS: usize = 1000;

/// The tags of a session, each a name and a value, in the order in which they are written. What is empty is left out.
pub(super) fn comments(job: &Job<'_>) -> Vec<(String, String)> {
    let about = job.about;
    let track =
        |part: fn((u32, u32)) -> u32| about.track.map(part).as_ref().map(ToString::to_string).unwrap_or_default();
    let tags = [
        ("TITLE", line(&about.title)),
        ("ALBUM", line(&about.album)),
        ("ARTIST", line(&about.voice)),
        ("DATE", about.date.clone().unwrap_or_default()),
        ("GENRE", About::GENRE.into()),
        ("LANGUAGE", line(&about.language)),
        ("DESCRIPTION", plain(&about.summary)),
        ("COMMENT", plain(&about.summary)),
        ("ENCODER", About::TOOL.into()),
        ("TRACKNUMBER", track(|(number, _)| number)),
        ("TRACKTOTAL", track(|(_, of)| of)),
        ("LYRICS", plain(&about.words)),
        ("SYNCEDLYRICS", synced_lyrics(&about.timed_words)),
    ];
    let tags = tags.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.into(), value));
    let rate = job.mixer.timeline().rate;
    let chapters = job.chapters().into_iter().take(MOST_CHAPTERS).enumerate();
    let chapters = chapters.flat_map(|(number, (start, title))| {
        let name = format!("CHAPTER{number:03}");
        [(name.clone(), time(start.duration(rate))), (name + "NAME", line(title))]
    });
    tags.chain(chapters).collect()
}

/// A time as chapters have it: `hh:mm:ss.mmm`.
fn time(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{:02}:{:02}:{:02}.{:03}", seconds / 3600, seconds / 60 % 60, seconds % 60, time.subsec_millis())
}

/// A text on one line.
fn line(text: &str) -> String {
    plain(text).replace('\n', " ")
}

/// A text without controls but line breaks: many players take a zero for the end, and show the others as boxes.
fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() && letter != '\n' { ' ' } else { letter }).collect()
}

/// A picture as the front cover: the PICTURE block of FLAC (RFC 9639, 8.8), which Opus holds in base64.
pub(super) fn picture(picture: &Picture) -> Vec<u8> {
    /// The number of the front cover among the kinds of pictures.
    const FRONT_COVER: u32 = 3;
    /// Bits for a pixel, once its colour is looked up.
    const DEPTH: u32 = 24;
    let Picture { bytes, kind, width, height } = picture;
    let mut block = Vec::with_capacity(bytes.len() + 64);
    let mime = kind.mime();
    block.extend([FRONT_COVER, mime.len() as u32].iter().flat_map(|number| number.to_be_bytes()));
    block.extend_from_slice(mime.as_bytes());
    // No description before the size.
    let numbers = [0, *width, *height, DEPTH, palette(bytes), bytes.len() as u32];
    block.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
    block.extend_from_slice(bytes);
    block
}

/// How many colours the palette of a PNG has; 0 where there is none, or no PNG.
fn palette(bytes: &[u8]) -> u32 {
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n").unwrap_or_default();
    // Each chunk has its length, its name, its content and a checksum; the palette stands before the picture.
    while let Some((head, content)) = rest.split_first_chunk::<8>() {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
        match &head[4..] {
            b"PLTE" => return length / 3,
            b"IDAT" => return 0,
            _ => rest = content.get(length as usize + 4..).unwrap_or_default(),
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::file::about::PictureKind;

    #[test]
    fn a_time_has_hours_minutes_seconds_and_thousandths() {
        assert_eq!(time(Duration::from_millis(62_345)), "00:01:02.345");
        assert_eq!(time(Duration::from_secs(100 * 3600)), "100:00:00.000");
    }

    #[test]
    fn controls_become_spaces_and_other_letters_stay() {
        assert_eq!(line("a\0b\nc\u{9b}"), "a b c ");
        assert_eq!(plain("وضعية القطة\u{200f}\nb"), "وضعية القطة\u{200f}\nb");
    }

    #[test]
    fn a_picture_tells_its_kind_and_size() {
        let shown = Picture { bytes: vec![7; 99], kind: PictureKind::Png, width: 1400, height: 1401 };
        let block = picture(&shown);
        assert_eq!(block[..8], [0, 0, 0, 3, 0, 0, 0, 9]);
        assert_eq!(block[21..37], [0, 0, 5, 0x78, 0, 0, 5, 0x79, 0, 0, 0, 24, 0, 0, 0, 0]);
        assert_eq!(block[41..], [7; 99]);
    }

    #[test]
    fn a_palette_is_counted_and_whatever_is_no_picture_has_none() {
        let chunk =
            |name: &[u8], content: &[u8]| [&(content.len() as u32).to_be_bytes()[..], name, content, &[0; 4]].concat();
        let png = |chunks: &[Vec<u8>]| [&b"\x89PNG\r\n\x1a\n"[..], &chunks.concat()].concat();
        let (head, colours, pixels) = (chunk(b"IHDR", &[0; 13]), chunk(b"PLTE", &[9; 357]), chunk(b"IDAT", &[1, 2]));
        assert_eq!(palette(&png(&[head.clone(), colours.clone(), pixels.clone()])), 119);
        assert_eq!(palette(&png(&[head.clone(), pixels, colours])), 0);
        for bytes in [&b""[..], b"GIF89a", &png(&[head])[..20], &png(&[chunk(b"IHDR", &[255; 3])])[..15]] {
            assert_eq!(palette(bytes), 0);
        }
    }
}
