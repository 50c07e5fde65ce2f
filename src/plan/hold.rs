//! What is said in a stillness: how long it will be, that it is half over, that it is nearly done, and reminders.

use std::time::Duration;

use super::cue;
use super::scheduler::Scheduler;
use super::score::Score;
use super::timeline::{PhaseKind, Role, Track};
use super::wishes::Missing;
use crate::diagnostic::{Code, Diagnostic};
use crate::frames::{FrameRange, Frames};
use crate::load::language::cue::CueRef;
use crate::load::language::house_cues;
use crate::load::language::pose::{Lasts, Pose};
use crate::load::language::quantity::{Between, Quantity};
use crate::load::language::routine::Bell;

/// A stillness that is to be marked.
pub(super) struct Hold<'a> {
    /// What it belongs to.
    pub(super) pose: &'a Pose,
    /// The side's index, where there are sides.
    pub(super) side: Option<usize>,
    /// How long it is, every range being closed.
    pub(super) quantity: Quantity,
    /// When each breath of it begins, where it is counted in breaths.
    pub(super) breaths: Vec<Frames>,
    /// The last seconds that are counted aloud.
    pub(super) countdown: Duration,
    /// Whether it says how long it will be.
    pub(super) announce: bool,
    /// Whether it is a rest, in which no clock runs: nothing tells of its half, and its end comes as an invitation.
    pub(super) rests: bool,
}

/// A stillness while words are put into it.
struct Stillness {
    window: FrameRange,
    /// What is said in it already.
    taken: Vec<FrameRange>,
}

impl Stillness {
    /// Whether words in `range` would end in time and keep `apart` from all others.
    fn has_room(&self, range: FrameRange, apart: Frames) -> bool {
        let crowds = |other: &FrameRange| range.start < other.end + apart && other.start < range.end + apart;
        range.start >= self.window.start && range.end + apart <= self.window.end && !self.taken.iter().any(crowds)
    }

    /// The first place from `start` on where `frames` have room.
    fn first_room(&self, start: Frames, frames: Frames, apart: Frames) -> Option<Frames> {
        let ends = self.taken.iter().map(|other| other.end + apart).filter(|end| *end > start);
        let mut candidates: Vec<Frames> = std::iter::once(start).chain(ends).collect();
        candidates.sort();
        candidates.into_iter().find(|start| self.has_room(FrameRange::new(*start, frames), apart))
    }
}

