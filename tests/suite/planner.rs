//! What the planner does with single things that an author writes.

use std::path::Path;

use catcow::frames::{Frames, SampleRate};
use catcow::load::{Mix, Voice};
use catcow::plan::timeline::{ChapterKind, PhaseKind, Timeline};
use catcow::plan::{Missing, Wishes, plan};
use serde_json::Value;

use crate::fuzzed::durations;
use crate::properties::load;
use crate::wav::wav;
use crate::workshop::Workshop;

/// The plan of a routine with these steps, a soft bell standing in for what is not recorded.
fn planned(steps: &str) -> Timeline {
    let (routine, lengths) = load(&format!("title = \"Test\"\n{steps}"), 48_000);
    plan(&routine, &lengths, &Wishes { missing: Missing::Bell, ..Wishes::default() }).expect("a plan")
}

/// The plan of a routine with this guidance and these steps, and no breath tone.
fn toneless(guidance: &str, steps: &str) -> Timeline {
    let (routine, lengths) = load(&format!("title = \"Test\"\nguidance = \"{guidance}\"\n{steps}"), 48_000);
    let mix = Mix { tone: None, ..Mix::default() };
    plan(&routine, &lengths, &Wishes { mix, ..Wishes::default() }).expect("a plan")
}

/// What is said or rung as each phase of this name begins: nothing for a phase that begins in silence.
fn begun<'t>(timeline: &'t Timeline, phase: &str) -> Vec<Option<&'t str>> {
    let begins = |start| timeline.regions.iter().find(|region| region.start == start);
    let phases = timeline.phases.iter().filter(|each| each.kind.word() == phase);
    phases.map(|each| begins(each.start).map(|region| timeline.sounds[region.sound].cue())).collect()
}

/// The cues that are said, in order.
fn said(timeline: &Timeline) -> Vec<&str> {
    timeline.regions.iter().map(|region| timeline.sounds[region.sound].cue()).collect()
}

fn titles(timeline: &Timeline) -> Vec<&str> {
    timeline.chapters.iter().map(|chapter| chapter.title.as_str()).collect()
}

#[test]
fn a_breath_eases_breath_by_breath_and_every_breath_is_whole() {
    let timeline = planned(
        "[[steps]]\nbreathe = { from = \"3-3\", to = \"4-6\", over = \"1m\" }\nrounds = 10\n[[steps]]\npause = \"1s\"\n",
    );
    let lengths: Vec<_> = timeline.breaths.iter().map(|breath| breath.frames.0).collect();
    let breaths: Vec<u64> = lengths.chunks(2).map(|pair| pair[0] + pair[1]).collect();
    assert_eq!((breaths[0], breaths.len()), (6 * 48_000, 10));
    assert!(breaths.is_sorted() && breaths[9] == 10 * 48_000, "{breaths:?}");
    // The pattern is looked up as each breath begins: a tenth of the way after the first six seconds.
    assert_eq!(breaths[1], 6 * 48_000 + 4 * 4800);
}

#[test]
fn a_breath_of_the_routine_goes_on_easing_from_pose_to_pose() {
    let timeline = planned(
        "breath = { from = \"4-4\", to = \"6-8\", over = \"4m\" }\n[[steps]]\npose = \"cat-cow\"\nrounds = 3\n[[steps]]\npose = \"hip-rotations\"\nrounds = 3\n",
    );
    let inhales: Vec<_> = timeline.phases.iter().filter(|phase| phase.kind.word() == "inhale").collect();
    assert!(inhales[3].frames > inhales[2].frames, "the second pose breathes slower than the first");
    let lengths = |side: &str| -> Vec<u64> {
        let of_side = |phase: &&&catcow::plan::timeline::PhaseSpan| phase.side.as_deref() == Some(side);
        inhales.iter().filter(of_side).map(|phase| phase.frames.0).collect()
    };
    assert_eq!(lengths("one-way"), lengths("other-way"));
}

