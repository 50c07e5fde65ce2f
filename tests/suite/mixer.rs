//! The mixer has no cursor: any range, however it is cut, holds the same samples.

use std::sync::{Arc, LazyLock};

use catcow::frames::{Frames, SampleRate};
use catcow::load::{Lengths, Library, Shelf};
use catcow::plan::{Wishes, plan};
use catcow::render::{Channels, Mixer};
use proptest::prelude::*;

static MIXER: LazyLock<Mixer> = LazyLock::new(fresh);

fn fresh() -> Mixer {
    let mut library = Library::open(None).unwrap();
    let (routine, voice) = (library.routine("desk-break").unwrap(), library.voice("ben").unwrap());
    let shelf = Arc::new(Shelf::new(SampleRate::DEFAULT));
    let lengths = Lengths::measure(&routine, &voice, &shelf).unwrap();
    Mixer::new(Arc::new(plan(&routine, &lengths, &Wishes::default()).unwrap()), shelf, Channels::Stereo)
}

static WHOLE: LazyLock<Vec<i16>> = LazyLock::new(|| fill(Frames::ZERO, MIXER.timeline().frames.0 as usize));

fn fill(start: Frames, frames: usize) -> Vec<i16> {
    let mut out = vec![0x5a5a; frames * 2];
    MIXER.fill(start, &mut out).unwrap();
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_range_is_the_same_wherever_it_is_cut(start in 0usize..14_000_000, cuts in prop::collection::vec(1usize..20_000, 1..6)) {
        let total = WHOLE.len() / 2;
        let mut position = start % total;
        for frames in cuts {
            let part = fill(Frames(position as u64), frames);
            let end = (position + frames).min(total);
            let held = (end.saturating_sub(position)) * 2;
            prop_assert!(part[..held] == WHOLE[position.min(total) * 2..end.max(position.min(total)) * 2]);
            prop_assert!(part[held..].iter().all(|sample| *sample == 0), "silent past the end");
            position += frames;
        }
    }
}

#[test]
fn what_is_said_to_be_silent_is_silent() {
    let sounding = MIXER.sounding();
    assert!(sounding.windows(2).all(|pair| pair[0].end < pair[1].start));
    let mut end = 0;
    for range in sounding {
        assert!(WHOLE[end * 2..range.start.0 as usize * 2].iter().all(|sample| *sample == 0));
        end = range.end.0 as usize;
    }
}

#[test]
fn what_is_heard_first_is_the_same_though_no_clip_is_decoded_to_its_end() {
    for region in MIXER.timeline().regions.iter().step_by(7) {
        let (mixer, start) = (fresh(), region.start + region.frames / 2);
        for frames in [1, 4_800] {
            let mut out = vec![0x5a5a; frames * 2];
            mixer.fill(start, &mut out).unwrap();
            assert!(out == WHOLE[start.0 as usize * 2..][..frames * 2], "{frames} from {start:?}");
        }
    }
}
