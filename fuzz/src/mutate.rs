//! Changes, as slips of the pen, as accidents of a disk, and as somebody makes them who means harm.

use fastrand::Rng;

use crate::corpus::{HEADS, VALUES};

/// No input is made longer, in bytes: large inputs are tried apart, where their time and memory are measured.
pub const LONGEST: usize = 16 << 10;

/// One of a list that is not empty.
fn one<'a, T>(rng: &mut Rng, list: &'a [T]) -> &'a T {
    &list[rng.usize(..list.len())]
}

/// A text, changed a few times: by lines and values mostly, so that it stays TOML, now and then by bytes. `others` are
/// texts whose lines may come into it.
pub fn text(rng: &mut Rng, input: &[u8], others: &[Vec<u8>], words: &[String]) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..1 << rng.u32(..5) {
        bytes = match rng.u32(..20) {
            0 => bytes_changed(rng, bytes),
            _ => lines_changed(rng, &String::from_utf8_lossy(&bytes), others, words).into_bytes(),
        };
    }
    bytes.truncate(LONGEST);
    bytes
}

/// Bytes flipped, put in, left out, or written twice.
pub fn bytes_changed(rng: &mut Rng, mut bytes: Vec<u8>) -> Vec<u8> {
    let at = rng.usize(..=bytes.len());
    match rng.u32(..5) {
        0 if at < bytes.len() => bytes[at] ^= 1 << rng.u32(..8),
        1 => bytes.insert(at, rng.u8(..)),
        2 => _ = bytes.drain(at..(at + rng.usize(..64)).min(bytes.len())),
        3 => {
            let again = bytes[at..(at + rng.usize(..64)).min(bytes.len())].to_vec();
            bytes.splice(at..at, again);
        }
        _ => bytes.truncate(at),
    }
    bytes
}

fn lines_changed(rng: &mut Rng, text: &str, others: &[Vec<u8>], words: &[String]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = rng.usize(..=lines.len());
    match rng.u32(..10) {
        0 if at < lines.len() => _ = lines.remove(at),
        1 => lines.insert(at, (*one(rng, HEADS)).to_owned()),
        2 | 3 => lines.insert(at, format!("{} = {}", one(rng, words), one(rng, VALUES))),
        4 | 5 => value_changed(rng, &mut lines),
        6 => {
            // A stretch of the text itself once more: a step repeated, a pose twice.
            let end = (at + 1 + rng.usize(..8)).min(lines.len());
            let again = lines[at.min(end)..end].to_vec();
            let to = rng.usize(..=lines.len());
            lines.splice(to..to, again);
        }
        7 => {
            let other = String::from_utf8_lossy(one::<Vec<u8>>(rng, others)).into_owned();
            let other: Vec<&str> = other.lines().collect();
            let from = rng.usize(..=other.len());
            let end = (from + 1 + rng.usize(..12)).min(other.len());
            lines.splice(at..at, other[from.min(end)..end].iter().map(|line| (*line).to_owned()));
        }
        8 => _ = lines.drain(at..(at + rng.usize(..10)).min(lines.len())),
        _ => nested(rng, &mut lines),
    }
    lines.join("\n") + "\n"
}

/// The value of some key becomes another.
fn value_changed(rng: &mut Rng, lines: &mut [String]) {
    if lines.is_empty() {
        return;
    }
    let at = rng.usize(..lines.len());
    let Some((key, _)) = lines[at].split_once('=') else { return };
    lines[at] = format!("{key}= {}", one(rng, VALUES));
}

/// `repeat` in `repeat`, with `only` in it.
fn nested(rng: &mut Rng, lines: &mut Vec<String>) {
    let mut head = "steps".to_owned();
    for _ in 0..1 + rng.usize(..4) {
        lines.extend([format!("[[{head}]]"), format!("repeat = {}", one(rng, &["2", "3", "9", "\"1..4\"", "10000"]))]);
        head += ".steps";
        if rng.bool() {
            lines.extend([format!("[[{head}]]"), "pause = \"1s\"".into(), format!("only = {}", one(rng, VALUES))]);
        }
    }
    lines.extend([
        format!("[[{head}]]"),
        (*one(rng, &["pause = \"2s\"", "bell = \"low\"", "pose = \"cat-cow\"", "say = \"stay/soft\""])).into(),
    ]);
}

/// A log, changed: a field put in the place of another, a line written twice or cut, or bytes.
fn log(rng: &mut Rng, input: &[u8]) -> Vec<u8> {
    const FIELDS: [&str; 12] = [
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59",
        "-9999-01-01T00:00:00",
        "2026-02-30T00:00:00",
        "2026-11-25",
        "",
        "-",
        "0",
        "10",
        "604800",
        "604801",
        "finished",
    ];
    let mut bytes = input.to_vec();
    for _ in 0..1 << rng.u32(..4) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let at = rng.usize(..=lines.len());
        match rng.u32(..4) {
            0 if at < lines.len() => {
                let mut fields: Vec<&str> = lines[at].split('\t').collect();
                let field = rng.usize(..fields.len());
                fields[field] = *one(rng, &FIELDS);
                lines[at] = fields.join("\t");
            }
            1 if at < lines.len() => {
                let again = lines[at].clone();
                lines.insert(rng.usize(..=lines.len()), again);
            }
            2 if at < lines.len() => _ = lines.remove(at),
            _ => {
                bytes = bytes_changed(rng, bytes);
                continue;
            }
        }
        bytes = (lines.join("\n") + "\n").into_bytes();
    }
    bytes.truncate(LONGEST);
    bytes
}

/// An input of a target, changed.
pub fn for_target(name: &str, rng: &mut Rng, input: &[u8], others: &[Vec<u8>], words: &[String]) -> Vec<u8> {
    match name {
        "text" => text(rng, input, others, words),
        "log" => log(rng, input),
        "recording" => crate::recording::changed(rng, input, others),
        _ => bytes_changed(rng, input.to_vec()),
    }
}
