//! Files of sound: one file a format, one table.

pub mod identity;
pub mod output;
mod part;
pub mod stems;
pub mod wav;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Result};
use crate::frames::FrameRange;
use crate::render::Mixer;

/// A kind of file that a session can be written to.
pub struct FileFormat {
    /// The endings of its files' names.
    pub endings: &'static [&'static str],
    /// What it is, in a line.
    pub about: &'static str,
    /// What refuses a session before anything is written.
    pub check: fn(&Job<'_>) -> Result<()>,
    /// Writes a session.
    pub write: fn(&Job<'_>, &mut output::Output) -> Result<()>,
}

/// Every kind of file.
pub const FORMATS: &[FileFormat] =
    &[FileFormat { endings: &["wav"], about: "WAV, 16 bit", check: wav::check, write: wav::write }];

/// A session on its way to a file.
pub struct Job<'a> {
    /// What renders it.
    pub mixer: &'a Mixer,
    /// The frames that are wanted.
    pub range: FrameRange,
    /// On how many threads.
    pub threads: usize,
    /// Told how many frames are done, now and then.
    pub progress: &'a (dyn Fn(u64) + Sync),
    /// Set when someone wants it to stop.
    pub stop: &'a AtomicBool,
}

impl Job<'_> {
    /// Fails when someone wants it to stop.
    fn go_on(&self) -> Result<()> {
        if self.stop.load(Ordering::Relaxed) { Err(Error::Interrupted) } else { Ok(()) }
    }
}

/// The kind of file that a name asks for; `-` (standard output) is a WAV.
///
/// # Errors
/// The ending is none of the known ones.
pub fn for_path(path: &Path) -> Result<&'static FileFormat> {
    if output::is_stdout(path) || output::is_device(path) {
        return Ok(&FORMATS[0]);
    }
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    FORMATS.iter().find(|format| format.endings.contains(&ending.as_str())).ok_or_else(|| {
        if path.is_dir() {
            let reason = "it is a folder".into();
            let help = format!("for example {}", path.join("session").with_extension(FORMATS[0].endings[0]).display());
            return Error::Output { path: path.to_owned(), reason, help };
        }
        let known: Vec<_> =
            FORMATS.iter().flat_map(|format| format.endings).map(|ending| format!(".{ending}")).collect();
        Error::Output {
            path: path.to_owned(),
            reason: format!("expected a name that ends in {}", known.join(", ")),
            help: format!("for example {}", path.with_extension(FORMATS[0].endings[0]).display()),
        }
    })
}
