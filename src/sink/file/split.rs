//! A session as a file for each chapter, in a folder, with a playlist: for players that know no chapters. One after the other
//! they are the session, frame by frame.
//!
//! No part has its name until all are whole. What a former run left in the folder goes, by its playlist, once the new ones
//! are there; nothing else in it is touched.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempPath;

use super::encoding::Encoding;
use super::output::{self, Output};
use super::part::Staging;
use super::playlist::{self, Entry, Former};
use super::{Extent, FileFormat, Job, part_name};
use crate::error::{Error, Result};
use crate::frames::{FrameRange, Frames};
use crate::plan::Timeline;
use crate::work::{Progress, Work};

/// A folder for the parts of a session.
pub struct Folder {
    path: PathBuf,
    playlist: PathBuf,
    former: Former,
}

/// A part.
struct Part {
    title: String,
    range: FrameRange,
    name: String,
}

/// Parts on their way to a folder.
pub struct Split {
    // Dropped in this order: what is unfinished, then the folder, if it is new and nothing is in it.
    playlist: Output,
    parts: Parts,
    _made: Made,
    folder: Folder,
}

/// The parts, and where they lie until all are whole.
struct Parts {
    format: &'static FileFormat,
    all: Vec<Part>,
    folder: PathBuf,
    staging: Staging,
}

/// A folder that was made for this; it goes again if nothing comes to lie in it.
struct Made(Option<PathBuf>);

impl Drop for Made {
    fn drop(&mut self) {
        // It is kept where something lies in it.
        self.0.iter().for_each(|folder| _ = fs::remove_dir(folder));
    }
}

impl Folder {
    /// A folder for the parts of a routine. It is not made yet.
    ///
    /// # Errors
    /// There is a file of its name, or the parts of another routine are in it.
    pub fn new(path: &Path, routine: &str) -> Result<Folder> {
        let refused = |reason: String, help: &str| Error::Output { path: path.to_owned(), reason, help: help.into() };
        if output::is_stdout(path) {
            return Err(refused("expected a folder for the parts, found standard output".into(), "name a folder"));
        }
        if path.symlink_metadata().is_ok() && !path.is_dir() {
            return Err(refused("expected a folder for the parts, found a file".into(), "name a folder"));
        }
        let playlist = path.join(format!("{}.{}", part_name::of_name(routine), playlist::ENDING));
        let former = Former::of(path)?;
        if let Some(other) = former.playlists.iter().find(|former| **former != playlist) {
            let name = other.file_name().unwrap_or_default().display();
            let reason = format!("the parts of another session are in it, by its {name}");
            return Err(refused(reason, "name another folder"));
        }
        Ok(Folder { path: path.to_owned(), playlist, former })
    }

    /// The playlist.
    pub fn playlist(&self) -> &Path {
        &self.playlist
    }

    /// Files that will be replaced or removed.
    pub fn replaced(&self) -> impl Iterator<Item = PathBuf> {
        self.former.files.iter().chain(&self.former.playlists).cloned()
    }

