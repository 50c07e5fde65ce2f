//! Composed sessions: whatever is asked for, the length is met, nothing is loaded that is to be spared, and a body is led well.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use catcow::Error;
use catcow::compose::{Composition, Mood, Request, Rules, Studio, Within, everything};
use catcow::diagnostic::{Code, Source};
use catcow::load::language::pose::Pose;
use catcow::load::language::position::Position;
use catcow::load::language::routine::Action;
use catcow::load::language::traits::{Area, Joint, Need};
use catcow::load::{ClipDurations, Library, Memory, Routine};
use catcow::plan::timeline::{ChapterKind, Role, Timeline};
use catcow::plan::{Missing, Wishes, lint, plan};
use catcow::session::{Builder, Prepared};
use catcow::work::Work;

use crate::workshop::{NINE, Workshop};

/// Everything that a studio needs.
struct Atelier {
    library: Library,
    prepared: Prepared,
    wishes: Wishes,
}

impl Atelier {
    fn new() -> Atelier {
        Atelier::with(Memory::new())
    }

    fn with(files: Memory) -> Atelier {
        let library = Library::in_memory(files).expect("a library");
        let rules = Rules::open(&library).expect("rules");
        let all = everything(&library, &rules).expect("poses");
        let mut builder = Builder::new(all, library.voice("ada").expect("a voice"));
        builder.wishes.missing = Missing::Bell;
        let wishes = builder.wishes.clone();
        let prepared = builder.prepare(&Work::alone()).expect("recordings");
        Atelier { library, prepared, wishes }
    }

    fn studio(&self) -> Studio<'_> {
        let rules = Rules::open(&self.library).expect("rules");
        Studio::new(&self.library, rules, self.durations(), &self.wishes).expect("a studio")
    }

    fn durations(&self) -> &ClipDurations {
        self.prepared.durations()
    }

    fn read(&self, composition: &Composition) -> Routine {
        let source = Source::in_memory(composition.name.as_str(), composition.text.as_str());
        self.library.read(&composition.name, &Arc::new(source)).unwrap_or_else(|error| panic!("{error}"))
    }

    fn plan(&self, routine: &Routine, length: Duration) -> Timeline {
        let wishes = Wishes { length: Some(length), ..self.wishes.clone() };
        plan(routine, self.durations(), &wishes).unwrap_or_else(|error| panic!("{error}"))
    }
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

fn request(length: Duration, seed: &str) -> Request {
    Request { length, seed: seed.into(), ..Request::default() }
}

/// One of ten thousand requests: the numbers are drawn so that every option meets every other.
fn request_of(number: u32) -> Request {
    let mut state = u64::from(number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut draw = |most: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 20) % most
    };
    // Half of the lengths are short: there is the least room.
    let seconds = if draw(2) == 0 { 180 + draw(20 * 60) } else { 180 + draw(87 * 60 + 1) };
    let joints = Joint::WORDS.map(|(_, joint)| joint);
    let areas = Area::WORDS.map(|(_, area)| area);
    let mut avoid: Vec<Joint> = joints.into_iter().filter(|_| draw(7) == 0).collect();
    avoid.truncate(3);
    let left_out = [Position::Kneeling, Position::HandsAndKnees, Position::Standing, Position::Prone];
    let no_positions = left_out.into_iter().filter(|_| draw(6) == 0).collect();
    Request {
        length: Duration::from_secs(seconds),
        within: [Within::Anything, Within::Anything, Within::Lying, Within::Seated][draw(4) as usize],
        no_positions,
        focus: areas.into_iter().filter(|_| draw(12) == 0).collect(),
        avoid,
        with: [Need::Wall, Need::Chair, Need::Desk].into_iter().filter(|_| draw(6) == 0).collect(),
        mood: Mood::WORDS[draw(4) as usize].1,
        without: if draw(5) == 0 { vec![NINE[draw(9) as usize].into()] } else { Vec::new() },
        only: Vec::new(),
        more: if draw(5) == 0 { vec![NINE[draw(9) as usize].into()] } else { Vec::new() },
        seed: format!("day {}", draw(10_000)),
    }
}

