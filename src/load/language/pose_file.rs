//! From what is written to a pose: a pose file, and the keys by which a routine's step overrides it, become one [`Pose`] with
//! everything settled.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::cue::{CueRef, is_word};
use super::house_cues;
use super::instructions::Instructions;
use super::keys;
use super::own_words::hyphenated;
use super::pose::{Dependent, Dose, Lasts, Lead, Order, Phase, Pose, PoseKind};
use super::position::Position;
use super::practice_keys::{PhaseKeys, PracticeKeys, WrittenLength};
use super::quantity::{Between, Quantity};
use super::reader::{Reader, Table};
use super::script;
use super::spanned::Spanned;
use super::traits::Traits;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, Source};

/// A body has two sides, and a circle as many directions as a clock; more is a slip.
const MOST_SIDES: usize = 12;

/// A pose file as read.
#[derive(Clone, Debug)]
pub(crate) struct PoseFile {
    id: String,
    name: String,
    /// What else it is called, as names are spelt.
    also: Vec<String>,
    position: Option<Position>,
    ends: Option<Position>,
    benefit: String,
    props: Vec<String>,
    cues: Arc<BTreeMap<String, String>>,
    traits: Arc<Traits>,
    keys: PracticeKeys,
    place: Place,
}

impl PoseFile {
    /// Reads a pose file.
    pub(crate) fn parse(id: &str, source: &Arc<Source>) -> (Option<PoseFile>, Diagnostics) {
        let help = "begin with `name = \"…\"` and `hold = \"…\"` or `[[phases]]`";
        match Reader::has_something(source, "a pose", help) {
            Ok(()) => Reader::read(source, |table| PoseFile::read(id, table)),
            Err(empty) => (None, empty.into()),
        }
    }

    /// Reads a pose's keys from a table.
    pub(crate) fn read(id: &str, table: &Table<'_>) -> Option<PoseFile> {
        table.allow("a pose", &[keys::POSE, keys::PRACTICE]);
        let keys = PracticeKeys::read(table);
        let name = table.name("name", "Cat/Cow");
        let position = table.position("position").map(|position| position.value);
        let also = table.texts("also").map_or_else(Vec::new, |names| names.value);
        let name = name?;
        Some(PoseFile {
            id: id.to_owned(),
            name: name.value,
            also: also.iter().map(|name| hyphenated(&name.value)).collect(),
            position,
            ends: table.position("ends").map(|ends| ends.value).or(position),
            benefit: table.text("benefit").map_or_else(String::new, |text| text.value),
            props: table
                .texts("props")
                .map_or_else(Vec::new, |props| props.value.into_iter().map(|prop| prop.value).collect()),
            cues: Arc::new(script::words_of(table, |name| keys.cues().any(|cue| cue.template() == name))),
            traits: Arc::new(Traits::read(table)),
            keys,
            place: name.place,
        })
    }

