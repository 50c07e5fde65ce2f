//! `catcow voice take`: recordings become the clips of a voice.

use std::ffi::OsString;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use catcow::diagnostic::{Code, Diagnostic};
use catcow::frames::clock;
use catcow::load::audio::envelope;
use catcow::load::files::Content;
use catcow::plan::line::Line;
use catcow::sink::page::take::{Row, page};
use catcow::take::memo::{self, Doubt, Left, LeftOut, Read, Taken};
use catcow::work::Work;
use catcow::{Error, Result};
use clap::Args;

use super::fix::Fix;
use super::folder::VoiceFolder;
use super::recogniser::{Heard, Recogniser};
use super::{at, named};
use crate::cli::Talk;

/// Which recordings, and whose they are.
#[derive(Args)]
pub struct Take {
    /// The voice: a folder, which is made where there is none, or a name among your own voices.
    #[arg(value_name = "VOICE")]
    voice: OsString,
    /// The routine whose lines were read, by name or as the path of a file.
    #[arg(value_name = "ROUTINE")]
    routine: OsString,
    /// One long recording of the script; or a recording for each line: named by the line's number (`12.m4a`) or its cue
    /// (`cat-cow-inhale.m4a`), or in the order of the script.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The lines that were read, by their numbers, such as 5-20,31, instead of those that the voice lacks.
    #[arg(long, value_name = "LINES", value_parser = super::fix::numbers)]
    lines: Option<super::fix::Numbers>,
    /// Take this part of the memo as a line, and leave the others as they are: `12=0:31.2-0:34.0`.
    #[arg(long, value_name = "LINE=FROM-TO", value_parser = super::fix::fix)]
    fix: Vec<Fix>,
    /// A speech recogniser that is installed, to hear whether each line is what is said: a program, with its options, that is given
    /// the path of a recording and prints the words of it.
    #[arg(long, value_name = "COMMAND")]
    recogniser: Option<String>,
}

/// A line, with what was found of it.
struct Outcome<'a> {
    line: &'a Line,
    found: String,
    taken: Taken,
    /// What a recogniser heard in it, where there is one.
    heard: Option<Heard>,
}

impl Take {
    pub fn run(&self, talk: Talk) -> Result<()> {
        let library = super::super::library()?;
        let folder = VoiceFolder::open(super::folder(&self.voice)?)?;
        let lines = super::lines_of(&library, std::slice::from_ref(&self.routine))?;
        let stop = super::super::stop_flag();
        let work = Work { stop: &stop, ..super::super::work() };
        if !self.fix.is_empty() {
            return self.put_right(&lines, &folder, talk, &work);
        }
        let wanted = self.wanted(&lines, &folder)?;
        if wanted.is_empty() {
            talk.say("nothing to take: every line of the class is recorded; with `--lines`, some can be taken again");
            return Ok(());
        }
        let by_line = named::by_line(&self.files, &lines, &wanted)?;
        let (mut outcomes, left_out) = match by_line {
            Some(pairs) => (take_files(pairs, &folder, &work)?, Vec::new()),
            None => self.take_memo(&wanted, &folder, talk, &work)?,
        };
        self.hear(&mut outcomes, &folder, &work)?;
        tell(&outcomes, &left_out, &folder, talk)
    }

