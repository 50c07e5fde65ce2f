//! The page itself, which is part of the program: the folder `web/page`, as it is. Its engine is packed, or the program would be larger
//! than a registry of crates takes.

use std::borrow::Cow;
use std::io::Read;

#[cfg(feature = "site")]
use include_dir::include_dir;
use include_dir::{Dir, DirEntry};

use lzma_rust2::XzReader;

use super::Asset;

/// How the name of a file ends that is packed.
const PACKED: &str = ".xz";

/// None in the library that the engine of the page itself is built from.
static PAGE: &[Dir<'_>] = &[
    #[cfg(feature = "site")]
    include_dir!("$CARGO_MANIFEST_DIR/web/page"),
];

/// The line of the service worker by which a browser sees that a site is another, and where its version goes.
const NO_VERSION: &str = "const VERSION = \"development\";";

/// The files of the page.
pub(super) fn files() -> Vec<Asset> {
    let mut found = Vec::new();
    PAGE.iter().for_each(|folder| gather(folder, &mut found));
    found
}

fn gather(folder: &'static Dir<'static>, found: &mut Vec<Asset>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(folder) => gather(folder, found),
            DirEntry::File(file) => {
                let path = file.path().to_string_lossy().replace('\\', "/");
                found.push(match path.strip_suffix(PACKED) {
                    Some(path) => Asset::new(path.to_owned(), unpacked(file.contents()).into()),
                    None => Asset::new(path, Cow::Borrowed(file.contents())),
                });
            }
        }
    }
}

/// What is packed in a file that is part of the program, and therefore whole.
fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = XzReader::new(packed, false).read_to_end(&mut bytes);
    debug_assert!(read.is_ok(), "a file of the page is broken: {read:?}");
    bytes
}

/// Puts a version into the service worker.
pub(super) fn put_version(assets: &mut [Asset], version: &str) {
    for worker in assets.iter_mut().filter(|asset| asset.path == "sw.js") {
        let text = String::from_utf8_lossy(&worker.bytes);
        let text = text.replacen(NO_VERSION, &format!("const VERSION = \"{version}\";"), 1);
        worker.bytes = text.into_bytes().into();
    }
}

/// What a file is, by the ending of its name. A browser that is told not to guess takes a module, a module of WebAssembly and a
/// manifest by nothing else.
pub(super) fn kind(path: &str) -> &'static str {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    match ending.as_str() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "jpg" | "jpeg" => "image/jpeg",
        "toml" | "txt" => "text/plain; charset=utf-8",
        "opus" | "ogg" | "oga" => "audio/ogg",
        "wav" => "audio/wav",
        "flac" => "audio/flac",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "aif" | "aiff" => "audio/aiff",
        _ => "application/octet-stream",
    }
}
