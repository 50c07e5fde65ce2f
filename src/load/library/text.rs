//! Files of text: of a size that can be believed, and in UTF-8.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place, Source};
use crate::error::Result;
use crate::load::plain_file;

/// No file of text may be larger: a routine of ten thousand steps is a tenth of it.
const LARGEST_TEXT: u64 = 8 << 20;

/// Whether anything stands at a path, be it a link to nothing.
pub(crate) fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Reads a file of text from folders that somebody may have sent: it may be a link, but to nothing outside all of them, or
/// its lines, shown with what is wrong in them, would be those of another file.
///
/// # Errors
/// As for [`read`]; a link out.
pub(crate) fn read_inside(folders: &[&Path], path: &Path) -> Result<Arc<Source>> {
    let real = |path: &Path| fs::canonicalize(if path.as_os_str().is_empty() { Path::new(".") } else { path });
    let found = match real(path) {
        Err(_) => "a link to nothing",
        Ok(path) if folders.iter().any(|folder| real(folder).is_ok_and(|folder| path.starts_with(folder))) => "",
        Ok(_) => "a link out of it",
    };
    if found.is_empty() {
        return read(path);
    }
    let message = format!("expected a file in the folder it is found in, found {found}: {}", path.display());
    Err(Diagnostic::error("outside-folder", message).help("put a copy of the file there instead").into())
}

/// Reads a file of text.
///
/// # Errors
/// It cannot be read, is too large, or is not UTF-8: then with the line.
pub(crate) fn read(path: &Path) -> Result<Arc<Source>> {
    let bytes = plain_file::read(path, LARGEST_TEXT, "a file", "")?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Arc::new(Source::of_file(path, text))),
        Err(error) => {
            let start = error.utf8_error().valid_up_to();
            // The replacement character is three bytes long, and stands where the first wrong byte stood.
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let place = Place { source: Arc::new(Source::of_file(path, text)), span: start..start + 3 };
            let mistake =
                Diagnostic::error("not-utf8", "expected UTF-8 text, found other bytes").at(&place, "from here on");
            Err(mistake.help("save the file again with the encoding UTF-8").into())
        }
    }
}
