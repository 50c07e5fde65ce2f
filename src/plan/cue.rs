//! Which words are wanted: what guidance allows, and how it fades.

use std::time::Duration;

use super::timeline::Role;
use crate::load::language::cue::CueRef;
use crate::load::language::house_cues;
use crate::load::language::pose::{Order, Pose};
use crate::load::language::routine::Guidance;

/// The first of a phase's cues that is wanted in a round (from 0); `None` where none is. `kept` is whether the breath tone
/// alone can keep the listener in the movement.
///
/// No source gives numbers for how words should thin out. Two rounds to learn a movement, two with a reminder, two with
/// the breath alone named: after that a person knows it.
pub(super) fn first_wanted(guidance: Guidance, round: u32, cues: usize, kept: bool) -> Option<usize> {
    let last = cues.checked_sub(1)?;
    match guidance {
        Guidance::Full => Some(0),
        Guidance::Names | Guidance::Bells => None,
        Guidance::Fading => match round {
            0..=1 => Some(0),
            2..=3 => Some(1.min(last)),
            4..=5 => Some(last),
            _ if kept => None,
            _ => Some(last),
        },
    }
}

/// Whether the breath tone alone can keep a listener in a pose. Where sides alternate, the words are what tells them apart; a
/// stillness is not kept by the breath, and nothing is by a tone that does not sound.
pub(super) fn keeps(tone: bool, pose: &Pose) -> bool {
    tone && pose.is_flow() && pose.order == Order::Each
}

/// Whether instructions are said in full.
pub(super) fn instructs(guidance: Guidance) -> bool {
    matches!(guidance, Guidance::Full | Guidance::Fading)
}

/// Whether names, sides and times are said.
pub(super) fn names(guidance: Guidance) -> bool {
    guidance != Guidance::Bells
}

/// What is said of a list under any guidance: its first safety words, and what may stand in for them.
pub(super) fn safety(cues: &[CueRef]) -> &[CueRef] {
    let first = cues.iter().position(CueRef::is_safety);
    first.map_or(&[], |first| &cues[first..])
}

/// Whether an instruction is said under a guidance.
pub(super) fn is_said(guidance: Guidance, cue: &CueRef) -> bool {
    instructs(guidance) || cue.is_safety()
}

/// What is said of instructions under a guidance.
pub(super) fn instructed(guidance: Guidance, cues: &[CueRef]) -> &[CueRef] {
    if instructs(guidance) { cues } else { safety(cues) }
}

/// What a cue is there for, where it stands for `role`: safety words are that wherever they stand.
pub(super) fn role_of(cue: &CueRef, role: Role) -> Role {
    if cue.is_safety() { Role::Safety } else { role }
}

/// A hold at least this long says how long it will be, and when it is nearly done.
pub(super) const LONG_HOLD: Duration = Duration::from_secs(30);
/// A hold at least this long says when it is half over.
pub(super) const HALVED_HOLD: Duration = Duration::from_secs(60);
/// The end of a hold is announced this long before it: what interval timers do (9 to 10 s).
pub(super) const NEARLY: Duration = Duration::from_secs(10);
/// A hold of at least so many breaths says how many.
pub(super) const COUNTED_BREATHS: u32 = 2;
/// A hold of at least so many breaths says which is the last.
pub(super) const LONG_BREATHS: u32 = 2;
/// A stillness at least this long has a bell in its middle, where guidance leaves nothing but bells: nobody is to wonder whether it still
/// runs.
pub(super) const SILENT_HOLD: Duration = Duration::from_secs(120);
/// A flow at least this long says when it is half over: nobody counts eighteen breaths.
pub(super) const HALVED_FLOW: Duration = Duration::from_secs(180);
/// How many rests between rounds are announced in words, where words fade; then a bell is enough.
pub(super) const RESTS_SAID: u32 = 4;
/// The time between two numbers of a countdown.
pub(super) const COUNT: Duration = Duration::from_secs(1);
/// The least number of rounds whose last one is announced.
pub(super) const MANY_ROUNDS: u32 = 3;
/// The least time between two cues.
pub(super) const APART: Duration = Duration::from_millis(400);
/// The least time between a reminder and anything else that is said.
pub(super) const REMINDER_APART: Duration = Duration::from_secs(6);
/// The silence before the first word.
pub(super) const LEAD_IN: Duration = Duration::from_millis(500);
/// The silence before everything, where headphones may be asleep: reports of what they swallow go from 0.1 to 1.5 s.
pub(super) const WAKE_UP: Duration = Duration::from_millis(1_500);
/// The silence between the end of a bell and the first word after it: an ear that followed a sound until it was gone is not there yet.
pub(super) const AFTER_BELL: Duration = Duration::from_secs(1);
/// The silence between a pose's name and what follows.
pub(super) const AFTER_NAME: Duration = Duration::from_secs(1);
/// The silence after advice that stands in no step: as after any cue of a `say` which names none.
pub(super) const AFTER_ADVICE: Duration = Duration::from_secs(1);
/// The silence between two marks that follow each other at once, such as a cue and how long the hold will be.
pub(super) const BREATHER: Duration = Duration::from_millis(700);