/// What is wrong with a session, in words; nothing where all is right.
fn faults(atelier: &Atelier, request: &Request, composition: &Composition) -> Vec<String> {
    let routine = atelier.read(composition);
    let timeline = atelier.plan(&routine, request.length);
    let mut faults = Vec::new();
    let mut fault = |is: bool, words: &str| faults.extend(is.then(|| words.to_owned()));
    let poses = routine.poses();
    let postures: Vec<&&Pose> = poses.iter().filter(|pose| pose.position.is_some()).collect();
    fault(timeline.frames != timeline.rate.frames(request.length), "the length is not met");
    let loads = |joint: &Joint| poses.iter().any(|pose| pose.traits.loads.contains(joint));
    fault(request.avoid.iter().any(loads), "a joint is loaded that was to be spared");
    let unwanted = |position: Option<Position>| position.is_some_and(|position| !is_wanted(request, position));
    fault(poses.iter().any(|pose| unwanted(pose.position) || unwanted(pose.ends)), "a position was not asked for");
    fault(poses.iter().any(|pose| request.without.contains(&pose.id)), "a pose comes that was left out");
    fault(!is_warm(&postures), "something strong comes before a warm-up");
    fault(!is_balanced(&postures), "no counter-pose follows a strong pose");
    fault(has_many_changes(&timeline, &postures), "the body moves more than four times in ten minutes");
    fault(moves_unsaid(&timeline, &postures), "the body moves without words");
    fault(!has_equal_sides(&timeline), "sides are unequal");
    let said = |cue: &str| timeline.regions.iter().any(|region| timeline.sounds[region.sound].cue() == cue);
    fault(!said("safety/physician") || !said("safety/stop"), "words for safety are missing");
    fault(!rests_at_the_end(&routine), "there is no rest at the end");
    faults
}

fn is_wanted(request: &Request, position: Position) -> bool {
    let within = match request.within {
        Within::Anything => true,
        Within::Lying => matches!(position, Position::Supine | Position::Prone | Position::SideLying),
        Within::Seated => position == Position::Seated,
    };
    within && !request.no_positions.contains(&position)
}

fn effort(pose: &Pose) -> u32 {
    pose.traits.effort.unwrap_or(0)
}

fn is_warm(poses: &[&&Pose]) -> bool {
    let warms = |pose: &Pose, strong: &Pose| {
        effort(pose) < 3 && pose.traits.warms.iter().any(|area| strong.traits.focus.contains(area))
    };
    poses
        .iter()
        .enumerate()
        .all(|(index, pose)| effort(pose) < 3 || poses[..index].iter().any(|before| warms(before, pose)))
}

/// A counter-pose comes right after a strong pose, or after a row of strong ones.
fn is_balanced(poses: &[&&Pose]) -> bool {
    poses.iter().enumerate().filter(|(_, pose)| effort(pose) >= 3 && !pose.traits.counters.is_empty()).all(
        |(index, pose)| {
            let is_counter = |other: &Pose| pose.traits.counters.contains(&other.id);
            let after = poses[index + 1..]
                .iter()
                .find(|other| is_counter(other) || effort(other) < 3 || other.position != pose.ends);
            after.is_some_and(|other| is_counter(other))
        },
    )
}

/// The places at which the body changes its position, inside poses too.
fn changes(timeline: &Timeline, poses: &[&&Pose]) -> Vec<f64> {
    let told = timeline.regions.iter().filter(|region| region.role == Role::Move);
    let mut times: Vec<f64> = told.map(|region| region.start.seconds(timeline.rate)).collect();
    for chapter in timeline.chapters.iter().filter(|chapter| chapter.kind == ChapterKind::Part) {
        let pose = poses.iter().find(|pose| pose.name == chapter.title);
        if pose.is_some_and(|pose| pose.position != pose.ends) {
            times.push((chapter.start + chapter.frames).seconds(timeline.rate));
        }
    }
    times.sort_by(f64::total_cmp);
    times
}

fn has_many_changes(timeline: &Timeline, poses: &[&&Pose]) -> bool {
    changes(timeline, poses).windows(5).any(|five| five[4] - five[0] < 600.0)
}

/// Whether one pose follows another in another position, and nothing says how to get there or leaves the time for it.
fn moves_unsaid(timeline: &Timeline, poses: &[&&Pose]) -> bool {
    let needed = poses.windows(2).filter(|two| two[0].ends != two[1].position).count();
    let mut voices =
        timeline.regions.iter().filter(|region| region.track == catcow::plan::timeline::Track::Voice).peekable();
    let (mut told, mut hurried) = (0, false);
    while let Some(region) = voices.next() {
        if region.role == Role::Move {
            told += 1;
            let next = voices.peek().map_or(timeline.frames, |next| next.start);
            hurried |= next.saturating_sub(region.start + region.frames).seconds(timeline.rate) < 5.0;
        }
    }
    told < needed || hurried
}

/// Whether the phases of each side of a pose last equally long together.
fn has_equal_sides(timeline: &Timeline) -> bool {
    timeline.chapters.iter().all(|chapter| {
        let mut sums: Vec<(String, u64)> = Vec::new();
        for phase in
            timeline.phases.iter().filter(|phase| phase.kind.is_practice() && chapter.range().contains(phase.start))
        {
            let Some(side) = &phase.side else { continue };
            match sums.iter_mut().find(|(known, _)| known == side) {
                Some((_, sum)) => *sum += phase.frames.0,
                None => sums.push((side.clone(), phase.frames.0)),
            }
        }
        sums.windows(2).all(|two| two[0].1 == two[1].1)
    })
}

