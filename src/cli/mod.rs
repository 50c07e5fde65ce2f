//! The command line: what a person types, and one file for each verb. The rest of the program does not know of it.

mod advice;
mod breath;
mod by_log;
mod check;
mod chooser;
mod columns;
mod composed;
mod config;
#[cfg(unix)]
mod decoder;
mod drawing;
mod export;
mod keyboard;
mod list;
mod log;
mod logbook;
mod new;
mod notes;
mod origin;
mod pager;
mod pages;
mod pain;
mod paper;
mod pen;
mod plan;
mod play;
mod poses;
mod session;
mod settings;
mod share;
mod sit;
mod site;
mod sound;
mod speech;
mod stroke;
mod tastes;
mod terminal;
mod today;
mod voice;

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use catcow::advice::Advice;
use catcow::diagnostic::{Diagnostic, Diagnostics};
use catcow::load::Library;
use catcow::load::language::schema::SCHEMAS;
use catcow::printable::{printable, printable_styled};
use catcow::work::Work;
use catcow::{Error, Result};
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{CommandFactory, Parser, Subcommand};
use etcetera::{AppStrategy, AppStrategyArgs};

/// Turns a yoga routine, a short TOML file, into a voice that guides you through every pose with your eyes closed.
#[derive(Parser)]
#[command(version, max_term_width = 100, after_help = AFTER_HELP)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
    /// Say nothing but errors.
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Show what is longer than the terminal as it is, without a pager.
    #[arg(long, global = true)]
    no_pager: bool,
}

/// A paragraph a line: the terminal's width breaks them.
const AFTER_HELP: &str = "\
Begin with `catcow list`, then `catcow play morning`.

Routines, poses and voices of your own are found before the built-in ones in the folder that `catcow list` names; set \
CATCOW_HOME to move it. What you want in every session stands in the settings file that `catcow config` names; set \
CATCOW_CONFIG to move it.

Exit codes: 0 all went well · 1 mistakes in a routine, pose or voice · 2 wrong arguments · 3 reading, writing or playing \
failed, whatever else is wrong · 130 interrupted";

#[derive(Subcommand)]
enum Verb {
    /// Show the routines with their shortest and longest length, the poses, and the voices.
    List(list::List),
    /// Show what is said when: the cue sheet.
    Plan(Box<plan::Plan>),
    /// Look for mistakes in routines, poses, scripts and voices.
    Check(check::Check),
    /// Begin a routine of your own, from poses you choose.
    New(Box<new::New>),
    /// Play a session now.
    Play(Box<play::Play>),
    /// Sit in silence, with bells.
    Sit(Box<sit::Sit>),
    /// Play what is due today, by a programme of several weeks and by what was practised.
    Today(Box<today::Today>),
    /// Show what was practised, session by session too, or note what was practised elsewhere.
    Log(log::Log),
    /// Write a session to a file.
    Export(Box<export::Export>),
    /// Write the page for a phone: a folder that any web host serves, on which sessions are chosen and heard.
    Site(site::SiteVerb),
    /// Bring the page to a phone beside you: serve it on the local network, with a code to scan.
    Share(share::Share),
    /// Give a class its voice: a script to read, recordings to take, a check of them, or a speech program.
    Voice(voice::VoiceVerb),
    /// Show what you want in every session, and where each value comes from.
    Config(config::Config),
    /// Measure your own breath: tap along with the space bar for a minute.
    Breath(breath::Breath),
    /// Print the JSON Schema by which an editor helps to write a file.
    Schema {
        /// For which files.
        #[arg(value_name = "KIND", default_value = "routine", value_parser = schema_names())]
        kind: String,
    },
    /// Print a script that completes commands in a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

/// Runs what the arguments ask for; the exit code.
pub fn run() -> u8 {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(answer) => return refuse(&answer),
    };
    let talk = Talk { quiet: arguments.quiet, pager: !arguments.no_pager };
    let done = match arguments.verb {
        Verb::List(list) => list.run(talk),
        Verb::Plan(plan) => plan.run(talk),
        Verb::Check(check) => check.run(talk),
        Verb::New(new) => new.run(talk),
        Verb::Play(play) if play.is_named() => play.run(talk),
        Verb::Play(play) => chooser::run(*play, talk),
        Verb::Sit(sit) => sit.run(talk),
        Verb::Today(today) => today.run(talk),
        Verb::Log(log) => log.run(talk),
        Verb::Export(export) => export.run(talk),
        Verb::Site(site) => site.run(talk),
        Verb::Share(share) => share.run(talk),
        Verb::Config(config) => config.run(talk),
        Verb::Voice(voice) => voice.run(talk),
        Verb::Breath(breath) => breath.run(talk),
        Verb::Schema { kind } => schema(&kind),
        Verb::Completions { shell } => completions(shell),
    };
    let status = match done {
        Ok(()) => 0,
        // Whoever read the output has enough of it: that is no failure.
        Err(Error::Write { source, .. }) if source.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(error) => {
            show(&error);
            error.exit_code()
        }
    };
    pen::settle();
    status
}

/// Shows what is wrong with the arguments, or the help that they ask for; the exit code.
fn refuse(answer: &clap::Error) -> u8 {
    let hostile = std::env::args_os().any(|word| {
        let word = word.to_string_lossy();
        printable(&word) != word
    });
    if hostile && answer.use_stderr() {
        // What was typed stands in it among colours: it goes without them.
        tell(answer.render().to_string().trim_end());
    } else {
        let _ = answer.print();
    }
    u8::try_from(answer.exit_code()).unwrap_or(2)
}

