//! A feed of podcasts: RSS 2.0, with what Apple's and other players (iTunes and Podcasting 2.0 namespaces) want to know.

use std::io;
use std::time::Duration;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::one_line;
use crate::frames::clock;
use crate::sink::file::about::About;
use crate::sink::file::catalogue::Record;

/// The name of the feed's file.
pub const FILE: &str = "feed.xml";

/// What is told of all episodes together.
#[derive(Clone, Debug, Default)]
pub struct Channel {
    /// What it is called.
    pub title: String,
    /// Who makes it.
    pub author: String,
    /// What it is, in a line.
    pub description: String,
    /// The language of what is said, as a tag such as `en-US`; empty where that is not known.
    pub language: String,
    /// The address of the folder that the files are served from; it ends in a slash.
    pub address: String,
    /// The name of a picture in that folder.
    pub image: Option<String>,
}

/// One session.
#[derive(Clone, Debug)]
pub struct Episode {
    /// What it is called among the others.
    pub title: String,
    /// What is known of its file.
    pub record: Record,
    /// When it was made, as mail and RSS have it (RFC 2822).
    pub published: String,
}

/// The namespaces.
const NAMESPACES: [(&str, &str); 3] = [
    ("xmlns:itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
    ("xmlns:podcast", "https://podcastindex.org/namespace/1.0"),
    ("xmlns:atom", "http://www.w3.org/2005/Atom"),
];

/// Media types (RFC 2046) by the endings of names.
const TYPES: [(&str, &str); 9] = [
    ("m4a", "audio/mp4"),
    ("m4b", "audio/mp4"),
    ("mp3", "audio/mpeg"),
    ("opus", "audio/ogg"),
    ("ogg", "audio/ogg"),
    ("oga", "audio/ogg"),
    ("flac", "audio/flac"),
    ("wav", "audio/wav"),
    ("aac", "audio/aac"),
];

type Xml = Writer<Vec<u8>>;

/// The whole feed, the episodes in the order in which they are to be heard.
pub fn text(channel: &Channel, episodes: &[Episode]) -> String {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    // Memory takes all that is written to it.
    let _ = write(&mut xml, channel, episodes);
    String::from_utf8(xml.into_inner()).unwrap_or_default() + "\n"
}

fn write(xml: &mut Xml, channel: &Channel, episodes: &[Episode]) -> io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = xml.create_element("rss").with_attribute(("version", "2.0")).with_attributes(NAMESPACES);
    root.write_inner_content(|xml| {
        xml.create_element("channel").write_inner_content(|xml| {
            about(xml, channel)?;
            episodes.iter().enumerate().try_for_each(|(index, each)| episode(xml, channel, index + 1, each))
        })?;
        Ok(())
    })?;
    Ok(())
}

fn about(xml: &mut Xml, channel: &Channel) -> io::Result<()> {
    let own_address = address(channel, FILE);
    element(xml, "title", &channel.title)?;
    element(xml, "link", &channel.address)?;
    element(xml, "description", &channel.description)?;
    if !channel.language.is_empty() {
        element(xml, "language", &channel.language)?;
    }
    element(xml, "generator", About::TOOL)?;
    let own = [("href", own_address.as_str()), ("rel", "self"), ("type", "application/rss+xml")];
    xml.create_element("atom:link").with_attributes(own).write_empty()?;
    element(xml, "itunes:author", &channel.author)?;
    // One class leads to the next, and none is out of date.
    element(xml, "itunes:type", "serial")?;
    element(xml, "itunes:explicit", "false")?;
    xml.create_element("itunes:category").with_attribute(("text", "Health & Fitness")).write_inner_content(|xml| {
        xml.create_element("itunes:category").with_attribute(("text", "Fitness")).write_empty()?;
        Ok(())
    })?;
    channel.image.as_ref().map_or(Ok(()), |name| image(xml, &address(channel, name)))
}

