//! What is heard when a key is pressed: a few words, or a soft bell where there is no recording of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::frames::{Frames, SampleRate};
use crate::load::language::routine::Bell;
use crate::render::bell;
use crate::session::Session;

/// An answer to a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// The session stands still.
    Paused,
    /// The session goes on.
    GoingOn,
    /// Five breaths were added.
    FiveBreaths,
    /// Half a minute was added.
    ThirtySeconds,
    /// Rounds were added.
    MoreRounds,
    /// There is nothing here that could be longer, or be let go.
    NothingToHold,
    /// There is no part after this one.
    LastPart,
    /// Louder, or quieter: the bell itself says how loud.
    Volume,
    /// The bed plays.
    BedOn,
    /// The bed is silent.
    BedOff,
    /// There is no bed in this session.
    NoBed,
    /// Less will be said from here on.
    LessTalk,
    /// Less than this cannot be said.
    LeastTalk,
    /// What the keys do.
    Keys,
    /// The session begins in a moment.
    Soon,
    /// The session ends here.
    Ending,
    /// A pose will not come again in composed sessions.
    NotAgain,
    /// A pose will come more often in composed sessions.
    MoreOfThis,
}

impl Answer {
    /// Every answer.
    pub const ALL: [Answer; 18] = [
        Answer::Paused,
        Answer::GoingOn,
        Answer::FiveBreaths,
        Answer::ThirtySeconds,
        Answer::MoreRounds,
        Answer::NothingToHold,
        Answer::LastPart,
        Answer::Volume,
        Answer::BedOn,
        Answer::BedOff,
        Answer::NoBed,
        Answer::LessTalk,
        Answer::LeastTalk,
        Answer::Keys,
        Answer::Soon,
        Answer::Ending,
        Answer::NotAgain,
        Answer::MoreOfThis,
    ];

    /// The cue that says it. The volume has none: a bell at the new volume says it best.
    pub fn cue(self) -> Option<&'static str> {
        Some(match self {
            Answer::Paused => "answer/paused",
            Answer::GoingOn => "answer/going-on",
            Answer::FiveBreaths => "answer/five-breaths",
            Answer::ThirtySeconds => "answer/thirty-seconds",
            Answer::MoreRounds => "answer/more-rounds",
            Answer::NothingToHold => "answer/nothing-to-hold",
            Answer::LastPart => "answer/last-part",
            Answer::BedOn => "answer/bed-on",
            Answer::BedOff => "answer/bed-off",
            Answer::NoBed => "answer/no-bed",
            Answer::LessTalk => "answer/less-talk",
            Answer::LeastTalk => "answer/least-talk",
            Answer::Keys => "answer/keys",
            Answer::Soon => "answer/soon",
            Answer::Ending => "answer/ending",
            Answer::NotAgain => "answer/not-again",
            Answer::MoreOfThis => "answer/more-of-this",
            Answer::Volume => return None,
        })
    }
}

/// The sound of every answer, mono.
#[derive(Debug)]
pub struct Answers {
    bell: Arc<[i16]>,
    words: BTreeMap<Answer, Arc<[i16]>>,
}

impl Answers {
    /// Bells only: what there is until the recordings are decoded.
    pub fn bells(rate: SampleRate) -> Answers {
        let mut bell = vec![0; rate.frames(Bell::Soft.ring()).0 as usize];
        bell::fill(Bell::Soft, rate, Frames::ZERO, &mut bell);
        Answers { bell: bell.into(), words: BTreeMap::new() }
    }

    /// Answers that make no sound.
    #[cfg(test)]
    pub(super) fn silent() -> Answers {
        Answers { bell: Arc::from([]), words: BTreeMap::new() }
    }

    /// The answers that a session's voice has recordings of; one that cannot be read is a bell.
    pub fn spoken(session: &Session) -> Answers {
        let samples = |answer: Answer| {
            let clip = session.cue(answer.cue()?)?;
            Some((answer, clip.samples.clone().into()))
        };
        let words = Answer::ALL.into_iter().filter_map(samples).collect();
        Answers { words, ..Answers::bells(session.timeline().rate) }
    }

    /// The sound of an answer.
    pub fn sound(&self, answer: Answer) -> Arc<[i16]> {
        Arc::clone(self.words.get(&answer).unwrap_or(&self.bell))
    }
}
