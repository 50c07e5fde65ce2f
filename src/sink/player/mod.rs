//! A session that is heard while it is rendered.
//!
//! The [`Player`] knows what plays next; a device takes the frames away through rodio's [`Source`](rodio::Source). On Linux
//! and the BSDs the device is a sound server that speaks the PulseAudio protocol (PulseAudio itself, or PipeWire), spoken to
//! in pure Rust; elsewhere it is what rodio opens. Devices go, freeze and come back: the session waits, and goes on where it was.

mod answer;
mod apply;
mod command;
#[cfg(all(unix, not(target_os = "macos")))]
mod connection;
mod control;
#[cfg(all(feature = "mpris", target_os = "linux"))]
mod mpris;
mod playback;
#[cfg(all(unix, not(target_os = "macos")))]
mod pulse;
mod request;
#[cfg(any(feature = "alsa", not(all(unix, not(target_os = "macos")))))]
mod rodio_sink;
mod source;
mod volume;

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

pub use answer::{Answer, Answers};
pub use command::Command;
pub use control::{Glance, Player};
#[cfg(all(feature = "mpris", target_os = "linux"))]
pub use mpris::offer as offer_buttons;
pub use request::{Outage, Request, Status};
pub use source::SessionSource;

use crate::frames::Frames;

/// After a device was lost, it is looked for again this often, and at every key.
const AGAIN: Duration = Duration::from_millis(500);

/// A device takes something at least this often, or it is frozen: late enough for a busy machine, soon enough that nobody
/// lies in silence and wonders.
const FROZEN: Duration = Duration::from_millis(1500);

/// The first time it may take longer: a sound server that was idle plays what it holds first (up to two seconds), and
/// wireless headphones have to wake up.
const STARTS: Duration = Duration::from_secs(5);

/// An attempt to open a device and play all that is left: an outage ends it before the end of the session.
type Attempt = fn(&Arc<Player>) -> Result<(), Stall>;

/// Where devices are looked for, the best first.
const DEVICES: &[Attempt] = &[
    #[cfg(all(unix, not(target_os = "macos")))]
    pulse::attempt,
    #[cfg(any(feature = "alsa", not(all(unix, not(target_os = "macos")))))]
    rodio_sink::attempt,
];

/// Plays on the first device that is there.
fn attempt(player: &Arc<Player>) -> Result<(), Stall> {
    let mut reasons = Vec::new();
    for device in DEVICES {
        match device(player) {
            Err(Stall { outage: Outage::Absent(reason), .. }) => reasons.push(reason),
            played => return played,
        }
    }
    Err(Stall { outage: Outage::Absent(reasons.join("; ")), unheard: Frames::ZERO, moved: false })
}

/// Buttons of headphones and lock screens are for Linux, with the feature `mpris`.
#[cfg(not(all(feature = "mpris", target_os = "linux")))]
pub fn offer_buttons(_: Arc<Player>) {}

/// Plays what is on the player until its end, on a thread of its own. Outages are shown by the player's status.
pub fn play(player: Arc<Player>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        while !player.is_over() {
            match attempt(&player) {
                Ok(()) => player.ends(),
                Err(stall) => {
                    player.set_wake(None);
                    player.stalls(stall.outage, stall.unheard, stall.moved);
                    if !player.is_over() {
                        player.wait(AGAIN);
                    }
                }
            }
        }
        player.set_wake(None);
    })
}

/// How a device was lost.
struct Stall {
    outage: Outage,
    /// What it took and did not play.
    unheard: Frames,
    /// Whether it played anything.
    moved: bool,
}

#[cfg(test)]
mod tests;
