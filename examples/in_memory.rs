//! A session of a routine and a voice that are in memory, to samples. No file is touched.

use std::io::Cursor;

use catcow::frames::Frames;
use catcow::load::{Library, Memory};
use catcow::session::Builder;
use catcow::work::Work;

const ROUTINE: &str = "title = 'Hello'\n[[steps]]\nsay = 'hello/there'\nthen = '2s'\n[[steps]]\nbell = 'low'\n\
    [cues]\n'hello/there' = 'Hello there.'\n";

/// All samples of a session in which this recording says hello.
///
/// # Errors
/// A recording that cannot be played.
pub fn samples(recording: &[u8]) -> catcow::Result<Vec<i16>> {
    let files = Memory::new().with("routines/hello.toml", ROUTINE).with("voice_clips/me/hello/there.wav", recording);
    let library = Library::in_memory(files)?;
    let session = Builder::new(library.routine("hello")?, library.voice("me")?).build(&Work::alone())?;
    let mut samples = vec![0; session.frames().0 as usize * session.mixer().channels().count()];
    session.fill(Frames::ZERO, &mut samples)?;
    Ok(samples)
}

/// Tries it with a hum.
///
/// # Errors
/// None is expected.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A hum of half a second, where a real program has a recording.
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 48_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut wav = Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut wav, spec)?;
    (0..24_000).try_for_each(|at| writer.write_sample(((at % 300) * 50) as i16))?;
    writer.finalize()?;
    println!("{} samples", samples(wav.get_ref())?.len());
    Ok(())
}
