//! Where routines, poses, voices and the script are found: first in what is one's own (folders, or files in memory), then in
//! what is built in.

mod built_in;
pub mod catalogue;
pub mod clip_durations;
mod fallback;
mod folder;
mod memory;
mod programmes;
mod reading;
mod sources;
pub mod stand_ins;
pub mod voice;
mod voices;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

pub use built_in::BuiltIn;
pub use clip_durations::ClipDurations;
pub use folder::Folder;
pub use memory::Memory;
pub use sources::Sources;
pub use stand_ins::StandIns;
pub use voice::Voice;

pub(crate) use self::programmes::PROGRAMMES;
use self::reading::{Around, Reading};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source};
use crate::error::{Error, Result};
use crate::load::files::{self, FileKind, Files};
use crate::load::language::cue::is_name;
use crate::load::language::keys::{self, Key};
use crate::load::language::pose_file::PoseFile;
use crate::load::language::reader::Reader;
use crate::load::language::routine::{Routine, each_pose_cue};
use crate::load::language::script::{self, Script};

/// The voice that speaks where none is chosen.
pub const DEFAULT_VOICE: &str = "ada";

/// Where poses are, among files.
const POSES: &str = "routines/poses";

/// What can be used by name.
#[derive(Debug)]
pub struct Library {
    /// Files by name, with `routines`, `routines/poses`, `voice_clips`: what is found first is meant.
    layers: Vec<Arc<dyn Files>>,
    /// Files by the path that a person types, where there are such.
    paths: Option<Arc<dyn Files>>,
    script: Arc<Script>,
    /// Poses that were read already, by id.
    poses: Mutex<BTreeMap<String, Arc<ReadPose>>>,
}

/// A pose that was read, and what is wrong with it.
#[derive(Debug)]
struct ReadPose {
    pose: Option<Arc<PoseFile>>,
    wrong: Diagnostics,
}

/// What a file of text is.
#[derive(Debug)]
pub enum Kind {
    /// A routine, with its text, which a pipe gives only once: see [`Library::routine_text`].
    Routine(Arc<Source>),
    /// A pose, with its name.
    Pose(String),
    /// A script, with the number of its cues.
    Script(usize),
    /// A programme, with its text.
    Programme(Arc<Source>),
}

impl Library {
    /// What is built in, behind the folder `home` where there is one; and any file, by its path.
    ///
    /// # Errors
    /// Mistakes in the folder's own script.
    pub fn open(home: Option<&Path>) -> Result<Library> {
        let home = home.filter(|home| home.is_dir()).map(Folder::new);
        let own = home.map(|home| Arc::new(home) as Arc<dyn Files>);
        Library::new(own.into_iter().collect(), Some(Arc::new(Folder::here())))
    }

    /// What is built in, behind files in memory.
    ///
    /// # Errors
    /// Mistakes in the script among them.
    pub fn in_memory(files: Memory) -> Result<Library> {
        Library::new(vec![Arc::new(files)], None)
    }

    /// What is built in, behind files of one's own, the first found first; and files by their paths, if any.
    ///
    /// # Errors
    /// Mistakes in a script, `voice_clips/script.toml`.
    pub fn new(own: Vec<Arc<dyn Files>>, paths: Option<Arc<dyn Files>>) -> Result<Library> {
        let mut layers = own;
        layers.push(Arc::new(BuiltIn));
        let (mut words, mut mistakes) = (Script::new(), Diagnostics::default());
        let path = Path::new("voice_clips/script.toml");
        for files in layers.iter().rev().filter(|files| files.kind(path).is_some()) {
            let (own, wrong) = script::parse(&text_of(&**files, path)?);
            words.extend(own);
            mistakes.extend(wrong);
        }
        if mistakes.has_errors() {
            return Err(mistakes.into());
        }
        Ok(Library { layers, paths, script: Arc::new(words), poses: Mutex::default() })
    }

    /// The words of every cue that has some outside a routine or a pose.
    pub fn script(&self) -> Arc<Script> {
        Arc::clone(&self.script)
    }

