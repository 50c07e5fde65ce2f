//! What an author wrote: routines, poses, scripts and settings, as values with their places. Text comes in, values and
//! diagnostics go out; no file is touched here.

pub mod bell;
pub mod breathing;
mod closed_words;
pub mod cue;
pub mod file_keys;
pub(crate) mod house_cues;
mod instructions;
pub mod keys;
pub mod lints;
pub mod mix;
mod names;
pub mod own_words;
pub mod pose;
pub(crate) mod pose_file;
pub mod pose_names;
pub mod position;
mod practice_keys;
pub mod programme;
pub mod quantity;
pub(crate) mod reader;
pub mod routine;
pub(crate) mod routine_reader;
pub mod scaffold;
pub mod schema;
pub mod script;
pub mod settings;
pub mod spanned;
pub mod speaking_time;
pub mod step;
pub(crate) mod surroundings;
mod syntax_help;
pub mod tap_tempo;
pub mod tastes;
mod text_size;
pub mod traits;
mod value;
mod value_help;
pub mod worth;

pub use mix::Mix;
pub use routine::Routine;
pub use settings::Settings;
