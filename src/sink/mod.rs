//! Where a session leaves: files of sound ([`file`](mod@file)), pages about it ([`page`]), and a device that plays it while it is rendered
//! (`player`, with the feature of that name).

pub mod file;
pub mod page;
#[cfg(feature = "player")]
pub mod player;
pub mod timed_words;