fn episode(xml: &mut Xml, channel: &Channel, number: usize, episode: &Episode) -> io::Result<()> {
    let Episode { title, record, published } = episode;
    let (sound, bytes) = (address(channel, &record.file), record.bytes.to_string());
    xml.create_element("item").write_inner_content(|xml| {
        element(xml, "title", title)?;
        element(xml, "description", if record.summary.is_empty() { title } else { &record.summary })?;
        xml.create_element("guid")
            .with_attribute(("isPermaLink", "false"))
            .write_text_content(BytesText::new(&guid(record)))?;
        element(xml, "pubDate", published)?;
        let enclosure = [("url", sound.as_str()), ("length", &bytes), ("type", media_type(&record.file))];
        xml.create_element("enclosure").with_attributes(enclosure).write_empty()?;
        element(xml, "itunes:title", title)?;
        element(xml, "itunes:author", &record.voice)?;
        element(xml, "itunes:duration", &clock(Duration::from_secs_f64(record.seconds.clamp(0.0, 1e9))))?;
        element(xml, "itunes:episode", &number.to_string())?;
        element(xml, "itunes:explicit", "false")?;
        if let Some(name) = &record.cover {
            image(xml, &address(channel, name))?;
        }
        if let Some(name) = &record.chapters {
            let chapters = address(channel, name);
            let link = [("url", chapters.as_str()), ("type", "application/json+chapters")];
            xml.create_element("podcast:chapters").with_attributes(link).write_empty()?;
        }
        if let Some(name) = &record.transcript {
            let words = address(channel, name);
            let language = Some(("language", record.language.as_str())).filter(|_| !record.language.is_empty());
            let link = [("url", words.as_str()), ("type", "text/vtt"), ("rel", "captions")];
            let element = xml.create_element("podcast:transcript").with_attributes(link);
            element.with_attributes(language).write_empty()?;
        }
        Ok(())
    })?;
    Ok(())
}

/// What players know an episode by: what is heard in it. A class that was changed is a new one to them; one that is encoded otherwise
/// is not.
fn guid(record: &Record) -> String {
    format!("catcow:{}", record.session)
}

fn image(xml: &mut Xml, address: &str) -> io::Result<()> {
    xml.create_element("itunes:image").with_attribute(("href", address)).write_empty()?;
    Ok(())
}

/// An element that holds a text.
fn element(xml: &mut Xml, name: &str, text: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(&plain(text)))?;
    Ok(())
}

/// A text on one line, without what XML 1.0 (section 2.2) does not have.
fn plain(text: &str) -> String {
    one_line(&text.replace(['\u{fffe}', '\u{ffff}'], ""))
}

fn media_type(name: &str) -> &'static str {
    let ending = name.rsplit('.').next().unwrap_or_default();
    TYPES.iter().find(|(known, _)| *known == ending).map_or("application/octet-stream", |(_, media)| media)
}

/// The address of a file: in its name, all that is not unreserved (RFC 3986, section 2.3) stands as `%` and its bytes.
fn address(channel: &Channel, name: &str) -> String {
    let mut address = channel.address.clone();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address += &format!("%{byte:02X}");
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_text_and_addresses_are_whole() {
        let record = Record {
            file: "größe & co.m4a".into(),
            title: String::new(),
            summary: "A <b>bold</b> class\u{1}\u{ffff} & more".into(),
            routine: "own".into(),
            voice: "Ada".into(),
            language: "en-US".into(),
            seconds: 3723.4,
            date: "2026-03-01".into(),
            session: "ab".into(),
            key: String::new(),
            bytes: 12,
            sha256: String::new(),
            chapters: Some("a.chapters.json".into()),
            transcript: Some("a.vtt".into()),
            cover: None,
        };
        let title = "]]></title><script>\"مساء\"\n".to_owned();
        let channel =
            Channel { title: "A & B".into(), address: "https://example.org/y/?a=1&b=/".into(), ..Channel::default() };
        let episode = Episode { title, record, published: "Sun, 01 Mar 2026 00:00:00 +0000".into() };
        let text = text(&channel, &[episode]);
        let read = roxmltree::Document::parse(&text).unwrap();
        let of = |name: &str| read.descendants().filter(|node| node.tag_name().name() == name).collect::<Vec<_>>();
        assert_eq!(of("item")[0].first_element_child().unwrap().text(), Some("]]></title><script>\"مساء\""));
        assert_eq!(of("description")[1].text(), Some("A <b>bold</b> class & more"));
        let url = of("enclosure")[0].attribute("url");
        assert_eq!(url, Some("https://example.org/y/?a=1&b=/gr%C3%B6%C3%9Fe%20%26%20co.m4a"));
        assert_eq!(of("duration")[0].text(), Some("1:02:03"));
    }
}