#[test]
fn a_pause_with_a_cue_says_how_long_it_will_be_and_is_marked() {
    let timeline = planned("[[steps]]\npause = \"2m\"\ncue = \"rest/let-go\"\n");
    assert_eq!(said(&timeline), ["rest/let-go", "stay/2-minutes", "mark/deepen"]);
    let timeline = planned("[[steps]]\npause = \"2m\"\n");
    assert_eq!(said(&timeline), ["mark/deepen"]);
    assert!(said(&planned("[[steps]]\npause = \"29s\"\n")).is_empty());
}

#[test]
fn a_pause_at_the_end_of_the_practice_belongs_to_it_and_takes_what_a_length_lacks() {
    let steps = "length = \"3m\"\n[[steps]]\nbreathe = \"4-6\"\nrounds = 5\n[[steps]]\npause = \"1m..3m\"\n[[steps]]\nsay = \"closing/thanks\"\n[[steps]]\npause = \"2s\"\n";
    let timeline = planned(steps);
    assert_eq!(titles(&timeline), ["Breathing 4-6", "Closing"]);
    assert_eq!(timeline.frames, SampleRate::DEFAULT.frames(std::time::Duration::from_secs(180)));
    let closing = timeline.chapters[1].frames.seconds(SampleRate::DEFAULT);
    assert!(closing < 7.0, "the closing keeps its time: {closing} s");
}

#[test]
fn a_breathing_may_have_a_name_of_its_own() {
    let steps = "[[steps]]\nbreathe = \"4-4-4-4\"\nname = \"The box\"\nrounds = 2\n";
    assert_eq!(titles(&planned(steps)), ["The box"]);
}

#[test]
fn two_breaths_are_announced_and_one_is_not() {
    let steps = |breaths: u32| {
        format!(
            "[[steps]]\npose = \"lean\"\nhold = \"{breaths} breaths\"\n[poses.lean]\nname = \"Lean\"\nposition = \"supine\"\n"
        )
    };
    assert!(said(&planned(&steps(2))).contains(&"stay/2-breaths"));
    assert!(!said(&planned(&steps(1))).iter().any(|cue| cue.starts_with("stay/")));
}

#[test]
fn a_flow_of_three_minutes_says_when_it_is_half_over() {
    let steps = |time: &str| format!("[[steps]]\nbreathe = \"5-5\"\nfor = \"{time}\"\n");
    let timeline = planned(&steps("3m"));
    let half = timeline.regions.iter().find(|region| timeline.sounds[region.sound].cue() == "mark/half");
    let at = half.expect("a mark").start.seconds(SampleRate::DEFAULT);
    assert!((90.0..100.0).contains(&at), "{at} s");
    assert!(!said(&planned(&steps("170s"))).contains(&"mark/half"));
}

#[test]
fn words_that_say_how_to_move_place_the_body() {
    let moves = |first: &str| -> Vec<String> {
        let steps = format!("[[steps]]\nsay = \"{first}\"\n[[steps]]\npose = \"supine-twist\"\n");
        let timeline = planned(&steps);
        said(&timeline).into_iter().filter(|cue| cue.starts_with("move/")).map(str::to_owned).collect()
    };
    assert_eq!(moves("move/to-supine"), ["move/to-supine"]);
    assert_eq!(moves("move/seated-to-supine"), ["move/seated-to-supine"]);
    assert_eq!(moves("move/to-prone"), ["move/to-prone", "move/prone-to-supine"]);
}

#[test]
fn words_that_guidance_leaves_out_do_not_place_the_body() {
    let steps = "guidance = \"names\"\n[[steps]]\npose = \"childs-pose\"\n[[steps]]\nsay = \"move/to-prone\"\n[[steps]]\npose = \"prone-leg-extensions\"\n";
    let timeline = planned(steps);
    assert!(timeline.phases.iter().any(|phase| phase.kind.word() == "move" && phase.pose == "prone-leg-extensions"));
}

