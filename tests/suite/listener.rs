//! A listener with closed eyes, as a model: an ear that knows nothing of the routine finds in what was exported, with the voice turned
//! off, where the breath turns, and which way.

use std::fmt;

use serde_json::Value;

use crate::workshop::{Workshop, read_wav};

/// Breathing of several paces, with holds and without, after a silence and with silences between.
const PACES: &str = "title = \"Paces\"\nguidance = \"names\"\n[[steps]]\npause = \"4s\"\n[[steps]]\nrepeat = 2\n[[steps.steps]]\nbreathe = \"4-6\"\nrounds = 2\n[[steps]]\npause = \"5s\"\n[[steps]]\nrepeat = 1\n[[steps.steps]]\nbreathe = \"4-7-8-0\"\nrounds = 2\n[[steps]]\npause = \"5s\"\n[[steps]]\nrepeat = 1\n[[steps.steps]]\nbreathe = \"4-4-4-4\"\nrounds = 2\n[[steps]]\npause = \"5s\"\n[[steps]]\nrepeat = 3\n[[steps.steps]]\nbreathe = \"2.5-3.5\"\nrounds = 2\n[[steps]]\npause = \"4s\"\n";

/// The ear's frames a second: it is asked for 150 ms, and looks every 20.
const FRAMES: f64 = 50.0;
/// The rate that it works at; what it looks at lies below 4.5 kHz.
const RATE: f64 = 16_000.0;

/// What a listener takes a stretch of sound for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    In,
    Out,
    Still,
}

/// When a stretch begins, in seconds, and what it is.
#[derive(Clone, Copy, PartialEq)]
pub struct Stretch {
    pub start: f64,
    pub heard: Heard,
}

impl fmt::Debug for Stretch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?} {:.2}", self.heard, self.start)
    }
}

/// A filter of the second order, by the formulas of R. Bristow-Johnson's Audio EQ Cookbook.
pub struct Filter {
    b: [f64; 3],
    a: [f64; 2],
    memory: [f64; 2],
}

impl Filter {
    fn new(b: [f64; 3], a: [f64; 3]) -> Filter {
        Filter { b: b.map(|b| b / a[0]), a: [a[1] / a[0], a[2] / a[0]], memory: [0.0; 2] }
    }

    fn band(hz: f64, width: f64) -> Filter {
        let angle = std::f64::consts::TAU * hz / RATE;
        let alpha = angle.sin() / 2.0 * width;
        Filter::new([alpha, 0.0, -alpha], [1.0 + alpha, -2.0 * angle.cos(), 1.0 - alpha])
    }

    pub fn high_pass(hz: f64) -> Filter {
        let angle = std::f64::consts::TAU * hz / RATE;
        let (alpha, cos) = (angle.sin() / std::f64::consts::SQRT_2, angle.cos());
        Filter::new(
            [f64::midpoint(1.0, cos), -1.0 - cos, f64::midpoint(1.0, cos)],
            [1.0 + alpha, -2.0 * cos, 1.0 - alpha],
        )
    }

    pub fn run(&mut self, samples: &mut [f64]) {
        for sample in samples {
            let output = self.b[0] * *sample + self.memory[0];
            self.memory[0] = self.b[1] * *sample - self.a[0] * output + self.memory[1];
            self.memory[1] = self.b[2] * *sample - self.a[1] * output;
            *sample = output;
        }
    }
}

/// What a loudspeaker gives of a file: both channels together, at the ear's rate.
pub fn heard_from(samples: &[i16], small: bool) -> Vec<f64> {
    let mut sound: Vec<f64> =
        samples.chunks_exact(6).map(|part| part.iter().map(|sample| f64::from(*sample)).sum::<f64>() / 6.0).collect();
    if small {
        // 36 dB an octave.
        (0..3).for_each(|_| Filter::high_pass(500.0).run(&mut sound));
    }
    sound
}

