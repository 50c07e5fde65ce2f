//! A stream to a server that does what a test wants, and when.

mod wishes;

use std::ffi::CStr;
use std::io::Read;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant, SystemTime};

use pulseaudio::protocol::port_info::{PortAvailable, PortDirection, PortInfo, PortType};
use pulseaudio::protocol::stream::BufferAttr;
use pulseaudio::protocol::{
    AuthReply, Command, CommandReply, CreatePlaybackStreamReply, DESCRIPTOR_SIZE, GenericStreamEvent, GetSinkInfo,
    MAX_VERSION, PlaybackLatency, PlaybackStreamMovedParams, Props, PulseError, Request, SetClientNameReply, SinkInfo,
    SubscriptionEvent, SubscriptionEventFacility, SubscriptionEventType, read_descriptor, write_ack_message,
    write_command_message, write_error, write_reply_message,
};
use tempfile::TempDir;

use super::super::lost_device::{FROZEN, Stall};
use super::super::tests::deck_until;
use super::super::{Command as PlayerCommand, Outage, Output, PauseCause, Player, Status};
use super::{Connection, Stream};
use crate::frames::Frames;

/// A second of the session: 8000 frames of two bytes each.
const SECOND: Frames = Frames(8000);
/// What the server holds back: two seconds.
const HELD_BACK: u32 = 32_000;
const CHANNEL: u32 = 7;

/// What a client sends.
enum Sent {
    /// So many bytes of sound, to be written at this offset.
    Sound { offset: i64, bytes: u32 },
    /// A command, and its number.
    Command(u32, Box<Command>),
}

/// A sound server with one client.
struct Server {
    socket: UnixStream,
    /// What it tells of its sinks.
    sinks: Vec<SinkInfo>,
    /// Whether the stream stands still.
    corked: bool,
}

impl Server {
    /// Waits for the client, and gives it a stream for which it asks so many bytes at first.
    fn open(listener: &UnixListener, asks: u32) -> Server {
        let mut server =
            Server { socket: listener.accept().unwrap().0, sinks: vec![sink(c"headphones")], corked: false };
        let auth = AuthReply { version: MAX_VERSION, use_memfd: false, use_shm: false };
        let (number, _) = server.command();
        server.reply(number, &auth);
        let (number, _) = server.command();
        server.reply(number, &SetClientNameReply { client_id: 1 });
        let (number, Command::CreatePlaybackStream(wanted)) = server.command() else { panic!("a stream is wanted") };
        let stream = CreatePlaybackStreamReply {
            channel: CHANNEL,
            requested_bytes: asks,
            buffer_attr: BufferAttr { target_length: HELD_BACK, ..wanted.buffer_attr },
            sample_spec: wanted.sample_spec,
            channel_map: wanted.channel_map,
            sink_name: Some(c"headphones".to_owned()),
            ..CreatePlaybackStreamReply::default()
        };
        server.reply(number, &stream);
        server
    }

    /// What the client sends next. What it asks about sinks is answered.
    fn next(&mut self) -> Sent {
        loop {
            if let Some(sent) = self.take() {
                return sent;
            }
        }
    }

    /// Takes one message; nothing where it is done with.
    fn take(&mut self) -> Option<Sent> {
        let (number, command) = match self.receive() {
            Sent::Command(number, command) => (number, *command),
            sound @ Sent::Sound { .. } => return Some(sound),
        };
        match command {
            Command::CorkPlaybackStream(wanted) => {
                self.corked = wanted.cork;
                write_ack_message(&mut self.socket, number).unwrap();
            }
            Command::Subscribe(_) => write_ack_message(&mut self.socket, number).unwrap(),
            Command::GetSinkInfo(GetSinkInfo { name, .. }) => {
                match self.sinks.iter().find(|sink| Some(&sink.name) == name.as_ref()).cloned() {
                    Some(sink) => self.reply(number, &sink),
                    None => write_error(&mut self.socket, number, &PulseError::NoEntity).unwrap(),
                }
            }
            command => return Some(Sent::Command(number, Box::new(command))),
        }
        None
    }

