//! Where an interrupted session stands, so that it can be taken up again.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::Read;
use std::path::PathBuf;

use catcow::frames::Frames;
use catcow::plan::Timeline;
use catcow::printable::printable;
use catcow::sink::file::output::Output;
use catcow::sink::player::Glance;
use catcow::{Error, Result};
use clap::{CommandFactory, Parser};
use serde::{Deserialize, Serialize};

use super::Play;
use crate::cli::{Arguments, Verb};

/// What was wanted, and where.
#[derive(Clone, Serialize, Deserialize)]
pub struct CommandLine {
    /// The arguments, the program's own name left out.
    arguments: Vec<Word>,
    /// The folder it was given in: paths start there.
    folder: Word,
    /// The text of the routine, where it was composed: it goes on as it began, on another day too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    composed: Option<String>,
}

/// An argument or a path. Few systems promise that one is text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Word {
    Text(String),
    Bytes(Vec<u8>),
}

/// What was wanted, and how far it came.
#[derive(Serialize, Deserialize)]
pub struct Bookmark {
    #[serde(flatten)]
    command: CommandLine,
    /// The session's title.
    #[serde(default)]
    title: String,
    /// Which part of the session, from 0.
    part: usize,
    /// How many seconds into it.
    seconds: f64,
}

impl From<OsString> for Word {
    fn from(word: OsString) -> Word {
        word.into_string().map_or_else(|word| Word::Bytes(word.into_encoded_bytes()), Word::Text)
    }
}

impl Word {
    fn to_os(&self) -> OsString {
        match self {
            Word::Text(text) => text.into(),
            #[cfg(unix)]
            Word::Bytes(bytes) => std::os::unix::ffi::OsStringExt::from_vec(bytes.clone()),
            #[cfg(not(unix))]
            Word::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned().into(),
        }
    }

    /// As a shell reads it: what is no plain word stands in quotes, and what is no text in escapes.
    fn quoted(&self) -> String {
        let text = self.to_os();
        let plain = |letter: char| letter.is_alphanumeric() || "-_./=:,+@%".contains(letter);
        match text.to_str() {
            Some(text) if !text.is_empty() && text.chars().all(plain) => text.to_owned(),
            Some(text) if printable(text) == text && !text.contains('\n') => {
                format!("'{}'", text.replace('\'', r"'\''"))
            }
            _ => {
                let escaped = |byte: &u8| match byte {
                    b' '..=b'~' if !b"'\\".contains(byte) => char::from(*byte).to_string(),
                    _ => format!("\\x{byte:02x}"),
                };
                format!("$'{}'", text.as_encoded_bytes().iter().map(escaped).collect::<String>())
            }
        }
    }
}

impl CommandLine {
    /// What was said to this process.
    pub fn given() -> CommandLine {
        CommandLine {
            arguments: std::env::args_os().skip(1).map(Word::from).collect(),
            folder: std::env::current_dir().unwrap_or_default().into_os_string().into(),
            composed: None,
        }
    }

    /// The same with the routine that was chosen meanwhile.
    pub fn choosing(mut self, routine: &OsStr) -> CommandLine {
        self.arguments.push(routine.to_owned().into());
        self
    }

    /// The text of the routine, where it was composed.
    pub fn composed(&self) -> Option<&str> {
        self.composed.as_deref()
    }

    /// The same for a session that was composed: with its text, and the argument that asks for the same on another day.
    pub fn of_composed(mut self, text: &str, dated: Option<String>) -> CommandLine {
        if self.composed.replace(text.to_owned()).is_none() {
            self.arguments.extend(dated.map(Word::Text));
        }
        self
    }

    /// What writes the same session to a file; none for what is only played.
    pub fn as_export(&self, routine: &str) -> Option<String> {
        let verb = self.arguments.iter().map(Word::to_os).find(|word| !word.to_string_lossy().starts_with('-'));
        verb.filter(|verb| verb == "play").map(|_| self.export_of(routine))
    }

    fn export_of(&self, routine: &str) -> String {
        let export = options("export");
        let known = |name: &str| !ONLY_PLAYED.contains(&name) && export.iter().any(|option| option.name == name);
        let mut words = vec!["catcow".to_owned()];
        for part in self.parts("play") {
            match part {
                Part::Before(word) | Part::Bare(word) => words.push(word.quoted()),
                Part::Verb => words.push("export".into()),
                Part::Option(name, own) if known(&name) => words.extend(own.iter().map(|word| word.quoted())),
                Part::Option(..) => {}
            }
        }
        let output = if routine.starts_with('-') { format!("./{routine}.wav") } else { format!("{routine}.wav") };
        format!("{} -o {}", words.join(" "), Word::Text(output).quoted())
    }

