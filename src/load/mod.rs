//! Bytes to values, in three rooms: what an author wrote ([`language`]), recordings ([`audio`]), and where both are found
//! ([`library`]).
//!
//! Absent on purpose: lengths of sessions (see [`crate::plan`]) and anything that sounds together
//! (see [`crate::render`]).

pub mod audio;
pub mod digest;
mod documents;
pub mod files;
pub mod language;
pub mod library;
pub mod plain_file;

pub(crate) use audio::ClipCache;
pub use language::{Mix, Routine, Settings};
pub use library::{ClipDurations, DEFAULT_VOICE, Library, Memory, Voice};
