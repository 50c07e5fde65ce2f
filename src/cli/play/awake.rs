//! The machine does not go to sleep during a session, and may afterwards.

use std::process::{Child, Command, Stdio};

/// Keeps the machine awake for as long as it lives.
pub struct Awake(Option<Child>);

impl Awake {
    /// Asks the system to stay awake. Where it cannot be asked, nothing happens: the session plays all the same.
    pub fn keep() -> Awake {
        Awake(command().stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok())
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        // It reads what this program never writes, and ends when this program does, however that comes about.
        if let Some(mut child) = self.0.take() {
            drop(child.stdin.take());
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[cfg(target_os = "macos")]
fn command() -> Command {
    let mut command = Command::new("caffeinate");
    command.args(["-i", "cat"]);
    command
}

#[cfg(not(target_os = "macos"))]
fn command() -> Command {
    let mut command = Command::new("systemd-inhibit");
    command.args([
        "--what=idle:sleep",
        "--who=catcow",
        "--why=A yoga session is playing, here or on a phone",
        "--mode=block",
        "cat",
    ]);
    command
}
