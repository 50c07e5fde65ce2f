//! `catcow check`: mistakes in files, and what would leave a listener lost, all at once.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use catcow::diagnostic::{Candidates, Code, Diagnostic, Diagnostics};
use catcow::frames::{SampleRate, clock};
use catcow::gain::Lufs;
use catcow::load::language::programme::{Extent, Programme};
use catcow::load::language::script::Script;
use catcow::load::library::Kind;
use catcow::load::{Library, Routine, Voice};
use catcow::plan::{Missing, lint};
use catcow::session::Builder;
use catcow::work::Work;
use catcow::{Error, Result};
use clap::Args;

use super::Talk;
use super::paper::Paper;
use super::speech::Speaker;

/// What to check.
#[derive(Args)]
pub struct Check {
    /// Files of routines, poses or scripts; names of routines; folders of voices.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The voice that routines are checked with.
    #[arg(long, value_name = "VOICE")]
    voice: Option<OsString>,
    /// What to do with cues that are not recorded.
    #[arg(long, value_name = "WHAT", default_value = "refuse")]
    missing: super::session::MissingCues,
    /// Have a speech program say what the voice lacks: this one, or else that of your settings, or the first that is there.
    #[arg(long, value_name = "PROGRAM", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    speak: Option<String>,
    /// Refuse what would only be warned of.
    #[arg(long)]
    strict: bool,
}

impl Check {
    pub fn run(&self, talk: Talk) -> Result<()> {
        let mut found = Diagnostics::default();
        let mut unread = Vec::new();
        let stop = super::stop_flag_where(self.speak.is_some());
        let work = Work { stop: &stop, ..super::work() };
        for file in &self.files {
            let mut wrong = Diagnostics::default();
            let what = match self.file(file, &mut wrong, talk, &work) {
                Ok(what) => Some(what),
                Err(Error::Mistakes(mistakes)) => {
                    wrong.extend(mistakes);
                    None
                }
                Err(other) => {
                    unread.push(other);
                    continue;
                }
            };
            if let Some(what) = what.filter(|_| !wrong.has_errors()) {
                talk.say(&format!("{}: {what}", file.display()));
            }
            found.extend(wrong);
        }
        if self.strict {
            found.be_strict();
        }
        super::show_all(&found);
        // What could not be read was not looked at: that comes before mistakes in the rest.
        let last = unread.pop();
        unread.iter().for_each(super::show);
        match last {
            Some(error) => Err(error),
            None if found.has_errors() => Err(Error::Mistakes(Diagnostics::default())),
            None => Ok(()),
        }
    }

    /// What a file is; what is wrong with it is added to `found`.
    fn file(&self, path: &Path, found: &mut Diagnostics, talk: Talk, work: &Work<'_>) -> Result<String> {
        let library = super::library()?;
        if path.is_dir() {
            return self.voice(path, &library, found);
        }
        let named = path.to_str().filter(|name| !path.exists() && library.routines().iter().any(|known| known == name));
        if let Some(name) = named {
            let routine = library.routine(name)?;
            let voice = self.speaking(&library, &routine, talk, work)?;
            return self.routine(routine, voice, found);
        }
        let programme =
            path.to_str().filter(|name| !path.exists() && library.programmes().iter().any(|known| known == name));
        if let Some(name) = programme {
            return self.programme(&library.programme(name)?, &library, found);
        }
        match library.kind_of(path)? {
            Kind::Pose(name) => Ok(format!("a pose, {name}")),
            Kind::Programme(source) => self.programme(&library.programme_text(path, &source)?, &library, found),
            Kind::Script(cues) => Ok(format!("a script of {cues} cues")),
            Kind::Routine(source) => {
                let routine = library.routine_text(path, &source)?;
                let voice = self.speaking(&library, &routine, talk, work)?;
                self.routine(routine, voice, found)
            }
        }
    }

    /// The voice of a routine, with what it lacks said by a speech program, where that is asked for.
    fn speaking(&self, library: &Library, routine: &Routine, talk: Talk, work: &Work<'_>) -> Result<Voice> {
        let voice = library.voice(super::settings::voice(self.voice.as_deref())?)?;
        let Some(program) = &self.speak else { return Ok(voice) };
        let program = super::settings::speech_program(Some(program))?;
        Speaker { program, talk, work, again: false }.complete(voice, routine, self.missing.wish())
    }

    fn routine(&self, routine: Routine, voice: Voice, found: &mut Diagnostics) -> Result<String> {
        let unplaced = unplaced(&routine);
        let mut builder = Builder::new(routine, voice);
        builder.wishes.missing = self.missing.wish();
        builder.wishes.mix.wake = super::settings::wake()?;
        let prepared = builder.prepare(&super::work())?;
        found.extend(prepared.lint());
        if found.has_errors() {
            return Ok(String::new());
        }
        let [shortest, longest] = prepared.ranges().clocks(SampleRate::DEFAULT);
        let planned = prepared.plan()?;
        let timeline = planned.timeline();
        let length = clock(timeline.frames.duration(SampleRate::DEFAULT));
        let stand_ins = super::notes::stand_ins_in_words(&timeline.stand_ins);
        let about = format!("a routine of {length} ({shortest} to {longest})");
        Ok([vec![about], stand_ins, unplaced.into_iter().collect()].concat().join("; "))
    }

