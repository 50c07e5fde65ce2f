//! `catcow site`: the page for a phone, as a folder that any web host serves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::wav::{tone_wav, wav};
use crate::workshop::{ROUTINES, Workshop};

/// A class whose only words have a recording of their own.
const OWN: &str = "title = \"Own\"\nallow = [\"no-safety: a test\"]\n[[steps]]\nsay = \"own/tone\"\nthen = \"1s\"\n";

/// Every file in a folder, by its path from there, with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for path in fs::read_dir(&next).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            let name = path.strip_prefix(folder).expect("inside").to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(name, fs::read(path).expect("a file"));
            }
        }
    }
    found
}

fn json(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Value {
    serde_json::from_slice(files.get(name).unwrap_or_else(|| panic!("{name} is there"))).expect("JSON")
}

/// The words under a key of each of a list.
fn each<'v>(list: &'v Value, key: &str) -> Vec<&'v str> {
    list.as_array().expect("a list").iter().map(|each| each[key].as_str().expect("a text")).collect()
}

/// The site that these arguments make in a workshop.
#[track_caller]
fn site(workshop: &Workshop, arguments: &[&str]) -> BTreeMap<String, Vec<u8>> {
    workshop.run(["site", "out"].iter().chain(arguments)).success();
    files(&workshop.path("out"))
}

