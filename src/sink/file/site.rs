//! A site as a folder: whole, or not at all.
//!
//! It is made in a hidden folder beside, and takes its name when all of it is on the disk. A folder of that name is replaced only
//! where it is empty, or where nothing is in it but what a former site wrote: so nothing is lost that somebody put there.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::output::sync_folder;
use super::part::Staging;
use crate::error::{Error, Result};
use crate::load::plain_file;
use crate::sink::site::{Asset, Site};

/// What a site says of who made it begins with this.
const PROGRAM: &str = "catcow ";
/// No `site.json` and no `files.json` is larger, in bytes: those of all that is built in are a fiftieth of it.
const LARGEST_JSON: u64 = 16 << 20;
/// Folders in folders that are looked into.
const DEEPEST: usize = 32;
/// Files that systems put into any folder: nobody misses them.
const OF_SYSTEMS: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// A folder that a site may be written to.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
}

/// What a former site says of itself.
#[derive(Deserialize)]
struct Former {
    program: String,
    page: BTreeSet<String>,
}

impl Folder {
    /// Looks whether a site may be written there.
    ///
    /// # Errors
    /// It has no name, or no folder to be in; there is a file, a link, or a folder in which something else is.
    pub fn new(path: &Path) -> Result<Folder> {
        let Some(name) = path.file_name() else {
            return Err(refused(
                path,
                "expected the name of a folder that can be made anew",
                "name one, such as `site`",
            ));
        };
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !parent.is_dir() {
            return Err(refused(path, &format!("there is no folder {}", parent.display()), "make the folder first"));
        }
        let folder = Folder { path: parent.join(name) };
        folder.check()?;
        Ok(folder)
    }

    /// Refuses what would be lost.
    fn check(&self) -> Result<()> {
        let path = &self.path;
        let kind = match path.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            about => about.map_err(Error::reading(path))?.file_type(),
        };
        if kind.is_symlink() {
            return Err(refused(path, "it is a link", "name the folder itself"));
        }
        if !kind.is_dir() {
            return Err(refused(path, "it is a file", "a site is a folder: choose another name"));
        }
        let mut found = BTreeSet::new();
        gather(path, "", 0, &mut found).map_err(Error::reading(path))?;
        if found.is_empty() {
            return Ok(());
        }
        let Some(written) = self.former() else {
            let reason = "there is a folder of that name already, and no site of catcow's in it";
            return Err(refused(path, reason, "choose another name, or empty the folder"));
        };
        match found.iter().find(|name| !written.contains(*name)) {
            Some(name) => {
                let reason = format!("expected only what catcow wrote there, found {name}, which would be lost");
                Err(refused(path, &reason, "move it elsewhere, or choose another name"))
            }
            None => Ok(()),
        }
    }

    /// The files that a former site wrote; `None` where there is none.
    fn former(&self) -> Option<BTreeSet<String>> {
        let read = |name: &str| plain_file::read(&self.path.join(name), LARGEST_JSON, "a site's list", "").ok();
        let Former { program, page } = serde_json::from_slice(&read("site.json")?).ok()?;
        let files: Vec<(String, u64)> = serde_json::from_slice(&read("files.json")?).ok()?;
        let files = files.into_iter().map(|(path, _)| format!("files/{path}"));
        let whole = page.into_iter().chain(files).chain(["site.json".to_owned()]).collect();
        program.starts_with(PROGRAM).then_some(whole)
    }

    /// Writes a site there.
    ///
    /// # Errors
    /// The disk is full; something that the site was made from is in the folder; something else came to be there. What was there
    /// is then as it was.
    pub fn write(&self, site: &Site) -> Result<()> {
        self.spare(&site.sources)?;
        let parent = self.path.parent().unwrap_or(Path::new("."));
        let staging = Staging::create(parent).map_err(Error::writing(&self.path))?;
        let new = staging.path().join("site");
        fs::create_dir(&new)
            .and_then(|()| site.assets.iter().try_for_each(|asset| put(&new, asset)))
            .and_then(|()| settle(&new))
            .map_err(Error::writing(&self.path))?;
        // What is there may have changed while the site was made.
        self.check()?;
        replace(&new, &self.path, staging.path()).map_err(Error::writing(&self.path))?;
        sync_folder(&self.path).map_err(Error::writing(&self.path))
    }

    /// Refuses to replace what the site was made from.
    fn spare(&self, sources: &[PathBuf]) -> Result<()> {
        let Ok(here) = fs::canonicalize(&self.path) else { return Ok(()) };
        let inside = |source: &&PathBuf| fs::canonicalize(source).is_ok_and(|source| source.starts_with(&here));
        match sources.iter().find(inside) {
            Some(source) => {
                let reason = format!("the site is made from {}, which is in it and would be lost", source.display());
                Err(refused(&self.path, &reason, "choose another name"))
            }
            None => Ok(()),
        }
    }
}

fn refused(path: &Path, reason: &str, help: &str) -> Error {
    Error::Output { path: path.to_owned(), reason: reason.to_owned(), help: help.to_owned() }
}

/// The paths of all that is in a folder and is no folder; links are not followed.
fn gather(folder: &Path, prefix: &str, depth: usize, found: &mut BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() && depth < DEEPEST {
            gather(&entry.path(), &format!("{name}/"), depth + 1, found)?;
        } else if !OF_SYSTEMS.iter().any(|system| entry.file_name() == *system) {
            found.insert(name);
        }
    }
    Ok(())
}

/// Writes a file of a site.
fn put(root: &Path, asset: &Asset) -> io::Result<()> {
    let path = root.join(&asset.path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // No two assets have one path; a file system may yet take two names for one.
    File::create_new(&path)?.write_all(&asset.bytes)
}

/// Waits until a whole folder is on the disk.
#[cfg(target_os = "linux")]
fn settle(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

/// Elsewhere the system is trusted with it.
#[cfg(not(target_os = "linux"))]
fn settle(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Gives a new folder its name. What had the name comes to lie in `room`, which goes.
fn replace(new: &Path, path: &Path, room: &Path) -> io::Result<()> {
    if path.symlink_metadata().is_err() {
        return fs::rename(new, path);
    }
    if exchange(new, path).is_ok() {
        return Ok(());
    }
    let former = room.join("former");
    fs::rename(path, &former)?;
    fs::rename(new, path).inspect_err(|_| _ = fs::rename(&former, path))
}

/// Exchanges two names at once, so that at every moment there is a site.
#[cfg(target_os = "linux")]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
