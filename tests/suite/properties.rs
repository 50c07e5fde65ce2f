//! What the language promises, held against thousands of routines that nobody wrote; and the fit against a search that tries
//! every share.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use catcow::Error;
use catcow::diagnostic::{Code, Source};
use catcow::frames::{Frames, SampleRate};
use catcow::load::language::spanned::Spanned;
use catcow::load::{ClipDurations, Mix, Routine};
use catcow::plan::timeline::{PhaseSpan, Role, Timeline, Track};
use catcow::plan::{Bounds, Level, Missing, Wishes, bounds, plan, ranges};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::Config;

use crate::fuzzed::{durations, library, voice};

/// Reads a routine and measures its cues at a rate.
pub fn load(text: &str, rate: u32) -> (Routine, ClipDurations) {
    let source = Arc::new(Source::in_memory("generated.toml", text));
    let routine = library().read("generated", &source).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let rate = SampleRate::new(rate).expect("a rate");
    let lengths = durations(&routine, voice(), rate).expect("lengths of what is built in");
    (routine, lengths)
}

/// A time or a range of times, in tenths of seconds.
fn time(least: u32, width: u32) -> impl Strategy<Value = String> {
    let seconds = |tenths: u32| format!("{}.{}s", tenths / 10, tenths % 10);
    (least..least + width, 0..width).prop_map(move |(from, more)| match more % 3 {
        0 => seconds(from),
        _ => format!("{}..{}", seconds(from), seconds(from + more)),
    })
}

/// A whole number or a range.
fn count(most: u32) -> impl Strategy<Value = String> {
    (1..=most, 0..most)
        .prop_map(|(from, more)| if more == 0 { from.to_string() } else { format!("{from}..{}", from + more) })
}

/// A breath, steady or easing, as it is written after `breath =` and `breathe =`.
fn breath() -> impl Strategy<Value = String> {
    let pattern = || select(vec!["4-6", "5-5", "3-3", "4-2-6-0", "4-7-8-0", "5.5-7.3", "4-4-4-4"]);
    let steady = pattern().prop_map(|text| format!("\"{text}\""));
    let easing = (pattern(), pattern(), 0..400u32)
        .prop_map(|(from, to, over)| format!("{{ from = \"{from}\", to = \"{to}\", over = \"{over}s\" }}"));
    prop_oneof![3 => steady, 1 => easing]
}

/// A dose of cycles.
fn cycles() -> impl Strategy<Value = String> {
    prop_oneof![
        count(6).prop_map(|rounds| format!("rounds = \"{rounds}\"")),
        time(50, 1200).prop_map(|time| format!("for = \"{time}\""))
    ]
}

/// A step, without its `[[steps]]` line.
fn leaf() -> impl Strategy<Value = String> {
    let cue = || select(vec!["opening/small", "safety/stop", "breathing/arrive", "move/to-prone", "closing/thanks"]);
    let hold = prop_oneof![time(0, 2000), count(12).prop_map(|number| format!("{number} breaths"))];
    let still = (select(vec!["childs-pose", "rest", "knees-to-chest"]), hold, 0..11u32)
        .prop_map(|(pose, hold, down)| format!("pose = \"{pose}\"\nhold = \"{hold}\"\ncountdown = \"{down}s\""));
    let held = (
        select(vec!["supine-twist", "two-knee-twist", "bridge", "downward-dog", "seated-twist", "reach"]),
        prop_oneof![time(0, 900), count(8).prop_map(|number| format!("{number} breaths"))],
        cycles(),
        time(0, 200),
    )
        .prop_map(|(pose, hold, cycles, rest)| {
            format!("pose = \"{pose}\"\nhold = \"{hold}\"\n{cycles}\nrest = \"{rest}\"")
        });
    let flow = (
        select(vec!["cat-cow", "hip-rotations", "prone-leg-extensions", "bird-dog", "seated-cat-cow"]),
        cycles(),
        proptest::option::of(breath()),
        0..9u32,
    )
        .prop_map(|(pose, cycles, breath, switch)| {
            let breath = breath.map_or(String::new(), |breath| format!("\nbreath = {breath}"));
            format!("pose = \"{pose}\"\n{cycles}\nswitch = \"{switch}s\"{breath}")
        });
    prop_oneof![
        2 => (cue(), 0..40u32).prop_map(|(cue, then)| format!("say = \"{cue}\"\nthen = \"{}.{}s\"", then / 10, then % 10)),
        1 => time(0, 900).prop_map(|time| format!("pause = \"{time}\"")),
        1 => time(60, 900).prop_map(|time| format!("pause = \"{time}\"\ncue = \"rest/let-go\"")),
        1 => Just("bell = \"high\"".to_owned()),
        2 => (breath(), cycles()).prop_map(|(breath, cycles)| format!("breathe = {breath}\n{cycles}")),
        3 => still,
        3 => held,
        3 => flow,
    ]
}

