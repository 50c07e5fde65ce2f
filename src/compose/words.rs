//! What is said around the practice.

use super::request::Request;
use super::rules::{Rules, Slot, Words};
use super::stock::Item;
use crate::load::language::position::Position;

/// What the words depend on.
pub(super) struct Around<'a> {
    pub(super) request: &'a Request,
    pub(super) rules: &'a Rules,
    /// Every pose in order, the closing rest among them where it is one.
    pub(super) poses: Vec<&'a Item>,
    /// Whether little is said.
    pub(super) brief: bool,
}

impl Around<'_> {
    /// The cues of a slot, in order.
    pub(super) fn words(&self, slot: Slot) -> Vec<&str> {
        let said = self.rules.words.iter().filter(|words| words.slot == slot && self.holds(words));
        said.flat_map(|words| words.say.iter().map(String::as_str)).collect()
    }

    /// How the body is placed at the end.
    pub(super) fn end(&self) -> Option<Position> {
        self.poses.last().map(|item| item.ends)
    }

    /// Whether everything holds that words ask for.
    fn holds(&self, words: &Words) -> bool {
        let any = |asked: bool, is: &dyn Fn(&Item) -> bool| !asked || self.poses.iter().any(|item| is(item));
        words.brief.is_none_or(|brief| brief == self.brief)
            && words.within.is_none_or(|within| within == self.request.within)
            && words.ends.is_none_or(|ends| self.end() == Some(ends))
            && any(words.needs.is_some(), &|item| {
                words.needs.is_some_and(|need| item.pose.traits.needs.contains(&need))
            })
            && any(words.position.is_some(), &|item| Some(item.position) == words.position)
            && any(!words.poses.is_empty(), &|item| words.poses.contains(&item.pose.id))
    }
}
