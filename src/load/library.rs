//! Where routines, poses, voices and the script are found: first in folders of one's own, then in what is built in.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use include_dir::{Dir, include_dir};

use super::cue::is_word;
use super::document::{At, Document};
use super::grammar::{self, Key};
use super::pose::PoseFile;
use super::routine::Routine;
use super::script::{self, Script};
use super::voice::Voice;
use crate::diagnostic::{Diagnostic, Diagnostics, Source};
use crate::error::{Error, Result};

static ROUTINES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/routines");
static VOICES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/voice_clips");

/// The voice that speaks where none is chosen.
pub const DEFAULT_VOICE: &str = "ada";

/// No file of text may be larger: a routine of ten thousand steps is a tenth of it.
const LARGEST_TEXT: u64 = 8 << 20;

/// What can be used by name.
pub struct Library {
    /// Folders of one's own, in the order they are searched: each with `routines`, `routines/poses`, `voice_clips`.
    homes: Vec<PathBuf>,
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
        let homes: Vec<PathBuf> = home.filter(|home| home.is_dir()).map(Path::to_owned).into_iter().collect();
        let builtin = built_in(&VOICES, "voice_clips", "script.toml").map(|source| script::parse(&source));
        let (mut words, mut mistakes) = builtin.unwrap_or_default();
        for path in homes.iter().map(|home| home.join("voice_clips/script.toml")).filter(|path| path.is_file()) {
            let (own, wrong) = script::parse(&read_text(&path)?);
            words.extend(own);
            mistakes.extend(wrong);
        }
        if mistakes.has_errors() {
            return Err(mistakes.into());
        }
        Ok(Library { homes, beside: None, script: Arc::new(words), poses: Mutex::default() })
    }

    /// The words of every cue that has some outside a routine or a pose.
    pub fn script(&self) -> Arc<Script> {
        Arc::clone(&self.script)
    }

    /// Reads a routine: `wanted` is the name of one, or the path of a file. Poses in a folder `poses` beside a file
    /// are found before all others.
    ///
    /// # Errors
    /// No such routine; mistakes in it.
    pub fn routine(&mut self, wanted: &str) -> Result<Routine> {
        let path = Path::new(wanted);
        if wanted.contains(['/', '\\']) || path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml")) {
            return self.routine_file(path);
        }
        let source = self.routine_source(wanted)?;
        Routine::read(wanted, &source, self)
    }

    /// Reads a routine from a file, whatever its name.
    ///
    /// # Errors
    /// The file cannot be read; mistakes in it.
    pub fn routine_file(&mut self, path: &Path) -> Result<Routine> {
        self.beside = path.parent().map(Path::to_owned);
        self.poses = Mutex::default();
        let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        Routine::read(&name, &read_text(path)?, self)
    }

    /// What a file of text is, by what stands in it; poses and scripts are checked.
    ///
    /// # Errors
    /// The file cannot be read; mistakes in a pose or a script.
    pub fn kind_of(&self, path: &Path) -> Result<Kind> {
        let source = read_text(path)?;
        let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let (keys, _) =
            Document::read(&source, |table| table.keys().map(|key| key.value.to_owned()).collect::<Vec<_>>());
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

    fn routine_source(&self, wanted: &str) -> Result<Arc<Source>> {
        let file = format!("{wanted}.toml");
        if is_word(wanted) {
            if let Some(path) =
                self.homes.iter().map(|home| home.join("routines").join(&file)).find(|path| path.is_file())
            {
                return read_text(&path);
            }
            if let Some(source) = built_in(&ROUTINES, "routines", &file) {
                return Ok(source);
            }
        }
        let names = self.routines();
        let mut mistake =
            Diagnostic::error("unknown-routine", format!("expected a routine or the path of one, found `{wanted}`"));
        if self.names(&ROUTINES, "routines", "poses").iter().any(|pose| pose == wanted) {
            mistake = mistake.help(format!("`{wanted}` is a pose: a routine has it in a step, `pose = \"{wanted}\"`"));
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

    /// The poses of the catalogue; those that cannot be read are left out.
    pub fn poses(&self) -> Vec<PoseEntry> {
        let entry = |id: String| {
            let pose = self.pose_file(&id, &mut Diagnostics::default())?;
            let (name, benefit) = pose.about();
            Some(PoseEntry { name: name.to_owned(), benefit: benefit.to_owned(), id })
        };
        self.names(&ROUTINES, "routines", "poses").into_iter().filter_map(entry).collect()
    }

    fn names(&self, embedded: &Dir<'_>, folder: &str, inside: &str) -> Vec<String> {
        let stem = |path: &Path| {
            let stem = path.file_stem()?.to_string_lossy().into_owned();
            (path.extension()?.to_str() == Some("toml") && is_word(&stem)).then_some(stem)
        };
        let embedded = if inside.is_empty() { Some(embedded) } else { embedded.get_dir(inside) };
        let mut names: BTreeSet<String> =
            embedded.into_iter().flat_map(Dir::files).filter_map(|file| stem(file.path())).collect();
        for home in &self.homes {
            let entries = fs::read_dir(home.join(folder).join(inside)).into_iter().flatten().flatten();
            names.extend(entries.filter_map(|entry| stem(&entry.path())));
        }
        names.into_iter().collect()
    }

    /// A pose by its id; a mistake at the id's place where there is none.
    pub(super) fn pose(&self, id: &At<String>, mistakes: &mut Diagnostics) -> Option<Arc<PoseFile>> {
        let before = mistakes.has_errors();
        let found = self.pose_file(&id.value, mistakes);
        if found.is_none() && (before || !mistakes.has_errors()) {
            let names = self.names(&ROUTINES, "routines", "poses");
            let mistake = Diagnostic::error("unknown-pose", format!("expected a pose's id, found `{}`", id.value));
            mistakes.push(
                mistake
                    .at(&id.place, "no such pose")
                    .nearest(&id.value, names.iter().map(String::as_str))
                    .help("`catcow list` shows the poses; a routine may bring its own under `[poses.<id>]`"),
            );
        }
        found
    }

    fn pose_file(&self, id: &str, mistakes: &mut Diagnostics) -> Option<Arc<PoseFile>> {
        if let Some(known) = self.poses.lock().expect("no reader panics").get(id) {
            return known.clone();
        }
        let source = match self.pose_source(id)? {
            Ok(source) => source,
            Err(Error::Mistakes(wrong)) => {
                mistakes.extend(wrong);
                return None;
            }
            Err(error) => {
                mistakes.push(Diagnostic::error("unreadable", error.to_string()));
                return None;
            }
        };
        let (pose, wrong) = PoseFile::parse(id, &source);
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
        let folders = beside.chain(self.homes.iter().map(|home| home.join("routines/poses")));
        match folders.map(|folder| folder.join(&file)).find(|path| path.is_file()) {
            Some(path) => Some(read_text(&path)),
            None => built_in(&ROUTINES, "routines", &format!("poses/{file}")).map(Ok),
        }
    }

    /// The ids of all voices.
    pub fn voices(&self) -> Vec<String> {
        let id =
            |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).filter(|id| is_word(id));
        let embedded = VOICES.dirs().filter(|folder| folder.get_file(folder.path().join("voice.toml")).is_some());
        let mut ids: BTreeSet<String> = embedded.filter_map(|folder| id(folder.path())).collect();
        for home in &self.homes {
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
            let own = self.homes.iter().map(|home| home.join("voice_clips").join(wanted));
            if let Some(folder) = own.into_iter().find(|folder| folder.is_dir()) {
                return Voice::folder(&folder);
            }
            if let Some(source) = built_in(&VOICES, "voice_clips", &format!("{wanted}/voice.toml")) {
                return Voice::built_in(wanted, &source);
            }
        }
        let ids = self.voices();
        let mistake =
            Diagnostic::error("unknown-voice", format!("expected a voice or the path of a folder, found `{wanted}`"));
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
    let (pose, routine) = (known(&[grammar::POSE, grammar::PRACTICE]), known(&[grammar::ROUTINE]));
    let among_poses = path.parent().and_then(Path::file_name).is_some_and(|folder| folder == "poses");
    pose > routine || (pose == routine && among_poses)
}

/// The bytes of a built-in clip.
pub(super) fn built_in_clip(voice: &str, cue: &str) -> Option<&'static [u8]> {
    VOICES.get_file(format!("{voice}/{cue}.opus")).map(include_dir::File::contents)
}

fn built_in(folder: &Dir<'_>, shown: &str, path: &str) -> Option<Arc<Source>> {
    let text = folder.get_file(path)?.contents_utf8()?;
    Some(Arc::new(Source { path: format!("built-in:{shown}/{path}"), text: text.to_owned() }))
}

/// Reads a file of text.
///
/// # Errors
/// It cannot be read, is too large, or is not UTF-8: then with the line.
pub(super) fn read_text(path: &Path) -> Result<Arc<Source>> {
    let shown = path.display().to_string();
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(Error::reading(path))?;
    // Not what the file says of its size: a device says nothing and never ends.
    file.take(LARGEST_TEXT + 1).read_to_end(&mut bytes).map_err(Error::reading(path))?;
    if bytes.len() as u64 > LARGEST_TEXT {
        let message = format!("expected a file of at most {} MiB, found more in {shown}", LARGEST_TEXT >> 20);
        return Err(Diagnostic::error("file-size", message).into());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Arc::new(Source { path: shown, text })),
        Err(error) => {
            let start = error.utf8_error().valid_up_to();
            // The replacement character is three bytes long, and stands where the first wrong byte stood.
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let place =
                crate::diagnostic::Place { source: Arc::new(Source { path: shown, text }), span: start..start + 3 };
            let mistake =
                Diagnostic::error("not-utf8", "expected UTF-8 text, found other bytes").at(&place, "from here on");
            Err(mistake.help("save the file again with the encoding UTF-8").into())
        }
    }
}
