//! A speech program says what a voice lacks. What it said once is kept, so that it is asked for new words only.

mod cache;
mod failure;
mod many;
pub mod presets;
mod program;
mod pronounce;
mod run;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use catcow::diagnostic::{Code, Diagnostic, Diagnostics};
use catcow::load::audio::made;
use catcow::load::files::Content;
use catcow::load::{Routine, Voice};
use catcow::plan::Missing;
use catcow::work::Work;
use catcow::{Error, Result};
use indicatif::{ProgressBar, ProgressStyle};
use tempfile::TempDir;

use self::cache::Cache;
use self::failure::Failure;
use self::many::Saying;
pub use self::program::Program;
use self::run::{Patience, Trouble};
use super::Talk;

/// How long a program may take for one cue, where nobody says otherwise.
const LIMIT: Duration = Duration::from_secs(60);

/// After so many failures at the start, the others are not tried: it is the program, not the words.
const ENOUGH_FAILURES: usize = 3;

/// A speech program at work.
pub struct Speaker<'a> {
    pub program: Program,
    pub talk: Talk,
    pub work: &'a Work<'a>,
    /// Whether what was said already is said again.
    pub again: bool,
}

/// What came of it.
pub struct Spoken {
    /// Every cue that has a sound now, with its words.
    pub clips: Vec<(String, (String, Content))>,
    /// How many of them are new.
    pub made: usize,
    failures: Vec<(String, String, Failure)>,
    /// How many were not tried, as all before them failed.
    untried: usize,
}

/// Words that are to be said, and every cue that they are the words of.
struct Job {
    path: PathBuf,
    /// The words as the program is to read them.
    text: String,
    cues: Vec<(String, String)>,
}

impl Speaker<'_> {
    /// The voice, with what it lacks for a routine said by the program.
    ///
    /// # Errors
    /// Cues that it does not say, unless bells ring in their place; the cache cannot be written to; someone wants it to stop.
    pub fn complete(&self, voice: Voice, routine: &Routine, missing: Missing) -> Result<Voice> {
        let spoken = self.speak(voice.lacking(routine), &voice.pronunciations())?;
        let failed = spoken.failed(&self.program, missing == Missing::Refuse);
        if failed.has_errors() {
            return Err(failed.into());
        }
        self.talk.warn(&failed);
        Ok(voice.falling_back_on(Voice::made(&self.program.name, spoken.clips)))
    }

    /// Says every cue, with its words, that was not said already.
    ///
    /// # Errors
    /// The cache cannot be written to; someone wants it to stop. What was said until then stays.
    pub fn speak(&self, cues: BTreeMap<String, String>, pronunciations: &BTreeMap<String, String>) -> Result<Spoken> {
        let cache = Cache::open()?;
        // What is written for the voice comes before what is known of the program.
        let mut spellings = self.program.spellings.clone();
        spellings.extend(pronunciations.clone());
        let mut jobs: BTreeMap<PathBuf, Job> = BTreeMap::new();
        let mut clips = Vec::new();
        for (cue, words) in cues {
            let text = pronounce::spelt(&words, &spellings);
            let path = cache.path(&self.program.identity, &text);
            match Cache::find(&path).filter(|_| !self.again) {
                Some(content) => clips.push((cue, (words, content))),
                None => {
                    let job = jobs.entry(path.clone()).or_insert(Job { path, text, cues: Vec::new() });
                    job.cues.push((cue, words));
                }
            }
        }
        let jobs: Vec<Job> = jobs.into_values().collect();
        let mut spoken = Spoken { clips, made: 0, failures: Vec::new(), untried: 0 };
        if jobs.is_empty() {
            return Ok(spoken);
        }
        let run = Run::new(self, &cache, &jobs)?;
        let said = run.say();
        run.bar.finish_and_clear();
        said?;
        let outcomes = run.outcomes.into_inner().unwrap_or_else(PoisonError::into_inner);
        for (job, outcome) in jobs.into_iter().zip(outcomes) {
            spoken.take(job, outcome);
        }
        cache.tidy();
        Ok(spoken)
    }
}