fn rests_at_the_end(routine: &Routine) -> bool {
    let last = routine.steps.iter().rev().find(|step| !matches!(step.action, Action::Say { .. } | Action::Bell { .. }));
    match last.map(|step| &step.action) {
        Some(Action::Pose(pose)) => pose.traits.focus.first() == Some(&Area::Rest),
        Some(Action::Pause(_)) => true,
        _ => false,
    }
}

/// Composes requests on all processors, and gathers what is wrong with them; how many were composed.
fn compose_all(numbers: std::ops::Range<u32>) -> u32 {
    let atelier = Atelier::new();
    let studio = atelier.studio();
    let (next, composed) = (AtomicU32::new(numbers.start), AtomicU32::new(0));
    let check = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= numbers.end {
                return;
            }
            let request = request_of(number);
            match studio.compose(&request) {
                Ok(composition) => {
                    let faults = faults(&atelier, &request, &composition);
                    assert!(faults.is_empty(), "request {number}: {faults:?}\n{request:?}\n{}", composition.text);
                    composed.fetch_add(1, Ordering::Relaxed);
                }
                Err(error) => assert_refused(&request, &error, number),
            }
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(check)).collect();
        threads.into_iter().for_each(|thread| thread.join().expect("no request is composed wrongly"));
    });
    composed.into_inner()
}

/// A request is refused because no pose is left, or because its length lies outside what is told.
fn assert_refused(request: &Request, error: &Error, number: u32) {
    let Error::Mistakes(mistakes) = error else { panic!("request {number}: {error}") };
    let mistake = mistakes.iter().next().expect("a mistake");
    if mistake.code == Code::NothingFits {
        return;
    }
    assert_eq!(mistake.code, Code::LengthOutOfRange, "request {number}: {error}");
    let bounds = mistake.message.strip_prefix("expected a length of ").expect("the bounds");
    let (least, rest) = bounds.split_once(" to ").expect("two bounds");
    let most = rest.split(' ').next().expect("the longest");
    let [least, most] = [least, most]
        .map(|clock| clock.split(':').fold(0.0, |sum, part| sum * 60.0 + part.parse::<f64>().expect("a clock")));
    let length = request.length.as_secs_f64();
    assert!(length < least || length > most, "request {number} is refused between its bounds: {error}\n{request:?}");
}

#[test]
fn ten_thousand_requests_are_composed_well_or_refused_with_their_bounds() {
    let composed = compose_all(0..10_000);
    assert!(composed > 6_000, "{composed}");
}

#[test]
fn the_same_day_gives_the_same_session_and_thirty_days_give_many() {
    let atelier = Atelier::new();
    let studio = atelier.studio();
    let mut orders = BTreeSet::new();
    for day in 1..=30 {
        let request = request(minutes(12), &format!("2026-11-{day:02}"));
        let composition = studio.compose(&request).expect("a session");
        assert_eq!(atelier.studio().compose(&request).expect("a session").text, composition.text);
        let poses: Vec<String> = atelier.read(&composition).poses().iter().map(|pose| pose.id.clone()).collect();
        assert!(poses.iter().any(|pose| NINE.contains(&pose.as_str())), "{poses:?}");
        orders.insert(poses);
    }
    assert!(orders.len() >= 15, "{}", orders.len());
}

#[test]
fn what_is_asked_for_comes() {
    let atelier = Atelier::new();
    let studio = atelier.studio();
    let mut hips = 0;
    for day in 0..20 {
        let wish = Request { focus: vec![Area::Hips], ..request(minutes(20), &format!("day {day}")) };
        let poses = atelier.read(&studio.compose(&wish).expect("a session"));
        hips += poses.poses().iter().filter(|pose| pose.traits.focus.contains(&Area::Hips)).count();
        let more = Request { more: vec!["bridge".into()], ..request(minutes(20), &format!("day {day}")) };
        let often = atelier.read(&studio.compose(&more).expect("a session"));
        assert!(day > 15 || often.poses().iter().any(|pose| pose.id == "bridge") || day % 3 == 0, "day {day}");
    }
    assert!(hips >= 60, "three poses for the hips in each: {hips}");
}

#[test]
fn a_pose_of_ones_own_that_says_what_it_is_for_joins_the_choice() {
    let own = "name = \"Star\"\nposition = \"supine\"\nfocus = \"breath\"\neffort = 1\nhold = \"1m..2m\"\ncue = \"rest/let-go\"\n\
               release = \"body/feet-down\"\n[cues]\n\"star/name\" = \"Star.\"\n";
    let atelier = Atelier::with(Memory::new().with("routines/poses/star.toml", own));
    let request = Request { within: Within::Lying, focus: vec![Area::Breath], ..request(minutes(12), "a") };
    let composition = atelier.studio().compose(&request).expect("a session");
    assert!(composition.text.contains("\"star\""), "{}", composition.text);
    assert!(composition.reasons.contains(&("Star".into(), "For the breath, as you asked.".into())));
}

