//! `catcow play`: a session, now, with the eyes closed.

mod aloud;
pub(super) mod awake;
mod bookmark;
mod keys;
mod page;
mod screen;
mod show;

use std::ffi::{OsStr, OsString};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use catcow::compose::Composition;
use catcow::frames::{FrameRange, Frames, clock};
use catcow::load::language::pose_names::PoseNames;
use catcow::plan::Timeline;
use catcow::programme::Pain;
use catcow::session::Planned;
use catcow::sink::file::identity::Outputs;
use catcow::sink::player::{self, Command, Player, Request};
use catcow::work::Work;
use catcow::{Error, Result};
use clap::Args;

use self::bookmark::Bookmark;
pub use self::bookmark::CommandLine;
use self::screen::Screen;
use self::show::{End, Show};
use super::by_log::ByLog;
use super::composed::{self, Composed};
use super::session::{Form, Made, Options, measured};
use super::settings::time;
use super::{Talk, notes, pain, pen, terminal};

/// What to play, and how.
#[derive(Args)]
pub struct Play {
    /// The name of a routine, or the path of a routine's file. Without one, what there is is shown, to choose from.
    #[arg(value_name = "ROUTINE", conflicts_with_all = composed::OPTIONS)]
    routine: Option<OsString>,
    #[command(flatten)]
    composed: Composed,
    #[command(flatten)]
    playing: Playing,
    /// Go on with the session that was interrupted last, as it was wanted then.
    #[arg(long, conflicts_with_all = NOT_WITH_RESUME, conflicts_with_all = composed::OPTIONS)]
    resume: bool,
    /// Begin with this pose, or at this time.
    #[arg(long, value_name = "POSE")]
    from: Option<String>,
    /// End before this pose, the next of its name, or at this time.
    #[arg(long, value_name = "POSE")]
    until: Option<String>,
    /// Ask for a score of pain, 0 to 10, before and after; for `catcow log`.
    #[arg(long)]
    pain: bool,
    /// What was made for the moment, in place of a routine.
    #[arg(skip)]
    made: Made,
}

/// How a session is played, whatever it is.
#[derive(Args)]
pub struct Playing {
    #[command(flatten)]
    pub options: Options,
    /// Wait so long before it begins, to reach the mat.
    #[arg(long, value_name = "TIME", value_parser = time)]
    delay: Option<Duration>,
    #[command(flatten)]
    going_on: GoingOn,
}

/// When it goes on by itself.
#[derive(Args)]
struct GoingOn {
    /// Begin again when it has ended.
    #[arg(long = "loop")]
    repeats: bool,
    /// Play on over another device where the headphones are unplugged, instead of pausing.
    #[arg(long)]
    keep_playing: bool,
}

/// Before the session, at least: a sound server may swallow the first moments of a stream, up to 17 ms of them.
const LEAD: Duration = Duration::from_millis(100);

/// No more titles are named in a message: it is to be read at a glance.
const MOST_TITLES: usize = 20;

/// A session is taken up as it was wanted.
const NOT_WITH_RESUME: [&str; 29] = [
    "routine",
    "voice",
    "level",
    "length",
    "guidance",
    "breath",
    "missing",
    "rate",
    "mono",
    "marks",
    "tone",
    "held",
    "bed",
    "loudness",
    "voice_level",
    "tone_level",
    "bed_level",
    "wake",
    "speak",
    "pan_sides",
    "without",
    "only",
    "more",
    "delay",
    "from",
    "until",
    "repeats",
    "keep_playing",
    "pain",
];

impl Play {
    pub fn run(self, talk: Talk) -> Result<()> {
        if self.resume {
            let (play, bookmark) = Bookmark::open()?;
            return play.play(talk, bookmark.command(), Some(bookmark));
        }
        self.play(talk, CommandLine::given(), None)
    }

    /// Whether it is said what to play.
    pub fn is_named(&self) -> bool {
        self.resume || self.routine.is_some() || self.composed.is_wanted()
    }

    /// The voice that is wished.
    pub fn voice(&self) -> Option<&OsStr> {
        self.playing.options.wanted.voice.as_deref()
    }

    /// How it is played, whatever it is.
    pub fn into_playing(self) -> Playing {
        self.playing
    }

    /// The same without a wait before it begins.
    pub fn at_once(mut self) -> Play {
        self.playing.delay = None;
        self
    }

    /// Plays a routine that was chosen meanwhile.
    pub fn chosen(self, routine: OsString, talk: Talk) -> Result<()> {
        let command = CommandLine::given().choosing(&routine);
        Play { routine: Some(routine), ..self }.play(talk, command, None)
    }

    /// A session that a programme asks for.
    pub fn due(routine: OsString, playing: Playing, pain: bool) -> Play {
        Play { routine: Some(routine), pain, ..Play::made(Made::default(), playing) }
    }

    /// A session that was made for the moment.
    pub fn made(made: Made, playing: Playing) -> Play {
        let (composed, resume, pain) = (Composed::default(), false, false);
        Play { routine: None, composed, playing, resume, from: None, until: None, pain, made }
    }

