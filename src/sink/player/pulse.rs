//! A stream to a PulseAudio server (or PipeWire's), in the session's own rate, in 16 bit: the server gets the very samples
//! that `export` writes.

mod connection;
mod wishes;

use std::ffi::CString;
use std::io;
use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use pulseaudio::protocol::stream::{BufferAttr, StreamFlags};
use pulseaudio::protocol::{
    ChannelMap, Command, CommandReply, CreatePlaybackStreamReply, DEFAULT_SINK, LatencyParams, PlaybackLatency,
    PlaybackStreamParams, Prop, Props, SampleFormat, SampleSpec, SetClientNameReply, SubscriptionMask,
};

use self::connection::{Connection, Message, servers};
use self::wishes::Wishes;
use super::Output;
use super::control::Player;
use super::lost_device::{FROZEN, STARTS, Stall};
use super::request::Outage;
use super::source::{FULL_SCALE, SessionSource};
use crate::frames::{Frames, SampleRate};

/// What the server holds back for this program, in milliseconds: so late may it be on a busy machine before anything is
/// heard of it. Half a second was too little, three times in an hour, on two cores with a dozen busy programs. A key does not
/// wait for it: what is held back is written anew.
const HELD_BACK_MILLIS: u64 = 2000;
/// What the device itself holds back, in milliseconds, which a key does wait for; the server asks for as much at once.
/// Twenty-five small requests a second are hardly any work.
const REQUEST_MILLIS: u64 = 40;
/// What the server still plays as it was when a key comes, in milliseconds: the time in which it gets what comes instead. It is
/// longer than what PipeWire takes at once (21 ms as it is set up by default), and with what the device holds back a key
/// is heard within 100 ms.
const KEPT_MILLIS: u64 = 30;
/// A wait for the server's next request is no longer, so that a freeze is noticed in time.
const GLANCE: Duration = Duration::from_millis(200);
/// The machine slept if the clock on the wall went further than the one that stops with it.
const SLEPT: Duration = Duration::from_secs(3);
/// After it was given the last frame, the server may be silent for so long: it asks for nothing more once that is played, and
/// says that it is only when the device is empty too (PulseAudio's null sink a second later).
const DRAIN: Duration = Duration::from_secs(5);
/// What is not played by then is nothing that anybody misses, in milliseconds: no more than one request.
const NEARLY_NOTHING_MILLIS: u64 = 2 * REQUEST_MILLIS;

/// Opens a stream on the first server that is there.
pub(super) fn open(player: &Arc<Player>) -> Result<Box<dyn Output>, Stall> {
    let mut reasons = Vec::new();
    for path in servers() {
        match Connection::connect(&path).and_then(|connection| Stream::open(connection, player)) {
            Ok(stream) => return Ok(Box::new(stream)),
            Err(error) => reasons.push(format!("{}: {}", path.display(), plain(&error))),
        }
    }
    if reasons.is_empty() {
        reasons.push("PULSE_SERVER names no socket of this machine".into());
    }
    Err(Stall::absent(reasons.join("; ")))
}

fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "nothing listens there".into(),
        io::ErrorKind::ConnectionRefused => "the sound server is not running".into(),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => "the sound server does not answer".into(),
        _ => error.to_string(),
    }
}

/// A stream that plays.
struct Stream {
    connection: Connection,
    channel: u32,
    /// The number by which the server knows the stream among those of all programs.
    index: u32,
    source: SessionSource,
    player: Arc<Player>,
    rate: SampleRate,
    bytes_per_frame: u64,
    /// How many frames the server holds back at most.
    held_back: Frames,
    tally: Tally,
    wishes: Wishes,
    /// Whether the server was asked to let the stream stand still.
    corked: bool,
    /// The clocks at the last step: one that stops while the machine sleeps, and the one on the wall.
    clocks: (Instant, SystemTime),
    /// How many bytes of those already sent the next write replaces.
    overwrite_bytes: u64,
    /// The question whether all was played, once the server was given all.
    draining: Option<u32>,
    bytes: Vec<u8>,
}

/// Bytes that were asked for, and given, and when.
struct Tally {
    /// How many were asked for and not yet given.
    owed_bytes: u64,
    /// How many were ever asked for.
    asked_bytes: u64,
    /// How many were given, those taken back not counted.
    given_bytes: u64,
    /// When the server last asked.
    moved: Instant,
    /// Whether it ever asked again: then it plays.
    plays: bool,
    /// When the server last told how many bytes the device had taken, and how many.
    told: (Instant, u64),
    /// Why the stream is gone.
    gone: Option<String>,
}

impl Tally {
    /// Takes note of what the server says.
    fn note(&mut self, channel: u32, event: &Command) {
        match event {
            Command::Request(request) if request.channel == channel => {
                self.owed_bytes += u64::from(request.length);
                self.asked_bytes += u64::from(request.length);
                self.moved = Instant::now();
                self.plays = true;
            }
            Command::PlaybackStreamKilled(_) => self.gone = Some("the device is gone".into()),
            _ => {}
        }
    }
}

