//! `catcow today`: what is due by a programme, and by what was practised.

mod dose;

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use catcow::diagnostic::{Code, Diagnostic};
use catcow::load::Library;
use catcow::load::language::programme::{Extent, Programme};
use catcow::load::language::quantity::written;
use catcow::programme::{self, Day, Due, Next, Rest};
use catcow::{Error, Result};
use clap::Args;

use self::dose::Dose;
use super::logbook::{self, Log, Logbook, date_of};
use super::paper::Paper;
use super::play::{CommandLine, Play, Playing};
use super::{Talk, keyboard, settings, terminal};

/// What is followed, and how it is played.
#[derive(Args)]
pub struct Today {
    /// The programme to follow, from today on; `catcow list` shows them. It is remembered.
    #[arg(value_name = "PROGRAMME")]
    programme: Option<String>,
    #[command(flatten)]
    how: How,
    /// Begin the programme anew, from its first week.
    #[arg(long)]
    anew: bool,
    /// Do not ask for a score of pain before and after. The programme then cannot know when it is too much.
    #[arg(long)]
    no_pain: bool,
    #[command(flatten)]
    playing: Playing,
}

/// Whether it is played at once.
#[derive(Args)]
struct How {
    /// Only say what it would be.
    #[arg(long)]
    dry_run: bool,
    /// Ask how much time there is.
    #[arg(long, conflicts_with_all = ["dry_run", "length", "level"])]
    ask: bool,
}

/// What is due today, by the programme that is followed.
pub struct DueToday {
    programme: Programme,
    next: Next,
}

/// What is due today by the programme that the log says is followed; `None` where none is.
///
/// # Errors
/// The log cannot be read; mistakes in the programme.
pub fn due_today(library: &Library) -> Result<Option<DueToday>> {
    let log = match super::home() {
        Some(home) => Logbook::new(&home).read()?,
        None => return Ok(None),
    };
    let Some((since, name)) = &log.programme else { return Ok(None) };
    let programme = library.programme(name)?;
    let next = programme::next(&programme, *since, &log.entries, logbook::today());
    Ok(Some(DueToday { programme, next }))
}

impl DueToday {
    /// In a line or a few: what it is, and why.
    pub fn lines(&self) -> Vec<String> {
        match &self.next {
            Next::Due(due) => {
                let named = format!("{}: {}{}.", place(&self.programme, due), due.routine, deep(due));
                [named].into_iter().chain(due.why.iter().map(ToString::to_string)).collect()
            }
            Next::Rest(rest) => resting(&self.programme, rest),
        }
    }
}

impl Today {
    /// What is due, played so.
    pub fn of(playing: Playing) -> Today {
        Today { programme: None, how: How { dry_run: false, ask: false }, anew: false, no_pain: false, playing }
    }

    pub fn run(mut self, talk: Talk) -> Result<()> {
        let library = super::library()?;
        let no_home = || Error::reading(Path::new("the log"))(io::ErrorKind::NotFound.into());
        let book = Logbook::new(&super::home().ok_or_else(no_home)?);
        let (log, today) = (book.read()?, logbook::today());
        let (programme, since, is_new) = self.followed(&library, &log, today)?;
        let next = programme::next(&programme, since, &log.entries, today);
        let note = || if is_new && !self.how.dry_run { book.follow(today, &programme.name) } else { Ok(()) };
        let due = match next {
            Next::Due(due) => due,
            Next::Rest(rest) => {
                note()?;
                return say(&resting(&programme, &rest), talk, true);
            }
        };
        self.playing.options.by_log = true;
        let dose = Dose::of(&due, &self.playing.options, &library)?;
        let dose = if self.how.ask { dose.within(ask(&dose)) } else { dose };
        let named = format!("{}: {}{}.", place(&programme, &due), due.routine, dose.in_words());
        let wanted = &mut self.playing.options.wanted;
        // Who says how deep it is to be is not told that it is easier.
        let said = wanted.level.is_some() || wanted.length.is_some();
        let why = due.why.iter().filter(|why| !said || !why.is_of_depth()).map(ToString::to_string);
        let lines: Vec<_> = [named].into_iter().chain(why).collect();
        say(&lines, talk, self.how.dry_run)?;
        if self.how.dry_run {
            return Ok(());
        }
        note()?;
        let asks = !self.no_pain;
        let more = dose.words().into_iter().chain(asks.then(|| "--pain".to_owned())).collect::<Vec<_>>();
        let command = CommandLine::given().as_play(&due.routine, &more);
        (wanted.level, wanted.length) = dose.wishes();
        Play::due(due.routine.into(), self.playing, asks).play(talk, command, None)
    }

