//! How long each cue of a routine is in a voice: all that planning needs to know of recordings.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::voice::Voice;
use crate::advice::Advice;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::error::{Error, Result};
use crate::frames::{Frames, SampleRate};
use crate::load::audio::ClipCache;
use crate::load::audio::clip::Findings;
use crate::load::audio::clip_file::ClipFile;
use crate::load::language::routine::{Bell, Routine};
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
        let clips_used = routine.cues();
        // Where an author gave a cue other words, what a voice says that is built in is not that cue.
        let is_it = |file: &&Arc<ClipFile>| routine.script.get(&file.cue).is_none_or(|text| file.may_say(text));
        let words = clips_used.iter().filter_map(|cue| voice.clip(cue)).filter(is_it);
        let bells = routine.bells.iter().map(|(bell, content)| Arc::new(ClipFile::bell(*bell, content.clone())));
        let files: Vec<_> = words.cloned().chain(bells).collect();
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
        let (rate, folder) = (cache.rate(), voice.folder.clone());
        Ok(ClipDurations { rate, voice: voice.id.clone(), warnings, folder, clips })
    }

    /// The length of a cue's recording, where it has one.
    pub fn frames(&self, cue: &str) -> Option<Frames> {
        self.clips.get(cue).map(|(_, frames)| *frames)
    }

    /// A cue's recording.
    pub fn file(&self, cue: &str) -> Option<&Arc<ClipFile>> {
        self.clips.get(cue).map(|(file, _)| file)
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
            Some(folder) => cues.iter().fold(mistake, |mistake, (cue, text)| {
                mistake.help(format!("record \"{text}\" as {}", folder.join(format!("{cue}.wav")).display()))
            }),
            None => {
                let all = cues.iter().fold(mistake, |mistake, (cue, text)| mistake.help(format!("{cue}: \"{text}\"")));
                let first = cues.keys().next().map_or("", String::as_str);
                all.help(Advice::RecordVoice { voice: voice.clone(), first: first.to_owned() })
            }
        };
        mistake.help(Advice::RingInstead)
    }

    /// The cues that are recorded.
    pub fn cues(&self) -> impl Iterator<Item = &str> {
        self.clips.keys().map(String::as_str)
    }
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
