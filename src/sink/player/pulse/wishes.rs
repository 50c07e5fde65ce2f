//! What others want of a stream: a program that takes a call asks for silence, and headphones go and come back.

use std::ffi::{CStr, CString};
use std::io;
use std::time::Instant;

use pulseaudio::protocol::{
    Command, CorkStreamParams, GetSinkInfo, MoveStreamParams, SinkInfo, SubscriptionEventFacility,
};

use super::super::command::Command as Wish;
use super::super::outlet::Outlet;
use super::super::request::PauseCause;
use super::Stream;

/// The server asks for silence: another program needs to be heard, usually for a call.
const CORK: &CStr = c"request-cork";
/// The server says that this is over.
const UNCORK: &CStr = c"request-uncork";

/// What is wanted of a stream by others than the listener.
pub(super) struct Wishes {
    channel: u32,
    /// The sink that the stream is on.
    pub(super) sink: CString,
    /// How many events about sinks have not been looked into.
    pub(super) unseen: u32,
    /// Whether another program wants silence.
    corked: bool,
    /// Whether the outlet that the listener heard it on is gone.
    pub(super) away: bool,
    /// What the player was told last.
    told: Option<PauseCause>,
}

impl Wishes {
    /// Nothing is wanted yet of a stream on this sink. `told` is why the player pauses now.
    pub(super) fn new(channel: u32, sink: CString, told: Option<PauseCause>) -> Wishes {
        Wishes { channel, sink, unseen: 1, corked: false, away: false, told }
    }

    /// Takes note of what the server says.
    pub(super) fn note(&mut self, event: &Command) {
        match event {
            Command::PlaybackStreamEvent(event) if event.stream_index == self.channel => {
                self.corked =
                    event.event_name.as_c_str() == CORK || self.corked && event.event_name.as_c_str() != UNCORK;
            }
            Command::PlaybackStreamMoved(moved) if moved.stream_index == self.channel => {
                self.sink = moved.device_name.clone();
                self.unseen += 1;
            }
            Command::SubscribeEvent(event) if event.event_facility == SubscriptionEventFacility::Sink => {
                self.unseen += 1;
            }
            _ => {}
        }
    }

    /// Why there should be a pause.
    fn cause(&self) -> Option<PauseCause> {
        match (self.away, self.corked) {
            (true, _) => Some(PauseCause::DeviceGone),
            (_, true) => Some(PauseCause::OtherProgram),
            _ => None,
        }
    }

    /// What the player is to be told, where that has changed: to pause, or to go on.
    fn news(&mut self) -> Option<Wish> {
        let cause = self.cause();
        let changed = std::mem::replace(&mut self.told, cause) != cause;
        changed.then(|| cause.map_or(Wish::InterruptionOver, Wish::Interrupt))
    }
}

impl Stream {
    /// Pauses where others want it, and goes on where they do not want it any more.
    pub(super) fn heed_wishes(&mut self) -> io::Result<()> {
        if self.listener_decided() {
            if self.wishes.away {
                // What it is heard on now is right.
                (self.wishes.away, self.wishes.unseen) = (false, 1);
                self.player.set_outlet(None);
            }
            (self.wishes.corked, self.wishes.told) = (false, None);
        }
        if std::mem::take(&mut self.wishes.unseen) > 0 {
            self.look_at_sinks()?;
        }
        if let Some(wish) = self.wishes.news() {
            if self.wishes.corked && !self.corked {
                // The server tells only streams that stand still that a call is over.
                self.corked = true;
                self.cork(true)?;
            }
            self.player.command(wish);
        }
        Ok(())
    }

    /// Lets the stream go on once the player does not stand still for another program any more.
    pub(super) fn uncork(&mut self) -> io::Result<()> {
        let stands = self.player.is_waiting() || self.player.interruption().is_some() && self.wishes.corked;
        if self.corked && !stands {
            self.corked = false;
            self.tally.moved = Instant::now();
            self.cork(false)?;
        }
        Ok(())
    }

    fn cork(&mut self, cork: bool) -> io::Result<()> {
        let wanted = CorkStreamParams { channel: self.channel, cork };
        self.connection.send(&Command::CorkPlaybackStream(wanted)).map(drop)
    }

    /// Whether the player was told to pause and does not, or not for that reason: the listener went on, or paused before.
    fn listener_decided(&self) -> bool {
        self.wishes.told.is_some() && !self.player.is_waiting() && self.player.interruption().is_none()
    }

    /// Looks whether what the session was heard on is still there.
    fn look_at_sinks(&mut self) -> io::Result<()> {
        let Some(sink) = self.sink(self.wishes.sink.clone())? else { return Ok(()) };
        let (now, last) = (Outlet::of(&sink), self.player.outlet());
        let Some(last) = last.filter(|last| *last != now && !self.player.keeps_playing()) else {
            self.wishes.away = false;
            self.player.set_outlet(Some(now));
            return Ok(());
        };
        match self.sink(last.sink.clone())?.filter(|sink| last.is_on(sink)) {
            None => self.wishes.away = true,
            // Another was chosen while it was there.
            Some(_) if !self.wishes.away => self.player.set_outlet(Some(now)),
            // It is back. Where only its port is, the server changes to it by itself.
            Some(_) if last.sink != now.sink => {
                let (index, device_name) = (Some(self.index), Some(last.sink));
                let back = MoveStreamParams { index, device_index: None, device_name };
                self.connection.send(&Command::MoveSinkInput(back))?;
            }
            Some(_) => {}
        }
        Ok(())
    }

    /// What the server tells of a sink; `None` where there is none of this name.
    fn sink(&mut self, name: CString) -> io::Result<Option<SinkInfo>> {
        match self.ask(&Command::GetSinkInfo(GetSinkInfo { index: None, name: Some(name) })) {
            Ok(sink) => Ok(Some(sink)),
            Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => Ok(None),
            Err(error) => Err(error),
        }
    }
}