impl Output for Stream {
    fn step(&mut self) -> Result<bool, Stall> {
        let all_played = self.turn().map_err(|error| self.lost(&error))?;
        // A key that came with the last frame is heeded.
        if self.player.is_over() || all_played && !self.player.is_waiting() {
            return Ok(true);
        }
        if self.tally.plays {
            self.player.plays(self.held_back);
        }
        if let Some(reason) = self.tally.gone.take() {
            return Err(self.stall(Outage::Gone(reason)));
        }
        if !self.corked && self.tally.moved.elapsed() > self.patience() {
            let stall = self.stall(Outage::Frozen);
            let nothing = Frames(self.bytes(NEARLY_NOTHING_MILLIS) / self.bytes_per_frame);
            return if self.draining.is_some() && stall.unheard <= nothing { Ok(true) } else { Err(stall) };
        }
        if was_away(&mut self.clocks) {
            return Err(self.stall(Outage::Frozen));
        }
        Ok(false)
    }
}

impl Stream {
    fn open(mut connection: Connection, player: &Arc<Player>) -> io::Result<Stream> {
        let mut props = Props::new();
        props.set(Prop::ApplicationName, c"catcow");
        connection.ask::<SetClientNameReply>(&Command::SetClientName(props), &mut |_| {})?;
        let (channels, rate) = player.format();
        let bytes_per_frame = 2 * channels as u64;
        let bytes = |time: u64| millis(rate, bytes_per_frame, time) as u32;
        let mut props = Props::new();
        props.set(Prop::MediaName, CString::from(c"catcow"));
        props.set(Prop::MediaRole, c"music");
        let wanted = PlaybackStreamParams {
            sample_spec: SampleSpec { format: SampleFormat::S16Le, channels: channels as u8, sample_rate: rate.hz() },
            channel_map: if channels == 1 { ChannelMap::mono() } else { ChannelMap::stereo() },
            sink_name: Some(DEFAULT_SINK.to_owned()),
            buffer_attr: BufferAttr {
                target_length: bytes(HELD_BACK_MILLIS),
                pre_buffering: bytes(2 * REQUEST_MILLIS),
                minimum_request_length: bytes(REQUEST_MILLIS),
                ..BufferAttr::default()
            },
            // Without early requests the device would hold back a large share of all, and every key would be slow.
            flags: StreamFlags { early_requests: true, ..StreamFlags::default() },
            props,
            ..PlaybackStreamParams::default()
        };
        // Nothing can be asked for before there is a stream.
        let reply: CreatePlaybackStreamReply = connection.ask(&Command::CreatePlaybackStream(wanted), &mut |_| {})?;
        connection.send(&Command::Subscribe(SubscriptionMask::SINK))?;
        let waker = connection.waker();
        player.set_wake(Some(Box::new(move || _ = waker.wake())));
        let (asked_bytes, now) = (u64::from(reply.requested_bytes), Instant::now());
        let told = (now, 0);
        let tally =
            Tally { owed_bytes: asked_bytes, asked_bytes, given_bytes: 0, moved: now, plays: false, told, gone: None };
        let sink = reply.sink_name.unwrap_or_default();
        let mut stream = Stream {
            connection,
            channel: reply.channel,
            index: reply.stream_index,
            source: SessionSource::new(Arc::clone(player), false),
            player: Arc::clone(player),
            rate,
            bytes_per_frame,
            held_back: Frames(u64::from(reply.buffer_attr.target_length) / bytes_per_frame),
            tally,
            overwrite_bytes: 0,
            wishes: Wishes::new(reply.channel, sink, player.interruption()),
            corked: false,
            clocks: (now, SystemTime::now()),
            draining: None,
            bytes: Vec::new(),
        };
        // Whatever it is heard on now is looked at before anything is heard.
        stream.heed_wishes()?;
        Ok(stream)
    }

    /// Carries out what was ordered, gives the server what it asked for, and hears what it says; whether it has played all.
    fn turn(&mut self) -> io::Result<bool> {
        if self.player.is_waiting() {
            self.settle()?;
        }
        if self.give()? && self.draining.is_none() {
            self.draining = Some(self.connection.send(&Command::DrainPlaybackStream(self.channel))?);
        }
        self.uncork()?;
        let all_played = self.listen(GLANCE)?;
        self.heed_wishes()?;
        Ok(all_played)
    }

    /// How long the server may be silent.
    fn patience(&self) -> Duration {
        match (self.draining, self.tally.plays) {
            (Some(_), _) => DRAIN,
            (None, true) => FROZEN,
            (None, false) => STARTS,
        }
    }

    /// Takes one message from the server, where one comes in time; whether it says that all was played.
    fn listen(&mut self, time: Duration) -> io::Result<bool> {
        match self.connection.next(time)? {
            Some(Message::Event(event)) => {
                self.tally.note(self.channel, &event);
                self.wishes.note(&event);
            }
            Some(Message::Reply(number, _)) => return Ok(self.draining == Some(number)),
            Some(Message::Refusal(number, reason)) if self.draining == Some(number) => self.tally.gone = Some(reason),
            Some(Message::Refusal(..)) | None => {}
        }
        Ok(false)
    }

