//! Pages about a session: what can be told from its timeline, and from the routine that it was planned from.

mod captions;
pub mod changes;
pub mod chapters;
pub mod cover;
pub mod cue_sheet;
pub mod feed;
mod labels;
pub mod picture;
pub mod plan_json;
pub mod print;
pub mod script;
pub mod strip;
pub mod take;
mod words;

use crate::load::Routine;
use crate::plan::Timeline;
use crate::plan::timeline::{Region, Track};
use crate::sink::timed_words::one_line;
use cover::Cover;
use print::Paper;

/// What a page is about.
pub struct Subject<'a> {
    /// The session.
    pub timeline: &'a Timeline,
    /// What it was planned from.
    pub routine: &'a Routine,
    /// What is printed on.
    pub paper: Paper,
}

/// A page about a session.
pub struct Page {
    /// The name of the option that asks for it.
    pub name: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    /// The whole page.
    pub content: Content,
}

/// What a page is made of.
pub enum Content {
    /// Text.
    Text(fn(&Subject<'_>) -> String),
    /// A picture as bytes.
    Picture(fn(&Subject<'_>) -> Vec<u8>),
}

impl Content {
    /// The whole page, as a file holds it.
    pub fn bytes(&self, subject: &Subject<'_>) -> Vec<u8> {
        match self {
            Content::Text(text) => text(subject).into_bytes(),
            Content::Picture(picture) => picture(subject),
        }
    }
}

/// Every kind of page that is written to a file.
pub const PAGES: &[Page] = &[
    Page {
        name: "svg",
        about: "Draw the session: its breath, cues, poses and sides",
        content: Content::Text(|subject| picture::text(subject.timeline)),
    },
    Page {
        name: "print",
        about: "Write a page to print, for the wall or the mat, a line a pose (HTML)",
        content: Content::Text(print::text),
    },
    Page {
        name: "labels",
        about: "Write a label track for Audacity",
        content: Content::Text(|subject| labels::text(subject.timeline)),
    },
    Page {
        name: "vtt",
        about: "Write captions as WebVTT",
        content: Content::Text(|subject| captions::vtt(subject.timeline)),
    },
    Page {
        name: "cover",
        about: "Draw the picture that its sound files show, 1400 pixels square (PNG)",
        content: Content::Picture(|subject| Cover::of(subject.timeline, subject.routine).png(cover::SIDE)),
    },
    Page {
        name: "srt",
        about: "Write captions as SubRip",
        content: Content::Text(|subject| captions::srt(subject.timeline)),
    },
    Page {
        name: "text",
        about: "Write the words with their times as plain text",
        content: Content::Text(|subject| words::text(subject.timeline)),
    },
    Page {
        name: "lrc",
        about: "Write the words as lyrics that players show while they are heard (LRC)",
        content: Content::Text(|subject| words::lrc(subject.timeline)),
    },
];

/// What is heard in a region, in words.
fn said(timeline: &Timeline, region: &Region) -> String {
    let sound = &timeline.sounds[region.sound];
    match (region.track, sound.text()) {
        (Track::Voice, "") => format!("[{}]", sound.cue()),
        (Track::Voice, text) => text.to_owned(),
        (Track::Bell, "") => format!("♪ {} bell", sound.cue()),
        (_, text) => format!("♪ in place of: {text}"),
    }
}

/// Text for XML and HTML: nothing in it is markup, and characters that XML 1.0 (section 2.2) does not have are left out.
fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\t' | '\n' | '\r' => text.push(' '),
            '\0'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_words_become_markup() {
        assert_eq!(escaped("<script>\"&\"\u{1}\u{0}\n</script>"), "&lt;script&gt;&quot;&amp;&quot; &lt;/script&gt;");
    }
}
