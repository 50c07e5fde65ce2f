//! The order of what was chosen: by position, warm before strong, each strong pose balanced right after.

use std::cmp::Reverse;

use super::rules::Rules;
use super::stock::Item;
use crate::load::language::position::Position;

/// A pose that was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pick {
    /// Its index among the items.
    pub(super) item: usize,
    /// In which of the walks through the positions it comes.
    pub(super) pass: u32,
    /// How much speaks for it.
    pub(super) score: i64,
}

/// A pose in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    /// Its index among the items.
    pub(super) item: usize,
    /// The pose that it balances, by its index among the items.
    pub(super) counters: Option<usize>,
}

/// What poses are ordered by.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) items: &'a [Item],
    /// Whether each may come.
    pub(super) admitted: &'a [bool],
    pub(super) rules: &'a Rules,
    /// The positions of one pass, in order.
    pub(super) positions: &'a [Position],
    pub(super) passes: u32,
    /// The position of the closing rest, where it is a pose.
    pub(super) closing: Option<Position>,
}

impl Setting<'_> {
    /// The picks in their order; `None` where a strong one would come before anything has warmed up for it, or one right after itself.
    pub(super) fn arrange(&self, picks: &[Pick]) -> Option<Vec<Placed>> {
        let passes = (0..self.passes).flat_map(|pass| self.balanced(self.row(picks, pass), self.after(pass)));
        let all: Vec<Placed> = passes.collect();
        let repeats = all.windows(2).any(|two| two[0].item == two[1].item);
        (!repeats && self.is_warm(&all)).then_some(all)
    }

    /// The position that follows a pass: that of the next one, or of the closing rest.
    fn after(&self, pass: u32) -> Option<Position> {
        if pass + 1 < self.passes { self.positions.first().copied() } else { self.closing }
    }

    /// How often the body changes its position, coming into the first one and from the last into `closing` among them.
    pub(super) fn changes(&self, placed: &[Placed], closing: Option<&Item>) -> u32 {
        let items = placed.iter().map(|each| &self.items[each.item]).chain(closing);
        let (mut body, mut changes) = (None, 0);
        for item in items {
            changes += u32::from(body != Some(item.position)) + u32::from(item.ends != item.position);
            body = Some(item.ends);
        }
        changes
    }

    /// The poses of one pass, by position; in each, what warms up first, then what is strong, then what is soft.
    fn row(&self, picks: &[Pick], pass: u32) -> Vec<usize> {
        let mut row = Vec::new();
        for (index, position) in self.positions.iter().enumerate() {
            let comes = |other: &Position| other == position;
            let comes_twice = self.positions.iter().filter(|other| comes(other)).count() > 1;
            let is_first = self.positions.iter().position(comes) == Some(index);
            let is_last = self.positions.iter().rposition(comes) == Some(index);
            let belongs = |pick: &&Pick| {
                let item = &self.items[pick.item];
                let in_turn = !comes_twice || if self.prepares(item) { is_first } else { is_last };
                pick.pass == pass && item.position == *position && in_turn
            };
            let mut here: Vec<&Pick> = picks.iter().filter(belongs).collect();
            here.sort_by_key(|pick| {
                let item = &self.items[pick.item];
                let stage = if self.prepares(item) { 0 } else { u8::from(!self.is_strong(item)) + 1 };
                (item.ends != item.position, stage, item.effort, Reverse(pick.score), pick.item)
            });
            row.extend(here.into_iter().map(|pick| pick.item));
        }
        row
    }

    pub(super) fn is_strong(&self, item: &Item) -> bool {
        item.effort >= self.rules.warm_up_from
    }

    /// Whether it is gentle and warms something up.
    fn prepares(&self, item: &Item) -> bool {
        !self.is_strong(item) && !item.pose.traits.warms.is_empty()
    }

    /// The poses that balance an item, where it needs that.
    fn counters(&self, item: usize) -> Vec<usize> {
        let pose = &self.items[item];
        if pose.effort < self.rules.counter_from {
            return Vec::new();
        }
        let by_id = |id: &String| self.items.iter().position(|other| other.pose.id == *id);
        pose.pose.traits.counters.iter().filter_map(by_id).filter(|index| self.admitted[*index]).collect()
    }

    /// The same row, in which something balances each strong pose right after it, or after a row of strong poses in one position that share it.
    fn balanced(&self, mut row: Vec<usize>, after: Option<Position>) -> Vec<Placed> {
        let mut placed = Vec::new();
        let mut pending: Option<(usize, Vec<usize>)> = None;
        let mut index = 0;
        while index < row.len() {
            let item = row[index];
            let own = self.counters(item);
            if let Some((of, counters)) = pending.take() {
                let shared: Vec<usize> = counters.iter().copied().filter(|counter| own.contains(counter)).collect();
                if counters.contains(&item) {
                    placed.push(Placed { item, counters: Some(of) });
                    pending = (!own.is_empty()).then_some((item, own));
                    index += 1;
                    continue;
                }
                if !shared.is_empty() && self.items[of].ends == self.items[item].position {
                    placed.push(Placed { item, counters: None });
                    pending = Some((item, shared));
                    index += 1;
                    continue;
                }
                let counter = self.best_counter(&counters, of, Some(self.items[item].position), &row[index..]);
                placed.push(Placed { item: counter, counters: Some(of) });
                if let Some(later) = row[index..].iter().position(|other| *other == counter) {
                    row.remove(index + later);
                    continue;
                }
            }
            placed.push(Placed { item, counters: None });
            pending = (!own.is_empty()).then_some((item, own));
            index += 1;
        }
        if let Some((of, counters)) = pending {
            placed.push(Placed { item: self.best_counter(&counters, of, after, &[]), counters: Some(of) });
        }
        placed
    }

    /// The counter-pose that costs the fewest changes of position; of several, one that comes anyway, else the first that the pose names.
    fn best_counter(&self, counters: &[usize], of: usize, next: Option<Position>, later: &[usize]) -> usize {
        let cost = |counter: &usize| {
            let item = &self.items[*counter];
            let changes =
                u32::from(item.position != self.items[of].ends) + u32::from(next.is_some_and(|next| next != item.ends));
            (changes, !later.contains(counter))
        };
        counters.iter().copied().min_by_key(cost).unwrap_or(of)
    }

    /// Whether something has warmed up for each strong pose.
    fn is_warm(&self, placed: &[Placed]) -> bool {
        let items: Vec<&Item> = placed.iter().map(|each| &self.items[each.item]).collect();
        items.iter().enumerate().all(|(index, item)| {
            let warm = |earlier: &&Item| !self.is_strong(earlier) && earlier.warms(item);
            !self.is_strong(item) || items[..index].iter().any(warm)
        })
    }
}
