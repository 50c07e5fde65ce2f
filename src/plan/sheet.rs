//! The timeline while it is being written.

use std::collections::{BTreeMap, HashMap};

use super::timeline::{BreathSpan, Changes, Chapter, ChapterKind, PhaseSpan, Region, Role, Sound, Timeline, Track};
use crate::diagnostic::{Candidates, Code, Diagnostic, Diagnostics, Place, Severity};
use crate::frames::Frames;
use crate::load::language::script::unknown_cue;
use crate::load::language::step::Step;
use crate::load::library::stand_ins::{Replaced, StandIns};
use crate::load::{ClipDurations, Mix, Routine};

/// A step, and when it began.
#[derive(Clone, Copy)]
pub(super) struct Visit<'a> {
    pub(super) step: &'a Step,
    pub(super) start: Frames,
}

/// A cue whose length was asked for, to say it or to see whether it fits: without a recording of it, there is no plan.
pub(super) struct Asked {
    pub(super) cue: String,
    /// The byte of the routine's file at which the step is written.
    pub(super) step: usize,
    /// What it is there for.
    pub(super) role: Role,
    /// When it would begin.
    pub(super) start: Frames,
    /// The time that it has to end in, where there is one.
    pub(super) room: Option<Frames>,
}

/// What has been placed so far, and every mistake that came to light.
pub(super) struct Sheet<'a> {
    /// When each step began.
    visits: Vec<Visit<'a>>,
    /// What was asked for, in order.
    asked: Vec<Asked>,
    sounds: Vec<Sound>,
    /// The index of each sound, by track, whether it is a bell, and cue: a bell may have the name of a cue.
    index: HashMap<(Track, bool, String), usize>,
    regions: Vec<Region>,
    chapters: Vec<Chapter>,
    phases: Vec<PhaseSpan>,
    breaths: Vec<BreathSpan>,
    mistakes: Diagnostics,
    /// The warnings of what an author wrote and nobody hears, by code, file and byte: `None` once it was heard.
    heard: BTreeMap<(Code, String, usize), Option<Diagnostic>>,
    /// Cues in place of which plainer ones are said.
    replaced: BTreeMap<String, String>,
    /// Cues without a recording, with their words.
    unrecorded: BTreeMap<String, String>,
    /// Cues that nothing knows, by file and byte.
    unknown: BTreeMap<(String, usize, String), Place>,
}

