//! The poses of a library: by their ids, and by what else they are called.

use std::path::Path;
use std::sync::{Arc, PoisonError};

use super::{Library, POSES, ReadPose, text_of};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source};
use crate::error::{Error, Result};
use crate::load::language::cue::is_word;
use crate::load::language::own_words::hyphenated;
use crate::load::language::pose::Pose;
use crate::load::language::pose_file::PoseFile;
use crate::load::language::pose_names::PoseNames;

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
    /// The poses of the catalogue; those that cannot be read are left out.
    pub fn poses(&self) -> Vec<PoseEntry> {
        let entry = |id: String| {
            let read = self.read_pose(&id)?;
            let (name, benefit) = read.pose.as_ref()?.about();
            Some(PoseEntry { name: name.to_owned(), benefit: benefit.to_owned(), id })
        };
        self.pose_ids().into_iter().filter_map(entry).collect()
    }

    /// The poses of the catalogue as they stand; those with mistakes are left out.
    pub(crate) fn whole_poses(&self) -> impl Iterator<Item = Pose> + '_ {
        let ids = self.pose_ids().into_iter();
        ids.filter_map(|id| self.read_pose(&id)?.pose.as_ref()?.whole(&mut Diagnostics::default()))
    }

    /// The rules by which sessions are composed.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn composing_rules(&self) -> Result<Arc<Source>> {
        let path = Path::new("routines/composing/rules.toml");
        let files = self.layer(path).ok_or_else(|| Error::reading(path)(std::io::ErrorKind::NotFound.into()))?;
        text_of(&**files, path)
    }

    /// A pose of the catalogue, by its id; `None` where there is no such file.
    pub(super) fn read_pose(&self, id: &str) -> Option<Arc<ReadPose>> {
        let known = || self.poses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(read) = known().get(id) {
            return Some(Arc::clone(read));
        }
        let path = Path::new(POSES).join(format!("{id}.toml"));
        let files = self.layer(&path).filter(|_| is_word(id))?;
        let read = Arc::new(ReadPose::new(id, text_of(&**files, &path)));
        known().insert(id.to_owned(), Arc::clone(&read));
        Some(read)
    }

    /// The id of the pose that is called so: by its id, however people write it, or by another name that its file says.
    pub fn pose_id(&self, name: &str) -> Option<String> {
        Some(self.pose_called(&hyphenated(name))?.pose.as_ref()?.id().to_owned())
    }

    /// What all poses of the library can be called by.
    pub fn pose_names(&self) -> PoseNames {
        let mut names = PoseNames::default();
        for read in self.pose_ids().iter().filter_map(|id| self.read_pose(id)) {
            if let Some(pose) = &read.pose {
                names.add(pose.id(), std::iter::once(pose.about().0).chain(pose.also().iter().map(String::as_str)));
            }
        }
        names
    }

    /// What else the poses are called, spelt as names are.
    pub(super) fn other_pose_names(&self) -> Vec<String> {
        let read = self.pose_ids().into_iter().filter_map(|id| self.read_pose(&id));
        read.filter_map(|read| Some(read.pose.as_ref()?.also().to_vec())).flatten().collect()
    }

    /// A pose by its id or by another of its names, spelt as names are.
    pub(super) fn pose_called(&self, spelt: &str) -> Option<Arc<ReadPose>> {
        let others = || self.pose_ids().into_iter().filter_map(|id| self.read_pose(&id));
        self.read_pose(spelt).or_else(|| others().find(|read| read.is_called(spelt)))
    }
}

impl ReadPose {
    /// Whether its file says that it is called so, too.
    pub(super) fn is_called(&self, spelt: &str) -> bool {
        self.pose.as_ref().is_some_and(|pose| pose.also().iter().any(|name| name == spelt))
    }

    pub(super) fn new(id: &str, text: Result<Arc<Source>>) -> ReadPose {
        let (pose, wrong) = match text {
            Ok(source) => PoseFile::parse(id, &source),
            Err(Error::Mistakes(wrong)) => (None, wrong),
            Err(error) => (None, Diagnostic::error(Code::Unreadable, error.to_string()).into()),
        };
        ReadPose { pose: pose.map(Arc::new), wrong }
    }
}
