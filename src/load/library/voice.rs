//! A voice: one recording for each cue. Built in, or a folder of one's own.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::folder::Folder;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source};
use crate::error::{Error, Result};
use crate::frames::Frames;
use crate::gain::{Decibels, Lufs};
use crate::load::audio::clip::{self, Treatment};
use crate::load::audio::clip_file::{ClipFile, unplayable};
use crate::load::audio::levelling::MeasuredLevel;
use crate::load::files::{self, FileKind, Files};
use crate::load::language::cue::is_cue_id;
use crate::load::language::file_keys;
use crate::load::language::reader::{Reader, Table};
use crate::load::language::script::Script;
use crate::load::language::spanned::Spanned;

/// A set of recordings by one speaker.
#[derive(Clone, Debug)]
pub struct Voice {
    /// Its id: the name of its folder.
    pub id: String,
    /// What `voice.toml` says of it.
    pub about: About,
    /// Its folder, as it was named; none where the voice is built in.
    pub folder: Option<PathBuf>,
    pub(super) clips: BTreeMap<String, Arc<ClipFile>>,
    pub(super) strays: Diagnostics,
    /// The name of the voice that says what this one lacks, as `voice.toml` has it.
    pub(super) fallback: Option<Spanned<String>>,
    /// How a speech program is to read words.
    pub(super) pronunciations: Script,
    /// Whether its recordings were made of words by a program.
    pub(super) is_made: bool,
    /// Who says what it lacks, in turn.
    pub(super) lenders: Vec<Arc<Voice>>,
}

/// What is recorded about a voice.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// The voice's name.
    pub name: String,
    /// A line about it.
    pub summary: String,
    /// How it sounds.
    pub gender: String,
    /// The language it speaks.
    pub language: String,
    /// What others may do with the recordings.
    pub licence: String,
    /// Whom to thank.
    pub credit: String,
    /// Who or what recorded it.
    pub maker: String,
}

/// The file name endings of recordings.
const ENDINGS: [&str; 9] = ["wav", "flac", "mp3", "ogg", "oga", "m4a", "opus", "aif", "aiff"];

/// The endings of recordings that are known and cannot be read.
const UNREADABLE: [&str; 8] = ["3gp", "aac", "amr", "caf", "mp4", "webm", "wma", "wv"];

/// The folder in a voice in which lies what later recordings replaced: nothing in it is a cue.
pub const KEPT: &str = "kept";

/// The deepest folders inside a voice, and the most recordings, that are looked at.
const DEEPEST: usize = 8;
const MOST_CLIPS: usize = 20_000;

impl Voice {
    /// A voice that is built in, whose `voice.toml` tells the length and the loudness of each clip.
    pub(crate) fn built_in(id: &str, source: &Arc<Source>, files: &dyn Files) -> Result<Voice> {
        let folder = Path::new("voice_clips").join(id);
        let ((about, clips), mistakes) = Reader::read(source, |table| {
            let about = read_about(table, id);
            let Some(measured) = table.table("clips") else { return (about, BTreeMap::new()) };
            let clip = |cue: &str| {
                let clip = measured.table(cue)?;
                let frames = Frames(clip.number("frames", 1.0..=1e9)?.value as u64);
                let level = |key: &str, made: f32| clip.number(key, -100.0..=0.0).map_or(made, |at| at.value as f32);
                let loudness = Lufs(level("lufs", clip::AS_MADE.loudness.0));
                let peak = Decibels(level("peak_db", clip::AS_MADE.peak.0));
                let treatment = Treatment::Known(MeasuredLevel { loudness, peak });
                let words = clip.text("text").map(|text| text.value);
                let content = files.content(&folder.join(format!("{cue}.opus")));
                let clip = ClipFile::made(cue.to_owned(), words, content, treatment, frames);
                Some((cue.to_owned(), Arc::new(clip)))
            };
            let clips = measured.keys().filter_map(|key| clip(key.value)).collect();
            (about, clips)
        });
        if mistakes.has_errors() { Err(mistakes.into()) } else { Ok(Voice { about, clips, ..Voice::silent(id) }) }
    }

    /// Reads a folder of the system: see [`Voice::read`].
    ///
    /// # Errors
    /// As for [`Voice::read`].
    pub fn folder(folder: &Path) -> Result<Voice> {
        Voice::read(&Folder::here(), folder)
    }

