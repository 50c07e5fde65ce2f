//! AAC-LC: samples to packets. It keeps a packet's worth of samples and needs no file.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use syom::{AacError, EncodeOptions};

use super::encoding::Quality;
use crate::error::Error;
use crate::work::Work;

/// Frames in a packet, and frames that the decoder gives before the first one.
pub(super) const PACKET: u32 = 1024;
pub(super) const PRIMING: u32 = PACKET;

/// Bits a channel that a packet may have (ISO/IEC 14496-3, 4.5.3.2).
const MOST_BITS: u32 = 6144;

/// Frames a second for which AAC has a number (ISO/IEC 14496-3, table 1.18).
const RATES_HZ: [u32; 12] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000];

/// A sample that hardly sounds: −58 dBFS. The noise that keeps headphones awake has peaks of −65 dBFS.
const QUIET: f32 = 40.0 / 32768.0;

/// A sample of what lies under words, the breath tone above all, which has peaks of −35 to −28 dBFS: words have −15 to −3.
const MURMUR: f32 = 1_300.0 / 32768.0;

/// Bits a channel that a packet of it has where words count most, and one of words: 11 and 30 kbit/s at 24 kHz. With the encoder's
/// levels of quality instead, words are less well recognised (level 0, 28 kbit/s) or larger (level 1, 40 kbit/s).
const MURMUR_BITS: u32 = 470;
const WORDS_BITS: u32 = 1280;

/// Frames that are gathered before they are encoded, so that starting threads for them takes no time that counts: 5 s at 24 kHz.
const GATHERED: usize = 128 * PACKET as usize;

/// After so many packets' worth of digital silence, every packet is the one before again.
const SETTLED: u32 = 4;

/// What is encoded, and how well.
#[derive(Clone, Copy)]
pub(super) struct Settings {
    /// Frames a second, one of AAC's.
    pub rate: u32,
    /// Samples for a frame.
    pub channels: usize,
    /// How good it sounds, with as many bits as that takes.
    pub quality: Quality,
    /// Bits a second on average, in place of a quality.
    pub bitrate: Option<u32>,
}

impl Settings {
    /// How loud a packet may be at most, and how it is then encoded; the softest first.
    fn levels(self) -> Vec<(f32, EncodeOptions)> {
        // Where quality decides, the bitrate is not used, but refused where it is too much.
        let all = EncodeOptions::raw().with_lookahead(true).with_bitrate_bps(self.most_bits());
        if let Some(bits) = self.bitrate {
            return vec![(1.0, all.with_bitrate_bps(bits.min(self.most_bits())))];
        }
        // As many bits as a quality takes, and none for what nobody hears.
        let at = |quality: u8| all.clone().with_ath(true).with_quality(quality);
        match self.quality {
            Quality::Voice => {
                let bits =
                    |packet: u32| all.clone().with_bitrate_bps(packet * self.channels as u32 * self.rate / PACKET);
                vec![(QUIET, at(1)), (MURMUR, bits(MURMUR_BITS).with_ath(true)), (1.0, bits(WORDS_BITS))]
            }
            Quality::Standard => vec![(QUIET, at(1)), (1.0, at(2))],
            Quality::High => vec![(QUIET, at(2)), (1.0, at(6))],
        }
    }

    /// Bits a second that AAC has room for.
    fn most_bits(self) -> u32 {
        (u64::from(MOST_BITS) * self.channels as u64 * u64::from(self.rate) / u64::from(PACKET)) as u32
    }
}

/// Whether AAC knows a rate.
pub(super) fn knows(rate: u32) -> bool {
    RATES_HZ.contains(&rate)
}

/// How many packets so many frames make: the last one holds what the decoder still has of the one before.
pub(super) fn packets(frames: u32) -> usize {
    frames.div_ceil(PACKET) as usize + 1
}

/// What is encoded and not yet taken away, and the sizes of all that was.
#[derive(Default)]
pub(super) struct Packets {
    pub bytes: Vec<u8>,
    pub sizes: Vec<u32>,
}

impl Packets {
    fn push(&mut self, packet: &[u8]) {
        self.sizes.push(packet.len() as u32);
        self.bytes.extend_from_slice(packet);
    }
}

/// An encoder for packets that are no louder than its level, and the packets that it made and nobody took.
struct Coder {
    level: f32,
    encoder: syom::Encoder,
    made: VecDeque<Vec<u8>>,
}

