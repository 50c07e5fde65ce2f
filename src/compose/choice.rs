//! Which poses come: the ones that most speaks for, until the time is filled.

use std::time::Duration;

use super::arrangement::{Pick, Placed, Setting};
use super::chance::Chance;
use super::request::{Mood, Request};
use super::stock::Item;

/// About how long a change of position takes, words and time together: the middle of what the planner gives.
const A_CHANGE: Duration = Duration::from_secs(16);

/// What may be chosen, and how much speaks for each.
pub(super) struct Choice<'a> {
    pub(super) setting: Setting<'a>,
    /// The closing rest, where it is a pose.
    pub(super) closing: Option<&'a Item>,
    /// The most changes of position.
    pub(super) most_changes: u32,
    /// The most that one pose may take of the time: many poses are better company than one.
    pub(super) most_each: Duration,
    /// Whether it begins with something strong.
    wants_strength: bool,
    open: Vec<Pick>,
    pub(super) picks: Vec<Pick>,
}

impl<'a> Choice<'a> {
    /// Nothing chosen yet.
    pub(super) fn new(
        setting: Setting<'a>,
        request: &Request,
        closing: Option<&'a Item>,
        most_changes: u32,
        chance: &mut Chance,
    ) -> Choice<'a> {
        let mut open = Vec::new();
        for pass in 0..setting.passes {
            for (index, item) in setting.items.iter().enumerate() {
                // A number is drawn for every pose, whether it may come or not: what is left out changes nothing else.
                let chance = chance.up_to(setting.rules.weights.novelty);
                let comes = setting.positions.contains(&item.position) && setting.admitted[index];
                if comes && !setting.rules.rests.contains(&item.pose.id) {
                    let score = i64::from(chance) + worth(item, request, &setting);
                    open.push(Pick { item: index, pass, score });
                }
            }
        }
        let wants_strength = request.mood == Mood::Strength;
        Choice { setting, closing, most_changes, most_each: Duration::MAX, wants_strength, open, picks: Vec::new() }
    }

    /// About how long the practice is, changes of position among it: with every range at its gentle end, in its middle, at its
    /// deep end.
    pub(super) fn times(&self, placed: &[Placed]) -> [Duration; 3] {
        let changes = A_CHANGE * self.setting.changes(placed, self.closing);
        let mut sums = [changes; 3];
        for item in placed.iter().map(|each| &self.setting.items[each.item]) {
            sums[0] += item.shortest;
            sums[1] += item.middle();
            sums[2] += item.longest;
        }
        sums
    }

    /// One of the poses that belong into every session, where one of them has room.
    pub(super) fn begin(&mut self, room: Duration) {
        let main = |pick: &Pick| self.setting.rules.main.contains(&self.setting.items[pick.item].pose.id);
        let strong = |pick: &Pick| self.wants_strength && self.setting.is_strong(&self.setting.items[pick.item]);
        let mut all: Vec<Pick> = self.open.iter().copied().filter(main).collect();
        all.sort_by_key(|pick| (!strong(pick), std::cmp::Reverse(pick.score), pick.pass, pick.item));
        if let Some(picks) = all.into_iter().find_map(|pick| self.with(pick, room, Duration::MAX)) {
            self.take(picks);
        }
    }

    /// Adds what most speaks for, until the practice comes near `wanted` in its middle; at its gentle end it never passes `room`.
    pub(super) fn fill(&mut self, wanted: Duration, room: Duration) {
        while self.reached() < wanted && self.add(room, wanted + wanted / 10) {}
    }

    fn reached(&self) -> Duration {
        self.setting.arrange(&self.picks).map_or(Duration::ZERO, |placed| self.times(&placed)[1])
    }

    /// Adds one pose, with what it needs before it; whether one had room.
    pub(super) fn add(&mut self, room: Duration, most: Duration) -> bool {
        let again = i64::from(self.setting.rules.weights.again);
        loop {
            let comes = |item: usize| self.picks.iter().filter(|pick| pick.item == item).count() as i64;
            let worth = |pick: &Pick| pick.score - again * comes(pick.item);
            let best = (0..self.open.len()).max_by_key(|index| {
                let pick = &self.open[*index];
                (worth(pick), std::cmp::Reverse((pick.pass, pick.item)))
            });
            let Some(best) = best else { return false };
            let pick = self.open.remove(best);
            if let Some(picks) = self.with(pick, room, most) {
                self.take(picks);
                return true;
            }
        }
    }

    /// Chooses these, and no others.
    pub(super) fn take(&mut self, picks: Vec<Pick>) {
        self.open.retain(|open| !picks.iter().any(|pick| (pick.item, pick.pass) == (open.item, open.pass)));
        self.picks = picks;
    }

    /// What is chosen and one pose more, and the warm-up that it needs; `None` where that has no room.
    fn with(&self, pick: Pick, room: Duration, most: Duration) -> Option<Vec<Pick>> {
        if self.setting.items[pick.item].middle() > self.most_each {
            return None;
        }
        let mut picks = self.picks.clone();
        picks.push(pick);
        if self.setting.arrange(&picks).is_some() {
            return self.fits(&picks, room, most).then_some(picks);
        }
        let mut others: Vec<&Pick> =
            self.open.iter().filter(|open| (open.item, open.pass) != (pick.item, pick.pass)).collect();
        others.sort_by_key(|other| (std::cmp::Reverse(other.score), other.pass, other.item));
        others.into_iter().find_map(|other| {
            let mut picks = picks.clone();
            picks.push(*other);
            self.fits(&picks, room, most).then_some(picks)
        })
    }

    fn fits(&self, picks: &[Pick], room: Duration, most: Duration) -> bool {
        self.setting.arrange(picks).is_some_and(|placed| {
            let [shortest, middle, _] = self.times(&placed);
            shortest <= room && middle <= most && self.setting.changes(&placed, self.closing) <= self.most_changes
        })
    }

    /// Each pose by itself, with the warm-up that it needs.
    pub(super) fn singles(&self) -> Vec<Vec<Pick>> {
        self.open.iter().filter_map(|pick| self.with(*pick, Duration::MAX, Duration::MAX)).collect()
    }

    /// Takes out what least speaks for, where the rest stays in order without it; whether something was left to take.
    pub(super) fn drop_one(&mut self) -> bool {
        let main = |pick: &Pick| self.setting.rules.main.contains(&self.setting.items[pick.item].pose.id);
        let mut order: Vec<usize> = (0..self.picks.len()).collect();
        order.sort_by_key(|index| (main(&self.picks[*index]), self.picks[*index].score, *index));
        for index in order {
            let mut picks = self.picks.clone();
            picks.remove(index);
            if !picks.is_empty() && self.setting.arrange(&picks).is_some() {
                self.picks = picks;
                return true;
            }
        }
        false
    }
}

/// How much speaks for a pose, apart from chance.
fn worth(item: &Item, request: &Request, setting: &Setting<'_>) -> i64 {
    let weights = &setting.rules.weights;
    let likes = &setting.rules.mood(request.mood).likes;
    let focus = &item.pose.traits.focus;
    let mut worth = 0;
    if focus.first().is_some_and(|first| request.focus.contains(first)) {
        worth += weights.focus;
    } else if focus.iter().any(|area| request.focus.contains(area)) {
        worth += weights.focus / 2;
    }
    if focus.iter().any(|area| likes.contains(area)) {
        worth += weights.mood;
    }
    if request.mood == Mood::Strength {
        worth += weights.strong * item.effort;
    }
    if request.more.contains(&item.pose.id) {
        worth += weights.more;
    }
    i64::from(worth)
}
