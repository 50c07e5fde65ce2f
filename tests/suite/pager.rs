//! What is longer than the terminal is shown by a pager, and nothing else is.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};

use crate::sound_server::wait_until;
use crate::workshop::{Outcome, Workshop};

/// Keeps what it is given, and with what options.
const KEEPS: &str = "#!/bin/sh\nprintf %s \"$LESS\" > options\ncat > paged\n";

fn workshop_with(pager: &str) -> Workshop {
    let workshop = Workshop::new();
    workshop.file("pager", pager);
    fs::set_permissions(workshop.path("pager"), fs::Permissions::from_mode(0o755)).expect("a program");
    workshop
}

/// Runs the program at a terminal of 80 columns and 24 rows, which `script` makes.
fn at_a_terminal(workshop: &Workshop, pager: &str, arguments: &str) -> Child {
    let line = format!("stty cols 80 rows 24; exec {} {arguments}", env!("CARGO_BIN_EXE_catcow"));
    // Whoever runs the tests in the background may ignore Ctrl-C, and then a shell cannot trap it.
    let mut command = Command::new("env");
    command
        .args(["--default-signal=INT", "script", "-qefc", &line, "/dev/null"])
        .envs(workshop.command().get_envs().filter_map(|(name, value)| Some((name, value?))));
    ["COLUMNS", "NO_COLOR", "CLICOLOR_FORCE", "PAGER", "LESS"].iter().for_each(|name| _ = command.env_remove(name));
    command.env("CATCOW_PAGER", pager).env("TERM", "xterm").env("SHELL", "/bin/sh").current_dir(workshop.path(""));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("script (bsdutils)")
}

fn shown(workshop: &Workshop, pager: &str, arguments: &str) -> Outcome {
    let mut child = at_a_terminal(workshop, pager, arguments);
    // A keyboard that is taken away would be heard as Ctrl-D.
    let _keyboard = child.stdin.take();
    Outcome::of(child.wait_with_output().expect("it ends"))
}

#[test]
#[ignore = "needs script (bsdutils); tests/run.sh installs it"]
fn what_is_longer_than_the_terminal_goes_to_the_pager_with_its_styles() {
    let workshop = workshop_with(KEEPS);
    let outcome = shown(&workshop, "./pager", "plan morning");
    assert_eq!((outcome.status, outcome.stdout.trim()), (0, ""), "nothing goes past the pager");
    let paged = fs::read_to_string(workshop.path("paged")).expect("what was paged");
    assert!(
        paged.contains("\x1b[1mMorning") && paged.ends_with("This routine can last from 2:09 to 18:05.\n"),
        "{paged}"
    );
    assert_eq!(fs::read_to_string(workshop.path("options")).expect("the options"), "FRX");
    // The whole of it, in whole words.
    let plain = workshop.run(["plan", "morning"]).success();
    let mut styled = paged;
    for style in ["\x1b[0m", "\x1b[1m", "\x1b[2m"] {
        styled = styled.replace(style, "");
    }
    assert_eq!(styled.split_whitespace().collect::<Vec<_>>(), plain.split_whitespace().collect::<Vec<_>>());
}

#[test]
#[ignore = "needs script (bsdutils); tests/run.sh installs it"]
fn what_is_short_or_data_or_not_wanted_in_it_does_not() {
    for (pager, arguments) in [
        ("./pager", "log"),
        ("./pager", "--no-pager plan morning"),
        ("./pager", "plan morning --no-pager"),
        ("./pager", "plan morning --json"),
        ("./pager", "plan morning --vtt -"),
        ("./pager", "plan morning > piped"),
        ("", "plan morning"),
        ("cat", "plan morning"),
    ] {
        let workshop = workshop_with(KEEPS);
        let outcome = shown(&workshop, pager, arguments);
        assert_eq!(outcome.status, 0, "{arguments}: {outcome:?}");
        assert!(!workshop.path("paged").exists(), "{arguments}");
        assert!(!outcome.stdout.is_empty() || workshop.path("piped").exists(), "{arguments}");
    }
}

#[test]
#[ignore = "needs script (bsdutils); tests/run.sh installs it"]
fn a_pager_that_is_not_there_is_done_without_and_one_that_is_left_early_is_no_failure() {
    let workshop = workshop_with(KEEPS);
    for pager in ["no-such-pager --x", "no-such-pager --x; exit 127"] {
        let outcome = shown(&workshop, pager, "plan gentle-back");
        let text = outcome.success();
        assert!(text.contains("Gentle back") && text.contains("This routine can last from"), "{text}");
    }
    for pager in ["head -n 1", "true", "head -n 1 | cat"] {
        let outcome = shown(&workshop, pager, "plan gentle-back");
        let text = outcome.success();
        assert!(!text.contains("This routine can last from") && !text.contains("error"), "{text}");
    }
}

#[test]
#[ignore = "needs script (bsdutils); tests/run.sh installs it"]
fn ctrl_c_is_the_pagers() {
    let workshop = workshop_with(
        "#!/bin/sh\ntrap 'echo > interrupted' INT\ncat > paged\necho > ready\n\
         n=0; while [ ! -e interrupted ] && [ $n -lt 600 ]; do sleep 0.1; n=$((n + 1)); done\necho > done\n",
    );
    let mut child = at_a_terminal(&workshop, "./pager", "plan morning");
    wait_until("the pager reads keys", || workshop.path("ready").exists());
    child.stdin.as_mut().expect("a keyboard").write_all(b"\x03").expect("a key");
    let mut status = None;
    wait_until("it ends", || {
        status = child.try_wait().expect("a status");
        status.is_some()
    });
    assert_eq!(status.and_then(|status| status.code()), Some(0));
    assert!(workshop.path("interrupted").exists() && workshop.path("done").exists());
}

#[test]
fn styles_are_for_terminals_and_for_whoever_forces_them() {
    let workshop = Workshop::new();
    let run = |name: &str| {
        let mut command = workshop.command();
        Outcome::of(command.args(["list"]).env(name, "1").output().expect("the program starts")).success()
    };
    assert!(run("CLICOLOR_FORCE").contains("\x1b[1mRoutines\x1b[0m"));
    assert!(!run("NO_COLOR").contains('\x1b') && !run("UNRELATED").contains('\x1b'));
}