    /// The file that it stands in, where it stands in one.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.place.source.file()
    }

    /// The text that it was read from.
    pub(crate) fn source(&self) -> &Arc<Source> {
        &self.place.source
    }

    /// Its id.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// What else it is called, as names are spelt: in lower-case words joined by hyphens.
    pub(crate) fn also(&self) -> &[String] {
        &self.also
    }

    /// The pose's name and what it is for.
    pub(crate) fn about(&self) -> (&str, &str) {
        (&self.name, &self.benefit)
    }

    /// The pose's name, if it is complete as it stands.
    pub(crate) fn check(&self, mistakes: &mut Diagnostics) -> Option<String> {
        self.whole(mistakes).map(|pose| pose.name)
    }

    /// The pose as it stands.
    pub(crate) fn whole(&self, mistakes: &mut Diagnostics) -> Option<Pose> {
        self.assemble(&PracticeKeys::default(), &self.place, mistakes)
    }

    /// The pose as a step at `place` wants it: what the step says wins over what the file says.
    pub(crate) fn assemble(&self, step: &PracticeKeys, place: &Place, mistakes: &mut Diagnostics) -> Option<Pose> {
        let file = &self.keys;
        macro_rules! either {
            ($key:ident) => {
                step.$key.as_ref().or(file.$key.as_ref())
            };
        }
        let cues = |cues: Option<&Vec<CueRef>>| cues.cloned().unwrap_or_default();
        let (sides, side_places) = either!(sides).map_or_else(Default::default, |sides| check_sides(sides, mistakes));
        // Where the time for it stands, if it does: that is what has to change where the words do not fit.
        let at = either!(switch).map_or(&self.place, |time| &time.place);
        let switching = either!(switching).cloned().unwrap_or_else(|| vec![CueRef::house(house_cues::SWITCH, at)]);
        let setup = Instructions {
            cues: either!(setup),
            times: either!(settle),
            new: step.setup.is_some() && step.settle.is_none(),
        };
        let release = Instructions {
            cues: either!(release),
            times: either!(leave),
            new: step.release.is_some() && step.leave.is_none(),
        };
        let setup = setup.join("settle", Duration::from_secs(5), mistakes);
        let release = release.join("leave", Duration::from_secs(4), mistakes);
        let mut pose = Pose {
            number: 0,
            kind: PoseKind::Posture,
            id: self.id.clone(),
            name: self.name.clone(),
            also: self.also.clone(),
            position: self.position,
            ends: self.ends,
            benefit: self.benefit.clone(),
            props: self.props.clone(),
            traits: Arc::clone(&self.traits),
            lead: either!(lead).map_or(Lead::Before, |lead| lead.value),
            setup,
            phases: self.phases(step, mistakes)?,
            dose: self.dose(step, mistakes),
            sides,
            side_places,
            order: either!(order).map_or(Order::Each, |order| order.value),
            rest: either!(rest).map_or(Between::just(Duration::ZERO), |rest| rest.value),
            resting: either!(resting).cloned().unwrap_or_else(|| vec![CueRef::house(house_cues::REST, &self.place)]),
            switch: either!(switch).map_or(Between::just(Duration::from_secs(6)), |time| time.value),
            switching,
            reminders: cues(either!(reminders)),
            countdown: either!(countdown).map_or(Duration::ZERO, |time| time.value),
            announce: either!(announce).map(|announce| announce.value),
            release,
            breath: either!(breath).map(|breath| breath.value),
            cues: Arc::clone(&self.cues),
            dependents: Vec::new(),
            place: place.clone(),
        };
        pose.dependents = self.dependents(step, &pose);
        check_side_names(&pose, mistakes);
        self.check_time(step, &pose, mistakes);
        Some(pose)
    }

    /// The keys that need another. One of the file's that only idles because the step says something else of what it needs is
    /// left idle on purpose.
    fn dependents(&self, step: &PracticeKeys, pose: &Pose) -> Vec<Dependent> {
        let mut found = Vec::new();
        macro_rules! needs {
            ($key:ident, $needs:literal, $missing:expr, $($said:ident)|+) => {
                let (own, file) = (step.$key.as_ref(), self.keys.$key.as_ref());
                if let Some(written) = own.or(file) {
                    let meant = own.is_none() && ($(step.$said.is_some())||+);
                    let (key, idle) = (stringify!($key), $missing && !meant);
                    found.push(Dependent { key, needs: $needs, idle, place: written.place.clone() });
                }
            };
        }
        let one_side = pose.sides.len() < 2;
        needs!(order, "more than one of `sides`", one_side, sides);
        needs!(switch, "more than one of `sides`", one_side, sides);
        needs!(settle, "a `setup`", pose.setup.is_empty(), setup);
        needs!(rest, "more than one of `rounds`", pose.dose == Dose::Rounds(Between::just(1)), rounds | time);
        needs!(breath, "a hold in breaths, or phases of the breath", !pose.is_paced(), hold | phases);
        found
    }

    /// The phases, with the dose put in; a pose without phases is one stillness.
    fn phases(&self, step: &PracticeKeys, mistakes: &mut Diagnostics) -> Option<Vec<Phase>> {
        let brought = step.phases.as_ref().filter(|phases| !phases.is_empty());
        // Of a step's own phases, the pose's cue is none, and its hold is theirs where one of them lasts it.
        let lasts_dose =
            |phases: &Vec<PhaseKeys>| phases.iter().any(|phase| matches!(phase.lasts, WrittenLength::Dose));
        let hold = step.hold.as_ref().or(self.keys.hold.as_ref().filter(|_| brought.is_none_or(lasts_dose)));
        let cue = step.cue.as_ref().or(self.keys.cue.as_ref().filter(|_| brought.is_none()));
        // A step that brings its own `hold` to a pose of phases without a dose would change nothing: say so below.
        let written = step.phases.as_ref().or(self.keys.phases.as_ref()).filter(|phases| !phases.is_empty());
        let Some(written) = written else {
            let Some(hold) = hold else {
                let mistake = Diagnostic::error(
                    Code::NoDose,
                    format!("expected `hold` or `[[phases]]` in the pose `{}`", self.id),
                );
                mistakes.push(
                    mistake
                        .at(&self.place, "a pose with nothing to do")
                        .help("write, for example, `hold = \"1m..2m\"`"),
                );
                return None;
            };
            let lasts = Lasts::Hold { quantity: hold.value, dose: true };
            return Some(vec![Phase {
                lasts,
                cues: cue.cloned().unwrap_or_default(),
                chapter: None,
                place: hold.place.clone(),
            }]);
        };
        if let Some(cue) = cue.and_then(|cues| cues.first()) {
            let mistake =
                Diagnostic::error(Code::CueWithPhases, "expected `cue` inside a phase, found it beside `[[phases]]`");
            mistakes.push(
                mistake
                    .at(&cue.place, "no stillness of its own here")
                    .help("write `cue` below the `[[phases]]` line it belongs to"),
            );
        }
        let doses = written.iter().filter(|phase| matches!(phase.lasts, WrittenLength::Dose)).count();
        let flow = written.iter().all(|phase| !matches!(phase.lasts, WrittenLength::Hold(_) | WrittenLength::Dose));
        if let Some(mistake) = wrong_doses(hold, doses, flow, &self.place) {
            mistakes.push(mistake);
            return None;
        }
        Some(written.iter().map(|phase| phase_of(phase, hold)).collect())
    }

    /// `for` says how long cycles go on. Of one stillness, without a rest between its rounds, `hold` says that; who gives
    /// both means both.
    fn check_time(&self, step: &PracticeKeys, pose: &Pose, mistakes: &mut Diagnostics) {
        let by = |keys: &&PracticeKeys| keys.time.is_some() && keys.hold.is_none();
        let Some(time) = [step, &self.keys].into_iter().find(by).and_then(|keys| keys.time.as_ref()) else { return };
        let still = matches!(pose.phases[..], [Phase { lasts: Lasts::Hold { .. }, .. }]);
        if still && pose.rest.most.is_zero() && matches!(pose.dose, Dose::For(_)) {
            let mistake = Diagnostic::error(Code::UnusedFor, "expected `hold` for a stillness, found `for`");
            let help = format!(
                "write `hold = \"{}\"`; `for` fills a time with the rounds of a flow",
                Quantity::Time(time.value)
            );
            mistakes.push(mistake.at(&time.place, "it has no rounds to fill this with").help(help));
        }
    }

    /// `rounds` or `for`: a step that gives one puts the file's other out of force.
    fn dose(&self, step: &PracticeKeys, mistakes: &mut Diagnostics) -> Dose {
        for keys in [step, &self.keys] {
            match (&keys.rounds, &keys.time) {
                (Some(rounds), Some(_)) => {
                    let mistake = Diagnostic::error(Code::TwoDoses, "expected either `rounds` or `for`, found both");
                    mistakes.push(mistake.at(&rounds.place, "and `for` too").help("keep one of them"));
                }
                (Some(rounds), None) => return Dose::Rounds(rounds.value),
                (None, Some(time)) => return Dose::For(time.value),
                (None, None) => {}
            }
        }
        Dose::Rounds(Between::just(1))
    }
}

