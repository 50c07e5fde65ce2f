//! The page to print: a line a pose, whole and apart on whatever paper, whatever the names are.

use std::fs;
use std::process::Command;

use roxmltree::Document;
use serde_json::Value;

use crate::workshop::Workshop;

/// The page of a routine as a document; its first line is HTML's own.
fn page(workshop: &Workshop, arguments: &[&str]) -> String {
    let text = workshop.run([&["plan"], arguments, &["--print", "-"]].concat()).success();
    text.strip_prefix("<!DOCTYPE html>\n").expect("HTML").to_owned()
}

/// The words of every element of a class, without those in elements inside it.
fn texts(document: &Document<'_>, class: &str) -> Vec<String> {
    let of_class =
        document.descendants().filter(|node| node.attribute("class") == Some(class) && node.tag_name().name() == "td");
    of_class.map(|node| node.text().unwrap_or_default().to_owned()).collect()
}

/// A class of sixty poses, with names that no browser may take for anything but names.
fn class() -> String {
    let names = [
        "<b>One</b> & \\\"two\\\" <script>alert(1)</script>",
        "نفس عميق طويل",
        "Anextraordinarilylongnameofabreathingexercisewithoutanyspacesinit",
        "猫と牛の呼吸をゆっくりと",
    ];
    let poses =
        ["cat-cow", "childs-pose", "supine-twist", "bridge", "downward-dog", "prone-leg-extensions", "hip-rotations"];
    let mut text = "title = \"Friday's <script>alert(\\\"x\\\")</script> & class שיעור\"\n[[steps]]\nsay = [\"safety/physician\", \"safety/stop\"]\n".to_owned();
    for number in 0..60 {
        text += &match number % 15 {
            7 => format!("[[steps]]\nbreathe = \"4-6\"\nfor = \"1m\"\nname = \"{}\"\n", names[number / 15]),
            _ => format!("[[steps]]\npose = \"{}\"\n", poses[number % 7]),
        };
    }
    text
}

