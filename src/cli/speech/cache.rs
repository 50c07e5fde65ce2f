//! What was spoken once, kept by what it was made from: the program and the words. Who has the same words later has the same sound.

use std::fs::{self, File};
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use catcow::load::audio::made;
use catcow::load::files::Content;
use catcow::sink::file::output::Output;
use catcow::{Error, Result};
use etcetera::AppStrategy;

/// Raised when the same words would be kept as other sound.
const FORMAT: &str = "catcow speech 1";
/// What nobody heard for so long is removed: half a year.
const KEPT: Duration = Duration::from_secs(183 * 24 * 60 * 60);
/// When something was heard last is noted once a day.
const NOTED: Duration = Duration::from_secs(24 * 60 * 60);

/// A folder of what was spoken.
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// The folder: `CATCOW_CACHE`, or where the platform keeps what can be made again.
    ///
    /// # Errors
    /// There is none.
    pub fn open() -> Result<Cache> {
        let own = std::env::var_os("CATCOW_CACHE").filter(|path| !path.is_empty()).map(PathBuf::from);
        let folder = own.or_else(|| super::super::folders().map(|folders| folders.cache_dir()));
        let nowhere = || Error::reading(Path::new("the folder for caches"))(std::io::ErrorKind::NotFound.into());
        Ok(Cache { folder: folder.ok_or_else(nowhere)?.join("speech") })
    }

    /// Where the sound of words lies, or will lie.
    pub fn path(&self, program: &str, words: &str) -> PathBuf {
        let key = [FORMAT, program, words].join("\0");
        let hash = |bytes: &mut dyn Iterator<Item = u8>| {
            let mut hasher = fnv::FnvHasher::default();
            bytes.for_each(|byte| hasher.write_u8(byte));
            hasher.finish()
        };
        // Two hashes of 64 bits: forward and backward.
        let (one, other) = (hash(&mut key.bytes()), hash(&mut key.bytes().rev()));
        self.folder.join(format!("{one:016x}{other:016x}.wav"))
    }

    /// The sound at a path, where all of it is there.
    pub fn find(path: &Path) -> Option<Content> {
        let whole = fs::read(path).is_ok_and(|bytes| made::is_plain_recording(&bytes));
        if whole {
            note(path);
        }
        whole.then(|| Content::file(path))
    }

    /// Keeps what a program wrote.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn keep(&self, path: &Path, recording: &[u8]) -> Result<Content> {
        fs::create_dir_all(&self.folder).map_err(Error::writing(&self.folder))?;
        let mut output = Output::create(path)?;
        output.append(recording)?;
        output.finish()?;
        Ok(Content::file(path))
    }

    /// Removes what nobody heard for half a year.
    pub fn tidy(&self) {
        let old = |path: &PathBuf| age(path).is_some_and(|age| age > KEPT);
        let files = fs::read_dir(&self.folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let ours = files.filter(|path| path.extension().is_some_and(|ending| ending == "wav"));
        ours.filter(old).for_each(|path| _ = fs::remove_file(path));
    }
}

/// How long ago a file was heard, or made.
fn age(path: &Path) -> Option<Duration> {
    SystemTime::now().duration_since(fs::metadata(path).ok()?.modified().ok()?).ok()
}

/// Notes that a file is heard.
fn note(path: &Path) {
    if age(path).is_some_and(|age| age > NOTED)
        && let Ok(file) = File::options().append(true).open(path)
    {
        let _ = file.set_modified(SystemTime::now());
    }
}
