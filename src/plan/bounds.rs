//! How short and how long a routine can be, and what would widen that.

use std::time::Duration;

use super::chosen::Chosen;
use super::fit::{self, Fit, Growth, Level};
use super::input::Input;
use super::scheduler::Scheduler;
use super::wishes::Wishes;
use crate::advice::Advice;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::error::Result;
use crate::frames::{Frames, SampleRate, clock};
use crate::load::language::pose::{Dose, Lasts, Pose, PoseKind};
use crate::load::language::quantity::{LONGEST, Quantity, written};
use crate::load::language::routine::{Action, Step};
use crate::load::{ClipDurations, Routine};

/// How short and how long a routine can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The shortest of all fits: with every range at its gentle end.
    pub shortest: Frames,
    /// The longest of all fits: with every range at its deep end.
    pub longest: Frames,
}

/// How far outside the bounds a wished length may be and is taken for the nearer end: a clock shows the ends in whole seconds.
pub(super) const SLACK: Duration = Duration::from_millis(500);

impl Bounds {
    /// Both ends as a clock shows them; either can be asked for.
    pub fn clocks(&self, rate: SampleRate) -> [String; 2] {
        [self.shortest, self.longest].map(|end| clock(end.duration(rate)))
    }

    /// Whether a length can be asked for.
    pub fn allow(&self, length: Duration, rate: SampleRate) -> bool {
        fit::snapped(rate.frames(length), rate.frames(SLACK), (self.shortest, self.longest)).is_some()
    }
}

/// How short and how long a routine can be in a voice by its ranges alone: nothing is left out, and nothing grows beyond its range.
pub fn ranges(routine: &Routine, durations: &ClipDurations, wishes: &Wishes) -> Bounds {
    let chosen = Chosen::of(routine, wishes);
    let input = Input::new(routine, durations, wishes).of(&chosen.steps);
    let (shortest, longest) = fit::ends(growth(input), Scheduler::measuring(input));
    Bounds { shortest, longest }
}

/// Whether a routine that is taken deeper can become shorter.
pub(super) fn growth(input: Input<'_>) -> Growth {
    let eases = input.breath.eases();
    if eases || input.steps.iter().any(is_uneven) { Growth::Uneven } else { Growth::Even }
}

/// Whether a time is filled with cycles that grow themselves, or the rounds of a block differ.
fn is_uneven(step: &Step) -> bool {
    match &step.action {
        Action::Repeat { times, steps } => {
            // A round whose last step is another may end in another position, and need less time to what follows.
            let changes = times.is_range() && steps.iter().any(|step| step.only.is_some());
            changes || steps.iter().any(is_uneven)
        }
        Action::Pose(pose) => {
            let grows = |lasts| matches!(lasts, Lasts::Hold { quantity, .. } if quantity.is_range());
            let cycle = pose.rest.is_range() || pose.phases.iter().any(|phase| grows(phase.lasts));
            matches!(pose.dose, Dose::For(_)) && cycle
        }
        _ => false,
    }
}

/// The mistake of a session that has no end in sight, where it is one.
pub(super) fn too_long(input: Input<'_>, fit: Fit) -> Option<Diagnostic> {
    let long = Scheduler::measure(input, fit).duration(input.durations.rate) > LONGEST;
    long.then(|| endless(input.routine))
}

pub(super) fn endless(routine: &Routine) -> Diagnostic {
    Diagnostic::error(Code::TooLong, "expected a session of at most 24 hours, found more")
        .at(&routine.place, "this routine")
        .help("take out a `repeat`, or make a quantity smaller")
}

/// The routine's own length, where no level is wished.
pub(super) fn own_length(routine: &Routine, wishes: &Wishes) -> Option<Duration> {
    routine.length.as_ref().filter(|_| wishes.level.is_none()).map(|length| length.value)
}

/// The fit by which the ranges alone meet a length.
pub(super) fn fit_within(input: Input<'_>, wishes: &Wishes, length: Duration) -> Result<Fit> {
    let (target, slack) = (input.durations.rate.frames(length), input.durations.rate.frames(SLACK));
    fit::solve(target, slack, Frames::ZERO, growth(input), Scheduler::measuring(input)).ok_or_else(|| {
        let (shortest, longest) = fit::ends(growth(input), Scheduler::measuring(input));
        out_of_reach(input, wishes, length, Bounds { shortest, longest }).into()
    })
}

/// A quantity of a routine that could be given a wider range.
struct Dial<'a> {
    /// Where the step stands.
    place: &'a Place,
    /// What it is, as a person would call it.
    step: String,
    /// The key and its value.
    written: String,
    /// Whether it is a range already.
    ranges: bool,
    /// About how long it is at its ends, times around included.
    ends: (Duration, Duration),
}

