//! `catcow play`: what reaches a real sound server is the session, frame by frame, whatever happens on the way.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, sleep};
use std::time::Duration;

use crate::sound_server::{RATE, SoundServer, stretches, wait_until};
use crate::trial::{DOWN, Player, RIGHT, UP, Words, assert_heard, from_the_hold, trial, wait_for};
use crate::workshop::Workshop;

/// Plays the whole session and compares every frame; the machine may be busy.
fn is_exact_on_a_machine_with_so_many_busy_threads(busy: usize) {
    let (workshop, session) = trial();
    let mut sound = SoundServer::start();
    let mut command = workshop.command();
    // The monitor loses what a starting stream rewrites of the sink's last moments: a little silence goes before.
    command.args(["play", "./trial.toml", "--voice", "./voice", "--delay", "300ms", "-q"]);
    sound.lend(&mut command);
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..busy {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        let status = command.status().unwrap();
        over.store(true, Ordering::Relaxed);
        assert!(status.success());
    });
    let heard = sound.heard().remove(0);
    let begin = heard.iter().position(|frame| *frame != 0).unwrap();
    let (first, last) = (session.iter().position(|frame| *frame != 0), session.iter().rposition(|frame| *frame != 0));
    let (first, last) = (first.unwrap(), last.unwrap());
    assert_eq!(heard[begin..=begin + last - first], session[first..=last]);
    assert!(heard[begin + last - first + 1..].iter().all(|frame| *frame == 0), "nothing follows the last frame");
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn the_server_receives_what_export_writes_with_no_frame_lost_doubled_or_changed() {
    is_exact_on_a_machine_with_so_many_busy_threads(0);
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn a_busy_machine_changes_no_frame() {
    is_exact_on_a_machine_with_so_many_busy_threads(4);
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn holding_longer_adds_half_a_minute_to_the_frame_and_leaves_all_else_as_it_was() {
    let (workshop, session) = trial();
    let mut sound = SoundServer::start();
    let mut player = Player::start(&workshop, &sound, "--from last");
    wait_for(&sound, 5.0);
    player.press(UP);
    assert_eq!(player.end(), 0);
    let heard = sound.heard().remove(0);
    let found = stretches(&heard, &session);
    let words = Words::of(&session);
    let at = |word: (usize, usize)| {
        let stretch =
            found.iter().find(|stretch| (stretch.session..stretch.session + stretch.frames).contains(&(word.1 - 1)));
        let stretch = stretch.unwrap_or_else(|| panic!("{word:?} was not heard: {found:?}"));
        stretch.heard as i64 - stretch.session as i64
    };
    assert_eq!(at(words.out) - at(words.last), 30 * RATE as i64);
    assert_heard(&found, &session, words.last.0 + RATE / 100..session.len());
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn letting_go_of_a_hold_brings_its_release_next_and_the_rest_of_the_session_whole() {
    let (workshop, session) = trial();
    let words = Words::of(&session);
    let mut sound = SoundServer::start();
    let mut player = Player::start(&workshop, &sound, &from_the_hold(&session));
    // Into the middle of the words that begin the hold: they are said to their end first.
    wait_for(&sound, 3.0);
    player.press(DOWN);
    assert_eq!(player.end(), 0);
    let heard = sound.heard().remove(0);
    let found = stretches(&heard, &session);
    assert_heard(&found, &session, words.go.0..words.go.1);
    assert_heard(&found, &session, words.release.0..session.len());
    let marks = found.iter().any(|stretch| (words.nearly.0..words.nearly.1).contains(&stretch.session));
    assert!(!marks, "what was left of the hold is not heard");
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn a_pause_in_a_word_is_silent_and_goes_on_with_the_whole_word() {
    let (workshop, session) = trial();
    let words = Words::of(&session);
    let mut sound = SoundServer::start();
    let mut player = Player::start(&workshop, &sound, &from_the_hold(&session));
    wait_for(&sound, 3.0);
    player.press(" ");
    wait_for(&sound, 4.0);
    player.press(" ");
    wait_for(&sound, 9.0);
    player.press("q");
    assert_eq!(player.end(), 0);
    let heard = sound.heard().remove(0);
    let found = stretches(&heard, &session);
    let gos: Vec<_> = found.iter().filter(|stretch| (words.go.0..words.go.1).contains(&stretch.session)).collect();
    assert_eq!(gos.len(), 2, "{found:?}");
    assert!(gos[0].session + gos[0].frames < words.go.1, "the pause came in the middle of the word");
    assert!(
        gos[1].session <= words.go.0 && gos[1].session + gos[1].frames >= words.go.1,
        "and then it is said whole: {found:?}"
    );
    assert!(gos[1].heard > gos[0].heard + gos[0].frames + 3 * RATE);
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn a_jump_lands_on_the_first_frame_of_a_part() {
    let (workshop, session) = trial();
    let words = Words::of(&session);
    let mut sound = SoundServer::start();
    let mut player = Player::start(&workshop, &sound, &format!("--from {}s", words.go.0 / RATE));
    wait_for(&sound, 3.0);
    let pressed = sound.now();
    player.press(RIGHT);
    wait_for(&sound, 3.0);
    player.press("q");
    assert_eq!(player.end(), 0);
    let heard = sound.heard().remove(0);
    let found = stretches(&heard, &session);
    let landed =
        found.iter().find(|stretch| (words.last.0..words.last.1).contains(&stretch.session)).expect("the next pose");
    // The first 5 ms fade in.
    assert!(landed.session - words.last.0 < RATE / 100, "{landed:?} of {:?}", words.last);
    eprintln!("the jump was heard {} ms after the key", (landed.heard as i64 - pressed as i64) * 1000 / RATE as i64);
}

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
fn without_a_device_one_message_says_what_to_do_and_offers_a_file() {
    let workshop = Workshop::new();
    let mut command = workshop.command();
    command.args(["play", "morning"]).env("PULSE_SERVER", "unix:/nonexistent/socket");
    let said = crate::workshop::Outcome::of(command.output().unwrap()).failure(3);
    assert!(said.contains("catcow export morning -o morning.wav"), "{said}");
    assert_eq!(said.matches("error").count(), 1, "{said}");
}

/// What a terminal shows while the trial session plays, until it ends by `end`; and the exit code.
#[track_caller]
fn at_a_terminal(end: impl FnOnce(&mut Player)) -> (String, i32) {
    let (workshop, session) = trial();
    let sound = SoundServer::start();
    let mut player = Player::start_showing(&workshop, &sound, &from_the_hold(&session), "screen");
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
        assert!(screen[entered..left].contains("STILL"), "the pose is shown");
    }
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn an_interrupted_session_goes_on_where_it_was_and_both_parts_are_in_the_log() {
    let (workshop, session) = trial();
    let words = Words::of(&session);
    let mut sound = SoundServer::start();
    let mut player = Player::start(&workshop, &sound, &from_the_hold(&session));
    wait_for(&sound, 33.0);
    player.press("\x03");
    assert_eq!(player.end(), 130);
    let mut command = workshop.command();
    command.args(["play", "--resume", "-q"]);
    assert!(sound.lend(&mut command).status().unwrap().success());
    let found = stretches(&sound.heard().remove(0), &session);
    assert_heard(&found, &session, words.release.0..session.len());
    let log = std::fs::read_to_string(workshop.path("home/log.tsv")).unwrap();
    let ends: Vec<_> = log.lines().map(|line| line.split('\t').nth(3).unwrap()).collect();
    assert_eq!(ends, ["ended", "finished"]);
    assert!(workshop.run(["log"]).success().contains("2 sessions in all"));
    workshop.run(["play", "--resume"]).failure(3);
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
fn the_log_shows_weeks_and_says_once_that_they_brought_no_progress() {
    let workshop = Workshop::new();
    let line = |day: u32| format!("2026-09-{day:02}T07:00:00\tmorning\t300\tfinished\t5\t5\n");
    let log: String = (1..=28).step_by(3).map(line).collect();
    workshop.file("home/log.tsv", log);
    let first = workshop.run(["log", "--weeks", "520"]).success();
    assert!(first.contains("2026-09-07           3  15:00    5.0"), "{first}");
    assert!(first.contains("Speak to your physician"), "{first}");
    let second = workshop.run(["log", "--weeks", "520"]).success();
    assert!(!second.contains("physician"), "{second}");
}

#[test]
fn a_pose_that_is_not_in_the_session_is_refused_with_those_that_are() {
    let workshop = Workshop::new();
    let said = workshop.run(["play", "gentle-back", "--from", "cat-cows"]).failure(3);
    assert!(said.contains("did you mean `Cat/Cow`?") && said.contains("Child's pose"), "{said}");
    workshop.run(["play", "gentle-back", "--from", "rest", "--until", "cat-cow"]).failure(3);
}
