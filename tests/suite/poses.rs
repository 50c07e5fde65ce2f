//! What every built-in pose owes one whose eyes are closed: where to be, what to do on which breath, on which side, and when it
//! is over; and from each pose to each other there is a way. A pose that is added is tried as well.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::workshop::Workshop;

const RATE: f64 = 48_000.0;
const LEVELS: [&str; 3] = ["1", "3", "5"];

/// A file of the project, as TOML.
fn toml(path: &str) -> toml::Table {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|_| panic!("{path}")).parse().unwrap_or_else(|_| panic!("{path}"))
}

/// The names of the TOML files in a folder of the project.
fn names(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"))).expect("a folder").flatten();
    let files =
        entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
    let mut names: Vec<String> = files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Every built-in pose: its id, and its file.
fn poses() -> BTreeMap<String, toml::Table> {
    let poses: BTreeMap<_, _> = names("routines/poses")
        .into_iter()
        .map(|id| (id.clone(), toml(&format!("routines/poses/{id}.toml"))))
        .collect();
    assert!(poses.len() >= 25, "{} poses", poses.len());
    poses
}

/// The words of every cue.
fn script() -> BTreeMap<String, String> {
    let cues = toml("voice_clips/script.toml")["cues"].as_table().expect("cues").clone();
    cues.into_iter().map(|(id, words)| (id, words.as_str().expect("words").to_owned())).collect()
}

/// One or several texts.
fn texts(value: Option<&toml::Value>) -> Vec<String> {
    match value {
        Some(toml::Value::String(one)) => vec![one.clone()],
        Some(toml::Value::Array(some)) => some.iter().map(|each| each.as_str().expect("a text").to_owned()).collect(),
        _ => Vec::new(),
    }
}

/// What is said, in which part of which pose.
struct Said {
    cue: String,
    words: String,
    at: f64,
    end: f64,
}

/// A part of a pose, and what is said in it.
struct Part {
    what: String,
    side: Option<String>,
    round: u64,
    start: f64,
    end: f64,
    said: Vec<Said>,
}

impl Part {
    fn says(&self, word: &str) -> bool {
        self.said.iter().any(|said| has_word(&said.words, word))
    }
}

fn has_word(words: &str, word: &str) -> bool {
    words.to_lowercase().split(|letter: char| !letter.is_alphabetic()).any(|each| each == word)
}

/// A session of one pose and nothing else, in its parts.
fn session(pose: &str, level: &str, guidance: &str) -> Vec<Part> {
    let workshop = Workshop::new();
    workshop.file("one.toml", format!("title = \"One\"\nbreath = \"4-6\"\n[[steps]]\npose = \"{pose}\"\n"));
    let arguments = ["plan", "one.toml", "--json", "--level", level, "--guidance", guidance];
    let plan: Value = serde_json::from_str(&workshop.run(arguments).success()).expect("JSON");
    let time = |each: &Value, key: &str| each[key].as_f64().unwrap() / RATE;
    let words =
        plan["regions"].as_array().unwrap().iter().filter(|region| region["track"] == "voice").map(|region| Said {
            cue: region["cue"].as_str().unwrap().to_owned(),
            words: region["text"].as_str().unwrap().to_owned(),
            at: time(region, "start"),
            end: time(region, "start") + time(region, "frames"),
        });
    let mut parts: Vec<Part> = plan["phases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|phase| Part {
            what: phase["phase"].as_str().unwrap().to_owned(),
            side: phase["side"].as_str().map(str::to_owned),
            round: phase["round"].as_u64().unwrap_or(1),
            start: time(phase, "start"),
            end: time(phase, "start") + time(phase, "frames"),
            said: Vec::new(),
        })
        .collect();
    for said in words {
        // The name of a pose stands between the way there and what is to be done: it belongs to what it comes after.
        let at = parts.iter().rposition(|part| part.start <= said.at + 1e-6).unwrap_or(0);
        parts[at].said.push(said);
    }
    parts
}

fn is_breath(part: &Part) -> bool {
    part.what == "inhale" || part.what == "exhale"
}

/// Where the body is when a pose begins, and when it is over.
fn position(pose: &toml::Table, key: &str) -> Option<String> {
    pose.get(key).and_then(toml::Value::as_str).map(str::to_owned)
}

