//! The shortest and the longest session that a request leaves room for.

use std::time::Duration;

use super::admission::obstacles;
use super::arrangement::Setting;
use super::chance::Chance;
use super::choice::Choice;
use super::page::Rest;
use super::request::Request;
use super::studio::{Attempt, Studio, Tried};
use super::times::whole_steps;
use crate::error::Result;
use crate::frames::{Frames, SampleRate};
use crate::load::language::position::Position;
use crate::load::language::quantity::Between;

/// No session that is asked for is as short.
const LEAST: Duration = Duration::from_secs(60);
/// From this length on, nothing in the rules depends on it any more.
const AMPLE: Duration = Duration::from_secs(60 * 60);

/// Each step comes nearer by three fifths: so many leave less than a second of a day.
const MOST_STEPS: u32 = 14;

/// Every choice that was tried for the shortest or the longest session.
pub(super) struct Extremes {
    pub(super) tried: Vec<Tried>,
}

impl Extremes {
    /// One that allows a length.
    pub(super) fn within(&self, length: Duration, rate: SampleRate) -> Option<&Tried> {
        let length = rate.frames(length);
        self.tried.iter().find(|tried| (tried.bounds.shortest..=tried.bounds.longest).contains(&length))
    }
}

impl Studio<'_> {
    /// The shortest and the longest session of a kind. A short one says little and has little rest, a long one may have all of it.
    pub(super) fn ends(&self, request: &Request) -> Result<[Frames; 2]> {
        let of_length = |length: Duration| -> Result<Extremes> {
            let request = Request { length, ..request.clone() };
            let found = obstacles(&self.items, &request, &self.rules);
            let admitted: Vec<bool> = found.iter().map(Option::is_none).collect();
            self.extremes(&request, &admitted, &self.flows(&request, &admitted))
        };
        let brief = self.rules.brief_below.saturating_sub(Duration::from_secs(1)).min(request.length.max(LEAST));
        let short = of_length(brief)?.tried.iter().map(|tried| tried.bounds.shortest).min();
        // Rest and breathing have their share of the whole: the longest session is the one that is as long as what it leaves room for.
        let mut long = self.durations.rate.frames(request.length.max(AMPLE));
        for _ in 0..MOST_STEPS {
            let length = long.duration(self.durations.rate);
            let next = of_length(length)?.tried.iter().map(|tried| tried.bounds.longest).max().unwrap_or_default();
            let is_near = long.saturating_sub(next) < self.durations.rate.frames(Duration::from_millis(500));
            long = next.min(long);
            if is_near {
                break;
            }
        }
        Ok([short.unwrap_or_default(), long])
    }

    /// The shortest sessions, of one pose with what it needs around it, and the longest, of as many as there is room for.
    pub(super) fn extremes(&self, request: &Request, admitted: &[bool], flows: &[Vec<Position>]) -> Result<Extremes> {
        let mut tried = Vec::new();
        for flow in flows {
            let pose = self.rests(admitted).first().copied();
            let rest = Rest { pose, time: self.rest_time(request, pose) };
            let closing = pose.map(|item| item.position);
            let setting =
                Setting { items: &self.items, admitted, rules: &self.rules, positions: flow, passes: 1, closing };
            let brief = request.length < self.rules.brief_below;
            let mut attempt = Attempt { request, setting, rest, brief, arriving: false };
            let choice =
                |setting| Choice::new(setting, request, pose, self.most_changes(request.length), &mut Chance::of(""));
            for single in choice(setting).singles() {
                let Some(placed) = setting.arrange(&single) else { continue };
                tried.push(self.try_out(&attempt, &placed)?);
                if !brief {
                    let arriving = Attempt { arriving: true, rest: attempt.rest.clone(), ..attempt };
                    tried.push(self.try_out(&arriving, &placed)?);
                }
            }
            attempt.setting.passes = self.rules.most_passes;
            let mut all = choice(attempt.setting);
            while all.add(Duration::MAX, Duration::MAX) {}
            attempt.arriving = !brief;
            let Some(placed) = attempt.setting.arrange(&all.picks).filter(|placed| !placed.is_empty()) else {
                continue;
            };
            let first = self.try_out(&attempt, &placed)?;
            // The rest has its share of what it makes longer itself.
            let most = attempt.rest.time.most;
            let practice = first.bounds.longest.duration(self.durations.rate).saturating_sub(most);
            let share = practice * self.rules.most_rest / (100 - self.rules.most_rest);
            let most = whole_steps(share.min(self.rules.longest_rest)).min(most).max(attempt.rest.time.least);
            attempt.rest.time = Between { most, ..attempt.rest.time };
            tried.push(self.try_out(&attempt, &placed)?);
        }
        Ok(Extremes { tried })
    }
}
