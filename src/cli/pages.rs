//! The options that write pages about a session: one for each row of [`PAGES`].

use std::path::PathBuf;

use catcow::Result;
use catcow::printable::printable;
use catcow::sink::file::identity::Outputs;
use catcow::sink::file::output::Output;
use catcow::sink::page::print::Paper;
use catcow::sink::page::{Content, PAGES, Page, Subject};
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};

use super::Talk;

/// The pages that were asked for, with the names of their files.
pub struct Pages {
    wanted: Vec<(&'static Page, PathBuf)>,
    paper: Paper,
}

/// The option that says what is printed on.
const PAPER: &str = "paper";
/// What can be printed on, and what it is called.
const PAPERS: [(&str, Paper); 2] = [("a4", Paper::A4), ("letter", Paper::Letter)];

impl Args for Pages {
    fn augment_args(command: Command) -> Command {
        let option = |page: &Page| {
            let arg = Arg::new(page.name).long(page.name).value_name("FILE").value_parser(value_parser!(PathBuf));
            arg.help(format!("{}; `-` is standard output", page.about))
        };
        let paper = Arg::new(PAPER).long(PAPER).value_name("PAPER").requires("print").default_value("a4");
        let paper = paper.value_parser(PossibleValuesParser::new(PAPERS.map(|(word, _)| word)));
        command.args(PAGES.iter().map(option)).arg(paper.help("What `--print` is printed on"))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Pages::augment_args(command)
    }
}

impl FromArgMatches for Pages {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Pages, clap::Error> {
        let wanted = |page: &'static Page| matches.get_one::<PathBuf>(page.name).map(|path| (page, path.clone()));
        let word = matches.get_one::<String>(PAPER);
        let paper = PAPERS.iter().find(|(known, _)| word.is_some_and(|word| word == known));
        let paper = paper.map(|(_, paper)| *paper).unwrap_or_default();
        Ok(Pages { wanted: PAGES.iter().filter_map(wanted).collect(), paper })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Pages::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Pages {
    /// What is printed on.
    pub fn paper(&self) -> Paper {
        self.paper
    }

    /// Whether none was asked for.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Opens every output, so that what is wrong with a name comes to light before the work.
    pub fn open(&self) -> Result<(Outputs, Vec<(&'static Page, Output)>)> {
        let outputs = Outputs::new(self.wanted.iter().map(|(page, path)| (format!("--{}", page.name), path.clone())))?;
        let pages = self.wanted.iter().map(|(page, path)| Ok((*page, Output::create(path)?))).collect::<Result<_>>()?;
        Ok((outputs, pages))
    }
}

/// Writes each page, and gives the files their names when all of them are whole.
pub fn write(pages: Vec<(&'static Page, Output)>, subject: &Subject<'_>, talk: Talk) -> Result<()> {
    let mut whole = Vec::new();
    for (page, mut output) in pages {
        let bytes = match (&page.content, &output) {
            // What goes to standard output may be read at a terminal. Tabs are the page's own: in an author's words they are spaces.
            (Content::Text(text), Output::Stream { .. }) => {
                text(subject).split('\t').map(printable).collect::<Vec<_>>().join("\t").into_bytes()
            }
            (content, _) => content.bytes(subject),
        };
        output.append(&bytes)?;
        whole.push(output);
    }
    for output in whole {
        let named = match &output {
            Output::File { path, .. } => Some(path.display().to_string()),
            Output::Stream { .. } => None,
        };
        output.finish()?;
        if let Some(name) = named {
            talk.say(&format!("{name}: {}", subject.timeline.title));
        }
    }
    Ok(())
}