    /// Plays it; `command` is what a bookmark keeps.
    pub fn play(mut self, talk: Talk, command: CommandLine, bookmark: Option<Bookmark>) -> Result<()> {
        terminal::never_stopped();
        pen::begin();
        let stop = super::stop_flag();
        let earlier = if bookmark.is_none() { Bookmark::read() } else { None };
        let work = Work { stop: &stop, ..super::work() };
        self.playing.options.by_log = true;
        let (planned, command) = self.planned(command, talk, &work)?;
        notes::of_changes(planned.timeline()).iter().for_each(|note| talk.say(note));
        let request = self.request(&planned, bookmark.as_ref())?;
        let before = if self.pain { pain::ask("before", &stop) } else { None };
        if stop.load(Ordering::Relaxed) {
            return Err(Error::Interrupted);
        }
        let session = measured(planned, talk, &work)?;
        let player = Arc::new(Player::new(session.mixer().clone(), request));
        // Before the first sound: a key that is pressed at it means this program.
        let screen = Screen::open(talk);
        let mut driver = player::play(Arc::clone(&player));
        let mut show = Show::new(&session, &player, &stop, &mut driver, (command, earlier));
        let (heard, failure) = show.until_the_end(screen);
        // The first command to end says so; the second does not wait until it was said.
        player.command(Command::End);
        player.command(Command::End);
        let asks = self.pain && matches!(heard.end, End::Finished | End::Ended);
        let after = if asks { pain::ask("after", &stop) } else { None };
        let pain = Pain { before, after };
        // What was said at the end is what the log knew before this session.
        let advised = heard.end == End::Finished && ByLog::is_to_be_advised();
        let kept = if heard.began() { Some(show.remember(&heard, pain)) } else { None };
        if let Some(failure) = failure {
            return Err(failure);
        }
        kept.transpose()?.into_iter().for_each(|done| talk.say(&done));
        if advised {
            ByLog::advise()?;
        }
        if pain.is_worse() {
            pain::tell_worse();
            aloud::say(pain::WORSE_CUE, &session, &stop);
        }
        if heard.end == End::Stopped { Err(Error::Interrupted) } else { Ok(()) }
    }

    /// Plans it, composed first where that is asked for; with the command that asks for the same again.
    fn planned(&self, command: CommandLine, talk: Talk, work: &Work<'_>) -> Result<(Planned, CommandLine)> {
        let library = super::library()?;
        let plan = |which| self.playing.options.plan(&library, which, &Outputs::default(), Form::default(), talk, work);
        let named = self.routine.as_deref();
        let Some(request) = self.composed.request(super::this_day)? else {
            return Ok((plan(self.made.which(named))?, command));
        };
        // One that is taken up again is the same, whatever day it is and whatever was said of its poses meanwhile.
        let text = command.composed().map(str::to_owned);
        let again = |text| Composition { name: request.name(), title: request.title(), text, ..Composition::default() };
        let made = match text {
            Some(text) => Made::of(again(text), Some(request.length)),
            None => self.playing.options.compose(&library, Some(&request), Form::default(), work)?,
        };
        let text = made.composition().map_or("", |composition| &composition.text);
        let command = command.of_composed(text, self.composed.dated(&request));
        Ok((plan(made.which(named))?, command))
    }

    /// The part of the session that is wanted.
    fn request(&self, planned: &Planned, bookmark: Option<&Bookmark>) -> Result<Request> {
        let (timeline, names) = (planned.timeline(), planned.timeline().names(planned.routine()));
        let place = |wanted: &str, after| place(timeline, &names, wanted, after);
        let start = self.from.as_deref().map_or(Ok(Frames::ZERO), |from| place(from, None))?;
        // A pose may come more than once: it ends before the next of them.
        let end = self.until.as_deref().map_or(Ok(timeline.frames), |until| place(until, Some(start)))?;
        if start >= end {
            let (from, until) =
                (self.from.as_deref().unwrap_or("the start"), self.until.as_deref().unwrap_or("the end"));
            return Err(Error::Playback {
                reason: format!("expected `--from` before `--until`, found {from} and {until}"),
                help: vec!["`catcow plan` shows the order of the poses".into()],
            });
        }
        let begin = bookmark.map_or(start, |bookmark| bookmark.place(timeline).min(end));
        let delay = timeline.rate.frames(self.playing.delay.unwrap_or_default().max(LEAD));
        Ok(Request {
            range: FrameRange { start, end },
            begin,
            delay,
            repeats: self.playing.going_on.repeats,
            keeps_playing: self.playing.going_on.keep_playing,
        })
    }
}

/// The frame at which a pose begins, the first `after` another where one comes, or that a time names.
fn place(timeline: &Timeline, names: &PoseNames, wanted: &str, after: Option<Frames>) -> Result<Frames> {
    let meant = names.meant(wanted);
    if let [one] = meant[..]
        && let Some(chapter) = timeline.chapter_of(one, after).or_else(|| timeline.chapter_of(one, None))
    {
        return Ok(timeline.chapters[chapter].start);
    }
    if let Ok(time) = time(wanted) {
        // As `export` takes it: to the frame.
        return Ok(timeline.rate.frames(time).min(timeline.frames));
    }
    if meant.len() > 1 {
        let reason = format!("expected one pose or a time, found `{wanted}`, which could be {}", meant.join(", "));
        return Err(Error::Playback { reason, help: vec![format!("name one of them, such as `{}`", meant[0])] });
    }
    let mut titles: Vec<&str> = Vec::new();
    for chapter in &timeline.chapters {
        if !titles.contains(&chapter.title.as_str()) {
            titles.push(&chapter.title);
        }
    }
    let near = catcow::diagnostic::nearest(wanted, titles.iter().copied());
    let near = near.map(|near| format!("did you mean `{near}`?"));
    let more = titles.len().saturating_sub(MOST_TITLES);
    titles.truncate(MOST_TITLES);
    let more = if more > 0 { format!(", and {more} more: see `catcow plan`") } else { String::new() };
    Err(Error::Playback {
        reason: format!("expected a pose of this session or a time, found `{wanted}`"),
        help: near.into_iter().chain([format!("its parts are: {}{more}", titles.join(", "))]).collect(),
    })
}

/// `minutes:seconds` of frames.
fn minutes(timeline: &Timeline, frames: Frames) -> String {
    clock(frames.duration(timeline.rate))
}
