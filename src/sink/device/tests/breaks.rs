//! Pauses, ends, and the waits before a beginning: what keys make of them.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::{Deck, END, Frames, Order, Outage, Status, deck, mixer, take};

/// Carries out an order where the device is.
fn carry_out(deck: &Deck, order: Order) {
    deck.order(order);
    deck.settle(Frames::ZERO);
}

#[test]
fn a_key_after_the_one_that_ends_takes_the_end_back() {
    for order in [Order::Toggle, Order::Seek(Frames(100_000))] {
        let deck = deck(0);
        let _ = take(&deck, 60_000);
        carry_out(&deck, Order::End);
        let _ = take(&deck, 1000);
        carry_out(&deck, order);
        let _ = take(&deck, 20_000);
        carry_out(&deck, Order::Pause);
        assert_eq!(take(&deck, 200_000).len(), 200_000, "a pause does not end it");
        assert!(!deck.glance().stopped);
    }
}

#[test]
fn an_end_that_someone_wanted_is_told_from_the_last_frame() {
    let deck = deck(0);
    let _ = take(&deck, 60_000);
    assert!(!deck.glance().stopped);
    carry_out(&deck, Order::End);
    assert!(deck.glance().stopped);
    deck.ends();
    assert!(deck.glance().stopped);
}

#[test]
fn a_device_that_goes_while_the_end_is_answered_leaves_nothing_to_wait_for() {
    let deck = deck(0);
    let _ = take(&deck, 60_000);
    carry_out(&deck, Order::End);
    deck.stalls(Outage::Frozen, Frames::ZERO, true);
    assert_eq!(deck.glance().status, Status::Over);
}

#[test]
fn what_is_over_stays_over_whatever_key_comes() {
    for order in [Order::Toggle, Order::Pause, Order::Resume, Order::Seek(Frames::ZERO), Order::Previous, Order::End] {
        let deck = deck(0);
        let _ = take(&deck, 1000);
        // It comes before the end and is looked at after it, or comes after the end.
        deck.order(order.clone());
        deck.ends();
        deck.order(order);
        assert_eq!(deck.glance().status, Status::Over);
    }
}

#[test]
fn a_pause_before_anything_is_heard_again_does_not_go_back_once_more() {
    let deck = deck(0);
    let _ = take(&deck, 150_000);
    let mut places = Vec::new();
    for _ in 0..4 {
        carry_out(&deck, Order::Toggle);
        let _ = take(&deck, 3000);
        carry_out(&deck, Order::Toggle);
        let _ = take(&deck, 3000);
        places.push(deck.glance().heard);
    }
    assert_eq!(places, [places[0]; 4]);
    assert_eq!(places[0], mixer().timeline().resumption(Frames(150_000)));
}

#[test]
fn a_pause_right_after_another_goes_on_at_the_same_place() {
    let deck = deck(0);
    let _ = take(&deck, 150_000);
    let place = mixer().timeline().resumption(Frames(150_000));
    for _ in 0..4 {
        carry_out(&deck, Order::Toggle);
        carry_out(&deck, Order::Toggle);
        assert_eq!(deck.glance().heard, place);
        // A moment of the session is heard, and nothing is said in it.
        while deck.glance().heard == place {
            let _ = take(&deck, 100);
        }
    }
    carry_out(&deck, Order::Seek(Frames(140_000)));
    let landed = deck.glance().heard;
    carry_out(&deck, Order::Toggle);
    carry_out(&deck, Order::Toggle);
    assert_eq!(deck.glance().heard, mixer().timeline().resumption(landed), "what a jump led to is another place");
}

#[test]
fn a_pause_before_the_beginning_keeps_what_is_left_of_the_delay() {
    let deck = deck(50_000);
    let _ = take(&deck, 10_000);
    carry_out(&deck, Order::Pause);
    let _ = take(&deck, 5000);
    assert_eq!(deck.glance().delay, Frames(40_000));
    carry_out(&deck, Order::Resume);
    assert_eq!(deck.glance().delay, Frames(40_000));
    let _ = take(&deck, 40_000);
    assert_eq!((deck.glance().delay, deck.glance().heard), (Frames::ZERO, Frames::ZERO));
}

#[test]
fn nothing_is_about_to_begin_once_it_has_begun() {
    let deck = deck(0);
    let _ = take(&deck, 60_000);
    carry_out(&deck, Order::Pause);
    let _ = take(&deck, 5000);
    carry_out(&deck, Order::Resume);
    assert_eq!(deck.glance().delay, Frames::ZERO);
}

#[test]
fn a_glance_tells_where_the_wanted_part_ends() {
    let deck = deck(0);
    assert_eq!(deck.glance().end, END);
    let _ = take(&deck, 1000);
    carry_out(&deck, Order::Longer);
    assert_eq!(deck.glance().end, deck.length());
}

#[test]
fn a_wait_for_a_device_ends_when_someone_asks_for_it() {
    let deck = Arc::new(deck(0));
    let waits = Arc::clone(&deck);
    let long = Duration::from_secs(180);
    let waiting = thread::spawn(move || {
        let begun = Instant::now();
        waits.wait(long);
        begun.elapsed()
    });
    while !waiting.is_finished() {
        deck.look_again();
        thread::yield_now();
    }
    assert!(waiting.join().unwrap() < long);
}
