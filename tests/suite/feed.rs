//! `export --feed`: a folder that any player of podcasts can be given.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::catalogue::{class, classes};
use crate::workshop::Workshop;

const ADDRESS: &str = "https://example.org/yoga";

fn feed(workshop: &Workshop) -> String {
    fs::read_to_string(workshop.path("out/feed.xml")).unwrap()
}

/// The texts of all elements of a name.
fn texts(feed: &str, name: &str) -> Vec<String> {
    let read = roxmltree::Document::parse(feed).unwrap();
    let found = read.descendants().filter(|node| node.tag_name().name() == name);
    found.map(|node| node.text().unwrap_or_default().to_owned()).collect()
}

fn export(workshop: &Workshop, more: &[&str]) -> String {
    let arguments = ["export", "./classes", "-o", "out", "--lengths", "20s", "--feed", ADDRESS];
    workshop.run(arguments.iter().chain(more)).success()
}

#[test]
fn a_feed_tells_of_every_file_and_the_same_is_the_same_to_the_byte() {
    let workshop = classes();
    export(&workshop, &["--date", "2026-03-01", "--feed-title", "Anna's <classes> & more"]);
    let first = feed(&workshop);
    assert_eq!(texts(&first, "title")[..2], ["Anna's <classes> & more", "Monday (20 s)"]);
    assert_eq!(texts(&first, "pubDate"), ["Sun, 1 Mar 2026 00:00:00 +0000"; 2]);
    assert_eq!(texts(&first, "episode"), ["1", "2"]);
    assert_eq!(texts(&first, "duration"), ["0:20"; 2]);
    let read = roxmltree::Document::parse(&first).unwrap();
    let of = |name: &str| read.descendants().filter(|node| node.tag_name().name() == name).collect::<Vec<_>>();
    for (element, attribute) in [("enclosure", "url"), ("chapters", "url"), ("transcript", "url")] {
        let found = of(element);
        assert_eq!(found.len(), 2, "{element}");
        for node in found {
            let name = node.attribute(attribute).unwrap().strip_prefix("https://example.org/yoga/").unwrap();
            let bytes = fs::metadata(workshop.path("out").join(name)).unwrap().len();
            let length = node.attribute("length").map_or(bytes, |length| length.parse().unwrap());
            assert_eq!(length, bytes, "{name}");
        }
    }
    let chapters = fs::read(workshop.path("out/monday-20s-ada.chapters.json")).unwrap();
    let chapters: Value = serde_json::from_slice(&chapters).unwrap();
    assert_eq!((&chapters["version"], &chapters["chapters"][0]["startTime"]), (&"1.2.0".into(), &0.0.into()));
    export(&workshop, &["--date", "2026-03-01", "--feed-title", "Anna's <classes> & more"]);
    assert!(feed(&workshop) == first);
}

#[test]
fn a_class_that_changed_is_a_new_episode_and_one_that_is_encoded_otherwise_is_not() {
    let workshop = classes();
    export(&workshop, &["--date", "2026-03-01"]);
    let first = texts(&feed(&workshop), "guid");
    export(&workshop, &["--date", "2026-03-01", "--bitrate", "96k"]);
    assert_eq!(texts(&feed(&workshop), "guid"), first);
    workshop.file("classes/monday.toml", class("Monday", "safety/physician"));
    export(&workshop, &[]);
    let second = feed(&workshop);
    // What is new comes last.
    let titles = texts(&second, "title");
    assert_eq!((&titles[1][..], &titles[3][..]), ("Tuesday (20 s)", "Monday (20 s)"), "{titles:?}");
    let guids = texts(&second, "guid");
    assert!(guids[0] == first[1] && guids[1] != first[0], "{guids:?} {first:?}");
    // A class that is broken today is heard as it was.
    workshop.file("classes/monday.toml", "title = \"Monday\"\n[[steps]]\npose = \"cat-caw\"\n");
    let arguments = ["export", "./classes", "-o", "out", "--lengths", "20s", "--feed", ADDRESS];
    workshop.run(arguments).failure(1);
    assert_eq!(texts(&feed(&workshop), "guid"), guids);
}

