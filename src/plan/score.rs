//! Where a walk through a routine puts down what happens: on a sheet that keeps all of it, or with a tally that only adds up
//! how long it takes. Both are one walk, so the length that is announced is the length that is heard.

use super::memo::{Known, Memo, Passed};
use super::sheet::{Asked, Sheet};
use super::timeline::{BreathSpan, ChapterKind, PhaseSpan, Role, Sound, Track};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::frames::Frames;
use crate::load::Routine;
use crate::load::language::step::Step;

/// Where what happens is put down.
pub(super) trait Score<'a> {
    /// Whether what is put down is kept. Where it is not, nothing has to be chosen that takes no time of its own.
    const KEEPS: bool;

    /// A step begins.
    fn visit(&mut self, step: &'a Step, start: Frames);
    /// A chapter begins.
    fn chapter(&mut self, kind: ChapterKind, title: &str, start: Frames);
    /// Something sounds.
    fn sound(&mut self, at: (Track, Role), sound: Sound, start: Frames, frames: Frames);
    /// Something was to be done.
    fn phase(&mut self, span: PhaseSpan);
    /// A part of a breath was kept.
    fn breath(&mut self, span: BreathSpan);
    /// Something is wrong.
    fn mistake(&mut self, mistake: Diagnostic);
    /// Something that an author wrote is heard, or else this is to be said of it.
    fn hear(&mut self, what: (Code, &Place), missed: Option<Diagnostic>);
    /// The length of a cue is asked for, to say it or to see whether it fits.
    fn ask(&mut self, asked: Asked);
    /// A cue has no recording.
    fn unrecorded(&mut self, cue: &str, place: &Place, routine: &Routine);
    /// A plainer cue is said in place of one that nothing says.
    fn replaced(&mut self, cue: &str, by: &str);
    /// What a part of a step came to before.
    fn recall(&self, part: &Known<'a>) -> Option<Passed<'a>>;
    /// What a part of a step comes to.
    fn remember(&mut self, part: Known<'a>, passed: Passed<'a>);
}

/// Adds up times, and remembers those that no range changes.
#[derive(Default)]
pub(super) struct Tally<'a> {
    memo: Memo<'a>,
}

impl<'a> Score<'a> for Tally<'a> {
    const KEEPS: bool = false;

    fn visit(&mut self, _step: &'a Step, _start: Frames) {}
    fn chapter(&mut self, _kind: ChapterKind, _title: &str, _start: Frames) {}
    fn sound(&mut self, _at: (Track, Role), _sound: Sound, _start: Frames, _frames: Frames) {}
    fn phase(&mut self, _span: PhaseSpan) {}
    fn breath(&mut self, _span: BreathSpan) {}
    fn mistake(&mut self, _mistake: Diagnostic) {}
    fn hear(&mut self, _what: (Code, &Place), _missed: Option<Diagnostic>) {}
    fn ask(&mut self, _asked: Asked) {}
    fn unrecorded(&mut self, _cue: &str, _place: &Place, _routine: &Routine) {}
    fn replaced(&mut self, _cue: &str, _by: &str) {}

    fn recall(&self, part: &Known<'a>) -> Option<Passed<'a>> {
        self.memo.get(part).copied()
    }

    fn remember(&mut self, part: Known<'a>, passed: Passed<'a>) {
        self.memo.insert(part, passed);
    }
}

impl<'a> Score<'a> for Sheet<'a> {
    const KEEPS: bool = true;

    fn visit(&mut self, step: &'a Step, start: Frames) {
        Sheet::visit(self, step, start);
    }

    fn chapter(&mut self, kind: ChapterKind, title: &str, start: Frames) {
        Sheet::chapter(self, kind, title, start);
    }

    fn sound(&mut self, (track, role): (Track, Role), sound: Sound, start: Frames, frames: Frames) {
        self.region(track, role, sound, start, frames);
    }

    fn phase(&mut self, span: PhaseSpan) {
        Sheet::phase(self, span);
    }

    fn breath(&mut self, span: BreathSpan) {
        Sheet::breath(self, span);
    }

    fn mistake(&mut self, mistake: Diagnostic) {
        Sheet::mistake(self, mistake);
    }

    fn hear(&mut self, what: (Code, &Place), missed: Option<Diagnostic>) {
        Sheet::hear(self, what, missed);
    }

    fn ask(&mut self, asked: Asked) {
        Sheet::ask(self, asked);
    }

    fn unrecorded(&mut self, cue: &str, place: &Place, routine: &Routine) {
        Sheet::unrecorded(self, cue, place, routine);
    }

    fn replaced(&mut self, cue: &str, by: &str) {
        Sheet::replaced(self, cue, by);
    }

    /// A sheet is written once, and all of it.
    fn recall(&self, _part: &Known<'a>) -> Option<Passed<'a>> {
        None
    }

    fn remember(&mut self, _part: Known<'a>, _passed: Passed<'a>) {}
}
