//! Loudness and peaks of a recording: measured by ITU-R BS.1770-4, and brought to where they belong.

use std::collections::VecDeque;

use ebur128::{EbuR128, Mode};

use crate::frames::SampleRate;
use crate::gain::{Decibels, Lufs};

/// How many times speech is made louder again by the loudness that holding its peaks down took.
const ROUNDS: usize = 5;

/// The largest loss, from peaks that are held down, that is made up for in full.
const GIVEN_BACK: Decibels = Decibels(3.0);

/// What was found in a recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MeasuredLevel {
    /// Its loudness, as a single channel.
    pub(crate) loudness: Lufs,
    /// Its true peak, or an upper bound of it.
    pub(crate) peak: Decibels,
}

/// The highest true peak of a clip, in dBTP. One decibel is left for bed and tone, so that the mix stays at −1 dBTP.
pub(crate) const CEILING: Decibels = Decibels(-2.0);

/// The highest true peak of a recorded bell, in dBTP: a bell sounds where the bed does not make way.
pub(crate) const BELL_CEILING: Decibels = Decibels(-3.0);

/// The loudness of a recorded bell at its strike, in stereo: that of the generated ones.
const BELL: Lufs = Lufs(-26.0);

/// The loudness below which a recording is silent, and is not levelled: the absolute gate of BS.1770-4.
const SILENCE: Lufs = Lufs(-70.0);

/// Measures a recording; `None` where it is silent. It goes round for another block of the standard (0.4 s), and for a second
/// at least: a single word would read too low, and its last sound would count less than its first. One whose beginning
/// matters (a bell, not `whole`) is measured by its loudest 0.4 s.
pub(crate) fn measure(samples: &[f64], rate_hz: u32, whole: bool) -> Option<MeasuredLevel> {
    let mut meter = EbuR128::new(1, rate_hz, Mode::I).ok()?;
    let mut loudest = f64::NEG_INFINITY;
    if whole {
        let mut rest = (samples.len() + rate_hz as usize * 2 / 5).max(rate_hz as usize);
        while rest > 0 && !samples.is_empty() {
            let part = &samples[..samples.len().min(rest)];
            meter.add_frames_f64(part).ok()?;
            rest -= part.len();
        }
        loudest = meter.loudness_global().ok()?;
    } else {
        for part in samples.chunks(rate_hz as usize / 10) {
            meter.add_frames_f64(part).ok()?;
            loudest = loudest.max(meter.loudness_momentary().ok()?);
        }
    }
    let loudness = heard(loudest)?;
    Some(MeasuredLevel { loudness, peak: Decibels::of_amplitude(true_peak(samples, rate_hz, 0.0) as f32) })
}

/// A loudness that a meter shows, in LUFS, to a hundredth, which no ear can tell and no machine's arithmetic can change; `None`
/// where nothing is heard.
pub(crate) fn heard(shown: f64) -> Option<Lufs> {
    let loudness = Lufs((shown * 100.0).round() as f32 / 100.0);
    (loudness > SILENCE).then_some(loudness)
}

/// The true peak by BS.1770-4, annex 2: four times the rate. Only what lies around samples of at least half the largest is looked at:
/// no curve through smaller ones rises over the largest. So what does not reach `from` is not looked at closely: the largest
/// sample is told instead.
pub(crate) fn true_peak(samples: &[f64], rate_hz: u32, from: f64) -> f64 {
    /// Frames on both sides: what the filter of 48 coefficients at four times the rate reaches, and as much again.
    const AROUND: usize = 24;
    let largest = samples.iter().fold(0.0f64, |most, sample| most.max(sample.abs()));
    let high = 0.5 * largest.max(from);
    if largest < high {
        return largest;
    }
    let Ok(mut meter) = EbuR128::new(1, rate_hz, Mode::TRUE_PEAK) else { return largest };
    let mut looked_at = 0;
    let high = samples.iter().enumerate().filter(|(_, sample)| sample.abs() >= high);
    for (at, _) in high {
        let part = at.saturating_sub(AROUND).max(looked_at)..(at + AROUND).min(samples.len());
        if !part.is_empty() {
            looked_at = part.end;
            let _ = meter.add_frames_f64(&samples[part]);
        }
    }
    meter.true_peak(0).unwrap_or(largest).max(largest)
}

/// Whether speech would have so many peaks over the ceiling that it may come out quieter than it was to be.
pub(crate) fn may_be_short(found: MeasuredLevel, wanted: Lufs) -> bool {
    !within(found.peak + (wanted - found.loudness), CEILING + GIVEN_BACK)
}

