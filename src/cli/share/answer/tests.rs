use super::*;

const TOKEN: &str = "0123456789abcdefghjk";
const HOST: (&str, &[u8]) = ("host", b"192.0.2.7:2287");

fn table() -> Table {
    Table::new([
        ("index.html".to_owned(), "text/html", b"<!doctype html>".to_vec().into()),
        ("page.js".to_owned(), "text/javascript", "let x = 1;\n".repeat(1000).into_bytes().into()),
        ("files/own routines/größe.toml".to_owned(), "text/plain; charset=utf-8", b"title".to_vec().into()),
        ("files/in.opus".to_owned(), "audio/ogg", (0..=255).collect::<Vec<u8>>().into()),
    ])
}

fn ask(method: &str, path: &str, headers: &[(&str, &[u8])]) -> Answer {
    let door = Door { token: TOKEN.into(), hosts: vec!["192.0.2.7:2287".into()] };
    answer(&table(), &door, &Question { method, authority: None, path, headers })
}

fn get(path: &str, headers: &[(&str, &[u8])]) -> Answer {
    ask("GET", &format!("/{TOKEN}/{path}"), &[&[HOST], headers].concat())
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.iter().find(|(other, _)| *other == name).map(|(_, value)| &**value)
}

#[test]
fn every_answer_forbids_what_no_page_of_ours_needs() {
    for answer in
        [get("", &[]), get("nothing", &[]), ask("GET", "/", &[HOST]), ask("PUT", "/x", &[]), get("../..", &[])]
    {
        assert!(ALWAYS.iter().all(|(name, value)| header(&answer, name) == Some(&**value)));
    }
    assert!(POLICY.contains("script-src 'self' 'wasm-unsafe-eval';") && POLICY.contains("frame-ancestors 'none'"));
}

#[test]
fn without_the_token_there_is_nothing_and_no_sign_that_there_is_more() {
    let missing = format!("{:?}", Answer { knows: false, ..get("missing.html", &[]) });
    let wrong = TOKEN.replace('k', "m");
    for path in [
        "",
        "/",
        "/index.html",
        "//",
        "*",
        "index.html",
        "/0123456789abcdefghj/",
        "/0123456789abcdefghjkk/",
        "/0123456789ABCDEFGHJK/",
        &format!("/{wrong}/"),
        &format!("/{wrong}/index.html"),
        &format!("//{TOKEN}/index.html"),
        &format!("/x/{TOKEN}/"),
        "/%30123456789abcdefghjk/",
    ] {
        assert_eq!(format!("{:?}", ask("GET", path, &[HOST])), missing, "{path}");
        assert_eq!(ask("POST", path, &[HOST]).status, 404, "{path}");
    }
}

#[test]
fn who_means_another_machine_gets_nothing_even_with_the_token() {
    let path = format!("/{TOKEN}/");
    for headers in [
        &[][..],
        &[("host", &b"evil.example:2287"[..])],
        &[("host", b"192.0.2.7")],
        &[HOST, HOST],
        &[("host", b"\xff")],
    ] {
        assert_eq!(ask("GET", &path, headers).status, 421, "{headers:?}");
    }
    let door = Door { token: TOKEN.into(), hosts: vec!["192.0.2.7:2287".into()] };
    let absolute = |authority| Question { method: "GET", authority: Some(authority), path: &path, headers: &[HOST] };
    assert_eq!(answer(&table(), &door, &absolute("evil.example")).status, 421);
    assert_eq!(answer(&table(), &door, &absolute("user@192.0.2.7:2287")).status, 421);
    assert_eq!(answer(&table(), &door, &absolute("192.0.2.7:2287")).status, 200);
}

