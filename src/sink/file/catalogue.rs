//! A catalogue: a folder of sessions, and a record of each, so that only what changed is made again.
//!
//! Each file has a record of its own, in the folder `catalogue` beside the files. None is shared, so any number of runs on any
//! number of machines can write into one folder, and folders can be copied together. A record is written before its file
//! gets its name, and holds a hash of the file: one that does not belong to what is there is seen, whoever was stopped where.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::about::About;
use super::encoding::Encoding;
use super::output::Output;
use crate::error::{Error, Result};
use crate::load::digest::{Digest, Digester};
use crate::load::plain_file;
use crate::printable::escaped_json;

/// The folder of the records, in that of the files.
const RECORDS: &str = "catalogue";
/// All records in one, for other programs.
const SUMMARY: &str = "catalogue.json";
/// What they begin with, whichever version wrote them.
const BEGINNING: &str = "{\n  \"made_by\": \"catcow ";
/// No record is larger, in bytes: a title of 5,000 characters takes a hundredth of it.
const LARGEST_RECORD: u64 = 1 << 20;

/// What is known of one file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The name of the file.
    pub file: String,
    /// The title of its routine.
    pub title: String,
    /// What the routine's author says of it.
    #[serde(default)]
    pub summary: String,
    /// The name of its routine.
    pub routine: String,
    /// Who speaks.
    pub voice: String,
    /// What is spoken, as a language tag; empty where that is not known.
    #[serde(default)]
    pub language: String,
    /// How long it is, in seconds.
    pub seconds: f64,
    /// The day it was first made, as `YYYY-MM-DD`.
    pub date: String,
    /// The digest of what is heard in it.
    pub session: String,
    /// The digest of everything that its bytes are made from, but for the day.
    pub key: String,
    /// The file's size.
    pub bytes: u64,
    /// The file's SHA-256.
    pub sha256: String,
    /// The file of its chapters, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chapters: Option<String>,
    /// The file of its words, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcript: Option<String>,
    /// The file of its picture, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<String>,
}

impl Record {
    /// The files beside the sound.
    pub fn beside(&self) -> impl Iterator<Item = &str> {
        [&self.chapters, &self.transcript, &self.cover].into_iter().filter_map(Option::as_deref)
    }
}

/// The digest of everything that a file's bytes are made from, but for the day: what is heard (`session`), how it is encoded, what
/// the file says of itself, and the program's version.
pub fn key(session: Digest, ending: &str, encoding: Encoding, about: &About) -> Digest {
    // The same words with their times are the session's, as is a picture that is drawn of it.
    let About { title, album, track, routine, summary, voice, language, date: _, words, timed_words: _, cover } = about;
    let mut key = Digester::default();
    key.add("program", About::TOOL);
    key.add("session", session.to_string());
    key.add("format", ending);
    key.add_value("encoding", &encoding);
    key.add_value("track", &track);
    let texts = [("title", title), ("album", album), ("routine", routine), ("summary", summary), ("voice", voice)];
    texts.into_iter().chain([("language", language), ("words", words)]).for_each(|(name, text)| key.add(name, text));
    cover.own().iter().for_each(|picture| key.add("cover", &picture.bytes));
    key.finish()
}

