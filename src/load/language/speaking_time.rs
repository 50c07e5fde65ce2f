//! How long words take to speak, before anybody has spoken them: an estimate, from the words alone.
//!
//! Speech has a time for each word, a time for each syllable, and a silence at each comma and full stop; the four numbers are
//! those that come nearest to the 576 clips of the two built-in voices, which speak as a calm guide does (least squares of the
//! relative error; each voice alone leads to the same numbers within a tenth). Half of those clips differ from the estimate by less than
//! 6 %, nine in ten by less than 17 %, none by more than 45 %. How fast one speaker is differs more than that from the next:
//! where recordings of one are at hand, [`Pace`] takes that into account.

use std::time::Duration;

use unicode_normalization::UnicodeNormalization;

/// What begins and ends a recording: the guards that trimming leaves, and the slower last syllable. In seconds.
const AROUND: f64 = 0.40;
/// A word, without its syllables, in seconds.
const WORD: f64 = 0.216;
/// A syllable, in seconds.
const SYLLABLE: f64 = 0.15;
/// The silence at a comma, a colon or a dash between words, in seconds.
const COMMA: f64 = 0.58;
/// The silence at the end of a sentence that another follows, in seconds, beside what a sentence's last syllable takes.
const STOP: f64 = 0.50;

/// How long a calm guide takes to say words; no time for none.
///
/// Syllables are counted by the vowels that are written, in Latin, Greek and Cyrillic letters, with what English leaves silent at the end of
/// a word; in scripts that write syllables (kana, Hangul, Chinese) by their signs, and in those that write few vowels (Arabic, Hebrew,
/// the scripts of India) by two letters each.
pub fn of(text: &str) -> Duration {
    let count = Count::of(text);
    if count.words == 0.0 {
        return Duration::ZERO;
    }
    let seconds = AROUND
        + WORD * count.words
        + SYLLABLE * count.syllables
        + COMMA * f64::from(count.commas)
        + STOP * f64::from(count.stops);
    Duration::from_secs_f64(seconds)
}

/// How many pauses the punctuation of a text asks for, between its first word and its last.
pub fn pauses(text: &str) -> usize {
    let count = Count::of(text);
    (count.commas + count.stops) as usize
}

/// How fast one speaker is beside the guide of [`of`]: more than 1 is slower.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace(f64);

/// Fewer recordings tell nothing about a speaker: one word may be drawn out.
const LEAST_RECORDINGS: usize = 5;
/// The paces that are believed: what differs more was not these words.
const PACES: std::ops::RangeInclusive<f64> = 0.5..=2.0;

impl Default for Pace {
    fn default() -> Pace {
        Pace(1.0)
    }
}

impl Pace {
    /// A speaker who takes so many times as long as the guide.
    pub fn new(factor: f64) -> Pace {
        Pace(factor.clamp(*PACES.start(), *PACES.end()))
    }

    /// The pace of a speaker who took so long for these words: the median, which no single slip moves.
    pub fn of<'a>(spoken: impl IntoIterator<Item = (&'a str, Duration)>) -> Pace {
        let ratio = |(text, took): (&str, Duration)| took.as_secs_f64() / of(text).as_secs_f64();
        let mut ratios: Vec<f64> = spoken.into_iter().map(ratio).filter(|ratio| PACES.contains(ratio)).collect();
        if ratios.len() < LEAST_RECORDINGS {
            return Pace::default();
        }
        ratios.sort_by(f64::total_cmp);
        Pace(ratios[ratios.len() / 2])
    }

    /// How long this speaker takes to say words.
    pub fn time_for(self, text: &str) -> Duration {
        of(text).mul_f64(self.0)
    }

    /// How many times as long as the guide this speaker takes.
    pub fn factor(self) -> f64 {
        self.0
    }
}

/// What of a text takes time.
#[derive(Default)]
struct Count {
    words: f64,
    syllables: f64,
    commas: u32,
    stops: u32,
}

impl Count {
    fn of(text: &str) -> Count {
        let mut count = Count::default();
        // A pause counts once words follow it, however many signs stand for it.
        let (mut comma, mut stop) = (false, false);
        let mut word = String::new();
        for sign in text.chars().chain([' ']) {
            if sign.is_alphanumeric() || is_mark(sign) || (matches!(sign, '\'' | '’') && !word.is_empty()) {
                if word.is_empty() && count.words > 0.0 {
                    count.stops += u32::from(stop);
                    count.commas += u32::from(comma && !stop);
                }
                (comma, stop) = (false, false);
                word.push(sign);
                continue;
            }
            if !word.is_empty() {
                count.word(&word);
                word.clear();
            }
            stop |= matches!(sign, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '۔' | '।' | '\n');
            comma |= matches!(sign, ',' | ';' | ':' | '–' | '—' | '、' | '，' | '؛' | '،' | '：' | '；');
        }
        count
    }

