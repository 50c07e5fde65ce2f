//! Runs another program with a limit of time, and ends it with everything that it started.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// More of what a program writes is not read, in bytes: ten minutes of 44.1 kHz stereo in 16 bit.
const MOST_WRITTEN: u64 = 128 << 20;
/// Of what it says on standard error, so much.
const MOST_SAID: u64 = 16 << 10;
/// How often it is looked whether it has ended.
const LOOK: Duration = Duration::from_millis(5);
/// So long what it wrote may come late, after it has ended: something that it started may have the pipe still.
const LATE: Duration = Duration::from_secs(1);

/// The name of the variable that has the path of the file to write.
const OUT: &str = "CATCOW_OUT";

/// Why a run came to nothing.
#[derive(Debug)]
pub enum Trouble {
    /// It could not be started.
    Start(io::Error),
    /// It was not done in time, and was ended.
    Hung,
    /// Someone wants all to stop.
    Stopped,
}

/// What a run came to.
pub struct Ran {
    pub status: ExitStatus,
    /// What it wrote to standard output.
    pub written: Vec<u8>,
    /// What it wrote to standard error.
    pub said: String,
}

/// How long is waited, and for whom.
#[derive(Clone, Copy)]
pub struct Patience<'a> {
    pub limit: Duration,
    pub stop: &'a AtomicBool,
}

/// A program that runs. Dropped, it is ended, with everything that it started.
pub struct Running {
    child: Child,
    ended: bool,
}

impl Running {
    /// Starts a program by its words, of which none is read by a shell.
    pub fn start(words: &[OsString], out: &Path, input: Stdio) -> Result<Running, Trouble> {
        let Some((program, arguments)) = words.split_first() else {
            return Err(Trouble::Start(io::ErrorKind::NotFound.into()));
        };
        let mut command = Command::new(program);
        command.args(arguments).env(OUT, out).stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A group of its own: by it, all that it starts is ended, and Ctrl-C is this program's alone.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.spawn().map(|child| Running { child, ended: false }).map_err(Trouble::Start)
    }

    /// What takes its input.
    pub fn input(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// What it says on standard error, as it comes.
    pub fn said(&mut self) -> Heard {
        Heard::of(self.child.stderr.take(), MOST_SAID)
    }

    /// What it writes to standard output, as it comes.
    pub fn written(&mut self) -> Heard {
        Heard::of(self.child.stdout.take(), MOST_WRITTEN)
    }

    /// Its standard output.
    pub fn output(&mut self) -> Option<std::process::ChildStdout> {
        self.child.stdout.take()
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        let status = self.child.try_wait().ok()?;
        self.ended |= status.is_some();
        status
    }

    /// Waits until it has ended.
    fn wait(&mut self, patience: Patience<'_>) -> Result<ExitStatus, Trouble> {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.ended() {
                return Ok(status);
            }
            if patience.stop.load(Ordering::Relaxed) {
                return Err(Trouble::Stopped);
            }
            if begun.elapsed() >= patience.limit {
                return Err(Trouble::Hung);
            }
            thread::sleep(LOOK);
        }
    }

    /// Ends everything that it started.
    fn end_group(&mut self) {
        #[cfg(unix)]
        if let Ok(group) = i32::try_from(self.child.id()) {
            use nix::sys::signal::{Signal, killpg};
            let _ = killpg(nix::unistd::Pid::from_raw(group), Signal::SIGKILL);
        }
        #[cfg(windows)]
        if !self.ended {
            let id = self.child.id().to_string();
            let kill =
                Command::new("taskkill").args(["/T", "/F", "/PID", &id]).stdout(Stdio::null()).stderr(Stdio::null());
            let _ = kill.status();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.ended {
            self.end_group();
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// What comes from a pipe, read by a thread of its own that nobody has to wait for.
pub struct Heard {
    bytes: Arc<Mutex<Vec<u8>>>,
    done: Receiver<()>,
}

impl Heard {
    fn of(pipe: Option<impl Read + Send + 'static>, most: u64) -> Heard {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let (tell, done) = mpsc::channel();
        let shared = Arc::clone(&bytes);
        let read = move || {
            let mut pipe = pipe.map(|pipe| pipe.take(most));
            let mut block = vec![0; 64 << 10];
            while let Some(Ok(number @ 1..)) = pipe.as_mut().map(|pipe| pipe.read(&mut block)) {
                shared.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&block[..number]);
            }
            let _ = tell.send(());
        };
        // Where no thread can be had, nothing is heard.
        let _ = thread::Builder::new().name("speech".into()).spawn(read);
        Heard { bytes, done }
    }

    /// Whether all of it was read within a time.
    fn is_whole(&self, within: Duration) -> bool {
        self.done.recv_timeout(within) != Err(mpsc::RecvTimeoutError::Timeout)
    }

    /// What was read so far.
    pub fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.bytes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What was read so far, as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.take()).into_owned()
    }

    /// Waits a moment for the rest.
    pub fn settle(&self) {
        let _ = self.is_whole(LATE / 4);
    }
}

/// Runs a program to its end. `out` is the file that it may write; `input` what it is given on standard input.
pub fn run(words: &[OsString], out: &Path, input: Option<String>, patience: Patience<'_>) -> Result<Ran, Trouble> {
    let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
    let mut running = Running::start(words, out, stdin)?;
    if let Some((mut pipe, text)) = running.input().zip(input) {
        // It may write before it reads.
        let give = move || _ = pipe.write_all(text.as_bytes());
        let _ = thread::Builder::new().name("speech".into()).spawn(give);
    }
    let (written, said) = (running.written(), running.said());
    let status = running.wait(patience)?;
    if !written.is_whole(LATE) {
        running.end_group();
        written.settle();
    }
    said.settle();
    Ok(Ran { status, written: written.take(), said: said.text() })
}

/// Where a program is found by its name.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ".bat"] } else { &[""] };
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let all = std::env::split_paths(&folders).filter(|folder| folder.is_absolute());
    let named = |folder: PathBuf| endings.iter().map(move |ending| folder.join(format!("{program}{ending}")));
    all.flat_map(named).find(|path| path.is_file())
}

/// What stands in a file that a program wrote, no more than is read of what it writes otherwise.
pub fn file(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = path.metadata().ok().filter(std::fs::Metadata::is_file).and_then(|_| File::open(path).ok())?;
    file.take(MOST_WRITTEN).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
