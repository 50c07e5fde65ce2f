//! Sound that another program made: checked, and written down as a plain recording.

use std::io::Cursor;
use std::ops::ControlFlow;

use hound::{SampleFormat, WavSpec, WavWriter};

use super::clip::{self, ALL, Treatment, Wanted};
use super::decoder::{self, Packet};
use super::pcm;
use crate::frames::SampleRate;
use crate::gain::Lufs;

/// The longest thing that is said, in seconds: as of a recording.
const LONGEST_SECONDS: usize = 600;
/// The highest sample, of full scale 1: the level itself is set when it is used.
const PEAK: f64 = 0.9;

/// Sound in any format that can be read, as a WAV of one channel in 16 bit at its own rate.
///
/// # Errors
/// It cannot be decoded, is silent, or is too long: what it is, in words.
pub fn plain_recording(bytes: &[u8], ending: &str) -> Result<Vec<u8>, String> {
    let (mut samples, mut rate_hz) = (Vec::<f64>::new(), 0);
    let take = |packet: &Packet<'_>| {
        rate_hz = packet.rate_hz;
        clip::to_mono(packet, &mut samples);
        if samples.len() / LONGEST_SECONDS > rate_hz as usize {
            return Err(format!("it is longer than {} minutes", LONGEST_SECONDS / 60));
        }
        Ok(ControlFlow::Continue(()))
    };
    decoder::decode(Cursor::new(bytes.to_vec()), ending, clip::MOST_FRAMES, take)?;
    let peak = samples.iter().fold(0.0, |peak: f64, sample| peak.max(sample.abs()));
    if peak == 0.0 {
        return Err("it is silent".into());
    }
    samples.iter_mut().for_each(|sample| *sample *= PEAK / peak);
    let mut steps = Vec::new();
    pcm::append(&mut steps, &samples);
    let wav = wav(&steps, rate_hz).map_err(|error| error.to_string())?;
    // What cannot be levelled as speech is none.
    let wanted = Wanted { rate: SampleRate::DEFAULT, treatment: Treatment::Speech, voice: Lufs::SPEECH, heard: ALL };
    if clip::decode(wav.clone(), "wav", wanted)?.silent { Err("it is silent".into()) } else { Ok(wav) }
}

fn wav(steps: &[i16], rate_hz: u32) -> Result<Vec<u8>, hound::Error> {
    let spec = WavSpec { channels: 1, sample_rate: rate_hz, bits_per_sample: 16, sample_format: SampleFormat::Int };
    let mut bytes = Cursor::new(Vec::new());
    let mut writer = WavWriter::new(&mut bytes, spec)?;
    steps.iter().try_for_each(|step| writer.write_sample(*step))?;
    writer.finalize()?;
    Ok(bytes.into_inner())
}

/// Whether these bytes are all of what [`plain_recording`] wrote.
pub fn is_plain_recording(bytes: &[u8]) -> bool {
    // The size of the samples stands before them, after a head of 44 bytes.
    let Some(size) = bytes.get(40..44).and_then(|size| size.try_into().ok()).map(u32::from_le_bytes) else {
        return false;
    };
    bytes.starts_with(b"RIFF") && size > 0 && bytes.len() == 44 + size as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_sound_or_silent_is_told_and_what_was_cut_is_known() {
        assert!(plain_recording(b"Hello there.", "wav").is_err());
        assert_eq!(plain_recording(&wav(&[0; 8000], 8000).unwrap(), "wav").unwrap_err(), "it is silent");
        let tone: Vec<i16> = (0..8000).map(|frame| (f64::from(frame) * 0.3).sin().mul_add(900.0, 0.0) as i16).collect();
        let made = plain_recording(&wav(&tone, 8000).unwrap(), "wav").unwrap();
        assert!(
            is_plain_recording(&made) && !is_plain_recording(&made[..made.len() - 2]) && !is_plain_recording(b"RIFF")
        );
    }
}
