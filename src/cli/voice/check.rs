//! `catcow voice check`: whether the recordings of a voice are good, one by one and beside each other.

use std::ffi::OsString;
use std::time::Duration;

use catcow::diagnostic::Code;
use catcow::frames::SampleRate;
use catcow::gain::Lufs;
use catcow::load::Voice;
use catcow::load::audio::clip_file::ClipFile;
use catcow::load::language::speaking_time::{self, Pace};
use catcow::plan::line::Line;
use catcow::take::judge::{Measured, measure};
use catcow::work::Work;
use catcow::{Error, Result};
use clap::Args;
use serde::Serialize;

/// Which voice, and for what.
#[derive(Args)]
pub struct Check {
    /// The voice: a folder, or a name among your own voices.
    #[arg(value_name = "VOICE")]
    voice: OsString,
    /// The routine that it is to speak, by name or as the path of a file: what it lacks of it is told, in the order of the class.
    #[arg(value_name = "ROUTINE")]
    routine: Option<OsString>,
    /// Every recording, as JSON.
    #[arg(long)]
    json: bool,
}

/// A recording, or a line without one.
#[derive(Serialize)]
struct Row {
    /// The number of the line in the class, where it stands in one.
    number: Option<usize>,
    cue: String,
    text: Option<String>,
    /// The time that it has to end in, in seconds, where there is one.
    room: Option<f64>,
    measured: Option<Measured>,
    problems: Vec<Problem>,
}

/// What is wrong with a recording.
#[derive(Serialize)]
struct Problem {
    code: &'static str,
    advice: String,
}

impl Problem {
    fn new(code: &'static str, advice: impl Into<String>) -> Problem {
        Problem { code, advice: advice.into() }
    }
}

/// A voice that is quieter than this gains noise as it is made louder, in decibels of full scale.
const QUIET_DB: f64 = -42.0;
/// A voice that is not so far over its room is noisy, in decibels. A bedroom and a phone come to 40.
const NOISY_DB: f64 = 25.0;
/// Levels that differ more are heard as another distance from the microphone, in decibels.
const DIFFERENT_DB: f64 = 8.0;
/// Words that take so many times the speaker's usual time, or less, were spoken at another pace.
const PACES: [f64; 2] = [0.68, 1.5];
/// And so far from it they are other words, or not all of them.
const OTHER_WORDS: [f64; 2] = [0.5, 2.2];

impl Check {
    pub fn run(&self) -> Result<()> {
        let library = super::super::library()?;
        let folder = super::folder(&self.voice)?;
        let voice = Voice::folder(&folder)?;
        let lines = super::lines_of(&library, self.routine.as_slice())?;
        let script = library.script();
        let recorded = voice.cues().filter(|cue| lines.iter().all(|line| line.cue != *cue));
        let others = recorded.map(|cue| Row::of(None, cue, script.get(cue).map(String::as_str), None));
        let row = |line: &Line| Row::of(Some(line.number), &line.cue, Some(&line.text), line.room);
        let mut rows: Vec<Row> = lines.iter().map(row).chain(others).collect();
        let stop = super::super::stop_flag();
        let work = Work { stop: &stop, ..super::super::work() };
        let measured = work.each(
            rows.len(),
            || (),
            |(), index| {
                voice
                    .clip(&rows[index].cue)
                    .map_or(Ok((None, Vec::new())), |clip| listen(clip, &Work { threads: 1, ..work }))
            },
        )?;
        for (row, (measured, problems)) in rows.iter_mut().zip(measured) {
            (row.measured, row.problems) = (measured, problems);
        }
        judge(&mut rows, &voice);
        if self.json {
            let text = serde_json::to_string_pretty(&rows)
                .map_err(|error| Error::Write { path: "standard output".into(), source: error.into() })?;
            return super::super::print_data(&format!("{text}\n"));
        }
        super::super::print(&table(&rows))
    }
}

impl Row {
    fn of(number: Option<usize>, cue: &str, text: Option<&str>, room: Option<Duration>) -> Row {
        let room = room.map(|room| room.as_secs_f64());
        Row { number, cue: cue.to_owned(), text: text.map(str::to_owned), room, measured: None, problems: Vec::new() }
    }

    /// How many times as long as its words take it is.
    fn times(&self, pace: Pace) -> Option<f64> {
        let (text, measured) = (self.text.as_deref()?, self.measured?);
        let expected = pace.time_for(text).as_secs_f64();
        (expected > 0.0).then(|| measured.seconds / expected)
    }
}

