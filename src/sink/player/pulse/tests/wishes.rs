//! A call, and headphones that go and come back, as a server tells of them.

use super::*;

/// A stream that is heard.
fn heard() -> (Server, Arc<Player>, Played) {
    let (mut server, player, played) = stream(SECOND * 20, HELD_BACK);
    let Sent::Sound { .. } = server.next() else { panic!("sound comes first") };
    server.plays(1600);
    until(&player, &Status::Playing);
    (server, player, played)
}

/// Ends it all.
fn end(server: Server, player: &Player, played: Played) {
    drop(server);
    let _ = stalled(played);
    player.command(PlayerCommand::End);
}

/// The player comes to a status once it has carried out what the server told it.
fn becomes(server: &mut Server, player: &Player, status: Status) {
    server.lets_it_settle();
    until(player, &status);
}

/// Another program needs to be heard, and the session pauses for it.
fn call_comes(server: &mut Server, player: &Player) {
    server.wants(c"request-cork");
    becomes(server, player, Status::Paused(PauseCause::OtherProgram));
}

/// The other program is done, and the session goes on.
fn call_ends(server: &mut Server, player: &Player) {
    server.wants(c"request-uncork");
    becomes(server, player, Status::Playing);
}

/// The stream moves again.
fn moves_again(server: &mut Server) {
    while server.corked {
        let _ = server.take();
    }
}

/// The headphones, the first port of the sink, go or come back; the loudspeaker is the second.
fn headphones(server: &mut Server, there: bool) {
    let (available, active) = if there { (PortAvailable::Yes, 0) } else { (PortAvailable::No, 1) };
    server.sinks[0].ports[0].available = available;
    server.sinks[0].active_port = active;
    server.tells_of_sinks();
}

/// The stream is on another sink.
fn moved(name: &CStr) -> Command {
    Command::PlaybackStreamMoved(PlaybackStreamMovedParams {
        stream_index: CHANNEL,
        device_index: 1,
        device_name: name.to_owned(),
        device_suspended: false,
        buffer_attr: BufferAttr::default(),
        configured_sink_latency: 0,
    })
}

#[test]
fn a_call_pauses_the_session_which_goes_on_by_itself() {
    let (mut server, player, played) = heard();
    call_comes(&mut server, &player);
    // Only a stream that stands still is told that the call is over.
    assert!(server.corked);
    // Nothing is asked for meanwhile, and that is no freeze.
    sleep(FROZEN + Duration::from_millis(400));
    assert_eq!(player.glance().status, Status::Paused(PauseCause::OtherProgram));
    call_ends(&mut server, &player);
    moves_again(&mut server);
    end(server, &player, played);
}

#[test]
fn a_second_call_pauses_a_session_that_the_listener_went_on_with_in_the_first() {
    let (mut server, player, played) = heard();
    call_comes(&mut server, &player);
    player.command(PlayerCommand::Toggle);
    becomes(&mut server, &player, Status::Playing);
    moves_again(&mut server);
    call_comes(&mut server, &player);
    end(server, &player, played);
}

#[test]
fn headphones_that_are_unplugged_pause_the_session_until_they_are_back() {
    let (mut server, player, played) = heard();
    headphones(&mut server, false);
    becomes(&mut server, &player, Status::Paused(PauseCause::DeviceGone));
    headphones(&mut server, true);
    becomes(&mut server, &player, Status::Playing);
    end(server, &player, played);
}

#[test]
fn a_key_goes_on_where_the_headphones_are_gone_and_what_plays_then_is_right() {
    let (mut server, player, played) = heard();
    headphones(&mut server, false);
    becomes(&mut server, &player, Status::Paused(PauseCause::DeviceGone));
    player.command(PlayerCommand::Toggle);
    becomes(&mut server, &player, Status::Playing);
    // A call after that ends with the call, though the headphones are still away.
    server.tells_of_sinks();
    call_comes(&mut server, &player);
    call_ends(&mut server, &player);
    end(server, &player, played);
}

#[test]
fn a_sink_that_the_listener_chooses_and_headphones_that_are_plugged_in_change_nothing() {
    let (mut server, player, played) = heard();
    // The loudspeaker, while the headphones stay; and back, while it cannot be heard any more.
    server.sinks[0].active_port = 1;
    server.tells_of_sinks();
    server.wants(c"nothing-known");
    server.sinks[0].active_port = 0;
    server.sinks[0].ports[1].available = PortAvailable::No;
    server.tells_of_sinks();
    // Another sink.
    server.sinks.push(sink(c"other"));
    server.tell(&moved(c"other"));
    // It asks nothing but what sinks are, and carries out nothing but this.
    player.command(PlayerCommand::Volume(-1));
    server.lets_it_settle();
    assert_eq!(player.glance().status, Status::Playing);
    end(server, &player, played);
}

#[test]
fn a_sink_that_goes_pauses_the_session_on_the_next_and_its_return_brings_it_back() {
    let (mut server, player, played) = heard();
    server.sinks[0] = sink(c"loudspeaker");
    server.tell(&moved(c"loudspeaker"));
    becomes(&mut server, &player, Status::Paused(PauseCause::DeviceGone));
    server.sinks.push(sink(c"headphones"));
    server.tells_of_sinks();
    let (_, command) = server.command();
    let Command::MoveSinkInput(wanted) = command else { panic!("it wants to be heard there: {command:?}") };
    assert_eq!(wanted.device_name.as_deref(), Some(c"headphones"));
    server.tell(&moved(c"headphones"));
    becomes(&mut server, &player, Status::Playing);
    end(server, &player, played);
}
