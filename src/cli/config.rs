//! `catcow config`: what is wanted in every session, and where each value comes from.

use std::ffi::OsString;

use anstyle::Style;
use catcow::Result;
use catcow::load::language::quantity::written;
use catcow::load::language::routine::Guidance;
use clap::Args;

use super::origin::Origin;
use super::paper::{DIM, Head, Paper};
use super::settings::{self, Chosen, Wanted};
use super::{Talk, columns};

/// For which session.
#[derive(Args)]
pub struct Config {
    /// A routine: shows what it says itself where you say nothing.
    #[arg(value_name = "ROUTINE")]
    routine: Option<OsString>,
    #[command(flatten)]
    wanted: Wanted,
}

/// What is left to where it is heard.
fn by_the_file() -> (String, String) {
    ("-".into(), "what suits a file's kind".into())
}

/// One line: a setting, its value, where it comes from.
type Line = (&'static str, String, String);

impl Config {
    pub fn run(&self, talk: Talk) -> Result<()> {
        let choice = self.wanted.settle()?;
        let own = self.routine.as_deref().map(|name| super::library()?.routine(name)).transpose()?;
        // What holds where the person says nothing: what the routine says, if one is named, or that it is the routine's to say.
        let theirs = |said: Option<String>| match (&own, said) {
            (Some(routine), Some(value)) => (value, format!("the routine `{}`", routine.name)),
            (Some(_), None) => ("-".into(), "not set".into()),
            (None, _) => ("-".into(), "each routine's own".into()),
        };
        let routine_breath = own.as_ref().map(|routine| routine.breath.to_string());
        let routine_guidance = own.as_ref().map(|routine| word(routine.guidance).to_owned());
        let routine_length = own.as_ref().and_then(|routine| routine.length.as_ref()).map(|at| written(at.value));
        let routine_marks = own.as_ref().map(|routine| routine.mix().marks.word().to_owned());
        let lines = [
            line("voice", Some(&choice.voice), |voice| voice.to_string_lossy().into_owned(), || theirs(None)),
            line("breath", choice.breath.as_ref(), ToString::to_string, || theirs(routine_breath)),
            line("guidance", choice.guidance.as_ref(), |guidance| word(*guidance).into(), || theirs(routine_guidance)),
            line("level", choice.level.as_ref(), ToString::to_string, || ("-".into(), "not set".into())),
            line("length", choice.length.as_ref(), |length| written(*length), || theirs(routine_length)),
            poses("without", &choice.poses.without),
            poses("only", &choice.poses.only),
            poses("more", &choice.poses.more),
            line("rate", choice.rate.as_ref(), |rate| rate.hz().to_string(), by_the_file),
            line("marks", choice.marks.as_ref(), |marks| marks.word().into(), || theirs(routine_marks)),
            line("wake", Some(&choice.wake), ToString::to_string, || theirs(None)),
            line("mono", choice.mono.as_ref(), ToString::to_string, by_the_file),
            line("speak", choice.speak.as_ref(), Clone::clone, || ("-".into(), "not set".into())),
        ];
        let mut paper = Paper::new();
        table(&lines, &mut paper);
        file(&mut paper);
        paper.show(talk)
    }
}

fn line<T>(
    name: &'static str,
    chosen: Option<&Chosen<T>>,
    text: impl Fn(&T) -> String,
    otherwise: impl FnOnce() -> (String, String),
) -> Line {
    let (value, origin) = match chosen {
        Some(chosen) => (text(&chosen.value), origin(&chosen.origin)),
        None => otherwise(),
    };
    (name, value, origin)
}

/// The line of poses that are named in one place or several.
fn poses(name: &'static str, said: &[(String, Origin)]) -> Line {
    if said.is_empty() {
        return (name, "-".into(), "not set".into());
    }
    let words: Vec<_> = said.iter().map(|(word, _)| word.as_str()).collect();
    let mut origins: Vec<_> = said.iter().map(|(_, from)| origin(from)).collect();
    origins.dedup();
    (name, words.join(", "), origins.join("; "))
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::BuiltIn => "built in".into(),
        Origin::CommandLine(option) => format!("command line, {option}"),
        Origin::Standing(place) if place.source.file().is_none() => {
            format!("environment, {}", place.source.path)
        }
        Origin::Standing(place) => format!("settings, {}", place.line()),
    }
}

fn word(guidance: Guidance) -> &'static str {
    Guidance::WORDS.iter().find(|(_, known)| *known == guidance).map_or("", |(word, _)| word)
}

fn table(lines: &[Line], paper: &mut Paper) {
    /// As wide as the longest name of a setting.
    const NAME: usize = 8;
    /// What is longer moves what stands beside it.
    const WIDEST: usize = 40;
    let wide = lines.iter().map(|(_, value, _)| columns::width(value)).max().unwrap_or(0).min(WIDEST);
    for (name, value, origin) in lines {
        let head = Head::default().then(name, NAME, DIM);
        if paper.is_narrow(NAME + 2 + wide) {
            paper.beside(head, &[value, origin]);
        } else {
            paper.beside(head.then(value, wide, Style::new()), &[origin]);
        }
    }
}

fn file(paper: &mut Paper) {
    let Some(path) = settings::path() else { return };
    let (shown, there) = (path.display(), path.exists());
    let state = if there { "" } else { " (not there yet; for example: guidance = \"names\")" };
    paper.line(&format!("\nThe settings file: {shown}{state}"));
}
