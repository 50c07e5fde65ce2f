//! A person's own breath, from presses of a key at each of its turns: as an inhale begins, as the exhale begins, and so on.

use std::time::Duration;

use super::breathing::BreathPattern;

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// The breath, each part to the half second.
    pub pattern: BreathPattern,
    /// From how many inhales.
    pub inhales: usize,
    /// From how many exhales.
    pub exhales: usize,
}

/// A press that follows another so closely is the same press: a bouncing key, or one that is held. Half of the shortest
/// inhale of a person at rest (about 0.8 s at 30 breaths a minute).
const BOUNCE: Duration = Duration::from_millis(400);
/// A part this many times as long as half a breath is two or more with a press left out between them. Up to an exhale of
/// seven times the inhale, one part alone stays below it.
const LEFT_OUT: f64 = 1.75;
/// So many of each part make a median that one odd breath does not move.
const ENOUGH: usize = 3;
/// The shortest part that is stored: with 1.5 s each way one breathes 20 times a minute, the quick end of everyday breath.
const SHORTEST: Duration = Duration::from_millis(1_500);
/// The longest inhale and exhale that are stored. No source: beyond 2.5 breaths a minute is training, not rest.
const LONGEST_INHALE: Duration = Duration::from_secs(10);
const LONGEST_EXHALE: Duration = Duration::from_secs(14);

/// More long parts than this are all taken for presses left out, instead of trying every reading of them.
const MOST_DOUBTS: usize = 8;

/// The breath in `presses`, times from any start, the first as an inhale begins. The median of each part, so that a sigh,
/// a press too many or a press left out does not matter; within what people breathe at rest. `None` where there are too few.
pub fn measure(presses: &[Duration]) -> Option<Measured> {
    let parts = parts(presses);
    let half_a_breath = half_a_breath(&parts)?.as_secs_f64();
    let turns = |part: &Duration| (part.as_secs_f64() / half_a_breath).round().max(1.0) as u64;
    let long = |part: &&Duration| part.as_secs_f64() >= LEFT_OUT * half_a_breath;
    let doubts = parts.iter().filter(long).count();
    // A part that is too long is a sigh, or two with a press left out between them. What follows tells: read rightly, the
    // inhales are like each other, and the exhales.
    let readings = if doubts <= MOST_DOUBTS { 1u32 << doubts } else { 1 };
    let read = |sighs: u32| {
        let (mut kinds, mut inhaling, mut doubt) = (Kinds::default(), true, 0);
        for part in &parts {
            if long(&part) {
                let sigh = sighs >> doubt & 1 == 1;
                inhaling ^= sigh || turns(part) % 2 == 1;
                doubt = (doubt + 1).min(31);
            } else {
                if inhaling { &mut kinds.inhales } else { &mut kinds.exhales }.push(*part);
                inhaling = !inhaling;
            }
        }
        kinds
    };
    let Kinds { inhales, exhales } = (0..readings).map(read).min_by_key(Kinds::unlikeness)?;
    if inhales.len() < ENOUGH || exhales.len() < ENOUGH {
        return None;
    }
    let inhale = half_seconds(median(&inhales)?).clamp(SHORTEST, LONGEST_INHALE);
    let exhale = half_seconds(median(&exhales)?).clamp(SHORTEST, LONGEST_EXHALE);
    let pattern = BreathPattern { inhale, full: Duration::ZERO, exhale, empty: Duration::ZERO };
    Some(Measured { pattern, inhales: inhales.len(), exhales: exhales.len() })
}

/// Parts, told apart.
#[derive(Default)]
struct Kinds {
    inhales: Vec<Duration>,
    exhales: Vec<Duration>,
}

impl Kinds {
    /// How far all parts together are from the median of their kind.
    fn unlikeness(&self) -> Duration {
        let away = |parts: &Vec<Duration>| {
            let middle = median(parts).unwrap_or_default();
            parts.iter().map(|part| part.abs_diff(middle)).sum::<Duration>()
        };
        away(&self.inhales) + away(&self.exhales)
    }
}

/// From press to press. What bounces is one press, at its beginning.
fn parts(presses: &[Duration]) -> Vec<Duration> {
    let apart = |index: &usize| *index == 0 || presses[*index].saturating_sub(presses[index - 1]) >= BOUNCE;
    let turns: Vec<Duration> = (0..presses.len()).filter(apart).map(|index| presses[index]).collect();
    turns.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect()
}

/// The mean of the lower and the upper quartile: where inhales and exhales take turns, one is in the midst of the shorter
/// kind and the other of the longer, and a few parts that are odd move neither.
fn half_a_breath(parts: &[Duration]) -> Option<Duration> {
    let mut sorted = parts.to_vec();
    sorted.sort();
    let last = sorted.len().checked_sub(1)?;
    Some((sorted[last / 4] + sorted[last - last / 4]) / 2)
}

