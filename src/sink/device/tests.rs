//! The deck, with a device that takes and gives back as it pleases.

use std::sync::{Arc, OnceLock};

use proptest::prelude::*;

use super::{Deck, Order, Outage, Programme, Status};
use crate::frames::{FrameRange, Frames, SampleRate};
use crate::load::{Lengths, Library, Shelf};
use crate::plan::{Wishes, plan};
use crate::render::{Channels, Mixer};

/// The first half minute of a built-in session, at a low rate and in one channel: a frame is a sample.
const END: Frames = Frames(30 * 8000);

fn mixer() -> &'static Mixer {
    static MIXER: OnceLock<Mixer> = OnceLock::new();
    MIXER.get_or_init(|| {
        let mut library = Library::open(None).unwrap();
        let (routine, voice) = (library.routine("desk-break").unwrap(), library.voice("ada").unwrap());
        let shelf = Arc::new(Shelf::new(SampleRate::new(8000).unwrap()));
        let lengths = Lengths::measure(&routine, &voice, &shelf).unwrap();
        let timeline = Arc::new(plan(&routine, &lengths, &Wishes::default()).unwrap());
        Mixer::new(timeline, shelf, Channels::Mono)
    })
}

fn session() -> &'static [i16] {
    static SESSION: OnceLock<Vec<i16>> = OnceLock::new();
    SESSION.get_or_init(|| {
        let mut samples = vec![0; END.0 as usize];
        mixer().fill(Frames::ZERO, &mut samples).unwrap();
        samples
    })
}

fn deck(delay: u64) -> Deck {
    let range = FrameRange { start: Frames::ZERO, end: END };
    Deck::new(mixer().clone(), Programme { range, begin: range.start, delay: Frames(delay), repeats: false })
}

/// Takes so many frames; fewer at the end.
fn take(deck: &Deck, frames: usize) -> Vec<i16> {
    let mut out = vec![1; frames];
    let taken = deck.read(&mut out).0 as usize;
    out.truncate(taken);
    out
}

proptest! {
    #[test]
    fn what_is_taken_back_is_handed_over_again_and_nothing_else_changes(
        steps in prop::collection::vec((1usize..3000, 0usize..4000), 1..60), delay in 0u64..5000,
    ) {
        let deck = deck(delay);
        let (mut heard, mut floor) = (Vec::new(), 0);
        for (frames, back) in steps {
            heard.extend(take(&deck, frames));
            // What was settled once was played: no device takes it back again.
            let back = back.min(heard.len() - floor);
            heard.truncate(heard.len() - back);
            floor = heard.len();
            deck.settle(Frames(back as u64));
        }
        heard.extend(take(&deck, 40 * 8000));
        prop_assert!(heard[..delay as usize].iter().all(|sample| *sample == 0));
        prop_assert!(heard[delay as usize..] == *session());
        prop_assert!(take(&deck, 10).is_empty());
    }

    #[test]
    fn a_jump_lands_where_no_word_is_cut_and_is_exact_after_its_fade(from in 0usize..100_000, to in 0u64..200_000) {
        let deck = deck(0);
        let _ = take(&deck, from + 1000);
        deck.order(Order::Seek(Frames(to)));
        deck.settle(Frames(1000));
        let landing = mixer().timeline().landing(Frames(to));
        prop_assert!(mixer().timeline().word_at(landing).is_none());
        let heard = take(&deck, 4000);
        // Five milliseconds fade.
        prop_assert!(heard[40..] == session()[landing.0 as usize + 40..][..3960]);
    }

    #[test]
    fn after_an_outage_it_goes_on_before_what_was_heard_last(taken in 1usize..200_000, unheard in 0u64..4000) {
        let deck = deck(0);
        let taken = take(&deck, taken).len() as u64;
        deck.plays(Frames::ZERO);
        let heard = Frames(taken.saturating_sub(unheard));
        deck.stalls(Outage::Frozen, Frames(unheard), true);
        prop_assert_eq!(deck.glance().status, Status::Waiting(Outage::Frozen));
        let begins = mixer().timeline().resumption(heard);
        prop_assert!(begins <= heard);
        // It comes in over 0.4 s, unless a word begins sooner.
        prop_assert!(take(&deck, 5000)[3200..] == session()[begins.0 as usize..][3200..5000]);
    }
}

#[test]
fn devices_that_never_play_do_not_move_the_place() {
    let deck = deck(0);
    let _ = take(&deck, 100_000);
    deck.plays(Frames::ZERO);
    deck.stalls(Outage::Frozen, Frames::ZERO, true);
    let place = deck.glance().heard;
    for _ in 0..5 {
        let _ = take(&deck, 4000);
        deck.stalls(Outage::Frozen, Frames(4000), false);
        assert_eq!(deck.glance().heard, place);
    }
}

#[test]
fn a_pause_gives_an_answer_and_then_silence_until_it_ends() {
    let deck = deck(0);
    let _ = take(&deck, 60_000);
    deck.order(Order::Pause);
    deck.settle(Frames::ZERO);
    let answer = take(&deck, 16_000);
    assert!(answer[..4000].iter().any(|sample| *sample != 0));
    assert!(take(&deck, 100_000).iter().all(|sample| *sample == 0));
    deck.order(Order::Resume);
    deck.settle(Frames::ZERO);
    let begins = mixer().timeline().resumption(Frames(60_000)).0 as usize;
    // First the answer, and a moment of quiet.
    let _ = take(&deck, 12_000 + 1600);
    assert!(take(&deck, 5000)[3200..] == session()[begins..][3200..5000]);
}

#[test]
fn a_part_that_is_wanted_alone_ends_with_it_however_long_it_becomes() {
    let timeline = mixer().timeline();
    let part = (1..timeline.chapters.len() - 1).find(|part| {
        let range = timeline.chapters[*part].start..timeline.chapters[*part + 1].start;
        timeline.phases.iter().any(|phase| range.contains(&phase.start) && phase.phase == "hold")
    });
    let (this, next) = (&timeline.chapters[part.unwrap()], &timeline.chapters[part.unwrap() + 1]);
    let range = FrameRange { start: this.start, end: next.start };
    let deck = Deck::new(mixer().clone(), Programme { range, begin: range.start, delay: Frames::ZERO, repeats: false });
    let _ = take(&deck, 1000);
    deck.order(Order::Longer);
    deck.settle(Frames::ZERO);
    let longer = deck.glance().mixer.timeline().frames - timeline.frames;
    assert!(longer > Frames::ZERO);
    let mut taken = 1000;
    loop {
        match take(&deck, 8000).len() {
            0 => break,
            frames => taken += frames as u64,
        }
    }
    assert_eq!(Frames(taken), range.frames() + longer);
}

#[test]
fn without_a_device_keys_are_heeded_at_once_and_a_pause_is_not_meant() {
    let deck = deck(0);
    let _ = take(&deck, 60_000);
    deck.stalls(Outage::Frozen, Frames::ZERO, true);
    deck.order(Order::Toggle);
    assert!(matches!(deck.glance().status, Status::Waiting(_)));
    let first = deck.glance().heard;
    deck.order(Order::Seek(Frames(230_000)));
    assert!(deck.glance().heard > first);
    deck.order(Order::End);
    assert_eq!(deck.glance().status, Status::Over);
}
