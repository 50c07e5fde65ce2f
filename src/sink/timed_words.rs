//! What is said, line by line with its times: for lyrics that a player shows while they are heard.

use std::time::Duration;

use crate::plan::Timeline;
use crate::plan::timeline::Track;

/// Something that is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimedLine {
    /// When it begins, from the start of the file.
    pub start: Duration,
    /// When it has been said.
    pub end: Duration,
    /// The words, on one line and without controls.
    pub text: String,
}

/// All that is said in a session, or in a [part](Timeline::part) of one, in order; what has no words is left out.
pub fn timed_words(timeline: &Timeline) -> Vec<TimedLine> {
    let said = timeline.regions.iter().filter(|region| region.track == Track::Voice);
    let lines = said.map(|region| {
        let (range, words) = (region.range(), timeline.sounds[region.sound].text());
        let text = one_line(words);
        TimedLine { start: range.start.duration(timeline.rate), end: range.end.duration(timeline.rate), text }
    });
    lines.filter(|line| !line.text.is_empty()).collect()
}

/// The lines as LRC: `[minutes:seconds.hundredths]words`. This is what the tag `SYNCEDLYRICS` of Vorbis comments holds, and the body of
/// a file of that kind.
pub fn synced_lyrics(lines: &[TimedLine]) -> String {
    lines.iter().map(|line| format!("[{}]{}\n", hundredths(line.start), without_brackets(&line.text))).collect()
}

/// Minutes, seconds and the nearest hundredth; LRC has no hours.
fn hundredths(at: Duration) -> String {
    let hundredths = (at.as_millis() + 5) / 10;
    format!("{:02}:{:02}.{:02}", hundredths / 6000, hundredths / 100 % 60, hundredths % 100)
}

/// Words as a line of LRC takes them: what stands in square or angle brackets would be a time or a name.
pub(super) fn without_brackets(words: &str) -> String {
    let round = |letter| match letter {
        '[' | '<' => '(',
        ']' | '>' => ')',
        _ => letter,
    };
    words.chars().map(round).collect()
}

/// Words on one line: what is white, or controls a terminal, becomes one space.
pub(super) fn one_line(words: &str) -> String {
    let words = words.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_lyrics_has_minutes_beyond_the_hour_and_no_bracket_of_its_own() {
        let line = |millis, text: &str| TimedLine {
            start: Duration::from_millis(millis),
            end: Duration::from_millis(millis + 500),
            text: text.into(),
        };
        let lines = [line(0, "Breathe in."), line(59_996, "[00:01.00] <b>Out"), line(6_061_230, "Rest.")];
        let expected = "[00:00.00]Breathe in.\n[01:00.00](00:01.00) (b)Out\n[101:01.23]Rest.\n";
        assert_eq!(synced_lyrics(&lines), expected);
    }
}
