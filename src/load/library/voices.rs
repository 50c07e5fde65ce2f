//! The voices of a library: found by name or path, one alone or several of which each says what those before it lack.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Library, Voice, is_path};
use crate::diagnostic::{Code, Diagnostic};
use crate::error::Result;
use crate::load::files::{FileKind, Files};
use crate::load::language::cue::is_word;

/// The folder of voices, among files.
const VOICES: &str = "voice_clips";

impl Library {
    /// The ids of all voices.
    pub fn voices(&self) -> Vec<String> {
        let folders = |files: &Arc<dyn Files>| {
            let paths = files.list(Path::new(VOICES)).unwrap_or_default();
            paths.into_iter().filter(|path| files.kind(path) == Some(FileKind::Folder)).collect::<Vec<_>>()
        };
        let id = |path: PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
        let ids: BTreeSet<String> =
            self.layers.iter().flat_map(folders).filter_map(id).filter(|id| is_word(id)).collect();
        ids.into_iter().collect()
    }

    /// A voice: `wanted` is the id of one, the path of a folder, or several of these with commas between them. Each says what those
    /// before it lack; so does the voice that a `voice.toml` names as its `fallback`.
    ///
    /// # Errors
    /// No such voice; mistakes in its `voice.toml`; a folder that cannot be read.
    pub fn voice(&self, wanted: impl AsRef<Path>) -> Result<Voice> {
        let wanted = wanted.as_ref();
        let mut all: Vec<Voice> = Vec::new();
        for name in self.parts(wanted) {
            let mut next = Some(self.single(&name)?);
            // A voice that was met already ends a circle.
            while let Some(voice) =
                next.take().filter(|it| !all.iter().any(|known| known.id == it.id && known.folder == it.folder))
            {
                next = self.fallback(&voice)?;
                all.push(voice);
            }
        }
        let mut all = all.into_iter();
        // Of a text, there is always a first part.
        let first = all.next().map_or_else(|| self.single(wanted), Ok)?;
        Ok(Voice { lenders: all.map(Arc::new).collect(), ..first })
    }

    /// The voices that are named: a folder may have commas in its name.
    fn parts(&self, wanted: &Path) -> Vec<PathBuf> {
        match wanted.to_str() {
            Some(text) if text.contains(',') && !self.is_path(wanted, FileKind::Folder) => {
                text.split(',').map(|part| PathBuf::from(part.trim())).collect()
            }
            _ => vec![wanted.to_owned()],
        }
    }

    /// The voice that says what `voice` lacks, where its `voice.toml` names one.
    fn fallback(&self, voice: &Voice) -> Result<Option<Voice>> {
        let Some(named) = &voice.fallback else { return Ok(None) };
        // Somebody may have sent the folder: what it names is a voice that the listener has, and no path.
        if is_word(&named.value) {
            let known = self.voices();
            if known.contains(&named.value) {
                return self.single(Path::new(&named.value)).map(Some);
            }
            let message = format!("`fallback`: expected the name of a voice, found `{}`", named.value);
            let mistake = Diagnostic::error(Code::UnknownVoice, message).at(&named.place, "no such voice");
            let mistake = mistake.nearest(&named.value, known.iter().map(String::as_str));
            return Err(mistake.help(format!("the voices are: {}", known.join(", "))).into());
        }
        let message = format!("`fallback`: expected the name of a voice, found `{}`", named.value);
        let mistake = Diagnostic::error(Code::UnknownVoice, message).at(&named.place, "no name of a voice");
        Err(mistake.help("write a voice's name, such as \"ada\"; a folder is named by whoever listens").into())
    }

    /// One voice, by its id or the path of its folder.
    fn single(&self, path: &Path) -> Result<Voice> {
        if is_path(path) || path == Path::new(".") || path == Path::new("..") {
            return Voice::read(&**self.at_path(path)?, path);
        }
        let wanted = &*path.to_string_lossy();
        let folder = Path::new(VOICES).join(wanted);
        if is_word(wanted)
            && let Some(files) = self.layers.iter().find(|files| files.kind(&folder) == Some(FileKind::Folder))
        {
            let about = files.content(&folder.join("voice.toml"));
            if about.is_built_in() {
                return Voice::built_in(wanted, &about.text()?, &**files);
            }
            return Voice::read(&**files, &folder);
        }
        let ids = self.voices();
        let mistake = Diagnostic::error(
            Code::UnknownVoice,
            format!("expected a voice or the path of a folder, found `{wanted}`"),
        );
        if self.is_path(path, FileKind::Folder) {
            return Err(mistake.help(format!("for the folder of that name here, write `./{wanted}`")).into());
        }
        Err(mistake
            .nearest(wanted, ids.iter().map(String::as_str))
            .help(format!("the voices are: {}; the path of a folder has a `/` in it", ids.join(", ")))
            .into())
    }
}