fn median(parts: &[Duration]) -> Option<Duration> {
    let mut sorted = parts.to_vec();
    sorted.sort();
    let (below, above) = (sorted.get(sorted.len().checked_sub(1)? / 2)?, sorted.get(sorted.len() / 2)?);
    Some((*below + *above) / 2)
}

/// The nearest half second: nobody breathes more evenly than that.
fn half_seconds(time: Duration) -> Duration {
    Duration::from_millis((time.as_millis() as u64 + 250) / 500 * 500)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Presses at every turn of breaths with parts of these lengths, in milliseconds.
    fn turns(parts: &[u64]) -> Vec<Duration> {
        let mut now = 3_000;
        let mut presses = vec![now];
        for part in parts {
            now += part;
            presses.push(now);
        }
        presses.into_iter().map(Duration::from_millis).collect()
    }

    fn measured(presses: &[Duration]) -> String {
        measure(presses).expect("a breath").pattern.to_string()
    }

    const EVEN: [u64; 10] = [4_000, 6_000, 4_000, 6_000, 4_000, 6_000, 4_000, 6_000, 4_000, 6_000];

    #[test]
    fn an_even_breath_is_what_was_breathed() {
        let found = measure(&turns(&EVEN)).unwrap();
        assert_eq!((found.pattern.to_string().as_str(), found.inhales, found.exhales), ("4-6", 5, 5));
    }

    #[test]
    fn a_breath_is_rounded_to_half_seconds() {
        assert_eq!(measured(&turns(&[3_200, 5_300, 3_400, 5_100, 3_300, 5_200])), "3.5-5");
    }

    #[test]
    fn a_sigh_does_not_matter() {
        assert_eq!(measured(&turns(&[4_000, 6_000, 4_000, 9_500, 5_500, 6_000, 4_000, 6_000, 4_000])), "4-6");
    }

    #[test]
    fn a_press_left_out_does_not_swap_inhale_and_exhale() {
        for left_out in 1..10 {
            let mut presses = turns(&EVEN);
            presses.remove(left_out);
            assert_eq!(measured(&presses), "4-6", "press {left_out} left out");
        }
    }

    #[test]
    fn a_key_that_bounces_or_is_held_is_one_press() {
        let mut presses = turns(&EVEN);
        presses.extend([10_030, 10_060, 10_200, 10_550, 10_900].map(|at| Duration::from_millis(3_000 + at)));
        presses.sort();
        assert_eq!(measured(&presses), "4-6");
    }

    #[test]
    fn too_few_breaths_are_no_measure() {
        for presses in [&[][..], &turns(&[4_000]), &turns(&[4_000, 6_000, 4_000, 6_000, 4_000])] {
            assert_eq!(measure(presses), None);
        }
    }

    #[test]
    fn what_nobody_breathes_at_rest_is_brought_within_it() {
        assert_eq!(measured(&turns(&[700; 12])), "1.5-1.5");
        assert_eq!(measured(&turns(&[30_000; 8])), "10-14");
    }

    proptest! {
        #[test]
        fn a_breath_with_some_unrest_is_measured_to_the_half_second(
            inhale in 20u64..=60, exhale in 20u64..=80, unrest in prop::collection::vec(0u64..=400, 12), left_out in 1usize..20
        ) {
            let parts: Vec<u64> = (0..12)
                .map(|index| if index % 2 == 0 { inhale * 100 } else { exhale * 100 } + unrest[index] - 200)
                .collect();
            let mut presses = turns(&parts);
            if left_out < presses.len() - 1 {
                presses.remove(left_out);
            }
            let found = measure(&presses).expect("enough breaths").pattern;
            // With a press left out and unrest in every part, the one may be taken for the other where they differ little.
            let alike = inhale.abs_diff(exhale) * 100;
            let bound = 450 + if alike <= 1_200 { alike } else { 0 };
            let near = |found: Duration, breathed: u64| (found.as_millis() as u64).abs_diff(breathed * 100) <= bound;
            prop_assert!(near(found.inhale, inhale) && near(found.exhale, exhale), "{found} for {inhale}-{exhale}");
        }

        #[test]
        fn whatever_is_pressed_the_pattern_can_be_read_back(mut presses in prop::collection::vec(0u64..90_000, 0..200)) {
            presses.sort_unstable();
            let presses: Vec<_> = presses.into_iter().map(Duration::from_millis).collect();
            if let Some(found) = measure(&presses) {
                prop_assert_eq!(BreathPattern::parse(&found.pattern.to_string()), Ok(found.pattern));
            }
        }
    }
}
