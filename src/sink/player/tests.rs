//! The player, with a device that takes and gives back as it pleases.

mod breaks;
mod interruptions;
mod many_keys;

use std::sync::{Arc, OnceLock};

use proptest::prelude::*;

use super::{Answers, Command, Outage, Player, Request, Status};
use crate::frames::{FrameRange, Frames, SampleRate};
use crate::gain::Lufs;
use crate::load::language::mix::Bed;
use crate::load::language::routine::Guidance;
use crate::load::{ClipCache, ClipDurations, Library};
use crate::plan::timeline::PhaseKind;
use crate::plan::{Timeline, Wishes, plan};
use crate::render::{Channels, Mixer};
use crate::work::Work;

/// The first half minute of a built-in session, at a low rate and in one channel: a frame is a sample.
const END: Frames = Frames(30 * 8000);

fn planned(guidance: Option<Guidance>) -> (Arc<Timeline>, Arc<ClipCache>) {
    let library = Library::open(None).unwrap();
    let (routine, voice) = (library.routine("desk-break").unwrap(), library.voice("ada").unwrap());
    let cache = Arc::new(ClipCache::new(SampleRate::new(8000).unwrap(), Lufs::SPEECH));
    let lengths = ClipDurations::measure(&routine, &voice, &cache, &Work::alone()).unwrap();
    let wishes = Wishes { guidance, ..Wishes::default() };
    (Arc::new(plan(&routine, &lengths, &wishes).unwrap()), cache)
}

fn mixer() -> &'static Mixer {
    static MIXER: OnceLock<Mixer> = OnceLock::new();
    MIXER.get_or_init(|| {
        let (timeline, cache) = planned(None);
        Mixer::new(timeline, cache, None, Channels::Mono, &Work::alone()).unwrap()
    })
}

fn fewer_words() -> Arc<Timeline> {
    static TIMELINE: OnceLock<Arc<Timeline>> = OnceLock::new();
    Arc::clone(TIMELINE.get_or_init(|| planned(Some(Guidance::Names)).0))
}

/// The same session with rain under it, and answers that make no sound.
fn rainy_deck() -> (Player, Mixer) {
    static RAINY: OnceLock<Mixer> = OnceLock::new();
    let rainy = RAINY.get_or_init(|| rainy(mixer().timeline())).clone();
    let range = FrameRange { start: Frames::ZERO, end: END };
    let request = Request { range, begin: Frames::ZERO, delay: Frames::ZERO, repeats: false, keeps_playing: false };
    let player = Player::new(rainy.clone(), request);
    player.answer_with(Answers::silent());
    (player, rainy)
}

/// A session with rain under it.
fn rainy(timeline: &Timeline) -> Mixer {
    let mut timeline = timeline.clone();
    timeline.mix.bed = Some(Bed::Rain);
    Mixer::new(Arc::new(timeline), planned(None).1, None, Channels::Mono, &Work::alone()).unwrap()
}

fn rendered(mixer: &Mixer, start: usize, frames: usize) -> Vec<i16> {
    let mut samples = vec![0; frames];
    mixer.fill(Frames(start as u64), &mut samples).unwrap();
    samples
}

fn session() -> &'static [i16] {
    static SESSION: OnceLock<Vec<i16>> = OnceLock::new();
    SESSION.get_or_init(|| {
        let mut samples = vec![0; END.0 as usize];
        mixer().fill(Frames::ZERO, &mut samples).unwrap();
        samples
    })
}

fn player(delay: u64) -> Player {
    deck_until(END, delay)
}

pub(super) fn deck_until(end: Frames, delay: u64) -> Player {
    let range = FrameRange { start: Frames::ZERO, end };
    Player::new(
        mixer().clone(),
        Request { range, begin: range.start, delay: Frames(delay), repeats: false, keeps_playing: false },
    )
}

/// Takes so many frames; fewer at the end.
fn take(player: &Player, frames: usize) -> Vec<i16> {
    let mut out = vec![1; frames];
    let taken = player.read(&mut out).0 as usize;
    out.truncate(taken);
    out
}