#[test]
fn where_all_is_said_the_next_pose_is_named_before_the_body_is_moved_into_it_and_not_again() {
    let steps = "[[steps]]\npose = \"childs-pose\"\n[[steps]]\npose = \"childs-pose\"\n[[steps]]\npose = \"bridge\"\n[[steps]]\nsay = \"cat-cow/name\"\n[[steps]]\npose = \"cat-cow\"\n";
    let order = |guidance: &str| {
        let timeline = toneless(guidance, steps);
        let led = |cue: &&str| cue.starts_with("move/") || cue.ends_with("/name") || *cue == "mark/next";
        said(&timeline).into_iter().filter(led).map(str::to_owned).collect::<Vec<_>>()
    };
    let childs = ["move/to-kneeling", "childs-pose/name", "childs-pose/name"];
    let cat = ["cat-cow/name", "move/supine-to-hands-and-knees"];
    let full = ["mark/next", "bridge/name", "move/kneeling-to-supine"];
    assert_eq!(order("full"), [&childs[..], &full, &cat].concat());
    let fading = ["move/kneeling-to-supine", "bridge/name"];
    assert_eq!(order("fading"), [&childs[..], &fading, &cat].concat());
}

#[test]
fn safety_words_are_said_wherever_they_stand_under_every_guidance() {
    for guidance in ["full", "fading", "names", "bells"] {
        let pose = "[[steps]]\npose = \"childs-pose\"\ncue = \"safety/stop\"\n";
        let steps =
            format!("guidance = \"{guidance}\"\n{pose}[[steps]]\npause = \"40s\"\ncue = \"safety/physician\"\n{pose}");
        let timeline = planned(&steps);
        let safety = said(&timeline).into_iter().filter(|cue| cue.starts_with("safety/")).collect::<Vec<_>>();
        assert_eq!(safety, ["safety/stop", "safety/physician", "safety/stop"], "{guidance}");
    }
}

#[test]
fn the_first_side_is_named_where_no_phase_names_it() {
    let pose = |cue: &str| {
        format!(
            "[[steps]]\npose = \"fold\"\n[poses.fold]\nname = \"Fold\"\nposition = \"seated\"\nsides = [\"right\", \"left\"]\nhold = \"20s\"\n{cue}\n"
        )
    };
    let sides = |steps: String| -> Vec<String> {
        let timeline = planned(&steps);
        let named =
            |cue: &&str| cue.starts_with("side/") || cue.starts_with("switch/") || cue.starts_with("supine-twist/");
        said(&timeline).into_iter().filter(named).map(str::to_owned).collect()
    };
    assert_eq!(sides(pose("")), ["side/right", "switch/left"]);
    let named = sides(pose("cue = \"supine-twist/drop-{side}\""));
    assert_eq!(named, ["supine-twist/drop-right", "switch/left", "supine-twist/drop-left"]);
}

#[test]
fn a_step_with_only_is_done_in_those_rounds_of_its_repeat() {
    let steps = "[[steps]]\nrepeat = 3\n[[steps.steps]]\nbell = \"low\"\nonly = \"first\"\n[[steps.steps]]\nbell = \"high\"\nonly = \"2..3\"\n[[steps.steps]]\nbell = \"bright\"\nonly = \"last\"\n";
    assert_eq!(said(&planned(steps)), ["low", "high", "high", "bright"]);
}

#[test]
fn a_countdown_says_a_number_each_second_and_only_where_asked_for() {
    let workshop = Workshop::new();
    for number in 1..=5 {
        let samples = (0..24_000).map(|sample| sample % 100 * 100);
        workshop.file(&format!("voice/count/{number}.wav"), wav(samples, 1, 48_000));
    }
    let voice = Voice::folder(&workshop.path("voice")).expect("a voice");
    let (routine, _) =
        load("title = \"Plank\"\n[[steps]]\npause = \"20s\"\ncountdown = \"5s\"\n[[steps]]\npause = \"20s\"\n", 48_000);
    let lengths = durations(&routine, &voice, SampleRate::DEFAULT).expect("lengths");
    let timeline = plan(&routine, &lengths, &Wishes::default()).expect("a plan");
    let counted: Vec<_> = timeline.regions.iter().map(|region| region.start.0 / 48_000).collect();
    assert_eq!(said(&timeline), ["count/5", "count/4", "count/3", "count/2", "count/1"]);
    assert_eq!(counted, [15, 16, 17, 18, 19]);
}

#[test]
fn what_comes_before_the_first_name_belongs_to_the_first_chapter() {
    let steps =
        "[[steps]]\nrepeat = 1\n[[steps.steps]]\nsay = \"opening/small\"\n[[steps.steps]]\npose = \"childs-pose\"\n";
    let timeline = planned(steps);
    assert_eq!((titles(&timeline), timeline.chapters[0].start.0), (vec!["Child's pose"], 0));
}

