//! What is part of the program itself: routines, poses, the script, and voices.

use std::sync::Arc;

use include_dir::{Dir, include_dir};

use crate::diagnostic::Source;

/// The routines, and in a folder of theirs the poses.
pub(crate) static ROUTINES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/routines");
/// The script, and a folder for each voice.
pub(crate) static VOICES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/voice_clips");

/// A text among the routines.
pub(crate) fn routines(path: &str) -> Option<Arc<Source>> {
    text(&ROUTINES, "routines", path)
}

/// A text among the voices.
pub(crate) fn voices(path: &str) -> Option<Arc<Source>> {
    text(&VOICES, "voice_clips", path)
}

/// The bytes of a clip.
pub(crate) fn clip(voice: &str, cue: &str) -> Option<&'static [u8]> {
    VOICES.get_file(format!("{voice}/{cue}.opus")).map(include_dir::File::contents)
}

fn text(folder: &Dir<'_>, shown: &str, path: &str) -> Option<Arc<Source>> {
    let text = folder.get_file(path)?.contents_utf8()?;
    Some(Arc::new(Source::built_in(&format!("{shown}/{path}"), text)))
}
