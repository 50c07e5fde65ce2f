//! A step: one thing that happens in a routine, and how its keys are read.

use std::sync::Arc;
use std::time::Duration;

use super::bell::Bell;
use super::cue::CueRef;
use super::keys;
use super::lints::LINTS;
use super::pose::{Announce, Dose, Pose};
use super::practice_keys;
use super::quantity::{Between, written};
use super::reader::Table;
use super::spanned::Spanned;
use super::worth::Worth;

use crate::diagnostic::{Code, Diagnostic, Place, nearest};

/// What a step does.
#[derive(Clone, Debug)]
pub enum Action {
    /// Says cues, with a silence after each.
    Say {
        /// What.
        cues: Vec<CueRef>,
        /// The silence.
        then: Duration,
    },
    /// Silence: a pose without a posture.
    Pause(Arc<Pose>),
    /// A pose.
    Pose(Arc<Pose>),
    /// Breathing alone: a pose without a posture.
    Breathe(Arc<Pose>),
    /// Bells.
    Bell {
        /// Which.
        bell: Bell,
        /// From one to the next, ringing included; `None` where each takes the time to ring out.
        every: Option<Duration>,
        /// How many.
        rounds: Between<u32>,
    },
    /// Steps, so many times around.
    Repeat {
        /// How many times.
        times: Between<u32>,
        /// Which.
        steps: Vec<Step>,
    },
}

/// Some of the rounds of a `repeat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    /// These, from 1.
    Rounds(Between<u32>),
    /// The first.
    First,
    /// The last, however many there are.
    Last,
}

impl Only {
    /// Whether `round`, from 0, is one of them.
    pub fn holds(self, round: u32, rounds: u32) -> bool {
        match self {
            Only::Rounds(between) => (between.least..=between.most).contains(&(round + 1)),
            Only::First => round == 0,
            Only::Last => round + 1 == rounds,
        }
    }

    /// The first round, from 0, of those that it holds for, and the first after them; beyond `rounds` where it holds for none.
    pub fn bounds(self, rounds: u32) -> [u32; 2] {
        match self {
            Only::Rounds(between) => [between.least.saturating_sub(1), between.most],
            Only::First => [0, 1],
            Only::Last => [rounds.saturating_sub(1), rounds],
        }
    }
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its number in the routine, apart from those of all other steps and poses.
    pub number: u32,
    /// What it does.
    pub action: Action,
    /// The name of the chapter that begins with it, where one does.
    pub name: Option<String>,
    /// The rounds of the `repeat` around it in which it is done; all where there is none.
    pub only: Option<Only>,
    /// What it is worth, and beside which poses it is done.
    pub worth: Worth,
    /// The codes of the lints that are meant here, or in a `repeat` around it.
    pub allow: Vec<Code>,
    /// Where it was written.
    pub place: Place,
}

/// What the kinds of step are called, in the order the reference explains them.
pub(crate) const KINDS: [&str; 6] = ["say", "pause", "pose", "breathe", "bell", "repeat"];

pub(crate) fn wrong_kind(table: &Table<'_>, kinds: &[&str]) {
    if kinds.is_empty() {
        let message = format!("expected one of {} in a step", KINDS.map(|kind| format!("`{kind}`")).join(", "));
        let mistake = Diagnostic::error(Code::StepKind, message).at(&table.place(), "this step");
        let near = table.keys().find_map(|key| nearest(key.value, KINDS).map(|near| (key.value, near)));
        table.mistake(match near {
            Some((wrong, near)) => mistake.help(format!("did you mean `{near}` where it says `{wrong}`?")),
            None => mistake,
        });
        return;
    }
    let found = kinds.iter().map(|kind| format!("`{kind}`")).collect::<Vec<_>>().join(" and ");
    let mistake = Diagnostic::error(Code::StepKind, format!("expected one thing in a step, found {found}"));
    table.mistake(mistake.at(&table.place(), "this step").help("begin a step of its own for each with `[[steps]]`"));
}

pub(crate) fn say(table: &Table<'_>) -> Option<Action> {
    table.allow("a `say` step", &[keys::SAY]);
    if table.has_nothing_in("say") {
        let message = "`say`: expected at least one cue, found none";
        table.mistake(Diagnostic::error(Code::WrongValue, message).at(&table.place_of("say"), "here"));
    }
    let then = table.time("then").map_or(Duration::from_secs(1), |time| time.value);
    Some(Action::Say { cues: table.cues("say")?, then })
}

