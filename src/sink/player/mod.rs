//! A session that is heard while it is rendered.
//!
//! The [`Player`] knows what plays next; a device takes the frames away through rodio's [`Source`](rodio::Source). On Linux
//! and the BSDs the device is a sound server that speaks the PulseAudio protocol (PulseAudio itself, or PipeWire), spoken to
//! in pure Rust; elsewhere it is what rodio opens. Devices go, freeze and come back: the session waits, and goes on where it was.

mod apply_command;
mod command;
mod control;
mod fade;
mod lost_device;
#[cfg(all(feature = "mpris", target_os = "linux"))]
mod mpris;
#[cfg(all(unix, not(target_os = "macos")))]
mod outlet;
mod playback;
#[cfg(all(unix, not(target_os = "macos")))]
mod pulse;
mod request;
#[cfg(any(feature = "alsa", not(all(unix, not(target_os = "macos")))))]
mod rodio_sink;
mod source;
mod spoken_answers;
mod state;
mod volume;

use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

pub use command::Command;
pub use control::{Glance, Player};
#[cfg(all(feature = "mpris", target_os = "linux"))]
pub use mpris::offer as offer_buttons;
pub use request::{Outage, PauseCause, Request, Status};
pub use source::SessionSource;
pub use spoken_answers::{Answer, Answers};

use self::lost_device::{LOOK_EVERY, Stall};

/// A device that plays.
trait Output {
    /// Plays on for a moment, a fifth of a second at most where nothing happens; whether all that is wanted was played.
    fn step(&mut self) -> Result<bool, Stall>;
}

/// Opens a device.
type Open = fn(&Arc<Player>) -> Result<Box<dyn Output>, Stall>;

/// Where devices are looked for, the best first.
const DEVICES: &[Open] = &[
    #[cfg(all(unix, not(target_os = "macos")))]
    pulse::open,
    #[cfg(any(feature = "alsa", not(all(unix, not(target_os = "macos")))))]
    rodio_sink::open,
];

/// Opens the first device that is there.
fn open(player: &Arc<Player>) -> Result<Box<dyn Output>, Stall> {
    let mut reasons = Vec::new();
    for device in DEVICES {
        match device(player) {
            Err(Stall { outage: Outage::Absent(reason), .. }) => reasons.push(reason),
            opened => return opened,
        }
    }
    Err(Stall::absent(reasons.join("; ")))
}

/// Buttons of headphones and lock screens are for Linux, with the feature `mpris`.
#[cfg(not(all(feature = "mpris", target_os = "linux")))]
pub fn offer_buttons(_: Arc<Player>) {}

/// What keeps a player playing.
pub enum Driver {
    /// A thread of its own.
    Thread(JoinHandle<()>),
    /// Whoever calls [`Driver::step`] again and again: no thread could be started.
    Caller(Devices),
}

impl Driver {
    /// Plays on for a moment, where no thread does.
    pub fn step(&mut self) {
        if let Driver::Caller(devices) = self {
            devices.step();
        }
    }

    /// Whether a thread plays.
    pub fn is_thread(&self) -> bool {
        matches!(self, Driver::Thread(_))
    }

    /// Whether nothing plays any more.
    pub fn is_finished(&self) -> bool {
        matches!(self, Driver::Thread(thread) if thread.is_finished())
    }
}

/// Plays what is on the player until its end, on a thread of its own, or where none can be started, step by step. Outages are
/// shown by the player's status.
pub fn play(player: Arc<Player>) -> Driver {
    let devices = Devices { player: Arc::clone(&player), output: None };
    let thread = Builder::new().spawn(move || {
        let mut devices = Devices { player, output: None };
        while !devices.player.is_over() {
            devices.step();
        }
    });
    thread.map_or(Driver::Caller(devices), Driver::Thread)
}

/// The device that plays now, or the search for one.
pub struct Devices {
    player: Arc<Player>,
    output: Option<Box<dyn Output>>,
}

impl Devices {
    fn step(&mut self) {
        if self.player.is_over() {
            return;
        }
        let stepped = match &mut self.output {
            Some(output) => output.step(),
            None => open(&self.player).map(|output| {
                self.output = Some(output);
                false
            }),
        };
        match stepped {
            Ok(false) => {}
            Ok(true) => self.player.ends(),
            Err(stall) => {
                self.player.set_wake(None);
                self.output = None;
                self.player.stalls(stall.outage, stall.unheard, stall.moved);
                if !self.player.is_over() {
                    self.player.wait(LOOK_EVERY);
                }
            }
        }
        if self.player.is_over() {
            self.player.set_wake(None);
            self.output = None;
        }
    }
}

#[cfg(test)]
mod tests;
