//! What a client is answered: from a method, an address and headers to a status, headers and bytes of the table.
//!
//! Pure: it reads no clock, no file and no network, keeps nothing of what it was asked, and hands out nothing but bytes of the table and a
//! few fixed sentences. That is also what the fuzzer tries.

mod conditions;
mod range;
mod table;

use std::borrow::Cow;

use bytes::Bytes;
use percent_encoding::percent_decode_str;
use subtle::ConstantTimeEq;

use conditions::{accepts_gzip, is_named};
use range::{Range, Wanted};
pub use table::{File, Table};

/// What the page may do, whatever it or a routine says: run its own code and its own module, and talk to nobody else. A worker goes by
/// the policy that its own file came with, so every answer has it.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; \
                      style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; font-src 'self'; \
                      manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What every answer says.
const ALWAYS: [Header; 5] = [
    ("content-security-policy", Cow::Borrowed(POLICY)),
    ("x-content-type-options", Cow::Borrowed("nosniff")),
    ("x-frame-options", Cow::Borrowed("DENY")),
    ("referrer-policy", Cow::Borrowed("no-referrer")),
    ("cross-origin-resource-policy", Cow::Borrowed("same-origin")),
];

/// The name of a header, in lower case, and its value.
pub type Header = (&'static str, Cow<'static, str>);

/// Who may come in, and by which name this machine is called.
pub struct Door {
    /// The first part of every path. Who does not have it learns nothing.
    pub token: String,
    /// What `Host` may say: the address and port that were printed. A page elsewhere whose name was made to lead here says another.
    pub hosts: Vec<String>,
}

/// What a client asks for. The rest of what it sends is not looked at.
pub struct Question<'q> {
    pub method: &'q str,
    /// The host, where the request line has one.
    pub authority: Option<&'q str>,
    /// The path and the query, as they were sent.
    pub path: &'q str,
    pub headers: &'q [(&'q str, &'q [u8])],
}

impl Question<'_> {
    /// All values of a header, one after another.
    fn all(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let same = move |(other, _): &&(&str, &[u8])| other.eq_ignore_ascii_case(name);
        self.headers.iter().filter(same).map(|(_, value)| *value)
    }

    /// The value of a header that is there once, as text.
    fn one(&self, name: &str) -> Option<&str> {
        let mut all = self.all(name);
        let first = all.next()?;
        if all.next().is_some() { None } else { std::str::from_utf8(first).ok() }
    }
}

/// What the client gets.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<Header>,
    /// Empty where only the head was asked for.
    pub body: Bytes,
    /// Whether the client has the token.
    pub knows: bool,
    /// Whether this is the page itself: a device has opened it.
    pub opens: bool,
}

impl Answer {
    fn new(status: u16) -> Answer {
        Answer { status, headers: ALWAYS.to_vec(), body: Bytes::new(), knows: false, opens: false }
    }

    fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Answer {
        self.headers.push((name, value.into()));
        self
    }

    /// A plain sentence.
    fn saying(status: u16, sentence: &'static str) -> Answer {
        let answer =
            Answer::new(status).with("content-type", "text/plain; charset=utf-8").with("cache-control", "no-store");
        Answer {
            body: Bytes::from_static(sentence.as_bytes()),
            ..answer.with("content-length", sentence.len().to_string())
        }
    }

    /// The same for someone who wants the head alone.
    fn for_method(self, method: &str) -> Answer {
        if method == "HEAD" { Answer { body: Bytes::new(), ..self } } else { self }
    }
}

/// The answer to a question. Who calls this machine by another name, or does not have the token, learns nothing of what there is.
pub fn answer(table: &Table, door: &Door, question: &Question<'_>) -> Answer {
    inside(table, door, question).for_method(question.method)
}

