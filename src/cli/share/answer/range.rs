//! Which bytes of a file are wanted: `Range` of RFC 9110, one range.

/// The first byte and the last, both of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub first: usize,
    pub last: usize,
}

/// What a range asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All of it: also where several ranges are asked for, or nothing that is one. The standard lets a server do so.
    Whole,
    Part(Range),
    /// Nothing of the file is in it.
    Beyond,
}

/// What is wanted of a file of so many bytes.
pub fn wanted(text: &str, total: usize) -> Wanted {
    let Some((unit, range)) = text.split_once('=') else { return Wanted::Whole };
    let Some((first, last)) = range.trim().split_once('-') else { return Wanted::Whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Wanted::Whole;
    }
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => part(first, last, total),
        (Some(first), None) if last.is_empty() => part(first, usize::MAX, total),
        (None, Some(0)) if first.is_empty() => Wanted::Beyond,
        (None, Some(count)) if first.is_empty() => part(total.saturating_sub(count), usize::MAX, total),
        _ => Wanted::Whole,
    }
}

fn part(first: usize, last: usize, total: usize) -> Wanted {
    match total.checked_sub(1) {
        Some(end) if first <= end => Wanted::Part(Range { first, last: last.min(end) }),
        _ => Wanted::Beyond,
    }
}

/// Digits alone; more of them than a number holds are past the end of any file.
fn number(digits: &str) -> Option<usize> {
    let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| digits.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_answered_and_what_is_none_is_the_whole() {
        let part = |first, last| Wanted::Part(Range { first, last });
        for (text, expected) in [
            ("bytes=0-0", part(0, 0)),
            ("bytes=0-1", part(0, 1)),
            ("Bytes = 2-", part(2, 9)),
            ("bytes=3-99", part(3, 9)),
            ("bytes=0-99999999999999999999999999", part(0, 9)),
            ("bytes=-4", part(6, 9)),
            ("bytes=-99", part(0, 9)),
            ("bytes=10-", Wanted::Beyond),
            ("bytes=99999999999999999999999999-", Wanted::Beyond),
            ("bytes=-0", Wanted::Beyond),
            ("bytes=5-2", Wanted::Whole),
            ("bytes=0-1,3-4", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("lines=1-2", Wanted::Whole),
            ("", Wanted::Whole),
        ] {
            assert_eq!(wanted(text, 10), expected, "{text}");
        }
        assert_eq!((wanted("bytes=0-", 0), wanted("bytes=-1", 0)), (Wanted::Beyond, Wanted::Beyond));
    }
}
