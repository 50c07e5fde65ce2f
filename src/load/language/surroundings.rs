//! What a routine's text refers to outside of itself.

use std::sync::Arc;

use super::pose_file::PoseFile;
use super::script::Script;
use super::spanned::Spanned;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::load::files::Content;

/// What a routine's text refers to outside of itself.
pub(crate) trait Surroundings {
    /// The words of every cue that has some outside a routine or a pose.
    fn script(&self) -> Arc<Script>;

    /// A pose by its id. Where there is none, or none without mistakes, `mistakes` tells of it.
    fn pose(&self, id: &Spanned<String>, mistakes: &mut Diagnostics) -> Option<Arc<PoseFile>>;

    /// The sound file at a path from the routine's folder, which must not lead out of it.
    fn sound(&self, path: &Spanned<String>) -> Result<Content, Diagnostic>;
}
