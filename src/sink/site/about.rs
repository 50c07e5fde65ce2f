//! What the first screen of a page needs to know, `site.json`, and what its engine may fetch, `files.json`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use super::routines::{Piece, Routines};
use super::voices::{Speaker, Voices};
use super::{Asset, LeftOut};
use crate::error::{Error, Result};
use crate::frames::Frames;
use crate::load::language::mix::{Bed, Tone};
use crate::load::language::programme::Programme;
use crate::load::language::routine::Guidance;
use crate::load::{Library, Routine, Voice};
use crate::plan::{Bounds, Timeline};
use crate::printable::escaped_json;
use crate::render::Channels;
use crate::session::Builder;
use crate::sink::page::{plan_json, strip};
use crate::work::Work;

/// Everything that a site offers.
#[derive(Debug)]
pub(super) struct Offers {
    voice: String,
    routines: Vec<RoutineOffer>,
    voices: Vec<VoiceOffer>,
    poses: Vec<Named>,
    composes: bool,
    programmes: Vec<ProgrammeOffer>,
}

#[derive(Debug, Serialize)]
struct SiteJson<'a> {
    version: &'a str,
    program: &'static str,
    voice: &'a str,
    composes: bool,
    routines: &'a [RoutineOffer],
    voices: &'a [VoiceOffer],
    poses: &'a [Named],
    programmes: &'a [ProgrammeOffer],
    beds: Vec<Word>,
    guidances: Vec<Word>,
    tones: Vec<&'static str>,
    /// The files beside this one and `files`: what a folder of a site has besides is not its own.
    page: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
struct RoutineOffer {
    name: String,
    title: String,
    summary: String,
    language: String,
    poses: Vec<String>,
    strip: String,
    /// In seconds, by the usual voice, or the first that says it.
    shortest: f64,
    longest: f64,
    usual: f64,
    breath: String,
    guidance: &'static str,
    own: bool,
    /// The voices that say it, where not all do.
    #[serde(skip_serializing_if = "Option::is_none")]
    voices: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
struct ProgrammeOffer {
    name: String,
    title: String,
    summary: String,
    weeks: usize,
}

#[derive(Debug, Serialize)]
struct VoiceOffer {
    id: String,
    name: String,
    summary: String,
    language: String,
    bytes: usize,
}

#[derive(Debug, Serialize)]
struct Named {
    id: String,
    name: String,
}

#[derive(Debug, Serialize)]
struct Word {
    id: &'static str,
    about: &'static str,
}

/// The beds, in words.
const BEDS: [&str; 3] = ["steady rain", "slow waves", "a warm, low chord"];
/// How much is said, in words.
const GUIDANCES: [&str; 4] =
    ["everything, always", "everything at first, then less", "names, sides and times", "bells instead of words"];

impl Offers {
    /// `site.json`.
    pub(super) fn json(&self, version: &str, assets: &[Asset]) -> String {
        let page = assets.iter().map(|asset| &*asset.path).filter(|path| !path.starts_with("files/"));
        let words = |ids: Vec<&'static str>, abouts: &[&'static str]| {
            ids.into_iter().zip(abouts).map(|(id, about)| Word { id, about }).collect()
        };
        written(&SiteJson {
            version,
            program: concat!("catcow ", env!("CARGO_PKG_VERSION")),
            voice: &self.voice,
            composes: self.composes,
            routines: &self.routines,
            voices: &self.voices,
            poses: &self.poses,
            programmes: &self.programmes,
            beds: words(Bed::GENERATED.iter().map(|(id, _)| *id).collect(), &BEDS),
            guidances: words(Guidance::WORDS.iter().map(|(id, _)| *id).collect(), &GUIDANCES),
            tones: Tone::WORDS.iter().map(|(word, _)| *word).collect(),
            page: page.filter(|path| *path != "site.json").collect::<BTreeSet<_>>().into_iter().collect(),
        })
    }
}

/// `files.json`: what may be fetched, each with its size.
pub(super) fn index(files: &BTreeMap<String, Cow<'static, [u8]>>) -> String {
    written(&files.iter().map(|(path, bytes)| (path, bytes.len())).collect::<Vec<_>>())
}

/// As JSON, in which no control stands.
fn written(value: &impl Serialize) -> String {
    // Texts and numbers can always be written.
    escaped_json(&serde_json::to_string(value).unwrap_or_default()) + "\n"
}

