//! What other programs write where plain text was meant: told by its first bytes.

use crate::diagnostic::{Code, Diagnostic};

/// First bytes, what begins with them, and how to make plain text of it.
const DOCUMENTS: [(&[u8], &str, &str); 5] = [
    (b"{\\rtf", "RTF, formatted text", "in TextEdit choose Format > Make Plain Text, and save it as `class.toml`"),
    (b"PK\x03\x04", "a document of a word processor", "save it there as plain text, in UTF-8, as `class.toml`"),
    (b"\xd0\xcf\x11\xe0", "a document of a word processor", "save it there as plain text, in UTF-8, as `class.toml`"),
    (b"%PDF", "a PDF", "write the routine in a plain text editor"),
    (b"<!DOCTYPE", "a web page", "save the text itself, not the page that shows it"),
];

/// The mistake of a file that is a document of another program; `shown` is its path.
pub(super) fn foreign(bytes: &[u8], shown: &str) -> Option<Diagnostic> {
    let (_, found, help) = DOCUMENTS.iter().find(|(start, ..)| bytes.starts_with(start))?;
    let message = format!("expected plain text, found {found}: {shown}");
    Some(Diagnostic::error(Code::NotUtf8, message).help(*help))
}
