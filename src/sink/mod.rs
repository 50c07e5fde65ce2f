//! Where frames leave: files, and pages about them.

pub mod captions;
pub mod cue_sheet;
pub mod device;
pub mod labels;
pub mod logbook;
pub mod output;
pub mod picture;
pub mod plan_json;
pub mod stems;
pub mod wav;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Result};
use crate::frames::FrameRange;
use crate::plan::Timeline;
use crate::plan::timeline::{Region, Track};
use crate::render::Mixer;

/// A kind of file that a session can be written to.
pub struct Sink {
    /// The endings of its files' names.
    pub endings: &'static [&'static str],
    /// What it is, in a line.
    pub about: &'static str,
    /// What refuses a session before anything is written.
    pub check: fn(&Job<'_>) -> Result<()>,
    /// Writes a session.
    pub write: fn(&Job<'_>, &mut output::Output) -> Result<()>,
}

/// Every kind of file.
pub const SINKS: &[Sink] = &[Sink { endings: &["wav"], about: "WAV, 16 bit", check: wav::check, write: wav::write }];

/// A page about a session: what can be told from its timeline alone.
pub struct Page {
    /// The name of the option that asks for it.
    pub name: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    /// The whole page.
    pub text: fn(&Timeline) -> String,
}

/// Every kind of page that is written to a file.
pub const PAGES: &[Page] = &[
    Page { name: "svg", about: "Draw the session: its breath, cues, poses and sides", text: picture::text },
    Page { name: "labels", about: "Write a label track for Audacity", text: labels::text },
    Page { name: "vtt", about: "Write captions as WebVTT", text: captions::text },
];

/// What is heard in a region, in words.
fn said(timeline: &Timeline, region: &Region) -> String {
    let sound = &timeline.sounds[region.sound];
    match (region.track, sound.text()) {
        (Track::Voice, "") => format!("[{}]", sound.cue()),
        (Track::Voice, text) => text.to_owned(),
        (Track::Bell, "") => format!("♪ {} bell", sound.cue()),
        (_, text) => format!("♪ in place of: {text}"),
    }
}

/// Words on one line: what is white, or controls a terminal, becomes one space.
fn one_line(words: &str) -> String {
    let words = words.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// A session on its way to a file.
pub struct Job<'a> {
    /// What renders it.
    pub mixer: &'a Mixer,
    /// The frames that are wanted.
    pub range: FrameRange,
    /// On how many threads.
    pub threads: usize,
    /// Told how many frames are done, now and then.
    pub progress: &'a (dyn Fn(u64) + Sync),
    /// Set when someone wants it to stop.
    pub stop: &'a AtomicBool,
}

impl Job<'_> {
    /// Fails when someone wants it to stop.
    fn go_on(&self) -> Result<()> {
        if self.stop.load(Ordering::Relaxed) { Err(Error::Interrupted) } else { Ok(()) }
    }
}

/// The kind of file that a name asks for; `-` (standard output) is a WAV.
///
/// # Errors
/// The ending is none of the known ones.
pub fn for_path(path: &Path) -> Result<&'static Sink> {
    if output::is_stdout(path) || output::is_device(path) {
        return Ok(&SINKS[0]);
    }
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    SINKS.iter().find(|sink| sink.endings.contains(&ending.as_str())).ok_or_else(|| {
        if path.is_dir() {
            let reason = "it is a folder".into();
            let help = format!("for example {}", path.join("session").with_extension(SINKS[0].endings[0]).display());
            return Error::Output { path: path.to_owned(), reason, help };
        }
        let known: Vec<_> = SINKS.iter().flat_map(|sink| sink.endings).map(|ending| format!(".{ending}")).collect();
        Error::Output {
            path: path.to_owned(),
            reason: format!("expected a name that ends in {}", known.join(", ")),
            help: format!("for example {}", path.with_extension(SINKS[0].endings[0]).display()),
        }
    })
}
