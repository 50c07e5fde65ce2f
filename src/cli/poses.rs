//! Which poses are wanted, and which are not: the words a person says for them, and what they mean in a routine.

use catcow::Result;
use catcow::advice::Advice;
use catcow::compose::Request;
use catcow::diagnostic::{Code, Diagnostic};
use catcow::load::language::pose_names::PoseNames;
use catcow::load::language::routine::practised;
use catcow::load::language::spanned::Spanned;
use catcow::load::{Library, Routine, Settings};
use catcow::plan::Wishes;
use clap::Args;

use super::origin::{self, Origin};

/// Which poses are wanted today.
#[derive(Args, Clone, Default)]
pub struct Poses {
    /// Leave out a pose; a word that several have in their names means all of them. Several with commas, or the option again.
    #[arg(long, value_name = "POSE", value_delimiter = ',', help_heading = "Poses")]
    pub without: Vec<String>,
    /// Do no other pose than these, but for the closing rest.
    #[arg(long, value_name = "POSE", value_delimiter = ',', help_heading = "Poses")]
    pub only: Vec<String>,
    /// Do more of a pose: the deep end of its ranges, or twice as much where it has none.
    #[arg(long, value_name = "POSE", value_delimiter = ',', help_heading = "Poses")]
    pub more: Vec<String>,
}

/// Words for poses, each with where it was said.
#[derive(Clone, Debug, Default)]
pub struct ChosenPoses {
    pub without: Vec<(String, Origin)>,
    pub only: Vec<(String, Origin)>,
    pub more: Vec<(String, Origin)>,
}

impl Poses {
    /// All that was said. It adds up: who never does a pose does not do it today either, whatever else is left out today.
    pub fn settle(&self, environment: &Settings, file: &Settings) -> ChosenPoses {
        let said = |words: &[String], option| -> Vec<(String, Origin)> {
            let words = words.iter().map(|word| word.trim()).filter(|word| !word.is_empty());
            words.map(|word| (word.to_owned(), Origin::CommandLine(option))).collect()
        };
        let standing = |words: &Option<Spanned<Vec<Spanned<String>>>>| {
            let words = words.iter().flat_map(|words| &words.value);
            words.map(|word| (word.value.clone(), Origin::Standing(word.place.clone()))).collect::<Vec<_>>()
        };
        let all = |own, environment, file| [own, standing(environment), standing(file)].concat();
        ChosenPoses {
            without: all(said(&self.without, "--without"), &environment.without, &file.without),
            only: said(&self.only, "--only"),
            more: all(said(&self.more, "--more"), &environment.more, &file.more),
        }
    }
}

impl ChosenPoses {
    /// Puts what is meant in a routine into the wishes; what is to be said of it.
    pub fn wish(&self, library: &Library, routine: &Routine, wishes: &mut Wishes) -> Result<Vec<String>> {
        let here = PoseNames::of(practised(&routine.steps));
        let mut meaning = Meaning { library, routine, here: &here, notes: Vec::new() };
        let (mut without, only, mut more) =
            (meaning.of(&self.without)?, meaning.of(&self.only)?, meaning.of(&self.more)?);
        // What is said now wins over what stands in the settings.
        let now = |all: &[(String, bool)], id: &str| all.iter().any(|(known, now)| known == id && *now);
        let wanted: Vec<_> = only.iter().chain(&more).cloned().collect();
        without.retain(|(id, now_said)| *now_said || !now(&wanted, id));
        more.retain(|(id, now_said)| *now_said || !now(&without, id));
        let ids = |all: Vec<(String, bool)>| all.into_iter().map(|(id, _)| id).collect();
        if only.is_empty() && !self.only.is_empty() {
            let message = format!("`--only`: expected a pose of `{}`, found none", routine.name);
            return Err(Diagnostic::error(Code::UnknownPose, message).help(those(&here)).into());
        }
        (wishes.without, wishes.only, wishes.more) = (ids(without), ids(only), ids(more));
        Ok(meaning.notes)
    }
}