/// A phase with the dose put in: the pose's own `hold`.
fn phase_of(phase: &PhaseKeys, hold: Option<&Spanned<Quantity>>) -> Phase {
    let lasts = match phase.lasts {
        WrittenLength::Inhale => Lasts::Rising,
        WrittenLength::Exhale => Lasts::Falling,
        WrittenLength::Hold(quantity) => Lasts::Hold { quantity, dose: false },
        WrittenLength::Dose => {
            Lasts::Hold { quantity: hold.map_or(Quantity::Breaths(Between::just(1)), |hold| hold.value), dose: true }
        }
    };
    Phase { lasts, cues: phase.cues.clone(), chapter: phase.chapter.clone(), place: phase.place.clone() }
}

/// A `hold` and a phase that lasts it belong together.
fn wrong_doses(hold: Option<&Spanned<Quantity>>, doses: usize, flow: bool, place: &Place) -> Option<Diagnostic> {
    match (hold, doses) {
        (Some(hold), 0) if flow => Some(
            Diagnostic::error(Code::UnusedHold, "expected `for` or `rounds` for a flow, found `hold`")
                .at(&hold.place, "nothing is held in it")
                .help("write how long it goes on, `for = \"1m\"`, or how many times, `rounds = 6`"),
        ),
        (Some(hold), 0) => Some(
            Diagnostic::error(Code::UnusedHold, "expected a phase with `hold = \"dose\"`, found none")
                .at(&hold.place, "no phase lasts this")
                .help("write `hold = \"dose\"` in the phase that is to last it, or leave this `hold` out"),
        ),
        (None, 1..) => Some(
            Diagnostic::error(Code::NoDose, "expected the pose's own `hold`, found none")
                .at(place, "a phase has `hold = \"dose\"`")
                .help("write, for example, `hold = \"5 breaths\"` above the phases"),
        ),
        (Some(hold), 2..) => Some(
            Diagnostic::error(Code::TwoDoses, "expected one phase with `hold = \"dose\"`, found more")
                .at(&hold.place, "lasted by more than one phase")
                .help("give the other phases a time of their own"),
        ),
        _ => None,
    }
}

