//! A session while it plays: the screen, the keys, and what is remembered of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use catcow::load::language::routine::Guidance;
use catcow::load::language::tastes::Taste;
use catcow::plan::Timeline;
use catcow::programme::{self, Entry, Pain};
use catcow::session::Session;
use catcow::sink::player::{self, Answer, Answers, Command, Driver, Glance, Outage, Player, Status};
use catcow::{Error, Result};

use super::awake::Awake;
use super::bookmark::{Bookmark, CommandLine};
use super::keys::Key;
use super::screen::Screen;
use super::{minutes, page};
use crate::cli::logbook::{self, Logbook};
use crate::cli::{tastes, terminal};

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
    /// By what could not be read or played.
    Failed,
}

/// What was heard of a session.
pub struct Heard {
    /// How it ended.
    pub end: End,
    /// How long it played, pauses not counted.
    time: Duration,
    last: Glance,
}

impl Heard {
    /// Whether anything was heard, or would have been but for the wish to end.
    pub fn began(&self) -> bool {
        self.end != End::Failed || self.time > Duration::ZERO
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
    /// Whether it goes on as soon as it can, after it was stopped by Ctrl-Z.
    goes_on: bool,
    /// The command that a bookmark keeps.
    command: CommandLine,
    /// What could be taken up before this session; none where this is that one.
    earlier: Option<Bookmark>,
    /// Why a wish for other sessions could not be kept, where it could not.
    unnoted: Option<String>,
}

impl<'a> Show<'a> {
    /// A session that was asked for by `command`, and is played by `driver`. `earlier` is what could be taken up before.
    pub fn new(
        session: &'a Session,
        player: &'a Arc<Player>,
        stop: &'a AtomicBool,
        driver: &'a mut Driver,
        (command, earlier): (CommandLine, Option<Bookmark>),
    ) -> Show<'a> {
        let (guidance, awake, time, goes_on) = (session.guidance(), None, Duration::ZERO, false);
        let (looked, kept) = (Instant::now(), Instant::now());
        Show {
            session,
            player,
            stop,
            driver,
            guidance,
            awake,
            time,
            looked,
            kept,
            goes_on,
            command,
            earlier,
            unnoted: None,
        }
    }

    /// Shows the session, and does what keys ask for, until it is over; with what made it fail.
    pub fn until_the_end(&mut self, mut screen: Screen) -> (Heard, Option<Error>) {
        loop {
            let glance = self.player.glance();
            self.note(&glance);
            let ended = match self.end(&glance) {
                Ok(ended) => ended.map(|end| (end, None)),
                Err(error) => Some((End::Failed, Some(error))),
            };
            if let Some((end, error)) = ended {
                return (Heard { end, time: self.time, last: glance }, error);
            }
            screen.show(&glance);
            // Where no thread plays, this one does between the keys.
            self.driver.step();
            match screen.key(if self.driver.is_thread() { GLANCE } else { Duration::ZERO }) {
                Some(Key::Interrupt) => return (Heard { end: End::Stopped, time: self.time, last: glance }, None),
                Some(Key::Suspend) if terminal::can_stop() => self.suspend(&glance, &mut screen),
                Some(key) => self.press(key, &mut screen),
                None => {}
            }
        }
    }

    /// Pauses, gives the terminal back, and stops the program until it is let go on.
    fn suspend(&mut self, glance: &Glance, screen: &mut Screen) {
        /// The device is given so long to take the pause: it holds back two seconds, which would sound on.
        const PAUSES: Duration = Duration::from_millis(500);
        /// Between the pause and the stop, so that the device has been given what is said to it, and silence.
        const SAID: Duration = Duration::from_millis(200);
        self.goes_on = matches!(glance.status, Status::Playing | Status::Starting);
        self.player.command(Command::Pause);
        let begun = Instant::now();
        while self.player.glance().status == Status::Playing && begun.elapsed() < PAUSES {
            self.driver.step();
            std::thread::sleep(GLANCE);
        }
        std::thread::sleep(SAID);
        self.keep_place(glance);
        // A machine on which nothing plays may go to sleep.
        let awake = self.awake.take().is_some();
        screen.leave();
        terminal::stop();
        screen.settle();
        self.awake = awake.then(Awake::keep);
        self.looked = Instant::now();
    }

