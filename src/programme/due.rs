//! What is due by a programme, and why.

use std::fmt;

use super::course::{Course, Turn};
use super::day::Day;
use super::entry::Entry;
use crate::load::language::programme::{Extent, Programme};

/// So many sessions in a row that were ended early make the next one shorter: one may have been the telephone.
const UNFINISHED: u32 = 2;

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// A session, today.
    Due(Due),
    /// Nothing, until another day.
    Rest(Rest),
}

/// A session that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The name of the routine.
    pub routine: String,
    /// How much of it.
    pub extent: Extent,
    /// Whether it is to be a quarter shorter than that.
    pub shorter: bool,
    /// Which week of the programme it is in, from 1.
    pub week: usize,
    /// Which of the week's days it is, from 1.
    pub day: u32,
    /// How many days of the week are practised.
    pub days: u32,
    /// Why it is this one, where that is not plain.
    pub why: Vec<Reason>,
}

/// A day on which nothing is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    /// The day on which something is.
    pub next: Day,
    /// Whether all days of the week are done; else today's is.
    pub week_is_done: bool,
    /// What there is for whoever wants to practise all the same.
    pub instead: Due,
}

/// Why a session is the one it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nothing was practised before it.
    First,
    /// Fewer than half of the days of the week were practised: it goes on.
    Missed {
        /// How many were.
        done: u32,
        /// How many there are.
        days: u32,
    },
    /// Pain rose in the week before, up to its end or in half of its sessions: it comes again.
    PainInIt,
    /// Pain rose in half of the sessions of a week, or in more: the week before it comes again.
    PainBefore,
    /// A pause: so many weeks back.
    Pause {
        /// How many days it was.
        days: i32,
        /// How many weeks back.
        back: usize,
    },
    /// A pause so long that the programme begins anew.
    Anew {
        /// How many days it was.
        days: i32,
    },
    /// All weeks are done, and the last comes again.
    Over,
    /// Pain was higher after than before: so many steps easier.
    Easier {
        /// How many.
        steps: u8,
    },
    /// Nothing in the programme is easier.
    Easiest,
    /// Pain was much higher after the last session than before.
    Worse,
    /// The last sessions were ended early.
    Shorter,
}

impl Reason {
    /// Whether it says that a session is less than it would be.
    pub fn is_of_depth(self) -> bool {
        matches!(self, Reason::First | Reason::Easier { .. } | Reason::Shorter)
    }
}

/// What comes next, for whoever has followed a programme since a day. `entries` are all sessions of the log, the oldest first; those
/// of routines that stand nowhere in the programme are not counted.
pub fn next(programme: &Programme, since: Day, entries: &[Entry], today: Day) -> Next {
    let mut course = Course::new(programme);
    let is_of_it = |entry: &&Entry| (since..=today).contains(&entry.day) && programme.names(&entry.routine);
    entries.iter().filter(is_of_it).for_each(|entry| course.take(entry));
    course.come_to(today);
    let is_first = entries.iter().all(|entry| entry.day > today);
    let due = due(&course, is_first);
    let week_is_done = course.done >= due.days;
    if !week_is_done && course.last_done != Some(today) {
        return Next::Due(due);
    }
    let next = if week_is_done { course.next_week(today) } else { today.later(1) };
    Next::Rest(Rest { next, week_is_done, instead: due })
}

fn due(course: &Course<'_>, is_first: bool) -> Due {
    let begins_anew = matches!(course.turn, Turn::Anew { .. }) && course.is_fresh();
    let stepped = course.stepped_back(course.steps);
    let extent = if is_first || begins_anew { Extent::Level(1) } else { stepped.extent };
    let shorter = course.unfinished >= UNFINISHED;
    let last = course.last.map(|last| last.pain).unwrap_or_default();
    let why = [
        is_first.then_some(Reason::First),
        // Once a week is enough.
        of_week(course.turn).filter(|_| course.is_fresh()),
        (stepped.steps > 0).then_some(Reason::Easier { steps: stepped.steps }),
        (last.rose() && course.is_easiest(stepped)).then_some(Reason::Easiest),
        last.is_worse().then_some(Reason::Worse),
        shorter.then_some(Reason::Shorter),
    ];
    Due {
        routine: stepped.dose.routine.value.clone(),
        extent,
        shorter,
        week: course.week + 1,
        day: course.done + 1,
        days: course.of_week().days,
        why: why.into_iter().flatten().collect(),
    }
}