proptest! {
    #[test]
    fn what_is_taken_back_is_handed_over_again_and_nothing_else_changes(
        steps in prop::collection::vec((1usize..3000, 0usize..4000), 1..60), delay in 0u64..5000,
    ) {
        let player = player(delay);
        let (mut heard, mut floor) = (Vec::new(), 0);
        for (frames, back) in steps {
            heard.extend(take(&player, frames));
            // What was settled once was played: no device takes it back again.
            let back = back.min(heard.len() - floor);
            heard.truncate(heard.len() - back);
            floor = heard.len();
            player.settle(Frames(back as u64));
        }
        heard.extend(take(&player, 40 * 8000));
        prop_assert!(heard[..delay as usize].iter().all(|sample| *sample == 0));
        prop_assert!(heard[delay as usize..] == *session());
        prop_assert!(take(&player, 10).is_empty());
    }

    #[test]
    fn a_jump_lands_where_no_word_is_cut_and_is_exact_after_its_fade(from in 0usize..100_000, to in 0u64..200_000) {
        let player = player(0);
        let _ = take(&player, from + 1000);
        player.command(Command::Seek(Frames(to)));
        player.settle(Frames(1000));
        let landing = mixer().timeline().landing(Frames(to));
        prop_assert!(mixer().timeline().word_at(landing).is_none());
        let heard = take(&player, 4000);
        // Five milliseconds fade.
        prop_assert!(heard[40..] == session()[landing.0 as usize + 40..][..3960]);
    }

    #[test]
    fn the_bed_fades_where_it_is_switched_and_nothing_jumps(from in 24_000usize..100_000, again in 1usize..6_000) {
        let (player, rainy) = rainy_deck();
        let _ = take(&player, from);
        player.command(Command::Bed);
        player.settle(Frames::ZERO);
        let mut heard = take(&player, again);
        player.command(Command::Bed);
        player.settle(Frames::ZERO);
        heard.extend(take(&player, 8_000));
        let (with, without) = (rendered(&rainy, from, heard.len()), rendered(mixer(), from, heard.len()));
        prop_assert!(with != without, "there is a bed");
        // How much of the bed is heard moves no faster than a fade of 0.4 s does; dither and rounding are a few steps.
        let bed = |index: usize| f32::from(with[index]) - f32::from(without[index]);
        let mut share = 1.0f32;
        for index in 0..heard.len() {
            let most = bed(index).abs();
            let here = f32::from(heard[index]) - f32::from(without[index]);
            prop_assert!(here.abs() <= most + 4.0, "more bed than there is at {}", index);
            if most > 40.0 {
                let now = here / bed(index);
                prop_assert!((now - share).abs() < 0.35, "from {} to {} at {}", share, now, index);
                share = now;
            }
        }
        prop_assert!(heard[again + 3_200..] == with[again + 3_200..], "it is back as it was, to the bit");
    }

    #[test]
    fn less_talk_changes_nothing_that_is_heard_the_same_in_both_plans(from in 1_000usize..120_000) {
        let player = deck_until(mixer().timeline().frames, 0);
        player.answer_with(Answers::silent());
        let _ = take(&player, from);
        player.command(Command::LessTalk(Some(fewer_words())));
        player.settle(Frames::ZERO);
        let heard = take(&player, 60_000);
        let (old, new) = (rendered(mixer(), from, heard.len()), rendered(&player.glance().mixer, from, heard.len()));
        for (index, sample) in heard.iter().enumerate() {
            let (low, high) = (old[index].min(new[index]), old[index].max(new[index]));
            prop_assert!((low..=high).contains(sample), "between the two while it fades, at {}", index);
        }
        prop_assert!(heard[3_200..] == new[3_200..], "and then the new plan, to the bit");
    }

    #[test]
    fn after_an_outage_it_goes_on_before_what_was_heard_last(taken in 1usize..200_000, unheard in 0u64..4000) {
        let player = player(0);
        let taken = take(&player, taken).len() as u64;
        player.plays(Frames::ZERO);
        let heard = Frames(taken.saturating_sub(unheard));
        player.stalls(Outage::Frozen, Frames(unheard), true);
        prop_assert_eq!(player.glance().status, Status::Waiting(Outage::Frozen));
        let begins = mixer().timeline().resumption(heard);
        prop_assert!(begins <= heard);
        // It comes in over 0.4 s, unless a word begins sooner.
        prop_assert!(take(&player, 5000)[3200..] == session()[begins.0 as usize..][3200..5000]);
    }
}

