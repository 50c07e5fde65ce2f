//! What a client takes, and what it has already: `Accept-Encoding` and `If-None-Match` of RFC 9110.

/// Whether a client takes gzip, by all of its `Accept-Encoding`.
pub fn accepts_gzip<'h>(values: impl Iterator<Item = &'h [u8]>) -> bool {
    let (mut named, mut any) = (None, None);
    for part in values.filter_map(|value| std::str::from_utf8(value).ok()).flat_map(|value| value.split(',')) {
        let mut words = part.split(';').map(str::trim);
        let coding = words.next().unwrap_or_default();
        let wanted = !words.any(is_zero);
        match coding {
            _ if coding.eq_ignore_ascii_case("gzip") || coding.eq_ignore_ascii_case("x-gzip") => named = Some(wanted),
            "*" => any = Some(wanted),
            _ => {}
        }
    }
    named.or(any).unwrap_or(false)
}

/// Whether a weight is nothing: `q=0`, `q=0.000`.
fn is_zero(word: &str) -> bool {
    let weight = word.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
    weight.is_some_and(|(_, weight)| weight.trim().parse::<f32>().is_ok_and(|weight| weight <= 0.0))
}

/// Whether a tag is among those of `If-None-Match`, weak ones too, or any will do.
pub fn is_named<'h>(tag: &str, values: impl Iterator<Item = &'h [u8]>) -> bool {
    let mut all = values.filter_map(|value| std::str::from_utf8(value).ok()).flat_map(|value| value.split(','));
    // No tag of the table has a comma in it.
    all.any(|each| {
        let each = each.trim();
        each == "*" || each.strip_prefix("W/").unwrap_or(each) == tag
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes<'t>(values: &'t [&'t str]) -> impl Iterator<Item = &'t [u8]> {
        values.iter().map(|value| value.as_bytes())
    }

    #[test]
    fn gzip_is_sent_to_who_takes_it_and_to_nobody_else() {
        for yes in [&["gzip"][..], &["gzip, deflate, br"], &["br", "GZip;q=0.5"], &["*"], &["*;q=0, gzip"]] {
            assert!(accepts_gzip(bytes(yes)), "{yes:?}");
        }
        let no =
            [&[][..], &[""], &["br"], &["gzip;q=0"], &["gzip; q=0.000"], &["*;q=0"], &["*, gzip;q=0"], &["identity"]];
        for no in no {
            assert!(!accepts_gzip(bytes(no)), "{no:?}");
        }
        assert!(!accepts_gzip([&b"\xff"[..]].into_iter()));
    }

    #[test]
    fn a_tag_is_known_among_others() {
        for yes in [&["\"a\""][..], &["W/\"a\""], &["\"b\", \"a\""], &["\"b\"", "\"a\""], &["*"]] {
            assert!(is_named("\"a\"", bytes(yes)), "{yes:?}");
        }
        for no in [&[][..], &["a"], &["\"b\""], &["\"ab\""], &["\"a"]] {
            assert!(!is_named("\"a\"", bytes(no)), "{no:?}");
        }
    }
}
