//! The folder of a voice while recordings come into it. Nothing that lies in it is lost: what is replaced moves to the folder `kept`.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use catcow::load::Voice;
use catcow::load::files::Content;
use catcow::load::library::voice::KEPT;
use catcow::load::plain_file;
use catcow::sink::file::output::{Output, write_new};
use catcow::{Error, Result};

use crate::cli::Talk;

/// The folder of a voice.
pub struct VoiceFolder {
    path: PathBuf,
    /// The recordings that were there, by cue.
    there: BTreeMap<String, PathBuf>,
    /// How many recordings moved to `kept`.
    kept: Cell<usize>,
}

/// A file that is taken for a line is no larger, in bytes: what a recording of a cue may be.
const LARGEST_FILE: u64 = 128 << 20;
/// The page on which what was taken can be heard.
const PAGE: &str = "take.html";

impl VoiceFolder {
    /// A folder, which may not be there yet.
    ///
    /// # Errors
    /// What is wrong with the voice in it.
    pub fn open(path: PathBuf) -> Result<VoiceFolder> {
        let voice = super::voice_in(&path)?;
        let mut there = BTreeMap::new();
        for cue in voice.iter().flat_map(Voice::cues) {
            let clip = voice.as_ref().and_then(|voice| voice.clip(cue));
            if let Some(file) = clip.and_then(|clip| clip.content().in_file()) {
                there.insert(cue.to_owned(), file.to_owned());
            }
        }
        Ok(VoiceFolder { path, there, kept: Cell::new(0) })
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a cue is recorded.
    pub fn has(&self, cue: &str) -> bool {
        self.there.contains_key(cue)
    }

    /// Makes it, with a `voice.toml` that tells its name, where there is none.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn make(&self) -> Result<()> {
        make_folder(&self.path)?;
        let about = self.path.join("voice.toml");
        if about.symlink_metadata().is_ok() {
            return Ok(());
        }
        let real = fs::canonicalize(&self.path).ok();
        let name = real.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        let name = toml_edit::Value::from(name.unwrap_or_else(|| "My voice".into()));
        write_new(&about, format!("name = {name}\n").as_bytes())
    }

    /// Puts samples of one channel into the place of a cue, as a WAV.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn put(&self, cue: &str, samples: &[f32], rate_hz: u32) -> Result<()> {
        let path = self.path.join(format!("{cue}.wav"));
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: rate_hz,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut bytes = Cursor::new(Vec::new());
        let step = |sample: f32| (sample * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16;
        let written = hound::WavWriter::new(&mut bytes, spec).and_then(|mut writer| {
            samples.iter().try_for_each(|sample| writer.write_sample(step(*sample)))?;
            writer.finalize()
        });
        written.map_err(|error| Error::writing(&path)(std::io::Error::other(error)))?;
        self.replace(cue, &path, &bytes.into_inner())
    }

    /// Puts a copy of a file into the place of a cue.
    ///
    /// # Errors
    /// It cannot be read or written.
    pub fn put_file(&self, cue: &str, file: &Path) -> Result<()> {
        let content = Content::file(file);
        let ending = content.ending().to_lowercase();
        let bytes = plain_file::read(file, LARGEST_FILE, "a recording of a line", "cut it shorter")?;
        self.replace(cue, &self.path.join(format!("{cue}.{ending}")), &bytes)
    }

    /// Writes the recording of a cue; one that is there moves to `kept` first, once the new one is written whole.
    fn replace(&self, cue: &str, path: &Path, bytes: &[u8]) -> Result<()> {
        make_folder(path.parent().unwrap_or(&self.path))?;
        let mut output = Output::create(path)?;
        output.append(bytes)?;
        let old = self.there.get(cue).map(PathBuf::as_path).filter(|old| old.symlink_metadata().is_ok());
        let old = old.or_else(|| path.symlink_metadata().is_ok().then_some(path));
        if let Some(old) = old {
            self.keep(cue, old)?;
        }
        output.finish_unsynced()
    }

    /// Moves a file to `kept`, under a name that is free.
    fn keep(&self, name: &str, old: &Path) -> Result<()> {
        let ending = old.extension().map_or_else(String::new, |ending| format!(".{}", ending.to_string_lossy()));
        let mut path = self.path.join(KEPT).join(format!("{name}{ending}"));
        let mut number = 1;
        while path.symlink_metadata().is_ok() {
            number += 1;
            path = self.path.join(KEPT).join(format!("{name}-{number}{ending}"));
        }
        make_folder(path.parent().unwrap_or(&self.path))?;
        fs::rename(old, &path).map_err(Error::writing(&path))?;
        self.kept.set(self.kept.get() + 1);
        Ok(())
    }

    /// Says what was kept.
    pub fn tell(&self, talk: Talk) {
        if self.kept.get() > 0 {
            talk.say(&format!("{} earlier recordings are in {}", self.kept.get(), self.path.join(KEPT).display()));
        }
    }

    /// The recordings that there are now, by their paths from the folder.
    pub fn clips(&self) -> BTreeMap<String, String> {
        let (Ok(Some(voice)), Ok(root)) = (super::voice_in(&self.path), fs::canonicalize(&self.path)) else {
            return BTreeMap::new();
        };
        let clip = |cue: &str| {
            let file = voice.clip(cue)?.content().in_file()?;
            let inside = file.strip_prefix(&root).or_else(|_| file.strip_prefix(&self.path)).ok()?;
            Some((cue.to_owned(), inside.to_string_lossy().into_owned()))
        };
        voice.cues().filter_map(clip).collect()
    }

    /// Writes the page; one that is there is kept, if it is not a page of this kind.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write_page(&self, text: &str) -> Result<PathBuf> {
        let path = self.path.join(PAGE);
        let marked = text.lines().take(5).collect::<Vec<_>>();
        let is_ours = |text: &str| text.lines().take(5).eq(marked.iter().copied());
        if path.symlink_metadata().is_ok() && !fs::read_to_string(&path).is_ok_and(|text| is_ours(&text)) {
            self.keep("take", &path)?;
        }
        let mut output = Output::create(&path)?;
        output.append(text.as_bytes())?;
        output.finish()?;
        Ok(path)
    }
}

fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(Error::writing(path))
}