    /// A programme, whose lengths its routines have to allow.
    fn programme(&self, programme: &Programme, library: &Library, found: &mut Diagnostics) -> Result<String> {
        for dose in programme.weeks.iter().flat_map(|week| &week.sessions) {
            let Extent::Length(length) = dose.extent else { continue };
            let voice = library.voice(super::settings::voice(self.voice.as_deref())?)?;
            let mut builder = Builder::new(library.routine(&dose.routine.value)?, voice);
            (builder.wishes.missing, builder.wishes.mix.wake) = (Missing::Bell, super::settings::wake()?);
            let bounds = builder.prepare(&super::work())?.bounds();
            if !bounds.allow(length, SampleRate::DEFAULT) {
                let [least, most] = bounds.clocks(SampleRate::DEFAULT);
                let name = &dose.routine.value;
                let message = format!("expected a length of {least} to {most} for `{name}`, found {}", clock(length));
                found.push(Diagnostic::error(Code::LengthOutOfRange, message).at(&dose.routine.place, "this session"));
            }
        }
        let number = programme.weeks.len();
        Ok(format!("a programme of {number} {}", if number == 1 { "week" } else { "weeks" }))
    }

    /// A folder of recordings: whether each can be played and can be what its words say, and what is yet to be recorded.
    fn voice(&self, path: &Path, library: &Library, found: &mut Diagnostics) -> Result<String> {
        let (voice, script) = (Voice::folder(path)?, library.script());
        found.extend(voice.strays().clone());
        if voice.cues().next().is_none() && found.is_empty() {
            let none = format!("expected recordings in {}, found none", path.display());
            let help = "name each recording by its cue, such as `cat-cow/inhale.wav`";
            found.push(Diagnostic::error(Code::MissingClip, none).help(help));
        }
        let known = self.known_cues(library);
        let lacking = Candidates::new(known.iter().map(String::as_str).filter(|known| voice.clip(known).is_none()));
        for cue in voice.cues() {
            let Some(clip) = voice.clip(cue) else { continue };
            if !known.contains(cue) {
                found.push(unused(cue, &lacking));
            }
            match clip.decode(SampleRate::DEFAULT, Lufs::SPEECH) {
                Ok(clip) => {
                    clip.findings().warnings(cue).for_each(|warning| found.push(warning));
                    if clip.silent {
                        continue;
                    }
                    let length = clip.frames().duration(SampleRate::DEFAULT);
                    let warning = script.get(cue).and_then(|text| lint::mismatch(cue, text, length));
                    warning.into_iter().for_each(|warning| found.push(warning));
                }
                Err(Error::Mistakes(wrong)) => found.extend(wrong),
                Err(other) => return Err(other),
            }
        }
        to_record(&voice, &script)
    }

    /// Every cue that something could say: what has a name, and the routines that are checked together with the voice.
    fn known_cues(&self, library: &Library) -> BTreeSet<String> {
        let mut known = library.known_cues();
        for file in self.files.iter().filter(|file| file.is_file()) {
            if let (Ok(Kind::Routine(source)), Ok(own)) = (library.kind_of(file), super::library()) {
                known.extend(own.routine_text(file, &source).into_iter().flat_map(|routine| routine.known_cues()));
            }
        }
        known
    }
}

/// What cannot be known of poses that say no position.
fn unplaced(routine: &Routine) -> Option<String> {
    let without = routine.poses().into_iter().filter(|pose| pose.position.is_none());
    let mut names: Vec<_> = without.map(|pose| format!("`{}`", pose.id)).collect();
    names.sort();
    names.dedup();
    let names = (!names.is_empty()).then(|| names.join(", "))?;
    Some(format!("no position is known of {names}: whether the words lead there and back is for you to hear"))
}

/// The warning that nothing says what a recording is named by. The name that was meant is most likely one that has no recording
/// yet.
fn unused(cue: &str, lacking: &Candidates<'_>) -> Diagnostic {
    let message = format!("expected a recording named by a cue, found `{cue}`, which nothing says");
    let warning = Diagnostic::warning(Code::UnusedClip, message);
    match lacking.nearest(cue) {
        Some(near) => warning.help(format!("did you mean `{near}`?")),
        None => warning,
    }
    .help("where a routine of your own says it, name its file too: `catcow check ./my-voice my-routine.toml`")
}

/// What is yet to be recorded, printed; how the voice stands.
fn to_record(voice: &Voice, script: &Script) -> Result<String> {
    let number = match voice.cues().count() {
        1 => "1 recording".to_owned(),
        number => format!("{number} recordings"),
    };
    let lacking: Vec<_> = script.iter().filter(|(cue, _)| voice.clip(cue).is_none()).collect();
    if lacking.is_empty() {
        return Ok(format!("a voice with {number}, every cue of the script among them"));
    }
    // To standard output: a page to take to the microphone.
    let mut paper = Paper::new();
    lacking.iter().for_each(|(cue, text)| paper.line(&format!("{cue}: \"{text}\"")));
    paper.print()?;
    Ok(format!("a voice with {number}; the {} cues listed are yet to be recorded", lacking.len()))
}
