//! The program is killed at every call that changes a file, and the disk is full from every such call on: no file is half
//! written, none that was there is lost, and the next run leaves nothing behind.
//!
//! A small C file, loaded before the C library, makes the Nth call fail: so every one is tried, in order, on any file
//! system. It needs `cc`, which Rust needs itself to link, and Linux.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::workshop::Workshop;

const SHORT: &str =
    "title = \"Short\"\nallow = [\"no-safety: a test\"]\n[[steps]]\nbell = \"low\"\n[[steps]]\npause = \"3s\"\n";

/// The library that makes calls fail.
fn shim() -> &'static Path {
    static SHIM: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = SHIM.get_or_init(|| {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("fault.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/fault.c");
        let compiled =
            Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&path).args([source, "-ldl"]).status();
        assert!(compiled.expect("cc, as Rust links with it").success());
        (folder, path)
    });
    path
}

/// What is tried: a command, and the files that it writes.
struct Job {
    arguments: &'static [&'static str],
    writes: &'static [&'static str],
    /// Whether these files are there before, with something else in them.
    replaces: bool,
}

const JOBS: [Job; 8] = [
    Job {
        arguments: &["export", "short.toml", "--rate", "8000", "--mono", "-o", "o.wav", "--words", "vtt"],
        writes: &["o.vtt", "o.wav"],
        replaces: true,
    },
    Job {
        arguments: &["export", "short.toml", "--rate", "8000", "--date", "2026-03-01", "-o", "o.opus"],
        writes: &["o.opus"],
        replaces: true,
    },
    Job {
        arguments: &["export", "short.toml", "--rate", "8000", "--mono", "--date", "2026-03-01", "-o", "o.flac"],
        writes: &["o.flac"],
        replaces: true,
    },
    Job {
        arguments: &["export", "short.toml", "--rate", "8000", "--mono", "-o", "o.wav", "--stems", "stems"],
        writes: &["o.wav", "stems/bed.wav", "stems/bells.wav", "stems/tones.wav", "stems/voice.wav"],
        replaces: true,
    },
    Job {
        arguments: &["export", "short.toml", "--rate", "8000", "--date", "2026-03-01", "-o", "o.m4a"],
        writes: &["o.m4a"],
        replaces: true,
    },
    Job {
        arguments: &["plan", "short.toml", "--svg", "o.svg", "--vtt", "o.vtt", "--labels", "o.txt"],
        writes: &["o.svg", "o.txt", "o.vtt"],
        replaces: true,
    },
    Job { arguments: &["new", "mine"], writes: &["mine.toml"], replaces: false },
    Job { arguments: &["new", "mine", "--like", "morning"], writes: &["mine.toml"], replaces: false },
];

/// Everything in the workshop but its home, by name.
fn contents(workshop: &Workshop) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![workshop.path("")]);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            let name = path.strip_prefix(workshop.path("")).expect("inside").to_string_lossy().into_owned();
            match path.is_dir() {
                true if name == "home" => {}
                true => folders.push(path),
                false => _ = found.insert(name, fs::read(path).expect("a file")),
            }
        }
    }
    found
}

impl Job {
    /// A workshop as it is before.
    fn before(&self) -> Workshop {
        let workshop = Workshop::new();
        workshop.file("short.toml", SHORT);
        for name in self.writes.iter().filter(|_| self.replaces) {
            workshop.file(name, format!("the old {name}"));
        }
        workshop
    }

    /// Runs with the fault at the call `number`: the status, or `None` where it was killed; whether it came to the fault.
    fn run(&self, workshop: &Workshop, fault: &str, number: usize) -> (Option<i32>, bool) {
        let (mark, mut command) = (workshop.path("home/hit"), workshop.command());
        fs::create_dir_all(workshop.path("home")).expect("a folder");
        let _ = fs::remove_file(&mark);
        command.args(self.arguments).stdout(Stdio::null()).stderr(Stdio::null());
        command.env("FAULT", format!("{fault}:{number}")).env("FAULT_HIT", &mark).env("LD_PRELOAD", shim());
        let status = command.status().expect("the program starts");
        assert!(status.code().is_some() || status.signal() == Some(9), "{status}");
        (status.code(), mark.exists())
    }

