//! Files of sound: one file a format, one table.

mod aac;
pub mod about;
pub mod catalogue;
mod comments;
pub mod encoding;
mod flac;
pub mod identity;
mod language;
pub mod m4a;
#[cfg(feature = "mp3")]
mod mp3;
#[cfg(feature = "mp3")]
mod mp3_frame;
#[cfg(feature = "mp3")]
mod mp3_tags;
mod mp4;
mod opus;
pub mod output;
pub mod own_picture;
mod part;
mod part_name;
mod playlist;
pub mod site;
pub mod split;
pub mod stems;
pub mod stream;
mod wav;
mod wav_markers;

use std::path::Path;

use about::About;
use encoding::{Encoding, Quality};

use crate::error::{Error, Result};
use crate::frames::{FrameRange, Frames, SampleRate};
use crate::render::{Channels, Mixer};
use crate::work::{Stage, Work};

/// A kind of file that a session can be written to.
pub struct FileFormat {
    /// The endings of its files' names.
    pub endings: &'static [&'static str],
    /// What it is, in a line.
    pub about: &'static str,
    /// Where its files are heard.
    pub heard: Heard,
    /// What refuses a session before the long work.
    pub check: fn(&Extent, Encoding) -> Result<()>,
    /// Writes a session.
    pub write: fn(&Job<'_>, &mut output::Output) -> Result<()>,
}

/// Where files of a kind are heard, which decides what nobody asked for.
#[derive(Clone, Copy)]
pub enum Heard {
    /// In an editor, or by another program: two channels at the rate that live play has.
    ByPrograms,
    /// On a phone: one channel where nothing is in stereo, at the rate that suits the quality.
    OnPhones(fn(Quality) -> SampleRate),
}

/// Every kind of file.
pub const FORMATS: &[FileFormat] = &[
    FileFormat {
        endings: &["m4a", "m4b"],
        about: "AAC for phones, with a chapter for each pose",
        heard: Heard::OnPhones(Quality::rate),
        check: m4a::check,
        write: m4a::write,
    },
    #[cfg(feature = "mp3")]
    FileFormat {
        endings: &["mp3"],
        about: "MP3 for what plays nothing else, with a chapter for each pose",
        heard: Heard::OnPhones(Quality::rate),
        check: mp3::check,
        write: mp3::write,
    },
    FileFormat {
        endings: &["opus"],
        about: "Opus, the smallest, with a chapter for each pose",
        heard: Heard::OnPhones(opus::rate),
        check: opus::check,
        write: opus::write,
    },
    FileFormat {
        endings: &["flac"],
        about: "FLAC, a WAV's samples in a quarter of its size, with a chapter for each pose",
        heard: Heard::ByPrograms,
        check: |extent, _| flac::check(extent),
        write: flac::write,
    },
    FileFormat {
        endings: &["wav"],
        about: "WAV, 16 bit, with a marker for each pose",
        heard: Heard::ByPrograms,
        check: |extent, _| wav::check(extent),
        write: wav::write,
    },
];

/// The ending of a file whose name says nothing else: every phone plays it.
pub const USUAL_ENDING: &str = "m4a";

/// What goes to standard output, to pipes and to devices: it is written from the first byte to the last.
const STREAMED: &str = "wav";

/// Frames that are rendered at once: 32 KiB of stereo, which stay in the nearest cache.
const BLOCK: u64 = 8192;

/// How much a file is to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// How long it is.
    pub frames: Frames,
    /// Frames a second.
    pub rate: SampleRate,
    /// Samples for a frame.
    pub channels: Channels,
}

/// A session on its way to a file.
pub struct Job<'a> {
    /// What renders it.
    pub mixer: &'a Mixer,
    /// The frames that are wanted.
    pub range: FrameRange,
    /// How it is encoded.
    pub encoding: Encoding,
    /// What the file says of itself.
    pub about: &'a About,
    /// On how many threads, and who is told how many frames are done.
    pub work: Work<'a>,
}

