//! Any length, and leaving out poses or doing more of them: what remains keeps its doses, and no words are left hanging.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::time::Duration;

use catcow::frames::{Frames, SampleRate};
use catcow::load::{ClipDurations, Routine};
use catcow::plan::timeline::{Timeline, Why};
use catcow::plan::{Level, Wishes, bounds, plan};
use catcow::session::Builder;
use catcow::work::Work;
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::Value;

use crate::fuzzed::{durations, library, voice};
use crate::workshop::{Outcome, PRACTICES, Workshop};

/// A routine that is built in, and how long its cues are.
fn built_in(name: &str) -> &'static (Routine, ClipDurations) {
    static ALL: OnceLock<BTreeMap<&str, (Routine, ClipDurations)>> = OnceLock::new();
    let read = |name: &&'static str| {
        let routine = library().routine(name).expect("a routine");
        let lengths = durations(&routine, voice(), SampleRate::DEFAULT).expect("lengths");
        (*name, (routine, lengths))
    };
    &ALL.get_or_init(|| PRACTICES.iter().map(read).collect())[name]
}

fn wishes(routine: &Routine) -> Wishes {
    Wishes { mix: routine.mix(), ..Wishes::default() }
}

fn of_length(name: &str, length: Duration) -> Timeline {
    let (routine, lengths) = built_in(name);
    plan(routine, lengths, &Wishes { length: Some(length), ..wishes(routine) })
        .unwrap_or_else(|error| panic!("{error}"))
}

/// How long each pose is practised each time, by its name.
fn doses(timeline: &Timeline) -> BTreeMap<String, Vec<Frames>> {
    let mut all: BTreeMap<String, Vec<Frames>> = BTreeMap::new();
    for chapter in &timeline.chapters {
        let inside = timeline.phases.iter().filter(|phase| chapter.range().intersect(phase.range()) == phase.range());
        let practice = inside.filter(|phase| phase.kind.is_practice());
        all.entry(chapter.title.clone()).or_default().push(practice.map(|phase| phase.frames).sum());
    }
    all
}

fn says(timeline: &Timeline, cue: &str) -> bool {
    timeline.regions.iter().any(|region| timeline.sounds[region.sound].cue() == cue)
}

/// The frames of each side of each pose.
fn sides(timeline: &Timeline) -> BTreeMap<(String, String), Frames> {
    let mut all = BTreeMap::new();
    for phase in timeline.phases.iter().filter(|phase| phase.kind.is_practice()) {
        if let Some(side) = &phase.side {
            *all.entry((phase.pose.clone(), side.clone())).or_insert(Frames::ZERO) += phase.frames;
        }
    }
    all
}

/// What a practice can end in; there, as a last resort, it is shorter than its range, and lasts a minute at least.
const RESTS: [&str; 2] = ["Rest", "Constructive rest"];

/// What has to hold of a routine at a length.
fn holds_at(name: &str, length: Duration) -> Result<(), TestCaseError> {
    let (routine, lengths) = built_in(name);
    let timeline = of_length(name, length);
    prop_assert_eq!(timeline.frames, SampleRate::DEFAULT.frames(length), "{} at {:?}", name, length);
    for cue in ["safety/physician", "safety/stop"] {
        prop_assert!(says(&timeline, cue), "{name} at {length:?} does not say {cue}");
    }
    let practises = |pose: &str| timeline.phases.iter().any(|phase| phase.pose == pose);
    prop_assert_eq!(says(&timeline, "opening/wall"), practises("legs-up-the-wall"));
    prop_assert!(!says(&timeline, "closing/evening") || practises("legs-up-the-wall"));
    let rests = routine.poses().iter().any(|pose| pose.id == "rest");
    prop_assert!(!rests || practises("rest"), "{name} at {length:?} has no rest");
    for ((pose, side), frames) in sides(&timeline) {
        let other = sides(&timeline).into_iter().find(|((of, its), _)| *of == pose && *its != side);
        prop_assert!(other.is_none_or(|(_, its)| its == frames), "{pose}: sides differ");
    }
    let gentle = plan(routine, lengths, &Wishes { level: Level::new(1), ..wishes(routine) }).expect("a plan");
    let gentle = doses(&gentle);
    let closing = routine.poses().last().map(|pose| pose.name.clone()).filter(|name| RESTS.contains(&name.as_str()));
    for (pose, times) in doses(&timeline).into_iter().filter(|(pose, _)| Some(pose) != closing.as_ref()) {
        let Some(least) = gentle.get(&pose).and_then(|times| times.iter().min()) else { continue };
        prop_assert!(times.iter().all(|time| time >= least), "{name} at {length:?}: {pose} is shorter than it ever is");
    }
    let minute = SampleRate::DEFAULT.frames(Duration::from_secs(60));
    let rests = doses(&timeline).into_iter().filter(|(pose, _)| RESTS.contains(&pose.as_str()));
    prop_assert!(rests.flat_map(|(_, times)| times).all(|time| time >= minute), "{name} at {length:?} ends in a hurry");
    Ok(())
}

