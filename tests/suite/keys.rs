//! The keys of `catcow play`: each by what is heard when it is pressed.

use crate::sound_server::{RATE, SoundServer, Stretch, stretches, wait_until};
use crate::trial::{
    Answers, DOWN, LEFT, Player, RIGHT, TWO_SIDES, UP, Words, assert_heard, exported, from_the_hold, sounding, trial,
    trial_of, wait_for,
};

/// By how much later a word was heard than it stands in the session.
#[track_caller]
fn shift(found: &[Stretch], word: (usize, usize)) -> i64 {
    let holds = |stretch: &&Stretch| (stretch.session..stretch.session + stretch.frames).contains(&(word.1 - 1));
    let stretch = found.iter().find(holds).unwrap_or_else(|| panic!("{word:?} was not heard: {found:?}"));
    stretch.heard as i64 - stretch.session as i64
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn every_key_has_an_answer_that_is_heard() {
    let (workshop, session) = trial();
    let answers = Answers::of(&workshop);
    let mut sound = SoundServer::start();
    // After what is said in the hold, the session is silent for a while.
    let from = Words::of(&session).nearly.0 / RATE - 10;
    let mut player = Player::start(&workshop, &sound, &format!("--delay 2s --from {from}s"));
    wait_until("it is said that it begins", || sound.is_loud());
    wait_for(&sound, 2.5);
    for key in ["?", "b", UP, "x", "m", "g", " ", " "] {
        player.press(key);
        wait_for(&sound, 1.3);
    }
    player.press(RIGHT);
    wait_for(&sound, 4.0);
    player.press(RIGHT);
    wait_for(&sound, 1.3);
    player.press("q");
    assert_eq!(player.end(), 0);
    let said = answers.heard(&sound.heard().remove(0));
    let (before, tastes, after) = (
        ["soon", "keys", "no-bed", "thirty-seconds"],
        ["not-again", "more-of-this"],
        ["less-talk", "paused", "going-on", "last-part", "ending"],
    );
    let expected: Vec<_> =
        before.iter().chain(&tastes).chain(&after).map(|answer| format!("answer/{answer}")).collect();
    assert_eq!(said, expected);
    let kept = std::fs::read_to_string(workshop.path("home/tastes.toml")).unwrap();
    assert!(
        kept.contains("more = [\"still\"]") && !kept.contains("without = [\"still\"]"),
        "the last word counts: {kept}"
    );
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn keys_that_change_nothing_put_nothing_in_and_leave_nothing_out() {
    keys_that_change_nothing(SoundServer::start());
}

#[test]
#[ignore = "needs pipewire; tests/run.sh installs it"]
fn nor_do_they_through_pipewire() {
    keys_that_change_nothing(SoundServer::pipewire());
}

#[track_caller]
fn keys_that_change_nothing(mut sound: SoundServer) {
    let (workshop, session) = trial();
    let words = Words::of(&session);
    let mut player = Player::start(&workshop, &sound, &from_the_hold(&session));
    // After the words that begin the hold there is silence for thirteen seconds.
    wait_until("it plays", || sound.is_loud());
    let begun = sound.now();
    wait_for(&sound, (words.go.1 - words.go.0) as f64 / RATE as f64 + 0.5);
    let mut pressed = 0;
    while sound.now() < begun + words.nearly.0 - words.go.0 - 2 * RATE {
        player.press("?");
        pressed += 1;
        wait_for(&sound, 0.2);
    }
    assert!(pressed > 10, "{pressed}");
    wait_for(&sound, 6.0);
    player.press("q");
    assert_eq!(player.end(), 0);
    let found = stretches(&sound.heard().remove(0), &session);
    assert_eq!(shift(&found, words.nearly), shift(&found, words.go), "{found:?}");
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn a_key_in_the_very_last_second_is_not_too_late() {
    let (workshop, session) = trial();
    let words = Words::of(&session);
    let mut sound = SoundServer::start();
    let from = words.out.0 as f64 / RATE as f64 - 1.0;
    let mut player = Player::start(&workshop, &sound, &format!("--delay 300ms --from {from:.2}s"));
    wait_until("the last word is heard", || sound.is_loud());
    // By now the server has been given all that is left.
    wait_for(&sound, (session.len() - words.out.0) as f64 / RATE as f64 - 1.0);
    player.press("r");
    assert_eq!(player.end(), 0);
    let found = stretches(&sound.heard().remove(0), &session);
    let times = |word: (usize, usize)| {
        found.iter().filter(|it| (it.session..it.session + it.frames).contains(&(word.1 - 1))).count()
    };
    assert_eq!((times(words.last), times(words.out)), (1, 2), "the last pose is repeated: {found:?}");
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn holding_longer_adds_half_a_minute_to_the_frame_and_leaves_all_else_as_it_was() {
    let (workshop, session) = trial();
    let mut sound = SoundServer::start();
    let mut player = Player::start(&workshop, &sound, "--from last");
    wait_for(&sound, 5.0);
    player.press(UP);
    assert_eq!(player.end(), 0);
    let found = stretches(&sound.heard().remove(0), &session);
    let words = Words::of(&session);
    assert_eq!(shift(&found, words.out) - shift(&found, words.last), 30 * RATE as i64);
    assert_heard(&found, &session, words.last.0 + RATE / 100..session.len());
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn holding_longer_adds_five_breaths_to_this_side_and_the_same_to_the_other() {
    let (workshop, session) = trial_of(TWO_SIDES);
    let words = sounding(&session);
    // From the end: release; of the left side its last breath, how long, the bell of its hold, and the change to it; of the right
    // side likewise.
    let [.., right, _, _, last_right, left, _, _, last_left, release] = words[..] else { panic!("{words:?}") };
    let mut sound = SoundServer::start();
    let from = right.0 as f64 / RATE as f64 - 0.5;
    let mut player = Player::start(&workshop, &sound, &format!("--delay 300ms --from {from:.2}s"));
    wait_for(&sound, 4.0);
    player.press("+");
    assert_eq!(player.end(), 0);
    let found = stretches(&sound.heard().remove(0), &session);
    let five_breaths = 10 * RATE as i64;
    let shifts = [right, last_right, left, last_left, release].map(|word| shift(&found, word) - shift(&found, right));
    assert_eq!(shifts, [0, 1, 1, 2, 2].map(|sides| sides * five_breaths));
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn letting_go_of_a_hold_brings_its_release_next_and_the_rest_of_the_session_whole() {
    let (workshop, session) = trial();
    let words = Words::of(&session);
    let mut sound = SoundServer::start();
    let mut player = Player::start(&workshop, &sound, &from_the_hold(&session));
    // Into the middle of the words that begin the hold: they are said to their end first.
    wait_for(&sound, 3.0);
    player.press(DOWN);
    assert_eq!(player.end(), 0);
    let heard = sound.heard().remove(0);
    let found = stretches(&heard, &session);
    assert_heard(&found, &session, words.go.0..words.go.1);
    assert_heard(&found, &session, words.release.0..session.len());
    let marks = found.iter().any(|stretch| (words.nearly.0..words.nearly.1).contains(&stretch.session));
    assert!(!marks, "what was left of the hold is not heard");
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn a_pause_in_a_word_is_silent_and_goes_on_with_the_whole_word() {
    let (workshop, session) = trial();
    let words = Words::of(&session);
    let mut sound = SoundServer::start();
    let mut player = Player::start(&workshop, &sound, &from_the_hold(&session));
    wait_for(&sound, 3.0);
    player.press(" ");
    wait_for(&sound, 4.0);
    player.press(" ");
    wait_for(&sound, 9.0);
    player.press("q");
    assert_eq!(player.end(), 0);
    let heard = sound.heard().remove(0);
    let found = stretches(&heard, &session);
    let gos: Vec<_> = found.iter().filter(|stretch| (words.go.0..words.go.1).contains(&stretch.session)).collect();
    assert_eq!(gos.len(), 2, "{found:?}");
    assert!(gos[0].session + gos[0].frames < words.go.1, "the pause came in the middle of the word");
    assert!(
        gos[1].session <= words.go.0 && gos[1].session + gos[1].frames >= words.go.1,
        "and then it is said whole: {found:?}"
    );
    assert!(gos[1].heard > gos[0].heard + gos[0].frames + 3 * RATE);
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn a_jump_lands_on_the_first_frame_of_a_part() {
    let (workshop, session) = trial();
    let words = Words::of(&session);
    let mut sound = SoundServer::start();
    let mut player = Player::start(&workshop, &sound, &format!("--from {}s", words.go.0 / RATE));
    wait_for(&sound, 3.0);
    let pressed = sound.now();
    player.press(RIGHT);
    wait_for(&sound, 3.0);
    player.press("q");
    assert_eq!(player.end(), 0);
    let heard = sound.heard().remove(0);
    let found = stretches(&heard, &session);
    let landed =
        found.iter().find(|stretch| (words.last.0..words.last.1).contains(&stretch.session)).expect("the next pose");
    // The first 5 ms fade in.
    assert!(landed.session - words.last.0 < RATE / 100, "{landed:?} of {:?}", words.last);
    eprintln!("the jump was heard {} ms after the key", (landed.heard as i64 - pressed as i64) * 1000 / RATE as i64);
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn the_pose_before_and_the_same_again_land_on_the_first_frame_of_a_part() {
    let (workshop, session) = trial();
    let words = sounding(&session);
    let (still, last) = (words[1].0, Words::of(&session).last.0);
    let mut sound = SoundServer::start();
    let mut player = Player::start(&workshop, &sound, "--delay 300ms --from last");
    wait_for(&sound, 2.5);
    for key in ["r", LEFT, "r"] {
        player.press(key);
        wait_for(&sound, 2.5);
    }
    player.press("q");
    assert_eq!(player.end(), 0);
    let found = stretches(&sound.heard().remove(0), &session);
    let near = |part: usize| found.iter().filter(|stretch| stretch.session.abs_diff(part) < RATE / 50).count();
    assert_eq!((near(last), near(still)), (2, 2), "{found:?}");
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn the_volume_goes_down_by_three_decibels_and_comes_back_to_the_same_samples() {
    let (workshop, session) = trial();
    let go = Words::of(&session).go;
    let mut sound = SoundServer::start();
    let from = go.0 / RATE;
    let arguments = format!("--delay 300ms --from {from}s --until {}s --loop", go.1 / RATE);
    let mut player = Player::start(&workshop, &sound, &arguments);
    wait_until("it plays", || sound.is_loud());
    wait_for(&sound, 1.5);
    // The bell that answers rings for a second and a half.
    player.press("9");
    wait_for(&sound, 4.0);
    player.press("0");
    wait_for(&sound, 4.0);
    player.press("q");
    assert_eq!(player.end(), 0);
    let heard = sound.heard().remove(0);
    let quieter = |sample: i16| (f32::from(sample) * 10f32.powf(-3.0 / 20.0)).round() as i16;
    let both =
        |frame: i32| i32::from(quieter(frame as i16).cast_unsigned()) | i32::from(quieter((frame >> 16) as i16)) << 16;
    let quiet: Vec<i32> = session[go.0..go.1].iter().map(|frame| both(*frame)).collect();
    let long = |session: &[i32]| stretches(&heard, session).iter().filter(|it| it.frames > RATE).count();
    assert!(long(&quiet) >= 1, "three decibels less");
    let plain = stretches(&heard, &session[go.0..go.1]);
    let plain: Vec<_> = plain.iter().filter(|stretch| stretch.frames > RATE / 2).collect();
    assert!(plain.len() >= 2 && plain[plain.len() - 1].heard > plain[0].heard + 6 * RATE, "{plain:?}");
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn the_bed_goes_and_comes_back_and_all_else_stays_to_the_bit() {
    let (workshop, session) = trial();
    let rain = exported(&workshop, "--bed rain");
    let go = Words::of(&session).go;
    let mut sound = SoundServer::start();
    let from = go.0 / RATE;
    let mut player = Player::start(&workshop, &sound, &format!("--delay 300ms --bed rain --from {from}s"));
    wait_until("it plays", || sound.is_loud());
    // Both keys fall into the word of six seconds, also where the recording lags behind by two.
    wait_for(&sound, 1.2);
    player.press("b");
    wait_for(&sound, 2.2);
    player.press("b");
    wait_for(&sound, 3.0);
    player.press("q");
    assert_eq!(player.end(), 0);
    let heard = sound.heard().remove(0);
    let part = |session: &[i32]| {
        let found = stretches(&heard, &session[from * RATE..(from + 12) * RATE]);
        found.into_iter().filter(|stretch| stretch.frames > RATE).collect::<Vec<_>>()
    };
    let (with, without) = (part(&rain), part(&session));
    // Before and after it was off, and the word while it was, at the same place: nothing was put in or left out.
    assert_eq!((with.len(), without.len()), (2, 1), "{with:?} {without:?}");
    let shift = |stretch: &Stretch| stretch.heard - stretch.session;
    assert!(with.iter().chain(&without).all(|stretch| shift(stretch) == shift(&with[0])), "{with:?} {without:?}");
    assert!(with[0].heard < without[0].heard && without[0].heard < with[1].heard);
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn less_talk_leaves_out_words_and_keeps_the_practice() {
    let (workshop, session) = trial();
    let words = Words::of(&session);
    let mut sound = SoundServer::start();
    let from = words.nearly.0 / RATE - 8;
    let mut player = Player::start(&workshop, &sound, &format!("--delay 300ms --from {from}s"));
    wait_for(&sound, 2.0);
    // From full to fading to names only.
    for _ in 0..2 {
        player.press("g");
        wait_for(&sound, 1.0);
    }
    assert_eq!(player.end(), 0);
    let found = stretches(&sound.heard().remove(0), &session);
    assert_heard(&found, &session, words.nearly.0..words.nearly.1);
    assert_heard(&found, &session, words.last.0..words.last.1);
    let says = |word: (usize, usize)| found.iter().any(|stretch| (word.0..word.1).contains(&stretch.session));
    assert!(!says(words.out), "how to leave the last pose is not said any more");
}
