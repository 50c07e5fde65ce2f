//! The few lines that reach the operating system in a way of its own: reads and writes at a place of a file, standard output
//! as a file, a file without a name. Where there is no such system, as in a browser, they fail.

#[cfg(feature = "player")]
use std::fs::File;
use std::io;

#[cfg(not(any(unix, windows)))]
pub(crate) use self::none::{read_at, stdout, write_at};
#[cfg(unix)]
pub(crate) use self::unix::{read_at, stdout, write_at};
#[cfg(windows)]
pub(crate) use self::windows::{read_at, stdout, write_at};

/// A file without a name in the folder for temporary files, which goes with the program. Unsupported in the library alone, which
/// touches no file that nobody named.
#[cfg(feature = "player")]
pub(crate) fn nameless() -> io::Result<File> {
    tempfile::tempfile()
}

/// Unsupported, in the library alone.
#[cfg(not(feature = "player"))]
pub(crate) fn nameless() -> io::Result<std::fs::File> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::io;
    use std::os::fd::AsFd;
    use std::os::unix::fs::FileExt;

    pub(crate) fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
        file.read_exact_at(bytes, at)
    }

    pub(crate) fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
        file.write_all_at(bytes, at)
    }

    pub(crate) fn stdout() -> io::Result<File> {
        Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
    }
}

#[cfg(windows)]
mod windows {
    use std::fs::File;
    use std::io;
    use std::os::windows::fs::FileExt;
    use std::os::windows::io::AsHandle;

    pub(crate) fn read_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
        while !bytes.is_empty() {
            match file.seek_read(bytes, at)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => (bytes, at) = (&mut bytes[read..], at + read as u64),
            }
        }
        Ok(())
    }

    pub(crate) fn write_at(file: &File, mut bytes: &[u8], mut at: u64) -> io::Result<()> {
        while !bytes.is_empty() {
            let written = file.seek_write(bytes, at)?;
            (bytes, at) = (&bytes[written..], at + written as u64);
        }
        Ok(())
    }

    pub(crate) fn stdout() -> io::Result<File> {
        Ok(File::from(io::stdout().as_handle().try_clone_to_owned()?))
    }
}

#[cfg(not(any(unix, windows)))]
mod none {
    use std::fs::File;
    use std::io;

    pub(crate) fn read_at(_: &File, _: &mut [u8], _: u64) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(crate) fn write_at(_: &File, _: &[u8], _: u64) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(crate) fn stdout() -> io::Result<File> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
