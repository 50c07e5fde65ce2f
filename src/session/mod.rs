//! One practice, assembled: a routine, a voice, wishes and sound become a timeline and what renders it; and what a listener
//! does to it while it is heard: hold longer, let go, say less, resume here.
//!
//! What the command line, a page in a browser or any other program calls. Two steps, so that everything that can be refused
//! is refused before the long work: [`Builder::plan`] says what sounds when, [`Planned::session`] measures how loud it is.

mod builder;
mod digest;
mod live;
mod note;
mod planned;

pub use builder::{Builder, Prepared, Yielding};
pub use live::{FewerWords, Session};
pub use note::Note;
pub use planned::Planned;
