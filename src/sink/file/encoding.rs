//! How good a compressed file sounds, and how small it is.

use crate::frames::SampleRate;

/// A choice that a person understands; what it means in bits is each format's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quality {
    /// Words on a phone's loudspeaker or simple headphones: as small as it goes without a word lost.
    #[default]
    Voice,
    /// Voice, tone and bed as most people hear them.
    Standard,
    /// Nothing that anybody hears is missing.
    High,
}

impl Quality {
    /// Each, with its word.
    pub const WORDS: [(&str, Quality); 3] =
        [("voice", Quality::Voice), ("standard", Quality::Standard), ("high", Quality::High)];

    /// The rate that suits it, in formats that have a choice: speech ends at 12 kHz for nearly everybody, a bed of noise does not.
    pub fn rate(self) -> SampleRate {
        match self {
            Quality::Voice => SampleRate::new(24_000).unwrap_or(SampleRate::DEFAULT),
            Quality::Standard | Quality::High => SampleRate::DEFAULT,
        }
    }
}

/// How a session is encoded, where its format leaves a choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Encoding {
    /// How good it sounds.
    pub quality: Quality,
    /// Bits a second, in place of what the quality stands for.
    pub bitrate: Option<u32>,
}
