//! A routine: what the author wrote, checked, with its poses put in and the place of every value kept.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use super::bell::Bell;
use super::breathing::Breathing;
use super::cue::CueRef;
use super::house_cues;
use super::mix::{Bed, BedChoice, Held, Marks, Mix, Tone};
use super::pose::{Announce, Pose};
use super::position::Position;
use super::script::{self, Script};
use super::spanned::Spanned;
pub use super::step::{Action, Only, Step};
use crate::diagnostic::{Candidates, Code, Diagnostics, Place};
use crate::load::files::Content;

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guidance {
    /// Everything, always.
    Full,
    /// Everything at first, then less, then the breath alone.
    Fading,
    /// Names, sides and times.
    Names,
    /// Bells, between the opening and the closing.
    Bells,
}

impl Guidance {
    /// The words for it.
    pub const WORDS: [(&'static str, Guidance); 4] = [
        ("full", Guidance::Full),
        ("fading", Guidance::Fading),
        ("names", Guidance::Names),
        ("bells", Guidance::Bells),
    ];
}

/// The safety words in whole.
const WHOLE_SAFETY: [&str; 2] = [house_cues::ASK_A_PHYSICIAN, house_cues::WHEN_TO_STOP];

/// A whole routine.
#[derive(Clone, Debug)]
pub struct Routine {
    /// Its name: the file's, without `.toml`.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub summary: String,
    /// What it should last.
    pub length: Option<Spanned<Duration>>,
    /// The breath it is paced by.
    pub breath: Breathing,
    /// How much is said.
    pub guidance: Guidance,
    /// The share of the time that may be talk, in percent, before the linter warns.
    pub talk: u32,
    /// Whether its holds say how long they will be, where a pose does not say otherwise.
    pub announce: Announce,
    /// The codes of the lints that are meant in all of it.
    pub allow: Vec<Code>,
    /// The language of its words, as a tag such as `en`.
    pub language: String,
    /// The breath tone, where the routine says which; `Some(None)` where it wants none.
    pub tone: Option<Option<Tone>>,
    /// What the tone does while the breath is held, where the routine says it.
    pub held: Option<Held>,
    /// Whether a small sound marks each turn of the breath, where the routine says it.
    pub marks: Option<Marks>,
    /// What plays under the voice, where the routine says it.
    pub bed: Option<BedChoice>,
    /// Sounds that ring in place of bells.
    pub bells: BTreeMap<Bell, Content>,
    /// What happens, in order.
    pub steps: Vec<Step>,
    /// The words of its cues: its own, its poses', and the library's script.
    pub script: Script,
    /// Where its own words are written, by cue.
    pub own_words: BTreeMap<String, Place>,
    /// Its first line.
    pub place: Place,
    /// The files of the poses that it uses.
    pub(super) pose_files: BTreeSet<PathBuf>,
}

impl Routine {
    /// What it asks to be mixed.
    pub fn mix(&self) -> Mix {
        let usual = Mix::default();
        let (tone, held) = (self.tone.unwrap_or(usual.tone), self.held.unwrap_or(usual.held));
        let marks = self.marks.unwrap_or(usual.marks);
        Mix { tone, held, marks, bed: self.bed.clone().and_then(BedChoice::bed), ..usual }
    }

    /// The files that it is made from, its bed and its bells among them: none of what is built in.
    pub fn files(&self) -> impl Iterator<Item = PathBuf> {
        let bed = match &self.bed {
            Some(BedChoice::Bed(Bed::File(bed))) => bed.content.in_file(),
            _ => None,
        };
        let own = self.place.source.file();
        let bells = self.bells.values().filter_map(Content::in_file);
        let poses = self.pose_files.iter().map(PathBuf::as_path);
        own.into_iter().chain(poses).chain(bells).chain(bed).map(Path::to_owned)
    }

    /// Its poses, in the order in which they are written, those in blocks among them.
    pub fn poses(&self) -> Vec<&Pose> {
        let mut found = Vec::new();
        each_pose(&self.steps, &mut found);
        found
    }

    /// The positions that its poses begin in, each once, in the order in which they come.
    pub fn positions(&self) -> Vec<Position> {
        let mut found = Vec::new();
        for position in self.poses().into_iter().filter_map(|pose| pose.position) {
            if !found.contains(&position) {
                found.push(position);
            }
        }
        found
    }

    /// Every cue that it could ever say: its own, and those the planner says by itself.
    pub fn cues(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        each_cue(&self.steps, &mut |cue| _ = found.insert(cue.id));
        let house = |id: &&String| house_cues::is_house(id);
        found.extend(self.script.keys().filter(house).cloned());
        let names = |cues: &[&str]| cues.iter().any(|cue| found.contains(*cue));
        let daily = names(&WHOLE_SAFETY) && self.has_daily_safety();
        let advice = names(&house_cues::IF_NO_PROGRESS) && self.may_be_told(house_cues::SEE_PHYSICIAN);
        found.extend(daily.then(|| house_cues::DAILY_SAFETY.to_owned()));
        found.extend(advice.then(|| house_cues::SEE_PHYSICIAN.to_owned()));
        found
    }

