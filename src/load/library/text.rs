//! Files of text: of a size that can be believed, and in UTF-8.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Place, Source};
use crate::error::{Error, Result};

/// No file of text may be larger: a routine of ten thousand steps is a tenth of it.
const LARGEST_TEXT: u64 = 8 << 20;

/// Reads a file of text.
///
/// # Errors
/// It cannot be read, is too large, or is not UTF-8: then with the line.
pub(crate) fn read(path: &Path) -> Result<Arc<Source>> {
    let shown = path.display().to_string();
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(Error::reading(path))?;
    // Not what the file says of its size: a device says nothing and never ends.
    file.take(LARGEST_TEXT + 1).read_to_end(&mut bytes).map_err(Error::reading(path))?;
    if bytes.len() as u64 > LARGEST_TEXT {
        let message = format!("expected a file of at most {} MiB, found more in {shown}", LARGEST_TEXT >> 20);
        return Err(Diagnostic::error(Code::FileSize, message).into());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Arc::new(Source::new(shown, text))),
        Err(error) => {
            let start = error.utf8_error().valid_up_to();
            // The replacement character is three bytes long, and stands where the first wrong byte stood.
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let place = Place { source: Arc::new(Source::new(shown, text)), span: start..start + 3 };
            let mistake =
                Diagnostic::error(Code::NotUtf8, "expected UTF-8 text, found other bytes").at(&place, "from here on");
            Err(mistake.help("save the file again with the encoding UTF-8").into())
        }
    }
}