fn inside(table: &Table, door: &Door, question: &Question<'_>) -> Answer {
    if !is_called_so(door, question) {
        return Answer::saying(421, "This address is not served here. Open the address as it was printed.\n");
    }
    let Some(path) = behind_the_door(door, question.path) else { return nothing() };
    let answer = match (question.method, path) {
        ("GET" | "HEAD", Path::Door) => {
            Answer::new(308).with("location", format!("/{}/", door.token)).with("content-length", "0")
        }
        ("GET" | "HEAD", Path::File(name)) => match table.get(&name) {
            Some(file) => Answer { opens: name == table::INDEX && question.method == "GET", ..of_file(file, question) },
            None => nothing(),
        },
        _ => Answer::saying(405, "Only GET and HEAD are answered here.\n").with("allow", "GET, HEAD"),
    };
    Answer { knows: true, ..answer }
}

/// The same for a wrong token as for a file that is not there.
fn nothing() -> Answer {
    Answer::saying(404, "There is nothing here. Open the whole address as it was printed.\n")
}

/// Whether the client means this machine by the address that was printed.
fn is_called_so(door: &Door, question: &Question<'_>) -> bool {
    let known = |host: &str| door.hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
    question.one("host").is_some_and(known) && question.authority.is_none_or(known)
}

/// Where a path leads that has the token.
enum Path {
    /// The token alone, without the stroke behind it, which is missing where someone typed it.
    Door,
    /// A file's name.
    File(String),
}

/// The path behind the token; none where it has another. How long the comparison takes tells nothing of the token.
fn behind_the_door(door: &Door, path: &str) -> Option<Path> {
    let path = path.split(['?', '#']).next().unwrap_or_default().strip_prefix('/')?;
    let (token, rest) = path.split_once('/').map_or((path, None), |(token, rest)| (token, Some(rest)));
    if !bool::from(token.as_bytes().ct_eq(door.token.as_bytes())) {
        return None;
    }
    Some(match rest {
        None => Path::Door,
        Some("") => Path::File(table::INDEX.into()),
        // What is no UTF-8 is no name of the table.
        Some(name) => Path::File(percent_decode_str(name).decode_utf8_lossy().into_owned()),
    })
}

/// A file, whole or a part of it, as it is or compressed, or that the client has it already.
fn of_file(file: &File, question: &Question<'_>) -> Answer {
    let ranged = question.one("range").filter(|_| question.method == "GET");
    // Places in a compressed file would be no places of the sound: a part is a part of the file as it is.
    let form = match &file.compressed {
        Some(compressed) if ranged.is_none() && accepts_gzip(question.all("accept-encoding")) => compressed,
        _ => &file.plain,
    };
    let tagged = |status: u16| {
        let answer = Answer::new(status).with("etag", form.tag.clone()).with("cache-control", "no-cache");
        if file.compressed.is_some() { answer.with("vary", "accept-encoding") } else { answer }
    };
    if is_named(&form.tag, question.all("if-none-match")) {
        return tagged(304);
    }
    let of_kind = |status: u16| tagged(status).with("content-type", file.kind.clone()).with("accept-ranges", "bytes");
    let same = question.all("if-range").next().is_none_or(|tag| tag == form.tag.as_bytes());
    let total = form.bytes.len();
    match ranged.filter(|_| same).map_or(Wanted::Whole, |text| range::wanted(text, total)) {
        Wanted::Whole => {
            let answer = of_kind(200).with("content-length", total.to_string());
            let encoded = if form.is_gzip { answer.with("content-encoding", "gzip") } else { answer };
            Answer { body: form.bytes.clone(), ..encoded }
        }
        Wanted::Part(Range { first, last }) => {
            let answer = of_kind(206).with("content-length", (last - first + 1).to_string());
            let answer = answer.with("content-range", format!("bytes {first}-{last}/{total}"));
            Answer { body: form.bytes.slice(first..=last), ..answer }
        }
        Wanted::Beyond => {
            Answer::saying(416, "The file is shorter than that.\n").with("content-range", format!("bytes */{total}"))
        }
    }
}

#[cfg(test)]
mod tests;