/// The folder of a catalogue.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// A folder that is there, or is to be made.
    pub fn new(path: &Path) -> Folder {
        Folder { path: path.to_owned() }
    }

    /// Makes it, where it is not there.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn create(&self) -> Result<()> {
        let records = self.path.join(RECORDS);
        fs::create_dir_all(&records).map_err(Error::writing(&records))
    }

    /// Where a file in it is.
    pub fn at(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The record of a file. One that cannot be read is as good as none: the file is made again.
    pub fn record(&self, name: &str) -> Option<Record> {
        let bytes = plain_file::read(&self.record_path(name), LARGEST_RECORD, "a record", "").ok()?;
        let record: Record = serde_json::from_slice(&bytes).ok()?;
        // Somebody may have sent the folder: a record speaks of its own file, and of what is named after that.
        let is_beside = |other: &str| !other.contains(['/', '\\']) && other.starts_with(&format!("{}.", stem(name)));
        let is_day = |text: &str| text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        (record.file == name && is_day(&record.date) && record.beside().all(is_beside)).then_some(record)
    }

    /// All records, by the names of their files.
    pub fn records(&self) -> Vec<Record> {
        let entries = fs::read_dir(self.path.join(RECORDS)).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".json")?.to_owned()));
        let records: BTreeMap<_, _> = names.filter_map(|name| Some((name.clone(), self.record(&name)?))).collect();
        records.into_values().collect()
    }

    /// Whether the file is there that a record was written for: its size, and its hash.
    pub fn is_whole(&self, record: &Record) -> bool {
        let hash = || Digest::of(File::open(self.at(&record.file)).ok()?).ok();
        self.has(record) && hash().is_some_and(|hash| hash.to_string() == record.sha256)
    }

    /// Whether a file of the size is there that a record tells, which takes no reading.
    pub fn has(&self, record: &Record) -> bool {
        fs::metadata(self.at(&record.file)).is_ok_and(|about| about.is_file() && about.len() == record.bytes)
    }

    /// Gives a file its name, and keeps its record: with the size and the hash of what was written.
    ///
    /// # Errors
    /// Either cannot be written.
    pub fn keep(&self, output: Output, record: Record) -> Result<Record> {
        let path = output.path().to_owned();
        let (bytes, sha256) = match &output {
            Output::File { file, .. } => {
                let written = file.reopen().map_err(Error::reading(&path))?;
                let bytes = written.metadata().map_err(Error::reading(&path))?.len();
                (bytes, Digest::of(written).map_err(Error::reading(&path))?.to_string())
            }
            // What goes to a device is not there afterwards.
            Output::Stream { .. } => (0, String::new()),
        };
        let record = Record { bytes, sha256, ..record };
        self.write_record(&record)?;
        output.finish()?;
        Ok(record)
    }

    /// Writes a record.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write_record(&self, record: &Record) -> Result<()> {
        write(&self.record_path(&record.file), json(record).as_bytes())
    }

    /// Whether a file beside the sounds has to be written: it is not there as it is to be.
    ///
    /// # Errors
    /// Another is there, which is not the catalogue's own.
    pub fn lacks(&self, name: &str, bytes: &[u8], is_own: impl FnOnce(&[u8]) -> bool) -> Result<bool> {
        let path = self.at(name);
        let Ok(mut file) = File::open(&path) else { return Ok(true) };
        let mut there = Vec::new();
        file.read_to_end(&mut there).map_err(Error::reading(&path))?;
        match there == bytes {
            false if !is_own(&there) => Err(foreign(path)),
            same => Ok(!same),
        }
    }

    /// Writes a file beside the sounds.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write_beside(&self, name: &str, bytes: &[u8]) -> Result<()> {
        write(&self.at(name), bytes)
    }

    /// Writes all records in one.
    ///
    /// # Errors
    /// It cannot be written; a file of its name is another program's.
    pub fn write_summary(&self) -> Result<()> {
        #[derive(Serialize)]
        struct Summary {
            made_by: &'static str,
            files: Vec<Record>,
        }
        let mut files = self.records();
        files.retain(|record| self.has(record));
        let summary = json(&Summary { made_by: About::TOOL, files });
        let is_own = |there: &[u8]| there.starts_with(BEGINNING.as_bytes());
        if self.lacks(SUMMARY, summary.as_bytes(), is_own)? {
            self.write_beside(SUMMARY, summary.as_bytes())?;
        }
        Ok(())
    }

    /// Deletes what a record speaks of, and the record. A sound that somebody changed since stays.
    ///
    /// # Errors
    /// Something cannot be deleted.
    pub fn remove(&self, record: &Record) -> Result<()> {
        let sound = Some(record.file.as_str()).filter(|_| self.is_whole(record));
        let paths = sound.into_iter().chain(record.beside()).map(|name| self.at(name));
        for path in paths.chain([self.record_path(&record.file)]).filter(|path| path.is_file()) {
            fs::remove_file(&path).map_err(Error::writing(&path))?;
        }
        Ok(())
    }

    fn record_path(&self, name: &str) -> PathBuf {
        self.path.join(RECORDS).join(format!("{name}.json"))
    }
}