/// A breath that is held at least this long within a phase is named: a shorter stillness passes before its word would end.
pub(super) const BREATH_HELD: Duration = Duration::from_secs(2);

/// The times that there are words for.
const TIMES: [(&str, u64); 29] = [
    ("30-seconds", 30),
    ("40-seconds", 40),
    ("50-seconds", 50),
    ("1-minute", 60),
    ("75-seconds", 75),
    ("90-seconds", 90),
    ("105-seconds", 105),
    ("2-minutes", 120),
    ("150-seconds", 150),
    ("3-minutes", 180),
    ("210-seconds", 210),
    ("4-minutes", 240),
    ("5-minutes", 300),
    ("6-minutes", 360),
    ("7-minutes", 420),
    ("8-minutes", 480),
    ("9-minutes", 540),
    ("10-minutes", 600),
    ("12-minutes", 720),
    ("15-minutes", 900),
    ("18-minutes", 1080),
    ("20-minutes", 1200),
    ("25-minutes", 1500),
    ("30-minutes", 1800),
    ("35-minutes", 2100),
    ("40-minutes", 2400),
    ("45-minutes", 2700),
    ("50-minutes", 3000),
    ("60-minutes", 3600),
];

/// Words for a time are true where what is left is within this share of it.
const TRUE_WITHIN: f64 = 0.1;

/// So much later a length may always be said; in a longer hold, a tenth of it.
const LATER_SECONDS: f64 = 10.0;

/// The cue that says about how long a hold lasts of which so much is `left`, and how much later it is true: the nearest of
/// those a voice `has`, now if it is true, else the next smaller as soon as it is. `None` where that would be much later.
pub(super) fn stay_time(left: Duration, has: impl Fn(&str) -> bool) -> Option<(String, Duration)> {
    let words = TIMES.map(|(name, seconds)| (house_cues::stay(name), seconds as f64));
    let left = left.as_secs_f64();
    let away = |seconds: f64| (left / seconds - 1.0).abs();
    let there: Vec<_> = words.into_iter().filter(|(id, _)| has(id)).collect();
    let nearest = there.iter().min_by(|one, other| away(one.1).total_cmp(&away(other.1)))?;
    if away(nearest.1) <= TRUE_WITHIN {
        return Some((nearest.0.clone(), Duration::ZERO));
    }
    let (id, seconds) = there.into_iter().rfind(|(_, seconds)| *seconds < left)?;
    let later = (left - seconds * (1.0 + TRUE_WITHIN)).max(0.0);
    // Said much later, it would answer a question that nobody has any more.
    (later <= (left / 10.0).max(LATER_SECONDS)).then(|| (id, Duration::from_secs_f64(later)))
}

/// The most breaths that are counted: of more, nobody keeps count, and the time is said.
pub(super) const MOST_COUNTED_BREATHS: u32 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_thin_out_round_by_round_until_the_breath_is_left() {
        let fading = |round| first_wanted(Guidance::Fading, round, 3, true);
        let wanted: Vec<_> = (0..8).map(fading).collect();
        assert_eq!(wanted, [Some(0), Some(0), Some(1), Some(1), Some(2), Some(2), None, None]);
    }

    #[test]
    fn what_no_tone_keeps_is_never_left_without_words() {
        assert_eq!(first_wanted(Guidance::Fading, 100, 2, false), Some(1));
    }

    #[test]
    fn a_time_is_announced_within_a_tenth_or_once_it_is_true() {
        let all = |seconds: u64| stay_time(Duration::from_secs(seconds), |_| true);
        let now = |id: &str| Some((id.to_owned(), Duration::ZERO));
        assert_eq!(
            [all(125), all(73), all(38)],
            [now("stay/2-minutes"), now("stay/75-seconds"), now("stay/40-seconds")]
        );
        assert_eq!(all(34), Some(("stay/30-seconds".into(), Duration::from_secs(1))));
        assert_eq!([all(10), all(4600)], [None, None]);
        for seconds in 27..=3960 {
            let (id, later) = all(seconds).unwrap();
            let said = TIMES.iter().find(|(name, _)| house_cues::stay(name) == id).unwrap().1 as f64;
            let left = seconds as f64 - later.as_secs_f64();
            assert!((left / said - 1.0).abs() <= TRUE_WITHIN + 1e-9, "{id} with {left} s left");
            assert!(later.as_secs_f64() <= (seconds as f64 / 30.0).max(3.0), "{id} comes {later:?} later");
        }
        // A voice with fewer words says what it can.
        let few = |id: &str| id == "stay/30-seconds";
        assert_eq!(stay_time(Duration::from_secs(38), few), Some(("stay/30-seconds".into(), Duration::from_secs(5))));
        assert_eq!(stay_time(Duration::from_secs(90), few), None);
    }
}
