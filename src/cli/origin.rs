//! Where a person said something: nearer places win over those farther away.

use catcow::diagnostic::Place;

/// Where a value comes from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// It was not said anywhere.
    BuiltIn,
    /// The command line.
    CommandLine(&'static str),
    /// The environment or the settings file.
    Standing(Place),
}

/// Where what is meant for every session stands, in a few words.
pub fn standing(place: &Place) -> String {
    if place.source.file().is_none() { place.source.path.clone() } else { place.line() }
}
