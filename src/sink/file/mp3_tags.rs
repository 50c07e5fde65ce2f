//! What an MP3 says of itself: ID3 version 2.3, which is older than 2.4 and has its larger texts in 16 bits, but is read by all:
//! every Windows, radios of cars, and the players of phones.

use std::iter;
use std::time::Duration;

use id3::frame::{Chapter, Comment, Content, Frame, Lyrics, Picture, PictureType, TableOfContents, Unknown};
use id3::{Encoder, Tag, TagLike, Version};

use super::Job;
use super::about::About;
use super::language;
use crate::frames::Frames;

/// The most parts that a table of contents has room for: their number is one byte (`ID3v2` chapter frame addendum 1.0, 3.2).
const MOST_CHAPTERS: usize = 255;

/// The tag.
pub(super) fn bytes(job: &Job<'_>) -> id3::Result<Vec<u8>> {
    let (about, rate) = (job.about, job.mixer.timeline().rate);
    let millis = |at: Frames| millis(at.duration(rate));
    let mut tag = Tag::with_version(Version::Id3v23);
    texts(&mut tag, about, millis(job.range.frames()));
    words(&mut tag, about);
    if let Some(picture) = about.cover.picture() {
        let mime_type = picture.kind.mime().into();
        let (picture_type, description) = (PictureType::CoverFront, String::new());
        tag.add_frame(Picture { mime_type, picture_type, description, data: picture.bytes.clone() });
    }
    let chapters = job.chapters();
    let ends = chapters.iter().skip(1).map(|(start, _)| *start).chain([job.range.frames()]);
    let chapters: Vec<_> = chapters.iter().zip(ends).take(MOST_CHAPTERS).collect();
    let name = |index: usize| format!("chapter{index}");
    if !chapters.is_empty() {
        tag.add_frame(TableOfContents {
            element_id: "toc".into(),
            top_level: true,
            ordered: true,
            elements: (0..chapters.len()).map(name).collect(),
            frames: Vec::new(),
        });
    }
    for (index, ((start, title), end)) in chapters.into_iter().enumerate() {
        tag.add_frame(Chapter {
            element_id: name(index),
            start_time: millis(*start),
            end_time: millis(end),
            // No place in bytes is told: times hold.
            start_offset: u32::MAX,
            end_offset: u32::MAX,
            frames: vec![Frame::text("TIT2", plain(title))],
        });
    }
    let mut bytes = Vec::new();
    Encoder::new().version(Version::Id3v23).encode(&tag, &mut bytes)?;
    Ok(bytes)
}

fn texts(tag: &mut Tag, about: &About, millis: u32) {
    let mut add = |id: &str, text: &str| {
        if !text.is_empty() {
            tag.add_frame(Frame::text(id, plain(text)));
        }
    };
    add("TIT2", &about.title);
    add("TALB", &about.album);
    add("TPE1", &about.voice);
    add("TCON", About::GENRE);
    // This version has a year, and a day and a month, where the next one has a date.
    let date: Vec<_> = about.date.iter().flat_map(|date| date.split('-')).collect();
    if let [year, month, day] = date[..] {
        add("TYER", year);
        add("TDAT", &format!("{day}{month}"));
    }
    if !about.language.is_empty() {
        add("TLAN", &language::code(&about.language));
    }
    if let Some((number, of)) = about.track {
        add("TRCK", &format!("{number}/{of}"));
    }
    add("TLEN", &millis.to_string());
    add("TSSE", About::TOOL);
}

fn words(tag: &mut Tag, about: &About) {
    let lang = || language::code(&about.language);
    let description = String::new;
    if !about.summary.is_empty() {
        tag.add_frame(Comment { lang: lang(), description: description(), text: plain(&about.summary) });
    }
    if !about.words.is_empty() {
        let text = about.words.lines().map(plain).collect::<Vec<_>>().join("\n");
        tag.add_frame(Lyrics { lang: lang(), description: description(), text });
    }
    if !about.timed_words.is_empty() {
        let content = Unknown { data: timed_words(about), version: Version::Id3v23 };
        tag.add_frame(Frame::with_content("SYLT", Content::Unknown(content)));
    }
}

/// What is said with its times (ID3v2.3, 4.10). The library ends such a frame with a byte that does not belong there, at which other
/// readers give up.
fn timed_words(about: &About) -> Vec<u8> {
    // Text in 16 bits, the mark of their order before it and a zero behind it.
    let text = |text: &str| {
        let units = iter::once(0xfeff).chain(text.encode_utf16()).chain([0]);
        units.flat_map(u16::to_le_bytes).collect::<Vec<_>>()
    };
    // Times are milliseconds, the words are lyrics.
    let mut data = [&[1], language::code(&about.language).as_bytes(), &[2, 1], &text("")].concat();
    for line in &about.timed_words {
        data.extend(text(&plain(&line.text)));
        data.extend(millis(line.start).to_be_bytes());
    }
    data
}

/// The nearest millisecond; a day of them needs 27 bits.
fn millis(at: Duration) -> u32 {
    ((at.as_nanos() + 500_000) / 1_000_000) as u32
}

/// Text without controls: a zero would end it, and a line break is none.
fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
