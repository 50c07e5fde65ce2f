//! What other programs do to a session that plays: a call comes, headphones go and come back, the listener mutes it.

use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::sound_server::{RATE, SoundServer, stretches, wait_until};
use crate::trial::{Player, Words, assert_heard, chirp, from_the_hold, trial, wait_for};
use crate::workshop::Workshop;

const CALL: &str = "Paused for a call";
const GONE: &str = "Paused: the headphones are gone";

/// The trial session from its hold on, at a terminal whose screen is kept.
fn play(workshop: &Workshop, sound: &SoundServer, session: &[i32], more: &str) -> Player {
    let arguments = format!("{} {more}", from_the_hold(session));
    Player::spawn(Player::command(workshop, sound, &arguments, "screen"))
}

/// Whether the screen has shown some words.
fn shown(workshop: &Workshop, words: &str) -> bool {
    let screen = std::fs::read(workshop.path("screen")).unwrap_or_default();
    String::from_utf8_lossy(&screen).contains(words)
}

/// A stream of silence with the role of a call.
fn call(sound: &SoundServer) -> Child {
    let mut call = Command::new("pacat");
    sound.lend(&mut call).args(["--raw", "--property=media.role=phone", "/dev/zero"]);
    call.stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn a_call_pauses_the_session_and_it_goes_on_from_the_last_cue() {
    let (workshop, session) = trial();
    let mut sound = SoundServer::start();
    sound.control(["load-module", "module-role-cork"]);
    let player = play(&workshop, &sound, &session, "");
    wait_until("it plays", || sound.is_loud());
    wait_for(&sound, 1.5);
    let mut call = call(&sound);
    wait_until("the page says so", || shown(&workshop, CALL));
    wait_for(&sound, 4.0);
    call.kill().unwrap();
    call.wait().unwrap();
    assert_eq!(player.end(), 0);
    let found = stretches(&sound.heard().remove(0), &session);
    assert_heard(&found, &session, Words::of(&session).go.0..session.len());
}

/// Headphones beside the loudspeaker, and in use; the number of their module.
fn headphones(sound: &SoundServer) -> String {
    let arguments = ["sink_name=phones", "rate=48000", "channels=2", "format=s16le"];
    let module =
        sound.control(["load-module", "module-null-sink", arguments[0], arguments[1], arguments[2], arguments[3]]);
    sound.control(["set-default-sink", "phones"]);
    module.trim().to_owned()
}

/// Whether the session is heard on the headphones.
fn is_on_headphones(sound: &SoundServer) -> bool {
    let sinks = sound.control(["list", "short", "sinks"]);
    let number = sinks.lines().find(|line| line.contains("phones")).and_then(|line| line.split('\t').next());
    let inputs = sound.control(["list", "short", "sink-inputs"]);
    inputs.lines().any(|line| line.split('\t').nth(1) == number)
}

/// Plays on headphones that are then unplugged: the server ends the stream, or moves it to the loudspeaker.
fn unplugged(rescues: bool, more: &str) -> (Workshop, SoundServer, Player) {
    let (workshop, session) = trial();
    let sound = SoundServer::start();
    if rescues {
        sound.control(["load-module", "module-rescue-streams"]);
    }
    let module = headphones(&sound);
    let player = play(&workshop, &sound, &session, more);
    wait_until("it plays", || shown(&workshop, "S T I L L") && is_on_headphones(&sound));
    sleep(Duration::from_secs(2));
    sound.control(["unload-module", &module]);
    (workshop, sound, player)
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn headphones_that_are_gone_pause_it_and_a_key_goes_on_over_the_loudspeaker() {
    for rescues in [false, true] {
        let (workshop, sound, mut player) = unplugged(rescues, "");
        wait_until("the page says so", || shown(&workshop, GONE));
        wait_for(&sound, 3.0);
        player.press(" ");
        wait_until("it goes on", || sound.loud() > 2 * RATE);
        player.press("q");
        assert_eq!(player.end(), 0);
    }
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn headphones_that_are_back_go_on_by_themselves() {
    for rescues in [false, true] {
        let (workshop, sound, player) = unplugged(rescues, "");
        wait_until("the page says so", || shown(&workshop, GONE));
        headphones(&sound);
        wait_until("it is heard there", || is_on_headphones(&sound));
        assert_eq!(player.end(), 0);
    }
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn who_wants_it_to_keep_playing_hears_it_over_the_loudspeaker() {
    let (workshop, sound, mut player) = unplugged(false, "--keep-playing");
    wait_until("it goes on", || sound.is_loud());
    assert!(!shown(&workshop, GONE));
    player.press("q");
    assert_eq!(player.end(), 0);
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn a_mute_by_the_listener_changes_nothing() {
    let (workshop, session) = trial();
    let sound = SoundServer::start();
    let player = play(&workshop, &sound, &session, "");
    wait_until("it plays", || sound.is_loud());
    let inputs = sound.control(["list", "short", "sink-inputs"]);
    let number = inputs.split('\t').next().unwrap();
    sound.control(["set-sink-input-mute", number, "1"]);
    wait_for(&sound, 3.0);
    sound.control(["set-sink-input-mute", number, "0"]);
    assert_eq!(player.end(), 0);
    assert!(!shown(&workshop, "Paused"));
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn a_recording_that_vanishes_ends_it_with_its_name_and_what_was_practised_is_in_the_log() {
    let workshop = Workshop::new();
    let said = "title = \"Vanishing\"\n[[steps]]\nsay = \"own/first\"\nthen = \"35s\"\n[[steps]]\nsay = \"own/second\"\n\
        [[steps]]\nsay = \"own/third\"\n";
    workshop.file("vanishing.toml", said);
    // What is decoded is kept, as far as two minutes: so much of the third lets go of the others.
    for (cue, low, seconds) in [("first", 301.0, 3.0), ("second", 401.0, 2.0), ("third", 501.0, 140.0)] {
        workshop.file(&format!("voice/own/{cue}.wav"), chirp(low, seconds));
    }
    let sound = SoundServer::start();
    let mut command = workshop.command();
    command.args(["play", "./vanishing.toml", "--voice", "./voice", "-q"]);
    let output = sound.lend(&mut command).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until("it plays", || sound.is_loud());
    std::fs::remove_file(workshop.path("voice/own/second.wav")).unwrap();
    let output = output.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_ne!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("own/second.wav"), "{said}");
    let log = std::fs::read_to_string(workshop.path("home/log.tsv")).unwrap();
    assert!(log.contains("\tended\t"), "{log}");
}

/// A command line as a user who may start no thread.
fn without_threads(workshop: &Workshop, arguments: &[&str]) -> Command {
    // Root is not bound by the limit.
    let root = std::fs::metadata("/proc/self").is_ok_and(|it| std::os::unix::fs::MetadataExt::uid(&it) == 0);
    let as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"];
    let words = if root { &as_nobody[..] } else { &[] };
    let mut words: Vec<&str> = words.to_vec();
    words.extend(["prlimit", "--nproc=1", env!("CARGO_BIN_EXE_catcow")]);
    words.extend(arguments);
    let opened = Command::new("chmod").args(["-R", "a+rwX"]).arg(workshop.path(".")).status().unwrap();
    assert!(opened.success());
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).current_dir(workshop.path(".")).env("CATCOW_HOME", workshop.path("home"));
    command.env("CATCOW_CONFIG", workshop.path("config.toml")).env("CATCOW_WAKE", "false").stdin(Stdio::null());
    command
}

#[test]
#[cfg(target_os = "linux")]
fn where_no_thread_starts_one_does_the_work() {
    let (workshop, session) = trial();
    let line = ["export", "./trial.toml", "--voice", "./voice", "-o", "alone.wav", "--threads", "4", "--bed", "rain"];
    let output = without_threads(&workshop, &line).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(crate::sound_server::wav_frames(&workshop.path("alone.wav")).len(), session.len());
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn where_no_thread_starts_a_session_is_still_heard_whole() {
    let (workshop, session) = trial();
    let mut sound = SoundServer::start();
    sound.let_all_in();
    let line = ["play", "./trial.toml", "--voice", "./voice", "--wake=false", "--delay", "300ms", "-q"];
    let mut command = without_threads(&workshop, &line);
    let output = sound.lend(&mut command).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found = stretches(&sound.heard().remove(0), &session);
    assert_heard(&found, &session, 0..session.len());
}
