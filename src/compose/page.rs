//! A composed session as the text of a routine, to be read by the program and by people.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Duration;

use super::own_cues::{ARRIVE, BREATHE_FREELY, LIE_DOWN, quoted};
use super::rules::{Shorter, Slot, When};
use super::stock::Item;
use super::words::Around;
use crate::load::language::house_cues::{ASK_A_PHYSICIAN, WHEN_TO_STOP};
use crate::load::language::pose::{Dose, Instruction, Lasts, Pose};
use crate::load::language::position::Position;
use crate::load::language::quantity::{Between, Quantity, written};

/// What a session ends with.
#[derive(Clone, Debug)]
pub(super) struct Rest<'a> {
    /// The pose to rest in; a quiet in the position at hand where there is none.
    pub(super) pose: Option<&'a Item>,
    /// How long.
    pub(super) time: Between<Duration>,
}

/// A session to be written down.
pub(super) struct Page<'a> {
    pub(super) around: Around<'a>,
    /// The poses with the reason for each, the closing rest left out.
    pub(super) practice: Vec<(&'a Item, String)>,
    /// Breathing alone, before everything.
    pub(super) arriving: Option<Between<Duration>>,
    pub(super) rest: Rest<'a>,
}

/// The words of a pose's way in or out, and the time for each.
type Way = Vec<(String, String)>;

/// A pose as it stands in the page.
struct Entry<'a> {
    item: &'a Item,
    reason: &'a str,
    /// The closing rest's time.
    hold: Option<Between<Duration>>,
    setup: Way,
    release: Way,
    /// Whether the words differ from the pose's own.
    differs: [bool; 2],
}

impl Page<'_> {
    /// The whole text.
    pub(super) fn text(&self) -> String {
        let request = self.around.request;
        let (title, length) = (request.title(), written(request.length));
        let mut page = format!(
            "# Composed for {}: {title}. Change what you like.\n\
             title   = {}\nsummary = {}\nlength  = \"{length}\"\nbreath  = \"4-6\"\n",
            request.seed,
            quoted(&title),
            quoted(&self.summary()),
        );
        page += "\n[[steps]]\nbell = \"low\"\n";
        let starts = self.practice.first().map(|(item, _)| item.position).or(self.around.end());
        // Where time is short, so is the silence after words.
        let then = if self.around.brief { "1s" } else { "2s" };
        page += &say(&self.around.words(Slot::Opening), then);
        if starts == Some(Position::Supine) {
            page += &say(&[LIE_DOWN], "20s");
        }
        let mut safety = vec![ASK_A_PHYSICIAN, WHEN_TO_STOP];
        safety.extend(self.around.words(Slot::Safety));
        page += &say(&safety, then);
        page += &self.arrival(starts);
        for entry in self.entries() {
            page += &entry.text();
        }
        if self.rest.pose.is_some_and(|item| !item.position.lies()) {
            // What leads down to the floor is no rest that may grow: what a length still lacks goes here.
            let _ = write!(
                page,
                "\n# Rest on, as you lie.\n[[steps]]\npause = \"20s..1m\"\ncue   = {}\n",
                quoted(BREATHE_FREELY)
            );
        }
        if self.rest.pose.is_none() {
            let time = times(self.rest.time);
            let _ = write!(
                page,
                "\n# Rest, where you are.\n[[steps]]\npause = {time}\ncue   = {}\n",
                quoted(BREATHE_FREELY)
            );
        }
        page += &say(&self.around.words(Slot::Closing), then);
        page + "\n[[steps]]\nbell = \"low\"\n"
    }

    fn summary(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for (item, _) in &self.practice {
            if !names.contains(&item.pose.name.as_str()) {
                names.push(&item.pose.name);
            }
        }
        format!("{}.", names.join(", "))
    }

    /// Breathing alone, once the body is where it begins.
    fn arrival(&self, starts: Option<Position>) -> String {
        let (Some(time), Some(position)) = (self.arriving, starts) else { return String::new() };
        let there = match position {
            Position::Supine => String::new(),
            other => format!("\n[[steps]]\nsay  = \"move/to-{}\"\nthen = \"12s\"\n", other.word()),
        };
        format!(
            "{there}{}\n# To arrive.\n[[steps]]\nbreathe = \"4-6\"\nfor     = {}\nname    = \"Arriving\"\n",
            say(&[ARRIVE], "2s"),
            times(time)
        )
    }

    /// Every pose as it stands in the page, its words changed where others beside it ask for that.
    fn entries(&self) -> Vec<Entry<'_>> {
        let rest = self.rest.pose.map(|item| (item, "Rest.", Some(self.rest.time)));
        let practice = self.practice.iter().map(|(item, reason)| (*item, reason.as_str(), None));
        let mut come = BTreeSet::new();
        let mut entries: Vec<Entry<'_>> = practice
            .chain(rest)
            .map(|(item, reason, hold)| {
                let when = if come.insert(&item.pose.id) { None } else { Some(When::Again) };
                self.entry(item, reason, hold, when)
            })
            .collect();
        for index in 1..entries.len() {
            let (before, after) = entries.split_at_mut(index);
            if let (Some(before), Some(after)) = (before.last_mut(), after.first_mut()) {
                self.join(before, after);
            }
        }
        entries
    }

    fn entry<'a>(
        &self,
        item: &'a Item,
        reason: &'a str,
        hold: Option<Between<Duration>>,
        when: Option<When>,
    ) -> Entry<'a> {
        let mut entry = Entry {
            item,
            reason,
            hold,
            setup: way(&item.pose.setup),
            release: way(&item.pose.release),
            differs: [false; 2],
        };
        let is_now = |shorter: &&Shorter| {
            let is_time = Some(shorter.when) == when || (shorter.when == When::Brief && self.around.brief);
            shorter.pose == item.pose.id && is_time
        };
        for shorter in self.around.rules.shorter.iter().filter(is_now) {
            let fewer =
                |(cues, time): &(Vec<String>, String)| cues.iter().map(|cue| (cue.clone(), time.clone())).collect();
            if let Some(setup) = shorter.setup.as_ref() {
                (entry.setup, entry.differs[0]) = (fewer(setup), true);
            }
            if let Some(release) = shorter.release.as_ref() {
                (entry.release, entry.differs[1]) = (fewer(release), true);
            }
        }
        entry
    }

    /// Two poses in one position: what one undoes only for the other to do it again is not said, nor what was said right before.
    fn join(&self, before: &mut Entry<'_>, after: &mut Entry<'_>) {
        // Words in place of a cue have an id that stands nowhere: such poses keep all of them.
        let own = |pose: &Pose| pose.setup.iter().chain(&pose.release).any(|each| each.cue.words(None, None).is_some());
        if before.item.ends != after.item.position || own(&before.item.pose) || own(&after.item.pose) {
            return;
        }
        let Some((first, _)) = after.setup.first() else { return };
        let last = before.release.last().map(|(cue, _)| cue);
        let undone = |words: &super::rules::Undone| Some(&words.release) == last && words.setup == *first;
        if self.around.rules.undone.iter().any(undone) {
            before.release.pop();
            after.setup.remove(0);
            (before.differs[1], after.differs[0]) = (true, true);
        } else if Some(first) == last {
            after.setup.remove(0);
            after.differs[0] = true;
        }
    }
}

