//! One file of a catalogue: looked at, and made where it is not there as it is to be.

use catcow::diagnostic::Diagnostics;
use catcow::frames::{FrameRange, Frames, clock};
use catcow::load::Library;
use catcow::session::Planned;
use catcow::sink::file::about::About;
use catcow::sink::file::catalogue::{Folder, Record, foreign, key, stem};
use catcow::sink::file::encoding::Encoding;
use catcow::sink::file::identity::Outputs;
use catcow::sink::file::output::Output;
use catcow::sink::file::{Extent, FileFormat, Job};
use catcow::sink::page::print::Paper;
use catcow::sink::page::{PAGES, Subject, chapters};
use catcow::work::Work;
use catcow::{Error, Result};

use super::super::target;
use super::items::Item;
use crate::cli::session::{Form, Options, Which};
use crate::cli::{Talk, notes};

/// What makes the files of a catalogue.
pub struct Maker<'a> {
    pub library: &'a Library,
    pub folder: &'a Folder,
    pub options: &'a Options,
    pub format: &'static FileFormat,
    pub encoding: Encoding,
    pub days: Days,
    /// Whether chapters, words and picture are written beside the sound, for a feed.
    pub writes_beside: bool,
}

/// The day that a file says it was made.
pub struct Days {
    /// The one that is asked for.
    pub pinned: Option<String>,
    pub today: String,
}

/// What was found out about a file.
pub struct Looked {
    pub title: String,
    pub state: State,
    /// What is worth a look, and what became of wishes.
    pub warnings: Diagnostics,
    pub notes: Vec<String>,
}

/// How a file stands.
pub enum State {
    /// It is there as it is to be.
    Unchanged(Record),
    /// It is to be made; how many frames it will have.
    ToMake(u64),
    /// It was made.
    Made(Record),
    /// It cannot last so long; how short and how long it can be.
    LeftOut([String; 2]),
    Failed(Error),
}

/// A session on its way to its file.
struct Draft {
    planned: Planned,
    about: About,
    record: Record,
    is_there: bool,
}

