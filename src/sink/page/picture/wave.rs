//! The breath as a curve: up on the inhale, down on the exhale, level where it is held.

use std::fmt::Write;

use super::number;
use crate::load::language::breathing::BreathPart;
use crate::plan::timeline::BreathSpan;

/// How a half wave of a cosine is drawn by one Bézier curve: its control points stand at this share of its width. The
/// curve then differs from the cosine by less than a thousandth of its height.
const BEND: f64 = 0.3642;
/// Breaths whose parts are narrower than this would be a blot: they are drawn as a ribbon.
const NARROW: f64 = 1.5;

/// The curves of a row.
#[derive(Default)]
pub(super) struct Wave {
    /// The breath itself.
    pub(super) line: String,
    /// What lies under it.
    pub(super) air: String,
}

/// Draws breaths between the heights `top` (full) and `bottom` (empty); `x` tells where a frame stands.
pub(super) fn draw(spans: &[&BreathSpan], x: impl Fn(crate::frames::Frames) -> f64, top: f64, bottom: f64) -> Wave {
    let mut wave = Wave::default();
    for run in spans.chunk_by(|left, right| left.start + left.frames == right.start) {
        let (start, end) = (x(run[0].start), x(run[run.len() - 1].start + run[run.len() - 1].frames));
        if (end - start) / (run.len() as f64) < NARROW {
            let _ = write!(
                wave.air,
                "M{} {}H{}V{}H{}Z",
                number(start),
                number(top),
                number(end),
                number(bottom),
                number(start)
            );
            continue;
        }
        let mut line = String::new();
        for span in run {
            part(&mut line, span.part, x(span.start), x(span.start + span.frames), top, bottom);
        }
        let (start, end) = (number(start), number(end));
        let _ = write!(wave.air, "{line}L{end} {bottom}L{start} {bottom}Z", bottom = number(bottom));
        wave.line += &line;
    }
    wave
}

/// One part, from `start` to `end`.
fn part(line: &mut String, part: BreathPart, start: f64, end: f64, top: f64, bottom: f64) {
    let (from, to) = match part {
        BreathPart::Inhale => (bottom, top),
        BreathPart::Full => (top, top),
        BreathPart::Exhale => (top, bottom),
        BreathPart::Empty => (bottom, bottom),
    };
    let begun = if line.is_empty() { "M" } else { "L" };
    let _ = write!(line, "{begun}{} {}", number(start), number(from));
    let bend = (end - start) * BEND;
    let _ = write!(
        line,
        "C{} {} {} {} {} {}",
        number(start + bend),
        number(from),
        number(end - bend),
        number(to),
        number(end),
        number(to)
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames::Frames;

    fn span(part: BreathPart, start: u64, frames: u64) -> BreathSpan {
        BreathSpan { part, start: Frames(start), frames: Frames(frames) }
    }

    #[test]
    fn a_breath_goes_up_and_down_again() {
        let spans = [span(BreathPart::Inhale, 0, 100), span(BreathPart::Exhale, 100, 200)];
        let wave = draw(&spans.iter().collect::<Vec<_>>(), |frame| frame.0 as f64, 0.0, 40.0);
        assert_eq!(wave.line, "M0 40C36.42 40 63.58 0 100 0L100 0C172.84 0 227.16 40 300 40");
        assert!(wave.air.ends_with("L300 40L0 40Z"), "{}", wave.air);
    }

    #[test]
    fn where_no_breath_is_kept_the_curve_ends() {
        let spans = [span(BreathPart::Inhale, 0, 100), span(BreathPart::Inhale, 500, 100)];
        let wave = draw(&spans.iter().collect::<Vec<_>>(), |frame| frame.0 as f64, 0.0, 40.0);
        assert_eq!(wave.line.matches('M').count(), 2);
    }

    #[test]
    fn breaths_too_narrow_to_see_are_a_ribbon() {
        let spans: Vec<_> = (0..1000).map(|index| span(BreathPart::Inhale, index, 1)).collect();
        let wave = draw(&spans.iter().collect::<Vec<_>>(), |frame| frame.0 as f64, 0.0, 40.0);
        assert_eq!((wave.line.as_str(), wave.air.as_str()), ("", "M0 0H1000V40H0Z"));
    }
}