/// The mistake of a length that the ranges do not allow.
pub(super) fn out_of_reach(input: Input<'_>, wishes: &Wishes, length: Duration, bounds: Bounds) -> Diagnostic {
    let (routine, rate) = (input.routine, input.durations.rate);
    let (shortest, longest) = (bounds.shortest.duration(rate), bounds.longest.duration(rate));
    let [least, most] = bounds.clocks(rate);
    let named = if least == most { least } else { format!("{least} to {most}") };
    let message = format!("expected a length of {named} for `{}`, found {}", routine.name, written(length));
    let own = routine.length.as_ref().filter(|_| wishes.length.is_none()).map(|own| &own.place);
    let mistake = Diagnostic::error(Code::LengthOutOfRange, message)
        .at(own.unwrap_or(&routine.place), "its ranges allow no other");
    let deeper = length > longest;
    let lacking = length.abs_diff(if deeper { longest } else { shortest });
    // A bare number is seconds, where most people think of minutes.
    let minutes = length.checked_mul(60).filter(|minutes| bounds.allow(*minutes, rate));
    let mistake = match minutes.filter(|_| length.subsec_nanos() == 0) {
        Some(minutes) => mistake.help(format!("did you mean \"{}\"?", written(minutes))),
        None => mistake,
    };
    if routine.place.source.is_built_in() {
        // Nobody can give its steps another range.
        return mistake.help(Advice::ListLengths);
    }
    let all = dials(input.steps, input, 1);
    advice(all, deeper, lacking).into_iter().fold(mistake, Diagnostic::help)
}

/// What would widen the ranges, in the order in which it would help most.
fn advice(mut dials: Vec<Dial<'_>>, deeper: bool, lacking: Duration) -> Vec<String> {
    // More than three suggestions at once help nobody.
    const MOST: usize = 3;
    let size = |dial: &Dial<'_>| if deeper { dial.ends.1 } else { dial.ends.0 };
    dials.sort_by_key(|dial| std::cmp::Reverse(size(dial)));
    let lacking = clock(Duration::from_secs(lacking.as_secs_f64().ceil() as u64));
    let (way, what) = if deeper { ("raise the large end", "missing") } else { ("lower the small end", "too much") };
    let mut lines = vec![format!("{lacking} is {what}: choose a length in between, or {way} of a range, such as")];
    lines.extend(dials.into_iter().take(MOST).map(|dial| {
        let range = if dial.ranges { "" } else { ", which has no range yet" };
        format!("{}: {}, {}{range}", dial.place.line(), dial.step, dial.written)
    }));
    if lines.len() == 1 {
        lines = vec![format!("{lacking} is {what}, and nothing in it has a length: add a pose or a `pause`")];
    }
    lines
}

fn dials<'a>(steps: &'a [Step], input: Input<'a>, times: u32) -> Vec<Dial<'a>> {
    let dial = |step: &'a Step| match &step.action {
        Action::Pose(pose) => vec![dose(pose, &step.place, format!("`pose = \"{}\"`", pose.id), input, times)],
        Action::Breathe(pose) => vec![dose(pose, &step.place, "`breathe`".into(), input, times)],
        Action::Pause(pose) => vec![dose(pose, &step.place, "`pause`".into(), input, times)],
        Action::Repeat { times: around, steps } => dials(steps, input, times.saturating_mul(around.most)),
        Action::Say { .. } | Action::Bell { .. } => Vec::new(),
    };
    steps.iter().flat_map(dial).collect()
}

/// The dial of a pose: its dose, or the one that makes the most of it.
fn dose<'a>(pose: &'a Pose, place: &'a Place, step: String, input: Input<'a>, times: u32) -> Dial<'a> {
    let (text, ranges) = match (pose.dose, pose.hold()) {
        (Dose::For(time), _) => (format!("for = \"{}\"", Quantity::Time(time)), time.is_range()),
        (Dose::Rounds(rounds), None) if rounds.is_range() => (format!("rounds = \"{rounds}\""), true),
        (Dose::Rounds(rounds), None) => (format!("rounds = {rounds}"), false),
        (Dose::Rounds(_), Some(hold)) => {
            let key = if pose.kind == PoseKind::Pause { "pause" } else { "hold" };
            (format!("{key} = \"{hold}\""), hold.is_range())
        }
    };
    let one = |level| Scheduler::practice_length(input, Fit::level(level), pose);
    let length = |level| one(level).checked_mul(times).unwrap_or(Duration::MAX);
    Dial { place, step, written: text, ranges, ends: (length(Level::GENTLE), length(Level::DEEP)) }
}
