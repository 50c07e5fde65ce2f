//! A part of a catalogue, for one of many machines.

use std::path::Path;

use catcow::diagnostic::Candidates;
use catcow::{Error, Result};
use clap::Args;

use super::items::Item;

/// Which part of a catalogue.
#[derive(Args)]
pub struct Share {
    /// Print the names of the files, one a line, and make none.
    #[arg(long)]
    pub list: bool,
    /// Make only the file of this name; can be given several times.
    #[arg(long = "file", value_name = "NAME", conflicts_with = "shard")]
    files: Vec<String>,
    /// Make only one part of so many, such as 3/8. Parts may be counted from 1 or from 0: of 8, 8/8 is 0/8.
    #[arg(long, value_name = "PART/PARTS", value_parser = shard)]
    shard: Option<Shard>,
}

/// One part of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shard {
    part: usize,
    parts: usize,
}

fn shard(text: &str) -> Result<Shard, String> {
    let numbers = text.split_once('/').and_then(|(part, parts)| Some((part.parse().ok()?, parts.parse().ok()?)));
    let shard = numbers.filter(|(part, parts)| (1..=1_000_000).contains(parts) && part <= parts);
    shard.map(|(part, parts)| Shard { part, parts }).ok_or_else(|| "expected a part of several, such as 3/8".into())
}

impl Share {
    /// Whether less is wanted than all.
    pub fn is_wanted(&self) -> bool {
        self.list || !self.files.is_empty() || self.shard.is_some()
    }

    /// The files of this part.
    ///
    /// # Errors
    /// One that is named is not among them.
    pub fn of(&self, all: &[Item], folder: &Path) -> Result<Vec<Item>> {
        let known = |name: &&String| all.iter().any(|item| item.name == **name);
        if let Some(name) = self.files.iter().find(|name| !known(name)) {
            let near = Candidates::new(all.iter().map(|item| item.name.as_str())).nearest(name).map(str::to_owned);
            let near = near.map_or_else(|| "`--list` tells the names".into(), |near| format!("did you mean {near}?"));
            let reason = "this catalogue has no file of that name".into();
            return Err(Error::Output { path: folder.join(name), reason, help: near });
        }
        let is_mine = |(index, item): &(usize, &Item)| {
            let in_shard = self.shard.is_none_or(|Shard { part, parts }| index % parts == part % parts);
            in_shard && (self.files.is_empty() || self.files.contains(&item.name))
        };
        Ok(all.iter().enumerate().filter(is_mine).map(|(_, item)| item.clone()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_in_one_part_whether_parts_are_counted_from_one_or_from_zero() {
        let item =
            |index: usize| Item { name: format!("{index}.m4a"), routine: "a".into(), length: None, voice: "b".into() };
        let all: Vec<_> = (0..23).map(item).collect();
        let part = |part: usize| {
            let shard = shard(&format!("{part}/5")).ok();
            Share { list: false, files: Vec::new(), shard }.of(&all, Path::new("out")).unwrap()
        };
        for parts in [0..5, 1..6] {
            let mut found: Vec<_> = parts.flat_map(part).map(|item| item.name).collect();
            found.sort();
            found.dedup();
            assert_eq!(found.len(), 23);
        }
        for text in ["", "3", "/", "1/0", "6/5", "-1/5", "a/b", "1/2/3"] {
            assert!(shard(text).is_err(), "{text}");
        }
    }
}
