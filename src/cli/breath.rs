//! `catcow breath`: a person's own breath, tapped along with the space bar.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use catcow::diagnostic::{Code, Diagnostic};
use catcow::frames::clock;
use catcow::load::language::breathing::BreathPattern;
use catcow::load::language::settings::with_breath;
use catcow::load::language::tap_tempo::{Measured, measure};
use catcow::load::{Settings, plain_file};
use catcow::sink::file::output::Output;
use catcow::{Error, Result};
use clap::Args;
use crossterm::queue;
use crossterm::terminal::{Clear, ClearType};

use super::keyboard::{self, Heard, Keyboard};
use super::stroke::Stroke;
use super::{Talk, pen, settings, terminal};

/// How to measure.
#[derive(Args)]
pub struct Breath {
    /// How long to measure.
    #[arg(long = "for", value_name = "TIME", default_value = "1m", value_parser = settings::time)]
    time: Duration,
    /// Store the breath without asking.
    #[arg(long)]
    yes: bool,
}

const WORDS: &str = "\
Sit or lie as you practice, and let your breath come and go as it wants to.
Press the space bar each time it turns: as an inhale begins, as the exhale begins, and so on.
The first press is the beginning of an inhale. Enter ends it early; Esc leaves.";

impl Breath {
    pub fn run(&self, talk: Talk) -> Result<()> {
        terminal::never_stopped();
        let path = settings::path();
        // What could fail at the end fails before a person has breathed for a minute.
        path.as_deref().map(Settings::open).transpose()?;
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            let mistake = Diagnostic::error(Code::NoTerminal, "expected a terminal to tap in, found none");
            return Err(mistake.help("run `catcow breath` in a terminal window by itself").into());
        }
        if !terminal::is_ours() {
            let mistake = Diagnostic::error(
                Code::NoTerminal,
                "expected a terminal to tap in, found that it is another program's",
            );
            return Err(mistake.help("run `catcow breath` in the foreground, without `&`").into());
        }
        pen::begin();
        super::tell(&format!("{WORDS}\n"));
        let stop = super::stop_flag();
        let presses = taps(self.time, &stop)?;
        let Some(measured) = measure(&presses) else {
            let mistake = Diagnostic::error(Code::TooFewBreaths, "expected at least three whole breaths, found fewer");
            return Err(mistake
                .help("press space at every turn of the breath, twice in each, and try it again")
                .into());
        };
        tell(measured, talk);
        while !pen::is_free() {
            if stop.load(Ordering::Relaxed) {
                return Err(Error::Interrupted);
            }
            pen::settle();
        }
        super::print(&format!("{}\n", measured.pattern))?;
        let Some(path) = path else { return Ok(()) };
        if self.yes || agreed(&path, &stop)? {
            store(&path, measured.pattern)?;
            talk.say(&format!("{}: breath = \"{}\"", path.display(), measured.pattern));
        } else {
            talk.say(&format!("Not stored. Use it once with `--breath {}`.", measured.pattern));
        }
        Ok(())
    }
}

/// The terminal, read key by key. It is as it was again when this is dropped, however that comes about.
struct Keys(Keyboard);

impl Keys {
    fn listen() -> Result<Keys> {
        terminal::begin().map_err(Error::reading(Path::new("the keyboard")))?;
        Ok(Keys(Keyboard::default()))
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        terminal::end();
        pen::put(b"\n");
    }
}

/// What a person can mean by a key.
#[derive(Debug, PartialEq, Eq)]
enum Meaning {
    Turn,
    Done,
    Leave,
    Suspend,
    Nothing,
}

fn meaning(stroke: Stroke) -> Meaning {
    match stroke {
        Stroke::Control('c' | 'd') | Stroke::Escape => Meaning::Leave,
        Stroke::Control('z') => Meaning::Suspend,
        Stroke::Char(' ') => Meaning::Turn,
        Stroke::Enter => Meaning::Done,
        _ => Meaning::Nothing,
    }
}

