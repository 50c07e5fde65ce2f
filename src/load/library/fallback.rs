//! What a voice lacks, and who says it instead: another voice, or recordings that were made of the words.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::stand_ins::Borrowed;
use super::voice::Voice;
use crate::load::audio::clip_file::ClipFile;
use crate::load::files::Content;
use crate::load::language::routine::Routine;
use crate::load::language::script::Script;

impl Voice {
    /// A voice of recordings that were made of words: of each cue, its words and what is heard. `id` is who or what made them.
    pub fn made(id: &str, clips: impl IntoIterator<Item = (String, (String, Content))>) -> Voice {
        let clip = |(cue, (words, content)): (String, (String, Content))| {
            let file = ClipFile::spoken(cue.clone(), words, content);
            (cue, Arc::new(file))
        };
        Voice { clips: clips.into_iter().map(clip).collect(), is_made: true, ..Voice::silent(id) }
    }

    /// The same voice, where `other` says what it and those lack that say so already.
    pub fn falling_back_on(mut self, other: Voice) -> Voice {
        self.lenders.push(Arc::new(other));
        self
    }

    /// What says a cue: its own recording, or else the first of another voice; with that voice, where it is another. What is known to
    /// be other words than `text` does not say it.
    pub fn find(&self, cue: &str, text: Option<&str>) -> Option<(&Arc<ClipFile>, Option<&Voice>)> {
        let says = |file: &&Arc<ClipFile>| text.is_none_or(|text| file.may_say(text));
        let lent =
            || self.lenders.iter().find_map(|lender| Some((lender.clips.get(cue).filter(says)?, Some(&**lender))));
        self.clips.get(cue).filter(says).map(|file| (file, None)).or_else(lent)
    }

    /// As whose cues are borrowed, where they are.
    pub(super) fn lends(&self, cue: &str) -> Borrowed {
        Borrowed { cue: cue.to_owned(), voice: self.id.clone(), made: self.is_made }
    }

    /// The cues that a routine could say and that nothing here says, with their words. What has no words is left out.
    pub fn lacking(&self, routine: &Routine) -> BTreeMap<String, String> {
        let words = |cue: String| routine.script.get(&cue).cloned().map(|text| (cue, text));
        let all = routine.cues().into_iter().filter_map(words);
        all.filter(|(cue, text)| self.find(cue, Some(text)).is_none()).collect()
    }

    /// Words, and how a speech program is to read them: what is written for this voice, then for those that say what it lacks.
    pub fn pronunciations(&self) -> Script {
        let lent = self.lenders.iter().rev().flat_map(|voice| voice.pronunciations.clone());
        lent.chain(self.pronunciations.clone()).collect()
    }
}
