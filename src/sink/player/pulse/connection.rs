//! A connection to a PulseAudio server: whole messages over a socket that never blocks.
//!
//! Of the `pulseaudio` crate this takes the protocol and not the client, which waits without end for a server that is frozen.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mio::net::UnixStream;
use mio::{Events, Interest, Poll, Token, Waker};
use pulseaudio::protocol::{
    self, AuthParams, AuthReply, Command, CommandReply, DESCRIPTOR_SIZE, MAX_VERSION, PulseError, TagStructReader,
};

const SOCKET: Token = Token(0);
const WAKE: Token = Token(1);

/// The server answers a question within this time, or it is frozen.
const PATIENCE: Duration = Duration::from_millis(1500);

/// No message from a server is longer: an answer to what is asked here takes a few hundred bytes.
const LONGEST_MESSAGE: usize = 1 << 20;

/// What comes from the server.
pub(super) enum Message {
    /// Something happened.
    Event(Box<Command>),
    /// An answer to the question of this number.
    Reply(u32, Vec<u8>),
    /// The question of this number was refused.
    Refusal(u32, String),
}

/// A connection.
pub(super) struct Connection {
    socket: UnixStream,
    poll: Poll,
    events: Events,
    waker: Arc<Waker>,
    inbox: Vec<u8>,
    outbox: Vec<u8>,
    version: u16,
    number: u32,
}

