//! The terminal while a session plays: a page that is drawn anew where it changed, or plain lines where there is none.
//!
//! Whatever ends the program (the end, an error, a panic, a signal that is caught), the terminal is as it was before. In the
//! background the terminal is someone else's: then there are plain lines, and no keys.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use catcow::printable::printable;
use catcow::sink::player::{Glance, Status};

use super::keys::{self, Key};
use super::page;
use crate::cli::columns::{broken_text, of_stderr};
use crate::cli::drawing::{self, Drawing};
use crate::cli::keyboard::{Heard, Keyboard};
use crate::cli::{Talk, pen, terminal};

/// The keys are shown for so long.
const KEYS_SHOWN: Duration = Duration::from_secs(20);
/// Whoever was not looked at for so long was stopped, and another program may have used the terminal meanwhile.
const STOPPED: Duration = Duration::from_secs(1);

/// What a person sees, and where keys come from.
pub struct Screen {
    talk: Talk,
    hold: Hold,
    keyboard: Keyboard,
    drawing: Drawing,
    line: String,
    keys_until: Option<Instant>,
    looked: Instant,
}

/// What is done with the terminal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hold {
    /// Nothing: lines are written, no key is read.
    Nothing,
    /// It is drawn on, or keys are read, or both.
    Taken { draws: bool, reads: bool },
    /// It was taken away.
    Gone,
}

impl Screen {
    /// Takes the terminal over, where there is one.
    pub fn open(talk: Talk) -> Screen {
        let now = Instant::now();
        let mut screen = Screen {
            talk,
            hold: Hold::Nothing,
            keyboard: Keyboard::default(),
            drawing: Drawing::default(),
            line: String::new(),
            keys_until: None,
            looked: now,
        };
        screen.settle();
        screen
    }

    /// Takes the terminal where it is this program's by now, and lets go of one that is another's.
    pub fn settle(&mut self) {
        let stopped = std::mem::replace(&mut self.looked, Instant::now()).elapsed() > STOPPED;
        match (self.hold, terminal::is_ours()) {
            (Hold::Nothing, true) => self.take(),
            (Hold::Taken { .. }, true) if stopped => self.take(),
            // Whoever has it now has set it up already.
            (Hold::Taken { .. }, false) => self.hold = Hold::Nothing,
            _ => {}
        }
    }

    fn take(&mut self) {
        let reads = io::stdin().is_terminal() && terminal::begin().is_ok();
        let draws = !self.talk.quiet && io::stderr().is_terminal() && (reads || !io::stdin().is_terminal());
        if !reads && !draws {
            return;
        }
        if draws {
            self.drawing.begin();
        } else {
            drawing::restore_after_panic();
        }
        self.hold = Hold::Taken { draws, reads };
    }

    /// Gives the terminal back as it was, for as long as another program has it.
    pub fn leave(&mut self) {
        if let Hold::Taken { draws, .. } = self.hold {
            drawing::restore(draws);
            self.hold = Hold::Nothing;
        }
    }

    /// Shows the keys for a while.
    pub fn show_keys(&mut self) {
        self.keys_until = Some(Instant::now() + KEYS_SHOWN);
        if !matches!(self.hold, Hold::Taken { draws: true, .. }) {
            let words: Vec<_> = keys::WORDS.iter().map(|(key, does)| format!("{key}: {does}")).collect();
            self.say(&words.join(" · "));
        }
    }

    /// Shows where the session is.
    pub fn show(&mut self, glance: &Glance) {
        self.settle();
        match self.hold {
            Hold::Gone => {}
            Hold::Taken { draws: true, .. } => self.show_page(glance),
            _ => {
                let line = page::line(glance);
                // Before anything plays there may be no device at all.
                if line != self.line && glance.status != Status::Starting {
                    self.say(&line);
                    self.line = line;
                }
            }
        }
    }

    fn show_page(&mut self, glance: &Glance) {
        let (width, height) = self.drawing.size();
        let shows_keys = self.keys_until.is_some_and(|until| Instant::now() < until);
        self.drawing.show(page::rows(glance, width, height, shows_keys));
    }

    fn say(&self, line: &str) {
        if matches!(self.hold, Hold::Taken { reads: true, .. }) && !self.talk.quiet {
            // In raw mode a line break alone does not go back to the left.
            let lines = broken_text(&printable(line), of_stderr()).replace('\n', "\r\n");
            pen::put(format!("{lines}\r\n").as_bytes());
        } else {
            self.talk.say(line);
        }
    }

    /// The next key, where one comes within `time`.
    pub fn key(&mut self, time: Duration) -> Option<Key> {
        if !matches!(self.hold, Hold::Taken { reads: true, .. }) {
            std::thread::sleep(time);
            return None;
        }
        match self.keyboard.listen(time) {
            Heard::Stroke(stroke) => Some(keys::meaning(stroke)),
            Heard::Quiet => None,
            // The session goes on until it is told to end: whoever lies there still listens.
            Heard::Gone => {
                self.leave();
                self.hold = Hold::Gone;
                None
            }
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.leave();
    }
}