    /// The lines that were read.
    fn wanted<'a>(&self, lines: &'a [Line], folder: &VoiceFolder) -> Result<Vec<&'a Line>> {
        if let Some(beyond) = self.lines.as_ref().and_then(|numbers| numbers.beyond(lines.len())) {
            return Err(no_line(beyond, lines.len()).into());
        }
        let is_wanted = |line: &&Line| match &self.lines {
            Some(numbers) => numbers.hold(line.number),
            None => !folder.has(&line.cue),
        };
        Ok(lines.iter().filter(is_wanted).collect())
    }

    /// One long recording, cut at its pauses.
    fn take_memo<'a>(
        &self,
        wanted: &[&'a Line],
        folder: &VoiceFolder,
        talk: Talk,
        work: &Work<'_>,
    ) -> Result<(Vec<Outcome<'a>>, Vec<LeftOut>)> {
        let content = Content::file(&self.files[0]);
        let texts: Vec<&str> = wanted.iter().map(|line| line.text.as_str()).collect();
        let Read { lines, left_out, pace, seconds, rate_hz } = memo::listen(&content, &texts, work)?;
        talk.say(&format!(
            "{}: {}, read at {:.0} % of a calm guide's pace",
            self.files[0].display(),
            clock(std::time::Duration::from_secs_f64(seconds)),
            100.0 / pace
        ));
        let (mut pieces, mut cues) = (Vec::new(), Vec::new());
        for (line, taken) in wanted.iter().zip(&lines) {
            let Some(piece) = &taken.piece else { continue };
            let frame = |seconds: f64| (seconds.max(0.0) * f64::from(rate_hz)) as u64;
            pieces.push(frame(piece.start)..frame(piece.end));
            cues.push(line.cue.as_str());
        }
        folder.make()?;
        envelope::cut(&content, &pieces, work, |index, samples, rate_hz| folder.put(cues[index], samples, rate_hz))?;
        let found = |taken: &Taken| {
            taken.piece.as_ref().map_or_else(String::new, |piece| format!("{}-{}", at(piece.start), at(piece.end)))
        };
        let outcomes =
            wanted.iter().zip(lines).map(|(line, taken)| Outcome { line, found: found(&taken), taken, heard: None });
        Ok((outcomes.collect(), left_out))
    }

    /// Asks the recogniser, where there is one, what is said in each recording.
    fn hear(&self, outcomes: &mut [Outcome<'_>], folder: &VoiceFolder, work: &Work<'_>) -> Result<()> {
        let Some(recogniser) = self.recogniser.as_deref().and_then(Recogniser::of) else { return Ok(()) };
        let (clips, texts): (_, Vec<&str>) =
            (folder.clips(), outcomes.iter().map(|outcome| outcome.line.text.as_str()).collect());
        for (index, outcome) in outcomes.iter_mut().enumerate() {
            work.go_on()?;
            if let Some(clip) = clips.get(&outcome.line.cue).filter(|_| outcome.taken.piece.is_some()) {
                outcome.heard = Some(recogniser.hear(&folder.path().join(clip), &texts, index)?);
            }
        }
        Ok(())
    }

    /// Takes parts of the memo as the lines that they are.
    fn put_right(&self, lines: &[Line], folder: &VoiceFolder, talk: Talk, work: &Work<'_>) -> Result<()> {
        let [file] = &self.files[..] else {
            let message = "`--fix`: expected one memo, found several files";
            return Err(Diagnostic::error(Code::WrongValue, message)
                .help("name the memo that the times are of")
                .into());
        };
        let line = |number: usize| lines.iter().find(|line| line.number == number);
        if let Some(wrong) = self.fix.iter().find(|fix| line(fix.line).is_none()) {
            return Err(no_line(wrong.line, lines.len()).into());
        }
        let content = Content::file(file);
        let heard = envelope::Envelope::read(&content, work)?;
        if let Some(wrong) = self.fix.iter().find(|fix| fix.piece.start >= heard.seconds()) {
            let (from, end) = (at(wrong.piece.start), at(heard.seconds()));
            let message = format!("`--fix`: expected a time in the memo, which ends at {end}, found {from}");
            return Err(Diagnostic::error(Code::WrongValue, message)
                .help("the page beside the voice has the times")
                .into());
        }
        let frame = |seconds: f64| (seconds * f64::from(heard.rate_hz)) as u64;
        let pieces: Vec<_> = self.fix.iter().map(|fix| frame(fix.piece.start)..frame(fix.piece.end)).collect();
        folder.make()?;
        envelope::cut(&content, &pieces, work, |index, samples, rate_hz| {
            let line = line(self.fix[index].line);
            line.map_or(Ok(()), |line| folder.put(&line.cue, samples, rate_hz))
        })?;
        for fix in &self.fix {
            let Some(line) = line(fix.line) else { continue };
            talk.say(&format!("{}: {}", folder.path().join(format!("{}.wav", line.cue)).display(), line.text));
        }
        folder.tell(talk);
        Ok(())
    }
}

/// A recording for each line. All are heard before the first is put in its place.
fn take_files<'a>(pairs: Vec<(&'a Line, &Path)>, folder: &VoiceFolder, work: &Work<'_>) -> Result<Vec<Outcome<'a>>> {
    let mut mistakes = catcow::diagnostic::Diagnostics::default();
    let mut outcomes = Vec::new();
    for (line, file) in &pairs {
        match memo::listen(&Content::file(*file), &[&line.text], work) {
            Ok(mut read) => {
                let taken = read.lines.pop().unwrap_or_default();
                // How fast a speaker is cannot be told by one line.
                let times = match taken.piece {
                    Some(_) => read.pace,
                    None => read.seconds / line.estimate.as_secs_f64().max(0.1),
                };
                let doubts = if (0.6..=1.7).contains(&times) { Vec::new() } else { vec![Doubt::Length(times)] };
                let taken = Taken { doubts, piece: taken.piece.or(Some(0.0..read.seconds)) };
                outcomes.push(Outcome { line, found: file.display().to_string(), taken, heard: None });
            }
            Err(Error::Mistakes(wrong)) => mistakes.extend(wrong),
            Err(other) => return Err(other),
        }
    }
    if mistakes.has_errors() {
        return Err(mistakes.into());
    }
    folder.make()?;
    pairs.iter().try_for_each(|(line, file)| folder.put_file(&line.cue, file))?;
    Ok(outcomes)
}

