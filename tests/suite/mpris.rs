//! Buttons of headphones and lock screens, over a real session bus.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::sound_server::{RATE, SoundServer, stretches, wait_until};
use crate::trial::{Player, Words, from_the_hold, trial, wait_for};

/// A session bus of its own.
struct Bus {
    daemon: Child,
    address: String,
}

impl Bus {
    fn start() -> Bus {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon is not installed: apt-get install dbus");
        let mut address = String::new();
        BufReader::new(daemon.stdout.as_mut().unwrap()).read_line(&mut address).unwrap();
        Bus { daemon, address: address.trim().to_owned() }
    }

    /// Calls a member of the player; what it answers.
    fn call(&self, member: &str, arguments: &[&str]) -> Option<String> {
        self.ask("/org/mpris/MediaPlayer2", member, arguments).ok()
    }

    /// Calls a member of an object; what it answers, or what it says against it.
    fn ask(&self, object: &str, member: &str, arguments: &[&str]) -> Result<String, String> {
        let mut send = Command::new("dbus-send");
        send.env("DBUS_SESSION_BUS_ADDRESS", &self.address);
        send.args(["--session", "--print-reply=literal", "--dest=org.mpris.MediaPlayer2.catcow", object]);
        let output = send.arg(member).args(arguments).output().expect("dbus-send is not installed");
        let text = |bytes| String::from_utf8(bytes).unwrap();
        if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
    }

