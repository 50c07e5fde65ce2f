//! What was practised, a line for each week, with bars.

use catcow::frames::clock;
use catcow::programme::Week;

use crate::cli::logbook::date_of;
use crate::cli::paper::Paper;

/// Eight heights of a bar.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The spaces between two columns.
const BETWEEN: usize = 2;
/// The column of the pain before.
const BEFORE: usize = 3;

/// A line for each week, in columns as wide as the widest in each.
pub fn table(weeks: &[Week], paper: &mut Paper) {
    let texts = |week: &Week| {
        let mean = |pain: Option<f64>| pain.map_or_else(|| "-".into(), |pain| format!("{pain:.1}"));
        let monday = date_of(week.monday).to_string();
        [monday, week.sessions.to_string(), clock(week.length), mean(week.before), mean(week.after)]
    };
    let rows: Vec<_> = weeks.iter().map(texts).collect();
    let heads = [["Week of", "Sessions", "Time", "Pain", "Pain"], ["", "", "", "before", "after"]];
    let heads = heads.map(|head| head.map(String::from));
    let widest = |column: usize| rows.iter().chain(&heads).map(|row| row[column].len()).max().unwrap_or(0);
    // Where there is no room for both scores, the later one is shown.
    let narrow = paper.columns.is_some_and(|columns| (0..5).map(widest).sum::<usize>() + 4 * BETWEEN > columns);
    let shown: Vec<_> =
        (0..5).filter(|column| !narrow || *column != BEFORE).map(|column| (column, widest(column))).collect();
    let line = |row: &[String; 5]| {
        let cells = shown.iter().map(|(column, wide)| format!("{:>wide$}", row[*column]));
        cells.collect::<Vec<_>>().join("  ")
    };
    heads.iter().for_each(|head| paper.title(&line(head)));
    rows.iter().for_each(|row| paper.line(&line(row)));
}

/// Minutes and pain over the weeks, a bar for each; where there are more weeks than columns, over the last of them.
pub fn pictures(weeks: &[Week], paper: &mut Paper) {
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