/// How high the sound is in each frame, in thirds of an octave from 560 Hz: the middle of what stands out from what is always there.
fn heights(sound: &[f64]) -> Vec<f64> {
    const BANDS: usize = 8;
    /// -55 dBFS, as the power of a frame: with words at a comfortable 65 dB, a quiet room hides it.
    const NOTHING: f64 = 1e6;
    let frame = (RATE / FRAMES) as usize;
    let mut bands = [const { Vec::new() }; BANDS];
    for (number, band) in bands.iter_mut().enumerate() {
        let (hz, mut part) = (560.0 * 2f64.powf(number as f64 / 3.0), sound.to_vec());
        (0..3).for_each(|_| Filter::band(hz, 0.3).run(&mut part));
        let powers: Vec<f64> =
            part.chunks_exact(frame).map(|part| part.iter().map(|sample| sample * sample).sum::<f64>()).collect();
        // An ear gathers what it hears over a tenth of a second or so.
        let gathered: Vec<f64> = (0..powers.len())
            .map(|at| {
                let mut near = powers[at.saturating_sub(2)..(at + 3).min(powers.len())].to_vec();
                near.sort_by(f64::total_cmp);
                near[near.len() / 2]
            })
            .collect();
        let mut sorted = gathered.clone();
        sorted.sort_by(f64::total_cmp);
        let always = 2.0 * sorted[sorted.len() / 4] + 1.0;
        *band = gathered.iter().map(|power| (power - always).max(0.0)).collect();
    }
    let loud: Vec<f64> = (0..bands[0].len()).map(|at| bands.iter().map(|band| band[at]).sum()).collect();
    let mut sorted = loud.clone();
    sorted.sort_by(f64::total_cmp);
    // Nor what is 17 dB under the louder parts.
    let nothing = NOTHING.max(0.02 * sorted[sorted.len() * 9 / 10]);
    let height = |at: usize| {
        let middle: f64 = bands.iter().enumerate().map(|(number, band)| number as f64 * band[at]).sum();
        // Where nothing stands out, that is a place of its own.
        if loud[at] > nothing { middle / loud[at] } else { -2.0 }
    };
    (0..loud.len()).map(height).collect()
}

/// Sums from which a straight line through any stretch of a curve is found at once.
struct Lines {
    sums: Vec<[f64; 5]>,
}

impl Lines {
    fn new(curve: &[f64]) -> Lines {
        let mut sums = vec![[0.0; 5]];
        for (at, y) in curve.iter().enumerate() {
            let (x, before) = (at as f64, sums[at]);
            let more = [x, x * x, *y, x * y, y * y];
            sums.push(std::array::from_fn(|sum| before[sum] + more[sum]));
        }
        Lines { sums }
    }

    /// The slope of the line through the frames from one to another, and what it leaves over.
    fn fit(&self, from: usize, to: usize) -> (f64, f64) {
        let [x, xx, y, xy, yy] = std::array::from_fn(|sum| self.sums[to][sum] - self.sums[from][sum]);
        let frames = (to - from) as f64;
        let (sxx, sxy, syy) = (xx - x * x / frames, xy - x * y / frames, yy - y * y / frames);
        let slope = if sxx > 0.0 { sxy / sxx } else { 0.0 };
        (slope, (syy - slope * sxy).max(0.0))
    }
}

/// The stretches of a sound: the curve of its height, cut into straight lines where that explains it best.
pub fn stretches(sound: &[f64]) -> Vec<Stretch> {
    /// What a cut has to explain, as a sum of squares: a line that is off by half a third of an octave for half a second.
    const CUT: f64 = 6.0;
    /// No stretch is shorter, in seconds, and no look goes further back.
    const SHORTEST: f64 = 0.1;
    const LONGEST: f64 = 20.0;
    /// What is shorter, in frames, is a step from one sound to another, and the beginning of the other.
    const MOMENT: usize = (0.6 * FRAMES) as usize;
    let curve = heights(sound);
    let (frames, lines) = (curve.len(), Lines::new(&curve));
    let (shortest, longest) = ((SHORTEST * FRAMES) as usize, (LONGEST * FRAMES) as usize);
    let mut best = vec![(f64::MAX, 0); frames + 1];
    best[0].0 = 0.0;
    for to in shortest..=frames {
        for from in to.saturating_sub(longest)..=to - shortest {
            let cost = best[from].0 + CUT + lines.fit(from, to).1;
            if cost < best[to].0 {
                best[to] = (cost, from);
            }
        }
    }
    let (mut to, mut cuts) = (frames, vec![frames]);
    while to > 0 {
        to = best[to].1;
        cuts.push(to);
    }
    cuts.reverse();
    let mut found = Vec::<Stretch>::new();
    // Where steps from one sound to the next began that belong to no stretch yet.
    let mut steps = None;
    let mut take = |start: usize, line: (usize, usize)| {
        // Thirds of an octave a second: the slowest exhale of eight seconds goes through twice as many.
        let slope = lines.fit(line.0, line.1).0 * FRAMES;
        let heard = if slope > 0.25 {
            Heard::In
        } else if slope < -0.25 {
            Heard::Out
        } else {
            Heard::Still
        };
        found.push(Stretch { start: start as f64 / FRAMES, heard });
    };
    for pair in cuts.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let began = steps.unwrap_or(from);
        if to - from < MOMENT {
            steps = Some(began);
            continue;
        }
        if from - began >= MOMENT {
            // So many steps are a stretch that wavers.
            take(began, (began, from));
            take(from, (from, to));
        } else {
            take(began, (from, to));
        }
        steps = None;
    }
    found.dedup_by(|next, before| next.heard == before.heard);
    found
}

