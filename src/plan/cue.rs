//! Which words are wanted: what guidance allows, and how it fades.

use std::time::Duration;

use super::timeline::Role;
use crate::load::language::cue::CueRef;
use crate::load::language::house_cues;
use crate::load::language::pose::{Order, Pose};
use crate::load::language::quantity::Quantity;
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
pub(super) const LONG_BREATHS: u32 = 3;
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
/// The silence between two marks that follow each other at once, such as a cue and how long the hold will be.
pub(super) const BREATHER: Duration = Duration::from_millis(700);

/// A breath that is held at least this long within a phase is named: a shorter stillness passes before its word would end.
pub(super) const BREATH_HELD: Duration = Duration::from_secs(2);

/// The cue that says how long a hold is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stay {
    /// Its words are true of any hold.
    Said(String),
    /// Its words call the hold a rest.
    OfRest(String),
}

/// The cue that says how long a hold is: the nearest there is a word for, if it is true within a fifth, which leaves no
/// hold from 30 seconds to an hour without one.
pub(super) fn stay(quantity: Quantity, chosen: Duration) -> Option<Stay> {
    // Nobody counts more than ten: then the time is said.
    if let Quantity::Breaths(number) = quantity
        && let Some(number @ 0..=10) = number.one()
    {
        return (number >= 2).then(|| Stay::Said(house_cues::stay_breaths(number)));
    }
    const TIMES: [(&str, u64, bool); 20] = [
        ("30-seconds", 30, false),
        ("45-seconds", 45, false),
        ("1-minute", 60, false),
        ("90-seconds", 90, false),
        ("2-minutes", 120, false),
        ("150-seconds", 150, false),
        ("3-minutes", 180, false),
        ("4-minutes", 240, false),
        ("5-minutes", 300, true),
        ("6-minutes", 360, false),
        ("7-minutes", 420, false),
        ("8-minutes", 480, true),
        ("9-minutes", 540, true),
        ("10-minutes", 600, false),
        ("12-minutes", 720, true),
        ("15-minutes", 900, false),
        ("20-minutes", 1200, false),
        ("30-minutes", 1800, false),
        ("45-minutes", 2700, true),
        ("60-minutes", 3600, true),
    ];
    let chosen = chosen.as_secs_f64();
    let away = |seconds: u64| (chosen / seconds as f64 - 1.0).abs();
    let (name, seconds, of_rest) = TIMES.into_iter().min_by(|left, right| away(left.1).total_cmp(&away(right.1)))?;
    let id = house_cues::stay(name);
    (away(seconds) <= 0.2).then_some(if of_rest { Stay::OfRest(id) } else { Stay::Said(id) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::language::quantity::Between;

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
    fn a_hold_is_announced_only_where_the_words_are_true() {
        let time = Quantity::Time(Between::just(Duration::ZERO));
        assert_eq!(stay(time, Duration::from_secs(125)), Some(Stay::Said("stay/2-minutes".into())));
        assert_eq!(stay(time, Duration::from_secs(73)), Some(Stay::Said("stay/90-seconds".into())));
        assert_eq!(stay(time, Duration::from_secs(210)), Some(Stay::Said("stay/4-minutes".into())));
        assert_eq!(stay(time, Duration::from_secs(1500)), Some(Stay::Said("stay/30-minutes".into())));
        assert_eq!(stay(time, Duration::from_secs(4500)), None);
        assert_eq!(stay(time, Duration::from_secs(10)), None);
        assert_eq!(
            stay(Quantity::Breaths(Between::just(5)), Duration::ZERO),
            Some(Stay::Said("stay/5-breaths".into()))
        );
        let many = Quantity::Breaths(Between::just(11));
        assert_eq!(stay(many, Duration::from_secs(110)), Some(Stay::Said("stay/2-minutes".into())));
    }
}