impl Connection {
    /// Connects, and says who asks.
    pub(super) fn connect(path: &Path) -> io::Result<Connection> {
        let mut socket = UnixStream::connect(path)?;
        let poll = Poll::new()?;
        poll.registry().register(&mut socket, SOCKET, Interest::READABLE | Interest::WRITABLE)?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKE)?);
        let (inbox, outbox) = (Vec::new(), Vec::new());
        let events = Events::with_capacity(8);
        let mut connection = Connection { socket, poll, events, waker, inbox, outbox, version: MAX_VERSION, number: 0 };
        let auth = AuthParams { version: MAX_VERSION, supports_shm: false, supports_memfd: false, cookie: cookie() };
        let reply: AuthReply = connection.ask(&Command::Auth(auth), &mut |_| {})?;
        connection.version = reply.version.min(MAX_VERSION);
        Ok(connection)
    }

    /// Ends a wait for the next message, from any thread.
    pub(super) fn waker(&self) -> Arc<Waker> {
        Arc::clone(&self.waker)
    }

    /// Sends a command; its number.
    pub(super) fn send(&mut self, command: &Command) -> io::Result<u32> {
        self.number += 1;
        let mut message = Vec::new();
        protocol::encode_command_message(&mut message, self.number, command, self.version).map_err(io::Error::other)?;
        self.outbox.extend(message);
        self.write()?;
        Ok(self.number)
    }

    /// Sends sound, to be written over the last `back` bytes that were sent and behind them.
    pub(super) fn send_sound(&mut self, channel: u32, back: u64, bytes: &[u8]) -> io::Result<()> {
        // An offset counts from where the last write ended, and goes over the connection in two's complement.
        protocol::write_memblock(&mut self.outbox, channel, bytes, back.wrapping_neg()).map_err(io::Error::other)?;
        self.write()
    }

    /// Asks, and waits for the answer; what happens meanwhile goes to `event`. Of what is not there the error is
    /// `AddrNotAvailable`.
    pub(super) fn ask<R: CommandReply>(&mut self, command: &Command, event: &mut dyn FnMut(Command)) -> io::Result<R> {
        let number = self.send(command)?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.next(deadline.saturating_duration_since(Instant::now()))? {
                Some(Message::Reply(of, body)) if of == number => {
                    return TagStructReader::new(&mut body.as_slice(), self.version).read().map_err(io::Error::other);
                }
                Some(Message::Refusal(of, reason)) if of == number => {
                    let absent = reason == PulseError::NoEntity.to_string();
                    let kind = if absent { io::ErrorKind::AddrNotAvailable } else { io::ErrorKind::Other };
                    return Err(io::Error::new(kind, reason));
                }
                Some(Message::Event(command)) => event(*command),
                _ => {}
            }
            if Instant::now() >= deadline {
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
    }

    /// The next message; `None` where none comes within `time`, or where a wait was ended.
    pub(super) fn next(&mut self, time: Duration) -> io::Result<Option<Message>> {
        self.write()?;
        loop {
            if let Some(message) = self.parse()? {
                return Ok(Some(message));
            }
            if !self.read()? {
                break;
            }
        }
        match self.poll.poll(&mut self.events, Some(time)) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
            _ => {}
        }
        self.write()?;
        self.read()?;
        self.parse()
    }

    /// Reads what is there; whether there was anything.
    fn read(&mut self) -> io::Result<bool> {
        let mut some = [0; 16 << 10];
        let mut any = false;
        loop {
            match self.socket.read(&mut some) {
                Ok(0) => return Err(io::ErrorKind::ConnectionReset.into()),
                Ok(bytes) => self.inbox.extend(&some[..bytes]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(any),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
            any = true;
        }
    }

    /// Writes what the server takes.
    fn write(&mut self) -> io::Result<()> {
        while !self.outbox.is_empty() {
            match self.socket.write(&self.outbox) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(bytes) => _ = self.outbox.drain(..bytes),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Takes a whole message from what was read.
    fn parse(&mut self) -> io::Result<Option<Message>> {
        while self.inbox.len() >= DESCRIPTOR_SIZE {
            let head = protocol::read_descriptor(&mut self.inbox.as_slice()).map_err(io::Error::other)?;
            let end = DESCRIPTOR_SIZE + head.length as usize;
            if end > LONGEST_MESSAGE {
                return Err(io::Error::other("the server sent a message that is too long"));
            }
            if self.inbox.len() < end {
                return Ok(None);
            }
            let message: Vec<u8> = self.inbox.drain(..end).skip(DESCRIPTOR_SIZE).collect();
            // Sound that was not asked for, and events this program has no word for, are passed over.
            if head.channel == u32::MAX
                && let Some(message) = self.understand(message)
            {
                return Ok(Some(message));
            }
        }
        Ok(None)
    }

    fn understand(&self, message: Vec<u8>) -> Option<Message> {
        let mut rest = message.as_slice();
        let (number, command) = Command::read_tag_prefixed(&mut rest, self.version).ok()?;
        Some(match command {
            Command::Reply => Message::Reply(number, rest.to_vec()),
            Command::Error(error) => Message::Refusal(number, error.to_string()),
            event => Message::Event(Box::new(event)),
        })
    }
}

/// Where servers listen, the most particular place first.
pub(super) fn servers() -> Vec<PathBuf> {
    let named = std::env::var("PULSE_SERVER").unwrap_or_default();
    if !named.is_empty() {
        return named.split_whitespace().filter_map(named_server).collect();
    }
    let folder = |variable: &str| std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
    let runtime = folder("PULSE_RUNTIME_PATH").map(|path| path.join("native"));
    let user = folder("XDG_RUNTIME_DIR").map(|path| path.join("pulse/native"));
    runtime.into_iter().chain(user).chain([PathBuf::from("/var/run/pulse/native")]).collect()
}

/// The socket that an entry of `PULSE_SERVER` names: `unix:/path`, `/path`, either behind `{machine}`.
fn named_server(entry: &str) -> Option<PathBuf> {
    let entry = entry.rsplit('}').next().unwrap_or(entry);
    let path = entry.strip_prefix("unix:").unwrap_or(entry);
    path.starts_with('/').then(|| PathBuf::from(path))
}

/// What proves to a server that one may use it. Servers that need none still want 256 bytes.
fn cookie() -> Vec<u8> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let config =
        std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).or(home.clone().map(|home| home.join(".config")));
    let named = std::env::var_os("PULSE_COOKIE").map(PathBuf::from);
    let places = [named, config.map(|config| config.join("pulse/cookie")), home.map(|home| home.join(".pulse-cookie"))];
    places.into_iter().flatten().find_map(|path| std::fs::read(path).ok()).unwrap_or_else(|| vec![0; 256])
}
