//! A timeline becomes samples. Nothing here remembers: every sample is a function of its position.

mod bed;
pub(crate) mod bell;
mod channels;
mod clips;
mod dither;
mod ducking;
mod loudness;
mod marks;
mod mixer;
mod noise;
mod ramp;
mod swell;
mod texture;
mod tone;
mod voicing;

pub use channels::Channels;
pub use mixer::Mixer;
