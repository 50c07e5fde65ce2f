//! Notes of a session in words, with the options that help.

use std::collections::BTreeMap;
use std::time::Duration;

use catcow::frames::clock;
use catcow::gain::Decibels;
use catcow::load::Mix;
use catcow::load::library::StandIns;
use catcow::plan::Timeline;
use catcow::plan::timeline::Track;
use catcow::session::Note;
use catcow::sink::page::changes;

use super::origin::Origin;
use super::settings::{Choice, Chosen};

/// What became of wishes for a routine, and where they stand.
pub fn of_wishes(note: &Note, routine: &str, choice: &Choice) -> String {
    match note {
        Note::BreathKept { wished } => format!(
            "note: a breath of {wished} ({}) leaves no time for some words of `{routine}`, so its own breath is kept; \
             `--breath {wished}` shows which",
            place(choice.breath.as_ref())
        ),
        Note::LengthLeftOut { wished, shortest, longest } => format!(
            "note: `{routine}` can last {} to {}, so a length of {} ({}) is left out",
            clock(*shortest),
            clock(*longest),
            clock(*wished),
            place::<Duration>(choice.length.as_ref())
        ),
        Note::TurnedDown { .. } | Note::QuietWords { .. } => String::new(),
    }
}

/// What a length or a wish made of a routine, in one line; `None` where everything is as it was written.
pub fn of_changes(timeline: &Timeline) -> Option<String> {
    let lines = changes::lines(timeline);
    let lower = |line: &String| {
        let mut letters = line.chars();
        letters.next().map(|first| first.to_lowercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    (!lines.is_empty()).then(|| format!("note: {}", lines.iter().map(lower).collect::<Vec<_>>().join("; ")))
}

/// What is heard in place of the voice's own recordings.
pub fn of_stand_ins(stand_ins: &StandIns) -> Vec<String> {
    let lines = stand_ins_in_words(stand_ins);
    lines.into_iter().map(|line| format!("note: {line}")).collect()
}

/// What is heard in place of the voice's own recordings: a line for every other voice, and one for plainer words.
pub fn stand_ins_in_words(stand_ins: &StandIns) -> Vec<String> {
    let mut lent: BTreeMap<(bool, &str), Vec<String>> = BTreeMap::new();
    for borrowed in &stand_ins.borrowed {
        lent.entry((borrowed.made, &borrowed.voice)).or_default().push(borrowed.cue.clone());
    }
    let line = |((made, voice), cues): (&(bool, &str), &Vec<String>)| {
        let how = if *made { "said by" } else { "borrowed from" };
        format!("{} {how} `{voice}`: {}", are(cues.len()), named(cues))
    };
    let mut lines: Vec<_> = lent.iter().map(line).collect();
    if !stand_ins.replaced.is_empty() {
        let pairs: Vec<_> = stand_ins.replaced.iter().map(|it| format!("{} for {}", it.by, it.cue)).collect();
        lines.push(format!("plainer words where nothing says the right ones: {}", named(&pairs)));
    }
    lines
}

fn are(cues: usize) -> String {
    if cues == 1 { "1 cue is".into() } else { format!("{cues} cues are") }
}

/// The first of some names, and how many more there are.
fn named(names: &[String]) -> String {
    const MOST: usize = 4;
    match names.len().saturating_sub(MOST) {
        0 | 1 => names.join(", "),
        more => format!("{} and {more} more", names[..MOST].join(", ")),
    }
}

/// What came to light when it was measured how loud a session is.
pub fn of_levels(note: &Note, mix: &Mix) -> String {
    match note {
        Note::TurnedDown { by, tracks } => turned_down(*by, tracks),
        Note::QuietWords { heard, wished } => {
            let option = if mix.voice_level > Decibels::ZERO { "--voice-level" } else { "--loudness" };
            format!(
                "note: words come out at about {:.1} LUFS where {:.1} was asked for, because the peaks of recordings are held at \
                 -2 dBTP; a lower `{option}` makes them clearer",
                heard.0, wished.0
            )
        }
        Note::BreathKept { .. } | Note::LengthLeftOut { .. } => String::new(),
    }
}

/// What is too loud together, and what helps.
fn turned_down(by: Decibels, tracks: &[Track]) -> String {
    let name = |track: &Track| match track {
        Track::Voice => "voice",
        Track::Bell => "bells",
        Track::Bed => "bed",
        Track::Tone => "tone",
    };
    let parts: Vec<_> = tracks.iter().map(name).collect();
    let helps = [(Track::Bed, "`--bed-level`"), (Track::Tone, "`--tone-level`")];
    let helps: Vec<_> = helps.iter().filter(|(track, _)| tracks.contains(track)).map(|(_, option)| *option).collect();
    let too_loud = match &parts[..] {
        [first @ .., last] if !first.is_empty() => format!("{} and {last} together are", first.join(", ")),
        parts => format!("the {} alone is", parts.concat()),
    };
    let down = if by.0 < 0.1 { "less than 0.1 dB".into() } else { format!("{:.1} dB", by.0) };
    format!(
        "note: {too_loud} louder than -1 dBTP, the most that a file should hold, so all is turned down by {down}; \
         a lower {} avoids that",
        helps.join(" or ")
    )
}

/// Where a value stands.
fn place<T>(chosen: Option<&Chosen<T>>) -> String {
    match chosen {
        Some(Chosen { origin: Origin::Standing(place), .. }) => place.line(),
        _ => String::new(),
    }
}
