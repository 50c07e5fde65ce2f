//! What stands between a terminal and the program: any bytes may come from it, nothing but text goes to it, and it may be
//! another program's meanwhile.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::sound_server::{SoundServer, wait_until};
use crate::trial::{Player, from_the_hold, trial, wait_for};
use crate::workshop::{Outcome, Workshop};

/// Keys that mean nothing, replies and reports of terminals, sequences that are cut short, letters in another encoding.
const NO_KEYS: [&[u8]; 22] = [
    b"\x1b[E",
    b"\x1bOy",
    b"\x1bOp",
    b"\x1b[",
    b"\xe9",
    b"\xfc",
    b"\x1b[25~",
    b"\x1b[[A",
    b"\x1b[1;5q",
    b"\x1b[c",
    b"\x1bOc",
    b"\x1b[7^",
    b"\x1b[23$",
    b"\x1b[27;5;9~",
    b"\x1b[?997;1n",
    b"\x1b[?1u",
    b"\x1b[24;80R",
    b"\x1b]11;rgb:0000/0000/0000\x1b\\",
    b"\x1bP1+r\x1b\\",
    b"\x1b[200~q00 \x1b[201~",
    b"\x1b[<0;10;20M",
    b"\x1b\x1b\x1b",
];

/// A number from a seed (xorshift): the same on every machine.
fn random(seed: &mut u64) -> usize {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    (*seed >> 16) as usize
}

#[test]
#[ignore = "needs pulseaudio and script (bsdutils); tests/run.sh installs them"]
fn bytes_that_are_no_key_leave_the_page_the_volume_and_the_end_alone() {
    let (workshop, session) = trial();
    let sound = SoundServer::start();
    let mut player = Player::spawn(Player::command(&workshop, &sound, &from_the_hold(&session), "screen"));
    wait_until("it plays", || sound.is_loud());
    let shown = || fs::metadata(workshop.path("screen")).unwrap().len();
    let mut seed = 0x5eed_0000_0000_0001;
    for _ in 0..14 {
        let before = shown();
        for _ in 0..4 {
            player.send(NO_KEYS[random(&mut seed) % NO_KEYS.len()]);
        }
        // What is left is counted every second.
        wait_for(&sound, 1.5);
        assert!(shown() > before, "the page goes on");
    }
    assert_eq!(player.end(), 0, "the session ends by itself");
    let screen = String::from_utf8_lossy(&fs::read(workshop.path("screen")).unwrap()).into_owned();
    assert!(!screen.contains("volume"), "{screen}");
    assert!(screen.contains("Trial: ") && screen.contains(" of "), "{screen}");
    let log = fs::read_to_string(workshop.path("home/log.tsv")).unwrap();
    assert!(log.contains("finished"), "{log}");
}

#[test]
#[ignore = "needs pulseaudio and script (bsdutils); tests/run.sh installs them"]
fn whatever_bytes_came_a_signal_ends_it() {
    let (workshop, session) = trial();
    for signal in ["-TERM", "-INT", "-HUP"] {
        // Before the page is there and something sounds, the keys are the terminal's own.
        let sound = SoundServer::start();
        let mut player = Player::spawn(Player::command(&workshop, &sound, &from_the_hold(&session), "screen"));
        let screen = || String::from_utf8_lossy(&fs::read(workshop.path("screen")).unwrap_or_default()).into_owned();
        wait_until("it plays", || sound.is_loud() && screen().contains("\x1b[?1049h"));
        // It knows by now that the device plays: where none does at the start, the session ends with that.
        wait_for(&sound, 1.0);
        let mut seed = 0x5eed_0000_0000_0002;
        for _ in 0..100 {
            let bytes: Vec<u8> = (0..20).map(|_| random(&mut seed) as u8).collect();
            // Ctrl-C ends it, and so do keys that lead past its last pose; what ends the keyboard of `script`, or any program
            // whose terminal is not its own, is not this program's.
            const LEAD_TO_THE_END: &[u8] = b"\x03\x04\x1cqQnNpPrR+=-ABCD";
            let bytes: Vec<u8> = bytes.into_iter().filter(|byte| !LEAD_TO_THE_END.contains(byte)).collect();
            player.send(&bytes);
        }
        wait_for(&sound, 0.5);
        assert!(player.runs(), "it ended before {signal} came, with {}, having shown {:?}", player.end(), screen());
        player.signal(signal);
        assert_eq!(player.end(), 130, "{signal}");
    }
}

