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
        let mut send = Command::new("dbus-send");
        send.env("DBUS_SESSION_BUS_ADDRESS", &self.address);
        send.args(["--session", "--print-reply", "--dest=org.mpris.MediaPlayer2.catcow", "/org/mpris/MediaPlayer2"]);
        let output = send.arg(member).args(arguments).output().expect("dbus-send is not installed");
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
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
    assert!(shown.contains("\"Still\"") && shown.contains("\"Trial\""), "the pose and the title: {shown}");
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
    wait_until("the next pose is shown", || bus.property("Metadata").unwrap().contains("\"Last\""));
    press("Previous");
    wait_until("the pose before is shown", || bus.property("Metadata").unwrap().contains("\"Still\""));
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
