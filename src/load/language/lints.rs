//! The lints: part of the language, as an author may allow one by name where it is meant. What finds them is
//! [`crate::plan::lint`].

use crate::diagnostic::Code;

/// Every lint: something that parses, and yet could leave a listener lost. All of them warn; `catcow check --strict` refuses
/// what they warn of.
pub const LINTS: &[Code] = &[
    Code::ClipMismatch,
    Code::CountdownDropped,
    Code::CrossedBreath,
    Code::HurriedMove,
    Code::IdleKey,
    Code::LongSilence,
    Code::NeverDone,
    Code::NeverEntered,
    Code::NeverLeft,
    Code::NoSafety,
    Code::OneSideNamed,
    Code::ReminderDropped,
    Code::SilentClip,
    Code::SilentMove,
    Code::TapKept,
    Code::TapRemoved,
    Code::TooMuchTalk,
    Code::UncertainEnd,
    Code::UnequalSides,
    Code::UnheardCue,
    Code::UnnamedSide,
    Code::UnusedClip,
    Code::UnusualBreath,
];
