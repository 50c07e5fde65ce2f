//! A pose, everything settled: how one posture is set up, practised and left.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::breathing::{BreathPart, Breathing};
use super::cue::CueRef;
use super::position::Position;
use super::quantity::{Between, Quantity};
use super::traits::Traits;
use crate::diagnostic::Place;

/// In which order sides are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// One side whole, then the other.
    Each,
    /// A round of each in turn.
    Alternate,
}

/// When one gets into a pose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead {
    /// In a time of its own, before it.
    Before,
    /// Inside the silence before it, which is no longer for that.
    Inside,
}

/// Whether a hold says how long it will be, where its own words do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Announce {
    /// It does.
    On,
    /// Its author says it, or leaves it open.
    Off,
}

impl Announce {
    /// The words an author writes.
    pub(crate) const WORDS: [(&'static str, Announce); 2] = [("on", Announce::On), ("off", Announce::Off)];
}

/// How long a phase lasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lasts {
    /// The inhale of the breath in force, with the hold that follows it.
    Rising,
    /// The exhale, with the stillness that follows it.
    Falling,
    /// One part of the breath alone.
    Part(BreathPart),
    /// A quantity. `dose` marks the pose's own hold: the one that is announced, marked and reminded.
    Hold {
        /// How long.
        quantity: Quantity,
        /// Whether it is what the pose is practised for.
        dose: bool,
    },
}

/// One part of a cycle.
#[derive(Clone, Debug)]
pub struct Phase {
    /// How long.
    pub lasts: Lasts,
    /// What may be said at its start, fullest first.
    pub cues: Vec<CueRef>,
    /// The chapter that begins with it, where one does.
    pub chapter: Option<String>,
    /// Where it was written.
    pub place: Place,
}

/// How many cycles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dose {
    /// So many, for each side.
    Rounds(Between<u32>),
    /// As many as come nearest to this time.
    For(Between<Duration>),
}

/// A cue and the time that follows it.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// What is said.
    pub cue: CueRef,
    /// The time to do it.
    pub time: Duration,
}

/// What is practised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoseKind {
    /// A posture.
    Posture,
    /// Breathing alone.
    Breathing,
    /// A silence.
    Pause,
}

/// A key that an author wrote, which only does something beside another.
#[derive(Clone, Debug)]
pub struct Dependent {
    /// The key.
    pub key: &'static str,
    /// What it needs, in words.
    pub needs: &'static str,
    /// Whether that is missing, so that the key changes nothing.
    pub idle: bool,
    /// Where it was written.
    pub place: Place,
}

/// A posture, everything settled.
#[derive(Clone, Debug)]
pub struct Pose {
    /// Its number in the routine: poses of one number are the same, whatever step asks for them.
    pub number: u32,
    /// What it is.
    pub kind: PoseKind,
    /// Its id: the name of its file.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What else it is called, as names are spelt.
    pub also: Vec<String>,
    /// How the body is placed when `setup` begins; `None` where only the author's words know it.
    pub position: Option<Position>,
    /// How the body is placed after `release`; `None` where only the author's words know it.
    pub ends: Option<Position>,
    /// What people do it for.
    pub benefit: String,
    /// What one needs at hand.
    pub props: Vec<String>,
    /// What it is for and what it asks of a body.
    pub traits: Arc<Traits>,
    /// When one gets into it.
    pub lead: Lead,
    /// How to come into it.
    pub setup: Vec<Instruction>,
    /// One cycle.
    pub phases: Vec<Phase>,
    /// How many cycles.
    pub dose: Dose,
    /// The sides, in order; empty where it has none.
    pub sides: Vec<String>,
    /// Where each of them was written.
    pub side_places: Vec<Place>,
    /// In which order they are done.
    pub order: Order,
    /// What lies between rounds.
    pub rest: Between<Duration>,
    /// Said when that rest begins.
    pub resting: Vec<CueRef>,
    /// The time to change sides.
    pub switch: Between<Duration>,
    /// Said when that time begins.
    pub switching: Vec<CueRef>,
    /// Spread over the dose.
    pub reminders: Vec<CueRef>,
    /// The last seconds of the dose that are counted aloud; zero for none.
    pub countdown: Duration,
    /// Whether its holds say how long they will be; as the routine does where there is nothing.
    pub announce: Option<Announce>,
    /// How to come out of it.
    pub release: Vec<Instruction>,
    /// The breath it is paced by; the routine's where there is none.
    pub breath: Option<Breathing>,
    /// The words of the pose file's own cues.
    pub cues: Arc<BTreeMap<String, String>>,
    /// The keys that were written and need another.
    pub dependents: Vec<Dependent>,
    /// Where it is used.
    pub place: Place,
}

