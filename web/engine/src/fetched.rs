//! The files of the site, of which each is there once the page has fetched it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use catcow::load::files::{Content, FileKind, Files};

/// The voices lie here, in the form that they are built in with.
const VOICES: &str = "voice_clips";

/// The files that the site has. A copy is the same files.
#[derive(Clone, Debug, Default)]
pub struct SiteFiles(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    /// Each with its bytes, where they are there.
    files: BTreeMap<PathBuf, Option<Arc<[u8]>>>,
    /// What was asked for and is not there.
    missed: BTreeSet<PathBuf>,
    /// What the host does not have.
    lost: BTreeSet<PathBuf>,
}

impl SiteFiles {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The files that there are; none of them is there yet.
    pub fn list(&self, paths: impl IntoIterator<Item = PathBuf>) {
        self.inner().files = paths.into_iter().map(|path| (path, None)).collect();
    }

    /// Keeps what was fetched.
    pub fn give(&self, path: &str, bytes: &[u8]) {
        self.inner().files.insert(path.into(), Some(bytes.into()));
    }

    /// The host has no such file: nobody waits for it any more.
    pub fn lose(&self, path: &str) {
        self.inner().lost.insert(path.into());
    }

    /// Whether a file could be fetched, and is not there.
    pub fn lacks(&self, path: &Path) -> bool {
        let inner = self.inner();
        matches!(inner.files.get(path), Some(None)) && !inner.lost.contains(path)
    }

    /// What was asked for since the last time, and has to be fetched.
    pub fn missed(&self) -> BTreeSet<PathBuf> {
        let mut inner = self.inner();
        let missed = std::mem::take(&mut inner.missed);
        missed.into_iter().filter(|path| !inner.lost.contains(path)).collect()
    }

    fn bytes(&self, path: &Path) -> Option<Arc<[u8]>> {
        let mut inner = self.inner();
        let found = inner.files.get(path)?.clone();
        if found.is_none() {
            inner.missed.insert(path.to_owned());
        }
        found
    }
}

impl Files for SiteFiles {
    fn kind(&self, path: &Path) -> Option<FileKind> {
        let inner = self.inner();
        if inner.files.contains_key(path) {
            return Some(FileKind::File);
        }
        let next = inner.files.range(path.to_owned()..).next()?.0;
        next.starts_with(path).then_some(FileKind::Folder)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let inner = self.inner();
        let inside = inner.files.keys().filter_map(|path| path.strip_prefix(folder).ok());
        let names: BTreeSet<_> = inside.filter_map(|rest| rest.components().next()).collect();
        if names.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(names.into_iter().map(|name| folder.join(name)).collect())
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        self.kind(path).map(|_| path.to_owned()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn content(&self, path: &Path) -> Content {
        if path.starts_with(VOICES) {
            let files = self.clone();
            return Content::fetched(path, Arc::new(move |path: &Path| files.bytes(path)));
        }
        match self.bytes(path) {
            Some(bytes) => Content::memory(path, bytes),
            None => Content::absent(path),
        }
    }
}
