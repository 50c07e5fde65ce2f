//! A pager for what is longer than the terminal: `CATCOW_PAGER`, or `PAGER`, or `less`, as other programs choose it.

use std::env;
use std::io::{self, Write};
use std::process::{Child, Command, Stdio};

use super::terminal;

/// What a command of the shell has and a plain one has not (POSIX.1-2017, Shell Command Language, 2.2).
const FOR_THE_SHELL: &[char] =
    &['|', '&', ';', '<', '>', '(', ')', '$', '`', '\\', '"', '\'', '*', '?', '[', '#', '~', '='];

/// What a shell ends with where it finds no such command, or cannot run it (POSIX.1-2017, Shell Command Language, 2.8.2).
const NOT_RUN: [i32; 2] = [126, 127];

/// Shows a text, and waits until whoever reads it has enough. Whether it was shown: there may be no pager.
pub fn show(text: &str) -> bool {
    let Some(command) = wanted() else { return false };
    // A program in the background must not read keys.
    if !terminal::is_ours() {
        return false;
    }
    let Ok(mut pager) = start(&command) else { return false };
    // From here on Ctrl-C is a key of the pager, which ends a search there.
    terminal::leave_interrupts_to_others();
    let written = pager.stdin.take().map_or(Ok(()), |mut input| input.write_all(text.as_bytes()));
    let Ok(status) = pager.wait() else { return written.is_ok() };
    // A pager that is left early takes no more: whoever read has enough.
    !status.code().is_some_and(|code| NOT_RUN.contains(&code))
}

/// The command, unless none is wanted.
fn wanted() -> Option<String> {
    let said = |name| env::var(name).ok();
    // A terminal that cannot move its cursor has nothing to turn pages with.
    if said("TERM").is_none_or(|terminal| terminal == "dumb") {
        return None;
    }
    let command = said("CATCOW_PAGER").or_else(|| said("PAGER")).unwrap_or_else(|| "less".into());
    Some(command.trim().to_owned()).filter(|command| !command.is_empty() && command != "cat")
}

fn start(command: &str) -> io::Result<Child> {
    let mut pager = if cfg!(unix) && command.contains(FOR_THE_SHELL) {
        let mut shell = Command::new("sh");
        shell.args(["-c", command]);
        shell
    } else {
        let mut words = command.split_whitespace();
        let mut plain = Command::new(words.next().unwrap_or_default());
        plain.args(words);
        plain
    };
    // Pages end where the text does (F), styles are shown (R), and what was read stays on the terminal (X).
    for (name, value) in [("LESS", "FRX"), ("LV", "-c")] {
        if env::var_os(name).is_none() {
            pager.env(name, value);
        }
    }
    pager.stdin(Stdio::piped()).spawn()
}