    /// Keeps count of the time, and of the place.
    fn note(&mut self, glance: &Glance) {
        let since = std::mem::replace(&mut self.looked, Instant::now()).elapsed();
        // A device that was lost meanwhile comes first.
        if self.goes_on && matches!(glance.status, Status::Paused(_)) {
            self.player.command(Command::Resume);
        }
        if glance.status == Status::Playing {
            self.goes_on = false;
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
            Key::Taste(taste) => match self.note_taste(taste) {
                Ok(answer) => Command::Answer(answer),
                Err(error) => {
                    self.unnoted = Some(error.to_string());
                    Command::Answer(Answer::Volume)
                }
            },
            Key::Help => {
                screen.show_keys();
                Command::Keys
            }
            Key::Other | Key::Suspend => return self.player.look_again(),
            Key::Interrupt => return,
        };
        self.player.command(command);
    }

    /// Keeps what is said of the pose that is heard, for composed sessions; what is answered. Between poses there is nothing to keep: a bell.
    fn note_taste(&self, taste: Taste) -> Result<Answer> {
        let glance = self.player.glance();
        let timeline = glance.mixer.timeline();
        let chapter = timeline.chapter_at(glance.heard).and_then(|chapter| timeline.chapters.get(chapter));
        let poses = self.session.routine().poses();
        let pose = chapter.and_then(|chapter| poses.into_iter().find(|pose| pose.name == chapter.title));
        let Some(pose) = pose else { return Ok(Answer::Volume) };
        tastes::note(&pose.id, taste)?;
        Ok(match taste {
            Taste::Without => Answer::NotAgain,
            Taste::More => Answer::MoreOfThis,
        })
    }

    /// The plan with the next less guidance, where there is one. Fewer words take less time: a length that is out of reach
    /// with them is met as nearly as can be.
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
        let export = export.map(|line| format!("or write the session to a file, and play it on a phone: {line}"));
        Error::Playback { reason, help: [start.to_owned()].into_iter().chain(export).collect() }
    }

    /// Keeps the place of what was not finished, and a line in the log. In a line: what was done, and how it goes on.
    pub fn remember(&self, heard: &Heard, pain: Pain) -> Result<String> {
        let finished = heard.end == End::Finished;
        match &self.earlier {
            // What was interrupted before this session can still be taken up.
            Some(earlier) if finished => _ = earlier.write(),
            None if finished => Bookmark::remove(),
            _ => self.keep_place(&heard.last),
        }
        let mut said = self.done(heard);
        if let Some(reason) = &self.unnoted {
            said += &format!(" What you said of a pose was not kept: {reason}.");
        }
        if heard.time < LEAST_PRACTICE && !finished {
            return Ok(said);
        }
        let Some(logbook) = crate::cli::home().map(|home| Logbook::new(&home)) else { return Ok(said) };
        let routine = self.session.routine().name.clone();
        let entry = Entry { routine, length: heard.time, finished, pain, ..logbook::ended_now() };
        logbook.append(&entry)?;
        // What cannot be read is told by `log`, not after a session.
        let days = logbook.read().map_or(0, |log| programme::streak(&log.entries, entry.day));
        if days > 1 {
            said += &format!(" {days} days in a row.");
        }
        Ok(said)
    }

    /// How far the session came, and how it goes on.
    fn done(&self, heard: &Heard) -> String {
        let timeline = heard.last.mixer.timeline();
        let finished = heard.end == End::Finished;
        let at = if finished { heard.last.end } else { heard.last.heard };
        let mut said =
            format!("{}: {} of {}.", timeline.title, minutes(timeline, at), minutes(timeline, heard.last.end));
        let resume = "`catcow play --resume` goes on";
        match self.earlier.as_ref().filter(|_| finished || self.yields()) {
            Some(earlier) => said += &format!(" {resume} with what was interrupted before{}.", earlier.named()),
            None if !finished => said += &format!(" {resume}."),
            None => {}
        }
        said
    }

    /// Whether this session is too short yet to take the place of what was interrupted before it.
    fn yields(&self) -> bool {
        self.earlier.is_some() && self.time < LEAST_PRACTICE
    }

    /// Where nothing can be kept, the session still plays.
    fn keep_place(&self, glance: &Glance) {
        if !self.yields() {
            let _ = Bookmark::new(&self.command, glance).write();
        }
    }
}
