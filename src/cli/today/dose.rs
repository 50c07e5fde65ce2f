//! How much of a routine is played: what a programme asks for, within what the routine allows.

use std::ffi::OsStr;
use std::time::Duration;

use catcow::Result;
use catcow::frames::clock;
use catcow::load::Library;
use catcow::load::language::programme::Extent;
use catcow::load::language::quantity::written;
use catcow::plan::Level;
use catcow::programme::{Due, nearest, three_quarters};
use catcow::sink::file::identity::Outputs;

use crate::cli::Talk;
use crate::cli::session::{Form, Options, Which};

/// How much of a routine.
pub struct Dose {
    /// How deep, where a length does not say it.
    level: Option<Level>,
    /// How long, where that is wished.
    length: Option<Duration>,
    /// How long it lasts at that level.
    lasts: Duration,
    /// How short and how long it can be.
    ends: [Duration; 2],
}

impl Dose {
    /// What is due; what is said on the command line wins.
    pub fn of(due: &Due, options: &Options, library: &Library) -> Result<Dose> {
        let (said, wanted) = (&options.wanted, due.extent);
        let (level, length, shorter) = match (said.level, said.length, wanted) {
            (None, None, Extent::Level(level)) => (Level::new(level), None, due.shorter),
            (None, None, Extent::Length(length)) => (None, Some(length), due.shorter),
            (level, length, _) => (level.filter(|_| length.is_none()), length, false),
        };
        let mut options = options.clone();
        // Without a length, so that all that is possible is known; a level that is wished says how long that is.
        (options.wanted.level, options.wanted.length) = (Some(level.unwrap_or(Level::MIDDLE)), None);
        // What is worth a look is said when it is played.
        let talk = Talk { quiet: true, pager: false };
        let (prepared, _) = options.prepare(
            library,
            Which::Named(OsStr::new(&due.routine)),
            &Outputs::default(),
            Form::default(),
            talk,
            &crate::cli::work(),
        )?;
        let bounds = prepared.bounds();
        let planned = prepared.plan()?;
        let rate = planned.timeline().rate;
        let lasts = planned.timeline().frames.duration(rate);
        let ends = [bounds.shortest, bounds.longest].map(|end| end.duration(rate));
        let dose = Dose { level, length: None, lasts, ends };
        Ok(match length.or(shorter.then_some(lasts)) {
            Some(length) if shorter => dose.within(Some(three_quarters(length))),
            length => dose.within(length),
        })
    }

    /// The same, in so much time, as nearly as the routine allows, in whole seconds.
    pub fn within(&self, time: Option<Duration>) -> Dose {
        let length = time.map(|time| nearest(time, self.ends)).or(self.length);
        Dose { level: self.level.filter(|_| length.is_none()), length, ..*self }
    }

    /// What to wish for.
    pub fn wishes(&self) -> (Option<Level>, Option<Duration>) {
        (self.level, self.length)
    }

    /// The same, as it is typed.
    pub fn words(&self) -> Vec<String> {
        let level = self.level.map(|level| ["--level".to_owned(), level.to_string()]);
        let length = self.length.map(|length| ["--length".to_owned(), written(length)]);
        level.into_iter().chain(length).flatten().collect()
    }

    /// How long it lasts, as a clock shows it.
    pub fn clock(&self) -> String {
        clock(self.length.unwrap_or(self.lasts))
    }

    /// How deep and how long, to be put behind its name.
    pub fn in_words(&self) -> String {
        let level = self.level.map(|level| format!(" at level {level}")).unwrap_or_default();
        format!("{level}, {}", self.clock())
    }
}