prop_compose! {
    /// A routine of up to eight steps, some of them in a block that is repeated.
    fn routine()(
        before in prop::collection::vec(leaf(), 0..4),
        block in prop::collection::vec(leaf(), 0..3),
        after in prop::collection::vec(leaf(), 1..3),
        times in count(3),
        breath in breath(),
        guidance in select(vec!["full", "fading", "names", "bells"]),
    ) -> String {
        let mut text = format!("title = \"Generated\"\nbreath = {breath}\nguidance = \"{guidance}\"\n");
        before.iter().for_each(|step| text += &format!("[[steps]]\n{step}\n"));
        if !block.is_empty() {
            text += &format!("[[steps]]\nrepeat = \"{times}\"\n");
            block.iter().for_each(|step| text += &format!("[[steps.steps]]\n{step}\n"));
        }
        after.iter().for_each(|step| text += &format!("[[steps]]\n{step}\n"));
        text + "[poses.reach]\nname = \"Reach\"\nposition = \"seated\"\nsides = [\"right\", \"left\"]\nhold = \"20s\"\n"
    }
}

/// What must hold of every plan.
fn hold_to_promises(timeline: &Timeline) -> Result<(), TestCaseError> {
    let mut voice: Vec<_> = timeline.regions.iter().filter(|region| region.track == Track::Voice).collect();
    voice.sort_by_key(|region| region.start);
    for pair in voice.windows(2) {
        prop_assert!(pair[0].range().end <= pair[1].start, "two cues at once: {pair:?}");
    }
    for region in &voice {
        let after = timeline.phases.partition_point(|phase| phase.start <= region.start);
        if let Some(phase) = timeline.phases[..after].last()
            && region.start < phase.start + phase.frames
        {
            // What announces the last round may take the whole of the one before.
            let same = |other: &&PhaseSpan| region.role == Role::LastRound && other.round == phase.round;
            let last = timeline.phases[after..].iter().take_while(same).last().unwrap_or(phase);
            prop_assert!(region.range().end <= last.start + last.frames, "{region:?} outlasts {last:?}");
        }
    }
    let mut end = Frames::ZERO;
    for chapter in &timeline.chapters {
        prop_assert_eq!(chapter.start, end);
        end += chapter.frames;
    }
    prop_assert_eq!(end, timeline.frames);
    for pair in timeline.phases.windows(2) {
        prop_assert!(pair[0].start + pair[0].frames <= pair[1].start, "two phases at once: {pair:?}");
    }
    for pair in timeline.breaths.windows(2) {
        prop_assert!(pair[0].start + pair[0].frames <= pair[1].start, "two breaths at once: {pair:?}");
    }
    let mut sides = BTreeMap::<&str, BTreeMap<&str, u64>>::new();
    for phase in timeline.phases.iter().filter(|phase| phase.kind.word() != "switch") {
        let Some(side) = &phase.side else { continue };
        *sides.entry(&phase.pose).or_default().entry(side).or_default() += phase.frames.0;
    }
    for (pose, sides) in sides {
        let lengths: Vec<_> = sides.values().collect();
        prop_assert!(lengths.len() == 2 && lengths[0] == lengths[1], "the sides of {pose}: {lengths:?}");
    }
    Ok(())
}

/// A plan, or the codes of what is wrong.
fn try_plan(routine: &Routine, lengths: &ClipDurations, wishes: &Wishes) -> Result<Timeline, Vec<Code>> {
    plan(routine, lengths, wishes).map_err(|error| match error {
        Error::Mistakes(all) => all.iter().map(|each| each.code).collect(),
        other => panic!("{other}"),
    })
}