#[test]
fn titles_are_text_whatever_stands_in_them() {
    let workshop = classes();
    let title = "]]></title>&amp; \\u202emus\\uffff مساء الخير".to_owned() + &" on".repeat(2000);
    workshop.file("classes/monday.toml", class(&title, "safety/stop"));
    export(&workshop, &[]);
    let titles = texts(&feed(&workshop), "title");
    let monday = titles.iter().find(|title| title.starts_with("]]></title>&amp;")).expect("as it was written");
    assert!(monday.contains("مساء الخير") && !monday.contains('\u{ffff}'), "{monday}");
}

#[test]
fn a_feed_and_pages_of_somebody_else_stay() {
    let workshop = classes();
    fs::create_dir_all(workshop.path("out")).unwrap();
    fs::write(workshop.path("out/feed.xml"), "<rss/>").unwrap();
    fs::write(workshop.path("out/monday-20s-ada.vtt"), "mine").unwrap();
    let arguments = ["export", "./classes", "-o", "out", "--lengths", "20s", "--feed", ADDRESS];
    let error = workshop.run(arguments).failure(3);
    assert!(error.contains("feed.xml"), "{error}");
    assert_eq!(feed(&workshop), "<rss/>");
    fs::remove_file(workshop.path("out/feed.xml")).unwrap();
    let error = workshop.run(arguments).failure(3);
    assert!(error.contains("monday-20s-ada.vtt"), "{error}");
    assert_eq!(fs::read(workshop.path("out/monday-20s-ada.vtt")).unwrap(), b"mine");
    assert_eq!(texts(&feed(&workshop), "guid").len(), 1);
}

/// A server of files that ends with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Serves a folder; the address.
fn serve(workshop: &Workshop, folder: &str) -> (Server, String) {
    let mut command = Command::new("/usr/bin/python3");
    command.args(["-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]).current_dir(workshop.path(folder));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("python3 is not installed");
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.split_once('(').and_then(|(_, rest)| rest.split_once(')')).expect("an address").0.to_owned();
    (Server(child), address)
}

/// Reads a feed as players do, by another program.
const READ: &str = "
import feedparser, json, sys
feed = feedparser.parse(sys.argv[1])
assert not feed.bozo, feed.bozo_exception
items = [{'title': e.title, 'id': e.id, 'url': e.enclosures[0].href, 'length': int(e.enclosures[0].length),
          'type': e.enclosures[0].type, 'day': list(e.published_parsed[:3]), 'duration': e.itunes_duration} for e in feed.entries]
print(json.dumps({'version': feed.version, 'title': feed.feed.title, 'author': feed.feed.author, 'items': items}))
";

#[test]
#[ignore = "needs python3 with feedparser, and ffprobe; tests/run.sh installs them"]
fn a_player_reads_the_feed_and_plays_what_it_names() {
    let workshop = classes();
    workshop.file("classes/größe & co.toml", class("Größe & <co>", "safety/stop"));
    fs::create_dir_all(workshop.path("out")).unwrap();
    let (_server, address) = serve(&workshop, "out");
    let arguments =
        ["export", "./classes", "-o", "out", "--lengths", "20s", "--date", "2026-03-01", "--feed", &address];
    workshop.run(arguments.iter().chain(&["--feed-author", "Anna"])).success();
    let mut command = Command::new("/usr/bin/python3");
    let output = command.args(["-c", READ, &format!("{address}feed.xml")]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&read["version"], &read["author"]), (&"rss20".into(), &"Anna".into()));
    let items = read["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    assert_eq!(items[0]["title"], "Größe & <co> (20 s)");
    assert_eq!(items[2]["title"], "Tuesday (20 s)");
    for item in items {
        assert_eq!((&item["day"], &item["type"]), (&serde_json::json!([2026, 3, 1]), &"audio/mp4".into()));
        let mut command = Command::new("ffprobe");
        command.args(["-v", "error", "-show_entries", "format=duration,size", "-of", "json"]);
        let output = command.arg(item["url"].as_str().unwrap()).output().expect("ffprobe is not installed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let heard: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(heard["format"]["size"].as_str().unwrap(), item["length"].to_string());
        let seconds: f64 = heard["format"]["duration"].as_str().unwrap().parse().unwrap();
        assert!((seconds - 20.0).abs() < 0.05, "{seconds}");
    }
}
