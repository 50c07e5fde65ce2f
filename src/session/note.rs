//! What became of a session that whoever asked for it should know.

use std::sync::Arc;
use std::time::Duration;

use crate::error::Result;
use crate::frames::Frames;
use crate::gain::{Decibels, Lufs};
use crate::load::ClipCache;
use crate::load::audio::clip_file::ClipFile;
use crate::load::language::breathing::BreathPattern;
use crate::plan::timeline::{Sound, Track};
use crate::render::Mixer;

/// A mean shortfall of speech up to this is not noted: nobody hears half a decibel.
const UNHEARD_SHORTFALL: Decibels = Decibels(0.5);

/// What became of a session that whoever asked for it should know; nothing is refused.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// The breath that was wished leaves no time for some words: the routine's own is kept.
    BreathKept {
        /// The breath that was wished.
        wished: BreathPattern,
    },
    /// The length that was wished cannot be had: it is left out.
    LengthLeftOut {
        /// The length that was wished.
        wished: Duration,
        /// The shortest that can be had.
        shortest: Duration,
        /// The longest that can be had.
        longest: Duration,
    },
    /// All is turned down, because together it would pass −1 dBTP, the most that a file should hold.
    TurnedDown {
        /// By how much; more than 0 dB.
        by: Decibels,
        /// What sounds together.
        tracks: Vec<Track>,
    },
    /// Words are quieter than asked for, because the peaks of recordings are held under a ceiling.
    QuietWords {
        /// How loud they are, about.
        heard: Lufs,
        /// How loud they were to be.
        wished: Lufs,
    },
}

/// The note that all is turned down, where it is.
pub(super) fn turned_down(mixer: &Mixer) -> Option<Note> {
    let by = Decibels(-mixer.gain().0);
    let timeline = mixer.timeline();
    let placed = |track: Track| timeline.regions.iter().chain(&timeline.under).any(|region| region.track == track);
    let tracks = [Track::Voice, Track::Bell, Track::Bed, Track::Tone].into_iter().filter(|track| placed(*track));
    (by > Decibels::ZERO).then(|| Note::TurnedDown { by, tracks: tracks.collect() })
}

/// The note that words are quieter than asked for, where they are.
pub(super) fn quiet_words(mixer: &Mixer, cache: &ClipCache) -> Result<Option<Note>> {
    let timeline = mixer.timeline();
    let mut times = vec![Frames::ZERO; timeline.sounds.len()];
    timeline.regions.iter().for_each(|region| times[region.sound] += region.frames);
    let clip = |(sound, time): (&Sound, Frames)| match sound {
        Sound::Clip { file, .. } => Some((Arc::clone(file), time)),
        _ => None,
    };
    let heard: Vec<(Arc<ClipFile>, Frames)> = timeline.sounds.iter().zip(times).filter_map(clip).collect();
    let (short, wished) = (cache.shortfall(&heard)?, timeline.mix.voice());
    Ok((short > UNHEARD_SHORTFALL).then_some(Note::QuietWords { heard: Lufs(wished.0 - short.0), wished }))
}
