//! Files as they are found and made: what is no plain file is refused at once, no output is an input, no link leads out, and a
//! name may be any that the system takes.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::wav::tone_wav;
use crate::workshop::{Outcome, Workshop};

const SHORT: &str =
    "title = \"Short\"\nallow = [\"no-safety: a test\"]\n[[steps]]\nbell = \"low\"\n[[steps]]\npause = \"3s\"\n";

/// A short routine, with a bell and a bed of its own, a pose beside it, and a voice.
fn workshop() -> Workshop {
    let workshop = Workshop::new();
    workshop.file("short.toml", SHORT);
    workshop.file(
        "own/own.toml",
        format!("{SHORT}[[steps]]\npose = \"mine\"\n[bells]\nlow = \"bell.wav\"\n").replacen(
            "title",
            "bed = \"sounds/bed.wav\"\ntitle",
            1,
        ),
    );
    workshop.file("own/poses/mine.toml", "name = \"Mine\"\nposition = \"supine\"\nhold = \"4s\"\n");
    workshop.file("own/bell.wav", tone_wav()).file("own/sounds/bed.wav", long_wav());
    workshop.file("voice/voice.toml", "name = \"Mine\"\n").file("voice/safety/stop.wav", tone_wav());
    workshop
}

/// Two seconds of a tone at 48 kHz, in mono.
fn long_wav() -> Vec<u8> {
    let samples: Vec<u8> = (0..96_000_i32).flat_map(|at| (((at % 100) * 200 - 10_000) as i16).to_le_bytes()).collect();
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + samples.len() as u32).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend(48_000_u32.to_le_bytes());
    bytes.extend(96_000_u32.to_le_bytes());
    bytes.extend(b"\x02\0\x10\0data");
    bytes.extend((samples.len() as u32).to_le_bytes());
    bytes.extend(samples);
    bytes
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
}