fn of_week(turn: Turn) -> Option<Reason> {
    Some(match turn {
        Turn::Next => return None,
        Turn::Missed { done, days } => Reason::Missed { done, days },
        Turn::PainInIt => Reason::PainInIt,
        Turn::PainBefore => Reason::PainBefore,
        Turn::Pause { days, back } => Reason::Pause { days, back },
        Turn::Anew { days } => Reason::Anew { days },
        Turn::Over => Reason::Over,
    })
}

/// A number of things in words, as far as they are read easily.
fn counted(number: usize, one: &str, many: &str) -> String {
    let word = ["no", "one", "two", "three"].get(number).map_or_else(|| number.to_string(), |word| (*word).to_owned());
    format!("{word} {}", if number == 1 { one } else { many })
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Reason::First => out.write_str("This is your first session: a gentle one."),
            Reason::Missed { done: 0, .. } => out.write_str("Nothing of this week is done yet: it comes again."),
            Reason::Missed { done, days } => {
                write!(out, "Of the {days} days of this week, {done} {} done so far: it goes on.", are(done))
            }
            Reason::PainInIt => out.write_str("Your pain still rose in this week: it comes again."),
            Reason::PainBefore => {
                out.write_str("Your pain rose in half of last week's sessions or more: the week before it comes again.")
            }
            Reason::Pause { days, back: 0 } => {
                write!(out, "After a pause of {days} days, the first week begins anew.")
            }
            Reason::Pause { days, back } => {
                write!(out, "After a pause of {days} days, you go on {} back.", counted(back, "week", "weeks"))
            }
            Reason::Anew { days } => {
                write!(out, "After a pause of {days} days, the programme begins anew, with a gentle session.")
            }
            Reason::Over => out.write_str("All weeks are done: the last comes again, for as long as it does you good."),
            Reason::Easier { steps } => {
                let steps = counted(usize::from(steps), "step", "steps");
                write!(out, "Your pain was higher after a session than before it: this one is {steps} easier.")
            }
            Reason::Easiest => {
                out.write_str("Nothing in the programme is easier: if your pain still rises, speak to your physician.")
            }
            Reason::Worse => out.write_str(
                "Your pain was much higher after the last session: speak to your physician before you go on.",
            ),
            Reason::Shorter => out.write_str(
                "You ended the last two sessions early: this one is a quarter shorter, as far as it can be.",
            ),
        }
    }
}

