//! Headphone and lock-screen buttons on Linux: the session as a player on the session bus (MPRIS 2.2).
//!
//! Members are those of the interface description at <https://specifications.freedesktop.org/mpris-spec/>; what a session has
//! no sense for (rates, playlists, opening addresses) is said to be absent.

// A member of an interface takes the object, whatever it answers.
#![allow(clippy::unused_self)]

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use zbus::blocking::connection::Builder;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{ObjectPath, OwnedValue, Value};

use super::command::Command;
use super::control::{Glance, Player};
use super::request::Status;
use crate::frames::Frames;

const PATH: &str = "/org/mpris/MediaPlayer2";
const NAME: &str = "org.mpris.MediaPlayer2.catcow";
/// The whole session is one track; its title is the pose.
const TRACK: &str = "/org/mpris/MediaPlayer2/session";
/// How often it is looked at whether there is something new to tell.
const GLANCE: Duration = Duration::from_millis(500);
/// Whoever shows the position counts on by itself; it is told where that would be so much wrong.
const ASTRAY: Duration = Duration::from_secs(1);

/// Offers the session on the session bus until it is over, on a thread of its own. Without a bus nothing happens.
pub fn offer(player: Arc<Player>) {
    _ = std::thread::Builder::new().spawn(move || _ = serve(&player));
}

fn serve(player: &Arc<Player>) -> zbus::Result<()> {
    let build = |name: String| {
        Builder::session()?
            .name(name)?
            .serve_at(PATH, Root(Arc::clone(player)))?
            .serve_at(PATH, PlayerInterface(Arc::clone(player)))?
            .build()
    };
    // Another session may play: then this one has a name of its own.
    let connection = build(NAME.into()).or_else(|_| build(format!("{NAME}.instance{}", std::process::id())))?;
    let interface = connection.object_server().interface::<_, PlayerInterface>(PATH)?;
    let (mut told, mut place) = (None, Place::of(&player.glance()));
    while !player.is_over() {
        let glance = player.glance();
        let (now, here) = (Told::of(&glance), Place::of(&glance));
        let emitter = interface.signal_emitter();
        if told.as_ref() != Some(&now) {
            zbus::block_on(async {
                interface.get().playback_status_changed(emitter).await?;
                interface.get().metadata_changed(emitter).await
            })?;
        }
        if here.is_astray(&place, told.as_ref().is_some_and(|told| told.status == PLAYING)) {
            zbus::block_on(PlayerInterface::seeked(emitter, micros(&glance, glance.heard)))?;
        }
        (told, place) = (Some(now), here);
        player.wait(GLANCE);
    }
    Ok(())
}

/// A position, and when it was.
struct Place {
    heard: Duration,
    when: Instant,
}

impl Place {
    fn of(glance: &Glance) -> Place {
        Place { heard: glance.heard.duration(glance.mixer.timeline().rate), when: Instant::now() }
    }

    /// Whether it is elsewhere than one would think who counted on from `before`.
    fn is_astray(&self, before: &Place, played: bool) -> bool {
        let passed = if played { self.when - before.when } else { Duration::ZERO };
        self.heard.abs_diff(before.heard + passed) > ASTRAY
    }
}

const PLAYING: &str = "Playing";

/// What a lock screen shows.
#[derive(PartialEq)]
struct Told {
    status: &'static str,
    title: String,
    /// An edit makes the session longer, or shorter.
    length: i64,
}

impl Told {
    fn of(glance: &Glance) -> Told {
        let timeline = glance.mixer.timeline();
        let part = timeline.chapter_at(glance.heard).unwrap_or(0);
        let title = timeline.chapters.get(part).map_or_else(String::new, |chapter| chapter.title.clone());
        let status = match glance.status {
            Status::Starting | Status::Playing => PLAYING,
            Status::Paused(_) | Status::Waiting(_) => "Paused",
            Status::Over => "Stopped",
        };
        Told { status, title, length: micros(glance, glance.end) }
    }
}

