//! A recording that is built in, decoded phrase by phrase.
//!
//! Every packet of Opus builds on those before it, so a recording can only be decoded from its beginning, and who
//! jumps into a long one would wait for up to 15 ms. In a pause there is nothing left to build on: there the decoder begins
//! anew, always, so that a phrase is the same whether the ones before it were decoded or not.

use std::ops::Range;

use opus_pure::{OggOpusReader, OggPacket};

use super::opus::{Stream, damaged};
use super::output::{More, Packet};

/// Frames of a packet: 20 ms, as `voice_clips/make_clips.py` has them made.
const PACKET: usize = 960;
/// The largest packet of a pause, in bytes; one with speech in it has 55 and more.
const QUIET: usize = 45;
/// How many such packets in a row make a pause: 0.24 s of them.
const PAUSE: usize = 12;
/// Packets of the pause that a new decoder is given to settle: 100 ms, where RFC 7845, 4.6, asks for 80.
const SETTLE: usize = 5;

/// Decodes the phrases that `heard`, in frames at 48 kHz, touches, and hands their packets to `take`, until that has
/// enough; what lies before them is handed over as silence.
///
/// # Errors
/// What is wrong with the recording, in words.
pub(crate) fn decode(
    bytes: &[u8],
    heard: Range<u64>,
    mut take: impl FnMut(&Packet<'_>) -> More<String>,
) -> Result<(), String> {
    let mut reader = OggOpusReader::new(bytes).map_err(damaged)?;
    let (channels, pre_skip) = (reader.head().channel_count, usize::from(reader.head().pre_skip));
    if channels != 1 {
        return Err(format!("expected one channel, found {channels}"));
    }
    let mut stream = Stream::new(reader.head())?;
    let packets = reader.packets().collect::<Result<Vec<_>, _>>().map_err(damaged)?;
    for phrase in phrases(&packets) {
        let is_heard = (phrase.end * PACKET).saturating_sub(pre_skip) as u64 > heard.start;
        if is_heard {
            stream.begin_anew()?;
        }
        let before = phrase.start - phrase.start.min(SETTLE);
        for index in if is_heard { before..phrase.end } else { phrase.clone() } {
            if is_heard {
                let frames = stream.decode(&packets[index])?;
                if frames != PACKET {
                    return Err(format!("expected packets of {PACKET} frames, found {frames}"));
                }
            }
            if phrase.contains(&index) && take(&stream.packet(&packets[index], PACKET))?.is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The packets of each phrase. A pause belongs to the phrase before it.
fn phrases(packets: &[OggPacket]) -> impl Iterator<Item = Range<usize>> {
    let (mut starts, mut quiet) = (vec![0], 0);
    for (index, packet) in packets.iter().enumerate() {
        quiet = if packet.data.len() <= QUIET { quiet + 1 } else { 0 };
        if quiet == PAUSE {
            starts.push(index + 1);
        }
    }
    let ends: Vec<usize> = starts[1..].iter().copied().chain([packets.len()]).collect();
    starts.into_iter().zip(ends).map(|(start, end)| start..end)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::ops::ControlFlow::{Break, Continue};
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::load::audio::decoder;

    fn clips(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                clips(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "opus") {
                found.push(path);
            }
        }
    }

    fn every_clip() -> Vec<PathBuf> {
        let mut found = Vec::new();
        clips(&Path::new(env!("CARGO_MANIFEST_DIR")).join("voice_clips"), &mut found);
        assert!(found.len() > 500);
        found
    }

    fn whole(bytes: &[u8]) -> Vec<f32> {
        let mut samples = Vec::new();
        let keep = |packet: &Packet<'_>| {
            samples.extend_from_slice(packet.samples);
            Ok(Continue(()))
        };
        decode(bytes, 0..u64::MAX, keep).unwrap();
        samples
    }

    #[test]
    fn beginning_anew_in_pauses_changes_nothing_that_could_be_heard() {
        for path in every_clip() {
            let bytes = std::fs::read(&path).unwrap();
            let mut straight = Vec::new();
            let keep = |packet: &Packet<'_>| {
                straight.extend_from_slice(packet.samples);
                Ok(Continue(()))
            };
            decoder::decode::<_, String>(Cursor::new(bytes.clone()), "opus", u64::MAX, keep).unwrap();
            let anew = whole(&bytes);
            assert_eq!(anew.len(), straight.len(), "{}", path.display());
            for (part, (anew, straight)) in anew.chunks(480).zip(straight.chunks(480)).enumerate() {
                let power: f32 = anew.iter().zip(straight).map(|(a, b)| (a - b) * (a - b)).sum::<f32>() / 480.0;
                // 70 dB under full scale, 50 under the voice, for 10 ms.
                assert!(power < 1e-7, "{}: {:.1} dB at {} ms", path.display(), 10.0 * power.log10(), 10 * part);
            }
        }
    }

    #[test]
    fn no_phrase_is_longer_than_five_seconds() {
        let mut longest = (0, PathBuf::new());
        for path in every_clip() {
            let mut reader = OggOpusReader::new(Cursor::new(std::fs::read(&path).unwrap())).unwrap();
            let packets = reader.packets().collect::<Result<Vec<_>, _>>().unwrap();
            let most = phrases(&packets).map(|phrase| phrase.len()).max().unwrap();
            longest = longest.max((most, path));
        }
        assert!(longest.0 < 250, "{longest:?}");
    }

    #[test]
    fn a_part_is_what_it_is_in_the_whole_and_takes_no_more_than_a_phrase() {
        for path in every_clip().into_iter().step_by(9) {
            let bytes = std::fs::read(&path).unwrap();
            let whole = whole(&bytes);
            for start in (0..whole.len()).step_by(20_011) {
                let end = (start + 4_800).min(whole.len());
                let mut part = Vec::new();
                let keep = |packet: &Packet<'_>| {
                    part.extend_from_slice(packet.samples);
                    Ok(if part.len() < end { Continue(()) } else { Break(()) })
                };
                decode(&bytes, start as u64..end as u64, keep).unwrap();
                assert_eq!(part[start..end], whole[start..end], "{} from {start}", path.display());
            }
        }
    }
}
