//! A recording of any length, heard through once: how loud it is and whether a voice sounds, window by window; and pieces cut out of it.
//! Its samples are never kept, so two hours take as little memory as a minute.

use std::collections::VecDeque;
use std::ops::{ControlFlow, Range};

use super::clip_file::unplayable;
use super::decoder::{self, Packet};
use super::high_pass::Rumble;
use crate::error::{Error, Result};
use crate::load::files::{Content, Opened};
use crate::work::Work;

/// The length of a window, in seconds.
pub const WINDOW: f64 = 0.010;

/// The longest recording, in frames: four hours at 48 kHz. A script of a thousand lines is read in two.
const MOST_FRAMES: u64 = 4 * 3600 * 48_000;
/// The longest piece that is cut out, in seconds, so that one wish cannot ask for all of it in memory: as long as a recording of a cue
/// may be.
const LONGEST_PIECE: u64 = 600;

/// The rate at which a voice is looked for, in hertz: its lowest partials are enough.
const PITCH_RATE: f64 = 4_000.0;
/// The pitches of a voice, in hertz: a low man's to a high woman's.
const PITCHES: [f64; 2] = [70.0, 400.0];
/// The time that is looked at for a pitch, in seconds: three periods of the lowest.
const PITCH_SPAN: f64 = 0.040;
/// How alike two periods of a voice are, at least, from 0 to 1. Noise comes to 0.3, vowels to 0.9.
const ALIKE: f32 = 0.6;
/// The power below which no voice is looked for: −66 dB of full scale.
const FAINT: f64 = 2.5e-7;

/// So near to full scale a sample is at the converter's end.
const FULL_SCALE: f32 = 0.998;
/// So many such samples in a row are clipped: fewer may be a peak that just reaches it.
const CLIPPED: u32 = 3;

/// What sounds in 10 ms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Window {
    /// The mean square, full scale being 1, without what lies below speech.
    pub power: f32,
    /// Whether it is periodic, as a voice is.
    pub voiced: bool,
}

/// A recording, window by window.
#[derive(Clone, Debug, Default)]
pub struct Envelope {
    /// The windows, one after the other.
    pub windows: Vec<Window>,
    /// Its frames a second.
    pub rate_hz: u32,
    /// Its length, in frames.
    pub frames: u64,
    /// How many times its samples stand at full scale.
    pub clipped: u32,
}

impl Envelope {
    /// Hears a recording through, of at most four hours.
    ///
    /// # Errors
    /// It cannot be read or decoded, or is longer; someone wants it to stop.
    pub fn read(content: &Content, work: &Work<'_>) -> Result<Envelope> {
        let mut listener: Option<Listener> = None;
        let rate_hz = hear(content, work, |mono, rate_hz| {
            listener.get_or_insert_with(|| Listener::new(rate_hz)).take(mono);
            ControlFlow::Continue(())
        })?;
        let mut envelope = listener.map(Listener::end).unwrap_or_default();
        envelope.rate_hz = rate_hz;
        Ok(envelope)
    }

    /// Its length in seconds.
    pub fn seconds(&self) -> f64 {
        self.frames as f64 / f64::from(self.rate_hz.max(1))
    }
}