proptest! {
    #![proptest_config(Config { cases: 256, failure_persistence: None, ..Config::default() })]

    #[test]
    fn the_everyday_session_lasts_any_number_of_seconds_from_five_minutes_to_an_hour(seconds in 300u64..=3600) {
        holds_at("gentle-back", Duration::from_secs(seconds))?;
    }

    #[test]
    fn every_session_lasts_any_length_between_its_ends(which in 0..PRACTICES.len(), millis in 300_000u64..=3_600_000) {
        let (routine, lengths) = built_in(PRACTICES[which]);
        let bounds = bounds(routine, lengths, &wishes(routine));
        let length = Duration::from_millis(millis);
        let frames = SampleRate::DEFAULT.frames(length);
        if (bounds.shortest..=bounds.longest).contains(&frames) {
            holds_at(PRACTICES[which], length)?;
        } else if bounds.allow(length, SampleRate::DEFAULT) {
            // A clock shows the ends in whole seconds: what lies less than half a second outside is the end.
            let end = frames.clamp(bounds.shortest, bounds.longest);
            prop_assert_eq!(of_length(PRACTICES[which], length).frames, end, "{} at {:?}", PRACTICES[which], length);
        }
    }
}

#[test]
fn what_is_worth_the_least_goes_first_and_both_ends_of_a_repeated_pose_go_together() {
    let (routine, _) = built_in("gentle-back");
    let keep = |pose: &str| {
        let step = routine
            .steps
            .iter()
            .find(|step| matches!(&step.action, catcow::load::language::routine::Action::Pose(own) if own.id == pose));
        step.and_then(|step| step.worth.keep).unwrap_or(3)
    };
    let mut before = usize::MAX;
    for seconds in (300..=1690).step_by(10) {
        let timeline = of_length("gentle-back", Duration::from_secs(seconds));
        let left: Vec<_> = timeline.changes.left_out.iter().filter(|step| step.why == Why::Length).collect();
        assert!(left.len() <= before, "more is left out at {seconds} s than for less");
        before = left.len();
        let poses: BTreeSet<_> = timeline.phases.iter().map(|phase| phase.pose.as_str()).collect();
        let most = left.iter().map(|step| step.keep).max().unwrap_or(0);
        assert!(poses.iter().filter(|pose| **pose != "rest").all(|pose| keep(pose) >= most), "{seconds} s: {left:?}");
        let childs = timeline.chapters.iter().filter(|chapter| chapter.title == "Child's pose").count();
        assert!(childs == 0 || childs == 2, "{seconds} s: child's pose {childs} times");
    }
    assert_eq!(of_length("gentle-back", Duration::from_secs(1690)).changes.left_out, []);
}

