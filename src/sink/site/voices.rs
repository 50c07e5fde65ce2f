//! The voices of a site: those that are built in as they are, and those of one's own in the same form.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::clip;
use super::routines::{Routines, quoted};
use super::{LeftOut, Wanted};
use crate::diagnostic::{Diagnostic, Diagnostics, Source};
use crate::error::{Error, Result};
use crate::frames::{Frames, SampleRate};
use crate::gain::{Decibels, Lufs};
use crate::load::audio::clip::AS_MADE;
use crate::load::audio::clip_file::ClipFile;
use crate::load::audio::levelling::{self, MeasuredLevel};
use crate::load::files::{FileKind, Files};
use crate::load::language::cue::is_word;
use crate::load::language::own_words::hyphenated;
use crate::load::library::BuiltIn;
use crate::load::{DEFAULT_VOICE, Library, Memory, Voice};
use crate::work::{Stage, Work};

type Bytes = Cow<'static, [u8]>;

/// A voice of a site.
pub(super) struct Speaker {
    /// What it is found by.
    pub(super) id: String,
    /// As it is here.
    pub(super) here: Voice,
    /// As it is on the site.
    pub(super) there: Voice,
    /// Whether somebody asked for this one.
    pub(super) is_named: bool,
    /// Its files, by their paths.
    files: BTreeMap<String, Bytes>,
}

impl Speaker {
    /// How large all its files are.
    pub(super) fn bytes(&self) -> usize {
        self.files.values().map(|bytes| bytes.len()).sum()
    }
}

/// The voices of a site, the usual one first.
pub(super) struct Voices {
    pub(super) all: Vec<Speaker>,
    /// What is worth a look in recordings.
    pub(super) warnings: Diagnostics,
}

impl Voices {
    /// Reads those that are wanted, and makes their files. Of those that nobody named, what cannot be read is left out.
    pub(super) fn read(
        library: &Library,
        wanted: &Wanted,
        routines: &Routines,
        left_out: &mut Vec<LeftOut>,
        work: &Work<'_>,
    ) -> Result<Voices> {
        let (mut all, mut warnings) = (Vec::<Speaker>::new(), Diagnostics::default());
        let is_named = !wanted.voices.is_empty();
        let names = if is_named { wanted.voices.clone() } else { usual(library, wanted) };
        for name in names {
            let here = match library.voice(&name) {
                Ok(voice) => voice,
                Err(Error::Mistakes(_)) if !is_named => {
                    left_out.push(LeftOut::Voice(name.to_string_lossy().into_owned()));
                    continue;
                }
                Err(error) => return Err(error),
            };
            let id = id(&here)?;
            match all.iter().find(|other| other.id == id) {
                Some(other) if !is_named || other.here.folder == here.folder => {}
                Some(_) => return Err(twice(&id)),
                None => all.push(speaker(library, here, id, is_named, routines, &mut warnings, work)?),
            }
        }
        Ok(Voices { all, warnings })
    }

    /// Their files.
    pub(super) fn files(&self) -> BTreeMap<String, Bytes> {
        self.all.iter().flat_map(|voice| voice.files.clone()).collect()
    }

    /// The files of the system that they are read from.
    pub(super) fn sources(&self) -> impl Iterator<Item = PathBuf> + '_ {
        self.all.iter().flat_map(|voice| voice.here.files())
    }
}

/// Those that are meant where none is named: the usual one first.
fn usual(library: &Library, wanted: &Wanted) -> Vec<PathBuf> {
    let first = wanted.usual.clone().unwrap_or_else(|| DEFAULT_VOICE.into());
    let others = library.voices().into_iter().map(PathBuf::from).filter(|id| *id != first);
    std::iter::once(first.clone()).chain(others).collect()
}

/// What a voice is found by on a site: the name of its folder, or the nearest that can be one.
fn id(voice: &Voice) -> Result<String> {
    let near = || Some(hyphenated(&voice.id)).filter(|id| is_word(id));
    let id = if is_word(&voice.id) { Some(voice.id.clone()) } else { near() };
    id.ok_or_else(|| Error::Format {
        reason: format!("expected a voice's folder whose name has letters or digits, found `{}`", voice.id),
        help: "give the folder a name such as my-voice".into(),
    })
}

fn twice(id: &str) -> Error {
    Error::Format {
        reason: format!("expected voices of different names, found two that are called `{id}`"),
        help: "give the folder of one of them another name".into(),
    }
}