/// Cuts pieces out of a recording, each a range of its frames, and hands each to `take` with its index and its samples (one channel, full
/// scale 1) and the frames a second. Pieces may overlap. What lies beyond the end is not there.
///
/// # Errors
/// As for [`Envelope::read`]; what `take` says.
pub fn cut(
    content: &Content,
    pieces: &[Range<u64>],
    work: &Work<'_>,
    mut take: impl FnMut(usize, &[f32], u32) -> Result<()>,
) -> Result<()> {
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    order.sort_by_key(|index| pieces[*index].start);
    let mut waiting: VecDeque<usize> = order.into();
    let mut open: Vec<(usize, Vec<f32>)> = Vec::new();
    let (mut at, mut done) = (0, Ok(()));
    let rate_hz = hear(content, work, |mono, rate_hz| {
        let end = at + mono.len() as u64;
        while let Some(index) = waiting.front().copied().filter(|index| pieces[*index].start < end) {
            waiting.pop_front();
            open.push((index, Vec::new()));
        }
        for (index, samples) in &mut open {
            let most = LONGEST_PIECE * u64::from(rate_hz);
            let piece = pieces[*index].start..pieces[*index].end.min(pieces[*index].start + most);
            let part = piece.start.clamp(at, end) - at..piece.end.clamp(at, end) - at;
            samples.extend_from_slice(&mono[part.start as usize..part.end as usize]);
        }
        at = end;
        for (index, samples) in open.extract_if(.., |(index, _)| pieces[*index].end <= end) {
            if done.is_ok() {
                done = take(index, &samples, rate_hz);
            }
        }
        let enough = done.is_err() || (open.is_empty() && waiting.is_empty());
        if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    done?;
    open.into_iter().try_for_each(|(index, samples)| take(index, &samples, rate_hz))
}

/// Decodes a recording and hands over its samples as one channel, packet by packet; its frames a second.
fn hear(content: &Content, work: &Work<'_>, mut take: impl FnMut(&[f32], u32) -> ControlFlow<()>) -> Result<u32> {
    let (mut stopped, mut rate_hz, mut mono) = (Ok(()), 0, Vec::new());
    let each = |packet: &Packet<'_>| {
        stopped = work.go_on();
        if stopped.is_err() {
            return Ok::<_, String>(ControlFlow::Break(()));
        }
        rate_hz = packet.rate_hz;
        if packet.channels == 1 {
            return Ok(take(packet.samples, rate_hz));
        }
        mono.clear();
        let frames = packet.samples.chunks_exact(packet.channels);
        mono.extend(frames.map(|frame| frame.iter().sum::<f32>() / packet.channels as f32));
        Ok(take(&mono, rate_hz))
    };
    let ending = content.ending();
    let decoded = match content.open()? {
        Opened::File(file) => decoder::decode(file, ending, MOST_FRAMES, each),
        Opened::Memory(bytes) => decoder::decode(bytes, ending, MOST_FRAMES, each),
        Opened::BuiltIn(bytes) => decoder::decode(bytes, ending, MOST_FRAMES, each),
    };
    stopped?;
    decoded.map_err(|reason| Error::from(unplayable(&content.shown(), &reason)))?;
    Ok(rate_hz)
}

/// What listens.
struct Listener {
    envelope: Envelope,
    high_pass: Rumble,
    block: Vec<f64>,
    /// The frames of a window.
    window: usize,
    /// The power of the window at hand, and how many frames it has.
    sum: f64,
    count: usize,
    pitch: Pitch,
    /// How many samples in a row stand at full scale.
    full: u32,
}

impl Listener {
    fn new(rate_hz: u32) -> Listener {
        Listener {
            envelope: Envelope { rate_hz, ..Envelope::default() },
            high_pass: Rumble::new(rate_hz),
            block: Vec::new(),
            window: ((f64::from(rate_hz) * WINDOW) as usize).max(1),
            sum: 0.0,
            count: 0,
            pitch: Pitch::new(rate_hz),
            full: 0,
        }
    }

    fn take(&mut self, mono: &[f32]) {
        for sample in mono {
            self.full = if sample.abs() >= FULL_SCALE { self.full + 1 } else { 0 };
            self.envelope.clipped += u32::from(self.full == CLIPPED);
        }
        self.envelope.frames += mono.len() as u64;
        let mut block = std::mem::take(&mut self.block);
        block.clear();
        block.extend(mono.iter().copied().map(f64::from));
        self.high_pass.run(&mut block);
        for sample in &block {
            self.sum += sample * sample;
            self.count += 1;
            self.pitch.take(*sample);
            if self.count == self.window {
                self.end_window();
            }
        }
        self.block = block;
    }

    fn end_window(&mut self) {
        let power = self.sum / self.count as f64;
        let voiced = power > FAINT && self.pitch.is_there();
        self.envelope.windows.push(Window { power: power as f32, voiced });
        (self.sum, self.count) = (0.0, 0);
    }

    fn end(mut self) -> Envelope {
        if self.count > self.window / 2 {
            self.end_window();
        }
        self.envelope
    }
}

/// What looks for a pitch in the last moments.
struct Pitch {
    /// So many frames become one, and so much of one is there.
    step: usize,
    sum: f64,
    count: usize,
    /// The last moments, at a low rate.
    last: VecDeque<f32>,
    span: usize,
    lags: Range<usize>,
}

impl Pitch {
    fn new(rate_hz: u32) -> Pitch {
        let step = ((f64::from(rate_hz) / PITCH_RATE).round() as usize).max(1);
        let rate = f64::from(rate_hz) / step as f64;
        let [lowest, highest] = PITCHES.map(|hz| (rate / hz) as usize);
        let span = (rate * PITCH_SPAN) as usize;
        Pitch { step, sum: 0.0, count: 0, last: VecDeque::with_capacity(span), span, lags: highest.max(2)..lowest + 1 }
    }

    fn take(&mut self, sample: f64) {
        self.sum += sample;
        self.count += 1;
        if self.count == self.step {
            if self.last.len() == self.span {
                self.last.pop_front();
            }
            self.last.push_back((self.sum / self.step as f64) as f32);
            (self.sum, self.count) = (0.0, 0);
        }
    }

    /// Whether the last moments repeat themselves at the period of a voice.
    fn is_there(&mut self) -> bool {
        let moments = &*self.last.make_contiguous();
        let alike = |lag: usize| {
            let Some(length) = moments.len().checked_sub(lag).filter(|length| *length > lag / 2) else { return 0.0 };
            let (now, before) = (&moments[lag..], &moments[..length]);
            let product = |left: &[f32], right: &[f32]| left.iter().zip(right).map(|(l, r)| l * r).sum::<f32>();
            let power = product(now, now) * product(before, before);
            if power > 0.0 { product(now, before) / power.sqrt() } else { 0.0 }
        };
        self.lags.clone().any(|lag| alike(lag) > ALIKE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wav(samples: &[f32]) -> Content {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 16_000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        samples.iter().for_each(|sample| writer.write_sample((sample * 32_767.0) as i16).unwrap());
        writer.finalize().unwrap();
        Content::memory("memo.wav", bytes.into_inner())
    }

    /// A second of pulses at 120 Hz, a second of noise, a second of silence.
    fn three() -> Vec<f32> {
        let mut state = 1u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        };
        let pulse = |frame: usize| 0.5 * (-((frame % 133) as f32) / 20.0).exp() * ((frame % 133) as f32 / 3.0).sin();
        (0..48_000)
            .map(|frame| match frame / 16_000 {
                0 => pulse(frame),
                1 => 0.2 * noise(),
                _ => 0.0,
            })
            .collect()
    }

    #[test]
    fn a_voice_is_told_from_noise_and_noise_from_silence() {
        let envelope = Envelope::read(&wav(&three()), &Work::alone()).unwrap();
        assert_eq!((envelope.windows.len(), envelope.rate_hz, envelope.clipped), (300, 16_000, 0));
        let voiced = |range: Range<usize>| envelope.windows[range].iter().filter(|window| window.voiced).count();
        assert!(voiced(6..100) > 90 && voiced(106..200) < 5, "{} {}", voiced(6..100), voiced(106..200));
        assert!(envelope.windows[205..].iter().all(|window| window.power < 1e-9 && !window.voiced));
    }

    #[test]
    fn pieces_are_what_lies_between_their_frames_and_may_overlap() {
        let samples: Vec<f32> = (0..40_000).map(|frame| (frame % 1000) as f32 / 2000.0).collect();
        let mut found = vec![Vec::new(); 4];
        let pieces = [30_000..30_500, 100..300, 200..20_000, 39_990..50_000];
        cut(&wav(&samples), &pieces, &Work::alone(), |index, samples, rate_hz| {
            assert_eq!(rate_hz, 16_000);
            found[index] = samples.to_vec();
            Ok(())
        })
        .unwrap();
        let lengths: Vec<_> = found.iter().map(Vec::len).collect();
        assert_eq!(lengths, [500, 200, 19_800, 10]);
        assert!(found[1].iter().zip(&samples[100..]).all(|(found, there)| (found - there).abs() < 1e-4));
    }

    #[test]
    fn samples_at_full_scale_are_counted_once_for_each_time() {
        let mut samples = vec![0.1; 16_000];
        samples[100..110].fill(1.0);
        samples[500..502].fill(1.0);
        samples[700..720].fill(-1.0);
        assert_eq!(Envelope::read(&wav(&samples), &Work::alone()).unwrap().clipped, 2);
    }
}
