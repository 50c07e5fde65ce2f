//! From the text of a routine to the routine, its poses put in.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::bell::Bell;
use super::breathing::{BreathPattern, Breathing};
use super::cue::{is_word, titled};
use super::house_cues;
use super::keys;
use super::mix::{BedChoice, Held, Marks, Tone};
use super::own_words::hyphenated;
use super::pose::{Announce, Pose};
use super::pose_file::PoseFile;
use super::pose_names::PoseNames;
use super::practice_keys::PracticeKeys;
use super::reader::{Reader, Table};
use super::routine::{Guidance, Routine, each_cue, practised};
use super::script::{self, Script};
use super::spanned::Spanned;
use super::step::{self, Action, KINDS, Step};
use super::surroundings::Surroundings;
use super::worth::Worth;
use crate::advice::Advice;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Source, nearest};
use crate::error::Result;
use crate::load::files::Content;

impl Routine {
    /// Reads a routine.
    ///
    /// # Errors
    /// [`crate::Error::Mistakes`] with everything that is wrong in it and in the poses it uses.
    pub(crate) fn read(name: &str, source: &Arc<Source>, surroundings: &dyn Surroundings) -> Result<Routine> {
        Reader::has_something(source, "a routine", Advice::BeginRoutine)?;
        let reader = RoutineReader {
            surroundings,
            own: RefCell::default(),
            plain: RefCell::default(),
            words: RefCell::default(),
            names: RefCell::default(),
            unused: RefCell::default(),
            mistakes: RefCell::default(),
            pose_files: RefCell::default(),
            numbered: Cell::default(),
        };
        let (mut routine, mut mistakes) = Reader::read(source, |table| reader.routine(name, table));
        routine.gather_words();
        mistakes.extend(reader.mistakes.into_inner());
        if mistakes.has_errors() {
            mistakes.extend(routine.misspelt_cues());
            mistakes.sort();
            return Err(mistakes.into());
        }
        Ok(routine)
    }
}

/// The share of talk, in percent, from which the linter warns. No source gives one for guided yoga; half the time
/// silent is what shipped routines come to, and a tenth more is left to authors.
const MOST_TALK: u32 = 60;

/// The deepest that `repeat` may stand in `repeat`.
const DEEPEST: usize = 8;

struct RoutineReader<'a> {
    surroundings: &'a dyn Surroundings,
    /// The routine's own poses, by id.
    own: RefCell<BTreeMap<String, Option<PoseFile>>>,
    /// Poses as they are when a step changes nothing, so that ten thousand steps share one.
    plain: RefCell<BTreeMap<String, Option<Arc<Pose>>>>,
    /// The words of the poses' own cues.
    words: RefCell<Script>,
    /// What is said for a pose's name where no script has it.
    names: RefCell<Script>,
    /// The routine's own poses that no step has used.
    unused: RefCell<BTreeSet<String>>,
    /// Mistakes outside the routine's own file.
    mistakes: RefCell<Diagnostics>,
    /// The files of the poses that its steps use.
    pose_files: RefCell<BTreeSet<PathBuf>>,
    /// How many steps and poses have a number.
    numbered: Cell<u32>,
}

