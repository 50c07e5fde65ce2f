//! Offers sessions to JavaScript: `open` one by its routine's name, ask for its `frames`, `fill` any range of it.
//!
//! Text and samples pass through one buffer, so that no pointer is ever followed here.

use std::cell::RefCell;

use catcow::frames::Frames;
use catcow::load::{Library, Memory};
use catcow::session::{Builder, Session};
use catcow::work::Work;

#[derive(Default)]
struct State {
    session: Option<Session>,
    text: Vec<u8>,
    samples: Vec<i16>,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

fn with<T>(action: impl FnOnce(&mut State) -> T) -> T {
    STATE.with_borrow_mut(action)
}

/// Room for `bytes` bytes of text, to be written before [`open`] and read after what failed.
#[unsafe(no_mangle)]
pub extern "C" fn text(bytes: usize) -> *mut u8 {
    with(|state| {
        state.text.resize(bytes, 0);
        state.text.as_mut_ptr()
    })
}

/// How many bytes of text there are.
#[unsafe(no_mangle)]
pub extern "C" fn text_length() -> usize {
    with(|state| state.text.len())
}

/// The names of all routines, a line each, become the text.
#[unsafe(no_mangle)]
pub extern "C" fn routines() {
    let names = Library::in_memory(Memory::new()).map(|library| library.routines().join("\n")).unwrap_or_default();
    with(|state| state.text = names.into_bytes());
}

/// Opens the session of the routine and the voice that are the text, a line each; what is wrong becomes the text. Whether it
/// is open.
#[unsafe(no_mangle)]
pub extern "C" fn open() -> bool {
    let names = with(|state| String::from_utf8_lossy(&state.text).into_owned());
    let (routine, voice) = names.split_once('\n').unwrap_or((&names, "ada"));
    match session(routine, voice) {
        Ok(session) => {
            with(|state| state.session = Some(session));
            true
        }
        Err(error) => {
            with(|state| state.text = error.to_string().into_bytes());
            false
        }
    }
}

fn session(routine: &str, voice: &str) -> catcow::Result<Session> {
    let library = Library::in_memory(Memory::new())?;
    Builder::new(library.routine(routine)?, library.voice(voice)?).build(&Work::alone())
}

/// How long the session is, in frames.
#[unsafe(no_mangle)]
pub extern "C" fn frames() -> u64 {
    with(|state| state.session.as_ref().map_or(0, |session| session.frames().0))
}

/// Samples for a frame.
#[unsafe(no_mangle)]
pub extern "C" fn channels() -> usize {
    with(|state| state.session.as_ref().map_or(0, |session| session.mixer().channels().count()))
}

/// Renders `count` frames from `start` on; where they are, or null where that fails.
#[unsafe(no_mangle)]
pub extern "C" fn fill(start: u64, count: usize) -> *const i16 {
    with(|state| {
        let Some(session) = &state.session else { return std::ptr::null() };
        state.samples.resize(count * session.mixer().channels().count(), 0);
        match session.fill(Frames(start), &mut state.samples) {
            Ok(()) => state.samples.as_ptr(),
            Err(_) => std::ptr::null(),
        }
    })
}
