//! Which sounds of a memo are which lines of a script: both are in order, a line may be several sounds (it has pauses inside), sounds may be
//! no line (a cough, a line that is said again), and lines may be left out.
//!
//! Every way to pair them has a cost, in nats: what is unlikely is dear. The cheapest way is found by dynamic programming, and how sure each
//! pair is by the sum over all ways (forwards and backwards, as for hidden Markov models: Rabiner, "A tutorial on hidden Markov models",
//! 1989).

use std::ops::Range;

use super::sounds::Sound;
use crate::load::audio::envelope::WINDOW;

/// A line, as far as it can be known before it is heard.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    /// How long it takes, in seconds, as a trimmed recording.
    pub(super) seconds: f64,
    /// How many pauses its punctuation asks for.
    pub(super) pauses: usize,
}

/// What each line and each sound came to.
#[derive(Clone, Debug, Default)]
pub(super) struct Alignment {
    /// For each line its sounds, with how sure that is, from 0 to 1.
    pub(super) lines: Vec<Option<(Range<usize>, f64)>>,
    /// How many times as long as expected the speaker takes.
    pub(super) pace: f64,
    cost: f64,
}

/// What trimming leaves around a recording, in seconds, and the expected lengths hold: see `load/audio/trim.rs`.
pub(super) const GUARDS: f64 = 0.22;

/// How much lengths of one speaker differ from the estimate: the standard deviation of their logarithm. The shipped voices come to 0.1;
/// people vary more.
const SPREAD: f64 = 0.16;
/// The most sounds that are one line: a line of two sentences with commas.
const MOST_JOINED: usize = 7;
/// A voice that is no line: said again, or to somebody else.
const VOICE_DROPPED: f64 = 5.0;
/// The same, where a sound like it follows soon: who says a line again means the last.
const REPEAT_DROPPED: f64 = 1.5;
/// Noise that is no line.
const NOISE_DROPPED: f64 = 0.5;
/// A line that is not there.
const LINE_SKIPPED: f64 = 6.0;
/// Noise in the place of a line.
const NOISE_AS_LINE: f64 = 7.0;
/// A pause inside a line where its punctuation asks for none.
const UNASKED_PAUSE: f64 = 1.5;
/// How alike two takes of a line are, and how far apart, in sounds.
const ALIKE: f64 = 0.75;
const SOON: usize = 4;
/// How sharply pauses between lines are told from those within, in seconds.
const PAUSE_SPREAD: f64 = 0.15;
/// The bounds of what divides them, in seconds.
const PAUSES: [f64; 2] = [0.5, 1.3];
/// How far below what is usual for the memo the voiced part of a line may be.
const LEAST_VOICED: f64 = 0.4;
/// How far from the usual level a line may be, in decibels, at no cost; and the cost of each decibel more.
const LEVEL: [f64; 2] = [8.0, 0.3];

/// The largest table of lines and sounds for which it is worked out how sure each pair is: 100 MB.
const MOST_CELLS: usize = 4_000_000;

/// Whether a sound is noise, beside a memo in which voices sound so much.
pub(super) fn is_noise(sound: &Sound, usual: f64) -> bool {
    sound.voiced < LEAST_VOICED * usual || sound.seconds() < 0.1
}

/// The share of windows in which a voice sounds, as is usual in a memo: of the middle one of the sounds that are long enough to be lines.
pub(super) fn usual_voiced(sounds: &[Sound]) -> f64 {
    let long = sounds.iter().filter(|sound| sound.seconds() > 0.5).map(|sound| sound.voiced);
    median(long.collect()).unwrap_or(0.0)
}

/// Pairs the lines of a script with the sounds of a memo.
pub(super) fn align(lines: &[Expected], sounds: &[Sound]) -> Alignment {
    let mut best = Alignment { cost: f64::INFINITY, ..Alignment::default() };
    if lines.is_empty() || sounds.is_empty() {
        return Alignment { lines: vec![None; lines.len()], pace: 1.0, cost: 0.0 };
    }
    let costs = Costs::new(lines, sounds);
    // How fast the speaker is comes out of the pairs, and the pairs of it: from several beginnings, the cheapest.
    for start in [0.75, 1.0, 1.3] {
        let mut pace = start;
        for _ in 0..3 {
            let found = costs.cheapest(pace);
            let ratios = found.lines.iter().zip(lines).filter_map(|(found, line)| {
                let (range, _) = found.as_ref()?;
                Some(costs.seconds(range) / line.seconds)
            });
            let next = median(ratios.collect()).unwrap_or(pace);
            let settled = (next / pace - 1.0).abs() < 0.02;
            if found.cost < best.cost {
                best = found;
            }
            if settled {
                break;
            }
            pace = next;
        }
    }
    costs.weigh(&mut best);
    best
}