    fn receive(&mut self) -> Sent {
        let mut head = [0; DESCRIPTOR_SIZE];
        self.socket.read_exact(&mut head).expect("the client is there");
        let head = read_descriptor(&mut head.as_slice()).unwrap();
        let mut body = vec![0; head.length as usize];
        self.socket.read_exact(&mut body).unwrap();
        if head.channel == CHANNEL {
            return Sent::Sound { offset: head.offset.cast_signed(), bytes: head.length };
        }
        let (number, command) = Command::read_tag_prefixed(&mut body.as_slice(), MAX_VERSION).unwrap();
        Sent::Command(number, Box::new(command))
    }

    /// The next command; sound before it is taken.
    fn command(&mut self) -> (u32, Command) {
        loop {
            if let Sent::Command(number, command) = self.next() {
                return (number, *command);
            }
        }
    }

    /// Takes all sound until the client wants to know when all was played; the number of that question.
    fn until_drained(&mut self) -> u32 {
        let (number, command) = self.command();
        assert!(matches!(command, Command::DrainPlaybackStream(CHANNEL)), "{command:?}");
        number
    }

    fn reply(&mut self, number: u32, reply: &impl CommandReply) {
        write_reply_message(&mut self.socket, number, reply, MAX_VERSION).unwrap();
    }

    fn tell(&mut self, event: &Command) {
        write_command_message(&mut self.socket, u32::MAX, event, MAX_VERSION).unwrap();
    }

    /// Takes sound and answers until the client wants to carry out something, and says that the device has taken nothing.
    fn lets_it_settle(&mut self) {
        let (number, command) = self.command();
        assert!(matches!(command, Command::GetPlaybackLatency(_)), "{command:?}");
        self.says_where(number, 0);
    }

    /// Tells that something about its sinks has changed.
    fn tells_of_sinks(&mut self) {
        self.tell(&Command::SubscribeEvent(SubscriptionEvent {
            event_facility: SubscriptionEventFacility::Sink,
            event_type: SubscriptionEventType::Changed,
            index: Some(0),
        }));
    }

    /// Tells the stream that something is wanted of it.
    fn wants(&mut self, what: &CStr) {
        let event_name = what.to_owned();
        let event = GenericStreamEvent { stream_index: CHANNEL, event_name, event_properties: Props::new() };
        self.tell(&Command::PlaybackStreamEvent(event));
    }

    /// Plays so many bytes: as many are asked for.
    fn plays(&mut self, bytes: u32) {
        self.tell(&Command::Request(Request { channel: CHANNEL, length: bytes }));
    }

    /// Says how many bytes the device has taken.
    fn says_where(&mut self, number: u32, taken: i64) {
        let now = SystemTime::now();
        let latency = PlaybackLatency {
            sink_usec: 0,
            source_usec: 0,
            playing: true,
            local_time: now,
            remote_time: now,
            write_offset: taken,
            read_offset: taken,
            underrun_for: 0,
            playing_for: 0,
        };
        self.reply(number, &latency);
    }
}

/// What came of a stream, later.
type Played = JoinHandle<Result<(), Stall>>;

/// A stream that plays the session up to `end`, at a server that asks for so many bytes at first.
fn stream(end: Frames, asks: u32) -> (Server, Arc<Player>, Played) {
    let folder = TempDir::new().unwrap();
    let listener = UnixListener::bind(folder.path().join("native")).unwrap();
    let player = Arc::new(deck_until(end, 0));
    let (path, plays) = (folder.path().join("native"), Arc::clone(&player));
    let played = thread::spawn(move || played(&mut open(&path, &plays)));
    (Server::open(&listener, asks), player, played)
}

fn open(path: &Path, player: &Arc<Player>) -> Stream {
    Connection::connect(path).and_then(|connection| Stream::open(connection, player)).unwrap()
}

/// Plays until the session ends.
fn played(stream: &mut Stream) -> Result<(), Stall> {
    while !stream.step()? {}
    Ok(())
}

/// A sink with headphones that can be unplugged, and a loudspeaker; the headphones play.
fn sink(name: &CStr) -> SinkInfo {
    let port = |name: &CStr, port_type| PortInfo {
        name: name.to_owned(),
        port_type,
        description: None,
        dir: PortDirection::Input,
        priority: 0,
        available: PortAvailable::Yes,
        availability_group: None,
    };
    let ports = vec![port(c"phones", PortType::Headphones), port(c"speaker", PortType::Speaker)];
    SinkInfo { name: name.to_owned(), ports, ..SinkInfo::new_dummy(0) }
}

