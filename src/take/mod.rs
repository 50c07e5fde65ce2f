//! Recordings of one's own on their way into a voice: a memo in which somebody read a script is taken apart, and each line of the script
//! finds what was said of it; and each recording of a voice is judged.
//!
//! Nothing here knows words: what is known of a line is how long it takes to say ([`crate::load::language::speaking_time`]), and of a
//! sound how long and how loud it is and whether a voice is in it. What that cannot decide is told as doubtful, and a person decides.

mod alignment;
pub mod judge;
pub mod memo;
mod sounds;

pub use memo::{Doubt, LeftOut, Read, Taken};
