//! catcow turns a yoga routine, a short TOML file, into sound: a voice that guides you through every pose with your eyes
//! closed.

pub mod diagnostic;
pub mod error;
pub mod frames;
pub mod gain;
pub mod load;
pub mod plan;
pub mod render;
pub mod sink;

pub use error::{Error, Result};