/// What brings a recording to where it belongs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LevelChange {
    /// Nothing: it is there.
    Done,
    /// One gain.
    Gain(Decibels),
    /// A gain that brings speech to a loudness, and lifts peaks over the ceiling.
    Speech { gain: Decibels, wanted: Lufs },
    /// The same for a bell.
    Bell(Decibels),
}

impl LevelChange {
    /// For speech, to a loudness as a single channel.
    pub(crate) fn speech(found: MeasuredLevel, wanted: Lufs) -> LevelChange {
        let gain = wanted - found.loudness;
        if within(found.peak + gain, CEILING) { LevelChange::Gain(gain) } else { LevelChange::Speech { gain, wanted } }
    }

    /// For a bell, whose strike is what is measured and whose peaks lie there too.
    pub(crate) fn bell(found: MeasuredLevel) -> LevelChange {
        let gain = BELL.of_one_channel() - found.loudness;
        if within(found.peak + gain, BELL_CEILING) { LevelChange::Gain(gain) } else { LevelChange::Bell(gain) }
    }

    /// Whether each sample can be brought there by itself, at any rate.
    pub(crate) fn is_one_gain(self) -> bool {
        matches!(self, LevelChange::Done | LevelChange::Gain(_))
    }

    /// Brings samples there. Only where that lifts peaks over the ceiling, they are held down, smoothly, for some milliseconds around
    /// each. How much quieter than wanted speech still is then.
    pub(crate) fn apply(self, samples: &mut [f64], rate: SampleRate) -> Decibels {
        match self {
            LevelChange::Done => {}
            LevelChange::Gain(gain) => amplify(samples, gain),
            LevelChange::Bell(gain) => {
                let as_found = samples.to_vec();
                hold_peaks(&as_found, gain, samples, rate, BELL_CEILING);
            }
            LevelChange::Speech { gain, wanted } => return level_speech(samples, rate, gain, wanted),
        }
        Decibels::ZERO
    }
}

/// Speech whose peaks are held down. What is taken off them is given back to the whole, as far as that helps; what is missing
/// then is told.
fn level_speech(samples: &mut [f64], rate: SampleRate, mut gain: Decibels, wanted: Lufs) -> Decibels {
    let as_found = samples.to_vec();
    let mut missing = f32::INFINITY;
    for _ in 0..ROUNDS {
        hold_peaks(&as_found, gain, samples, rate, CEILING);
        missing = measure(samples, rate.hz(), true).map_or(0.0, |after| (wanted - after.loudness).0);
        if missing < 0.1 {
            break;
        }
        gain = gain + Decibels(missing);
    }
    Decibels(missing.max(0.0))
}

/// Whether a peak is under a ceiling. What was measured at another rate, or before an encoder, may be a little off.
fn within(peak: Decibels, ceiling: Decibels) -> bool {
    const SLACK: f32 = 0.05;
    peak.0 <= ceiling.0 + SLACK
}

fn amplify(samples: &mut [f64], gain: Decibels) {
    if gain != Decibels::ZERO {
        let factor = f64::from(gain.amplitude());
        samples.iter_mut().for_each(|sample| *sample *= factor);
    }
}

/// How long before and after a peak the gain is turned down, in seconds.
const AROUND: f64 = 0.004;

/// Amplifies what was found, and holds its true peak at the ceiling. A long recording takes much room: it is held twice, and no more.
fn hold_peaks(found: &[f64], gain: Decibels, samples: &mut [f64], rate: SampleRate, ceiling: Decibels) {
    let ceiling = f64::from(ceiling.amplitude());
    let mut limit = ceiling;
    // Between two samples the curve may be higher than both: what it is over is taken off the limit, and tried again.
    for _ in 0..4 {
        samples.copy_from_slice(found);
        amplify(samples, gain);
        turn_down(samples, limit, rate);
        let peak = true_peak(samples, rate.hz(), 0.0);
        if peak <= ceiling {
            return;
        }
        limit *= 0.999 * ceiling / peak;
    }
    samples.copy_from_slice(found);
    amplify(samples, gain);
    let over = samples.iter().fold(limit, |most, sample| most.max(sample.abs()));
    samples.iter_mut().for_each(|sample| *sample *= 0.9 * limit / over);
}