impl Pose {
    /// Whether every phase is paced by the breath: then words may fade until the breath alone is left.
    pub fn is_flow(&self) -> bool {
        self.phases.iter().all(|phase| !matches!(phase.lasts, Lasts::Hold { .. }))
    }

    /// Whether any phase lasts a breath or a part of one.
    pub fn is_paced(&self) -> bool {
        let timed = |lasts| matches!(lasts, Lasts::Hold { quantity: Quantity::Time(_), .. });
        self.phases.iter().any(|phase| !timed(phase.lasts))
    }

    /// Whether the words of a phase say which side it is.
    pub fn phases_name_side(&self) -> bool {
        self.phases.iter().flat_map(|phase| &phase.cues).any(CueRef::names_side)
    }

    /// Whether it is one stillness of a time, once: what can take whatever time is left over.
    pub fn is_plain_hold(&self) -> bool {
        let timed = |phase: &Phase| matches!(phase.lasts, Lasts::Hold { quantity: Quantity::Time(_), .. });
        let once = self.dose == Dose::Rounds(Between::just(1)) && self.sides.is_empty();
        once && self.phases.len() == 1 && timed(&self.phases[0])
    }

    /// The id of a cue on a side.
    pub fn cue_id(&self, cue: &CueRef, side: Option<usize>) -> String {
        let (side, other) = self.side_names(side);
        cue.id(side, other)
    }

    /// The words of a cue on a side, where they stand in the place of an id.
    pub fn cue_words(&self, cue: &CueRef, side: Option<usize>) -> Option<String> {
        let (side, other) = self.side_names(side);
        cue.words(side, other)
    }

    /// What a side and the one opposite are called.
    fn side_names(&self, side: Option<usize>) -> (Option<&str>, Option<&str>) {
        let name = |index: usize| self.sides.get(index).map(String::as_str);
        let other = side.filter(|_| self.sides.len() == 2).map(|side| 1 - side);
        (side.and_then(name), other.and_then(name))
    }

    /// Its own hold, where a phase lasts it.
    pub fn hold(&self) -> Option<Quantity> {
        self.phases.iter().find_map(|phase| match phase.lasts {
            Lasts::Hold { quantity, dose: true } => Some(quantity),
            _ => None,
        })
    }

    /// Breathing alone, as a pose without a posture: each part of the breath is a phase.
    pub(crate) fn breathing(name: Option<String>, breathing: Breathing, dose: Dose, place: &Place) -> Pose {
        let phase = |part: BreathPart| Phase {
            lasts: Lasts::Part(part),
            cues: vec![CueRef::house(part.cue(), place)],
            chapter: None,
            place: place.clone(),
        };
        let parts = BreathPart::ALL.into_iter().filter(|part| breathing.has(*part));
        Pose {
            name: name.unwrap_or_else(|| format!("Breathing {breathing}")),
            phases: parts.map(phase).collect(),
            dose,
            breath: Some(breathing),
            ..Pose::blank(PoseKind::Breathing, "breathing", place)
        }
    }

    /// A silence of a time, as a pose without a posture.
    pub fn pause(time: Between<Duration>, cues: Vec<CueRef>, countdown: Duration, place: &Place) -> Pose {
        let lasts = Lasts::Hold { quantity: Quantity::Time(time), dose: true };
        Pose {
            name: "Pause".into(),
            phases: vec![Phase { lasts, cues, chapter: None, place: place.clone() }],
            countdown,
            ..Pose::blank(PoseKind::Pause, "pause", place)
        }
    }

    /// A pose in which nothing is done.
    fn blank(kind: PoseKind, id: &str, place: &Place) -> Pose {
        Pose {
            number: 0,
            kind,
            id: id.into(),
            name: String::new(),
            also: Vec::new(),
            position: None,
            ends: None,
            benefit: String::new(),
            props: Vec::new(),
            traits: Arc::default(),
            lead: Lead::Before,
            setup: Vec::new(),
            phases: Vec::new(),
            dose: Dose::Rounds(Between::just(1)),
            sides: Vec::new(),
            side_places: Vec::new(),
            order: Order::Each,
            rest: Between::just(Duration::ZERO),
            resting: Vec::new(),
            switch: Between::just(Duration::ZERO),
            switching: Vec::new(),
            reminders: Vec::new(),
            countdown: Duration::ZERO,
            announce: None,
            release: Vec::new(),
            breath: None,
            cues: Arc::default(),
            dependents: Vec::new(),
            place: place.clone(),
        }
    }
}
