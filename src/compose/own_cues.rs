//! The cues that every composed session may have, whatever the rules say.

use crate::load::language::house_cues::{ASK_A_PHYSICIAN, WHEN_TO_STOP};

/// What is said before breathing alone.
pub(super) const ARRIVE: &str = "breathing/arrive";
/// What is said in a closing quiet that is no pose.
pub(super) const BREATHE_FREELY: &str = "breathing/free";
/// What tells whoever does not lie yet how to lie down.
pub(super) const LIE_DOWN: &str = "move/anywhere-to-supine";

/// All of them.
pub(super) const OWN_CUES: [&str; 5] = [ASK_A_PHYSICIAN, WHEN_TO_STOP, ARRIVE, BREATHE_FREELY, LIE_DOWN];

/// A text as TOML.
pub(super) fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}