/// A file's name without its ending.
pub fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The refusal to replace what somebody else put there.
pub fn foreign(path: PathBuf) -> Error {
    let reason = "there is a file of that name already, which is not of this catalogue".into();
    Error::Output { path, reason, help: "move it away, or choose another folder".into() }
}

fn json(value: &impl Serialize) -> String {
    // Texts and numbers can always be written.
    escaped_json(&serde_json::to_string_pretty(value).unwrap_or_default()) + "\n"
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut output = Output::create(path)?;
    output.append(bytes)?;
    output.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::file::about::{Picture, PictureKind};

    fn record(file: &str) -> Record {
        Record {
            file: file.into(),
            title: String::new(),
            summary: String::new(),
            routine: String::new(),
            voice: String::new(),
            language: String::new(),
            seconds: 1.0,
            date: "2026-03-01".into(),
            session: String::new(),
            key: String::new(),
            bytes: 3,
            sha256: Digest::of(&b"abc"[..]).unwrap().to_string(),
            chapters: None,
            transcript: None,
            cover: None,
        }
    }

    #[test]
    fn a_record_speaks_of_its_own_file_only_whoever_wrote_it() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path());
        folder.create().unwrap();
        let read = |record: &Record, name: &str| {
            fs::write(folder.record_path(name), json(record)).unwrap();
            folder.record(name)
        };
        let plain = record("a.m4a");
        assert_eq!(read(&plain, "a.m4a"), Some(plain.clone()));
        assert_eq!(read(&plain, "b.m4a"), None);
        for chapters in ["../a.json", "a.d/../../x", "b.vtt", "/etc/passwd"] {
            assert_eq!(read(&Record { chapters: Some(chapters.into()), ..plain.clone() }, "a.m4a"), None, "{chapters}");
        }
        assert_eq!(read(&Record { date: "<b>".into(), ..plain }, "a.m4a"), None);
        fs::write(folder.record_path("a.m4a"), "{").unwrap();
        assert_eq!(folder.record("a.m4a"), None);
    }

    #[test]
    fn a_file_that_is_not_the_one_of_its_record_is_seen() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path());
        let record = record("a.m4a");
        assert!(!folder.is_whole(&record));
        for (bytes, is_whole) in [("abc", true), ("abd", false), ("ab", false), ("abcd", false)] {
            fs::write(folder.at("a.m4a"), bytes).unwrap();
            assert_eq!(folder.is_whole(&record), is_whole, "{bytes}");
        }
    }

    #[test]
    fn everything_that_makes_the_bytes_is_in_the_key_but_for_the_day() {
        let (session, other) = (Digest::of(&b"a"[..]).unwrap(), Digest::of(&b"b"[..]).unwrap());
        let (about, encoding) = (About::default(), Encoding::default());
        let usual = key(session, "m4a", encoding, &about);
        assert_eq!(usual, key(session, "m4a", encoding, &About { date: Some("2026-03-01".into()), ..about.clone() }));
        assert_ne!(usual, key(other, "m4a", encoding, &about));
        assert_ne!(usual, key(session, "wav", encoding, &about));
        assert_ne!(usual, key(session, "m4a", Encoding { bitrate: Some(64_000), ..encoding }, &about));
        let picture = Picture { bytes: vec![1], kind: PictureKind::Png, width: 1, height: 1 };
        for change in [
            About { summary: "x".into(), ..about.clone() },
            About { voice: "x".into(), ..about.clone() },
            About { words: "x".into(), ..about.clone() },
            About { track: Some((1, 2)), ..about.clone() },
            About { cover: picture.into(), ..about.clone() },
        ] {
            assert_ne!(usual, key(session, "m4a", encoding, &change), "{change:?}");
        }
    }
}
