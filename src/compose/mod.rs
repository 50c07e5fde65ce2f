//! A wish becomes a routine: poses are chosen and ordered by rules that are data, so that a length is met.
//!
//! Pure: the same request, poses, rules and lengths of recordings give the same text on every machine. No clock is read (the
//! day is part of the request), all arithmetic is of whole numbers, and chance comes from a generator that is specified. What comes out is
//! the text of an ordinary routine: from there on it goes the way that every routine goes.

mod admission;
mod arrangement;
mod chance;
mod choice;
mod extremes;
mod movement;
mod own_cues;
mod page;
mod reasons;
mod refusal;
mod request;
mod rules;
mod stock;
mod studio;
mod times;
mod words;

pub use request::{Mood, Request, Within};
pub use rules::Rules;
pub use stock::everything;
pub use studio::{Composition, Studio};