    /// What plays a session that a programme asked for: what was said to `today`, with the routine and how much of it in place of the
    /// programme.
    pub fn as_play(&self, routine: &str, more: &[String]) -> CommandLine {
        let play = options("play");
        let known = |name: &str| !HOW_DEEP.contains(&name) && play.iter().any(|option| option.name == name);
        let mut arguments = Vec::new();
        for part in self.parts("today") {
            match part {
                Part::Before(word) => arguments.push(word.clone()),
                Part::Verb => arguments.extend(["play", routine].map(|word| Word::Text(word.into()))),
                Part::Option(name, own) if known(&name) => arguments.extend(own.into_iter().cloned()),
                Part::Bare(_) | Part::Option(..) => {}
            }
        }
        arguments.extend(more.iter().map(|word| Word::Text(word.clone())));
        CommandLine { arguments, folder: self.folder.clone(), composed: None }
    }

    /// The arguments, as a verb takes them.
    fn parts(&self, verb: &str) -> Vec<Part<'_>> {
        let known = options(verb);
        let (mut parts, mut after_verb, mut arguments) = (Vec::new(), false, self.arguments.iter());
        while let Some(argument) = arguments.next() {
            let text = argument.to_os();
            let text = text.to_string_lossy();
            let Some((name, value)) = option(&text).filter(|_| after_verb) else {
                // The first word that is no option is the verb: options before it take no value.
                parts.push(match after_verb {
                    true => Part::Bare(argument),
                    false if text.starts_with('-') => Part::Before(argument),
                    false => Part::Verb,
                });
                after_verb |= !text.starts_with('-');
                continue;
            };
            // Every option of the verb is known here, or the command would have been refused.
            let takes = value.is_none() && known.iter().any(|option| option.name == name && option.takes_word);
            let value = if takes { arguments.next() } else { None };
            parts.push(Part::Option(name.to_owned(), [argument].into_iter().chain(value).collect()));
        }
        parts
    }
}

/// A part of a command line.
enum Part<'c> {
    /// What stands before the verb.
    Before(&'c Word),
    /// The verb.
    Verb,
    /// A word that is no long option.
    Bare(&'c Word),
    /// A long option, by its name, with its words.
    Option(String, Vec<&'c Word>),
}

/// How deep a session goes is settled anew where a programme asks for it.
const HOW_DEEP: [&str; 2] = ["level", "length"];

/// What `play` takes as a pose, and `export` as a time: the whole session is offered.
const ONLY_PLAYED: [&str; 2] = ["from", "until"];

/// An option of a verb, by its long name.
struct VerbOption {
    name: String,
    /// Whether the next word is its value.
    takes_word: bool,
}

/// The options of a verb, from what reads them.
fn options(verb: &str) -> Vec<VerbOption> {
    let mut all = Arguments::command();
    all.build();
    let options = all.find_subcommand(verb).into_iter().flat_map(clap::Command::get_opts);
    let known = |arg: &clap::Arg| {
        let takes_word = arg.get_action().takes_values() && !arg.is_require_equals_set();
        arg.get_long().map(|name| VerbOption { name: name.to_owned(), takes_word })
    };
    let flags = all.find_subcommand(verb).into_iter().flat_map(clap::Command::get_arguments);
    options.filter_map(known).chain(flags.filter(|arg| !arg.is_positional()).filter_map(known)).collect()
}

/// The name and the value of a long option, as it is written.
fn option(text: &str) -> Option<(&str, Option<&str>)> {
    let text = text.strip_prefix("--").filter(|name| !name.is_empty())?;
    Some(text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value))))
}

impl Bookmark {
    /// The place that is heard, in a session that was asked for by `command`.
    pub fn new(command: &CommandLine, glance: &Glance) -> Bookmark {
        let timeline = glance.mixer.timeline();
        let part = timeline.chapter_at(glance.heard).unwrap_or(0);
        let start = timeline.chapters.get(part).map_or(Frames::ZERO, |chapter| chapter.start);
        let seconds = glance.heard.saturating_sub(start).seconds(timeline.rate);
        Bookmark { command: command.clone(), title: timeline.title.clone(), part, seconds }
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
        let _ = std::env::set_current_dir(bookmark.command.folder.to_os());
        let command = std::iter::once("catcow".into()).chain(bookmark.command.arguments.iter().map(Word::to_os));
        let play = match Arguments::try_parse_from(command).map(|arguments| arguments.verb) {
            Ok(Verb::Play(play)) if !play.resume => *play,
            Ok(Verb::Sit(sit)) => sit.into_play(),
            _ => return Err(nothing()),
        };
        Ok((play.at_once(), bookmark))
    }

    /// The frame to go on at: a little before what was last said.
    pub fn place(&self, timeline: &Timeline) -> Frames {
        let Some(chapter) = timeline.chapters.get(self.part) else { return Frames::ZERO };
        let into = Frames((self.seconds.max(0.0) * f64::from(timeline.rate.hz())) as u64);
        timeline.resumption(chapter.start + into.min(chapter.frames)).max(chapter.start)
    }