proptest! {
    #![proptest_config(Config { cases: 1500, failure_persistence: None, ..Config::default() })]

    #[test]
    fn every_routine_is_planned_as_promised_or_refused(
        text in routine(),
        rate in select(vec![44_100, 48_000]),
        share in -0.1..1.1f64,
    ) {
        let (routine, lengths) = load(&text, rate);
        let wishes = Wishes { missing: Missing::Bell, ..Wishes::default() };
        let Bounds { shortest, longest } = bounds(&routine, &lengths, &wishes);
        prop_assert!(shortest <= longest);
        for level in 1..=5 {
            match try_plan(&routine, &lengths, &Wishes { level: Level::new(level), ..wishes.clone() }) {
                Ok(timeline) => {
                    // What is measured is what is placed.
                    prop_assert!(shortest <= timeline.frames && timeline.frames <= longest, "level {level}");
                    hold_to_promises(&timeline)?;
                }
                Err(codes) => prop_assert!(codes.iter().all(|code| [Code::CueTooLong, Code::NoTime].contains(code)), "{codes:?}"),
            }
        }
        let width = longest.0 as f64 - shortest.0 as f64;
        let length = Frames((shortest.0 as f64 + share * width).max(0.0) as u64).duration(lengths.rate);
        let target = lengths.rate.frames(length);
        // An end may be asked for as a clock shows it, up to half a second away.
        let half = Frames(u64::from(rate) / 2);
        let within = shortest <= target + half && target <= longest + half;
        let target = if within { target.clamp(shortest, longest) } else { target };
        match try_plan(&routine, &lengths, &Wishes { length: Some(length), ..wishes.clone() }) {
            Ok(timeline) => {
                prop_assert!(within && timeline.frames == target, "{:?} for {target:?}", timeline.frames);
                hold_to_promises(&timeline)?;
            }
            Err(codes) if codes.contains(&Code::LengthOutOfRange) => prop_assert!(!within, "{target:?} is within"),
            Err(codes) => prop_assert!(codes.iter().all(|code| [Code::CueTooLong, Code::NoTime].contains(code)), "{codes:?}"),
        }
    }

    #[test]
    fn no_breath_that_is_paced_begins_in_silence_where_no_tone_sounds(text in routine(), level in 1..=5u8) {
        let (routine, lengths) = load(&text, 48_000);
        let mix = Mix { tone: None, ..Mix::default() };
        let wishes = Wishes { missing: Missing::Bell, level: Level::new(level), mix, ..Wishes::default() };
        let Ok(timeline) = try_plan(&routine, &lengths, &wishes) else { return Ok(()) };
        hold_to_promises(&timeline)?;
        for phase in timeline.phases.iter().filter(|phase| ["inhale", "exhale"].contains(&phase.kind.word())) {
            prop_assert!(timeline.regions.iter().any(|region| region.range().contains(phase.start)), "silence in {phase:?}");
        }
        let bells = timeline.regions.iter().filter(|region| region.track == Track::Bell && region.start > Frames::ZERO);
        for bell in bells {
            let over = |other: &&catcow::plan::timeline::Region| {
                !other.range().intersect(bell.range()).is_empty() && other.start != bell.start
            };
            prop_assert!(!timeline.regions.iter().any(|other| over(&other)), "something sounds over {bell:?}");
        }
    }

    #[test]
    fn looking_a_routine_through_never_panics(text in routine()) {
        let (routine, lengths) = load(&text, 48_000);
        let wishes = Wishes { missing: Missing::Bell, ..Wishes::default() };
        let found = catcow::plan::lint::inspect(&routine, &lengths, &wishes);
        let known = |code: Code| code == Code::CueTooLong || catcow::load::language::lints::LINTS.contains(&code);
        prop_assert!(found.iter().all(|each| known(each.code)), "{:?}", found.iter().map(|each| each.code).collect::<Vec<_>>());
    }
}

/// A step of a routine small enough to be searched through, and what it comes to by another way of counting: in
/// milliseconds, breaths of five seconds.
#[derive(Clone, Debug)]
enum Piece {
    Pause(u32, u32),
    Rounds(u32, u32),
    For(u32, u32),
    Repeat(u32, u32),
}

