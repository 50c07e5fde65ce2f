//! Which poses a request admits, and what stands in the way of the others.

use super::request::{Request, Within, listed, spoken};
use super::rules::Rules;
use super::stock::Item;
use crate::load::language::position::Position;
use crate::load::language::traits::{Joint, Need};

/// What keeps a pose out of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// It was asked to be left out.
    LeftOut,
    /// The body would be placed in a way that was not asked for.
    Position(Position),
    /// It loads what is to be spared.
    Loads(Vec<Joint>),
    /// It cannot be done without something that is not at hand.
    Needs(Need),
    /// It is stronger than the mood.
    TooStrong,
    /// None of its counter-poses may come.
    NoCounter,
    /// Nothing that may come warms up for it.
    NoWarmUp,
}

impl Obstacle {
    /// In words, after the name of the pose.
    pub(super) fn words(&self) -> String {
        match self {
            Obstacle::LeftOut => "left out by wish".into(),
            Obstacle::Position(position) => format!("is done {}", position.in_words()),
            Obstacle::Loads(joints) => format!("loads the {}", listed(joints.iter().map(|joint| spoken(joint.word())))),
            Obstacle::Needs(need) => format!("needs a {}, which was not said to be at hand", need.word()),
            Obstacle::TooStrong => "is too strong for this mood".into(),
            Obstacle::NoCounter => "has no counter-pose among what is left".into(),
            Obstacle::NoWarmUp => "has no warm-up among what is left".into(),
        }
    }
}

/// What stands in the way of each pose; `None` where nothing does.
pub(super) fn obstacles(items: &[Item], request: &Request, rules: &Rules) -> Vec<Option<Obstacle>> {
    let mut found: Vec<_> = items.iter().map(|item| own_obstacle(item, request, rules)).collect();
    loop {
        // What falls away may have been the counter-pose or the warm-up of another.
        let lacking = |index: usize| lacks(&items[index], items, &found, rules);
        let Some((index, obstacle)) =
            (0..items.len()).filter(|index| found[*index].is_none()).find_map(|index| Some((index, lacking(index)?)))
        else {
            return found;
        };
        found[index] = Some(obstacle);
    }
}

fn own_obstacle(item: &Item, request: &Request, rules: &Rules) -> Option<Obstacle> {
    let id = &item.pose.id;
    let is_rest = rules.rests.contains(id);
    let unwanted = !request.only.is_empty() && !request.only.contains(id) && !is_rest;
    if unwanted || request.without.contains(id) {
        return Some(Obstacle::LeftOut);
    }
    if let Some(position) = [item.position, item.ends].into_iter().find(|position| !request.allows(*position)) {
        return Some(Obstacle::Position(position));
    }
    let loads: Vec<Joint> =
        item.pose.traits.loads.iter().copied().filter(|joint| request.avoid.contains(joint)).collect();
    if !loads.is_empty() {
        return Some(Obstacle::Loads(loads));
    }
    if let Some(need) = item.pose.traits.needs.iter().find(|need| !is_at_hand(**need, request, rules)) {
        return Some(Obstacle::Needs(*need));
    }
    (item.effort > rules.mood(request.mood).most_effort).then_some(Obstacle::TooStrong)
}

/// Whether what a pose needs is there: a chair where all is done on one, a wall in a session that is long enough to go to it, and
/// whatever was said to be at hand.
fn is_at_hand(need: Need, request: &Request, rules: &Rules) -> bool {
    let is_seated = request.within == Within::Seated;
    request.with.contains(&need)
        || match need {
            Need::Wall => request.length >= rules.wall_from && !is_seated,
            Need::Chair => is_seated,
            Need::Desk => false,
        }
}

/// What a strong pose lacks of what belongs around it.
fn lacks(item: &Item, items: &[Item], found: &[Option<Obstacle>], rules: &Rules) -> Option<Obstacle> {
    let free = || items.iter().zip(found).filter(|(_, obstacle)| obstacle.is_none()).map(|(item, _)| item);
    let counters = &item.pose.traits.counters;
    let is_rest = rules.rests.contains(&item.pose.id);
    if item.effort >= rules.counter_from
        && !counters.is_empty()
        && !free().any(|other| counters.contains(&other.pose.id))
    {
        return Some(Obstacle::NoCounter);
    }
    let warm = || free().any(|other| other.effort < rules.warm_up_from && other.warms(item));
    (item.effort >= rules.warm_up_from && !is_rest && !warm()).then_some(Obstacle::NoWarmUp)
}