#[test]
fn rules_of_ones_own_win() {
    let rules =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/routines/composing/rules.toml")).expect("rules");
    let own = rules.replace("\"opening/composed\"", "\"opening/gentle-back\"");
    let atelier = Atelier::with(Memory::new().with("routines/composing/rules.toml", own));
    let composition = atelier.studio().compose(&request(minutes(12), "a")).expect("a session");
    assert!(composition.text.contains("opening/gentle-back") && !composition.text.contains("opening/composed"));
}

#[test]
fn a_session_of_every_kind_passes_the_linter() {
    let atelier = Atelier::new();
    let studio = atelier.studio();
    for number in 0..200 {
        let request = request_of(number);
        let Ok(composition) = studio.compose(&request) else { continue };
        let routine = atelier.read(&composition);
        let wishes = Wishes { length: Some(request.length), ..atelier.wishes.clone() };
        let found = lint::inspect(&routine, atelier.durations(), &wishes);
        let told: Vec<_> = found.iter().map(|each| (each.code, each.message.clone())).collect();
        assert!(told.is_empty(), "request {number}: {told:?}\n{}", composition.text);
    }
}

#[test]
fn what_cannot_be_met_is_told_with_what_stands_in_the_way() {
    let workshop = Workshop::new();
    let said = workshop.run(["plan", "--for", "12m", "--only", "bridge", "--avoid", "neck"]).failure(1);
    assert!(said.contains("nothing-fits") && said.contains("loads the neck: Bridge"), "{said}");
    let said = workshop.run(["plan", "--for", "2h", "--seated"]).failure(1);
    assert!(said.contains("expected a length of ") && said.contains("found 2h"), "{said}");
    assert!(said.contains("is done on hands and knees: "), "{said}");
}

#[test]
fn a_composed_session_is_written_down_to_be_kept() {
    let workshop = Workshop::new();
    let sheet = |what: &[&str]| {
        let more = ["--missing", "bell"];
        workshop.run(["plan"].iter().chain(what).chain(&more)).success()
    };
    workshop.run(["new", "mine", "--for", "12m", "--lying", "--seed", "a"]).success();
    workshop.run(["check", "mine.toml", "--missing", "bell"]).success();
    let kept = sheet(&["mine.toml"]);
    assert!(kept.starts_with("12 minutes lying down · 12:00 · "), "{kept}");
    assert_eq!(kept, sheet(&["--for", "12m", "--lying", "--seed", "a"]));
    let others = ["b", "c", "d", "e", "f"].map(|seed| sheet(&["--for", "12m", "--lying", "--seed", seed]));
    assert!(others.iter().any(|other| *other != kept));
}

#[test]
fn why_says_a_line_for_each_pose() {
    let workshop = Workshop::new();
    let said = workshop
        .run(["plan", "--for", "20m", "--focus", "hips", "--seed", "a", "--why", "--missing", "bell"])
        .success();
    assert!(said.contains("For the hips, as you asked.") && said.contains("To rest at the end."), "{said}");
    assert!(said.contains("needs a chair"), "{said}");
}

#[test]
fn what_was_said_of_a_pose_is_kept_for_composed_sessions() {
    let workshop = Workshop::new();
    workshop
        .file("home/tastes.toml", "without = [\"cat-cow\", \"knees-to-chest\", \"childs-pose\", \"hip-rotations\"]\n");
    let said = workshop.run(["plan", "--for", "12m", "--seed", "a", "--why", "--missing", "bell"]).success();
    assert!(said.contains("left out by wish"), "{said}");
    workshop.file("home/tastes.toml", "witout = [\"cat-cow\"]\n");
    let said = workshop.run(["plan", "--for", "12m", "--missing", "bell"]).failure(1);
    assert!(said.contains("did you mean `without`?"), "{said}");
}

#[test]
fn an_export_without_a_name_has_the_day_and_the_length_in_it() {
    let workshop = Workshop::new();
    workshop
        .run(["export", "--for", "4m", "--date", "2026-11-27", "--missing", "bell", "--until", "2s", "--rate", "8000"])
        .success();
    assert_eq!(workshop.files(), ["composed-2026-11-27-4m.m4a"]);
}

#[test]
fn a_routine_and_a_composed_session_are_two_ways() {
    let workshop = Workshop::new();
    for wrong in [
        &["plan", "morning", "--for", "12m"][..],
        &["plan", "--for", "12m", "--length", "12m"],
        &["plan", "morning", "--lying"],
        &["plan", "--for", "12m", "--focus", "hip"],
    ] {
        workshop.run(wrong).failure(2);
    }
}
