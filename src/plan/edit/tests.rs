//! Edits of every built-in routine at every kind of place.

use std::sync::OnceLock;

use proptest::prelude::*;

use super::*;
use crate::frames::SampleRate;
use crate::gain::Lufs;
use crate::load::language::routine::Guidance;
use crate::load::{ClipCache, ClipDurations, Library};
use crate::plan::timeline::{PhaseKind, PhaseSpan, Role};
use crate::plan::{Wishes, plan};
use crate::work::Work;

/// Every built-in routine, under fading guidance and with names only.
fn timelines() -> &'static [(Timeline, Timeline)] {
    static ALL: OnceLock<Vec<(Timeline, Timeline)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let library = Library::open(None).unwrap();
        let voice = library.voice("ada").unwrap();
        let planned = |name: String| {
            let routine = library.routine(&name).unwrap();
            let durations = ClipDurations::measure(
                &routine,
                &voice,
                &ClipCache::new(SampleRate::DEFAULT, Lufs::SPEECH),
                &Work::alone(),
            )
            .unwrap();
            let with = |guidance| plan(&routine, &durations, &Wishes { guidance: Some(guidance), ..Wishes::default() });
            (with(Guidance::Fading).unwrap(), with(Guidance::Names).unwrap())
        };
        let names = Library::open(None).unwrap().routines();
        names.into_iter().map(planned).collect()
    })
}

fn cue(timeline: &Timeline, region: &Region) -> String {
    timeline.sounds[region.sound].cue().to_owned()
}

fn voice(timeline: &Timeline) -> impl Iterator<Item = &Region> {
    timeline.regions.iter().filter(|region| region.track == Track::Voice)
}

/// What must hold of any timeline.
fn is_sound(timeline: &Timeline) -> Result<(), TestCaseError> {
    let mut end = Frames::ZERO;
    for chapter in &timeline.chapters {
        prop_assert_eq!(chapter.start, end, "chapters follow each other: {:?}", timeline.chapters);
        end = chapter.start + chapter.frames;
    }
    prop_assert_eq!(end, timeline.frames);
    let mut words: Vec<_> = voice(timeline).map(|word| word.range()).collect();
    words.sort_by_key(|word| word.start);
    for pair in words.windows(2) {
        prop_assert!(pair[0].end <= pair[1].start, "no two words at once: {:?}", pair);
    }
    for pair in timeline.phases.windows(2) {
        prop_assert!(pair[0].start + pair[0].frames <= pair[1].start, "one phase after the other: {:?}", pair);
    }
    for pair in timeline.breaths.windows(2) {
        prop_assert!(pair[0].start + pair[0].frames <= pair[1].start, "one breath after the other: {:?}", pair);
    }
    for region in &timeline.regions {
        prop_assert!(region.start + region.frames <= timeline.frames, "{:?} ends in time", region);
    }
    for region in &timeline.under {
        let within = timeline.breaths.iter().any(|breath| breath.start == region.start);
        prop_assert!(within, "a tone begins with a breath: {:?}", region);
    }
    Ok(())
}

/// How long each side of a chapter's practice is.
fn sides(timeline: &Timeline, chapter: usize) -> Vec<(Option<String>, Frames)> {
    let range = timeline.chapters[chapter].start..timeline.chapters[chapter].start + timeline.chapters[chapter].frames;
    let mut sides: Vec<(Option<String>, Frames)> = Vec::new();
    for phase in timeline
        .phases
        .iter()
        .filter(|phase| range.contains(&phase.start) && phase.kind != PhaseKind::Switch && phase.side.is_some())
    {
        match sides.iter_mut().find(|(side, _)| *side == phase.side) {
            Some((_, frames)) => *frames += phase.frames,
            None => sides.push((phase.side.clone(), phase.frames)),
        }
    }
    sides
}

