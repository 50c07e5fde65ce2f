//! `catcow log`: what was practised, in weeks or session by session; and what is added to it by hand.

mod add;
mod csv;
mod sessions;
mod weeks;

use catcow::Result;
use catcow::programme::{self, Day};
use clap::Args;

use self::add::Addition;
use super::Talk;
use super::logbook::{self, Logbook};
use super::paper::Paper;

/// How much to show, or what to add.
#[derive(Args)]
pub struct Log {
    /// How many weeks: the last 12, where nothing is said; with `--csv`, all.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=520))]
    weeks: Option<u16>,
    /// Show each session of those weeks, with your notes.
    #[arg(long)]
    sessions: bool,
    /// Write the sessions as a table for a spreadsheet, to show to your physiotherapist: `catcow log --csv > log.csv`.
    #[arg(long, conflicts_with = "sessions")]
    csv: bool,
    #[command(flatten)]
    addition: Addition,
}

/// So many weeks are shown where nothing is said.
const WEEKS: u16 = 12;

impl Log {
    pub fn run(self, talk: Talk) -> Result<()> {
        let Some(book) = super::home().map(|home| Logbook::new(&home)) else { return super::print("No log.\n") };
        if self.addition.is_wanted() {
            return self.addition.run(&book, talk);
        }
        if self.csv {
            return super::print_data(&csv::text(&book.read()?, self.weeks.map(first_day)));
        }
        let log = book.read()?;
        let mut paper = Paper::new();
        if log.entries.is_empty() && log.notes.is_empty() {
            paper.line("Nothing practised yet. Begin with `catcow play morning`.");
            return paper.show(talk);
        }
        let weeks = self.weeks.unwrap_or(WEEKS);
        if self.sessions {
            sessions::table(&log, first_day(weeks), &mut paper);
            return paper.show(talk);
        }
        let today = logbook::today();
        let shown = programme::weeks(&log.entries, today, usize::from(weeks));
        weeks::table(&shown, &mut paper);
        weeks::pictures(&shown, &mut paper);
        let (days, number) = (programme::streak(&log.entries, today), log.entries.len());
        let days_word = if days == 1 { "day" } else { "days" };
        let sessions = if number == 1 { "session" } else { "sessions" };
        paper.line(&format!("\n{days} {days_word} in a row, {number} {sessions} in all."));
        if log.told || !programme::lacks_progress(&programme::practised_weeks(&log.entries, today)) {
            return paper.show(talk);
        }
        paper.line(&format!("\n{NO_PROGRESS}"));
        paper.show(talk)?;
        book.note_told()
    }
}

/// What is told once, where weeks brought no progress.
pub const NO_PROGRESS: &str =
    "Some weeks have brought no less pain. Speak to your physician about changing what you practise.";

/// The Monday of the first of so many weeks, this one included.
fn first_day(weeks: u16) -> Day {
    logbook::today().monday().later(-7 * (i32::from(weeks) - 1))
}
