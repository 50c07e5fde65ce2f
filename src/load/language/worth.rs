//! What a step is worth, and beside which poses it is done: what decides whether it is left out where a session is shorter.

use super::reader::Table;
use super::spanned::Spanned;

/// What a step is worth where its author does not say it: pose, breathing or block, the middle of 1 to 5.
pub const USUAL: u8 = 3;
/// What is always done.
pub const ALWAYS: u8 = 5;

/// What a step is worth, and beside which poses it is done.
#[derive(Clone, Debug, Default)]
pub struct Worth {
    /// From 1, which goes first, to 5, which never goes; where its author says it.
    pub keep: Option<u8>,
    /// The ids of poses: it is done only where one of them is. Without any, it is done in any case.
    pub with: Vec<Spanned<String>>,
    /// The ids of poses: it is done only where none of them is.
    pub unless: Vec<Spanned<String>>,
}

impl Worth {
    /// Reads what a step says of it; poses are still called as they were written.
    pub(crate) fn read(table: &Table<'_>) -> Worth {
        let poses = |key| table.texts(key).map_or_else(Vec::new, |names| names.value);
        Worth {
            keep: table.whole("keep", 1..=u32::from(ALWAYS)).map(|keep| keep.value as u8),
            with: poses("with"),
            unless: poses("unless"),
        }
    }
}