#[test]
fn every_pose_says_where_to_be_what_it_is_and_when_it_is_over() {
    let script = script();
    for id in poses().keys() {
        for level in LEVELS {
            let parts = session(id, level, "full");
            let said: Vec<&Said> = parts.iter().flat_map(|part| &part.said).collect();
            let at = format!("{id} at level {level}");
            assert!(said[0].cue.starts_with("move/"), "{at} begins with {}", said[0].words);
            assert_eq!(said[1].words, script[&format!("{id}/name")], "{at}: its name comes next");
            let begins = parts.iter().position(|part| is_breath(part) || part.what == "hold").expect("something to do");
            assert!(
                parts[..begins].iter().any(|part| part.what == "setup" && !part.said.is_empty()),
                "{at}: how to begin"
            );
            let ends = parts.iter().rposition(|part| part.what != "release").unwrap();
            let release: Vec<&Part> = parts[ends + 1..].iter().collect();
            let leaves = |part: &Part| part.end - part.said.last().map_or(part.start, |said| said.end);
            if release.is_empty() {
                // A pose of phases may end with its last breath, where that says how.
                assert!(is_breath(&parts[ends]) && !parts[ends].said.is_empty(), "{at}: nothing tells that it is over");
            }
            for part in release {
                assert!(!part.said.is_empty() && leaves(part) >= 4.0, "{at}: a release needs words, and time for them");
            }
        }
    }
}

#[test]
fn every_side_is_named_before_it_is_held_and_lasts_as_long_as_the_other() {
    for (id, pose) in poses() {
        let sides = texts(pose.get("sides"));
        for level in LEVELS {
            let parts = session(&id, level, "full");
            let mut lengths = BTreeMap::<String, Vec<f64>>::new();
            for side in &sides {
                let of_it = |part: &&Part| part.side.as_ref() == Some(side);
                let word = match side.as_str() {
                    "one-way" => "right",
                    "other-way" => "left",
                    side => side,
                };
                let mut own = parts.iter().filter(of_it);
                let first = own.clone().find(|part| part.what == "hold").map_or(f64::MAX, |hold| hold.start);
                let named = own.clone().take_while(|part| part.start < first).any(|part| part.says(word));
                assert!(named, "{id} at level {level}: {side} is not named before it is held");
                let rounds = own.clone().map(|part| part.round).max().unwrap() as f64;
                let length: f64 =
                    own.by_ref().filter(|part| part.what != "switch").map(|part| part.end - part.start).sum();
                lengths.entry(id.clone()).or_default().extend([rounds, length]);
            }
            for each in lengths.values() {
                assert!((each[0], each[1].round()) == (each[2], each[3].round()), "{id} at level {level}: {each:?}");
            }
        }
    }
}

#[test]
fn the_left_side_is_the_right_one_in_a_mirror() {
    let mirrored = |words: &str| {
        let swapped = words.split_inclusive(' ').map(|word| match word.trim_end_matches([' ', '.', ',']) {
            "right" => word.replace("right", "left"),
            "left" => word.replace("left", "right"),
            _ => word.to_owned(),
        });
        swapped.collect::<String>()
    };
    let mut tried = 0;
    for (id, pose) in poses() {
        if texts(pose.get("sides")) != ["right", "left"] {
            continue;
        }
        let parts = session(&id, "3", "full");
        // Counted words, and what is said because a side is the last, are no words of the pose.
        let of = |side: &str| -> Vec<(u64, String, String)> {
            let own = parts.iter().filter(|part| part.side.as_deref() == Some(side) && part.what != "switch");
            let words = own.flat_map(|part| part.said.iter().map(move |said| (part, said)));
            let own_words = words.filter(|(_, said)| !said.cue.starts_with("mark/") && !said.cue.starts_with("side/"));
            own_words.map(|(part, said)| (part.round, part.what.clone(), said.words.clone())).collect()
        };
        let left: Vec<_> = of("left").into_iter().map(|(round, what, words)| (round, what, mirrored(&words))).collect();
        assert_eq!(of("right"), left, "{id}");
        tried += 1;
    }
    assert!(tried >= 9, "{tried} poses with a right and a left side");
}

#[test]
fn what_is_said_on_a_breath_is_of_that_breath_and_over_with_it() {
    for id in poses().keys() {
        for (level, guidance) in [("1", "full"), ("3", "full"), ("5", "full"), ("3", "fading"), ("3", "names")] {
            for part in session(id, level, guidance).iter().filter(|part| is_breath(part)) {
                let other = if part.what == "inhale" { "exhale" } else { "inhale" };
                for said in &part.said {
                    let at = format!("{id} at level {level}, {guidance}: \"{}\" on an {}", said.words, part.what);
                    assert!(!has_word(&said.words, other), "{at}");
                    assert!(said.end <= part.end + 1e-6, "{at} is said beyond it");
                }
            }
        }
    }
}

