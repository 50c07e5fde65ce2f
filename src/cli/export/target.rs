//! Where a session is written to when its name says only a part of it, or nothing.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use catcow::sink::file::USUAL_ENDING;
use catcow::sink::file::output::{is_device, is_stdout};
use catcow::{Error, Result};

/// The file to write: as it was named, with the usual ending where the name has none; without a name, the routine's, here.
///
/// # Errors
/// Nobody named the file, and there is one of that name which is not of this program.
pub fn named(output: Option<&Path>, routine: &OsStr) -> Result<PathBuf> {
    let Some(path) = output else {
        let path = with_ending(Path::new(stem(routine)));
        return if path.exists() && !is_own(&path) { Err(foreign(path)) } else { Ok(path) };
    };
    let is_whole = is_stdout(path) || is_device(path) || path.is_dir() || path.extension().is_some();
    let has_name = path.file_name().is_some() && !path.as_os_str().as_encoded_bytes().ends_with(b"/");
    Ok(if is_whole || !has_name { path.to_owned() } else { with_ending(path) })
}

/// The routine's name: its file's, without `.toml`.
pub fn stem(routine: &OsStr) -> &OsStr {
    let path = Path::new(routine);
    let stem = path.file_stem().filter(|_| path.extension().is_some_and(|ending| ending == "toml"));
    stem.or(path.file_name()).unwrap_or(OsStr::new("session"))
}

/// The path with the usual ending after all of its name.
fn with_ending(path: &Path) -> PathBuf {
    let mut whole = path.as_os_str().to_owned();
    whole.push(".");
    whole.push(USUAL_ENDING);
    whole.into()
}

/// Whether a file is one of this program's: its last tag names what made it.
pub fn is_own(path: &Path) -> bool {
    /// What is searched at a file's end.
    const TAIL: u64 = 1 << 12;
    let tail = || -> std::io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let start = file.metadata()?.len().saturating_sub(TAIL);
        file.seek(SeekFrom::Start(start))?;
        let mut tail = Vec::new();
        file.take(TAIL).read_to_end(&mut tail)?;
        Ok(tail)
    };
    tail().is_ok_and(|tail| tail.windows(7).any(|part| part == b"catcow "))
}

fn foreign(path: PathBuf) -> Error {
    let reason = "there is a file of that name already, which is not one of catcow's".into();
    let help = format!("name another with `-o`, or this one, which is then replaced: -o {}", path.display());
    Error::Output { path, reason, help }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_an_ending_gets_the_usual_one_and_no_name_is_the_routines() {
        let name = |output: Option<&str>, routine: &str| named(output.map(Path::new), OsStr::new(routine)).unwrap();
        assert_eq!(name(None, "no-such-evening"), Path::new("no-such-evening.m4a"));
        assert_eq!(name(None, "some/where/tuesday.toml"), Path::new("tuesday.m4a"));
        assert_eq!(name(Some("out/tuesday"), "evening"), Path::new("out/tuesday.m4a"));
        assert_eq!(name(Some("tuesday.opus"), "evening"), Path::new("tuesday.opus"));
        assert_eq!(name(Some("-"), "evening"), Path::new("-"));
        assert_eq!(name(Some("out/"), "evening"), Path::new("out/"));
    }
}
