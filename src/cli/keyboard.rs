//! Keys from a terminal, one by one. A terminal may send any bytes, and be taken away at any moment; neither is waited for.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::stroke::Stroke;

/// How often it is looked at whether the program is to end.
const GLANCE: Duration = Duration::from_millis(50);

/// What comes from a keyboard.
pub enum Heard {
    /// A key.
    Stroke(Stroke),
    /// Nothing yet.
    Quiet,
    /// The terminal is gone.
    Gone,
}

#[cfg(unix)]
pub use unix::Keyboard;

#[cfg(not(unix))]
pub use elsewhere::Keyboard;

/// A line that a person types; `None` where the terminal is gone or the program is to end before there is one.
pub fn line(stop: &AtomicBool) -> Option<String> {
    while !stop.load(Ordering::Relaxed) {
        if has_input(GLANCE)? {
            return read_line();
        }
    }
    None
}

#[cfg(unix)]
use unix::{has_input, read_line};

#[cfg(not(unix))]
use elsewhere::{has_input, read_line};

#[cfg(unix)]
mod unix {
    use std::time::Instant;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::{Errno, read};

    use super::{Duration, Heard, io};
    use crate::cli::decoder::Decoder;

    /// After a read that found nothing, so that a terminal that is always ready takes no time.
    const TAKEN: Duration = Duration::from_millis(10);

    /// A terminal's keys, while it hands over every byte as it comes.
    pub struct Keyboard {
        decoder: Decoder,
        /// When the last byte came.
        last: Instant,
    }

    impl Default for Keyboard {
        fn default() -> Keyboard {
            Keyboard { decoder: Decoder::default(), last: Instant::now() }
        }
    }

    impl Keyboard {
        /// What comes within `time`.
        pub fn listen(&mut self, time: Duration) -> Heard {
            self.next(time).unwrap_or(Heard::Gone)
        }

        fn next(&mut self, time: Duration) -> Option<Heard> {
            let begun = Instant::now();
            loop {
                let patience = self.decoder.patience().map(|patience| patience.saturating_sub(self.last.elapsed()));
                if patience == Some(Duration::ZERO) {
                    self.decoder.silence();
                }
                if let Some(stroke) = self.decoder.key() {
                    return Some(Heard::Stroke(stroke));
                }
                let left = time.saturating_sub(begun.elapsed());
                if has_input(patience.filter(|it| !it.is_zero()).map_or(left, |patience| patience.min(left)))? {
                    self.read()?;
                } else if left.is_zero() {
                    return Some(Heard::Quiet);
                }
            }
        }

        /// Takes what is there; `None` where the terminal is gone.
        fn read(&mut self) -> Option<()> {
            let mut bytes = [0; 256];
            match read(io::stdin(), &mut bytes) {
                // Someone else took it, such as a shell.
                Ok(0) => {
                    std::thread::sleep(TAKEN);
                    Some(())
                }
                Ok(count) => {
                    self.decoder.advance(&bytes[..count]);
                    self.last = Instant::now();
                    Some(())
                }
                Err(Errno::INTR | Errno::AGAIN) => Some(()),
                Err(_) => None,
            }
        }
    }

    /// The line that is there, whatever bytes it has.
    pub fn read_line() -> Option<String> {
        /// No terminal hands over a longer line.
        const LONGEST_BYTES: usize = 4096;
        let mut bytes = [0; LONGEST_BYTES];
        let count = read(io::stdin(), &mut bytes).ok().filter(|count| *count > 0)?;
        Some(String::from_utf8_lossy(&bytes[..count]).into_owned())
    }

    /// Whether something can be read within `time`; `None` where the terminal is gone.
    pub fn has_input(time: Duration) -> Option<bool> {
        let stdin = io::stdin();
        let mut keyboard = [PollFd::new(&stdin, PollFlags::IN)];
        let time = Timespec::try_from(time).ok();
        match poll(&mut keyboard, time.as_ref()) {
            // A signal came: whoever asked looks at what it means.
            Err(Errno::INTR) => return Some(false),
            Err(_) => return None,
            Ok(_) => {}
        }
        let found = keyboard[0].revents();
        let gone = found.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL);
        (!gone).then(|| found.contains(PollFlags::IN))
    }
}

/// Elsewhere a terminal does not go without the program, and its keys come as keys.
#[cfg(not(unix))]
mod elsewhere {
    use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

    use super::{Duration, Heard, Stroke, io};

    /// A terminal's keys.
    #[derive(Default)]
    pub struct Keyboard;

    impl Keyboard {
        /// What comes within `time`.
        pub fn listen(&mut self, time: Duration) -> Heard {
            match event::poll(time) {
                Ok(true) => {
                    event::read().map_or(Heard::Gone, |event| stroke(&event).map_or(Heard::Quiet, Heard::Stroke))
                }
                Ok(false) => Heard::Quiet,
                Err(_) => Heard::Gone,
            }
        }
    }

    fn stroke(event: &Event) -> Option<Stroke> {
        let Event::Key(KeyEvent { code, modifiers, kind, .. }) = event else { return None };
        if *kind == KeyEventKind::Release {
            return None;
        }
        let control = modifiers.contains(KeyModifiers::CONTROL);
        Some(match code {
            KeyCode::Char(letter) if control => Stroke::Control(letter.to_ascii_lowercase()),
            _ if control => Stroke::Other,
            KeyCode::Char(letter) => Stroke::Char(*letter),
            KeyCode::Enter => Stroke::Enter,
            KeyCode::Esc => Stroke::Escape,
            KeyCode::Up => Stroke::Up,
            KeyCode::Down => Stroke::Down,
            KeyCode::Left => Stroke::Left,
            KeyCode::Right => Stroke::Right,
            KeyCode::F(1) => Stroke::Help,
            _ => Stroke::Other,
        })
    }

    /// The line that is typed.
    pub fn read_line() -> Option<String> {
        let mut line = String::new();
        io::stdin().read_line(&mut line).ok().filter(|read| *read > 0).map(|_| line)
    }

    /// Whether something can be read within `time`.
    pub fn has_input(time: Duration) -> Option<bool> {
        event::poll(time).ok()
    }
}