#[test]
fn a_long_session_rests_up_to_a_third_of_it_before_the_poses_are_done_again() {
    let hour = of_length("gentle-back", Duration::from_secs(3600));
    assert!(hour.changes.again.is_none());
    let rest = hour.changes.rest.expect("a longer rest");
    assert!(rest > Duration::from_secs(300) && rest <= Duration::from_secs(1200), "{rest:?}");
    let longer = of_length("gentle-back", Duration::from_secs(4500));
    let again = longer.changes.again.as_ref().expect("poses that are done again");
    assert_eq!(again.times, 2);
    let titles = |title: &str| longer.chapters.iter().filter(|chapter| chapter.title == title).count();
    // The dog is worth less than what is done again; one lies down once.
    assert_eq!((titles("Cat/Cow"), titles("Downward-facing dog"), titles("Legs up the wall")), (2, 1, 1));
    assert_eq!((titles("Child's pose"), titles("Rest")), (4, 1));
}

#[test]
fn fewer_words_leave_the_poses_as_they_are() {
    let (routine, _) = built_in("gentle-back");
    for seconds in [310, 590, 1200, 1675, 1690, 4500] {
        let mut builder = Builder::new(routine.clone(), voice().clone());
        builder.wishes.length = Some(Duration::from_secs(seconds));
        let session = builder.plan(&Work::alone()).expect("a plan").session(&Work::alone()).expect("a session");
        let parts =
            |timeline: &Timeline| timeline.chapters.iter().map(|chapter| chapter.title.clone()).collect::<Vec<_>>();
        let fewer = session.fewer_words(session.guidance()).expect("fewer words");
        assert_eq!(parts(session.timeline()), parts(&fewer.timeline), "{seconds} s");
    }
}

