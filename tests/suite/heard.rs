//! What an author writes is heard, or it is told that it is not.

use catcow::diagnostic::Code;
use catcow::frames::Frames;
use catcow::plan::timeline::{PhaseKind, Role, Timeline};
use catcow::plan::{Missing, Wishes, lint, plan};

use crate::properties::load;
use crate::workshop::Workshop;

const RATE: u64 = 48_000;

/// The plan of a routine, a soft bell standing in for what is not recorded.
fn planned(routine: &str) -> Timeline {
    let (routine, durations) = load(&format!("title = \"Test\"\n{routine}"), 48_000);
    plan(&routine, &durations, &Wishes { missing: Missing::Bell, ..Wishes::default() }).expect("a plan")
}

/// The codes of what is found in a routine.
fn found(routine: &str) -> Vec<Code> {
    let safety = "[[steps]]\nsay = [\"safety/physician\", \"safety/stop\"]\n";
    let (routine, durations) =
        load(&format!("title = \"Test\"\n{}", routine.replacen("[[steps]]", &format!("{safety}[[steps]]"), 1)), 48_000);
    let wishes = Wishes { missing: Missing::Bell, ..Wishes::default() };
    lint::inspect(&routine, &durations, &wishes).iter().map(|each| each.code).collect()
}

/// What is said or rung, and when, in seconds.
fn heard(timeline: &Timeline) -> Vec<(f64, String)> {
    let cue = |region: &catcow::plan::timeline::Region| timeline.sounds[region.sound].cue().to_owned();
    timeline.regions.iter().map(|region| (region.start.0 as f64 / RATE as f64, cue(region))).collect()
}

fn starts(timeline: &Timeline, cue: &str) -> Vec<f64> {
    heard(timeline).into_iter().filter(|(_, each)| each == cue).map(|(start, _)| start).collect()
}

fn holds(timeline: &Timeline) -> Vec<(f64, f64)> {
    let seconds = |frames: Frames| frames.0 as f64 / RATE as f64;
    let holds = timeline.phases.iter().filter(|phase| phase.kind == PhaseKind::Hold);
    holds.map(|phase| (seconds(phase.start), seconds(phase.start + phase.frames))).collect()
}

fn tilt(hold: &str, countdown: &str, more: &str) -> String {
    format!(
        "[[steps]]\npose = \"tilt\"\n[poses.tilt]\nname = \"Tilt\"\nposition = \"supine\"\nhold = \"{hold}\"\ncountdown = \"{countdown}\"\n\
         rounds = 8\nrest = \"10s\"\ncue = \"tilt/press\"\nrelease = \"tilt/done\"\n{more}[cues]\n\"tilt/press\" = \"Press.\"\n\"tilt/done\" = \"Go.\"\n"
    )
}

#[test]
fn a_countdown_that_does_not_fit_begins_later() {
    let timeline = planned(&tilt("6s", "5s", ""));
    assert_eq!(starts(&timeline, "count/5").len(), 0, "{:?}", heard(&timeline));
    for number in 1..=4u32 {
        let starts = starts(&timeline, &format!("count/{number}"));
        let ends = holds(&timeline).into_iter().map(|(_, end)| end);
        // A frame has its place in seconds only about.
        let close = |(start, end): (&f64, f64)| (end - f64::from(number) - start).abs() < 1e-6;
        assert!(starts.len() == ends.len() && starts.iter().zip(ends).all(close), "{number}: {:?}", heard(&timeline));
    }
    assert!(!found(&tilt("6s", "5s", "")).contains(&Code::CountdownDropped));
}

#[test]
fn a_countdown_that_is_never_heard_is_told() {
    let none = tilt("2s", "2s", "")
        .replace("tilt/press\" = \"Press.", "tilt/press\" = \"Press your back down, and keep it there.");
    assert_eq!(starts(&planned(&none), "count/1").len(), 0);
    let flow = "[[steps]]\npose = \"cat-cow\"\ncountdown = \"3s\"\n";
    for routine in [none.as_str(), flow] {
        assert!(found(routine).contains(&Code::CountdownDropped), "{routine}");
        let workshop = Workshop::new();
        let shown =
            workshop.file("a.toml", format!("title = \"A\"\n{routine}")).run(["plan", "a.toml", "--missing", "bell"]);
        assert!(shown.stderr.contains("warning[countdown-dropped]"), "{}", shown.stderr);
    }
    let allowed = flow.replace("countdown", "allow = \"countdown-dropped: it is none\"\ncountdown");
    assert!(!found(&allowed).contains(&Code::CountdownDropped));
}

