//! The routines of a site, and the files that they are read from.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{LeftOut, Wanted, clip};
use crate::error::{Error, Result};
use crate::load::files::{Content, Files};
use crate::load::language::mix::{Bed, BedChoice};
use crate::load::language::programme::Programme;
use crate::load::language::script::{self, Script};
use crate::load::library::{BuiltIn, PROGRAMMES, Sources};
use crate::load::{Library, Memory, Routine};
use crate::work::Work;

/// Where the words of cues stand.
const SCRIPT: &str = "voice_clips/script.toml";

/// The largest sound of one's own that goes on a site, in bytes: who opens the page on the road pays for each.
const LARGEST_SOUND: u64 = 64 << 20;

/// A routine of a site.
pub(super) struct Piece {
    /// What it is found by.
    pub(super) name: String,
    /// As it is read here.
    pub(super) routine: Routine,
    /// Whether somebody asked for this one.
    pub(super) is_named: bool,
    /// The files of one's own that it is read from.
    files: BTreeMap<String, Vec<u8>>,
    /// Of those, the sounds that are longer than what is there of them.
    cut: Vec<String>,
    /// The files of the system that it is read from.
    sources: Vec<PathBuf>,
}

impl Piece {
    /// Whether it is one's own.
    pub(super) fn is_own(&self) -> bool {
        !self.routine.place.source.is_built_in()
    }
}

/// The routines of a site.
pub(super) struct Routines {
    pub(super) all: Vec<Piece>,
    /// Whether all that is built in is there.
    pub(super) is_all: bool,
    /// The programmes of which every routine is there.
    pub(super) programmes: Vec<Programme>,
}

