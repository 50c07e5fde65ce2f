//! What the log changes in a session that is played: which safety words are said, and what of progress.

use catcow::Result;
use catcow::plan::{ProgressWords, SafetyWords};
use catcow::programme::{self, is_familiar};

use super::log::NO_PROGRESS;
use super::logbook::{self, Log, Logbook};

/// What the log changes; nothing, where there is none or it cannot be read.
#[derive(Clone, Copy, Default)]
pub struct ByLog {
    pub safety: SafetyWords,
    pub progress: ProgressWords,
}

impl ByLog {
    /// Of a session of this routine, today.
    pub fn of(routine: &str) -> ByLog {
        let Some(log) = log() else { return ByLog::default() };
        let familiar = is_familiar(&log.entries, routine, logbook::today());
        let safety = if familiar { SafetyWords::Brief } else { SafetyWords::Whole };
        let progress = if lacks_progress(&log) { ProgressWords::Lacking } else { ProgressWords::Usual };
        ByLog { safety, progress }
    }

    /// Whether it is to be told that weeks brought no progress, and was not yet.
    pub fn is_to_be_advised() -> bool {
        log().is_some_and(|log| lacks_progress(&log))
    }

    /// Tells it, once: what was said aloud stands on the screen, too.
    pub fn advise() -> Result<()> {
        super::tell(NO_PROGRESS);
        super::home().map_or(Ok(()), |home| Logbook::new(&home).note_told())
    }
}

fn log() -> Option<Log> {
    Logbook::new(&super::home()?).read().ok()
}

fn lacks_progress(log: &Log) -> bool {
    !log.told && programme::lacks_progress(&programme::practised_weeks(&log.entries, logbook::today()))
}
