//! Where a session leaves: files of sound ([`file`](mod@file)), pages about it ([`page`]), a device that plays it while it is rendered (`player`,
//! with the feature of that name), and a page that does so in a browser (`site`).

pub mod file;
pub mod page;
#[cfg(feature = "player")]
pub mod player;
pub mod site;
pub mod timed_words;
