//! The files that are handed out: all of them are known before the first client comes, and none is read or made later.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write;

use bytes::Bytes;
use data_encoding::HEXLOWER;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// What stands at the address itself.
pub const INDEX: &str = "index.html";

/// What compresses: text, and the engine. Sound and pictures are compressed already.
const COMPRESSES: [&str; 5] =
    ["application/javascript", "application/json", "application/manifest+json", "application/wasm", "image/svg+xml"];

/// Where less than this many bytes would be saved, a file goes as it is.
const WORTH_IT: usize = 128;

/// Files by their names.
pub struct Table {
    files: HashMap<String, File>,
}

/// A file.
pub struct File {
    /// Its MIME type.
    pub kind: Cow<'static, str>,
    pub plain: Form,
    /// Where that is worth it.
    pub compressed: Option<Form>,
}

/// The bytes of a file in one of its forms.
pub struct Form {
    pub bytes: Bytes,
    /// The tag (`ETag`) by which a client tells that it has just these bytes.
    pub tag: String,
    pub is_gzip: bool,
}

impl Table {
    /// A table of names, MIME types and bytes.
    pub fn new(files: impl IntoIterator<Item = (String, &'static str, Cow<'static, [u8]>)>) -> Table {
        let file = |(name, kind, bytes): (String, &'static str, Cow<'static, [u8]>)| {
            let bytes = match bytes {
                Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                Cow::Owned(bytes) => Bytes::from(bytes),
            };
            (name, File::new(kind, bytes))
        };
        Table { files: files.into_iter().map(file).collect() }
    }

    pub fn get(&self, name: &str) -> Option<&File> {
        self.files.get(name)
    }
}

impl File {
    fn new(kind: &'static str, bytes: Bytes) -> File {
        let text = kind.starts_with("text/");
        let compressed = (text || COMPRESSES.iter().any(|known| kind.starts_with(known)))
            .then(|| compressed(&bytes))
            .filter(|small| small.len() + WORTH_IT <= bytes.len());
        let kind = if text && !kind.contains(';') { format!("{kind}; charset=utf-8").into() } else { kind.into() };
        let tag = HEXLOWER.encode(&Sha256::digest(&bytes)[..16]);
        let compressed = compressed.map(|bytes| Form { bytes, tag: format!("\"{tag}-gzip\""), is_gzip: true });
        File { kind, plain: Form { bytes, tag: format!("\"{tag}\""), is_gzip: false }, compressed }
    }
}

fn compressed(bytes: &[u8]) -> Bytes {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    // Memory takes all that is written to it.
    let written = out.write_all(bytes).and_then(|()| out.finish());
    Bytes::from(written.unwrap_or_else(|_| bytes.to_vec()))
}
