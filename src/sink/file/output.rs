//! A file that appears under its name when it is whole.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

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
            let to = stdout().map_err(Error::writing(&path))?;
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
        let file = temporary(folder).map_err(Error::writing(&path))?;
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

    /// Gives the file its name.
    ///
    /// # Errors
    /// The name cannot be taken.
    pub fn finish(self) -> Result<()> {
        match self {
            Output::File { file, path } => {
                file.persist(&path).map_err(|error| Error::Write { path, source: error.error })?;
                Ok(())
            }
            Output::Stream { mut to, path } => to.flush().map_err(Error::writing(&path)),
        }
    }
}

/// Where links lead, to a file or to where one could be: a link stays a link, and what it points to is replaced or made.
fn followed(path: &Path) -> PathBuf {
    // As many as Linux follows (`path_resolution(7)`); a circle of links is then refused for what it is.
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

/// Standard output as a file: the standard library's own looks for the last line break in all that is written, which takes
/// longer than to write it.
fn stdout() -> io::Result<File> {
    #[cfg(unix)]
    let handle = std::os::fd::AsFd::as_fd(&io::stdout()).try_clone_to_owned()?;
    #[cfg(windows)]
    let handle = std::os::windows::io::AsHandle::as_handle(&io::stdout()).try_clone_to_owned()?;
    Ok(File::from(handle))
}

/// A file with a name that is not in use, readable by whom any new file is.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".catcow-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The process's umask takes its share of these.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
