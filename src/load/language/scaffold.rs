//! The beginning of a routine, for an author to go on from: chosen poses, an opening, a closing, and comments that teach.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use super::cue::titled;
use super::house_cues;
use super::pose::{Dose, Pose};
use super::position::Position;
use super::quantity::{Between, Quantity, written};

/// A routine to be written.
pub struct Draft {
    /// Its name: the file's, without `.toml`.
    pub name: String,
    /// The ids of its poses, in order.
    pub poses: Vec<String>,
    /// Those of them that are yet to be written, with their names.
    pub own: Vec<(String, String)>,
    /// What it should last, where that is wanted.
    pub length: Option<Duration>,
}

/// How far the doses of a draft reach, so that a length lies within them.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    /// The gentle ends, as a share of the poses' own.
    pub least: f64,
    /// The deep ends, as a multiple of the poses' own.
    pub most: f64,
    /// The longest closing rest.
    pub rest: Duration,
}

impl Reach {
    /// From the poses' own doses to shorter ones, then to longer ones: the first that allows a length is the best.
    pub const ALL: [Reach; 8] = [
        Reach::new(1.0, 1.0, 2),
        Reach::new(1.0, 1.0, 5),
        Reach::new(0.7, 1.0, 2),
        Reach::new(1.0, 1.5, 5),
        Reach::new(0.4, 1.0, 2),
        Reach::new(1.0, 2.0, 8),
        Reach::new(1.0, 3.0, 10),
        Reach::new(1.0, 4.0, 15),
    ];

    const fn new(least: f64, most: f64, rest_minutes: u64) -> Reach {
        Reach { least, most, rest: Duration::from_secs(60 * rest_minutes) }
    }

    fn time(self, range: Between<Duration>) -> Between<Duration> {
        /// Doses are written in whole steps of five seconds: nobody chooses 37.
        const STEP: f64 = 5.0;
        let steps = |time: Duration, factor: f64| (time.as_secs_f64() * factor / STEP).round().max(1.0) * STEP;
        let times = |time, factor| Duration::from_secs_f64(steps(time, factor));
        Between { least: times(range.least, self.least), most: times(range.most, self.most) }
    }

    fn count(self, range: Between<u32>) -> Between<u32> {
        let count = |number: u32, factor: f64| (f64::from(number) * factor).round().max(1.0) as u32;
        Between { least: count(range.least, self.least), most: count(range.most, self.most) }
    }

    fn quantity(self, quantity: Quantity) -> Quantity {
        match quantity {
            Quantity::Time(range) => Quantity::Time(self.time(range)),
            Quantity::Breaths(range) => Quantity::Breaths(self.count(range)),
        }
    }
}

impl Draft {
    /// The shortest text that uses the poses: reading it tells what they are.
    pub fn outline(&self) -> String {
        let step = |id: &String| format!("[[steps]]\npose = \"{id}\"\n");
        let steps: String = self.poses.iter().map(step).collect();
        format!("title = \"{}\"\n{steps}{}", self.title(), self.own_poses())
    }

    /// The whole text. `poses` are those of the outline.
    pub fn text(&self, poses: &[Arc<Pose>], reach: Reach) -> String {
        let mut page = self.head(poses);
        page += &opening(poses);
        let mut taught = Taught::new();
        page += "\n# ---- The poses, in order. Add, remove, or move whole blocks; `catcow list` shows every pose there is.\n";
        for (index, pose) in poses.iter().enumerate() {
            let rests = index + 1 == poses.len() && pose.is_plain_hold() && pose.position == Some(Position::Supine);
            // A last pose of stillness on the back is the closing rest itself.
            let closing = rests.then_some(reach.rest);
            page += &step(pose, reach, closing, &mut taught);
        }
        page += &closing(poses, reach);
        page += &self.own_poses();
        page += &self.own_words();
        page
    }

