//! A playlist of the parts of a session: extended M3U in UTF-8 (`.m3u8`). By it a folder tells which of its files are this
//! program's.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::FORMATS;
use crate::error::{Error, Result};
use crate::sink::timed_words::one_line;

/// The ending of its name.
pub(super) const ENDING: &str = "m3u8";

/// How the line begins that says whose it is.
const OWN: &str = "# Written by catcow ";

/// A larger one is no playlist of this program's: 10,000 parts are a fifth of it.
const LARGEST: u64 = 8 << 20;

/// A part, as the playlist has it.
pub(super) struct Entry<'a> {
    pub(super) title: &'a str,
    pub(super) seconds: f64,
    pub(super) name: &'a str,
}

/// The playlist of a session's parts.
pub(super) fn text(title: &str, entries: &[Entry<'_>]) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let title = one_line(title);
    let mut text = format!(
        "#EXTM3U\n#PLAYLIST:{title}\n{OWN}{version}, which replaces the files named here when it writes here again.\n"
    );
    for Entry { title, seconds, name } in entries {
        // Whole seconds: some players read nothing else, and take 0 for a length that is not known.
        text += &format!("#EXTINF:{},{}\n{name}\n", (seconds.round() as u64).max(1), one_line(title));
    }
    text
}

/// What former runs left in a folder.
#[derive(Debug, Default)]
pub(super) struct Former {
    /// Playlists of this program's.
    pub(super) playlists: Vec<PathBuf>,
    /// The files that stand in them, and are there.
    pub(super) files: Vec<PathBuf>,
}

impl Former {
    /// Looks in a folder, which may not be there.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn of(folder: &Path) -> Result<Former> {
        let mut former = Former::default();
        if !folder.exists() {
            return Ok(former);
        }
        for entry in fs::read_dir(folder).map_err(Error::reading(folder))?.flatten() {
            let path = entry.path();
            if path.extension() != Some(OsStr::new(ENDING)) || !is_file(&path) {
                continue;
            }
            if let Some(names) = read(&path) {
                let files = names.into_iter().map(|name| folder.join(name));
                former.files.extend(files.filter(|path| is_file(path)));
                former.playlists.push(path);
            }
        }
        former.playlists.sort();
        Ok(former)
    }
}

/// Whether there is a file, not a link to one.
fn is_file(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|about| about.is_file())
}

/// The names in a playlist of this program's; nothing where it is another's.
fn read(path: &Path) -> Option<Vec<String>> {
    let mut text = String::new();
    File::open(path).ok()?.take(LARGEST).read_to_string(&mut text).ok()?;
    let is_own = text.lines().take(4).any(|line| line.starts_with(OWN));
    is_own.then(|| text.lines().filter(|line| is_part(line)).map(str::to_owned).collect())
}

/// Whether a line is a name that this program could have given: a number, and a known ending; never a path.
fn is_part(line: &str) -> bool {
    let ending = line.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
    let is_known = FORMATS.iter().any(|format| format.endings.contains(&ending));
    let rest = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
    is_known && rest.len() < line.len() && rest.starts_with([' ', '.']) && !line.contains(['/', '\\', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_that_this_program_gives_is_taken_for_one_of_its_files() {
        for line in ["01 Opening.m4a", "7.wav", "012 A.B.m4a"] {
            assert!(is_part(line), "{line}");
        }
        for line in [
            "",
            "#EXTINF:3,x",
            "../01 a.m4a",
            "01 a/b.m4a",
            "C:1.wav",
            "notes.m4a",
            "01 plan.toml",
            "01m4a",
            "/01 a.wav",
        ] {
            assert!(!is_part(line), "{line}");
        }
    }

    #[test]
    fn a_title_of_several_lines_stays_one_line() {
        let entries = [Entry { title: "a\n01 b.m4a\r", seconds: 0.2, name: "1 a.m4a" }];
        let text = text("x\n#EXT", &entries);
        assert_eq!(text.lines().count(), 5, "{text}");
        assert!(text.ends_with("#EXTINF:1,a 01 b.m4a\n1 a.m4a\n"), "{text}");
    }
}