    /// Which session it is of, in brackets, where that is known.
    pub fn named(&self) -> String {
        if self.title.is_empty() { String::new() } else { format!(" ({})", self.title) }
    }

    /// What was kept, where there is something.
    pub fn read() -> Option<Bookmark> {
        /// No bookmark is larger: a hundred long paths.
        const LARGEST_BYTES: u64 = 1 << 20;
        let path = path()?;
        // A pipe or a device could keep it waiting, or never end.
        let file = fs::metadata(&path).is_ok_and(|found| found.is_file()).then(|| File::open(&path).ok())??;
        let mut text = Vec::new();
        file.take(LARGEST_BYTES).read_to_end(&mut text).ok()?;
        serde_json::from_slice(&text).ok()
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
    crate::cli::home().map(|home| home.join("interrupted.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_export_of_a_session_has_every_argument_as_a_shell_reads_it() {
        for (given, offered) in [
            (&["play", "morning"][..], "catcow export morning -o own.wav"),
            (&["-q", "play", "--voice", "play", "morning"], "catcow -q export --voice play morning -o own.wav"),
            (&["play", "it's mine.toml"], r"catcow export 'it'\''s mine.toml' -o own.wav"),
            (&["play", "a\x1bb"], r"catcow export $'a\x1bb' -o own.wav"),
            (&["play", "--loop", "morning", "--pain", "--delay=3s"], "catcow export morning -o own.wav"),
            (&["play", "morning", "--delay", "3s", "--from", "cat-cow"], "catcow export morning -o own.wav"),
            (&["play", "morning", "--from=cat-cow", "--wake"], "catcow export morning --wake -o own.wav"),
            (&["play", "morning", "--tone-level", "-20"], "catcow export morning --tone-level -20 -o own.wav"),
            (&["play", "--mono", "morning"], "catcow export --mono morning -o own.wav"),
            (&["play", "--bed", "--loop", "morning"], "catcow export --bed --loop morning -o own.wav"),
            (&["play", "--", "play"], "catcow export -- play -o own.wav"),
            (&["play", "morning", "--voice="], "catcow export morning --voice= -o own.wav"),
        ] {
            let arguments = given.iter().map(|word| Word::Text((*word).into())).collect();
            let line = CommandLine { arguments, folder: Word::Text(String::new()), composed: None };
            assert_eq!(line.as_export("own").as_deref(), Some(offered), "{given:?}");
        }
        let line = CommandLine { arguments: Vec::new(), folder: Word::Text(String::new()), composed: None };
        assert!(line.export_of("-my own").ends_with("-o './-my own.wav'"));
    }

    #[test]
    fn a_session_of_a_programme_is_taken_up_as_one_of_its_routine() {
        for (given, kept) in [
            (&["today"][..], &["play", "morning", "--level", "2"][..]),
            (
                &["-q", "today", "six-weeks-back", "--voice", "ben", "--length=9m", "--dry-run", "--level", "4"],
                &["-q", "play", "morning", "--voice", "ben", "--level", "2"],
            ),
            (
                &["today", "--ask", "--bed=rain", "--delay", "9s"],
                &["play", "morning", "--bed=rain", "--delay", "9s", "--level", "2"],
            ),
        ] {
            let words = |words: &[&str]| words.iter().map(|word| Word::Text((*word).into())).collect::<Vec<_>>();
            let line = CommandLine { arguments: words(given), folder: Word::Text(String::new()), composed: None };
            assert_eq!(line.as_play("morning", &["--level".into(), "2".into()]).arguments, words(kept), "{given:?}");
        }
    }

    #[test]
    fn a_composed_session_goes_on_as_it_began_on_another_day_too() {
        let arguments = ["play", "--for", "12m"].map(|word| Word::Text(word.into())).into();
        let line = CommandLine { arguments, folder: Word::Text(String::new()), composed: None };
        let line = line.of_composed("title = \"A\"", Some("--seed=2026-11-27".into()));
        let offered = line.as_export("own").unwrap();
        assert_eq!(offered, "catcow export --for 12m --seed=2026-11-27 -o own.wav");
        let kept: CommandLine = serde_json::from_str(&serde_json::to_string(&line).unwrap()).unwrap();
        assert_eq!(kept.composed(), Some("title = \"A\""));
        assert_eq!(kept.of_composed("title = \"A\"", None).arguments, line.arguments, "it is dated once");
    }

    #[test]
    fn a_path_that_is_no_text_is_kept_too() {
        let word = Word::Bytes(b"caf\xe9".to_vec());
        let kept = serde_json::to_string(&word).unwrap();
        assert_eq!(serde_json::from_str::<Word>(&kept).unwrap(), word);
        assert_eq!(serde_json::from_str::<Word>("\"morning\"").unwrap(), Word::Text("morning".into()));
        #[cfg(unix)]
        assert_eq!((Word::from(word.to_os()), word.quoted()), (word, r"$'caf\xe9'".into()));
    }
}
