//! How wide what a person reads is: as wide as the terminal, in whole words.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;

use crate::workshop::{Outcome, ROUTINES, Workshop};

/// Runs the program for a terminal of so many columns; `None` for no terminal.
fn run(workshop: &Workshop, arguments: &[&str], columns: Option<usize>) -> Outcome {
    let mut command = workshop.command();
    columns.into_iter().for_each(|columns| _ = command.env("COLUMNS", columns.to_string()));
    Outcome::of(command.args(arguments).output().expect("the program starts"))
}

/// No line is wider, but for a word that is: a path has to stay whole.
#[track_caller]
fn assert_fits(text: &str, columns: usize, what: &str) {
    for line in text.lines() {
        assert!(line.width() <= columns || !line.trim().contains(' '), "{what} at {columns}: {line:?} in\n{text}");
    }
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

#[test]
fn every_page_fits_the_terminal_and_has_the_words_that_it_has_without_one() {
    let workshop = Workshop::new();
    let mut pages: Vec<Vec<&str>> = ROUTINES.iter().map(|routine| vec!["plan", *routine]).collect();
    pages.extend([vec!["plan", "gentle-back", "--guidance", "full", "--level", "5"], vec!["list"], vec!["config"]]);
    for page in pages {
        let unbroken = run(&workshop, &page, None).success();
        for columns in [40, 80] {
            let broken = run(&workshop, &page, Some(columns)).success();
            assert_fits(&broken, columns, &page.join(" "));
            assert!(words(&broken) == words(&unbroken), "{page:?} at {columns}:\n{broken}");
        }
    }
}

#[test]
fn where_there_is_no_terminal_no_line_is_broken() {
    let page = run(&Workshop::new(), &["plan", "morning"], None).success();
    let long =
        "                  If a few weeks bring no progress, ask your physician about changing your exercises.\n";
    assert!(page.contains(long), "{page}");
}

#[test]
fn a_mistake_fits_the_terminal_with_its_label_and_its_advice() {
    let workshop = Workshop::new();
    workshop.file(
        "bad.toml",
        "title = \"Bad\"\n[[steps]]\npose = \"cat-caw\"\n[[steps]]\npose = \"cat-cow\"\nhold = \"3m..9m\"\n",
    );
    for arguments in [&["check", "bad.toml"][..], &["plan", "morning", "--length", "3h"], &["plan", "no-such-routine"]]
    {
        let unbroken = run(&workshop, arguments, None).failure(1);
        for columns in [40, 80] {
            let broken = run(&workshop, arguments, Some(columns)).failure(1);
            assert_fits(&broken, columns, &arguments.join(" "));
            // A label that has no room stands below, as a note.
            let known: BTreeSet<_> = words(&unbroken).into_iter().chain(["note:"]).collect();
            let strange: Vec<_> = words(&broken).into_iter().filter(|word| !known.contains(word)).collect();
            assert!(strange.is_empty(), "{strange:?} in {broken}");
            let lost: Vec<_> = known.into_iter().filter(|word| *word != "note:" && !broken.contains(word)).collect();
            assert!(lost.is_empty(), "{lost:?} are not in {broken}");
        }
    }
    let broken = run(&workshop, &["check", "bad.toml"], Some(40)).failure(1);
    assert!(broken.contains("= note: nothing is held in it"), "{broken}");
    assert!(broken.contains("`rounds = 6`"), "what is to be copied stays whole: {broken}");
}

#[test]
fn what_is_built_in_is_not_pointed_at_as_a_file_but_can_be_copied() {
    let said = Workshop::new().run(["plan", "morning", "--length", "3h"]).failure(1);
    assert!(said.contains("--> built in: routines/morning.toml:"), "{said}");
    assert!(said.contains("`catcow new my-morning --like morning` makes a copy"), "{said}");
    assert!(!said.contains("raise the large end"), "nobody can: {said}");
    let workshop = Workshop::new();
    workshop.run(["new", "my-morning", "--like", "morning"]).success();
}

#[test]
fn the_list_tells_how_long_each_level_is_and_how_one_is_placed() {
    let workshop = Workshop::new();
    let page = workshop.run(["list"]).success();
    let after = page.split("  morning ").nth(1).expect("morning");
    let lengths = after.split_once("Levels 1 to 5: ").expect("levels").1.lines().next().expect("a line");
    let lengths: Vec<_> = lengths.split(", ").collect();
    for (level, length) in (1..).zip(&lengths) {
        let sheet = workshop.run(["plan", "morning", "--level", &format!("{level}")]).success();
        assert!(sheet.starts_with(&format!("Morning · {length} · ")), "level {level}: {length}, {sheet}");
    }
    assert_eq!(lengths.len(), 5);
    assert!(
        after.contains("\n                                On the back; on hands and knees; kneeling\n")
            || after.contains("On the back; on hands and knees; kneeling\n"),
        "{after}"
    );
}

#[test]
fn the_columns_of_the_log_stand_below_each_other_however_long_a_week_was() {
    let workshop = Workshop::new();
    let today = jiff::Zoned::now().date();
    let day = |weeks: i32| today.checked_sub(jiff::Span::new().days(7 * weeks)).expect("a day");
    let entry = |weeks, seconds: u32, pain| format!("{}T07:00:00\tmorning\t{seconds}\tfinished\t{pain}\n", day(weeks));
    let log =
        entry(30, 36_000 * 11, "7\t6") + &entry(3, 2_000, "6\t4") + &entry(1, 4_000, "-\t-") + &entry(0, 59, "3\t10");
    workshop.file("home/log.tsv", log);
    for columns in [40, 80] {
        let page = run(&workshop, &["log", "--weeks", "60"], Some(columns)).success();
        assert_fits(&page, columns, "log");
        let table: Vec<_> = page.lines().take_while(|line| !line.is_empty()).collect();
        assert!(table.len() == 33 && page.contains("110:00:00") && page.contains(" 33:20 "), "{page}");
        assert!(table.iter().all(|line| line.width() == table[0].width()), "{page}");
    }
}
