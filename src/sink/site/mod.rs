//! A site: the page on which a session is chosen and heard in a browser, with the routines, poses and voices that it is to offer, as the
//! files that any web host serves as they are.
//!
//! Everything is relative, so that a site may lie in any folder. What an author wrote stands in it as data: their routine as they wrote
//! it, titles and words in JSON, and in no markup. The same routines and voices make the same bytes.

mod about;
mod clip;
mod page;
mod routines;
mod voices;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

use self::routines::Routines;
use self::voices::Voices;
use crate::diagnostic::Diagnostics;
use crate::error::Result;
use crate::load::Library;
use crate::load::digest::Digester;
use crate::work::Work;

/// A file of a site.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its address from the site's own, such as `files/voice_clips/ada/breath/in.opus`: in folders divided by `/`, not escaped.
    pub path: String,
    /// What it is, as HTTP says it (a media type).
    pub kind: &'static str,
    /// What stands in it.
    pub bytes: Cow<'static, [u8]>,
}

/// What a site is to offer.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Routines, by their names or the paths of their files; without any, all that are built in and all of one's own.
    pub routines: Vec<PathBuf>,
    /// Voices, as [`Library::voice`] takes them, the usual one first; without any, all that are built in and all of one's own.
    pub voices: Vec<PathBuf>,
    /// The voice that is the usual one where none is named; else [`DEFAULT_VOICE`](crate::load::DEFAULT_VOICE).
    pub usual: Option<PathBuf>,
}

/// A site, and what became of what was wanted.
#[derive(Debug)]
pub struct Site {
    /// Its files, by their paths.
    pub assets: Vec<Asset>,
    /// The names of its routines.
    pub routines: Vec<String>,
    /// The ids of its voices, the usual one first.
    pub voices: Vec<String>,
    /// What nobody named and is not on it, or only in part.
    pub left_out: Vec<LeftOut>,
    /// What is worth a look in recordings.
    pub warnings: Diagnostics,
    /// The files that it was made from: none of what is built in.
    pub sources: Vec<PathBuf>,
}

/// Something that nobody named and that is not on a site, or only in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// A routine with mistakes.
    Routine(String),
    /// A voice with mistakes.
    Voice(String),
    /// A routine for which no voice has all words.
    Unsaid(String),
    /// A programme: some of its routines are not there, or where none is lacking, it has mistakes.
    Programme {
        /// Its name.
        name: String,
        /// The routines that are not there.
        lacking: Vec<String>,
    },
    /// A voice that has the words of no routine there.
    Silent(String),
    /// A routine that only some of the voices say.
    InPart {
        /// Its name.
        routine: String,
        /// The voices that say it.
        voices: Vec<String>,
    },
    /// What comes after the first minutes of a sound: it is repeated from there.
    Sound {
        /// Its path, as its routine names it.
        path: String,
        /// How many minutes are there.
        minutes: u64,
    },
}

/// The files of a site, by their paths.
///
/// # Errors
/// As for [`Site::new`].
pub fn assets(library: &Library, wanted: &Wanted, work: &Work<'_>) -> Result<Vec<Asset>> {
    Site::new(library, wanted, work).map(|site| site.assets)
}

impl Site {
    /// Makes a site. Recordings and sounds of one's own are decoded and encoded as Opus.
    ///
    /// # Errors
    /// A routine or a voice that cannot be found or read; a routine that has no voice for its words; two that want different files
    /// of one name; someone wants it to stop.
    pub fn new(library: &Library, wanted: &Wanted, work: &Work<'_>) -> Result<Site> {
        let mut left_out = Vec::new();
        let mut routines = Routines::read(library, wanted, &mut left_out, work)?;
        let mut voices = Voices::read(library, wanted, &routines, &mut left_out, work)?;
        let offers = about::offers(library, &mut routines, &mut voices, &mut left_out, work)?;
        let mut files: BTreeMap<String, Cow<'static, [u8]>> = BTreeMap::new();
        files.extend(routines.files(library)?);
        files.extend(voices.files());
        let routine_names = routines.all.iter().map(|piece| piece.name.clone()).collect();
        let voice_ids = voices.all.iter().map(|voice| voice.id.clone()).collect();
        let sources = routines.sources().chain(voices.sources()).collect();
        let warnings = voices.warnings;
        let mut assets: Vec<Asset> = page::files();
        let index = about::index(&files);
        assets.extend(files.into_iter().map(|(path, bytes)| Asset::new(format!("files/{path}"), bytes)));
        assets.push(Asset::new("files.json".into(), index.into_bytes().into()));
        let version = version(&assets, &offers);
        page::put_version(&mut assets, &version);
        assets.push(Asset::new("site.json".into(), offers.json(&version, &assets).into_bytes().into()));
        assets.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(Site { assets, routines: routine_names, voices: voice_ids, left_out, warnings, sources })
    }
}

impl Asset {
    fn new(path: String, bytes: Cow<'static, [u8]>) -> Asset {
        let kind = page::kind(&path);
        Asset { path, kind, bytes }
    }
}

/// By what a site is told from every other: sixteen hexadecimal digits.
fn version(assets: &[Asset], offers: &about::Offers) -> String {
    let mut all = Digester::default();
    assets.iter().for_each(|asset| all.add(&asset.path, &asset.bytes));
    all.add("site.json", offers.json("", assets));
    all.finish().to_string()[..16].to_owned()
}
