//! However many keys are pressed, and however fast, what is kept does not grow.

use std::sync::Arc;

use super::{Channels, Command, END, FrameRange, Frames, Player, Request, fewer_words, mixer, planned, take};
use crate::load::language::mix::Bed;
use crate::render::Mixer;
use crate::work::Work;

/// Keys in a row.
const KEYS: usize = 10_000;
/// The longest fade, 0.4 s, in samples: one channel at 8 kHz.
const LONGEST_FADE: usize = 3200;

/// A player of a session with rain under it, and the timeline of that session.
fn rainy() -> (Player, Arc<crate::plan::Timeline>) {
    let mut timeline = mixer().timeline().clone();
    timeline.mix.bed = Some(Bed::Rain);
    let timeline = Arc::new(timeline);
    let mixer = Mixer::new(Arc::clone(&timeline), planned(None).1, None, Channels::Mono, &Work::alone()).unwrap();
    let range = FrameRange { start: Frames::ZERO, end: END };
    let request = Request { range, begin: Frames::ZERO, delay: Frames::ZERO, repeats: true, keeps_playing: false };
    (Player::new(mixer, request), timeline)
}

#[test]
fn a_key_held_down_keeps_one_fade_and_no_session_of_before() {
    let (player, timeline) = rainy();
    let _ = take(&player, 24_000);
    let before = Arc::strong_count(&timeline);
    for _ in 0..KEYS {
        player.command(Command::Bed);
        player.settle(Frames::ZERO);
        let _ = take(&player, 2);
    }
    assert_eq!(Arc::strong_count(&timeline), before, "sessions as they were before a key are kept");
    assert_eq!(player.kept(), (LONGEST_FADE, 0));
}

#[test]
fn ten_thousand_keys_of_every_kind_keep_no_more_than_one() {
    let (player, _) = rainy();
    let less = fewer_words();
    let keys = [
        Command::Bed,
        Command::Volume(1),
        Command::Toggle,
        Command::Toggle,
        Command::Next,
        Command::Keys,
        Command::Previous,
        Command::LessTalk(Some(less)),
        Command::Volume(-1),
        Command::Seek(Frames(50_000)),
        Command::Release,
        Command::Repeat,
    ];
    for key in keys.iter().cycle().take(KEYS) {
        player.command(key.clone());
        player.settle(Frames(3));
        let _ = take(&player, 7);
    }
    let (samples, commands) = player.kept();
    assert!(samples <= LONGEST_FADE && commands == 0, "{samples} samples, {commands} commands");
}
