//! What a file says of itself: its tags.

use std::sync::{Arc, OnceLock};

use crate::frames::FrameRange;
use crate::load::{Routine, Voice};
use crate::plan::Timeline;
use crate::plan::timeline::Track;
use crate::session::{Planned, Session};
use crate::sink::page::cover;
use crate::sink::timed_words::{TimedLine, timed_words};

/// What a player shows of a file, whatever its format calls it.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// The routine's title.
    pub title: String,
    /// What the file is one of: the name that the routine is found by; of a part, the routine's title.
    pub album: String,
    /// Which part it is of how many, from 1, where the session is cut into parts.
    pub track: Option<(u32, u32)>,
    /// The name that the routine is found by.
    pub routine: String,
    /// What the routine's author says of it, in a line.
    pub summary: String,
    /// Who speaks.
    pub voice: String,
    /// What is spoken, as a language tag (BCP 47) such as `en-US`; empty where the voice does not say.
    pub language: String,
    /// The day it was made, as `YYYY-MM-DD`.
    pub date: Option<String>,
    /// All that is said, a line each.
    pub words: String,
    /// The same with its times.
    pub timed_words: Vec<TimedLine>,
    /// The picture.
    pub cover: Cover,
}

/// A picture, encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// Which kind of file it is.
    pub kind: PictureKind,
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

/// A kind of picture: those that every tag can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureKind {
    /// PNG, of 8 bits a channel.
    Png,
    /// JPEG.
    Jpeg,
}

impl PictureKind {
    /// Its media type.
    pub fn mime(self) -> &'static str {
        match self {
            PictureKind::Png => "image/png",
            PictureKind::Jpeg => "image/jpeg",
        }
    }
}

/// The picture of a session, drawn when the first file asks for it, and once; a copy is the same picture.
#[derive(Clone, Debug, Default)]
pub struct Cover(Arc<Drawn>);

#[derive(Debug, Default)]
struct Drawn {
    from: Option<cover::Cover>,
    picture: OnceLock<Picture>,
}

impl Cover {
    /// What is drawn from a session.
    pub fn drawn(from: cover::Cover) -> Cover {
        Cover(Arc::new(Drawn { from: Some(from), picture: OnceLock::new() }))
    }

    /// The picture, where it is not drawn of the session.
    pub fn own(&self) -> Option<&Picture> {
        self.0.picture.get().filter(|_| self.0.from.is_none())
    }

    /// The picture; none where there is none.
    pub fn picture(&self) -> Option<&Picture> {
        let drawn = |from: &cover::Cover| {
            let (bytes, side) = (from.png(cover::SIDE), cover::SIDE);
            Picture { bytes, kind: PictureKind::Png, width: side, height: side }
        };
        match &self.0.from {
            Some(from) => Some(self.0.picture.get_or_init(|| drawn(from))),
            None => self.0.picture.get(),
        }
    }
}

impl From<Picture> for Cover {
    fn from(picture: Picture) -> Cover {
        Cover(Arc::new(Drawn { from: None, picture: picture.into() }))
    }
}

impl About {
    /// What sort of sound it is.
    pub const GENRE: &str = "Yoga";
    /// What made it.
    pub const TOOL: &str = concat!("catcow ", env!("CARGO_PKG_VERSION"));

    /// Of a session.
    pub fn of(session: &Session) -> About {
        About::of_parts(session.timeline(), session.routine(), session.voice())
    }

    /// Of a session that is not made yet: the same.
    pub fn planned(planned: &Planned) -> About {
        About::of_parts(planned.timeline(), planned.routine(), planned.voice())
    }

    /// Of a [part](Timeline::part) of a session: the words are those of the part.
    pub fn of_part(session: &Session, part: &Timeline) -> About {
        About { words: words(part), timed_words: timed_words(part), ..About::of(session) }
    }

    fn of_parts(timeline: &Timeline, routine: &Routine, voice: &Voice) -> About {
        let name = if voice.about.name.is_empty() { &timeline.voice } else { &voice.about.name };
        About {
            title: timeline.title.clone(),
            album: timeline.routine.clone(),
            track: None,
            routine: timeline.routine.clone(),
            summary: routine.summary.clone(),
            voice: name.clone(),
            language: voice.about.language.clone(),
            date: None,
            words: words(timeline),
            timed_words: timed_words(timeline),
            cover: Cover::drawn(cover::Cover::of(timeline, routine)),
        }
    }

    /// Of a part of the same session: `track` is its number, from 1, among how many.
    pub fn part(&self, timeline: &Timeline, range: FrameRange, title: &str, track: (u32, u32)) -> About {
        let part = timeline.part(range);
        let (words, timed_words) = (words(&part), timed_words(&part));
        let (title, album) = (title.to_owned(), self.title.clone());
        About { title, album, words, timed_words, track: Some(track), ..self.clone() }
    }
}

/// All that is said, a line for each cue.
fn words(timeline: &Timeline) -> String {
    let said = timeline.regions.iter().filter(|region| region.track == Track::Voice);
    let texts = said.map(|region| timeline.sounds[region.sound].text()).filter(|text| !text.is_empty());
    texts.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\n")
}
