//! The arguments that choose what sounds besides the words, and how loud.

use std::ffi::OsString;
use std::path::Path;

use catcow::Result;
use catcow::gain::{Decibels, Lufs};
use catcow::load::Routine;
use catcow::load::files::Content;
use catcow::load::language::mix::{Bed, BedChoice, Held, Mix, Tone};
use clap::Args;

/// What sounds besides the words.
#[derive(Args, Clone)]
#[command(next_help_heading = "Sound")]
pub struct Sound {
    /// The sound that rises and falls with the breath.
    #[arg(long, value_name = "TONE", value_parser = words(Tone::WORDS))]
    pub tone: Option<String>,
    /// What that sound does while the breath is held.
    #[arg(long, value_name = "HOW", value_parser = words(Held::WORDS))]
    pub held: Option<String>,
    /// What plays under the voice: rain, ocean, drone, off, or a sound file.
    #[arg(long, value_name = "BED|FILE")]
    pub bed: Option<OsString>,
    /// The loudness that the voice is brought to, in LUFS (in stereo; in mono it reads 3 less).
    #[arg(long, value_name = "LUFS", default_value = "-16", value_parser = lufs, allow_negative_numbers = true)]
    pub loudness: Lufs,
    /// How much louder than that the voice is, in decibels.
    #[arg(long, value_name = "DB", default_value = "0", value_parser = decibels, allow_negative_numbers = true)]
    pub voice_level: Decibels,
    /// How loud the breath tone is at its top, in decibels from the voice.
    #[arg(long, value_name = "DB", default_value = "-18", value_parser = decibels, allow_negative_numbers = true)]
    pub tone_level: Decibels,
    /// How loud the bed is where nobody speaks, in decibels from the voice.
    #[arg(long, value_name = "DB", default_value = "-22", value_parser = decibels, allow_negative_numbers = true)]
    pub bed_level: Decibels,
    /// Let what is said for a side come a little from that side.
    #[arg(long)]
    pub pan_sides: bool,
}

impl Sound {
    /// The file of the bed that is asked for here, if one is.
    pub fn bed_file(&self) -> Option<&Path> {
        self.bed.as_deref().map(Path::new)
    }

    /// What is asked for here, and where nothing is, by the routine.
    pub fn mix(&self, routine: &Routine) -> Result<Mix> {
        let mut mix = routine.mix();
        if let Some(tone) = chosen(self.tone.as_deref(), Tone::WORDS) {
            mix.tone = tone;
        }
        if let Some(held) = chosen(self.held.as_deref(), Held::WORDS) {
            mix.held = held;
        }
        if let Some(bed) = &self.bed {
            // A name that is no text is a path.
            mix.bed = match bed.to_str() {
                Some(text) => BedChoice::named(text, |path| Ok(Content::file(path)))?.bed(),
                None => Some(Bed::file(Content::file(bed))),
            };
        }
        (mix.loudness, mix.voice_level) = (self.loudness, self.voice_level);
        (mix.tone_level, mix.bed_level) = (self.tone_level, self.bed_level);
        mix.pan_sides = self.pan_sides;
        Ok(mix)
    }
}

fn words<T, const N: usize>(words: [(&'static str, T); N]) -> clap::builder::PossibleValuesParser {
    words.map(|(word, _)| word).into()
}

fn chosen<T: Copy, const N: usize>(text: Option<&str>, words: [(&'static str, T); N]) -> Option<T> {
    words.iter().find(|(word, _)| Some(*word) == text).map(|(_, found)| *found)
}

/// Levels beyond these are slips of the finger.
fn decibels(text: &str) -> Result<Decibels, String> {
    number(text, -60.0..=20.0).map(Decibels).ok_or_else(|| "expected -60 to 20 decibels".into())
}

fn lufs(text: &str) -> Result<Lufs, String> {
    number(text, -40.0..=-8.0).map(Lufs).ok_or_else(|| "expected -40 to -8 LUFS".into())
}

fn number(text: &str, range: std::ops::RangeInclusive<f32>) -> Option<f32> {
    text.parse().ok().filter(|number| range.contains(number))
}
