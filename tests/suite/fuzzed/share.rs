//! What a client may send to `catcow share`: a request line and headers.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::OnceLock;

/// The share belongs to the command line, so it is in no library.
#[allow(dead_code)]
#[path = "../../../src/cli/share/answer/mod.rs"]
mod answer;

use answer::{Answer, Door, Question, Table};

/// The token and the address of what is tried; a request that does not have them gets no further.
const TOKEN: &str = "0123456789abcdefghjk";
const HOST: &str = "192.0.2.7:2287";

/// What may be handed out: names, and bytes that stand in no sentence.
const FILES: [(&str, &str, &[u8]); 4] = [
    ("index.html", "text/html; charset=utf-8", b"<!doctype html>\x01"),
    ("page.js", "text/javascript; charset=utf-8", &[b'\x02'; 2000]),
    ("files/routines/gr\u{f6}\u{df}e.toml", "text/plain; charset=utf-8", b"\x03"),
    ("files/voice_clips/ada/breath/in.opus", "audio/ogg", &[4, 5, 6, 7, 8, 9, 10, 11]),
];

/// Every sentence is shorter.
const SENTENCE: usize = 120;

/// A request, in lines that are divided by line feeds: looser than HTTP, so that more comes as far as the answer.
pub fn share(bytes: &[u8]) -> u64 {
    static TABLE: OnceLock<Table> = OnceLock::new();
    let table = TABLE
        .get_or_init(|| Table::new(FILES.map(|(name, kind, bytes)| (name.to_owned(), kind, bytes.to_vec().into()))));
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let line = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let mut words = line.splitn(3, ' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (authority, path) = match target.strip_prefix("http://") {
        Some(rest) => (rest.split('/').next(), rest.find('/').map_or("", |at| &rest[at..])),
        None => (None, target),
    };
    let headers: Vec<(String, &[u8])> = lines
        .filter_map(|line| line.iter().position(|byte| *byte == b':').map(|at| line.split_at(at)))
        .map(|(name, value)| (String::from_utf8_lossy(name).into_owned(), value[1..].trim_ascii()))
        .collect();
    let headers: Vec<(&str, &[u8])> = headers.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let door = Door { token: TOKEN.into(), hosts: vec![HOST.into()] };
    let answer = answer::answer(table, &door, &Question { method, authority, path, headers: &headers });
    only_what_is_shared(&answer, method, path, table);
    let mut seen = DefaultHasher::new();
    let names: Vec<_> = answer.headers.iter().map(|(name, _)| *name).collect();
    (answer.status, names, answer.body.len().min(16), answer.knows, answer.opens).hash(&mut seen);
    seen.finish()
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let mut found = answer.headers.iter().filter(|(other, _)| *other == name);
    let first = found.next().map(|(_, value)| &**value);
    assert!(found.next().is_none(), "{name} twice");
    first
}

/// What must hold of every answer.
fn only_what_is_shared(answer: &Answer, method: &str, path: &str, table: &Table) {
    for (name, value) in &answer.headers {
        assert!(value.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{name}: {value:?}");
    }
    for name in ["content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy"] {
        assert!(header(answer, name).is_some(), "{name}");
    }
    let inside = path.strip_prefix('/').and_then(|path| path.strip_prefix(TOKEN));
    assert!(inside.is_some() || matches!(answer.status, 404 | 421), "{} without the token", answer.status);
    assert_eq!(answer.knows, inside.is_some() && answer.knows);
    if method == "HEAD" || matches!(answer.status, 304 | 308) {
        assert!(answer.body.is_empty());
        return;
    }
    assert_eq!(header(answer, "content-length"), Some(&*answer.body.len().to_string()));
    match answer.status {
        200 => {
            let forms = FILES.iter().filter_map(|(name, ..)| table.get(name));
            let mut all = forms.flat_map(|file| [Some(&file.plain), file.compressed.as_ref()]).flatten();
            assert!(all.any(|form| form.bytes == answer.body && header(answer, "etag") == Some(&form.tag)));
        }
        206 => {
            let text = header(answer, "content-range").and_then(|text| text.strip_prefix("bytes ")).expect("a range");
            let (range, total) = text.split_once('/').expect("a total");
            let (first, last) = range.split_once('-').expect("a first and a last");
            let [first, last, total] = [first, last, total].map(|number| number.parse::<usize>().expect("a number"));
            assert!(first <= last && last < total, "{text}");
            assert!(FILES.iter().any(|(_, _, bytes)| bytes.len() == total && bytes[first..=last] == answer.body));
        }
        404 | 405 | 416 | 421 => assert!(answer.body.len() < SENTENCE && answer.body.is_ascii()),
        other => panic!("{other}"),
    }
}
