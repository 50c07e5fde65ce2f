//! What is said where a wish cannot be met: what stands in the way, and which lengths could be.

use std::time::Duration;

use super::request::Request;
use crate::diagnostic::{Code, Diagnostic};
use crate::frames::{Frames, SampleRate, clock};
use crate::load::language::quantity::written;

/// No more poses are named in a line: it is to be read.
const MOST_NAMED: usize = 6;

/// No pose is left.
pub(super) fn nothing(request: &Request, left_out: &[(String, String)]) -> Diagnostic {
    let message = format!("expected poses for a session of {}, found none", request.title());
    in_the_way(Diagnostic::error(Code::NothingFits, message), left_out)
}

/// The poses that are left do not come to a length.
pub(super) fn length(
    request: &Request,
    ends: [Frames; 2],
    left_out: &[(String, String)],
    rate: SampleRate,
) -> Diagnostic {
    // In whole seconds that can be asked for.
    let [least, most] = ends.map(|end| end.duration(rate));
    let least = Duration::from_secs(least.as_secs() + u64::from(least.subsec_nanos() > 0));
    let [least, most] = [least, Duration::from_secs(most.as_secs())].map(clock);
    let found = written(request.length);
    let message = format!("expected a length of {least} to {most} for what was asked, found {found}");
    in_the_way(Diagnostic::error(Code::LengthOutOfRange, message), left_out)
}

/// What stands in the way of the poses that may not come, each reason once.
fn in_the_way(mistake: Diagnostic, left_out: &[(String, String)]) -> Diagnostic {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name, reason) in left_out {
        match reasons.iter_mut().find(|(known, _)| known == reason) {
            Some((_, names)) => names.push(name),
            None => reasons.push((reason, vec![name])),
        }
    }
    let line = |(reason, names): (&str, Vec<&str>)| {
        let more = names.len().saturating_sub(MOST_NAMED);
        let named = names[..names.len() - more].join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{reason}: {named}{more}")
    };
    reasons.into_iter().map(line).fold(mistake, Diagnostic::help)
}