    /// The poses that are yet to be written, each complete as it stands.
    fn own_poses(&self) -> String {
        let mut page = String::new();
        for (id, name) in &self.own {
            let name = quoted(name);
            let lines = [
                ("# position = \"standing\"", "then the way there is said for you; `catcow check` knows more words"),
                ("# sides = [\"right\", \"left\"]", "once for each; {side} in a `cue` becomes its name"),
                ("setup   = \"Come into it, in your own time.\"", "said first; several as [\"…\", \"…\"]"),
                ("settle  = \"8s\"", "the time to do it"),
                ("hold    = \"30s..1m\"", "how long it is held; or \"5 breaths\""),
                ("cue     = \"Stay here, and breathe.\"", "said when it begins"),
                ("release = \"Come out of it slowly.\"", "said to come out"),
                ("leave   = \"6s\"", "the time to do it"),
            ];
            let lines: Vec<_> = lines.iter().map(|(line, note)| ((*line).to_owned(), (*note).to_owned())).collect();
            let taught = if page.is_empty() {
                "\n# ---- Poses of your own: write your words in place of these.\n"
            } else {
                "\n"
            };
            page += &format!("{taught}[poses.{id}]\nname    = {name}\n{}", aligned(&lines));
        }
        page
    }

    /// `my-back` is called "My back".
    fn title(&self) -> String {
        titled(&self.name)
    }

    fn head(&self, poses: &[Arc<Pose>]) -> String {
        let (name, title) = (&self.name, self.title());
        let mut names: Vec<&str> = Vec::new();
        poses.iter().filter(|pose| pose.id != "rest").for_each(|pose| {
            if !names.contains(&pose.name.as_str()) {
                names.push(&pose.name);
            }
        });
        let length = match self.length {
            Some(length) => format!("length   = \"{}\"", written(length)),
            None => "# length = \"15m\"".into(),
        };
        let lines = [
            (format!("title    = \"{title}\""), String::new()),
            (format!("summary  = {}", quoted(&format!("{}.", names.join(", ")))), "shown by `catcow list`".into()),
            (length, "what it should last: the ranges below stretch to meet it".into()),
            ("breath   = \"4-6\"".into(), "seconds in and out; \"4-2-6-0\" also holds".into()),
            ("guidance = \"fading\"".into(), "how much is said: full, fading, names or bells".into()),
        ];
        format!(
            "# {title}: a routine for catcow. What stands after a # is a note for you.\n\
             #\n\
             #   catcow check {name}.toml              is everything right?\n\
             #   catcow plan {name}.toml               what is said when?\n\
             #   catcow export {name}.toml -o {name}.wav\n\
             #\n\
             # For help while you write: `catcow schema > routine.schema.json`, and begin this file with the line\n\
             #   #:schema ./routine.schema.json        if your editor is VS Code with \"Even Better TOML\", or uses Taplo.\n\n{}",
            aligned(&lines)
        )
    }

    fn own_words(&self) -> String {
        let name = &self.name;
        format!(
            "\n# Words of your own: take the # away, write what is to be said, and name the cue in a `say` above. Record it as\n\
             # <your voice>/{name}/welcome.wav; until then, `--missing bell` plays a soft bell in its place.\n\
             #\n# [cues]\n# \"{name}/welcome\" = \"Welcome. Find a quiet place, and let your eyes close.\"\n"
        )
    }
}

/// What has been explained already.
type Taught = BTreeSet<&'static str>;

/// An explanation, the first time.
fn once(taught: &mut Taught, words: &'static str) -> String {
    if taught.insert(words) { words.to_owned() } else { String::new() }
}

fn opening(poses: &[Arc<Pose>]) -> String {
    let wall = poses.iter().any(|pose| pose.props.iter().any(|prop| prop.contains("wall")));
    let mut cues = vec![house_cues::ASK_A_PHYSICIAN, house_cues::WHEN_TO_STOP, "opening/own-pace"];
    if wall {
        cues.insert(2, "opening/wall");
    }
    format!(
        "\n# ---- Opening. The two safety cues are owed to whoever listens: leave them in.\n\
         [[steps]]\nbell = \"low\"\n\n[[steps]]\nsay  = {}\nthen = \"2s\"     # silence after each of them\n",
        list(&cues)
    )
}

