//! Scores of pain, before a session and after it.

use std::io::{self, IsTerminal};
use std::sync::atomic::AtomicBool;

use super::{keyboard, terminal};

/// The cue that says aloud what [`tell_worse`] shows.
pub const WORSE_CUE: &str = "closing/pain-worse";

/// What is told at once where pain is much higher after a session than before, however little is to be said otherwise.
pub fn tell_worse() {
    super::tell("Your pain is worse than before. Stop these exercises for now, and speak to your physician.");
}

/// A number from 0 to 10 from a person at a terminal; `None` for none.
pub fn ask(when: &str, stop: &AtomicBool) -> Option<u8> {
    if !io::stdin().is_terminal() || !terminal::is_ours() {
        return None;
    }
    loop {
        super::ask(&format!("Your pain {when} the session, from 0 (none) to 10; Enter to leave it out: "));
        match keyboard::line(stop)?.trim() {
            "" => return None,
            text => match text.parse() {
                Ok(score @ 0..=10) => return Some(score),
                _ => super::tell(&format!("Expected a whole number from 0 to 10, found `{text}`.")),
            },
        }
    }
}
