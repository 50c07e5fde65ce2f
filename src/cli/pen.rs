//! Words and pictures on standard error while a session runs, written by a thread that nothing waits for.
//!
//! A terminal whose connection froze takes no output, and whoever writes to it waits until it does: the page would stop, and with it
//! the keys, the signals and the end. From [`begin`] on only the pen waits.

use std::io::{self, Write};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

/// A terminal that has taken nothing for so long is not waited for any longer.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is kept for a terminal that takes nothing, in bytes: a page and some lines. What comes then is left out.
const MOST_OWED: usize = 64 << 10;

/// Bytes that are handed over at once: by them it is known whether a slow terminal takes any.
const PART: usize = 512;

struct Pen {
    bytes: Sender<Vec<u8>>,
    owed: Arc<Owed>,
}

/// How many bytes are not written yet.
#[derive(Default)]
struct Owed {
    bytes: Mutex<usize>,
    fewer: Condvar,
}

impl Owed {
    fn bytes(&self) -> MutexGuard<'_, usize> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nothing is owed, or nothing was taken for a while.
    fn settle(&self, patience: Duration) {
        let mut owed = self.bytes();
        while *owed > 0 {
            let (now, waited) = self.fewer.wait_timeout(owed, patience).unwrap_or_else(PoisonError::into_inner);
            owed = now;
            if waited.timed_out() {
                return;
            }
        }
    }
}

/// The one there is; none where no thread could be started.
static PEN: OnceLock<Option<Pen>> = OnceLock::new();

impl Pen {
    fn to(out: Box<dyn Write + Send>) -> Option<Pen> {
        let (bytes, received) = mpsc::channel();
        let owed = Arc::new(Owed::default());
        let pen = Pen { bytes, owed: Arc::clone(&owed) };
        thread::Builder::new().name("pen".into()).spawn(move || write(out, &received, &owed)).ok().map(|_| pen)
    }

    fn put(&self, bytes: &[u8]) {
        let mut owed = self.owed.bytes();
        if *owed + bytes.len() <= MOST_OWED && self.bytes.send(bytes.to_vec()).is_ok() {
            *owed += bytes.len();
        }
    }
}

fn write(mut out: impl Write, received: &Receiver<Vec<u8>>, owed: &Owed) {
    for bytes in received {
        for part in bytes.chunks(PART) {
            // Where nobody reads it any more, that is no reason to stop.
            let _ = out.write_all(part).and_then(|()| out.flush());
            *owed.bytes() -= part.len();
            owed.fewer.notify_all();
        }
    }
}

/// Standard error without its lock: whoever waits holds up nobody else who writes.
fn standard_error() -> Box<dyn Write + Send> {
    #[cfg(unix)]
    if let Ok(file) = std::os::fd::AsFd::as_fd(&io::stderr()).try_clone_to_owned() {
        return Box::new(std::fs::File::from(file));
    }
    Box::new(io::stderr())
}

/// From here on what is put is written by the pen.
pub fn begin() {
    PEN.get_or_init(|| Pen::to(standard_error()));
}

fn pen() -> Option<&'static Pen> {
    PEN.get()?.as_ref()
}

/// Whether it is begun: who writes with colours of the terminal's writes otherwise.
pub fn has_begun() -> bool {
    pen().is_some()
}

/// Writes bytes after those before.
pub fn put(bytes: &[u8]) {
    match pen() {
        Some(pen) => pen.put(bytes),
        None => _ = io::stderr().write_all(bytes).and_then(|()| io::stderr().flush()),
    }
}

/// Whether all that was put is written.
pub fn is_free() -> bool {
    pen().is_none_or(|pen| *pen.owed.bytes() == 0)
}

/// Waits until all that was put is written; not for a terminal that takes nothing.
pub fn settle() {
    if let Some(pen) = pen() {
        pen.owed.settle(PATIENCE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes a part whenever it is allowed to.
    struct Slow(Receiver<()>, Sender<Vec<u8>>);

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            let _ = self.1.send(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn whoever_writes_does_not_wait_and_what_is_taken_late_comes_whole_and_in_order() {
        let ((allow, allowed), (taken, took)) = (mpsc::channel(), mpsc::channel());
        let pen = Pen::to(Box::new(Slow(allowed, taken))).unwrap();
        let text: Vec<u8> = (0..3000_u32).map(|at| (at % 251) as u8).collect();
        pen.put(&text[..1000]);
        pen.put(&text[1000..]);
        pen.owed.settle(Duration::from_millis(1));
        assert_eq!(*pen.owed.bytes(), 3000, "nothing was taken, and nobody waited for it");
        (0..7).for_each(|_| allow.send(()).unwrap());
        pen.owed.settle(Duration::from_secs(60));
        assert_eq!(*pen.owed.bytes(), 0);
        assert_eq!(took.try_iter().flatten().collect::<Vec<u8>>(), text);
    }

    #[test]
    fn what_nobody_takes_is_not_kept_without_end() {
        let ((_allow, allowed), (taken, _took)) = (mpsc::channel(), mpsc::channel());
        let pen = Pen::to(Box::new(Slow(allowed, taken))).unwrap();
        (0..1000).for_each(|_| pen.put(&[b'x'; 1000]));
        assert!((1..=MOST_OWED).contains(&*pen.owed.bytes()));
    }
}
