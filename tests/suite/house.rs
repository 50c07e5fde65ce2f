//! The house: which way imports go, and how large its rooms are. The stages sort in the order of the data, and each imports only
//! what stands to its left; inside a stage, no file is imported by one that it imports.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// What stands to the left of what.
const STAGES: [&[&str]; 10] = [
    &["advice", "diagnostic", "error", "frames", "gain", "multiversion", "os", "printable", "work"],
    &["load"],
    &["programme"],
    &["plan"],
    &["compose"],
    &["render"],
    &["session"],
    &["take"],
    &["sink"],
    &["cli", "main", "lib"],
];

/// Every Rust file below a folder of the project, by its path without the ending, with its text.
fn files(folder: &str) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let (mut found, mut folders) = (BTreeMap::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(&root).expect("below the root").with_extension("");
                let name = name.to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read_to_string(&path).expect("text"));
            }
        }
    }
    found
}

/// Every file below `src`, by its path without the ending (`load/pose`; a `mod.rs` is its folder), with its text.
fn sources() -> BTreeMap<String, String> {
    let name = |path: String| path.strip_suffix("/mod").unwrap_or(&path).to_owned();
    files("src").into_iter().map(|(path, text)| (name(path), text)).collect()
}

/// The same files, with the paths that each imports from this crate.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let module = |name: &str| name.split('/').filter(|part| *part != "lib").map(str::to_owned).collect::<Vec<_>>();
    sources().into_iter().map(|(name, text)| (name.clone(), used(&text, &module(&name)))).collect()
}

/// What is no test and no comment in a file.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The paths that a file uses, in `use` lines and anywhere else, from the root of the crate; what tests import does not count.
fn used(text: &str, module: &[String]) -> BTreeSet<String> {
    let text = code(text);
    let trees = text.split(';').filter_map(|part| part.rsplit_once("use ").map(|(_, tree)| tree.to_owned()));
    let branches = trees.flat_map(|tree| branches(&tree.split_whitespace().collect::<String>()));
    let paths = branches.chain(["crate::", "catcow::", "super::"].iter().flat_map(|root| anywhere(&text, root)));
    paths.filter_map(|path| from_root(&path, module)).collect()
}

/// The paths in a text that begin with `root`, such as `crate::`.
fn anywhere(text: &str, root: &str) -> Vec<String> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    let begins = |at: &usize| !text[..*at].ends_with(is_part);
    let path = |at: usize| text[at..].split(|letter| !is_part(letter)).next().unwrap_or_default();
    let starts = text.match_indices(root).map(|(at, _)| at).filter(begins);
    starts.map(|at| path(at).trim_end_matches(':').to_owned()).collect()
}

/// A path of a module as one from the root of the crate; `None` where it leads out of the crate.
fn from_root(path: &str, module: &[String]) -> Option<String> {
    let (mut parts, mut base) = (path.split("::").peekable(), Vec::new());
    match parts.peek() {
        Some(&"crate" | &"catcow") => _ = parts.next(),
        Some(&"super") => {
            base.extend(module.iter().map(String::as_str));
            while parts.next_if_eq(&"super").is_some() {
                base.pop();
            }
        }
        _ => return None,
    }
    base.extend(parts);
    Some(base.join("/"))
}

/// The paths of a tree such as `a::{b, c::{d, e}}`.
fn branches(tree: &str) -> Vec<String> {
    let Some((stem, rest)) = tree.split_once('{') else { return vec![tree.to_owned()] };
    let inside = rest.strip_suffix('}').unwrap_or(rest);
    let (mut depth, mut all, mut from) = (0, Vec::new(), 0);
    for (index, letter) in inside.char_indices().chain([(inside.len(), ',')]) {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                all.extend(branches(&inside[from..index]).into_iter().map(|branch| format!("{stem}{branch}")));
                from = index + 1;
            }
            _ => {}
        }
    }
    all
}

fn stage(path: &str) -> Option<usize> {
    let first = path.split('/').next()?;
    STAGES.iter().position(|names| names.contains(&first))
}

#[test]
fn each_stage_imports_only_what_stands_to_its_left() {
    let all = imports();
    assert!(all.len() > 80 && all["plan/scheduler"].contains("load/language/pose/Pose"), "the files are read");
    for (file, uses) in &all {
        let own = stage(file).unwrap_or_else(|| panic!("{file} belongs to no stage"));
        let wrong: Vec<_> = uses.iter().filter(|path| stage(path).is_some_and(|other| other > own)).collect();
        assert!(wrong.is_empty(), "{file} imports what stands to its right: {wrong:?}");
    }
}

