//! Bytes to values: routines, poses, scripts, voices and clips, checked, with the place of everything an author wrote.
//!
//! Absent on purpose: lengths of sessions (see [`crate::plan`]) and anything that sounds together
//! (see [`crate::render`]).

pub mod at;
pub mod bed_file;
pub mod bell;
pub mod breath;
mod built_in;
mod clean;
pub mod clip;
pub mod cue;
mod decoder;
pub mod document;
pub mod draft;
pub mod grammar;
pub mod lengths;
pub(crate) mod level;
pub mod library;
pub mod lints;
pub mod mix;
mod pcm;
mod phrases;
pub mod pose;
mod pose_file;
mod practice;
pub mod quantity;
mod resample;
pub mod routine;
pub mod schema;
pub mod script;
pub mod settings;
pub mod shelf;
pub mod step;
pub mod taps;
mod text;
pub mod voice;
mod wav_head;

pub use lengths::Lengths;
pub use library::{DEFAULT_VOICE, Library};
pub use mix::Mix;
pub use routine::Routine;
pub use settings::Settings;
pub use shelf::Shelf;
pub use voice::Voice;