const CLASS: &str = "
title = \"Class\"
[[steps]]
say = [\"safety/physician\", \"safety/stop\"]
[[steps]]
say = \"Take a chair.\"
with = \"seated twist\"
[[steps]]
say = \"No chair today.\"
unless = \"seated-twist\"
[[steps]]
pose = \"cat-cow\"
[[steps]]
pose = \"seated-twist\"
keep = 1
[[steps]]
repeat = 2
keep = 2
[[steps.steps]]
pose = \"supine-twist\"
[[steps.steps]]
pose = \"bridge\"
keep = 1
[[steps]]
pose = \"rest\"
";

/// A folder with a class in it, and what the program says of it.
fn class(arguments: &[&str]) -> Outcome {
    class_with("", &[], arguments)
}

fn class_with(settings: &str, variables: &[(&str, &str)], arguments: &[&str]) -> Outcome {
    let workshop = Workshop::new();
    workshop.file("class.toml", CLASS).file("home/config.toml", settings);
    let mut command = workshop.command();
    command.args(["plan", "class.toml", "--missing", "bell"]).args(arguments).envs(variables.iter().copied());
    Outcome::of(command.output().expect("it runs"))
}

/// The poses of a plan, in order.
fn poses(outcome: Outcome) -> Vec<String> {
    let plan: Value = serde_json::from_str(&outcome.success()).expect("JSON");
    let mut all: Vec<String> = Vec::new();
    for phase in plan["phases"].as_array().expect("phases") {
        let pose = phase["pose"].as_str().expect("a pose");
        if all.last().is_none_or(|last| last != pose) {
            all.push(pose.to_owned());
        }
    }
    all
}

#[test]
fn words_and_blocks_go_with_what_they_are_there_for() {
    let all = ["cat-cow", "seated-twist", "supine-twist", "bridge", "supine-twist", "bridge", "rest"];
    assert_eq!(poses(class(&["--json"])), all);
    let sheet = class(&[]).success();
    assert!(sheet.contains("Take a chair.") && !sheet.contains("No chair today."), "{sheet}");
    let sheet = class(&["--without", "seated-twist"]).success();
    assert!(!sheet.contains("Take a chair.") && sheet.contains("No chair today."), "{sheet}");
    assert!(sheet.contains("\nLeft out as wished: Seated twist\n"), "{sheet}");
    // All that is practised in a block is left out, and so is the block.
    assert_eq!(poses(class(&["--json", "--without", "bridge,supine-twist"])), ["cat-cow", "seated-twist", "rest"]);
}

#[test]
fn a_word_that_means_several_poses_leaves_all_of_them_out() {
    assert_eq!(poses(class(&["--json", "--without", "twists"])), ["cat-cow", "bridge", "rest"]);
    assert_eq!(poses(class(&["--json", "--without", "twist", "--without", "Bridge"])), ["cat-cow", "rest"]);
    assert_eq!(poses(class(&["--json", "--only", "cat"])), ["cat-cow", "rest"]);
    assert_eq!(poses(class(&["--json", "--only", "cat", "--without", "rest"])), ["cat-cow"]);
    assert_eq!(poses(class(&["--json", "--only", "rest"])), ["rest"]);
}

#[test]
fn more_of_a_pose_is_its_deep_end_or_twice_as_much() {
    let practice = |arguments: &[&str], pose: &str| -> u64 {
        let plan: Value = serde_json::from_str(&class(arguments).success()).expect("JSON");
        let phases = plan["phases"].as_array().expect("phases").iter();
        let own = phases
            .filter(|phase| phase["pose"] == pose && ["inhale", "exhale"].iter().any(|kind| phase["phase"] == **kind));
        own.map(|phase| phase["frames"].as_u64().expect("frames")).sum()
    };
    let deep = practice(&["--json", "--level", "5"], "cat-cow");
    assert!(practice(&["--json", "--level", "1"], "cat-cow") < deep);
    assert_eq!(practice(&["--json", "--level", "1", "--more", "cat"], "cat-cow"), deep);
    // It is worth the most: a length leaves it out last.
    let short = poses(class(&["--json", "--length", "9m", "--more", "seated-twist"]));
    assert!(short.contains(&"seated-twist".to_owned()), "{short:?}");
    let workshop = Workshop::new();
    workshop.file("still.toml", "title = \"Still\"\n[[steps]]\npose = \"childs-pose\"\nhold = \"1m\"\n");
    let held = |more: &[&str]| -> u64 {
        let arguments = [&["plan", "still.toml", "--json"], more].concat();
        let plan: Value = serde_json::from_str(&workshop.run(arguments).success()).expect("JSON");
        let phases = plan["phases"].as_array().expect("phases").iter();
        phases.filter(|phase| phase["phase"] == "hold").map(|phase| phase["frames"].as_u64().expect("frames")).sum()
    };
    assert_eq!((held(&[]), held(&["--more", "child"])), (60 * 48_000, 120 * 48_000));
}

#[test]
fn a_word_that_no_pose_has_is_refused_with_the_nearest_and_nothing_left_is_told() {
    let error = class(&["--without", "sated-twist"]).failure(1);
    assert!(error.contains("expected a pose of `class`, found `sated-twist`"), "{error}");
    assert!(error.contains("did you mean `seated-twist`?") && error.contains("its poses are: cat-cow"), "{error}");
    let error = class(&["--without", "cat,twist,bridge,rest"]).failure(1);
    assert!(error.contains("expected a pose of `class` to remain, found none"), "{error}");
    let error = class(&["--only", "downward-dog"]).failure(1);
    assert!(error.contains("`--only`: expected a pose of `class`, found none"), "{error}");
    // A pose of the library that the routine does not have is left out already.
    let outcome = class(&["--without", "downward-dog"]);
    assert!(outcome.stderr.contains("`class` has no downward-dog"), "{}", outcome.stderr);
    assert_eq!(outcome.status, 0);
}

#[test]
fn the_settings_say_what_one_never_does_and_what_is_said_now_adds_to_it_or_wins() {
    let never = "without = [\"twist\", \"downward-dog\"]\n";
    let all = poses(class_with(never, &[], &["--json"]));
    assert_eq!(all, ["cat-cow", "bridge", "rest"]);
    assert_eq!(poses(class_with(never, &[], &["--json", "--without", "bridge"])), ["cat-cow", "rest"]);
    assert_eq!(poses(class_with(never, &[("CATCOW_WITHOUT", "bridge, cat")], &["--json"])), ["rest"]);
    let today = poses(class_with(never, &[], &["--json", "--more", "seated-twist"]));
    assert_eq!(today, ["cat-cow", "seated-twist", "bridge", "rest"]);
    let quiet = class_with(never, &[], &[]);
    assert_eq!(quiet.stderr, "");
    let told = class_with("more = \"brigde\"\n", &[], &[]);
    assert!(told.stderr.contains("no pose is called `brigde`") && told.stderr.contains("`bridge`"), "{}", told.stderr);
    assert_eq!(told.status, 0);
}

#[test]
fn the_plan_says_what_was_left_out_and_why() {
    let workshop = Workshop::new();
    let sheet = workshop.run(["plan", "gentle-back", "--length", "20m"]).success();
    let line = "Left out for 20:00: the words closing/daily (worth 1), Downward-facing dog (worth 2), Legs up the wall (worth 3)\n";
    assert!(sheet.contains(line), "{sheet}");
    let plan: Value =
        serde_json::from_str(&workshop.run(["plan", "gentle-back", "--length", "20m", "--json"]).success())
            .expect("JSON");
    let dog = plan["left_out"].as_array().expect("a list").iter().find(|step| step["pose"] == "downward-dog");
    let dog = dog.expect("the dog");
    assert_eq!(
        (dog["name"].as_str(), dog["keep"].as_u64(), dog["why"].as_str()),
        (Some("Downward-facing dog"), Some(2), Some("length"))
    );
    let sheet = workshop.run(["plan", "gentle-back", "--length", "60m"]).success();
    assert!(sheet.contains("\nLonger for 1:00:00: the closing rest, 15:3"), "{sheet}");
    let said = workshop.run(["export", "morning", "--length", "3m", "-o", "m.wav"]);
    assert!(said.stderr.contains("left out for 3:00: "), "{}", said.stderr);
    said.success();
}

#[test]
fn a_length_that_even_this_does_not_reach_names_what_can_be_had() {
    let error = Workshop::new().run(["plan", "gentle-back", "--length", "3h"]).failure(1);
    assert!(error.contains("expected a length of 4:4") && error.contains("to 1:43:"), "{error}");
}

#[test]
fn a_pose_that_with_names_has_to_be_there() {
    let workshop = Workshop::new();
    workshop.file(
        "a.toml",
        "title = \"A\"\n[[steps]]\nsay = \"Hello there.\"\nwith = \"bridg\"\n[[steps]]\npose = \"bridge\"\n",
    );
    assert_eq!(workshop.run(["plan", "a.toml", "--missing", "bell"]).status, 0);
    workshop.file("a.toml", "title = \"A\"\n[[steps]]\nsay = \"Hello there.\"\nunless = \"brigde\"\n[[steps]]\npose = \"bridge\"\nkeep = 6\n");
    let error = workshop.run(["check", "a.toml"]).failure(1);
    assert!(error.contains("`unless`: expected a pose of this routine, found `brigde`"), "{error}");
    assert!(error.contains("did you mean `bridge`?") && error.contains("a whole number from 1 to 5"), "{error}");
}

#[test]
fn a_part_is_found_by_any_word_that_can_mean_one_pose_only() {
    let from = |name: &str, word: &str| {
        let (routine, _) = built_in(name);
        let timeline = of_length(name, Duration::from_secs(35 * 60));
        let names = timeline.names(routine);
        let meant: Vec<String> = names.meant(word).into_iter().map(str::to_owned).collect();
        meant
            .iter()
            .map(|one| timeline.chapters[timeline.chapter_of(one, None).expect("a chapter")].title.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(from("gentle-back", "dog"), ["Downward-facing dog"]);
    assert_eq!(from("gentle-back", "twist"), ["Two-knee spinal twist"]);
    assert_eq!(from("gentle-back", "savasana"), ["Rest"]);
    assert_eq!(from("gentle-back", "closing"), ["Closing"]);
    assert_eq!(from("strong-back", "bird"), ["Bird dog"]);
    let workshop = Workshop::new();
    workshop.file("class.toml", CLASS);
    let play = |word: &str| workshop.run(["play", "class.toml", "--missing", "bell", "--from", word]).failure(3);
    let error = play("twist");
    assert!(error.contains("found `twist`, which could be seated-twist, supine-twist"), "{error}");
    let error = play("elephant");
    assert!(error.contains("expected a pose of this session or a time, found `elephant`"), "{error}");
}