#[test]
fn no_file_is_imported_by_one_that_it_imports() {
    let all = imports();
    let file_of = |path: &str| -> Option<&str> {
        // The longest part of the path that is a file; a stage's own `mod.rs` only names what is in it.
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        let files = ends.filter_map(|end| all.get_key_value(&path[..end]));
        files.map(|(file, _)| file.as_str()).rfind(|file| file.contains('/'))
    };
    // A folder's `mod.rs` and its files are one.
    let one = |left: &str, right: &str| left == right || left.starts_with(&format!("{right}/"));
    let next = |file: &str| -> BTreeSet<&str> {
        let files = all[file].iter().filter_map(|path| file_of(path));
        files.filter(|other| !one(file, other) && !one(other, file)).collect()
    };
    for file in all.keys().map(String::as_str) {
        let (mut seen, mut to_visit) = (BTreeSet::new(), next(file));
        while let Some(other) = to_visit.pop_first() {
            if seen.insert(other) {
                to_visit.extend(next(other));
            }
        }
        assert!(!seen.contains(file), "{file} imports a file that imports it: one of {:?}", next(file));
    }
}

#[test]
fn only_the_command_line_knows_options_by_name() {
    // What a file of one's own begins with is told to whoever types commands; so is what a key of it is for.
    const TEACH: [&str; 3] = ["load/language/scaffold", "load/language/keys", "load/language/file_keys"];
    for (file, text) in sources().iter().filter(|(file, _)| !file.starts_with("cli") && !TEACH.contains(&file.as_str()))
    {
        let spoken = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let options: Vec<_> = spoken.filter(|line| line.contains("`--") || line.contains("`catcow ")).collect();
        assert!(options.is_empty(), "{file} tells people what to type: {options:?}");
    }
}

#[test]
fn the_library_alone_reaches_the_system_in_one_place() {
    // Not in a test, nor where a caller names the file: a folder of one's own, an output, a bed's temporary copy.
    const BY_NAME: [&str; 5] = ["load/files", "load/library/folder", "load/language/settings", "load/plain_file", "os"];
    for (file, text) in &sources() {
        let outside = ["cli", "main", "sink/player", "sink/file"].iter().any(|part| file.starts_with(part));
        if outside || BY_NAME.contains(&file.as_str()) {
            continue;
        }
        let text = code(text);
        for way in [
            "File::open",
            "fs::read",
            "fs::metadata",
            "fs::canonicalize",
            "env::",
            "Instant",
            "SystemTime",
            "stdin()",
            "tempfile",
        ] {
            let whole =
                |line: &&str| line.match_indices(way).any(|(at, _)| !line[..at].ends_with(char::is_alphanumeric));
            let lines = text.lines().filter(whole);
            assert_eq!(lines.count(), 0, "{file} reaches the system by {way}");
        }
    }
}

/// The lines of each item of a file whose first line, without what says who may see it, begins with `word`: from there to the brace
/// that stands as far from the edge.
fn items<'t>(text: &'t str, word: &str) -> Vec<Vec<&'t str>> {
    let lines: Vec<_> = text.lines().collect();
    let begins = |line: &str| {
        let line = line.trim_start();
        let line = line.strip_prefix("pub").map_or(line, |rest| {
            rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(rest, |(_, rest)| rest).trim_start()
        });
        line.strip_prefix("const ").unwrap_or(line).starts_with(word)
    };
    let item = |start: usize| {
        let edge = &lines[start][..lines[start].len() - lines[start].trim_start().len()];
        let end = lines[start..].iter().position(|line| line.strip_prefix(edge).is_some_and(|line| line == "}"));
        let one_line = lines[start].ends_with([';', '}']);
        lines[start..=start + if one_line { 0 } else { end.unwrap_or(0) }].to_vec()
    };
    (0..lines.len()).filter(|start| begins(lines[*start])).map(item).collect()
}

#[test]
fn no_file_and_no_function_is_longer_than_can_be_taken_in_at_once() {
    let found: Vec<_> = files("src").into_values().collect();
    let functions: usize = found.iter().map(|text| items(text, "fn ").len()).sum();
    assert!(functions > 1_000, "functions are found: {functions}");
    for folder in ["src", "benches", "examples"] {
        for (file, text) in files(folder) {
            let lines = text.lines().count();
            assert!(lines <= 400, "{folder}/{file} has {lines} lines");
            for function in items(&text, "fn ") {
                let lines = function.len();
                assert!(lines <= 60, "{folder}/{file} has a function of {lines} lines: {}", function[0]);
            }
        }
    }
}

#[test]
fn no_value_is_a_handful_of_truths() {
    for (file, text) in files("src") {
        for structure in items(&text, "struct ") {
            let truths = structure.iter().filter(|line| line.trim_end().ends_with(": bool,")).count();
            assert!(truths <= 2, "{file} has a type with {truths} truths: {}", structure[0]);
        }
    }
}