impl Job<'_> {
    /// How much is to be written.
    fn extent(&self) -> Extent {
        let (rate, channels) = (self.mixer.timeline().rate, self.mixer.channels());
        Extent { frames: self.range.frames(), rate, channels }
    }

    /// The chapters that are heard, each with its first frame in the file.
    fn chapters(&self) -> Vec<(Frames, &str)> {
        let heard = self.mixer.timeline().chapters_in(self.range);
        heard.map(|(range, title)| (range.start - self.range.start, title)).collect()
    }

    /// Renders the frames in order, a block at a time, for a format whose bytes depend on all that came before.
    fn each_block(&self, mut take: impl FnMut(&[i16]) -> Result<()>) -> Result<()> {
        let (mut samples, mut start) = (Vec::new(), self.range.start);
        while start < self.range.end {
            self.work.go_on()?;
            let frames = BLOCK.min((self.range.end - start).0);
            samples.resize(frames as usize * self.mixer.channels().count(), 0);
            self.mixer.fill(start, &mut samples)?;
            take(&samples)?;
            start += Frames(frames);
            self.tell(start - self.range.start);
        }
        Ok(())
    }

    /// Renders so many frames from `start` on; what lies past the end of the range is silent.
    fn render(&self, start: Frames, frames: u64, samples: &mut Vec<i16>) -> Result<()> {
        let channels = self.mixer.channels().count();
        let heard = FrameRange::new(start, Frames(frames)).intersect(self.range).frames().0 as usize;
        samples.clear();
        samples.resize(frames as usize * channels, 0);
        let blocks = samples[..heard * channels].chunks_mut(BLOCK as usize * channels);
        (0..).zip(blocks).try_for_each(|(block, out)| self.mixer.fill(start + Frames(block * BLOCK), out))
    }

    /// Tells how many frames are done.
    fn tell(&self, done: Frames) {
        self.work.tell(Stage::Rendering, done.0, self.range.frames().0);
    }
}

/// Endings that people ask for and this program cannot write, or not as it was built: what writes each of them is none of its formats,
/// or none that it was built with; each with the endings that come nearest, the best first.
const NOT_WRITTEN: &[(&[&str], &str, &[&str])] = &[
    (&["aac"], "bare AAC has no chapters; an .m4a holds the same sound", &["m4a"]),
    (&["mp4", "mov", "m4v", "3gp"], "these are for films; the same for sound is called .m4a", &["m4a"]),
    (&["ogg", "oga", "spx"], "catcow does not write Vorbis or Speex", &["opus", "m4a"]),
    (&["aiff", "aif", "aifc", "caf", "w64", "rf64", "bwf"], "every editor reads a WAV, too", &["wav"]),
    (&["alac", "ape", "wv"], "catcow does not write this kind", &["flac", "wav"]),
    (&["wma", "amr", "ra", "mka", "webm"], "catcow does not write this kind; every phone plays an .m4a", &["m4a"]),
    (&["mp3"], "this catcow was built without MP3: `cargo install --path . --features mp3` builds it in", &["m4a"]),
];

/// Why a file cannot be written whose name ends so, and how to name it instead.
fn unknown(path: &Path, ending: &str) -> Error {
    let all = || FORMATS.iter().flat_map(|format| format.endings);
    let known: Vec<_> = all().map(|ending| format!(".{ending}")).collect();
    let not_written = NOT_WRITTEN.iter().find(|(endings, ..)| endings.contains(&ending));
    let nearest = not_written.and_then(|(.., nearest)| nearest.iter().find(|near| all().any(|each| each == *near)));
    let why = not_written.map(|(_, why, _)| format!("{why}; ")).unwrap_or_default();
    let example = path.with_extension(nearest.unwrap_or(&USUAL_ENDING));
    Error::Output {
        path: path.to_owned(),
        reason: format!("expected a name that ends in {}", known.join(", ")),
        help: format!("{why}for example {}", example.display()),
    }
}

/// The kind of file that a name asks for; `-` (standard output) is a WAV.
///
/// # Errors
/// The ending is none of the known ones.
pub fn for_path(path: &Path) -> Result<&'static FileFormat> {
    let ending = if output::is_stdout(path) || output::is_device(path) {
        STREAMED.into()
    } else {
        path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
    };
    FORMATS.iter().find(|format| format.endings.contains(&ending.as_str())).ok_or_else(|| {
        if path.is_dir() {
            let reason = "it is a folder".into();
            let help = format!("for example {}", path.join("session").with_extension(USUAL_ENDING).display());
            return Error::Output { path: path.to_owned(), reason, help };
        }
        unknown(path, &ending)
    })
}
