//! The terminal while a session plays: a page that is drawn anew where it changed, or plain lines where there is none.
//!
//! Whatever ends the program (the end, an error, a panic, a signal that is caught), the terminal is as it was before.

use std::io::{self, IsTerminal, Write};
use std::sync::Once;
use std::time::{Duration, Instant};

use catcow::sink::player::{Glance, Status};
use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::Event;
use crossterm::terminal::{self, Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{execute, queue};

use super::super::Talk;
use super::super::keyboard::{self, Keyboard};
use super::keys::{self, Key};
use super::page;

/// The keys are shown for so long.
const KEYS_SHOWN: Duration = Duration::from_secs(20);

/// What a person sees, and where keys come from.
pub struct Screen {
    talk: Talk,
    /// Whether a page is drawn.
    draws: bool,
    /// Whether keys are read.
    reads: bool,
    /// Whether the terminal was taken away.
    gone: bool,
    drawn: Vec<String>,
    line: String,
    keys_until: Option<Instant>,
}

impl Screen {
    /// Takes the terminal over, where there is one.
    pub fn open(talk: Talk) -> Screen {
        let reads = io::stdin().is_terminal() && terminal::enable_raw_mode().is_ok();
        let draws = !talk.quiet && io::stderr().is_terminal() && (reads || !io::stdin().is_terminal());
        if reads || draws {
            restore_after_panic();
        }
        if draws {
            let _ = execute!(io::stderr(), EnterAlternateScreen, Hide);
        }
        Screen { talk, draws, reads, gone: false, drawn: Vec::new(), line: String::new(), keys_until: None }
    }

    /// Shows the keys for a while.
    pub fn show_keys(&mut self) {
        self.keys_until = Some(Instant::now() + KEYS_SHOWN);
        if !self.draws {
            let words: Vec<_> = keys::WORDS.iter().map(|(key, does)| format!("{key}: {does}")).collect();
            self.say(&words.join(" · "));
        }
    }

    /// Shows where the session is.
    pub fn show(&mut self, glance: &Glance) {
        if self.gone {
            return;
        }
        if !self.draws {
            let line = page::line(glance);
            // Before anything plays there may be no device at all.
            if line != self.line && glance.status != Status::Starting {
                self.say(&line);
                self.line = line;
            }
            return;
        }
        // A terminal that does not know its size says nought.
        let size = terminal::size().ok().filter(|(width, height)| *width > 0 && *height > 0);
        let (width, height) = size.unwrap_or((80, 24));
        let shows_keys = self.keys_until.is_some_and(|until| Instant::now() < until);
        let rows = page::rows(glance, usize::from(width), usize::from(height), shows_keys);
        if rows != self.drawn {
            let _ = self.draw(&rows);
            self.drawn = rows;
        }
    }

    fn draw(&self, rows: &[String]) -> io::Result<()> {
        let mut out = io::stderr().lock();
        if rows.len() != self.drawn.len() {
            queue!(out, Clear(ClearType::All))?;
        }
        for (index, row) in rows.iter().enumerate() {
            if self.drawn.len() != rows.len() || self.drawn.get(index) != Some(row) {
                queue!(out, MoveTo(0, index as u16), Clear(ClearType::CurrentLine))?;
                out.write_all(row.as_bytes())?;
            }
        }
        out.flush()
    }

    fn say(&self, line: &str) {
        if self.reads && !self.talk.quiet {
            // In raw mode a line break alone does not go back to the left.
            let _ = write!(io::stderr(), "{line}\r\n");
        } else {
            self.talk.say(line);
        }
    }

    /// The next key, where one comes within `time`.
    pub fn key(&mut self, time: Duration) -> Option<Key> {
        if !self.reads || self.gone {
            std::thread::sleep(time);
            return None;
        }
        match keyboard::listen(time) {
            Keyboard::Event(Event::Key(key)) => keys::meaning(key),
            Keyboard::Event(Event::Resize(..)) => {
                self.drawn.clear();
                None
            }
            Keyboard::Event(_) | Keyboard::Quiet => None,
            // The session goes on: whoever lies there still listens.
            Keyboard::Gone => {
                self.gone = true;
                None
            }
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore(self.reads, self.draws);
    }
}

fn restore(reads: bool, draws: bool) {
    if draws {
        let _ = execute!(io::stderr(), Show, LeaveAlternateScreen);
    }
    if reads {
        let _ = terminal::disable_raw_mode();
    }
}

/// What a panic says is said on the terminal as it was before.
fn restore_after_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            restore(true, true);
            before(panic);
        }));
    });
}
