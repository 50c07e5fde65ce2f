//! Where files come from: what is built in, a folder, or memory, behind one trait; and what stands in one, as text or bytes.

use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::documents;
use super::plain_file;
use crate::diagnostic::{Code, Diagnostic, Found, Place, Source};
use crate::error::{Error, Result};

/// Where files come from. Paths are as [`Files::list`] gives them, or relative to where the files begin.
pub trait Files: fmt::Debug + Send + Sync {
    /// What there is at a path, links followed; `None` for nothing.
    fn kind(&self, path: &Path) -> Option<FileKind>;

    /// The paths of what lies in a folder, in order.
    ///
    /// # Errors
    /// It is no folder, or cannot be read.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;

    /// A path as it is when all links in it are followed.
    ///
    /// # Errors
    /// There is nothing at the path.
    fn resolve(&self, path: &Path) -> io::Result<PathBuf>;

    /// What stands in a file. It is not read yet, and may not be there.
    fn content(&self, path: &Path) -> Content;
}

/// What there is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A pipe, a device, a link to nothing: by its name.
    Other(&'static str),
}

/// The bytes of a file, wherever they are.
#[derive(Clone, Debug)]
pub struct Content {
    path: PathBuf,
    bytes: Bytes,
}

/// What finds a file that is part of the program.
pub(crate) type Lookup = fn(&Path) -> Option<&'static [u8]>;

/// Finds the bytes of a file among what was fetched; `None` for what was not.
pub type Fetched = Arc<dyn Fn(&Path) -> Option<Arc<[u8]>> + Send + Sync>;

#[derive(Clone)]
enum Bytes {
    /// None: there is no such file.
    Absent,
    /// Looked for when they are read: a voice has hundreds of files, and a session few of them.
    BuiltIn(Lookup),
    /// Looked for when they are read, in what was fetched up to then.
    Fetched(Fetched),
    /// With a hash of them, by which two of the same path are told apart.
    Memory(Arc<[u8]>, u64),
    File,
}

/// A content that is read from its start.
pub(crate) enum Opened {
    File(File),
    Memory(Cursor<Arc<[u8]>>),
    BuiltIn(Cursor<&'static [u8]>),
}

/// No file of text may be larger, in bytes: a routine of ten thousand steps is a tenth of it.
const LARGEST_TEXT: u64 = 8 << 20;

impl Content {
    /// What stands in a file of the system.
    pub fn file(path: impl Into<PathBuf>) -> Content {
        Content { path: path.into(), bytes: Bytes::File }
    }

    /// Bytes in memory, by the path that messages are to show.
    pub fn memory(path: impl Into<PathBuf>, bytes: impl Into<Arc<[u8]>>) -> Content {
        let (bytes, mut hash) = (bytes.into(), DefaultHasher::new());
        bytes.hash(&mut hash);
        Content { path: path.into(), bytes: Bytes::Memory(bytes, hash.finish()) }
    }

    /// What would stand in a file that is not there.
    pub fn absent(path: impl Into<PathBuf>) -> Content {
        Content { path: path.into(), bytes: Bytes::Absent }
    }

    /// What is part of the program.
    pub(crate) fn built_in(path: impl Into<PathBuf>, lookup: Lookup) -> Content {
        Content { path: path.into(), bytes: Bytes::BuiltIn(lookup) }
    }

