//! The system's own device, through rodio: macOS, Windows, and Linux without a sound server (with the feature `alsa`).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rodio::{ChannelCount, DeviceSinkBuilder, MixerDeviceSink, Sample, SampleRate, Source};

use super::Output;
use super::control::Player;
use super::lost_device::{FROZEN, STARTS, Stall};
use super::request::Outage;
use super::source::SessionSource;
use crate::frames::Frames;

/// How often it is looked at whether the device still takes frames.
const GLANCE: Duration = Duration::from_millis(100);

/// ALSA loses 11 to 18 ms of what is given to it in the first moments of a stream; this long it is given silence.
const BEFORE: Duration = Duration::from_millis(if cfg!(target_os = "linux") { 300 } else { 0 });
/// After the last frame, the device is given so long to play what it holds back.
const DRAIN: Duration = Duration::from_millis(300);

/// Opens the device.
pub(super) fn open(player: &Arc<Player>) -> Result<Box<dyn Output>, Stall> {
    // A callback may come a thousand times a millisecond: it is not heeded, the count of frames is.
    let builder = || DeviceSinkBuilder::from_default_device().map(|builder| builder.with_error_callback(|_| {}));
    let source = SessionSource::new(Arc::clone(player), true);
    // At the session's own rate nothing is resampled; a device that cannot do it is taken at its own.
    let exact = || builder()?.with_channels(source.channels()).with_sample_rate(source.sample_rate()).open_stream();
    let sink = exact().or_else(|_| builder()?.open_stream()).map_err(|error| Stall::absent(error.to_string()));
    let mut sink = sink?;
    sink.log_on_drop(false);
    std::thread::sleep(BEFORE);
    let taken = Arc::new(AtomicU64::new(0));
    sink.mixer().add(Counted { source, taken: Arc::clone(&taken) });
    Ok(Box::new(SystemDevice { _sink: sink, player: Arc::clone(player), taken, last: 0, moved: Instant::now() }))
}

/// A device that plays.
struct SystemDevice {
    /// It plays for as long as this lives.
    _sink: MixerDeviceSink,
    player: Arc<Player>,
    /// How many samples it has taken.
    taken: Arc<AtomicU64>,
    /// How many of them at the last look.
    last: u64,
    /// When that number last changed.
    moved: Instant,
}

impl Output for SystemDevice {
    fn step(&mut self) -> Result<bool, Stall> {
        std::thread::sleep(GLANCE);
        let now = self.taken.load(Ordering::Relaxed);
        if now == u64::MAX {
            // What the device holds back is still to be heard.
            std::thread::sleep(DRAIN);
            return Ok(true);
        }
        if now != self.last {
            (self.last, self.moved) = (now, Instant::now());
            self.player.plays(Frames::ZERO);
        } else if self.moved.elapsed() > if self.last > 0 { FROZEN } else { STARTS } {
            return Err(Stall { outage: Outage::Frozen, unheard: Frames::ZERO, moved: self.last > 0 });
        }
        Ok(self.player.is_over())
    }
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