/// Frames as the microseconds of the interface.
fn micros(glance: &Glance, frames: Frames) -> i64 {
    i64::try_from(frames.duration(glance.mixer.timeline().rate).as_micros()).unwrap_or(i64::MAX)
}

struct Root(Arc<Player>);

#[zbus::interface(name = "org.mpris.MediaPlayer2")]
impl Root {
    fn raise(&self) {}

    fn quit(&self) {
        self.0.command(Command::End);
    }

    #[zbus(property)]
    fn can_quit(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn can_raise(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn has_track_list(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn identity(&self) -> &'static str {
        "catcow"
    }

    #[zbus(property)]
    fn supported_uri_schemes(&self) -> Vec<String> {
        Vec::new()
    }

    #[zbus(property)]
    fn supported_mime_types(&self) -> Vec<String> {
        Vec::new()
    }
}

struct PlayerInterface(Arc<Player>);

#[zbus::interface(name = "org.mpris.MediaPlayer2.Player")]
impl PlayerInterface {
    fn next(&self) {
        self.0.command(Command::Next);
    }

    fn previous(&self) {
        self.0.command(Command::Previous);
    }

    fn pause(&self) {
        self.0.command(Command::Pause);
    }

    fn play_pause(&self) {
        self.0.command(Command::Toggle);
    }

    fn stop(&self) {
        self.0.command(Command::End);
    }

    fn play(&self) {
        self.0.command(Command::Resume);
    }

    /// By so many microseconds.
    fn seek(&self, offset: i64) {
        let glance = self.0.glance();
        self.go(&glance, micros(&glance, glance.heard).saturating_add(offset));
    }

    /// To a position in microseconds; one that is beyond the session, or of another track, is passed over.
    fn set_position(&self, track_id: ObjectPath<'_>, position: i64) {
        let glance = self.0.glance();
        if track_id.as_str() == TRACK && (0..=Told::of(&glance).length).contains(&position) {
            self.go(&glance, position);
        }
    }

    #[zbus(signal)]
    async fn seeked(emitter: &SignalEmitter<'_>, position: i64) -> zbus::Result<()>;

    fn open_uri(&self, uri: &str) {
        // No address is a session.
        let _ = uri;
    }

    #[zbus(property)]
    fn playback_status(&self) -> &'static str {
        Told::of(&self.0.glance()).status
    }

    #[zbus(property)]
    fn metadata(&self) -> HashMap<&'static str, OwnedValue> {
        let glance = self.0.glance();
        let (timeline, told) = (glance.mixer.timeline(), Told::of(&glance));
        let values = [
            ("mpris:trackid", ObjectPath::try_from(TRACK).map(Value::from).ok()),
            ("mpris:length", Some(Value::from(told.length))),
            ("xesam:title", Some(Value::from(told.title))),
            ("xesam:album", Some(Value::from(timeline.title.clone()))),
        ];
        let owned = |(key, value): (&'static str, Option<Value<'_>>)| Some((key, value?.try_to_owned().ok()?));
        values.into_iter().filter_map(owned).collect()
    }

    #[zbus(property)]
    fn volume(&self) -> f64 {
        f64::from(self.0.glance().volume) / 100.0
    }

    #[zbus(property(emits_changed_signal = "false"))]
    fn position(&self) -> i64 {
        let glance = self.0.glance();
        micros(&glance, glance.heard)
    }

    #[zbus(property)]
    fn rate(&self) -> f64 {
        1.0
    }

    #[zbus(property)]
    fn minimum_rate(&self) -> f64 {
        1.0
    }

    #[zbus(property)]
    fn maximum_rate(&self) -> f64 {
        1.0
    }

    #[zbus(property)]
    fn can_go_next(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn can_go_previous(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn can_play(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn can_pause(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn can_seek(&self) -> bool {
        true
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn can_control(&self) -> bool {
        true
    }
}

impl PlayerInterface {
    /// To a position in microseconds, or the beginning of the word there.
    fn go(&self, glance: &Glance, micros: i64) {
        let time = Duration::from_micros(u64::try_from(micros).unwrap_or(0));
        self.0.command(Command::Seek(glance.mixer.timeline().rate.frames(time)));
    }
}