impl Piece {
    fn written(&self) -> String {
        match self {
            Piece::Pause(least, most) => format!("[[steps]]\npause = \"{least}s..{most}s\"\n"),
            Piece::Rounds(least, most) => format!("[[steps]]\nbreathe = \"2-3\"\nrounds = \"{least}..{most}\"\n"),
            Piece::For(least, most) => format!("[[steps]]\nbreathe = \"2-3\"\nfor = \"{least}s..{most}s\"\n"),
            Piece::Repeat(least, most) => {
                format!("[[steps]]\nrepeat = \"{least}..{most}\"\n[[steps.steps]]\npause = \"7s\"\n")
            }
        }
    }

    fn wholes(&self, share: f64) -> u32 {
        match *self {
            Piece::Pause(..) => 0,
            Piece::Rounds(least, most) | Piece::Repeat(least, most) => {
                least + (f64::from(most - least) * share).round() as u32
            }
            Piece::For(least, most) => {
                (((f64::from(least) + f64::from(most - least) * share) / 5.0 + 0.5).floor() as u32).max(1)
            }
        }
    }

    fn millis(&self, share: f64) -> u64 {
        match *self {
            Piece::Pause(least, most) => (1000.0 * (f64::from(least) + f64::from(most - least) * share)) as u64,
            Piece::Rounds(..) | Piece::For(..) => u64::from(self.wholes(share)) * 5000,
            Piece::Repeat(..) => u64::from(self.wholes(share)) * 7000,
        }
    }
}

fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let ends = |most: u32| (1..most, 0..most).prop_map(|(least, more)| (least, least + more));
    let piece = prop_oneof![
        ends(40).prop_map(|(least, most)| Piece::Pause(least, most)),
        ends(9).prop_map(|(least, most)| Piece::Rounds(least, most)),
        ends(60).prop_map(|(least, most)| Piece::For(least, most)),
        ends(6).prop_map(|(least, most)| Piece::Repeat(least, most)),
    ];
    prop::collection::vec(piece, 1..4)
}

proptest! {
    #![proptest_config(Config { cases: 300, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_search_through_every_share_finds_the_same_bounds_and_the_same_wholes(pieces in pieces()) {
        const SHARES: u32 = 5000;
        let text: String = pieces.iter().map(Piece::written).collect();
        let (mut routine, lengths) = load(&format!("title = \"Small\"\nguidance = \"bells\"\n{text}"), 48_000);
        let millis = |share: f64| pieces.iter().map(|piece| piece.millis(share)).sum::<u64>();
        let wholes = |share: f64| pieces.iter().map(|piece| piece.wholes(share)).collect::<Vec<_>>();
        let shares: Vec<f64> = (0..=SHARES).map(|step| f64::from(step) / f64::from(SHARES)).collect();
        let all: Vec<u64> = shares.iter().map(|share| millis(*share)).collect();
        let (least, most) = (*all.iter().min().unwrap(), *all.iter().max().unwrap());
        let found = ranges(&routine, &lengths, &Wishes::default());
        let frames = |millis: u64| lengths.rate.frames(Duration::from_millis(millis));
        prop_assert_eq!((found.shortest, found.longest), (frames(least), frames(most)));
        for target in (least.saturating_sub(3000).max(1)..most + 3000).step_by(1700) {
            // The routine's own length: one that is wished may leave steps out, too.
            routine.length = Some(Spanned { value: Duration::from_millis(target), place: routine.place.clone() });
            let planned = try_plan(&routine, &lengths, &Wishes::default());
            // Half a second further is the end itself, as a clock shows it.
            if target + 500 < least || target > most + 500 {
                prop_assert_eq!(planned.err(), Some(vec![Code::LengthOutOfRange]));
                continue;
            }
            let timeline = planned.expect("a length within the bounds");
            let target = target.clamp(least, most);
            prop_assert_eq!(timeline.frames, frames(target));
            // The wholes are those of the largest share whose length does not pass the target; next to where they change,
            // the search is coarser than the fit.
            let best = all.iter().rposition(|length| *length <= target).unwrap();
            let near = [best, (best + 1).min(shares.len() - 1)].map(|index| wholes(shares[index]));
            let breaths = timeline.phases.iter().filter(|phase| phase.kind.word() == "inhale").count() as u32;
            let counted = near.map(|wholes| {
                let paced = pieces.iter().zip(wholes).filter(|(piece, _)| matches!(piece, Piece::Rounds(..) | Piece::For(..)));
                paced.map(|(_, number)| number).sum::<u32>()
            });
            prop_assert!(counted.contains(&breaths), "{breaths} breaths, expected one of {counted:?}");
        }
    }
}
