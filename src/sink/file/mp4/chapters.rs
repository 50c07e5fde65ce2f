//! Chapters in an MP4, twice: as a track of text (Apple's players), and as a list (of Nero, which the others read).

use super::boxes::{Bytes, MATRIX, boxed, cut, full, line, versioned, words};
use super::track::{Sampled, Samples};

/// The first frame of a chapter, and its title.
pub type Chapter<'a> = (u32, &'a str);

/// What a list holds at most: its count has one byte, and so has the length of a title.
const MOST_LISTED: usize = 255;

/// Units of time in a list: 100 ns.
const LIST_HZ: u64 = 10_000_000;

/// The titles as a track of text has them, one after the other; where none is given, a space, because a title without a
/// letter ends the track for some players.
pub fn titles(chapters: &[Chapter<'_>]) -> Vec<Bytes> {
    let title = |title: &str| {
        let title = line(title);
        let title = if title.is_empty() { " " } else { cut(&title, usize::from(u16::MAX)) };
        // That it is UTF-8 stands behind it.
        [&(title.len() as u16).to_be_bytes()[..], title.as_bytes(), &boxed(*b"encd", words(&[0x100]))].concat()
    };
    chapters.iter().map(|chapter| title(chapter.1)).collect()
}

/// The tables of the track of text, whose titles stand from a place in the file on: what follows the header of its media.
pub fn track(chapters: &[Chapter<'_>], titles: &[Bytes], frames: u32, at: u32) -> Sampled {
    let ends = chapters.iter().skip(1).map(|(start, _)| *start).chain([frames]);
    let runs: Vec<u32> = chapters.iter().zip(ends).flat_map(|((start, _), end)| [1, end - start]).collect();
    let sizes: Vec<u32> = titles.iter().map(|title| title.len() as u32).collect();
    // Text without a style: flags, justification, colour, box, font, all of them 0, and no name of a font.
    let description = boxed(*b"text", [vec![0; 6], vec![0, 1], vec![0; 44]].concat());
    let general = full(*b"gmin", 0, [&[0, 0x40][..], &[0x80, 0, 0x80, 0, 0x80, 0], &[0; 4]].concat());
    Sampled {
        kind: *b"text",
        header: boxed(*b"gmhd", [general, boxed(*b"text", words(&MATRIX))].concat()),
        tables: Samples { sizes: &sizes, runs: &runs, chunk: 1, at }.tables(description, &[]),
    }
}

/// The list.
pub fn list(chapters: &[Chapter<'_>], rate: u32) -> Bytes {
    let listed = &chapters[..chapters.len().min(MOST_LISTED)];
    let mut list = vec![0, 0, 0, 0, listed.len() as u8];
    for (start, title) in listed {
        let (at, title) = (u64::from(*start) * LIST_HZ / u64::from(rate), line(title));
        let title = cut(&title, MOST_LISTED);
        list.extend(at.to_be_bytes());
        list.push(title.len() as u8);
        list.extend(title.as_bytes());
    }
    versioned(*b"chpl", 1, 0, list)
}

/// What says which track holds the chapters.
pub fn reference(track: u32) -> Bytes {
    boxed(*b"tref", boxed(*b"chap", words(&[track])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_takes_what_its_bytes_can_count_and_cuts_between_letters() {
        let long = "م".repeat(5_000);
        let chapters: Vec<Chapter<'_>> = (0..300).map(|start| (start, long.as_str())).collect();
        let list = list(&chapters, 48_000);
        assert_eq!((list[16], list[25]), (255, 254));
        assert_eq!(list.len(), 17 + 255 * (8 + 1 + 254));
        assert_eq!(titles(&chapters[..1])[0].len(), 2 + 10_000 + 12);
    }
}
