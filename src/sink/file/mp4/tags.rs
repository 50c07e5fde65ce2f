//! Tags, as iTunes has them, which every player of MP4 reads.

use super::super::about::About;
use super::boxes::{Bytes, boxed, cut, full, line, words};

/// What the content of a tag is (Apple's "well-known types").
#[derive(Clone, Copy)]
enum Kind {
    Text = 1,
    Png = 14,
    Number = 21,
}

/// An audiobook, among the kinds of media (`stik`).
const AUDIOBOOK: u8 = 2;

/// Bytes that players read of a short description (`desc`).
const MOST_DESCRIPTION: usize = 255;

/// The tags. The last one names what made the file.
pub fn metadata(about: &About, is_book: bool, gapless: &str) -> Bytes {
    let texts = [
        (*b"\xa9nam", line(&about.title)),
        (*b"\xa9alb", line(&about.routine)),
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
    list.extend(about.cover.as_ref().map(|picture| tag(*b"covr", Kind::Png, picture)));
    list.extend(is_book.then(|| tag(*b"stik", Kind::Number, &[AUDIOBOOK])));
    // Nothing is to be put between this and the next, nor faded.
    list.push(tag(*b"pgap", Kind::Number, &[1]));
    let name = [full(*b"mean", 0, "com.apple.iTunes"), full(*b"name", 0, "iTunSMPB")].concat();
    list.push(boxed(*b"----", [name, data(Kind::Text, gapless.as_bytes())].concat()));
    list.push(tag(*b"\xa9too", Kind::Text, About::TOOL.as_bytes()));
    let handler = full(*b"hdlr", 0, [&[0; 4][..], b"mdir", b"appl", &[0; 9]].concat());
    full(*b"meta", 0, [handler, boxed(*b"ilst", list.concat())].concat())
}

fn tag(key: [u8; 4], kind: Kind, content: &[u8]) -> Bytes {
    boxed(key, data(kind, content))
}

fn data(kind: Kind, content: &[u8]) -> Bytes {
    // The kind, and no country.
    boxed(*b"data", [&words(&[kind as u32, 0])[..], content].concat())
}
