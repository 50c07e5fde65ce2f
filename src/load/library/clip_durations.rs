//! How long each cue of a routine is in a voice: all that planning needs to know of recordings.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::stand_ins::Borrowed;
use super::voice::Voice;
use crate::advice::Advice;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::error::{Error, Result};
use crate::frames::{Frames, SampleRate};
use crate::load::audio::ClipCache;
use crate::load::audio::clip::Findings;
use crate::load::audio::clip_file::ClipFile;
use crate::load::language::house_cues;
use crate::load::language::routine::{Bell, Routine};
use crate::load::language::speaking_time::Pace;
use crate::work::{Stage, Work};

/// The recordings that a routine could use, and their lengths: see [`Prepared::durations`](crate::session::Prepared::durations).
#[derive(Clone, Debug)]
pub struct ClipDurations {
    /// The rate that the lengths are counted at.
    pub rate: SampleRate,
    /// The id of the voice.
    pub voice: String,
    /// What is worth a look in the recordings, though nothing is refused.
    pub warnings: Diagnostics,
    /// The voice's folder, where it is not built in.
    folder: Option<PathBuf>,
    clips: BTreeMap<String, (Arc<ClipFile>, Frames)>,
    /// What other voices say, by cue.
    borrowed: BTreeMap<String, Borrowed>,
    /// The plainer cues that are said in place of those that nothing says.
    plainer: BTreeMap<String, String>,
    /// About how long cues would be that have no recording yet.
    estimated: BTreeMap<String, Frames>,
}

impl ClipDurations {
    /// Measures every recording that `routine` could use.
    ///
    /// # Errors
    /// Recordings that cannot be read: all of them at once; someone wants it to stop.
    pub(crate) fn measure(
        routine: &Routine,
        voice: &Voice,
        cache: &ClipCache,
        work: &Work<'_>,
    ) -> Result<ClipDurations> {
        let clips_used = routine.cues_when_played();
        let (mut words, mut borrowed) = (Vec::new(), BTreeMap::new());
        for cue in &clips_used {
            // Where an author gave a cue other words, what a voice says that is built in is not that cue.
            let Some((file, lender)) = voice.find(cue, routine.script.get(cue).map(String::as_str)) else { continue };
            words.push(Arc::clone(file));
            borrowed.extend(lender.map(|lender| (cue.clone(), lender.lends(cue))));
        }
        let bells = routine.bells.iter().map(|(bell, content)| Arc::new(ClipFile::bell(*bell, content.clone())));
        let files: Vec<_> = words.into_iter().chain(bells).collect();
        let mut clips = BTreeMap::new();
        let (mut mistakes, mut warnings) = (Diagnostics::default(), Diagnostics::default());
        for (file, measured) in measure_all(&files, cache, work)? {
            match measured {
                Ok((frames, findings)) => {
                    findings.warnings(&file.cue).for_each(|warning| warnings.push(warning));
                    clips.insert(file.cue.clone(), (file, frames));
                }
                Err(Error::Mistakes(wrong)) => mistakes.extend(wrong),
                Err(other) => return Err(other),
            }
        }
        if mistakes.has_errors() {
            return Err(mistakes.into());
        }
        let plainer = plainer(routine, &clips_used, &clips);
        let (rate, folder) = (cache.rate(), voice.folder.clone());
        Ok(ClipDurations {
            rate,
            voice: voice.id.clone(),
            warnings,
            folder,
            clips,
            borrowed,
            plainer,
            estimated: BTreeMap::new(),
        })
    }

    /// The cue that is said in place of another, where nothing says that one.
    pub fn plainer(&self, cue: &str) -> Option<&str> {
        self.plainer.get(cue).map(String::as_str)
    }

    /// Who says a cue, where it is not the voice at hand.
    pub fn borrowed(&self, cue: &str) -> Option<&Borrowed> {
        self.borrowed.get(cue)
    }

    fn get(&self, cue: &str) -> Option<&(Arc<ClipFile>, Frames)> {
        self.clips.get(cue).or_else(|| self.clips.get(self.plainer.get(cue)?))
    }

    /// The length of a cue's recording, or of the plainer cue that is said in its place, where there is one; or an estimate of it,
    /// where that was asked for.
    pub fn frames(&self, cue: &str) -> Option<Frames> {
        self.get(cue).map(|(_, frames)| *frames).or_else(|| self.estimated.get(cue).copied())
    }

    /// An estimate of every cue of a routine that has words, as nothing were recorded, by a speaker of this pace.
    pub(crate) fn of_words(routine: &Routine, rate: SampleRate, pace: Pace) -> ClipDurations {
        let estimate = |text: &str| rate.frames(pace.time_for(text));
        let estimated = routine.script.iter().map(|(cue, text)| (cue.clone(), estimate(text))).collect();
        let (warnings, clips) = (Diagnostics::default(), BTreeMap::new());
        let (borrowed, plainer) = (BTreeMap::new(), BTreeMap::new());
        ClipDurations { rate, voice: String::new(), warnings, folder: None, clips, borrowed, plainer, estimated }
    }

