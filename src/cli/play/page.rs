//! What the screen shows: one look, large and calm. Pure: a glance and a size come in, rows of text go out.

use std::time::Duration;

use catcow::frames::{Frames, clock};
use catcow::load::language::breathing::BreathPart;
use catcow::plan::Timeline;
use catcow::plan::timeline::{BreathSpan, PhaseKind, PhaseSpan};
use catcow::printable::printable;
use catcow::sink::player::{Glance, PauseCause, Status};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::keys;
use super::minutes;
use crate::cli::columns::broken;

/// The page is no wider than this, however wide the terminal is, and stands in its middle: a glance takes it in.
const WIDEST: usize = 60;
/// From so many rows on there is room for a bar of three, which is seen from the floor.
const TALL: usize = 16;

/// The status in a word.
fn status(glance: &Glance) -> Option<&'static str> {
    Some(match &glance.status {
        Status::Starting | Status::Playing | Status::Over => return None,
        Status::Paused(PauseCause::Listener) => "Paused. Space goes on.",
        Status::Paused(PauseCause::OtherProgram) => {
            "Paused for a call or another program. Goes on by itself, or with Space."
        }
        Status::Paused(PauseCause::DeviceGone) => {
            "Paused: the headphones are gone. Goes on when they are back, or with Space."
        }
        Status::Waiting(_) => "No sound device. Waiting for one; any key tries again.",
    })
}

/// The session in one line, for where no page can be drawn: it changes when what is to be done changes.
pub fn line(glance: &Glance) -> String {
    let timeline = glance.mixer.timeline();
    let doing = doing(timeline, glance.heard);
    let at = if waits(glance) { "soon".into() } else { minutes(timeline, moment(timeline, glance.heard)) };
    match status(glance) {
        Some(status) => status.to_owned(),
        None => format!("{at}  {}", doing.join(", ")),
    }
}

/// When what is done now began: a line that is shown once shows this, and does not change every second.
fn moment(timeline: &Timeline, heard: Frames) -> Frames {
    let chapter = timeline.chapter_at(heard).map_or(Frames::ZERO, |chapter| timeline.chapters[chapter].start);
    let Some(phase) = timeline.phase_at(heard).map(|index| &timeline.phases[index]) else { return chapter };
    let alike = timeline.phases.iter().rev().filter(|other| other.start <= phase.start && other.start >= chapter);
    let turn = alike.take_while(|other| other.side == phase.side && other.round == phase.round).last();
    turn.map_or(chapter, |first| first.start)
}

/// The pose, its side and its round.
fn doing(timeline: &Timeline, heard: Frames) -> Vec<String> {
    let Some(chapter) = timeline.chapter_at(heard) else { return Vec::new() };
    let mut words = vec![timeline.chapters[chapter].title.clone()];
    let Some(phase) = timeline.phase_at(heard).map(|index| &timeline.phases[index]) else { return words };
    words.extend(phase.side.as_ref().map(|side| format!("{} side", side.replace('-', " "))));
    words.extend(phase.round.map(|round| round_of(timeline, phase, round)));
    words
}

/// Which round it is, and of how many.
fn round_of(timeline: &Timeline, phase: &PhaseSpan, round: u32) -> String {
    let chapter = timeline.chapter_at(phase.start).map(|index| &timeline.chapters[index]);
    let range = chapter.map_or(phase.start..phase.start, |chapter| chapter.start..chapter.start + chapter.frames);
    let alike = timeline.phases.iter().filter(|other| other.pose == phase.pose && range.contains(&other.start));
    match alike.filter_map(|other| other.round).max() {
        Some(last) if last > 1 => format!("round {round} of {last}"),
        _ => format!("round {round}"),
    }
}

