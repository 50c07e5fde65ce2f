//! Recordings for tests, made of numbers.

use hound::{Sample, SampleFormat, WavSpec, WavWriter};

/// A WAV of 16 bit.
pub fn wav(samples: impl IntoIterator<Item = i16>, channels: u16, rate: u32) -> Vec<u8> {
    written(samples, WavSpec { channels, sample_rate: rate, bits_per_sample: 16, sample_format: SampleFormat::Int })
}

/// A WAV of floating-point numbers, full scale 1.
pub fn float_wav(samples: impl IntoIterator<Item = f32>, channels: u16, rate: u32) -> Vec<u8> {
    written(samples, WavSpec { channels, sample_rate: rate, bits_per_sample: 32, sample_format: SampleFormat::Float })
}

fn written<S: Sample>(samples: impl IntoIterator<Item = S>, spec: WavSpec) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut writer = WavWriter::new(&mut bytes, spec).expect("a WAV");
    samples.into_iter().for_each(|sample| writer.write_sample(sample).expect("a sample"));
    writer.finalize().expect("a WAV");
    bytes.into_inner()
}

/// A second of a tone, as a mono WAV of 16 bit at 48 kHz.
pub fn tone_wav() -> Vec<u8> {
    wav((0..48_000).map(|frame| ((f64::from(frame) * 0.05).sin() * 8000.0) as i16), 1, 48_000)
}
