//! What keys and other controls ask of a session.

use std::sync::Arc;

use super::request::PauseCause;
use super::spoken_answers::Answer;
use crate::frames::Frames;
use crate::plan::timeline::Timeline;

/// What someone wants of a session that plays.
#[derive(Clone, Debug)]
pub enum Command {
    /// A pause, or an end to it.
    Toggle,
    /// A pause.
    Pause,
    /// An end to a pause.
    Resume,
    /// A pause that the listener did not ask for.
    Interrupt(PauseCause),
    /// An end to such a pause.
    InterruptionOver,
    /// To this frame, or the beginning of the word there.
    Seek(Frames),
    /// To the next part.
    Next,
    /// To the part before.
    Previous,
    /// This part again.
    Repeat,
    /// Hold longer.
    Longer,
    /// Let go of this hold.
    Release,
    /// Louder by so many steps; quieter where it is less than none.
    Volume(i8),
    /// The bed, or no bed.
    Bed,
    /// Go on with the other plan, in which less is said; `None` where there is none.
    LessTalk(Option<Arc<Timeline>>),
    /// Say what the keys do.
    Keys,
    /// Say this.
    Answer(Answer),
    /// Say that it begins soon.
    Soon,
    /// End now.
    End,
}