#[test]
fn what_fills_a_length_up_does_not_slow_the_breaths_that_come_after() {
    // The rest comes first, so all that is filled up lies before the breaths that ease.
    let steps = "length = \"105s\"\nbreath = { from = \"3-3\", to = \"4-6\", over = \"71s\" }\nguidance = \"names\"\n[[steps]]\npose = \"childs-pose\"\nhold = \"0s\"\n[[steps]]\npose = \"cat-cow\"\nfor = \"5s..25.8s\"\n";
    assert_eq!(planned(steps).frames.0, 105 * 48_000);
}

#[test]
fn routines_as_people_would_write_them_need_no_workaround() {
    let workshop = Workshop::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/routines");
    let mut lengths = Vec::new();
    for name in ["yin", "each-side", "ten-reps", "box", "three-rounds"] {
        let file = folder.join(format!("{name}.toml")).to_string_lossy().into_owned();
        let shown = workshop.run(["check", "--strict", "--missing", "bell", &file]);
        assert_eq!(shown.status, 0, "{name}: {}", shown.stderr);
        let text = workshop.run(["plan", "--json", "--missing", "bell", &file]).success();
        lengths.push((name, serde_json::from_str::<Value>(&text).expect("JSON")));
    }
    let plan = |name: &str| &lengths.iter().find(|(other, _)| *other == name).expect("a plan").1;
    let phases = |name: &str| plan(name)["phases"].as_array().expect("phases").clone();
    assert_eq!(plan("yin")["frames"], 31 * 60 * 48_000);
    let holds = |name: &str| -> Vec<u64> {
        let phases = phases(name);
        let held = phases.iter().filter(|phase| phase["phase"] == "hold");
        held.map(|phase| phase["frames"].as_u64().expect("frames") / 48_000).collect()
    };
    assert_eq!(holds("each-side"), [45, 45]);
    assert_eq!(holds("ten-reps"), [3; 10]);
    assert_eq!(phases("each-side").iter().filter(|phase| phase["phase"] == "switch").count(), 1);
    assert!(phases("box").iter().all(|phase| phase["frames"] == 4 * 48_000));
    let chapters = plan("three-rounds")["chapters"].as_array().expect("chapters").clone();
    let titles: Vec<_> = chapters.iter().map(|chapter| chapter["title"].as_str().expect("a title")).collect();
    let (rotations, knees) = ("Lying hip rotations", "Knees to chest");
    let block = |middle: &'static str| [rotations, middle, knees];
    let expected =
        [&["Opening"][..], &block("Bridge"), &block("Bridge"), &block("Gentle supine twist"), &["Rest"]].concat();
    assert_eq!(titles, expected);
}

#[test]
fn a_bell_marks_each_change_that_guidance_leaves_wordless_and_no_tone_marks() {
    let lifts = "[[steps]]\npose = \"prone-leg-extensions\"\nrounds = 2\n[[steps]]\npose = \"bridge\"\nrounds = 2\n";
    let timeline = planned(&format!("guidance = \"names\"\n{lifts}"));
    // Four lifts are held for a time; the bridges are held for breaths, which the tone keeps.
    assert_eq!(begun(&timeline, "hold"), [[Some("soft"); 4].as_slice(), &[None; 2]].concat());
    assert_eq!(begun(&timeline, "rest"), [Some("soft")]);
    assert_eq!(begun(&timeline, "exhale"), [None; 12]);
    let silent = toneless("names", lifts);
    assert_eq!(begun(&silent, "hold"), [Some("soft"); 6]);
    assert_eq!(begun(&silent, "exhale"), [Some("soft"); 12]);
    // Where words are said there is no bell.
    assert!(!said(&planned(lifts)).contains(&"soft"));
}

#[test]
fn the_shortest_words_stay_where_no_tone_keeps_the_breath() {
    let flow = "[[steps]]\npose = \"cat-cow\"\nrounds = 9\n";
    let (kept, silent) = (planned(flow), toneless("fading", flow));
    assert_eq!(begun(&kept, "inhale")[6..], [None; 3]);
    assert_eq!(begun(&silent, "inhale")[6..], [Some("breath/in"); 3]);
    assert_eq!(begun(&silent, "exhale")[6..], [Some("breath/out"); 3]);
    assert_eq!(silent.frames, kept.frames);
}

