//! `catcow export`: what is in the file is what was planned.

use crate::workshop::{Workshop, read_wav};

#[test]
fn the_file_has_exactly_the_frames_of_the_plan() {
    let workshop = Workshop::new();
    workshop.run(["export", "morning", "-o", "session.wav"]).success();
    let plan: serde_json::Value = serde_json::from_str(&workshop.run(["plan", "morning", "--json"]).success()).unwrap();
    let (channels, rate, samples) = read_wav(&workshop.path("session.wav"));
    assert_eq!((channels, rate), (2, 48_000));
    assert_eq!((samples.len() / 2) as u64, plan["frames"].as_u64().unwrap());
}

#[test]
fn one_thread_and_many_and_a_second_run_write_the_same_bytes() {
    let workshop = Workshop::new();
    for (name, threads) in [("one.wav", "1"), ("many.wav", "7"), ("again.wav", "7")] {
        workshop.run(["export", "desk-break", "-o", name, "--threads", threads]).success();
    }
    let bytes = |name| std::fs::read(workshop.path(name)).unwrap();
    assert!(bytes("one.wav") == bytes("many.wav") && bytes("many.wav") == bytes("again.wav"));
}
