//! A sound server of its own for a test: PulseAudio or PipeWire with a sink that goes nowhere, recorded at its monitor.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Frames a second of the sink.
pub const RATE: usize = 48_000;

/// Starts PipeWire with all that it needs, and ends it as a whole.
const PIPEWIRE: &str = r#"
pipewire &
until [ -S "$XDG_RUNTIME_DIR/pipewire-0" ]; do sleep 0.05; done
wireplumber &
pipewire-pulse &
wait
"#;

/// What it asks of its sink at once: 171 ms. A machine that is busy with other tests is not heard through.
const QUANTUM: &str = "8192";

/// A sound server, and what is heard of it.
pub struct SoundServer {
    pipewire: bool,
    folder: TempDir,
    server: Option<Child>,
    recorder: Option<Child>,
    recordings: usize,
}

impl SoundServer {
    /// Starts a server with a sink, and a recorder before anything plays: it pins the sink's latency.
    #[track_caller]
    pub fn start() -> SoundServer {
        SoundServer::start_as(false)
    }

    /// The same with PipeWire, which speaks PulseAudio's protocol.
    #[track_caller]
    pub fn pipewire() -> SoundServer {
        SoundServer::start_as(true)
    }

    #[track_caller]
    fn start_as(pipewire: bool) -> SoundServer {
        let folder = TempDir::new().unwrap();
        let mut sound = SoundServer { pipewire, folder, server: None, recorder: None, recordings: 0 };
        for folder in ["run", "run/pulse", "state", "home"] {
            fs::create_dir_all(sound.path(folder)).unwrap();
            fs::set_permissions(sound.path(folder), fs::Permissions::from_mode(0o700)).unwrap();
        }
        fs::write(sound.path("client.conf"), "autospawn = no\n").unwrap();
        let socket = sound.socket();
        let script = format!(
            "load-module module-native-protocol-unix socket={} auth-anonymous=1\nload-module module-null-sink \
             sink_name=test rate=48000 channels=2 format=s16le\nset-default-sink test\n",
            socket.display()
        );
        fs::write(sound.path("default.pa"), script).unwrap();
        sound.revive();
        sound
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn socket(&self) -> PathBuf {
        self.path("run/pulse/native")
    }

    /// Lets a program know of this server and of no other.
    pub fn lend<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("HOME", self.path("home"))
            .env("XDG_RUNTIME_DIR", self.path("run"))
            .env("PULSE_RUNTIME_PATH", self.path("run/pulse"))
            .env("PULSE_STATE_PATH", self.path("state"))
            .env("PULSE_CLIENTCONFIG", self.path("client.conf"))
            .env("PULSE_SERVER", format!("unix:{}", self.socket().display()))
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
    }

    /// Lets every user play.
    pub fn let_all_in(&self) {
        let opened = Command::new("chmod").args(["-R", "a+rwX"]).arg(self.folder.path()).status().unwrap();
        assert!(opened.success());
    }

    /// A command that knows of this server.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        self.lend(&mut command);
        command.stdin(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Starts the server (again), and a recorder.
    #[track_caller]
    pub fn revive(&mut self) {
        let _ = fs::remove_file(self.socket());
        self.server = Some(if self.pipewire { self.spawn_pipewire() } else { self.spawn_pulseaudio() });
        let answers = || self.command("pactl").arg("info").stdout(Stdio::null()).status().is_ok_and(|it| it.success());
        wait_until("the server answers", answers);
        if self.pipewire {
            let metadata = ["-n", "settings", "0", "clock.force-quantum", QUANTUM];
            let set = self.command("pw-metadata").args(metadata).stdout(Stdio::null()).status().unwrap();
            assert!(set.success(), "pw-metadata sets the quantum");
            return self.load_sink();
        }
        self.record();
    }

    #[track_caller]
    fn spawn_pulseaudio(&self) -> Child {
        let mut server = self.command("pulseaudio");
        server.args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes", "-F"]);
        let server = server.arg(self.path("default.pa")).stdout(Stdio::null()).spawn();
        server.expect("pulseaudio is not installed: apt-get install pulseaudio pulseaudio-utils")
    }

    #[track_caller]
    fn spawn_pipewire(&self) -> Child {
        for program in ["pipewire", "wireplumber", "pipewire-pulse"] {
            let there = self.command(program).arg("--version").stdout(Stdio::null()).status();
            assert!(there.is_ok(), "{program} is not installed: apt-get install pipewire wireplumber pipewire-pulse");
        }
        let mut server = self.command("dbus-run-session");
        server.args(["--", "sh", "-c", PIPEWIRE]).stdout(Stdio::null());
        let server = std::os::unix::process::CommandExt::process_group(&mut server, 0).spawn();
        server.expect("dbus-run-session is not installed: apt-get install dbus")
    }

    #[track_caller]
    fn record(&mut self) {
        self.recordings += 1;
        let path = self.recording(self.recordings);
        let mut recorder = self.command("parecord");
        recorder.args(["-d", "test.monitor", "--raw", "--rate=48000", "--channels=2", "--format=s16le"]);
        recorder.arg("--latency-msec=20").stdout(File::create(&path).unwrap());
        self.recorder = Some(recorder.spawn().expect("parecord is not installed: apt-get install pulseaudio-utils"));
        wait_until("the recorder records", || fs::metadata(&path).is_ok_and(|file| file.len() > 19_200));
    }

    fn recording(&self, number: usize) -> PathBuf {
        self.path(&format!("heard-{number}.raw"))
    }

    /// Sends the server a signal.
    pub fn signal(&self, signal: &str) {
        let pid = self.server.as_ref().expect("a server").id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    /// Ends the server as a crash would.
    pub fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill().unwrap();
            server.wait().unwrap();
        }
        self.stop_recorder();
    }