    /// What a file of text is, by what stands in it; poses and scripts are checked.
    ///
    /// # Errors
    /// The file cannot be read; mistakes in a pose or a script.
    pub fn kind_of(&self, path: &Path) -> Result<Kind> {
        let path = &*self.typed(path);
        let source = self.at_path(path)?.content(path).text()?;
        let stem = stem(path);
        let (keys, _) = Reader::read(&source, |table| table.keys().map(|key| key.value.to_owned()).collect::<Vec<_>>());
        let (kind, mistakes) = if is_programme(&keys, path) {
            (Kind::Programme(source), Diagnostics::default())
        } else if is_pose(&keys, path) {
            let mut found = Diagnostics::default();
            let (file, wrong) = PoseFile::parse(&stem, &source);
            let name = file.and_then(|file| file.check(&mut found));
            found.extend(wrong);
            (Kind::Pose(name.unwrap_or_default()), found)
        } else if keys == ["cues"] {
            let (words, wrong) = script::parse(&source);
            (Kind::Script(words.len()), wrong)
        } else {
            (Kind::Routine(source), Diagnostics::default())
        };
        if mistakes.has_errors() { Err(mistakes.into()) } else { Ok(kind) }
    }

    /// Reads a routine: `wanted` is the name of one, or the path of a file. Poses in a folder `poses` beside a file
    /// are found before all others.
    ///
    /// # Errors
    /// No such routine; mistakes in it.
    pub fn routine(&self, wanted: impl AsRef<Path>) -> Result<Routine> {
        let (name, source, reading) = self.open_routine(wanted.as_ref())?;
        Routine::read(&name, &source, &reading)
    }

    /// The name and the text of a routine, and what it is read with.
    fn open_routine(&self, path: &Path) -> Result<(String, Arc<Source>, Reading<'_>)> {
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        // No name has an ending: what is here and has one is meant.
        let is_here = || !ending.is_empty() && self.is_path(path, FileKind::File);
        if is_path(path) || ending.eq_ignore_ascii_case("toml") || is_here() {
            let path = &*self.typed(path);
            let source = self.at_path(path)?.content(path).text()?;
            return Ok((stem(path), source, self.reading_beside(path)?));
        }
        let wanted = &*path.to_string_lossy();
        let (files, source) = self.find_routine(wanted)?;
        // Nobody can put a sound beside what is built in.
        let sounds = (!source.is_built_in()).then(|| Around::new(files, "routines"));
        Ok((wanted.to_owned(), source, Reading::new(self, sounds, None)))
    }

    /// What a routine in a file of the system is read with.
    fn reading_beside(&self, path: &Path) -> Result<Reading<'_>> {
        let beside = Around::of(self.at_path(path)?, path);
        Ok(Reading::new(self, Some(beside.clone()), Some(beside)))
    }

    /// Reads a routine from a file, whatever its name.
    ///
    /// # Errors
    /// The file cannot be read; mistakes in it.
    pub fn routine_file(&self, path: &Path) -> Result<Routine> {
        let path = &*self.typed(path);
        let source = self.at_path(path)?.content(path).text()?;
        self.routine_text(path, &source)
    }

    /// Reads a routine from the text of a file that has been read.
    ///
    /// # Errors
    /// Mistakes in it.
    pub fn routine_text(&self, path: &Path, source: &Arc<Source>) -> Result<Routine> {
        Routine::read(&stem(path), source, &self.reading_beside(path)?)
    }

    /// Reads a routine from a text; sounds that it names are looked for in the folder that the source's path is in.
    ///
    /// # Errors
    /// Mistakes in it.
    pub fn read(&self, name: &str, source: &Arc<Source>) -> Result<Routine> {
        let sounds = self.paths.as_ref().zip(source.file()).map(|(files, file)| Around::of(files, file));
        Routine::read(name, source, &Reading::new(self, sounds, None))
    }

    /// The text of the routine of a name.
    ///
    /// # Errors
    /// There is none; or its file cannot be read.
    pub fn routine_source(&self, wanted: &str) -> Result<Arc<Source>> {
        self.find_routine(wanted).map(|(_, source)| source)
    }

    fn find_routine(&self, wanted: &str) -> Result<(&Arc<dyn Files>, Arc<Source>)> {
        let file = format!("{wanted}.toml");
        let path = Path::new("routines").join(&file);
        if is_name(wanted)
            && let Some(files) = self.layer(&path)
        {
            return Ok((files, text_of(&**files, &path)?));
        }
        let names = self.routines();
        let mut mistake =
            Diagnostic::error(Code::UnknownRoutine, format!("expected a routine or the path of one, found `{wanted}`"));
        if self.pose_ids().iter().any(|pose| pose == wanted) {
            mistake = mistake.help(format!("`{wanted}` is a pose: a routine has it in a step, `pose = \"{wanted}\"`"));
        }
        // A word is a name: a file in the folder at hand is meant only by its path.
        if self.is_path(Path::new(&file), FileKind::File) {
            return Err(mistake.help(format!("for the file of that name here, write `{file}`")).into());
        }
        Err(mistake
            .nearest(wanted, names.iter().map(String::as_str))
            .help(format!("the routines are: {}; the path of a file ends in .toml", names.join(", ")))
            .into())
    }

    /// Every cue of the script, of a routine or of a pose that has a name here; those that cannot be read are left out.
    pub fn known_cues(&self) -> BTreeSet<String> {
        let mut found: BTreeSet<String> = self.script.keys().cloned().collect();
        for name in self.routines() {
            found.extend(self.routine(&name).into_iter().flat_map(|routine| routine.known_cues()));
        }
        for pose in self.whole_poses() {
            each_pose_cue(&pose, &mut |cue| _ = found.insert(cue.id));
            found.extend(pose.cues.keys().cloned());
        }
        found
    }

    /// The names of all routines.
    pub fn routines(&self) -> Vec<String> {
        self.names("routines")
    }

    /// The ids of all poses.
    pub fn pose_ids(&self) -> Vec<String> {
        self.names(POSES)
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let names: BTreeSet<String> =
            self.layers.iter().flat_map(|files| named_in(&**files, Path::new(folder))).collect();
        names.into_iter().collect()
    }

    /// The first layer that has anything at a path.
    fn layer(&self, path: &Path) -> Option<&Arc<dyn Files>> {
        self.layers.iter().find(|files| files.kind(path).is_some())
    }

    /// The path that is meant: some editors add `.txt` to `class.toml`, and the system does not show it.
    fn typed<'p>(&self, path: &'p Path) -> Cow<'p, Path> {
        let added = || {
            let mut name = path.as_os_str().to_owned();
            name.push(".txt");
            PathBuf::from(name)
        };
        let is_toml = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
        match self.paths.as_ref().filter(|files| is_toml && files.kind(path).is_none()).map(|_| added()) {
            Some(added) if self.is_path(&added, FileKind::File) => added.into(),
            _ => path.into(),
        }
    }

    /// The files that a typed path is looked for in.
    fn at_path(&self, path: &Path) -> Result<&Arc<dyn Files>> {
        self.paths.as_ref().ok_or_else(|| Error::reading(path)(std::io::ErrorKind::Unsupported.into()))
    }

    /// Whether there is such a thing at a typed path.
    fn is_path(&self, path: &Path, kind: FileKind) -> bool {
        self.paths.as_ref().is_some_and(|files| files.kind(path) == Some(kind))
    }
}

