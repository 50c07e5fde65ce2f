//! How far somebody has come in a programme, told session by session.
//!
//! A week of a programme begins with a session, not on a Monday: whoever begins on a Saturday has not missed five days. From there on
//! weeks follow each other, seven days each, until a pause.

use std::time::Duration;

use super::day::Day;
use super::entry::Entry;
use crate::load::language::programme::{Dose, Extent, Programme, Week};

/// The days of a week.
const WEEK_DAYS: i32 = 7;
/// So many days without a session are no pause yet: within two weeks, a missed week alone is answered.
const PAUSE_DAYS: i32 = 14;
/// After so many, what was won begins to be lost (Mujika and Padilla, Sports Medicine 30, 2000, call less than four weeks short).
const LONG_PAUSE_DAYS: i32 = 28;
/// After so many, one begins anew: twelve weeks are as long as most programmes.
const ANEW_DAYS: i32 = 84;
/// No more steps back are taken at once, so that as many sessions without more pain lead all the way forward again.
const MOST_STEPS: u8 = 3;

/// Why the week at hand is the one it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It follows the one before, or is the first.
    Next,
    /// Fewer than half of its days were practised.
    Missed { done: u32, days: u32 },
    /// Pain rose in it, up to its end or in half of its sessions.
    PainInIt,
    /// Pain rose in half of the sessions of the week after it, or in more.
    PainBefore,
    /// Nothing was practised for so many days.
    Pause { days: i32, back: usize },
    /// Nothing was practised for so long that the programme begins anew.
    Anew { days: i32 },
    /// The programme is over, and its last week comes again.
    Over,
}

/// How far somebody has come.
pub(super) struct Course<'p> {
    pub(super) programme: &'p Programme,
    /// The week at hand, from 0.
    pub(super) week: usize,
    /// Why it is the one it is.
    pub(super) turn: Turn,
    /// The day it began.
    pub(super) begins: Option<Day>,
    /// How many of its days are done.
    pub(super) done: u32,
    /// The last day that is done.
    pub(super) last_done: Option<Day>,
    /// How many steps easier the next session is.
    pub(super) steps: u8,
    /// How many sessions in a row were ended early.
    pub(super) unfinished: u32,
    /// The last session.
    pub(super) last: Option<&'p Entry>,
    /// How many sessions there were in this week, and in how many of them pain rose.
    sessions: (u32, u32),
}

/// A session, some steps easier than the one that would be due.
#[derive(Clone, Copy)]
pub(super) struct Stepped<'p> {
    week: usize,
    pub(super) dose: &'p Dose,
    pub(super) extent: Extent,
    /// How many steps.
    pub(super) steps: u8,
}

/// A quarter less: enough to be noticed, and no other practice yet.
pub fn three_quarters(length: Duration) -> Duration {
    length * 3 / 4
}

/// A length as near as a routine allows that is so short and so long at its ends; in whole seconds, where there is one between them.
pub fn nearest(wanted: Duration, [shortest, longest]: [Duration; 2]) -> Duration {
    let least = shortest.as_secs() + u64::from(shortest.subsec_nanos() > 0);
    if least > longest.as_secs() {
        return shortest;
    }
    Duration::from_secs(wanted.as_secs().clamp(least, longest.as_secs()))
}

impl<'p> Course<'p> {
    pub(super) fn new(programme: &'p Programme) -> Course<'p> {
        Course {
            programme,
            week: 0,
            turn: Turn::Next,
            begins: None,
            done: 0,
            last_done: None,
            steps: 0,
            unfinished: 0,
            last: None,
            sessions: (0, 0),
        }
    }

    /// The week at hand.
    pub(super) fn of_week(&self) -> &'p Week {
        &self.programme.weeks[self.week]
    }

