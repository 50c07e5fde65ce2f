//! What somebody wants more of and what not again in composed sessions: `tastes.toml` in the folder of one's own things.

use std::fs;
use std::path::PathBuf;

use catcow::load::language::tastes::{Taste, Tastes, with_taste};
use catcow::sink::file::output::Output;
use catcow::{Error, Result};

/// Where it stands.
pub fn path() -> Option<PathBuf> {
    super::home().map(|home| home.join("tastes.toml"))
}

/// What was said so far.
pub fn read() -> Result<Tastes> {
    path().map_or_else(|| Ok(Tastes::default()), |path| Tastes::open(&path))
}

/// Adds what is said of a pose; whole or not at all.
pub fn note(pose: &str, taste: Taste) -> Result<()> {
    let Some(path) = path() else { return Ok(()) };
    // What has mistakes is not written over.
    read()?;
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Error::reading(&path)(error)),
    };
    let text = with_taste(&text, pose, taste)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Error::writing(folder))?;
    }
    let mut output = Output::create(&path)?;
    output.append(text.as_bytes())?;
    output.finish()
}