#[test]
fn bells_keep_the_breath_where_no_tone_does_and_the_brighter_one_is_for_breathing_in() {
    for steps in ["pose = \"cat-cow\"", "breathe = \"4-7-8-0\""].map(|step| format!("[[steps]]\n{step}\nrounds = 4\n"))
    {
        for guidance in ["names", "bells"] {
            let timeline = toneless(guidance, &steps);
            assert_eq!(begun(&timeline, "inhale"), [Some("bright"); 4], "{guidance} {steps}");
            assert_eq!(begun(&timeline, "exhale"), [Some("soft"); 4], "{guidance} {steps}");
        }
    }
    // An inhale that is too short for the brighter bell has the other.
    let quick = toneless("bells", "[[steps]]\nbreathe = \"2-3\"\nrounds = 2\n");
    assert_eq!(begun(&quick, "inhale"), [Some("soft"); 2]);
}

#[test]
fn a_pause_whose_words_are_left_out_begins_with_a_bell() {
    let pause = "[[steps]]\npose = \"childs-pose\"\n[[steps]]\npause = \"40s\"\ncue = \"rest/let-go\"\n";
    for guidance in ["names", "bells"] {
        assert_eq!(begun(&toneless(guidance, pause), "pause"), [Some("soft")], "{guidance}");
    }
    assert_eq!(begun(&planned(pause), "pause"), [Some("rest/let-go")]);
}

#[test]
fn half_of_a_long_flow_of_alternating_sides_is_announced_and_no_other_flow_for_it() {
    let halves = |timeline: &Timeline| -> Vec<u64> {
        let half = |region: &&catcow::plan::timeline::Region| timeline.sounds[region.sound].cue() == "mark/half";
        timeline.regions.iter().filter(half).map(|region| region.start.0 / 48_000).collect()
    };
    let alternating =
        "[[steps]]\npose = \"cat-cow\"\nsides = [\"right\", \"left\"]\norder = \"alternate\"\nrounds = 40\n";
    let timeline = planned(alternating);
    let half = timeline.frames.0 / 48_000 / 2;
    assert_eq!(halves(&timeline).len(), 1);
    assert!(halves(&timeline)[0].abs_diff(half) < 60, "{:?} of {half}", halves(&timeline));
    // No room for it in breaths this short: then it is not said, and not in the pose after it either.
    let short = "[[steps]]\nbreathe = \"1.2-1.2\"\nfor = \"3m\"\n[[steps]]\npose = \"cat-cow\"\nrounds = 3\nsides = [\"right\", \"left\"]\norder = \"alternate\"\n";
    assert!(halves(&planned(short)).is_empty());
}

#[test]
fn safety_words_are_said_under_every_guidance_wherever_an_author_puts_them() {
    for guidance in ["full", "fading", "names", "bells"] {
        let timeline = toneless(
            guidance,
            "[[steps]]\npose = \"childs-pose\"\nhold = \"3m\"\nreminders = [\"safety/stop\"]\n[[steps]]\npose = \"supine-twist\"\nswitch = \"12s\"\nswitching = \"safety/stop\"\n",
        );
        let times = said(&timeline).iter().filter(|cue| **cue == "safety/stop").count();
        assert_eq!(times, 2, "{guidance}: {:?}", said(&timeline));
    }
}

#[test]
fn the_first_word_has_a_moment_before_it_whatever_step_says_it() {
    for steps in [
        "[[steps]]\nbreathe = \"4-6\"\nrounds = 2\n",
        "[[steps]]\npause = \"40s\"\ncue = \"rest/let-go\"\n",
        "[[steps]]\nrepeat = 2\n[[steps.steps]]\npose = \"cat-cow\"\n",
        "[[steps]]\nsay = \"breath/in\"\n",
    ] {
        assert_eq!(planned(steps).regions[0].start.0, 24_000, "{steps}");
    }
    assert_eq!(planned("[[steps]]\nbell = \"low\"\n").regions[0].start.0, 0, "a bell survives it");
}

