//! Captions as `WebVTT` (<https://www.w3.org/TR/webvtt1/>): what is said, while it is said, for whoever cannot hear it.

use std::fmt::Write;

use super::{one_line, said};
use crate::frames::Frames;
use crate::plan::Timeline;

/// The captions.
pub(super) fn text(timeline: &Timeline) -> String {
    let mut page = format!("WEBVTT\n\nNOTE {}\n", escaped(&timeline.title));
    for region in &timeline.regions {
        let range = region.range();
        let (start, end) = (millis(timeline, range.start), millis(timeline, range.end));
        // A caption of no length is not valid; a clip below half a millisecond still gets one.
        let (start, end) = (time(start), time(end.max(start + 1)));
        let _ = write!(page, "\n{start} --> {end}\n{}\n", escaped(&said(timeline, region)));
    }
    page
}

/// The nearest millisecond.
fn millis(timeline: &Timeline, at: Frames) -> u128 {
    (at.duration(timeline.rate).as_nanos() + 500_000) / 1_000_000
}

fn time(millis: u128) -> String {
    let (hours, minutes, seconds) = (millis / 3_600_000, millis / 60_000 % 60, millis / 1000 % 60);
    format!("{hours:02}:{minutes:02}:{seconds:02}.{:03}", millis % 1000)
}

/// Words as a caption takes them (section 4.2.2, "cue text"): `&` and `<` would begin something else, `-->` would be a
/// time, and an empty line would end the caption.
fn escaped(words: &str) -> String {
    one_line(words).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
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
    }

    #[test]
    fn a_time_has_hours_and_milliseconds() {
        assert_eq!(time(3_599_999), "00:59:59.999");
        assert_eq!(time(90_061_001), "25:01:01.001");
    }
}
