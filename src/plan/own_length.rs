//! Whether an author's own words say how long something is: then the planner does not say it again.

/// What is counted, in the languages that people teach in most: English, German, Spanish, French, Italian, Portuguese.
const UNITS: [&str; 39] = [
    "breath",
    "breaths",
    "second",
    "seconds",
    "minute",
    "minutes",
    "atemzug",
    "atemzüge",
    "atemzügen",
    "sekunde",
    "sekunden",
    "minuten",
    "respiración",
    "respiraciones",
    "respiracion",
    "segundo",
    "segundos",
    "minuto",
    "minutos",
    "respiration",
    "respirations",
    "seconde",
    "secondes",
    "respiro",
    "respiri",
    "secondo",
    "secondi",
    "minuti",
    "respiração",
    "respirações",
    "hour",
    "hours",
    "stunde",
    "stunden",
    "hora",
    "horas",
    "heure",
    "heures",
    "ora",
];

/// Numbers as words, in the same languages: those by which one counts breaths, seconds and minutes in a class.
const NUMBERS: [&str; 105] = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "fifteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "ninety",
    "half",
    "ein",
    "eine",
    "einen",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
    "fünfzehn",
    "zwanzig",
    "dreißig",
    "vierzig",
    "fünfzig",
    "sechzig",
    "neunzig",
    "halbe",
    "un",
    "una",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "quince",
    "veinte",
    "treinta",
    "cuarenta",
    "cincuenta",
    "sesenta",
    "noventa",
    "medio",
    "une",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "quinze",
    "vingt",
    "trente",
    "quarante",
    "cinquante",
    "soixante",
    "demi",
    "uno",
    "due",
    "tre",
    "quattro",
    "cinque",
    "sei",
    "sette",
    "otto",
    "nove",
    "dieci",
    "dodici",
    "quindici",
    "venti",
    "trenta",
    "quaranta",
    "cinquanta",
    "sessanta",
    "um",
    "uma",
    "dois",
    "três",
    "sete",
    "oito",
    "dez",
];

/// A number may stand so many words before what it counts: "five slow, deep breaths".
const APART: usize = 3;

/// Whether a text says how long: a number, and soon after it breaths, seconds or minutes.
pub(super) fn is_told(text: &str) -> bool {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let counts = |word: &&str| NUMBERS.contains(word) || word.chars().all(|c| c.is_ascii_digit());
    let is_counted =
        |(at, word): (usize, &&str)| UNITS.contains(word) && words[at.saturating_sub(APART)..at].iter().any(counts);
    words.iter().enumerate().any(is_counted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_heard_in_words_and_nothing_else_is_taken_for_one() {
        for text in [
            "Stay here for five breaths.",
            "Thirty more seconds.",
            "Take 5 slow, deep breaths.",
            "Bleib fünf Atemzüge hier.",
            "Quédate un minuto.",
            "Half a minute.",
        ] {
            assert!(is_told(text), "{text}");
        }
        for text in [
            "Stay here, and breathe.",
            "Take a few breaths.",
            "One leg long. Let your breath come and go.",
            "Press both hands, and breathe.",
            "",
        ] {
            assert!(!is_told(text), "{text}");
        }
    }
}
