//! The words beside the sound: captions and texts in files that are named after it.

use std::path::{Path, PathBuf};

use catcow::plan::Timeline;
use catcow::session::Session;
use catcow::sink::file::output::{Output, is_device, is_stdout};
use catcow::sink::page::print::Paper;
use catcow::sink::page::{PAGES, Page, Subject};
use catcow::{Error, Result};
use clap::Args;

use super::target;

/// Each kind, which is also the ending of its file, and the page that it is.
const KINDS: [(&str, &str); 4] = [("vtt", "vtt"), ("srt", "srt"), ("txt", "text"), ("lrc", "lrc")];
/// The kind that people write themselves, too.
const NOTES: &str = "txt";

/// Which words are written beside the sound.
#[derive(Args, Clone)]
pub struct WordsBeside {
    /// Write what is said beside the sound, in files of its name: captions (vtt, srt), text with times (txt), lyrics (lrc). Without a
    /// kind, the first three.
    #[arg(
        long,
        value_name = "KIND",
        num_args = 0..=1,
        value_delimiter = ',',
        value_parser = KINDS.map(|(kind, _)| kind),
        default_missing_values = ["vtt", "srt", "txt"]
    )]
    words: Vec<String>,
}

/// A page of words on its way to its file.
pub struct WordsFile {
    page: &'static Page,
    output: Output,
}

impl WordsBeside {
    /// Whether any are.
    pub fn is_wanted(&self) -> bool {
        !self.words.is_empty()
    }

    /// The pages, and the files that they are written to beside a file of sound.
    ///
    /// # Errors
    /// There is no file of sound to name them after; one would replace a text that somebody else wrote.
    pub fn paths(&self, sound: Option<&Path>) -> Result<Vec<(&'static Page, PathBuf)>> {
        let wanted = KINDS.iter().filter(|(kind, _)| self.words.iter().any(|word| word == kind));
        let path = |(kind, name): &(&str, &str)| {
            let named = sound.filter(|path| !is_stdout(path) && !is_device(path));
            let path = named.ok_or_else(|| unnamed(sound))?.with_extension(kind);
            if *kind == NOTES && path.exists() && !target::is_own(&path) {
                return Err(foreign(path));
            }
            Ok(PAGES.iter().find(|page| page.name == *name).map(|page| (page, path)))
        };
        wanted.filter_map(|kind| path(kind).transpose()).collect()
    }
}

/// Opens the files.
///
/// # Errors
/// As for any output.
pub fn open(paths: &[(&'static Page, PathBuf)]) -> Result<Vec<WordsFile>> {
    paths.iter().map(|(page, path)| Ok(WordsFile { page, output: Output::create(path)? })).collect()
}

/// Writes the words of a part of a session; the files have their names later.
///
/// # Errors
/// The disk is full.
pub fn write(files: Vec<WordsFile>, session: &Session, part: &Timeline) -> Result<Vec<Output>> {
    let subject = Subject { timeline: part, routine: session.routine(), paper: Paper::default() };
    let written = files.into_iter().map(|WordsFile { page, mut output }| {
        output.append(&page.content.bytes(&subject))?;
        Ok(output)
    });
    written.collect()
}

fn unnamed(sound: Option<&Path>) -> Error {
    let path = sound.unwrap_or(Path::new("the words")).to_owned();
    let reason = "`--words` writes beside a file of sound, and there is none".into();
    Error::Output { path, reason, help: "name one: -o class.m4a".into() }
}

fn foreign(path: PathBuf) -> Error {
    let reason = "there is a text of that name already, which is not one of catcow's".into();
    let help = "call the sound otherwise, or write captions alone: --words vtt,srt".into();
    Error::Output { path, reason, help }
}