#[test]
fn what_lifts_and_what_lowers_is_on_the_breath_that_teachers_give_it() {
    for (id, inhale, exhale) in [
        ("cat-cow", "cow", "cat"),
        ("seated-cat-cow", "forward", "round"),
        ("pelvic-tilts", "lift", "press"),
        ("low-cobra", "lift", "lower"),
        ("thread-the-needle", "reach", "slide"),
        ("standing-side-bend", "reach", "lean"),
        ("figure-four", "inhale", "cross"),
        ("one-knee-to-chest", "inhale", "draw"),
    ] {
        let parts = session(id, "3", "full");
        let first = |what: &str| parts.iter().find(|part| part.what == what).expect("a breath");
        assert!(first("inhale").says(inhale), "{id}: the inhale says {inhale}");
        assert!(first("exhale").says(exhale), "{id}: the exhale says {exhale}");
    }
    // Arms and ankles go the way that the words of the hold take for granted.
    let script = script();
    for (id, words) in [
        ("figure-four/cross-right", ["right ankle", "left thigh"]),
        ("figure-four/hold-right", ["behind", "left thigh"]),
        ("standing-side-bend/reach-right", ["right arm", "up"]),
        ("standing-side-bend/lean-right", ["over", "to the left"]),
    ] {
        assert!(words.iter().all(|each| script[id].contains(each)), "{id}: {}", script[id]);
    }
}

#[test]
fn nobody_lies_still_for_three_minutes_without_a_word() {
    for id in poses().keys() {
        let parts = session(id, "5", "full");
        let said: Vec<&Said> = parts.iter().flat_map(|part| &part.said).collect();
        for pair in said.windows(2) {
            let silence = pair[1].at - pair[0].end;
            assert!(silence < 180.0, "{id}: {silence:.0} s after \"{}\"", pair[0].words);
        }
    }
}

