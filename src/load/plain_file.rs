//! The one place where files are opened that people wrote or recorded: plain files, which have an end and keep no reader
//! waiting.

use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::Path;

use crate::diagnostic::{Code, Diagnostic};
use crate::error::{Error, Result};

/// Opens a file to read it.
///
/// # Errors
/// It cannot be opened, or is no plain file: a folder, a pipe, a device, a socket.
pub fn open(path: &Path) -> Result<File> {
    open_plain(path).map_err(Error::reading(path))
}

/// All of a file of at most `most` bytes; `what` it should be, and `help` where it is larger.
///
/// # Errors
/// As for [`open`]; it is larger.
pub fn read(path: &Path, most: u64, what: &str, help: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // Not what the file says of its size: it may grow while it is read.
    open(path)?.take(most + 1).read_to_end(&mut bytes).map_err(Error::reading(path))?;
    if bytes.len() as u64 <= most {
        return Ok(bytes);
    }
    Err(larger(path, most, what, help))
}

/// The mistake of a file that is larger than `most` bytes; `what` it should be, and `help`.
pub(super) fn larger(path: &Path, most: u64, what: &str, help: &str) -> Error {
    let message = format!("expected {what} of at most {} MiB, found more in {}", most >> 20, path.display());
    let mistake = Diagnostic::error(Code::FileSize, message);
    if help.is_empty() { mistake } else { mistake.help(help) }.into()
}

fn open_plain(path: &Path) -> io::Result<File> {
    // Before it is opened: to some devices, being opened means something.
    let kind = fs::metadata(path)?.file_type();
    if is_handed_over(path) && !kind.is_dir() {
        return File::open(path);
    }
    check(path, kind)?;
    let file = File::options().read(true).without_waiting().open(path)?;
    // Something else may stand there by now.
    check(path, file.metadata()?.file_type())?;
    Ok(file)
}

/// Whether a path names what this process was started with, such as a pipe of the shell: `… | catcow plan /dev/stdin`,
/// `catcow plan <(…)`. Whoever started it closes it.
fn is_handed_over(path: &Path) -> bool {
    let parent = path.parent().unwrap_or(Path::new(""));
    cfg!(unix)
        && (path == Path::new("/dev/stdin") || ["/dev/fd", "/proc/self/fd"].iter().any(|fds| parent == Path::new(fds)))
}

fn check(path: &Path, kind: FileType) -> io::Result<()> {
    // The empty device is how one says "none" of settings, or of a log.
    if kind.is_file() || path == Path::new("/dev/null") {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, format!("expected a plain file, found {}", name(kind))))
}

/// What something that is no plain file is called.
pub fn name(kind: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return "a pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
    }
    if kind.is_dir() { "a folder" } else { "something else" }
}

/// Opening that does not wait for whoever writes at the other end of a pipe.
trait WithoutWaiting {
    fn without_waiting(&mut self) -> &mut Self;
}

impl WithoutWaiting for fs::OpenOptions {
    #[cfg(unix)]
    fn without_waiting(&mut self) -> &mut Self {
        use std::os::unix::fs::OpenOptionsExt;
        self.custom_flags(rustix::fs::OFlags::NONBLOCK.bits() as i32)
    }

    #[cfg(not(unix))]
    fn without_waiting(&mut self) -> &mut Self {
        self
    }
}