    /// Asks the server for something.
    pub fn control<const N: usize>(&self, arguments: [&str; N]) -> String {
        let output = self.command("pactl").args(arguments).output().unwrap();
        assert!(output.status.success(), "pactl {arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Takes the sink away, as a headphone that is unplugged does.
    pub fn unload_sink(&mut self) {
        self.stop_recorder();
        self.control(["unload-module", "module-null-sink"]);
    }

    /// Puts a sink back.
    pub fn load_sink(&mut self) {
        let arguments = ["sink_name=test", "rate=48000", "channels=2", "format=s16le"];
        self.control(["load-module", "module-null-sink", arguments[0], arguments[1], arguments[2], arguments[3]]);
        self.control(["set-default-sink", "test"]);
        self.record();
    }

    fn stop_recorder(&mut self) {
        if let Some(mut recorder) = self.recorder.take() {
            let _ = Command::new("kill").args(["-INT", &recorder.id().to_string()]).status();
            let _ = recorder.wait();
        }
    }

    /// Whether anything but silence was recorded since the last start.
    pub fn is_loud(&self) -> bool {
        fs::read(self.recording(self.recordings)).is_ok_and(|bytes| bytes.iter().any(|byte| *byte != 0))
    }

    /// How many frames that are no silence were recorded since the last start.
    pub fn loud(&self) -> usize {
        let bytes = fs::read(self.recording(self.recordings)).unwrap_or_default();
        bytes.chunks_exact(4).filter(|frame| **frame != [0; 4]).count()
    }

    /// How many frames were recorded by now since the last start.
    pub fn now(&self) -> usize {
        fs::metadata(self.recording(self.recordings)).map_or(0, |file| file.len() as usize / 4)
    }

    /// What was heard, frame by frame, as left and right in one number; each start of the recorder apart.
    pub fn heard(&mut self) -> Vec<Vec<i32>> {
        thread::sleep(Duration::from_millis(300));
        self.stop_recorder();
        (1..=self.recordings).map(|number| frames(&fs::read(self.recording(number)).unwrap())).collect()
    }
}

impl Drop for SoundServer {
    fn drop(&mut self) {
        self.stop_recorder();
        if let Some(mut server) = self.server.take() {
            if self.pipewire {
                let group = format!("-{}", server.id());
                let _ = Command::new("kill").args(["-TERM", "--", &group]).status();
            }
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

/// Stereo 16 bit as frames.
pub fn frames(bytes: &[u8]) -> Vec<i32> {
    bytes.chunks_exact(4).map(|frame| i32::from_le_bytes(frame.try_into().unwrap())).collect()
}

/// The frames of a WAV in stereo.
pub fn wav_frames(path: &Path) -> Vec<i32> {
    let bytes = fs::read(path).unwrap();
    let size = u32::from_le_bytes(bytes[40..44].try_into().unwrap()) as usize;
    frames(&bytes[44..44 + size])
}

/// Waits for something that takes moments; three minutes are a failure on any machine.
#[track_caller]
pub fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(180), "{what}: not within three minutes");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A stretch of a recording that is the session, frame by frame: where in the recording, where in the session, how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub heard: usize,
    pub session: usize,
    pub frames: usize,
}

/// So many frames in a row that are not silence tell where in a session one is.
const TELLING: usize = 96;

/// Every stretch of what was heard that is found in the session. What is not the session (answers, fades) lies between.
pub fn stretches(heard: &[i32], session: &[i32]) -> Vec<Stretch> {
    let key = |frames: &[i32]| {
        frames.iter().fold(0u64, |sum, frame| sum.wrapping_mul(0x100_0000_01b3) ^ u64::from(frame.cast_unsigned()))
    };
    let loud = |frames: &[i32]| frames.iter().filter(|frame| **frame != 0).count() > TELLING / 2;
    // The session's windows by what is in them; those that come twice (a word said again) keep every place.
    let mut places = std::collections::HashMap::<u64, Vec<usize>>::new();
    for start in 0..session.len().saturating_sub(TELLING) {
        let window = &session[start..start + TELLING];
        if session[start] != 0 && loud(window) {
            places.entry(key(window)).or_default().push(start);
        }
    }
    let mut found: Vec<Stretch> = Vec::new();
    let mut at = 0;
    while at + TELLING < heard.len() {
        let window = &heard[at..at + TELLING];
        let candidates = if heard[at] != 0 && loud(window) { places.get(&key(window)) } else { None };
        let same = |start: &usize| {
            heard[at..].iter().zip(&session[*start..]).take_while(|(left, right)| left == right).count()
        };
        let best = candidates.into_iter().flatten().map(|start| (same(start), *start)).max();
        match best.filter(|(frames, _)| *frames >= TELLING) {
            Some((frames, start)) => {
                found.push(Stretch { heard: at, session: start, frames });
                at += frames;
            }
            None => at += 1,
        }
    }
    found
}