    fn property(&self, name: &str) -> Option<String> {
        let arguments = ["string:org.mpris.MediaPlayer2.Player", &format!("string:{name}")];
        self.call("org.freedesktop.DBus.Properties.Get", &arguments)
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

#[test]
#[ignore = "needs pulseaudio and dbus; tests/run.sh installs them"]
fn buttons_of_headphones_pause_and_skip_and_a_lock_screen_shows_the_pose() {
    let (workshop, session) = trial();
    let words = Words::of(&session);
    let (mut sound, bus) = (SoundServer::start(), Bus::start());
    let mut command = Player::command(&workshop, &sound, &from_the_hold(&session), "/dev/null");
    command.env("DBUS_SESSION_BUS_ADDRESS", &bus.address);
    let player = Player::spawn(command);
    wait_until("the player is on the bus", || bus.property("PlaybackStatus").is_some());
    assert!(bus.property("PlaybackStatus").unwrap().contains("Playing"));
    let shown = bus.property("Metadata").unwrap();
    assert!(shown.contains("Still") && shown.contains("Trial"), "the pose and the title: {shown}");
    let position = || bus.property("Position").unwrap().split_whitespace().last().unwrap().parse::<usize>().unwrap();
    let begin = words.go.0 / RATE * 1_000_000;
    wait_until("the position moves", || position() > begin + 500_000);
    assert!(position() < words.release.0 / RATE * 1_000_000, "the position is that in the session");
    let press = |button: &str| bus.call(&format!("org.mpris.MediaPlayer2.Player.{button}"), &[]).unwrap();
    press("PlayPause");
    wait_until("it pauses", || bus.property("PlaybackStatus").unwrap().contains("Paused"));
    press("PlayPause");
    wait_until("it goes on", || bus.property("PlaybackStatus").unwrap().contains("Playing"));
    press("Next");
    wait_until("the next pose is shown", || bus.property("Metadata").unwrap().contains("Last"));
    press("Previous");
    wait_until("the pose before is shown", || bus.property("Metadata").unwrap().contains("Still"));
    press("Next");
    wait_for(&sound, 2.0);
    press("Stop");
    assert_eq!(player.end(), 0);
    assert!(workshop.path("home/interrupted.json").exists(), "it can be taken up again");
    let log = std::fs::read_to_string(workshop.path("home/log.tsv")).unwrap_or_default();
    assert!(!log.contains("finished"), "and is not called finished: {log}");
    let found = stretches(&sound.heard().remove(0), &session);
    assert!(found.iter().any(|stretch| (words.last.0..words.last.1).contains(&stretch.session)), "{found:?}");
}

#[test]
#[ignore = "needs pulseaudio and dbus; tests/run.sh installs them"]
fn other_programs_find_the_player_on_the_bus_and_are_told_what_they_may_not_do() {
    let (workshop, session) = trial();
    let (sound, bus) = (SoundServer::start(), Bus::start());
    let mut command = Player::command(&workshop, &sound, &from_the_hold(&session), "/dev/null");
    command.env("DBUS_SESSION_BUS_ADDRESS", &bus.address);
    let player = Player::spawn(command);
    wait_until("the player is on the bus", || bus.property("PlaybackStatus").is_some());

    const PATH: &str = "/org/mpris/MediaPlayer2";
    const INTROSPECT: &str = "org.freedesktop.DBus.Introspectable.Introspect";
    let described = bus.ask(PATH, INTROSPECT, &[]).unwrap();
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let described = roxmltree::Document::parse_with_options(described.trim(), options).expect("the description is XML");
    let named = |kind: &str, name: &str| {
        described.descendants().any(|node| node.has_tag_name(kind) && node.attribute("name") == Some(name))
    };
    for method in ["Quit", "Next", "Previous", "Pause", "PlayPause", "Stop", "Play", "Seek", "SetPosition", "OpenUri"] {
        assert!(named("method", method), "{method} is described");
    }
    for property in ["Identity", "CanQuit", "PlaybackStatus", "Metadata", "Position", "Rate", "CanGoNext", "CanControl"]
    {
        assert!(named("property", property), "{property} is described");
    }
    assert!(named("signal", "Seeked"));
    for (way, part) in [("/", "org"), ("/org", "mpris"), ("/org/mpris", "MediaPlayer2")] {
        assert!(bus.ask(way, INTROSPECT, &[]).unwrap().contains(&format!("name=\"{part}\"")), "{way} leads on");
    }

    let all = |interface: &str| {
        bus.call("org.freedesktop.DBus.Properties.GetAll", &[&format!("string:{interface}")]).unwrap()
    };
    let (program, player_side) = (all("org.mpris.MediaPlayer2"), all("org.mpris.MediaPlayer2.Player"));
    assert!(program.contains("Identity") && program.contains("catcow") && !program.contains("Metadata"), "{program}");
    assert!(player_side.contains("PlaybackStatus") && player_side.contains("/org/mpris/MediaPlayer2/session"));

    let refused = |object: &str, member: &str, arguments: &[&str], name: &str| {
        let said = bus.ask(object, member, arguments).unwrap_err();
        assert!(said.contains(name), "{member}: {said}");
    };
    let player_member = |name: &str| format!("org.mpris.MediaPlayer2.Player.{name}");
    refused(PATH, &player_member("Shuffle"), &[], "UnknownMethod");
    refused(PATH, &player_member("Seek"), &["string:here"], "Signature mismatch");
    refused("/elsewhere", &player_member("Pause"), &[], "UnknownObject");
    let of_the_player = "string:org.mpris.MediaPlayer2.Player";
    let mood = [of_the_player, "string:Mood"];
    refused(PATH, "org.freedesktop.DBus.Properties.Get", &mood, "UnknownProperty");
    let volume = [of_the_player, "string:Volume", "variant:double:0.5"];
    refused(PATH, "org.freedesktop.DBus.Properties.Set", &volume, "Volume");

    // Forward by ten seconds, and then to a place; a place of another track is passed over.
    let position = || bus.property("Position").unwrap().split_whitespace().last().unwrap().parse::<i64>().unwrap();
    let before = position();
    bus.call(&player_member("Seek"), &["int64:10000000"]).unwrap();
    wait_until("it is ten seconds on", || position() >= before + 9_000_000);
    let there = i64::try_from(Words::of(&session).go.0 / RATE * 1_000_000).unwrap();
    let place = format!("int64:{there}");
    bus.call(&player_member("SetPosition"), &["objpath:/another/track", &place]).unwrap();
    assert!(position() >= before + 9_000_000, "another track's place is none");
    bus.call(&player_member("SetPosition"), &["objpath:/org/mpris/MediaPlayer2/session", &place]).unwrap();
    wait_until("it is at the place", || (there - 2_000_000..there + 5_000_000).contains(&position()));

    bus.call("org.mpris.MediaPlayer2.Quit", &[]).unwrap();
    assert_eq!(player.end(), 0);
}
