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
    folder: PathBuf,
    parts: Vec<(Track, &'static str, Output)>,
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
        let part = |(track, name): &(Track, &'static str)| Ok((*track, *name, Output::create(&folder.join(name))?));
        Ok(Stems { folder: folder.to_owned(), parts: STEMS.iter().map(part).collect::<Result<_>>()? })
    }

    /// Writes all in which something sounds; the names of those that are left out. A file that is there already is replaced by a silent
    /// one, so that no stem of another session lies among those of this one.
    ///
    /// # Errors
    /// As for any file; then there is no new stem at all.
    pub fn write(self, job: &Job<'_>) -> Result<Vec<&'static str>> {
        let (mut written, mut silent) = (Vec::new(), Vec::new());
        for (track, name, mut output) in self.parts {
            let mixer = job.mixer.stem(track);
            let sounds = mixer.sounding().into_iter().any(|range| !range.intersect(job.range).is_empty());
            if sounds || self.folder.join(name).exists() {
                wav::write_stem(&Job { mixer: &mixer, ..*job }, &mut output)?;
                written.push(output);
            } else {
                silent.push(name);
            }
        }
        written.into_iter().try_for_each(Output::finish)?;
        Ok(silent)
    }
}
