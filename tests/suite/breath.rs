//! `catcow breath`: tapping along in a real terminal, which is left as it was found.

use std::fs;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::workshop::{Outcome, Workshop};

/// Waits until the terminal hands over key by key, for a minute at most.
const UNTIL_RAW: &str = "n=0; while stty -a | grep -q ' icanon' && [ $n -lt 600 ]; do sleep 0.1; n=$((n + 1)); done";

/// Runs the program in a terminal of its own, then shows how it left it; `script` makes the terminal.
fn in_a_terminal(workshop: &Workshop, arguments: &str) -> Child {
    let program = env!("CARGO_BIN_EXE_catcow");
    let shell = format!("stty -a > before; {program} breath {arguments}; echo \"ended with $?\"; stty -a > after");
    let mut command = Command::new("script");
    command.args(["-q", "-e", "-f", "-c", &shell, "log"]).current_dir(workshop.path(""));
    command.env("CATCOW_CONFIG", workshop.path("home/config.toml")).env("SHELL", "/bin/sh");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("script")
}

/// Presses keys, with a moment before each.
fn press(child: &mut Child, keys: &[&str]) {
    let keyboard = child.stdin.as_mut().expect("a keyboard");
    for key in keys {
        thread::sleep(Duration::from_millis(600));
        keyboard.write_all(key.as_bytes()).and_then(|()| keyboard.flush()).expect("a key");
    }
}

fn ended(workshop: &Workshop, mut child: Child) -> String {
    // A keyboard that is taken away would be heard as Ctrl-D.
    let _keyboard = child.stdin.take();
    let shown = Outcome::of(child.wait_with_output().expect("it ends")).stdout;
    let terminal = |name| fs::read_to_string(workshop.path(name)).expect("what stty says");
    assert_eq!(terminal("before"), terminal("after"), "the terminal is as it was");
    shown
}

#[test]
#[ignore = "needs script (bsdutils); tests/run.sh installs it"]
fn a_tapped_breath_is_shown_and_stored_after_a_yes() {
    let workshop = Workshop::new();
    workshop.file("home/config.toml", "# mine\nvoice = \"ben\"\n");
    let mut child = in_a_terminal(&workshop, "");
    press(&mut child, &[" ", " ", " ", " ", " ", " ", " ", " ", "\r", "y\r"]);
    let shown = ended(&workshop, child);
    assert!(shown.contains("ended with 0") && shown.contains("Store it in"), "{shown}");
    let settings = fs::read_to_string(workshop.path("home/config.toml")).expect("settings");
    // Quicker than anyone breathes, so it is brought to the quickest breath there is, however slow the machine.
    assert_eq!(settings, "# mine\nvoice = \"ben\"\nbreath = \"1.5-1.5\"\n");
}

#[test]
#[ignore = "needs script (bsdutils); tests/run.sh installs it"]
fn a_no_and_every_way_out_leave_the_settings_and_the_terminal_alone() {
    for (keys, status) in [
        (&[" ", " ", " ", " ", " ", " ", " ", "\r", "n\r"][..], 0),
        (&[" ", "\u{1b}"], 130),
        (&["\u{3}"], 130),
        (&[" ", " ", "\r"], 1),
    ] {
        let workshop = Workshop::new();
        let mut child = in_a_terminal(&workshop, "");
        press(&mut child, keys);
        let shown = ended(&workshop, child);
        assert!(shown.contains(&format!("ended with {status}")), "{keys:?}: {shown}");
        assert!(!workshop.path("home/config.toml").exists(), "{keys:?}");
    }
}

#[test]
#[ignore = "needs script (bsdutils); tests/run.sh installs it"]
fn a_request_to_end_restores_the_terminal() {
    let workshop = Workshop::new();
    let script = format!("< /dev/tty & {UNTIL_RAW}; stty -a > during; kill -TERM $!; wait $!");
    let child = in_a_terminal(&workshop, &script);
    let shown = ended(&workshop, child);
    assert!(shown.contains("ended with 130"), "{shown}");
    let terminal = |name| fs::read_to_string(workshop.path(name)).expect("what stty says");
    assert_ne!(terminal("before"), terminal("during"), "keys were read one by one meanwhile");
}

#[test]
#[ignore = "needs script (bsdutils); tests/run.sh installs it"]
fn what_is_no_key_neither_stops_a_measurement_nor_counts() {
    let workshop = Workshop::new();
    let mut child = in_a_terminal(&workshop, "--yes");
    let noise =
        ["\x1b[E", "\x1b[23$", "\x1b]11;rgb:0000/0000/0000\x1b\\", "\x1b[", "\x1b[200~ \r\x1b[201~", "\x1b[24;80R"];
    for noise in noise {
        press(&mut child, &[" ", noise]);
    }
    press(&mut child, &[" ", " ", "\r"]);
    let shown = ended(&workshop, child);
    assert!(shown.contains("ended with 0"), "{shown}");
    assert!(workshop.path("home/config.toml").exists(), "{shown}");
}

#[test]
fn without_a_terminal_nobody_is_kept_waiting() {
    let workshop = Workshop::new();
    let shown = workshop.run(["breath"]).failure(1);
    assert!(shown.contains("expected a terminal to tap in, found none"), "{shown}");
}

#[test]
fn broken_settings_are_told_before_the_minute_not_after() {
    let workshop = Workshop::new();
    workshop.file("home/config.toml", "breth = \"4-6\"\n");
    assert!(workshop.run(["breath"]).failure(1).contains("did you mean `breath`?"));
}