impl Spoken {
    fn take(&mut self, job: Job, outcome: Option<Result<Content, Failure>>) {
        match outcome {
            Some(Ok(content)) => {
                self.made += job.cues.len();
                let clip = |(cue, words): (String, String)| (cue, (words, content.clone()));
                self.clips.extend(job.cues.into_iter().map(clip));
            }
            Some(Err(failure)) => {
                self.failures.extend(job.cues.into_iter().map(|(cue, words)| (cue, words, failure.clone())));
            }
            None => self.untried += job.cues.len(),
        }
    }

    /// What was not said, cue by cue; errors where that is refused.
    pub fn failed(&self, program: &Program, strict: bool) -> Diagnostics {
        let (mut all, name) = (Diagnostics::default(), &program.name);
        let absent = self.failures.iter().find_map(|(_, _, failure)| match failure {
            Failure::Absent(why) => Some(why),
            _ => None,
        });
        if let Some(why) = absent {
            let message = format!("expected the speech program `{name}`, found that it cannot be started: {why}");
            let make = if strict { Diagnostic::error } else { Diagnostic::warning };
            all.push(make(Code::SpeechProgram, message).help(program.install.clone()));
            return all;
        }
        self.failures.iter().for_each(|(cue, words, failure)| all.push(failure.diagnostic(name, cue, words, strict)));
        if self.untried > 0 {
            let message =
                format!("expected `{name}` to say {} cues more, which were not tried: all before failed", self.untried);
            let make = if strict { Diagnostic::error } else { Diagnostic::warning };
            all.push(make(Code::UnspokenCue, message).help(program.install.clone()));
        }
        all
    }
}

/// One run through everything that is to be said.
struct Run<'a> {
    speaker: &'a Speaker<'a>,
    cache: &'a Cache,
    jobs: &'a [Job],
    outcomes: Mutex<Vec<Option<Result<Content, Failure>>>>,
    made: AtomicUsize,
    failed: AtomicUsize,
    bar: ProgressBar,
    /// Where programs write.
    folder: TempDir,
    limit: Duration,
}