/// Runs a program in a container, whose session began outside; as it is where no container can be made, as in most containers.
fn in_a_container(program: &Command) -> Command {
    const ARGUMENTS: [&str; 5] = ["--user", "--map-root-user", "--pid", "--fork", "--mount-proc"];
    let can = Command::new("unshare").args(ARGUMENTS).arg("true").status().is_ok_and(|status| status.success());
    let mut command = Command::new(if can { "unshare" } else { "env" });
    command.args(if can { &ARGUMENTS[..] } else { &[] }).arg(program.get_program()).args(program.get_args());
    command.current_dir(program.get_current_dir().unwrap());
    command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

#[test]
#[ignore = "needs pulseaudio, script (bsdutils) and unshare (util-linux); tests/run.sh installs them"]
fn ctrl_z_is_no_key_in_a_container_that_nobody_could_let_it_go_on_in() {
    let (workshop, session) = trial();
    let sound = SoundServer::start();
    let mut player =
        Player::spawn(in_a_container(&Player::command(&workshop, &sound, &from_the_hold(&session), "screen")));
    wait_until("it plays", || sound.is_loud());
    wait_for(&sound, 1.0);
    player.press("\x1a");
    wait_for(&sound, 1.0);
    player.press("q");
    assert_eq!(player.end(), 0, "{}", String::from_utf8_lossy(&fs::read(workshop.path("screen")).unwrap()));
}

/// A shell with control of jobs, at a terminal whose keys are ours; what it shows goes to the file `screen`.
fn shell(workshop: &Workshop, sound: &SoundServer) -> Player {
    let mut command = Player::command(workshop, sound, "", "screen");
    let arguments = ["-qefc", "exec bash --norc --noprofile -i", "screen"];
    let mut shell = Command::new("script");
    shell.args(arguments).current_dir(workshop.path("."));
    for (name, value) in command.stdin(Stdio::piped()).get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    Player::spawn(shell)
}

/// The command of a session as a shell is told it.
fn told(session: &[i32]) -> String {
    let catcow = env!("CARGO_BIN_EXE_catcow");
    format!("{catcow} play ./trial.toml --voice ./voice --wake=false {}", from_the_hold(session))
}

/// The state of the program that a shell started: `T` where it is stopped.
fn state(shell: &Player) -> Option<String> {
    let output = Command::new("pgrep").args(["-P", &shell.process(), "catcow"]).output().unwrap();
    let process = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    let line = fs::read_to_string(Path::new("/proc").join(process).join("stat")).ok()?;
    line.rsplit(')').next()?.split_whitespace().next().map(str::to_owned)
}

#[test]
#[ignore = "needs pulseaudio, script (bsdutils) and bash; tests/run.sh installs them"]
fn ctrl_z_stops_it_with_the_terminal_as_it_was_and_fg_goes_on() {
    let (workshop, session) = trial();
    let sound = SoundServer::start();
    let mut player = shell(&workshop, &sound);
    player.press(&format!("stty -a > before; {}\n", told(&session)));
    wait_until("it plays", || sound.is_loud());
    player.press("\x1a");
    wait_until("it is stopped", || state(&player).as_deref() == Some("T"));
    player.press("stty -a > during; echo > written\n");
    wait_until("the shell has the terminal", || workshop.path("written").exists());
    let terminal = |name| fs::read_to_string(workshop.path(name)).unwrap();
    assert_eq!(terminal("before"), terminal("during"));
    let screen = || String::from_utf8_lossy(&fs::read(workshop.path("screen")).unwrap()).into_owned();
    assert!(screen().ends_with("$ ") || screen().contains("\x1b[?1049l"), "the page has made way: {}", screen());
    player.press("fg\n");
    let log = || fs::read_to_string(workshop.path("home/log.tsv")).unwrap_or_default();
    wait_until("it goes on, to its end", || log().contains("finished"));
    player.press("\nexit 0\n");
    assert_eq!(player.end(), 0);
}

#[test]
#[ignore = "needs pulseaudio, script (bsdutils) and bash; tests/run.sh installs them"]
fn in_the_background_it_plays_on_with_plain_lines() {
    let (workshop, session) = trial();
    let sound = SoundServer::start();
    let mut player = shell(&workshop, &sound);
    // With this a program that writes from the background is stopped, unless it knows better.
    player.press(&format!("stty tostop\n{} &\n", told(&session)));
    let log = || fs::read_to_string(workshop.path("home/log.tsv")).unwrap_or_default();
    wait_until("it plays to its end", || log().contains("finished"));
    player.press("\nexit 0\n");
    assert_eq!(player.end(), 0);
    let screen = String::from_utf8_lossy(&fs::read(workshop.path("screen")).unwrap()).into_owned();
    assert!(screen.contains("  Still") && !screen.contains("\x1b[?1049h"), "{screen}");
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn three_seconds_of_another_session_leave_what_can_be_taken_up_and_one_line_says_so() {
    let (workshop, session) = trial();
    let sound = SoundServer::start();
    let kept = r#"{"arguments":["play","gentle-back"],"folder":"/","title":"Gentle back","part":3,"seconds":2.5}"#;
    workshop.file("home/interrupted.json", kept);
    let mut player = Player::spawn(Player::command(&workshop, &sound, &from_the_hold(&session), "screen"));
    wait_until("it plays", || sound.is_loud());
    player.press("\x03");
    assert_eq!(player.end(), 130);
    assert_eq!(fs::read_to_string(workshop.path("home/interrupted.json")).unwrap(), kept);
    let screen = fs::read_to_string(workshop.path("screen")).unwrap();
    let said = "`catcow play --resume` goes on with what was interrupted before (Gentle back).";
    assert!(screen.contains("Trial: 0:") && screen.contains(said), "{screen}");
    assert!(!screen.contains("error"), "{screen}");
    // Without it, there is nothing that the few seconds could take the place of.
    fs::remove_file(workshop.path("home/interrupted.json")).unwrap();
    let mut player = Player::spawn(Player::command(&workshop, &sound, &from_the_hold(&session), "screen"));
    wait_until("it plays", || sound.is_loud());
    wait_for(&sound, 1.0);
    player.press("\x03");
    assert_eq!(player.end(), 130);
    let screen = fs::read_to_string(workshop.path("screen")).unwrap();
    assert!(screen.contains("`catcow play --resume` goes on."), "{screen}");
}

/// A name in which a colour, a command that clears the screen, a window's title and an override of direction stand.
const HOSTILE: &str = "a\u{1b}[31mb\u{9b}2Jc\u{202e}d\u{1b}]0;t\u{7}e\r\u{7f}\u{2028}";

/// What a program may not send to a terminal, its own colours left out.
#[track_caller]
fn assert_text(outcome: &Outcome, what: &str) {
    for text in [&outcome.stdout, &outcome.stderr] {
        let mut text = text.clone();
        while let Some(start) = text.find("\x1b[") {
            let style = text[start + 2..].find(|letter: char| !letter.is_ascii_digit() && letter != ';');
            let end = start + 2 + style.unwrap_or(0);
            assert!(text[end..].starts_with('m'), "{what}: {text:?}");
            text.replace_range(start..=end, "");
        }
        let control = |letter: char| {
            letter != '\n' && letter.is_control()
                || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!text.contains(control), "{what}: {text:?}");
    }
}

#[test]
fn nothing_that_a_name_or_a_file_holds_reaches_a_terminal_as_a_control() {
    let workshop = Workshop::new();
    let name = HOSTILE.replace('/', "");
    let file = format!("{name}.toml");
    let title = "title = \"ab\\u001b[2J\\u009b1m\\u202edef\\u2066\"\n";
    workshop
        .file("title.toml", format!("{title}[[steps]]\nsay = \"my/a\"\n[cues]\n\"my/a\" = \"go\u{202e}tf\u{200b}\"\n"));
    let broken =
        format!("title = \"ok\"\n\"k\\u009d0;P\\u009c\" = 1\nx = \"\u{9b}[31mraw\" # \u{9d}0;P\u{9c}\n{title}");
    workshop.file("broken.toml", &broken).file(&file, &broken).file(&format!("{name}/x.toml"), title);
    workshop.file(&format!("voice/{name}.wav"), "no sound").file(&format!("home/routines/{file}"), &broken);
    workshop.file("home/log.tsv", format!("2026-11-01T07:00:00\t{HOSTILE}\t300\tfinished\t-\t-\n{HOSTILE}\n"));
    let missing = format!("./{name}/none/{file}");
    let runs: [&[&str]; 44] = [
        &["list"],
        &["list", "--voice", HOSTILE],
        &["log"],
        &["log", "--sessions"],
        &["log", "--add", HOSTILE],
        &["today", HOSTILE],
        &["plan", "./title.toml", "--missing", "bell"],
        &["plan", "./title.toml", "--missing", "bell", "--json"],
        &["plan", "./title.toml", "--missing", "bell", "--svg", "-"],
        &["plan", "./title.toml", "--missing", "bell", "--vtt", "-"],
        &["plan", "./title.toml", "--missing", "bell", "--srt", "-"],
        &["plan", "./title.toml", "--missing", "bell", "--text", "-"],
        &["plan", "./title.toml", "--missing", "bell", "--lrc", "-"],
        &["plan", "./title.toml", "--missing", "bell", "--labels", "-"],
        &["plan", "./title.toml", "--missing", "bell", "--labels", &name],
        &["plan", HOSTILE],
        &["plan", &file],
        &["plan", &missing],
        &["plan", "morning", "--voice", HOSTILE],
        &["plan", "morning", "--bed", HOSTILE],
        &["plan", "morning", "--length", HOSTILE],
        &["plan", "morning", "--breath", HOSTILE],
        &["plan", "morning", "--tone", HOSTILE],
        &["check", "broken.toml", "title.toml"],
        &["check", &file, &missing, &name, "voice"],
        &["new", HOSTILE],
        &["new", "my-own", "--poses", HOSTILE],
        &["new", "my-own", "--like", HOSTILE],
        &["new", &missing],
        &["play", HOSTILE],
        &["play", &file],
        &["play", "morning", "--from", HOSTILE],
        &["play", "./title.toml", "--missing", "bell", "--from", "nowhere"],
        &["play", "./title.toml", "--missing", "bell", "--pain"],
        &["export", "morning", "-o", HOSTILE],
        &["export", "./title.toml", "--missing", "bell", "-o", &format!("{name}.wav")],
        &["export", "morning", "-o", &format!("./{name}/none/a.wav")],
        &["config", HOSTILE],
        &["config", "--voice", HOSTILE],
        &["breath", "--for", HOSTILE],
        &["schema", HOSTILE],
        &["completions", HOSTILE],
        &[HOSTILE],
        &["plan", &format!("--{HOSTILE}")],
    ];
    for arguments in runs {
        for colours in ["0", "1"] {
            let mut command = workshop.command();
            command.args(arguments).env("CLICOLOR_FORCE", colours).env("PULSE_SERVER", "unix:/nowhere/native");
            let outcome = Outcome::of(command.stdin(Stdio::null()).output().unwrap());
            assert!(arguments[0] == "log" || !outcome.stdout.is_empty() || !outcome.stderr.is_empty(), "{arguments:?}");
            assert_text(&outcome, &arguments.join(" "));
        }
    }
    for settings in [format!("voice = \"{}\"\n", "\\u009bx"), format!("{HOSTILE} = 1\n")] {
        workshop.file("home/config.toml", settings);
        assert_text(&workshop.run(["config"]), "settings");
        assert_text(&workshop.run(["plan", "morning"]), "settings");
    }
}

/// Runs a command at a terminal that nobody reads, and fills it when there is a file `fill`, until it takes nothing any more; a file
/// `full` says so. Then it waits for the end.
const UNREAD: &str = "
import fcntl, os, pty, sys, termios, time
master, slave = os.openpty()
child = os.fork()
if child == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for number in range(3):
        os.dup2(slave, number)
    os.execvp(sys.argv[1], sys.argv[1:])
other = os.open(os.ttyname(slave), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
os.close(slave)
while not os.path.exists('fill') and os.waitpid(child, os.WNOHANG)[0] == 0:
    time.sleep(0.05)
refused = 0
while refused < 10:
    try:
        os.write(other, b'.' * 64)
        refused = 0
    except BlockingIOError:
        refused += 1
        time.sleep(0.02)
open('full', 'w').close()
while os.path.exists('keys') is False and os.path.exists('end') is False:
    if os.waitpid(child, os.WNOHANG)[0]:
        sys.exit(99)
    time.sleep(0.05)
if os.path.exists('keys'):
    os.write(master, open('keys', 'rb').read())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
";

/// A command at such a terminal, after which it is full.
fn unread(workshop: &Workshop, environment: &Command, arguments: &[&str], begun: impl Fn() -> bool) -> Player {
    let mut python = Command::new("/usr/bin/python3");
    python.args(["-c", UNREAD, env!("CARGO_BIN_EXE_catcow")]).args(arguments).current_dir(workshop.path("."));
    for (name, value) in environment.get_envs() {
        match value {
            Some(value) => python.env(name, value),
            None => python.env_remove(name),
        };
    }
    let player = Player::spawn(python);
    wait_until("it has begun", begun);
    workshop.file("fill", "");
    wait_until("the terminal takes nothing any more", || workshop.path("full").exists());
    player
}

#[test]
#[ignore = "needs pulseaudio and python3; tests/run.sh installs them"]
fn a_terminal_that_takes_nothing_holds_up_neither_sound_nor_keys_nor_signals() {
    for ends in ["by a key", "by a signal", "by itself"] {
        let (workshop, session) = trial();
        let sound = SoundServer::start();
        let hold = from_the_hold(&session);
        let arguments = ["play", "./trial.toml", "--voice", "./voice", "--wake=false"];
        let arguments: Vec<&str> = arguments.into_iter().chain(hold.split(' ')).collect();
        let environment = Player::command(&workshop, &sound, "", "screen");
        let player = unread(&workshop, &environment, &arguments, || sound.is_loud());
        wait_for(&sound, 3.0);
        let status = match ends {
            "by a key" => {
                workshop.file("keys", "q");
                0
            }
            "by a signal" => {
                player.signal("-TERM");
                workshop.file("end", "");
                130
            }
            _ => {
                workshop.file("end", "");
                0
            }
        };
        assert_eq!(player.end(), status, "{ends}");
        if ends == "by itself" {
            let log = fs::read_to_string(workshop.path("home/log.tsv")).unwrap();
            assert!(log.contains("finished"), "{log}");
        }
    }
}

#[test]
#[ignore = "needs python3; tests/run.sh installs it"]
fn nor_is_a_measurement_of_the_breath_kept_from_its_end() {
    let workshop = Workshop::new();
    let begun = std::time::Instant::now();
    let player = unread(&workshop, &workshop.command(), &["breath"], || begun.elapsed().as_secs() > 2);
    player.signal("-TERM");
    workshop.file("end", "");
    assert_eq!(player.end(), 130);
}
