//! What was meant by a word that nothing knows.

use std::collections::HashMap;

/// 0.75 on Jaro–Winkler's scale of 0 to 1 takes one or two slips in a word and refuses strangers.
const NEAR: f64 = 0.75;
/// So many candidates are compared with one word at most: of more, those that share its rarest letters.
const MOST_COMPARED: usize = 300;

/// The candidate nearest to `wrong`, if one is near enough to be what was meant.
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    let scored = candidates.into_iter().map(|name| (strsim::jaro_winkler(&wrong, &name.to_lowercase()), name));
    let best = scored.max_by(|left, right| left.0.total_cmp(&right.0).then(right.1.cmp(left.1)));
    best.filter(|(score, _)| *score >= NEAR).map(|(_, name)| name)
}

/// Candidates for many words. Where there are many of them, too, each word is compared with few: ten thousand words among ten
/// thousand candidates would be a hundred million comparisons.
pub struct Candidates<'a> {
    all: Vec<&'a str>,
    /// Which of them have three letters in a row, where there are too many to compare with all.
    by_letters: HashMap<[char; 3], Vec<u32>>,
}

impl<'a> Candidates<'a> {
    /// Of these words.
    pub fn new(candidates: impl IntoIterator<Item = &'a str>) -> Candidates<'a> {
        let all: Vec<&str> = candidates.into_iter().collect();
        let mut by_letters: HashMap<[char; 3], Vec<u32>> = HashMap::new();
        if all.len() > MOST_COMPARED {
            for (index, name) in all.iter().enumerate() {
                for letters in triples(name) {
                    by_letters.entry(letters).or_default().push(index as u32);
                }
            }
        }
        Candidates { all, by_letters }
    }

    /// The nearest to `wrong`, if one is near enough to be what was meant.
    pub fn nearest(&self, wrong: &str) -> Option<&'a str> {
        if self.all.len() <= MOST_COMPARED {
            return nearest(wrong, self.all.iter().copied());
        }
        let mut sharing: Vec<&Vec<u32>> =
            triples(wrong).iter().filter_map(|letters| self.by_letters.get(letters)).collect();
        sharing.sort_by_key(|indices| indices.len());
        let mut compared: Vec<u32> = sharing.into_iter().flatten().take(MOST_COMPARED).copied().collect();
        compared.sort_unstable();
        compared.dedup();
        nearest(wrong, compared.into_iter().map(|index| self.all[index as usize]))
    }
}

/// Every three letters in a row, the word's beginning and its end counting as one.
fn triples(word: &str) -> Vec<[char; 3]> {
    let letters: Vec<char> =
        std::iter::once(' ').chain(word.chars().flat_map(char::to_lowercase)).chain(std::iter::once(' ')).collect();
    let mut all: Vec<[char; 3]> = letters.windows(3).map(|three| [three[0], three[1], three[2]]).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found_among_ten_thousand_words() {
        let words: Vec<String> = (0..10_000).map(|number| format!("own/cue-number-{number}-a")).collect();
        let candidates = Candidates::new(words.iter().map(String::as_str));
        for number in [0, 77, 4_242, 9_999] {
            let slip = format!("own/cue-nomber-{number}-a");
            assert_eq!(candidates.nearest(&slip), Some(words[number].as_str()), "{slip}");
        }
        assert_eq!(candidates.nearest("something/else"), None);
    }
}
