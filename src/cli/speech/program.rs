//! A speech program: which one, and the words of its command.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use catcow::Error;
use catcow::diagnostic::{Code, Diagnostic, nearest};
use serde::Deserialize;

use super::presets::{PRESETS, Preset, Usual};
use super::run::on_path;

/// A page of words that a program would read wrongly: see `voice_clips/respell.toml`.
#[derive(Deserialize)]
struct Respell {
    words: BTreeMap<String, String>,
}

/// What stands for the words that are to be said.
const TEXT: &str = "{text}";
/// What stands for the file that is to be written.
const OUT: &str = "{out}";

/// A speech program.
#[derive(Clone, Debug)]
pub struct Program {
    /// What people call it.
    pub name: String,
    /// The words of its command.
    words: Vec<String>,
    /// What tells it from all others that would say the same words otherwise.
    pub identity: String,
    /// Whether one run of it says many things: see `hibari.py`.
    pub says_many: bool,
    /// What helps where it is not there.
    pub install: String,
    /// Words that it would read wrongly, and how it is to read them.
    pub spellings: BTreeMap<String, String>,
}

impl Program {
    /// The program that a person means by `text`: the name of a preset, with a voice of it after a colon, or a command.
    ///
    /// # Errors
    /// It names none.
    pub fn parse(text: &str) -> Result<Program, Error> {
        let words = split(text)
            .map_err(|reason| refused(&reason, "write the command as in a terminal, such as `my-speech -o {out}`"))?;
        let Some(first) = words.first().filter(|first| !first.is_empty()) else {
            return Err(refused("expected a speech program, found nothing", &super::presets::known()));
        };
        let (name, voice) = first.split_once(':').map_or((first.as_str(), None), |(name, voice)| (name, Some(voice)));
        match PRESETS.iter().find(|preset| preset.name == name) {
            Some(preset) if words.len() == 1 => Program::preset(preset, voice),
            _ => Ok(Program::command(words)),
        }
    }

    /// The speech program of this computer that is taken where none is named.
    ///
    /// # Errors
    /// There is none.
    pub fn found() -> Result<Program, Error> {
        let there = |preset: &&Preset| preset.is_taken_unasked && on_path(preset.program).is_some();
        match PRESETS.iter().find(there) {
            Some(preset) => Program::preset(preset, None),
            None => Err(refused(
                "expected a speech program on this computer, found none that is known",
                &super::presets::known(),
            )),
        }
    }

    fn preset(preset: &Preset, voice: Option<&str>) -> Result<Program, Error> {
        let voice = match (voice.filter(|voice| !voice.is_empty()), preset.usual) {
            (None, Usual::Missing) => {
                let reason = format!("expected `{}` with a voice, found none", preset.name);
                return Err(refused(&reason, preset.install));
            }
            (None, Usual::Named(usual)) => Some(usual),
            (voice, _) => voice,
        };
        let arguments = (preset.arguments)(voice);
        let identity = [vec![preset.name.to_owned()], arguments.clone()].concat().join("\0");
        let words = [vec![(preset.command)()], arguments].concat();
        let (says_many, install) = (preset.says_many, preset.install.to_owned());
        let spellings = toml::from_str(preset.respell).map_or_else(|_| BTreeMap::new(), |table: Respell| table.words);
        Ok(Program { name: preset.name.to_owned(), words, identity, says_many, install, spellings })
    }

    fn command(words: Vec<String>) -> Program {
        let name =
            Path::new(&words[0]).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let mut install = String::from("give the path of the program, or install it");
        if let Some(near) = nearest(&words[0], PRESETS.iter().map(|preset| preset.name)) {
            install = format!("did you mean `{near}`?");
        }
        Program { name, identity: words.join("\0"), words, says_many: false, install, spellings: BTreeMap::new() }
    }

    /// The words of the command that says `text` into `out`. Each stays one word, whatever is in it.
    pub fn words(&self, text: &str, out: &Path) -> Vec<OsString> {
        let filled = |(index, word): (usize, &String)| {
            // A text of its own would be taken for an option.
            let shielded = word == TEXT && text.starts_with(['-', '+', '/', '@']);
            let text = if shielded { format!(" {text}") } else { text.to_owned() };
            if index == 0 { OsString::from(word) } else { fill(word, &text, out) }
        };
        self.words.iter().enumerate().map(filled).collect()
    }

    /// Whether the words are given on standard input.
    pub fn reads_input(&self) -> bool {
        !self.words.iter().skip(1).any(|word| word.contains(TEXT))
    }
}

/// A word with what its placeholders stand for, which is not looked at again.
fn fill(word: &str, text: &str, out: &Path) -> OsString {
    let (mut filled, mut rest) = (OsString::new(), word);
    while let Some(at) = rest.find('{') {
        filled.push(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix(TEXT) {
            filled.push(text);
            rest = after;
        } else if let Some(after) = rest.strip_prefix(OUT) {
            filled.push(out);
            rest = after;
        } else {
            filled.push("{");
            rest = &rest[1..];
        }
    }
    filled.push(rest);
    filled
}

/// The words of a command: spaces divide them, but for those in quotes. A backslash is one, as in paths of Windows.
fn split(text: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for letter in text.chars() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, letter) if letter.is_whitespace() => words.extend(word.take()),
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    if let Some(open) = quote {
        return Err(format!("expected `{open}` at the end of what it begins, found none in `{text}`"));
    }
    words.extend(word);
    Ok(words)
}

/// The mistake that a speech program cannot be had.
pub fn refused(reason: &str, help: &str) -> Error {
    Diagnostic::error(Code::SpeechProgram, reason).help(help.to_owned()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: &str, text: &str) -> Vec<String> {
        let program = Program::parse(command).unwrap();
        let words = program.words(text, Path::new("/t/o u.wav"));
        words.into_iter().map(|word| word.into_string().unwrap()).collect()
    }

    #[test]
    fn words_stay_one_word_whatever_is_in_them() {
        let nasty = "say \"it\" $(rm -rf /) `x` {out} ; 'y' \\";
        assert_eq!(words("speak --to={out} {text}", nasty), ["speak", "--to=/t/o u.wav", nasty]);
        assert_eq!(words("speak {text}", "-v loud"), ["speak", " -v loud"]);
        assert_eq!(
            words("speak \"a b\" 'c \"d\"' x\\y {{text}} ''", "T"),
            ["speak", "a b", "c \"d\"", "x\\y", "{T}", ""]
        );
    }

    #[test]
    fn a_command_that_is_none_is_told() {
        for wrong in ["", "  ", "\"\"", "speak \"open"] {
            assert!(Program::parse(wrong).is_err(), "{wrong}");
        }
        assert!(Program::parse("piper").unwrap_err().to_string().contains("piper:"));
        assert_eq!(Program::parse("hibari").unwrap().spellings["eyes close"], "eyes cloze");
        assert!(Program::parse("espeak-ng:de").unwrap().reads_input());
        assert!(!Program::parse("espeak-ng -w {out} {text}").unwrap().reads_input());
    }
}
