//! A file on its way to a name: beside it, hidden, and locked for as long as somebody writes it.
//!
//! A program that is killed leaves such a file behind. Its lock ends with it, so the next one that writes into the folder can
//! tell what nobody writes any more, and removes it.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use tempfile::{NamedTempFile, TempDir};

/// How its name begins and ends. Between them stand the machine's name, `-`, and letters at random.
const PREFIX: &str = ".catcow-";
const SUFFIX: &str = ".part";

/// How the name of a folder of such files ends, and the file in it whose lock says that somebody writes it.
const FOLDER_SUFFIX: &str = ".parts";
const LOCK: &str = "lock";

/// How long a file of another machine has to lie untouched until it is removed: its lock may not be seen through a network. No
/// export takes a day.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);

/// How many names are tried. A name is lost only to a program that clears up at the very moment.
const TRIES: usize = 8;

/// A new file in a folder, readable by whom any new file is. What others left there unfinished is removed.
pub(super) fn create(folder: &Path) -> io::Result<NamedTempFile> {
    let own = format!("{PREFIX}{}-", machine());
    clear(folder, &own);
    let mut builder = tempfile::Builder::new();
    readable(builder.prefix(&own).suffix(SUFFIX));
    for _ in 0..TRIES {
        let file = builder.tempfile_in(folder)?;
        // A file system without locks gives none to whoever clears up either.
        let taken = matches!(file.as_file().try_lock(), Err(fs::TryLockError::WouldBlock));
        if !taken && file.path().exists() {
            return Ok(file);
        }
    }
    Err(io::ErrorKind::ResourceBusy.into())
}

/// Lets whom any new file lets read it.
fn readable(builder: &mut tempfile::Builder<'_, '_>) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The process's umask takes its bits off these.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = builder;
}

/// A hidden folder for files that get their names together. None of them is held open once it is written, so they may be more than
/// the system lets a program have open. It goes with all that is in it.
pub(super) struct Staging {
    // Closed before the folder goes: some systems remove no file that is open.
    _lock: File,
    folder: TempDir,
}

impl Staging {
    /// A new one in a folder. What others left there unfinished is removed.
    pub(super) fn create(folder: &Path) -> io::Result<Staging> {
        let own = format!("{PREFIX}{}-", machine());
        clear_folders(folder, &own);
        let folder = tempfile::Builder::new().prefix(&own).suffix(FOLDER_SUFFIX).tempdir_in(folder)?;
        let lock = File::create(folder.path().join(LOCK))?;
        // A file system without locks gives none to whoever clears up either.
        let _ = lock.try_lock();
        Ok(Staging { _lock: lock, folder })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A new file in it, readable by whom any new file is.
    pub(super) fn file(&self) -> io::Result<NamedTempFile> {
        let mut builder = tempfile::Builder::new();
        readable(&mut builder);
        builder.tempfile_in(self.folder.path())
    }
}

/// Removes folders that nobody writes into any more, as [`clear`] does with files.
fn clear_folders(folder: &Path, own: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX) && name.ends_with(FOLDER_SUFFIX)) else {
            continue;
        };
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        // Without a file to lock, it may be one that is just being made.
        let lock = || File::options().write(true).open(entry.path().join(LOCK));
        let is_free = || lock().is_ok_and(|lock| lock.try_lock().is_ok());
        if is_folder && (is_abandoned(&entry) || (name.starts_with(own) && is_free())) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Removes what nobody writes any more. What cannot be removed stays: it is no reason not to write.
fn clear(folder: &Path, own: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX)) else {
            continue;
        };
        if entry.file_type().is_ok_and(|kind| kind.is_file()) && (name.starts_with(own) || is_abandoned(&entry)) {
            let _ = remove_unlocked(&entry.path());
        }
    }
}

fn is_abandoned(entry: &fs::DirEntry) -> bool {
    let touched = entry.metadata().and_then(|about| about.modified());
    touched.is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age > ABANDONED))
}

fn remove_unlocked(path: &Path) -> io::Result<()> {
    // The file is opened for writing: through a network, only a writer is given a lock.
    let file = File::options().write(true).open(path)?;
    file.try_lock()?;
    fs::remove_file(path)
}

/// The machine's name, as far as a file's name can hold it.
fn machine() -> String {
    #[cfg(unix)]
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    #[cfg(not(unix))]
    let name = std::env::var("COMPUTERNAME").unwrap_or_default();
    name.chars().filter(char::is_ascii_alphanumeric).take(32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn what_nobody_writes_any_more_is_removed_and_what_somebody_writes_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let written = create(folder.path()).unwrap();
        // Leaves the file, and not its lock, as a program that is killed does.
        let left = create(folder.path()).unwrap().into_temp_path().keep().unwrap();
        fs::write(folder.path().join(".catcow-mine"), "no such file").unwrap();
        assert_eq!(names(folder.path()).len(), 3);
        let next = create(folder.path()).unwrap();
        assert!(!left.exists() && written.path().exists() && next.path().exists());
        assert!(folder.path().join(".catcow-mine").exists());
    }

    #[test]
    fn a_folder_of_files_goes_with_what_is_in_it_and_one_that_was_left_goes_the_next_time() {
        let folder = tempfile::tempdir().unwrap();
        let staging = Staging::create(folder.path()).unwrap();
        let named = staging.file().unwrap().into_temp_path();
        staging.file().unwrap().keep().unwrap();
        named.persist(folder.path().join("kept")).unwrap();
        let other = Staging::create(folder.path()).unwrap();
        assert!(staging.folder.path().exists(), "somebody writes it");
        // Leaves the folder, and not its lock, as a program that is killed does.
        let Staging { _lock: lock, folder: left } = other;
        let left = left.keep();
        drop(lock);
        drop(staging);
        assert!(left.exists() && names(folder.path()).len() == 2, "{:?}", names(folder.path()));
        drop(Staging::create(folder.path()).unwrap());
        assert_eq!(names(folder.path()), ["kept"]);
    }

    #[test]
    fn what_another_machine_left_is_removed_only_after_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let [fresh, old] = ["fresh", "old"].map(|name| folder.path().join(format!(".catcow-elsewhere.{name}.part")));
        fs::write(&fresh, "").unwrap();
        let two_days_ago = SystemTime::now() - 2 * ABANDONED;
        File::create(&old).unwrap().set_modified(two_days_ago).unwrap();
        drop(create(folder.path()).unwrap());
        assert_eq!((fresh.exists(), old.exists()), (true, false));
    }
}
