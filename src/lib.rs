//! catcow turns a yoga routine, a short TOML file, into sound: a voice that guides you through every pose with your eyes
//! closed.
//!
//! # The route
//!
//! ```text
//! load  →  plan  →  render  →  sink
//! ```
//!
//! A [`Routine`](load::Routine)'s cue names become recordings of a [`Voice`](load::Voice); what fits becomes regions on a
//! [`Timeline`](plan::Timeline); a [`Mixer`](render::Mixer) renders any range of its frames; a [sink] takes the frames
//! away. The stages sort in the order of the data, and each imports only what stands to its left:
//!
//! ```text
//! diagnostic · error · frames · gain  <  load  <  plan  <  render  <  sink  <  cli, main
//! ```
//!
//! # The route as a program
//!
//! ```
//! use std::sync::Arc;
//! use catcow::frames::{Frames, SampleRate};
//! use catcow::load::{ClipDurations, Library, ClipCache};
//! use catcow::plan::{Wishes, plan};
//! use catcow::render::{Channels, Mixer};
//!
//! // Load: bytes become values.
//! let mut library = Library::open(None)?;
//! let routine = library.routine("morning")?;
//! let voice = library.voice("ada")?;
//! let cache = Arc::new(ClipCache::new(SampleRate::DEFAULT));
//! let durations = ClipDurations::measure(&routine, &voice, &cache)?;
//!
//! // Plan: a pure function of what was loaded.
//! let timeline = Arc::new(plan(&routine, &durations, &Wishes::default())?);
//! assert_eq!(timeline.frames.duration(timeline.rate).as_secs(), 5 * 60);
//!
//! // Render: any range, in any order.
//! let mixer = Mixer::new(timeline, cache, Channels::Stereo);
//! let mut tenth_of_a_second = vec![0; 2 * 4800];
//! mixer.fill(Frames(48_000 * 90), &mut tenth_of_a_second)?;
//! # Ok::<(), catcow::Error>(())
//! ```
//!
//! # Promises that hold everywhere
//!
//! 1. **The mixer has no cursor.** The same range gives the same samples, however it is cut.
//! 2. **Memory does not grow with the session.** Decoded recordings live on a [`ClipCache`](load::ClipCache) of fixed size.
//! 3. **Silence costs nothing.** A range in which nothing sounds is not rendered, and not written where the file system
//!    takes holes.
//! 4. **Nothing half-written.** A file has its name when it is whole.
//! 5. **Author files are untrusted.** No path leaves its folder, no size is believed before it is checked.
//! 6. **What is announced is heard.** Lengths and samples come from one timeline.

pub mod diagnostic;
pub mod error;
pub mod frames;
pub mod gain;
pub mod load;
pub mod plan;
pub mod render;
pub mod sink;

pub use error::{Error, Result};
