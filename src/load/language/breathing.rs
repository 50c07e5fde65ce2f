//! A breath pattern: how long one breathes in, holds, breathes out, and rests empty; and patterns that ease into another.

use std::fmt;
use std::time::Duration;

use super::{house_cues, quantity};

/// A part of a breath.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BreathPart {
    /// Breathing in.
    Inhale,
    /// Holding, full.
    Full,
    /// Breathing out.
    Exhale,
    /// Resting, empty.
    Empty,
}

impl BreathPart {
    /// The parts in the order they are breathed.
    pub const ALL: [BreathPart; 4] = [BreathPart::Inhale, BreathPart::Full, BreathPart::Exhale, BreathPart::Empty];

    /// The word for it in a plan.
    pub fn word(self) -> &'static str {
        match self {
            BreathPart::Inhale => "inhale",
            BreathPart::Full => "hold",
            BreathPart::Exhale => "exhale",
            BreathPart::Empty => "empty",
        }
    }

    /// The cue that says it.
    pub fn cue(self) -> &'static str {
        match self {
            BreathPart::Inhale => house_cues::INHALE,
            BreathPart::Full => house_cues::HOLD_FULL,
            BreathPart::Exhale => house_cues::EXHALE,
            BreathPart::Empty => house_cues::HOLD_EMPTY,
        }
    }
}

/// One breath. `4-6` is in–out, `4-2-6-0` is in–hold–out–empty; all in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreathPattern {
    /// Breathing in.
    pub inhale: Duration,
    /// Holding, full.
    pub full: Duration,
    /// Breathing out.
    pub exhale: Duration,
    /// Resting, empty.
    pub empty: Duration,
}

impl BreathPattern {
    /// 4 seconds in, 6 out: six breaths a minute with the longer exhale that rest is taught with.
    pub const DEFAULT: BreathPattern = BreathPattern {
        inhale: Duration::from_secs(4),
        full: Duration::ZERO,
        exhale: Duration::from_secs(6),
        empty: Duration::ZERO,
    };

    /// One breath may last no longer than this.
    const LONGEST: Duration = Duration::from_secs(120);
    /// Nor may it be shorter: a pant is not paced by a voice.
    const SHORTEST: Duration = Duration::from_secs(1);

    /// Reads `4-6`, `4-7-8` or `4-7-8-0`; parts in seconds.
    ///
    /// # Errors
    /// What was expected instead, in words.
    pub fn parse(text: &str) -> Result<BreathPattern, String> {
        let form = || {
            format!(
                "expected seconds in and out such as \"4-6\", in-hold-out such as \"4-7-8\", or in-hold-out-hold such as \
                 \"4-4-4-4\", found \"{text}\""
            )
        };
        let one = |part: &str| quantity::time(part.trim()).ok()?.one();
        let part = |part: &str| one(part).ok_or_else(form);
        let parts = text.split(['-', '–', '—', '‑']).map(part).collect::<Result<Vec<_>, _>>()?;
        let pattern = match parts[..] {
            [inhale, exhale] => BreathPattern { inhale, full: Duration::ZERO, exhale, empty: Duration::ZERO },
            [inhale, full, exhale] => BreathPattern { inhale, full, exhale, empty: Duration::ZERO },
            [inhale, full, exhale, empty] => BreathPattern { inhale, full, exhale, empty },
            _ => return Err(form()),
        };
        if pattern.inhale.is_zero() || pattern.exhale.is_zero() {
            return Err(format!("expected an inhale and an exhale longer than 0 s, found \"{text}\""));
        }
        if pattern.length() < Self::SHORTEST || pattern.length() > Self::LONGEST {
            return Err(format!("expected a breath of 1 to 120 s, found \"{text}\""));
        }
        Ok(pattern)
    }

    /// The whole breath.
    pub fn length(self) -> Duration {
        self.inhale + self.full + self.exhale + self.empty
    }

    /// How long one part of it is.
    pub fn part(self, part: BreathPart) -> Duration {
        match part {
            BreathPart::Inhale => self.inhale,
            BreathPart::Full => self.full,
            BreathPart::Exhale => self.exhale,
            BreathPart::Empty => self.empty,
        }
    }

