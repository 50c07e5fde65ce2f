//! Whether both sides are done, for equally long, and each is named.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Linter;
use crate::diagnostic::{Code, Diagnostic};
use crate::frames::clock;
use crate::load::language::house_cues;
use crate::load::language::pose::Pose;
use crate::load::language::routine::{Action, Guidance, Step};
use crate::plan::fit::Fit;
use crate::plan::scheduler::Scheduler;
use crate::plan::sheet::Visit;

/// What one side of a pose comes to in a whole session.
struct Side<'a> {
    name: &'static str,
    length: Duration,
    last: &'a Step,
}

impl<'a> Linter<'a> {
    /// Sides that an author wrote as poses of their own: each may look right, and yet the listener is left crooked.
    pub(super) fn unequal_sides(&mut self, visits: &[Visit<'a>], fit: Fit) {
        let mut poses: BTreeMap<String, Vec<Side<'a>>> = BTreeMap::new();
        for visit in visits {
            let Action::Pose(pose) = &visit.step.action else { continue };
            let Some((family, name)) = one_sided(pose) else { continue };
            let length = Scheduler::practice_length(self.input, fit, pose);
            let sides = poses.entry(family).or_default();
            match sides.iter_mut().find(|side| side.name == name) {
                Some(side) => (side.length, side.last) = (side.length + length, visit.step),
                None => sides.push(Side { name, length, last: visit.step }),
            }
        }
        for sides in poses.values() {
            self.judge_sides(sides);
        }
    }

    fn judge_sides(&mut self, sides: &[Side<'_>]) {
        let message = match sides {
            [one] => {
                let other = if one.name == "right" { "left" } else { "right" };
                format!("expected the {other} side as well, found the {} side alone", one.name)
            }
            [one, other] if one.length != other.length => format!(
                "expected both sides to last equally long, found {} on the {} side and {} on the {}",
                clock(one.length),
                one.name,
                clock(other.length),
                other.name
            ),
            _ => return,
        };
        let Some(last) = sides.last() else { return };
        let warning = Diagnostic::warning(Code::UnequalSides, message).at(&last.last.place, "one side of two");
        let help = "write one step with `sides = [\"right\", \"left\"]`: then both last the same, to the frame";
        self.warn(Some(last.last), warning.help(help));
    }

    /// A pose has sides, and nobody says which one it is.
    pub(super) fn unnamed_sides(&mut self, steps: &[Step]) {
        if self.input.guidance == Guidance::Bells {
            return;
        }
        for step in steps {
            match &step.action {
                Action::Repeat { steps, .. } => self.unnamed_sides(steps),
                Action::Pose(pose) => {
                    let told = |side: &usize| self.found.tells(Code::UnknownCue, &pose.side_places[*side]);
                    let unnamed = (0..pose.sides.len()).filter(|side| !self.names(pose, *side) && !told(side));
                    let unnamed: Vec<_> = unnamed.collect();
                    for side in unnamed {
                        let name = pose.sides[side].replace('-', " ");
                        let message = format!("expected words that name the side \"{name}\", found none");
                        let warning = Diagnostic::warning(Code::UnnamedSide, message).at(&step.place, "which side?");
                        let help =
                            "put `{side}` into a cue of its phases, or leave `switch` and `switching` as they are";
                        self.warn(Some(step), warning.help(help));
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether a side of a pose is named: by its phases, by the change to it, or, for the first, by the planner.
    fn names(&self, pose: &Pose, side: usize) -> bool {
        let name = &pose.sides[side];
        let first = side == 0 && self.input.routine.script.contains_key(&house_cues::side(name));
        let says = |cue: &str| cue.split(['/', '-']).any(|word| name.split('-').any(|part| part == word));
        let switched = || {
            let mut cues = pose.switching.iter().map(|cue| pose.cue_id(cue, Some(side)));
            !pose.switch.most.is_zero() && side > 0 && cues.any(|cue| says(&cue))
        };
        pose.phases_name_side() || first || switched()
    }
}

/// The side of a pose that has one alone, and what its poses have in common: `lunge` for `lunge-right`.
fn one_sided(pose: &Pose) -> Option<(String, &'static str)> {
    let sides = ["right", "left"];
    match &pose.sides[..] {
        [only] => sides.into_iter().find(|side| side == only).map(|side| (pose.id.clone(), side)),
        [] => {
            let words: Vec<_> = pose.id.split('-').collect();
            let side = sides.into_iter().find(|side| words.contains(side))?;
            let family: Vec<_> = words.into_iter().filter(|word| *word != side).collect();
            Some((family.join("-"), side))
        }
        _ => None,
    }
}