#[test]
fn a_site_of_all_that_is_built_in_has_every_routine_and_voice_and_lists_what_it_has() {
    let workshop = Workshop::new();
    let told = workshop.run(["site", "out"]);
    for word in ["out: 12 routines", "2 voices (ada, ben)", " files", " MB", "docs/page.md", "catcow share"] {
        assert!(told.stderr.contains(word), "{word}: {}", told.stderr);
    }
    told.success();
    assert_eq!(workshop.files(), ["out"], "nothing is left beside");
    let files = files(&workshop.path("out"));
    let about = json(&files, "site.json");
    assert_eq!(each(&about["routines"], "name"), ROUTINES);
    assert_eq!(each(&about["voices"], "id"), ["ada", "ben"]);
    assert_eq!(about["voice"], "ada");
    assert_eq!(about["composes"], true);
    assert!(about["program"].as_str().is_some_and(|program| program.starts_with("catcow ")));
    for (list, ids) in [("beds", &["rain", "ocean", "drone"][..]), ("guidances", &["full", "fading", "names", "bells"])]
    {
        assert_eq!(each(&about[list], "id"), ids);
    }
    assert_eq!(about["tones"], serde_json::json!(["airy", "chord", "ocean", "off"]));
    assert!(each(&about["poses"], "id").contains(&"cat-cow"));
    let index = json(&files, "files.json");
    let listed: BTreeMap<String, u64> =
        serde_json::from_value(index).map(BTreeMap::from_iter as fn(Vec<_>) -> _).unwrap();
    let there: BTreeMap<String, u64> = files
        .iter()
        .filter_map(|(path, bytes)| Some((path.strip_prefix("files/")?.to_owned(), bytes.len() as u64)))
        .collect();
    assert_eq!(listed, there, "what may be fetched is there, and nothing else");
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("voice_clips/ada");
    for (path, bytes) in self::files(&built_in) {
        assert_eq!(files.get(&format!("files/voice_clips/ada/{path}")), Some(&bytes), "{path} is as it is built in");
    }
    let page: BTreeSet<&str> = about["page"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let beside: BTreeSet<&str> = files.keys().map(String::as_str).filter(|path| !path.starts_with("files/")).collect();
    assert_eq!(&page | &BTreeSet::from(["site.json"]), beside);
    assert!(page.contains("index.html") && page.contains("sw.js"));
}

#[test]
fn what_a_card_shows_of_a_routine_is_what_its_plan_says() {
    let workshop = Workshop::new();
    let about = json(&site(&workshop, &["gentle-back", "six-a-minute"]), "site.json");
    let [gentle, six] = [0, 1].map(|at| &about["routines"][at]);
    let seconds = |arguments: &[&str]| {
        let plan = workshop.run([&["plan", "gentle-back", "--json"], arguments].concat()).success();
        serde_json::from_str::<Value>(&plan).unwrap()["frames"].as_f64().unwrap() / 48_000.0
    };
    let (seconds, wake) = (seconds(&["--wake"]), seconds(&["--wake"]) - seconds(&[]));
    assert!((gentle["usual"].as_f64().unwrap() - seconds).abs() < 0.001, "{} {seconds}", gentle["usual"]);
    let listed = workshop.run(["list"]).stdout;
    let clock = |seconds: &Value| {
        // What is listed begins with the first word.
        let whole = (seconds.as_f64().unwrap() - wake).round() as u64;
        if whole < 3600 {
            format!("{}:{:02}", whole / 60, whole % 60)
        } else {
            format!("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60)
        }
    };
    for end in ["shortest", "longest"] {
        assert!(listed.contains(&clock(&gentle[end])), "{} in {listed}", clock(&gentle[end]));
    }
    assert_eq!(
        (&gentle["title"], &gentle["breath"], &gentle["own"]),
        (&"Gentle back".into(), &"4-6".into(), &false.into())
    );
    assert!(gentle["poses"].as_array().unwrap().contains(&"Cat/Cow".into()) && six["poses"] == serde_json::json!([]));
    assert_eq!(about["composes"], false, "there are not all poses' words");
}

#[test]
fn the_same_site_has_the_same_bytes_and_another_has_another_version() {
    let workshop = Workshop::new();
    workshop.file("mine.toml", OWN).file("mine/own/tone.wav", tone_wav());
    let first = site(&workshop, &["mine.toml", "--voice", "./mine"]);
    let second = site(&workshop, &["mine.toml", "--voice", "./mine"]);
    assert_eq!(first, second);
    let version = |files: &BTreeMap<String, Vec<u8>>| {
        let version = json(files, "site.json")["version"].as_str().unwrap().to_owned();
        assert!(version.len() == 16 && version.bytes().all(|byte| byte.is_ascii_hexdigit()), "{version}");
        let worker = String::from_utf8(files["sw.js"].clone()).unwrap();
        assert!(worker.contains(&format!("const VERSION = \"{version}\";")), "a browser sees that it is another");
        version
    };
    workshop.file("mine.toml", OWN.replace("1s", "2s"));
    let third = site(&workshop, &["mine.toml", "--voice", "./mine"]);
    assert_ne!(version(&first), version(&third));
    // What an earlier site had and this one has not is gone.
    let fourth = site(&workshop, &["morning", "--voice", "ada"]);
    assert!(third.contains_key("files/routines/mine.toml") && !fourth.contains_key("files/routines/mine.toml"));
}

#[test]
fn a_hand_out_of_one_class_has_what_it_needs_and_is_small() {
    let workshop = Workshop::new();
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("routines/morning.toml")).unwrap();
    workshop
        .file("classes/Dienstag früh.toml", &text)
        .file("classes/other.toml", OWN)
        .file("classes/notes.txt", "private");
    let files = site(&workshop, &["classes/Dienstag früh.toml", "--voice", "ben"]);
    let about = json(&files, "site.json");
    assert_eq!((each(&about["routines"], "name"), each(&about["voices"], "id")), (vec!["dienstag-fruh"], vec!["ben"]));
    assert_eq!((&about["routines"][0]["own"], &about["voice"]), (&true.into(), &"ben".into()));
    assert_eq!(files["files/routines/dienstag-fruh.toml"], text.as_bytes(), "the text travels as it is");
    let bytes: usize = files.iter().filter(|(path, _)| path.starts_with("files/")).map(|(_, bytes)| bytes.len()).sum();
    assert!(bytes < 2_100_000, "{bytes} bytes");
    let foreign = |path: &&String| path.contains("routines/other") || path.contains("notes") || path.contains("/ada/");
    assert_eq!(files.keys().find(foreign), None);
    assert!(!files.contains_key("files/voice_clips/ben/sphinx/setup.opus"), "no words of poses that are not in it");
    // A folder of classes is all of them.
    workshop.file("two/a.toml", &text).file("two/b.toml", &text);
    let about = json(&site(&workshop, &["./two", "--voice", "ben"]), "site.json");
    assert_eq!(each(&about["routines"], "name"), ["a", "b"]);
}

#[test]
fn a_site_has_the_programmes_whose_routines_are_all_on_it() {
    let programme = |sessions: &str| format!("title = \"Spring\"\n[[weeks]]\ndays = 2\nsessions = {sessions}\n");
    let workshop = Workshop::new();
    workshop
        .file("home/routines/programmes/spring.toml", programme("[\"morning\", \"own\"]"))
        .file("home/routines/programmes/broken.toml", programme("\"nothing\""))
        .file(
            "home/routines/own.toml",
            fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("routines/morning.toml")).unwrap(),
        );
    let names = |files: &BTreeMap<String, Vec<u8>>| {
        let about = json(files, "site.json");
        each(&about["programmes"], "name").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let mine = "files/routines/programmes/spring.toml";
    let told = workshop.run(["site", "out", "--voice", "ada"]);
    assert!(told.stderr.contains("programme `broken` is left out: it has mistakes"), "{}", told.stderr);
    told.success();
    let all = files(&workshop.path("out"));
    assert_eq!(names(&all), ["quiet-weeks", "six-weeks-back", "spring"]);
    assert_eq!(all[mine], programme("[\"morning\", \"own\"]").as_bytes());
    let about = json(&all, "site.json");
    assert_eq!((&about["programmes"][1]["weeks"], &about["programmes"][2]["title"]), (&6.into(), &"Spring".into()));
    let some = site(&workshop, &["morning", "own", "lying-down", "--voice", "ada"]);
    assert_eq!(names(&some), ["spring"]);
    let one = site(&workshop, &["morning", "--voice", "ada"]);
    assert!(names(&one).is_empty() && !one.contains_key(mine), "{:?}", names(&one));
}

#[test]
fn titles_and_words_stay_data_whatever_stands_in_them() {
    let workshop = Workshop::new();
    let hostile = "</script><img src=x onerror=alert(1)> \u{202e} \\ \" ' & שיעור";
    let escaped = serde_json::to_string(hostile).unwrap();
    let text = OWN.replace("\"Own\"", &escaped).replace("allow", &format!("summary = {escaped}\nallow"));
    workshop.file("mine.toml", text).file("mine/own/tone.wav", tone_wav());
    workshop.file("mine/voice.toml", format!("name = {escaped}\nsummary = {escaped}\n"));
    let files = site(&workshop, &["mine.toml", "--voice", "./mine"]);
    let about = json(&files, "site.json");
    assert_eq!(
        [&about["routines"][0]["title"], &about["routines"][0]["summary"], &about["voices"][0]["summary"]],
        [hostile; 3]
    );
    let raw = String::from_utf8(files["site.json"].clone()).unwrap();
    assert!(raw.trim_end().chars().all(|letter| !letter.is_control() && letter != '\u{202e}'), "{raw}");
    let with: Vec<_> =
        files.iter().filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains("onerror=alert")).collect();
    let names: Vec<_> = with.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(names, ["files/routines/mine.toml", "files/voice_clips/mine/voice.toml", "site.json"]);
    let toml: toml::Table =
        String::from_utf8(files["files/voice_clips/mine/voice.toml"].clone()).unwrap().parse().unwrap();
    assert_eq!(toml["name"].as_str(), Some(hostile));
}