    /// Reads a folder: every recording in it is the cue that its path names.
    ///
    /// # Errors
    /// The folder cannot be read; mistakes in its `voice.toml`; two recordings of one cue; a recording that is a
    /// link out of the folder.
    pub fn read(files: &dyn Files, folder: &Path) -> Result<Voice> {
        let named = files.content(folder).path().to_owned();
        let root = files.resolve(folder).map_err(Error::reading(&named))?;
        let id = root.file_name().map_or_else(|| "voice".into(), |name| name.to_string_lossy().into_owned());
        let about = folder.join("voice.toml");
        let mut voice = Voice::silent(&id);
        let (treatment, mut mistakes) = if files.kind(&about).is_some() {
            Reader::read(&files::text_inside(files, &[folder], &about)?, |table| {
                table.allow("a voice", &[file_keys::VOICE]);
                voice.about = read_about(table, &id);
                voice.fallback = table.text("fallback");
                voice.pronunciations = read_pronunciations(table);
                table.word("recordings", &RECORDINGS).map_or(Treatment::Speech, |word| word.value)
            })
        } else {
            (Treatment::Speech, Diagnostics::default())
        };
        let mut search = Search {
            files,
            root: &root,
            treatment,
            clips: BTreeMap::new(),
            mistakes: Diagnostics::default(),
            strays: Diagnostics::default(),
        };
        search.folder(&root, "", 0)?;
        mistakes.extend(search.mistakes);
        if mistakes.has_errors() {
            return Err(mistakes.into());
        }
        let (folder, clips, strays) = (Some(named), search.clips, search.strays);
        Ok(Voice { folder, clips, strays, ..voice })
    }

    /// A voice without recordings.
    pub(super) fn silent(id: &str) -> Voice {
        Voice {
            id: id.to_owned(),
            about: About { name: id.to_owned(), ..About::default() },
            folder: None,
            clips: BTreeMap::new(),
            strays: Diagnostics::default(),
            fallback: None,
            pronunciations: Script::new(),
            is_made: false,
            lenders: Vec::new(),
        }
    }

    /// Its own recording of a cue.
    pub fn clip(&self, cue: &str) -> Option<&Arc<ClipFile>> {
        self.clips.get(cue)
    }

    /// The files that it is read from, and those of the voices that say what it lacks: none of what is built in.
    pub fn files(&self) -> impl Iterator<Item = PathBuf> {
        let all = || std::iter::once(self).chain(self.lenders.iter().map(|lender| &**lender));
        let about = all().filter_map(|voice| voice.folder.as_ref()).map(|folder| folder.join("voice.toml"));
        let clips = all().flat_map(|voice| voice.clips.values());
        about.chain(clips.filter_map(|clip| clip.content().in_file()).map(Path::to_owned))
    }

    /// Whether all of it is built in, and nothing but its own recordings is heard.
    pub(crate) fn is_as_built_in(&self) -> bool {
        self.lenders.is_empty() && self.folder.is_none() && self.clips.values().all(|clip| clip.content().is_built_in())
    }

    /// The cues that it has recordings of its own of.
    pub fn cues(&self) -> impl Iterator<Item = &str> {
        self.clips.keys().map(String::as_str)
    }
}

impl Voice {
    /// The files of its folder that were meant as recordings but are none of a cue: a name that no cue can have, a
    /// format that cannot be read. They stand in nobody's way; their cues are missing.
    pub fn strays(&self) -> &Diagnostics {
        &self.strays
    }
}

fn read_about(table: &Table<'_>, id: &str) -> About {
    let text = |key: &str| table.text(key).map_or_else(String::new, |text| text.value);
    let name = table.name("name", id).map_or_else(|| id.to_owned(), |name| name.value);
    About {
        name,
        summary: text("summary"),
        gender: text("gender"),
        language: text("language"),
        licence: text("licence"),
        credit: text("credit"),
        maker: text("maker"),
    }
}

/// The words of a voice that a speech program is to read otherwise.
fn read_pronunciations(table: &Table<'_>) -> Script {
    let Some(words) = table.table("pronunciations") else { return Script::new() };
    let spelling = |word: &str| Some((word.to_owned(), words.text(word)?.value));
    let mut found: Script = words.keys().filter_map(|key| spelling(key.value)).collect();
    found.retain(|word, _| !word.trim().is_empty());
    found
}

