//! `catcow list`: what there is.

use std::ffi::{OsStr, OsString};

use catcow::Result;
use catcow::frames::{SampleRate, clock};
use catcow::load::{Library, Routine};
use catcow::plan::{Level, Missing, Wishes, plan};
use catcow::session::{Builder, Prepared};
use clap::Args;

use super::Talk;
use super::paper::{BOLD, Head, Paper};
use super::today::due_today;

/// What to list.
#[derive(Args)]
pub struct List {
    /// The voice that lengths are told for: words take their time.
    #[arg(long, value_name = "VOICE")]
    voice: Option<OsString>,
}

/// What is said of a file that cannot be read.
pub const BROKEN: &str = "has mistakes: see `catcow check`";

/// Two lengths and what stands between them, the longer with hours.
pub const LENGTHS_WIDE: usize = 15;

impl List {
    pub fn run(&self, talk: Talk) -> Result<()> {
        let library = super::library()?;
        let mut paper = Paper::new();
        self.routines(&library, &mut paper)?;
        programmes(&library, &mut paper);
        poses(&library, &mut paper);
        voices(&library, &mut paper);
        if let Some(home) = super::home() {
            let folders = "routines/, routines/programmes/, routines/poses/, voice_clips/";
            paper.line(&format!("\nYour own are found in {}: {folders}.", home.display()));
        }
        paper.show(talk)
    }

    fn routines(&self, library: &Library, paper: &mut Paper) -> Result<()> {
        paper.title("Routines");
        let offers = offers(library, self.voice.as_deref())?;
        let wide = widest(offers.iter().map(|offer| &offer.name));
        for Offer { name, found } in offers {
            let Some(Found { summary, lengths, levels, positions }) = found else {
                paper.beside(entry(&name, wide), &[BROKEN]);
                continue;
            };
            let below = [&summary, &levels, &positions].map(String::as_str);
            let below = below.into_iter().filter(|words| !words.is_empty());
            if paper.is_narrow(wide + LENGTHS_WIDE) {
                paper.beside(entry(&name, wide), &[&lengths[..]].into_iter().chain(below).collect::<Vec<_>>());
            } else {
                let head = entry(&name, wide).then(&lengths, LENGTHS_WIDE, anstyle::Style::new());
                paper.beside(head, &below.collect::<Vec<_>>());
            }
        }
        Ok(())
    }
}

/// A routine that can be played, in words.
pub struct Offer {
    /// Its name.
    pub name: String,
    /// What it is; none where it has mistakes.
    pub found: Option<Found>,
}

/// What a routine is.
pub struct Found {
    /// What it is for.
    pub summary: String,
    /// Its shortest and its longest length.
    pub lengths: String,
    /// How long it is at each level; empty where the levels are alike, or cannot all be planned.
    pub levels: String,
    /// How one is placed in it; empty where it asks for nothing.
    pub positions: String,
}

/// Every routine there is, with the lengths that it has in a voice.
pub fn offers(library: &Library, voice: Option<&OsStr>) -> Result<Vec<Offer>> {
    let voice = library.voice(&super::settings::voice(voice)?)?;
    let wake = super::settings::wake()?;
    let mut last: Option<Prepared> = None;
    let mut offer = |name: String| {
        // One routine that is broken does not hide the others.
        let Ok(routine) = library.routine(&name) else { return Ok(Offer { name, found: None }) };
        let mut builder = match &last {
            Some(last) => last.another(routine.clone()),
            None => Builder::new(routine.clone(), voice.clone()),
        };
        // What is not recorded yet takes the time of the bell in its place, as in a plan.
        builder.wishes.missing = Missing::Bell;
        builder.wishes.mix.wake = wake;
        let wishes = builder.wishes.clone();
        let prepared = builder.prepare(&super::work())?;
        let [shortest, longest] = prepared.bounds().clocks(SampleRate::DEFAULT);
        let lengths = if shortest == longest { shortest } else { format!("{shortest} – {longest}") };
        let (levels, positions) = (levels(&routine, &prepared, &wishes), positions(&routine));
        last = Some(prepared);
        Ok(Offer { name, found: Some(Found { summary: routine.summary, lengths, levels, positions }) })
    };
    library.routines().into_iter().map(&mut offer).collect()
}