/// The rows of a page of this size. No row is wider, and there are no more of them.
pub fn rows(glance: &Glance, width: usize, height: usize, shows_keys: bool) -> Vec<String> {
    let timeline = glance.mixer.timeline();
    let mut doing = doing(timeline, glance.heard);
    let pose = if doing.is_empty() { timeline.title.clone() } else { doing.remove(0) };
    let wide = width.min(WIDEST);
    let mut rows = vec![String::new(), large(&pose, wide), String::new(), doing.join(", "), String::new()];
    let bar = breath(timeline, glance.heard, wide);
    rows.extend(std::iter::repeat_n(bar.0.clone(), if height >= TALL && !bar.0.is_empty() { 3 } else { 1 }));
    rows.extend([bar.1, String::new()]);
    rows.push(next(glance).unwrap_or_default());
    rows.push(left(glance));
    rows.push(String::new());
    rows.extend(status(glance).map(String::from));
    if shows_keys {
        rows.extend(keys::WORDS.iter().map(|(key, does)| format!("{key}: {does}")));
    } else if status(glance).is_none() {
        rows.push("? keys".into());
    }
    let mut rows: Vec<String> = rows.iter().flat_map(|row| wrap(&one_row(row), wide)).collect();
    if height < rows.len() {
        rows.retain(|row| !row.is_empty());
    }
    rows.truncate(height);
    let above = (height - rows.len()) / 3;
    let page = rows.iter().map(|row| fit(row, width));
    std::iter::repeat_n(String::new(), above).chain(page).collect()
}

/// Text that stands in one row: what controls a terminal is shown, not obeyed.
fn one_row(text: &str) -> String {
    printable(text).replace('\n', " ")
}

/// A title in large letters, with room between them where there is room.
fn large(title: &str, wide: usize) -> String {
    let letters = title.to_uppercase();
    let spaced: Vec<String> = letters.chars().map(String::from).collect();
    let spaced = spaced.join(" ");
    if spaced.width() + 6 <= wide { spaced } else { letters }
}

/// The breath as a bar that fills with the inhale and empties with the exhale, and its word; in a hold without one, its time.
fn breath(timeline: &Timeline, heard: Frames, wide: usize) -> (String, String) {
    let wide = wide.saturating_sub(6).max(8);
    if let Some(breath) = timeline.breath_at(heard) {
        let share = share(breath, heard);
        let full = (share * wide as f64).round() as usize;
        let word = match breath.part {
            BreathPart::Inhale => "in",
            BreathPart::Full => "hold",
            BreathPart::Exhale => "out",
            BreathPart::Empty => "empty",
        };
        return ("█".repeat(full) + &"░".repeat(wide - full), word.into());
    }
    match timeline.phase_at(heard).map(|index| &timeline.phases[index]) {
        Some(phase) if matches!(phase.kind, PhaseKind::Hold | PhaseKind::Full) => {
            (String::new(), format!("hold, {} left", minutes(timeline, phase.start + phase.frames - heard)))
        }
        _ => (String::new(), String::new()),
    }
}

/// How full the lungs are.
fn share(breath: &BreathSpan, heard: Frames) -> f64 {
    let passed = heard.saturating_sub(breath.start).0 as f64 / breath.frames.0.max(1) as f64;
    match breath.part {
        BreathPart::Inhale => passed,
        BreathPart::Full => 1.0,
        BreathPart::Exhale => 1.0 - passed,
        BreathPart::Empty => 0.0,
    }
}

/// Whether it is told that it will begin: not for the moment that goes before every session.
pub fn waits(glance: &Glance) -> bool {
    glance.delay.duration(glance.mixer.timeline().rate) > super::LEAD
}

/// The part that comes next, where it is wanted.
fn next(glance: &Glance) -> Option<String> {
    let timeline = glance.mixer.timeline();
    let next = timeline.chapters.get(timeline.chapter_at(glance.heard)? + 1)?;
    (next.start < glance.end).then(|| format!("then {}", next.title))
}

/// How much is left, to the second that began; and how loud, where it is not as it was.
fn left(glance: &Glance) -> String {
    let timeline = glance.mixer.timeline();
    let left = glance.end.saturating_sub(glance.heard).duration(timeline.rate);
    let mut text = format!("{} left", clock(Duration::from_secs(left.as_secs())));
    if waits(glance) {
        text = format!("begins in {}", minutes(timeline, glance.delay));
    }
    if glance.volume != 100 {
        text += &format!(", volume {} %", glance.volume);
    }
    text
}

/// A text as rows of whole words, with room for the margins.
fn wrap(text: &str, wide: usize) -> Vec<String> {
    broken(text, Some(wide.saturating_sub(if wide < 40 { 1 } else { 6 })), "")
}

/// A row with a margin, cut where the terminal ends.
fn fit(row: &str, width: usize) -> String {
    let margin = if row.is_empty() {
        0
    } else if width < 40 {
        1
    } else {
        3 + width.saturating_sub(WIDEST) / 2
    };
    let mut fitted = String::new();
    let mut columns = 0;
    for letter in std::iter::repeat_n(' ', margin).chain(row.chars()) {
        columns += letter.width().unwrap_or(0);
        if columns > width {
            break;
        }
        fitted.push(letter);
    }
    fitted
}

