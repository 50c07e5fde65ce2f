//! A request in, a reply out.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use catcow::compose::{Composition, Rules, Studio, everything};
use catcow::diagnostic::Source;
use catcow::frames::Frames;
use catcow::load::language::programme::Extent;
use catcow::load::{DEFAULT_VOICE, Library, Routine, Voice};
use catcow::programme::{Entry, nearest, three_quarters};
use catcow::render::Channels;
use catcow::session::{Builder, Planned};
use catcow::sink::file::about::About;
use catcow::sink::file::encoding::Encoding;
use catcow::sink::file::{Job, m4a};
use catcow::sink::page::cover::Cover;
use catcow::work::{Progress, Work};
use serde_json::{Value, json};

use crate::answer;
use crate::ask::{Ask, Wanted};
use crate::fetched::SiteFiles;
use crate::practice::{Changed, Practice};
use crate::weeks;

/// The side of a cover on a lock screen, in pixels.
const COVER_SIDE: u32 = 512;

/// Frames that are rendered at once, and packets that are encoded at once, at most.
const MOST_RENDERED: u32 = 1 << 20;
const MOST_PACKETS: u32 = 1 << 12;

/// How a session is encoded for a phone: as `export` does where nothing else is said.
const ENCODING: fn() -> Encoding = Encoding::default;

/// The engine: the files of the site, and a session where one is open.
#[derive(Default)]
pub struct Engine {
    /// Requests and replies pass through it.
    pub text: Vec<u8>,
    /// Sound and pictures leave through it.
    pub out: Vec<u8>,
    files: SiteFiles,
    library: Option<Library>,
    /// The voices that were read: a phone takes long over one.
    voices: BTreeMap<String, Voice>,
    /// What was planned last: who looks at a plan opens it next.
    planned: Option<(Wanted, Planned, Value)>,
    practice: Option<Practice>,
    clips: Vec<String>,
}

/// Why there is no answer.
enum Refusal {
    /// In words for a person.
    Words(String),
    /// Files have to be fetched first.
    Wanting(Vec<String>),
}

impl From<catcow::Error> for Refusal {
    fn from(error: catcow::Error) -> Refusal {
        Refusal::Words(in_words(&error))
    }
}

/// What is wrong and how to mend it, without the lines of files that whoever listens does not have.
fn in_words(error: &catcow::Error) -> String {
    let catcow::Error::Mistakes(all) = error else { return error.to_string() };
    let line = |mistake: &catcow::diagnostic::Diagnostic| {
        let help = mistake.help.iter().map(|advice| format!("\n{}", advice.words()));
        format!("{}{}", mistake.message, help.collect::<String>())
    };
    all.iter().map(line).collect::<Vec<_>>().join("\n\n")
}

impl From<String> for Refusal {
    fn from(words: String) -> Refusal {
        Refusal::Words(words)
    }
}

type Answer = Result<Value, Refusal>;

impl Engine {
    /// Answers a request.
    pub fn reply(&mut self, request: &[u8]) -> Vec<u8> {
        self.out.clear();
        self.clips.clear();
        let answer = match serde_json::from_slice(request) {
            Ok(ask) => self.answer(ask),
            Err(error) => Err(Refusal::Words(format!("a request that the engine does not know: {error}"))),
        };
        let missed = self.files.missed();
        let reply = match answer {
            Ok(value) => json!({ "ok": value }),
            Err(Refusal::Wanting(paths)) => json!({ "wanting": paths }),
            // What failed for want of a file is tried again when it is there, with what comes next.
            Err(Refusal::Words(_)) if !missed.is_empty() => {
                let next = self.clips.iter().map(PathBuf::from).filter(|path| self.files.lacks(path));
                let all: std::collections::BTreeSet<_> = missed.into_iter().chain(next).collect();
                json!({ "wanting": all })
            }
            Err(Refusal::Words(words)) => json!({ "error": words }),
        };
        serde_json::to_vec(&reply).unwrap_or_default()
    }

    /// Takes a file, whose path is the first bytes of the text.
    pub fn take(&mut self, path_bytes: usize) {
        let (path, bytes) = self.text.split_at(path_bytes.min(self.text.len()));
        self.files.give(&String::from_utf8_lossy(path), bytes);
        self.text = Vec::new();
    }

