//! Recordings: decoded, trimmed, resampled, levelled; and the cache of decoded clips.

pub mod bed_file;
pub mod clip;
pub(crate) mod clip_cache;
pub mod clip_file;
mod decoder;
mod downmix;
mod edit_list;
mod ends;
pub mod envelope;
mod header_repair;
mod high_pass;
pub(crate) mod levelling;
mod links;
pub mod made;
mod opus;
mod output;
mod panics;
pub(crate) mod pcm;
mod phrases;
mod resample;
pub(crate) mod stereo;
mod trim;

pub(crate) use clip_cache::ClipCache;
