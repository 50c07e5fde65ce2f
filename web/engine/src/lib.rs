//! The engine of the page: the library's sessions, for a browser.
//!
//! A worker writes a request as JSON into a buffer, calls, and reads the reply out of the same buffer; sound comes in a buffer of its
//! own. So no pointer of the worker's is ever followed, and nothing has to be generated to speak with it. What is said is described
//! in `web/README.md`.

mod answer;
mod ask;
mod exchange;
mod fetched;
mod practice;
mod weeks;

pub use exchange::Engine;

use std::cell::RefCell;

thread_local! {
    static ENGINE: RefCell<Engine> = RefCell::default();
}

fn with<T>(action: impl FnOnce(&mut Engine) -> T) -> T {
    ENGINE.with_borrow_mut(action)
}

/// Makes the buffer so many bytes long; where it is.
#[unsafe(no_mangle)]
pub extern "C" fn room(bytes: usize) -> *mut u8 {
    with(|engine| {
        engine.text.resize(bytes, 0);
        engine.text.as_mut_ptr()
    })
}

/// Where the buffer is.
#[unsafe(no_mangle)]
pub extern "C" fn room_at() -> *const u8 {
    with(|engine| engine.text.as_ptr())
}

/// Answers the request that the buffer holds; how many bytes of the buffer are the reply.
#[unsafe(no_mangle)]
pub extern "C" fn call() -> usize {
    with(|engine| {
        let request = std::mem::take(&mut engine.text);
        engine.text = engine.reply(&request);
        engine.text.len()
    })
}

/// Takes a file: the buffer holds a path of so many bytes, and then what stands in the file.
#[unsafe(no_mangle)]
pub extern "C" fn give(path_bytes: usize) {
    with(|engine| engine.take(path_bytes));
}

/// Where the sound or the picture of the last call is.
#[unsafe(no_mangle)]
pub extern "C" fn out_at() -> *const u8 {
    with(|engine| engine.out.as_ptr())
}

/// How many bytes of it there are.
#[unsafe(no_mangle)]
pub extern "C" fn out_bytes() -> usize {
    with(|engine| engine.out.len())
}
