//! Where routines, poses, voices and the script are found: first in folders of one's own, then in what is built in.

pub(crate) mod built_in;
pub(crate) mod text;
pub mod voice;

pub use voice::Voice;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use include_dir::Dir;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source};
use crate::error::{Error, Result};
use crate::load::language::cue::is_word;
use crate::load::language::keys::{self, Key};
use crate::load::language::pose::Pose;
use crate::load::language::pose_file::PoseFile;
use crate::load::language::reader::Reader;
use crate::load::language::script::{self, Script};
use crate::load::language::spanned::Spanned;
use built_in::{ROUTINES, VOICES};

/// The voice that speaks where none is chosen.
pub const DEFAULT_VOICE: &str = "ada";

/// What can be used by name.
pub struct Library {
    /// A folder of one's own, with `routines`, `routines/poses`, `voice_clips`, which is searched first.
    home: Option<PathBuf>,
    /// A folder whose `poses` come before all others: the one that a routine's file stands in.
    beside: Option<PathBuf>,
    script: Arc<Script>,
    poses: Mutex<BTreeMap<String, Option<Arc<PoseFile>>>>,
}

/// What a file of text is.
#[derive(Debug)]
pub enum Kind {
    /// A routine.
    Routine,
    /// A pose, with its name.
    Pose(String),
    /// A script, with the number of its cues.
    Script(usize),
}

/// A pose of the catalogue, for a list.
#[derive(Debug)]
pub struct PoseEntry {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What people do it for.
    pub benefit: String,
}

impl Library {
    /// What is built in, behind the folder `home` where there is one.
    ///
    /// # Errors
    /// Mistakes in the folder's own script.
    pub fn open(home: Option<&Path>) -> Result<Library> {
        let home = home.filter(|home| home.is_dir()).map(Path::to_owned);
        let builtin = built_in::voices("script.toml").map(|source| script::parse(&source));
        let (mut words, mut mistakes) = builtin.unwrap_or_default();
        for path in home.iter().map(|home| home.join("voice_clips/script.toml")).filter(|path| path.is_file()) {
            let (own, wrong) = script::parse(&text::read(&path)?);
            words.extend(own);
            mistakes.extend(wrong);
        }
        if mistakes.has_errors() {
            return Err(mistakes.into());
        }
        Ok(Library { home, beside: None, script: Arc::new(words), poses: Mutex::default() })
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
        let source = text::read(path)?;
        let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let (keys, _) = Reader::read(&source, |table| table.keys().map(|key| key.value.to_owned()).collect::<Vec<_>>());
        let (kind, mistakes) = if is_pose(&keys, path) {
            let mut found = Diagnostics::default();
            let (file, wrong) = PoseFile::parse(&stem, &source);
            let name = file.and_then(|file| file.check(&mut found));
            found.extend(wrong);
            (Kind::Pose(name.unwrap_or_default()), found)
        } else if keys == ["cues"] {
            let (words, wrong) = script::parse(&source);
            (Kind::Script(words.len()), wrong)
        } else {
            (Kind::Routine, Diagnostics::default())
        };
        if mistakes.has_errors() { Err(mistakes.into()) } else { Ok(kind) }
    }

    /// Finds poses first in a folder `poses` beside a routine's file.
    pub(crate) fn stand_beside(&mut self, routine: &Path) {
        self.beside = routine.parent().map(Path::to_owned);
        self.poses = Mutex::default();
    }

    /// The text of the routine of a name.
    ///
    /// # Errors
    /// There is none; or its file cannot be read.
    pub fn routine_source(&self, wanted: &str) -> Result<Arc<Source>> {
        let file = format!("{wanted}.toml");
        if is_word(wanted) {
            if let Some(path) =
                self.home.iter().map(|home| home.join("routines").join(&file)).find(|path| path.is_file())
            {
                return text::read(&path);
            }
            if let Some(source) = built_in::routines(&file) {
                return Ok(source);
            }
        }
        let names = self.routines();
        let mut mistake =
            Diagnostic::error(Code::UnknownRoutine, format!("expected a routine or the path of one, found `{wanted}`"));
        if self.pose_ids().iter().any(|pose| pose == wanted) {
            mistake = mistake.help(format!("`{wanted}` is a pose: a routine has it in a step, `pose = \"{wanted}\"`"));
        }
        // A word is a name: a file in the folder at hand is meant only by its path.
        if Path::new(&file).is_file() {
            return Err(mistake.help(format!("for the file of that name here, write `{file}`")).into());
        }
        Err(mistake
            .nearest(wanted, names.iter().map(String::as_str))
            .help(format!("the routines are: {}; the path of a file ends in .toml", names.join(", ")))
            .into())
    }

    /// The names of all routines.
    pub fn routines(&self) -> Vec<String> {
        self.names(&ROUTINES, "routines", "")
    }

    /// The ids of all poses.
    pub fn pose_ids(&self) -> Vec<String> {
        self.names(&ROUTINES, "routines", "poses")
    }

    /// The poses of the catalogue; those that cannot be read are left out.
    pub fn poses(&self) -> Vec<PoseEntry> {
        let entry = |id: String| {
            let pose = self.pose_file(&id, &mut Diagnostics::default())?;
            let (name, benefit) = pose.about();
            Some(PoseEntry { name: name.to_owned(), benefit: benefit.to_owned(), id })
        };
        self.pose_ids().into_iter().filter_map(entry).collect()
    }

