//! How loud the whole may become: a constant gain, found before the first sample.
//!
//! The voice is levelled where it is loaded, clip by clip, under a ceiling that leaves room for what lies under it. So
//! this gain is 1 unless someone asks for a bed, a tone or a bell so loud that together they could pass the limit; then all is
//! turned down by as much, and nothing is ever cut off.

use crate::gain::Decibels;
use crate::load::level::{BELL_CEILING, CEILING};

/// The highest true peak of a session: what streaming services and encoders ask for (EBU R 128, s 2; Apple).
pub(super) const LIMIT: Decibels = Decibels(-1.0);

/// The largest samples that parts of a mix can have, as a part of full scale.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Peaks {
    /// The bed's, where nobody speaks, and under speech.
    pub(super) bed: [f32; 2],
    /// The tone's, likewise.
    pub(super) tone: [f32; 2],
}

/// The gain of the whole.
pub(super) fn master(peaks: Peaks) -> f32 {
    // A recorded bell is held under its ceiling; the generated ones are far under it.
    let alone = BELL_CEILING.amplitude() + peaks.bed[0] + peaks.tone[0];
    let spoken = CEILING.amplitude() + peaks.bed[1] + peaks.tone[1];
    (LIMIT.amplitude() / alone.max(spoken)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_turned_down_until_there_is_no_room() {
        assert_eq!(master(Peaks::default()), 1.0);
        assert_eq!(master(Peaks { bed: [0.1, 0.05], tone: [0.06, 0.03] }), 1.0);
        let loud = master(Peaks { bed: [0.9, 0.5], tone: [0.0; 2] });
        assert!((0.55..0.56).contains(&loud), "{loud}");
    }
}
