//! Stems: the tracks of a session as files of their own, for who finishes it elsewhere.
//!
//! 24 bit, without dither: every editor reads it, the voice is in it bit for bit, and rounding lies 144 dB below full
//! scale, so the four together are the session to within the dither that the session's own 16 bit were given.

use std::fs;
use std::path::{Path, PathBuf};

use super::output::Output;
use super::{Extent, Job, wav};
use crate::error::{Error, Result};
use crate::plan::timeline::Track;

/// The tracks and the names of their files.
const STEMS: [(Track, &str); 4] =
    [(Track::Voice, "voice.wav"), (Track::Tone, "tones.wav"), (Track::Bell, "bells.wav"), (Track::Bed, "bed.wav")];

/// Stems on their way to a folder. None has its name until all are whole.
pub struct Stems {
    parts: Vec<(Track, Output)>,
}

impl Stems {
    /// The files that are written in a folder.
    pub fn paths(folder: &Path) -> impl Iterator<Item = PathBuf> {
        STEMS.iter().map(|(_, name)| folder.join(name))
    }

    /// Opens a file for every track in `folder`, which is made if it is not there.
    ///
    /// # Errors
    /// A stem would be larger than a WAV can be; the folder cannot be made or written to.
    pub fn create(folder: &Path, extent: &Extent) -> Result<Stems> {
        wav::check_stem(extent)?;
        fs::create_dir_all(folder).map_err(Error::writing(folder))?;
        let part = |(track, name): &(Track, &str)| {
            let path: PathBuf = folder.join(name);
            Ok((*track, Output::create(&path)?))
        };
        Ok(Stems { parts: STEMS.iter().map(part).collect::<Result<_>>()? })
    }

    /// Writes all of them.
    ///
    /// # Errors
    /// As for any file; then there is no new stem at all.
    pub fn write(mut self, job: &Job<'_>) -> Result<()> {
        for (track, output) in &mut self.parts {
            wav::write_stem(&Job { mixer: &job.mixer.stem(*track), ..*job }, output)?;
        }
        self.parts.into_iter().try_for_each(|(_, output)| output.finish())
    }
}