    /// The programme to follow, since when, and whether that is to be noted.
    fn followed(&self, library: &Library, log: &Log, today: Day) -> Result<(Programme, Day, bool)> {
        let followed = log.programme.as_ref();
        let Some(name) = self.programme.as_deref().or(followed.map(|(_, name)| &**name)) else {
            return Err(none_followed(library));
        };
        let programme = library.programme(name)?;
        match followed.filter(|(_, followed)| followed == name && !self.anew) {
            Some((since, _)) => Ok((programme, *since, false)),
            None => Ok((programme, today, true)),
        }
    }
}

fn none_followed(library: &Library) -> Error {
    let names = library.programmes();
    let message = "expected a programme to follow, found none";
    let first = names.iter().find(|name| *name == "six-weeks-back").or(names.first());
    let begin = format!("`catcow today {}` begins one", first.map_or("NAME", String::as_str));
    Diagnostic::error(Code::UnknownProgramme, message)
        .help(begin)
        .help(format!("the programmes are: {}", names.join(", ")))
        .into()
}

/// Where in a programme a session is.
fn place(programme: &Programme, due: &Due) -> String {
    let Due { week, day, days, .. } = due;
    format!("{}, week {week} of {}, day {day} of {days}", programme.title, programme.weeks.len())
}

/// How deep a session goes, as the programme says it.
fn deep(due: &Due) -> String {
    match due.extent {
        Extent::Level(level) => format!(" at level {level}"),
        Extent::Length(length) => format!(", {}", written(length)),
    }
}

/// That nothing is due, until when, and what there is all the same.
fn resting(programme: &Programme, rest: &Rest) -> Vec<String> {
    let Rest { next, week_is_done, instead } = rest;
    let tomorrow = *next == logbook::today().later(1);
    let date = date_of(*next);
    let when = if tomorrow { "tomorrow".to_owned() } else { date.strftime("%A, %-d %B").to_string() };
    let (title, number) = (&programme.title, programme.weeks.len());
    let done = match (week_is_done, instead.days) {
        (true, 1) => "the one day of this week is done".to_owned(),
        (true, days) => format!("all {days} days of this week are done"),
        (false, _) => "today's session is done".to_owned(),
    };
    let more = match instead.extent {
        Extent::Level(level) => format!("--level {level}"),
        Extent::Length(length) => format!("--length {}", written(length)),
    };
    vec![
        format!("{title}, week {} of {number}: {done}. Next: {when}.", instead.week),
        format!("To practise all the same: `catcow play {} {more}`.", instead.routine),
    ]
}

/// Says lines: on standard output where they are all that was asked for.
fn say(lines: &[String], talk: Talk, is_answer: bool) -> Result<()> {
    if !is_answer {
        lines.iter().for_each(|line| talk.say(line));
        return Ok(());
    }
    let mut paper = Paper::new();
    lines.iter().for_each(|line| paper.line(line));
    paper.show(talk)
}

/// How much time there is, as a person at a terminal says it.
fn ask(dose: &Dose) -> Option<Duration> {
    if !io::stdin().is_terminal() || !terminal::is_ours() {
        return None;
    }
    // Nothing plays yet: Ctrl-C ends the program itself.
    let stop = AtomicBool::new(false);
    loop {
        super::ask(&format!("How much time do you have, such as 15m? Enter for {}: ", dose.clock()));
        let answer = keyboard::line(&stop)?;
        let answer = answer.trim();
        if answer.is_empty() {
            return None;
        }
        // Whoever is asked for minutes says a number of them.
        let minutes = answer.parse::<u32>().map(|minutes| format!("{minutes}m"));
        match settings::time(minutes.as_deref().unwrap_or(answer)) {
            Ok(time) => return Some(time),
            Err(expected) => super::tell(&format!("{expected}, found `{answer}`.")),
        }
    }
}
