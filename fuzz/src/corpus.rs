//! What inputs are made from: the files of this repository, and words that mean something.

use std::fs;
use std::path::{Path, PathBuf};

use catcow::load::language::schema::SCHEMAS;

use crate::{mutate, targets};

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file below a folder of the repository whose name ends so, in the order of their names.
pub fn files(folder: &str, ending: &str) -> Vec<Vec<u8>> {
    let (mut paths, mut folders) = (Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                paths.push(path);
            }
        }
    }
    paths.sort();
    paths.iter().filter_map(|path| fs::read(path).ok()).collect()
}

/// The texts that are begun with: everything in TOML that people wrote for this program.
pub fn texts() -> Vec<Vec<u8>> {
    ["routines", "tests/routines", "tests/regressions/text", "voice_clips"].map(|folder| files(folder, "toml")).concat()
}

/// Every key and every word of a closed set, as the schemas name them.
pub fn words() -> Vec<String> {
    let mut found = Vec::new();
    for schema in SCHEMAS {
        gather(&serde_json::from_str(&schema.text()).expect("a schema is JSON"), &mut found);
    }
    found.sort();
    found.dedup();
    found
}

fn gather(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(object) => {
            for (key, value) in object {
                match (key.as_str(), value) {
                    ("properties", serde_json::Value::Object(keys)) => found.extend(keys.keys().cloned()),
                    ("enum", serde_json::Value::Array(words)) => {
                        found.extend(words.iter().filter_map(|word| word.as_str().map(str::to_owned)));
                    }
                    _ => {}
                }
                gather(value, found);
            }
        }
        serde_json::Value::Array(list) => list.iter().for_each(|value| gather(value, found)),
        _ => {}
    }
}

/// Values at the ends of what is allowed, and past them.
pub const VALUES: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "5",
    "8",
    "10000",
    "10001",
    "-1",
    "0.001",
    "1e308",
    "\"0s\"",
    "\"0.001s\"",
    "\"0.5s\"",
    "\"1s\"",
    "\"2s\"",
    "\"3s\"",
    "\"10s\"",
    "\"30s..2m\"",
    "\"1m\"",
    "\"0s..24h\"",
    "\"24h\"",
    "\"23h59m59.999s\"",
    "\"25h\"",
    "\"1 breath\"",
    "\"5 breaths\"",
    "\"1..9 breaths\"",
    "\"10000 breaths\"",
    "\"1..10000\"",
    "\"4-6\"",
    "\"0.5-0.5\"",
    "\"4-7-8-0\"",
    "\"0-4-0-4\"",
    "\"120-120\"",
    "\"4-16-8-2\"",
    "\"dose\"",
    "\"\"",
    "\" \"",
    "\"{side}\"",
    "\"stay/{other}\"",
    "\"é\u{301}\"",
    "\"\u{202e}x\"",
    "\"a\\u0000b\"",
    "true",
    "false",
    "[]",
    "[\"right\", \"left\"]",
    "[\"a\", \"b\", \"c\"]",
    "[\"5s\", \"1s\"]",
    "{}",
    "{ from = \"4-6\", to = \"6-8\", over = \"1m\" }",
    "1979-05-27",
    "\"rest/let-go\"",
    "\"safety/stop\"",
    "\"count/three\"",
    "[\"side/right\", \"breathing/arrive\"]",
    "[[\"a\"]]",
    "\"../../etc/passwd\"",
    "\"/dev/zero\"",
    "\"rain\"",
    "\"off\"",
];

/// Blocks that open a table or a step.
pub const HEADS: &[&str] = &[
    "[[steps]]",
    "[[steps.steps]]",
    "[[steps.steps.steps]]",
    "[[steps.steps.steps.steps]]",
    "[[steps.phases]]",
    "[[phases]]",
    "[steps.breathe]",
    "[cues]",
    "[bells]",
    "[poses.mine]",
    "[[poses.mine.phases]]",
    "[steps]",
    "[only]",
    "[clips.a]",
];

/// A log of every kind of line.
fn logs() -> Vec<Vec<u8>> {
    let lines = |days: std::ops::RangeInclusive<u32>, pain: &str| {
        let line = |day| format!("2026-10-{day:02}T07:00:00\tmorning\t300\tfinished\t{pain}\t-\n");
        days.map(line).collect::<String>().into_bytes()
    };
    let odd = b"# told: no progress\n0001-01-01T00:00:00\tx\t0\tended\t0\t10\n9999-12-31T23:59:59\t\t604800\tfinished\t-\t-\n2026-1";
    vec![lines(1..=31, "5"), lines(1..=3, "-"), odd.to_vec(), Vec::new()]
}

/// What clients of a share ask for, with the token that the target knows; and what has none.
fn requests() -> Vec<Vec<u8>> {
    let of = |line: &str, headers: &str| format!("{line} HTTP/1.1\nHost: 192.0.2.7:2287\n{headers}\n").into_bytes();
    let token = "/0123456789abcdefghjk";
    vec![
        of(&format!("GET {token}/"), "Accept-Encoding: gzip, deflate, br\nAccept: */*\n"),
        of(&format!("GET {token}/page.js?x=1"), "Accept-Encoding: *;q=0.5, gzip;q=0\nIf-None-Match: W/\"a\", *\n"),
        of(&format!("HEAD {token}/files/routines/gr%C3%B6%C3%9Fe.toml"), "Range: bytes=0-1\n"),
        of(&format!("GET {token}/files/voice_clips/ada/breath/in.opus"), "Range: bytes=2-4\nIf-Range: \"a\"\n"),
        of(&format!("GET {token}/files/voice_clips/ada/breath/in.opus"), "Range: bytes=-3\n"),
        of(&format!("GET {token}/files/voice_clips/ada/breath/in.opus"), "Range: bytes=7-\n"),
        of(&format!("GET http://192.0.2.7:2287{token}/index.html"), ""),
        of(&format!("GET {token}"), ""),
        of(&format!("POST {token}/index.html"), "Content-Length: 5\n"),
        of("GET /../../etc/passwd", ""),
        b"GET / HTTP/1.1\nHost: elsewhere.example\n\n".to_vec(),
    ]
}

/// Every input of a target that ever failed.
fn regressions(name: &str) -> Vec<Vec<u8>> {
    let mut paths = targets::regressions(&root().join("tests/regressions"), name);
    paths.retain(|path| path.is_file());
    paths.iter().filter_map(|path| fs::read(path).ok()).collect()
}

/// Those that can be changed quickly.
fn small(mut inputs: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    inputs.retain(|input| input.len() <= mutate::LONGEST);
    inputs
}

/// What a target begins with.
pub fn for_target(name: &str) -> Vec<Vec<u8>> {
    match name {
        "text" => texts(),
        "recording" => [crate::recording::corpus(), small(regressions("recording"))].concat(),
        "log" => [logs(), regressions("log")].concat(),
        "share" => [requests(), regressions("share")].concat(),
        other => unreachable!("no corpus for {other}"),
    }
}
