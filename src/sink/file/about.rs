//! What a file says of itself: its tags.

use crate::plan::Timeline;
use crate::plan::timeline::Track;
use crate::session::Session;
use crate::sink::timed_words::{TimedLine, timed_words};

/// What a player shows of a file, whatever its format calls it.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// The routine's title.
    pub title: String,
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
    /// The picture, as PNG.
    pub cover: Option<Vec<u8>>,
}

impl About {
    /// What sort of sound it is.
    pub const GENRE: &str = "Yoga";
    /// What made it.
    pub const TOOL: &str = concat!("catcow ", env!("CARGO_PKG_VERSION"));

    /// Of a session.
    pub fn of(session: &Session) -> About {
        About::of_part(session, session.timeline())
    }

    /// Of a [part](Timeline::part) of a session: the words are those of the part.
    pub fn of_part(session: &Session, timeline: &Timeline) -> About {
        let (routine, voice) = (session.routine(), session.voice());
        let name = if voice.about.name.is_empty() { &timeline.voice } else { &voice.about.name };
        About {
            title: timeline.title.clone(),
            routine: timeline.routine.clone(),
            summary: routine.summary.clone(),
            voice: name.clone(),
            language: voice.about.language.clone(),
            date: None,
            words: words(timeline),
            timed_words: timed_words(timeline),
            cover: None,
        }
    }
}

/// All that is said, a line for each cue.
fn words(timeline: &Timeline) -> String {
    let said = timeline.regions.iter().filter(|region| region.track == Track::Voice);
    let texts = said.map(|region| timeline.sounds[region.sound].text()).filter(|text| !text.is_empty());
    texts.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\n")
}