#[test]
fn a_strip_is_small_and_made_of_numbers() {
    let workshop = Workshop::new();
    let about = json(&site(&workshop, &[]), "site.json");
    let routines = about["routines"].as_array().unwrap();
    assert_eq!(routines.len(), ROUTINES.len());
    for routine in routines {
        let (name, strip) = (&routine["name"], routine["strip"].as_str().unwrap());
        assert!(strip.len() <= 2048, "{name}: {} bytes", strip.len());
        let drawn = roxmltree::Document::parse(strip).unwrap_or_else(|error| panic!("{name}: {error}"));
        let root = drawn.root_element();
        assert_eq!(
            [root.attribute("preserveAspectRatio"), root.attribute("aria-hidden")],
            [Some("none"), Some("true")]
        );
        let mut end = 0.0;
        for shape in root.children() {
            let class = shape.attribute("class").unwrap();
            let at = |name| shape.attribute(name).and_then(|text| text.parse::<f64>().ok());
            match shape.tag_name().name() {
                "rect" => {
                    assert!(matches!(class.as_bytes(), [b'c', b'0'..=b'7']), "{class}");
                    assert_eq!(at("x"), Some(end), "{name}: no gap");
                    end += at("width").unwrap();
                }
                "path" => assert_eq!(class, "breath"),
                other => panic!("{other}"),
            }
        }
        assert!((end - 320.0).abs() < 1e-9, "{name}: the whole width, not {end}");
        assert!(root.text().is_none_or(|text| text.trim().is_empty()));
    }
}