fn speaker(
    library: &Library,
    here: Voice,
    id: String,
    is_named: bool,
    routines: &Routines,
    warnings: &mut Diagnostics,
    work: &Work<'_>,
) -> Result<Speaker> {
    if routines.is_all && here.is_as_built_in() {
        let mut files = BTreeMap::new();
        gather(&Path::new("voice_clips").join(&id), &mut files)?;
        return Ok(Speaker { id, there: here.clone(), here, is_named, files });
    }
    let clips = clips(library, &here, routines);
    let (mut mistakes, mut made) = (Diagnostics::default(), BTreeMap::new());
    let (done, total) = (AtomicU64::new(0), clips.len() as u64);
    let list: Vec<_> = clips.into_iter().collect();
    let task = |(): &mut (), index: usize| {
        let made = Clip::of(&list[index].1);
        work.tell(Stage::Recordings, done.fetch_add(1, Ordering::Relaxed) + 1, total);
        match made {
            Err(Error::Mistakes(wrong)) => Ok(Err(wrong)),
            made => made.map(Ok),
        }
    };
    for ((cue, _), clip) in list.iter().zip(work.each(list.len(), || (), task)?) {
        match clip {
            Ok((clip, findings)) => {
                findings.into_iter().for_each(|finding| warnings.push(finding));
                made.insert(cue.clone(), clip);
            }
            Err(wrong) => mistakes.extend(wrong),
        }
    }
    if mistakes.has_errors() {
        return Err(mistakes.into());
    }
    let about = about(&here, &made);
    let (there, files) = packed(&id, &about, made)?;
    Ok(Speaker { id, here, there, is_named, files })
}

