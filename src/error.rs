//! Everything that can fail, in one enum.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use crate::advice::Advice;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// The result of anything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something failed. Each variant carries what a person needs to mend it.
#[derive(Debug)]
pub enum Error {
    /// Mistakes in an author's files, each with its place.
    Mistakes(Diagnostics),
    /// A file or folder could not be read.
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file could not be written.
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An output was asked for that cannot be: the reason, and what to do instead.
    Output {
        /// The output's name as it was given.
        path: PathBuf,
        /// What is wrong.
        reason: String,
        /// How to mend it.
        help: String,
    },
    /// Nothing could be heard: the reason, and what to do instead.
    Playback {
        /// What is wrong.
        reason: String,
        /// How to mend it, a line each.
        help: Vec<String>,
    },
    /// Nothing could be shared on a network: the reason, and what to do instead.
    Network {
        /// What is wrong.
        reason: String,
        /// How to mend it, a line each.
        help: Vec<String>,
    },
    /// A file would be larger than its format allows: by how much.
    TooLarge {
        /// What is too large, and how large it may be.
        reason: String,
    },
    /// A kind of file cannot hold such a session: the reason, and what to do instead.
    Format {
        /// What it cannot hold.
        reason: String,
        /// How to mend it.
        help: String,
    },
    /// Someone pressed Ctrl-C, or the system asked the program to end.
    Interrupted,
}

impl Error {
    /// What the process ends with: 1 mistakes in files, 3 reading, writing or playing failed (whatever else is wrong), 130 interrupted.
    /// (2, wrong arguments, is the command line's own.)
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Mistakes(_) => 1,
            Error::Read { .. }
            | Error::Write { .. }
            | Error::Output { .. }
            | Error::TooLarge { .. }
            | Error::Format { .. }
            | Error::Playback { .. }
            | Error::Network { .. } => 3,
            Error::Interrupted => 130,
        }
    }

    /// For `map_err`: a failure to read `path`.
    pub fn reading(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
        move |source| Error::Read { path: path.to_owned(), source }
    }

    /// For `map_err`: a failure to write `path`.
    pub fn writing(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
        move |source| Error::Write { path: path.to_owned(), source }
    }
}

impl From<Diagnostics> for Error {
    fn from(all: Diagnostics) -> Error {
        Error::Mistakes(all)
    }
}

impl From<Diagnostic> for Error {
    fn from(one: Diagnostic) -> Error {
        Error::Mistakes(one.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Mistakes(all) => {
                let texts: Vec<_> = all.iter().map(|each| each.render(false, Advice::words)).collect();
                out.write_str(&texts.join("\n\n"))
            }
            Error::Read { path, source } => write!(out, "cannot read {}: {}", path.display(), plain(source)),
            Error::Write { path, source } => write!(out, "cannot write {}: {}", path.display(), plain(source)),
            Error::Output { path, reason, help } => {
                write!(out, "cannot write {}: {reason}\nhelp: {help}", path.display())
            }
            Error::TooLarge { reason } => write!(out, "{reason}\nhelp: {}", Advice::MakeSmaller.words()),
            Error::Format { reason, help } => write!(out, "{reason}\nhelp: {help}"),
            Error::Playback { reason, help } | Error::Network { reason, help } => {
                out.write_str(reason)?;
                help.iter().try_for_each(|line| write!(out, "\nhelp: {line}"))
            }
            Error::Interrupted => out.write_str("interrupted"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Read { source, .. } | Error::Write { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// An I/O failure in words a person can act on.
fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::StorageFull => "the disk is full; free some space or choose another folder".into(),
        io::ErrorKind::InvalidData => "it is not UTF-8 text".into(),
        _ => error.to_string(),
    }
}