    /// The same, with an estimate for every cue of the routine that has words and no recording, at the pace of the recordings that
    /// there are; `None` where nothing is to be estimated.
    pub(crate) fn estimated(&self, routine: &Routine) -> Option<ClipDurations> {
        let pace = self.pace(routine);
        let lacks = |(cue, _): &(&String, &String)| self.get(cue).is_none();
        let estimate = |text: &str| self.rate.frames(pace.time_for(text));
        let words = routine.script.iter().filter(lacks);
        let estimated: BTreeMap<_, _> = words.map(|(cue, text)| (cue.clone(), estimate(text))).collect();
        (!estimated.is_empty()).then(|| ClipDurations { estimated, ..self.clone() })
    }

    /// How fast the speaker is whose recordings these are.
    pub fn pace(&self, routine: &Routine) -> Pace {
        Pace::of(self.clips.iter().filter_map(|(cue, (_, frames))| {
            routine.script.get(cue).map(|text| (text.as_str(), frames.duration(self.rate)))
        }))
    }

    /// Whether the length of a cue is estimated.
    pub(crate) fn is_estimated(&self, cue: &str) -> bool {
        self.estimated.contains_key(cue)
    }

    /// A cue's recording, or that of the plainer cue that is said in its place.
    pub fn file(&self, cue: &str) -> Option<&Arc<ClipFile>> {
        self.get(cue).map(|(file, _)| file)
    }

    /// The sound that rings in place of a bell, and how long it is, where the routine has one.
    pub fn bell(&self, bell: Bell) -> Option<(&Arc<ClipFile>, Frames)> {
        self.clips.get(&ClipFile::bell_name(bell)).map(|(file, frames)| (file, *frames))
    }

    /// The mistake that cues, here with their words, have no recording: which file each is to become.
    pub fn unrecorded(&self, cues: &BTreeMap<String, String>) -> Diagnostic {
        let (number, voice) = (cues.len(), &self.voice);
        let message = format!(
            "expected a recording of every cue that is said, found {number} without one in the voice `{voice}`"
        );
        let mistake = Diagnostic::error(Code::MissingClip, message);
        let mistake = match &self.folder {
            Some(folder) => cues
                .iter()
                .fold(mistake, |mistake, (cue, text)| {
                    mistake.help(format!("record \"{text}\" as {}", folder.join(format!("{cue}.wav")).display()))
                })
                .help(Advice::SpeakThem),
            None => {
                let all = cues.iter().fold(mistake, |mistake, (cue, text)| mistake.help(format!("{cue}: \"{text}\"")));
                let first = cues.keys().next().map_or("", String::as_str);
                all.help(Advice::SpeakThem).help(Advice::RecordVoice { voice: voice.clone(), first: first.to_owned() })
            }
        };
        mistake.help(Advice::RingInstead)
    }

    /// The cues that are recorded.
    pub fn cues(&self) -> impl Iterator<Item = &str> {
        self.clips.keys().map(String::as_str)
    }
}

/// The plainer cues that are said in place of those that nothing says. What an author gave words of its own is to be heard itself.
fn plainer<T>(routine: &Routine, used: &BTreeSet<String>, clips: &BTreeMap<String, T>) -> BTreeMap<String, String> {
    let lacking = |cue: &&String| {
        !clips.contains_key(*cue) && routine.script.contains_key(*cue) && !routine.own_words.contains_key(*cue)
    };
    let found = |cue: &String| house_cues::plainer(cue).filter(|by| clips.contains_key(by)).map(|by| (cue.clone(), by));
    used.iter().filter(lacking).filter_map(found).collect()
}

/// A recording, its length, and what is worth a look in it.
type MeasuredClip = (Arc<ClipFile>, Result<(Frames, Findings)>);

/// Decodes what has to be decoded, on several threads; the order stays the files'.
fn measure_all(files: &[Arc<ClipFile>], cache: &ClipCache, work: &Work<'_>) -> Result<Vec<MeasuredClip>> {
    let measure = |file: &Arc<ClipFile>| (Arc::clone(file), cache.measure(file));
    if files.iter().all(|file| file.known_frames(cache.rate()).is_some()) {
        return Ok(files.iter().map(measure).collect());
    }
    let (done, total) = (AtomicU64::new(0), files.len() as u64);
    let task = |(): &mut (), index: usize| {
        let measured = measure(&files[index]);
        work.tell(Stage::Recordings, done.fetch_add(1, Ordering::Relaxed) + 1, total);
        Ok(measured)
    };
    work.each(files.len(), || (), task)
}