#[test]
fn a_bell_is_not_the_cue_of_its_name() {
    let timeline = planned("[[steps]]\nsay = \"low\"\n[[steps]]\nbell = \"low\"\n[cues]\n\"low\" = \"Go low.\"\n");
    let called_low = timeline.sounds.iter().filter(|sound| sound.cue() == "low").count();
    assert_eq!(called_low, 2, "a bell in place of the words, and the low one");
}

/// The cues of a plan between two others.
fn count(timeline: &Timeline, cue: &str) -> usize {
    said(timeline).iter().filter(|said| **said == cue).count()
}

#[test]
fn every_round_of_a_hold_has_its_marks_the_last_but_one_too() {
    for (hold, marks) in
        [("45s", ["stay/40-seconds", "mark/nearly"]), ("5 breaths", ["stay/4-breaths", "mark/last-breath"])]
    {
        let timeline = planned(&format!("[[steps]]\npose = \"childs-pose\"\nhold = \"{hold}\"\nrounds = 3\n"));
        assert_eq!(marks.map(|mark| count(&timeline, mark)), [3, 3], "{hold}: {:?}", said(&timeline));
        assert_eq!(count(&timeline, "mark/last-round"), 1);
    }
}

#[test]
fn the_last_round_is_announced_in_the_quickest_breath_and_beside_the_words_of_a_short_rest() {
    for steps in [
        "[[steps]]\nbreathe = \"2-2\"\nrounds = 10\n",
        "[[steps]]\npose = \"cat-cow\"\nbreath = \"2.5-2.5\"\nrounds = 8\nrest = \"4s\"\n",
        "[[steps]]\npose = \"cat-cow\"\nrounds = 8\nrest = \"2s\"\n",
    ] {
        let timeline = planned(steps);
        let announced = ["mark/last-round", "mark/last-of-breathing"].map(|mark| count(&timeline, mark));
        assert_eq!(announced.iter().sum::<usize>(), 1, "{steps}");
    }
}

#[test]
fn the_words_of_a_rest_fade_and_a_bell_takes_their_place() {
    let timeline = planned("[[steps]]\npose = \"cat-cow\"\nrounds = 10\nrest = \"8s\"\n");
    assert_eq!(count(&timeline, "rest/round"), 4);
}

#[test]
fn what_is_said_of_a_hold_is_what_is_left_of_it() {
    // Its own words take eight seconds of it.
    let timeline = planned("[[steps]]\npose = \"childs-pose\"\nhold = \"72s\"\n");
    assert_eq!(count(&timeline, "stay/1-minute"), 1, "{:?}", said(&timeline));
    for (hold, stay) in [("15 breaths", "stay/150-seconds"), ("25m", "stay/25-minutes"), ("45m", "stay/45-minutes")] {
        let timeline = planned(&format!("[[steps]]\npose = \"childs-pose\"\nhold = \"{hold}\"\n"));
        assert_eq!(count(&timeline, stay), 1, "{hold}: {:?}", said(&timeline));
    }
}

#[test]
fn a_stillness_that_grows_is_named_when_it_has_come_though_all_other_words_have_faded() {
    let timeline =
        planned("[[steps]]\nbreathe = { from = \"4-0-4-0\", to = \"4-4-6-2\", over = \"6m\" }\nrounds = 30\n");
    let (holds, exhales) = (count(&timeline, "breath/hold"), count(&timeline, "breath/out"));
    assert!(holds >= 4 && holds <= exhales + 2, "{holds} and {exhales}: {:?}", said(&timeline));
    let last_exhale = said(&timeline).iter().rposition(|cue| *cue == "breath/out");
    assert!(said(&timeline).iter().position(|cue| *cue == "breath/hold") > last_exhale, "{:?}", said(&timeline));
}

#[test]
fn ten_reps_of_three_seconds_need_no_words_of_ones_own() {
    let timeline = planned("[[steps]]\npose = \"bridge\"\nrounds = 10\nhold = \"3s\"\n");
    assert_eq!(count(&timeline, "stay/here"), 10);
}

