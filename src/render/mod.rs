//! A timeline becomes samples. Nothing here remembers: every sample is a function of its position.

pub mod bell;
pub mod mixer;

pub use mixer::{Channels, Mixer};