    /// The same, with what may be said at the end of any session that is played.
    pub(crate) fn cues_when_played(&self) -> BTreeSet<String> {
        let mut found = self.cues();
        found.extend(self.may_be_told(house_cues::SEE_PHYSICIAN).then(|| house_cues::SEE_PHYSICIAN.to_owned()));
        found
    }

    /// Whether the one sentence that stands for the safety words is as true as they are: an author who changed them has to have
    /// written it, too.
    pub(crate) fn has_daily_safety(&self) -> bool {
        let own = |cue: &str| self.own_words.contains_key(cue);
        self.may_be_told(house_cues::DAILY_SAFETY)
            && (own(house_cues::DAILY_SAFETY) || !WHOLE_SAFETY.into_iter().any(own))
    }

    /// Whether a cue that no step names has words in the language of the routine.
    pub(crate) fn may_be_told(&self, cue: &str) -> bool {
        let english = self.language.to_lowercase().starts_with("en");
        self.script.contains_key(cue) && (english || self.own_words.contains_key(cue))
    }

    /// Every cue that it names, or has words for.
    pub fn known_cues(&self) -> BTreeSet<String> {
        let mut found = self.cues();
        found.extend(self.script.keys().cloned());
        found
    }

    /// Cues that have no words but are near one that has: a slip of the pen. Planning, which knows the voice, finds
    /// every cue that cannot be said; but it does not come to it where a file has other mistakes.
    pub(super) fn misspelt_cues(&self) -> Diagnostics {
        let mut mistakes = Diagnostics::default();
        let known = Candidates::new(self.script.keys().map(String::as_str));
        each_cue(&self.steps, &mut |cue| {
            // A side that is not there is a mistake of its own.
            let whole = !cue.id.contains('{') && !self.script.contains_key(&cue.id);
            if whole && known.nearest(&cue.id).is_some() {
                mistakes.push(script::unknown_cue(&cue.id, cue.place, &known));
            }
        });
        mistakes
    }

    /// Puts words that stand in the place of a cue into the script, by the ids that they got.
    pub(super) fn gather_words(&mut self) {
        let mut words = Script::new();
        // The same words have one id; they are shown as they were written first.
        each_cue(&self.steps, &mut |cue| {
            if let Some(text) = cue.words {
                words.entry(cue.id).or_insert(text);
            }
        });
        for (id, text) in words {
            self.script.entry(id).or_insert(text);
        }
    }
}

/// Everything that steps practise, breathing and what is in blocks included.
pub fn practised(steps: &[Step]) -> Vec<&Pose> {
    let mut found: Vec<&Pose> = Vec::new();
    for step in steps {
        match &step.action {
            Action::Pose(pose) | Action::Breathe(pose) => found.push(pose),
            Action::Repeat { steps, .. } => found.extend(practised(steps)),
            _ => {}
        }
    }
    found
}

fn each_pose<'a>(steps: &'a [Step], found: &mut Vec<&'a Pose>) {
    for step in steps {
        match &step.action {
            Action::Pose(pose) => found.push(pose),
            Action::Repeat { steps, .. } => each_pose(steps, found),
            _ => {}
        }
    }
}

/// A cue that a step could say.
pub(crate) struct Asked<'a> {
    /// Its id.
    pub(crate) id: String,
    /// Its words, where they stand in the place of an id.
    pub(crate) words: Option<String>,
    /// What asks for it.
    pub(crate) place: &'a Place,
}

impl Asked<'_> {
    /// A cue that depends on no side.
    fn plain(cue: &CueRef) -> Asked<'_> {
        Asked { id: cue.id(None, None), words: cue.words(None, None), place: &cue.place }
    }
}

/// Visits every cue that the steps could say.
pub(super) fn each_cue(steps: &[Step], visit: &mut impl FnMut(Asked<'_>)) {
    for step in steps {
        match &step.action {
            Action::Say { cues, .. } => cues.iter().for_each(|cue| visit(Asked::plain(cue))),
            Action::Pose(pose) => each_pose_cue(pose, visit),
            Action::Breathe(pose) | Action::Pause(pose) => {
                let cues = pose.phases.iter().flat_map(|phase| &phase.cues);
                cues.for_each(|cue| visit(Asked::plain(cue)));
            }
            Action::Repeat { steps, .. } => each_cue(steps, visit),
            Action::Bell { .. } => {}
        }
    }
}

/// Visits every cue that a pose could say.
pub(crate) fn each_pose_cue(pose: &Pose, visit: &mut impl FnMut(Asked<'_>)) {
    let instructions = pose.setup.iter().chain(&pose.release).map(|each| &each.cue);
    let phases = pose.phases.iter().flat_map(|phase| &phase.cues);
    let switching = pose.switching.iter().filter(|_| !pose.sides.is_empty());
    let lists = pose.resting.iter().chain(switching).chain(&pose.reminders);
    for cue in instructions.chain(phases).chain(lists) {
        match &pose.sides[..] {
            // A side that is not there is a mistake of its own.
            [] if cue.names_side() => {}
            [] => visit(Asked::plain(cue)),
            sides => (0..sides.len()).map(Some).for_each(|side| {
                visit(Asked { id: pose.cue_id(cue, side), words: pose.cue_words(cue, side), place: &cue.place });
            }),
        }
    }
    visit(Asked { id: house_cues::name(&pose.id), words: None, place: &pose.place });
}