/// Turns the gain down around every sample above `limit`. Each frame takes the least gain that any near it needs; a mean
/// over as many frames makes that smooth, and never higher than the peak itself needs.
fn turn_down(samples: &mut [f64], limit: f64, rate: SampleRate) {
    let around = ((AROUND * f64::from(rate.hz())) as usize).max(1);
    let needed = |sample: f64| (limit / sample.abs().max(limit)).min(1.0);
    let mut ahead = Least::new(around);
    // What each frame needs is asked of the sample as it was: those that lie behind are changed already.
    let mut least = VecDeque::with_capacity(2 * around + 2);
    for at in 0..2 * around {
        least.extend(ahead.next(samples.get(at).map(|sample| needed(*sample))));
    }
    let first = |at: usize| if at < samples.len() { least.get(at).copied().unwrap_or(1.0) } else { 1.0 };
    let mut sum: f64 = (0..around).map(first).sum::<f64>() + (around + 1) as f64;
    let mut gone = 0;
    for at in 0..samples.len() {
        least.extend(ahead.next(samples.get(at + 2 * around).map(|sample| needed(*sample))));
        sum += if at + around < samples.len() { least.get(at + around - gone).copied().unwrap_or(1.0) } else { 1.0 };
        sum -= if at > around { least.pop_front().inspect(|_| gone += 1).unwrap_or(1.0) } else { 1.0 };
        samples[at] *= sum / (2 * around + 1) as f64;
    }
}

/// For each place the least of all values up to `around` away, as the values come in.
struct Least {
    around: usize,
    at: usize,
    rising: VecDeque<(usize, f64)>,
}

impl Least {
    fn new(around: usize) -> Least {
        Least { around, at: 0, rising: VecDeque::new() }
    }

    /// Takes the next value, `None` after the last; the least around the place that lies `around` before it, where there is one.
    fn next(&mut self, value: Option<f64>) -> Option<f64> {
        let at = self.at;
        self.at += 1;
        if let Some(value) = value {
            while self.rising.back().is_some_and(|(_, last)| *last >= value) {
                self.rising.pop_back();
            }
            self.rising.push_back((at, value));
        }
        at.checked_sub(self.around)?;
        while self.rising.front().is_some_and(|(first, _)| first + 2 * self.around < at) {
            self.rising.pop_front();
        }
        Some(self.rising.front().map_or(1.0, |(_, value)| *value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: SampleRate = SampleRate::DEFAULT;

    /// Syllables: a tone that swells and fades four times a second, with a sharp peak now and then.
    fn speech(level: f64) -> Vec<f64> {
        let sample = |frame: usize| {
            let time = frame as f64 / 48_000.0;
            let peak = if frame % 9_600 < 40 { 5.0 } else { 1.0 };
            level * peak * (time * 12.6).sin().abs() * (time * 1_400.0).sin()
        };
        (0..36_000).map(sample).collect()
    }

    #[test]
    fn recordings_thirty_decibels_apart_come_to_one_loudness_under_the_ceiling() {
        for level in [0.005, 0.03, 0.16] {
            let mut samples = speech(level);
            let found = measure(&samples, RATE.hz(), true).unwrap();
            LevelChange::speech(found, Lufs(-19.0)).apply(&mut samples, RATE);
            let after = measure(&samples, RATE.hz(), true).unwrap();
            assert!((after.loudness.0 + 19.0).abs() < 0.2, "{} LUFS", after.loudness.0);
            assert!(after.peak.0 <= CEILING.0 + 0.01, "{} dBTP", after.peak.0);
        }
    }

    #[test]
    fn what_is_loud_enough_already_is_left_alone() {
        let mut samples = speech(0.1);
        let before = samples.clone();
        LevelChange::speech(MeasuredLevel { loudness: Lufs(-19.0), peak: Decibels(-2.0) }, Lufs(-19.0))
            .apply(&mut samples, RATE);
        assert_eq!(samples, before);
    }

    #[test]
    fn silence_has_no_loudness() {
        assert_eq!(measure(&vec![0.0; 48_000], 48_000, true), None);
        assert_eq!(measure(&[1e-5; 10], 48_000, true), None);
    }

    #[test]
    fn the_least_around_a_place_is_found() {
        let values = [1.0, 0.5, 1.0, 1.0, 1.0, 0.2, 0.9];
        let least_around = |values: &[f64], around: usize| -> Vec<f64> {
            let mut least = Least::new(around);
            let after = std::iter::repeat_n(None, around);
            values.iter().copied().map(Some).chain(after).filter_map(|value| least.next(value)).collect()
        };
        assert_eq!(least_around(&values, 1), [0.5, 0.5, 0.5, 1.0, 0.2, 0.2, 0.2]);
        assert_eq!(least_around(&values, 2), [0.5, 0.5, 0.5, 0.2, 0.2, 0.2, 0.2]);
    }
}
