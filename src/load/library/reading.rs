//! What one routine is read with: the library's script and poses, poses beside its file, sounds in its folder.
//!
//! It lives as long as the reading does, so that reading leaves no trace in the library.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::memory::plain;
use super::{Library, ReadPose, named_in};
use crate::advice::Advice;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source};
use crate::load::files::{self, Content, FileKind, Files};
use crate::load::language::cue::is_word;
use crate::load::language::own_words::hyphenated;
use crate::load::language::pose_file::PoseFile;
use crate::load::language::script::Script;
use crate::load::language::spanned::Spanned;
use crate::load::language::surroundings::Surroundings;

/// A folder among files.
#[derive(Clone)]
pub(super) struct Around {
    files: Arc<dyn Files>,
    folder: PathBuf,
}

impl Around {
    /// A folder among files.
    pub(super) fn new(files: &Arc<dyn Files>, folder: impl Into<PathBuf>) -> Around {
        Around { files: Arc::clone(files), folder: folder.into() }
    }

    /// The folder that a file is in.
    pub(super) fn of(files: &Arc<dyn Files>, file: &Path) -> Around {
        Around::new(files, file.parent().unwrap_or(Path::new("")))
    }
}

/// What one routine is read with.
pub(super) struct Reading<'a> {
    library: &'a Library,
    /// Where sounds are that the routine names.
    sounds: Option<Around>,
    /// Where a folder of `poses` may be that come before all others.
    beside: Option<Around>,
    /// Those that were read already, by id; `None` where there is no such file.
    poses: RefCell<BTreeMap<String, Option<Arc<ReadPose>>>>,
    /// The poses whose mistakes are told.
    told: RefCell<BTreeSet<String>>,
    /// The sounds that were found, by their paths from the routine's folder.
    found: RefCell<BTreeMap<PathBuf, Content>>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(library: &'a Library, sounds: Option<Around>, beside: Option<Around>) -> Reading<'a> {
        Reading {
            library,
            sounds,
            beside,
            poses: RefCell::default(),
            told: RefCell::default(),
            found: RefCell::default(),
        }
    }

    /// The poses that were read and stand in files of one's own, by their ids, with their texts.
    pub(super) fn own_poses(&self) -> BTreeMap<String, Arc<Source>> {
        let poses = self.poses.borrow();
        let whole = poses.values().flatten().filter_map(|read| read.pose.as_ref());
        let own = whole.filter(|pose| !pose.source().is_built_in());
        own.map(|pose| (pose.id().to_owned(), Arc::clone(pose.source()))).collect()
    }

    /// The sounds that were found, by their paths from the routine's folder.
    pub(super) fn sounds_found(&self) -> BTreeMap<PathBuf, Content> {
        self.found.borrow().clone()
    }

    fn find(&self, id: &str) -> Option<Arc<ReadPose>> {
        let mut poses = self.poses.borrow_mut();
        let by_id = |id: &str| self.beside(id).or_else(|| self.library.read_pose(id));
        let find = || by_id(id).or_else(|| self.by_other_name(id));
        poses.entry(id.to_owned()).or_insert_with(find).clone()
    }

    /// The pose that is called so by a teacher: its id as people write it, or a name that its file says.
    fn by_other_name(&self, name: &str) -> Option<Arc<ReadPose>> {
        let spelt = hyphenated(name);
        let beside = || self.names_beside().into_iter().filter_map(|id| self.beside(&id));
        self.beside(&spelt)
            .or_else(|| beside().find(|read| read.is_called(&spelt)))
            .or_else(|| self.library.pose_called(&spelt))
    }

    /// The ids of the poses beside the routine's file.
    fn names_beside(&self) -> Vec<String> {
        let beside = self.beside.iter();
        beside.flat_map(|beside| named_in(&*beside.files, &beside.folder.join("poses"))).collect()
    }

    fn beside(&self, id: &str) -> Option<Arc<ReadPose>> {
        let Around { files, folder } = self.beside.as_ref().filter(|_| is_word(id))?;
        let path = folder.join("poses").join(format!("{id}.toml"));
        let read = || ReadPose::new(id, files::text_inside(&**files, &[folder], &path));
        files.kind(&path).map(|_| Arc::new(read()))
    }
}

impl Surroundings for Reading<'_> {
    fn script(&self) -> Arc<Script> {
        self.library.script()
    }

    fn pose(&self, id: &Spanned<String>, mistakes: &mut Diagnostics) -> Option<Arc<PoseFile>> {
        let Some(read) = self.find(&id.value) else {
            let mut names = self.library.pose_ids();
            names.extend(self.names_beside());
            names.extend(self.library.other_pose_names());
            let mistake = Diagnostic::error(Code::UnknownPose, format!("expected a pose's id, found `{}`", id.value));
            mistakes.push(
                mistake
                    .at(&id.place, "no such pose")
                    .nearest(&id.value, names.iter().map(String::as_str))
                    .help(Advice::ListPoses),
            );
            return None;
        };
        if self.told.borrow_mut().insert(id.value.clone()) {
            mistakes.extend(read.wrong.clone());
        }
        read.pose.clone()
    }

    fn sound(&self, path: &Spanned<String>) -> Result<Content, Diagnostic> {
        let refuse = |message: String| {
            Err(Diagnostic::error(Code::OutsideFolder, message)
                .at(&path.place, "this file")
                .help("put the sound in the routine's folder, or in a folder beside it, and write the path from there"))
        };
        let Some(Around { files, folder }) = &self.sounds else {
            return refuse("expected a sound of the program's own, found a file".into());
        };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let wanted = folder.join(&path.value);
        let Ok(real) = files.resolve(&wanted) else {
            return refuse(format!("expected a sound file, found none at {}", files.content(&wanted).shown()));
        };
        match files.resolve(folder) {
            Ok(folder) if real.starts_with(&folder) && !Path::new(&path.value).is_absolute() => {}
            _ => return refuse(format!("expected a file in the routine's own folder, found {}", path.value)),
        }
        let found = match files.kind(&real) {
            Some(FileKind::Other(name)) => name,
            Some(FileKind::Folder) => "a folder",
            _ => {
                let content = files.content(&real);
                self.found.borrow_mut().insert(plain(Path::new(&path.value)), content.clone());
                return Ok(content);
            }
        };
        refuse(format!("expected a sound file, found {found} at {}", files.content(&wanted).shown()))
    }
}
