//! By what contents are told apart: a hash of all that is in them.
//!
//! SHA-256 (FIPS 180-4), so that any other program can check a file against it.

use std::fmt;
use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

use super::files::{Content, Opened};
use crate::error::{Error, Result};

/// A hash of 256 bits; shown as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Of all that can be read.
    ///
    /// # Errors
    /// What reading fails with.
    pub fn of(mut from: impl Read) -> io::Result<Digest> {
        /// What is read at once: enough that asking the system for it takes no time.
        const BLOCK_BYTES: usize = 1 << 16;
        let (mut hash, mut block) = (Sha256::new(), vec![0; BLOCK_BYTES]);
        loop {
            match from.read(&mut block) {
                Ok(0) => return Ok(Digest(hash.finalize().into())),
                Ok(read) => hash.update(&block[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Of a file's bytes, wherever they are, and of nothing else: not of where they are.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn of_content(content: &Content) -> Result<Digest> {
        let read = match content.open()? {
            Opened::File(file) => Digest::of(file),
            Opened::Memory(bytes) => Digest::of(bytes),
            Opened::BuiltIn(bytes) => Digest::of(bytes),
        };
        read.map_err(Error::reading(content.path()))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

/// A digest in the making: of named parts, in their order.
#[derive(Debug, Default)]
pub struct Digester(Sha256);

impl Digester {
    /// Adds a part. Its length counts, so that no two rows of parts are taken for each other.
    pub fn add(&mut self, name: &str, part: impl AsRef<[u8]>) {
        for bytes in [name.as_bytes(), part.as_ref()] {
            self.0.update((bytes.len() as u64).to_le_bytes());
            self.0.update(bytes);
        }
    }

    /// Adds a value by how it is written for programmers, which tells every two of its values apart.
    pub fn add_value(&mut self, name: &str, value: &impl fmt::Debug) {
        self.add(name, format!("{value:?}"));
    }

    /// The digest of all parts.
    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_hash_that_other_programs_know() {
        // FIPS 180-4's own example.
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::of(&b"abc"[..]).unwrap().to_string(), known);
        let content = Content::memory("some/where", &b"abc"[..]);
        assert_eq!(Digest::of_content(&content).unwrap().to_string(), known);
    }

    #[test]
    fn where_one_part_ends_makes_a_difference() {
        let digest = |parts: &[(&str, &str)]| {
            let mut digester = Digester::default();
            parts.iter().for_each(|(name, part)| digester.add(name, part));
            digester.finish()
        };
        assert_ne!(digest(&[("a", "bc")]), digest(&[("ab", "c")]));
        assert_ne!(digest(&[("a", "b"), ("c", "d")]), digest(&[("a", "bcd")]));
        assert_eq!(digest(&[("a", "b"), ("c", "d")]), digest(&[("a", "b"), ("c", "d")]));
    }
}
