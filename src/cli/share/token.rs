//! A word that nobody guesses.

use std::io;

use data_encoding::{Encoding, Specification};

/// 96 bits: ten thousand guesses a second for a year find it once in some 10^17 years.
const BYTES: usize = 12;

/// Crockford's letters of base 32: without those that are taken for digits (i, l, o), since a token may have to be typed.
const LETTERS: &str = "0123456789abcdefghjkmnpqrstvwxyz";

/// A new token, from the operating system's own source of chance.
///
/// # Errors
/// Where the system has none.
pub fn new() -> io::Result<String> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(letters()?.encode(&bytes))
}

fn letters() -> io::Result<Encoding> {
    let mut letters = Specification::new();
    letters.symbols.push_str(LETTERS);
    letters.encoding().map_err(|error| io::Error::other(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_alike_and_each_can_be_typed() {
        let all: std::collections::BTreeSet<_> = (0..1000).map(|_| new().unwrap()).collect();
        assert_eq!(all.len(), 1000);
        assert!(
            all.iter().all(|token| token.len() == 20 && token.bytes().all(|byte| LETTERS.as_bytes().contains(&byte)))
        );
    }
}