/// What `voice.toml` may say of a folder's recordings.
const RECORDINGS: [(&str, Treatment); 2] = [("raw", Treatment::Speech), ("finished", Treatment::Ready)];

struct Search<'a> {
    files: &'a dyn Files,
    root: &'a Path,
    treatment: Treatment,
    clips: BTreeMap<String, Arc<ClipFile>>,
    mistakes: Diagnostics,
    strays: Diagnostics,
}

impl Search<'_> {
    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<()> {
        for path in self.files.list(folder).map_err(Error::reading(folder))? {
            let is_folder = self.files.kind(&path) == Some(FileKind::Folder);
            // A folder has no ending: `breath.old` is not `breath`.
            let name = if is_folder { path.file_name() } else { path.file_stem() };
            let Some(stem) = name.map(OsStr::to_string_lossy) else { continue };
            let id = format!("{prefix}{stem}");
            if stem.starts_with('.') || (is_folder && id == KEPT) {
                // Hidden, what a system keeps beside files; or what later recordings replaced.
            } else if is_folder {
                if depth < DEEPEST && self.inside(&path) {
                    self.folder(&path, &format!("{id}/"), depth + 1)?;
                }
            } else if has_ending(&path, &ENDINGS) && is_cue_id(&id) {
                self.recording(&path, id);
            } else if has_ending(&path, &ENDINGS) {
                self.strays.push(wrong_name(&path, &id));
            } else if has_ending(&path, &UNREADABLE) {
                self.strays.push(unplayable(&path.display().to_string(), "not a format that can be read"));
            }
        }
        Ok(())
    }

    fn recording(&mut self, path: &Path, id: String) {
        if !self.inside(path) || self.clips.len() == MOST_CLIPS {
            return;
        }
        // A pipe would be waited for without end.
        if let Some(FileKind::Other(kind)) = self.files.kind(path) {
            self.mistakes.push(unplayable(&path.display().to_string(), &format!("it is no file but {kind}")));
            return;
        }
        let clip = ClipFile::speech(id.clone(), self.files.content(path), self.treatment);
        if let Some(other) = self.clips.insert(id.clone(), Arc::new(clip)) {
            let other = other.content().shown();
            let message = format!("expected one recording of `{id}`, found {other} and {}", path.display());
            self.mistakes.push(Diagnostic::error(Code::TwoClips, message).help("keep one of them"));
        }
    }

    /// Whether a path, links followed, is still in the voice's folder, and not one of the folders it stands in.
    fn inside(&mut self, path: &Path) -> bool {
        let (found, help) = match self.files.resolve(path) {
            Err(_) => ("a link to nothing", "remove it, or put the recording in its place"),
            Ok(real) if path.parent().is_some_and(|parent| parent.starts_with(&real)) => {
                ("a link back to a folder it stands in", "remove the link")
            }
            Ok(real) if real.starts_with(self.root) => return true,
            Ok(_) => ("a link out of it", "put a copy of the recording there instead"),
        };
        let message = format!("expected recordings inside the voice's folder, found {found}: {}", path.display());
        self.mistakes.push(Diagnostic::error(Code::OutsideFolder, message).help(help));
        false
    }
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

/// A recording whose name no cue can have, with the name that was probably meant.
fn wrong_name(path: &Path, id: &str) -> Diagnostic {
    let letters = |c: char| if c.is_ascii_alphanumeric() || c == '/' { c.to_ascii_lowercase() } else { '-' };
    let plain: String = id.chars().map(letters).collect();
    let folders =
        plain.split('/').map(|word| word.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-"));
    let meant = folders.collect::<Vec<_>>().join("/");
    let message = format!("expected a recording named by its cue, found {}", path.display());
    let mistake = Diagnostic::error(Code::CueId, message);
    match path.extension().and_then(|ending| ending.to_str()) {
        Some(ending) if is_cue_id(&meant) => mistake.help(format!("name it `{meant}.{ending}`")),
        _ => mistake.help("a cue id is lower-case words joined by hyphens, in folders divided by `/`"),
    }
}