    /// The session at hand, so many steps easier, or as many as there are.
    pub(super) fn stepped_back(&self, steps: u8) -> Stepped<'p> {
        let mut stepped =
            Stepped { week: self.week, dose: self.dose_of(self.week), extent: Extent::Level(1), steps: 0 };
        stepped.extent = stepped.dose.extent;
        while stepped.steps < steps
            && let Some(easier) = self.easier(stepped)
        {
            stepped = easier;
        }
        stepped
    }

    /// Whether nothing is easier.
    pub(super) fn is_easiest(&self, stepped: Stepped<'p>) -> bool {
        self.easier(stepped).is_none()
    }

    /// The session of today in a week.
    fn dose_of(&self, week: usize) -> &'p Dose {
        let sessions = &self.programme.weeks[week].sessions;
        &sessions[self.done as usize % sessions.len()]
    }

    /// A step is a level less, or a quarter of a length less; below that, the session of the week before in its easiest form.
    fn easier(&self, from: Stepped<'p>) -> Option<Stepped<'p>> {
        let steps = from.steps + 1;
        match from.extent {
            Extent::Level(level @ 2..) => Some(Stepped { extent: Extent::Level(level - 1), steps, ..from }),
            Extent::Length(length) if from.extent == from.dose.extent => {
                Some(Stepped { extent: Extent::Length(three_quarters(length)), steps, ..from })
            }
            _ => {
                let week = from.week.checked_sub(1)?;
                let dose = self.dose_of(week);
                let extent = match dose.extent {
                    Extent::Level(_) => Extent::Level(1),
                    Extent::Length(length) => Extent::Length(three_quarters(length)),
                };
                Some(Stepped { week, dose, extent, steps })
            }
        }
    }

    /// The day on which the next week begins.
    pub(super) fn next_week(&self, today: Day) -> Day {
        self.begins.unwrap_or(today).later(WEEK_DAYS)
    }

    /// Takes a session, which is later than all before it.
    pub(super) fn take(&mut self, entry: &'p Entry) {
        self.come_to(entry.day);
        self.last = Some(entry);
        self.sessions.0 += 1;
        if entry.pain.rose() {
            self.sessions.1 += 1;
            // Steps that lead nowhere would have to be taken forward again all the same.
            self.steps = self.stepped_back(MOST_STEPS.min(self.steps + 1)).steps;
        } else if entry.finished {
            self.steps = self.steps.saturating_sub(1);
        }
        if !entry.finished {
            self.unfinished += 1;
            return;
        }
        self.unfinished = 0;
        if self.last_done != Some(entry.day) {
            self.last_done = Some(entry.day);
            self.done += 1;
        }
    }

    /// Lets time pass up to a day: weeks end, and a pause is noticed.
    pub(super) fn come_to(&mut self, day: Day) {
        let (Some(begins), Some(last)) = (self.begins, self.last) else {
            self.begins = Some(day);
            return;
        };
        let pause = day.since(last.day);
        if pause > PAUSE_DAYS {
            self.end_week();
            self.pause(pause);
            self.begins = Some(day);
            return;
        }
        let mut begins = begins;
        while day.since(begins) >= WEEK_DAYS {
            self.end_week();
            begins = begins.later(WEEK_DAYS);
        }
        self.begins = Some(begins);
    }

    fn pause(&mut self, days: i32) {
        (self.done, self.steps, self.unfinished) = (0, 0, 0);
        if days >= ANEW_DAYS {
            (self.week, self.turn) = (0, Turn::Anew { days });
            return;
        }
        let back = if days >= LONG_PAUSE_DAYS { 2 } else { 1 };
        let back = back.min(self.week);
        (self.week, self.turn) = (self.week - back, Turn::Pause { days, back });
    }

    /// Whether nothing of this week was practised yet.
    pub(super) fn is_fresh(&self) -> bool {
        self.sessions.0 == 0
    }

    fn end_week(&mut self) {
        let (days, done, (sessions, risen)) = (self.of_week().days, self.done, std::mem::take(&mut self.sessions));
        let last = self.week + 1 == self.programme.weeks.len();
        let rises_often = risen > 0 && risen * 2 >= sessions;
        (self.week, self.turn) = if rises_often && self.week > 0 {
            (self.week - 1, Turn::PainBefore)
        } else if self.steps > 0 || rises_often {
            (self.week, Turn::PainInIt)
        } else if done * 2 < days {
            (self.week, Turn::Missed { done, days })
        } else if last {
            (self.week, Turn::Over)
        } else {
            (self.week + 1, Turn::Next)
        };
        // What was done of a week that was missed counts: whoever practises twice a week comes through it in two, and to all of it.
        if !matches!(self.turn, Turn::Missed { .. }) {
            self.done = 0;
        }
    }
}
