//! Which file is which line, by their names or their order.

use std::path::{Path, PathBuf};

use catcow::Result;
use catcow::diagnostic::{Candidates, Code, Diagnostic, Diagnostics};
use catcow::plan::line::Line;

/// The line of each file; `None` where there is one file that is named by no line: a memo.
///
/// # Errors
/// Some are named by lines and others by nothing; two are named by one line; there are more files than lines.
pub fn by_line<'a, 'f>(
    files: &'f [PathBuf],
    lines: &'a [Line],
    wanted: &[&'a Line],
) -> Result<Option<Vec<(&'a Line, &'f Path)>>> {
    let found: Vec<Option<&Line>> = files.iter().map(|file| line_of(file, lines)).collect();
    if found.iter().all(Option::is_none) {
        return in_order(files, wanted);
    }
    let mut mistakes = Diagnostics::default();
    let cues = Candidates::new(lines.iter().map(|line| line.cue.as_str()));
    let mut pairs: Vec<(&Line, &Path)> = Vec::new();
    for (file, line) in files.iter().zip(found) {
        let Some(line) = line else {
            let message = format!("expected files named by a line's number or cue, found {}", file.display());
            let mistake = Diagnostic::error(Code::UnusedClip, message);
            mistakes.push(match cues.nearest(&stem(file)) {
                Some(near) => mistake.help(format!("did you mean `{near}`?")),
                None => mistake.help("name it by the number in the script, such as 12.m4a, or leave it out"),
            });
            continue;
        };
        if let Some((_, other)) = pairs.iter().find(|(known, _)| known.number == line.number) {
            let message =
                format!("expected one file for line {}, found {} and {}", line.number, other.display(), file.display());
            mistakes.push(Diagnostic::error(Code::TwoClips, message).help("leave one of them out"));
        }
        pairs.push((line, file));
    }
    if mistakes.has_errors() { Err(mistakes.into()) } else { Ok(Some(pairs)) }
}

/// Files in the order of the script.
fn in_order<'a, 'f>(files: &'f [PathBuf], wanted: &[&'a Line]) -> Result<Option<Vec<(&'a Line, &'f Path)>>> {
    if let [_] = files {
        return Ok(None);
    }
    if files.len() > wanted.len() {
        let message = format!("expected a file for each of {} lines, found {} files", wanted.len(), files.len());
        let help = "name each file by the number of its line, such as 12.m4a; or choose the lines with `--lines`";
        return Err(Diagnostic::error(Code::UnusedClip, message).help(help).into());
    }
    let mut files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    // A shell puts "Memo 10" before "Memo 2".
    let shapes: Vec<String> = files.iter().map(|file| shape(file)).collect();
    if shapes.iter().all(|shape| *shape == shapes[0]) {
        files.sort_by_key(|file| numbers(file));
    }
    Ok(Some(wanted.iter().copied().zip(files).collect()))
}

/// The line that a file is named by: its number, or its cue with any sign between the words.
fn line_of<'a>(file: &Path, lines: &'a [Line]) -> Option<&'a Line> {
    let name = stem(file);
    if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: usize = name.parse().ok()?;
        return lines.iter().find(|line| line.number == number);
    }
    let plain = |text: &str| {
        let words = text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join("-").to_lowercase()
    };
    // A cue's folder may be the file's, or stand in its name.
    let folder = file.parent().and_then(Path::file_name).map(|folder| folder.to_string_lossy().into_owned());
    let nested = folder.map(|folder| plain(&format!("{folder}/{name}")));
    let name = plain(&name);
    lines.iter().find(|line| {
        let cue = plain(&line.cue);
        cue == name || nested.as_ref() == Some(&cue)
    })
}

fn stem(file: &Path) -> String {
    file.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

/// A name with all its numbers left out.
fn shape(file: &Path) -> String {
    file.to_string_lossy().chars().filter(|sign| !sign.is_ascii_digit()).collect()
}

/// The numbers in a name, in order.
fn numbers(file: &Path) -> Vec<u64> {
    let name = file.to_string_lossy().into_owned();
    let parts = name.split(|sign: char| !sign.is_ascii_digit()).filter(|part| !part.is_empty());
    parts.map(|part| part.parse().unwrap_or(u64::MAX)).collect()
}
