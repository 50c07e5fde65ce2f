//! By what a session is the same as another: everything that is heard in it, and nothing of where it was found.

use super::planned::Planned;
use crate::error::Result;
use crate::load::Mix;
use crate::load::audio::clip_file::ClipFile;
use crate::load::digest::{Digest, Digester};
use crate::load::language::mix::Bed;
use crate::plan::Timeline;
use crate::plan::timeline::Sound;

impl Planned {
    /// A digest of everything that its samples are made from: what sounds when and how loud, the bytes of recordings, bells and bed,
    /// rate and channels. The same on every machine; where the files lie does not count. What is not in it is the program's version.
    ///
    /// # Errors
    /// A recording or the bed's file cannot be read.
    pub fn digest(&self) -> Result<Digest> {
        let mut all = Digester::default();
        all.add_value("channels", &self.channels());
        add_timeline(&mut all, self.timeline())?;
        Ok(all.finish())
    }
}

/// Adds all of a timeline. It is taken apart, so that the compiler asks about what is new in it.
fn add_timeline(all: &mut Digester, timeline: &Timeline) -> Result<()> {
    let Timeline {
        routine,
        title,
        voice,
        rate,
        frames,
        sounds,
        mix,
        regions,
        under,
        chapters,
        phases,
        breaths,
        unheard,
        stand_ins,
        changes,
    } = timeline;
    // What is told and not heard has no part in it.
    let (_, _, _) = (unheard, stand_ins, changes);
    [("routine", routine), ("title", title), ("voice", voice)].iter().for_each(|(name, text)| all.add(name, text));
    all.add_value("rate", rate);
    all.add_value("frames", frames);
    add_mix(all, mix)?;
    sounds.iter().try_for_each(|sound| add_sound(all, sound))?;
    regions.iter().for_each(|region| all.add_value("region", region));
    under.iter().for_each(|region| all.add_value("under", region));
    chapters.iter().for_each(|chapter| all.add_value("chapter", chapter));
    phases.iter().for_each(|phase| all.add_value("phase", phase));
    breaths.iter().for_each(|breath| all.add_value("breath", breath));
    Ok(())
}

fn add_mix(all: &mut Digester, mix: &Mix) -> Result<()> {
    let Mix { loudness, voice_level, tone, tone_level, held, marks, bed, bed_level, wake, pan_sides } = mix;
    all.add_value("loudness", &(loudness, voice_level, bed_level, tone_level));
    all.add_value("tone", &(tone, held, marks));
    all.add_value("wake", &(wake, pan_sides));
    bed.as_ref().map_or(Ok(()), |bed| add_bed(all, bed))
}

fn add_bed(all: &mut Digester, bed: &Bed) -> Result<()> {
    match bed {
        Bed::File(file) => {
            all.add("bed's ending", file.content.ending());
            all.add("bed", Digest::of_content(&file.content)?.to_string());
        }
        Bed::Rain | Bed::Ocean | Bed::Drone => all.add("bed", bed.word()),
    }
    Ok(())
}

fn add_sound(all: &mut Digester, sound: &Sound) -> Result<()> {
    match sound {
        Sound::Clip { file, text } => {
            all.add("text", text);
            add_clip(all, file)
        }
        Sound::Bell { bell, instead, file } => {
            all.add_value("bell", &(bell, instead));
            file.as_ref().map_or(Ok(()), |file| add_clip(all, file))
        }
        Sound::Tone(tone) => {
            all.add_value("sound of the breath", tone);
            Ok(())
        }
        // It stands in the mix.
        Sound::Bed(_) => {
            all.add("sound", "bed");
            Ok(())
        }
    }
}

fn add_clip(all: &mut Digester, file: &ClipFile) -> Result<()> {
    all.add("cue", &file.cue);
    all.add("treatment", file.treatment_in_words());
    // A decoder is chosen by the ending.
    all.add("ending", file.content().ending());
    all.add("recording", Digest::of_content(file.content())?.to_string());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::frames::SampleRate;
    use crate::load::{Library, Memory};
    use crate::render::Channels;
    use crate::session::Builder;
    use crate::work::Work;

    fn library(words: &str, recording: &[u8]) -> Library {
        let routine = format!("title = \"Own\"\n[[steps]]\nsay = \"{words}\"\n[[steps]]\npose = \"cat-cow\"\n");
        let files =
            Memory::new().with("routines/own.toml", routine).with("voice_clips/mine/cat-cow/name.wav", recording);
        Library::in_memory(files).unwrap()
    }

    fn digest(library: &Library, change: impl Fn(&mut Builder)) -> Digest {
        let voice = library.voice(Path::new("mine,ada")).unwrap();
        let mut builder = Builder::new(library.routine("own").unwrap(), voice);
        builder.wishes.missing = crate::plan::Missing::Bell;
        change(&mut builder);
        builder.plan(&Work::alone()).unwrap().digest().unwrap()
    }

    /// A WAV of one channel with a sound of this loudness.
    fn wav(peak: i16) -> Vec<u8> {
        let samples = (0..24_000).map(|at: i16| if at % 100 < 50 { peak } else { -peak });
        let data: Vec<u8> = samples.flat_map(i16::to_le_bytes).collect();
        let mut bytes = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\xbb\0\0\0\x77\x01\0\x02\0\x10\0data".to_vec();
        bytes[4..8].copy_from_slice(&(36 + data.len() as u32).to_le_bytes());
        bytes.extend((data.len() as u32).to_le_bytes());
        bytes.extend(data);
        bytes
    }

    #[test]
    fn what_is_heard_otherwise_has_another_digest_and_what_is_not_has_the_same() {
        let (first, same) = (library("Hello there.", &wav(900)), library("Hello there.", &wav(900)));
        let usual = digest(&first, |_| ());
        assert_eq!(usual, digest(&same, |_| ()));
        assert_ne!(usual, digest(&library("Hello you.", &wav(900)), |_| ()), "other words");
        assert_ne!(usual, digest(&library("Hello there.", &wav(901)), |_| ()), "another recording");
        let changes: [fn(&mut Builder); 8] = [
            |builder| builder.channels = Channels::Mono,
            |builder| builder.rate = SampleRate::new(44_100).unwrap(),
            |builder| builder.wishes.mix.tone = None,
            |builder| builder.wishes.mix.wake = true,
            |builder| builder.wishes.mix.bed = Some(Bed::Rain),
            |builder| builder.wishes.mix.voice_level.0 += 0.5,
            |builder| builder.wishes.level = crate::plan::Level::new(1),
            |builder| builder.routine.title += "!",
        ];
        for (index, change) in changes.iter().enumerate() {
            assert_ne!(usual, digest(&first, change), "change {index}");
        }
    }
}