/// A run that is to end by itself.
#[track_caller]
fn ends(mut command: Command) -> Outcome {
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a start");
    let patience = Instant::now() + Duration::from_secs(120);
    while child.try_wait().expect("a child").is_none() {
        if Instant::now() > patience {
            child.kill().expect("a child");
            panic!("{command:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Outcome::of(child.wait_with_output().expect("a child"))
}

#[track_caller]
fn run(workshop: &Workshop, arguments: &[&str]) -> Outcome {
    let mut command = workshop.command();
    command.args(arguments);
    ends(command)
}

#[test]
fn a_pipe_a_device_or_a_socket_is_refused_at_once_wherever_a_file_is_read() {
    for (kind, called) in [("pipe", "a pipe"), ("socket", "a socket"), ("device", "a device")] {
        // Everything that is read, what is run, and the exit code.
        let (plan, export) = (
            ["plan", "own/own.toml", "--missing", "bell"],
            ["export", "own/own.toml", "--missing", "bell", "-o", "o.wav"],
        );
        let with_voice = ["plan", "short.toml", "--voice", "./voice"];
        let places: [(&str, &[&str]); 13] = [
            ("own/own.toml", &plan),
            ("own/own.toml", &["check", "own/own.toml"]),
            ("own/own.toml", &["play", "own/own.toml"]),
            ("own/poses/mine.toml", &plan),
            ("own/poses/mine.toml", &["check", "own/poses/mine.toml"]),
            ("own/bell.wav", &plan),
            ("own/sounds/bed.wav", &export),
            ("bed.wav", &["plan", "short.toml", "--bed", "./bed.wav"]),
            ("voice/voice.toml", &with_voice),
            ("voice/safety/stop.wav", &["check", "voice"]),
            ("home/config.toml", &["plan", "short.toml"]),
            ("home/voice_clips/script.toml", &["plan", "short.toml"]),
            ("home/routines/mine.toml", &["plan", "mine"]),
        ];
        for (place, arguments) in places {
            let workshop = workshop();
            let path = workshop.path(place);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            let _ = fs::remove_file(&path);
            let _socket = match kind {
                "pipe" => {
                    pipe(&path);
                    None
                }
                "socket" => {
                    // The path of a socket may be short only, so it is made where it is named from.
                    let short = tempfile::Builder::new().prefix("s").tempdir_in("/tmp").expect("a folder");
                    let socket = std::os::unix::net::UnixListener::bind(short.path().join("s")).expect("a socket");
                    fs::rename(short.path().join("s"), &path).expect("the same file system");
                    Some(socket)
                }
                _ => {
                    // A device of one's own needs a privilege; a link to one is one. What may not be a link is tried elsewhere.
                    symlink("/dev/zero", &path).expect("a link");
                    None
                }
            };
            let outcome = run(&workshop, arguments);
            assert!([1, 3].contains(&outcome.status), "{kind} at {place}: {outcome:?}");
            let link = kind == "device"
                && ["link", "the routine's own folder"].iter().any(|part| outcome.stderr.contains(part));
            assert!(outcome.stderr.contains(called) || link, "{kind} at {place}: {}", outcome.stderr);
            assert!(!workshop.path("o.wav").exists());
        }
    }
}

#[test]
fn what_the_shell_hands_over_is_read() {
    let workshop = workshop();
    for script in [
        "cat short.toml | \"$CATCOW\" plan /dev/stdin",
        "\"$CATCOW\" plan /dev/fd/3 3<short.toml",
        "cat short.toml | \"$CATCOW\" check /dev/stdin",
    ] {
        let mut command = workshop.shell(script);
        let outcome = Outcome::of(command.env("CATCOW", env!("CARGO_BIN_EXE_catcow")).output().expect("a shell"));
        assert_eq!(outcome.status, 0, "{script}: {}", outcome.stderr);
    }
    workshop.command().env("CATCOW_CONFIG", "/dev/null").args(["plan", "short.toml"]).output().expect("a start");
}

/// Every file below a folder, with what is in it.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() {
            found.extend(contents(&path));
        } else {
            found.push((path.clone(), fs::read(&path).expect("a file")));
        }
    }
    found.sort();
    found
}