#[cfg(test)]
mod tests {
    use catcow::load::Library;
    use catcow::session::Builder;
    use catcow::sink::player::{Outage, Status};
    use catcow::work::Work;

    use super::*;

    fn glance(status: Status, minute: u64) -> Glance {
        let library = Library::open(None).unwrap();
        let (routine, voice) = (library.routine("gentle-back").unwrap(), library.voice("ada").unwrap());
        let mixer = Builder::new(routine, voice).build(&Work::alone()).unwrap().mixer().clone();
        let heard = Frames(minute * 60 * 48_000);
        let end = mixer.timeline().frames;
        Glance { status, heard, delay: Frames::ZERO, mixer, volume: 100, end, stopped: false }
    }

    #[test]
    fn no_row_is_wider_than_the_terminal_from_twenty_columns_on() {
        let waiting = Status::Waiting(Outage::Frozen);
        let causes = [PauseCause::Listener, PauseCause::OtherProgram, PauseCause::DeviceGone];
        for status in causes.map(Status::Paused).into_iter().chain([Status::Playing, waiting]) {
            for minute in [0, 2, 6, 9, 12, 19] {
                let glance = glance(status.clone(), minute);
                for (width, height) in [(20, 24), (21, 8), (33, 24), (80, 24), (300, 100)] {
                    for keys in [false, true] {
                        let rows = rows(&glance, width, height, keys);
                        assert!(rows.len() <= height);
                        assert!(rows.iter().all(|row| row.width() <= width), "{width}: {rows:#?}");
                    }
                }
            }
        }
    }

    #[test]
    fn one_look_tells_the_pose_its_round_what_comes_next_and_how_long_it_takes() {
        let glance = glance(Status::Playing, 10);
        let text = rows(&glance, 80, 24, false).join("\n");
        let timeline = glance.mixer.timeline();
        let chapter = timeline.chapter_at(glance.heard).unwrap();
        assert!(text.contains(&large(&timeline.chapters[chapter].title, 60)), "{text}");
        assert!(text.contains(&format!("then {}", timeline.chapters[chapter + 1].title)), "{text}");
        assert!(text.contains(" left"), "{text}");
    }

    #[test]
    fn what_is_left_is_left_of_the_part_that_is_wanted_and_no_other_part_comes() {
        let mut glance = glance(Status::Playing, 10);
        let chapter = glance.mixer.timeline().chapter_at(glance.heard).unwrap();
        glance.end = glance.mixer.timeline().chapters[chapter + 1].start;
        glance.heard = glance.end - Frames(20 * 48_000);
        let page = rows(&glance, 80, 24, false).join("\n");
        assert!(page.contains("0:20 left") && !page.contains("then "), "{page}");
    }

    #[test]
    fn a_pause_and_a_missing_device_are_said_in_words_on_the_narrowest_page() {
        let narrow = |status| rows(&glance(status, 3), 20, 24, false).join("");
        assert!(narrow(Status::Paused(PauseCause::Listener)).contains("Paused."));
        assert!(narrow(Status::Waiting(Outage::Frozen)).contains("No sound device."));
    }

    #[test]
    fn the_keys_can_be_read_in_a_pause_too() {
        let page = rows(&glance(Status::Paused(PauseCause::Listener), 3), 60, 30, true).join("\n");
        assert!(page.contains("Paused.") && page.contains("hold longer"), "{page}");
    }

    #[test]
    fn no_word_is_cut_at_twenty_columns() {
        for minute in 0..20 {
            let glance = glance(Status::Playing, minute);
            let timeline = glance.mixer.timeline();
            let page = rows(&glance, 20, 24, false).join("\n").to_uppercase().replace(' ', "");
            let next = next(&glance).unwrap_or_default();
            for word in doing(timeline, glance.heard).iter().chain([&next]).flat_map(|text| text.split(' ')) {
                assert!(page.contains(&word.to_uppercase()), "`{word}` is cut: {page}");
            }
        }
    }

    #[test]
    fn the_bar_fills_with_the_inhale_and_empties_with_the_exhale() {
        let breath = |part| BreathSpan { part, start: Frames(100), frames: Frames(100) };
        let at = |part, frame| share(&breath(part), Frames(frame));
        assert!(at(BreathPart::Inhale, 110) < at(BreathPart::Inhale, 190));
        assert!(at(BreathPart::Exhale, 110) > at(BreathPart::Exhale, 190));
    }
}