    /// Gives the server what it asked for; whether that was the last of it.
    fn give(&mut self) -> io::Result<bool> {
        while self.tally.owed_bytes >= self.bytes_per_frame {
            // A tenth of a second is given at once: after a command, the first of it reaches the server before what is kept
            // has been played.
            let most = self.bytes(100);
            let wanted = (self.tally.owed_bytes.min(most) / self.bytes_per_frame * self.bytes_per_frame) as usize;
            self.bytes.clear();
            // Exactly the number that it was divided by: what comes out is what was rendered.
            let samples = self.source.by_ref().take(wanted / 2).map(|sample| (sample * FULL_SCALE) as i16);
            self.bytes.extend(samples.flat_map(i16::to_le_bytes));
            let all = self.bytes.len() < wanted;
            if self.bytes.is_empty() && self.overwrite_bytes > 0 {
                // Nothing comes in place of what was taken back: a frame of silence ends what the server holds.
                self.bytes.resize(self.bytes_per_frame as usize, 0);
            }
            if !self.bytes.is_empty() {
                self.connection.send_sound(self.channel, mem::take(&mut self.overwrite_bytes), &self.bytes)?;
            }
            self.tally.given_bytes += self.bytes.len() as u64;
            self.tally.owed_bytes -= self.bytes.len() as u64;
            if all {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Lets the player carry out its commands a moment ahead of what the device has taken. What comes then is written over what
    /// the server holds back, which is never without something to play: emptied first, it put a hole of some frames there.
    fn settle(&mut self) -> io::Result<()> {
        let when = LatencyParams { channel: self.channel, now: SystemTime::now() };
        let latency: PlaybackLatency = self.ask(&Command::GetPlaybackLatency(when))?;
        let taken = u64::try_from(latency.read_offset).unwrap_or(0);
        self.tally.told = (Instant::now(), taken);
        // A stream that stands still takes nothing meanwhile.
        let kept = if self.corked { taken } else { taken + self.bytes(KEPT_MILLIS) };
        let kept = kept.min(self.tally.given_bytes);
        let back = self.tally.given_bytes - kept;
        self.tally.given_bytes = kept;
        self.tally.owed_bytes += back;
        self.overwrite_bytes += back;
        if self.draining.take().is_some() {
            // More may come now. At its end the server had nothing to ask for, and has just answered.
            self.tally.moved = Instant::now();
        }
        let unheard = Frames(back / self.bytes_per_frame) + self.source.take_back();
        self.player.settle(unheard);
        Ok(())
    }

    /// Asks the server, and takes note of what it says meanwhile.
    fn ask<R: CommandReply>(&mut self, command: &Command) -> io::Result<R> {
        let (channel, tally, wishes) = (self.channel, &mut self.tally, &mut self.wishes);
        self.connection.ask(command, &mut |event| {
            tally.note(channel, &event);
            wishes.note(&event);
        })
    }

    /// How many bytes so many milliseconds are, in whole frames.
    fn bytes(&self, time: u64) -> u64 {
        millis(self.rate, self.bytes_per_frame, time)
    }

    fn lost(&mut self, error: &io::Error) -> Stall {
        match error.kind() {
            io::ErrorKind::TimedOut => self.stall(Outage::Frozen),
            _ => self.stall(Outage::Gone("the sound server is gone".into())),
        }
    }

    /// How the stream ended. What the server asked for beyond what it can hold, it has played; if it counts in another way, then
    /// no more than there was time for. What was rendered and not handed over was not played either.
    fn stall(&mut self, outage: Outage) -> Stall {
        let (then, taken) = self.tally.told;
        let at_most = taken + self.bytes(then.elapsed().as_millis() as u64);
        let played = self.tally.asked_bytes.saturating_sub(self.held_back.0 * self.bytes_per_frame);
        let played = played.min(at_most).min(self.tally.given_bytes);
        let unheard = Frames((self.tally.given_bytes - played) / self.bytes_per_frame) + self.source.take_back();
        Stall { outage, unheard, moved: self.tally.plays }
    }
}

/// How many bytes so many milliseconds are, in whole frames.
fn millis(rate: SampleRate, bytes_per_frame: u64, time: u64) -> u64 {
    u64::from(rate.hz()) * time / 1000 * bytes_per_frame
}

/// Whether the machine slept since the last look, or this program was stopped.
fn was_away(clocks: &mut (Instant, SystemTime)) -> bool {
    let now = (Instant::now(), SystemTime::now());
    let (awake, wall) = (now.0 - clocks.0, now.1.duration_since(clocks.1).unwrap_or_default());
    *clocks = now;
    wall > awake + SLEPT || awake > FROZEN
}

#[cfg(test)]
mod tests;
