//! How long each cue of a routine is in a voice: all that planning needs to know of recordings.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::routine::Routine;
use super::shelf::Shelf;
use super::voice::{ClipFile, Voice};
use crate::diagnostic::Diagnostics;
use crate::error::{Error, Result};
use crate::frames::{Frames, SampleRate};

/// The recordings that a routine could use, and their lengths.
#[derive(Debug)]
pub struct Lengths {
    /// The rate that the lengths are counted at.
    pub rate: SampleRate,
    /// The id of the voice.
    pub voice: String,
    clips: BTreeMap<String, (Arc<ClipFile>, Frames)>,
}

impl Lengths {
    /// Measures every recording that `routine` could use.
    ///
    /// # Errors
    /// Recordings that cannot be read: all of them at once.
    pub fn measure(routine: &Routine, voice: &Voice, shelf: &Shelf) -> Result<Lengths> {
        let files: Vec<_> = routine.cues().iter().filter_map(|cue| voice.clip(cue)).cloned().collect();
        let mut clips = BTreeMap::new();
        let mut mistakes = Diagnostics::default();
        for (file, frames) in measure_all(&files, shelf) {
            match frames {
                Ok(frames) => _ = clips.insert(file.cue.clone(), (file, frames)),
                Err(Error::Mistakes(wrong)) => mistakes.extend(wrong),
                Err(other) => return Err(other),
            }
        }
        if mistakes.has_errors() {
            return Err(mistakes.into());
        }
        Ok(Lengths { rate: shelf.rate(), voice: voice.id.clone(), clips })
    }

    /// The length of a cue's recording, where it has one.
    pub fn frames(&self, cue: &str) -> Option<Frames> {
        self.clips.get(cue).map(|(_, frames)| *frames)
    }

    /// A cue's recording.
    pub fn file(&self, cue: &str) -> Option<&Arc<ClipFile>> {
        self.clips.get(cue).map(|(file, _)| file)
    }

    /// The cues that are recorded.
    pub fn cues(&self) -> impl Iterator<Item = &str> {
        self.clips.keys().map(String::as_str)
    }
}

type Measured = (Arc<ClipFile>, Result<Frames>);

/// Decodes what has to be decoded on as many threads as there are processors; the order stays the files'.
fn measure_all(files: &[Arc<ClipFile>], shelf: &Shelf) -> Vec<Measured> {
    let measure = |file: &Arc<ClipFile>| (Arc::clone(file), shelf.frames(file));
    if files.iter().all(|file| file.known_frames(shelf.rate()).is_some()) {
        return files.iter().map(measure).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let index = next.fetch_add(1, Ordering::Relaxed)
            && let Some(file) = files.get(index)
        {
            done.push((index, measure(file)));
        }
        done
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(files.len());
    let mut all: Vec<(usize, Measured)> = thread::scope(|scope| {
        let workers: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        all.extend(workers.into_iter().flat_map(|worker| worker.join().expect("measuring does not panic")));
        all
    });
    all.sort_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, measured)| measured).collect()
}
