//! Composes sessions: chooses, orders, measures, and chooses again until the length lies within what the poses allow.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use super::admission::{Obstacle, obstacles};
use super::arrangement::{Placed, Setting};
use super::chance::Chance;
use super::choice::Choice;
use super::page::{Page, Rest};
use super::reasons::reasons;
use super::refusal;
use super::request::{Mood, Request};
use super::rules::Rules;
use super::stock::{self, Item};
use super::times::{WINDOW, share, whole_steps};
use super::words::Around;
use crate::diagnostic::Source;
use crate::error::Result;
use crate::load::language::position::Position;
use crate::load::language::quantity::{Between, Quantity};
use crate::load::language::traits::Area;
use crate::load::{ClipDurations, Library, Routine};
use crate::plan::{self, Bounds, Missing, Wishes};

/// How often another choice is tried before a request is refused. Of ten thousand requests, none needed more than half of them.
const ATTEMPTS: u32 = 16;
/// About as much as the estimate of a pose's time may be off.
const A_LITTLE: Duration = Duration::from_secs(20);
/// How often poses are added and taken out before a choice is given up.
const STEPS: u32 = 24;

/// Where sessions are composed: the poses, the rules, and how long the words of a voice take.
#[derive(Debug)]
pub struct Studio<'a> {
    library: &'a Library,
    pub(super) rules: Rules,
    pub(super) durations: Cow<'a, ClipDurations>,
    pub(super) wishes: Wishes,
    pub(super) items: Vec<Item>,
}

/// A composed session.
#[derive(Clone, Debug, Default)]
pub struct Composition {
    /// The name of its routine.
    pub name: String,
    /// The title of its routine.
    pub title: String,
    /// The text of its routine.
    pub text: String,
    /// Each pose with the reason why it is there, in order.
    pub reasons: Vec<(String, String)>,
    /// Each pose that may not come, with what stands in the way.
    pub left_out: Vec<(String, String)>,
}

/// A choice with its text, measured.
pub(super) struct Tried {
    pub(super) text: String,
    pub(super) bounds: Bounds,
    reasons: Vec<(String, String)>,
    pub(super) routine: Routine,
}

/// What one attempt has to go by.
pub(super) struct Attempt<'a> {
    pub(super) request: &'a Request,
    pub(super) setting: Setting<'a>,
    pub(super) rest: Rest<'a>,
    pub(super) brief: bool,
    pub(super) arriving: bool,
}

