//! One place to try the program in: a folder with files, a run, and what came of it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// The routines that are built in.
pub const ROUTINES: [&str; 12] = [
    "back-and-hips",
    "box",
    "breathing",
    "desk-break",
    "evening",
    "four-seven-eight",
    "gentle-back",
    "lying-down",
    "morning",
    "sigh",
    "six-a-minute",
    "strong-back",
];

/// Those of them that are more than one pattern of breath.
pub const PRACTICES: [&str; 8] =
    ["back-and-hips", "breathing", "desk-break", "evening", "gentle-back", "lying-down", "morning", "strong-back"];

/// The poses that every install must be able to guide.
pub const NINE: [&str; 9] = [
    "prone-leg-extensions",
    "legs-up-the-wall",
    "childs-pose",
    "cat-cow",
    "two-knee-twist",
    "downward-dog",
    "hip-rotations",
    "bridge",
    "supine-twist",
];

/// A folder of its own, with a home in it that holds nothing.
pub struct Workshop {
    folder: TempDir,
}

/// What a run came to.
#[derive(Debug)]
pub struct Outcome {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Workshop {
    pub fn new() -> Workshop {
        Workshop { folder: TempDir::new().expect("a folder for the test") }
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, with the folders it stands in.
    pub fn file(&self, name: &str, contents: impl AsRef<[u8]>) -> &Workshop {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file stands in a folder")).expect("a folder");
        fs::write(path, contents).expect("a file");
        self
    }

    /// A command that runs the program in the folder.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_catcow"));
        command.current_dir(self.folder.path()).env("CATCOW_HOME", self.path("home")).env_remove("NO_COLOR");
        // How wide the terminal of the person who runs the tests is, and how they read, is no part of a test either.
        ["COLUMNS", "CLICOLOR_FORCE", "PAGER", "LESS"].iter().for_each(|name| _ = command.env_remove(name));
        // What the person who runs the tests wants in every session is no part of a test.
        let own = std::env::vars_os().map(|(name, _)| name);
        own.filter(|name| name.to_string_lossy().starts_with("CATCOW_") && name != "CATCOW_HOME").for_each(|name| {
            command.env_remove(name);
        });
        command.env("CATCOW_CONFIG", self.path("home/config.toml")).env("CATCOW_CACHE", self.path("home/cache"));
        // Silence is digital silence, and a session begins half a second before its first word, unless a test is about that.
        command.env("CATCOW_WAKE", "false");
        command
    }

    /// A command that runs a script of the shell in the folder.
    pub fn shell(&self, script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]).current_dir(self.folder.path()).env("CATCOW_HOME", self.path("home"));
        command.env("CATCOW_WAKE", "false").env("CATCOW_CACHE", self.path("home/cache"));
        command
    }

    /// Runs the program.
    pub fn run<I: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = I>) -> Outcome {
        Outcome::of(self.command().args(arguments).output().expect("the program starts"))
    }

    /// The names of all files in the folder, the home left out.
    pub fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).expect("the folder").flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.retain(|name| name != "home");
        names.sort();
        names
    }
}

impl Outcome {
    pub fn of(output: Output) -> Outcome {
        Outcome {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// The run went well; what it wrote to standard output.
    #[track_caller]
    pub fn success(self) -> String {
        assert_eq!(self.status, 0, "{}", self.stderr);
        self.stdout
    }

    /// The run ended with this exit code; what it wrote to standard error.
    #[track_caller]
    pub fn failure(self, status: i32) -> String {
        assert_eq!(self.status, status, "{}{}", self.stdout, self.stderr);
        self.stderr
    }
}

/// Compares `found` with the golden file `tests/golden/<name>`; `CATCOW_GOLDEN=write` writes it anew.
#[track_caller]
pub fn golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("CATCOW_GOLDEN").is_some_and(|how| how == "write") {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, found).expect("a golden file");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_else(|_| panic!("no golden file {}", path.display()));
    assert!(expected == found, "{name} differs; expected:\n{expected}\nfound:\n{found}");
}

/// A WAV of 16 bit: its channels, its rate, and its samples, read by a decoder that did not write it.
pub fn read_wav(path: &Path) -> (usize, u32, Vec<i16>) {
    let bytes = fs::read(path).expect("a WAV");
    assert_eq!((&bytes[0..4], &bytes[8..16], &bytes[36..40]), (&b"RIFF"[..], &b"WAVEfmt "[..], &b"data"[..]));
    let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    assert_eq!(number(4) as usize, bytes.len() - 8, "the size in the head is the size of the file");
    let end = 44 + number(40) as usize;
    // Behind the samples stand chunks of other kinds, each of an even length.
    let mut at = end.next_multiple_of(2);
    while at < bytes.len() {
        at = (at + 8 + number(at + 4) as usize).next_multiple_of(2);
    }
    assert_eq!(at, bytes.len(), "the size of each chunk is what is there");
    let channels = usize::from(u16::from_le_bytes([bytes[22], bytes[23]]));
    let samples = bytes[44..end].chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
    (channels, number(24), samples)
}
