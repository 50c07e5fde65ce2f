//! A recording: as a clip of a voice, trimmed and levelled and as it is, and as a bed.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use catcow::Error;
use catcow::advice::Advice;
use catcow::diagnostic::Code;
use catcow::frames::SampleRate;
use catcow::gain::Lufs;
use catcow::load::audio::bed_file::BedFile;
use catcow::load::files::Content;
use catcow::load::{Memory, Voice};
use catcow::work::Work;

/// The longest that a recording of a cue and a bed may be, in seconds.
const LONGEST: [u64; 2] = [600, 3600];

/// What is usual for bytes that begin so: a recording is refused where its name has no ending of a recording.
fn ending(bytes: &[u8]) -> &'static str {
    match bytes {
        [b'R', ..] => "wav",
        [b'F', ..] => "aiff",
        [b'f', ..] => "flac",
        [b'O', ..] => "ogg",
        [0, ..] => "m4a",
        _ => "mp3",
    }
}

/// It is heard, or refused with its name and a reason.
pub fn recording(bytes: &[u8]) -> u64 {
    let mut seen = DefaultHasher::new();
    let name = format!("breath/in.{}", ending(bytes));
    for about in ["name = \"Mine\"\n", "name = \"Mine\"\nrecordings = \"finished\"\n"] {
        let files = Memory::new().with("mine/voice.toml", about).with(format!("mine/{name}"), bytes);
        let voice = Voice::read(&files, Path::new("mine")).expect("a voice");
        let clip = voice.clip("breath/in").expect("its recording").decode(SampleRate::DEFAULT, Lufs(-16.0));
        match clip {
            Ok(clip) => {
                let most = LONGEST[0] * u64::from(SampleRate::DEFAULT.hz()) + 1;
                assert!((1..=most).contains(&clip.frames().0), "{:?} of a cue", clip.frames());
                assert!(clip.short.0.is_finite() && clip.short.0 >= 0.0, "short by {:?}", clip.short);
                (clip.frames().0.ilog2(), clip.silent).hash(&mut seen);
            }
            Err(error) => refused(&error, Code::BrokenClip, &name, &mut seen),
        }
    }
    let bed = BedFile::open(&Content::memory("bed.wav", bytes), SampleRate::DEFAULT, &Work::alone());
    match bed {
        Ok(bed) => {
            assert!(bed.loudness().0.is_finite() && (0.0..=1.0).contains(&bed.peak()), "{bed:?}");
            let mut samples = [0; 512];
            for start in [0, 48_000, u64::from(u32::MAX)] {
                bed.read(start, 2, &mut samples).expect("what was stored");
                bed.read(start, 1, &mut samples).expect("what was stored");
            }
        }
        Err(error) => refused(&error, Code::BrokenBed, "bed.wav", &mut seen),
    }
    seen.finish()
}

/// It names the file and says why.
fn refused(error: &Error, code: Code, name: &str, seen: &mut DefaultHasher) {
    let Error::Mistakes(mistakes) = error else { panic!("{error}") };
    let mistake = mistakes.iter().next().expect("a mistake");
    assert!(mistake.code == code && mistake.message.contains(name), "{}", mistake.message);
    let reason = mistake.message.split_once(name).map_or("", |(_, reason)| reason);
    assert!(reason.len() > 4, "no reason: {}", mistake.message);
    assert!(mistake.render(false, Advice::words).contains(code.word()));
    reason.chars().filter(|letter| !letter.is_ascii_digit()).collect::<String>().hash(seen);
}