#[test]
fn a_voice_of_ones_own_becomes_a_voice_as_the_built_in_ones_are() {
    let workshop = Workshop::new();
    workshop
        .file("mine.toml", OWN)
        .file("My Voice/own/tone.wav", tone_wav())
        .file("My Voice/own/other.wav", tone_wav());
    let files = site(&workshop, &["mine.toml", "--voice", "./My Voice"]);
    let clip = &files["files/voice_clips/my-voice/own/tone.opus"];
    assert!(clip.starts_with(b"OggS") && clip[28..].starts_with(b"OpusHead\x01\x01"), "one channel of Opus in Ogg");
    assert!(clip.len() < tone_wav().len() / 4, "{} bytes", clip.len());
    assert!(!files.contains_key("files/voice_clips/my-voice/own/other.opus"), "only what the class says");
    let about: toml::Table =
        String::from_utf8(files["files/voice_clips/my-voice/voice.toml"].clone()).unwrap().parse().unwrap();
    let frames = about["clips"]["own/tone"]["frames"].as_integer().unwrap();
    let plan: Value =
        serde_json::from_str(&workshop.run(["plan", "mine.toml", "--voice", "./My Voice", "--json"]).success())
            .unwrap();
    let said = plan["regions"].as_array().unwrap().iter().find(|region| region["cue"] == "own/tone").unwrap();
    assert_eq!(Some(frames), said["frames"].as_i64(), "as long as in a plan");
}

#[test]
#[ignore = "needs opusinfo and ffprobe; tests/run.sh installs them"]
fn other_programs_read_a_recording_on_a_site() {
    let workshop = Workshop::new();
    workshop.file("mine.toml", OWN).file("mine/own/tone.wav", tone_wav());
    site(&workshop, &["mine.toml", "--voice", "./mine"]);
    let clip = workshop.path("out/files/voice_clips/mine/own/tone.opus");
    let info = Command::new("opusinfo").arg(&clip).output().expect("opusinfo is not installed");
    let told = String::from_utf8_lossy(&info.stdout).into_owned();
    assert!(
        info.status.success() && told.contains("Channels: 1") && !told.to_lowercase().contains("warning"),
        "{told}"
    );
    let probe = ["-v", "error", "-show_entries", "stream=codec_name,sample_rate,channels", "-of", "csv=p=0"];
    let probed = Command::new("ffprobe").args(probe).arg(&clip).output().expect("ffprobe is not installed");
    assert_eq!(String::from_utf8_lossy(&probed.stdout).trim(), "opus,48000,1");
}

#[test]
fn what_a_voice_lacks_is_on_the_site_too_where_another_says_it() {
    let workshop = Workshop::new();
    workshop.file("mine/breath/in.wav", tone_wav());
    let files = site(&workshop, &["morning", "--voice", "./mine,ada"]);
    let built_in = |cue: &str| {
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("voice_clips/ada/{cue}.opus"))).expect("a clip")
    };
    let there = |cue: &str| files[&format!("files/voice_clips/mine/{cue}.opus")].clone();
    assert_eq!(there("breath/out"), built_in("breath/out"));
    assert_ne!(there("breath/in"), built_in("breath/in"));
    assert!(!files.keys().any(|path| path.contains("voice_clips/ada")), "who lends is not offered");
    // The same by the voice's own file.
    workshop.file("mine/voice.toml", "name = \"Mine\"\nfallback = \"ada\"\n");
    let about = json(&site(&workshop, &["morning", "--voices", "./mine,ben"]), "site.json");
    assert_eq!(
        (each(&about["voices"], "id"), each(&about["voices"], "name")),
        (vec!["mine", "ben"], vec!["Mine", "Ben"])
    );
}

