//! The breath as it goes on through a practice: which pattern each breath has, and how long phases last in it.

use std::time::Duration;

use crate::load::language::breathing::{BreathPart, BreathPattern, Breathing};
use crate::load::language::pose::Lasts;
use crate::load::language::quantity::Quantity;

/// A walk along a breath that may ease. A pattern is looked up where a breath begins, and kept until the next begins,
/// so every breath is whole; and as only the time since the practice began decides, both sides have the same breaths.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    breathing: Breathing,
    elapsed: Duration,
    current: BreathPattern,
}

impl Pace {
    /// The breath when `elapsed` of its easing has passed already.
    pub(super) fn new(breathing: Breathing, elapsed: Duration) -> Pace {
        Pace { breathing, elapsed, current: breathing.at(elapsed) }
    }

    /// Whether all breaths from here on are the same.
    pub(super) fn is_steady(self) -> bool {
        self.current == self.breathing.to && (self.elapsed >= self.breathing.over || !self.breathing.eases())
    }

    /// Whether the breath eases at any time.
    pub(super) fn eases(self) -> bool {
        self.breathing.eases()
    }

    /// Lets a time pass that no breath paces.
    pub(super) fn wait(&mut self, time: Duration) {
        self.elapsed += time;
    }

    /// Lets a phase pass, every range in it being closed; how long it lasts.
    pub(super) fn pass(&mut self, lasts: Lasts) -> Duration {
        let before = self.elapsed;
        match lasts {
            Lasts::Hold { quantity: Quantity::Time(time), .. } => self.wait(time.least),
            Lasts::Hold { quantity: Quantity::Breaths(number), .. } => self.breathe(number.least),
            Lasts::Rising => {
                self.begin();
                self.wait(self.current.rising());
            }
            Lasts::Falling => self.wait(self.current.falling()),
            Lasts::Part(part) => {
                if part == BreathPart::Inhale {
                    self.begin();
                }
                self.wait(self.current.part(part));
            }
        }
        self.elapsed.saturating_sub(before)
    }

    /// The parts of breaths in a phase that is yet to pass, in order.
    pub(super) fn parts(mut self, lasts: Lasts) -> Vec<(BreathPart, Duration)> {
        let mut found = Vec::new();
        let mut add = |pattern: BreathPattern, parts: &[BreathPart]| {
            found.extend(parts.iter().map(|part| (*part, pattern.part(*part))));
        };
        match lasts {
            Lasts::Rising => add(self.begin(), &[BreathPart::Inhale, BreathPart::Full]),
            Lasts::Falling => add(self.current, &[BreathPart::Exhale, BreathPart::Empty]),
            Lasts::Part(BreathPart::Inhale) => add(self.begin(), &[BreathPart::Inhale]),
            Lasts::Part(part) => add(self.current, &[part]),
            Lasts::Hold { quantity: Quantity::Breaths(number), .. } => {
                for _ in 0..number.least {
                    add(self.begin(), &BreathPart::ALL);
                    self.wait(self.current.length());
                }
            }
            Lasts::Hold { .. } => {}
        }
        found
    }

    /// Lets whole breaths pass.
    pub(super) fn breathe(&mut self, breaths: u32) {
        for breath in 0..breaths {
            self.begin();
            if self.is_steady() {
                self.wait(self.current.length() * (breaths - breath));
                return;
            }
            self.wait(self.current.length());
        }
    }

    /// The time that has passed.
    pub(super) fn elapsed(self) -> Duration {
        self.elapsed
    }

    fn begin(&mut self) -> BreathPattern {
        self.current = self.breathing.at(self.elapsed);
        self.current
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::language::quantity::Between;

    fn easing() -> Breathing {
        let pattern = |text| BreathPattern::parse(text).unwrap();
        Breathing { from: pattern("3-3"), to: pattern("4-6"), over: Duration::from_secs(60) }
    }

    #[test]
    fn an_exhale_belongs_to_the_breath_of_its_inhale() {
        let mut pace = Pace::new(easing(), Duration::ZERO);
        assert_eq!(pace.pass(Lasts::Rising), Duration::from_secs(3));
        assert_eq!(pace.pass(Lasts::Falling), Duration::from_secs(3));
        // The second breath begins after 6 s of 60: a tenth of the way.
        assert_eq!(pace.pass(Lasts::Rising), Duration::from_millis(3100));
        assert_eq!(pace.pass(Lasts::Falling), Duration::from_millis(3300));
    }

    #[test]
    fn breaths_in_one_phase_last_as_long_as_one_by_one() {
        let hold = |breaths| Lasts::Hold { quantity: Quantity::Breaths(Between::just(breaths)), dose: true };
        let (mut whole, mut single) = (Pace::new(easing(), Duration::ZERO), Pace::new(easing(), Duration::ZERO));
        let parts: Duration = whole.parts(hold(20)).iter().map(|(_, length)| *length).sum();
        assert_eq!(whole.pass(hold(20)), (0..20).map(|_| single.pass(hold(1))).sum());
        assert_eq!(parts, whole.elapsed());
        assert!(whole.is_steady());
    }
}
