//! The settings file: what a person wants in every session, whatever the routine.
//!
//! One reader serves the file and the environment, so a setting is written the same way and refused with the same words
//! in both. What wins over what is decided where the command line is known.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use toml_edit::{DocumentMut, Value};

use super::breathing::BreathPattern;
use super::mix::Marks;
use super::reader::{Reader, Table};
use super::routine::Guidance;
use super::spanned::Spanned;
use super::{file_keys, keys};
use crate::diagnostic::{Diagnostics, Source};
use crate::error::Result;
use crate::frames::SampleRate;
use crate::load::files::Content;

/// What is set, each with its place; `None` where nothing is.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The voice: its name, or the path of a folder.
    pub voice: Option<Spanned<String>>,
    /// The person's own breath.
    pub breath: Option<Spanned<BreathPattern>>,
    /// How much is said.
    pub guidance: Option<Spanned<Guidance>>,
    /// How deep, from 1 to 5.
    pub level: Option<Spanned<u8>>,
    /// How long.
    pub length: Option<Spanned<Duration>>,
    /// The poses that are never done.
    pub without: Option<Spanned<Vec<Spanned<String>>>>,
    /// The poses that more is wanted of.
    pub more: Option<Spanned<Vec<Spanned<String>>>>,
    /// The sample rate.
    pub rate: Option<Spanned<SampleRate>>,
    /// Whether a small sound marks each turn of the breath.
    pub marks: Option<Spanned<Marks>>,
    /// Whether wireless headphones are kept awake.
    pub wake: Option<Spanned<bool>>,
    /// Whether one channel is wanted instead of two.
    pub mono: Option<Spanned<bool>>,
    /// The speech program that says what the voice lacks, where that is asked for.
    pub speak: Option<Spanned<String>>,
}

impl Settings {
    /// Reads a settings file; one that is not there sets nothing.
    ///
    /// # Errors
    /// It cannot be read; mistakes in it.
    pub fn open(path: &Path) -> Result<Settings> {
        if !path.exists() {
            return Ok(Settings::default());
        }
        let mut settings = Settings::default();
        let ((), mistakes) = Reader::read(&Content::file(path).text()?, |table| settings.take(table));
        if mistakes.has_errors() { Err(mistakes.into()) } else { Ok(settings) }
    }

    /// Reads settings from variables of the environment: `CATCOW_VOICE` for `voice`, and so on; `variable` tells the
    /// value of one by its name. An empty one sets nothing.
    ///
    /// # Errors
    /// Mistakes in the values.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Settings> {
        let mut all = Settings::default();
        let mut mistakes = Diagnostics::default();
        for key in file_keys::SETTINGS {
            let name = format!("CATCOW_{}", key.name.to_uppercase());
            let Some(value) = variable(&name).filter(|value| !value.is_empty()) else { continue };
            let bare = key.takes == keys::Takes::Truth && matches!(value.as_str(), "true" | "false");
            let value = if bare { value } else { Value::from(value).to_string() };
            let source = Source::in_memory(name, format!("{} = {value}", key.name));
            let ((), wrong) = Reader::read(&Arc::new(source), |table| all.take(table));
            mistakes.extend(wrong);
        }
        if mistakes.has_errors() { Err(mistakes.into()) } else { Ok(all) }
    }

    /// Takes what a table sets, and leaves the rest as it was.
    fn take(&mut self, table: &Table<'_>) {
        table.allow("the settings", &[file_keys::SETTINGS]);
        let level = |level: Spanned<u32>| Spanned { value: level.value as u8, place: level.place };
        let rate = |hz: Spanned<u32>| Some(Spanned { value: SampleRate::new(hz.value)?, place: hz.place });
        set(&mut self.voice, table.text("voice"));
        set(&mut self.breath, table.pattern("breath"));
        set(&mut self.guidance, table.word("guidance", &Guidance::WORDS));
        set(&mut self.level, table.whole("level", 1..=5).map(level));
        set(&mut self.length, table.time("length"));
        set(&mut self.without, table.texts("without").map(apart));
        set(&mut self.more, table.texts("more").map(apart));
        set(&mut self.rate, table.whole("rate", SampleRate::RANGE_HZ).and_then(rate));
        set(&mut self.marks, table.word("marks", &Marks::WORDS));
        set(&mut self.wake, table.truth("wake"));
        set(&mut self.mono, table.truth("mono"));
        set(&mut self.speak, table.text("speak"));
    }
}