#[test]
fn a_reminder_and_words_that_have_no_room_are_told() {
    let routine = |hold: &str| {
        format!(
            "[[steps]]\npose = \"still\"\n[poses.still]\nname = \"Still\"\nposition = \"supine\"\nhold = \"{hold}\"\ncue = \"still/lie\"\n\
             reminders = \"still/soft\"\nresting = \"still/rest\"\nrelease = \"still/up\"\n[cues]\n\"still/lie\" = \"Lie still.\"\n\
             \"still/soft\" = \"Be soft.\"\n\"still/up\" = \"Come up.\"\n\"still/rest\" = \"Rest.\"\n\"still/more\" = \"More.\"\n"
        )
    };
    assert_eq!(found(&routine("12s")).iter().filter(|code| **code == Code::ReminderDropped).count(), 1);
    assert!(!found(&routine("2m")).contains(&Code::ReminderDropped));
    // It is heard where the range is taken deeper.
    assert!(!found(&routine("12s..2m")).contains(&Code::ReminderDropped));
    // A rest that never comes, and words that nothing names.
    assert_eq!(found(&routine("2m")).iter().filter(|code| **code == Code::UnheardCue).count(), 2);
}

#[test]
fn the_last_round_is_announced_where_no_phase_alone_has_the_room() {
    let block = |from: &str| format!("[[steps]]\nbreathe = \"{from}\"\nrounds = 30\n[[steps]]\npause = \"60s\"\n");
    for pattern in ["1.6-1.4", "2-1.6", "2.2-1.7"] {
        let timeline = planned(&block(pattern));
        let said: Vec<_> = timeline.regions.iter().filter(|region| region.role == Role::LastRound).collect();
        let round = |round| timeline.phases.iter().filter(move |phase| phase.round == Some(round));
        let (first, last) = (round(29).next().expect("round 29"), round(29).next_back().expect("round 29"));
        assert_eq!(said.len(), 1, "{pattern}: {:?}", heard(&timeline));
        assert!(said[0].start >= first.start && said[0].range().end <= last.range().end, "{pattern}");
    }
    // Eight repetitions that leave it no room beside their own words.
    let lifts = "[[steps]]\npose = \"lift\"\n[poses.lift]\nname = \"Lift\"\nposition = \"supine\"\nhold = \"2s\"\nrounds = 8\n\
                 cue = \"lift/up\"\nrelease = \"lift/down\"\n[cues]\n\"lift/up\" = \"Up.\"\n\"lift/down\" = \"Down.\"\n";
    assert_eq!(starts(&planned(lifts), "mark/last-round").len(), 1);
}

fn nadi(more: &str) -> String {
    format!(
        "{more}breath = \"4-16-8-3\"\n[[steps]]\npose = \"nadi\"\n[poses.nadi]\nname = \"Nadi\"\nposition = \"seated\"\n\
         rounds = 12\nrelease = \"nadi/end\"\n[[poses.nadi.phases]]\nbreath = \"inhale\"\ncue = \"breath/in\"\n\
         [[poses.nadi.phases]]\nbreath = \"exhale\"\ncue = \"breath/out\"\n[cues]\n\"nadi/end\" = \"Let go.\"\n"
    )
}

#[test]
fn a_breath_that_is_held_inside_a_pose_is_named_where_the_holding_begins() {
    let begins = |timeline: &Timeline, kind| -> Vec<f64> {
        let phases = timeline.phases.iter().filter(move |phase| phase.kind == kind);
        phases.map(|phase| phase.start.0 as f64 / RATE as f64).collect()
    };
    let full = planned(&nadi("guidance = \"full\"\n"));
    let inhales: Vec<f64> = begins(&full, PhaseKind::Inhale).iter().map(|start| start + 4.0).collect();
    let exhales: Vec<f64> = begins(&full, PhaseKind::Exhale).iter().map(|start| start + 8.0).collect();
    assert_eq!(starts(&full, "breath/hold"), inhales);
    // Half-way and the last round are said there, too.
    assert!(starts(&full, "breath/empty").len() >= exhales.len() - 2, "{:?}", heard(&full));
    // It fades as all words do where the tone keeps the breath, and stays where none does.
    assert_eq!(starts(&planned(&nadi("guidance = \"fading\"\n")), "breath/hold").len(), 6);
    assert_eq!(starts(&planned(&nadi("guidance = \"names\"\n")), "breath/hold").len(), 0);
}