    fn answer(&mut self, ask: Ask) -> Answer {
        match ask {
            Ask::Begin { files } => {
                self.files.list(files.into_iter().map(|(path, _)| path.into()));
                (self.library, self.practice, self.planned) = (None, None, None);
                self.voices.clear();
                Ok(json!({}))
            }
            Ask::Lost { path } => {
                self.files.lose(&path);
                Ok(json!({}))
            }
            Ask::Bounds { wishes } => self.bounds(&wishes),
            Ask::Plan { wishes } => self.plan(&wishes),
            Ask::Open { wishes } => self.open(&wishes),
            Ask::Init => {
                self.out = self.practice()?.initialisation()?;
                Ok(json!({}))
            }
            Ask::Encode { packets } => self.encode(packets),
            Ask::Render { frame, frames } => self.render(frame, frames),
            Ask::Seek { frame } => Ok(json!({ "packet": self.practice()?.seek(Frames(frame))? })),
            Ask::Longer { frame } => self.change(frame, Practice::longer),
            Ask::LetGo { frame } => self.change(frame, Practice::let_go),
            Ask::Less { frame } => self.change(frame, Practice::less),
            Ask::Save { date } => self.save(date),
            Ask::Programmes => Ok(weeks::list(self.library()?)),
            Ask::Today { programme, since, today, log, wishes } => {
                self.today(&programme, (since, today), &weeks::entries(&log), &wishes)
            }
            Ask::Log { today, log } => Ok(weeks::log(&weeks::entries(&log), today)),
            Ask::Cover => {
                let session = &self.practice()?.session;
                self.out = Cover::of(session.timeline(), session.routine()).png(COVER_SIDE);
                Ok(json!({}))
            }
        }
    }

    fn practice(&mut self) -> Result<&mut Practice, Refusal> {
        self.practice.as_mut().ok_or_else(|| Refusal::Words("no session is open".into()))
    }

    fn library(&mut self) -> catcow::Result<&Library> {
        if self.library.is_none() {
            self.library = Some(Library::new(vec![Arc::new(self.files.clone())], None)?);
        }
        // It was made above.
        self.library.as_ref().ok_or(catcow::Error::Interrupted)
    }

    /// What a session is made from, and the reasons for what was composed.
    fn builder(&mut self, wanted: &Wanted) -> Result<(Builder, Composition), Refusal> {
        let voice = self.voice(wanted.voice.as_deref().unwrap_or(DEFAULT_VOICE))?;
        let library = self.library()?;
        let rate = ENCODING().quality.rate();
        let made = |routine: Routine, composition: Composition| -> Result<_, Refusal> {
            let mut wishes = wanted.wishes(&routine)?;
            if let Some(composed) = &wanted.compose {
                wishes.length = Some(std::time::Duration::from_secs_f64(composed.minutes * 60.0));
                (wishes.without, wishes.only, wishes.more, wishes.level) = (vec![], vec![], vec![], None);
            }
            let channels = if wishes.mix.is_in_stereo() { Channels::Stereo } else { Channels::Mono };
            let mut builder = Builder::new(routine, voice.clone());
            (builder.wishes, builder.rate, builder.channels) = (wishes, rate, channels);
            Ok((builder, composition))
        };
        let Some(composed) = &wanted.compose else {
            let routine = library.routine(wanted.routine.as_deref().unwrap_or_default())?;
            return made(routine, Composition::default());
        };
        let rules = Rules::open(library)?;
        let everything = everything(library, &rules)?;
        let wishes = Wanted { length: None, ..wanted.clone() }.wishes(&everything)?;
        let mut builder = Builder::new(everything, voice.clone());
        (builder.wishes, builder.rate) = (wishes.clone(), rate);
        let prepared = builder.prepare(&Work::alone())?;
        let studio = Studio::new(library, rules, prepared.durations(), &wishes)?;
        let composition = studio.compose(&composed.request(wanted)?)?;
        let source = Source::in_memory(composition.name.as_str(), composition.text.as_str());
        made(library.read(&composition.name, &Arc::new(source))?, composition)
    }

    fn voice(&mut self, name: &str) -> catcow::Result<Voice> {
        if let Some(known) = self.voices.get(name) {
            return Ok(known.clone());
        }
        let voice = self.library()?.voice(name)?;
        self.voices.insert(name.to_owned(), voice.clone());
        Ok(voice)
    }

    /// What comes of some wishes, and as the page is told of it.
    fn planned(&mut self, wanted: &Wanted) -> Result<(Planned, Value), Refusal> {
        if let Some((_, planned, told)) = self.planned.as_ref().filter(|(of, ..)| of == wanted) {
            return Ok((planned.clone(), told.clone()));
        }
        let (builder, composition) = self.builder(wanted)?;
        let planned = builder.plan(&Work::alone())?;
        let told = told(&planned, &composition);
        self.planned = Some((wanted.clone(), planned.clone(), told.clone()));
        Ok((planned, told))
    }

    fn bounds(&mut self, wanted: &Wanted) -> Answer {
        let (planned, told) = self.planned(&Wanted { length: None, ..wanted.clone() })?;
        let mut bounds = told["bounds"].clone();
        bounds["usual"] = planned.timeline().frames.seconds(planned.timeline().rate).into();
        Ok(bounds)
    }

    fn plan(&mut self, wanted: &Wanted) -> Answer {
        Ok(self.planned(wanted)?.1)
    }

    fn open(&mut self, wanted: &Wanted) -> Answer {
        let (planned, told) = self.planned(wanted)?;
        self.clips = answer::clips(planned.timeline(), Frames::ZERO, planned.timeline().frames);
        self.practice = Some(Practice::new(planned.session(&work())?, ENCODING())?);
        Ok(told)
    }

