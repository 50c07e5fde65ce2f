//! Hold longer: five breaths where the breath is counted, half a minute where time is, and the other side by the same.

use std::time::Duration;

use super::turn::{Flow, Practice};
use crate::frames::{FrameRange, Frames};
use crate::load::language::breathing::BreathPart;
use crate::plan::cue::APART;
use crate::plan::timeline::{BreathSpan, PhaseSpan, Region, Role, Timeline, Track};

/// What a hold grew by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grown {
    /// Five breaths.
    Breaths,
    /// Half a minute.
    Time,
    /// As many rounds as come nearest to half a minute.
    Rounds,
}

/// How many breaths are added.
const BREATHS: u64 = 5;
/// How much time is added where no breath is counted.
const TIME: Duration = Duration::from_secs(30);
/// A round that was let go of as it began lasts a moment: no shorter one is counted, or thousands of them would be added.
const SHORTEST_ROUND: Duration = Duration::from_secs(1);

/// What is practised at `at` made longer, on this side and by as much on those that follow. `None` where nothing is.
pub fn longer(timeline: &Timeline, at: Frames) -> Option<(Timeline, Grown)> {
    match timeline.practice(at)? {
        Practice::Hold(holds) => {
            let mut edited = timeline.clone();
            let growth = Growth::of(timeline, holds[0]);
            // The last is stretched first, so that the frames of those before it stay valid.
            for hold in holds.iter().rev() {
                let heard = if *hold == holds[0] { at } else { timeline.phases[*hold].start };
                stretch(&mut edited, &timeline.phases[*hold].clone(), heard, &growth);
            }
            edited.settle();
            if !edited.is_sound() {
                return None;
            }
            let grown = if growth.breath.is_empty() { Grown::Time } else { Grown::Breaths };
            Some((edited, grown))
        }
        Practice::Flow(flow) => more_rounds(timeline, at, &flow),
    }
}

/// What a hold grows by.
struct Growth {
    /// The parts of a breath, where breaths are counted.
    breath: Vec<(BreathPart, Frames)>,
    frames: Frames,
}

impl Growth {
    fn of(timeline: &Timeline, hold: usize) -> Growth {
        let breath: Vec<_> = last_breath(timeline, &timeline.phases[hold])
            .into_iter()
            .map(|breath| (breath.part, breath.frames))
            .collect();
        let one: Frames = breath.iter().map(|(_, frames)| *frames).sum();
        let frames = if breath.is_empty() { timeline.rate.frames(TIME) } else { one * BREATHS };
        Growth { breath, frames }
    }
}

/// The last whole breath that a hold keeps.
fn last_breath(timeline: &Timeline, hold: &PhaseSpan) -> Vec<BreathSpan> {
    let within = hold.range();
    let inside: Vec<_> = timeline.breaths.iter().filter(|each| within.contains(each.start)).copied().collect();
    let first = inside.iter().rposition(|each| each.part == BreathPart::Inhale);
    first.map_or_else(Vec::new, |first| inside[first..].to_vec())
}

/// Makes one hold longer: before its last breath, or before it is said that it is nearly over; at its end where that is
/// past.
fn stretch(timeline: &mut Timeline, hold: &PhaseSpan, heard: Frames, growth: &Growth) {
    let within = hold.range();
    let breath = last_breath(timeline, hold);
    // These marks are true only near the end of a hold.
    let marks = |region: &&Region| matches!(region.role, Role::Nearly | Role::LastBreath);
    let inside = |region: &&Region| within.contains(region.start);
    let mark = timeline.regions.iter().filter(inside).rfind(marks).copied();
    let before_end = breath.first().map(|first| first.start).or(mark.map(|mark| mark.start));
    let at = before_end.filter(|place| heard < *place).unwrap_or(within.end);
    untell(timeline, within, heard);
    timeline.open(at, growth.frames);
    if let Some(mark) = mark.filter(|mark| mark.start < at) {
        timeline.regions.push(Region { start: mark.start + growth.frames, ..mark });
    }
    fill(timeline, at, growth);
    halve(timeline, FrameRange { end: within.end + growth.frames, ..within }, heard);
}

/// Puts breaths into what was opened.
fn fill(timeline: &mut Timeline, at: Frames, growth: &Growth) {
    if growth.breath.is_empty() {
        return;
    }
    let one: Frames = growth.breath.iter().map(|(_, frames)| *frames).sum();
    for number in 0..BREATHS {
        let mut start = at + one * number;
        for (part, frames) in &growth.breath {
            timeline.breaths.push(BreathSpan { part: *part, start, frames: *frames });
            start += *frames;
        }
    }
}

/// Takes out what would no longer be true: how long the hold will be.
fn untell(timeline: &mut Timeline, within: FrameRange, heard: Frames) {
    let ahead = |region: &Region| region.start > heard && within.contains(region.start);
    timeline.leave_out(|region| ahead(region) && region.role == Role::Length);
}

/// Moves the word for the middle, if it was not said yet, to where the middle is now.
fn halve(timeline: &mut Timeline, within: FrameRange, heard: Frames) {
    let place = |region: &Region| region.start > heard && within.contains(region.start);
    let half = timeline.regions.iter().position(|region| place(region) && region.role == Role::Half);
    let Some(half) = half.map(|index| timeline.regions.remove(index)) else { return };
    let moved = Region { start: within.start + within.frames() / 2, ..half };
    if timeline.has_room(moved.range(), timeline.rate.frames(APART)) && moved.start > heard {
        timeline.regions.push(moved);
    }
}