impl RoutineReader<'_> {
    /// The next number of a step or a pose.
    fn number(&self) -> u32 {
        self.numbered.update(|number| number + 1);
        self.numbered.get()
    }

    fn routine(&self, name: &str, table: &Table<'_>) -> Routine {
        table.allow("a routine", &[keys::ROUTINE]);
        self.read_own_poses(table);
        let title = table.name("title", "Gentle back");
        let allow = step::allowances(table);
        let mut steps = self.steps(table, 0, &[]);
        let names = PoseNames::of(practised(&steps));
        settle_poses(&mut steps, &names, table);
        self.check_unused_poses();
        if !table.is_broken() && table.has_nothing_in("steps") {
            let empty =
                Diagnostic::error(Code::NoSteps, "expected at least one step, begun by `[[steps]]`, found none");
            table.mistake(empty.at(&table.place(), "an empty routine"));
        }
        let mut words = (*self.surroundings.script()).clone();
        words.extend(self.words.take());
        let mut said = BTreeSet::new();
        each_cue(&steps, &mut |cue| _ = said.insert(cue.id));
        words.extend(script::words_of(table, |name| said.contains(name)));
        for (id, name) in self.names.take() {
            words.entry(id).or_insert(name);
        }
        Routine {
            name: name.to_owned(),
            title: title.map_or_else(String::new, |title| title.value),
            summary: table.text("summary").map_or_else(String::new, |text| text.value),
            length: table.time("length"),
            breath: table.breathing("breath").map_or(Breathing::steady(BreathPattern::DEFAULT), |breath| breath.value),
            guidance: table.word("guidance", &Guidance::WORDS).map_or(Guidance::Fading, |word| word.value),
            talk: table.percent("talk").map_or(MOST_TALK, |talk| talk.value),
            announce: table.word("announce", &Announce::WORDS).map_or(Announce::On, |announce| announce.value),
            allow,
            language: table.text("language").map_or_else(|| "en".into(), |language| language.value),
            tone: table.word("tone", &Tone::WORDS).map(|word| word.value),
            held: table.word("held", &Held::WORDS).map(|word| word.value),
            marks: table.word("marks", &Marks::WORDS).map(|word| word.value),
            bed: self.bed(table),
            bells: self.bells(table),
            steps,
            script: words,
            own_words: self.own_words(table),
            place: table.place_of("title"),
            pose_files: self.pose_files.take(),
        }
    }

    fn read_own_poses(&self, table: &Table<'_>) {
        let Some(poses) = table.table("poses") else { return };
        for key in poses.keys() {
            if !is_word(key.value) {
                let message = format!("expected a pose id such as `deep-lunge`, found `{}`", key.value);
                table.mistake(Diagnostic::error(Code::WrongValue, message).at(&key.place, "not a pose id"));
            } else if let Some(pose) = poses.table(key.value) {
                self.own.borrow_mut().insert(key.value.to_owned(), PoseFile::read(key.value, &pose));
                self.unused.borrow_mut().insert(key.value.to_owned());
            }
        }
    }

    /// Where the words are written that only the routine and its own poses have.
    fn own_words(&self, table: &Table<'_>) -> BTreeMap<String, Place> {
        let mut places = script::places(table);
        if let Some(poses) = table.table("poses") {
            // A pose that no step uses yet is not heard either, nor are its words missed.
            let used = poses.keys().filter(|key| !self.unused.borrow().contains(key.value));
            used.filter_map(|key| poses.table(key.value)).for_each(|pose| places.extend(script::places(&pose)));
        }
        places
    }

    /// What is said for a side where no script has it: its name. One that is near a known one is a slip.
    fn name_sides(&self, sides: &[String]) {
        let script = self.surroundings.script();
        let known = || script.keys().filter_map(|id| house_cues::side_of(id));
        for side in sides.iter().filter(|side| nearest(side, known()).is_none()) {
            let name = format!("{}.", titled(side));
            for id in house_cues::side_words(&house_cues::side(side)).into_iter().flatten() {
                self.names.borrow_mut().insert(id, name.clone());
            }
        }
    }

    /// The id of the pose of the routine's own that is called so: by its id, or by another of its names.
    fn own_id(&self, name: &str) -> Option<String> {
        let own = self.own.borrow();
        let spelt = hyphenated(name);
        let is_called = |pose: &Option<PoseFile>| pose.as_ref().is_some_and(|pose| pose.also().contains(&spelt));
        if own.contains_key(name) {
            return Some(name.to_owned());
        }
        own.iter().find(|(id, pose)| **id == spelt || is_called(pose)).map(|(id, _)| id.clone())
    }

    fn check_unused_poses(&self) {
        for id in &*self.unused.borrow() {
            if let Some(Some(pose)) = self.own.borrow().get(id) {
                pose.check(&mut self.mistakes.borrow_mut());
            }
        }
    }

    fn steps(&self, table: &Table<'_>, depth: usize, allow: &[Code]) -> Vec<Step> {
        table.tables("steps").iter().filter_map(|step| self.step(step, depth, allow)).collect()
    }

    fn step(&self, table: &Table<'_>, depth: usize, around: &[Code]) -> Option<Step> {
        let kinds: Vec<_> = KINDS.into_iter().filter(|kind| table.has(kind)).collect();
        let [kind] = kinds[..] else {
            step::wrong_kind(table, &kinds);
            return None;
        };
        let mut allow = step::allowances(table);
        allow.extend(around);
        let only = step::only(table, depth);
        let name = match kind {
            "say" | "pause" | "repeat" => table.text("name").map(|name| name.value),
            _ => None,
        };
        let action = match kind {
            "say" => step::say(table),
            "pause" => step::pause(table),
            "pose" => self.pose(table).map(Action::Pose),
            "breathe" => step::breathe(table),
            "bell" => step::bell(table),
            _ => self.repeat(table, depth, &allow),
        };
        let worth = Worth::read(table);
        Some(Step { number: self.number(), action: action?, name, only, worth, allow, place: table.place_of(kind) })
    }

    fn repeat(&self, table: &Table<'_>, depth: usize, allow: &[Code]) -> Option<Action> {
        table.allow("a `repeat` step", &[keys::REPEAT]);
        if depth == DEEPEST {
            let message = format!("expected `repeat` at most {DEEPEST} deep in `repeat`, found it deeper");
            table.mistake(Diagnostic::error(Code::RepeatDepth, message).at(&table.place_of("repeat"), "too deep"));
            return None;
        }
        let steps = self.steps(table, depth + 1, allow);
        let times = table.count("repeat")?.value;
        if table.has_nothing_in("steps") {
            let mistake = Diagnostic::error(Code::NoSteps, "expected steps to repeat, found none");
            table.mistake(
                mistake.at(&table.place_of("repeat"), "nothing here").help("begin each with `[[steps.steps]]`"),
            );
        }
        Some(Action::Repeat { times, steps })
    }

    fn pose(&self, table: &Table<'_>) -> Option<Arc<Pose>> {
        table.allow("a `pose` step", &[keys::POSE_STEP, keys::PRACTICE]);
        let id = table.text("pose")?;
        let unchanged = PracticeKeys::none_in(table);
        if unchanged && let Some(pose) = self.plain.borrow().get(&id.value) {
            return pose.clone();
        }
        let keys = PracticeKeys::read(table);
        let pose = self.assemble(&id, &keys);
        if unchanged {
            self.plain.borrow_mut().insert(id.value, pose.clone());
        }
        pose
    }

    fn assemble(&self, id: &Spanned<String>, keys: &PracticeKeys) -> Option<Arc<Pose>> {
        let file = match self.own_id(&id.value) {
            Some(own) => {
                self.unused.borrow_mut().remove(&own);
                Arc::new(self.own.borrow().get(&own)?.clone()?)
            }
            None => self.surroundings.pose(id, &mut self.mistakes.borrow_mut())?,
        };
        self.pose_files.borrow_mut().extend(file.file().map(Path::to_owned));
        let number = self.number();
        let pose = Pose { number, ..file.assemble(keys, &id.place, &mut self.mistakes.borrow_mut())? };
        self.words.borrow_mut().extend(pose.cues.iter().map(|(id, text)| (id.clone(), text.clone())));
        self.names.borrow_mut().insert(house_cues::name(&pose.id), format!("{}.", pose.name));
        self.name_sides(&pose.sides);
        Some(Arc::new(pose))
    }
}