#[test]
fn a_length_is_never_met_by_holding_a_plank_longer_than_its_range() {
    let steps = "[[steps]]\npose = \"plank\"\n[[steps]]\nrepeat = \"1..3\"\n[[steps.steps]]\npose = \"bridge\"\nrounds = 6\n[[steps]]\nsay = \"closing/thanks\"\n[poses.plank]\nname = \"Plank\"\nposition = \"prone\"\nhold = \"10s..30s\"\n";
    let (routine, lengths) = load(&format!("title = \"Test\"\n{steps}"), 48_000);
    let wishes = Wishes { missing: Missing::Bell, ..Wishes::default() };
    let ends = catcow::plan::bounds(&routine, &lengths, &wishes);
    for share in 0..20u64 {
        let frames = ends.shortest.0 + (ends.longest.0 - ends.shortest.0) * share / 20;
        let length = Some(std::time::Duration::from_millis(frames / 48));
        let timeline = plan(&routine, &lengths, &Wishes { length, ..wishes.clone() }).expect("a plan");
        let hold = timeline.phases.iter().find(|phase| phase.kind.word() == "hold").expect("a hold");
        assert!((480_000..=1_440_000).contains(&hold.frames.0), "{} s", hold.frames.0 / 48_000);
        // What is left over is a rest that says so.
        let pause = timeline.phases.iter().find(|phase| phase.kind.word() == "pause");
        let long = pause.is_some_and(|pause| pause.frames.0 > 40 * 48_000);
        assert!(!long || (count(&timeline, "rest/round") == 1 && count(&timeline, "mark/nearly") > 0));
    }
}

#[test]
fn the_time_to_change_sides_may_be_a_range() {
    let steps = "[[steps]]\npose = \"supine-twist\"\nhold = \"45s\"\nswitch = \"5s..10s\"\n";
    let (routine, lengths) = load(&format!("title = \"Test\"\n{steps}"), 48_000);
    let switch = |level: u8| {
        let wishes = Wishes { level: catcow::plan::Level::new(level), ..Wishes::default() };
        let timeline = plan(&routine, &lengths, &wishes).expect("a plan");
        let found = timeline.phases.iter().find(|phase| phase.kind.word() == "switch").expect("a switch");
        found.frames.0 / 48_000
    };
    assert_eq!([1, 5].map(switch), [5, 10]);
}

#[test]
fn a_reminder_stays_whatever_its_author_calls_it_when_its_hold_grows() {
    let timeline = planned(
        "[[steps]]\npose = \"still\"\n[poses.still]\nname = \"Still\"\nposition = \"supine\"\nhold = \"2m\"\ncue = \"still/lie\"\n\
         reminders = [\"stay/soft\", \"mark/nearly-there\"]\nrelease = \"still/up\"\n[cues]\n\"still/lie\" = \"Lie still.\"\n\
         \"still/up\" = \"Come up.\"\n\"stay/soft\" = \"Stay soft.\"\n\"mark/nearly-there\" = \"Let go.\"\n",
    );
    let hold = timeline.phases.iter().find(|phase| phase.kind == PhaseKind::Hold).expect("a hold");
    let (longer, _) = catcow::plan::edit::longer(&timeline, hold.start + Frames(1)).expect("it grows");
    for cue in ["stay/soft", "mark/nearly-there"] {
        assert_eq!((count(&timeline, cue), count(&longer, cue)), (1, 1), "{cue}: {:?}", said(&longer));
    }
    // How long the hold will be is untrue by now, and goes.
    assert_eq!((count(&timeline, "stay/2-minutes"), count(&longer, "stay/2-minutes")), (1, 0));
}

#[test]
fn a_part_is_a_part_whatever_it_is_called() {
    let timeline = planned("[[steps]]\nbreathe = \"4-6\"\nname = \"Closing\"\nrounds = 3\n");
    let kinds: Vec<_> = timeline.chapters.iter().map(|chapter| (chapter.title.as_str(), chapter.kind)).collect();
    assert_eq!(kinds, [("Closing", ChapterKind::Part)]);
    let picture = catcow::sink::page::picture::text(&timeline);
    assert!(picture.contains(" · 1 part · ") && picture.contains("class=\"c1\""), "{picture}");
}
