//! catcow turns a yoga routine, a short TOML file, into sound: a voice that guides you through every pose with your eyes
//! closed.
//!
//! # The route
//!
//! ```text
//! load  →  plan  →  render  →  session  →  sink
//! ```
//!
//! A [`Routine`](load::Routine)'s cue names become recordings of a [`Voice`](load::Voice); what fits becomes regions on a
//! [`Timeline`](plan::Timeline); a [`Mixer`](render::Mixer) renders any range of its frames; a [`Session`](session::Session) is
//! all of that for one practice; a [sink] takes the frames away. The stages stand in the order of the data, and each imports only
//! what stands to its left:
//!
//! ```text
//! advice · diagnostic · error · frames · gain · printable · work  <  load  <  programme  <  plan  <  render  <  session  <  take  <  sink  <  cli, main
//! ```
//!
//! # The route as a program
//!
//! ```
//! use catcow::frames::Frames;
//! use catcow::load::{Library, Memory};
//! use catcow::session::Builder;
//! use catcow::work::Work;
//!
//! // Load: bytes become values, from files in memory or (`Library::open`) in a folder, and from what is built in.
//! let library = Library::in_memory(Memory::new())?;
//! let (routine, voice) = (library.routine("morning")?, library.voice("ada")?);
//!
//! // Plan: what sounds when, before anything takes long.
//! let planned = Builder::new(routine, voice).plan(&Work::alone())?;
//! let timeline = planned.timeline();
//! assert_eq!(timeline.chapters[0].title, "Opening");
//! assert!(timeline.frames.duration(timeline.rate).as_secs() > 5 * 60);
//!
//! // Render: any range, in any order.
//! let mut session = planned.session(&Work::alone())?;
//! let (at, mut second) = (Frames(48_000 * 90), vec![0; 2 * 48_000]);
//! session.fill(at, &mut second)?;
//!
//! // And what a listener does while it plays.
//! session.hold_longer(at);
//! session.say_less(at);
//! # Ok::<(), catcow::Error>(())
//! ```
//!
//! # Features
//!
//! `cli`, the program, `player`, which plays on a device, and `site`, which has the page for a browser, are on by default. Without them the library touches no terminal,
//! device, clock or environment, and no file but those that a caller names ([`load::library::Folder`],
//! [`sink::file::output::Output`]); it builds for `wasm32-unknown-unknown`.
//!
//! # Promises that hold everywhere
//!
//! 1. **The mixer has no cursor.** The same range gives the same samples, however it is cut.
//! 2. **Memory does not grow with the session.** Decoded recordings live in a cache of fixed size.
//! 3. **Silence costs nothing.** A range in which nothing sounds is not rendered, and not written where the file system
//!    takes holes.
//! 4. **Nothing half-written.** A file has its name when it is whole.
//! 5. **Author files are untrusted.** No path leaves its folder, no size is believed before it is checked.
//! 6. **What is announced is heard.** Lengths and samples come from one timeline.

pub mod advice;
pub mod compose;
pub mod diagnostic;
pub mod error;
pub mod frames;
pub mod gain;
pub mod load;
mod multiversion;
mod os;
pub mod plan;
pub mod printable;
pub mod programme;
pub mod render;
pub mod session;
pub mod sink;
pub mod take;
pub mod work;

pub use error::{Error, Result};
