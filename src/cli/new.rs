//! `catcow new`: the beginning of a routine, from poses that are chosen.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use catcow::Result;
use catcow::compose::Request;
use catcow::diagnostic::{Code, Diagnostic, Source, nearest};
use catcow::frames::{Frames, SampleRate, clock};
use catcow::load::language::cue::{is_name, titled};
use catcow::load::language::own_words::hyphenated;
use catcow::load::language::pose::Pose;
use catcow::load::language::routine::Action;
use catcow::load::language::scaffold::{Draft, Reach};
use catcow::load::{Library, Routine};
use catcow::plan::{Bounds, Missing, Wishes};
use catcow::session::{Builder, Prepared};
use catcow::sink::file::output::{taken, write_new};
use clap::Args;

use super::composed::{self, Composed};
use super::{Talk, settings};

/// What to begin with.
#[derive(Args)]
pub struct New {
    /// Its name: lower-case words joined by hyphens, such as my-back. The file is NAME.toml; nothing is ever overwritten.
    #[arg(value_name = "NAME")]
    name: PathBuf,
    /// The poses, in order, by their names; `catcow list` shows them. What is not there is begun as a pose of your own.
    #[arg(long, value_name = "POSES", value_delimiter = ',', conflicts_with_all = composed::OPTIONS, default_value = "cat-cow,childs-pose,knees-to-chest")]
    poses: Vec<String>,
    /// What it should last, such as 15m.
    #[arg(long, value_name = "TIME", value_parser = settings::time)]
    length: Option<Duration>,
    /// A copy of this routine, by its name, to change as you like.
    #[arg(long, value_name = "ROUTINE", conflicts_with_all = ["poses", "length"], conflicts_with_all = composed::OPTIONS)]
    like: Option<String>,
    #[command(flatten)]
    composed: Composed,
}

impl New {
    pub fn run(&self, talk: Talk) -> Result<()> {
        let path = self.path()?;
        let library = super::library()?;
        if let Some(like) = &self.like {
            let name = name(&path)?;
            let text = &library.routine_source(like)?.text;
            // It may hold paths that mean nothing elsewhere: then that comes to light here.
            read(&name, &path, text, &library)?;
            write_new(&path, text.as_bytes())?;
            let shown = path.display();
            talk.say(&format!(
                "{shown}: a copy of `{like}`. Next: give it a title of its own, and catcow plan {shown}"
            ));
            return Ok(());
        }
        if let Some(request) = self.composed.request(super::this_day)? {
            return composed_file(&path, &request, &library, talk);
        }
        let draft = self.draft(&path, &library)?;
        let poses = poses(&read(&draft.name, &path, &draft.outline(), &library)?);
        let (text, bounds) = self.fitted(&draft, &path, &poses, &library)?;
        write_new(&path, text.as_bytes())?;
        let (shown, [shortest, longest]) = (path.display(), bounds.clocks(SampleRate::DEFAULT));
        talk.say(&format!("{shown}: a routine of {shortest} to {longest}. Next: catcow plan {shown}"));
        Ok(())
    }

    /// The file, which is not there yet.
    fn path(&self) -> Result<PathBuf> {
        let path = match self.name.extension() {
            Some(ending) if ending == "toml" => self.name.clone(),
            _ => {
                let mut name = self.name.clone().into_os_string();
                name.push(".toml");
                PathBuf::from(name)
            }
        };
        if path.symlink_metadata().is_ok() {
            return Err(taken(path));
        }
        Ok(path)
    }