    fn word(&mut self, word: &str) {
        let signs = word.chars().filter(|sign| is_syllable(*sign)).count() as f64;
        if signs > 0.0 {
            // No spaces stand between such words, which have about two signs.
            self.syllables += signs;
            self.words += (signs / 2.0).max(1.0);
        } else {
            self.syllables += syllables(word);
            self.words += 1.0;
        }
    }
}

/// The syllables of a word, at least one.
fn syllables(word: &str) -> f64 {
    let letters: Vec<char> = word.to_lowercase().nfd().filter(|letter| letter.is_alphanumeric()).collect();
    let is_vowel = |letter: &char| "aeiouyıæøœəαεηιουωаеиоуыэюяєі".contains(*letter);
    // A digit is spoken as a syllable: "30" has two.
    let digits = letters.iter().filter(|letter| letter.is_numeric()).count();
    // In Cyrillic each vowel is a syllable of its own; elsewhere two that meet are mostly one.
    let alone = |letter: char| ('\u{400}'..'\u{530}').contains(&letter);
    let mut sounded = 0;
    for (at, letter) in letters.iter().enumerate().filter(|(_, letter)| is_vowel(letter)) {
        let joined = at > 0 && is_vowel(&letters[at - 1]) && !alone(*letter);
        sounded += usize::from(!joined);
    }
    let vowelless = letters.iter().any(|letter| !letter.is_ascii() && !is_vowel(letter)) && sounded == 0;
    if vowelless {
        return (letters.len() as f64 / 2.0).max(1.0);
    }
    if sounded > 1 && has_silent_end(&letters, is_vowel) {
        sounded -= 1;
    }
    (sounded + digits).max(1) as f64
}

/// Whether a word ends as English words whose last e is silent: "place", "knees" has none, "places" not, "raised".
fn has_silent_end(letters: &[char], is_vowel: impl Fn(&char) -> bool) -> bool {
    match letters {
        [.., before, 'l', 'e'] if !is_vowel(before) => false,
        [.., before, 'e'] => !is_vowel(before) && before.is_ascii(),
        [.., before, 'e', 's'] => !is_vowel(before) && !matches!(before, 's' | 'x' | 'z' | 'h' | 'c' | 'g'),
        [.., before, 'e', 'd'] => !is_vowel(before) && !matches!(before, 't' | 'd'),
        _ => false,
    }
}

/// Whether a sign is a syllable: kana, Hangul, Chinese.
fn is_syllable(sign: char) -> bool {
    matches!(sign, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{20000}'..='\u{3ffff}')
}

fn is_mark(sign: char) -> bool {
    unicode_normalization::char::is_combining_mark(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_counted_as_they_are_spoken() {
        for (word, number) in [
            ("breathe", 1.0),
            ("knees", 1.0),
            ("raised", 1.0),
            ("lifted", 2.0),
            ("places", 2.0),
            ("gentle", 2.0),
            ("shoulders", 2.0),
            ("Füße", 2.0),
            ("дыхание", 4.0),
            ("30", 2.0),
            ("שלום", 2.0),
        ] {
            assert_eq!(syllables(word), number, "{word}");
        }
    }

    #[test]
    fn pauses_take_time_only_between_words() {
        let seconds = |text: &str| of(text).as_secs_f64();
        assert_eq!(seconds("Inhale."), seconds("Inhale"));
        assert!((seconds("Inhale, lift.") - seconds("Inhale lift.") - COMMA).abs() < 1e-9);
        assert!((seconds("Inhale. Lift.") - seconds("Inhale lift.") - STOP).abs() < 1e-9);
        assert_eq!(seconds("Inhale... Lift."), seconds("Inhale. Lift."));
        assert_eq!(of("…"), Duration::ZERO);
        assert!(seconds("息を吸って、背中を伸ばします。") > 2.5, "{}", seconds("息を吸って、背中を伸ばします。"));
    }

    #[test]
    fn a_speaker_s_pace_is_what_most_of_the_recordings_say() {
        let text = "Lift your right foot.";
        let slow = (text, of(text).mul_f64(1.3));
        let odd = (text, of(text).mul_f64(9.0));
        assert!((Pace::of([slow, slow, odd, slow, slow, slow]).factor() - 1.3).abs() < 1e-9);
        assert_eq!(Pace::of([slow, slow]), Pace::default());
        assert_eq!(Pace::default().time_for(text), of(text));
    }
}
