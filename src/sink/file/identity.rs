//! What a file is, whatever it is called: links, `..`, and capital letters aside.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::output::{self, followed};
use crate::error::{Error, Result};

/// What tells a file that is there from every other: its device and its number on it.
#[cfg(unix)]
type Id = (u64, u64);
/// What tells a file that is there from every other: its path without links. Two hard links are two.
#[cfg(not(unix))]
type Id = PathBuf;

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Identity {
    /// Something that is there.
    There(Id),
    /// A path from a folder that is there, in small letters: some file systems do not tell them from capitals, and nobody
    /// means two files that differ in nothing else.
    NotYet(Id, String),
}

impl Identity {
    fn of(path: &Path) -> Option<Identity> {
        if output::is_stdout(path) {
            return of_stdout().map(Identity::There);
        }
        // What is there is identified before links are read: the link `/dev/stdout` leads to no path.
        if let Some(id) = id(path) {
            return Some(Identity::There(id));
        }
        let (mut folder, mut rest) = (followed(path), Vec::<OsString>::new());
        loop {
            match folder.components().next_back()? {
                Component::Normal(name) => rest.push(name.to_owned()),
                Component::ParentDir => rest.push("..".into()),
                _ => return None,
            }
            folder = match folder.parent()? {
                here if here.as_os_str().is_empty() => PathBuf::from("."),
                parent => parent.to_owned(),
            };
            if let Some(id) = id(&folder) {
                let names: Vec<_> = rest.iter().rev().map(|name| name.to_string_lossy().to_lowercase()).collect();
                return Some(Identity::NotYet(id, names.join("/")));
            }
        }
    }
}

#[cfg(unix)]
fn number(about: &fs::Metadata) -> Id {
    use std::os::unix::fs::MetadataExt;
    (about.dev(), about.ino())
}

#[cfg(unix)]
fn id(path: &Path) -> Option<Id> {
    fs::metadata(path).ok().as_ref().map(number)
}

#[cfg(not(unix))]
fn id(path: &Path) -> Option<Id> {
    fs::canonicalize(path).ok()
}

#[cfg(unix)]
fn of_stdout() -> Option<Id> {
    crate::os::stdout().and_then(|file| file.metadata()).ok().as_ref().map(number)
}

#[cfg(not(unix))]
fn of_stdout() -> Option<Id> {
    Some(PathBuf::from("-"))
}

/// The files that a command is to write.
#[derive(Debug, Default)]
pub struct Outputs(Vec<(PathBuf, Identity)>);

impl Outputs {
    /// Outputs, each a file of its own, with what each is called where it was asked for.
    ///
    /// # Errors
    /// Two of them are one.
    pub fn new<Name: fmt::Display>(paths: impl IntoIterator<Item = (Name, PathBuf)>) -> Result<Outputs> {
        let mut all: Vec<(PathBuf, Identity)> = Vec::new();
        for (option, path) in paths {
            let Some(identity) = Identity::of(&path) else { continue };
            if let Some((other, _)) = all.iter().find(|(_, other)| *other == identity) {
                let already = "another output goes there already";
                let other = if *other == path { String::new() } else { format!(", as {}", other.display()) };
                let reason = format!("{already}{other}");
                return Err(refused(&path, reason, &format!("give `{option}` a place of its own")));
            }
            all.push((path, identity));
        }
        Ok(Outputs(all))
    }

    /// Refuses outputs that are among the files which the session is made from.
    ///
    /// # Errors
    /// One of them is.
    pub fn spare(&self, inputs: impl IntoIterator<Item = PathBuf>) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        for input in inputs.into_iter().filter(|input| input.is_file()) {
            let identity = Identity::of(&input);
            if let Some((path, _)) = self.0.iter().find(|(_, output)| Some(output) == identity.as_ref()) {
                let reason = if *path == input {
                    "it is read for this session, and would be lost".into()
                } else {
                    format!("it is the file {}, which is read for this session and would be lost", input.display())
                };
                return Err(refused(path, reason, "choose another name"));
            }
        }
        Ok(())
    }
}

fn refused(path: &Path, reason: String, help: &str) -> Error {
    Error::Output { path: path.to_owned(), reason, help: help.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_is_one_whatever_it_is_called() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("deep")).unwrap();
        fs::write(at("a.toml"), "").unwrap();
        let same = |left: &str, right: &str| Outputs::new([("svg", at(left)), ("vtt", at(right))]).is_err();
        assert!(same("a.toml", "a.toml") && same("a.toml", "./a.toml") && same("a.toml", "deep/../a.toml"));
        assert!(same("new.svg", "new.svg") && same("new.svg", "deep/../new.svg") && same("new.svg", "New.SVG"));
        assert!(same("folder/new.svg", "folder/new.svg") && same("Folder/new.svg", "folder/./new.svg"));
        assert!(!same("a.toml", "b.toml") && !same("new.svg", "deep/new.svg") && !same("folder/a", "folders/a"));
    }

    #[cfg(unix)]
    #[test]
    fn links_of_both_kinds_are_the_file_they_lead_to() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a.toml"), "").unwrap();
        fs::hard_link(at("a.toml"), at("hard.svg")).unwrap();
        std::os::unix::fs::symlink("a.toml", at("soft.svg")).unwrap();
        std::os::unix::fs::symlink("nowhere.svg", at("empty.svg")).unwrap();
        for output in ["a.toml", "hard.svg", "soft.svg"] {
            assert!(Outputs::new([("svg", at(output))]).unwrap().spare([at("a.toml")]).is_err(), "{output}");
        }
        assert!(Outputs::new([("svg", at("empty.svg")), ("vtt", at("nowhere.svg"))]).is_err());
        assert!(Outputs::new([("svg", at("empty.svg"))]).unwrap().spare([at("a.toml")]).is_ok());
    }
}