impl<'a> Studio<'a> {
    /// A studio for the words of a voice, whose lengths were measured for [`everything`](super::everything).
    ///
    /// # Errors
    /// Mistakes in a pose.
    pub fn new(
        library: &'a Library,
        rules: Rules,
        durations: &'a ClipDurations,
        wishes: &Wishes,
    ) -> Result<Studio<'a>> {
        let wishes = Wishes { level: None, length: None, ..wishes.clone() };
        // What has no recording yet, and will be spoken or recorded before it is heard, takes about as long as its words.
        let estimated = match wishes.missing {
            Missing::Refuse => durations.estimated(&stock::everything(library, &rules)?),
            Missing::Bell => None,
        };
        let durations = estimated.map_or(Cow::Borrowed(durations), Cow::Owned);
        let items = stock::items(library, &durations, &wishes)?;
        Ok(Studio { library, rules, durations, wishes, items })
    }

    /// Composes a session.
    ///
    /// # Errors
    /// What is asked for cannot be met: what stands in the way, and which lengths could be.
    pub fn compose(&self, request: &Request) -> Result<Composition> {
        let found = obstacles(&self.items, request, &self.rules);
        let admitted: Vec<bool> = found.iter().map(Option::is_none).collect();
        let left_out = self.left_out(&found);
        let flows = self.flows(request, &admitted);
        if flows.is_empty() {
            return Err(refusal::nothing(request, &left_out).into());
        }
        let preferred = self.preferred(flows.clone(), request, &admitted);
        for number in 0..ATTEMPTS {
            // What is preferred may leave no room: then anything goes.
            let flows = if number < ATTEMPTS / 2 { &preferred } else { &flows };
            let mut chance = Chance::of(&format!("{} #{number}", request.canonical()));
            let flow = &flows[chance.up_to(flows.len() as u32 - 1) as usize];
            if let Some(tried) = self.attempt(request, &admitted, flow, &mut chance, number)? {
                return Ok(Studio::done(request, tried, left_out));
            }
        }
        let ends = self.ends(request)?;
        let length = self.durations.rate.frames(request.length);
        if (ends[0]..=ends[1]).contains(&length)
            && let Some(tried) = self.step_by_step(request, &admitted, &flows)?
        {
            return Ok(Studio::done(request, tried, left_out));
        }
        Err(refusal::length(request, ends, &left_out, self.durations.rate).into())
    }

    fn done(request: &Request, tried: Tried, left_out: Vec<(String, String)>) -> Composition {
        Composition { name: request.name(), title: request.title(), text: tried.text, reasons: tried.reasons, left_out }
    }

    fn left_out(&self, found: &[Option<Obstacle>]) -> Vec<(String, String)> {
        let told = self.items.iter().zip(found);
        told.filter_map(|(item, obstacle)| Some((item.pose.name.clone(), obstacle.as_ref()?.words()))).collect()
    }

    /// The orders of positions that are open: those of the mood, each without the positions that may not come.
    pub(super) fn flows(&self, request: &Request, admitted: &[bool]) -> Vec<Vec<Position>> {
        let mut flows: Vec<Vec<Position>> = Vec::new();
        let practised = |position: &Position| {
            let mut items =
                self.items.iter().zip(admitted).filter(|(item, admitted)| **admitted && item.position == *position);
            items.any(|(item, _)| !self.rules.rests.contains(&item.pose.id))
        };
        for flow in self.rules.flows.iter().filter(|flow| flow.moods.contains(&request.mood)) {
            let positions = flow.positions.iter().copied().filter(practised);
            let mut flow: Vec<Position> = positions.collect();
            flow.dedup();
            if !flow.is_empty() && !flows.contains(&flow) {
                flows.push(flow);
            }
        }
        flows
    }

    /// Of the orders that are open, those in which most of what was asked for can be done, and enough else.
    fn preferred(&self, mut flows: Vec<Vec<Position>>, request: &Request, admitted: &[bool]) -> Vec<Vec<Position>> {
        let asked = |flow: &Vec<Position>| {
            let works = |item: &Item| item.pose.traits.focus.iter().any(|area| request.focus.contains(area));
            let items =
                self.items.iter().zip(admitted).filter(|(item, admitted)| **admitted && flow.contains(&item.position));
            items.filter(|(item, _)| works(item) || request.more.contains(&item.pose.id)).count()
        };
        let most = flows.iter().map(asked).max().unwrap_or(0);
        flows.retain(|flow| asked(flow) * 2 >= most);
        // Rather other poses than the same ones again, where a session is long.
        let capacity = |flow: &Vec<Position>| -> Duration {
            let items =
                self.items.iter().zip(admitted).filter(|(item, admitted)| **admitted && flow.contains(&item.position));
            items.map(|(item, _)| item.middle()).sum()
        };
        let enough = flows.iter().map(capacity).max().unwrap_or_default().min(request.length * 2 / 3);
        flows.retain(|flow| capacity(flow) >= enough);
        flows
    }

    /// One try; `None` where it does not come to the length.
    fn attempt(
        &self,
        request: &Request,
        admitted: &[bool],
        flow: &[Position],
        chance: &mut Chance,
        number: u32,
    ) -> Result<Option<Tried>> {
        let brief = request.length < self.rules.brief_below;
        let closing = self.closing(request, admitted, flow, chance);
        let drawn = chance.up_to(1) == 0 && request.length >= self.rules.arrive_from;
        let arriving = !brief && (request.focus.contains(&Area::Breath) || flow == [Position::Seated] || drawn);
        let rest = Rest { pose: closing, time: self.rest_time(request, closing) };
        let at_rest = closing.map(|item| item.position);
        let setting =
            Setting { items: &self.items, admitted, rules: &self.rules, positions: flow, passes: 1, closing: at_rest };
        let mut attempt = Attempt { request, setting, rest, brief, arriving };
        let base = self.try_out(&attempt, &[])?.bounds.shortest.duration(self.durations.rate);
        let room = request.length.saturating_sub(base);
        let usual_rest = share(request.length, self.rules.mood(request.mood).rest);
        let wanted = (room + attempt.rest.time.least).saturating_sub(usual_rest);
        attempt.setting.passes = self.passes(&attempt, wanted);
        // An attempt that failed for its changes of position is followed by one that has fewer.
        let most_changes = self.most_changes(request.length).saturating_sub(number / 2).max(1);
        let mut choice = Choice::new(attempt.setting, request, closing, most_changes, chance);
        if number < ATTEMPTS / 2 {
            choice.most_each = wanted * 2 / 3;
        }
        choice.begin(room);
        choice.fill(wanted, room);
        for _ in 0..STEPS {
            let Some(placed) = attempt.setting.arrange(&choice.picks).filter(|placed| !placed.is_empty()) else {
                break;
            };
            let tried = self.try_out(&attempt, &placed)?;
            let length = self.durations.rate.frames(request.length);
            if length < tried.bounds.shortest {
                if attempt.arriving && !request.focus.contains(&Area::Breath) {
                    attempt.arriving = false;
                } else if choice.drop_one() {
                    attempt.arriving = !brief;
                } else {
                    break;
                }
            } else if length > tried.bounds.longest {
                let added = choice.add(room + A_LITTLE, Duration::MAX);
                if !added && (attempt.arriving || brief) {
                    break;
                }
                attempt.arriving |= !added;
            } else {
                return Ok(self.keeps_still(request, &tried).then_some(tried));
            }
        }
        Ok(None)
    }

    /// How often the positions are gone through: as often as it takes to fill the time.
    fn passes(&self, attempt: &Attempt<'_>, wanted: Duration) -> u32 {
        let setting = &attempt.setting;
        let comes = |(item, admitted): &(&Item, &bool)| **admitted && setting.positions.contains(&item.position);
        let once: Duration = self.items.iter().zip(setting.admitted).filter(comes).map(|(item, _)| item.middle()).sum();
        (1..self.rules.most_passes).find(|passes| once * *passes >= wanted).unwrap_or(self.rules.most_passes)
    }

    /// The most changes of position in a session of a length: where all of it lies within the ten minutes, those of ten minutes.
    pub(super) fn most_changes(&self, length: Duration) -> u32 {
        let more = length.saturating_sub(WINDOW).as_secs() * u64::from(self.rules.most_changes) / WINDOW.as_secs();
        self.rules.most_changes + u32::try_from(more).unwrap_or(u32::MAX)
    }

    /// The closing rest: the first that may come; now and then another.
    fn closing(&self, request: &Request, admitted: &[bool], flow: &[Position], chance: &mut Chance) -> Option<&Item> {
        let all = self.rests(admitted);
        let drawn = chance.up_to(2) == 0 && request.mood != Mood::Wake && flow.len() > 1;
        all.get(usize::from(drawn && all.len() > 1)).copied()
    }

    /// The poses that may be the closing rest, the usual one first.
    pub(super) fn rests(&self, admitted: &[bool]) -> Vec<&Item> {
        let by_id = |id: &String| self.items.iter().position(|item| item.pose.id == *id);
        let all = self.rules.rests.iter().filter_map(by_id).filter(|index| admitted[*index]);
        all.map(|index| &self.items[index]).collect()
    }

    /// How long the closing rest may be.
    pub(super) fn rest_time(&self, request: &Request, closing: Option<&Item>) -> Between<Duration> {
        let most = whole_steps(share(request.length, self.rules.most_rest).min(self.rules.longest_rest));
        let usual = share(request.length, self.rules.mood(request.mood).rest);
        // Another rest than the usual one is worth its way only if it lasts.
        let own = match closing.filter(|item| !item.position.lies()).and_then(|item| item.pose.hold()) {
            Some(Quantity::Time(time)) => time.least,
            _ => Duration::ZERO,
        };
        let least = whole_steps(usual / 2).max(self.rules.least_rest).max(own);
        Between { least, most: most.max(least) }
    }

    /// Writes a choice down and measures it.
    pub(super) fn try_out(&self, attempt: &Attempt<'_>, placed: &[Placed]) -> Result<Tried> {
        let request = attempt.request;
        let reasons = reasons(&attempt.setting, request, placed);
        let practice: Vec<(&Item, String)> =
            placed.iter().zip(reasons).map(|(each, reason)| (&self.items[each.item], reason)).collect();
        let poses: Vec<&Item> = practice.iter().map(|(item, _)| *item).chain(attempt.rest.pose).collect();
        let starts = poses.first().map(|item| item.position);
        let can_arrive = matches!(starts, Some(Position::Supine | Position::Seated | Position::Standing));
        let longest = whole_steps((request.length / 10).clamp(Duration::from_secs(60), Duration::from_secs(300)));
        let arriving = Between { least: Duration::from_secs(30), most: longest };
        let told = practice.iter().map(|(item, reason)| (item.pose.name.clone(), reason.clone()));
        let rest = attempt.rest.pose.map_or("Quiet", |item| &item.pose.name);
        let told = told.chain([(rest.to_owned(), "To rest at the end.".to_owned())]).collect();
        let page = Page {
            around: Around { request, rules: &self.rules, poses, brief: attempt.brief },
            practice,
            arriving: (attempt.arriving && can_arrive).then_some(arriving),
            rest: attempt.rest.clone(),
        };
        let text = page.text();
        let name = request.name();
        let routine = self.library.read(&name, &Arc::new(Source::in_memory(name.as_str(), text.as_str())))?;
        let bounds = plan::ranges(&routine, &self.durations, &self.wishes);
        Ok(Tried { text, bounds, reasons: told, routine })
    }
}
