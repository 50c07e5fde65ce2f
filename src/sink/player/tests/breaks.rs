//! Pauses, ends, and the waits before a beginning: what keys make of them.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::{Command, END, Frames, Outage, Player, Status, mixer, player, take};

/// Carries out an command where the device is.
fn carry_out(player: &Player, command: Command) {
    player.command(command);
    player.settle(Frames::ZERO);
}

#[test]
fn a_key_after_the_one_that_ends_takes_the_end_back() {
    for command in [Command::Toggle, Command::Seek(Frames(100_000))] {
        let player = player(0);
        let _ = take(&player, 60_000);
        carry_out(&player, Command::End);
        let _ = take(&player, 1000);
        carry_out(&player, command);
        let _ = take(&player, 20_000);
        carry_out(&player, Command::Pause);
        assert_eq!(take(&player, 200_000).len(), 200_000, "a pause does not end it");
        assert!(!player.glance().stopped);
    }
}

#[test]
fn an_end_that_someone_wanted_is_told_from_the_last_frame() {
    let player = player(0);
    let _ = take(&player, 60_000);
    assert!(!player.glance().stopped);
    carry_out(&player, Command::End);
    assert!(player.glance().stopped);
    player.ends();
    assert!(player.glance().stopped);
}

#[test]
fn a_device_that_goes_while_the_end_is_answered_leaves_nothing_to_wait_for() {
    let player = player(0);
    let _ = take(&player, 60_000);
    carry_out(&player, Command::End);
    player.stalls(Outage::Frozen, Frames::ZERO, true);
    assert_eq!(player.glance().status, Status::Over);
}

#[test]
fn what_is_over_stays_over_whatever_key_comes() {
    for command in
        [Command::Toggle, Command::Pause, Command::Resume, Command::Seek(Frames::ZERO), Command::Previous, Command::End]
    {
        let player = player(0);
        let _ = take(&player, 1000);
        // It comes before the end and is looked at after it, or comes after the end.
        player.command(command.clone());
        player.ends();
        player.command(command);
        assert_eq!(player.glance().status, Status::Over);
    }
}

#[test]
fn a_pause_before_anything_is_heard_again_does_not_go_back_once_more() {
    let player = player(0);
    let _ = take(&player, 150_000);
    let mut places = Vec::new();
    for _ in 0..4 {
        carry_out(&player, Command::Toggle);
        let _ = take(&player, 3000);
        carry_out(&player, Command::Toggle);
        let _ = take(&player, 3000);
        places.push(player.glance().heard);
    }
    assert_eq!(places, [places[0]; 4]);
    assert_eq!(places[0], mixer().timeline().resumption(Frames(150_000)));
}

#[test]
fn a_pause_right_after_another_goes_on_at_the_same_place() {
    let player = player(0);
    let _ = take(&player, 150_000);
    let place = mixer().timeline().resumption(Frames(150_000));
    for _ in 0..4 {
        carry_out(&player, Command::Toggle);
        carry_out(&player, Command::Toggle);
        assert_eq!(player.glance().heard, place);
        // A moment of the session is heard, and nothing is said in it.
        while player.glance().heard == place {
            let _ = take(&player, 100);
        }
    }
    carry_out(&player, Command::Seek(Frames(140_000)));
    let landed = player.glance().heard;
    carry_out(&player, Command::Toggle);
    carry_out(&player, Command::Toggle);
    assert_eq!(player.glance().heard, mixer().timeline().resumption(landed), "what a jump led to is another place");
}

#[test]
fn a_pause_before_the_beginning_keeps_what_is_left_of_the_delay() {
    let player = player(50_000);
    let _ = take(&player, 10_000);
    carry_out(&player, Command::Pause);
    let _ = take(&player, 5000);
    assert_eq!(player.glance().delay, Frames(40_000));
    carry_out(&player, Command::Resume);
    assert_eq!(player.glance().delay, Frames(40_000));
    let _ = take(&player, 40_000);
    assert_eq!((player.glance().delay, player.glance().heard), (Frames::ZERO, Frames::ZERO));
}

#[test]
fn nothing_is_about_to_begin_once_it_has_begun() {
    let player = player(0);
    let _ = take(&player, 60_000);
    carry_out(&player, Command::Pause);
    let _ = take(&player, 5000);
    carry_out(&player, Command::Resume);
    assert_eq!(player.glance().delay, Frames::ZERO);
}

#[test]
fn a_glance_tells_where_the_wanted_part_ends() {
    let player = player(0);
    assert_eq!(player.glance().end, END);
    let _ = take(&player, 1000);
    carry_out(&player, Command::Longer);
    assert_eq!(player.glance().end, player.length());
}

#[test]
fn a_wait_for_a_device_ends_when_someone_asks_for_it() {
    let player = Arc::new(player(0));
    let waits = Arc::clone(&player);
    let long = Duration::from_secs(180);
    let waiting = thread::spawn(move || {
        let begun = Instant::now();
        waits.wait(long);
        begun.elapsed()
    });
    while !waiting.is_finished() {
        player.look_again();
        thread::yield_now();
    }
    assert!(waiting.join().unwrap() < long);
}
