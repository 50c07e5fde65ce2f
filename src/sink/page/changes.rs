//! What a length or a wish made of a routine, in words: what is left out and why, and what is more than its author wrote.

use crate::frames::clock;
use crate::plan::Timeline;
use crate::plan::timeline::{LeftOut, Why};

/// A line for each sort of change; none where everything is as it was written.
pub fn lines(timeline: &Timeline) -> Vec<String> {
    let changes = &timeline.changes;
    let length = clock(timeline.frames.duration(timeline.rate));
    let of = |why: Why| changes.left_out.iter().filter(|step| step.why == why).collect::<Vec<_>>();
    let mut lines = Vec::new();
    let mut add = |what: &str, names: Vec<String>| {
        if !names.is_empty() {
            lines.push(format!("{what}: {}", names.join(", ")));
        }
    };
    add(&format!("Left out for {length}"), named(&of(Why::Length), true));
    add("Left out as wished", named(&of(Why::Wish), false));
    // Words that belong to a pose go without saying.
    let poses: Vec<_> = of(Why::With).into_iter().filter(|step| step.pose.is_some()).collect();
    add("Left out with them", named(&poses, false));
    if let Some(again) = &changes.again {
        lines.push(format!("Done {} times for {length}: {}", again.times, again.poses.join(", ")));
    }
    if let Some(rest) = changes.rest {
        lines.push(format!("Longer for {length}: the closing rest, {}", clock(rest)));
    }
    lines
}

/// The names of steps, the least worth first; one that comes more than once is told once.
fn named(steps: &[&LeftOut], worth: bool) -> Vec<String> {
    let mut told: Vec<(&LeftOut, usize)> = Vec::new();
    for step in steps {
        match told.iter_mut().find(|(known, _)| (&known.name, known.keep) == (&step.name, step.keep)) {
            Some((_, times)) => *times += 1,
            None => told.push((step, 1)),
        }
    }
    if worth {
        told.sort_by_key(|(step, _)| step.keep);
    }
    let name = |(step, times): &(&LeftOut, usize)| {
        let words = if step.name.contains('/') && step.pose.is_none() { "the words " } else { "" };
        let times = if *times > 1 { format!(", {times} times") } else { String::new() };
        let worth = if worth { format!(" (worth {})", step.keep) } else { String::new() };
        format!("{words}{}{times}{worth}", step.name)
    };
    told.iter().map(name).collect()
}