#[test]
fn an_output_that_is_an_input_or_another_output_is_refused_whatever_it_is_called() {
    let workshop = workshop();
    workshop
        .file("home/config.toml", "level = 2\n")
        .file("home/log.tsv", "")
        .file("home/voice_clips/script.toml", "[cues]\n");
    workshop
        .file("home/routines/named.toml", SHORT)
        .file("home/routines/poses/named.toml", "name = \"N\"\nposition = \"supine\"\nhold = \"4s\"\n");
    workshop.file("uses.toml", format!("{SHORT}[[steps]]\npose = \"named\"\n"));
    fs::hard_link(workshop.path("short.toml"), workshop.path("hard.svg")).expect("a link");
    symlink("short.toml", workshop.path("soft.svg")).expect("a link");
    symlink("own", workshop.path("same")).expect("a link");
    fs::create_dir(workshop.path("out")).expect("a folder");
    fs::copy(workshop.path("own/own.toml"), workshop.path("own/own.wav")).expect("a file");
    let own = |verb: &'static [&'static str]| [verb, &["--missing", "bell"]].concat();
    let voice = |verb: &'static [&'static str]| [verb, &["--voice", "./voice", "--missing", "bell"]].concat();
    let wrong: Vec<Vec<&str>> = vec![
        vec!["plan", "short.toml", "--labels", "short.toml"],
        vec!["plan", "short.toml", "--labels", "own/../short.toml"],
        vec!["plan", "short.toml", "--svg", "hard.svg"],
        vec!["plan", "short.toml", "--svg", "soft.svg"],
        own(&["export", "own/own.toml", "-o", "own/bell.wav"]),
        own(&["export", "own/own.toml", "-o", "same/bell.wav"]),
        own(&["export", "own/own.toml", "-o", "own/sounds/bed.wav"]),
        own(&["plan", "own/own.toml", "--vtt", "own/poses/mine.toml"]),
        vec!["export", "short.toml", "--bed", "own/sounds/bed.wav", "-o", "own/sounds/bed.wav"],
        vec!["export", "short.toml", "--bed", "own/sounds/bed.wav", "-o", "same/sounds/bed.wav"],
        vec!["export", "short.toml", "-o", "out/voice.wav", "--stems", "out"],
        vec!["export", "short.toml", "-o", "new/voice.wav", "--stems", "new"],
        vec!["export", "short.toml", "-o", "new/../new/Voice.wav", "--stems", "./new"],
        vec!["export", "short.toml", "--bed", "own/sounds/bed.wav", "--stems", "own/sounds"],
        vec!["plan", "short.toml", "--svg", "a.svg", "--vtt", "a.svg"],
        vec!["plan", "short.toml", "--svg", "a.svg", "--vtt", "./a.svg"],
        vec!["plan", "short.toml", "--svg", "a.svg", "--vtt", "out/../A.svg"],
        vec!["plan", "short.toml", "--svg", "-", "--vtt", "/dev/stdout"],
        voice(&["export", "short.toml", "-o", "voice/safety/stop.wav"]),
        voice(&["plan", "short.toml", "--svg", "voice/voice.toml"]),
        vec!["plan", "short.toml", "--svg", "home/config.toml"],
        vec!["plan", "short.toml", "--svg", "home/log.tsv"],
        vec!["plan", "short.toml", "--svg", "home/voice_clips/script.toml"],
        vec!["plan", "named", "--svg", "home/routines/named.toml"],
        vec!["plan", "uses.toml", "--svg", "home/routines/poses/named.toml"],
    ];
    let before = contents(&workshop.path(""));
    for arguments in wrong {
        let said = run(&workshop, &arguments).failure(3);
        assert!(said.contains("cannot write") && said.contains("help: "), "{arguments:?}: {said}");
        assert_eq!(contents(&workshop.path("")), before, "{arguments:?}");
        assert!(!workshop.path("new").exists(), "{arguments:?}");
    }
    // What is none of them is written, beside them too.
    run(&workshop, &["plan", "short.toml", "--svg", "own/short.svg", "--vtt", "own/short.vtt"]).success();
    run(&workshop, &["export", "short.toml", "-o", "voice/session.wav", "--stems", "out"]).success();
}

#[test]
fn what_is_being_written_is_left_alone_and_what_was_killed_is_cleared_up() {
    let workshop = workshop();
    fs::create_dir(workshop.path("out")).expect("a folder");
    pipe(&workshop.path("out/voice.wav"));
    let parts = || workshop.files().into_iter().filter(|name| name.contains(".part")).count();
    // It has begun its first file, and waits for a reader of its second, who never comes.
    let mut command = workshop.command();
    command.args(["-q", "export", "short.toml", "-o", "o.wav", "--stems", "out"]);
    let mut waiting = command.spawn().expect("a start");
    let patience = Instant::now() + Duration::from_secs(120);
    while parts() == 0 {
        assert!(Instant::now() < patience && waiting.try_wait().expect("a child").is_none(), "it does not begin");
        std::thread::sleep(Duration::from_millis(5));
    }
    run(&workshop, &["export", "short.toml", "-o", "other.wav"]).success();
    assert_eq!(parts(), 1, "the file of a program that runs: {:?}", workshop.files());
    waiting.kill().expect("a child");
    waiting.wait().expect("a child");
    assert_eq!(parts(), 1, "{:?}", workshop.files());
    run(&workshop, &["export", "short.toml", "-o", "other.wav"]).success();
    assert_eq!(parts(), 0, "the file of a program that was killed: {:?}", workshop.files());
}