    fn draft(&self, path: &Path, library: &Library) -> Result<Draft> {
        let name = name(path)?;
        let (mut poses, mut own) = (Vec::new(), Vec::<(String, String)>::new());
        let known = library.pose_ids();
        for typed in self.poses.iter().map(|pose| pose.trim()) {
            if let Some(id) = library.pose_id(typed) {
                poses.push(id);
                continue;
            }
            let id = hyphenated(typed);
            // Told of what was typed, not of the file that comes of it and is not there.
            let is_of_a_name = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '\'' | '’');
            if id.is_empty() || !typed.chars().all(is_of_a_name) {
                let message = format!("expected the names of poses, divided by commas, found `{typed}`");
                return Err(Diagnostic::error(Code::WrongValue, message)
                    .help("`catcow list` shows those there are")
                    .into());
            }
            // A slip does not halve a name: `tree` is a pose of one's own, not a short `thread-the-needle`.
            let alike = known.iter().filter(|known| known.chars().count() <= 2 * id.chars().count());
            if let Some(near) = nearest(&id, alike.map(String::as_str)) {
                let message = format!("`--poses`: expected a pose's id, found `{typed}`");
                let mistake = Diagnostic::error(Code::UnknownPose, message).help(format!("did you mean `{near}`?"));
                return Err(mistake.help("`catcow list` shows the poses; a new one has a name of its own").into());
            }
            if own.iter().all(|(known, _)| *known != id) {
                own.push((id.clone(), titled(typed)));
            }
            poses.push(id);
        }
        Ok(Draft { name, poses, own, length: self.length })
    }

    /// The text whose doses allow the length, and what they allow.
    fn fitted(&self, draft: &Draft, path: &Path, poses: &[Arc<Pose>], library: &Library) -> Result<(String, Bounds)> {
        let voice = library.voice(&settings::voice(None)?)?;
        let mut last: Option<Prepared> = None;
        let (mut shortest, mut longest) = (Frames(u64::MAX), Frames::ZERO);
        for reach in Reach::ALL {
            let text = draft.text(poses, reach);
            let routine = read(&draft.name, path, &text, library)?;
            let mut builder = match &last {
                Some(last) => last.another(routine),
                None => Builder::new(routine, voice.clone()),
            };
            // A pose of one's own may not be recorded yet; that is no reason not to begin.
            builder.wishes.missing = Missing::Bell;
            let prepared = builder.prepare(&super::work())?;
            // A new routine meets the length by its own ranges: all of its poses are done.
            let bounds = prepared.ranges();
            last = Some(prepared);
            if self.length.is_none_or(|length| bounds.allow(length, SampleRate::DEFAULT)) {
                return Ok((text, bounds));
            }
            (shortest, longest) = (shortest.min(bounds.shortest), longest.max(bounds.longest));
        }
        Err(out_of_reach(self.length.unwrap_or_default(), Bounds { shortest, longest }).into())
    }
}

/// Writes down a session that is composed, to keep and to change.
fn composed_file(path: &Path, request: &Request, library: &Library, talk: Talk) -> Result<()> {
    name(path)?;
    let voice = library.voice(&settings::voice(None)?)?;
    // What is not recorded yet is no reason not to begin.
    let wishes = |routine: &Routine| Ok(Wishes { missing: Missing::Bell, mix: routine.mix(), ..Wishes::default() });
    let composition = composed::compose(request, (library, &voice), wishes, SampleRate::DEFAULT, &super::work())?;
    write_new(path, composition.text.as_bytes())?;
    let shown = path.display();
    talk.say(&format!("{shown}: {}. Next: catcow plan {shown}", composition.title));
    Ok(())
}

/// The routine's name, which its file's is.
fn name(path: &Path) -> Result<String> {
    let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    if is_name(&name) {
        return Ok(name);
    }
    let message = format!("expected a name of lower-case words joined by hyphens, such as my-back, found `{name}`");
    let mistake = Diagnostic::error(Code::WrongValue, message);
    Err(match hyphened(&name) {
        Some(near) => mistake.help(format!("write, for example, `catcow new {near}`")),
        None => mistake,
    }
    .into())
}

/// A name as it has to be written: "My Class" as my-class.
fn hyphened(name: &str) -> Option<String> {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-").to_lowercase();
    is_name(&name).then_some(name)
}

fn read(name: &str, path: &Path, text: &str, library: &Library) -> Result<Routine> {
    library.read(name, &Arc::new(Source::of_file(path, text)))
}

fn poses(routine: &Routine) -> Vec<Arc<Pose>> {
    let pose = |step: &catcow::load::language::routine::Step| match &step.action {
        Action::Pose(pose) => Some(Arc::clone(pose)),
        _ => None,
    };
    routine.steps.iter().filter_map(pose).collect()
}

fn out_of_reach(length: Duration, bounds: Bounds) -> Diagnostic {
    let [least, most] = bounds.clocks(SampleRate::DEFAULT);
    let message = format!("expected a length of {least} to {most} for these poses, found {}", clock(length));
    let help =
        if SampleRate::DEFAULT.frames(length) < bounds.shortest { "choose fewer poses" } else { "choose more poses" };
    Diagnostic::error(Code::LengthOutOfRange, message).help(format!("{help} with `--poses`; `catcow list` shows them"))
}