/// Everything that was heard by `at` is as it was.
fn keeps_the_past(old: &Timeline, new: &Timeline, at: Frames) -> Result<(), TestCaseError> {
    let heard = |timeline: &Timeline| -> Vec<_> {
        let heard = timeline.regions.iter().filter(|region| region.start < at);
        heard.map(|region| (region.start, region.frames, cue(timeline, region))).collect()
    };
    prop_assert_eq!(heard(old), heard(new));
    Ok(())
}

/// All that begins in later chapters is as it was, `by` frames later (or sooner, where it is less than none).
fn keeps_what_follows(old: &Timeline, new: &Timeline, chapter: usize, by: i64) -> Result<(), TestCaseError> {
    let from = |timeline: &Timeline| timeline.chapters.get(chapter + 1).map_or(timeline.frames, |next| next.start);
    let rest = |timeline: &Timeline, by: i64| -> Vec<_> {
        let from = from(timeline);
        let rest = timeline.regions.iter().filter(|region| region.start >= from);
        rest.map(|region| (region.start.0 as i64 + by, cue(timeline, region))).collect()
    };
    prop_assert_eq!(rest(old, by), rest(new, 0));
    let phases = |timeline: &Timeline, by: i64| -> Vec<_> {
        let from = from(timeline);
        let later = timeline.phases.iter().filter(|phase| phase.start >= from);
        later
            .map(|phase: &PhaseSpan| (phase.start.0 as i64 + by, phase.frames, phase.pose.clone(), phase.round))
            .collect()
    };
    prop_assert_eq!(phases(old, by), phases(new, 0));
    Ok(())
}

/// A routine and a place in it.
fn anywhere() -> impl Strategy<Value = (usize, f64)> {
    (0..timelines().len(), 0.0..1.0f64)
}

fn frame(timeline: &Timeline, share: f64) -> Frames {
    Frames((timeline.frames.0 as f64 * share) as u64)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn holding_longer_keeps_the_past_and_the_future_and_the_sides_equal((routine, share) in anywhere(), times in 1usize..4) {
        let old = &timelines()[routine].0;
        let at = frame(old, share);
        let chapter = old.chapter_at(at).unwrap();
        let equal = |timeline: &Timeline| sides(timeline, chapter).windows(2).all(|pair| pair[0].1 == pair[1].1);
        let mut new = old.clone();
        for _ in 0..times {
            let Some((longer, grown)) = longer(&new, at) else { return Ok(()) };
            let by = longer.frames - new.frames;
            if grown == Grown::Time {
                prop_assert_eq!(by.0 % (30 * 48_000), 0);
            }
            prop_assert!(by > Frames::ZERO);
            new = longer;
        }
        is_sound(&new)?;
        keeps_the_past(old, &new, at)?;
        keeps_what_follows(old, &new, chapter, new.frames.0 as i64 - old.frames.0 as i64)?;
        // On the last side the first is over, and cannot grow any more.
        let first = sides(old, chapter).first().is_none_or(|first| sides(&new, chapter)[0].1 > first.1);
        if equal(old) && first {
            prop_assert!(equal(&new), "{:?}", sides(&new, chapter));
        }
    }

    #[test]
    fn letting_go_keeps_the_past_and_the_future_and_brings_the_release_next((routine, share) in anywhere()) {
        let old = &timelines()[routine].0;
        let at = frame(old, share);
        let chapter = old.chapter_at(at).unwrap();
        let Some(new) = release(old, at) else { return Ok(()) };
        is_sound(&new)?;
        keeps_the_past(old, &new, at)?;
        keeps_what_follows(old, &new, chapter, new.frames.0 as i64 - old.frames.0 as i64)?;
        prop_assert!(new.frames <= old.frames);
        // No mark of the hold that was let go is heard any more.
        let now = new.word_at(at).map_or(at, |word| word.start + word.frames);
        let next = voice(&new).find(|word| word.start >= now);
        let marks = [Role::Half, Role::Nearly, Role::LastBreath, Role::Length];
        if let Some(next) = next.filter(|next| next.start.0 < at.0 + 48_000) {
            prop_assert!(!marks.contains(&next.role), "{:?}", next);
        }
    }

    #[test]
    fn less_talk_keeps_the_past_and_ends_as_the_other_plan_does((routine, share) in anywhere()) {
        let (old, other) = &timelines()[routine];
        let at = frame(old, share);
        let new = splice(old, at, other);
        is_sound(&new)?;
        keeps_the_past(old, &new, at)?;
        let last = |timeline: &Timeline| timeline.regions.last().map(|region| (timeline.frames - region.start, cue(timeline, region)));
        prop_assert!(last(&new) == last(other) || new.frames == old.frames);
    }
}

