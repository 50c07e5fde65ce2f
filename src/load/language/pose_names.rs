//! What poses are called by, and which of them somebody means by a few words.

use super::own_words::hyphenated;
use super::pose::Pose;

/// What some poses are called by.
#[derive(Clone, Debug, Default)]
pub struct PoseNames {
    called: Vec<Called>,
}

/// A pose, or anything else that is called by names.
#[derive(Clone, Debug)]
struct Called {
    id: String,
    names: Vec<String>,
}

impl PoseNames {
    /// The names of poses: their ids, their names, and what else they are called.
    pub fn of<'p>(poses: impl IntoIterator<Item = &'p Pose>) -> PoseNames {
        let mut names = PoseNames::default();
        for pose in poses {
            names.add(&pose.id, [&pose.name].into_iter().chain(&pose.also).map(String::as_str));
        }
        names
    }

    /// Adds names of something, which its id is one of.
    pub fn add<'n>(&mut self, id: &str, names: impl IntoIterator<Item = &'n str>) {
        let known = self.called.iter().position(|called| called.id == id).unwrap_or_else(|| {
            self.called.push(Called { id: id.to_owned(), names: vec![id.to_owned()] });
            self.called.len() - 1
        });
        let all = &mut self.called[known].names;
        for name in names {
            if all.iter().all(|known| known != name) {
                all.push(name.to_owned());
            }
        }
    }

    /// The ids of what is meant: what is called exactly so, however it is spelt; else everything with these words in one of its
    /// names, each written out or begun. None where nothing is called so.
    pub fn meant(&self, words: &str) -> Vec<&str> {
        let (wanted, spelt) = (plain(words), hyphenated(words));
        if wanted.is_empty() {
            return Vec::new();
        }
        let exact = self.those(|name| plain(name) == wanted);
        if !exact.is_empty() {
            return exact;
        }
        self.those(|name| plain(name).starts_with(&wanted) || has_words(&hyphenated(name), &spelt))
    }

    /// The name that is nearest to some words, where one is near.
    pub fn nearest(&self, words: &str) -> Option<&str> {
        let names = || self.called.iter().flat_map(|called| &called.names).map(String::as_str);
        let spelt: Vec<String> = names().map(hyphenated).collect();
        let near = crate::diagnostic::nearest(&hyphenated(words), spelt.iter().map(String::as_str))?;
        let index = spelt.iter().position(|name| name == near)?;
        names().nth(index)
    }

    /// The ids, in the order in which they were added.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.called.iter().map(|called| called.id.as_str())
    }

    fn those(&self, is_meant: impl Fn(&str) -> bool) -> Vec<&str> {
        let meant = self.called.iter().filter(|called| called.names.iter().any(|name| is_meant(name)));
        meant.map(|called| called.id.as_str()).collect()
    }
}

/// The letters alone, small.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether words stand in a name one after the other, each written out, begun, or in the plural: `twists` in `seated-twist`.
fn has_words(name: &str, words: &str) -> bool {
    let (name, words): (Vec<&str>, Vec<&str>) = (name.split('-').collect(), words.split('-').collect());
    let fits = |(word, wanted): (&&str, &&str)| {
        word.starts_with(*wanted) || wanted.strip_suffix('s').is_some_and(|one| one == *word)
    };
    !words.contains(&"") && name.windows(words.len()).any(|part| part.iter().zip(&words).all(fits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> PoseNames {
        let mut names = PoseNames::default();
        names.add("downward-dog", ["Downward-facing dog", "dog"]);
        names.add("bird-dog", ["Bird dog"]);
        names.add("two-knee-twist", ["Two-knee spinal twist"]);
        names.add("seated-twist", ["Seated twist"]);
        names.add("childs-pose", ["Child's pose"]);
        names.add("scan", ["体の旅"]);
        names
    }

    #[test]
    fn a_word_means_what_is_called_so_and_else_all_that_have_it_in_a_name() {
        for (words, meant) in [
            ("dog", vec!["downward-dog"]),
            ("Bird Dog", vec!["bird-dog"]),
            ("twist", vec!["two-knee-twist", "seated-twist"]),
            ("twists", vec!["two-knee-twist", "seated-twist"]),
            ("spinal twist", vec!["two-knee-twist"]),
            ("child", vec!["childs-pose"]),
            ("childspose", vec!["childs-pose"]),
            ("down", vec!["downward-dog"]),
            ("体", vec!["scan"]),
            ("wist", vec![]),
            ("", vec![]),
            ("-", vec![]),
        ] {
            assert_eq!(names().meant(words), meant, "{words}");
        }
    }

    #[test]
    fn a_slip_is_near_what_was_meant() {
        assert_eq!(names().nearest("dwonward-dog"), Some("downward-dog"));
        assert_eq!(names().nearest("elephant"), None);
    }
}