#[test]
fn no_link_leads_out_of_a_voice_or_of_a_routines_folder() {
    const SECRET: &str = "do not show this line";
    let workshop = workshop();
    let secret = tempfile::NamedTempFile::new().expect("a file");
    fs::write(secret.path(), SECRET).expect("a file");
    let link = |name: &str| {
        let path = workshop.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        let _ = fs::remove_file(&path);
        symlink(secret.path(), path).expect("a link");
    };
    let cases: [(&str, &[&str]); 6] = [
        ("voice/voice.toml", &["check", "voice"]),
        ("own/poses/mine.toml", &["plan", "own/own.toml", "--missing", "bell"]),
        ("own/bell.wav", &["plan", "own/own.toml", "--missing", "bell"]),
        ("home/routines/poses/named.toml", &["plan", "uses.toml"]),
        ("home/voice_clips/script.toml", &["plan", "short.toml"]),
        ("home/routines/linked.toml", &["plan", "linked"]),
    ];
    workshop.file("uses.toml", format!("{SHORT}[[steps]]\npose = \"named\"\n"));
    for (name, arguments) in cases {
        link(name);
        let outcome = run(&workshop, arguments);
        let said = outcome.failure(1);
        assert!(
            said.contains("error[outside-folder]") && said.contains(name.rsplit('/').next().unwrap()),
            "{name}: {said}"
        );
        assert!(!said.contains(SECRET), "{name}: {said}");
        fs::remove_file(workshop.path(name)).expect("a link");
    }
    // A link that stays inside, and a folder that is a link as a whole, are somebody's own order.
    workshop
        .file("own/poses/other.toml", "name = \"Mine\"\nposition = \"supine\"\nhold = \"4s\"\n")
        .file("own/bell.wav", tone_wav());
    symlink("other.toml", workshop.path("own/poses/mine.toml")).expect("a link");
    symlink("own", workshop.path("linked")).expect("a link");
    run(&workshop, &["plan", "linked/own.toml", "--missing", "bell"]).success();
}

#[test]
fn a_folder_may_have_any_name_that_the_system_takes() {
    let odd: [&OsStr; 3] = [OsStr::from_bytes(b"caf\xe9"), OsStr::new("built-in:routines"), OsStr::new("CATCOW_x")];
    for name in odd {
        let workshop = workshop();
        let at = |rest: &str| {
            let mut path = PathBuf::from(name);
            path.push(rest);
            path
        };
        fs::rename(workshop.path("own"), workshop.path(at(""))).expect("a folder");
        fs::rename(workshop.path("voice"), workshop.path(at("voice"))).expect("a folder");
        let run = |arguments: &[&OsStr]| {
            let outcome = workshop.command().args(arguments).output().expect("a start");
            assert!(outcome.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&outcome.stderr));
        };
        let (routine, voice, bed, out, new) =
            (at("own.toml"), at("voice/"), at("sounds/bed.wav"), at("o.wav"), at("fresh.toml"));
        let bell: [&OsStr; 2] = ["--missing".as_ref(), "bell".as_ref()];
        run(&[&["plan".as_ref(), routine.as_os_str()], &bell[..]].concat());
        run(&[&["check".as_ref(), routine.as_os_str()], &bell[..]].concat());
        run(&[&["export".as_ref(), routine.as_os_str(), "-o".as_ref(), out.as_os_str()], &bell[..]].concat());
        run(&[
            "export".as_ref(),
            "short.toml".as_ref(),
            "--bed".as_ref(),
            bed.as_os_str(),
            "-o".as_ref(),
            out.as_os_str(),
        ]);
        run(&["plan".as_ref(), "short.toml".as_ref(), "--voice".as_ref(), voice.as_os_str()]);
        run(&["new".as_ref(), new.as_os_str()]);
        assert!(workshop.path(&new).exists() && workshop.path(&out).exists(), "{name:?}");
    }
}
