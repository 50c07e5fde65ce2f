//! Sound without recording: what a voice lacks is said by another voice, by plainer words, or by a speech program.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::wav::{tone_wav, wav};
use crate::workshop::{Outcome, Workshop, read_wav};

/// A speech program: it notes what it is to say, a line each, and writes a tone into the file that it is given.
const SAYS: &str = "printf '%s\\n' \"$2\" >> calls\ncp tone.wav \"$1\"\n";
/// How it is called.
const SAY: &str = "--speak=sh say.sh {out} {text}";

/// A class of these sayings.
fn class(sayings: &[&str]) -> String {
    let step = |text: &&str| format!("[[steps]]\nsay = {}\nthen = \"0s\"\n", toml(text));
    format!("title = \"Class\"\n{}", sayings.iter().map(step).collect::<String>())
}

/// A text as TOML has it.
fn toml(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A folder with the class and a speech program of this script.
fn workshop(script: &str, sayings: &[&str]) -> Workshop {
    let workshop = Workshop::new();
    workshop.file("say.sh", script).file("tone.wav", tone_wav()).file("class.toml", class(sayings));
    workshop
}

/// What the program was to say, in the order of the alphabet.
fn calls(workshop: &Workshop) -> Vec<String> {
    let text = fs::read_to_string(workshop.path("calls")).unwrap_or_default();
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

fn plan(workshop: &Workshop, arguments: &[&str]) -> Value {
    let all = ["plan", "class.toml", "--json"].iter().chain(arguments);
    serde_json::from_str(&workshop.run(all).success()).expect("JSON")
}

/// The cues that another voice or a program says, with who it is.
fn borrowed(plan: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let all = plan["borrowed"].as_array().expect("a list");
    all.iter().map(|each| (text(&each["cue"]), text(&each["voice"]))).collect()
}

#[test]
fn a_program_says_what_the_voice_lacks_and_the_class_is_heard() {
    let workshop = workshop(SAYS, &["Welcome to class.", "Thank you."]);
    workshop.run(["export", "class.toml", SAY, "--mono", "-o", "class.wav"]).success();
    assert_eq!(calls(&workshop), ["Thank you.", "Welcome to class."]);
    let (_, rate, samples) = read_wav(&workshop.path("class.wav"));
    let heard = samples.iter().filter(|sample| sample.unsigned_abs() > 1000).count();
    assert!(heard > 3 * rate as usize / 2, "two seconds of a tone are heard: {heard} samples");
    let plan = plan(&workshop, &[SAY]);
    assert_eq!(borrowed(&plan).len(), 2);
    assert_eq!(plan["borrowed"][1]["cue"], "own/welcome-to-class");
    assert_eq!(plan["borrowed"][1]["made"], true);
}

#[test]
fn what_was_said_once_is_not_said_again_and_of_changed_words_only_those() {
    let workshop = workshop(SAYS, &["Welcome to class.", "Thank you."]);
    workshop.run(["plan", "class.toml", SAY]).success();
    workshop.run(["check", "class.toml", SAY]).success();
    workshop.run(["export", "class.toml", SAY, "-o", "class.wav"]).success();
    assert_eq!(calls(&workshop).len(), 2);
    workshop.file("class.toml", class(&["Welcome, all of you.", "Thank you."]));
    workshop.run(["plan", "class.toml", SAY]).success();
    assert_eq!(calls(&workshop), ["Thank you.", "Welcome to class.", "Welcome, all of you."]);
    // Another program says it otherwise.
    workshop.run(["plan", "class.toml", "--speak=sh say.sh {out} {text} slowly"]).success();
    assert_eq!(calls(&workshop).len(), 5);
}

#[test]
fn words_reach_the_program_as_they_are_and_no_shell_reads_them() {
    const BRACES: &str = "{out} and {text} stand here.";
    const NASTY: [&str; 5] = [
        "Say \"it\" to 'me', $(touch pwned) `touch pwned`; touch pwned | cat > pwned & wait.",
        "-v --help, or -o pwned.",
        "خذ نفسا عميقا.",
        "%s %n \\n C:\\pwned, ~ * ?",
        "@pwned is no file.",
    ];
    let workshop = workshop(SAYS, &[]);
    let braces = format!("[[steps]]\nsay = \"my/braces\"\n[cues]\n\"my/braces\" = \"{BRACES}\"\n");
    workshop.file("class.toml", class(&NASTY) + &braces);
    workshop.run(["plan", "class.toml", SAY]).success();
    let mut wanted: Vec<_> =
        NASTY.map(|text| if text.starts_with(['-', '@']) { format!(" {text}") } else { text.to_owned() }).into();
    wanted.push(BRACES.to_owned());
    wanted.sort();
    assert_eq!(calls(&workshop), wanted);
    // On standard input, with the sound on standard output.
    fs::remove_file(workshop.path("calls")).unwrap();
    workshop.file("say.sh", "cat >> calls\ncat tone.wav\n").run(["plan", "class.toml", "--speak=sh say.sh"]).success();
    let mut wanted = [&NASTY[..], &[BRACES]].concat();
    wanted.sort_unstable();
    assert_eq!(calls(&workshop), wanted);
    assert_eq!(workshop.files(), ["calls", "class.toml", "say.sh", "tone.wav"]);
}

#[test]
fn a_program_that_is_not_there_is_told_with_what_helps() {
    let workshop = workshop(SAYS, &["Welcome to class."]);
    let told = |program: &str| workshop.run(["plan", "class.toml", &format!("--speak={program}")]).failure(1);
    let said = told("no-such-speech {out}");
    assert!(said.contains("error[speech-program]") && said.contains("`no-such-speech`"), "{said}");
    let said = told("piper");
    assert!(said.contains("`piper` with a voice") && said.contains("piper:/path/to/model.onnx"), "{said}");
    assert!(told("espek-ng").contains("did you mean `espeak-ng`?"));
    assert!(told("sh \"say.sh").contains("expected `\"` at the end"));
    // Without a name, it is the first that is there.
    let nothing =
        workshop.command().args(["plan", "class.toml", "--speak"]).env("PATH", workshop.path("empty")).output();
    let said = Outcome::of(nothing.unwrap()).failure(1);
    assert!(said.contains("found none that is known") && said.contains("`espeak-ng`"), "{said}");
}

#[test]
fn what_a_program_fails_to_say_is_told_with_its_words_and_the_rest_stays() {
    let script = "case \"$2\" in Bad*) echo loading >&2; echo 'cannot say this' >&2; exit 3;; esac\n".to_owned() + SAYS;
    let workshop = workshop(&script, &["Good words.", "Bad \"words\".", "More good words."]);
    let said = workshop.run(["plan", "class.toml", SAY]).failure(1);
    assert_eq!(said.matches("error[unspoken-cue]").count(), 1, "{said}");
    assert!(said.contains("\"Bad \"words\".\"") && said.contains("exit code 3, and said: cannot say this"), "{said}");
    assert_eq!(calls(&workshop).len(), 2);
    // A bell in its place, where that is wanted; the others are there already.
    let page = workshop.run(["plan", "class.toml", SAY, "--missing", "bell"]);
    assert!(page.stderr.contains("warning[unspoken-cue]"), "{}", page.stderr);
    assert!(page.success().contains("More good words."));
    assert_eq!(calls(&workshop).len(), 2);
}

#[test]
fn a_program_that_says_nothing_at_all_is_not_asked_for_everything() {
    let sayings: Vec<_> = (0..20).map(|number| format!("Saying number {number}.")).collect();
    let sayings: Vec<&str> = sayings.iter().map(String::as_str).collect();
    let workshop = workshop("echo x >> calls\nexit 1\n", &sayings);
    let said = workshop.run(["plan", "class.toml", SAY]).failure(1);
    assert!(said.contains("cues more, which were not tried"), "{said}");
    assert!(calls(&workshop).len() < 20);
}

#[test]
fn what_is_no_sound_is_told_as_what_it_is() {
    let told = |script: &str, command: &str| {
        let workshop = workshop(script, &["Welcome to class."]);
        workshop.run(["plan", "class.toml", command]).failure(1)
    };
    let said = told("echo Welcome to class.", "--speak=sh say.sh");
    assert!(said.contains("printed text in place of sound: Welcome to class.") && said.contains("`{out}`"), "{said}");
    assert!(told("exit 0", SAY).contains("it wrote no sound"));
    assert!(told("printf '\\000\\001\\002\\377' > \"$1\"", SAY).contains("cannot be played"));
    assert!(told("head -c 44 tone.wav > \"$1\"", SAY).contains("cannot be played"));
    let silent = workshop("cp silent.wav \"$1\"", &["Welcome to class."]);
    silent.file("silent.wav", wav(vec![0; 48_000], 1, 48_000));
    assert!(silent.run(["plan", "class.toml", SAY]).failure(1).contains("it is silent"));
}

#[test]
fn eight_bits_two_channels_and_noise_are_levelled_as_any_recording() {
    let workshop = workshop("cp loud.wav \"$1\"", &["Welcome to class."]);
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 11_025,
        bits_per_sample: 8,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(workshop.path("loud.wav"), spec).unwrap();
    let mut seed = 1u32;
    for frame in 0..11_025 {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // A second of a buzz that hisses, in one of the channels.
        let sample = (f64::from(frame) * 0.1).sin().mul_add(60.0, f64::from(seed >> 28)) as i32;
        writer.write_sample(sample).unwrap();
        writer.write_sample(0).unwrap();
    }
    writer.finalize().unwrap();
    workshop.run(["export", "class.toml", SAY, "--mono", "-o", "class.wav"]).success();
    let (_, _, samples) = read_wav(&workshop.path("class.wav"));
    let loud: Vec<f64> = samples.iter().map(|sample| f64::from(*sample)).filter(|sample| sample.abs() > 30.0).collect();
    let power = loud.iter().map(|sample| sample * sample).sum::<f64>() / loud.len() as f64;
    let level = 10.0 * (power / (32_768.0 * 32_768.0)).log10();
    assert!((-23.0..-15.0).contains(&level), "{level} dBFS");
}

#[test]
fn a_program_that_hangs_is_ended_with_all_that_it_started() {
    let script = "echo $$ >> pids\nsleep 1000 &\necho $! >> pids\nwait\n";
    let workshop = workshop(script, &["Welcome to class."]);
    let run = workshop.command().args(["plan", "class.toml", SAY]).env("CATCOW_SPEAK_SECONDS", "8").output().unwrap();
    let said = Outcome::of(run).failure(1);
    assert!(said.contains("not done after 8 s") && said.contains("CATCOW_SPEAK_SECONDS"), "{said}");
    all_ended(&workshop, 2);
}

/// The processes that a script noted have ended.
#[track_caller]
fn all_ended(workshop: &Workshop, number: usize) {
    let pids = fs::read_to_string(workshop.path("pids")).unwrap();
    assert_eq!(pids.lines().count(), number, "{pids}");
    let runs = |pid: &str| {
        // A process that nobody has asked about yet has ended all the same.
        let state = Command::new("ps").args(["-o", "stat=", "-p", pid]).output().expect("ps");
        let state = String::from_utf8_lossy(&state.stdout).trim().to_owned();
        !state.is_empty() && !state.starts_with('Z')
    };
    for pid in pids.lines() {
        let tries = (0..500).find(|_| {
            !runs(pid) || {
                thread::sleep(Duration::from_millis(10));
                false
            }
        });
        assert!(tries.is_some(), "{pid} still runs");
    }
}

#[test]
fn a_program_that_leaves_something_running_is_not_waited_for() {
    let script = "sleep 1000 &\necho $! >> pids\ncat tone.wav\n";
    let workshop = workshop(script, &["Welcome to class."]);
    workshop.run(["plan", "class.toml", "--speak=sh say.sh"]).success();
    all_ended(&workshop, 1);
}

#[test]
fn ctrl_c_keeps_what_was_said_and_ends_the_program() {
    let script = "case \"$2\" in Slow*) echo $$ >> pids; exec sleep 1000;; esac\n".to_owned() + SAYS;
    let workshop = workshop(&script, &["Quick words.", "Slow words."]);
    let mut run = workshop.command();
    let mut run = run.args(["play", "class.toml", SAY]).stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let kept = || fs::read_dir(workshop.path("home/cache/speech")).map_or(0, Iterator::count);
    for _ in 0..3000 {
        if kept() == 1 && workshop.path("pids").exists() {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    let interrupted = Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    assert_eq!(run.wait().unwrap().code(), Some(130));
    all_ended(&workshop, 1);
    assert_eq!(kept(), 1);
    workshop.file("say.sh", SAYS).run(["plan", "class.toml", SAY]).success();
    assert_eq!(calls(&workshop), ["Quick words.", "Slow words."]);
}

#[test]
fn a_sound_that_was_cut_short_on_the_disk_is_made_again() {
    let workshop = workshop(SAYS, &["Welcome to class."]);
    workshop.run(["plan", "class.toml", SAY]).success();
    let kept = fs::read_dir(workshop.path("home/cache/speech")).unwrap().flatten().next().unwrap().path();
    let bytes = fs::read(&kept).unwrap();
    fs::write(&kept, &bytes[..bytes.len() / 2]).unwrap();
    workshop.run(["plan", "class.toml", SAY]).success();
    assert_eq!(calls(&workshop).len(), 2);
    assert_eq!(fs::read(&kept).unwrap(), bytes);
}

#[test]
fn two_at_once_say_the_same_words_and_both_go_on() {
    let workshop = workshop(SAYS, &["Welcome to class.", "Thank you.", "Come back soon."]);
    let runs: Vec<_> = (0..4)
        .map(|_| workshop.command().args(["plan", "class.toml", SAY]).stdout(Stdio::null()).spawn().unwrap())
        .collect();
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    assert_eq!(fs::read_dir(workshop.path("home/cache/speech")).unwrap().count(), 3, "nothing half-written is left");
}

#[test]
fn without_a_program_the_way_to_one_is_told() {
    let said = workshop(SAYS, &["Welcome to class."]).run(["plan", "class.toml"]).failure(1);
    assert!(said.contains("error[missing-clip]") && said.contains("add `--speak`"), "{said}");
}

#[test]
fn the_settings_name_the_program_once_and_for_all() {
    let workshop = workshop(SAYS, &["Welcome to class."]);
    workshop.file("home/config.toml", "speak = \"sh say.sh {out} {text}\"\n");
    // A program that is named is not asked for.
    workshop.run(["plan", "class.toml"]).failure(1);
    workshop.run(["plan", "class.toml", "--speak"]).success();
    assert_eq!(calls(&workshop), ["Welcome to class."]);
    let other =
        workshop.command().args(["plan", "class.toml", "--speak"]).env("CATCOW_SPEAK", "no-such-speech").output();
    assert!(Outcome::of(other.unwrap()).failure(1).contains("`no-such-speech`"));
    let shown = workshop.run(["config"]).success();
    assert!(shown.lines().any(|line| line.starts_with("speak") && line.contains("sh say.sh")), "{shown}");
}

#[test]
fn speaking_ahead_makes_what_play_would_wait_for() {
    let workshop = workshop(SAYS, &["Welcome to class.", "Thank you."]);
    let speak = |more: &[&str]| {
        let all = ["voice", "speak", "class.toml", "--with", "sh say.sh {out} {text}"];
        workshop.run(all.iter().chain(more))
    };
    let first = speak(&[]);
    assert!(first.stderr.contains("`sh` has said 2 cues"), "{}", first.stderr);
    first.success();
    let second = speak(&[]);
    assert!(second.stderr.contains("has said all of it already"), "{}", second.stderr);
    workshop.run(["plan", "class.toml", SAY]).success();
    assert_eq!(calls(&workshop).len(), 2);
    speak(&["--again"]).success();
    assert_eq!(calls(&workshop).len(), 4);
}

#[test]
fn words_are_read_as_the_voice_spells_them() {
    let workshop = workshop(SAYS, &["Savasana, and rest.", "Thank you."]);
    let spelt =
        |spelling: &str| format!("name = \"Mine\"\nfallback = \"ada\"\n[pronunciations]\nsavasana = \"{spelling}\"\n");
    workshop.file("mine/voice.toml", spelt("shah-vah-suh-nuh"));
    let run = || workshop.run(["plan", "class.toml", SAY, "--voice", "./mine"]).success();
    // The page has the words as they are written.
    assert!(run().contains("Savasana, and rest."));
    assert_eq!(calls(&workshop), ["Thank you.", "shah-vah-suh-nuh, and rest."]);
    workshop.file("mine/voice.toml", spelt("shuh-VAH-suh-nuh"));
    run();
    assert_eq!(calls(&workshop), ["Thank you.", "shah-vah-suh-nuh, and rest.", "shuh-VAH-suh-nuh, and rest."]);
}

#[test]
fn a_program_that_starts_slowly_is_started_once_for_all_words() {
    let workshop = workshop("", &["Welcome to class.", "Thank you.", "Hang here.", "Come back soon."]);
    // Stands in for the Python that `hibari` names in its first line: it answers a line for each line.
    let python = "#!/bin/sh\necho start >> starts\nwhile read -r line; do\ncase \"$line\" in *Hang*) [ -e fixed ] || sleep 1000;; esac\n\
        out=$(printf '%s' \"$line\" | sed 's/.*\"out\":\"\\([^\"]*\\)\".*/\\1/')\n\
        cp tone.wav \"$out\"\necho done\ndone\n";
    workshop.file("bin/python3", python).file("bin/hibari", format!("#!{}\n", workshop.path("bin/python3").display()));
    use std::os::unix::fs::PermissionsExt;
    for name in ["bin/python3", "bin/hibari"] {
        fs::set_permissions(workshop.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = format!("{}:{}", workshop.path("bin").display(), std::env::var("PATH").unwrap());
    let run = || {
        let mut command = workshop.command();
        command.args(["plan", "class.toml", "--speak"]).env("PATH", &path).env("CATCOW_SPEAK_SECONDS", "8");
        Outcome::of(command.output().unwrap())
    };
    let said = run().failure(1);
    assert_eq!(said.matches("error[unspoken-cue]").count(), 1, "{said}");
    assert!(
        said.contains("`hibari`") && said.contains("\"Hang here.\"") && said.contains("not done after 8 s"),
        "{said}"
    );
    let starts = || fs::read_to_string(workshop.path("starts")).unwrap().lines().count();
    assert!(starts() <= 2, "once, and again after what hung: {}", starts());
    // A Python that lacks it says so once, with what helps.
    let other = "#!/bin/sh\necho start >> starts\necho 'no hibari-tts here' >&2\nexit 69\n";
    let before = starts();
    workshop.file("bin/python3", other);
    let said = run().failure(1);
    assert!(said.contains("error[speech-program]") && said.contains("no hibari-tts here"), "{said}");
    assert!(said.contains("pip install hibari-tts") && !said.contains("unspoken-cue"), "{said}");
    assert_eq!(starts(), before + 1);
    workshop.file("bin/python3", python).file("fixed", "");
    let before = starts();
    run().success();
    assert_eq!(starts(), before + 1);
    run().success();
    assert_eq!(starts(), before + 1, "nothing is left to be said");
}

/// A voice of a few recordings.
fn voice(workshop: &Workshop, name: &str, about: &str, cues: &[&str]) {
    workshop.file(&format!("{name}/voice.toml"), format!("name = \"Mine\"\n{about}"));
    cues.iter().for_each(|cue| _ = workshop.file(&format!("{name}/{cue}.wav"), tone_wav()));
}

#[test]
fn another_voice_says_what_one_lacks_and_plan_and_check_tell_which() {
    let workshop = Workshop::new();
    voice(&workshop, "mine", "", &["cat-cow/name", "cat-cow/inhale", "breath/in"]);
    workshop.file("class.toml", "title = \"Class\"\n[[steps]]\npose = \"cat-cow\"\nrounds = 6\n");
    let alone = workshop.run(["plan", "class.toml", "--voice", "./mine"]).failure(1);
    assert!(alone.contains("error[missing-clip]"), "{alone}");
    let plan = plan(&workshop, &["--voice", "./mine,ada"]);
    assert_eq!(plan["voice"], "mine");
    let borrowed = borrowed(&plan);
    assert!(borrowed.iter().all(|(_, voice)| voice == "ada"));
    let cues: Vec<_> = borrowed.iter().map(|(cue, _)| cue.as_str()).collect();
    assert!(
        cues.contains(&"cat-cow/exhale") && !cues.contains(&"cat-cow/inhale") && !cues.contains(&"cat-cow/name"),
        "{cues:?}"
    );
    // Of the frames that are said, a cue of one's own has one's own length.
    let own = plan["regions"].as_array().unwrap().iter().find(|region| region["cue"] == "cat-cow/name").unwrap();
    assert!((30_000..60_000).contains(&own["frames"].as_u64().unwrap()), "{own}");
    let told = format!("{} cues are borrowed from `ada`: {}", cues.len(), cues[0]);
    let page = workshop.run(["plan", "class.toml", "--voice", "./mine,ada"]);
    assert!(page.stderr.contains(&told) && page.stderr.contains(" more"), "{told}\n{}", page.stderr);
    let checked = workshop.run(["check", "class.toml", "--voice", "./mine,ada"]);
    assert!(checked.stderr.contains(&told), "{}", checked.stderr);
}

#[test]
fn a_voice_names_the_one_that_it_falls_back_on() {
    let workshop = Workshop::new();
    workshop.file("class.toml", "title = \"Class\"\n[[steps]]\npose = \"cat-cow\"\nrounds = 6\n");
    voice(&workshop, "home/voice_clips/mine", "fallback = \"other\"\n", &["cat-cow/inhale"]);
    // A circle ends where it began.
    voice(&workshop, "home/voice_clips/other", "fallback = \"mine\"\n", &["cat-cow/exhale"]);
    let said = workshop.run(["plan", "class.toml", "--voice", "mine"]).failure(1);
    assert!(said.contains("without one in the voice `mine`") && !said.contains("cat-cow/exhale.wav"), "{said}");
    voice(&workshop, "home/voice_clips/other", "fallback = \"ada\"\n", &["cat-cow/exhale"]);
    let borrowed = borrowed(&plan(&workshop, &["--voice", "mine"]));
    assert!(borrowed.contains(&("cat-cow/exhale".into(), "other".into())), "{borrowed:?}");
    assert!(borrowed.contains(&("cat-cow/name".into(), "ada".into())), "{borrowed:?}");
    // What somebody sent names no folder of this computer.
    for (fallback, told) in [("../other", "no name of a voice"), ("adda", "did you mean `ada`?")] {
        voice(&workshop, "sent", &format!("fallback = \"{fallback}\"\n"), &["cat-cow/exhale"]);
        let said = workshop.run(["plan", "class.toml", "--voice", "./sent"]).failure(1);
        assert!(
            said.contains("error[unknown-voice]") && said.contains(told) && said.contains("voice.toml:2"),
            "{said}"
        );
    }
}

#[test]
fn the_settings_name_voices_with_a_comma_and_a_folder_may_have_one_in_its_name() {
    let workshop = Workshop::new();
    workshop.file("class.toml", "title = \"Class\"\n[[steps]]\npose = \"cat-cow\"\nrounds = 6\n");
    voice(&workshop, "home/mine", "", &["cat-cow/inhale"]);
    workshop.file("home/config.toml", "voice = \"./mine, ada\"\n");
    assert!(!borrowed(&plan(&workshop, &[])).is_empty());
    workshop.file("home/config.toml", "voice = \"ada,./mine\"\n");
    assert!(borrowed(&plan(&workshop, &[])).is_empty());
    voice(&workshop, "a,b", "fallback = \"ada\"\n", &["cat-cow/inhale"]);
    assert_eq!(plan(&workshop, &["--voice", "./a,b"])["voice"], "a,b");
}

#[test]
fn a_voice_without_the_right_words_says_plainer_ones_that_are_as_true() {
    let workshop = Workshop::new();
    workshop
        .file("class.toml", "title = \"Class\"\ntone = \"airy\"\n[[steps]]\npose = \"childs-pose\"\nhold = \"2m\"\n");
    // Ada, but for how long a hold is: her own recordings, decoded.
    let cues: Vec<String> = plan(&workshop, &[])["regions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["cue"].as_str().unwrap().to_owned())
        .collect();
    assert!(cues.iter().any(|cue| cue.starts_with("stay/")), "{cues:?}");
    let kept: Vec<&str> =
        cues.iter().map(String::as_str).filter(|cue| !cue.starts_with("stay/") && cue.contains('/')).collect();
    voice(&workshop, "mine", "", &kept);
    let said = workshop.run(["plan", "class.toml", "--voice", "./mine"]).failure(1);
    assert!(said.contains("stay/"), "{said}");
    voice(&workshop, "mine", "", &["stay/here"]);
    let page = workshop.run(["plan", "class.toml", "--voice", "./mine"]);
    assert!(page.stderr.contains("stay/here for stay/"), "{}", page.stderr);
    assert!(page.success().contains("Stay here."));
    let json = plan(&workshop, &["--voice", "./mine"]);
    assert_eq!(json["replaced"].as_array().unwrap().len(), 1);
    assert_eq!(json["replaced"][0]["by"], "stay/here");
    // A time that is true says more.
    voice(&workshop, "mine", "", &["stay/90-seconds", "stay/105-seconds"]);
    let json = plan(&workshop, &["--voice", "./mine"]);
    let stays: Vec<_> = json["regions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["cue"].as_str().unwrap().starts_with("stay/"))
        .collect();
    assert!(stays.len() == 1 && stays[0]["cue"] != "stay/here", "{stays:?}");
}

#[test]
fn words_of_ones_own_are_not_replaced_by_plainer_ones() {
    let workshop = Workshop::new();
    let class =
        "title = \"Class\"\n[[steps]]\npose = \"supine-twist\"\n[cues]\n\"switch/left\" = \"And over to the left.\"\n";
    let said = workshop.file("class.toml", class).run(["plan", "class.toml"]).failure(1);
    assert!(said.contains("And over to the left."), "{said}");
}
