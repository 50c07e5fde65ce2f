//! `catcow log`: what was practised, in weeks.

use super::Talk;
use super::logbook::{self, Logbook, Week};
use super::paper::Paper;
use catcow::Result;
use catcow::frames::clock;
use clap::Args;
use jiff::Zoned;

/// How much to show.
#[derive(Args)]
pub struct Log {
    /// How many weeks.
    #[arg(long, value_name = "NUMBER", default_value = "12", value_parser = clap::value_parser!(u16).range(1..=520))]
    weeks: u16,
}

/// Eight heights of a bar.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

impl Log {
    pub fn run(&self, talk: Talk) -> Result<()> {
        let Some(book) = super::home().map(|home| Logbook::new(&home)) else { return super::print("No log.\n") };
        let (entries, told) = book.read()?;
        let today = Zoned::now().date();
        let weeks = logbook::weeks(&entries, today, usize::from(self.weeks));
        if entries.is_empty() {
            let mut paper = Paper::new();
            paper.line("Nothing practised yet. Begin with `catcow play morning`.");
            return paper.show(talk);
        }
        let mut paper = Paper::new();
        table(&weeks, &mut paper);
        pictures(&weeks, &mut paper);
        let days = logbook::streak(&entries, today);
        paper.line(&format!(
            "\n{days} {} in a row, {} {} in all.",
            if days == 1 { "day" } else { "days" },
            entries.len(),
            if entries.len() == 1 { "session" } else { "sessions" }
        ));
        if told || !logbook::lacks_progress(&logbook::practised_weeks(&entries, today)) {
            return paper.show(talk);
        }
        paper.line("\nSome weeks have brought no less pain. Speak to your physician about changing what you practise.");
        paper.show(talk)?;
        book.note_told()
    }
}

/// A line for each week, in columns as wide as the widest in each.
fn table(weeks: &[Week], paper: &mut Paper) {
    let texts = |week: &Week| {
        let pain = week.pain.map_or_else(|| "-".into(), |pain| format!("{pain:.1}"));
        [week.monday.to_string(), week.sessions.to_string(), clock(week.length), pain]
    };
    let head = ["Week of", "Sessions", "Time", "Pain"].map(String::from);
    let rows: Vec<_> = weeks.iter().map(texts).collect();
    let widest = |column: usize| rows.iter().chain([&head]).map(|row| row[column].len()).max().unwrap_or(0);
    let [first, second, third, fourth] = [0, 1, 2, 3].map(widest);
    let line = |[monday, sessions, time, pain]: &[String; 4]| {
        format!("{monday:<first$}  {sessions:>second$}  {time:>third$}  {pain:>fourth$}")
    };
    paper.title(&line(&head));
    rows.iter().for_each(|row| paper.line(&line(row)));
}

/// Minutes and pain over the weeks, a bar for each; where there are more weeks than columns, over the last of them.
fn pictures(weeks: &[Week], paper: &mut Paper) {
    /// What stands before the bars, and after them.
    const BESIDE: usize = "Pain  ".len() + "   falling".len();
    let most = paper.columns.map_or(weeks.len(), |columns| columns.saturating_sub(BESIDE));
    let weeks = &weeks[weeks.len().saturating_sub(most)..];
    let minutes: Vec<_> = weeks.iter().map(|week| Some(week.length.as_secs_f64())).collect();
    let pain: Vec<_> = weeks.iter().map(|week| week.pain).collect();
    let most = minutes.iter().flatten().copied().fold(1.0, f64::max);
    paper.line(&format!("\nTime  {}", bars(&minutes, most)));
    if pain.iter().any(Option::is_some) {
        paper.line(&format!("Pain  {}   {}", bars(&pain, 10.0), trend(&pain)));
    }
}

fn bars(values: &[Option<f64>], most: f64) -> String {
    let bar = |value: &Option<f64>| match value {
        Some(value) if *value > 0.0 => BARS[((value / most * 7.0).round() as usize).min(7)],
        Some(_) => '·',
        None => ' ',
    };
    values.iter().map(bar).collect()
}

/// The first weeks with a score against the last.
fn trend(pain: &[Option<f64>]) -> &'static str {
    let scored: Vec<f64> = pain.iter().flatten().copied().collect();
    let (Some(first), Some(last)) = (scored.first(), scored.last()) else { return "" };
    match last - first {
        _ if scored.len() < 2 => "",
        change if change <= -0.5 => "falling",
        change if change >= 0.5 => "rising",
        _ => "steady",
    }
}
