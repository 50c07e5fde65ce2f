//! A file that appears under its name when it is whole.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use super::part;
use crate::error::{Error, Result};
use crate::os;

/// Where a sink writes.
pub enum Output {
    /// A new file beside the wanted one; it takes its name in [`Output::finish`]. Dropped before, it is gone, and the one
    /// that was there is as it was.
    File {
        /// The new file.
        file: NamedTempFile,
        /// The wanted name.
        path: PathBuf,
    },
    /// Standard output, a pipe or a device: written from the first byte to the last.
    Stream {
        /// Where to.
        to: Box<dyn Write>,
        /// Its name, for messages.
        path: PathBuf,
    },
}

/// Whether a path stands for standard output.
pub fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

/// Whether there is something at the path that is no file and no folder: a pipe, a device.
pub fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

impl Output {
    /// Opens the output. Everything that can be wrong with its name comes to light here, before the work.
    ///
    /// # Errors
    /// The folder does not exist or cannot be written to; the path is a folder.
    pub fn create(path: &Path) -> Result<Output> {
        if is_stdout(path) {
            let path = PathBuf::from("standard output");
            // `io::stdout` would look for the last line break in all that is written, which takes longer than the writing.
            let to = os::stdout().map_err(Error::writing(&path))?;
            return Ok(Output::Stream { to: Box::new(to), path });
        }
        if is_device(path) {
            let file = File::options().write(true).open(path).map_err(Error::writing(path))?;
            return Ok(Output::Stream { to: Box::new(file), path: path.to_owned() });
        }
        let slashed = path.as_os_str().as_encoded_bytes().last().is_some_and(|last| matches!(last, b'/' | b'\\'));
        if slashed || path.is_dir() {
            let (reason, help) =
                ("it is a folder".into(), format!("name a file in it: {}", path.join("session.wav").display()));
            return Err(Error::Output { path: path.to_owned(), reason, help });
        }
        let path = followed(path);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            let (reason, help) = (format!("there is no folder {}", folder.display()), "make the folder first".into());
            return Err(Error::Output { path, reason, help });
        }
        check_name(&path)?;
        let file = part::create(folder).map_err(Error::writing(&path))?;
        Ok(Output::File { file, path })
    }

    /// The name, for messages.
    pub fn path(&self) -> &Path {
        match self {
            Output::File { path, .. } | Output::Stream { path, .. } => path,
        }
    }

    /// Writes bytes at the end of what is there.
    ///
    /// # Errors
    /// The disk is full, or whoever reads has enough.
    pub fn append(&mut self, bytes: &[u8]) -> Result<()> {
        match self {
            Output::File { file, path } => file.write_all(bytes).map_err(Error::writing(path)),
            Output::Stream { to, path } => to.write_all(bytes).map_err(Error::writing(path)),
        }
    }

    /// Writes over bytes that are there, from one on: `format` is one whose beginning is known at its end.
    ///
    /// # Errors
    /// The disk is full; the output is no file, where nothing can be written over.
    pub(super) fn overwrite(&self, at: u64, bytes: &[u8], format: &str) -> Result<()> {
        match self {
            Output::File { file, path } => os::write_at(file.as_file(), bytes, at).map_err(Error::writing(path)),
            Output::Stream { path, .. } => Err(Error::Output {
                path: path.clone(),
                reason: format!("the beginning of a file of {format} is written at its end, which a pipe cannot be"),
                help: "name a file".into(),
            }),
        }
    }

    /// Closes a file that is to get its name later, once all of it is on the disk.
    ///
    /// # Errors
    /// The disk is full; the output is no file.
    pub(super) fn into_unnamed(self) -> Result<TempPath> {
        match self {
            Output::File { file, path } => {
                file.as_file().sync_all().map_err(Error::writing(&path))?;
                Ok(file.into_temp_path())
            }
            Output::Stream { path, .. } => Err(Error::writing(&path)(io::ErrorKind::Unsupported.into())),
        }
    }

    /// Gives the file its name without waiting for the disk, for what is written often: after a power cut there may be
    /// nothing under the name.
    ///
    /// # Errors
    /// The name cannot be taken.
    pub fn finish_unsynced(self) -> Result<()> {
        match self {
            Output::File { file, path } => {
                file.persist(&path).map_err(|error| Error::writing(&path)(error.error))?;
                Ok(())
            }
            stream @ Output::Stream { .. } => stream.finish(),
        }
    }

    /// Gives the file its name, once all of it is on the disk: who has the name has the whole, even after a power cut.
    ///
    /// # Errors
    /// The disk is full, or the name cannot be taken.
    pub fn finish(self) -> Result<()> {
        match self {
            Output::File { file, path } => {
                file.as_file().sync_all().map_err(Error::writing(&path))?;
                file.persist(&path).map_err(|error| Error::writing(&path)(error.error))?;
                sync_folder(&path).map_err(Error::writing(&path))
            }
            Output::Stream { mut to, path } => to.flush().map_err(Error::writing(&path)),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Output::File { file, .. } => file.write(bytes),
            Output::Stream { to, .. } => to.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Output::File { file, .. } => file.flush(),
            Output::Stream { to, .. } => to.flush(),
        }
    }
}

/// Writes a file that is not there yet, whole or not at all.
///
/// # Errors
/// It cannot be written; something has the name already.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut output = Output::create(path)?;
    output.append(bytes)?;
    let Output::File { file, path } = output else { return Err(taken(path.to_owned())) };
    file.as_file().sync_all().map_err(Error::writing(&path))?;
    match file.persist_noclobber(&path) {
        Ok(_) => sync_folder(&path).map_err(Error::writing(&path)),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(taken(path)),
        // Some file systems can only replace: memory cards, some folders of a network.
        Err(error) if path.symlink_metadata().is_err() && error.error.kind() != io::ErrorKind::StorageFull => {
            error.file.persist(&path).map_err(|error| Error::writing(&path)(error.error))?;
            sync_folder(&path).map_err(Error::writing(&path))
        }
        Err(error) => Err(Error::writing(&path)(error.error)),
    }
}

/// The refusal to overwrite something.
pub fn taken(path: PathBuf) -> Error {
    let (reason, help) =
        ("there is a file of that name already".into(), "choose another name; nothing is overwritten".into());
    Error::Output { path, reason, help }
}

/// Writes a new name to the disk as well, where the system has a way to.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Not every folder may be read, and some systems open none.
    let Ok(folder) = File::open(folder) else { return Ok(()) };
    match folder.sync_all() {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied
            ) =>
        {
            Ok(())
        }
        synced => synced,
    }
}

/// Where links lead, to a file or to where one could be: a link stays a link, and what it points to is replaced or made.
pub(super) fn followed(path: &Path) -> PathBuf {
    // Linux follows as many (`path_resolution(7)`). A circle of links ends here, and is refused when it is opened.
    const MOST_LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(to) = fs::read_link(&path) else { break };
        path = path.parent().unwrap_or(Path::new("")).join(to);
    }
    fs::canonicalize(&path).unwrap_or(path)
}

/// Whether a file could take this name: a new file would otherwise take the place of one that its owner protected, and
/// a name that the file system does not allow would come to light only after the work.
fn check_name(path: &Path) -> Result<()> {
    match fs::metadata(path) {
        Ok(there) if there.permissions().readonly() => {
            let (reason, help) = ("it is write-protected".into(), "choose another name, or allow writing to it".into());
            Err(Error::Output { path: path.to_owned(), reason, help })
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::writing(path)(error)),
        _ => Ok(()),
    }
}