/// Names, where several may stand in one text with commas between them, as in a variable of the environment.
fn apart(texts: Spanned<Vec<Spanned<String>>>) -> Spanned<Vec<Spanned<String>>> {
    let names = |text: Spanned<String>| {
        let parts = text.value.split(',').map(str::trim).filter(|name| !name.is_empty());
        parts.map(|name| Spanned { value: name.to_owned(), place: text.place.clone() }).collect::<Vec<_>>()
    };
    Spanned { value: texts.value.into_iter().flat_map(names).collect(), place: texts.place }
}

fn set<T>(setting: &mut Option<T>, value: Option<T>) {
    if value.is_some() {
        *setting = value;
    }
}

/// The text of a settings file with another breath in it; all other lines, and all comments, stay as they are.
///
/// # Errors
/// The text is not valid TOML: what is wrong with it, in words.
pub fn with_breath(text: &str, breath: BreathPattern) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| error.message().to_owned())?;
    let mut value = Value::from(breath.to_string());
    if let Some(old) = document.get("breath").and_then(|item| item.as_value()) {
        *value.decor_mut() = old.decor().clone();
    }
    match document.get_mut("breath") {
        Some(item) => *item = value.into(),
        None => _ = document.insert("breath", value.into()),
    }
    let written = document.to_string();
    // A file that is saved with Windows' line ends keeps them.
    let carries = text.contains("\r\n") && !written.replace("\r\n", "").contains('\n');
    Ok(if text.contains("\r\n") && !carries { written.replace("\r\n", "\n").replace('\n', "\r\n") } else { written })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> BreathPattern {
        BreathPattern::parse(text).unwrap()
    }

    #[test]
    fn a_breath_is_stored_and_everything_else_stays() {
        let text = "# mine\nvoice = \"ben\"   # deep\n\n  breath = '4-6' # measured in May\nlevel = 2\n\n# the end\n";
        let stored = with_breath(text, pattern("4.5-6")).unwrap();
        assert_eq!(stored, text.replace("'4-6'", "\"4.5-6\""));
    }

    #[test]
    fn a_breath_is_added_where_there_was_none() {
        assert_eq!(with_breath("", pattern("4-6")).unwrap(), "breath = \"4-6\"\n");
        let stored = with_breath("# mine\nvoice = \"ben\"\n# the end\n", pattern("4-6")).unwrap();
        assert!(stored.starts_with("# mine\nvoice = \"ben\"\n") && stored.contains("\nbreath = \"4-6\"\n"), "{stored}");
        assert!(stored.contains("# the end\n"), "{stored}");
    }

    #[test]
    fn line_ends_stay_as_they_were() {
        let stored = with_breath("voice = \"ben\"\r\nlevel = 2\r\n", pattern("4-6")).unwrap();
        assert_eq!(stored, "voice = \"ben\"\r\nlevel = 2\r\nbreath = \"4-6\"\r\n");
    }

    #[test]
    fn what_is_no_toml_is_left_alone() {
        assert!(with_breath("voice = ", pattern("4-6")).is_err());
    }

    #[test]
    fn the_environment_is_read_as_the_file_is() {
        let variable = |name: &str| match name {
            "CATCOW_LEVEL" => Some("3".to_owned()),
            "CATCOW_MONO" => Some("true".to_owned()),
            "CATCOW_VOICE" => Some("./my \"voice\"".to_owned()),
            "CATCOW_LENGTH" => Some(String::new()),
            _ => None,
        };
        let settings = Settings::from_environment(variable).unwrap();
        assert_eq!(settings.level.map(|level| level.value), Some(3));
        assert_eq!(settings.mono.map(|mono| mono.value), Some(true));
        assert_eq!(settings.voice.map(|voice| voice.value).as_deref(), Some("./my \"voice\""));
        assert!(settings.length.is_none());
        let wrong = Settings::from_environment(|name| (name == "CATCOW_GUIDANCE").then(|| "bels".into())).unwrap_err();
        assert!(wrong.to_string().contains("CATCOW_GUIDANCE"), "{wrong}");
    }
}
