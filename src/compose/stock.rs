//! The poses that sessions are composed of, with the times they take.

use std::time::Duration;

use super::own_cues::{OWN_CUES, quoted};
use super::rules::Rules;
use crate::diagnostic::Source;
use crate::error::Result;
use crate::load::language::pose::Pose;
use crate::load::language::position::Position;
use crate::load::{ClipDurations, Library, Routine};
use crate::plan::{self, Wishes};

/// A pose that says what it is for, and how long it takes from its name to its release.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) pose: Pose,
    pub(super) position: Position,
    pub(super) ends: Position,
    pub(super) effort: u32,
    pub(super) shortest: Duration,
    pub(super) longest: Duration,
}

impl Item {
    pub(super) fn middle(&self) -> Duration {
        (self.shortest + self.longest) / 2
    }

    /// Whether it warms up something that another works on.
    pub(super) fn warms(&self, other: &Item) -> bool {
        self.pose.traits.warms.iter().any(|area| other.pose.traits.focus.contains(area))
    }
}

/// The poses that may be chosen: all that say what they are for, how hard they are, and how the body is placed.
fn described(library: &Library) -> Vec<(Pose, Position, u32)> {
    let whole = library.whole_poses().filter(|pose| !pose.traits.focus.is_empty());
    whole
        .filter_map(|pose| {
            let (position, effort) = (pose.position?, pose.traits.effort?);
            Some((pose, position, effort))
        })
        .collect()
}

/// A routine with every pose and every word that a composed session may have: what a voice needs for them, and how long it takes to say.
///
/// # Errors
/// Mistakes in the poses or the rules.
pub fn everything(library: &Library, rules: &Rules) -> Result<Routine> {
    let mut text = String::from("title = \"Composed\"\n");
    let around = rules.words.iter().flat_map(|words| &words.say).map(String::as_str);
    for cue in around.chain(OWN_CUES) {
        text += &format!("[[steps]]\nsay = {}\n", quoted(cue));
    }
    for (pose, ..) in described(library) {
        text += &format!("[[steps]]\npose = \"{}\"\n", pose.id);
    }
    library.read("composed", &std::sync::Arc::new(Source::in_memory("composed", text)))
}

/// Measures each pose by itself, in a position that is reached.
pub(super) fn items(library: &Library, durations: &ClipDurations, wishes: &Wishes) -> Result<Vec<Item>> {
    let bounds = |text: String| -> Result<_> {
        let routine = library.read("composed", &std::sync::Arc::new(Source::in_memory("composed", text)))?;
        let bounds = plan::ranges(&routine, durations, wishes);
        Ok([bounds.shortest, bounds.longest].map(|end| end.duration(durations.rate)))
    };
    let mut items = Vec::new();
    for (pose, position, effort) in described(library) {
        let there = format!("title = \"One\"\n[[steps]]\nsay = \"move/to-{}\"\n", position.word());
        let [before, _] = bounds(there.clone())?;
        let [shortest, longest] = bounds(format!("{there}[[steps]]\npose = \"{}\"\n", pose.id))?;
        let ends = pose.ends.unwrap_or(position);
        let (shortest, longest) = (shortest.saturating_sub(before), longest.saturating_sub(before));
        items.push(Item { pose, position, ends, effort, shortest, longest });
    }
    Ok(items)
}
