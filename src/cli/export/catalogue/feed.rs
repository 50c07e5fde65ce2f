//! The feed of a catalogue, for players of podcasts.

use std::collections::BTreeSet;

use catcow::Result;
use catcow::sink::file::about::About;
use catcow::sink::file::catalogue::{Folder, Record};
use catcow::sink::page::feed::{self, Channel, Episode};
use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::items::Item;
use super::maker::{Looked, State};

/// What is told of a feed.
#[derive(Args)]
pub struct Feed {
    /// Write a feed of podcasts, feed.xml, with chapters and words beside each file; ADDRESS is where the folder will be
    /// served, such as `https://example.org/yoga/`.
    #[arg(long, value_name = "ADDRESS", value_parser = address, conflicts_with_all = ["list", "files", "shard"])]
    feed: Option<String>,
    /// What the feed is called.
    #[arg(long, value_name = "TITLE", default_value = "Yoga", requires = "feed")]
    feed_title: String,
    /// Who makes it; the names of the voices, where that is not said.
    #[arg(long, value_name = "NAME", requires = "feed")]
    feed_author: Option<String>,
    /// What it is, in a line or two.
    #[arg(long, value_name = "WORDS", default_value = "Yoga by voice, with closed eyes.", requires = "feed")]
    feed_summary: String,
}

/// Pictures of the whole feed that are taken where they lie in the folder.
const PICTURES: [&str; 2] = ["cover.jpg", "cover.png"];

impl Feed {
    /// Whether one is wanted.
    pub fn is_wanted(&self) -> bool {
        self.feed.is_some()
    }

    /// Writes it, where it is wanted: of all files that are there.
    pub fn write(&self, folder: &Folder, items: &[Item], looked: &[Looked]) -> Result<()> {
        let Some(address) = &self.feed else { return Ok(()) };
        let mut records: Vec<Record> =
            items.iter().zip(looked).filter_map(|(item, looked)| there(folder, item, looked)).collect();
        // What is new comes last, so that an episode keeps its number.
        records.sort_by(|one, other| one.date.cmp(&other.date).then_with(|| one.file.cmp(&other.file)));
        let different = |part: fn(&Record) -> &str| records.iter().map(part).collect::<BTreeSet<_>>();
        let (voices, languages) = (different(|record| &record.voice), different(|record| &record.language));
        let author = self.feed_author.clone().unwrap_or_else(|| voices.iter().copied().collect::<Vec<_>>().join(", "));
        let language = if languages.len() == 1 { languages.first().copied().unwrap_or_default() } else { "" };
        let picture = PICTURES.iter().find(|name| folder.at(name).is_file()).map(|name| (*name).to_owned());
        let channel = Channel {
            title: self.feed_title.clone(),
            author,
            description: self.feed_summary.clone(),
            language: language.to_owned(),
            address: address.clone(),
            image: picture.or_else(|| records.first().and_then(|record| record.cover.clone())),
        };
        let named = |record: &Record| title(record, voices.len() > 1);
        let episode = |record: &Record| Episode {
            title: named(record),
            published: published(&record.date),
            record: record.clone(),
        };
        let text = feed::text(&channel, &records.iter().map(episode).collect::<Vec<_>>());
        if folder.lacks(feed::FILE, text.as_bytes(), is_own)? {
            folder.write_beside(feed::FILE, text.as_bytes())?;
        }
        Ok(())
    }
}

/// The record of a file that is there: as it is to be, or, where it cannot be made now, as it was.
fn there(folder: &Folder, item: &Item, looked: &Looked) -> Option<Record> {
    match &looked.state {
        State::Made(record) | State::Unchanged(record) => Some(record.clone()),
        State::Failed(_) => folder.record(&item.name).filter(|record| folder.has(record)),
        State::LeftOut(_) | State::ToMake(_) => None,
    }
}

/// An episode's title: the routine's, with what tells it from the others.
fn title(record: &Record, by_voice: bool) -> String {
    let (seconds, minutes) = (record.seconds.round(), (record.seconds / 60.0).round());
    let length = if seconds < 60.0 { format!("{seconds} s") } else { format!("{minutes} min") };
    let voice = if by_voice { format!(", {}", record.voice) } else { String::new() };
    format!("{} ({length}{voice})", record.title)
}

/// The beginning of a day, as mail and RSS have it.
fn published(date: &str) -> String {
    let start = date.parse::<Date>().and_then(|day| day.to_zoned(TimeZone::UTC));
    start.and_then(|start| jiff::fmt::rfc2822::to_string(&start)).unwrap_or_default()
}

/// Whether a feed is one that this program wrote.
fn is_own(there: &[u8]) -> bool {
    let (tool, _) = About::TOOL.split_once(' ').unwrap_or((About::TOOL, ""));
    String::from_utf8_lossy(there).contains(&format!("<generator>{tool} "))
}

/// The address of a folder, with a slash at its end.
fn address(text: &str) -> Result<String, String> {
    let host = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let is_host = |host: &str| host.starts_with(|letter: char| letter.is_alphanumeric() || letter == '[');
    let is_plain =
        text.chars().all(|letter| !letter.is_whitespace() && !letter.is_control() && !"?#<>\"".contains(letter));
    if !host.is_some_and(is_host) || !is_plain {
        return Err("expected the address of a folder, such as https://example.org/yoga/".into());
    }
    Ok(if text.ends_with('/') { text.to_owned() } else { format!("{text}/") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_of_a_folder() {
        assert_eq!(address("https://example.org/yoga").unwrap(), "https://example.org/yoga/");
        assert_eq!(address("http://127.0.0.1:8000/").unwrap(), "http://127.0.0.1:8000/");
        for text in ["", "example.org", "ftp://example.org/", "https://", "https:///a", "https://a b/", "https://a/?b"]
        {
            assert!(address(text).is_err(), "{text}");
        }
        assert_eq!(published("2026-03-01"), "Sun, 1 Mar 2026 00:00:00 +0000");
    }
}