impl ChosenPoses {
    /// Puts what is meant of all poses there are into what a session is to be composed from.
    ///
    /// # Errors
    /// A word on the command line that no pose has.
    pub fn ask(&self, library: &Library, request: &mut Request) -> Result<()> {
        let all = library.pose_names();
        let ids = |words: &[(String, Origin)]| {
            let mut ids = Vec::new();
            for (word, origin) in words {
                let meant = all.meant(word);
                if let (Origin::CommandLine(option), true) = (origin, meant.is_empty()) {
                    let message = format!("`{option}`: expected a pose, found `{word}`");
                    let mistake = Diagnostic::error(Code::UnknownPose, message).help(Advice::ListPoses);
                    return Err(match all.nearest(word) {
                        Some(near) => mistake.help(format!("did you mean `{near}`?")),
                        None => mistake,
                    });
                }
                ids.extend(meant.into_iter().map(str::to_owned));
            }
            Ok(ids)
        };
        request.without.extend(ids(&self.without)?);
        request.only.extend(ids(&self.only)?);
        request.more.extend(ids(&self.more)?);
        // What is wanted today comes, whatever was said of it before.
        let (only, more) = (&request.only, &request.more);
        let refused = ids(&now(&self.without))?;
        let wanted = [ids(&now(&self.more))?, only.clone()].concat();
        request.without.retain(|id| refused.contains(id) || !wanted.contains(id));
        request.more = more.iter().filter(|id| !request.without.contains(id)).cloned().collect();
        Ok(())
    }
}

/// What was said on the command line.
fn now(words: &[(String, Origin)]) -> Vec<(String, Origin)> {
    words.iter().filter(|(_, origin)| matches!(origin, Origin::CommandLine(_))).cloned().collect()
}

/// What words mean in a routine.
struct Meaning<'a> {
    library: &'a Library,
    routine: &'a Routine,
    here: &'a PoseNames,
    notes: Vec<String>,
}

impl Meaning<'_> {
    /// The ids of the poses of the routine that are meant, and whether that was said on the command line. A word that no pose has is
    /// refused there; elsewhere, where it is meant for every routine, it is told.
    fn of(&mut self, words: &[(String, Origin)]) -> Result<Vec<(String, bool)>> {
        let mut ids = Vec::new();
        for (word, origin) in words {
            let now = matches!(origin, Origin::CommandLine(_));
            let meant = self.here.meant(word);
            ids.extend(meant.iter().map(|id| ((*id).to_owned(), now)));
            if !meant.is_empty() {
                continue;
            }
            let all = self.library.pose_names();
            let elsewhere = all.meant(word);
            match origin {
                Origin::CommandLine(option) if elsewhere.is_empty() => {
                    return Err(self.unknown(option, word, &all).into());
                }
                Origin::CommandLine(option) => {
                    let (name, poses) = (&self.routine.name, elsewhere.join(", "));
                    self.notes.push(format!("note: `{name}` has no {poses}, so `{option} {word}` changes nothing"));
                }
                Origin::Standing(place) if elsewhere.is_empty() => {
                    let near =
                        self.nearest(word, &all).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                    let place = origin::standing(place);
                    self.notes.push(format!("note: no pose is called `{word}` ({place}){near}"));
                }
                Origin::Standing(_) | Origin::BuiltIn => {}
            }
        }
        Ok(ids)
    }

    fn nearest<'n>(&'n self, word: &str, all: &'n PoseNames) -> Option<&'n str> {
        self.here.nearest(word).or_else(|| all.nearest(word))
    }

    fn unknown(&self, option: &str, word: &str, all: &PoseNames) -> Diagnostic {
        let message = format!("`{option}`: expected a pose of `{}`, found `{word}`", self.routine.name);
        let mistake = Diagnostic::error(Code::UnknownPose, message);
        let mistake = match self.nearest(word, all) {
            Some(near) => mistake.help(format!("did you mean `{near}`?")),
            None => mistake,
        };
        mistake.help(those(self.here))
    }
}

fn those(names: &PoseNames) -> String {
    format!("its poses are: {}", names.ids().collect::<Vec<_>>().join(", "))
}