fn are(number: u32) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::load::{Library, Memory};
    use crate::programme::Pain;

    /// A programme with these weeks, each with one routine.
    fn programme(weeks: &[(u32, &str, &str)]) -> Programme {
        let week = |(days, routine, extent): &(u32, &str, &str)| {
            format!("[[weeks]]\ndays = {days}\nsessions = \"{routine}\"\n{extent}\n")
        };
        let text = format!("title = \"Test\"\n{}", weeks.iter().map(week).collect::<String>());
        let files = Memory::new().with("routines/programmes/test.toml", text);
        Library::in_memory(files).unwrap().programme("test").unwrap()
    }

    /// Two weeks of two days lying down, and one of sitting.
    fn three_weeks() -> Programme {
        programme(&[(2, "lying-down", "level = 2"), (2, "gentle-back", "level = 2"), (1, "breathing", "level = 4")])
    }

    fn session(day: i32, routine: &str, pain: [u8; 2]) -> Entry {
        let pain = Pain { before: Some(pain[0]), after: Some(pain[1]) };
        let (length, routine) = (Duration::from_secs(600), routine.to_owned());
        Entry { day: Day(day), second: 0, routine, length, finished: true, pain }
    }

    /// What is due on a day, and whether it is a day of rest.
    fn on(day: i32, programme: &Programme, log: &[Entry]) -> (Due, bool) {
        match next(programme, Day(0), log, Day(day)) {
            Next::Due(due) => (due, false),
            Next::Rest(rest) => (rest.instead, true),
        }
    }

    #[test]
    fn a_pause_leads_back_from_its_fifteenth_day_on_and_to_the_beginning_after_twelve_weeks() {
        let lying = |day| session(day, "lying-down", [3, 3]);
        let log = [lying(1), lying(2), lying(8), lying(9), session(15, "breathing", [3, 3])];
        for (pause, week, why) in [
            (13, 3, Some(Reason::Over)),
            (14, 3, Some(Reason::Missed { done: 0, days: 1 })),
            (15, 2, Some(Reason::Pause { days: 15, back: 1 })),
            (27, 2, Some(Reason::Pause { days: 27, back: 1 })),
            (28, 1, Some(Reason::Pause { days: 28, back: 2 })),
            (83, 1, Some(Reason::Pause { days: 83, back: 2 })),
            (84, 1, Some(Reason::Anew { days: 84 })),
        ] {
            let (due, rests) = on(15 + pause, &three_weeks(), &log);
            assert_eq!((due.week, due.why.first().copied(), rests), (week, why, false), "{pause} days");
        }
    }

    #[test]
    fn two_sessions_on_a_day_are_one_day_and_other_routines_are_none() {
        let log =
            [session(1, "lying-down", [3, 3]), session(1, "lying-down", [3, 3]), session(2, "desk-break", [3, 3])];
        let (due, rests) = on(1, &three_weeks(), &log[..2]);
        assert_eq!((due.week, due.day, rests), (1, 2, true));
        assert_eq!((on(2, &three_weeks(), &log).0.day, on(2, &three_weeks(), &log).1), (2, false));
    }

    #[test]
    fn no_dose_grows_while_pain_does_in_the_first_week_either() {
        let gentle = programme(&[(2, "lying-down", "level = 1"), (2, "gentle-back", "level = 1")]);
        let log = [session(1, "lying-down", [3, 4]), session(2, "lying-down", [3, 3])];
        let (due, _) = on(8, &gentle, &log);
        assert_eq!((due.week, &*due.routine), (1, "lying-down"));
        assert_eq!(due.why, [Reason::PainInIt]);
        let log = [session(1, "lying-down", [3, 3]), session(2, "lying-down", [3, 3])];
        assert_eq!(on(8, &gentle, &log).0.week, 2);
    }

    #[test]
    fn a_step_back_is_a_level_then_the_week_before_and_of_a_length_it_is_a_quarter() {
        let log = [1, 2].map(|day| session(day, "lying-down", [3, 3]));
        let risen = |number: i32| (0..number).map(|later| session(8 + later, "gentle-back", [3, 4]));
        let due_after =
            |number| on(8 + number, &three_weeks(), &log.iter().cloned().chain(risen(number)).collect::<Vec<_>>()).0;
        let one = due_after(1);
        assert_eq!((&*one.routine, one.extent, one.week), ("gentle-back", Extent::Level(1), 2));
        assert_eq!(one.why, [Reason::Easier { steps: 1 }]);
        let lengths = programme(&[(3, "lying-down", "level = 3"), (3, "gentle-back", "length = \"40m\"")]);
        let log = [1, 2, 3].map(|day| session(day, "lying-down", [3, 3]));
        let due_after =
            |number| on(8 + number, &lengths, &log.iter().cloned().chain(risen(number)).collect::<Vec<_>>()).0;
        assert_eq!(due_after(1).extent, Extent::Length(Duration::from_secs(30 * 60)));
        let two = due_after(2);
        assert_eq!((&*two.routine, two.extent), ("lying-down", Extent::Level(1)));
        assert_eq!(two.why, [Reason::Easier { steps: 2 }, Reason::Easiest]);
    }

    #[test]
    fn much_more_pain_is_told_of_until_a_session_without_it() {
        let log = [session(1, "lying-down", [3, 5]), session(2, "lying-down", [4, 4])];
        assert!(on(2, &three_weeks(), &log[..1]).0.why.contains(&Reason::Worse));
        assert!(!on(3, &three_weeks(), &log).0.why.contains(&Reason::Worse));
        let unscored = Pain { before: None, after: Some(9) };
        assert!(!unscored.rose() && !Pain::default().is_worse());
    }
}
