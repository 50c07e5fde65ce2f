//! Files of the system: a folder of one's own, or any path as a person types it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::load::files::{Content, FileKind, Files};
use crate::load::plain_file;

/// The files of a folder. A path that is absolute leads out of it: whoever looks for files that an author names has to see
/// that they stay.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The files of a folder.
    pub fn new(root: impl Into<PathBuf>) -> Folder {
        Folder { root: root.into() }
    }

    /// Files by paths as they are typed, from the folder that the program runs in.
    pub fn here() -> Folder {
        Folder::new("")
    }
}

impl Files for Folder {
    fn kind(&self, path: &Path) -> Option<FileKind> {
        let path = self.root.join(path);
        Some(match fs::metadata(&path).map(|about| about.file_type()) {
            Ok(kind) if kind.is_file() => FileKind::File,
            Ok(kind) if kind.is_dir() => FileKind::Folder,
            Ok(kind) => FileKind::Other(plain_file::name(kind)),
            Err(_) => path.symlink_metadata().is_ok().then_some(FileKind::Other("a link to nothing"))?,
        })
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let whole = self.root.join(folder);
        let whole = if whole.as_os_str().is_empty() { Path::new(".") } else { &whole };
        let mut paths: Vec<PathBuf> =
            fs::read_dir(whole)?.flatten().map(|entry| folder.join(entry.file_name())).collect();
        paths.sort();
        Ok(paths)
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        let path = self.root.join(path);
        fs::canonicalize(if path.as_os_str().is_empty() { Path::new(".") } else { &path })
    }

    fn content(&self, path: &Path) -> Content {
        Content::file(self.root.join(path))
    }
}
