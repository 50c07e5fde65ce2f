//! The terminal as the operating system knows it: whose it is, key by key, and as it was before.

#[cfg(unix)]
pub use unix::{begin, can_stop, end, is_ours, leave_interrupts_to_others, never_stopped, stop};

#[cfg(not(unix))]
pub use elsewhere::{begin, can_stop, end, is_ours, leave_interrupts_to_others, never_stopped, stop};

#[cfg(unix)]
mod unix {
    use std::io::{self, IsTerminal};
    use std::sync::{Mutex, MutexGuard, PoisonError};

    use nix::sys::signal::{SigSet, Signal, killpg};
    use nix::unistd::{Pid, getpgrp, getppid, getsid, tcgetpgrp};
    use rustix::termios::{OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

    /// What the system says of a process, a group or a session that is not seen from here: in a container, what began outside.
    const UNSEEN: Pid = Pid::from_raw(0);

    /// What the terminal was like before it was taken.
    static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

    fn before() -> MutexGuard<'static, Option<Termios>> {
        BEFORE.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From here on keys come one by one, and a read never waits. May be called again where another program changed it.
    pub fn begin() -> io::Result<()> {
        let now = tcgetattr(io::stdin())?;
        let mut raw = before().get_or_insert(now).clone();
        raw.make_raw();
        raw.special_codes[SpecialCodeIndex::VMIN] = 0;
        raw.special_codes[SpecialCodeIndex::VTIME] = 0;
        Ok(tcsetattr(io::stdin(), OptionalActions::Now, &raw)?)
    }

    /// The terminal is as it was. Nothing can be done about one that has gone away.
    pub fn end() {
        if let Some(before) = before().take() {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &before);
        }
    }

    /// Whether this program is in the foreground of its terminal: only then may it draw, and only then do keys mean it.
    pub fn is_ours() -> bool {
        let group = if io::stdin().is_terminal() { tcgetpgrp(io::stdin()) } else { tcgetpgrp(io::stderr()) };
        // Where there is no control of jobs, it is nobody else's.
        group.map_or(true, |group| group == getpgrp())
    }

    /// A program that sets up a terminal, or reads it, from the background is stopped by the system. This one looks itself whose
    /// the terminal is, and a change between the look and the deed must not stop the sound.
    pub fn never_stopped() {
        let mut signals = SigSet::empty();
        signals.add(Signal::SIGTTOU);
        signals.add(Signal::SIGTTIN);
        // Where it cannot be done, the look is enough almost always.
        let _ = signals.thread_block();
    }

    /// From here on Ctrl-C does not end this program. A program that it has started already is not touched by that.
    pub fn leave_interrupts_to_others() {
        let mut signals = SigSet::empty();
        signals.add(Signal::SIGINT);
        // Where it cannot be done, Ctrl-C ends both.
        let _ = signals.thread_block();
    }

    /// Whether someone is there who can let a stopped program go on: a shell that started it, in the same session.
    pub fn can_stop() -> bool {
        let (parent, session) = (getppid(), getsid(None));
        parent != UNSEEN && session != Ok(UNSEEN) && session.is_ok() && getsid(Some(parent)) == session
    }

    /// Stops this program, and what runs with it, as Ctrl-Z does; returns when it goes on.
    pub fn stop() {
        // The group of whoever asks.
        const OWN: Pid = Pid::from_raw(0);
        let _ = killpg(OWN, Signal::SIGTSTP);
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use std::io;

    /// From here on keys come one by one.
    pub fn begin() -> io::Result<()> {
        crossterm::terminal::enable_raw_mode()
    }

    /// The terminal is as it was.
    pub fn end() {
        let _ = crossterm::terminal::disable_raw_mode();
    }

    /// There is no background here.
    pub fn is_ours() -> bool {
        true
    }

    /// Nothing stops a program here.
    pub fn never_stopped() {}

    /// Ctrl-C is a key of the pager.
    pub fn leave_interrupts_to_others() {
        let _ = ctrlc::set_handler(|| {});
    }

    /// Nothing stops a program here.
    pub fn can_stop() -> bool {
        false
    }

    /// Nothing stops a program here.
    pub fn stop() {}
}
