//! Where an interrupted session stands, so that it can be taken up again.

use std::fs;
use std::path::PathBuf;

use catcow::frames::Frames;
use catcow::plan::Timeline;
use catcow::sink::file::output::Output;
use catcow::sink::player::Glance;
use catcow::{Error, Result};
use clap::Parser;
use serde::{Deserialize, Serialize};

use super::super::{Arguments, Verb};
use super::Play;

/// What was wanted, and where.
#[derive(Clone, Serialize, Deserialize)]
pub struct CommandLine {
    /// The arguments, the program's own name left out.
    arguments: Vec<String>,
    /// The folder it was given in: paths start there.
    folder: PathBuf,
}

/// What was wanted, and how far it came.
#[derive(Serialize, Deserialize)]
pub struct Bookmark {
    #[serde(flatten)]
    command: CommandLine,
    /// Which part of the session, from 0.
    part: usize,
    /// How many seconds into it.
    seconds: f64,
}

impl CommandLine {
    /// What was said to this process.
    pub fn given() -> CommandLine {
        CommandLine {
            arguments: std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect(),
            folder: std::env::current_dir().unwrap_or_default(),
        }
    }

    /// What writes the same session to a file.
    pub fn as_export(&self, routine: &str) -> String {
        // What only a session that is played has: alone, and with a value.
        const ALONE: [&str; 4] = ["--keep-playing", "--loop", "--pain", "--resume"];
        const WITH_VALUE: [&str; 3] = ["--delay", "--from", "--until"];
        let mut words = vec!["catcow".to_owned()];
        let mut arguments = self.arguments.iter();
        while let Some(argument) = arguments.next() {
            let name = argument.split('=').next().unwrap_or_default();
            if WITH_VALUE.contains(&name) {
                if name == argument {
                    arguments.next();
                }
            } else if argument == "play" {
                words.push("export".into());
            } else if !ALONE.contains(&name) {
                let plain = argument.chars().all(|letter| letter.is_alphanumeric() || "-_./=:,".contains(letter));
                words.push(if plain { argument.clone() } else { format!("'{argument}'") });
            }
        }
        format!("{} -o {routine}.wav", words.join(" "))
    }
}

impl Bookmark {
    /// The place that is heard, in a session that was asked for by `command`.
    pub fn new(command: &CommandLine, glance: &Glance) -> Bookmark {
        let timeline = glance.mixer.timeline();
        let part = timeline.chapter_at(glance.heard).unwrap_or(0);
        let start = timeline.chapters.get(part).map_or(Frames::ZERO, |chapter| chapter.start);
        let seconds = glance.heard.saturating_sub(start).seconds(timeline.rate);
        Bookmark { command: command.clone(), part, seconds }
    }

    /// The command that it goes on with.
    pub fn command(&self) -> CommandLine {
        self.command.clone()
    }

    /// What was kept, as a command and a place.
    pub fn open() -> Result<(Play, Bookmark)> {
        let nothing = || Error::Playback {
            reason: "expected a session that was interrupted, found none".into(),
            help: vec!["begin one: catcow play gentle-back; `catcow list` shows them all".into()],
        };
        let bookmark = Bookmark::read().ok_or_else(nothing)?;
        let _ = std::env::set_current_dir(&bookmark.command.folder);
        let command = std::iter::once("catcow".to_owned()).chain(bookmark.command.arguments.iter().cloned());
        match Arguments::try_parse_from(command).map(|arguments| arguments.verb) {
            Ok(Verb::Play(play)) if !play.resume => Ok((Play { delay: None, ..*play }, bookmark)),
            _ => Err(nothing()),
        }
    }

    /// The frame to go on at: a little before what was last said.
    pub fn place(&self, timeline: &Timeline) -> Frames {
        let Some(chapter) = timeline.chapters.get(self.part) else { return Frames::ZERO };
        let into = Frames((self.seconds.max(0.0) * f64::from(timeline.rate.hz())) as u64);
        timeline.resumption(chapter.start + into.min(chapter.frames)).max(chapter.start)
    }

    fn read() -> Option<Bookmark> {
        serde_json::from_slice(&fs::read(path()?).ok()?).ok()
    }

    /// Keeps it, whole or not at all.
    pub fn write(&self) -> Result<()> {
        let Some(path) = path() else { return Ok(()) };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(Error::writing(folder))?;
        }
        let text = serde_json::to_vec(self).map_err(|error| Error::writing(&path)(error.into()))?;
        let mut output = Output::create(&path)?;
        output.append(&text)?;
        // Every few seconds while somebody practises: a slow disk must not keep the keys waiting.
        output.finish_unsynced()
    }

    /// Nothing is left to take up.
    pub fn remove() {
        if let Some(path) = path() {
            let _ = fs::remove_file(path);
        }
    }
}

fn path() -> Option<PathBuf> {
    super::super::home().map(|home| home.join("interrupted.json"))
}