    /// Refuses where recordings are not there that are heard from one frame to another.
    fn have_clips(&mut self, start: Frames, end: Frames) -> Result<(), Refusal> {
        let files = self.files.clone();
        let clips = answer::clips(self.practice()?.session.timeline(), start, end);
        let lacking: Vec<String> = clips.into_iter().filter(|path| files.lacks(path.as_ref())).collect();
        if lacking.is_empty() { Ok(()) } else { Err(Refusal::Wanting(lacking)) }
    }

    fn render(&mut self, frame: u64, frames: u32) -> Answer {
        // More than a few seconds at once are a mistake of the page's.
        let (start, count) = (Frames(frame.min(1 << 40)), frames.min(MOST_RENDERED));
        self.have_clips(start, start + Frames(count.into()))?;
        let session = &self.practice()?.session;
        let mut samples = vec![0_i16; count as usize * session.mixer().channels().count()];
        session.fill(start, &mut samples)?;
        self.out = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        Ok(json!({ "frames": count }))
    }

    fn encode(&mut self, packets: u32) -> Answer {
        let packets = packets.clamp(1, MOST_PACKETS);
        let (start, end) = self.practice()?.needs(packets);
        self.have_clips(start, end)?;
        let piece = self.practice()?.encode(packets)?;
        self.out = piece.bytes;
        Ok(json!({ "packet": piece.first, "packets": piece.packets, "end": piece.is_last }))
    }

    fn change(&mut self, frame: u64, change: fn(&mut Practice, Frames) -> catcow::Result<Option<Changed>>) -> Answer {
        let script = self.library()?.script();
        let practice = self.practice()?;
        let Some(changed) = change(practice, Frames(frame))? else { return Ok(json!({ "changed": false })) };
        let session = &practice.session;
        let plan = answer::Planned {
            timeline: session.timeline(),
            routine: session.routine(),
            voice: session.voice(),
            channels: session.mixer().channels(),
            bounds: catcow::plan::Bounds { shortest: session.frames(), longest: session.frames() },
        };
        let said = script.get(changed.cue).cloned().unwrap_or_default();
        Ok(json!({ "changed": true, "packet": changed.packet, "said": said, "plan": plan.json() }))
    }

    /// What is due, with the wishes that play it.
    fn today(&mut self, name: &str, (since, today): (i32, i32), log: &[Entry], wanted: &Wanted) -> Answer {
        let programme = self.library()?.programme(name)?;
        let (due, rest) = weeks::next(&programme, since, today, log);
        let mut told = weeks::due(&programme, &due);
        let mut wishes = Wanted { routine: Some(due.routine.clone()), level: None, length: None, ..wanted.clone() };
        let length = match due.extent {
            Extent::Level(level) => {
                wishes.level = Some(level);
                None
            }
            Extent::Length(length) => Some(length),
        };
        // As long as the routine can be, as `catcow today` has it.
        if due.shorter || length.is_some() {
            let (builder, _) = self.builder(&wishes)?;
            let prepared = builder.prepare(&Work::alone())?;
            let (bounds, rate) = (prepared.bounds(), prepared.durations().rate);
            let ends = [bounds.shortest, bounds.longest].map(|end| end.duration(rate));
            let length = match length {
                Some(length) => length,
                None => prepared.plan()?.timeline().frames.duration(rate),
            };
            let length = if due.shorter { three_quarters(length) } else { length };
            (wishes.level, wishes.length) = (None, Some(nearest(length, ends).as_secs_f64()));
        }
        (told["level"], told["length"]) = (json!(wishes.level), json!(wishes.length));
        Ok(json!({ "due": told, "rest": rest }))
    }

    fn save(&mut self, date: Option<String>) -> Answer {
        let session = self.practice()?.session.clone();
        self.clips = answer::clips(session.timeline(), Frames::ZERO, session.frames());
        let about = About { date, ..About::of(&session) };
        let range = catcow::frames::FrameRange::new(Frames::ZERO, session.frames());
        let job = Job { mixer: session.mixer(), range, encoding: ENCODING(), about: &about, work: work() };
        self.out = m4a::bytes(&job)?;
        Ok(json!({ "name": format!("{}.m4a", session.timeline().routine) }))
    }
}

fn told(planned: &Planned, composition: &Composition) -> Value {
    let plan = answer::Planned {
        timeline: planned.timeline(),
        routine: planned.routine(),
        voice: planned.voice(),
        channels: planned.channels(),
        bounds: planned.bounds(),
    };
    let mut plan = plan.json();
    let why: Vec<Value> = composition.reasons.iter().map(|(pose, why)| json!({ "pose": pose, "why": why })).collect();
    plan["why"] = why.into();
    plan
}

/// Long work, of which the page is told how far it has come.
fn work() -> Work<'static> {
    static NEVER: AtomicBool = AtomicBool::new(false);
    Work { threads: 1, stop: &NEVER, progress: &|Progress { done, total, .. }| tell(done as f64 / total.max(1) as f64) }
}

#[cfg(target_arch = "wasm32")]
fn tell(share: f64) {
    #[link(wasm_import_module = "page")]
    unsafe extern "C" {
        safe fn progress(share: f64);
    }
    progress(share);
}

#[cfg(not(target_arch = "wasm32"))]
fn tell(_: f64) {}
