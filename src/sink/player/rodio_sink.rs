//! The system's own device, through rodio: macOS, Windows, and Linux without a sound server (with the feature `alsa`).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rodio::{ChannelCount, DeviceSinkBuilder, Sample, SampleRate, Source};

use super::{FROZEN, Outage, Player, STARTS, SessionSource, Stall};
use crate::frames::Frames;

/// How often it is looked at whether the device still takes frames.
const GLANCE: Duration = Duration::from_millis(100);

/// ALSA loses 11 to 18 ms of what is given to it in the first moments of a stream; this long it is given silence.
const BEFORE: Duration = Duration::from_millis(if cfg!(target_os = "linux") { 300 } else { 0 });
/// After the last frame, the device is given so long to play what it holds back.
const DRAIN: Duration = Duration::from_millis(300);

/// Opens the device and plays until the session ends.
pub(super) fn attempt(player: &Arc<Player>) -> Result<(), Stall> {
    let absent = |error: &dyn std::error::Error| Stall {
        outage: Outage::Absent(error.to_string()),
        unheard: Frames::ZERO,
        moved: false,
    };
    // A callback may come a thousand times a millisecond: it is not heeded, the count of frames is.
    let builder = || DeviceSinkBuilder::from_default_device().map(|builder| builder.with_error_callback(|_| {}));
    let source = SessionSource::new(Arc::clone(player), true);
    // At the session's own rate nothing is resampled; a device that cannot do it is taken at its own.
    let exact = || builder()?.with_channels(source.channels()).with_sample_rate(source.sample_rate()).open_stream();
    let mut sink = exact().or_else(|_| builder()?.open_stream()).map_err(|error| absent(&error))?;
    sink.log_on_drop(false);
    std::thread::sleep(BEFORE);
    let taken = Arc::new(AtomicU64::new(0));
    sink.mixer().add(Counted { source, taken: Arc::clone(&taken) });
    let (mut last, mut moved) = (0, Instant::now());
    while !player.is_over() {
        std::thread::sleep(GLANCE);
        let now = taken.load(Ordering::Relaxed);
        if now == u64::MAX {
            // What the device holds back is still to be heard.
            std::thread::sleep(DRAIN);
            return Ok(());
        }
        if now != last {
            (last, moved) = (now, Instant::now());
            player.plays(Frames::ZERO);
        } else if moved.elapsed() > if last > 0 { FROZEN } else { STARTS } {
            return Err(Stall { outage: Outage::Frozen, unheard: Frames::ZERO, moved: last > 0 });
        }
    }
    Ok(())
}

/// A source that tells how much was taken from it; `u64::MAX` when all was.
struct Counted {
    source: SessionSource,
    taken: Arc<AtomicU64>,
}

impl Iterator for Counted {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        let sample = self.source.next();
        // rodio asks once more after the end.
        let taken = self.taken.load(Ordering::Relaxed).saturating_add(1);
        self.taken.store(if sample.is_some() { taken } else { u64::MAX }, Ordering::Relaxed);
        sample
    }
}

impl Source for Counted {
    fn current_span_len(&self) -> Option<usize> {
        self.source.current_span_len()
    }

    fn channels(&self) -> ChannelCount {
        self.source.channels()
    }

    fn sample_rate(&self) -> SampleRate {
        self.source.sample_rate()
    }

    fn total_duration(&self) -> Option<Duration> {
        self.source.total_duration()
    }
}
