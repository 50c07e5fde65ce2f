//! The house: which way imports go. The stages sort in the order of the data, and each imports only what stands to its left; inside
//! a stage, no file is imported by one that it imports.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// What stands to the left of what.
const STAGES: [&[&str]; 7] = [
    &["advice", "diagnostic", "error", "frames", "gain", "multiversion", "os", "printable", "work"],
    &["load"],
    &["plan"],
    &["render"],
    &["session"],
    &["sink"],
    &["cli", "main", "lib"],
];

/// Every file below `src`, by its path without the ending (`load/pose`; a `mod.rs` is its folder), with the paths that it
/// imports from this crate.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut folders) = (BTreeMap::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(&root).expect("below src").with_extension("");
                let name = name.to_string_lossy().replace('\\', "/");
                let name = name.strip_suffix("/mod").unwrap_or(&name).to_owned();
                let module: Vec<&str> = name.split('/').filter(|part| *part != "lib").collect();
                found.insert(name.clone(), used(&fs::read_to_string(&path).expect("text"), &module));
            }
        }
    }
    found
}

/// The paths of `use` lines, from the root of the crate; what tests import does not count.
fn used(text: &str, module: &[&str]) -> BTreeSet<String> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut paths = BTreeSet::new();
    for line in text.split(';').filter_map(|part| part.rsplit_once("use ").map(|(_, tree)| tree)) {
        for path in branches(&line.split_whitespace().collect::<String>()) {
            let (mut parts, mut base) = (path.split("::").collect::<Vec<_>>(), Vec::new());
            match parts[0] {
                "crate" | "catcow" => _ = parts.remove(0),
                "super" => {
                    base = module.to_vec();
                    while parts.first() == Some(&"super") {
                        parts.remove(0);
                        base.pop();
                    }
                }
                _ => continue,
            }
            base.extend(parts);
            paths.insert(base.join("/"));
        }
    }
    paths
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
fn no_file_up_to_the_mixer_is_imported_by_one_that_it_imports() {
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
    for file in all.keys().map(String::as_str).filter(|file| stage(file) < stage("sink")) {
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
    const TEACH: [&str; 2] = ["load/language/scaffold", "load/language/keys"];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in imports().keys().filter(|file| !file.starts_with("cli") && !TEACH.contains(&file.as_str())) {
        let path =
            [root.join(format!("{file}.rs")), root.join(file).join("mod.rs")].into_iter().find(|path| path.is_file());
        let text = fs::read_to_string(path.expect("a file")).expect("text");
        let spoken = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let options: Vec<_> = spoken.filter(|line| line.contains("`--") || line.contains("`catcow ")).collect();
        assert!(options.is_empty(), "{file} tells people what to type: {options:?}");
    }
}

#[test]
fn the_library_alone_reaches_the_system_in_one_place() {
    // Not in a test, nor where a caller names the file: a folder of one's own, an output, a bed's temporary copy.
    const BY_NAME: [&str; 5] = ["load/files", "load/library/folder", "load/language/settings", "load/plain_file", "os"];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in imports().keys() {
        let outside = ["cli", "main", "sink/player", "sink/file"].iter().any(|part| file.starts_with(part));
        if outside || BY_NAME.contains(&file.as_str()) {
            continue;
        }
        let path =
            [root.join(format!("{file}.rs")), root.join(file).join("mod.rs")].into_iter().find(|path| path.is_file());
        let text = fs::read_to_string(path.expect("a file")).expect("text");
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
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
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let whole =
                |line: &&str| line.match_indices(way).any(|(at, _)| !line[..at].ends_with(char::is_alphanumeric));
            let lines = lines.filter(whole);
            assert_eq!(lines.count(), 0, "{file} reaches the system by {way}");
        }
    }
}