#[test]
fn every_cue_of_a_pose_has_words_and_all_words_for_a_pose_are_said() {
    let (poses, script) = (poses(), script());
    let routines = names("routines").into_iter().map(|name| format!("routines/{name}.toml"));
    let files: Vec<String> = routines.chain(poses.keys().map(|id| format!("routines/poses/{id}.toml"))).collect();
    let mut named = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(format!("{}/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let is_cue =
            |quoted: &&str| quoted.contains('/') && !quoted.contains(|it: char| it == ' ' || it.is_uppercase());
        let quoted = text.split('"').skip(1).step_by(2).filter(is_cue);
        let sides = ["right", "left", "one-way", "other-way"];
        for cue in quoted {
            let filled: Vec<String> = if cue.contains('{') {
                sides.iter().map(|side| cue.replace("{side}", side).replace("{other}", side)).collect()
            } else {
                vec![cue.to_owned()]
            };
            assert!(filled.iter().any(|cue| script.contains_key(cue)), "{file}: {cue} has no words");
            named.extend(filled);
        }
    }
    named.extend(poses.keys().map(|id| format!("{id}/name")));
    let of_a_pose = |cue: &&String| cue.split_once('/').is_some_and(|(folder, _)| poses.contains_key(folder));
    // The planner says this one by itself.
    let unsaid: Vec<&String> =
        script.keys().filter(of_a_pose).filter(|cue| !named.contains(*cue) && *cue != "rest/round").collect();
    assert!(unsaid.is_empty(), "nothing says {unsaid:?}");
}

#[test]
fn from_each_pose_to_each_other_there_is_a_way_that_spares_the_back() {
    let (poses, script) = (poses(), script());
    let begins: BTreeSet<String> = poses.values().map(|pose| position(pose, "position").expect("a position")).collect();
    let ends: BTreeSet<String> =
        poses.values().map(|pose| position(pose, "ends").or_else(|| position(pose, "position")).unwrap()).collect();
    let mut ways = 0;
    for (from, to) in
        ends.iter().flat_map(|from| begins.iter().map(move |to| (from, to))).filter(|(from, to)| from != to)
    {
        // From the feet, the general way onto the back is the right one: it sits down and goes by the side.
        let general = from == "standing" && to == "supine";
        let way = if general { "move/to-supine".to_owned() } else { format!("move/{from}-to-{to}") };
        let words = script.get(&way).unwrap_or_else(|| panic!("no words for {way}"));
        ways += 1;
        let lies = |position: &str| ["supine", "prone", "side-lying"].contains(&position);
        if from == "supine" || (to == "supine" && from != "side-lying") {
            // A back that hurts is never bent up or let down: it is rolled over a side.
            assert!(words.contains("right side") || words.contains("roll over"), "{way}: {words}");
        }
        if lies(from) && !lies(to) {
            let helped = ["Press", "press", "hands under"].iter().any(|each| words.contains(each))
                || words.contains("Sit up, pause");
            assert!(helped, "{way} needs the help of the hands, or a pause: {words}");
        }
        if to == "standing" {
            assert!(words.contains("slowly"), "{way}: {words}");
        }
        if from == "standing" && !general {
            assert!(words.contains("Bend your knees"), "{way}: {words}");
        }
    }
    assert!(ways >= 30, "{ways} ways");
}

#[test]
fn a_pose_says_what_it_is_for_and_how_hard_it_is_and_what_balances_it_is_there() {
    let poses = poses();
    let mut called = BTreeMap::new();
    for (id, pose) in &poses {
        assert!(!texts(pose.get("focus")).is_empty() && pose.contains_key("effort"), "{id}");
        for counter in texts(pose.get("counters")) {
            assert!(poses.contains_key(&counter) && counter != *id, "{id}: {counter}");
            assert!(
                poses[&counter]["effort"].as_integer() <= pose["effort"].as_integer(),
                "{counter} is harder than {id}"
            );
        }
        for need in texts(pose.get("needs")) {
            let props = texts(pose.get("props"));
            assert!(props.iter().any(|prop| has_word(prop, &need)), "{id}: {need} is not among {props:?}");
        }
        let benefit = pose["benefit"].as_str().expect("a benefit").to_lowercase();
        assert!(!["cure", "heal", "treat", "pain"].iter().any(|claim| benefit.contains(claim)), "{id}: {benefit}");
        for name in texts(pose.get("also")) {
            let before = called.insert(name.clone(), id.clone());
            assert!(before.is_none() && !poses.contains_key(&name), "{name} is {before:?} and {id}");
        }
    }
}

#[test]
fn the_doses_are_the_usual_ones_where_nothing_is_asked_for() {
    /// How often something is held or done on each side, and how long each hold is in seconds.
    struct Dose(&'static str, usize, f64);
    for Dose(id, times, held) in [
        Dose("pelvic-tilts", 10, 0.0),
        Dose("one-knee-to-chest", 2, 30.0),
        Dose("figure-four", 1, 45.0),
        Dose("constructive-rest", 1, 300.0),
        Dose("sphinx", 1, 60.0),
        Dose("low-cobra", 6, 0.0),
        Dose("thread-the-needle", 1, 40.0),
        Dose("puppy", 1, 60.0),
        Dose("forward-fold", 1, 40.0),
        Dose("standing-side-bend", 1, 30.0),
    ] {
        let parts = session(id, "3", "full");
        let sides: BTreeSet<_> = parts.iter().filter_map(|part| part.side.as_deref()).collect();
        let holds: Vec<&Part> = parts.iter().filter(|part| part.what == "hold").collect();
        let done = if held > 0.0 { holds.len() } else { parts.iter().filter(|part| part.what == "exhale").count() };
        assert_eq!(done, times * sides.len().max(1), "{id}");
        let lengths: Vec<f64> = holds.iter().map(|hold| hold.end - hold.start).collect();
        assert!(lengths.iter().all(|length| (length - held).abs() < 0.01), "{id}: {lengths:?}");
    }
}

#[test]
fn who_stands_up_from_a_fold_is_told_to_come_slowly_and_to_stand_still() {
    let parts = session("forward-fold", "3", "full");
    let release: Vec<&str> = parts
        .iter()
        .filter(|part| part.what == "release")
        .flat_map(|part| &part.said)
        .map(|said| said.words.as_str())
        .collect();
    let place = |words: &str| release.iter().position(|each| each.contains(words));
    assert!(place("thighs") < place("slowly") && place("slowly") < place("dizzy"), "{release:?}");
    assert!(place("thighs").is_some(), "half way up the hands help: {release:?}");
}
