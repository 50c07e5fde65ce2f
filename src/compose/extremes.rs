//! The shortest and the longest session that a request leaves room for.

use std::time::Duration;

use super::admission::obstacles;
use super::arrangement::Setting;
use super::chance::Chance;
use super::choice::Choice;
use super::page::Rest;
use super::request::Request;
use super::studio::{Attempt, Studio, Tried};
use crate::error::Result;
use crate::frames::Frames;
use crate::load::language::position::Position;

/// No session that is asked for is as short.
const LEAST: Duration = Duration::from_secs(60);
/// From this length on, nothing in the rules depends on it any more.
const AMPLE: Duration = Duration::from_secs(60 * 60);

/// Each step comes nearer by three fifths: so many leave less than a second of a day.
const MOST_STEPS: u32 = 14;

impl Studio<'_> {
    /// The shortest and the longest session of a kind. A short one says little and has little rest, a long one may have all of it.
    pub(super) fn ends(&self, request: &Request) -> Result<[Frames; 2]> {
        let brief = self.rules.brief_below.saturating_sub(Duration::from_secs(1)).min(request.length.max(LEAST));
        let shortest = self.at(request, brief, |studio, request, admitted, flow| {
            let attempt = studio.plain(request, admitted, flow, 1);
            let singles = studio.choice(&attempt).singles();
            let placed = singles.iter().filter_map(|single| attempt.setting.arrange(single));
            let tried = placed.map(|placed| Ok(studio.try_out(&attempt, &placed)?.bounds.shortest));
            Ok(tried.collect::<Result<Vec<_>>>()?.into_iter().min())
        })?;
        // Rest and breathing have their share of the whole: the longest session is the one that is as long as what it leaves room for.
        let mut longest = self.durations.rate.frames(request.length.max(AMPLE));
        for _ in 0..MOST_STEPS {
            let length = longest.duration(self.durations.rate);
            let all = self.at(request, length, Studio::fullest)?;
            let next = all.into_iter().max().unwrap_or_default().min(longest);
            let is_near = longest.saturating_sub(next) < self.durations.rate.frames(Duration::from_millis(500));
            longest = next;
            if is_near {
                break;
            }
        }
        Ok([shortest.into_iter().min().unwrap_or_default(), longest])
    }

    /// What `find` finds in each order of positions for a request of another length.
    fn at(
        &self,
        request: &Request,
        length: Duration,
        find: impl Fn(&Self, &Request, &[bool], &[Position]) -> Result<Option<Frames>>,
    ) -> Result<Vec<Frames>> {
        let request = Request { length, ..request.clone() };
        let found = obstacles(&self.items, &request, &self.rules);
        let admitted: Vec<bool> = found.iter().map(Option::is_none).collect();
        let flows = self.flows(&request, &admitted);
        let all = flows.iter().map(|flow| find(self, &request, &admitted, flow));
        Ok(all.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    /// The length of a session with every pose, as often as it may come without too many changes of position.
    fn fullest(&self, request: &Request, admitted: &[bool], flow: &[Position]) -> Result<Option<Frames>> {
        for passes in (1..=self.rules.most_passes).rev() {
            let mut attempt = self.plain(request, admitted, flow, passes);
            let mut all = self.choice(&attempt);
            while all.add(Duration::MAX, Duration::MAX) {}
            attempt.arriving = !attempt.brief;
            let Some(placed) = attempt.setting.arrange(&all.picks).filter(|placed| !placed.is_empty()) else {
                continue;
            };
            let tried = self.try_out(&attempt, &placed)?;
            let length = tried.bounds.longest.duration(self.durations.rate);
            if self.keeps_still(&Request { length, ..request.clone() }, &tried) {
                return Ok(Some(tried.bounds.longest));
            }
        }
        Ok(None)
    }

    /// A session that is reached pose by pose, from every pose that could be the first one chosen: where choosing by what is wanted
    /// did not come to the length.
    pub(super) fn step_by_step(
        &self,
        request: &Request,
        admitted: &[bool],
        flows: &[Vec<Position>],
    ) -> Result<Option<Tried>> {
        let length = self.durations.rate.frames(request.length);
        for flow in flows {
            for passes in 1..=self.rules.most_passes {
                let mut attempt = self.plain(request, admitted, flow, passes);
                for single in self.choice(&attempt).singles() {
                    let mut choice = self.choice(&attempt);
                    choice.take(single);
                    let mut is_short = true;
                    while is_short {
                        let Some(placed) = attempt.setting.arrange(&choice.picks) else { break };
                        is_short = false;
                        for (brief, arriving) in [(true, false), (false, false), (false, true), (true, true)] {
                            (attempt.brief, attempt.arriving) = (brief, arriving);
                            let tried = self.try_out(&attempt, &placed)?;
                            let fits = (tried.bounds.shortest..=tried.bounds.longest).contains(&length);
                            if fits && self.keeps_still(request, &tried) {
                                return Ok(Some(tried));
                            }
                            is_short |= tried.bounds.longest < length;
                        }
                        is_short &= choice.add(Duration::MAX, Duration::MAX);
                    }
                }
            }
        }
        Ok(None)
    }

    /// An attempt with the usual rest, and no breathing alone.
    fn plain<'b>(
        &'b self,
        request: &'b Request,
        admitted: &'b [bool],
        flow: &'b [Position],
        passes: u32,
    ) -> Attempt<'b> {
        let pose = self.rests(admitted).first().copied();
        let rest = Rest { pose, time: self.rest_time(request, pose) };
        let closing = pose.map(|item| item.position);
        let setting = Setting { items: &self.items, admitted, rules: &self.rules, positions: flow, passes, closing };
        Attempt { request, setting, rest, brief: request.length < self.rules.brief_below, arriving: false }
    }

    /// A choice in which nothing is left to chance.
    fn choice<'b>(&self, attempt: &Attempt<'b>) -> Choice<'b> {
        let most = self.most_changes(attempt.request.length);
        Choice::new(attempt.setting, attempt.request, attempt.rest.pose, most, &mut Chance::of(""))
    }
}
