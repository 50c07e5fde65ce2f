//! `catcow voice script`: a page to read aloud.

use std::ffi::OsString;
use std::path::PathBuf;

use catcow::Result;
use catcow::load::language::script::Script as Words;
use catcow::plan::line::Line;
use catcow::sink::file::output::Output;
use catcow::sink::page::script;
use clap::Args;

use crate::cli::Talk;

/// Which lines.
#[derive(Args)]
pub struct Script {
    /// Routines, by name or as the path of a file: their lines, in the order of the class.
    #[arg(required = true, value_name = "ROUTINE")]
    routines: Vec<OsString>,
    /// The voice that is to have them: only what it lacks is printed.
    #[arg(long, value_name = "VOICE", default_value = "./my-voice")]
    voice: OsString,
    /// Every line, recorded or not, and after them all that no class of these says but the script has words for.
    #[arg(long)]
    all: bool,
    /// Write a page for printing, as HTML, to this file.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Script {
    pub fn run(&self, talk: Talk) -> Result<()> {
        let library = super::super::library()?;
        let voice = super::voice_in(&super::folder(&self.voice)?)?;
        let mut lines = super::lines_of(&library, &self.routines)?;
        if self.all {
            more(&mut lines, &library.script());
        }
        let all = lines.len();
        let lacks = |line: &Line| voice.as_ref().is_none_or(|voice| voice.clip(&line.cue).is_none());
        lines.retain(|line| self.all || lacks(line));
        if let Some(path) = &self.output {
            let title = self.routines.iter().map(|routine| routine.to_string_lossy()).collect::<Vec<_>>().join(", ");
            let mut output = Output::create(path)?;
            output.append(script::page(&title, &lines).as_bytes())?;
            output.finish()?;
            talk.say(&format!("{}: {} of {all} lines", path.display(), lines.len()));
        } else {
            super::super::print(&script::text(&lines))?;
        }
        let time: f64 = lines.iter().map(|line| line.estimate.as_secs_f64() + 2.0).sum();
        talk.say(&format!(
            "{} of {all} lines, about {:.0} minutes. Read them in this order, with two seconds of silence after each; then \
             `catcow voice take`",
            lines.len(),
            (time / 60.0).ceil()
        ));
        Ok(())
    }
}

/// Adds what the script has words for besides.
fn more(lines: &mut Vec<Line>, script: &Words) {
    for (cue, text) in script {
        if lines.iter().all(|line| line.cue != *cue) {
            lines.push(Line::apart(lines.len() + 1, cue, text));
        }
    }
}
