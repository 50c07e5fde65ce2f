//! `catcow log`: what was practised, in weeks.

use std::fmt::Write;

use super::logbook::{self, Logbook, Week};
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
    pub fn run(&self) -> Result<()> {
        let Some(book) = super::home().map(|home| Logbook::new(&home)) else { return super::print("No log.\n") };
        let (entries, told) = book.read()?;
        let today = Zoned::now().date();
        let weeks = logbook::weeks(&entries, today, usize::from(self.weeks));
        if entries.is_empty() {
            return super::print("Nothing practised yet. Begin with: catcow play morning\n");
        }
        let mut page = String::from("Week of       Sessions   Time   Pain\n");
        for week in &weeks {
            let pain = week.pain.map_or_else(|| "-".into(), |pain| format!("{pain:.1}"));
            let _ = writeln!(page, "{}    {:>8} {:>6} {:>6}", week.monday, week.sessions, clock(week.length), pain);
        }
        page += &pictures(&weeks);
        let days = logbook::streak(&entries, today);
        let _ = writeln!(
            page,
            "\n{days} {} in a row, {} {} in all.",
            if days == 1 { "day" } else { "days" },
            entries.len(),
            if entries.len() == 1 { "session" } else { "sessions" }
        );
        if !told && logbook::lacks_progress(&logbook::practised_weeks(&entries, today)) {
            page +=
                "\nSome weeks have brought no less pain. Speak to your physician about changing what you practise.\n";
            super::print(&page)?;
            return book.note_told();
        }
        super::print(&page)
    }
}

/// Minutes and pain over the weeks, a bar for each.
fn pictures(weeks: &[Week]) -> String {
    let minutes: Vec<_> = weeks.iter().map(|week| Some(week.length.as_secs_f64())).collect();
    let pain: Vec<_> = weeks.iter().map(|week| week.pain).collect();
    let most = minutes.iter().flatten().copied().fold(1.0, f64::max);
    let mut page = format!("\nTime  {}\n", bars(&minutes, most));
    if pain.iter().any(Option::is_some) {
        page += &format!("Pain  {}   {}\n", bars(&pain, 10.0), trend(&pain));
    }
    page
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
