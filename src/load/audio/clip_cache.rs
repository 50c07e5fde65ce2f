//! Decoded recordings within a fixed amount of memory, however large the voice and however long the routine.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::clip::{Clip, Findings};
use super::clip_file::ClipFile;
use crate::error::Result;
use crate::frames::{FrameRange, Frames, SampleRate};
use crate::gain::{Decibels, Lufs};

/// What decoded clips may take, in bytes: about two minutes of speech at 48 kHz.
const BUDGET_BYTES: usize = 12 << 20;

/// How many built-in recordings are decoded to learn how much quieter all of them are.
const SAMPLED: usize = 8;

/// Decodes clips when they are needed, and keeps the ones last used.
#[derive(Debug)]
pub(crate) struct ClipCache {
    rate: SampleRate,
    voice: Lufs,
    /// Whether a clip was asked for already.
    warm: AtomicBool,
    inner: Mutex<Inner>,
}

/// What identifies a clip: its content and its treatment, as [`ClipFile`] tells it.
type Key = Arc<[u8]>;

#[derive(Debug, Default)]
struct Inner {
    /// The clips, and when each was last used, as a value of `now`.
    clips: HashMap<Key, (Arc<Clip>, u64)>,
    /// How much quieter than asked for each clip is that is quieter; of all that were ever decoded.
    short: HashMap<Key, Decibels>,
    /// What the clips take, in bytes.
    bytes: usize,
    /// How often a clip was asked for.
    now: u64,
}

impl ClipCache {
    /// An empty cache for clips at `rate` that are brought to the loudness `voice`, in stereo.
    pub(crate) fn new(rate: SampleRate, voice: Lufs) -> ClipCache {
        ClipCache { rate, voice, warm: AtomicBool::new(false), inner: Mutex::default() }
    }

    /// The rate of the clips on it.
    pub(crate) fn rate(&self) -> SampleRate {
        self.rate
    }

    /// How long the clip is, without decoding it where that is known; and what is worth a look in it.
    ///
    /// # Errors
    /// It cannot be read or decoded.
    pub(crate) fn measure(&self, file: &ClipFile) -> Result<(Frames, Findings)> {
        match file.known_frames(self.rate) {
            Some(frames) => Ok((frames, Findings::default())),
            None => self.clip(file).map(|clip| (clip.frames(), clip.findings())),
        }
    }

    /// The decoded clip.
    ///
    /// # Errors
    /// It cannot be read or decoded.
    pub(crate) fn clip(&self, file: &ClipFile) -> Result<Arc<Clip>> {
        self.warm.store(true, Ordering::Relaxed);
        if let Some(clip) = self.inner().take(file.key()) {
            return Ok(clip);
        }
        // Decoded without the lock, so that two threads can decode two clips.
        let clip = Arc::new(file.decode(self.rate, self.voice)?);
        self.inner().put(file.key(), &clip);
        Ok(clip)
    }

    /// How much quieter than asked for speech is, because the peaks of recordings are held under a ceiling: by their mean power over
    /// the time that each is `heard`. Recordings of one's own were decoded when they were measured; of the built-in ones that may be
    /// concerned, some are decoded here. At the usual loudness none is concerned.
    ///
    /// # Errors
    /// One cannot be read or decoded.
    pub(crate) fn shortfall(&self, heard: &[(Arc<ClipFile>, Frames)]) -> Result<Decibels> {
        let (built_in, own): (Vec<_>, Vec<_>) = heard.iter().partition(|(file, _)| file.may_be_short(self.voice));
        let number = SAMPLED.min(built_in.len());
        let sampled: Vec<_> = (0..number).map(|at| built_in[at * built_in.len() / number]).collect();
        for (file, _) in &sampled {
            self.clip(file)?;
        }
        let inner = self.inner();
        let time = |files: &[&(Arc<ClipFile>, Frames)]| files.iter().map(|(_, frames)| frames.0 as f64).sum::<f64>();
        // Loudness is a mean of power over time: a sentence counts for more than a word.
        let power = |files: &[&(Arc<ClipFile>, Frames)]| -> f64 {
            let short = |file: &ClipFile| inner.short.get(file.key()).map_or(0.0, |short| f64::from(short.0));
            files.iter().map(|(file, frames)| frames.0 as f64 * 10f64.powf(-short(file) / 10.0)).sum()
        };
        let all = power(&own) + power(&sampled) * time(&built_in) / time(&sampled).max(1.0);
        let share = all / (time(&own) + time(&built_in)).max(1.0);
        Ok(Decibels(if share > 0.0 { (-10.0 * share.log10()) as f32 } else { 0.0 }))
    }

    /// The decoded clip, at least the range `heard` of it. Of the first clip that is ever asked for, only that range is decoded, so
    /// that sound begins at once; it is not kept.
    ///
    /// # Errors
    /// It cannot be read or decoded.
    pub(crate) fn clip_part(&self, file: &ClipFile, heard: FrameRange) -> Result<Arc<Clip>> {
        if self.warm.swap(true, Ordering::Relaxed) {
            self.clip(file)
        } else {
            Ok(Arc::new(file.decode_part(self.rate, self.voice, heard)?))
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // A thread that panicked left whole clips behind.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn take(&mut self, key: &Key) -> Option<Arc<Clip>> {
        self.now += 1;
        let now = self.now;
        let (clip, used) = self.clips.get_mut(key)?;
        *used = now;
        Some(Arc::clone(clip))
    }

    fn put(&mut self, key: &Key, clip: &Arc<Clip>) {
        if clip.short > Decibels::ZERO {
            self.short.insert(Arc::clone(key), clip.short);
        }
        if self.clips.insert(Arc::clone(key), (Arc::clone(clip), self.now)).is_none() {
            self.bytes += size_of_val(&*clip.samples);
        }
        while self.bytes > BUDGET_BYTES && self.clips.len() > 1 {
            let others = self.clips.iter().filter(|(other, _)| *other != key);
            let Some(oldest) = others.min_by_key(|(_, (_, used))| *used).map(|(other, _)| Arc::clone(other)) else {
                return;
            };
            if let Some((gone, _)) = self.clips.remove(&oldest) {
                self.bytes -= size_of_val(&*gone.samples);
            }
        }
    }
}