impl<'a, S: Score<'a>> Scheduler<'a, S> {
    /// A silence. From half a minute on it is marked as a hold is; how long it will be is said where it has words of its
    /// own, for else the author has just said what it is for.
    pub(super) fn pause(&mut self, pause: &Pose) {
        for phase in &pause.phases {
            let Lasts::Hold { quantity, .. } = phase.lasts else { continue };
            let quantity = self.fit.quantity(quantity);
            let Quantity::Time(time) = quantity else { continue };
            let start = self.progress.clock.now();
            self.progress.clock.wait(time.least);
            self.closing_rest();
            let window = FrameRange { start, end: self.progress.clock.now() };
            let coming = self.coming_inside().filter(|_| !window.is_empty());
            if S::KEEPS && !window.is_empty() {
                self.silence(pause, &phase.cues, window, coming);
            }
            if let Some(coming) = coming {
                self.progress.listener.led = true;
                self.progress.listener.position = coming.position;
            }
        }
    }

    /// The time that a length still lacks, where nothing takes it: the listener is told to rest, and for how long.
    pub(super) fn lull(&mut self) {
        if self.outline.rest.is_some() {
            return;
        }
        let start = self.progress.clock.now();
        self.progress.fill(self.fit.closing);
        let window = FrameRange { start, end: self.progress.clock.now() };
        if !S::KEEPS || window.is_empty() {
            return;
        }
        let (place, time) = (&self.input.routine.place, window.frames().duration(self.input.durations.rate));
        let pause =
            Pose::pause(Between::just(time), vec![CueRef::house(house_cues::REST, place)], Duration::ZERO, place);
        let cues = &pause.phases[0].cues;
        let cues = if self.wording.fits(&pause, None, cues, window) { &cues[..] } else { &[] };
        self.silence(&pause, cues, window, None);
    }

    /// What is said in a silence, and how long it is.
    fn silence(&mut self, pause: &Pose, cues: &[CueRef], window: FrameRange, coming: Option<&'a Pose>) {
        let said = match cue::instructed(self.input.guidance, cues) {
            [] if !cues.is_empty() => self.bell_within(Bell::Soft, window),
            cues => self.say_within(Role::Phase, pause, None, cues, window),
        };
        let quantity = Quantity::Time(Between::just(window.frames().duration(self.input.durations.rate)));
        let announce = !cues.is_empty() && self.wording.may_announce(pause, None, cues, window);
        let countdown = pause.countdown;
        // Before a pose whose way in is said in it, it is a rest by the clock.
        let (rests, breaths) = (coming.is_none(), Vec::new());
        let hold = Hold { pose: pause, side: None, quantity, breaths, countdown, announce, rests };
        let led = coming.and_then(|coming| self.lead(coming, &hold, window, said));
        self.mark_hold(&hold, window, said, led);
        self.span(pause, None, None, PhaseKind::Pause, window.start);
    }

    /// Marks a stillness in `window`, whose own cue ends at `said`, and in which `other` words stand.
    pub(super) fn mark_hold(&mut self, hold: &Hold<'_>, window: FrameRange, said: Frames, other: Option<FrameRange>) {
        if !S::KEEPS {
            return;
        }
        let mut still = Stillness { window, taken: other.into_iter().collect() };
        if said > window.start {
            still.taken.push(FrameRange { start: window.start, end: said });
        }
        if cue::names(self.input.guidance) {
            self.tell_the_time(&mut still, hold, said);
        } else if window.frames().duration(self.input.durations.rate) >= cue::SILENT_HOLD {
            self.ring_half(&mut still);
        }
        self.remind(&mut still, hold);
    }

    /// Counts the last seconds of breathing alone, in its last part, whose own words end at `said`.
    pub(super) fn count_last_breath(&mut self, pose: &Pose, window: FrameRange, said: Frames) {
        if !cue::names(self.input.guidance) {
            return;
        }
        let words = (said > window.start).then_some(FrameRange { start: window.start, end: said });
        let mut still = Stillness { window, taken: words.into_iter().collect() };
        let time = Quantity::Time(Between::just(window.frames().duration(self.input.durations.rate)));
        let (breaths, countdown) = (Vec::new(), pose.countdown);
        let hold = Hold { pose, side: None, quantity: time, breaths, countdown, announce: false, rests: false };
        self.count_down(&mut still, &hold);
    }

    /// Says how long it will be, where it is half over, and that its end is near.
    fn tell_the_time(&mut self, still: &mut Stillness, hold: &Hold<'_>, said: Frames) {
        let (rate, window) = (self.input.durations.rate, still.window);
        let length = window.frames().duration(rate);
        self.count_down(still, hold);
        if length >= cue::HALVED_HOLD && !hold.rests {
            self.mark(still, Role::Half, house_cues::HALF, window.start + window.frames() / 2);
        }
        self.mark_end(still, hold, length);
        // The words tell how much of the time is left when they are said.
        let start = said + rate.frames(cue::BREATHER);
        if let Some((id, start)) = self.announced(hold, window, start).filter(|_| hold.announce) {
            self.mark(still, Role::Length, &id, start);
        }
    }

    /// The cue that says how much is left of a stillness that is long enough to wonder, from `start` on, and when it is true.
    fn announced(&self, hold: &Hold<'_>, window: FrameRange, start: Frames) -> Option<(String, Frames)> {
        let rate = self.input.durations.rate;
        match hold.quantity {
            Quantity::Breaths(number) if number.least < cue::COUNTED_BREATHS => return None,
            Quantity::Breaths(number) if number.least <= cue::MOST_COUNTED_BREATHS => {
                let (left, start) = breaths_left(&hold.breaths, window, start)?;
                return (left >= cue::COUNTED_BREATHS).then(|| (house_cues::stay_breaths(left), start));
            }
            Quantity::Time(_) if window.frames().duration(rate) < cue::LONG_HOLD => return None,
            _ => {}
        }
        let left = window.end.saturating_sub(start).duration(rate);
        let has = |id: &str| self.wording.length(id).is_some() || self.input.routine.script.contains_key(id);
        let own = |id: &str| self.input.durations.frames(id).is_some() && self.input.durations.plainer(id).is_none();
        let (id, later) = cue::stay_time(left, has)?;
        // A time that the voice has words for says more than the plainer words in place of a nearer one.
        let nearest = if own(&id) { None } else { cue::stay_time(left, own) };
        let (id, later) = nearest.unwrap_or((id, later));
        Some((id, start + rate.frames(later)))
    }

    /// Counts the last seconds, where that was asked for: all of those numbers that have room, down to one.
    fn count_down(&mut self, still: &mut Stillness, hold: &Hold<'_>) {
        if hold.countdown.is_zero() {
            return;
        }
        let rate = self.input.durations.rate;
        let start = |number: u64| still.window.end.saturating_sub(rate.frames(cue::COUNT * number as u32));
        let free = |number: &u64| {
            let begins = start(*number);
            rate.frames(cue::COUNT * *number as u32) <= still.window.frames()
                && !still.taken.iter().any(|other| other.end > begins)
        };
        let first = (1..=hold.countdown.as_secs()).take_while(free).last();
        let counted = first.map(|first| (1..=first).rev().map(|number| (number, start(number))).collect::<Vec<_>>());
        let counted = counted.unwrap_or_default();
        let unrecorded = |number: u64| {
            self.input.missing == Missing::Bell && self.input.durations.frames(&house_cues::count(number)).is_none()
        };
        let told = match counted.first() {
            None => false,
            Some((first, _)) if unrecorded(*first) => self.count_by_bell(still, &counted),
            Some(_) => self.count_aloud(still, hold, &counted),
        };
        if told {
            self.heard(Code::CountdownDropped, &hold.pose.place);
        } else {
            self.miss_countdown(hold.pose);
        }
    }

    /// Notes a countdown of which no number is heard.
    pub(super) fn miss_countdown(&mut self, pose: &Pose) {
        let message = "expected room for a countdown before the end, found none: not even \"one\" is said";
        let warning = Diagnostic::warning(Code::CountdownDropped, message).at(&pose.place, "counts down nothing");
        let help = "give it more time or fewer words, or leave out `countdown`: only a hold of a time has one";
        self.missed(&pose.place, warning.help(help));
    }

    /// Rings one soft bell in place of all numbers, as it lasts longer than a number. Returns whether it has room.
    fn count_by_bell(&mut self, still: &mut Stillness, counted: &[(u64, Frames)]) -> bool {
        for (number, start) in counted {
            let before = still.taken.len();
            self.mark(still, Role::Count, &house_cues::count(*number), *start);
            if still.taken.len() > before {
                return true;
            }
        }
        false
    }

    /// Says the numbers, the last one second before the end. Returns whether any is said, or what is wrong is told otherwise.
    fn count_aloud(&mut self, still: &mut Stillness, hold: &Hold<'_>, counted: &[(u64, Frames)]) -> bool {
        let rate = self.input.durations.rate;
        for (number, start) in counted {
            let id = house_cues::count(*number);
            let Some(frames) = self.house_length(Role::Count, &id) else { continue };
            if frames > rate.frames(cue::COUNT) {
                let found = format!("expected a number of at most 1.0 s, found `{id}` with");
                let mistake = self.too_long(&found, &id, frames).at(&hold.pose.place, "counted down here");
                self.score.mistake(mistake.help("record the number shorter, or leave out `countdown`"));
                return true;
            }
            still.taken.push(FrameRange::new(*start, frames));
            self.put(Role::Count, &id, *start, frames);
        }
        true
    }

    /// Says that the end is near: in a time, ten seconds before; in breaths, as the last one begins.
    fn mark_end(&mut self, still: &mut Stillness, hold: &Hold<'_>, length: Duration) {
        let rate = self.input.durations.rate;
        match (hold.quantity, hold.breaths.last()) {
            (Quantity::Breaths(number), Some(start)) if number.least >= cue::LONG_BREATHS => {
                self.mark(still, Role::LastBreath, house_cues::LAST_BREATH, *start);
            }
            (Quantity::Time(_), _) if length >= cue::LONG_HOLD => {
                let start = still.window.start + (still.window.frames() - rate.frames(cue::NEARLY));
                let words = if hold.rests { house_cues::DEEPEN } else { house_cues::NEARLY };
                self.mark(still, Role::Nearly, words, start);
            }
            _ => {}
        }
    }

    /// Places a mark, where it has words and room.
    fn mark(&mut self, still: &mut Stillness, role: Role, id: &str, start: Frames) {
        if let Some(frames) = self.house_length(role, id)
            && still.has_room(FrameRange::new(start, frames), self.input.durations.rate.frames(cue::APART))
        {
            still.taken.push(FrameRange::new(start, frames));
            self.put(role, id, start, frames);
        }
    }

    /// Rings the bell that does not lead out of a hold in the middle of it.
    fn ring_half(&mut self, still: &mut Stillness) {
        let (sound, frames) = self.ring(Bell::Bright);
        let start = still.window.start + still.window.frames() / 2;
        if still.has_room(FrameRange::new(start, frames), self.input.durations.rate.frames(cue::APART)) {
            still.taken.push(FrameRange::new(start, frames));
            self.score.sound((Track::Bell, Role::Half), sound, start, frames);
        }
    }

    /// Notes a reminder that is not heard.
    pub(super) fn miss_reminder(&mut self, reminder: &CueRef) {
        let message = format!("expected room for the reminder `{}`, found none", reminder.template());
        let warning = Diagnostic::warning(Code::ReminderDropped, message).at(&reminder.place, "not heard");
        let help = "hold longer, have fewer reminders, or leave it out: each keeps 6 s from all other words, in a hold";
        self.missed(&reminder.place, warning.help(help));
    }

    /// Spreads the reminders evenly over what is left, far from everything else that is said.
    fn remind(&mut self, still: &mut Stillness, hold: &Hold<'_>) {
        // No clock runs in a rest: where its words are left out, the reminders tell that it goes on.
        let rests = hold.rests && cue::names(self.input.guidance);
        let wanted = |reminder: &&CueRef| rests || cue::is_said(self.input.guidance, reminder);
        let reminders: Vec<&CueRef> = hold.pose.reminders.iter().filter(wanted).collect();
        let apart = self.input.durations.rate.frames(cue::REMINDER_APART);
        for (index, reminder) in reminders.iter().enumerate() {
            let id = hold.pose.cue_id(reminder, hold.side);
            let start = still.window.start
                + Frames(still.window.frames().0 * (index as u64 + 1) / (reminders.len() as u64 + 1));
            self.asks(Role::Reminder, &id, start, None);
            let Some(frames) = self.wording.length(&id) else {
                self.score.unrecorded(&id, &reminder.place, self.input.routine);
                continue;
            };
            if let Some(start) = still.first_room(start, frames, apart) {
                still.taken.push(FrameRange::new(start, frames));
                self.put(cue::role_of(reminder, Role::Reminder), &id, start, frames);
                self.heard(Code::ReminderDropped, &reminder.place);
            } else {
                self.miss_reminder(reminder);
            }
        }
    }
}

