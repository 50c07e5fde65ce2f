//! Captions: what is said, while it is said, for whoever cannot hear it; as `WebVTT` (<https://www.w3.org/TR/webvtt1/>) and as `SubRip`
//! (`.srt`), which older players and video services take.
//!
//! A caption begins with its sound. It stays until the sound ends, and long enough to be seen, but never into the next one. It has at most
//! two lines; longer words are several captions, which share the time by their letters.

use std::fmt::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::said;
use crate::frames::Frames;
use crate::plan::Timeline;
use crate::sink::timed_words::one_line;

/// Columns of a line: what the guidelines of broadcasters have in common, as they have two lines of a caption.
const LINE_WIDE: usize = 42;
/// The shortest that a caption is seen, where the next one leaves the time. Below this an eye on its way to it comes too late.
const SEEN_MILLIS: u128 = 1000;

/// What ends a sentence, and what is a pause in one.
const SENTENCE_ENDS: [char; 9] = ['.', '!', '?', '…', ':', ';', '؟', '。', '।'];
const PAUSES: [char; 9] = ['.', '!', '?', '…', ':', ';', ',', '،', '、'];
/// How many columns longer a line may be for it to end at a pause.
const AMID_CLAUSE: usize = 6;
/// How many columns longer or shorter a caption may be for it to end at a pause, and as many again for the end of a sentence.
const AMID_SENTENCE: usize = 10;
/// Columns of a caption that is full: whole words seldom fill two lines.
const FULL_CAPTION: usize = 76;

/// A caption.
#[derive(Debug, PartialEq, Eq)]
struct Caption {
    start: u128,
    end: u128,
    lines: Vec<String>,
}

/// As `WebVTT`.
pub(super) fn vtt(timeline: &Timeline) -> String {
    let mut page = format!("WEBVTT\n\nNOTE {}\n", escaped(&timeline.title));
    for Caption { start, end, lines } in captions(timeline) {
        let _ = write!(page, "\n{} --> {}\n{}\n", time(start, '.'), time(end, '.'), escaped_lines(&lines, escaped));
    }
    page
}

/// As `SubRip`.
pub(super) fn srt(timeline: &Timeline) -> String {
    let mut page = String::new();
    for (number, Caption { start, end, lines }) in (1..).zip(captions(timeline)) {
        let gap = if number == 1 { "" } else { "\n" };
        let lines = escaped_lines(&lines, without_markup);
        let _ = write!(page, "{gap}{number}\n{} --> {}\n{lines}\n", time(start, ','), time(end, ','));
    }
    page
}

fn escaped_lines(lines: &[String], escape: fn(&str) -> String) -> String {
    lines.iter().map(|line| escape(line)).collect::<Vec<_>>().join("\n")
}

/// All captions, in order; none begins before the one before it has ended.
fn captions(timeline: &Timeline) -> Vec<Caption> {
    let mut heard: Vec<(u128, u128, String)> = Vec::new();
    for region in &timeline.regions {
        let range = region.range();
        let (start, end) = (millis(timeline, range.start), millis(timeline, range.end));
        let words = one_line(&said(timeline, region));
        match heard.last_mut() {
            // What begins in one moment is read together.
            Some((first, last, together)) if *first == start => {
                *last = end.max(*last);
                *together += &format!(" {words}");
            }
            _ => heard.push((start, end, words)),
        }
    }
    let nexts: Vec<_> = heard.iter().skip(1).map(|(start, ..)| *start).chain([u128::MAX]).collect();
    let shown = heard.into_iter().zip(nexts);
    shown
        .flat_map(|((start, end, words), next)| shared(start, end.max(start + SEEN_MILLIS).min(next), &words))
        .collect()
}

/// Words as captions that share a time.
fn shared(start: u128, end: u128, words: &str) -> Vec<Caption> {
    let parts = parts(words);
    let letters = |parts: &[&str]| parts.iter().map(|part| part.chars().count() as u128).sum::<u128>().max(1);
    let all = letters(&parts);
    let place = |part: usize| start + (end - start) * letters(&parts[..part]).min(all) * u128::from(part > 0) / all;
    let each = (0..parts.len()).map(|part| {
        let (from, to) = (place(part), place(part + 1));
        Caption { start: from, end: to.max(from + 1), lines: balanced(parts[part]) }
    });
    each.collect()
}

/// Words cut into what a caption holds, into parts of about the same length; rather after a sentence, or at a pause.
fn parts(words: &str) -> Vec<&str> {
    let (mut parts, mut rest) = (Vec::new(), words);
    while !fits(rest) {
        let wanted = rest.width() / rest.width().div_ceil(FULL_CAPTION).max(2);
        let cost = |end: &usize| {
            let before = rest[..*end].trim_end();
            let amid = if before.ends_with(SENTENCE_ENDS) { 0 } else { AMID_SENTENCE };
            let amid = amid + if before.ends_with(PAUSES) { 0 } else { AMID_SENTENCE };
            before.width().abs_diff(wanted) + amid
        };
        let first = rest.chars().next().map_or(rest.len(), char::len_utf8);
        let end = places(rest).take_while(|end| fits(&rest[..*end])).min_by_key(cost).unwrap_or(first);
        parts.push(rest[..end].trim_end());
        rest = rest[end..].trim_start();
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(rest);
    }
    parts
}