#[test]
fn without_a_choice_ones_own_routines_and_voices_are_there_too_and_drafts_are_told() {
    let workshop = Workshop::new();
    workshop
        .file("home/routines/mine.toml", OWN)
        .file("home/routines/draft.toml", OWN.replace("own/tone", "own/later"));
    workshop.file("home/routines/broken.toml", "title = 7\n").file("home/voice_clips/mine/own/tone.wav", tone_wav());
    workshop.file("home/voice_clips/script.toml", "[cues]\n\"own/tone\" = \"Beep.\"\n\"own/later\" = \"Later.\"\n");
    let told = workshop.run(["site", "out"]).stderr;
    let about = json(&files(&workshop.path("out")), "site.json");
    let names = each(&about["routines"], "name");
    assert!(names.contains(&"mine") && names.contains(&"morning") && !names.contains(&"draft"), "{names:?}");
    assert_eq!(each(&about["voices"], "id"), ["ada", "ben", "mine"]);
    let mine = about["routines"].as_array().unwrap().iter().find(|routine| routine["name"] == "mine").unwrap();
    assert_eq!((&mine["voices"], &mine["own"]), (&serde_json::json!(["mine"]), &true.into()));
    for words in ["`draft`", "`broken`", "`mine` is said by mine alone"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let script = String::from_utf8(files(&workshop.path("out"))["files/voice_clips/script.toml"].clone()).unwrap();
    assert!(script.contains("Beep.") && script.contains("\"breath/in\""), "one's own words among all others");
    // The voice of every session is the usual one here, too.
    workshop.file("home/config.toml", "voice = \"ben\"\n");
    assert_eq!(json(&site(&workshop, &["morning"]), "site.json")["voice"], "ben");
}

#[test]
fn a_class_without_a_voice_for_its_words_is_refused_as_anywhere_and_nothing_is_written() {
    let workshop = Workshop::new();
    workshop.file("mine.toml", OWN.replace("own/tone", "own/later")).file("mine/own/tone.wav", tone_wav());
    workshop.file("home/voice_clips/script.toml", "[cues]\n\"own/later\" = \"Later.\"\n");
    for arguments in [&["mine.toml"][..], &["mine.toml", "--voice", "ada"], &["mine.toml", "--voice", "./mine"]] {
        let told = workshop.run(["site", "out"].iter().chain(arguments)).failure(1);
        assert!(told.contains("error[missing-clip]") && told.contains("own/later"), "{arguments:?}: {told}");
    }
    for (arguments, code) in [(["no-such"], "unknown-routine"), (["nowhere.toml"], "cannot read")] {
        let told = workshop.run(["site", "out"].iter().chain(&arguments));
        assert!(told.status != 0 && told.stderr.contains(code), "{}", told.stderr);
    }
    let told = workshop.run(["site", "out", "morning", "--voice", "no-such"]).failure(1);
    assert!(told.contains("error[unknown-voice]"), "{told}");
    workshop.file("mine/own/later.wav", "no sound");
    let told = workshop.run(["site", "out", "mine.toml", "--voice", "./mine"]).failure(1);
    assert!(told.contains("error[broken-clip]") && told.contains("later.wav"), "{told}");
    assert_eq!(workshop.files(), ["mine", "mine.toml"]);
}

#[test]
fn a_folder_is_replaced_only_where_nothing_in_it_is_anybody_elses() {
    let workshop = Workshop::new();
    fs::create_dir(workshop.path("out")).unwrap();
    let first = site(&workshop, &["morning", "--voice", "ada"]);
    // What a system puts there is no reason to refuse; what a person put there is.
    workshop.file("out/.DS_Store", "");
    workshop.run(["site", "out", "morning", "--voice", "ada"]).success();
    workshop.file("out/CNAME", "yoga.example");
    let told = workshop.run(["site", "out", "morning"]).failure(3);
    assert!(told.contains("CNAME") && told.contains("help: move it elsewhere"), "{told}");
    let mut expected = first.clone();
    expected.insert("CNAME".into(), b"yoga.example".to_vec());
    assert_eq!(files(&workshop.path("out")), expected, "all is as it was");
    workshop
        .file("notes/plan.txt", "mine")
        .file("site.txt", "a file")
        .file("fake/site.json", "{\"program\": \"catcow 9\"}");
    for (name, words) in
        [("notes", "no site of catcow's"), ("site.txt", "it is a file"), ("fake", "no site of catcow's")]
    {
        let told = workshop.run(["site", name, "morning"]).failure(3);
        assert!(told.contains(words) && told.contains("help: "), "{name}: {told}");
    }
    for (name, words) in [(".", "name one"), ("..", "name one"), ("no/where", "make the folder first")] {
        let told = workshop.run(["site", name, "morning"]).failure(3);
        assert!(told.contains(words), "{name}: {told}");
    }
    assert_eq!(fs::read_to_string(workshop.path("notes/plan.txt")).unwrap(), "mine");
}

#[cfg(unix)]
#[test]
fn no_link_is_followed_and_what_a_site_is_made_from_stays() {
    let workshop = Workshop::new();
    site(&workshop, &["morning", "--voice", "ada"]);
    std::os::unix::fs::symlink(workshop.path("out"), workshop.path("link")).unwrap();
    assert!(workshop.run(["site", "link", "morning"]).failure(3).contains("it is a link"));
    let former = "out/files/routines/mine.toml";
    workshop.file("mine.toml", OWN).file("mine/own/tone.wav", tone_wav());
    site(&workshop, &["mine.toml", "--voice", "./mine"]);
    let told = workshop.run(["site", "out", former, "--voice", "./mine"]).failure(3);
    assert!(told.contains("which is in it and would be lost"), "{told}");
    assert_eq!(fs::read_to_string(workshop.path(former)).unwrap(), OWN);
    // A link that somebody put into the folder of a former site is not the site's.
    std::os::unix::fs::symlink(workshop.path("mine"), workshop.path("out/mine")).unwrap();
    assert!(workshop.run(["site", "out", "mine.toml", "--voice", "./mine"]).failure(3).contains("found mine"));
    assert!(workshop.path("mine/own/tone.wav").exists());
}

#[cfg(unix)]
#[test]
fn a_site_can_be_read_by_whom_any_new_file_can() {
    use std::os::unix::fs::PermissionsExt;
    let workshop = Workshop::new();
    workshop
        .shell(&format!("umask 022; '{}' -q site out morning --voice ada", env!("CARGO_BIN_EXE_catcow")))
        .status()
        .unwrap();
    let mode = |name: &str| fs::metadata(workshop.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!([mode("out"), mode("out/files"), mode("out/site.json")], [0o755, 0o755, 0o644]);
}

#[test]
fn sounds_and_poses_of_ones_own_go_with_a_class() {
    let workshop = Workshop::new();
    let class = "title = \"Own\"\nallow = [\"no-safety: a test\"]\nbed = \"sounds/rain.wav\"\n[bells]\nlow = \"./sounds/../gong.wav\"\n\
                 [[steps]]\nbell = \"low\"\n[[steps]]\npose = \"mine\"\n";
    let pose = "name = \"Mine\"\nposition = \"supine\"\nhold = \"30s\"\n";
    workshop.file("class/own.toml", class).file("class/poses/mine.toml", pose);
    workshop
        .file("class/gong.wav", tone_wav())
        .file("mine/mine/name.wav", tone_wav())
        .file("class/sounds/rain.wav", wav((0..48_000).map(|at| (at % 99) as i16), 1, 48_000));
    let files = site(&workshop, &["class/own.toml", "--voice", "./mine,ada"]);
    // Of whatever kind they were, they are what the engine of a page reads.
    for sound in ["gong.wav", "sounds/rain.wav"] {
        assert!(files[&format!("files/routines/{sound}")].windows(8).any(|head| head == b"OpusHead"), "{sound}");
    }
    assert_eq!(files["files/routines/poses/mine.toml"], pose.as_bytes());
    let about = json(&files, "site.json");
    assert_eq!(about["poses"], serde_json::json!([{"id": "mine", "name": "Mine"}]));
    // What is no sound is not put where everybody finds it.
    workshop.file("class/sounds/rain.wav", "a letter");
    assert!(workshop.run(["site", "out", "class/own.toml", "--voice", "./mine,ada"]).failure(1).contains("rain.wav"));
    workshop.file("class/own.toml", class.replace("sounds/rain.wav", "poses/mine.toml"));
    assert!(
        workshop
            .run(["site", "out", "class/own.toml", "--voice", "./mine,ada"])
            .failure(1)
            .contains("expected a sound file")
    );
}

#[test]
fn a_long_bed_goes_with_its_first_minutes_and_says_so_and_small_opus_goes_as_it_is() {
    let workshop = Workshop::new();
    let class = |bed: &str| {
        format!("title = \"Own\"\nallow = [\"no-safety: a test\"]\nbed = \"{bed}\"\n[[steps]]\npose = \"cat-cow\"\n")
    };
    workshop
        .file("own.toml", class("rain.wav"))
        .file("rain.wav", wav((0..8_000 * 330).map(|at| (at % 99) as i16 * 50), 1, 8_000));
    let told = workshop.run(["site", "out", "own.toml", "--voice", "ada"]);
    assert!(told.stderr.contains("Of `rain.wav`, the first 5 minutes are there, over and over"), "{}", told.stderr);
    let sent = workshop.path("out/files/routines/rain.wav");
    let probe = ["-v", "error", "-show_entries", "stream=codec_name,channels:format=duration", "-of", "csv=p=0"];
    let probed = Command::new("ffprobe").args(probe).arg(&sent).output().expect("ffprobe is not installed");
    let probed = String::from_utf8_lossy(&probed.stdout).replace('\n', ",");
    assert!(probed.starts_with("opus,2,300.0"), "{probed}");
    let opus = fs::read(&sent).unwrap();
    workshop.file("rain.opus", &opus).file("own.toml", class("rain.opus"));
    assert_eq!(site(&workshop, &["own.toml", "--voice", "ada"])["files/routines/rain.opus"], opus);
}

#[test]
fn no_class_changes_another_on_the_same_site() {
    let workshop = Workshop::new();
    let class = "title = \"Own\"\nallow = [\"no-safety: a test\"]\n[[steps]]\npose = \"cat-cow\"\n";
    workshop
        .file("a/own.toml", class)
        .file("a/poses/cat-cow.toml", "name = \"Mine\"\nposition = \"supine\"\nhold = \"30s\"\n");
    let about = json(&site(&workshop, &["a/own.toml", "--voice", "ada"]), "site.json");
    assert_eq!(about["routines"][0]["poses"], serde_json::json!(["Mine"]), "alone it is what it is");
    let told = workshop.run(["site", "out", "a/own.toml", "morning", "--voice", "ada"]).failure(3);
    assert!(told.contains("`morning`") && told.contains("help: give a pose of your own a name of its own"), "{told}");
    workshop.file("b/own.toml", class.replace("Own", "Other")).file("b/else.toml", class);
    let told = workshop.run(["site", "out", "a/own.toml", "b/own.toml", "--voice", "ada"]).failure(3);
    assert!(told.contains("two different ones for routines/own.toml"), "{told}");
    workshop.file("b/poses/cat-cow.toml", "name = \"Yours\"\nposition = \"supine\"\nhold = \"40s\"\n");
    let told = workshop.run(["site", "out", "a/own.toml", "b/else.toml", "--voice", "ada"]).failure(3);
    assert!(told.contains("two different ones for routines/poses/cat-cow.toml"), "{told}");
    workshop.file("c/ada/own/tone.wav", tone_wav());
    let told = workshop.run(["site", "out", "morning", "--voice", "ada", "--voice", "./c/ada,ben"]).failure(3);
    assert!(told.contains("two that are called `ada`"), "{told}");
}

/// The workflow that publishes the project's own site.
#[test]
fn the_workflow_makes_the_site_and_publishes_it_on_a_tag() {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/workflows/page.yml");
    let text = fs::read_to_string(path).expect("the workflow");
    for line in [
        "tags:",
        "site site",
        "actions/upload-pages-artifact@",
        "actions/deploy-pages@",
        "pages: write",
        "id-token: write",
    ] {
        assert!(text.contains(line), "{line}");
    }
}