/// One pose with its dose written out, so that it can be changed.
fn step(pose: &Pose, reach: Reach, rest: Option<Duration>, taught: &mut Taught) -> String {
    let mut about = format!("# {}.", pose.name.trim_end_matches('.'));
    if !pose.benefit.is_empty() {
        let _ = write!(about, " {}", pose.benefit);
    }
    if !pose.props.is_empty() {
        let _ = write!(about, " At hand: {}.", pose.props.join("; "));
    }
    let mut lines = vec![(format!("pose = \"{}\"", pose.id), String::new())];
    if !pose.sides.is_empty() {
        lines[0].1 = once(taught, "each side lasts equally long, by itself");
    }
    let note = "a range, gentle to deep; the length or `--level` picks";
    match pose.hold().map(|quantity| (reach.quantity(quantity), rest)) {
        Some((Quantity::Time(range), Some(rest))) => {
            let range = Between { least: range.least.min(rest), most: rest.max(range.least) };
            lines.push((format!("hold = {}", times(range)), "what a length still lacks goes here".into()));
        }
        Some((Quantity::Time(range), None)) => {
            lines.push((format!("hold = {}", times(range)), once(taught, note)));
        }
        Some((Quantity::Breaths(range), _)) => {
            let words = once(taught, "whole breaths; or a time, such as \"40s\"");
            let breaths = if range.most == 1 { "breath" } else { "breaths" };
            lines.push((format!("hold = \"{range} {breaths}\""), words));
        }
        None => {}
    }
    match pose.dose {
        Dose::For(range) => {
            lines.push((format!("for  = {}", times(reach.time(range))), once(taught, note)));
        }
        Dose::Rounds(Between { least: 1, most: 1 }) => {}
        Dose::Rounds(range) => {
            let words = if pose.sides.is_empty() { "so many times" } else { "so many times on each side" };
            lines.push((format!("rounds = \"{}\"", reach.count(range)), once(taught, words)));
        }
    }
    format!("\n{about}\n[[steps]]\n{}", aligned(&lines))
}

fn closing(poses: &[Arc<Pose>], reach: Reach) -> String {
    let upright = |position| matches!(position, Some(Position::Seated | Position::Standing));
    let all_upright = poses.iter().all(|pose| upright(pose.position) && upright(pose.ends));
    let rested = poses.last().is_some_and(|pose| pose.is_plain_hold() && pose.position == Some(Position::Supine));
    let (end, words) = if all_upright {
        let time = times(Between { least: Duration::from_secs(20), most: reach.rest });
        let lines = [
            ("breathe = \"4-6\"".to_owned(), "breathing alone, to come to rest".to_owned()),
            (format!("for     = {time}"), String::new()),
        ];
        (format!("[[steps]]\n{}\n", aligned(&lines)), vec!["closing/daily", "closing/no-progress", "closing/thanks"])
    } else {
        let time = times(Between { least: Duration::from_secs(60), most: reach.rest });
        let lines = [
            ("pose = \"rest\"".to_owned(), String::new()),
            (format!("hold = {time}"), "what a length still lacks goes here".to_owned()),
        ];
        let end = if rested { String::new() } else { format!("[[steps]]\n{}\n", aligned(&lines)) };
        (end, vec!["closing/rise", "closing/daily", "closing/no-progress", "closing/thanks"])
    };
    format!("\n# ---- Closing.\n{end}[[steps]]\nsay  = {}\nthen = \"2s\"\n\n[[steps]]\nbell = \"low\"\n", list(&words))
}

/// Lines with their comments below each other.
fn aligned(lines: &[(String, String)]) -> String {
    let noted = lines.iter().filter(|(_, note)| !note.is_empty()).map(|(line, _)| line.chars().count());
    let wide = noted.filter(|wide| *wide <= 40).max().unwrap_or(0);
    let line = |(line, note): &(String, String)| match note.as_str() {
        "" => format!("{line}\n"),
        note => format!("{line:<wide$}   # {note}\n"),
    };
    lines.iter().map(line).collect()
}

fn list(cues: &[&str]) -> String {
    format!("[{}]", cues.iter().map(|cue| format!("\"{cue}\"")).collect::<Vec<_>>().join(", "))
}

/// Words as TOML.
fn quoted(words: &str) -> String {
    toml_edit::Value::from(words).to_string()
}

fn times(range: Between<Duration>) -> String {
    match (written(range.least), written(range.most)) {
        (least, most) if least == most => format!("\"{least}\""),
        (least, most) => format!("\"{least}..{most}\""),
    }
}
