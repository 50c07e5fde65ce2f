//! Advice in words, with the commands and options that help.

use std::borrow::Cow;

use catcow::advice::Advice;

/// What to type.
pub fn words(advice: &Advice) -> Cow<'_, str> {
    Cow::Borrowed(match advice {
        Advice::Words(words) => words,
        Advice::BeginRoutine => "`catcow new NAME` begins one, with comments that teach",
        Advice::ListPoses => "`catcow list` shows the poses; a routine may bring its own under `[poses.<id>]`",
        Advice::ListLengths => "`catcow list` shows how short and how long every routine can be",
        Advice::CopyRoutine { name } => {
            return format!("`{name}` is built in; `catcow new my-{name} --like {name}` makes a copy of it to change")
                .into();
        }
        Advice::OwnPose { id } => {
            return format!(
                "`{id}` is built in; a pose of your own, routines/poses/{id}.toml in the folder that `catcow list` names, takes \
                 its place"
            )
            .into();
        }
        Advice::OwnProgramme => {
            "one of your own is a file routines/programmes/NAME.toml in the folder that `catcow list` names"
        }
        Advice::RecordVoice { voice, first } => {
            return format!(
                "`{voice}` is built in and has words of its own only: say those, or record a voice, which is a folder with \
                 a file for each cue (the first of these would be my-voice/{first}.wav), and choose it with \
                 `--voice ./my-voice`; `catcow voice script` prints what is to be read aloud"
            )
            .into();
        }
        Advice::SpeakThem => {
            "to hear it now, add `--speak`: a speech program on this computer says what is not recorded (`catcow voice speak \
             --help` names some)"
        }
        Advice::RingInstead => "to try the routine first, `--missing bell` puts a soft bell in place of each",
        Advice::MakeSmaller => {
            "`--mono` holds twice as much, and `--rate 24000` twice as much again; or give a shorter `--length`, or write \
             parts with `--from` and `--until`"
        }
    })
}