    /// The poses of the catalogue as they stand; those with mistakes are left out.
    pub(crate) fn whole_poses(&self) -> impl Iterator<Item = Pose> + '_ {
        let ids = self.pose_ids().into_iter();
        ids.filter_map(|id| {
            let mistakes = &mut Diagnostics::default();
            self.pose_file(&id, mistakes)?.whole(mistakes)
        })
    }

    fn names(&self, embedded: &Dir<'_>, folder: &str, inside: &str) -> Vec<String> {
        let embedded = if inside.is_empty() { Some(embedded) } else { embedded.get_dir(inside) };
        let mut names: BTreeSet<String> =
            embedded.into_iter().flat_map(Dir::files).filter_map(|file| named_by(file.path())).collect();
        if let Some(home) = &self.home {
            names.extend(named_in(&home.join(folder).join(inside)));
        }
        names.into_iter().collect()
    }

    /// A pose by its id; a mistake at the id's place where there is none.
    pub(crate) fn pose(&self, id: &Spanned<String>, mistakes: &mut Diagnostics) -> Option<Arc<PoseFile>> {
        let found = self.pose_file(&id.value, mistakes);
        if found.is_none() && !self.poses.lock().expect("no reader panics").contains_key(&id.value) {
            let mut names = self.pose_ids();
            names.extend(self.beside.iter().flat_map(|folder| named_in(&folder.join("poses"))));
            let mistake = Diagnostic::error(Code::UnknownPose, format!("expected a pose's id, found `{}`", id.value));
            mistakes.push(
                mistake
                    .at(&id.place, "no such pose")
                    .nearest(&id.value, names.iter().map(String::as_str))
                    .help("`catcow list` shows the poses; a routine may bring its own under `[poses.<id>]`"),
            );
        }
        found
    }

    /// A pose by its id. What is wrong with its file is told once; then it is known, and `None`.
    fn pose_file(&self, id: &str, mistakes: &mut Diagnostics) -> Option<Arc<PoseFile>> {
        if let Some(known) = self.poses.lock().expect("no reader panics").get(id) {
            return known.clone();
        }
        let (pose, wrong) = match self.pose_source(id)? {
            Ok(source) => PoseFile::parse(id, &source),
            Err(Error::Mistakes(wrong)) => (None, wrong),
            Err(error) => (None, Diagnostic::error(Code::Unreadable, error.to_string()).into()),
        };
        mistakes.extend(wrong);
        let pose = pose.map(Arc::new);
        self.poses.lock().expect("no reader panics").insert(id.to_owned(), pose.clone());
        pose
    }

    fn pose_source(&self, id: &str) -> Option<Result<Arc<Source>>> {
        if !is_word(id) {
            return None;
        }
        let file = format!("{id}.toml");
        let beside = self.beside.iter().map(|folder| folder.join("poses"));
        let folders = beside.chain(self.home.iter().map(|home| home.join("routines/poses")));
        match folders.map(|folder| folder.join(&file)).find(|path| path.is_file()) {
            Some(path) => Some(text::read(&path)),
            None => built_in::routines(&format!("poses/{file}")).map(Ok),
        }
    }

    /// The ids of all voices.
    pub fn voices(&self) -> Vec<String> {
        let id =
            |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).filter(|id| is_word(id));
        let embedded = VOICES.dirs().filter(|folder| folder.get_file(folder.path().join("voice.toml")).is_some());
        let mut ids: BTreeSet<String> = embedded.filter_map(|folder| id(folder.path())).collect();
        if let Some(home) = &self.home {
            let entries = fs::read_dir(home.join("voice_clips")).into_iter().flatten().flatten();
            ids.extend(entries.map(|entry| entry.path()).filter(|path| path.is_dir()).filter_map(|path| id(&path)));
        }
        ids.into_iter().collect()
    }

    /// A voice: `wanted` is the id of one, or the path of a folder.
    ///
    /// # Errors
    /// No such voice; mistakes in its `voice.toml`; a folder that cannot be read.
    pub fn voice(&self, wanted: &str) -> Result<Voice> {
        if wanted.contains(['/', '\\']) || wanted == "." || wanted == ".." {
            return Voice::folder(Path::new(wanted));
        }
        if is_word(wanted) {
            let own = self.home.iter().map(|home| home.join("voice_clips").join(wanted));
            if let Some(folder) = own.into_iter().find(|folder| folder.is_dir()) {
                return Voice::folder(&folder);
            }
            if let Some(source) = built_in::voices(&format!("{wanted}/voice.toml")) {
                return Voice::built_in(wanted, &source);
            }
        }
        let ids = self.voices();
        let mistake = Diagnostic::error(
            Code::UnknownVoice,
            format!("expected a voice or the path of a folder, found `{wanted}`"),
        );
        if Path::new(wanted).is_dir() {
            return Err(mistake.help(format!("for the folder of that name here, write `./{wanted}`")).into());
        }
        Err(mistake
            .nearest(wanted, ids.iter().map(String::as_str))
            .help(format!("the voices are: {}; the path of a folder has a `/` in it", ids.join(", ")))
            .into())
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

/// The names of the TOML files in a folder; none where there is no folder.
fn named_in(folder: &Path) -> impl Iterator<Item = String> + use<> {
    fs::read_dir(folder).into_iter().flatten().flatten().filter_map(|entry| named_by(&entry.path()))
}

/// What a TOML file is called by.
fn named_by(path: &Path) -> Option<String> {
    let stem = path.file_stem()?.to_string_lossy().into_owned();
    (path.extension()?.to_str() == Some("toml") && is_word(&stem)).then_some(stem)
}