#[test]
fn a_bell_marks_a_breath_that_is_held_where_neither_words_nor_a_tone_do() {
    let (routine, durations) = load(&format!("title = \"Test\"\n{}", nadi("guidance = \"names\"\n")), 48_000);
    let mix = catcow::load::Mix { tone: None, ..catcow::load::Mix::default() };
    let timeline =
        plan(&routine, &durations, &Wishes { mix, missing: Missing::Bell, ..Wishes::default() }).expect("a plan");
    let inhales = timeline.phases.iter().filter(|phase| phase.kind == PhaseKind::Inhale);
    for inhale in inhales {
        let held = inhale.start + Frames(4 * RATE);
        assert!(timeline.regions.iter().any(|region| region.start == held), "{:?}", heard(&timeline));
    }
}

const SIDE_LIFT: &str = "name = \"Side lift\"\nposition = \"side-lying\"\nsides = [\"right\", \"left\"]\nswitch = \"15s\"\nhold = \"20s\"\n\
                         cue = \"sl/lift\"\nrelease = \"sl/down\"\n[cues]\n\"sl/lift\" = \"Lift.\"\n\"sl/down\" = \"Down.\"\n";

#[test]
fn a_body_that_lies_on_its_other_side_is_given_the_words_and_the_time_to_turn() {
    let timeline =
        planned(&format!("[[steps]]\nrepeat = 2\n[[steps.steps]]\npose = \"lift\"\n[poses.lift]\n{SIDE_LIFT}"));
    assert_eq!((starts(&timeline, "switch/right").len(), starts(&timeline, "switch/left").len()), (1, 2));
    let turned = starts(&timeline, "switch/right")[0];
    assert!(holds(&timeline).iter().any(|(start, _)| (start - turned - 15.0).abs() < 0.001), "{:?}", heard(&timeline));
    // The same length whether it is measured or placed.
    assert_eq!(holds(&timeline).len(), 4);
}

#[test]
fn the_side_that_one_is_to_lie_on_is_the_poses_first() {
    let left = SIDE_LIFT.replace("[\"right\", \"left\"]", "[\"left\", \"right\"]");
    let timeline = planned(&format!("[[steps]]\npose = \"lift\"\n[poses.lift]\n{left}"));
    assert!(
        starts(&timeline, "move/to-side-lying").is_empty(),
        "those words are for the right: {:?}",
        heard(&timeline)
    );
    let own = format!("{left}\"move/to-side-lying-left\" = \"Lie down on your left side.\"\n");
    let timeline = planned(&format!("[[steps]]\npose = \"lift\"\n[poses.lift]\n{own}"));
    assert_eq!(starts(&timeline, "move/to-side-lying-left").len(), 1);
}

fn tabata() -> String {
    let pose = |id: &str, position: &str| {
        format!(
            "[poses.{id}]\nname = \"{id}\"\nposition = \"{position}\"\nhold = \"20s\"\ncountdown = \"3s\"\nlead = \"inside\"\n"
        )
    };
    let step = |id: &str| {
        format!(
            "[[steps.steps]]\npose = \"{id}\"\n[[steps.steps]]\npause = \"10s\"\ncue = \"tab/rest\"\ncountdown = \"3s\"\n"
        )
    };
    format!(
        "guidance = \"names\"\n[[steps]]\nrepeat = 4\n{}{}[cues]\n\"tab/rest\" = \"Rest.\"\n{}{}",
        step("squat"),
        step("plank"),
        pose("squat", "standing"),
        pose("plank", "hands-and-knees")
    )
}

#[test]
fn eight_times_twenty_seconds_and_ten_take_four_minutes() {
    let timeline = planned(&tabata());
    let holds = holds(&timeline);
    let begins: Vec<f64> = holds.iter().map(|(start, _)| start - holds[0].0).collect();
    assert_eq!(begins, (0..8).map(|round| f64::from(round) * 30.0).collect::<Vec<_>>());
    assert_eq!(timeline.frames.0 as f64 / RATE as f64 - holds[0].0, 240.0);
    // The next exercise is named in the rest before it, and its first frame is marked.
    for (hold, name) in holds.iter().skip(1).zip(["plank/name", "squat/name"].into_iter().cycle()) {
        let named = starts(&timeline, name).into_iter().filter(|start| (hold.0 - 10.0..hold.0 - 3.0).contains(start));
        assert_eq!(named.count(), 1, "{name} before {hold:?}: {:?}", heard(&timeline));
        assert!(starts(&timeline, "soft").contains(&hold.0), "{hold:?}");
    }
}

