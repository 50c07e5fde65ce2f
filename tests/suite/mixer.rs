//! The mixer has no cursor: any range, however it is cut, holds the same samples, whatever is mixed.

use std::sync::LazyLock;

use catcow::frames::Frames;
use catcow::load::language::mix::{Bed, Held, Tone};
use catcow::load::{Library, Mix};
use catcow::render::{Channels, Mixer};
use catcow::session::Builder;
use catcow::work::Work;
use proptest::prelude::*;

/// A mixer and all its samples.
struct Whole {
    mixer: Mixer,
    samples: Vec<i16>,
}

impl Whole {
    fn new(mix: Mix, channels: Channels) -> Whole {
        let library = Library::open(None).unwrap();
        let (routine, voice) = (library.routine("desk-break").unwrap(), library.voice("ben").unwrap());
        let mut builder = Builder::new(routine, voice);
        (builder.wishes.mix, builder.channels) = (mix, channels);
        let mixer = builder.build(&Work::alone()).unwrap().mixer().clone();
        let samples = fill(&mixer, Frames::ZERO, mixer.timeline().frames.0 as usize);
        Whole { mixer, samples }
    }
}

fn fill(mixer: &Mixer, start: Frames, frames: usize) -> Vec<i16> {
    let mut out = vec![0x5a5a; frames * mixer.channels().count()];
    mixer.fill(start, &mut out).unwrap();
    out
}

static MIXES: LazyLock<[Whole; 4]> = LazyLock::new(|| {
    let usual = Mix::default();
    [
        Whole::new(Mix { tone: None, ..usual.clone() }, Channels::Stereo),
        Whole::new(usual.clone(), Channels::Stereo),
        Whole::new(
            Mix { bed: Some(Bed::Ocean), tone: Some(Tone::Chord), held: Held::Off, pan_sides: true, ..usual.clone() },
            Channels::Stereo,
        ),
        Whole::new(Mix { bed: Some(Bed::Rain), tone: Some(Tone::Ocean), wake: true, ..usual }, Channels::Mono),
    ]
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_range_is_the_same_wherever_it_is_cut(which in 0usize..4, start in 0usize..14_000_000, cuts in prop::collection::vec(1usize..20_000, 1..6)) {
        let Whole { mixer, samples: whole } = &MIXES[which];
        let count = mixer.channels().count();
        let total = whole.len() / count;
        let mut position = start % total;
        for frames in cuts {
            let part = fill(mixer, Frames(position as u64), frames);
            let end = (position + frames).min(total);
            let held = (end.saturating_sub(position)) * count;
            prop_assert!(part[..held] == whole[position.min(total) * count..end.max(position.min(total)) * count]);
            prop_assert!(part[held..].iter().all(|sample| *sample == 0), "silent past the end");
            position += frames;
        }
    }
}

#[test]
fn what_is_said_to_be_silent_is_silent() {
    for Whole { mixer, samples } in &MIXES[..2] {
        let sounding = mixer.sounding();
        assert!(sounding.windows(2).all(|pair| pair[0].end < pair[1].start));
        let mut end = 0;
        for range in sounding {
            assert!(samples[end * 2..range.start.0 as usize * 2].iter().all(|sample| *sample == 0));
            end = range.end.0 as usize;
        }
    }
}

#[test]
fn a_clip_alone_is_heard_bit_for_bit_though_a_tone_plays_elsewhere() {
    let [plain, toned, ..] = &*MIXES;
    let tones: Vec<_> =
        toned.mixer.timeline().breaths.iter().map(|part| part.start.0..part.start.0 + part.frames.0 + 48_000).collect();
    let mut same = 0;
    for (frame, (plain, toned)) in
        plain.samples.chunks_exact(2).zip(toned.samples.chunks_exact(2)).enumerate().step_by(37)
    {
        if plain == [0, 0] || tones.iter().any(|range| range.contains(&(frame as u64))) {
            continue;
        }
        assert_eq!(plain, toned, "frame {frame}");
        same += 1;
    }
    assert!(same > 2_000, "{same}");
}

#[test]
fn stems_sum_to_the_session_within_its_dither() {
    for Whole { mixer, samples } in &*MIXES {
        let frames = 48_000 * 40;
        let count = mixer.channels().count();
        let mut sum = vec![0.0f32; frames * count];
        for track in catcow::plan::timeline::Track::ALL {
            let mut stem = vec![0.0; sum.len()];
            mixer.stem(track).fill_wide(Frames::ZERO, &mut stem).unwrap();
            sum.iter_mut().zip(stem).for_each(|(sum, stem)| *sum += stem);
        }
        let apart = sum.iter().zip(samples).map(|(sum, sample)| (sum * 32768.0 - f32::from(*sample)).abs());
        let most = apart.fold(0.0, f32::max);
        assert!(most <= 1.51, "{most} steps of 16 bit");
    }
}