impl Routines {
    /// Reads those that are wanted. Of those that nobody named, what is one's own and has mistakes is left out.
    pub(super) fn read(
        library: &Library,
        wanted: &Wanted,
        left_out: &mut Vec<LeftOut>,
        work: &Work<'_>,
    ) -> Result<Routines> {
        let is_all = wanted.routines.is_empty();
        let mut all = Vec::new();
        if is_all {
            for name in library.routines() {
                match piece(library, Path::new(&name), false, work) {
                    Ok(piece) => all.push(piece),
                    Err(Error::Mistakes(_)) if !is_built_in(library, &name) => {
                        left_out.push(LeftOut::Routine(name));
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        for path in &wanted.routines {
            let piece = piece(library, path, true, work)?;
            let same = |other: &&Piece| other.name == piece.name;
            match all.iter().find(same).map(|other: &Piece| other.routine.place.source == piece.routine.place.source) {
                Some(true) => {}
                Some(false) => return Err(twice(&format!("routines/{}.toml", piece.name))),
                None => all.push(piece),
            }
        }
        let cut: BTreeSet<_> = all.iter().flat_map(|piece| &piece.cut).collect();
        let minutes = clip::LONGEST_SOUND / 60;
        left_out.extend(cut.into_iter().map(|path| LeftOut::Sound { path: path.clone(), minutes }));
        let routines = Routines { all, is_all, programmes: Vec::new() };
        routines.own_files()?;
        Ok(routines)
    }

    /// Chooses the programmes that can be followed with what is there. Tells what is missing where everything was to be.
    pub(super) fn choose_programmes(&mut self, library: &Library) -> Vec<LeftOut> {
        let (mut chosen, mut left_out) = (Vec::new(), Vec::new());
        let is_there = |name: &str| self.all.iter().any(|piece| piece.name == name);
        for name in library.programmes() {
            let lacking = match library.programme(&name) {
                Ok(programme) => {
                    let lacking: BTreeSet<_> =
                        programme.routines().filter(|name| !is_there(name)).map(str::to_owned).collect();
                    if lacking.is_empty() {
                        chosen.push(programme);
                        continue;
                    }
                    lacking.into_iter().collect()
                }
                Err(_) => Vec::new(),
            };
            left_out.extend(self.is_all.then_some(LeftOut::Programme { name, lacking }));
        }
        self.programmes = chosen;
        left_out
    }

    /// The files of one's own that they are read from: each name stands for one file.
    fn own_files(&self) -> Result<BTreeMap<String, Vec<u8>>> {
        let mut files = BTreeMap::new();
        for (path, bytes) in self.all.iter().flat_map(|piece| &piece.files) {
            if files.insert(path.clone(), bytes.clone()).is_some_and(|other| other != *bytes) {
                return Err(twice(path));
            }
        }
        Ok(files)
    }

    /// Every cue that they could say.
    pub(super) fn cues(&self) -> BTreeSet<String> {
        self.all.iter().flat_map(|piece| piece.routine.cues_when_played()).collect()
    }

    /// Their files as a site has them, with the words of cues.
    pub(super) fn files(&self, library: &Library) -> Result<BTreeMap<String, Cow<'static, [u8]>>> {
        let own = self.own_files()?.into_iter().map(|(path, bytes)| (path, bytes.into()));
        let mut files: BTreeMap<_, _> = own.collect();
        for programme in self.programmes.iter().filter(|programme| !programme.place.source.is_built_in()) {
            let text = programme.place.source.text.clone();
            files.insert(format!("{PROGRAMMES}/{}.toml", programme.name), text.into_bytes().into());
        }
        files.insert(SCRIPT.to_owned(), self.script(library)?.into_bytes().into());
        Ok(files)
    }

    /// What a browser's library finds them in.
    pub(super) fn library(&self, library: &Library) -> Result<Library> {
        let files = self.files(library)?.into_iter();
        Library::in_memory(files.fold(Memory::new(), |memory, (path, bytes)| memory.with(path, bytes)))
    }

    /// Whether anything of them is one's own.
    pub(super) fn has_own(&self) -> bool {
        self.all.iter().any(|piece| !piece.files.is_empty())
    }

    /// The script: as it is built in, with the words of one's own that are said here.
    fn script(&self, library: &Library) -> Result<String> {
        let built_in = BuiltIn.content(Path::new(SCRIPT)).text()?;
        let (usual, _) = script::parse(&built_in);
        let cues = self.cues();
        let mut words: Script = usual.clone();
        let own = library.script();
        let said = own.iter().filter(|(cue, _)| self.is_all || cues.contains(*cue));
        words.extend(said.map(|(cue, text)| (cue.clone(), text.clone())));
        if words == usual {
            return Ok(built_in.text.clone());
        }
        let line = |(cue, text): (&String, &String)| format!("{} = {}\n", quoted(cue), quoted(text));
        Ok("[cues]\n".to_owned() + &words.iter().map(line).collect::<String>())
    }

    /// The files of the system that they are read from.
    pub(super) fn sources(&self) -> impl Iterator<Item = PathBuf> + '_ {
        let programmes = self.programmes.iter().filter_map(|programme| programme.file().map(Path::to_owned));
        self.all.iter().flat_map(|piece| piece.sources.clone()).chain(programmes)
    }
}

/// Text as TOML has it.
pub(super) fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

fn piece(library: &Library, path: &Path, is_named: bool, work: &Work<'_>) -> Result<Piece> {
    let Sources { mut routine, name, files: found } = library.sources(path)?;
    routine.name.clone_from(&name);
    let sources = routine.files().collect();
    let (mut files, mut cut) = (BTreeMap::new(), Vec::new());
    for (path, content) in found {
        let bytes = content.read(LARGEST_SOUND, "a sound of a site", "a shorter one is repeated")?;
        let bytes = if content.ending() == "toml" {
            bytes
        } else {
            let sound = clip::sound(&content, bytes, work)?;
            if sound.is_cut {
                cut.push(path.strip_prefix("routines/").unwrap_or(&path).to_owned());
            }
            play(&mut routine, &content, &sound.bytes);
            sound.bytes
        };
        files.insert(path, bytes);
    }
    Ok(Piece { name, routine, is_named, files, cut, sources })
}

/// Lets a routine play what the site has of a sound, so that it is planned here as it is there.
fn play(routine: &mut Routine, sound: &Content, bytes: &[u8]) {
    let bed = match &mut routine.bed {
        Some(BedChoice::Bed(Bed::File(bed))) => Some(&mut bed.content),
        _ => None,
    };
    for content in routine.bells.values_mut().chain(bed) {
        if content.path() == sound.path() {
            *content = Content::memory(sound.path(), bytes);
        }
    }
}

fn is_built_in(library: &Library, name: &str) -> bool {
    library.routine_source(name).is_ok_and(|source| source.is_built_in())
}

/// Two files that would have one name.
fn twice(path: &str) -> Error {
    Error::Format {
        reason: format!("expected one file for each name on a site, found two different ones for {path}"),
        help: "give one of them another name, or make a site for each routine".into(),
    }
}
