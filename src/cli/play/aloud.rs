//! One sentence aloud after a session, for whoever still lies there with closed eyes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use catcow::diagnostic::Source;
use catcow::frames::{FrameRange, Frames};
use catcow::session::{Builder, Session};
use catcow::sink::player::{self, Command, Player, Request, Status};
use catcow::work::Work;

/// How often it is looked at whether it was said.
const GLANCE: Duration = Duration::from_millis(50);
/// A sentence is said by then, or nothing plays.
const LONGEST: Duration = Duration::from_secs(20);

/// Says a cue by the voice of a session. Where that lacks it, or nothing plays any more, nothing happens: what it says was shown.
pub fn say(cue: &str, after: &Session, stop: &AtomicBool) {
    let Some(mixer) = sentence(cue, after, stop) else { return };
    let (end, rate) = (mixer.frames(), mixer.timeline().rate);
    let range = FrameRange { start: Frames::ZERO, end };
    let (begin, delay) = (Frames::ZERO, rate.frames(super::LEAD));
    let request = Request { range, begin, delay, repeats: false, keeps_playing: true };
    let player = Arc::new(Player::new(mixer.mixer().clone(), request));
    let mut driver = player::play(Arc::clone(&player));
    let begun = Instant::now();
    while player.glance().status != Status::Over && !driver.is_finished() && begun.elapsed() < LONGEST {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        driver.step();
        if driver.is_thread() {
            thread::sleep(GLANCE);
        }
    }
    player.command(Command::End);
    player.command(Command::End);
}

/// A session of nothing but a cue.
fn sentence(cue: &str, after: &Session, stop: &AtomicBool) -> Option<Session> {
    let text = format!("title = \"Afterwards\"\ntone = \"off\"\n[[steps]]\nsay = \"{cue}\"\n");
    let library = crate::cli::library().ok()?;
    let routine = library.read("afterwards", &Arc::new(Source::in_memory("afterwards", text))).ok()?;
    let mut builder = Builder::new(routine, after.voice().clone());
    builder.rate = after.timeline().rate;
    builder.build(&Work { stop, ..crate::cli::work() }).ok()
}