impl<'a> Sheet<'a> {
    pub(super) fn new() -> Sheet<'a> {
        Sheet {
            visits: Vec::new(),
            asked: Vec::new(),
            sounds: Vec::new(),
            index: HashMap::new(),
            regions: Vec::new(),
            chapters: Vec::new(),
            phases: Vec::new(),
            breaths: Vec::new(),
            mistakes: Diagnostics::default(),
            heard: BTreeMap::new(),
            replaced: BTreeMap::new(),
            unrecorded: BTreeMap::new(),
            unknown: BTreeMap::new(),
        }
    }

    /// Notes that a step begins.
    pub(super) fn visit(&mut self, step: &'a Step, start: Frames) {
        self.visits.push(Visit { step, start });
    }

    /// The steps, and when each began.
    pub(super) fn take_visits(&mut self) -> Vec<Visit<'a>> {
        std::mem::take(&mut self.visits)
    }

    /// Notes that the length of a cue is asked for.
    pub(super) fn ask(&mut self, asked: Asked) {
        self.asked.push(asked);
    }

    /// The cues whose lengths were asked for.
    pub(super) fn take_asked(&mut self) -> Vec<Asked> {
        std::mem::take(&mut self.asked)
    }

    /// Places a sound; the same sound is kept once.
    pub(super) fn region(&mut self, track: Track, role: Role, sound: Sound, start: Frames, frames: Frames) {
        let bell = matches!(sound, Sound::Bell { instead: None, .. });
        let key = (track, bell, sound.cue().to_owned());
        let sounds = &mut self.sounds;
        let sound = *self.index.entry(key).or_insert_with(|| {
            sounds.push(sound);
            sounds.len() - 1
        });
        self.regions.push(Region { track, role, sound, start, frames });
    }

    pub(super) fn chapter(&mut self, kind: ChapterKind, title: &str, start: Frames) {
        // A chapter in which nothing happened is not worth skipping to.
        if self.chapters.last().is_some_and(|last| last.start == start) {
            self.chapters.pop();
        }
        self.chapters.push(Chapter { kind, title: title.to_owned(), start, frames: Frames::ZERO });
    }

    pub(super) fn phase(&mut self, span: PhaseSpan) {
        if span.frames > Frames::ZERO {
            self.phases.push(span);
        }
    }

    pub(super) fn breath(&mut self, span: BreathSpan) {
        if span.frames > Frames::ZERO {
            self.breaths.push(span);
        }
    }

    pub(super) fn mistake(&mut self, mistake: Diagnostic) {
        self.mistakes.push(mistake);
    }

    /// Notes whether something that an author wrote is heard: in one round is enough.
    pub(super) fn hear(&mut self, (code, place): (Code, &Place), missed: Option<Diagnostic>) {
        let heard =
            self.heard.entry((code, place.source.path.clone(), place.span.start)).or_insert_with(|| missed.clone());
        if missed.is_none() {
            *heard = None;
        }
    }

    /// Notes that a plainer cue is said in place of one that nothing says.
    pub(super) fn replaced(&mut self, cue: &str, by: &str) {
        self.replaced.insert(cue.to_owned(), by.to_owned());
    }

    /// Notes a cue that has no recording: a word that exists is to be recorded; one that does not is a slip.
    pub(super) fn unrecorded(&mut self, cue: &str, place: &Place, routine: &Routine) {
        if let Some(text) = routine.script.get(cue) {
            self.unrecorded.insert(cue.to_owned(), text.clone());
        } else {
            self.unknown.entry((place.source.path.clone(), place.span.start, cue.to_owned())).or_insert(place.clone());
        }
    }

    /// Whether a cue that has words has no recording, or a bell in its place.
    pub(super) fn lacks_recordings(&self) -> bool {
        !self.unrecorded.is_empty()
            || self.sounds.iter().any(|sound| matches!(sound, Sound::Bell { instead: Some(_), .. }))
    }

    /// Takes over what was found to be too long or otherwise worth a warning where lengths were estimated.
    pub(super) fn take_warnings(&mut self, other: Sheet<'_>) {
        let warnings = other.mistakes.iter().filter(|each| each.severity == Severity::Warning);
        warnings.for_each(|warning| self.mistakes.push(warning.clone()));
    }

    /// Takes over what was found to be wrong in another plan of the same routine.
    pub(super) fn take_findings(&mut self, other: Sheet<'_>) {
        self.mistakes.extend(other.mistakes);
        self.unrecorded.extend(other.unrecorded);
        self.unknown.extend(other.unknown);
    }

    /// Everything that is wrong.
    pub(super) fn diagnostics(mut self, routine: &Routine, durations: &ClipDurations) -> Diagnostics {
        if !self.unknown.is_empty() {
            let known = Candidates::new(routine.script.keys().map(String::as_str));
            for ((_, _, cue), place) in &self.unknown {
                self.mistakes.push(unknown_cue(cue, place, &known));
            }
        }
        if !self.unrecorded.is_empty() {
            self.mistakes.push(durations.unrecorded(&self.unrecorded));
        }
        self.mistakes.sort();
        self.mistakes
    }

    /// The timeline, if nothing is wrong with it.
    pub(super) fn finish(
        mut self,
        routine: &Routine,
        durations: &ClipDurations,
        end: Frames,
        mix: &Mix,
    ) -> Result<Timeline, Diagnostics> {
        if self.mistakes.has_errors() || !self.unrecorded.is_empty() || !self.unknown.is_empty() {
            return Err(self.diagnostics(routine, durations));
        }
        let frames = self.regions.iter().map(|region| region.start + region.frames).fold(end, Frames::max);
        // What comes before the first thing that has a name belongs to it.
        match self.chapters.first_mut() {
            Some(first) => first.start = Frames::ZERO,
            None => self.chapter(ChapterKind::Part, &routine.title, Frames::ZERO),
        }
        self.regions.sort_by_key(|region| (region.start, region.track.word(), region.sound));
        let mut next = frames;
        for chapter in self.chapters.iter_mut().rev() {
            chapter.frames = next.saturating_sub(chapter.start);
            next = chapter.start;
        }
        let stand_ins = stand_ins(&self.sounds, self.replaced, durations);
        let mut timeline = Timeline {
            routine: routine.name.clone(),
            title: routine.title.clone(),
            voice: durations.voice.clone(),
            rate: durations.rate,
            frames,
            sounds: self.sounds,
            mix: mix.clone(),
            regions: self.regions,
            under: Vec::new(),
            chapters: self.chapters,
            phases: self.phases,
            breaths: self.breaths,
            unheard: Diagnostics::default(),
            stand_ins,
            changes: Changes::default(),
        };
        self.heard.into_values().flatten().for_each(|missed| timeline.unheard.push(missed));
        timeline.lay_under();
        Ok(timeline)
    }
}

/// What is heard in place of the voice's own recordings.
fn stand_ins(sounds: &[Sound], replaced: BTreeMap<String, String>, durations: &ClipDurations) -> StandIns {
    let lent = |sound: &Sound| {
        let Sound::Clip { file, .. } = sound else { return None };
        durations.borrowed(&file.cue).cloned()
    };
    let mut borrowed: Vec<_> = sounds.iter().filter_map(lent).collect();
    borrowed.sort();
    StandIns { borrowed, replaced: replaced.into_iter().map(|(cue, by)| Replaced { cue, by }).collect() }
}
