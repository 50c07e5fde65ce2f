//! What sounds besides the words, and how loud: an author's and a listener's choices.

use crate::diagnostic::{Code, Diagnostic};
use crate::gain::{Decibels, Lufs};
use crate::load::files::Content;

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

/// Whether a small sound marks each turn of the breath.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Marks {
    /// A soft one, high for in and low for out.
    Soft,
    /// None.
    #[default]
    Off,
}

impl Marks {
    /// The words an author writes.
    pub const WORDS: [(&'static str, Marks); 2] = [("soft", Marks::Soft), ("off", Marks::Off)];

    /// The word for it.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, marks)| *marks == self).map_or("", |(word, _)| word)
    }
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
    File(BedSound),
}

/// A file of one's own as a bed: which, not what sounds in it.
#[derive(Clone, Debug)]
pub struct BedSound {
    /// The file's name.
    pub name: String,
    /// The file.
    pub content: Content,
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
            Bed::File(file) => &file.name,
        }
    }

    /// A file of one's own.
    pub fn file(content: Content) -> Bed {
        let name = content.path().file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Bed::File(BedSound { name, content })
    }
}

/// Which bed is chosen, or none.
#[derive(Clone, Debug)]
pub enum BedChoice {
    /// None.
    Off,
    /// This one.
    Bed(Bed),
}

impl BedChoice {
    /// What a word or a path names: one of the words, or the file that `file` finds at a path.
    ///
    /// # Errors
    /// A word that is none of them; what `file` refuses.
    pub fn named(text: &str, file: impl FnOnce(&str) -> Result<Content, Diagnostic>) -> Result<BedChoice, Diagnostic> {
        if text == "off" {
            return Ok(BedChoice::Off);
        }
        if let Some((_, bed)) = Bed::GENERATED.iter().find(|(word, _)| *word == text) {
            return Ok(BedChoice::Bed(bed.clone()));
        }
        if text.contains(['/', '\\', '.']) {
            return file(text).map(|content| BedChoice::Bed(Bed::file(content)));
        }
        let names = Bed::GENERATED.iter().map(|(word, _)| *word).chain(["off"]);
        let list = names.clone().collect::<Vec<_>>().join(", ");
        let message = format!("expected a bed or the path of a sound file, found `{text}`");
        Err(Diagnostic::error(Code::UnknownBed, message)
            .nearest(text, names)
            .help(format!("the beds are: {list}; the path of a file has a `.` or a `/` in it")))
    }

    /// The bed, if any.
    pub fn bed(self) -> Option<Bed> {
        match self {
            BedChoice::Off => None,
            BedChoice::Bed(bed) => Some(bed),
        }
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
    /// Whether a small sound marks each turn of the breath, with or without a tone.
    pub marks: Marks,
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

    /// Whether anything tells of the breath: a tone, or marks alone.
    pub fn sounds_the_breath(&self) -> bool {
        self.tone.is_some() || self.marks != Marks::Off
    }

    /// Whether anything comes from one side, or from both in different ways.
    pub fn is_in_stereo(&self) -> bool {
        self.bed.is_some() || self.pan_sides
    }

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
            marks: Marks::Off,
            bed: None,
            bed_level: Mix::BED_LEVEL,
            wake: false,
            pan_sides: false,
        }
    }
}