/// The text of a file by its name, such as `routines/mine.toml`. The folder that it is in may be a link as a whole.
fn text_of(files: &dyn Files, path: &Path) -> Result<Arc<Source>> {
    files::text_inside(files, &[Path::new(""), path.parent().unwrap_or(Path::new(""))], path)
}

/// Whether what somebody names is the path of something, not a name to look up.
fn is_path(wanted: &Path) -> bool {
    wanted.as_os_str().as_encoded_bytes().iter().any(|byte| matches!(byte, b'/' | b'\\'))
}

/// What a file is called by, without its ending.
fn stem(path: &Path) -> String {
    let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    match stem.strip_suffix(".toml") {
        Some(name) => name.to_owned(),
        None => stem,
    }
}

/// Whether a file with these keys was meant as a pose, though some of them be misspelt: more of them are a pose's than a
/// routine's; where that does not tell, its folder does.
fn is_pose(keys: &[String], path: &Path) -> bool {
    let known = |tables: &[&[Key]]| {
        let named = |name: &String| tables.iter().flat_map(|keys| keys.iter()).any(|key| key.name == *name);
        keys.iter().filter(|name| named(name)).count()
    };
    let (pose, routine) = (known(&[keys::POSE, keys::PRACTICE]), known(&[keys::ROUTINE]));
    let among_poses = path.parent().and_then(Path::file_name).is_some_and(|folder| folder == "poses");
    pose > routine || (pose == routine && among_poses)
}

/// Whether a file with these keys was meant as a programme: by its weeks, or where it has neither those nor steps, by its folder.
fn is_programme(keys: &[String], path: &Path) -> bool {
    let has = |name: &str| keys.iter().any(|key| key == name);
    let among_programmes = path.parent().and_then(Path::file_name).is_some_and(|folder| folder == "programmes");
    has("weeks") || (among_programmes && !has("steps"))
}

/// The names of the TOML files in a folder; none where there is no folder.
fn named_in(files: &dyn Files, folder: &Path) -> Vec<String> {
    files.list(folder).unwrap_or_default().iter().filter_map(|path| named_by(path)).collect()
}

/// What a TOML file is called by.
fn named_by(path: &Path) -> Option<String> {
    let stem = path.file_stem()?.to_string_lossy().into_owned();
    (path.extension()?.to_str() == Some("toml") && is_name(&stem)).then_some(stem)
}
