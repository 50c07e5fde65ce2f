//! `catcow sit`: silence with bells.

use crate::sound_server::{RATE, SoundServer, wait_until};
use crate::trial::Player;
use crate::workshop::Workshop;

#[test]
#[ignore = "needs pulseaudio and script (bsdutils); tests/run.sh installs them"]
fn bells_ring_when_they_are_due_to_the_frame_and_the_log_knows() {
    let workshop = Workshop::new();
    workshop.file("voice/opening/sit.wav", crate::trial::chirp(301.0, 1.0));
    let mut sound = SoundServer::start();
    let player = Player::spawn(Player::command_of(&workshop, &sound, "sit 34s --every 12s", "screen"));
    wait_until("the session ends", || workshop.path("home/log.tsv").exists());
    assert_eq!(player.end(), 0);
    let log = std::fs::read_to_string(workshop.path("home/log.tsv")).unwrap();
    assert!(log.contains("\tsit\t") && log.contains("finished"), "{log}");
    let heard = sound.heard().concat();
    let begins = onsets(&heard);
    let apart: Vec<usize> = begins.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(apart.len() >= 3, "bells at both ends and two between: {begins:?}");
    for (found, seconds) in apart[apart.len() - 3..].iter().zip([12, 12, 10]) {
        assert!(found.abs_diff(seconds * RATE) <= 2 * WINDOW, "{apart:?}");
    }
}

/// A hundredth of a second.
const WINDOW: usize = RATE / 100;

/// Where a sound begins: a window that is several times as loud as those before it. A bell fades.
fn onsets(heard: &[i32]) -> Vec<usize> {
    let peak = |window: &[i32]| window.iter().map(|sample| (sample >> 16).abs()).max().unwrap_or(0);
    let peaks: Vec<i32> = heard.chunks(WINDOW).map(peak).collect();
    let mut found: Vec<usize> = Vec::new();
    for at in 20..peaks.len() {
        // A bell takes some windows to be as loud as it gets.
        let before = peaks[at - 20..at - 4].iter().max().copied().unwrap_or(0);
        let apart = found.last().is_none_or(|last| at * WINDOW > last + 5 * RATE);
        if peaks[at] > 100 && peaks[at] > 3 * before && apart {
            found.push(at * WINDOW);
        }
    }
    found
}
