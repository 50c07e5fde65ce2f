//! Whether planning is linear: the time for each step must not grow with the number of steps.
//!
//! `cargo bench --bench planning` prints, for each size, the least of several runs, and the ratio to the smallest size.

use std::sync::Arc;
use std::time::{Duration, Instant};

use catcow::diagnostic::Source;
use catcow::frames::SampleRate;
use catcow::load::{Lengths, Library, Routine, Shelf};
use catcow::plan::{Wishes, bounds, lint, plan};

/// Steps of every kind, each with a range of its own.
fn routine(steps: usize) -> String {
    let kinds = [
        "pose = \"supine-twist\"\nbreath = \"1-1\"\nswitch = \"0s\"\nhold = \"0s..1s\"\nsetup = []\nrelease = []",
        "pause = \"0s..2s\"",
        "say = \"breathing/arrive\"\nthen = \"0s..\"",
        "breathe = \"1-2\"\nrounds = \"1..3\"",
        "pose = \"knees-to-chest\"\nhold = \"1s..3s\"\nsetup = []\nrelease = []",
    ];
    let step = |index: usize| format!("[[steps]]\n{}\n", kinds[index % kinds.len()].replace("..\"", "\""));
    "title = \"Long\"\nguidance = \"bells\"\n".to_owned() + &(0..steps).map(step).collect::<String>()
}

/// The least time of several runs: what the machine does beside it only adds.
fn least<T>(mut run: impl FnMut() -> T) -> Duration {
    let once = |_| {
        let start = Instant::now();
        std::hint::black_box(run());
        start.elapsed()
    };
    (0..5).map(once).min().unwrap_or_default()
}

fn main() -> catcow::Result<()> {
    let library = Library::open(None)?;
    let voice = library.voice("ada")?;
    let shelf = Shelf::new(SampleRate::DEFAULT);
    let mut first = None;
    println!(
        "{:>7} {:>10} {:>10} {:>10} {:>10}  for each step, and how much more than with the fewest",
        "steps", "read", "bounds", "fitted", "linted"
    );
    for steps in [1000, 2500, 5000, 10_000] {
        let source = Arc::new(Source { path: "long.toml".into(), text: routine(steps) });
        let loaded = Routine::read("long", &source, &library)?;
        let lengths = Lengths::measure(&loaded, &voice, &shelf)?;
        let ends = bounds(&loaded, &lengths, &Wishes::default());
        let length = (ends.shortest + (ends.longest - ends.shortest) / 2).duration(lengths.rate);
        let wishes = Wishes { length: Some(length), ..Wishes::default() };
        plan(&loaded, &lengths, &wishes)?;
        let times = [
            least(|| Routine::read("long", &source, &library).is_ok()),
            least(|| bounds(&loaded, &lengths, &Wishes::default())),
            least(|| plan(&loaded, &lengths, &wishes).is_ok()),
            least(|| lint::inspect(&loaded, &lengths, &wishes)),
        ];
        let each = times.map(|time| time.as_secs_f64() * 1e6 / steps as f64);
        let base = *first.get_or_insert(each);
        let column = |index: usize| format!("{:.2} µs", each[index]);
        let ratios: Vec<_> = (0..each.len()).map(|index| format!("{:.2}", each[index] / base[index])).collect();
        println!(
            "{steps:>7} {:>10} {:>10} {:>10} {:>10}  {}",
            column(0),
            column(1),
            column(2),
            column(3),
            ratios.join(" ")
        );
    }
    Ok(())
}
