//! Which files a catalogue is to have, and what they are called.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

use catcow::load::Library;
use catcow::load::language::quantity::written;
use catcow::load::library::Kind;
use catcow::{Error, Result};

/// A file that a catalogue is to have.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// The name of its routine, or the path of it.
    pub routine: OsString,
    /// How long it is to be; `None` leaves that to the routine.
    pub length: Option<Duration>,
    pub voice: OsString,
}

/// What the files are made from, each with each.
pub struct Choices {
    pub routines: Vec<OsString>,
    pub lengths: Vec<Duration>,
    pub voices: Vec<OsString>,
    pub ending: String,
}

/// The routines that are named: where a folder is, those in it; with `all`, those that have a name here.
pub fn routines(library: &Library, named: &[OsString], all: bool) -> Result<Vec<OsString>> {
    let mut found: Vec<OsString> = Vec::new();
    if all {
        found.extend(library.routines().into_iter().map(OsString::from));
    }
    for routine in named {
        if is_folder(routine) {
            found.extend(in_folder(library, Path::new(routine))?);
        } else {
            found.push(routine.clone());
        }
    }
    let mut met = std::collections::BTreeSet::new();
    found.retain(|routine| met.insert(routine.clone()));
    Ok(found)
}

/// Whether a folder of routines is meant: by its path, as a word is a name.
pub fn is_folder(routine: &OsStr) -> bool {
    let is_path = routine.as_encoded_bytes().iter().any(|byte| matches!(byte, b'/' | b'\\'));
    (is_path || routine == "." || routine == "..") && Path::new(routine).is_dir()
}

/// The files of routines in a folder. What cannot be read is among them, so that its mistakes are told.
fn in_folder(library: &Library, folder: &Path) -> Result<Vec<OsString>> {
    let entries = std::fs::read_dir(folder).map_err(Error::reading(folder))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.retain(|path| matches!(library.kind_of(path), Ok(Kind::Routine(_)) | Err(_)));
    paths.sort();
    if paths.is_empty() {
        let reason = std::io::Error::new(std::io::ErrorKind::NotFound, "there is no routine in it");
        return Err(Error::Read { path: folder.to_owned(), source: reason });
    }
    Ok(paths.into_iter().map(PathBuf::into_os_string).collect())
}

impl Choices {
    /// Every file, by routine, length and voice.
    ///
    /// # Errors
    /// Two of them would have one name.
    pub fn items(&self, folder: &Path) -> Result<Vec<Item>> {
        let lengths: Vec<Option<Duration>> = match &self.lengths[..] {
            [] => vec![None],
            lengths => lengths.iter().copied().map(Some).collect(),
        };
        let (mut items, mut names) = (Vec::new(), BTreeMap::new());
        for routine in &self.routines {
            for &length in &lengths {
                for voice in &self.voices {
                    let name = self.name(routine, length, voice);
                    let item = Item { name, routine: routine.clone(), length, voice: voice.clone() };
                    match names.insert(item.name.to_lowercase(), item.clone()) {
                        None => items.push(item),
                        Some(other) if other == item => {}
                        Some(other) => return Err(taken_twice(folder, &item, &other)),
                    }
                }
            }
        }
        Ok(items)
    }

    fn name(&self, routine: &OsStr, length: Option<Duration>, voice: &OsStr) -> String {
        // What another voice lends to one has no part in its name.
        let voice = voice.to_string_lossy();
        let voice = if Path::new(&*voice).is_dir() { &voice } else { voice.split(',').next().unwrap_or_default() };
        let routine = Path::new(routine).file_name().unwrap_or(routine).to_string_lossy();
        // Some editors add `.txt`.
        let routine = [".toml.txt", ".toml"].iter().find_map(|ending| routine.strip_suffix(ending)).unwrap_or(&routine);
        let parts = [
            Some(plain(routine)),
            length.map(|length| plain(&written(length))),
            Some(plain(&own_name(Path::new(voice.trim())))),
        ];
        format!("{}.{}", parts.into_iter().flatten().collect::<Vec<_>>().join("-"), self.ending)
    }
}

/// The name of a folder, wherever it is seen from.
fn own_name(path: &Path) -> String {
    let named = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let whole = || named(&std::fs::canonicalize(path).ok()?);
    named(path).or_else(whole).unwrap_or_else(|| "voice".into())
}

/// Words as a part of a name that every file system and every address takes: letters and digits of any alphabet, and hyphens.
fn plain(words: &str) -> String {
    /// A name of three parts stays below 255 bytes, the most that file systems take.
    const MOST_BYTES: usize = 70;
    let mut name = String::new();
    for letter in words.chars() {
        let letter = if letter.is_alphanumeric() || letter == '_' { letter } else { '-' };
        if name.len() + letter.len_utf8() > MOST_BYTES {
            break;
        }
        if letter != '-' || !(name.is_empty() || name.ends_with('-')) {
            name.push(letter);
        }
    }
    let name = name.trim_end_matches('-');
    if name.is_empty() { "session".into() } else { name.into() }
}

fn taken_twice(folder: &Path, one: &Item, other: &Item) -> Error {
    let (what, pair) = if one.routine == other.routine {
        ("voices", [&other.voice, &one.voice])
    } else {
        ("routines", [&other.routine, &one.routine])
    };
    let [first, second] = pair.map(|name| name.to_string_lossy());
    let reason = format!("two {what} would be written to it, {first} and {second}");
    let help = "give one of them another name, or a folder of its own".into();
    Error::Output { path: folder.join(&one.name), reason, help }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(routines: &[&str], lengths: &[u64], voices: &[&str]) -> Result<Vec<String>> {
        let owned = |words: &[&str]| words.iter().map(OsString::from).collect();
        let lengths = lengths.iter().copied().map(Duration::from_secs).collect();
        let (routines, voices) = (owned(routines), owned(voices));
        let choices = Choices { routines, lengths, voices, ending: "m4a".into() };
        Ok(choices.items(Path::new("out"))?.into_iter().map(|item| item.name).collect())
    }

    #[test]
    fn names_say_routine_length_and_voice() {
        assert_eq!(names(&["evening"], &[], &["ada"]).unwrap(), ["evening-ada.m4a"]);
        let all = names(&["evening", "some/Größe & co.toml.txt"], &[600, 5430], &["./my voice,ada"]).unwrap();
        assert_eq!(all[0], "evening-10m-my-voice.m4a");
        assert_eq!(all[3], "Größe-co-1h30m30s-my-voice.m4a");
        assert_eq!(names(&["../..\u{202e}.toml"], &[], &["/"]).unwrap(), ["session-voice.m4a"]);
    }

    #[test]
    fn what_is_named_twice_is_one_file_and_two_of_one_name_are_refused() {
        assert_eq!(names(&["evening", "evening"], &[60, 60], &["ada", "ada"]).unwrap().len(), 1);
        let error = names(&["one/tuesday.toml", "two/Tuesday.toml"], &[], &["ada"]).unwrap_err().to_string();
        assert!(error.contains("one/tuesday.toml and two/Tuesday.toml"), "{error}");
        assert!(names(&["evening"], &[], &["./a/mine", "./b/mine"]).is_err());
    }
}