impl Maker<'_> {
    /// Looks at a file: whether it can be made, and has to be.
    ///
    /// # Errors
    /// Someone wants it to stop. All else that is wrong is a state.
    pub fn look(&self, item: &Item, work: &Work<'_>) -> Result<Looked> {
        let mut looked = Looked {
            title: String::new(),
            state: State::ToMake(0),
            warnings: Diagnostics::default(),
            notes: Vec::new(),
        };
        let state = self.draft(item, &mut looked, work).and_then(|draft| match draft {
            Ok(draft) if draft.is_there => self.with_pages(&draft).map(State::Unchanged),
            Ok(draft) => Ok(State::ToMake(draft.planned.timeline().frames.0)),
            Err(bounds) => Ok(State::LeftOut(bounds)),
        });
        looked.state = settled(state)?;
        Ok(looked)
    }

    /// Makes a file.
    ///
    /// # Errors
    /// Someone wants it to stop; the disk is full.
    pub fn make(&self, item: &Item, looked: &mut Looked, work: &Work<'_>) -> Result<()> {
        let state = self.draft(item, looked, work).and_then(|draft| match draft {
            Ok(draft) => self.write(draft, item, looked, work).map(State::Made),
            Err(bounds) => Ok(State::LeftOut(bounds)),
        });
        looked.state = settled(state)?;
        Ok(())
    }

    /// The session of a file; or how short and how long it can be, where it cannot be as long as is wanted.
    fn draft(&self, item: &Item, looked: &mut Looked, work: &Work<'_>) -> Result<Result<Draft, [String; 2]>> {
        let path = self.folder.at(&item.name);
        let mut options = self.options.clone();
        options.wanted.voice = Some(item.voice.clone());
        options.wanted.length = item.length.or(options.wanted.length);
        let outputs = Outputs::new([("--output", path.clone())])?;
        let form = Form::of(self.format, self.encoding.quality);
        let talk = Talk { quiet: true, pager: false };
        let (prepared, notes) =
            options.prepare(self.library, Which::Named(&item.routine), &outputs, form, talk, work)?;
        looked.title.clone_from(&prepared.routine().title);
        let (bounds, rate) = (prepared.bounds(), prepared.durations().rate);
        if item.length.is_some_and(|length| !bounds.allow(length, rate)) {
            return Ok(Err(bounds.clocks(rate)));
        }
        (looked.warnings, looked.notes) = (prepared.warnings().clone(), notes);
        let planned = prepared.plan()?;
        let timeline = planned.timeline();
        looked.notes.extend(notes::of_changes(timeline));
        looked.notes.extend(notes::of_stand_ins(&timeline.stand_ins));
        let extent = Extent { frames: timeline.frames, rate, channels: planned.channels() };
        (self.format.check)(&extent, self.encoding)?;
        let (about, session) = (About::planned(&planned), planned.digest()?);
        let former = self.folder.record(&item.name);
        if former.is_none() && path.symlink_metadata().is_ok() && !target::is_own(&path) {
            return Err(foreign(path));
        }
        let ending = item.name.rsplit('.').next().unwrap_or_default();
        let key = key(session, ending, self.encoding, &about).to_string();
        let date = self.days.of(former.as_ref(), &session.to_string());
        let former = former.filter(|former| former.key == key && former.date == date && self.folder.is_whole(former));
        let is_there = former.is_some();
        let record = former.unwrap_or_else(|| Record {
            file: item.name.clone(),
            title: about.title.clone(),
            summary: about.summary.clone(),
            routine: about.routine.clone(),
            voice: about.voice.clone(),
            language: about.language.clone(),
            seconds: (timeline.frames.seconds(rate) * 1000.0).round() / 1000.0,
            date,
            session: session.to_string(),
            key,
            bytes: 0,
            sha256: String::new(),
            chapters: None,
            transcript: None,
            cover: None,
        });
        Ok(Ok(Draft { planned, about, record, is_there }))
    }

    fn write(&self, draft: Draft, item: &Item, looked: &mut Looked, work: &Work<'_>) -> Result<Record> {
        let mut output = Output::create(&self.folder.at(&item.name))?;
        let record = self.with_pages(&draft)?;
        let session = draft.planned.session(work)?;
        looked.notes.extend(session.notes().iter().map(|note| notes::of_levels(note, &session.timeline().mix)));
        let about = About { date: Some(record.date.clone()), ..draft.about };
        let range = FrameRange::new(Frames::ZERO, session.frames());
        let job = Job { mixer: session.mixer(), range, encoding: self.encoding, about: &about, work: *work };
        (self.format.write)(&job, &mut output)?;
        self.folder.keep(output, record)
    }

    /// The record of a session, with the pages beside its file, which are written.
    fn with_pages(&self, draft: &Draft) -> Result<Record> {
        let mut record = draft.record.clone();
        if !self.writes_beside {
            return Ok(record);
        }
        let former = self.folder.record(&record.file);
        let (timeline, routine) = (draft.planned.timeline(), draft.planned.routine());
        let subject = Subject { timeline, routine, paper: Paper::default() };
        let captions = PAGES.iter().find(|page| page.name == "vtt").map(|page| page.content.bytes(&subject));
        let cover = draft.about.cover.picture().map(|picture| picture.bytes.clone());
        let chapters = Some(chapters::text(timeline).into_bytes());
        let pages = [
            (&mut record.chapters, "chapters.json", chapters),
            (&mut record.transcript, "vtt", captions),
            (&mut record.cover, "png", cover),
        ];
        let mut lacking = Vec::new();
        for (named, ending, bytes) in pages {
            let Some(bytes) = bytes else { continue };
            let name = format!("{}.{ending}", stem(&draft.record.file));
            let is_own = former.iter().any(|former| former.beside().any(|beside| beside == name));
            if self.folder.lacks(&name, &bytes, |_| is_own)? {
                lacking.push((name.clone(), bytes));
            }
            *named = Some(name);
        }
        // The record first: what it names is the catalogue's own, wherever the work is stopped.
        if !lacking.is_empty() || (draft.is_there && former.as_ref() != Some(&record)) {
            self.folder.write_record(&record)?;
        }
        lacking.iter().try_for_each(|(name, bytes)| self.folder.write_beside(name, bytes))?;
        Ok(record)
    }
}

impl Days {
    /// The day that is asked for; or else the day when what is heard in a file was first made.
    fn of(&self, former: Option<&Record>, session: &str) -> String {
        let kept = || former.filter(|former| former.session == session).map(|former| former.date.clone());
        self.pinned.clone().or_else(kept).unwrap_or_else(|| self.today.clone())
    }
}

/// What ends all the work is an error; what is wrong with one file is a state.
fn settled(state: Result<State>) -> Result<State> {
    match state {
        Err(Error::Interrupted) => Err(Error::Interrupted),
        Err(Error::Write { path, source }) if source.kind() == std::io::ErrorKind::StorageFull => {
            Err(Error::Write { path, source })
        }
        Err(error) => Ok(State::Failed(error)),
        Ok(state) => Ok(state),
    }
}

/// A length as a clock shows it.
pub fn length(record: &Record) -> String {
    clock(std::time::Duration::from_secs_f64(record.seconds.clamp(0.0, 1e9)))
}