/// How many breaths of a stillness are left from `start` on, and when to say so. Early in a breath it is one of them; later it
/// is said from the middle of it on, so that who counts from the next inhale counts right, and half a breath is the most it errs.
fn breaths_left(breaths: &[Frames], window: FrameRange, start: Frames) -> Option<(u32, Frames)> {
    const EARLY: u64 = 4;
    let passed = breaths.iter().take_while(|breath| **breath <= start).count();
    let begins = *breaths.get(passed.checked_sub(1)?)?;
    let ends = breaths.get(passed).copied().unwrap_or(window.end);
    let left = (breaths.len() - passed) as u32;
    let length = ends.saturating_sub(begins);
    Some(if (start - begins) <= length / EARLY { (left + 1, start) } else { (left, start.max(begins + length / 2)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaths_are_counted_from_when_the_words_are_said() {
        let breaths: Vec<Frames> = (0..5).map(|breath| Frames(breath * 100)).collect();
        let window = FrameRange { start: Frames(0), end: Frames(500) };
        let left = |start| breaths_left(&breaths, window, Frames(start)).unwrap();
        assert_eq!([left(0), left(20), left(30)], [(5, Frames(0)), (5, Frames(20)), (4, Frames(50))]);
        assert_eq!([left(70), left(110), left(460)], [(4, Frames(70)), (4, Frames(110)), (0, Frames(460))]);
        for start in 0..500 {
            let (count, said) = left(start);
            let true_count = (500 - said.0) as f64 / 100.0;
            assert!((f64::from(count) - true_count).abs() <= 0.5, "{count} at {said:?}");
        }
    }
}
