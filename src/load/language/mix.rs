//! What sounds besides the words, and how loud: an author's and a listener's choices.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::error::Result;
use crate::frames::SampleRate;
use crate::gain::{Decibels, Lufs};
use crate::load::audio::bed_file::BedFile;

/// The sound that rises with the inhale and falls with the exhale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Air that swells.
    Airy,
    /// Low sines, an open chord.
    Chord,
    /// A wave that comes and goes.
    Ocean,
}

impl Tone {
    /// The words an author writes; `off` is none.
    pub const WORDS: [(&'static str, Option<Tone>); 4] =
        [("airy", Some(Tone::Airy)), ("chord", Some(Tone::Chord)), ("ocean", Some(Tone::Ocean)), ("off", None)];

    /// The word for it.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, tone)| *tone == Some(self)).map_or("", |(word, _)| word)
    }
}

/// What the tone does while the breath is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Held {
    /// It goes on, quieter.
    #[default]
    Quiet,
    /// It is silent.
    Off,
}

impl Held {
    /// The words an author writes.
    pub const WORDS: [(&'static str, Held); 2] = [("quiet", Held::Quiet), ("off", Held::Off)];
}

/// What plays under the voice.
#[derive(Clone, Debug)]
pub enum Bed {
    /// Steady rain.
    Rain,
    /// Slow waves.
    Ocean,
    /// A warm, low, open chord.
    Drone,
    /// A file of one's own, over and over.
    File(Arc<BedFile>),
}

impl Bed {
    /// The names of the ones that are generated.
    pub const GENERATED: [(&'static str, Bed); 3] = [("rain", Bed::Rain), ("ocean", Bed::Ocean), ("drone", Bed::Drone)];

    /// Its name.
    pub fn word(&self) -> &str {
        match self {
            Bed::Rain => "rain",
            Bed::Ocean => "ocean",
            Bed::Drone => "drone",
            Bed::File(file) => file.name(),
        }
    }
}

/// A bed as it is named, before a file is opened.
#[derive(Clone, Debug)]
pub enum BedChoice {
    /// None.
    Off,
    /// A generated one.
    Generated(Bed),
    /// A file.
    File(PathBuf),
}

impl BedChoice {
    /// What a listener names: one of the words, or any path.
    ///
    /// # Errors
    /// A word that is none of them.
    pub fn of_listener(text: &str) -> Result<BedChoice, Diagnostic> {
        if let Some(choice) = BedChoice::word(text) {
            return Ok(choice);
        }
        if text.contains(['/', '\\', '.']) {
            return Ok(BedChoice::File(text.into()));
        }
        Err(unknown(text))
    }

    /// What an author names in a file: one of the words, or a path from the file's folder that stays in that folder.
    pub(crate) fn of_author(text: &str, place: &Place) -> Result<BedChoice, Diagnostic> {
        if let Some(choice) = BedChoice::word(text) {
            return Ok(choice);
        }
        if !text.contains(['/', '\\', '.']) {
            return Err(unknown(text).at(place, "no such bed"));
        }
        inside(text, place).map(BedChoice::File)
    }

    fn word(text: &str) -> Option<BedChoice> {
        if text == "off" {
            return Some(BedChoice::Off);
        }
        let generated = Bed::GENERATED.iter().find(|(word, _)| *word == text);
        generated.map(|(_, bed)| BedChoice::Generated(bed.clone()))
    }

    /// The bed, at a rate; a file is decoded.
    ///
    /// # Errors
    /// The file cannot be read or decoded.
    pub fn open(&self, rate: SampleRate) -> Result<Option<Bed>> {
        Ok(match self {
            BedChoice::Off => None,
            BedChoice::Generated(bed) => Some(bed.clone()),
            BedChoice::File(path) => Some(Bed::File(Arc::new(BedFile::open(path, rate)?))),
        })
    }
}

fn unknown(text: &str) -> Diagnostic {
    let names = Bed::GENERATED.iter().map(|(word, _)| *word).chain(["off"]);
    let list = names.clone().collect::<Vec<_>>().join(", ");
    let message = format!("expected a bed or the path of a sound file, found `{text}`");
    Diagnostic::error(Code::UnknownBed, message)
        .nearest(text, names)
        .help(format!("the beds are: {list}; the path of a file has a `.` or a `/` in it"))
}

/// A path as an author writes it, which must stay in the folder of the file that it stands in.
pub(crate) fn inside(text: &str, place: &Place) -> Result<PathBuf, Diagnostic> {
    let file = Path::new(&place.source.path);
    let folder = if place.source.is_built_in() { None } else { file.parent() };
    let refuse = |message: String| {
        Err(Diagnostic::error(Code::OutsideFolder, message)
            .at(place, "this file")
            .help("put the sound in the routine's folder, or in a folder beside it, and write the path from there"))
    };
    let Some(folder) = folder else { return refuse("expected a sound of the program's own, found a file".into()) };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(real) = folder.join(text).canonicalize() else {
        return refuse(format!("expected a sound file, found none at {}", folder.join(text).display()));
    };
    match folder.canonicalize() {
        Ok(folder) if real.starts_with(&folder) && !Path::new(text).is_absolute() => Ok(real),
        _ => refuse(format!("expected a file in the routine's own folder, found {text}")),
    }
}

/// Everything that is mixed with the words. Levels of tone and bed are relative to [`Mix::loudness`], so each can be
/// moved alone.
#[derive(Clone, Debug)]
pub struct Mix {
    /// The loudness that the voice is brought to, in stereo; in mono it reads 3 LU less.
    pub loudness: Lufs,
    /// How much louder or quieter than that the voice is all the same.
    pub voice_level: Decibels,
    /// The breath tone, if any.
    pub tone: Option<Tone>,
    /// How loud the tone is at the top of a breath.
    pub tone_level: Decibels,
    /// What the tone does while the breath is held.
    pub held: Held,
    /// What plays under the voice, if anything.
    pub bed: Option<Bed>,
    /// How loud the bed is where nobody speaks.
    pub bed_level: Decibels,
    /// Whether gaps are kept from being digital silence, for headphones that fall asleep in it.
    pub wake: bool,
    /// Whether what is said for a side comes a little from that side.
    pub pan_sides: bool,
}

impl Mix {
    /// 22 dB under the voice, and 6 more while it speaks: speech wants at least 20 dB over what plays under it (WCAG 2.2,
    /// 1.4.7).
    pub const BED_LEVEL: Decibels = Decibels(-22.0);
    /// Heard easily by who listens for it, and never in the way of a word.
    pub const TONE_LEVEL: Decibels = Decibels(-18.0);

    /// The loudness that recordings are brought to.
    pub fn voice(&self) -> Lufs {
        self.loudness + self.voice_level
    }
}

impl Default for Mix {
    fn default() -> Mix {
        Mix {
            loudness: Lufs::SPEECH,
            voice_level: Decibels::ZERO,
            tone: Some(Tone::Airy),
            tone_level: Mix::TONE_LEVEL,
            held: Held::Quiet,
            bed: None,
            bed_level: Mix::BED_LEVEL,
            wake: false,
            pan_sides: false,
        }
    }
}