fn programmes(library: &Library, paper: &mut Paper) {
    let names = library.programmes();
    let wide = widest(names.iter());
    paper.line("");
    paper.title("Programmes");
    for name in names {
        let Ok(programme) = library.programme(&name) else {
            paper.beside(entry(&name, wide), &[BROKEN]);
            continue;
        };
        let about = if programme.summary.is_empty() { &programme.title } else { &programme.summary };
        let weeks = programme.weeks.len();
        let number = if weeks == 1 { "1 week".to_owned() } else { format!("{weeks} weeks") };
        paper.beside(entry(&name, wide), &[&format!("{about} ({number})")]);
    }
    // A log or a programme that cannot be read is told by the verbs that are about it.
    if let Ok(Some(due)) = due_today(library) {
        paper.line("");
        due.lines().iter().for_each(|line| paper.line(line));
    }
}

fn poses(library: &Library, paper: &mut Paper) {
    let poses = library.poses();
    let (wide, name_wide) = (widest(poses.iter().map(|pose| &pose.id)), widest(poses.iter().map(|pose| &pose.name)));
    paper.line("");
    paper.title("Poses");
    for pose in &poses {
        if paper.is_narrow(wide + name_wide) {
            paper.beside(entry(&pose.id, wide), &[&pose.name, &pose.benefit]);
        } else {
            let head = entry(&pose.id, wide).then(&pose.name, name_wide, anstyle::Style::new());
            paper.beside(head, &[&pose.benefit]);
        }
    }
}

fn voices(library: &Library, paper: &mut Paper) {
    let voices = library.voices();
    let wide = widest(voices.iter());
    paper.line("");
    paper.title("Voices");
    for id in voices {
        // A broken voice is listed as broken; the rest still show.
        let Ok(voice) = library.voice(&id) else {
            paper.beside(entry(&id, wide), &[BROKEN]);
            continue;
        };
        let (number, about) = (voice.cues().count(), &voice.about);
        let about = if about.summary.is_empty() { &about.name } else { &about.summary };
        let recordings = if number == 1 { "recording" } else { "recordings" };
        paper.beside(entry(&id, wide), &[&format!("{about} ({number} {recordings})")]);
    }
}

/// What an entry of the list begins with.
pub fn entry(id: &str, wide: usize) -> Head {
    Head::default().then(&format!("  {id}"), wide, BOLD)
}

/// How wide the widest of some words is, set in by two columns.
pub fn widest<'a>(words: impl Iterator<Item = &'a String>) -> usize {
    2 + words.map(|words| super::columns::width(words)).max().unwrap_or(0)
}

/// How long the routine is at each level; empty where the levels are alike, or cannot all be planned.
fn levels(routine: &Routine, prepared: &Prepared, wishes: &Wishes) -> String {
    let length = |level| {
        let wishes = Wishes { level: Level::new(level), ..wishes.clone() };
        let timeline = plan(routine, prepared.durations(), &wishes).ok()?;
        Some(clock(timeline.frames.duration(timeline.rate)))
    };
    let Some(lengths) = (1..=5).map(length).collect::<Option<Vec<_>>>() else { return String::new() };
    if lengths.iter().all(|length| *length == lengths[0]) {
        return String::new();
    }
    format!("Levels 1 to 5: {}", lengths.join(", "))
}

/// How one is placed in it; empty where it asks for nothing.
fn positions(routine: &Routine) -> String {
    let words: Vec<_> =
        routine.positions().into_iter().map(catcow::load::language::position::Position::in_words).collect();
    let words = words.join("; ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
