//! `catcow play`: what reaches a real sound server is the session, frame by frame.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::sound_server::{RATE, SoundServer, stretches, wait_until};
use crate::trial::{Player, Words, assert_heard, from_the_hold, trial, wait_for};
use crate::workshop::Workshop;

/// Plays the whole session and compares every frame; the machine may be busy.
#[track_caller]
fn is_exact(mut sound: SoundServer, busy: usize) {
    let (workshop, session) = trial();
    let mut command = workshop.command();
    // The monitor loses what a starting stream rewrites of the sink's last moments: a little silence goes before.
    command.args(["play", "./trial.toml", "--voice", "./voice", "--wake=false", "--delay", "300ms", "-q"]);
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
    assert!(heard[begin..=begin + last - first] == session[first..=last], "a frame was lost, doubled or changed");
    assert!(heard[begin + last - first + 1..].iter().all(|frame| *frame == 0), "nothing follows the last frame");
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn the_server_receives_what_export_writes_with_no_frame_lost_doubled_or_changed() {
    is_exact(SoundServer::start(), 0);
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn a_busy_machine_changes_no_frame() {
    is_exact(SoundServer::start(), 4);
}

#[test]
#[ignore = "needs pipewire; tests/run.sh installs it"]
fn pipewire_receives_what_export_writes_too() {
    is_exact(SoundServer::pipewire(), 0);
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn a_built_in_routine_as_it_is_played_by_default_is_what_export_writes_with_the_same_options() {
    let workshop = Workshop::new();
    workshop.run(["export", "morning", "--wake", "-o", "morning.wav"]).success();
    let session = crate::sound_server::wav_frames(&workshop.path("morning.wav"));
    let mut sound = SoundServer::start();
    let mut command = workshop.command();
    command.args(["play", "morning", "-q"]).env_remove("CATCOW_WAKE");
    assert!(sound.lend(&mut command).status().unwrap().success());
    let heard = sound.heard().remove(0);
    // It begins with a second and a half of what keeps headphones awake, which is like nothing else.
    let begin = heard.windows(RATE / 10).position(|window| *window == session[..RATE / 10]).expect("its beginning");
    let same = heard[begin..].iter().zip(&session).take_while(|(heard, session)| heard == session).count();
    assert_eq!(same, session.len(), "every frame is the same, from the first to the last");
    assert!(heard[begin + same..].iter().all(|frame| *frame == 0), "nothing follows the last frame");
    let waking = heard[..begin].iter().rev().take(RATE / 10).filter(|frame| **frame != 0).count();
    assert!(waking > RATE / 20, "headphones are kept awake before the beginning, too");
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn a_part_that_is_looped_begins_again_in_the_very_next_frame() {
    let (workshop, session) = trial();
    let mut sound = SoundServer::start();
    let go = Words::of(&session).go.0 / RATE + 1;
    let mut player = Player::start(&workshop, &sound, &format!("--from {go}s --until {}s --loop", go + 2));
    wait_for(&sound, 8.0);
    player.press("q");
    assert_eq!(player.end(), 0);
    let heard = sound.heard().remove(0);
    let found = stretches(&heard, &session[go * RATE..(go + 2) * RATE]);
    let whole: Vec<_> = found.iter().filter(|stretch| stretch.frames == 2 * RATE).collect();
    assert!(whole.len() >= 2, "{found:?}");
    assert!(whole.windows(2).all(|pair| pair[1].heard == pair[0].heard + 2 * RATE), "{found:?}");
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn what_is_wanted_from_a_pose_to_the_next_is_heard_and_no_more() {
    let (workshop, session) = trial();
    let mut sound = SoundServer::start();
    let until = Words::of(&session).last.0 / RATE + 1;
    let player = Player::start(&workshop, &sound, &format!("--delay 300ms --from last --until {until}s"));
    assert_eq!(player.end(), 0);
    let found = stretches(&sound.heard().remove(0), &session);
    let last = Words::of(&session).last.0;
    let (first, end) = (found[0], found[found.len() - 1]);
    assert!(first.session < last + RATE / 50, "{found:?}");
    assert_eq!(end.session + end.frames, until * RATE, "{found:?}");
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn sessions_that_end_at_once_each_have_their_line_in_the_log() {
    const SESSIONS: usize = 5;
    let (workshop, session) = trial();
    let sound = SoundServer::start();
    let arguments = from_the_hold(&session);
    let mut players: Vec<_> = (0..SESSIONS).map(|_| Player::start(&workshop, &sound, &arguments)).collect();
    wait_until("they play", || sound.is_loud());
    // Less than half a minute is no practice.
    wait_for(&sound, 33.0);
    players.iter_mut().for_each(|player| player.press("q"));
    assert!(players.into_iter().all(|player| player.end() == 0));
    let log = std::fs::read_to_string(workshop.path("home/log.tsv")).unwrap();
    assert_eq!(log.lines().count(), SESSIONS, "{log}");
    for line in log.lines() {
        let fields: Vec<_> = line.split('\t').collect();
        assert!(fields.len() == 6 && fields[1] == "trial" && fields[3] == "ended", "{log}");
    }
    assert!(workshop.run(["log"]).success().contains("5 sessions in all"));
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
fn a_session_that_was_resumed_can_be_resumed_again_whatever_became_of_its_bookmark() {
    let (workshop, session) = trial();
    let sound = SoundServer::start();
    let mut player = Player::start(&workshop, &sound, &from_the_hold(&session));
    wait_until("it plays", || sound.is_loud());
    player.press("\x03");
    assert_eq!(player.end(), 130);
    let said = std::fs::File::create(workshop.path("said")).unwrap();
    let mut command = workshop.command();
    let command = sound.lend(command.args(["play", "--resume"])).stdin(Stdio::null()).stderr(said);
    let mut resumed = command.spawn().unwrap();
    wait_until("it goes on", || std::fs::metadata(workshop.path("said")).unwrap().len() > 0);
    // As another session does that ends meanwhile.
    std::fs::remove_file(workshop.path("home/interrupted.json")).unwrap();
    assert!(Command::new("kill").arg(resumed.id().to_string()).status().unwrap().success());
    assert_eq!(resumed.wait().unwrap().code(), Some(130));
    let kept = std::fs::read_to_string(workshop.path("home/interrupted.json")).unwrap();
    assert!(kept.contains("./trial.toml") && !kept.contains("--resume"), "{kept}");
}

#[test]
fn a_session_of_many_parts_names_each_once_and_not_all_of_them() {
    let workshop = Workshop::new();
    let steps: String = (0..60).map(|_| "[[steps]]\npose = \"cat-cow\"\nrounds = 1\n").collect();
    workshop.file("again.toml", format!("title = \"Again\"\n{steps}"));
    let said = workshop.run(["play", "./again.toml", "--from", "xyz"]).failure(3);
    assert_eq!(said.matches("Cat/Cow").count(), 1, "{said}");
    let part = |number: u32| format!("[[steps]]\nbreathe = \"4-6\"\nfor = \"10s\"\nname = \"Part {number}\"\n");
    let steps: String = (0..60).map(part).collect();
    workshop.file("many.toml", format!("title = \"Many\"\n{steps}"));
    let said = workshop.run(["play", "./many.toml", "--from", "xyz"]).failure(3);
    assert!(said.contains("Part 19") && !said.contains("Part 20"), "{said}");
    assert!(said.contains("40 more"), "{said}");
}

#[test]
fn a_pose_that_is_not_in_the_session_is_refused_with_those_that_are() {
    let workshop = Workshop::new();
    let said = workshop.run(["play", "gentle-back", "--from", "cat-kow"]).failure(3);
    assert!(said.contains("did you mean `Cat/Cow`?") && said.contains("Child's pose"), "{said}");
    workshop.run(["play", "gentle-back", "--from", "rest", "--until", "cat-cow"]).failure(3);
}

/// What `play` says where no sound server is.
#[track_caller]
fn without_a_device(arguments: &[&str]) -> String {
    let workshop = Workshop::new();
    workshop.file("own.toml", "title = \"Own\"\n[[steps]]\npause = \"9s\"\n");
    let mut command = workshop.command();
    command.args(arguments).env("PULSE_SERVER", "unix:/nowhere/native");
    let output = command.output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(3), 0));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn without_a_device_the_same_session_is_offered_as_a_file() {
    let wanted = "play morning --voice ben --bed rain --length 7m --from cat-cow --delay=3s --loop";
    let said = without_a_device(&wanted.split(' ').collect::<Vec<_>>());
    assert!(said.starts_with("error: nothing to play on was found"), "nothing begins: {said}");
    assert!(said.contains("catcow export morning --voice ben --bed rain --length 7m -o morning.wav"), "{said}");
    let said = without_a_device(&["play", "./own.toml"]);
    assert!(said.contains("catcow export ./own.toml -o own.wav"), "{said}");
}

#[test]
fn a_part_ends_before_the_next_pose_of_a_name_not_before_one_that_was() {
    // In this session child's pose comes before the cat and after it.
    let said = without_a_device(&["play", "gentle-back", "--from", "cat-cow", "--until", "childs-pose"]);
    assert!(said.contains("nothing to play on"), "{said}");
    let said = without_a_device(&["play", "gentle-back", "--from", "rest", "--until", "cat-cow"]);
    assert!(said.contains("expected `--from` before `--until`"), "{said}");
}