#[test]
fn what_a_length_was_found_for_is_what_is_placed_with_ways_in_that_lie_inside() {
    let routine = tabata().replace("repeat = 4", "repeat = \"2..9\"").replace("guidance", "length = \"6m\"\nguidance");
    let routine = routine.replace("[cues]", "[[steps]]\npause = \"5s..5m\"\n[cues]");
    assert_eq!(planned(&routine).frames.0, 6 * 60 * RATE);
}

#[test]
fn bells_on_the_clock_ring_on_it() {
    let timeline = planned("[[steps]]\nbell = \"low\"\nevery = \"5m\"\nrounds = 3\n[[steps]]\nbell = \"low\"\n");
    assert_eq!(starts(&timeline, "low"), [0.0, 300.0, 600.0, 900.0]);
}

#[test]
fn a_step_may_be_a_chapter_of_its_own() {
    let timeline = planned(
        "[[steps]]\npose = \"rest\"\n[[steps]]\nsay = \"a/b\"\nname = \"Body scan\"\n[[steps]]\npause = \"2m\"\nname = \"Silence\"\n\
         [[steps]]\nrepeat = 2\nname = \"Round\"\n[[steps.steps]]\npause = \"40s\"\n[cues]\n\"a/b\" = \"Now.\"\n",
    );
    let titles: Vec<_> = timeline.chapters.iter().map(|chapter| chapter.title.as_str()).collect();
    assert_eq!(titles, ["Rest", "Body scan", "Silence", "Round"]);
}

#[test]
fn safety_words_in_another_language_are_not_asked_for_in_english() {
    let routine = |top: &str| {
        format!(
            "{top}[[steps]]\nsay = \"aviso/medico\"\n[[steps]]\npose = \"cat-cow\"\n[cues]\n\"aviso/medico\" = \"Consulta.\"\n"
        )
    };
    let codes = |top: &str| {
        let (routine, durations) = load(&format!("title = \"Test\"\n{}", routine(top)), 48_000);
        let wishes = Wishes { missing: Missing::Bell, ..Wishes::default() };
        lint::inspect(&routine, &durations, &wishes).iter().any(|each| each.code == Code::NoSafety)
    };
    assert!(codes("") && codes("language = \"en-GB\"\n") && !codes("language = \"es\"\n"));
}

#[test]
fn sides_in_another_language_are_said_as_they_are_written() {
    let workshop = Workshop::new();
    let routine = "title = \"Krieger\"\n[[steps]]\nsay = [\"safety/physician\", \"safety/stop\"]\n[[steps]]\npose = \"krieger\"\n[poses.krieger]\n\
                   name = \"Krieger\"\nposition = \"standing\"\nsides = [\"rechts\", \"links\"]\nsetup = \"Steh weit.\"\nhold = \"30s\"\n\
                   release = \"krieger/ende\"\n[cues]\n\"krieger/ende\" = \"Und.\"\n";
    workshop.file("k.toml", routine).file("slip.toml", routine.replace("\"rechts\", \"links\"", "\"rihgt\", \"left\""));
    let sheet = workshop.run(["plan", "k.toml", "--missing", "bell"]).success();
    assert!(sheet.contains("in place of: Rechts.") && sheet.contains("in place of: Links."), "{sheet}");
    assert_eq!(workshop.run(["check", "k.toml", "--missing", "bell", "--strict"]).status, 0);
    // What is near a side that has words is a slip, told where it stands.
    let shown = workshop.run(["check", "slip.toml", "--missing", "bell"]).failure(1);
    assert!(shown.contains("slip.toml:9:10") && shown.contains("\"side/rihgt\""), "{shown}");
}

#[test]
fn rounds_in_which_nothing_is_done_cost_nothing() {
    let routine = |inside: &str| {
        format!(
            "[[steps]]\nrepeat = 45\n[[steps.steps]]\nrepeat = 10000\n[[steps.steps.steps]]\nrepeat = 10000\n[[steps.steps.steps.steps]]\n{inside}\nonly = 10000\n"
        )
    };
    let (routine, durations) = load(&format!("title = \"Test\"\n{}", routine("pause = \"0s\"")), 48_000);
    let planned = plan(&routine, &durations, &Wishes::default());
    assert!(
        matches!(planned, Err(catcow::Error::Mistakes(wrong)) if wrong.iter().all(|each| each.code == Code::NoTime))
    );
}