pub(crate) fn bell(table: &Table<'_>) -> Option<Action> {
    table.allow("a `bell` step", &[keys::BELL]);
    let bell = table.word("bell", &Bell::WORDS)?.value;
    let (every, rounds) = (table.time("every"), table.count("rounds"));
    if let Some(every) = every.as_ref().filter(|every| every.value < bell.ring()) {
        let message = format!("`every`: expected at least {}, as long as the bell rings", written(bell.ring()));
        let mistake = Diagnostic::error(Code::WrongValue, message + &format!(", found {}", written(every.value)));
        table.mistake(mistake.at(&every.place, "here"));
    }
    if let Some(rounds) = rounds.as_ref().filter(|_| every.is_none()) {
        let mistake = Diagnostic::error(Code::MissingKey, "expected `every` beside `rounds` of a bell, found none");
        table.mistake(mistake.at(&rounds.place, "how far apart?").help("write, for example, `every = \"5m\"`"));
    }
    let rounds = rounds.map_or(Between::just(1), |rounds| rounds.value);
    Some(Action::Bell { bell, every: every.map(|every| every.value), rounds })
}

pub(crate) fn pause(table: &Table<'_>) -> Option<Action> {
    table.allow("a `pause` step", &[keys::PAUSE]);
    let (cues, countdown) = (table.cues("cue").unwrap_or_default(), practice_keys::countdown(table));
    let countdown = countdown.map_or(Duration::ZERO, |time| time.value);
    let announce = table.word("announce", &Announce::WORDS).map(|announce| announce.value);
    let pause = Pose::pause(table.times("pause")?.value, cues, countdown, &table.place_of("pause"));
    Some(Action::Pause(Arc::new(Pose { announce, ..pause })))
}

/// The rounds of a `repeat` that a step in it is done in.
pub(crate) fn only(table: &Table<'_>, depth: usize) -> Option<Only> {
    if table.has("only") && depth == 0 {
        let mistake = Diagnostic::error(Code::OnlyOutside, "expected `only` in a step of a `repeat`, found it outside");
        table.mistake(
            mistake
                .at(&table.place_of("only"), "of which rounds?")
                .help("leave it out, or put the step into a `repeat`"),
        );
        return None;
    }
    if table.is_text("only", "first") {
        return Some(Only::First);
    }
    if table.is_text("only", "last") {
        return Some(Only::Last);
    }
    table.count("only").map(|rounds| Only::Rounds(rounds.value))
}

/// The lints that are meant: `"code: reason"`.
pub(crate) fn allowances(table: &Table<'_>) -> Vec<Code> {
    let Some(listed) = table.texts("allow") else { return Vec::new() };
    let words = || LINTS.iter().map(|lint| lint.word());
    let read = |text: Spanned<String>| {
        let (code, reason) = text.value.split_once(':').unwrap_or((&text.value, ""));
        let known = LINTS.iter().copied().find(|known| known.word() == code.trim());
        if known.is_none() {
            let message = format!("`allow`: expected the code of a lint, found `{}`", code.trim());
            let mistake = Diagnostic::error(Code::UnknownLint, message).at(&text.place, "no such lint");
            table.mistake(match nearest(code.trim(), words()) {
                Some(near) => mistake.help(format!("did you mean `{near}`?")),
                None => mistake.help(format!("the lints are: {}", words().collect::<Vec<_>>().join(", "))),
            });
        } else if reason.trim().is_empty() {
            let mistake =
                Diagnostic::error(Code::NoReason, "`allow`: expected a reason after the lint's code, found none");
            let example = format!("write, for example, \"{}: they know this pose\"", code.trim());
            table.mistake(mistake.at(&text.place, "why?").help(example));
        }
        known
    };
    listed.value.into_iter().filter_map(read).collect()
}

pub(crate) fn breathe(table: &Table<'_>) -> Option<Action> {
    table.allow("a `breathe` step", &[keys::BREATHE]);
    let pattern = table.breathing("breathe");
    let name = table.text("name").map(|name| name.value);
    let dose = match (table.count("rounds"), table.times("for")) {
        (Some(rounds), None) => Some(Dose::Rounds(rounds.value)),
        (None, Some(time)) => Some(Dose::For(time.value)),
        (None, None) if table.has("rounds") || table.has("for") => None,
        (rounds, _) => {
            let found = if rounds.is_some() { "both" } else { "none" };
            let message = format!("expected either `rounds` or `for` beside `breathe`, found {found}");
            let code = if rounds.is_some() { Code::TwoDoses } else { Code::NoDose };
            let mistake = Diagnostic::error(code, message).at(&table.place_of("breathe"), "how long?");
            table.mistake(mistake.help("write, for example, `rounds = 10` or `for = \"2m\"`"));
            None
        }
    };
    let countdown = practice_keys::countdown(table).map_or(Duration::ZERO, |time| time.value);
    let breathing = Pose::breathing(name, pattern?.value, dose?, &table.place_of("breathe"));
    Some(Action::Breathe(Arc::new(Pose { countdown, ..breathing })))
}
