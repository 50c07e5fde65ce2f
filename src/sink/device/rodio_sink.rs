//! The system's own device, through rodio: macOS, Windows and what else has no sound server of PulseAudio's kind.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rodio::{ChannelCount, DeviceSinkBuilder, Sample, SampleRate, Source};

use super::{Deck, FROZEN, Outage, SessionSource, Stall};
use crate::frames::Frames;

/// How often it is looked at whether the device still takes frames.
const GLANCE: Duration = Duration::from_millis(100);

/// Opens the device and plays until the session ends.
pub(super) fn attempt(deck: &Arc<Deck>) -> Result<(), Stall> {
    let absent = |error: &dyn std::error::Error| Stall {
        outage: Outage::Absent(error.to_string()),
        unheard: Frames::ZERO,
        moved: false,
    };
    // A callback may come a thousand times a millisecond: it is not heeded, the count of frames is.
    let builder = DeviceSinkBuilder::from_default_device().map_err(|error| absent(&error))?;
    let mut sink = builder.with_error_callback(|_| {}).open_stream().map_err(|error| absent(&error))?;
    sink.log_on_drop(false);
    let taken = Arc::new(AtomicU64::new(0));
    sink.mixer().add(Counted { source: SessionSource::new(Arc::clone(deck), true), taken: Arc::clone(&taken) });
    let (mut last, mut moved) = (0, Instant::now());
    while !deck.is_over() {
        std::thread::sleep(GLANCE);
        let now = taken.load(Ordering::Relaxed);
        if now == u64::MAX {
            return Ok(());
        }
        if now != last {
            (last, moved) = (now, Instant::now());
            deck.plays(Frames::ZERO);
        } else if moved.elapsed() > FROZEN {
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
        let taken = self.taken.load(Ordering::Relaxed) + 1;
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