#[test]
fn a_session_that_was_changed_sounds_as_if_it_had_been_planned_so() {
    let (before, after) = (rainy(mixer().timeline()), rainy(&fewer_words()));
    // What lies under the words has sounded already.
    let _ = rendered(&before, 40_000, 100_000);
    let mut changed = before.again(Arc::new(after.timeline().clone()));
    for _ in 0..2 {
        assert!(rendered(&changed, 0, 200_000) == rendered(&after, 0, 200_000));
        changed.switch_bed();
        assert!(rendered(&changed, 0, 200_000) != rendered(&after, 0, 200_000));
        changed.switch_bed();
    }
}

#[test]
fn devices_that_never_play_do_not_move_the_place() {
    let player = player(0);
    let _ = take(&player, 100_000);
    player.plays(Frames::ZERO);
    player.stalls(Outage::Frozen, Frames::ZERO, true);
    let place = player.glance().heard;
    for _ in 0..5 {
        let _ = take(&player, 4000);
        player.stalls(Outage::Frozen, Frames(4000), false);
        assert_eq!(player.glance().heard, place);
    }
}

#[test]
fn a_pause_gives_an_answer_and_then_silence_until_it_ends() {
    let player = player(0);
    let _ = take(&player, 60_000);
    player.command(Command::Pause);
    player.settle(Frames::ZERO);
    let answer = take(&player, 16_000);
    assert!(answer[..4000].iter().any(|sample| *sample != 0));
    assert!(take(&player, 100_000).iter().all(|sample| *sample == 0));
    player.command(Command::Resume);
    player.settle(Frames::ZERO);
    let begins = mixer().timeline().resumption(Frames(60_000)).0 as usize;
    // First the answer, and a moment of quiet.
    let _ = take(&player, 12_000 + 1600);
    assert!(take(&player, 5000)[3200..] == session()[begins..][3200..5000]);
}

#[test]
fn a_part_that_is_wanted_alone_ends_with_it_however_long_it_becomes() {
    let timeline = mixer().timeline();
    let part = (1..timeline.chapters.len() - 1).find(|part| {
        let range = timeline.chapters[*part].start..timeline.chapters[*part + 1].start;
        timeline.phases.iter().any(|phase| range.contains(&phase.start) && phase.kind == PhaseKind::Hold)
    });
    let (this, next) = (&timeline.chapters[part.unwrap()], &timeline.chapters[part.unwrap() + 1]);
    let range = FrameRange { start: this.start, end: next.start };
    let player = Player::new(
        mixer().clone(),
        Request { range, begin: range.start, delay: Frames::ZERO, repeats: false, keeps_playing: false },
    );
    let _ = take(&player, 1000);
    player.command(Command::Longer);
    player.settle(Frames::ZERO);
    let longer = player.glance().mixer.timeline().frames - timeline.frames;
    assert!(longer > Frames::ZERO);
    let mut taken = 1000;
    loop {
        match take(&player, 8000).len() {
            0 => break,
            frames => taken += frames as u64,
        }
    }
    assert_eq!(Frames(taken), range.frames() + longer);
}

#[test]
fn an_end_that_is_a_time_stays_when_less_is_said() {
    let (player, old) = (player(0), mixer().timeline().frames);
    let _ = take(&player, 1000);
    player.command(Command::LessTalk(Some(fewer_words())));
    player.settle(Frames::ZERO);
    assert!(player.glance().mixer.timeline().frames < old, "words were left out");
    assert_eq!(player.length(), END);
}

#[test]
fn without_a_device_keys_are_heeded_at_once_and_a_pause_is_not_meant() {
    let player = player(0);
    let _ = take(&player, 60_000);
    player.stalls(Outage::Frozen, Frames::ZERO, true);
    player.command(Command::Toggle);
    assert!(matches!(player.glance().status, Status::Waiting(_)));
    let first = player.glance().heard;
    player.command(Command::Seek(Frames(230_000)));
    assert!(player.glance().heard > first);
    player.command(Command::End);
    assert_eq!(player.glance().status, Status::Over);
}
