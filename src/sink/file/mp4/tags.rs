//! Tags, as iTunes has them, which every player of MP4 reads.

use super::super::about::{About, PictureKind};
use super::boxes::{Bytes, boxed, cut, full, line, words};

/// What the content of a tag is (Apple's "well-known types").
#[derive(Clone, Copy)]
enum Kind {
    /// Numbers of a form of their own.
    Numbers = 0,
    Text = 1,
    Jpeg = 13,
    Png = 14,
    Number = 21,
}

impl Kind {
    fn of(picture: PictureKind) -> Kind {
        match picture {
            PictureKind::Png => Kind::Png,
            PictureKind::Jpeg => Kind::Jpeg,
        }
    }
}

/// An audiobook, among the kinds of media (`stik`).
const AUDIOBOOK: u8 = 2;

/// Bytes that players read of a short description (`desc`).
const MOST_DESCRIPTION: usize = 255;

/// The tags. The last one names what made the file.
pub fn metadata(about: &About, is_book: bool, gapless: &str) -> Bytes {
    let texts = [
        (*b"\xa9nam", line(&about.title)),
        (*b"\xa9alb", line(&about.album)),
        (*b"\xa9ART", line(&about.voice)),
        (*b"aART", line(&about.voice)),
        (*b"\xa9day", line(about.date.as_deref().unwrap_or_default())),
        (*b"\xa9gen", About::GENRE.into()),
        (*b"\xa9cmt", line(&about.summary)),
        (*b"desc", cut(&line(&about.summary), MOST_DESCRIPTION).into()),
        (*b"\xa9lyr", about.words.clone()),
    ];
    let texts = texts.iter().filter(|(_, text)| !text.is_empty());
    let mut list: Vec<Bytes> = texts.map(|(key, text)| tag(*key, Kind::Text, text.as_bytes())).collect();
    list.extend(about.track.map(|(number, of)| tag(*b"trkn", Kind::Numbers, &numbered(number, of))));
    list.extend(about.cover.picture().map(|picture| tag(*b"covr", Kind::of(picture.kind), &picture.bytes)));
    list.extend(is_book.then(|| tag(*b"stik", Kind::Number, &[AUDIOBOOK])));
    // Nothing is to be put between this and the next, nor faded.
    list.push(tag(*b"pgap", Kind::Number, &[1]));
    let name = [full(*b"mean", 0, "com.apple.iTunes"), full(*b"name", 0, "iTunSMPB")].concat();
    list.push(boxed(*b"----", [name, data(Kind::Text, gapless.as_bytes())].concat()));
    list.push(tag(*b"\xa9too", Kind::Text, About::TOOL.as_bytes()));
    let handler = full(*b"hdlr", 0, [&[0; 4][..], b"mdir", b"appl", &[0; 9]].concat());
    full(*b"meta", 0, [handler, boxed(*b"ilst", list.concat())].concat())
}

/// Which of how many: 16 bits each, as many as there are with others around them.
fn numbered(number: u32, of: u32) -> [u8; 8] {
    let [number, of] = [number, of].map(|count| (count.min(u32::from(u16::MAX)) as u16).to_be_bytes());
    [0, 0, number[0], number[1], of[0], of[1], 0, 0]
}

fn tag(key: [u8; 4], kind: Kind, content: &[u8]) -> Bytes {
    boxed(key, data(kind, content))
}

fn data(kind: Kind, content: &[u8]) -> Bytes {
    // The kind, and no country.
    boxed(*b"data", [&words(&[kind as u32, 0])[..], content].concat())
}
