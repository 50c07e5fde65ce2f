//! The options that say how a session is encoded.

use catcow::sink::file::encoding::{Encoding, Quality};
use clap::Args;
use clap::builder::PossibleValuesParser;

/// How good it sounds, and how small it is.
#[derive(Args, Clone)]
pub struct Encoded {
    /// How good it sounds: voice (the smallest), standard (tone and beds), high. A WAV or FLAC is always whole.
    #[arg(long, value_name = "HOW", value_parser = words(), default_value = "voice")]
    quality: String,
    /// Bits a second, such as 48k, in place of what the quality stands for.
    #[arg(long, value_name = "BITS", value_parser = bitrate)]
    bitrate: Option<u32>,
}

impl Encoded {
    /// The encoding.
    pub fn encoding(&self) -> Encoding {
        let quality = Quality::WORDS.iter().find(|(word, _)| *word == self.quality);
        Encoding { quality: quality.map(|(_, quality)| *quality).unwrap_or_default(), bitrate: self.bitrate }
    }
}

fn words() -> PossibleValuesParser {
    Quality::WORDS.map(|(word, _)| word).into()
}

/// Bits a second: `48k`, `48 kbit/s`, `48000`. Below 8,000 no word is understood, above 512,000 nothing is gained.
fn bitrate(text: &str) -> Result<u32, String> {
    let text = text.trim().to_lowercase();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let thousand = match unit.trim().trim_end_matches("bit/s").trim_end_matches("bps") {
        "" => 1,
        "k" | "kb/s" => 1000,
        _ => return Err("expected bits a second, such as 48k".into()),
    };
    let bits = number.parse::<u32>().ok().and_then(|number| number.checked_mul(thousand));
    bits.filter(|bits| (8_000..=512_000).contains(bits)).ok_or_else(|| "expected 8k to 512k bits a second".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_a_second_are_read_as_people_write_them() {
        for (text, bits) in [("48k", 48_000), ("48000", 48_000), ("48 kbit/s", 48_000), ("96kbps", 96_000)] {
            assert_eq!(bitrate(text), Ok(bits), "{text}");
        }
        for text in ["", "k", "7k", "48", "513k", "-48k", "48m", "99999999999k", "4294968k"] {
            assert!(bitrate(text).is_err(), "{text}");
        }
    }
}