impl<'a> Run<'a> {
    fn new(speaker: &'a Speaker<'a>, cache: &'a Cache, jobs: &'a [Job]) -> Result<Run<'a>> {
        let folder = tempfile::Builder::new().prefix("catcow-speech-").tempdir();
        let folder = folder.map_err(Error::writing(&std::env::temp_dir()))?;
        let seconds = std::env::var("CATCOW_SPEAK_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
        let limit = seconds.filter(|seconds| *seconds > 0).map_or(LIMIT, Duration::from_secs);
        // A picture that moves is drawn by whoever draws alone.
        let draws = speaker.talk.shows_progress() && !super::pen::has_begun();
        let bar = if draws { bar(jobs.len(), &speaker.program.name) } else { ProgressBar::hidden() };
        if !draws {
            speaker.talk.say(&format!("`{}` says {} …", speaker.program.name, counted(jobs.len(), "new text")));
        }
        let outcomes = Mutex::new(jobs.iter().map(|_| None).collect());
        let (made, failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Ok(Run { speaker, cache, jobs, outcomes, made, failed, bar, folder, limit })
    }

    fn say(&self) -> Result<()> {
        if self.speaker.program.says_many { self.say_many() } else { self.say_each() }
    }

    /// A run of the program for each, several at a time.
    fn say_each(&self) -> Result<()> {
        let one = |(): &mut (), index: usize| {
            if self.gives_up() {
                return Ok(());
            }
            let (job, program, out) = (&self.jobs[index], &self.speaker.program, self.out(index));
            let words = program.words(&job.text, &out);
            let input = program.reads_input().then(|| format!("{}\n", job.text));
            match run::run(&words, &out, input, self.patience()) {
                Err(trouble) => self.note(index, Err(self.failure(trouble)?)),
                Ok(ran) if !ran.status.success() => self.note(index, Err(Failure::of_status(ran.status, &ran.said))),
                Ok(ran) => self.heard(index, &out, ran.written)?,
            }
            Ok(())
        };
        self.speaker.work.each(self.jobs.len(), || (), one).map(drop)
    }

    /// One run for all; another for what is left where a saying ended it.
    fn say_many(&self) -> Result<()> {
        let words = self.speaker.program.words("", Path::new(""));
        let saying = |index: usize| Saying { text: self.jobs[index].text.clone(), out: self.out(index) };
        let mut first = 0;
        while first < self.jobs.len() && !self.gives_up() {
            let sayings: Vec<Saying> = (first..self.jobs.len()).map(saying).collect();
            let mut wrong = None;
            let tell = |index: usize, outcome: Result<(), Failure>| {
                let out = &sayings[index].out;
                let noted = match outcome {
                    Ok(()) => self.heard(first + index, out, Vec::new()),
                    Err(failure) => {
                        self.note(first + index, Err(failure));
                        Ok(())
                    }
                };
                wrong = noted.err();
                wrong.is_none() && !self.gives_up()
            };
            match many::say(&words, &sayings, self.patience(), tell) {
                Ok(done) => first += done,
                Err(trouble) => {
                    self.note(first, Err(self.failure(trouble)?));
                    return Ok(());
                }
            }
            wrong.map_or(Ok(()), Err)?;
        }
        Ok(())
    }

    /// Takes in what the program wrote: the file, or else what came to standard output.
    fn heard(&self, index: usize, out: &Path, written: Vec<u8>) -> Result<()> {
        let bytes = run::file(out).filter(|bytes| !bytes.is_empty()).unwrap_or(written);
        let _ = std::fs::remove_file(out);
        if bytes.is_empty() {
            self.note(index, Err(Failure::Silent));
            return Ok(());
        }
        let outcome = match made::plain_recording(&bytes, "wav") {
            Ok(recording) => Ok(self.cache.keep(&self.jobs[index].path, &recording)?),
            Err(why) => Err(failure::of_bytes(&bytes, why)),
        };
        self.note(index, outcome);
        Ok(())
    }

    fn note(&self, index: usize, outcome: Result<Content, Failure>) {
        match &outcome {
            Ok(_) => self.made.fetch_add(1, Ordering::Relaxed),
            // It will not be there for the next words either.
            Err(Failure::Absent(_)) => self.failed.fetch_add(ENOUGH_FAILURES, Ordering::Relaxed),
            Err(_) => self.failed.fetch_add(1, Ordering::Relaxed),
        };
        self.bar.inc(1);
        self.outcomes.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(outcome);
    }

    fn failure(&self, trouble: Trouble) -> Result<Failure> {
        Ok(match trouble {
            Trouble::Stopped => return Err(Error::Interrupted),
            Trouble::Hung => Failure::Hung(self.limit.as_secs()),
            Trouble::Start(why) if why.kind() == std::io::ErrorKind::NotFound => {
                Failure::Absent("there is no such program".into())
            }
            Trouble::Start(why) => Failure::Absent(why.to_string()),
        })
    }

    fn gives_up(&self) -> bool {
        self.made.load(Ordering::Relaxed) == 0 && self.failed.load(Ordering::Relaxed) >= ENOUGH_FAILURES
    }

    fn out(&self, index: usize) -> PathBuf {
        self.folder.path().join(format!("{index}.wav"))
    }

    fn patience(&self) -> Patience<'_> {
        Patience { limit: self.limit, stop: self.speaker.work.stop }
    }
}

fn bar(total: usize, program: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} {msg}");
    let bar = ProgressBar::new(total as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.with_message(format!("said by {program}"))
}

/// A number of things.
pub fn counted(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}
