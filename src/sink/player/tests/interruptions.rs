//! Pauses that the listener did not ask for: a call, headphones that are gone.

use super::{Answers, Command, Frames, Outage, Player, Status, mixer, player, take};
use crate::sink::player::PauseCause;

/// Carries out a command where the device is.
fn carry_out(player: &Player, command: Command) {
    player.command(command);
    player.settle(Frames::ZERO);
}

fn heard(frames: usize) -> Player {
    let player = player(0);
    player.answer_with(Answers::silent());
    let _ = take(&player, frames);
    player.plays(Frames::ZERO);
    player
}

#[test]
fn a_call_is_silent_and_it_goes_on_from_the_last_cue() {
    let player = heard(60_000);
    carry_out(&player, Command::Interrupt(PauseCause::OtherProgram));
    assert_eq!(player.glance().status, Status::Paused(PauseCause::OtherProgram));
    // Five milliseconds fade; nothing is said into a call.
    assert!(take(&player, 30_000)[40..].iter().all(|sample| *sample == 0));
    assert_eq!(player.glance().heard, Frames(60_000));
    carry_out(&player, Command::InterruptionOver);
    assert_eq!(player.glance().status, Status::Playing);
    assert_eq!(player.glance().heard, mixer().timeline().resumption(Frames(60_000)));
}

#[test]
fn a_pause_of_the_listener_is_not_ended_by_others() {
    let player = heard(60_000);
    carry_out(&player, Command::Pause);
    carry_out(&player, Command::Interrupt(PauseCause::OtherProgram));
    carry_out(&player, Command::InterruptionOver);
    assert_eq!(player.glance().status, Status::Paused(PauseCause::Listener));
    // Nor is one that the listener asks for while another lasts.
    carry_out(&player, Command::Resume);
    carry_out(&player, Command::Interrupt(PauseCause::DeviceGone));
    carry_out(&player, Command::Pause);
    carry_out(&player, Command::InterruptionOver);
    assert_eq!(player.glance().status, Status::Paused(PauseCause::Listener));
}

#[test]
fn a_key_goes_on_whatever_paused_it() {
    for key in [Command::Toggle, Command::Resume, Command::Previous, Command::Seek(Frames(100_000))] {
        let player = heard(60_000);
        carry_out(&player, Command::Interrupt(PauseCause::DeviceGone));
        carry_out(&player, key);
        assert_eq!(player.glance().status, Status::Playing);
        carry_out(&player, Command::InterruptionOver);
        assert_eq!(player.glance().status, Status::Playing);
    }
}

#[test]
fn headphones_that_took_the_device_with_them_pause_it_before_the_next_device_plays() {
    let player = heard(60_000);
    player.stalls(Outage::Gone("the device is gone".into()), Frames(2000), true);
    let place = player.glance().heard;
    player.command(Command::Interrupt(PauseCause::DeviceGone));
    assert!(matches!(player.glance().status, Status::Waiting(_)));
    assert!(take(&player, 4000).iter().all(|sample| *sample == 0), "nothing comes out of the loudspeaker");
    player.plays(Frames::ZERO);
    assert_eq!(player.glance().status, Status::Paused(PauseCause::DeviceGone));
    assert_eq!(player.glance().heard, place);
}

#[test]
fn an_end_is_an_end_whatever_others_want() {
    let player = heard(60_000);
    carry_out(&player, Command::End);
    carry_out(&player, Command::Interrupt(PauseCause::OtherProgram));
    carry_out(&player, Command::InterruptionOver);
    assert!(player.glance().stopped);
}
