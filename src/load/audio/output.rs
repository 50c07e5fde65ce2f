//! Where decoders of all formats put what they decode: checked, counted, and of a length that is bounded.

use std::ops::ControlFlow;

/// The sample rates that a recording may have, in hertz.
const SOURCE_RATES_HZ: std::ops::RangeInclusive<u32> = 4_000..=768_000;

/// Some of a recording.
pub(crate) struct Packet<'a> {
    /// Interleaved, full scale 1; all finite.
    pub(crate) samples: &'a [f32],
    /// Samples for a frame: 1 or 2.
    pub(crate) channels: usize,
    /// Frames a second; the same in every packet.
    pub(crate) rate_hz: u32,
}

/// Whether more of a recording is wanted; or what is wrong with it.
pub(crate) type More<E> = Result<ControlFlow<()>, E>;

/// Where decoded packets go, and how far they have come.
pub(super) struct Output<'a, E> {
    take: &'a mut dyn FnMut(&Packet<'_>) -> More<E>,
    /// How many frames a recording may have.
    most: u64,
    /// How many frames were handed over.
    frames: u64,
    rate_hz: u32,
}

impl<'a, E: From<String>> Output<'a, E> {
    /// Hands packets to `take`, of at most `most` frames.
    pub(super) fn new(take: &'a mut dyn FnMut(&Packet<'_>) -> More<E>, most: u64) -> Output<'a, E> {
        Output { take, most, frames: 0, rate_hz: 0 }
    }

    /// How many frames there were; an error where there were none.
    pub(super) fn finish(self) -> Result<u64, E> {
        if self.frames == 0 { Err("there is no sound in it".to_owned().into()) } else { Ok(self.frames) }
    }

    /// Hands over the frames of a packet.
    pub(super) fn hand(&mut self, packet: &Packet<'_>) -> More<E> {
        let rate_hz = packet.rate_hz;
        if !SOURCE_RATES_HZ.contains(&rate_hz) {
            return Err(format!("expected a sample rate of 4 to 768 kHz, found {rate_hz} Hz").into());
        }
        if self.rate_hz != 0 && self.rate_hz != rate_hz {
            return Err(self.stopped(&format!("its sample rate changes from {} to {rate_hz} Hz", self.rate_hz)));
        }
        self.rate_hz = rate_hz;
        if packet.samples.iter().any(|sample| !sample.is_finite()) {
            return Err(self.stopped("some of its samples are not numbers"));
        }
        let frames = (packet.samples.len() / packet.channels) as u64;
        self.fits(frames, rate_hz)?;
        self.frames += frames;
        (self.take)(packet)
    }

    /// Refuses so many more frames where that is more than there may be.
    pub(super) fn fits(&self, more: u64, rate_hz: u32) -> Result<(), E> {
        if self.frames.saturating_add(more) <= self.most {
            return Ok(());
        }
        let seconds = self.most / u64::from(rate_hz.max(1));
        Err(format!("it has too many samples: at {rate_hz} Hz it can be {seconds} seconds long").into())
    }

    /// What is wrong, and where.
    pub(super) fn stopped(&self, reason: &str) -> E {
        if self.frames == 0 {
            return reason.to_owned().into();
        }
        format!("{reason}, after {:.1} s", self.frames as f64 / f64::from(self.rate_hz)).into()
    }
}