/// The first frame of a phase.
fn start_of(timeline: &Timeline, pose: &str, kind: PhaseKind, side: Option<&str>) -> Frames {
    let is_it = |each: &&PhaseSpan| each.pose == pose && each.kind == kind && each.side.as_deref() == side;
    timeline.phases.iter().find(is_it).unwrap().start
}

fn routine(name: &str) -> &'static Timeline {
    &timelines().iter().find(|(timeline, _)| timeline.routine == name).unwrap().0
}

#[test]
fn a_timed_hold_grows_by_half_a_minute_and_says_when_it_is_nearly_over() {
    let old = routine("gentle-back");
    let at = start_of(old, "legs-up-the-wall", PhaseKind::Hold, None) + Frames(48_000);
    let (new, grown) = longer(old, at).unwrap();
    assert_eq!((grown, new.frames - old.frames), (Grown::Time, Frames(30 * 48_000)));
    let next = |timeline: &Timeline, role| {
        voice(timeline).find(|word| word.role == role && word.start > at).map(|word| word.start)
    };
    let nearly = |timeline: &Timeline| next(timeline, Role::Nearly).unwrap();
    assert_eq!(nearly(&new) - nearly(old), Frames(30 * 48_000));
    let half = |timeline: &Timeline| next(timeline, Role::Half);
    if let (Some(old), Some(new)) = (half(old), half(&new)) {
        assert_eq!(new - old, Frames(15 * 48_000));
    }
}

#[test]
fn a_flow_grows_by_five_breaths_and_announces_its_last_round_once() {
    let old = routine("gentle-back");
    let at = start_of(old, "cat-cow", PhaseKind::Inhale, None) + Frames(48_000);
    let (new, grown) = longer(old, at).unwrap();
    assert_eq!((grown, new.frames - old.frames), (Grown::Breaths, Frames(5 * 10 * 48_000)));
    let rounds = |timeline: &Timeline| {
        timeline.phases.iter().filter(|phase| phase.pose == "cat-cow").filter_map(|phase| phase.round).max()
    };
    assert_eq!(rounds(&new).unwrap(), rounds(old).unwrap() + 5);
    let announced = |timeline: &Timeline| voice(timeline).filter(|word| word.role == Role::LastRound).count();
    assert_eq!(announced(&new), announced(old));
}

#[test]
fn the_other_side_grows_by_the_same() {
    let old = routine("gentle-back");
    let at = start_of(old, "two-knee-twist", PhaseKind::Hold, Some("right")) + Frames(48_000);
    let (new, _) = longer(old, at).unwrap();
    let chapter = new.chapter_at(at).unwrap();
    let sides = sides(&new, chapter);
    assert_eq!(sides[0].1, sides[1].1);
    assert_eq!(new.frames - old.frames, Frames(2 * 30 * 48_000));
}

#[test]
fn a_hold_that_was_let_go_of_as_it_began_does_not_grow_by_thousands_of_moments() {
    let mut grew = 0;
    for (old, _) in timelines() {
        for hold in old.phases.iter().filter(|phase| phase.kind == PhaseKind::Hold) {
            let mut cut = old.clone();
            cut.cut(FrameRange { start: hold.start + Frames(100), end: hold.start + hold.frames });
            let Some((new, _)) = longer(&cut, hold.start) else { continue };
            let more = new.phases.len() - cut.phases.len();
            assert!(more <= 60, "{more} phases more of {} in {}", hold.pose, old.routine);
            grew += 1;
        }
    }
    assert!(grew > 30, "{grew}");
}