/// The turns that a routine asks for, by its plan: where a part of a breath begins.
fn turns(plan: &Value) -> Vec<Stretch> {
    let stretch = |phase: &Value| {
        let heard = match phase["phase"].as_str().unwrap() {
            "inhale" => Heard::In,
            "exhale" => Heard::Out,
            "pause" => return None,
            _ => Heard::Still,
        };
        Some(Stretch { start: phase["start"].as_f64().unwrap() / 48_000.0, heard })
    };
    plan["phases"].as_array().unwrap().iter().filter_map(stretch).collect()
}

/// What a listener mistook in a sound: turns that they do not find within 150 ms, and what they take for breath where there is none.
fn mistaken(turns: &[Stretch], found: &[Stretch]) -> Vec<String> {
    let near = |stretch: &Stretch, others: &[Stretch]| {
        let same = others.iter().filter(|other| other.heard == stretch.heard);
        same.map(|other| (other.start - stretch.start).abs()).fold(f64::MAX, f64::min)
    };
    let missed = turns.iter().map(|turn| (turn, near(turn, found), "missed"));
    let moving = found.iter().filter(|found| found.heard != Heard::Still);
    let made_up = moving.map(|found| (found, near(found, turns), "made up"));
    let wrong = missed.chain(made_up).filter(|(_, off, _)| *off > 0.15);
    wrong.map(|(stretch, off, what)| format!("{what}: {stretch:?}, off by {off:.2}")).collect()
}

/// The plan of [`PACES`] and its turns.
fn paces(workshop: &Workshop) -> Vec<Stretch> {
    workshop.file("paces.toml", PACES);
    let plan: Value = serde_json::from_str(&workshop.run(["plan", "paces.toml", "--json"]).success()).unwrap();
    assert!(plan["regions"].as_array().unwrap().iter().all(|region| region["track"] == "tone"), "nobody speaks");
    let turns = turns(&plan);
    assert_eq!(turns.len(), 34);
    turns
}

/// What is exported of it.
fn exported(workshop: &Workshop, options: &[&str]) -> Vec<i16> {
    workshop.run(["export", "paces.toml", "-o", "out.wav"].iter().chain(options)).success();
    read_wav(&workshop.path("out.wav")).2
}

#[test]
fn every_turn_is_found_by_ear() {
    let workshop = Workshop::new();
    let turns = paces(&workshop);
    let mut all = Vec::new();
    for tone in ["airy", "chord", "ocean"] {
        for bed in ["off", "rain", "ocean", "drone"] {
            let samples = exported(&workshop, &["--tone", tone, "--bed", bed]);
            for small in [false, true] {
                let mistaken = mistaken(&turns, &stretches(&heard_from(&samples, small)));
                let speaker = if small { "small" } else { "full" };
                all.extend(
                    mistaken.iter().map(|mistake| format!("{tone} under {bed}, {speaker} loudspeaker: {mistake}")),
                );
            }
        }
    }
    assert!(all.is_empty(), "{} turns of {}:\n{}", all.len(), 24 * turns.len(), all.join("\n"));
}