    /// The inhale with the hold that follows it.
    pub fn rising(self) -> Duration {
        self.inhale + self.full
    }

    /// The exhale with the stillness that follows it.
    pub fn falling(self) -> Duration {
        self.exhale + self.empty
    }
}

impl fmt::Display for BreathPattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |time: Duration| time.as_secs_f64();
        if self.full.is_zero() && self.empty.is_zero() {
            return write!(out, "{}-{}", part(self.inhale), part(self.exhale));
        }
        write!(out, "{}-{}-{}-{}", part(self.inhale), part(self.full), part(self.exhale), part(self.empty))
    }
}

/// The breath over a practice: one pattern, or one that eases into another, breath by breath.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breathing {
    /// The pattern at the start.
    pub from: BreathPattern,
    /// The pattern at the end; the same as `from` where nothing eases.
    pub to: BreathPattern,
    /// How long the way from one to the other takes.
    pub over: Duration,
}

impl Breathing {
    /// One pattern, throughout.
    pub fn steady(pattern: BreathPattern) -> Breathing {
        Breathing { from: pattern, to: pattern, over: Duration::ZERO }
    }

    /// Whether the pattern changes on the way.
    pub fn eases(self) -> bool {
        self.from != self.to
    }

    /// The breath that begins when `elapsed` has passed. It is kept whole, so only beginnings are looked up.
    pub fn at(self, elapsed: Duration) -> BreathPattern {
        if elapsed >= self.over || !self.eases() {
            return self.to;
        }
        let part = |part| between(self.from.part(part), self.to.part(part), elapsed, self.over);
        BreathPattern {
            inhale: part(BreathPart::Inhale),
            full: part(BreathPart::Full),
            exhale: part(BreathPart::Exhale),
            empty: part(BreathPart::Empty),
        }
    }

    /// Whether a part is breathed at any time.
    pub fn has(self, part: BreathPart) -> bool {
        !self.from.part(part).is_zero() || !self.to.part(part).is_zero()
    }
}

/// The length on the way from one to another, exact to the nanosecond on every machine.
fn between(from: Duration, to: Duration, elapsed: Duration, over: Duration) -> Duration {
    let (from, to) = (from.as_nanos() as i128, to.as_nanos() as i128);
    let nanos = from + (to - from) * elapsed.as_nanos() as i128 / over.as_nanos() as i128;
    // Between two parts of a breath, each of at most two minutes.
    Duration::from_nanos(nanos as u64)
}

impl fmt::Display for Breathing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.eases() { write!(out, "{} to {}", self.from, self.to) } else { write!(out, "{}", self.to) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breath_eases_from_one_pattern_to_another_and_stays_there() {
        let pattern = |text| BreathPattern::parse(text).unwrap();
        let breathing = Breathing { from: pattern("3-3"), to: pattern("4-2-6-0"), over: Duration::from_secs(300) };
        assert_eq!(breathing.at(Duration::ZERO).to_string(), "3-3");
        assert_eq!(breathing.at(Duration::from_secs(150)).to_string(), "3.5-1-4.5-0");
        assert_eq!(breathing.at(Duration::from_secs(300)), breathing.to);
        assert_eq!(breathing.at(Duration::from_secs(9999)), breathing.to);
    }

    #[test]
    fn a_pattern_reads_back_as_it_was_written() {
        for text in ["4-6", "5.5-5.5", "4-7-8-0", "4-4-4-4"] {
            assert_eq!(BreathPattern::parse(text).unwrap().to_string(), text);
        }
        for (text, whole) in [("4-7-8", "4-7-8-0"), ("4–6", "4-6"), ("4 - 6", "4-6"), ("4s-6s", "4-6")] {
            assert_eq!(BreathPattern::parse(text).unwrap().to_string(), whole);
        }
    }

    #[test]
    fn what_nobody_can_breathe_is_refused() {
        for text in ["", "4", "4-6-8-2-1", "0-6", "4-0", "0-0-0-0", "0.1-0.1", "100-100", "4--6", "in-out", "1..2-3"] {
            assert!(BreathPattern::parse(text).is_err(), "{text}");
        }
    }
}