/// All files in a folder of what is built in.
fn gather(folder: &Path, files: &mut BTreeMap<String, Bytes>) -> Result<()> {
    for path in BuiltIn.list(folder).map_err(Error::reading(folder))? {
        match BuiltIn.kind(&path) {
            Some(FileKind::Folder) => gather(&path, files)?,
            _ => _ = files.insert(slashed(&path), BuiltIn.content(&path).bytes(u64::MAX)?),
        }
    }
    Ok(())
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The recordings by which a voice says the routines: its own, and those of the voices that say what it lacks. Where all is there from
/// which a session can be composed, every cue that has words.
fn clips(library: &Library, voice: &Voice, routines: &Routines) -> BTreeMap<String, Arc<ClipFile>> {
    let mut found = BTreeMap::new();
    let mut add = |cue: &String, text: Option<&String>| {
        if let Some((file, _)) = voice.find(cue, text.map(String::as_str)) {
            found.entry(cue.clone()).or_insert_with(|| Arc::clone(file));
        }
    };
    for piece in &routines.all {
        piece.routine.cues_when_played().iter().for_each(|cue| add(cue, piece.routine.script.get(cue)));
    }
    if routines.is_all {
        let script = library.script();
        library.known_cues().iter().for_each(|cue| add(cue, script.get(cue)));
    }
    found
}

/// A recording as a site has it.
struct Clip {
    bytes: Bytes,
    frames: Frames,
    level: MeasuredLevel,
    words: Option<String>,
}

impl Clip {
    /// As it is, where it was made so; else decoded, treated as it is before it is heard, and encoded.
    fn of(file: &ClipFile) -> Result<(Clip, Vec<Diagnostic>)> {
        if let Some((frames, level)) = file.as_made() {
            let bytes = file.content().bytes(u64::MAX)?;
            return Ok((Clip { bytes, frames, level, words: file.words().map(str::to_owned) }, Vec::new()));
        }
        let decoded = file.decode(SampleRate::DEFAULT, Lufs::SPEECH)?;
        let bytes = clip::speech(&decoded.samples).map_err(Error::reading(file.content().path()))?;
        let samples: Vec<f64> = decoded.samples.iter().map(|step| f64::from(*step) / 32_768.0).collect();
        let peak = levelling::true_peak(&samples, SampleRate::DEFAULT.hz(), 0.0);
        // It is at its level: at the usual loudness nothing is done to it any more, and its peaks are where they belong.
        let peak = Decibels::of_amplitude(peak as f32).0.clamp(-60.0, levelling::CEILING.0);
        let level = MeasuredLevel { loudness: AS_MADE.loudness, peak: Decibels(peak) };
        let clip =
            Clip { bytes: bytes.into(), frames: decoded.frames(), level, words: file.words().map(str::to_owned) };
        Ok((clip, decoded.findings().warnings(&file.cue).collect()))
    }
}

/// The `voice.toml` of a voice with its recordings.
fn about(voice: &Voice, clips: &BTreeMap<String, Clip>) -> String {
    let about = &voice.about;
    let said = [
        ("name", &about.name),
        ("summary", &about.summary),
        ("gender", &about.gender),
        ("language", &about.language),
        ("licence", &about.licence),
        ("credit", &about.credit),
        ("maker", &about.maker),
    ];
    let said = said.iter().filter(|(_, text)| !text.is_empty());
    let mut toml: String = said.map(|(key, text)| format!("{key} = {}\n", quoted(text))).collect();
    toml += "\n[clips]\n";
    for (cue, Clip { frames, level, words, .. }) in clips {
        let words = words.as_ref().map_or_else(String::new, |words| format!("text = {}, ", quoted(words)));
        let MeasuredLevel { loudness, peak } = level;
        toml += &format!(
            "{} = {{ {words}frames = {}, lufs = {:.2}, peak_db = {:.2} }}\n",
            quoted(cue),
            frames.0,
            loudness.0,
            peak.0
        );
    }
    toml
}

/// A voice in the form of those that are built in, and its files.
fn packed(id: &str, about: &str, clips: BTreeMap<String, Clip>) -> Result<(Voice, BTreeMap<String, Bytes>)> {
    let folder = format!("voice_clips/{id}");
    let mut files: BTreeMap<String, Bytes> = BTreeMap::new();
    files.extend(clips.into_iter().map(|(cue, clip)| (format!("{folder}/{cue}.opus"), clip.bytes)));
    let memory = files.iter().fold(Memory::new(), |memory, (path, bytes)| memory.with(path, bytes));
    let path = format!("{folder}/voice.toml");
    let there = Voice::built_in(id, &Arc::new(Source::in_memory(&*path, about)), &memory)?;
    files.insert(path, about.as_bytes().to_vec().into());
    Ok((there, files))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames::FrameRange;
    use crate::load::audio::made::plain_recording;
    use crate::render::Channels;
    use crate::session::Builder;

    /// A recording as somebody makes it: silence, words of the voice that is built in, silence.
    fn recording(library: &Library, cue: &str) -> Vec<u8> {
        let clip = library.voice("ben").unwrap().clip(cue).unwrap().decode(SampleRate::DEFAULT, Lufs::SPEECH).unwrap();
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 48_000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        let silence = || std::iter::repeat_n(0, 20_000);
        let quiet = clip.samples.iter().map(|step| step / 5);
        silence().chain(quiet).chain(silence()).for_each(|step| writer.write_sample(step).unwrap());
        writer.finalize().unwrap();
        plain_recording(&bytes.into_inner(), "wav").unwrap()
    }

    #[test]
    fn a_voice_of_ones_own_is_heard_from_a_site_as_it_is_here_but_for_what_opus_loses() {
        let cues = ["bird-dog/about", "safety/stop", "breath/in"];
        let library = Library::in_memory(Memory::new()).unwrap();
        let class =
            "title = \"Own\"\ntone = \"off\"\n[[steps]]\nsay = [\"bird-dog/about\", \"safety/stop\", \"breath/in\"]\n";
        let memory = Memory::new().with("routines/own.toml", class);
        let memory = cues
            .iter()
            .fold(memory, |memory, cue| memory.with(format!("voice_clips/mine/{cue}.wav"), recording(&library, cue)));
        let library = Library::in_memory(memory).unwrap();
        let wanted = Wanted { routines: vec!["own".into()], voices: vec!["mine".into()], usual: None };
        let work = Work::alone();
        let routines = Routines::read(&library, &wanted, &mut Vec::new(), &work).unwrap();
        let voices = Voices::read(&library, &wanted, &routines, &mut Vec::new(), &work).unwrap();
        let heard = |voice: &Voice| {
            let mut builder = Builder::new(routines.all[0].routine.clone(), voice.clone());
            builder.channels = Channels::Mono;
            let session = builder.build(&work).unwrap();
            let mut samples = vec![0; session.timeline().frames.0 as usize];
            session.mixer().clone().fill(Frames::ZERO, &mut samples).unwrap();
            (session.timeline().regions.iter().map(|region| region.range()).collect::<Vec<FrameRange>>(), samples)
        };
        let (here, there) = (heard(&voices.all[0].here), heard(&voices.all[0].there));
        assert_eq!(here.0, there.0, "frame by frame the same plan");
        let power = |samples: &mut dyn Iterator<Item = f64>| samples.map(|sample| sample * sample).sum::<f64>();
        let lost = here.1.iter().zip(&there.1).map(|(left, right)| f64::from(*left) - f64::from(*right));
        let signal = power(&mut here.1.iter().map(|sample| f64::from(*sample)));
        let decibels = 10.0 * (signal / power(&mut { lost })).log10();
        assert!(decibels > 15.0, "{decibels:.1} dB over what is lost");
        let ratio = 10.0 * (power(&mut there.1.iter().map(|sample| f64::from(*sample))) / signal).log10();
        assert!(ratio.abs() < 0.2, "as loud, but for {ratio:.2} dB");
    }
}