/// The listener would not be worth much if they found what is not there.
#[test]
fn a_breath_played_backwards_is_not_taken_for_the_one_that_was_planned() {
    let workshop = Workshop::new();
    let turns = paces(&workshop);
    let samples = exported(&workshop, &["--tone", "airy"]);
    let mut backwards = samples.clone();
    // Every breath of the first minute, turned around: 4 s in and 6 s out become 6 s in and 4 s out.
    for breath in 0..4 {
        let start = 2 * 48_000 * (4 + 10 * breath);
        backwards[start..start + 2 * 480_000].reverse();
    }
    let wrong = mistaken(&turns, &stretches(&heard_from(&backwards, false)));
    assert!(wrong.len() >= 4, "{wrong:?}");
    assert!(mistaken(&turns, &stretches(&heard_from(&samples, false))).is_empty());
}

#[test]
fn a_mark_sounds_at_each_turn_high_for_in_and_low_for_out_under_the_voice_and_without_a_click() {
    let workshop = Workshop::new();
    let turns = paces(&workshop);
    // Alone, so that nothing hides what they are; the tone beside them is as it is without.
    let samples = exported(&workshop, &["--tone", "off", "--marks", "soft", "--mono"]);
    let at = |seconds: f64| (seconds * 48_000.0) as usize;
    let peak = |part: &[i16]| part.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
    for turn in &turns {
        let mark = &samples[at(turn.start)..at(turn.start + 0.3)];
        let crossings = mark[480..4_800].windows(2).filter(|pair| (pair[0] < 0) != (pair[1] < 0)).count();
        let hz = crossings as f64 / 2.0 / 0.09;
        let expected = match turn.heard {
            Heard::In => 1_175.0,
            Heard::Out => 587.0,
            Heard::Still => 880.0,
        };
        assert!((hz / expected - 1.0).abs() < 0.03, "{turn:?}: {hz:.0} Hz");
        // -34 dBFS, and half of that for a hold; words at -16 LUFS peak 15 dB and more above that.
        assert!((240..=660).contains(&peak(mark)), "{turn:?}: {}", peak(mark));
        // It comes up over 12 ms: of the first two, next to nothing is there.
        assert!(peak(&mark[..96]) < peak(mark) / 8, "{turn:?} clicks");
        // What is left is dither.
        assert!(peak(&samples[at(turn.start + 0.45)..at(turn.start + 0.9)]) <= 1, "{turn:?}: it is over");
    }
    let hot = exported(&workshop, &["--tone", "off", "--marks", "soft", "--mono", "--tone-level", "10"]);
    assert!(peak(&hot) < 2 * peak(&samples), "however loud the tone, a mark stays under the voice");
    let toned = exported(&workshop, &["--tone", "airy", "--marks", "soft"]);
    let wrong = mistaken(&turns, &stretches(&heard_from(&toned, true)));
    assert!(wrong.is_empty(), "marks do not hide the tone: {wrong:?}");
}

#[test]
fn marks_are_chosen_by_the_routine_the_settings_and_the_command_line() {
    let workshop = Workshop::new();
    let routine = |key: &str| PACES.replacen('\n', &format!("\n{key}tone = \"off\"\n"), 1);
    let track = |arguments: &[&str]| {
        let plan = workshop.run(["plan", "own.toml", "--json"].iter().chain(arguments)).success();
        let plan: Value = serde_json::from_str(&plan).unwrap();
        let sounds = plan["regions"].as_array().unwrap().iter().filter(|region| region["track"] == "tone");
        sounds.map(|region| region["cue"].as_str().unwrap().to_owned()).next()
    };
    workshop.file("own.toml", routine(""));
    assert_eq!(track(&[]), None);
    assert_eq!(track(&["--marks", "soft"]).as_deref(), Some("marks"));
    workshop.file("own.toml", routine("marks = \"soft\"\n"));
    assert_eq!(track(&[]).as_deref(), Some("marks"));
    assert_eq!(track(&["--marks", "off"]), None);
    let set = workshop.command().env("CATCOW_MARKS", "off").args(["config", "own.toml"]).output().unwrap();
    let set = String::from_utf8_lossy(&set.stdout).into_owned();
    assert!(set.contains("marks     off") && set.contains("environment, CATCOW_MARKS"), "{set}");
    let own = workshop.run(["config", "own.toml"]).success();
    assert!(own.lines().any(|line| line.starts_with("marks     soft") && line.contains("the routine")), "{own}");
    let error = workshop.run(["plan", "own.toml", "--marks", "loud"]).failure(2);
    assert!(error.contains("soft") && error.contains("off"), "{error}");
}