fn check_sides(sides: &Spanned<Vec<Spanned<String>>>, mistakes: &mut Diagnostics) -> (Vec<String>, Vec<Place>) {
    let (mut names, mut places): (Vec<String>, Vec<Place>) = (Vec::new(), Vec::new());
    if let Some(one_more) = sides.value.get(MOST_SIDES) {
        let message = format!("expected at most {MOST_SIDES} sides, found {}", sides.value.len());
        mistakes.push(Diagnostic::error(Code::WrongValue, message).at(&one_more.place, "one too many"));
        return (names, places);
    }
    for side in &sides.value {
        // "the other way" is written as people say it, and becomes a word of cue ids.
        let name = side.value.trim_start_matches("the ").replace(' ', "-");
        if !is_word(&name) {
            let message = format!("expected a side such as \"right\" or \"one way\", found \"{}\"", side.value);
            mistakes.push(Diagnostic::error(Code::WrongValue, message).at(&side.place, "here"));
        } else if names.contains(&name) {
            let message = format!("expected each side once, found \"{}\" again", side.value);
            mistakes.push(Diagnostic::error(Code::WrongValue, message).at(&side.place, "here"));
        } else {
            names.push(name);
            places.push(side.place.clone());
        }
    }
    (names, places)
}

/// `{side}` means nothing in what is said once for all sides, nor in a pose without sides; nor `{other}` where there are
/// not two.
fn check_side_names(pose: &Pose, mistakes: &mut Diagnostics) {
    let instructions = pose.setup.iter().chain(&pose.release).map(|each| &each.cue);
    for cue in instructions.filter(|cue| cue.names_side()) {
        let message = "expected no `{side}` in `setup` and `release`, which are said once for all sides";
        let mistake = Diagnostic::error(Code::NoSides, message).at(&cue.place, "which side?");
        mistakes.push(mistake.help("say it in a phase, which every side has for itself"));
    }
    if pose.order == Order::Alternate {
        for cue in pose.resting.iter().filter(|cue| cue.names_side()) {
            let message = "expected no `{side}` in `resting` where the sides alternate: a rest comes after both";
            let mistake = Diagnostic::error(Code::NoSides, message).at(&cue.place, "which side?");
            mistakes.push(mistake.help("say it in a phase, which every side has for itself"));
        }
    }
    if pose.sides.len() == 2 {
        return;
    }
    let phases = pose.phases.iter().flat_map(|phase| &phase.cues);
    let switching = pose.switching.iter().filter(|_| !pose.sides.is_empty());
    let all = phases.chain(&pose.resting).chain(&pose.reminders).chain(switching);
    for cue in all.filter(|cue| cue.names_side()) {
        if pose.sides.is_empty() || cue.id(Some("side"), None).contains("{other}") {
            let number = pose.sides.len();
            let (message, place) = if number == 0 {
                ("expected `sides` in the pose, for `{side}` and `{other}` to mean something".into(), &cue.place)
            } else {
                // Who writes one side of a pose that is built in cannot change its words.
                let place = if cue.place.source.is_built_in() { &pose.place } else { &cue.place };
                (format!("expected two `sides`, for `{}` to mean something, found {number}", cue.template()), place)
            };
            let mistake = Diagnostic::error(Code::NoSides, message).at(place, "which side?");
            mistakes.push(mistake.help("write `sides = [\"right\", \"left\"]` in the pose"));
        }
    }
}
