//! What is said to come into a pose or out of it, joined with the time after each.

use std::time::Duration;

use super::cue::CueRef;
use super::pose::Instruction;
use super::spanned::Spanned;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// Cues and the time after each, not yet joined.
pub(super) struct Instructions<'a> {
    pub(super) cues: Option<&'a Vec<CueRef>>,
    pub(super) times: Option<&'a Spanned<Vec<Duration>>>,
    /// Whether a step brings the cues, and the times are still the pose file's.
    pub(super) new: bool,
}

impl Instructions<'_> {
    /// Joins them; `key` is what the times are called.
    pub(super) fn join(&self, key: &str, default: Duration, mistakes: &mut Diagnostics) -> Vec<Instruction> {
        let cues = self.cues.map_or(&[][..], Vec::as_slice);
        let single = [default];
        let times = self.times.map_or(&single[..], |times| times.value.as_slice());
        if times.len() != 1 && times.len() != cues.len() && !(self.new && cues.is_empty()) {
            mistakes.push(self.wrong_count(key, cues));
            return Vec::new();
        }
        let time = |index: usize| if times.len() == 1 { times[0] } else { times[index] };
        cues.iter().enumerate().map(|(index, cue)| Instruction { cue: cue.clone(), time: time(index) }).collect()
    }

    fn wrong_count(&self, key: &str, cues: &[CueRef]) -> Diagnostic {
        let found = self.times.map_or(0, |times| times.value.len());
        let expected = format!("`{key}`: expected one time or {}, one for each cue, found", cues.len());
        match (self.times, cues.first()) {
            (_, Some(first)) if self.new => {
                Diagnostic::error(Code::TimeCount, format!("{expected} the pose's {found}"))
                    .at(&first.place, "from here on")
                    .help(format!("write, for example, `{key} = \"5s\"` beside these words"))
            }
            (Some(times), _) => {
                Diagnostic::error(Code::TimeCount, format!("{expected} {found}")).at(&times.place, "here")
            }
            _ => Diagnostic::error(Code::TimeCount, format!("{expected} {found}")),
        }
    }
}
