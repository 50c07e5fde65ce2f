//! A decoder that panics: the recording is broken, the program is not.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

/// What is said where a decoder panics.
pub(super) const FAILED: &str = "it is damaged in a way that its decoder does not expect";

thread_local! {
    /// Whether this thread runs a decoder, whose panics are told as mistakes in the recording.
    static DECODING: Cell<bool> = const { Cell::new(false) };
}

/// What `decoder` returns; `None` where it panics. Nothing is printed then.
pub(super) fn caught<T>(decoder: impl FnOnce() -> T) -> Option<T> {
    static QUIET: Once = Once::new();
    // A panic's message is printed before it is caught. It is kept back for decoders alone.
    QUIET.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !DECODING.get() {
                usual(panic);
            }
        }));
    });
    DECODING.set(true);
    // A decoder that panicked is not used again, so nobody sees what it left half done.
    let result = panic::catch_unwind(AssertUnwindSafe(decoder));
    DECODING.set(false);
    result.ok()
}