struct Costs<'a> {
    lines: &'a [Expected],
    sounds: &'a [Sound],
    /// For each sound: left out; the pause before it inside a line, and between two.
    drop: Vec<f64>,
    join: Vec<f64>,
    part: Vec<f64>,
    /// For each sound, what it costs as a part of a line, whichever.
    noise: Vec<f64>,
}

impl<'a> Costs<'a> {
    fn new(lines: &'a [Expected], sounds: &'a [Sound]) -> Costs<'a> {
        let usual = usual_voiced(sounds);
        let level = median(sounds.iter().filter(|sound| !is_noise(sound, usual)).map(|sound| sound.level).collect());
        let repeats = |index: usize| {
            let later = &sounds[index + 1..sounds.len().min(index + 1 + SOON)];
            later.iter().any(|later| sounds[index].likeness(later) > ALIKE)
        };
        let drop = (0..sounds.len()).map(|index| match &sounds[index] {
            sound if is_noise(sound, usual) => NOISE_DROPPED,
            _ if repeats(index) => REPEAT_DROPPED,
            _ => VOICE_DROPPED,
        });
        let noise = sounds.iter().map(|sound| {
            let strange = level.map_or(0.0, |level| ((sound.level - level).abs() - LEVEL[0]).max(0.0) * LEVEL[1]);
            strange + if is_noise(sound, usual) { NOISE_AS_LINE } else { 0.0 }
        });
        let gaps: Vec<f64> = (0..sounds.len())
            .map(|index| match index.checked_sub(1) {
                Some(before) => (sounds[index].windows.start - sounds[before].windows.end) as f64 * WINDOW,
                None => f64::MAX,
            })
            .collect();
        let divide = divide(&gaps, lines.len());
        let soft = |x: f64| if x > 30.0 { x } else { libm::log1p(libm::exp(x)) };
        let join = gaps.iter().map(|gap| soft((gap.min(1e3) - divide) / PAUSE_SPREAD).min(20.0)).collect();
        let part = gaps.iter().map(|gap| soft((divide - gap.min(1e3)) / PAUSE_SPREAD).min(8.0)).collect();
        Costs { lines, sounds, drop: drop.collect(), noise: noise.collect(), join, part }
    }

    /// How long some sounds take as a recording, in seconds.
    fn seconds(&self, range: &Range<usize>) -> f64 {
        let (first, last) = (&self.sounds[range.start], &self.sounds[range.end - 1]);
        (last.windows.end - first.windows.start) as f64 * WINDOW + GUARDS
    }

    /// Calls `each` with how many sounds from one on may be a line, and the cost of that.
    fn joined(&self, line: usize, from: usize, pace: f64, mut each: impl FnMut(usize, f64)) {
        let Expected { seconds, pauses } = self.lines[line];
        let (mut cost, mut noise) = (self.part[from], 0.0f64);
        for count in 1..=MOST_JOINED.min(self.sounds.len() - from) {
            let sound = from + count - 1;
            if count > 1 {
                cost += self.join[sound] + if count > pauses + 1 { UNASKED_PAUSE } else { 0.0 };
            }
            noise = noise.max(self.noise[sound]);
            let took = self.seconds(&(from..from + count));
            let off = libm::log(took / (seconds * pace)) / SPREAD;
            each(count, cost + noise + off * off / 2.0);
            // More would only be longer.
            if took > 3.0 * seconds * pace {
                break;
            }
        }
    }

    /// The cheapest way for a speaker of this pace.
    fn cheapest(&self, pace: f64) -> Alignment {
        let (lines, sounds) = (self.lines.len(), self.sounds.len());
        let width = sounds + 1;
        // What came last: 0 a sound left out, so many sounds of a line, or a line that is skipped.
        const SKIPPED: u8 = u8::MAX;
        let mut came = vec![0u8; (lines + 1) * width];
        let mut costs = vec![f64::INFINITY; width];
        costs[0] = 0.0;
        let mut after = vec![f64::INFINITY; width];
        for line in 0..=lines {
            let row = line * width;
            after.fill(f64::INFINITY);
            for sound in 0..=sounds {
                if sound > 0 && costs[sound - 1] + self.drop[sound - 1] < costs[sound] {
                    costs[sound] = costs[sound - 1] + self.drop[sound - 1];
                    came[row + sound] = 0;
                }
                let here = costs[sound];
                if line == lines {
                    continue;
                }
                if here + LINE_SKIPPED < after[sound] {
                    after[sound] = here + LINE_SKIPPED;
                    came[row + width + sound] = SKIPPED;
                }
                if sound < sounds {
                    self.joined(line, sound, pace, |count, cost| {
                        if here + cost < after[sound + count] {
                            after[sound + count] = here + cost;
                            came[row + width + sound + count] = count as u8;
                        }
                    });
                }
            }
            if line < lines {
                std::mem::swap(&mut costs, &mut after);
            }
        }
        let mut found = Alignment { lines: vec![None; lines], pace, cost: costs[sounds] };
        let (mut line, mut sound) = (lines, sounds);
        while line > 0 || sound > 0 {
            match came[line * width + sound] {
                SKIPPED => line -= 1,
                0 => sound -= 1,
                count => {
                    line -= 1;
                    sound -= usize::from(count);
                    found.lines[line] = Some((sound..sound + usize::from(count), 1.0));
                }
            }
        }
        found
    }

    /// How sure each pair is: its share in all ways.
    fn weigh(&self, found: &mut Alignment) {
        let (lines, sounds, pace) = (self.lines.len(), self.sounds.len(), found.pace);
        let width = sounds + 1;
        if (lines + 1) * width > MOST_CELLS {
            return;
        }
        let mut before = vec![f64::NEG_INFINITY; (lines + 1) * width];
        before[0] = 0.0;
        for line in 0..=lines {
            for sound in 0..=sounds {
                let here = before[line * width + sound];
                if here == f64::NEG_INFINITY {
                    continue;
                }
                if sound < sounds {
                    add(&mut before[line * width + sound + 1], here - self.drop[sound]);
                }
                if line < lines {
                    add(&mut before[(line + 1) * width + sound], here - LINE_SKIPPED);
                }
                if line < lines && sound < sounds {
                    self.joined(line, sound, pace, |count, cost| {
                        add(&mut before[(line + 1) * width + sound + count], here - cost);
                    });
                }
            }
        }
        let all = before[lines * width + sounds];
        let mut after = vec![f64::NEG_INFINITY; (lines + 1) * width];
        after[lines * width + sounds] = 0.0;
        for line in (0..=lines).rev() {
            for sound in (0..=sounds).rev() {
                let mut sum = after[line * width + sound];
                if sound < sounds {
                    add(&mut sum, after[line * width + sound + 1] - self.drop[sound]);
                }
                if line < lines {
                    add(&mut sum, after[(line + 1) * width + sound] - LINE_SKIPPED);
                }
                if line < lines && sound < sounds {
                    let found = found.lines[line].as_mut();
                    let found = found.filter(|(range, _)| range.start == sound);
                    let mut sure = None;
                    self.joined(line, sound, pace, |count, cost| {
                        let rest = after[(line + 1) * width + sound + count] - cost;
                        add(&mut sum, rest);
                        if found.as_ref().is_some_and(|(range, _)| range.len() == count) {
                            sure = Some(libm::exp(before[line * width + sound] + rest - all));
                        }
                    });
                    if let (Some((_, share)), Some(sure)) = (found, sure) {
                        *share = sure.min(1.0);
                    }
                }
                after[line * width + sound] = sum;
            }
        }
    }
}

/// Adds what is told by its logarithm to another.
fn add(sum: &mut f64, more: f64) {
    let (high, low) = if *sum > more { (*sum, more) } else { (more, *sum) };
    *sum = if low == f64::NEG_INFINITY { high } else { high + libm::log1p(libm::exp(low - high)) };
}

/// The pause that divides those between lines from those within, in seconds: a little less than the shortest of as many long ones as
/// there are lines.
fn divide(gaps: &[f64], lines: usize) -> f64 {
    let mut inner: Vec<f64> = gaps.iter().copied().filter(|gap| *gap < f64::MAX).collect();
    inner.sort_by(|one, other| other.total_cmp(one));
    let shortest = inner.get(lines.saturating_sub(2).min(inner.len().saturating_sub(1))).copied();
    (0.75 * shortest.unwrap_or(PAUSES[1])).clamp(PAUSES[0], PAUSES[1])
}

/// The middle one.
pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Whether two sounds may be two takes of the same words.
pub(super) fn are_alike(one: &Sound, other: &Sound) -> bool {
    one.likeness(other) > ALIKE
}
