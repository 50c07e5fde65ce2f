//! The option that writes a file for each chapter.

use std::ffi::OsStr;
use std::path::Path;

use catcow::Result;
use catcow::sink::file::split::Folder;
use catcow::sink::file::{FORMATS, FileFormat, USUAL_ENDING};

use super::target;

/// A folder for the parts of a session, and which kind of file they are.
pub struct Wanted {
    pub folder: Folder,
    pub format: &'static FileFormat,
    pub ending: &'static str,
}

/// The folder that is meant: the name without the ending of a kind of file, which says what the parts are; without a name, the
/// routine's, here.
///
/// # Errors
/// A folder of that name cannot be the parts'.
pub fn wanted(output: Option<&Path>, routine: &OsStr) -> Result<Wanted> {
    let stem = target::stem(routine);
    let path = output.unwrap_or(Path::new(stem));
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let kind = |ending: &str| {
        let known =
            |format: &'static FileFormat| format.endings.iter().find(|it| **it == ending).map(|it| (format, *it));
        FORMATS.iter().find_map(known)
    };
    let named = kind(&ending).filter(|_| output.is_some() && !path.is_dir());
    let folder = if named.is_some() { path.with_extension("") } else { path.to_owned() };
    let (format, ending) = named.or_else(|| kind(USUAL_ENDING)).unwrap_or((&FORMATS[0], USUAL_ENDING));
    Ok(Wanted { folder: Folder::new(&folder, &stem.to_string_lossy())?, format, ending })
}