#[test]
fn every_pose_has_a_line_with_its_number_its_name_and_how_long_it_is_done() {
    let workshop = Workshop::new();
    for routine in ["strong-back", "morning", "desk-break", "breathing"] {
        let text = page(&workshop, &[routine]);
        let document = Document::parse(&text).expect("well-formed");
        let plan: Value = serde_json::from_str(&workshop.run(["plan", routine, "--json"]).success()).expect("JSON");
        let practised = |title: &str| !["Opening", "Closing"].contains(&title);
        let chapters = plan["chapters"].as_array().expect("a list").iter().filter_map(|each| each["title"].as_str());
        let chapters: Vec<_> = chapters.filter(|title| practised(title)).collect();
        assert_eq!(texts(&document, "name"), chapters, "{routine}");
        let numbers: Vec<_> = (1..=chapters.len()).map(|number| number.to_string()).collect();
        assert_eq!(texts(&document, "number"), numbers, "{routine}");
        assert!(texts(&document, "dose").iter().all(|dose| !dose.is_empty()), "{routine}: {text}");
    }
    workshop.file("breath.toml", "title = \"Breath\"\n[[steps]]\nbreathe = \"4-6\"\nfor = \"1m\"\n");
    assert!(page(&workshop, &["breath.toml"]).contains(">6 breaths<"), "six of ten seconds each");
    let text = page(&workshop, &["strong-back", "--level", "3"]);
    for words in [
        "6 breaths",
        "<span class=\"hint\">on hands and knees</span>",
        "each: right, left",
        "You need: ",
        "stop at once",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn no_name_of_an_author_is_markup_on_the_page() {
    let workshop = Workshop::new();
    workshop.file("class.toml", class());
    let text = page(&workshop, &["class.toml", "--missing", "bell"]);
    let document = Document::parse(&text).expect("well-formed");
    assert!(document.descendants().all(|node| !["script", "b"].contains(&node.tag_name().name())), "{text}");
    let names = texts(&document, "name");
    assert_eq!(names.len(), 60);
    assert!(names.iter().any(|name| name == "<b>One</b> & \"two\" <script>alert(1)</script>"), "{names:?}");
    assert!(!text.contains("<link") && !text.contains("http:") && !text.contains("url("), "it asks for nothing else");
}

#[test]
fn the_paper_is_chosen_and_belongs_to_the_page() {
    let workshop = Workshop::new();
    assert!(page(&workshop, &["morning"]).contains("@page { size: A4;"));
    assert!(page(&workshop, &["morning", "--paper", "letter"]).contains("@page { size: letter;"));
    workshop.run(["plan", "morning", "--paper", "letter"]).failure(2);
    workshop.run(["plan", "morning", "--print", "-", "--paper", "a3"]).failure(2);
    workshop.file("old.html", "old");
    workshop.run(["plan", "no-such-routine", "--print", "old.html"]).failure(1);
    assert_eq!(fs::read_to_string(workshop.path("old.html")).expect("there"), "old");
}

/// A word on a page: left, top, right, bottom, in points.
type Word = ([f64; 4], String);

/// The pages of a document as an independent program reads them: size, and words with their boxes.
fn pages(text: &str) -> Vec<([f64; 2], Vec<Word>)> {
    let number = |line: &str, name: &str| {
        let rest = line.split_once(&format!("{name}=\"")).expect("an attribute").1;
        rest.split('"').next().expect("a value").parse::<f64>().expect("a number")
    };
    let mut pages = Vec::new();
    for line in text.lines() {
        if line.contains("<page ") {
            pages.push(([number(line, "width"), number(line, "height")], Vec::new()));
        } else if line.contains("<word ") {
            let edges = ["xMin", "yMin", "xMax", "yMax"].map(|name| number(line, name));
            let word = line.split_once('>').expect("a word").1.split("</word>").next().expect("its end");
            pages.last_mut().expect("a page").1.push((edges, word.to_owned()));
        }
    }
    pages
}

#[test]
#[ignore = "needs weasyprint and pdftotext (poppler-utils); tests/run.sh installs them"]
fn printed_by_another_program_nothing_is_cut_nor_overlaps() {
    let workshop = Workshop::new();
    workshop.file("class.toml", class());
    let run = |program: &str, arguments: &[&str]| {
        let done = Command::new(program).args(arguments).current_dir(workshop.path("")).output().expect(program);
        assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
    };
    for (paper, size) in [("a4", [595.3, 841.9]), ("letter", [612.0, 792.0])] {
        for routine in ["strong-back", "morning", "evening", "class.toml"] {
            workshop.run(["plan", routine, "--missing", "bell", "--print", "page.html", "--paper", paper]).success();
            run("weasyprint", &["page.html", "page.pdf"]);
            run("pdftotext", &["-bbox", "page.pdf", "page.txt"]);
            let pages = pages(&fs::read_to_string(workshop.path("page.txt")).expect("boxes"));
            assert!(
                if routine == "class.toml" { pages.len() > 3 } else { pages.len() <= 2 },
                "{routine}: {}",
                pages.len()
            );
            for (found, words) in &pages {
                assert!((found[0] - size[0]).abs() < 0.1 && (found[1] - size[1]).abs() < 0.1, "{found:?}");
                for (index, (edges, word)) in words.iter().enumerate() {
                    // 12 mm of margin are 34 points; what is said of a letter's height reaches past its line by a little.
                    let inside = edges[0] >= 33.9
                        && edges[2] <= size[0] - 33.9
                        && edges[1] >= 30.0
                        && edges[3] <= size[1] - 30.0;
                    assert!(inside, "{routine} on {paper}: {word} {edges:?}");
                    for (other, second) in &words[..index] {
                        let wide = edges[2].min(other[2]) - edges[0].max(other[0]);
                        // Boxes are as high as the tallest letter of a font, so that those of two lines touch.
                        let high = (edges[3].min(other[3]) - edges[1].max(other[1]))
                            / (other[3] - other[1]).min(edges[3] - edges[1]);
                        assert!(
                            wide <= 0.5 || high <= 0.35,
                            "{routine} on {paper}: {word} is on {second}, {edges:?} {other:?}"
                        );
                    }
                }
                let tall = words.iter().filter(|(edges, _)| edges[3] - edges[1] >= 24.0).count();
                assert!(tall >= 3 || words.len() < 60, "letters to be read from two metres: {tall}");
            }
        }
    }
}
