//! Where the words of a row's cues stand: above their moments, each on a pole of its own, and no pole through any words.

/// The size of a label's letters, in units of the picture.
const SIZE: f64 = 11.5;
/// Between a pole and its words.
pub(super) const INDENT: f64 = 4.0;
/// Between the end of some words and the next pole.
const GAP: f64 = 8.0;
/// The most lines that words are broken into, and the most lanes above a row.
const MOST_LINES: usize = 4;
const MOST_LANES: usize = 16;
/// Words that are cut to less than this tell nothing.
const LEAST: f64 = 40.0;

/// Words in their place.
#[derive(Debug, PartialEq)]
pub(super) struct Label {
    /// Which of the wanted words.
    pub(super) index: usize,
    /// Where its pole stands.
    pub(super) x: f64,
    /// Its lowest lane; 0 is next to the row.
    pub(super) lane: usize,
    /// Its lines, from top to bottom.
    pub(super) lines: Vec<String>,
}

/// Finds places for words at their moments (by rising `x`), none beyond `edge`. Words for which there is no room are cut
/// short, or left out.
///
/// From right to left, each takes the lowest lanes where it ends before every pole that stands in them or passes
/// through them. So words stand like steps that lead down to the right, and no pole crosses any.
pub(super) fn place(wanted: &[(f64, &str)], edge: f64) -> Vec<Label> {
    // For each lane, the leftmost pole that stands in it or higher; it passes through all lanes below.
    let mut free = [edge; MOST_LANES];
    let mut labels = Vec::new();
    for (index, (x, words)) in wanted.iter().enumerate().rev() {
        let Some((lane, lines)) = fit(*x, words, &free) else { continue };
        for pole in &mut free[..lane + lines.len()] {
            *pole = pole.min(x - GAP);
        }
        labels.push(Label { index, x: *x, lane, lines });
    }
    labels.reverse();
    labels
}

/// How many lanes the labels take.
pub(super) fn height(labels: &[Label]) -> usize {
    labels.iter().map(|label| label.lane + label.lines.len()).max().unwrap_or(0)
}

fn fit(x: f64, words: &str, free: &[f64; MOST_LANES]) -> Option<(usize, Vec<String>)> {
    let room = |lane: usize| free[lane] - x - INDENT;
    let in_lines = |number: usize| {
        let lines = broken(words, number);
        let wide = lines.iter().map(|line| width(line, SIZE)).fold(0.0, f64::max);
        let lane = (0..MOST_LANES + 1 - lines.len()).find(|lane| wide <= room(*lane))?;
        Some((lane, lines))
    };
    let best = (1..=MOST_LINES).filter_map(in_lines).min_by_key(|(lane, lines)| (lane + lines.len(), lines.len()));
    best.or_else(|| {
        let lane = (0..MOST_LANES).find(|lane| room(*lane) >= LEAST)?;
        Some((lane, vec![cut(words, room(lane), SIZE)]))
    })
}

/// Words in at most so many lines of about the same width.
fn broken(words: &str, lines: usize) -> Vec<String> {
    let target = width(words, SIZE) / lines as f64;
    let mut broken = vec![String::new()];
    for word in words.split(' ') {
        let line = &broken[broken.len() - 1];
        // A line takes a word when more than half of it lies within the target.
        let full = !line.is_empty() && width(line, SIZE) + width(word, SIZE) / 2.0 > target;
        if full && broken.len() < lines {
            broken.push(String::new());
        }
        let line = broken.last_mut().expect("there is a line");
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    broken
}

/// As much of the words as there is room for, with an ellipsis where some are left out; empty where not even one letter has room.
pub(super) fn cut(words: &str, room: f64, size: f64) -> String {
    if width(words, size) <= room {
        return words.to_owned();
    }
    let room = room - width("…", size);
    let mut short = String::new();
    for letter in words.chars() {
        short.push(letter);
        if width(&short, size) > room {
            short.pop();
            break;
        }
    }
    if short.is_empty() { short } else { short.trim_end().to_owned() + "…" }
}

/// About how wide words are. The font is the reader's own, so this errs to the wide side of the usual sans-serifs.
pub(super) fn width(words: &str, size: f64) -> f64 {
    let letter = |letter: char| match letter {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '’' | '·' => 0.32,
        ' ' | 'f' | 't' | 'r' | 'I' | '-' | '(' | ')' | '[' | ']' | '/' => 0.4,
        'm' | 'w' | 'M' | 'W' | '♪' | '—' => 0.95,
        'A'..='Z' => 0.7,
        '\u{2e80}'.. => 1.05,
        _ => 0.6,
    };
    words.chars().map(letter).sum::<f64>() * size
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_with_room_stand_in_one_line_in_the_lowest_lane() {
        let labels = place(&[(0.0, "Inhale."), (100.0, "Exhale.")], 400.0);
        assert!(labels.iter().all(|label| label.lane == 0 && label.lines.len() == 1), "{labels:?}");
    }

    #[test]
    fn words_that_would_meet_stand_above_each_other() {
        let labels = place(&[(0.0, "Bring your hands under your shoulders."), (40.0, "Bring your knees")], 1000.0);
        assert!(labels[0].lane >= labels[1].lane + labels[1].lines.len(), "{labels:?}");
    }

    #[test]
    fn what_has_no_room_is_cut() {
        assert_eq!(cut("Downward-facing dog", 1000.0, 12.0), "Downward-facing dog");
        let short = cut("Downward-facing dog", 60.0, 12.0);
        assert!(short.starts_with("Down") && short.ends_with('…') && width(&short, 12.0) <= 60.0, "{short}");
        assert_eq!(cut("Downward-facing dog", 3.0, 12.0), "");
    }

    proptest! {
        #[test]
        fn no_pole_crosses_words_and_none_leave_the_row(
            mut wanted in prop::collection::vec((0.0f64..1000.0, "[a-zA-Z ,.]{0,90}"), 0..40)
        ) {
            wanted.sort_by(|left, right| left.0.total_cmp(&right.0));
            let wanted: Vec<_> = wanted.iter().map(|(x, words)| (*x, words.as_str())).collect();
            let labels = place(&wanted, 1080.0);
            let right = |label: &Label| {
                label.x + INDENT + label.lines.iter().map(|line| width(line, SIZE)).fold(0.0, f64::max)
            };
            for (index, label) in labels.iter().enumerate() {
                prop_assert!(right(label) <= 1080.0);
                // A later pole reaches from its own top lane down to the row.
                for later in &labels[index + 1..] {
                    let crosses = later.lane + later.lines.len() > label.lane && later.x < right(label);
                    prop_assert!(!crosses, "{label:?} {later:?}");
                }
            }
        }
    }
}