/// Waits until the player is at something.
#[track_caller]
fn until(player: &Player, status: &Status) {
    let begun = Instant::now();
    while player.glance().status != *status {
        assert!(begun.elapsed() < Duration::from_secs(60), "{:?} is not {status:?}", player.glance().status);
        sleep(Duration::from_millis(1));
    }
}

#[track_caller]
fn stalled(played: Played) -> Stall {
    played.join().unwrap().expect_err("the session did not end")
}

#[test]
fn a_session_ends_when_the_server_has_played_all_of_it() {
    let (mut server, _, played) = stream(SECOND, HELD_BACK);
    let number = server.until_drained();
    write_ack_message(&mut server.socket, number).unwrap();
    assert!(played.join().unwrap().is_ok());
}

#[test]
fn a_device_that_goes_while_it_plays_the_end_is_an_outage() {
    let (mut server, _, played) = stream(SECOND, HELD_BACK);
    server.until_drained();
    server.plays(8000);
    server.tell(&Command::PlaybackStreamKilled(CHANNEL));
    let stall = stalled(played);
    assert!(matches!(stall.outage, Outage::Gone(_)), "{:?}", stall.outage);
    assert!((Frames(4000)..=SECOND).contains(&stall.unheard), "half of it was played at most: {:?}", stall.unheard);
}

#[test]
fn a_server_that_refuses_to_play_the_end_has_not_played_it() {
    let (mut server, _, played) = stream(SECOND, HELD_BACK);
    let number = server.until_drained();
    write_error(&mut server.socket, number, &PulseError::NoEntity).unwrap();
    let stall = stalled(played);
    assert!(matches!(stall.outage, Outage::Gone(_)), "{:?}", stall.outage);
    assert_eq!(stall.unheard, SECOND);
}

#[test]
fn a_server_that_freezes_at_the_end_is_an_outage_and_one_that_only_forgets_to_answer_is_not() {
    let (mut frozen, _, unheard) = stream(SECOND, HELD_BACK);
    let (mut forgetful, _, heard) = stream(SECOND, HELD_BACK);
    frozen.until_drained();
    forgetful.until_drained();
    forgetful.plays(16_000);
    let stall = stalled(unheard);
    assert_eq!((stall.outage, stall.unheard), (Outage::Frozen, SECOND));
    assert!(heard.join().unwrap().is_ok());
}

#[test]
fn a_key_while_the_end_is_played_is_carried_out_however_late_it_comes() {
    let (mut server, player, played) = stream(SECOND, HELD_BACK);
    server.until_drained();
    server.plays(15_000);
    // So long nothing else happens: a freeze, if there were more to come.
    sleep(FROZEN + Duration::from_millis(100));
    player.command(PlayerCommand::Seek(Frames::ZERO));
    let (number, command) = server.command();
    assert!(matches!(command, Command::GetPlaybackLatency(_)), "{command:?}");
    server.says_where(number, 15_000);
    let Sent::Sound { offset, bytes } = server.next() else { panic!("the session begins again") };
    // Thirty milliseconds are kept, and what is behind them is written anew.
    assert_eq!((offset, bytes), (15_480 - 16_000, 1600));
    let number = server.until_drained();
    write_ack_message(&mut server.socket, number).unwrap();
    assert!(played.join().unwrap().is_ok());
}

#[test]
fn what_was_rendered_and_not_handed_over_is_not_lost_with_the_device() {
    // Five hundred frames: two blocks of 240, and twenty of a third one.
    let (mut server, player, played) = stream(SECOND * 10, 1000);
    let Sent::Sound { bytes: 1000, .. } = server.next() else { panic!("as much as was asked for") };
    server.tell(&Command::PlaybackStreamKilled(CHANNEL));
    let stall = stalled(played);
    assert_eq!(stall.unheard, Frames(720));
    player.stalls(stall.outage, stall.unheard, stall.moved);
    assert_eq!(player.glance().heard, Frames::ZERO);
}