impl Coder {
    fn feed(&mut self, planes: &[&[f32]]) -> Result<(), AacError> {
        let made = &mut self.made;
        self.encoder.feed(planes, |packet| {
            made.push_back(packet.payload.to_vec());
            Ok(())
        })?;
        Ok(())
    }

    fn finish(&mut self) -> Result<(), AacError> {
        let made = &mut self.made;
        self.encoder.finish(|packet| {
            made.push_back(packet.payload.to_vec());
            Ok(())
        })?;
        Ok(())
    }
}

/// Encodes samples in the order of their frames.
///
/// Where quality decides and not a bitrate, all is encoded once for each level, and each packet is taken from the one that it is loud
/// enough for. That is sound because they all choose the same windows, which depend on the samples alone, so that the halves of
/// neighbouring packets fit each other. Levels are encoded at the same time, and the bytes are the same on any number of threads.
pub(super) struct Encoder {
    coders: Vec<Mutex<Coder>>,
    /// What a decoder is told (`AudioSpecificConfig`).
    pub config: Vec<u8>,
    /// The samples that are not encoded yet.
    planes: Vec<Vec<f32>>,
    /// The largest sample of each packet's worth whose packet is not taken yet, and of the one before them.
    peaks: VecDeque<f32>,
    /// How many packets' worth of samples are digital silence, up to here.
    silent: u32,
    last: Vec<u8>,
    /// What is encoded; whoever has written the bytes clears them.
    pub packets: Packets,
}

impl Encoder {
    /// # Errors
    /// AAC does not know the rate.
    pub fn new(settings: Settings) -> Result<Encoder, AacError> {
        let coder = |(level, options): (f32, EncodeOptions)| {
            let encoder = syom::Encoder::new(settings.rate, settings.channels, &options)?;
            Ok(Coder { level, encoder, made: VecDeque::new() })
        };
        let coders = settings.levels().into_iter().map(coder).collect::<Result<Vec<_>, AacError>>()?;
        Ok(Encoder {
            config: coders[0].encoder.asc().to_vec(),
            coders: coders.into_iter().map(Mutex::new).collect(),
            planes: vec![Vec::new(); settings.channels],
            peaks: VecDeque::from([0.0]),
            silent: 0,
            last: Vec::new(),
            packets: Packets::default(),
        })
    }

    /// Encodes whole frames, interleaved.
    ///
    /// # Errors
    /// The encoder's own; someone wants it to stop.
    pub fn feed(&mut self, mut samples: &[i16], work: &Work<'_>) -> Result<(), Failure> {
        let count = self.planes.len();
        while !samples.is_empty() {
            let room = PACKET as usize - self.planes[0].len() % PACKET as usize;
            let (now, later) = samples.split_at((room * count).min(samples.len()));
            for (channel, plane) in self.planes.iter_mut().enumerate() {
                plane.extend(now.iter().skip(channel).step_by(count).map(|sample| f32::from(*sample) / 32768.0));
            }
            if self.planes[0].len().is_multiple_of(PACKET as usize) {
                self.complete(PACKET as usize, work)?;
            }
            samples = later;
        }
        if self.whole() >= GATHERED { self.encode_whole(work) } else { Ok(()) }
    }

    /// Encodes the whole packets' worth that is gathered, for who cannot wait for more.
    ///
    /// # Errors
    /// The encoder's own; someone wants it to stop.
    pub fn encode_whole(&mut self, work: &Work<'_>) -> Result<(), Failure> {
        self.encode(self.whole(), work)
    }

    /// How many frames of those that are not encoded yet make whole packets.
    fn whole(&self) -> usize {
        let all = self.planes[0].len();
        all - all % PACKET as usize
    }

    /// Encodes what is left.
    ///
    /// # Errors
    /// Nothing was fed; someone wants it to stop.
    pub fn finish(mut self, work: &Work<'_>) -> Result<Packets, Failure> {
        let left = self.planes[0].len() % PACKET as usize;
        if left > 0 {
            self.complete(left, work)?;
        }
        self.encode(self.planes[0].len(), work)?;
        // The decoder still has the second half of the last samples.
        self.peaks.push_back(0.0);
        self.coders.iter_mut().try_for_each(|coder| inner(coder.get_mut()).finish())?;
        self.take();
        Ok(self.packets)
    }

