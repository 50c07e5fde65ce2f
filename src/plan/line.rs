//! The lines of a class: each cue that it may say, in the order in which it is first heard, as whoever records it reads them.
//!
//! They depend on the words alone, not on what is recorded already: so the number of a line stays what it is while a voice grows.

use std::collections::HashMap;
use std::time::Duration;

use super::bounds;
use super::fit::{Fit, Level};
use super::input::Input;
use super::scheduler::{Schedule, Scheduler};
use super::timeline::{Chapter, PhaseSpan, Role, Timeline};
use super::wishes::Wishes;
use crate::diagnostic::Diagnostics;
use crate::error::Result;
use crate::frames::{Frames, SampleRate};
use crate::load::language::house_cues;
use crate::load::language::routine::Guidance;
use crate::load::language::speaking_time::{self, Pace};
use crate::load::{ClipDurations, Routine};

/// A line that is to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its number, from 1.
    pub number: usize,
    /// The cue that it becomes.
    pub cue: String,
    /// Its words.
    pub text: String,
    /// The part of the class in which it is first heard: a pose, the opening.
    pub chapter: String,
    /// What is done while it is heard, or what it is for.
    pub place: String,
    /// The time that it has to end in where it is first heard, if there is one. Where it is heard again with less, shorter words of the
    /// same list stand in for it.
    pub room: Option<Duration>,
    /// About how long it takes.
    pub estimate: Duration,
}

impl Line {
    /// A line that no class says.
    pub fn apart(number: usize, cue: &str, text: &str) -> Line {
        let (chapter, place) = ("Besides".to_owned(), "in other classes".to_owned());
        let estimate = speaking_time::of(text);
        Line { number, cue: cue.to_owned(), text: text.to_owned(), chapter, place, room: None, estimate }
    }
}

/// A calm speaker, a quick one, whose fuller words fit, and a slow one, for whom shorter words stand in.
const PACES: [f64; 3] = [1.0, 0.8, 1.25];
/// A time that is longer than this leaves room for any words of a cue: nothing has to be said of it.
const ROOMY: Duration = Duration::from_secs(60);

/// The lines of a routine: what it may say at either end of its ranges and between, under any guidance.
///
/// # Errors
/// Cues that have no words; mistakes that keep it from being planned.
pub fn lines(routine: &Routine) -> Result<Vec<Line>> {
    let mut found = Found { routine, lines: Vec::new(), index: HashMap::new() };
    let mut mistakes = Diagnostics::default();
    for pace in PACES {
        let durations = ClipDurations::of_words(routine, SampleRate::DEFAULT, Pace::new(pace));
        let wishes = Wishes { mix: routine.mix(), ..Wishes::default() };
        let input = Input::new(routine, &durations, &wishes);
        // All steps, those among them that are only done in the place of others: they have to be recorded, too.
        let own = bounds::own_length(routine, &wishes);
        let wished = own.map_or(Ok(Fit::level(Level::MIDDLE)), |own| bounds::fit_within(input, &wishes, own));
        let ends = [Fit::level(Level::GENTLE), Fit::level(Level::DEEP)];
        let fits: Vec<Fit> = wished.into_iter().chain(ends).collect();
        if let Some(mistake) = fits.iter().find_map(|fit| bounds::too_long(input, *fit)) {
            return Err(mistake.into());
        }
        each_plan(input, &fits, |placed| mistakes.extend(found.take(placed, &durations)));
        if mistakes.has_errors() {
            return Err(mistakes.into());
        }
    }
    Ok(found.numbered())
}

/// Every plan of a routine: in each of its fits, under every guidance, the fullest first.
fn each_plan<'a>(mut input: Input<'a>, fits: &[Fit], mut take: impl FnMut(Schedule<'a>)) {
    for guidance in [Guidance::Full, Guidance::Fading, Guidance::Names, Guidance::Bells] {
        input.guidance = guidance;
        fits.iter().filter_map(|fit| Scheduler::place(input, *fit)).for_each(&mut take);
    }
}

/// The lines that were found so far.
struct Found<'a> {
    routine: &'a Routine,
    /// Each with the byte at which the step is written that says it first.
    lines: Vec<(usize, Line)>,
    index: HashMap<String, usize>,
}

impl Found<'_> {
    /// Takes what one plan may say; what is wrong with it.
    fn take(&mut self, placed: Schedule<'_>, durations: &ClipDurations) -> Diagnostics {
        let Schedule { mut sheet, end, .. } = placed;
        let mut asked = sheet.take_asked();
        let timeline = match sheet.finish(self.routine, durations, end, &self.routine.mix()) {
            Ok(timeline) => timeline,
            Err(mistakes) => return mistakes,
        };
        asked.sort_by_key(|each| (each.step, each.start));
        for each in asked {
            let room = each.room.map(|room| room.duration(timeline.rate)).filter(|room| *room <= ROOMY);
            if self.index.contains_key(&each.cue) {
                continue;
            }
            let Some(text) = self.routine.script.get(&each.cue) else { continue };
            let line = Line {
                number: 0,
                text: text.clone(),
                chapter: chapter(&timeline, each.start).map_or_else(String::new, |chapter| chapter.title.clone()),
                place: place(each.role, phase(&timeline, each.start)),
                room,
                estimate: speaking_time::of(text),
                cue: each.cue.clone(),
            };
            self.index.insert(each.cue, self.lines.len());
            self.lines.push((each.step, line));
        }
        Diagnostics::default()
    }

    fn numbered(mut self) -> Vec<Line> {
        // What another plan found comes after what the first found in the same step.
        self.lines.sort_by_key(|(step, _)| *step);
        let lines = self.lines.into_iter().map(|(_, line)| line).enumerate();
        let mut lines: Vec<Line> = lines.map(|(index, line)| Line { number: index + 1, ..line }).collect();
        // Behind all others, whose numbers stay what they are in scripts that were printed before.
        let cues = self.routine.cues();
        for cue in house_cues::BY_LOG.into_iter().filter(|cue| cues.contains(*cue)) {
            let Some(text) = self.routine.script.get(cue) else { continue };
            let place = "to whoever has practised it often".to_owned();
            lines.push(Line { place, ..Line::apart(lines.len() + 1, cue, text) });
        }
        lines
    }
}

fn chapter(timeline: &Timeline, at: Frames) -> Option<&Chapter> {
    let after = timeline.chapters.partition_point(|chapter| chapter.start <= at);
    timeline.chapters.get(after.saturating_sub(1))
}

fn phase(timeline: &Timeline, at: Frames) -> Option<&PhaseSpan> {
    let after = timeline.phases.partition_point(|phase| phase.start <= at);
    timeline.phases.get(after.checked_sub(1)?).filter(|phase| phase.range().end > at)
}

/// Where a line stands, in a few words.
fn place(role: Role, phase: Option<&PhaseSpan>) -> String {
    let what = match role {
        Role::Words => "said",
        Role::Safety => "safety",
        Role::Move => "the way there",
        Role::Name => "name",
        Role::Stay | Role::Length => "how long the hold is",
        Role::Side => "which side",
        Role::Switch => "change of side",
        Role::Rest => "rest between rounds",
        Role::Half => "half is over",
        Role::Nearly => "nearly over",
        Role::LastBreath => "last breath",
        Role::LastRound => "last round",
        Role::Count => "countdown",
        Role::Reminder => "reminder",
        Role::Instruction | Role::Phase | Role::Bell | Role::Under => {
            return phase.map_or("said", |phase| phase.kind.word()).to_owned();
        }
    };
    what.to_owned()
}
