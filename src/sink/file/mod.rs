//! Files of sound: one file a format, one table.

pub mod identity;
mod m4a;
mod mp4;
pub mod output;
mod part;
pub mod stems;
mod wav;

use std::path::Path;

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
    /// What refuses a session before the long work.
    pub check: fn(&Extent) -> Result<()>,
    /// Writes a session.
    pub write: fn(&Job<'_>, &mut output::Output) -> Result<()>,
}

/// Every kind of file.
pub const FORMATS: &[FileFormat] = &[
    FileFormat { endings: &["wav"], about: "WAV, 16 bit", check: wav::check, write: wav::write },
    FileFormat {
        endings: &["m4a", "m4b"],
        about: "AAC for phones, with a chapter for each pose",
        check: m4a::check,
        write: m4a::write,
    },
];

/// Frames that a format which is written from the first to the last has rendered at once: 32 KiB of stereo.
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
        let chapters = self.mixer.timeline().chapters.iter();
        let heard = chapters.map(|chapter| (chapter.range().intersect(self.range), chapter.title.as_str()));
        heard
            .filter(|(range, _)| !range.is_empty())
            .map(|(range, title)| (range.start - self.range.start, title))
            .collect()
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

    /// Tells how many frames are done.
    fn tell(&self, done: Frames) {
        self.work.tell(Stage::Rendering, done.0, self.range.frames().0);
    }
}

/// The kind of file that a name asks for; `-` (standard output) is a WAV.
///
/// # Errors
/// The ending is none of the known ones.
pub fn for_path(path: &Path) -> Result<&'static FileFormat> {
    if output::is_stdout(path) || output::is_device(path) {
        return Ok(&FORMATS[0]);
    }
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    FORMATS.iter().find(|format| format.endings.contains(&ending.as_str())).ok_or_else(|| {
        if path.is_dir() {
            let reason = "it is a folder".into();
            let help = format!("for example {}", path.join("session").with_extension(FORMATS[0].endings[0]).display());
            return Error::Output { path: path.to_owned(), reason, help };
        }
        let known: Vec<_> =
            FORMATS.iter().flat_map(|format| format.endings).map(|ending| format!(".{ending}")).collect();
        Error::Output {
            path: path.to_owned(),
            reason: format!("expected a name that ends in {}", known.join(", ")),
            help: format!("for example {}", path.with_extension(FORMATS[0].endings[0]).display()),
        }
    })
}
