//! `catcow sit`: silence with bells, and nothing to write.

use std::time::Duration;

use catcow::Result;
use catcow::compose::Composition;
use catcow::load::language::quantity::written;
use clap::Args;

use super::Talk;
use super::play::{CommandLine, Play, Playing};
use super::session::Made;
use super::settings::time;

/// How long, and how it is played.
#[derive(Args)]
pub struct Sit {
    /// How long, from the first bell to the last, such as 20m.
    #[arg(value_name = "TIME", value_parser = sitting)]
    time: Duration,
    /// Ring a bell whenever so much of it has passed, such as 5m.
    #[arg(long, value_name = "TIME", value_parser = sitting)]
    every: Option<Duration>,
    #[command(flatten)]
    playing: Playing,
}

/// Between two bells, at least: the longest rings for seven seconds.
const LEAST: Duration = Duration::from_secs(10);

impl Sit {
    pub fn run(self, talk: Talk) -> Result<()> {
        self.into_play().play(talk, CommandLine::given(), None)
    }

    /// The session, to be played.
    pub fn into_play(self) -> Play {
        let text = text(self.time, self.every);
        let (name, title) = ("sit".to_owned(), "Sitting".to_owned());
        Play::made(Made::of(Composition { name, title, text, ..Composition::default() }, None), self.playing)
    }
}

/// A time to sit for, or from one bell to the next.
fn sitting(text: &str) -> Result<Duration, String> {
    let length = time(text)?;
    let short = || format!("expected at least {}, as long as a bell needs, found {text}", written(LEAST));
    if length < LEAST { Err(short()) } else { Ok(length) }
}

/// The silences between the bells: as long as asked for, the last as long as is left. What is left too short for a bell to ring out
/// belongs to the silence before it.
fn silences(length: Duration, every: Duration) -> Vec<(Duration, u32)> {
    let whole = (length.as_nanos() / every.as_nanos().max(1)) as u32;
    let left = length.saturating_sub(every.saturating_mul(whole));
    match (whole, left) {
        (0 | 1, left) if left < LEAST || whole == 0 => vec![(length, 1)],
        (_, left) if left.is_zero() => vec![(every, whole)],
        (_, left) if left < LEAST => vec![(every, whole - 1), (every + left, 1)],
        (_, left) => vec![(every, whole), (left, 1)],
    }
}

/// A routine of bells: a low one at the beginning and at the end, high ones between.
fn text(length: Duration, every: Option<Duration>) -> String {
    let mut text =
        "title = \"Sitting\"\ntone = \"off\"\n\n[[steps]]\nsay = \"opening/sit\"\nthen = \"5s\"\n".to_owned();
    let mut bell = "low";
    for (silence, mut times) in silences(length, every.unwrap_or(length)) {
        while times > 0 {
            let rounds = if bell == "low" { 1 } else { times };
            text += &format!("\n[[steps]]\nbell = \"{bell}\"\nevery = \"{}\"\nrounds = {rounds}\n", written(silence));
            (bell, times) = ("high", times - rounds);
        }
    }
    text + "\n[[steps]]\nbell = \"low\"\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_voice_can_say_what_sitting_begins_with() {
        let library = catcow::load::Library::open(None).unwrap();
        for voice in library.voices() {
            let text = text(Duration::from_secs(1200), Some(Duration::from_secs(300)));
            let source = std::sync::Arc::new(catcow::diagnostic::Source::in_memory("sit", text));
            let (routine, voice) = (library.read("sit", &source).unwrap(), library.voice(&voice).unwrap());
            let mut builder = catcow::session::Builder::new(routine, voice);
            builder.wishes.mix.wake = false;
            let timeline = builder.plan(&catcow::work::Work::alone()).unwrap().timeline().clone();
            let bells: Vec<_> = timeline.regions.iter().filter(|region| region.track.word() == "bell").collect();
            let rate = u64::from(timeline.rate.hz());
            assert_eq!(bells.len(), 5);
            assert_eq!((bells[4].start - bells[0].start).0, 1200 * rate, "from the first bell to the last");
        }
    }

    fn seconds(all: &[(u64, u32)]) -> Vec<(Duration, u32)> {
        all.iter().map(|(seconds, times)| (Duration::from_secs(*seconds), *times)).collect()
    }

    #[test]
    fn the_silences_are_as_long_as_asked_for_and_together_as_long_as_the_whole() {
        for (length, every, expected) in [
            (1200, 300, &[(300, 4)][..]),
            (1200, 1200, &[(1200, 1)]),
            (1200, 3600, &[(1200, 1)]),
            (1200, 500, &[(500, 2), (200, 1)]),
            (605, 300, &[(300, 1), (305, 1)]),
            (305, 300, &[(305, 1)]),
            (330, 300, &[(300, 1), (30, 1)]),
        ] {
            let found = silences(Duration::from_secs(length), Duration::from_secs(every));
            assert_eq!(found, seconds(expected), "{length} {every}");
            let sum: Duration = found.iter().map(|(silence, times)| *silence * *times).sum();
            assert_eq!(sum, Duration::from_secs(length));
        }
    }
}