    /// What was built in where the program was made, and is fetched from there when it is needed. Of a voice, hundreds of recordings
    /// need not be there before the first of them is heard.
    pub fn fetched(path: impl Into<PathBuf>, fetched: Fetched) -> Content {
        Content { path: path.into(), bytes: Bytes::Fetched(fetched) }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its path, for messages.
    pub fn shown(&self) -> String {
        match self.bytes {
            Bytes::BuiltIn(_) => format!("built-in:{}", self.path.display()),
            _ => self.path.display().to_string(),
        }
    }

    /// Whether it is part of the program, or of what was handed out with it.
    pub fn is_built_in(&self) -> bool {
        matches!(self.bytes, Bytes::BuiltIn(_) | Bytes::Fetched(_))
    }

    /// The ending of its name, without the dot.
    pub fn ending(&self) -> &str {
        self.path.extension().and_then(|ending| ending.to_str()).unwrap_or("")
    }

    /// What it is the same by: its path, where that leads, and in memory the bytes.
    pub(crate) fn identity(&self) -> Vec<u8> {
        let (place, hash) = match self.bytes {
            Bytes::BuiltIn(_) | Bytes::Fetched(_) => (0, 0),
            Bytes::Memory(_, hash) => (1, hash),
            Bytes::File => (2, 0),
            Bytes::Absent => (3, 0),
        };
        [&[place], &hash.to_le_bytes()[..], self.path.as_os_str().as_encoded_bytes()].concat()
    }

    /// Opens it.
    pub(crate) fn open(&self) -> Result<Opened> {
        Ok(match &self.bytes {
            Bytes::Absent => return Err(self.missing()),
            Bytes::BuiltIn(lookup) => Opened::BuiltIn(Cursor::new(lookup(&self.path).ok_or_else(|| self.missing())?)),
            Bytes::Fetched(fetched) => Opened::Memory(Cursor::new(fetched(&self.path).ok_or_else(|| self.missing())?)),
            Bytes::Memory(bytes, _) => Opened::Memory(Cursor::new(Arc::clone(bytes))),
            Bytes::File => Opened::File(plain_file::open(&self.path)?),
        })
    }

    /// All of at most `most` bytes; `what` it should be, and `help` where it is larger.
    pub(crate) fn read(&self, most: u64, what: &str, help: &str) -> Result<Vec<u8>> {
        match &self.bytes {
            Bytes::Absent => Err(self.missing()),
            Bytes::BuiltIn(lookup) => Ok(lookup(&self.path).ok_or_else(|| self.missing())?.to_vec()),
            Bytes::Fetched(fetched) => Ok(fetched(&self.path).ok_or_else(|| self.missing())?.to_vec()),
            Bytes::Memory(bytes, _) if bytes.len() as u64 <= most => Ok(bytes.to_vec()),
            Bytes::Memory(..) => Err(plain_file::larger(&self.path, most, what, help)),
            Bytes::File => plain_file::read(&self.path, most, what, help),
        }
    }

    /// The same, without a copy of what is part of the program.
    pub(crate) fn bytes(&self, most: u64) -> Result<Cow<'static, [u8]>> {
        match self.bytes {
            Bytes::BuiltIn(lookup) => lookup(&self.path).map(Cow::Borrowed).ok_or_else(|| self.missing()),
            _ => self.read(most, "a file", "").map(Cow::Owned),
        }
    }

    fn missing(&self) -> Error {
        Error::reading(&self.path)(io::ErrorKind::NotFound.into())
    }

    /// The file of the system that it stands in, where it stands in one.
    pub fn in_file(&self) -> Option<&Path> {
        matches!(self.bytes, Bytes::File).then_some(&self.path)
    }

    /// Its text.
    ///
    /// # Errors
    /// It cannot be read, is too large, or is not UTF-8: then with the line.
    pub fn text(&self) -> Result<Arc<Source>> {
        let source = |text: String| match self.bytes {
            Bytes::BuiltIn(_) | Bytes::Fetched(_) => Source { path: self.shown(), text, found: Found::BuiltIn },
            Bytes::File => Source::of_file(&self.path, text),
            Bytes::Memory(..) | Bytes::Absent => Source::in_memory(self.shown(), text),
        };
        let bytes = self.read(LARGEST_TEXT, "a file", "")?;
        if let Some(mistake) = documents::foreign(&bytes, &self.shown()) {
            return Err(mistake.into());
        }
        String::from_utf8(bytes).map(|text| Arc::new(source(text))).map_err(|error| {
            let start = error.utf8_error().valid_up_to();
            // The replacement character is three bytes long, and stands where the first wrong byte stood.
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let place = Place { source: Arc::new(source(text)), span: start..start + 3 };
            let mistake =
                Diagnostic::error(Code::NotUtf8, "expected UTF-8 text, found other bytes").at(&place, "from here on");
            mistake.help("save the file again with the encoding UTF-8").into()
        })
    }
}

/// The text of a file in folders that somebody may have sent: it may be a link, but to nothing outside all of them, or its
/// lines, shown with what is wrong in them, would be those of another file.
///
/// # Errors
/// As for [`Content::text`]; a link out.
pub(crate) fn text_inside(files: &dyn Files, folders: &[&Path], path: &Path) -> Result<Arc<Source>> {
    let found = match files.resolve(path) {
        Err(_) => "a link to nothing",
        Ok(real) if folders.iter().any(|folder| files.resolve(folder).is_ok_and(|folder| real.starts_with(folder))) => {
            return files.content(path).text();
        }
        Ok(_) => "a link out of it",
    };
    let shown = files.content(path).shown();
    let message = format!("expected a file in the folder it is found in, found {found}: {shown}");
    Err(Diagnostic::error(Code::OutsideFolder, message).help("put a copy of the file there instead").into())
}

impl fmt::Debug for Bytes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bytes::BuiltIn(_) => out.write_str("built in"),
            Bytes::Fetched(_) => out.write_str("to be fetched"),
            Bytes::Memory(bytes, _) => write!(out, "{} bytes in memory", bytes.len()),
            Bytes::File => out.write_str("a file"),
            Bytes::Absent => out.write_str("no file"),
        }
    }
}