/// Where words may be cut: before each word, and anywhere in one that is longer than a line.
fn places(words: &str) -> impl Iterator<Item = usize> {
    let mut wide = 0;
    let place = move |(at, letter): (usize, char)| {
        // What has no width of its own stays with the letter before it.
        let columns = letter.width().unwrap_or(0);
        let is_cut = at > 0 && (letter == ' ' || columns > 0 && wide + columns > LINE_WIDE);
        wide = if letter == ' ' || is_cut { columns } else { wide + columns };
        is_cut.then_some(at)
    };
    words.char_indices().filter_map(place)
}

/// Whether a caption holds these words.
fn fits(words: &str) -> bool {
    words.width() <= LINE_WIDE
        || places(words).any(|at| words[..at].width() <= LINE_WIDE && words[at..].trim_start().width() <= LINE_WIDE)
}

/// The lines of a caption, as alike in length as may be, so that the eye has the shortest way; rather at a pause than amid a clause.
fn balanced(words: &str) -> Vec<String> {
    if words.width() <= LINE_WIDE {
        return vec![words.to_owned()];
    }
    let cut = |at: usize| [words[..at].trim_end(), words[at..].trim_start()];
    let cost = |at: &usize| {
        let [first, second] = cut(*at);
        let longest = first.width().max(second.width());
        let is_pause = first.ends_with(PAUSES);
        (longest > LINE_WIDE, longest + if is_pause { 0 } else { AMID_CLAUSE })
    };
    let at = places(words).min_by_key(cost).unwrap_or(words.len());
    cut(at).map(str::to_owned).into()
}

/// The nearest millisecond.
fn millis(timeline: &Timeline, at: Frames) -> u128 {
    (at.duration(timeline.rate).as_nanos() + 500_000) / 1_000_000
}

fn time(millis: u128, point: char) -> String {
    let (hours, minutes, seconds) = (millis / 3_600_000, millis / 60_000 % 60, millis / 1000 % 60);
    format!("{hours:02}:{minutes:02}:{seconds:02}{point}{:03}", millis % 1000)
}

/// Words as a caption takes them (section 4.2.2, "cue text"): `&` and `<` would begin something else, `-->` would be a
/// time, and an empty line would end the caption.
fn escaped(words: &str) -> String {
    one_line(words).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Words as `SubRip` takes them, which can write none of what players take for markup: `<b>`, `{\an8}`, `-->`.
fn without_markup(words: &str) -> String {
    let plain = |letter| match letter {
        '<' => '‹',
        '>' => '›',
        '{' => '(',
        '}' => ')',
        _ => letter,
    };
    words.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_words_ends_a_caption() {
        assert_eq!(
            escaped("In\n\n00:01 --> 00:02 <b>out</b> & on"),
            "In 00:01 --&gt; 00:02 &lt;b&gt;out&lt;/b&gt; &amp; on"
        );
        assert_eq!(without_markup("{\\an8}<i>In</i> -->"), "(\\an8)‹i›In‹/i› --›");
    }

    #[test]
    fn a_time_has_hours_and_milliseconds() {
        assert_eq!(time(3_599_999, '.'), "00:59:59.999");
        assert_eq!(time(90_061_001, ','), "25:01:01,001");
    }

    #[test]
    fn words_are_cut_into_two_lines_that_are_alike_and_nothing_is_lost() {
        let words = "Come onto your hands and knees, with your hands below your shoulders. Breathe in, and let your back \
                     sink. Now breathe out, and round it as far as it likes to go today.";
        let captions = shared(1000, 11_000, words);
        assert!(captions.len() >= 2);
        assert_eq!((captions[0].start, captions.last().unwrap().end), (1000, 11_000));
        assert!(captions.windows(2).all(|pair| pair[0].end == pair[1].start));
        for caption in &captions {
            assert!(caption.lines.len() <= 2 && caption.lines.iter().all(|line| line.width() <= 42), "{caption:?}");
        }
        assert_eq!(captions[0].lines, ["Come onto your hands and knees,", "with your hands below your shoulders."]);
        let all: Vec<_> = captions.iter().flat_map(|caption| &caption.lines).cloned().collect();
        assert_eq!(all.join(" "), words);
    }

    #[test]
    fn words_without_a_space_are_cut_too() {
        for words in ["a".repeat(500), "ヨガ".repeat(99), "e\u{301}".repeat(200)] {
            let captions = shared(0, 5000, &words);
            let lines: Vec<_> = captions.iter().flat_map(|caption| &caption.lines).cloned().collect();
            assert!(lines.iter().all(|line| line.width() <= 42 && !line.starts_with('\u{301}')), "{lines:?}");
            assert_eq!(lines.concat(), words);
        }
        assert_eq!(shared(0, 5, "").len(), 1);
    }
}