    /// The last so many samples are a packet's worth, or all that is left.
    fn complete(&mut self, frames: usize, work: &Work<'_>) -> Result<(), Failure> {
        let start = self.planes[0].len() - frames;
        let samples = self.planes.iter().flat_map(|plane| &plane[start..]);
        let peak = samples.fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
        self.silent = if peak == 0.0 { self.silent + 1 } else { 0 };
        if self.silent <= SETTLED {
            self.peaks.push_back(peak);
            return Ok(());
        }
        // Nothing in the encoders would change any more, and the packet would be the last one again.
        self.planes.iter_mut().for_each(|plane| plane.truncate(start));
        self.encode(start, work)?;
        self.packets.push(&self.last);
        Ok(())
    }

    /// Encodes so many of the frames that are there.
    fn encode(&mut self, frames: usize, work: &Work<'_>) -> Result<(), Failure> {
        if frames > 0 {
            let planes: Vec<&[f32]> = self.planes.iter().map(|plane| &plane[..frames]).collect();
            let coders = &self.coders;
            work.each(
                coders.len(),
                || (),
                |(), index| inner(coders[index].lock()).feed(&planes).map_err(Failure::Coding),
            )?;
            self.planes.iter_mut().for_each(|plane| _ = plane.drain(..frames));
            self.take();
        }
        Ok(())
    }

    /// Takes the packets that are made. Each holds two packets' worth of samples, from the one before on.
    fn take(&mut self) {
        let mut coders: Vec<&mut Coder> = self.coders.iter_mut().map(|coder| inner(coder.get_mut())).collect();
        while coders.iter().all(|coder| !coder.made.is_empty()) {
            let peak = self.peaks.iter().take(2).fold(0.0_f32, |peak, each| peak.max(*each));
            self.peaks.pop_front();
            let chosen = coders.iter().position(|coder| peak <= coder.level).unwrap_or(coders.len() - 1);
            let mut made: Vec<_> = coders.iter_mut().filter_map(|coder| coder.made.pop_front()).collect();
            self.last = made.swap_remove(chosen);
            self.packets.push(&self.last);
        }
    }
}

/// What a lock holds, whatever became of another thread that had it.
fn inner<T>(locked: Result<T, PoisonError<T>>) -> T {
    locked.unwrap_or_else(PoisonError::into_inner)
}

/// What keeps samples from becoming packets.
pub(super) enum Failure {
    /// The encoder refuses, which its settings and what is fed exclude.
    Coding(AacError),
    /// Someone wants it to stop.
    Work(Error),
}

impl From<AacError> for Failure {
    fn from(error: AacError) -> Failure {
        Failure::Coding(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Work(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(settings: Settings, samples: &[i16], chunk: usize, threads: usize) -> Packets {
        let work = Work { threads, ..Work::alone() };
        let mut encoder = Encoder::new(settings).unwrap();
        samples.chunks(chunk).for_each(|samples| encoder.feed(samples, &work).map_err(|_| ()).unwrap());
        encoder.finish(&work).map_err(|_| ()).unwrap()
    }

    #[test]
    fn packets_depend_on_the_samples_alone_and_are_as_many_as_was_said() {
        let wave = |at: usize, height: f32| (height * (at as f32 * 0.11).sin()) as i16;
        let mut samples: Vec<i16> = (0..9_000).map(|at| wave(at, 12_000.0)).collect();
        samples.resize(24_000, 0);
        samples.extend((0..9_001).map(|at| wave(at, 20.0)).chain((0..8_000).map(|at| wave(at, 900.0))));
        for (quality, bitrate, rate) in [
            (Quality::Voice, None, 24_000),
            (Quality::Standard, None, 48_000),
            (Quality::High, None, 8_000),
            (Quality::Voice, Some(32_000), 24_000),
        ] {
            let settings = Settings { rate, channels: 1, quality, bitrate };
            let (whole, parts) = (encoded(settings, &samples, samples.len(), 1), encoded(settings, &samples, 777, 3));
            assert!(whole.bytes == parts.bytes && whole.sizes == parts.sizes, "{quality:?}");
            assert_eq!(whole.sizes.len(), packets(samples.len() as u32));
            assert_eq!(whole.sizes.iter().sum::<u32>() as usize, whole.bytes.len());
        }
    }
}
