//! What happens to a session when a device goes, freezes or comes back, and when the program is to end.

use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::sound_server::{RATE, SoundServer, stretches, wait_until};
use crate::trial::{Player, Words, assert_heard, from_the_hold, trial, wait_for};
use crate::workshop::{Outcome, Workshop};

/// What was heard before and after an outage, together: every word, and each in order.
#[track_caller]
fn assert_nothing_lost(recordings: &[Vec<i32>], session: &[i32]) {
    let found: Vec<_> = recordings.iter().flat_map(|heard| stretches(heard, session)).collect();
    // What was on its way to the recorder when the server died was played and not recorded: the words from the resumption on
    // are heard again, so that no word is missing.
    assert_heard(&found, session, Words::of(session).go.0..session.len());
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn a_server_that_is_killed_and_comes_back_costs_only_the_time_it_was_away() {
    let (workshop, session) = trial();
    let mut sound = SoundServer::start();
    let player = Player::start(&workshop, &sound, &from_the_hold(&session));
    wait_for(&sound, 3.0);
    sound.kill();
    sleep(Duration::from_secs(3));
    sound.revive();
    assert_eq!(player.end(), 0);
    assert_nothing_lost(&sound.heard(), &session);
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn a_server_that_freezes_and_goes_on_costs_only_the_time_it_was_frozen() {
    let (workshop, session) = trial();
    let mut sound = SoundServer::start();
    let player = Player::start(&workshop, &sound, &from_the_hold(&session));
    wait_for(&sound, 3.0);
    sound.signal("-STOP");
    sleep(Duration::from_secs(5));
    sound.signal("-CONT");
    assert_eq!(player.end(), 0);
    assert_nothing_lost(&sound.heard(), &session);
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn a_sink_that_is_taken_away_and_put_back_costs_only_the_time_it_was_away() {
    let (workshop, session) = trial();
    let mut sound = SoundServer::start();
    let player = Player::start(&workshop, &sound, &from_the_hold(&session));
    wait_for(&sound, 3.0);
    sound.unload_sink();
    sleep(Duration::from_secs(3));
    sound.load_sink();
    assert_eq!(player.end(), 0);
    assert_nothing_lost(&sound.heard(), &session);
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn a_sink_that_is_taken_away_while_the_end_is_played_is_waited_for() {
    let (workshop, session) = trial();
    let out = Words::of(&session).out;
    let mut sound = SoundServer::start();
    let from = out.0 as f64 / RATE as f64 - 1.0;
    let player = Player::start(&workshop, &sound, &format!("--delay 300ms --from {from:.2}s"));
    wait_until("the last word is heard", || sound.is_loud());
    // In the middle of the last word the server has been given all that is left.
    wait_for(&sound, 1.0);
    sound.unload_sink();
    sleep(Duration::from_secs(3));
    sound.load_sink();
    assert_eq!(player.end(), 0);
    let found: Vec<_> = sound.heard().iter().flat_map(|heard| stretches(heard, &session)).collect();
    assert_heard(&found, &session, out.0..session.len());
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn a_program_that_was_stopped_goes_on_where_it_was() {
    let (workshop, session) = trial();
    let mut sound = SoundServer::start();
    let mut player = without_a_terminal(&workshop, &sound, &session);
    let process = player.id().to_string();
    signal(&process, "-STOP");
    sleep(Duration::from_secs(4));
    signal(&process, "-CONT");
    assert_eq!(ended(&mut player), 0);
    assert_nothing_lost(&sound.heard(), &session);
}

/// The player without a terminal, playing; what it says goes to the file `said`.
#[track_caller]
fn without_a_terminal(workshop: &Workshop, sound: &SoundServer, session: &[i32]) -> Child {
    let line = format!("play ./trial.toml --voice ./voice --wake=false {}", from_the_hold(session));
    let mut command = workshop.command();
    sound.lend(command.args(line.split(' ')));
    let said = std::fs::File::create(workshop.path("said")).unwrap();
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(said).spawn().unwrap();
    wait_until("it plays", || sound.is_loud());
    child
}

/// The exit code, when it has ended.
#[track_caller]
fn ended(child: &mut Child) -> i32 {
    let mut status = None;
    wait_until("it ends", || {
        status = child.try_wait().unwrap();
        status.is_some()
    });
    status.unwrap().code().unwrap_or(-1)
}

fn signal(process: &str, signal: &str) {
    assert!(std::process::Command::new("kill").args([signal, process]).status().unwrap().success());
}

/// The time that a process has computed for, in hundredths of a second; `None` where it is gone.
fn computed(process: &str) -> Option<u64> {
    let line = std::fs::read_to_string(Path::new("/proc").join(process).join("stat")).ok()?;
    let fields: Vec<_> = line.rsplit(')').next()?.split_whitespace().collect();
    // The third field of the line comes first here; a process that ended and was not asked for yet is gone.
    (fields[0] != "Z").then(|| fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap())
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn a_wait_for_a_device_costs_nothing_and_is_ended_by_a_signal_without_a_terminal() {
    let (workshop, session) = trial();
    let mut sound = SoundServer::start();
    let mut child = without_a_terminal(&workshop, &sound, &session);
    sound.kill();
    let says = |text: &str| std::fs::read_to_string(workshop.path("said")).unwrap().contains(text);
    wait_until("it notices", || says("No sound device."));
    let process = child.id().to_string();
    let before = computed(&process).unwrap();
    sleep(Duration::from_secs(4));
    let ticks = computed(&process).unwrap() - before;
    assert!(ticks <= 8, "waiting took {ticks} hundredths of a second in four seconds");
    signal(&process, "-TERM");
    assert_eq!(ended(&mut child), 130);
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn a_terminal_that_is_taken_away_ends_the_session() {
    let (workshop, session) = trial();
    let sound = SoundServer::start();
    let mut player = Player::start(&workshop, &sound, &from_the_hold(&session));
    wait_until("it plays", || sound.is_loud());
    let process = player.process();
    player.take_the_terminal();
    wait_until("it ends", || computed(&process).is_none());
}

#[test]
fn without_a_device_one_message_says_what_to_do_and_offers_a_file() {
    let workshop = Workshop::new();
    let mut command = workshop.command();
    command.args(["play", "morning"]).env("PULSE_SERVER", "unix:/nonexistent/socket");
    let said = Outcome::of(command.output().unwrap()).failure(3);
    assert!(said.contains("catcow export morning -o morning.wav"), "{said}");
    assert_eq!(said.matches("error").count(), 1, "{said}");
}

/// What a terminal shows while the trial session plays, until it ends by `end`; and the exit code.
#[track_caller]
fn at_a_terminal(end: impl FnOnce(&mut Player)) -> (String, i32) {
    let (workshop, session) = trial();
    let sound = SoundServer::start();
    let mut player = Player::spawn(Player::command(&workshop, &sound, &from_the_hold(&session), "screen"));
    wait_for(&sound, 2.0);
    end(&mut player);
    let status = player.end();
    (String::from_utf8_lossy(&std::fs::read(workshop.path("screen")).unwrap()).into_owned(), status)
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn the_terminal_is_as_it_was_after_a_key_after_control_c_and_after_a_signal() {
    type Ending = fn(&mut Player);
    let by_signal: Ending = |player| player.signal("-TERM");
    let by_q: Ending = |player| player.press("q");
    let by_control_c: Ending = |player| player.press("\x03");
    for (end, code) in [(by_q, 0), (by_control_c, 130), (by_signal, 130)] {
        let (screen, status) = at_a_terminal(end);
        assert_eq!(status, code);
        let (entered, left) = (screen.find("\x1b[?1049h").unwrap(), screen.find("\x1b[?1049l").unwrap());
        assert!(entered < left && screen.find("\x1b[?25h").unwrap() > screen.find("\x1b[?25l").unwrap());
        assert!(screen[entered..left].contains("S T I L L"), "the pose is shown");
    }
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn the_machine_stays_awake_while_a_session_plays_and_may_sleep_afterwards() {
    let (workshop, session) = trial();
    let sound = SoundServer::start();
    workshop.file("bin/systemd-inhibit", "#!/bin/sh\necho $$ $* > awake\nexec cat\n");
    let program = workshop.path("bin/systemd-inhibit");
    std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let mut player = Player::start(&workshop, &sound, &from_the_hold(&session));
    wait_until("the system is asked", || workshop.path("awake").exists());
    wait_for(&sound, 0.5);
    let asked = std::fs::read_to_string(workshop.path("awake")).unwrap();
    assert!(asked.contains("--what=idle:sleep"), "{asked}");
    player.press("q");
    assert_eq!(player.end(), 0);
    let keeper = asked.split(' ').next().unwrap();
    wait_until("it is let go", || !std::path::Path::new(&format!("/proc/{keeper}")).exists());
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn pain_is_asked_before_and_after_and_stands_in_the_log() {
    let (workshop, session) = trial();
    let sound = SoundServer::start();
    let from = Words::of(&session).out.0 / 48_000;
    let mut command = Player::command(&workshop, &sound, &format!("--pain --from {from}s"), "screen");
    command.stderr(Stdio::null());
    let mut player = Player::spawn(command);
    let asks = |when: &str| {
        let screen = std::fs::read(workshop.path("screen")).unwrap_or_default();
        String::from_utf8_lossy(&screen).contains(&format!("pain {when} the session"))
    };
    wait_until("it asks before", || asks("before"));
    // What is no score is asked for again, and not left out.
    player.press("11\n");
    let screen = || std::fs::read(workshop.path("screen")).unwrap_or_default();
    let says = |text: &str| String::from_utf8_lossy(&screen()).contains(text);
    wait_until("it says what is expected", || says("Expected a whole number from 0 to 10, found `11`."));
    player.press("6\n");
    wait_until("it asks after", || asks("after"));
    player.press("4\n");
    assert_eq!(player.end(), 0);
    let log = std::fs::read_to_string(workshop.path("home/log.tsv")).unwrap();
    assert!(log.ends_with("\tfinished\t6\t4\n"), "{log}");
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn control_c_leaves_the_question_for_pain() {
    let (workshop, _) = trial();
    let sound = SoundServer::start();
    let mut player = Player::spawn(Player::command(&workshop, &sound, "--pain", "screen"));
    let asks = || std::fs::read(workshop.path("screen")).is_ok_and(|screen| !screen.is_empty());
    wait_until("it asks", asks);
    player.press("\x03");
    assert_eq!(player.end(), 130);
}

#[test]
fn the_log_shows_weeks_and_says_once_that_they_brought_no_progress() {
    let workshop = Workshop::new();
    let line = |day: u32| format!("2026-09-{day:02}T07:00:00\tmorning\t300\tfinished\t5\t5\n");
    let log: String = (1..=28).step_by(3).map(line).collect();
    workshop.file("home/log.tsv", log);
    let first = workshop.run(["log", "--weeks", "520"]).success();
    assert!(first.contains("2026-09-07         3  15:00     5.0    5.0"), "{first}");
    assert!(first.contains("Speak to your physician"), "{first}");
    let second = workshop.run(["log", "--weeks", "520"]).success();
    assert!(!second.contains("physician"), "{second}");
}
