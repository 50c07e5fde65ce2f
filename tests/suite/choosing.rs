//! `catcow play` without a name.

use std::fs;

use crate::sound_server::{SoundServer, wait_until};
use crate::trial::{DOWN, Player, UP, trial, wait_for};
use crate::workshop::Workshop;

#[test]
fn play_without_a_name_lists_every_routine_with_its_lengths_where_there_is_no_terminal() {
    let workshop = Workshop::new();
    workshop.file("home/routines/own.toml", "title = \"Own\"\nsummary = \"Mine.\"\n[[steps]]\npause = \"1m..2m\"\n");
    workshop.file("home/routines/broken.toml", "title = \n");
    let (shown, listed) = (workshop.run(["play"]).success(), workshop.run(["list"]).success());
    let broken = shown.lines().find(|line| line.starts_with("  broken ")).unwrap_or_default();
    assert!(broken.ends_with("has mistakes: see `catcow check`") && shown.contains("Mine."), "{shown}");
    for name in ["morning", "gentle-back", "own"] {
        let line = |text: &str| {
            let found = text.lines().find(|line| line.trim_start().starts_with(name)).unwrap_or_default().to_owned();
            found.split("  ").filter(|part| !part.is_empty()).map(|part| part.trim().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(line(&shown), line(&listed), "{name}: its name, its lengths, what it is for");
        assert!(line(&shown)[1].contains(':'), "{shown}");
    }
    workshop.run(["play", "--level", "9"]).failure(2);
}

/// The program without a routine's name, at a terminal whose keys are ours; what it shows goes to the file `screen`.
fn choosing(workshop: &Workshop, sound: &SoundServer) -> Player {
    Player::spawn(Player::command_of(workshop, sound, "play", "screen"))
}

fn shown(workshop: &Workshop) -> String {
    String::from_utf8_lossy(&fs::read(workshop.path("screen")).unwrap_or_default()).into_owned()
}

#[test]
#[ignore = "needs pulseaudio and script (bsdutils); tests/run.sh installs them"]
fn a_routine_is_chosen_with_the_arrows_and_played_and_can_be_taken_up_again() {
    let (workshop, _) = trial();
    let trial = fs::read_to_string(workshop.path("trial.toml")).unwrap();
    workshop.file("home/routines/aaa-trial.toml", trial);
    let sound = SoundServer::start();
    let mut player = choosing(&workshop, &sound);
    wait_until("it asks", || shown(&workshop).contains("What would you like to practise?"));
    // The first of all stands on top: two up and two down lead back to it.
    for key in [UP, UP, DOWN, DOWN, "z"] {
        player.press(key);
    }
    player.press("\r");
    wait_until("it plays", || sound.is_loud());
    wait_for(&sound, 2.0);
    player.press("q");
    assert_eq!(player.end(), 0, "{}", shown(&workshop));
    let log = fs::read_to_string(workshop.path("home/log.tsv")).unwrap_or_default();
    let kept = fs::read_to_string(workshop.path("home/interrupted.json")).unwrap();
    assert!(kept.contains("\"aaa-trial\"") && log.is_empty(), "{kept} {log}");
}

#[test]
#[ignore = "needs pulseaudio and script (bsdutils); tests/run.sh installs them"]
fn nothing_is_played_where_nothing_is_chosen_and_the_terminal_is_given_back() {
    for (key, status) in [("q", 0), ("\x1b", 0), ("\x03", 130)] {
        let (workshop, _) = trial();
        let sound = SoundServer::start();
        let mut player = choosing(&workshop, &sound);
        wait_until("it asks", || shown(&workshop).contains("What would you like to practise?"));
        player.press(key);
        assert_eq!(player.end(), status, "{key:?}: {}", shown(&workshop));
        assert!(shown(&workshop).contains("\x1b[?1049l"), "the page is taken away");
        assert!(!sound.is_loud());
    }
}
