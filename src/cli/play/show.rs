//! A session while it plays: the screen, the keys, and what is remembered of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::cli::logbook::{Entry, Logbook};
use catcow::load::language::routine::Guidance;
use catcow::plan::Timeline;
use catcow::session::Session;
use catcow::sink::player::{self, Answers, Command, Driver, Glance, Outage, Player, Status};
use catcow::{Error, Result};

use super::super::Talk;
use super::awake::Awake;
use super::bookmark::{Bookmark, CommandLine};
use super::keys::Key;
use super::page;
use super::screen::Screen;

/// How often the screen and the keys are looked at.
const GLANCE: Duration = Duration::from_millis(50);
/// How often the place is kept, in case of a power cut.
const KEEP: Duration = Duration::from_secs(15);
/// What was looked into for a moment is no practice.
const LEAST_PRACTICE: Duration = Duration::from_secs(30);

/// How a session came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With its last frame.
    Finished,
    /// By a key.
    Ended,
    /// By Ctrl-C or a signal.
    Stopped,
    /// By something that could not be played.
    Failed,
}

/// What was heard of a session.
pub struct Heard {
    /// How it ended.
    pub end: End,
    /// What could not be played.
    failure: Option<Error>,
    /// How long it played, pauses not counted.
    time: Duration,
    last: Glance,
}

impl Heard {
    /// What the program ends with.
    pub fn result(self) -> Result<()> {
        match self.end {
            End::Finished | End::Ended => Ok(()),
            End::Stopped => Err(Error::Interrupted),
            End::Failed => self.failure.map_or(Ok(()), Err),
        }
    }
}

/// A session while it plays.
pub struct Show<'a> {
    session: &'a Session,
    player: &'a Arc<Player>,
    stop: &'a AtomicBool,
    driver: &'a mut Driver,
    guidance: Guidance,
    awake: Option<Awake>,
    time: Duration,
    looked: Instant,
    kept: Instant,
    /// The command that a bookmark keeps.
    command: CommandLine,
}

impl<'a> Show<'a> {
    /// A session that was asked for by `command`, and is played by `driver`.
    pub fn new(
        session: &'a Session,
        player: &'a Arc<Player>,
        stop: &'a AtomicBool,
        driver: &'a mut Driver,
        command: CommandLine,
    ) -> Show<'a> {
        let (guidance, time, now) = (session.guidance(), Duration::ZERO, Instant::now());
        Show { session, player, stop, driver, guidance, awake: None, time, looked: now, kept: now, command }
    }

    /// Shows the session, and does what keys ask for, until it is over.
    pub fn until_the_end(&mut self, talk: Talk) -> Result<Heard> {
        let mut screen = Screen::open(talk);
        loop {
            let glance = self.player.glance();
            self.note(&glance);
            match self.end(&glance) {
                Ok(None) => {}
                Ok(Some(end)) => return Ok(self.heard(end, None, glance)),
                // Nothing was heard, and there is nothing to remember.
                Err(error) if self.awake.is_none() => return Err(error),
                Err(error) => return Ok(self.heard(End::Failed, Some(error), glance)),
            }
            screen.show(&glance);
            // Where no thread plays, this one does between the keys.
            self.driver.step();
            match screen.key(if self.driver.is_thread() { GLANCE } else { Duration::ZERO }) {
                Some(Key::Interrupt) => return Ok(self.heard(End::Stopped, None, glance)),
                Some(key) => self.press(key, &mut screen),
                None => {}
            }
        }
    }

    fn heard(&self, end: End, failure: Option<Error>, last: Glance) -> Heard {
        Heard { end, failure, time: self.time, last }
    }

    /// Keeps count of the time, and of the place.
    fn note(&mut self, glance: &Glance) {
        let since = std::mem::replace(&mut self.looked, Instant::now()).elapsed();
        if glance.status == Status::Playing {
            self.time += since;
            // The answers are decoded, and the machine is kept awake, once the first sound is out.
            if self.awake.is_none() {
                self.awake = Some(Awake::keep());
                player::offer_buttons(Arc::clone(self.player));
                self.prepare_answers(page::waits(glance));
            }
        }
        if self.kept.elapsed() > KEEP {
            self.kept = Instant::now();
            self.keep_place(glance);
        }
    }

    /// Decodes the answers, on a thread of its own: the first key is not kept waiting. Until then they are bells.
    fn prepare_answers(&self, waits: bool) {
        let (session, player) = (self.session.clone(), Arc::clone(self.player));
        let prepare = move || {
            player.answer_with(Answers::spoken(&session));
            if waits {
                player.command(Command::Soon);
            }
        };
        if thread::Builder::new().spawn(prepare.clone()).is_err() {
            prepare();
        }
    }

    /// Whether the session is over, and how it ended.
    fn end(&self, glance: &Glance) -> Result<Option<End>> {
        if let Some(error) = self.player.failure() {
            return Err(error);
        }
        if let (Status::Waiting(outage), None) = (&glance.status, &self.awake) {
            return Err(self.no_device(outage));
        }
        if self.stop.load(Ordering::Relaxed) {
            return Ok(Some(End::Stopped));
        }
        if glance.status == Status::Over {
            return Ok(Some(if glance.stopped { End::Ended } else { End::Finished }));
        }
        if self.driver.is_finished() && self.player.glance().status != Status::Over {
            let help = vec!["`catcow play --resume` goes on where it was".into()];
            return Err(Error::Playback { reason: "playing stopped unexpectedly".into(), help });
        }
        Ok(None)
    }

    fn press(&mut self, key: Key, screen: &mut Screen) {
        let command = match key {
            Key::Command(command) => command,
            Key::LessTalk => Command::LessTalk(self.with_less_talk()),
            Key::Help => {
                screen.show_keys();
                Command::Keys
            }
            Key::Other => return self.player.look_again(),
            Key::Interrupt => return,
        };
        self.player.command(command);
    }

    /// The plan with the next less guidance, where there is one.
    fn with_less_talk(&mut self) -> Option<Arc<Timeline>> {
        let fewer = self.session.fewer_words(self.guidance)?;
        self.guidance = fewer.guidance;
        Some(fewer.timeline)
    }

    fn no_device(&self, outage: &Outage) -> Error {
        let reason = match outage {
            Outage::Absent(reason) => format!("nothing to play on was found ({reason})"),
            Outage::Frozen => "the sound device takes nothing".into(),
            Outage::Gone(reason) => reason.clone(),
        };
        let routine = &self.session.routine().name;
        let start = "start the sound of this machine (PipeWire or PulseAudio), or plug headphones in, and try again";
        let export = self.command.as_export(routine);
        let export = format!("or write the session to a file, and play it on a phone: {export}");
        Error::Playback { reason, help: vec![start.into(), export] }
    }

    /// Keeps the place of what was not finished, and a line in the log.
    pub fn remember(&self, heard: &Heard, pain: (Option<u8>, Option<u8>)) -> Result<()> {
        let finished = heard.end == End::Finished;
        if finished {
            Bookmark::remove();
        } else {
            self.keep_place(&heard.last);
        }
        if heard.time < LEAST_PRACTICE && !finished {
            return Ok(());
        }
        let Some(logbook) = super::super::home().map(|home| Logbook::new(&home)) else { return Ok(()) };
        let (routine, (before, after)) = (self.session.routine().name.clone(), pain);
        logbook.append(&Entry { routine, length: heard.time, finished, before, after, ..Entry::now() })
    }

    /// Where nothing can be kept, the session still plays.
    fn keep_place(&self, glance: &Glance) {
        let _ = Bookmark::new(&self.command, glance).write();
    }
}