    /// Tries every call; how many there are.
    fn try_all(&self, fault: &str) -> usize {
        let whole = self.before();
        whole.run(self.arguments).success();
        let (before, after) = (contents(&self.before()), contents(&whole));
        assert!(self.writes.iter().all(|name| after.contains_key(*name)), "{:?}", after.keys());
        for number in 1.. {
            let workshop = self.before();
            let (status, hit) = self.run(&workshop, fault, number);
            let (found, at) = (contents(&workshop), format!("{:?}, {fault} at {number}", self.arguments));
            if !hit {
                assert_eq!(status, Some(0), "{at}");
                assert_eq!(found, after, "{at}");
                return number - 1;
            }
            assert_eq!(status, if fault == "kill" { None } else { Some(3) }, "{at}");
            for name in self.writes {
                let (now, old, new) = (found.get(*name), before.get(*name), after.get(*name));
                assert!(now == old || now == new, "{at}: {name} is neither what it was nor whole");
            }
            assert_eq!(found.get("short.toml"), before.get("short.toml"), "{at}");
            let left = found.keys().filter(|name| name.contains(".catcow-")).count();
            assert!(fault == "kill" || left == 0, "{at}: {:?}", found.keys());
            // Nothing is overwritten by `new`: what it wrote before it was killed stands.
            if self.replaces || !found.contains_key(self.writes[0]) {
                workshop.run(self.arguments).success();
            } else {
                workshop.run(["new", "another"]).success();
                fs::remove_file(workshop.path("another.toml")).expect("a file");
            }
            assert_eq!(contents(&workshop), after, "{at}: after the next run");
        }
        unreachable!()
    }
}

#[test]
fn killed_at_any_write_every_file_is_old_or_new_and_the_next_run_clears_up() {
    for job in &JOBS {
        let calls = job.try_all("kill");
        assert!(calls >= 2 * job.writes.len(), "{calls} calls seen of {:?}", job.arguments);
    }
}

#[test]
fn a_disk_that_is_full_from_any_write_on_costs_no_file_and_is_told() {
    for job in &JOBS {
        let calls = job.try_all("full");
        assert!(calls >= 2 * job.writes.len(), "{calls} calls seen of {:?}", job.arguments);
    }
}

/// The name of a site does not stand for half of one.
#[test]
fn a_site_is_the_former_one_or_the_new_one_whatever_becomes_of_the_writing() {
    let job = Job { arguments: &["site", "o", "short.toml", "--voice", "./mute"], writes: &[], replaces: true };
    let before = || {
        let workshop = Workshop::new();
        workshop.file("mute/voice.toml", "name = \"Mute\"\n").file("short.toml", SHORT);
        workshop.run(job.arguments).success();
        workshop.file("short.toml", SHORT.replace("3s", "4s"));
        workshop
    };
    let old = contents(&before());
    let whole = before();
    whole.run(job.arguments).success();
    let new = contents(&whole);
    assert_ne!(old, new);
    for fault in ["kill", "full"] {
        for number in 1.. {
            let workshop = before();
            let (status, hit) = job.run(&workshop, fault, number);
            let mut found = contents(&workshop);
            if !hit {
                assert!(status == Some(0) && number > 5 && found == new, "{fault} at {number}");
                break;
            }
            assert_eq!(status, if fault == "kill" { None } else { Some(3) }, "{fault} at {number}");
            found.retain(|name, _| fault == "full" || !name.contains(".catcow-"));
            assert!(found == old || found == new, "{fault} at {number}: {:?}", found.keys());
            workshop.run(job.arguments).success();
            assert_eq!(contents(&workshop), new, "{fault} at {number}: after the next run");
        }
    }
}

/// `log` notes once that weeks brought no progress.
#[test]
fn the_log_keeps_its_lines_whatever_becomes_of_the_next() {
    let lines: String =
        (1..=28).map(|day| format!("2026-02-{day:02}T07:00:00\tmorning\t300\tfinished\t5\t5\n")).collect();
    let job = Job { arguments: &["log"], writes: &[], replaces: false };
    for fault in ["kill", "full"] {
        for number in 1.. {
            let workshop = Workshop::new();
            workshop.file("home/log.tsv", &lines);
            let (status, hit) = job.run(&workshop, fault, number);
            let text = fs::read_to_string(workshop.path("home/log.tsv")).expect("the log");
            assert!(text.starts_with(&lines), "{fault} at {number}");
            if !hit {
                assert!(number > 1 && text.len() > lines.len(), "nothing was written");
                break;
            }
            assert_eq!(status, if fault == "kill" { None } else { Some(3) }, "{fault} at {number}");
            workshop.run(["log"]).success();
            let text = fs::read_to_string(workshop.path("home/log.tsv")).expect("the log");
            let whole = |line: &&str| line.starts_with('#') || line.split('\t').count() == 6;
            assert_eq!(text.lines().filter(|line| line.contains('\t')).filter(whole).count(), 28, "{text}");
            assert_eq!(text.lines().filter(|line| *line == "# told: no progress").count(), 1, "{text}");
        }
    }
}