/// Says what is doubtful, and writes the page on which it can be heard.
fn tell(outcomes: &[Outcome<'_>], left_out: &[LeftOut], folder: &VoiceFolder, talk: Talk) -> Result<()> {
    let number = |index: usize| outcomes.get(index).map_or(0, |other| other.line.number);
    let clips = folder.clips();
    let row = |outcome: &Outcome<'_>| Row {
        number: outcome.line.number,
        text: outcome.line.text.clone(),
        clip: clips.get(&outcome.line.cue).cloned(),
        found: outcome.found.clone(),
        doubts: doubts(outcome, number),
    };
    let rows: Vec<Row> = outcomes.iter().map(row).collect();
    let left: Vec<String> = left_out.iter().map(left_in_words).collect();
    let mut text = String::new();
    for row in rows.iter().filter(|row| !row.doubts.is_empty()) {
        let found = if row.found.is_empty() { "-" } else { &row.found };
        let _ = writeln!(text, "{:>4}  {found}  {}\n      {}", row.number, row.text, row.doubts.join("; "));
    }
    left.iter().for_each(|left| text += &format!("left out  {left}\n"));
    super::super::print(&text)?;
    let fix = "To take another part of the memo as a line: catcow voice take VOICE ROUTINE MEMO --fix 12=0:31.2-0:34.0";
    let path = folder.write_page(&page("What was taken", &rows, &left, fix))?;
    let doubtful = rows.iter().filter(|row| !row.doubts.is_empty()).count();
    let taken = outcomes.iter().filter(|outcome| outcome.taken.piece.is_some()).count();
    talk.say(&format!(
        "{}: {taken} of {} lines taken, {doubtful} doubtful; hear them in {}",
        folder.path().display(),
        rows.len(),
        path.display()
    ));
    folder.tell(talk);
    Ok(())
}

/// The mistake of naming a line that there is none of.
fn no_line(number: usize, last: usize) -> Diagnostic {
    let message = format!("expected the number of a line, 1 to {last}, found {number}");
    Diagnostic::error(Code::WrongValue, message).help("`catcow voice script ROUTINE --all` numbers them")
}

/// What makes a line doubtful, in words: what a recogniser heard settles what its length and its neighbours leave open.
fn doubts(outcome: &Outcome<'_>, number: impl Fn(usize) -> usize + Copy) -> Vec<String> {
    let open = |doubt: &&Doubt| {
        matches!(doubt, Doubt::Absent | Doubt::Level(_)) || !matches!(outcome.heard, Some(Heard::Line))
    };
    let mut doubts: Vec<String> =
        outcome.taken.doubts.iter().filter(open).map(|doubt| in_words(*doubt, number)).collect();
    match &outcome.heard {
        Some(Heard::Other(other)) => doubts.push(format!("the recogniser hears line {}", number(*other))),
        Some(Heard::Else(words)) if words.is_empty() => doubts.push("the recogniser hears no words".into()),
        Some(Heard::Else(words)) => doubts.push(format!("the recogniser hears \"{words}\"")),
        Some(Heard::Line) | None => {}
    }
    doubts
}

/// Why a line is doubtful; `number` is that of another line by its index.
fn in_words(doubt: Doubt, number: impl Fn(usize) -> usize) -> String {
    match doubt {
        Doubt::Absent => "not found".into(),
        Doubt::Uncertain(sure) => format!("may be another line: {:.0} % sure", sure * 100.0),
        Doubt::Length(times) if times > 1.0 => format!("{times:.1} times as long as its words"),
        Doubt::Length(times) => format!("only {:.0} % as long as its words", times * 100.0),
        Doubt::Level(louder) if louder > 0.0 => format!("{louder:.0} dB louder than the others"),
        Doubt::Level(louder) => format!("{:.0} dB quieter than the others", -louder),
        Doubt::Alike(other) => format!("sounds like line {}: perhaps one of them was said twice", number(other)),
        Doubt::Beside(seconds) => format!("something else is said beside it, at {}", at(seconds)),
    }
}

fn left_in_words(left: &LeftOut) -> String {
    let what = match left.what {
        Left::Noise => "a noise",
        Left::Repeat => "said again after it",
        Left::Voice => "a voice that is no line",
    };
    format!("{}-{}: {what}", at(left.piece.start), at(left.piece.end))
}