/// What is offered. What nobody named and no voice says is taken from the routines, and a voice that says none of them from the voices.
pub(super) fn offers(
    library: &Library,
    routines: &mut Routines,
    voices: &mut Voices,
    left_out: &mut Vec<LeftOut>,
    work: &Work<'_>,
) -> Result<Offers> {
    let there = routines.library(library)?;
    let (mut offers, mut unsaid, mut speaking) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for piece in &routines.all {
        work.go_on()?;
        let found = there.routine(&piece.name).map_err(|_| differs(piece))?;
        let said = said_by(piece, &found, voices, routines.has_own(), work)?;
        let Some(first) = said.first() else {
            unsaid.insert(piece.name.clone());
            continue;
        };
        let ids: Vec<String> = said.iter().map(|said| said.speaker.id.clone()).collect();
        speaking.extend(ids.iter().cloned());
        offers.push(offer(piece, &found, first, ids));
    }
    left_out.extend(unsaid.iter().cloned().map(LeftOut::Unsaid));
    routines.all.retain(|piece| !unsaid.contains(&piece.name));
    let silent = voices.all.iter().map(|voice| voice.id.clone()).filter(|id| !speaking.contains(id));
    left_out.extend(silent.map(LeftOut::Silent));
    voices.all.retain(|voice| speaking.contains(&voice.id));
    for offer in &mut offers {
        offer.voices.take_if(|said| said.len() == voices.all.len());
        let routine = offer.name.clone();
        left_out.extend(offer.voices.clone().map(|voices| LeftOut::InPart { routine, voices }));
    }
    let composes = routines.is_all && voices.all.iter().any(|voice| voice.here.folder.is_none());
    let voice = voices.all.first().map_or_else(String::new, |voice| voice.id.clone());
    left_out.extend(routines.choose_programmes(library));
    let programmes = routines.programmes.iter().map(programme_offer).collect();
    let poses = poses(routines.all.iter().flat_map(|piece| piece.routine.poses()).map(|pose| (&*pose.id, &*pose.name)));
    let voices = voices.all.iter().map(voice_offer).collect();
    Ok(Offers { voice, routines: offers, voices, poses, composes, programmes })
}

/// A voice that says a routine, with the session that is usual, and how short and long it can be.
struct Said<'v> {
    speaker: &'v Speaker,
    timeline: Arc<Timeline>,
    bounds: Bounds,
}

/// The voices that say a routine.
fn said_by<'v>(
    piece: &Piece,
    found: &Routine,
    voices: &'v Voices,
    may_differ: bool,
    work: &Work<'_>,
) -> Result<Vec<Said<'v>>> {
    let (mut said, mut wrong) = (Vec::new(), None);
    for speaker in &voices.all {
        let planned = match builder(found, &speaker.there).plan(work) {
            Ok(planned) => planned,
            Err(Error::Mistakes(mistakes)) => {
                let usual = builder(&piece.routine, &speaker.here).plan(work);
                let mistake = usual.err().unwrap_or(Error::Mistakes(mistakes));
                if (piece.is_named && speaker.is_named) || !matches!(mistake, Error::Mistakes(_)) {
                    return Err(mistake);
                }
                wrong.get_or_insert(mistake);
                continue;
            }
            Err(error) => return Err(error),
        };
        if may_differ {
            let here = builder(&piece.routine, &speaker.there).plan(work).map_err(|_| differs(piece))?;
            let text = |timeline: &Timeline| plan_json::text(timeline, Channels::Stereo);
            if text(here.timeline()) != text(planned.timeline()) {
                return Err(differs(piece));
            }
        }
        if said.is_empty() {
            // A file that is no sound is not put where everybody finds it.
            planned.check_bed(work)?;
        }
        said.push(Said { speaker, timeline: Arc::clone(planned.timeline()), bounds: planned.bounds() });
    }
    match wrong {
        Some(mistake) if said.is_empty() && (piece.is_named || !piece.is_own()) => Err(mistake),
        _ => Ok(said),
    }
}

/// A session as a page has it: sound wakes loudspeakers before the first word, as in every file.
fn builder(routine: &Routine, voice: &Voice) -> Builder {
    let mut builder = Builder::new(routine.clone(), voice.clone());
    builder.wishes.mix.wake = true;
    builder
}

/// A routine that would be another on the site than it is here.
fn differs(piece: &Piece) -> Error {
    Error::Format {
        reason: format!(
            "expected `{}` to be on the site what it is here, found that a pose or words of another routine there would change it",
            piece.name
        ),
        help: "give a pose of your own a name of its own, or make a site for each routine".into(),
    }
}

fn offer(piece: &Piece, found: &Routine, said: &Said<'_>, voices: Vec<String>) -> RoutineOffer {
    let Said { timeline, bounds, .. } = said;
    let seconds = |frames: Frames| (frames.seconds(timeline.rate) * 1000.0).round() / 1000.0;
    let names = poses(found.poses().into_iter().map(|pose| (&*pose.id, &*pose.name)));
    RoutineOffer {
        name: piece.name.clone(),
        title: found.title.clone(),
        summary: found.summary.clone(),
        language: found.language.clone(),
        poses: names.into_iter().map(|pose| pose.name).collect(),
        strip: strip::text(timeline),
        shortest: seconds(bounds.shortest),
        longest: seconds(bounds.longest),
        usual: seconds(timeline.frames),
        breath: found.breath.to_string(),
        guidance: Guidance::WORDS.iter().find(|(_, it)| *it == found.guidance).map_or("", |(word, _)| word),
        own: piece.is_own(),
        voices: Some(voices),
    }
}

fn programme_offer(programme: &Programme) -> ProgrammeOffer {
    ProgrammeOffer {
        name: programme.name.clone(),
        title: programme.title.clone(),
        summary: programme.summary.clone(),
        weeks: programme.weeks.len(),
    }
}

fn voice_offer(voice: &Speaker) -> VoiceOffer {
    let about = &voice.here.about;
    VoiceOffer {
        id: voice.id.clone(),
        name: about.name.clone(),
        summary: about.summary.clone(),
        language: about.language.clone(),
        bytes: voice.bytes(),
    }
}

/// Poses by their ids and names, each once, in the order in which they come.
fn poses<'a>(all: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Named> {
    let mut met = BTreeSet::new();
    let new = all.filter(|(id, _)| met.insert(*id));
    new.map(|(id, name)| Named { id: id.to_owned(), name: name.to_owned() }).collect()
}