    /// Opens the folder, which is made if it is not there, for the chapters of a range. `ending` is that of each part's name, one
    /// of the format's.
    ///
    /// # Errors
    /// The folder cannot be made or written to; a file of a part's name is there that is not this program's; a part would
    /// be larger than the format allows.
    pub fn open(
        self,
        (format, ending): (&'static FileFormat, &str),
        (timeline, range): (&Timeline, FrameRange),
        (extent, encoding): (Extent, Encoding),
    ) -> Result<Split> {
        let parts = parts(timeline, range, ending);
        for part in &parts {
            (format.check)(&Extent { frames: part.range.frames(), ..extent }, encoding)?;
        }
        let names = parts.iter().map(|part| self.path.join(&part.name)).chain([self.playlist.clone()]);
        let replaced: BTreeSet<PathBuf> = self.replaced().collect();
        if let Some(path) = names.filter(|path| path.symlink_metadata().is_ok()).find(|path| !replaced.contains(path)) {
            let reason = "there is a file of that name already, which is not one of catcow's".into();
            let help = "name another folder, or move the file away".into();
            return Err(Error::Output { path, reason, help });
        }
        let is_new = !self.path.exists();
        fs::create_dir_all(&self.path).map_err(Error::writing(&self.path))?;
        let made = Made(is_new.then(|| self.path.clone()));
        let staging = Staging::create(&self.path).map_err(Error::writing(&self.path))?;
        let playlist = Output::create(&self.playlist)?;
        let parts = Parts { format, all: parts, folder: self.path.clone(), staging };
        Ok(Split { playlist, parts, _made: made, folder: self })
    }
}

/// The chapters that are heard in a range, with the names of their files.
fn parts(timeline: &Timeline, range: FrameRange, ending: &str) -> Vec<Part> {
    let heard: Vec<_> = timeline.chapters_in(range).collect();
    // Players put names in order by their letters.
    let digits = heard.len().to_string().len().max(2);
    let part = |(index, (range, title)): (usize, &(FrameRange, &str))| {
        let words = part_name::of_title(title);
        let name = format!("{:0digits$} {words}", index + 1);
        Part { title: (*title).to_owned(), range: *range, name: format!("{}.{ending}", name.trim_end()) }
    };
    heard.iter().enumerate().map(part).collect()
}

impl Parts {
    /// Writes a part, whole and on the disk; `done` counts the frames of all.
    fn write(&self, job: &Job<'_>, index: usize, done: &AtomicU64) -> Result<TempPath> {
        let (part, own) = (&self.all[index], AtomicU64::new(0));
        let tell = |progress: Progress| {
            // Threads tell in any order.
            let more = progress.done.saturating_sub(own.fetch_max(progress.done, Ordering::Relaxed));
            job.tell(Frames(done.fetch_add(more, Ordering::Relaxed) + more));
        };
        let threads = (job.work.threads / self.all.len()).max(1);
        let work = Work { threads, stop: job.work.stop, progress: &tell };
        let track = (index as u32 + 1, self.all.len() as u32);
        let about = job.about.part(job.mixer.timeline(), part.range, &part.title, track);
        let path = self.folder.join(&part.name);
        let file = self.staging.file().map_err(Error::writing(&path))?;
        let mut output = Output::File { file, path };
        (self.format.write)(&Job { range: part.range, about: &about, work, ..*job }, &mut output)?;
        output.into_unnamed()
    }
}

impl Split {
    /// Writes all parts, several at once where there are threads, and then gives them their names.
    ///
    /// # Errors
    /// As for any file; then there is no new part at all.
    pub fn write(self, job: &Job<'_>) -> Result<()> {
        let (parts, done) = (&self.parts, AtomicU64::new(0));
        let written = job.work.each(parts.all.len(), || (), |(), index| parts.write(job, index, &done))?;
        self.finish(written, job)
    }

    /// Gives every part its name, then the playlist, and removes what a former run left.
    fn finish(mut self, written: Vec<TempPath>, job: &Job<'_>) -> Result<()> {
        let rate = job.mixer.timeline().rate;
        let entries = self.parts.all.iter().map(|part| {
            let seconds = part.range.frames().seconds(rate);
            Entry { title: &part.title, seconds, name: &part.name }
        });
        let text = playlist::text(&job.about.title, &entries.collect::<Vec<_>>());
        self.playlist.append(text.as_bytes())?;
        let paths: Vec<_> = self.parts.all.iter().map(|part| self.folder.path.join(&part.name)).collect();
        let lower = |path: &Path| path.to_string_lossy().to_lowercase();
        let (own, new): (BTreeSet<_>, BTreeSet<_>) = paths.iter().map(|path| (path, lower(path))).unzip();
        let left = self.folder.former.files.iter().filter(|former| !own.contains(former));
        // Where capital letters are not told apart, a name in others would be the new file's: it goes before.
        let (before, after): (Vec<&PathBuf>, Vec<&PathBuf>) = left.partition(|path| new.contains(&lower(path)));
        remove(before)?;
        name_all(written, &paths)?;
        self.playlist.finish()?;
        remove(after)
    }
}

/// Gives files their names; where one cannot have its name, those that were not there before go again.
fn name_all(written: Vec<TempPath>, paths: &[PathBuf]) -> Result<()> {
    let mut new = Vec::new();
    for (file, path) in written.into_iter().zip(paths) {
        let is_new = path.symlink_metadata().is_err();
        if let Err(error) = file.persist(path) {
            new.into_iter().for_each(|path: &PathBuf| _ = fs::remove_file(path));
            return Err(Error::writing(path)(error.error));
        }
        if is_new {
            new.push(path);
        }
    }
    Ok(())
}

fn remove(files: Vec<&PathBuf>) -> Result<()> {
    files.into_iter().try_for_each(|path| fs::remove_file(path).map_err(Error::writing(path)))
}
