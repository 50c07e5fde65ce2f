//! Where in the last but one of several rounds it is said that the last one comes next.

use crate::frames::{FrameRange, Frames};

/// What is heard in a phase.
pub(super) struct Heard {
    pub(super) window: FrameRange,
    /// How long its words are, fullest first.
    pub(super) lengths: Vec<Frames>,
    /// How long a bell rings at its start.
    pub(super) bell: Option<Frames>,
    /// Whether its words are safety words, which nothing replaces.
    pub(super) safety: bool,
}

impl Heard {
    /// The length of the fullest words that end within the phase; of its bell, where it has no words.
    fn sounds(&self) -> Frames {
        let fitting = |frames: &&Frames| **frames <= self.window.frames();
        self.lengths.iter().find(fitting).copied().or(self.bell).unwrap_or(Frames::ZERO)
    }

    fn is_silent(&self) -> bool {
        self.lengths.is_empty() && self.bell.is_none()
    }
}

/// Where the words for the last round are said.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LastRound {
    /// Nowhere in this round.
    Unsaid,
    /// Beside all other words, which may have to be the shorter ones.
    Beside(FrameRange),
    /// In place of the words of the phases that it falls into.
    Instead(FrameRange),
}

impl LastRound {
    /// The best place for words of so many frames, `apart` from all others: at the end of the last phase; in place of its words,
    /// where it belongs to a flow that everybody knows by now; in the last silence of the round that is long enough; in place
    /// of words.
    pub(super) fn find(phases: &[Heard], flow: bool, frames: Frames, apart: Frames) -> LastRound {
        let Some(last) = phases.last() else { return LastRound::Unsaid };
        let instead =
            || (frames <= last.window.frames() && !last.safety).then(|| FrameRange::new(last.window.start, frames));
        if let Some(range) = at_the_end(last, frames, apart) {
            return LastRound::Beside(range);
        }
        if let Some(range) = instead().filter(|_| flow && !last.is_silent()) {
            return LastRound::Instead(range);
        }
        if let Some(range) = in_silence(phases, frames, apart) {
            return LastRound::Beside(range);
        }
        match instead().or_else(|| across(phases, frames)) {
            Some(range) => LastRound::Instead(range),
            None => LastRound::Unsaid,
        }
    }

    /// The words, where they fall into `window`.
    pub(super) fn within(&self, window: FrameRange) -> Option<FrameRange> {
        let (LastRound::Beside(range) | LastRound::Instead(range)) = self else { return None };
        Some(*range).filter(|range| !range.intersect(window).is_empty())
    }
}

/// At the end of a phase, beside its words or shorter ones.
fn at_the_end(phase: &Heard, frames: Frames, apart: Frames) -> Option<FrameRange> {
    let begins = phase.window.start + phase.bell.unwrap_or(Frames::ZERO);
    let needed = frames + apart * 2;
    let room = phase.window.end.saturating_sub(needed).saturating_sub(begins);
    let told = phase.lengths.is_empty()
        || phase.lengths.iter().any(|words| *words <= room && begins + needed <= phase.window.end);
    let start = phase.window.end.saturating_sub(frames + apart);
    (told && begins + frames + apart <= phase.window.end).then(|| FrameRange::new(start, frames))
}

/// In the last silence of a round, over the phases that nothing is said in.
fn in_silence(phases: &[Heard], frames: Frames, apart: Frames) -> Option<FrameRange> {
    let mut end = phases.last()?.window.end;
    for phase in phases.iter().rev() {
        let sounds = phase.sounds();
        if sounds == Frames::ZERO {
            continue;
        }
        let begins = phase.window.start + sounds + apart;
        if begins + frames + apart <= end {
            return Some(FrameRange::new(end.saturating_sub(apart + frames), frames));
        }
        end = phase.window.start;
    }
    let begins = phases.first()?.window.start;
    // The words of the round before ended with it.
    (begins + frames + apart <= end).then(|| FrameRange::new(end.saturating_sub(apart + frames), frames))
}

/// From the beginning of the last phase from which on the round is long enough, and in which no words keep from harm.
fn across(phases: &[Heard], frames: Frames) -> Option<FrameRange> {
    let end = phases.last()?.window.end;
    let begins = phases.iter().rposition(|phase| phase.window.start + frames <= end)?;
    let range = FrameRange::new(phases[begins].window.start, frames);
    let harmless = phases.iter().all(|phase| !phase.safety || range.intersect(phase.window).is_empty());
    harmless.then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phase(start: u64, end: u64, lengths: &[u64]) -> Heard {
        let window = FrameRange { start: Frames(start), end: Frames(end) };
        Heard { window, lengths: lengths.iter().map(|frames| Frames(*frames)).collect(), bell: None, safety: false }
    }

    fn find(phases: &[Heard], flow: bool) -> LastRound {
        LastRound::find(phases, flow, Frames(20), Frames(4))
    }

    fn range(start: u64) -> FrameRange {
        FrameRange::new(Frames(start), Frames(20))
    }

    #[test]
    fn it_is_said_at_the_end_of_the_round_beside_words_that_leave_it_room() {
        assert_eq!(find(&[phase(0, 50, &[40, 10])], true), LastRound::Beside(range(26)));
        assert_eq!(find(&[phase(0, 50, &[40])], true), LastRound::Instead(range(0)));
    }

    #[test]
    fn phases_that_are_too_short_for_it_have_room_together() {
        assert_eq!(find(&[phase(0, 16, &[]), phase(16, 30, &[])], true), LastRound::Beside(range(6)));
        assert_eq!(find(&[phase(0, 16, &[10]), phase(16, 30, &[10])], true), LastRound::Instead(range(0)));
    }

    #[test]
    fn a_silence_before_the_last_words_is_used_where_they_must_be_said() {
        let phases = [phase(0, 60, &[10]), phase(60, 80, &[18])];
        assert_eq!(find(&phases, false), LastRound::Beside(range(36)));
        assert_eq!(find(&[phase(0, 25, &[20])], false), LastRound::Instead(range(0)));
        assert_eq!(find(&[phase(0, 15, &[10])], false), LastRound::Unsaid);
    }
}
