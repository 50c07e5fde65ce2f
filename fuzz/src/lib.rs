//! Inputs that nobody wrote, tried for as long as one likes.
//!
//! What is tried, and what must hold, stands in `tests/suite/fuzzed.rs`, so that the suite can try again what was ever found.
//! Here inputs are made: from files that people wrote ([`corpus`]), changed as people and accidents change them ([`mutate`]), and
//! recordings of every format ([`recording`]).

pub mod corpus;
pub mod mutate;
pub mod recording;
#[path = "../../tests/suite/fuzzed.rs"]
pub mod targets;