/// The times of all presses, from the first on.
fn taps(time: Duration, stop: &AtomicBool) -> Result<Vec<Duration>> {
    /// How often the remaining time is shown anew.
    const MOMENT: Duration = Duration::from_millis(100);
    let mut keys = Keys::listen()?;
    let mut presses: Vec<Duration> = Vec::new();
    let mut start: Option<Instant> = None;
    loop {
        let elapsed = start.map_or(Duration::ZERO, |start| start.elapsed());
        show(&presses, time.saturating_sub(elapsed));
        if stop.load(Ordering::Relaxed) {
            return Err(Error::Interrupted);
        }
        if elapsed >= time {
            return Ok(presses);
        }
        let pressed = match keys.0.listen(MOMENT) {
            Heard::Stroke(stroke) => meaning(stroke),
            Heard::Quiet => Meaning::Nothing,
            Heard::Gone => Meaning::Leave,
        };
        match pressed {
            Meaning::Turn => presses.push(start.get_or_insert_with(Instant::now).elapsed()),
            Meaning::Done => return Ok(presses),
            Meaning::Leave => return Err(Error::Interrupted),
            Meaning::Suspend if terminal::can_stop() => {
                drop(keys);
                terminal::stop();
                keys = Keys::listen()?;
                // A breath that was interrupted is measured anew.
                (presses, start) = (Vec::new(), None);
            }
            Meaning::Suspend | Meaning::Nothing => {}
        }
    }
}

/// The line that changes while a person taps.
fn show(presses: &[Duration], left: Duration) {
    let line = match presses.len() {
        0 => "Press space as your next inhale begins.".to_owned(),
        turns => format!("{}   {} left", if turns % 2 == 1 { "inhale" } else { "exhale" }, clock(left)),
    };
    // A line that cannot be shown is no reason to stop, nor to wait.
    if pen::is_free() {
        let mut out = format!("\r{line}").into_bytes();
        // What is left of a longer line goes.
        let _ = queue!(out, Clear(ClearType::UntilNewLine));
        pen::put(&out);
    }
}

fn tell(measured: Measured, talk: Talk) {
    let BreathPattern { inhale, exhale, .. } = measured.pattern;
    let minute = 60.0 / measured.pattern.length().as_secs_f64();
    talk.say(&format!(
        "Your breath: {} s in, {} s out, {minute:.1} in a minute (the middle of {} inhales and {} exhales).",
        inhale.as_secs_f64(),
        exhale.as_secs_f64(),
        measured.inhales,
        measured.exhales
    ));
}

/// Asks whether to store it; yes where nothing is said.
fn agreed(path: &Path, stop: &AtomicBool) -> Result<bool> {
    super::ask(&format!("Store it in {}? [Y/n] ", path.display()));
    let answer = keyboard::line(stop);
    if stop.load(Ordering::Relaxed) {
        pen::put(b"\n");
        return Err(Error::Interrupted);
    }
    Ok(answer.is_some_and(|answer| matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes")))
}

/// The largest settings that are changed, in bytes: as much as is read of any text.
const LARGEST_SETTINGS: u64 = 8 << 20;

/// Puts the breath into the settings file, which need not be there yet.
fn store(path: &Path, breath: BreathPattern) -> Result<()> {
    let text = match plain_file::read(path, LARGEST_SETTINGS, "settings", "").map(String::from_utf8) {
        Ok(Ok(text)) => text,
        Ok(Err(_)) => return Err(Error::reading(path)(io::ErrorKind::InvalidData.into())),
        Err(Error::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    // The file was read as settings before the measuring; if it has been broken since, it is left alone.
    let invalid = |reason| Error::Write { path: path.to_owned(), source: io::Error::other(reason) };
    let text = with_breath(&text, breath).map_err(invalid)?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(Error::writing(folder))?;
    }
    let mut output = Output::create(path)?;
    output.append(text.as_bytes())?;
    output.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_is_a_turn_and_there_are_three_ways_out() {
        assert_eq!(meaning(Stroke::Char(' ')), Meaning::Turn);
        assert_eq!(meaning(Stroke::Enter), Meaning::Done);
        assert_eq!(meaning(Stroke::Escape), Meaning::Leave);
        assert_eq!(meaning(Stroke::Control('c')), Meaning::Leave);
        assert_eq!(meaning(Stroke::Char('c')), Meaning::Nothing);
    }

    #[test]
    fn a_breath_is_stored_in_a_file_that_was_not_there_and_in_one_that_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/config.toml");
        store(&path, BreathPattern::DEFAULT).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "breath = \"4-6\"\n");
        std::fs::write(&path, "# mine\nbreath = \"3-3\" # once\nlevel = 2\n").unwrap();
        store(&path, BreathPattern::DEFAULT).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "# mine\nbreath = \"4-6\" # once\nlevel = 2\n");
        std::fs::write(&path, "level = ").unwrap();
        assert!(store(&path, BreathPattern::DEFAULT).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "level = ", "a broken file is left alone");
    }
}
