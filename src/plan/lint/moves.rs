//! Whether the listener is told how to come out of a pose and into another position, and has the time for it.

use super::{Heard, Linter};
use crate::diagnostic::{Code, Diagnostic};
use crate::load::language::cue::CueRef;
use crate::load::language::house_cues::Meaning;
use crate::load::language::pose::{Lasts, Pose};
use crate::load::language::position::Position;
use crate::load::language::routine::{Action, Guidance, Step};
use crate::plan::listener::{Listener, moving};
use crate::plan::sheet::Visit;
use crate::plan::timeline::Track;

/// The least time to move at the start, where a listener may be in any position.
const AT_THE_START: std::time::Duration = std::time::Duration::from_secs(3);

impl Linter<'_> {
    /// A pose is held, or breathing alone follows it, and neither it nor what follows says how to come out of it.
    pub(super) fn never_left(&mut self, visits: &[Visit<'_>]) {
        let leaves = |step: &&Step| !matches!(step.action, Action::Bell { .. } | Action::Repeat { .. });
        for (index, visit) in visits.iter().enumerate() {
            let Action::Pose(pose) = &visit.step.action else { continue };
            let next = visits[index + 1..].iter().map(|visit| visit.step).find(leaves);
            let breathes = next.is_some_and(|step| matches!(step.action, Action::Breathe(_)));
            let is_asked = ends_held(pose) || (breathes && ends_unsaid(pose));
            if !is_asked {
                continue;
            }
            let said = match next.map(|step| &step.action) {
                Some(Action::Say { .. }) => true,
                // The planner itself says how to get there.
                Some(Action::Pose(next)) => next.position.is_some() && next.position != pose.ends,
                _ => false,
            };
            if !said {
                let message = format!("expected words that lead out of `{}`, found none", pose.id);
                let warning = Diagnostic::warning(Code::NeverLeft, message).at(&visit.step.place, "never left");
                let help = "give the pose a `release`, or `say` what to do before the next step";
                self.warn(Some(visit.step), warning.help(help));
            }
        }
    }

    /// A pose says that it ends in another position, and nothing in it says how to get there.
    pub(super) fn silent_moves(&mut self, visits: &[Visit<'_>]) {
        for visit in visits {
            let Action::Pose(pose) = &visit.step.action else { continue };
            let (Some(begins), Some(ends)) = (pose.position, pose.ends) else { continue };
            if begins == ends || !ends_held(pose) {
                continue;
            }
            let message = format!(
                "expected words that lead from {} to {}, where `{}` ends, found none",
                begins.word(),
                ends.word(),
                pose.id
            );
            let warning = Diagnostic::warning(Code::SilentMove, message).at(&visit.step.place, "moves without a word");
            self.warn(Some(visit.step), warning.help("give the pose a `release` that says how, or leave out `ends`"));
        }
    }

    /// The routine itself says how to move, and goes on before anybody can have done it.
    pub(super) fn hurried_moves(&mut self, heard: &Heard<'_, '_>) {
        if matches!(self.input.guidance, Guidance::Names | Guidance::Bells) {
            return;
        }
        let mut listener = Listener::default();
        for visit in heard.visits {
            match &visit.step.action {
                Action::Say { cues, .. } => {
                    for cue in cues {
                        if let Meaning::Move(to) = cue.meaning() {
                            self.judge_move(heard, visit, cue, (listener.position, to));
                        }
                        listener.hear(cue);
                    }
                }
                Action::Pose(pose) => listener = Listener::after(pose),
                _ => {}
            }
        }
    }

    fn judge_move(
        &mut self,
        heard: &Heard<'_, '_>,
        visit: &Visit<'_>,
        cue: &CueRef,
        way: (Option<Position>, Option<Position>),
    ) {
        let timeline = heard.timeline;
        let after = timeline.regions.partition_point(|region| region.start < visit.start);
        let mut voice = timeline.regions[after..].iter().filter(|region| region.track == Track::Voice);
        let Some(said) = voice.find(|region| timeline.sounds[region.sound].cue() == cue.template()) else { return };
        let end = said.start + said.frames;
        let next = voice.next().map_or(timeline.frames, |region| region.start);
        let time = next.saturating_sub(end).duration(timeline.rate);
        // Half of what the planner itself would give: whoever is quick can do it.
        let needed = match way {
            (Some(from), Some(to)) => moving(Some(from), to) / 2,
            _ => AT_THE_START,
        };
        if time < needed {
            let message = format!(
                "expected at least {:.0} s to move after `{}`, found {:.1} s",
                needed.as_secs_f64().ceil(),
                cue.template(),
                time.as_secs_f64()
            );
            let warning = Diagnostic::warning(Code::HurriedMove, message).at(&visit.step.place, "no time to do it");
            self.warn(Some(visit.step), warning.help("give it a longer `then`, or leave the words to the planner"));
        }
    }
}

/// Whether nothing is said at the end of a pose: neither in its last phase, nor after it.
fn ends_unsaid(pose: &Pose) -> bool {
    pose.release.is_empty() && pose.phases.last().is_some_and(|phase| phase.cues.is_empty())
}

/// Whether nothing follows a pose's stillness: no words of a phase after it, and no release.
fn ends_held(pose: &Pose) -> bool {
    let held = pose.phases.last().is_some_and(|phase| matches!(phase.lasts, Lasts::Hold { .. }));
    held && pose.release.is_empty()
}
