//! Files that are handed over in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::load::files::{Content, FileKind, Files};

/// Files in memory, by paths as a folder of one's own has them: `routines/mine.toml`, `routines/poses/my-pose.toml`,
/// `voice_clips/my-voice/breath/in.wav`.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<PathBuf, Content>,
}

impl Memory {
    /// No files yet.
    pub fn new() -> Memory {
        Memory::default()
    }

    /// With one more file, or another in its place.
    pub fn with(mut self, path: impl Into<PathBuf>, bytes: impl AsRef<[u8]>) -> Memory {
        let path = plain(&path.into());
        self.files.insert(path.clone(), Content::memory(path, bytes.as_ref()));
        self
    }
}

/// A path without detours.
pub(super) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => _ = plain.pop(),
            Component::Normal(name) => plain.push(name),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    plain
}

impl Files for Memory {
    fn kind(&self, path: &Path) -> Option<FileKind> {
        let path = plain(path);
        if self.files.contains_key(&path) {
            return Some(FileKind::File);
        }
        let next = self.files.range(path.clone()..).next()?.0;
        next.starts_with(&path).then_some(FileKind::Folder)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let folder = plain(folder);
        let inside = self.files.keys().filter_map(|path| path.strip_prefix(&folder).ok());
        let names: BTreeSet<_> = inside.filter_map(|rest| rest.components().next()).collect();
        if names.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(names.into_iter().map(|name| folder.join(name)).collect())
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        self.kind(path).map(|_| plain(path)).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn content(&self, path: &Path) -> Content {
        let path = plain(path);
        self.files.get(&path).cloned().unwrap_or_else(|| Content::absent(path))
    }
}