fn schema_names() -> PossibleValuesParser {
    SCHEMAS.iter().map(|schema| PossibleValue::new(schema.name).help(schema.about)).into()
}

fn schema(kind: &str) -> Result<()> {
    // The parser has let no other word pass.
    SCHEMAS.iter().filter(|schema| schema.name == kind).try_for_each(|schema| print_data(&schema.text()))
}

fn completions(shell: clap_complete::Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "catcow", &mut script);
    print_data(&String::from_utf8_lossy(&script))
}

/// Writes text to standard output. Here, and in [`tell`], words leave for a person: nothing in them controls a terminal.
fn print(text: &str) -> Result<()> {
    print_data(&printable(text))
}

/// Writes data for other programs to standard output, as it is.
fn print_data(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|source| Error::Write { path: "standard output".into(), source })
}

/// Words for a person, on standard error.
#[derive(Clone, Copy)]
struct Talk {
    quiet: bool,
    /// Whether a pager may show what is long.
    pager: bool,
}

/// More mistakes than this are counted, not shown: nobody mends fifty at once.
const MOST_SHOWN: usize = 50;

impl Talk {
    /// A line about what was done.
    fn say(self, line: &str) {
        if !self.quiet {
            tell(line);
        }
    }

    /// What is worth a look.
    fn warn(self, warnings: &Diagnostics) {
        if !self.quiet {
            show_all(warnings);
        }
    }

    /// Whether a moving picture of progress is welcome.
    fn shows_progress(self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }
}

/// An error, on standard error. anstream takes the colours out where they are not wanted: no terminal, or `NO_COLOR`.
fn show(error: &Error) {
    match error {
        Error::Mistakes(all) => show_all(all),
        Error::TooLarge { reason } => tell(&format!("error: {reason}\nhelp: {}", advice::words(&Advice::MakeSmaller))),
        // Whoever wanted it to end knows.
        Error::Interrupted => {}
        other => tell(&format!("error: {other}")),
    }
}

/// Mistakes and warnings, on standard error.
fn show_all(all: &Diagnostics) {
    let coloured = |each: &Diagnostic| {
        let text = each.render_within(columns::of_stderr(), advice::words);
        put(&format!("{}\n\n", columns::broken_diagnostic(&printable_styled(&text), columns::of_stderr())));
    };
    all.iter().take(MOST_SHOWN).for_each(coloured);
    let more = all.count().saturating_sub(MOST_SHOWN);
    if more > 0 {
        tell(&format!("and {more} more"));
    }
}

/// A line on standard error. Where nobody reads it any more, that is no reason to stop.
fn tell(line: &str) {
    put(&format!("{}\n", columns::broken_text(&printable(line), columns::of_stderr())));
}

/// A question on standard error, which is answered in the same line.
fn ask(question: &str) {
    // The space before the answer is part of it.
    let (words, space) = question.split_at(question.trim_end().len());
    put(&(columns::broken_text(&printable(words), columns::of_stderr()) + space));
}

/// Text on standard error, with its colours where they are wanted.
fn put(text: &str) {
    if pen::has_begun() {
        let mut out = anstream::AutoStream::new(Vec::new(), anstream::AutoStream::choice(&io::stderr()));
        let _ = out.write_all(text.as_bytes());
        pen::put(&out.into_inner());
    } else {
        let _ = anstream::stderr().write_all(text.as_bytes());
    }
}

/// The folder of one's own routines, poses and voices: `CATCOW_HOME`, or where the platform keeps such data.
fn home() -> Option<PathBuf> {
    if let Some(home) = std::env::var_os("CATCOW_HOME").filter(|home| !home.is_empty()) {
        return Some(PathBuf::from(home));
    }
    folders().map(|folders| folders.data_dir())
}

/// The files of a person's own, of which no session is made, and which no output may replace either.
fn own_files() -> impl Iterator<Item = PathBuf> {
    let in_home = ["voice_clips/script.toml", "log.tsv", "interrupted.json", "tastes.toml"];
    let home = home().into_iter().flat_map(move |home| in_home.map(|name| home.join(name)));
    home.chain(settings::path())
}

/// Where the platform keeps a program's data and settings.
fn folders() -> Option<impl AppStrategy> {
    let names = AppStrategyArgs { top_level_domain: "org".into(), author: "catcow".into(), app_name: "catcow".into() };
    etcetera::choose_app_strategy(names).ok()
}

fn library() -> Result<Library> {
    Library::open(home().as_deref())
}

/// Today, where this machine is.
fn this_day() -> String {
    jiff::Zoned::now().date().to_string()
}

/// Set by Ctrl-C and by a request to end, so that no half-written file stays behind. There is one for the whole program.
fn stop_flag() -> Arc<AtomicBool> {
    static STOP: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    let begin = || {
        let stop = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stop);
        // Where no handler can be set, the system's own ends the program.
        let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
        stop
    };
    Arc::clone(STOP.get_or_init(begin))
}

/// The same, where something is `wanted` that Ctrl-C has to end; else it ends the program itself.
fn stop_flag_where(wanted: bool) -> Arc<AtomicBool> {
    if wanted { stop_flag() } else { Arc::default() }
}

/// As many threads as there are processors.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Work on all processors, told to nobody; Ctrl-C ends the program itself.
fn work() -> Work<'static> {
    Work { threads: threads(), ..Work::alone() }
}