/// Decodes a recording as a session does, and measures it.
fn listen(clip: &ClipFile, work: &Work<'_>) -> Result<(Option<Measured>, Vec<Problem>)> {
    let decoded = match clip.decode(SampleRate::DEFAULT, Lufs::SPEECH) {
        Ok(decoded) => decoded,
        Err(Error::Mistakes(wrong)) => {
            let why = wrong.iter().map(|each| each.message.clone()).collect::<Vec<_>>().join("; ");
            return Ok((None, vec![Problem::new("broken", format!("{why}: record or export it again"))]));
        }
        Err(other) => return Err(other),
    };
    let mut problems = Vec::new();
    for warning in decoded.findings().warnings(&clip.cue) {
        problems.push(match warning.code {
            Code::TapRemoved => Problem::new("tap-removed", "a tap beside the words was left out: nothing to do"),
            Code::TapKept => {
                Problem::new("tap-kept", "a tap, or a very short word that stands alone: hear it, and cut a tap off")
            }
            Code::SilentClip => {
                Problem::new("silent", "nothing is said in it: record it again, nearer to the microphone")
            }
            code => Problem::new(code.word(), warning.message),
        });
    }
    if decoded.silent {
        return Ok((None, problems));
    }
    let measured = measure(clip.content(), decoded.frames().duration(SampleRate::DEFAULT), work)?;
    if measured.is_none() && problems.is_empty() {
        problems.push(Problem::new("silent", "nothing is said in it: record it again, nearer to the microphone"));
    }
    Ok((measured, problems))
}

/// What each recording is beside the others, and beside its words.
fn judge(rows: &mut [Row], voice: &Voice) {
    let spoken =
        rows.iter().filter_map(|row| Some((row.text.as_deref()?, Duration::from_secs_f64(row.measured?.seconds))));
    let pace = Pace::of(spoken.filter(|(text, _)| !speaking_time::of(text).is_zero()));
    let mut levels: Vec<f64> = rows.iter().filter_map(|row| row.measured.map(|found| found.voice_db)).collect();
    levels.sort_by(f64::total_cmp);
    let usual = levels.get(levels.len() / 2).copied().unwrap_or_default();
    for row in rows {
        if voice.clip(&row.cue).is_none() {
            row.problems.push(Problem::new("missing", "yet to be recorded"));
            continue;
        }
        let Some(found) = row.measured else { continue };
        let times = row.times(pace);
        row.problems.extend(sound(found, usual));
        row.problems.extend(row.room.filter(|room| found.seconds > *room).map(|room| {
            let advice =
                format!("{:.1} s, and has {room:.1} s: say it quicker, or give the words more time", found.seconds);
            Problem::new("too-long", advice)
        }));
        row.problems.extend(times.and_then(|times| match times {
            _ if times < OTHER_WORDS[0] => {
                Some(Problem::new("words", "far too short for its words: is it another line?"))
            }
            _ if times > OTHER_WORDS[1] => Some(Problem::new("words", "far too long for its words: is more in it?")),
            _ if times < PACES[0] => Some(Problem::new("pace", "spoken quicker than the others: say it more slowly")),
            _ if times > PACES[1] => Some(Problem::new("pace", "spoken slower than the others: say it quicker")),
            _ => None,
        }));
    }
}

/// What is wrong with the sound of a recording, where the others are of a level.
fn sound(found: Measured, usual: f64) -> Vec<Problem> {
    let mut problems = Vec::new();
    if found.voice_db < QUIET_DB {
        problems.push(Problem::new("too-quiet", "too quiet: speak nearer to the microphone"));
    }
    if found.room_db.is_some_and(|room| found.voice_db - room < NOISY_DB) {
        problems.push(Problem::new("noisy", "the room is heard: record in a quieter one, nearer to the microphone"));
    }
    if found.clipped > 0 {
        problems
            .push(Problem::new("clipped", "too loud: it is distorted; record it again, farther from the microphone"));
    }
    if found.begins_inside {
        problems.push(Problem::new(
            "cut-off",
            "begins in the middle of a sound: record it again, with a moment of silence first",
        ));
    }
    if found.ends_inside {
        problems.push(Problem::new(
            "cut-off",
            "ends in the middle of a sound: record it again, with a moment of silence after",
        ));
    }
    let louder = found.voice_db - usual;
    if louder.abs() > DIFFERENT_DB {
        let than = if louder > 0.0 { "louder" } else { "quieter" };
        let advice = format!("{:.0} dB {than} than the others: keep one distance to the microphone", louder.abs());
        problems.push(Problem::new("level", advice));
    }
    problems
}

/// The rows that have a problem, and what they come to.
fn table(rows: &[Row]) -> String {
    let mut text = String::new();
    let mut recorded = 0;
    for row in rows {
        recorded += usize::from(row.measured.is_some());
        if row.problems.is_empty() {
            continue;
        }
        let number = row.number.map_or_else(String::new, |number| number.to_string());
        let words = row.text.as_deref().unwrap_or("");
        text += &format!("{number:>4}  {}  {words}\n", row.cue);
        for Problem { code, advice } in &row.problems {
            text += &format!("      {code}: {advice}\n");
        }
    }
    let good = rows.iter().filter(|row| row.problems.is_empty()).count();
    let missing = rows.iter().filter(|row| row.problems.iter().any(|each| each.code == "missing")).count();
    text += &format!("{recorded} recordings, {good} of them good; {missing} yet to be made\n");
    text
}