impl RoutineReader<'_> {
    fn bed(&self, table: &Table<'_>) -> Option<BedChoice> {
        let text = table.text("bed")?;
        let sound =
            |path: &str| self.surroundings.sound(&Spanned { value: path.to_owned(), place: text.place.clone() });
        let named = BedChoice::named(&text.value, sound);
        let placed = |mistake: Diagnostic| {
            if mistake.place.is_none() { mistake.at(&text.place, "no such bed") } else { mistake }
        };
        named.map_err(|mistake| table.mistake(placed(mistake))).ok()
    }

    /// The sounds of one's own, by the bell each stands for.
    fn bells(&self, table: &Table<'_>) -> BTreeMap<Bell, Content> {
        let mut sounds = BTreeMap::new();
        let Some(bells) = table.table("bells") else { return sounds };
        for key in bells.keys() {
            let Some((word, bell)) = Bell::WORDS.into_iter().find(|(word, _)| *word == key.value) else {
                let message = format!("expected one of the bells {}, found `{}`", keys::BELLS.join(", "), key.value);
                let mistake = Diagnostic::error(Code::UnknownKey, message).at(&key.place, "no such bell");
                bells.mistake(mistake.nearest(key.value, keys::BELLS));
                continue;
            };
            let Some(path) = bells.text(word) else { continue };
            match self.surroundings.sound(&path) {
                Ok(content) => _ = sounds.insert(bell, content),
                Err(mistake) => bells.mistake(mistake),
            }
        }
        sounds
    }
}

/// Puts the ids of poses in the place of the names by which `with` and `unless` call them.
fn settle_poses(steps: &mut [Step], names: &PoseNames, table: &Table<'_>) {
    for step in steps {
        let Worth { with, unless, .. } = &mut step.worth;
        for (key, pose) in
            with.iter_mut().map(|pose| ("with", pose)).chain(unless.iter_mut().map(|pose| ("unless", pose)))
        {
            let mistake = match names.meant(&pose.value)[..] {
                [id] => {
                    id.clone_into(&mut pose.value);
                    continue;
                }
                [] => format!("`{key}`: expected a pose of this routine, found `{}`", pose.value),
                [..] => format!("`{key}`: expected one pose, found `{}`, which could be several", pose.value),
            };
            let mistake = Diagnostic::error(Code::UnknownPose, mistake).at(&pose.place, "which pose?");
            table.mistake(match names.nearest(&pose.value) {
                Some(near) => mistake.help(format!("did you mean `{near}`?")),
                None => mistake.help(format!("its poses are: {}", names.ids().collect::<Vec<_>>().join(", "))),
            });
        }
        if let Action::Repeat { steps, .. } = &mut step.action {
            settle_poses(steps, names, table);
        }
    }
}
