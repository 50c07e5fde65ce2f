//! How much may stand in a text before it is taken apart.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Place, Source};

/// The most words and signs of TOML in a file: more would take more memory and time than is right, and a routine of half
/// a day in which every second is a step of its own has fewer.
const MOST_TOKENS: usize = 400_000;

/// The mistake of a file that has more in it than can be read.
pub(super) fn too_large(source: &Arc<Source>) -> Option<Diagnostic> {
    // Each takes a byte at least, so that hardly any file has to be counted.
    if source.text.len() <= MOST_TOKENS {
        return None;
    }
    let one_more = toml_parser::Source::new(&source.text).lex().nth(MOST_TOKENS)?;
    let span = one_more.span().start()..one_more.span().end();
    let message = format!("expected a file of at most {MOST_TOKENS} words and signs, found more");
    let place = Place { source: Arc::clone(source), span };
    Some(Diagnostic::error(Code::FileSize, message).at(&place, "from here on").help("divide it into several"))
}
