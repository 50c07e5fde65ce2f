//! How a pose is practised, as an author wrote it: in a pose file, or beside `pose` in a step.

use std::time::Duration;

use super::breathing::Breathing;
use super::cue::CueRef;
use super::keys;
use super::pose::{Announce, Lead, Order};
use super::quantity::{Between, Quantity, written};
use super::reader::Table;
use super::spanned::Spanned;
use crate::diagnostic::{Code, Diagnostic, Place};

/// Nobody wants to be counted at for longer; there are words for so many seconds.
const LONGEST_COUNTDOWN: Duration = Duration::from_secs(10);

/// The keys of a pose as written, in a pose file or beside `pose` in a step.
#[derive(Clone, Debug, Default)]
pub(crate) struct PracticeKeys {
    pub(crate) lead: Option<Spanned<Lead>>,
    pub(crate) setup: Option<Vec<CueRef>>,
    pub(crate) settle: Option<Spanned<Vec<Duration>>>,
    pub(crate) hold: Option<Spanned<Quantity>>,
    pub(crate) cue: Option<Vec<CueRef>>,
    pub(crate) time: Option<Spanned<Between<Duration>>>,
    pub(crate) rounds: Option<Spanned<Between<u32>>>,
    pub(crate) breath: Option<Spanned<Breathing>>,
    pub(crate) phases: Option<Vec<PhaseKeys>>,
    pub(crate) sides: Option<Spanned<Vec<Spanned<String>>>>,
    pub(crate) order: Option<Spanned<Order>>,
    pub(crate) rest: Option<Spanned<Between<Duration>>>,
    pub(crate) resting: Option<Vec<CueRef>>,
    pub(crate) switch: Option<Spanned<Between<Duration>>>,
    pub(crate) switching: Option<Vec<CueRef>>,
    pub(crate) reminders: Option<Vec<CueRef>>,
    pub(crate) countdown: Option<Spanned<Duration>>,
    pub(crate) announce: Option<Spanned<Announce>>,
    pub(crate) release: Option<Vec<CueRef>>,
    pub(crate) leave: Option<Spanned<Vec<Duration>>>,
}

/// The keys of a phase as written.
#[derive(Clone, Debug)]
pub(crate) struct PhaseKeys {
    pub(crate) lasts: WrittenLength,
    pub(crate) cues: Vec<CueRef>,
    pub(crate) chapter: Option<String>,
    pub(crate) place: Place,
}

/// How long a phase lasts, as written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum WrittenLength {
    Inhale,
    Exhale,
    Hold(Quantity),
    /// The pose's own `hold`, wherever that is written.
    Dose,
}

impl PracticeKeys {
    pub(crate) fn read(table: &Table<'_>) -> PracticeKeys {
        PracticeKeys {
            lead: table.word("lead", &[("before", Lead::Before), ("inside", Lead::Inside)]),
            setup: table.cues("setup"),
            settle: table.time_list("settle"),
            hold: table.quantity("hold").or_else(|| {
                // One that is wrong was told; that there is none would be a second mistake, and untrue.
                let stand_in = Quantity::Breaths(Between::just(1));
                table.has("hold").then(|| Spanned { value: stand_in, place: table.place() })
            }),
            cue: table.cues("cue"),
            time: table.times("for"),
            rounds: table.count("rounds"),
            breath: table.breathing("breath"),
            phases: table.has("phases").then(|| table.tables("phases").iter().filter_map(PhaseKeys::read).collect()),
            sides: table.texts("sides"),
            order: table.word("order", &[("each", Order::Each), ("alternate", Order::Alternate)]),
            rest: table.times("rest"),
            resting: table.cues("resting"),
            switch: table.times("switch"),
            switching: table.cues("switching"),
            reminders: table.cues("reminders"),
            countdown: countdown(table),
            announce: table.word("announce", &Announce::WORDS),
            release: table.cues("release"),
            leave: table.time_list("leave"),
        }
    }

    /// Every cue that they name.
    pub(crate) fn cues(&self) -> impl Iterator<Item = &CueRef> {
        let lists = [&self.setup, &self.cue, &self.resting, &self.switching, &self.reminders, &self.release];
        let phases = self.phases.iter().flatten().flat_map(|phase| &phase.cues);
        lists.into_iter().flatten().flatten().chain(phases)
    }

    /// Whether nothing is overridden.
    pub(crate) fn none_in(table: &Table<'_>) -> bool {
        !keys::PRACTICE.iter().any(|key| table.has(key.name))
    }
}

impl PhaseKeys {
    fn read(table: &Table<'_>) -> Option<PhaseKeys> {
        table.allow("a phase", &[keys::PHASE]);
        let place = table.place();
        if table.has("breath") == table.has("hold") {
            let mistake = Diagnostic::error(Code::PhaseLength, "expected either `breath` or `hold` in a phase");
            table.mistake(
                mistake
                    .at(&place, "this phase")
                    .help("write `breath = \"inhale\"`, `breath = \"exhale\"` or a time such as `hold = \"3s\"`"),
            );
            return None;
        }
        let lasts = if table.has("breath") {
            table.word("breath", &[("inhale", WrittenLength::Inhale), ("exhale", WrittenLength::Exhale)])?.value
        } else if table.is_text("hold", "dose") {
            WrittenLength::Dose
        } else {
            WrittenLength::Hold(table.quantity("hold")?.value)
        };
        let chapter = table.text("chapter").map(|chapter| chapter.value);
        Some(PhaseKeys { lasts, cues: table.cues("cue").unwrap_or_default(), chapter, place })
    }
}

/// The seconds that are counted down: whole ones, for which there are words.
pub(crate) fn countdown(table: &Table<'_>) -> Option<Spanned<Duration>> {
    let time = table.time("countdown")?;
    if time.value.subsec_nanos() == 0 && time.value <= LONGEST_COUNTDOWN {
        return Some(time);
    }
    let message = format!("`countdown`: expected whole seconds, 10 at most, found {}", written(time.value));
    table.mistake(Diagnostic::error(Code::WrongValue, message).at(&time.place, "here"));
    None
}
