//! One recording, not yet decoded: where its bytes are, and what is to be done to them.

use std::sync::Arc;

use super::clip::{self, Clip, Treatment};
use super::levelling;
use super::levelling::MeasuredLevel;
use crate::diagnostic::{Code, Diagnostic};
use crate::error::{Error, Result};
use crate::frames::{FrameRange, Frames, SampleRate};
use crate::gain::Lufs;
use crate::load::files::Content;
use crate::load::language::bell::Bell;

/// One recording, not yet decoded.
#[derive(Debug)]
pub struct ClipFile {
    /// What is said in it.
    pub cue: String,
    /// The words of it, where they are known: those of a voice that is built in.
    words: Option<String>,
    content: Content,
    /// Its length at 48 kHz, where the tool that made it recorded that.
    made: Option<Frames>,
    treatment: Treatment,
    /// What identifies it: its content and its treatment.
    key: Arc<[u8]>,
}

impl ClipFile {
    /// A recording of a cue.
    pub(crate) fn speech(cue: String, content: Content, treatment: Treatment) -> ClipFile {
        ClipFile::new(cue, content, treatment)
    }

    /// A recording of a cue whose words, loudness and length at 48 kHz are known.
    pub(crate) fn made(
        cue: String,
        words: Option<String>,
        content: Content,
        treatment: Treatment,
        frames: Frames,
    ) -> ClipFile {
        ClipFile { words, made: Some(frames), ..ClipFile::new(cue, content, treatment) }
    }

    /// A recording that was made of these words, to be treated as any.
    pub(crate) fn spoken(cue: String, words: String, content: Content) -> ClipFile {
        ClipFile { words: Some(words), ..ClipFile::speech(cue, content, Treatment::Speech) }
    }

    /// A sound of one's own that rings in place of a bell. No cue has such a name, so it is not taken for one.
    pub(crate) fn bell(bell: Bell, content: Content) -> ClipFile {
        ClipFile::new(ClipFile::bell_name(bell), content, Treatment::Bell)
    }

    fn new(cue: String, content: Content, treatment: Treatment) -> ClipFile {
        let mut key = content.identity();
        key.push(treatment.number());
        ClipFile { cue, words: None, content, made: None, treatment, key: key.into() }
    }

    /// What identifies it.
    pub(crate) fn key(&self) -> &Arc<[u8]> {
        &self.key
    }

    /// Its bytes.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// What is done to it before it is heard, in words for programmers, which tell every two treatments apart.
    pub(crate) fn treatment_in_words(&self) -> String {
        format!("{:?}, {:?}", self.treatment, self.made)
    }

    /// Its words, where they are known.
    pub(crate) fn words(&self) -> Option<&str> {
        self.words.as_deref()
    }

    /// Its length at 48 kHz and its level, where the tool that made it recorded both.
    pub(crate) fn as_made(&self) -> Option<(Frames, MeasuredLevel)> {
        match self.treatment {
            Treatment::Known(level) => self.made.map(|frames| (frames, level)),
            _ => None,
        }
    }

    /// Whether these may be its words: nobody knows those of a recording of one's own.
    pub(crate) fn may_say(&self, text: &str) -> bool {
        self.words.as_deref().is_none_or(|words| words == text)
    }

    /// The name under which lengths are kept.
    pub(crate) fn bell_name(bell: Bell) -> String {
        format!("bell: {}", bell.word())
    }

    /// The length at `rate` where it is known without decoding.
    pub fn known_frames(&self, rate: SampleRate) -> Option<Frames> {
        self.made.map(|frames| SampleRate::DEFAULT.convert(frames, rate))
    }

    /// Whether speech that was measured when it was made may not reach a loudness, in stereo, for its peaks.
    pub(crate) fn may_be_short(&self, voice: Lufs) -> bool {
        matches!(self.treatment, Treatment::Known(found) if levelling::may_be_short(found, voice.of_one_channel()))
    }

    /// Decodes it at `rate`, and brings speech to a loudness, in stereo.
    ///
    /// # Errors
    /// It cannot be read or decoded.
    pub fn decode(&self, rate: SampleRate, loudness: Lufs) -> Result<Clip> {
        self.decode_part(rate, loudness, clip::ALL)
    }

    /// The same; what is not in the range `heard` may be left out.
    pub(crate) fn decode_part(&self, rate: SampleRate, voice: Lufs, heard: FrameRange) -> Result<Clip> {
        let wanted = clip::Wanted { rate, treatment: self.treatment, voice, heard };
        let bytes = clip::read(&self.content)?;
        let decoded = clip::decode(bytes, self.content.ending(), wanted);
        decoded.map_err(|reason| Error::from(unplayable(&self.content.shown(), &reason)))
    }
}

/// A recording that cannot be played, as it is shown.
pub(crate) fn unplayable(shown: &str, reason: &str) -> Diagnostic {
    Diagnostic::error(Code::BrokenClip, format!("expected a recording that can be played, found {shown}: {reason}"))
        .help("record or export it again; WAV, FLAC, MP3, Ogg and M4A can be read")
}