#[test]
fn a_path_is_a_name_of_the_table_and_nothing_else() {
    assert_eq!(&*get("", &[]).body, b"<!doctype html>");
    assert_eq!(&*get("index.html?from=home#x", &[]).body, b"<!doctype html>");
    assert_eq!(&*get("files/own%20routines/gr%C3%B6%c3%9fe.toml", &[]).body, b"title");
    for path in [
        "..",
        "../../etc/passwd",
        "%2e%2e/%2e%2e/etc/passwd",
        "files",
        "files/",
        "/index.html",
        "./index.html",
        "index.html/",
        "%00",
        "%",
        "%zz",
        "%ff%fe",
        "Index.html",
        "index.html%00",
    ] {
        assert_eq!(get(path, &[]).status, 404, "{path}");
    }
    let door = ask("GET", &format!("/{TOKEN}"), &[HOST]);
    assert_eq!((door.status, header(&door, "location")), (308, Some(&*format!("/{TOKEN}/"))));
}

#[test]
fn only_get_and_head_are_answered_and_a_head_is_that_of_get() {
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "X"] {
        let answer = ask(method, &format!("/{TOKEN}/index.html"), &[HOST]);
        assert_eq!((answer.status, header(&answer, "allow")), (405, Some("GET, HEAD")), "{method}");
    }
    for path in ["", "page.js", "files/in.opus", "missing"] {
        let (head, got) = (ask("HEAD", &format!("/{TOKEN}/{path}"), &[HOST]), get(path, &[]));
        assert_eq!((head.status, &head.headers), (got.status, &got.headers), "{path}");
        assert!(head.body.is_empty() && !got.body.is_empty());
    }
    assert!(get("", &[]).opens && !ask("HEAD", &format!("/{TOKEN}/"), &[HOST]).opens && !get("page.js", &[]).opens);
}

#[test]
fn a_part_of_a_file_is_that_part() {
    let part = get("files/in.opus", &[("range", b"bytes=10-19")]);
    assert_eq!((part.status, &*part.body), (206, &(10..20).collect::<Vec<u8>>()[..]));
    assert_eq!(header(&part, "content-range"), Some("bytes 10-19/256"));
    assert_eq!(header(&part, "content-length"), Some("10"));
    let beyond = get("files/in.opus", &[("range", b"bytes=256-")]);
    assert_eq!((beyond.status, header(&beyond, "content-range")), (416, Some("bytes */256")));
    // Of a file that is another by now, the whole of it.
    let tag = header(&part, "etag").unwrap().to_owned();
    assert_eq!(get("files/in.opus", &[("range", b"bytes=1-2"), ("if-range", tag.as_bytes())]).status, 206);
    assert_eq!(get("files/in.opus", &[("range", b"bytes=1-2"), ("if-range", b"\"other\"")]).status, 200);
    // A place in a compressed file would be no place of the file.
    let plain = get("page.js", &[("range", b"bytes=0-2"), ("accept-encoding", b"gzip")]);
    assert_eq!((plain.status, &*plain.body, header(&plain, "content-encoding")), (206, &b"let"[..], None));
}

#[test]
fn what_compresses_goes_compressed_and_what_a_client_has_is_not_sent_again() {
    let (plain, small) = (get("page.js", &[]), get("page.js", &[("accept-encoding", b"gzip")]));
    assert_eq!((plain.body.len(), header(&plain, "content-encoding")), (11_000, None));
    assert_eq!(header(&small, "content-encoding"), Some("gzip"));
    let mut read = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&small.body[..]), &mut read).unwrap();
    assert_eq!(read, "let x = 1;\n".repeat(1000));
    assert_eq!(header(&small, "content-length"), Some(&*small.body.len().to_string()));
    for (each, accepts) in [(&plain, &b""[..]), (&small, b"gzip")] {
        assert_eq!((header(each, "vary"), header(each, "cache-control")), (Some("accept-encoding"), Some("no-cache")));
        assert_eq!(header(each, "content-type"), Some("text/javascript; charset=utf-8"));
        let tag = header(each, "etag").unwrap().as_bytes();
        let again = get("page.js", &[("accept-encoding", accepts), ("if-none-match", tag)]);
        assert_eq!((again.status, again.body.len()), (304, 0));
    }
    assert_ne!(header(&plain, "etag"), header(&small, "etag"), "each form has a tag of its own");
    assert_eq!(header(&get("files/in.opus", &[("accept-encoding", b"gzip")]), "content-encoding"), None);
}