impl Entry<'_> {
    fn text(&self) -> String {
        let pose = &self.item.pose;
        let mut page = format!("\n# {}\n[[steps]]\npose    = {}\n", self.reason, quoted(&pose.id));
        match (self.hold, pose.hold()) {
            (Some(time), _) => page += &format!("hold    = {}\n", times(time)),
            (None, Some(hold)) => page += &format!("hold    = {}\n", quoted(&hold.to_string())),
            (None, None) => {}
        }
        match pose.dose {
            Dose::For(time) => page += &format!("for     = {}\n", times(time)),
            Dose::Rounds(Between { least: 1, most: 1 }) => {}
            Dose::Rounds(rounds) => page += &format!("rounds  = \"{rounds}\"\n"),
        }
        for (differs, way, [words, time]) in [
            (self.differs[0], &self.setup, ["setup", "settle"]),
            (self.differs[1], &self.release, ["release", "leave"]),
        ] {
            if differs {
                page += &format!("{words:<7} = {}\n", list(way.iter().map(|(cue, _)| cue)));
            }
            if differs && !way.is_empty() {
                page += &format!("{time:<7} = {}\n", list(way.iter().map(|(_, time)| time)));
            }
        }
        let is_held = pose.phases.last().is_some_and(|phase| matches!(phase.lasts, Lasts::Hold { .. }));
        if self.differs[1] && self.release.is_empty() && is_held {
            page += "allow   = \"never-left: the next pose begins as this one ends\"\n";
        }
        page
    }
}

fn way(instructions: &[Instruction]) -> Way {
    instructions.iter().map(|each| (each.cue.template().to_owned(), written(each.time))).collect()
}

/// A `say` step, where there is something to say.
fn say(cues: &[&str], then: &str) -> String {
    if cues.is_empty() {
        return String::new();
    }
    format!("\n[[steps]]\nsay  = {}\nthen = \"{then}\"\n", list(cues))
}

fn list<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    format!("[{}]", texts.into_iter().map(|text| quoted(text.as_ref())).collect::<Vec<_>>().join(", "))
}

fn times(range: Between<Duration>) -> String {
    quoted(&Quantity::Time(range).to_string())
}
