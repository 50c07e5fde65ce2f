//! Keys from a terminal, one by one. A terminal may be taken away at any moment; then there are no keys any more.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::event::{self, Event};

/// How often it is looked at whether the program is to end.
const GLANCE: Duration = Duration::from_millis(50);

/// What comes from a keyboard.
pub enum Keyboard {
    /// A key, or a change of the terminal's size.
    Event(Event),
    /// Nothing yet.
    Quiet,
    /// The terminal is gone.
    Gone,
}

/// What comes within `time` from a terminal in raw mode.
pub fn listen(time: Duration) -> Keyboard {
    next(time).unwrap_or(Keyboard::Gone)
}

/// crossterm reads a terminal that has gone over and over, without end: so it is asked only about one that is there.
fn next(time: Duration) -> Option<Keyboard> {
    let event = || {
        let waits = event::poll(Duration::ZERO).ok()?;
        if waits { event::read().ok().map(Keyboard::Event) } else { Some(Keyboard::Quiet) }
    };
    has_input(Duration::ZERO)?;
    match event()? {
        Keyboard::Quiet if has_input(time)? => event(),
        found => Some(found),
    }
}

/// A line that a person types; `None` where the terminal is gone or the program is to end before there is one.
pub fn line(stop: &AtomicBool) -> Option<String> {
    while !stop.load(Ordering::Relaxed) {
        if has_input(GLANCE)? {
            let mut line = String::new();
            return io::stdin().read_line(&mut line).ok().filter(|read| *read > 0).map(|_| line);
        }
    }
    None
}

/// Whether something can be read within `time`; `None` where the terminal is gone.
#[cfg(unix)]
fn has_input(time: Duration) -> Option<bool> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdin = io::stdin();
    let mut keyboard = [PollFd::new(&stdin, PollFlags::IN)];
    let time = Timespec::try_from(time).ok();
    match poll(&mut keyboard, time.as_ref()) {
        // A signal came: whoever asked looks at what it means.
        Err(rustix::io::Errno::INTR) => return Some(false),
        Err(_) => return None,
        Ok(_) => {}
    }
    let found = keyboard[0].revents();
    let gone = found.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL);
    (!gone).then(|| found.contains(PollFlags::IN))
}

/// Elsewhere a terminal does not go without the program.
#[cfg(not(unix))]
fn has_input(time: Duration) -> Option<bool> {
    event::poll(time).ok()
}
