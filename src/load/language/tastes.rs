//! What somebody wants more of and what not again: two lists of poses, kept while a session plays, for composed sessions.

use std::path::Path;

use toml_edit::{Array, DocumentMut, Item, Value};

use super::keys::{Absent, Key, Takes};
use super::own_words::hyphenated;
use super::reader::{Reader, Table};
use crate::diagnostic::{Code, Diagnostic};
use crate::error::Result;
use crate::load::files::Content;

/// What somebody likes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tastes {
    /// The poses that are not to come again, by their ids.
    pub without: Vec<String>,
    /// The poses of which there is to be more.
    pub more: Vec<String>,
}

/// What may be said of a pose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taste {
    /// Not again.
    Without,
    /// More of this.
    More,
}

const KEYS: &[Key] = &[
    Key { name: "without", takes: Takes::Texts, absent: Absent::Nothing, about: "Poses that do not come again." },
    Key { name: "more", takes: Takes::Texts, absent: Absent::Nothing, about: "Poses that come more often." },
];

/// What stands above the first list.
const HEAD: &str = "# For composed sessions (catcow play --for 12m): `x` and `m` add poses here while a session plays. Change it as you like.\n";

impl Tastes {
    /// Reads the file; one that is not there says nothing.
    ///
    /// # Errors
    /// It cannot be read; mistakes in it.
    pub fn open(path: &Path) -> Result<Tastes> {
        if !path.exists() {
            return Ok(Tastes::default());
        }
        let (tastes, mistakes) = Reader::read(&Content::file(path).text()?, Tastes::read);
        if mistakes.has_errors() { Err(mistakes.into()) } else { Ok(tastes) }
    }

    fn read(table: &Table<'_>) -> Tastes {
        table.allow("the tastes", &[KEYS]);
        let poses = |key: &str| {
            let texts = table.texts(key).map_or_else(Vec::new, |texts| texts.value);
            texts.iter().map(|text| hyphenated(&text.value)).collect()
        };
        Tastes { without: poses("without"), more: poses("more") }
    }
}

/// The text of the file with a taste noted in it; the pose leaves the other list. All other lines, and all comments, stay as they are.
///
/// # Errors
/// The text is not valid TOML, or something else than a list stands for a key: what is wrong with it, in words.
pub fn with_taste(text: &str, pose: &str, taste: Taste) -> Result<String> {
    let begun = if text.trim().is_empty() { HEAD } else { text };
    let wrong = |reason: String| Diagnostic::error(Code::TomlSyntax, format!("tastes.toml: {reason}"));
    let mut document: DocumentMut = begun.parse().map_err(|error: toml_edit::TomlError| wrong(error.to_string()))?;
    let (to, from) = match taste {
        Taste::Without => ("without", "more"),
        Taste::More => ("more", "without"),
    };
    if let Some(other) = document.get_mut(from).and_then(Item::as_array_mut) {
        other.retain(|item| item.as_str() != Some(pose));
    }
    let list = document.entry(to).or_insert(Item::Value(Value::Array(Array::new())));
    if let Some(one) = list.as_str().map(str::to_owned) {
        *list = Item::Value(Value::Array([one].into_iter().collect()));
    }
    let list = list.as_array_mut().ok_or_else(|| wrong(format!("expected a list of poses for `{to}`")))?;
    if !list.iter().any(|item| item.as_str() == Some(pose)) {
        list.push(pose);
    }
    let text = document.to_string();
    // A file of comments alone keeps them behind what is added: they belong before it.
    Ok(if begun == HEAD && !text.starts_with('#') { format!("{HEAD}{}", text.replace(HEAD, "")) } else { text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taste_is_added_and_nothing_else_is_touched() {
        let first = with_taste("", "bridge", Taste::Without).unwrap();
        assert!(first.starts_with("# For composed") && first.ends_with("without = [\"bridge\"]\n"), "{first}");
        let mine = "# Mine.\nmore = [ \"rest\", ] # yes\nwithout = \"bridge\"\n";
        let noted = with_taste(mine, "rest", Taste::Without).unwrap();
        assert!(noted.contains("# Mine.") && noted.contains("# yes"), "{noted}");
        let read = |text: &str| {
            Reader::read(&std::sync::Arc::new(crate::diagnostic::Source::in_memory("t", text)), Tastes::read).0
        };
        assert_eq!(read(&noted), Tastes { without: vec!["bridge".into(), "rest".into()], more: Vec::new() });
        assert_eq!(with_taste(&noted, "rest", Taste::Without).unwrap(), noted, "once is enough");
    }

    #[test]
    fn what_is_no_list_of_poses_is_left_alone() {
        assert!(with_taste("more = ", "rest", Taste::More).is_err());
        assert!(with_taste("more = 3\n", "rest", Taste::More).is_err());
    }
}