/// Adds rounds after the one at hand, on this side and on those that follow.
fn more_rounds(timeline: &Timeline, at: Frames, flow: &Flow) -> Option<(Timeline, Grown)> {
    let mut edited = timeline.clone();
    let mut times = None;
    for (index, rounds) in flow.sides.iter().enumerate().rev() {
        let heard = if index == 0 { at } else { rounds.first()?.start };
        let strip = Strip::of(rounds, flow.round)?;
        // Every side lasts as long as the first, so that the number is the same for all.
        let seconds = strip.period().duration(timeline.rate).max(SHORTEST_ROUND).as_secs_f64();
        let number = if flow.breath { BREATHS } else { (TIME.as_secs_f64() / seconds).round().max(1.0) as u64 };
        let number = *times.get_or_insert(number);
        repeat(&mut edited, &strip, number, heard);
    }
    edited.settle();
    if !edited.is_sound() {
        return None;
    }
    Some((edited, if flow.breath { Grown::Breaths } else { Grown::Rounds }))
}

/// What is repeated, and where.
struct Strip {
    source: FrameRange,
    /// Whether it is the last round.
    last: bool,
    /// The rounds after which the repeats come: how they are counted.
    round: u32,
    end: Frames,
}

impl Strip {
    fn of(rounds: &[FrameRange], round: usize) -> Option<Strip> {
        let this = rounds.get(round)?;
        let end = rounds.last()?.end;
        let round_number = round as u32 + 1;
        if let Some(next) = rounds.get(round + 1) {
            let source = FrameRange { start: this.start, end: next.start };
            return Some(Strip { source, last: false, round: round_number, end });
        }
        // What lies between the round before and this one comes again, too.
        let start = match round.checked_sub(1).map(|before| rounds[before]) {
            Some(before) => Frames(this.end.0 - (this.start - before.start).0),
            None => this.start,
        };
        Some(Strip { source: FrameRange { start, end: this.end }, last: true, round: round_number, end })
    }

    fn period(&self) -> Frames {
        self.source.frames()
    }
}

/// Puts a strip `times` times after itself.
fn repeat(timeline: &mut Timeline, strip: &Strip, times: u64, heard: Frames) {
    let (source, period) = (strip.source, strip.period());
    let inside = |start: Frames| source.contains(start);
    let is_mark = |region: &Region| region.role == Role::LastRound;
    let (marks, words): (Vec<Region>, Vec<Region>) =
        timeline.regions.iter().filter(|region| inside(region.start)).partition(|region| is_mark(region));
    let breaths: Vec<_> = timeline.breaths.iter().filter(|breath| inside(breath.start)).copied().collect();
    let phases: Vec<_> = timeline.phases.iter().filter(|phase| inside(phase.start)).cloned().collect();
    let before = source.start.saturating_sub(period);
    let earlier = timeline
        .regions
        .iter()
        .rev()
        .find(|region| region.start >= before && region.start < source.start && is_mark(region));
    let earlier = earlier.copied().filter(|_| strip.last && marks.is_empty());
    // A round that is no longer the last but one does not announce the last.
    timeline.leave_out(|region| region.start > heard && inside(region.start) && is_mark(region));
    renumber(timeline, strip, times);
    let grown = timeline.phases.iter().map(|phase| phase.frames).collect::<Vec<_>>();
    timeline.open(source.end, period * times);
    // The phase that ends where the repeats begin is not itself longer.
    for (phase, frames) in timeline.phases.iter_mut().zip(grown) {
        phase.frames = frames;
    }
    for number in 1..=times {
        let by = period * number;
        timeline.regions.extend(words.iter().map(|word| Region { start: word.start + by, ..*word }));
        timeline.breaths.extend(breaths.iter().map(|breath| BreathSpan { start: breath.start + by, ..*breath }));
        let count = |round: Option<u32>| round.map(|round| round + number as u32);
        timeline.phases.extend(phases.iter().map(|phase| PhaseSpan {
            start: phase.start + by,
            round: count(phase.round),
            ..phase.clone()
        }));
    }
    let announced = marks.first().copied().or(earlier);
    if let Some(mark) = announced {
        announce(timeline, Region { start: mark.start + period * times, ..mark }, heard);
    }
}

/// The rounds that follow are counted on.
fn renumber(timeline: &mut Timeline, strip: &Strip, times: u64) {
    let later = |phase: &&mut PhaseSpan| phase.start >= strip.source.end && phase.start < strip.end;
    for phase in timeline.phases.iter_mut().filter(later) {
        phase.round =
            phase.round.filter(|round| *round > strip.round).map(|round| round + times as u32).or(phase.round);
    }
}

/// Says again that the last round is next; a word in its way gives way.
fn announce(timeline: &mut Timeline, mark: Region, heard: Frames) {
    if mark.start <= heard {
        return;
    }
    let range = mark.range();
    let in_way = |region: &Region| region.track == Track::Voice && !region.range().intersect(range).is_empty();
    timeline.regions.retain(|region| !in_way(region));
    timeline.regions.push(mark);
}
