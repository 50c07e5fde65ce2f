//! A plan for weeks: what it asks of five kinds of people in half a year, and what the program makes of a log.

use std::fmt::Write;
use std::process::Command;
use std::time::Duration;

use catcow::load::Library;
use catcow::load::language::file_keys;
use catcow::load::language::programme::{Extent, Programme};
use catcow::programme::{self, Day, Due, Entry, Next, Pain};

use crate::sound_server::{SoundServer, wait_until};
use crate::trial::Player;
use crate::workshop::{Workshop, golden};

/// A person who follows a programme: whether they practise on a day that something is due, and what comes of it.
struct Person {
    name: &'static str,
    about: &'static str,
    /// Whether they practise on this day, from 0, the number of sessions so far told.
    practises: fn(day: i32) -> bool,
    /// Whether they come to the end of the session of this number, from 0.
    finishes: fn(session: usize) -> bool,
    /// Pain before and after the session of this number, on this day.
    pain: fn(day: i32, session: usize) -> (u8, u8),
}

const PEOPLE: [Person; 5] = [
    Person {
        name: "diligent",
        about: "Practises whenever something is due, to the end; the pain stays as it is.",
        practises: |_| true,
        finishes: |_| true,
        pain: |_, _| (4, 4),
    },
    Person {
        name: "irregular",
        about: "Practises on Mondays, in some weeks on Thursdays too; ends sessions early when the evening is short.",
        practises: |day| day % 7 == 0 || (day % 7 == 3 && day % 5 != 0),
        finishes: |session| session % 9 < 6,
        pain: |_, _| (5, 4),
    },
    Person {
        name: "more-pain",
        about: "Practises every other day; from the fourth week on, most sessions hurt more than they help.",
        practises: |day| day % 2 == 0,
        finishes: |_| true,
        pain: |day, session| if day < 21 || session % 4 == 0 { (4, 4) } else { (5, 6) },
    },
    Person {
        name: "improving",
        about: "Practises five days a week, with one bad day in the fifth week; the pain falls week by week.",
        practises: |day| day % 7 < 5,
        finishes: |_| true,
        pain: |day, _| {
            let now = 7_u8.saturating_sub((day / 21) as u8);
            if day == 30 { (now, now + 2) } else { (now, now.saturating_sub(1)) }
        },
    },
    Person {
        name: "a-month-away",
        about: "Practises every other day, is away for a month from the sixth week on, and for three months later.",
        practises: |day| day % 2 == 0 && !(37..68).contains(&day) && !(90..176).contains(&day),
        finishes: |_| true,
        pain: |_, _| (3, 2),
    },
];

/// A Monday.
const BEGIN: Day = Day(20_759);
const WEEKS: i32 = 26;

fn six_weeks() -> Programme {
    Library::open(None).expect("what is built in").programme("six-weeks-back").expect("a programme")
}

fn deep(due: &Due) -> String {
    let extent = match due.extent {
        Extent::Level(level) => format!("level {level}"),
        Extent::Length(length) => format!("{} s", length.as_secs()),
    };
    format!("{} {extent}{}", due.routine, if due.shorter { ", a quarter shorter" } else { "" })
}

/// Half a year of a person, as a page: for each week, what was due, why, and what was done.
fn half_a_year(person: &Person) -> String {
    let programme = six_weeks();
    let mut log: Vec<Entry> = Vec::new();
    let mut page = format!("{}: {}\n", person.name, person.about);
    let mut told = false;
    for number in 0..WEEKS * 7 {
        let today = BEGIN.later(number);
        if number % 7 == 0 {
            let weeks = programme::practised_weeks(&log, today);
            writeln!(page, "\nWeek {}", number / 7 + 1).expect("a line");
            if !told && programme::lacks_progress(&weeks) {
                told = true;
                page += "     (told once: no less pain in these weeks, speak to your physician)\n";
            }
        }
        let day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][(number % 7) as usize];
        if !(person.practises)(number) {
            continue;
        }
        let due = match programme::next(&programme, BEGIN, &log, today) {
            Next::Due(due) => due,
            Next::Rest(rest) => {
                let why = if rest.week_is_done { "all days are done" } else { "done today" };
                writeln!(page, "{day}  rest, {why}; next in {}", rest.next.since(today)).expect("a line");
                continue;
            }
        };
        let session = log.len();
        let (finished, (before, after)) = ((person.finishes)(session), (person.pain)(number, session));
        let end = if finished { "" } else { ", ended early" };
        writeln!(
            page,
            "{day}  week {} day {}/{}: {}{end}, pain {before} → {after}",
            due.week,
            due.day,
            due.days,
            deep(&due)
        )
        .expect("a line");
        due.why.iter().for_each(|why| page += &format!("     {why}\n"));
        log.push(Entry {
            day: today,
            second: 7 * 3600,
            routine: due.routine,
            length: Duration::from_secs(if finished { 900 } else { 300 }),
            finished,
            pain: Pain { before: Some(before), after: Some(after) },
        });
    }
    page
}

#[test]
fn half_a_year_of_five_people_is_as_it_was_written_down() {
    for person in &PEOPLE {
        golden(&format!("programme/{}.txt", person.name), &half_a_year(person));
    }
}

/// The date so many days ago.
fn ago(days: i64) -> String {
    jiff::Zoned::now().date().checked_sub(jiff::Span::new().days(days)).expect("a date").to_string()
}

/// A line of the log: a session so many days ago.
fn session(days: i64, routine: &str, end: &str, pain: &str) -> String {
    format!("{}T07:00:00\t{routine}\t600\t{end}\t{pain}\n", ago(days))
}

/// What `today` says would be due, with this log.
fn due(log: &str, arguments: &[&str]) -> String {
    let workshop = Workshop::new();
    workshop.file("home/log.tsv", log);
    let said = workshop.run([&["today", "--dry-run"], arguments].concat()).success();
    assert_eq!(std::fs::read_to_string(workshop.path("home/log.tsv")).unwrap(), log, "a dry run changes nothing");
    said
}

#[test]
fn without_a_programme_today_names_those_there_are() {
    let workshop = Workshop::new();
    let said = workshop.run(["today"]).failure(1);
    assert!(said.contains("expected a programme to follow, found none"), "{said}");
    assert!(said.contains("catcow today six-weeks-back") && said.contains("quiet-weeks"), "{said}");
    let said = workshop.run(["today", "six-week-back"]).failure(1);
    assert!(said.contains("did you mean `six-weeks-back`?"), "{said}");
}

#[test]
fn a_first_session_is_gentle_and_a_dry_run_only_says_so() {
    let workshop = Workshop::new();
    let said = workshop.run(["today", "six-weeks-back", "--dry-run"]).success();
    let first = "Six weeks for your back, week 1 of 6, day 1 of 3: lying-down at level 1, ";
    assert!(said.starts_with(first) && said.contains("\nThis is your first session: a gentle one.\n"), "{said}");
    assert!(!workshop.path("home/log.tsv").exists());
    // Whoever follows it need not name it.
    let followed = format!("# {} programme: six-weeks-back\n", ago(0));
    assert_eq!(due(&followed, &[]), said);
}

#[test]
fn the_log_says_what_is_due_and_why() {
    let followed = format!("# {} programme: six-weeks-back\n", ago(10));
    let week: String = [10, 9, 8].map(|days| session(days, "lying-down", "finished", "4\t4")).concat();
    let said = due(&(followed.clone() + &week), &[]);
    assert!(said.contains("week 2 of 6, day 1 of 4: lying-down at level 2, ") && said.lines().count() == 1, "{said}");
    let worse = session(1, "lying-down", "finished", "4\t6");
    let said = due(&(followed.clone() + &week + &worse), &[]);
    assert!(said.contains("day 2 of 4: lying-down at level 1, "), "the week before, as morning is at level 1: {said}");
    let session_before = session(1, "lying-down", "finished", "4\t6").replace("07:00", "06:00");
    let twice = session(2, "morning", "finished", "4\t4");
    let said = due(&(followed.clone() + &week + &twice + &session_before), &[]);
    assert!(said.contains("day 3 of 4: lying-down at level 1, "), "a step back from level 2: {said}");
    assert!(said.contains("one step easier") && said.contains("speak to your physician before you go on"), "{said}");
    let missed = session(9, "lying-down", "finished", "-\t-");
    let said = due(&(followed.clone() + &missed), &["six-weeks-back"]);
    assert!(said.contains("week 1 of 6") && said.contains("Of the 3 days of this week, 1 is done so far"), "{said}");
    let paused = format!("# {} programme: six-weeks-back\n", ago(40));
    let weeks: String =
        [40, 38, 36, 32, 31, 30, 29].map(|days| session(days, "lying-down", "finished", "-\t-")).concat();
    let said = due(&(paused + &weeks), &[]);
    assert!(
        said.contains("week 1 of 6") && said.contains("After a pause of 29 days, you go on two weeks back."),
        "{said}"
    );
    // Who follows another programme begins that one.
    let said = due(&(followed + &week), &["quiet-weeks"]);
    assert!(said.starts_with("Quiet weeks, week 1 of 2, day 1 of 4: lying-down at level 1, "), "{said}");
}

#[test]
fn two_sessions_that_were_ended_make_the_next_one_a_quarter_shorter_and_time_is_met_where_it_can_be() {
    let followed = format!("# {} programme: six-weeks-back\n", ago(12));
    let week: String = [12, 11, 10].map(|days| session(days, "lying-down", "finished", "-\t-")).concat();
    let ended: String = [3, 2].map(|days| session(days, "lying-down", "ended", "-\t-")).concat();
    let usual = due(&(followed.clone() + &week), &[]);
    let shorter = due(&(followed.clone() + &week + &ended), &[]);
    assert!(shorter.contains("You ended the last two sessions early"), "{shorter}");
    let seconds = |said: &str| {
        let line = said.lines().next().unwrap().trim_end_matches('.');
        let (minutes, seconds) = line.rsplit(' ').next().unwrap().split_once(':').unwrap();
        minutes.parse::<u32>().unwrap() * 60 + seconds.parse::<u32>().unwrap()
    };
    // It may be shorter than level 1: what is worth the least is left out.
    assert!(seconds(&shorter).abs_diff(seconds(&usual) * 3 / 4) <= 1, "{usual}{shorter}");
    assert!(!shorter.contains("level"), "{shorter}");
    let said = due(&(followed.clone() + &week + &ended), &["--level", "5"]);
    assert!(said.contains("at level 5") && said.lines().count() == 1, "what is not so is not said: {said}");
    let long = due(&(followed + &week), &["--length", "2h"]);
    assert!(seconds(&long) > seconds(&usual) && seconds(&long) < 3600, "as long as it can be: {long}");
}

#[test]
fn a_day_and_a_week_are_enough_and_more_is_offered() {
    let followed = format!("# {} programme: six-weeks-back\n", ago(3));
    let two: String = [3, 0].map(|days| session(days, "lying-down", "finished", "-\t-")).concat();
    let said = due(&(followed.clone() + &two), &[]);
    assert!(said.contains("today's session is done. Next: tomorrow."), "{said}");
    let all: String = [3, 2, 1].map(|days| session(days, "lying-down", "finished", "-\t-")).concat();
    let said = due(&(followed + &all), &[]);
    assert!(said.contains("week 1 of 6: all 3 days of this week are done. Next: "), "{said}");
    assert!(said.contains("`catcow play lying-down --level 1`"), "{said}");
}

/// A programme of a teacher's.
const OWN: &str = "\
title = \"Spring class\"
summary = \"For my students.\"

[[weeks]]
days = 2
sessions = [\"morning\", \"evening\"]
level = [2, 1]

[[weeks]]
days = 3
sessions = \"gentle-back\"
length = \"30m\"
";

#[test]
fn a_programme_of_ones_own_is_listed_checked_and_followed_before_a_built_in_one_of_its_name() {
    let workshop = Workshop::new();
    workshop.file("home/routines/programmes/spring.toml", OWN);
    workshop.file("home/routines/programmes/six-weeks-back.toml", OWN.replace("Spring", "My"));
    let list = workshop.run(["list"]).success();
    assert!(list.contains("  spring          For my students. (2 weeks)"), "{list}");
    let said = workshop.run(["check", "home/routines/programmes/spring.toml"]);
    assert!(said.stderr.contains("a programme of 2 weeks"), "{said:?}");
    workshop.run(["check", "spring", "quiet-weeks"]).success();
    assert!(
        workshop
            .run(["today", "spring", "--dry-run"])
            .success()
            .starts_with("Spring class, week 1 of 2, day 1 of 2: morning")
    );
    assert!(workshop.run(["today", "six-weeks-back", "--dry-run"]).success().starts_with("My class"));
    let log: String = [8, 7].map(|days| session(days, "morning", "finished", "-\t-")).concat();
    workshop.file("home/log.tsv", format!("# {} programme: spring\n{log}", ago(8)));
    let said = workshop.run(["today", "--dry-run"]).success();
    assert!(said.starts_with("Spring class, week 2 of 2, day 1 of 3: gentle-back, 30:00."), "{said}");
    assert!(workshop.run(["list"]).success().contains("Spring class, week 2 of 2, day 1 of 3: gentle-back, 30m."));
}

#[test]
fn mistakes_in_a_programme_are_told_at_their_lines() {
    for (right, wrong, line, said) in [
        ("\"morning\", \"evening\"", "\"mornig\", \"evening\"", 6, "did you mean `morning`?"),
        ("days = 2", "days = 8", 5, "expected a whole number from 1 to 7, found 8"),
        ("days = 2", "days = 1", 6, "expected at most 1, one for each of the `days`, found 2"),
        ("level = [2, 1]", "level = [2, 1, 3]", 7, "one for all or 2, one for each session, found 3"),
        ("level = [2, 1]", "level = 6", 7, "expected a whole number from 1 to 5, found 6"),
        (
            "level = [2, 1]",
            "level = 2\nlength = \"9m\"",
            8,
            "expected either `level` or `length` in a week, found both",
        ),
        ("level = [2, 1]", "levle = 2", 7, "did you mean `level`?"),
        ("days = 3", "", 9, "expected `days`, found none"),
        ("sessions = \"gentle-back\"", "sessions = []", 11, "expected the names of routines, found none"),
        ("title = \"Spring class\"", "", 1, "expected `title`, found none"),
        ("length = \"30m\"", "length = \"2m\"", 11, "for `gentle-back`, found 2:00"),
        ("length = \"30m\"", "length = \"soon\"", 12, "write, for example, `length = \"15m\"`"),
    ] {
        let workshop = Workshop::new();
        let text = OWN.replacen(right, wrong, 1);
        let shown = workshop.file("spring.toml", text).run(["check", "spring.toml"]).failure(1);
        assert!(shown.contains(said), "{wrong}:\n{shown}");
        assert!(shown.contains(&format!("spring.toml:{line}:")), "{wrong}, at line {line}:\n{shown}");
    }
    let workshop = Workshop::new();
    let shown = workshop.file("home/routines/programmes/empty.toml", "title = \"Empty\"\n");
    let shown = shown.run(["check", "home/routines/programmes/empty.toml"]).failure(1);
    assert!(shown.contains("expected weeks, found none"), "{shown}");
}

#[test]
fn practice_on_a_telephone_is_noted_by_hand_and_counts() {
    let workshop = Workshop::new();
    workshop.file("home/log.tsv", format!("# {} programme: six-weeks-back\n", ago(2)));
    let (first, second) = (ago(2), ago(1));
    let said = workshop.run(["log", "--add", "lying-down", "--on", &first, "--length", "9m", "--pain", "4,3"]);
    assert_eq!(said.stderr, format!("{first}: lying-down, 9:00, finished\n"));
    workshop.run(["log", "--add", "lying-down", "--on", &second, "--unfinished", "--note", "the bell rang"]).success();
    workshop.run(["log", "--note", "slept badly"]).success();
    let log = std::fs::read_to_string(workshop.path("home/log.tsv")).unwrap();
    assert!(log.contains(&format!("{first}T12:00:00\tlying-down\t540\tfinished\t4\t3\n")), "{log}");
    assert!(log.contains(&format!("# {second} note: the bell rang\n{second}T12:00:00\tlying-down\t")), "{log}");
    let said = workshop.run(["today", "--dry-run"]).success();
    assert!(said.contains("day 2 of 3"), "one is finished: {said}");
    let shown = workshop.run(["log", "--sessions"]).success();
    let lines: Vec<_> = shown.lines().collect();
    assert_eq!(lines.len(), 4, "{shown}");
    assert!(lines[0].contains("Routine") && lines[0].contains("Pain") && lines[0].ends_with("Note"), "{shown}");
    assert!(
        lines[1].starts_with(&format!("{first}  12:00  lying-down")) && lines[1].contains("finished  4 → 3"),
        "{shown}"
    );
    assert!(lines[2].contains("ended") && lines[2].ends_with("the bell rang"), "{shown}");
    assert!(lines[3].starts_with(&ago(0)) && lines[3].ends_with("slept badly"), "{shown}");
}

#[test]
fn what_cannot_be_noted_is_refused_and_nothing_is_written() {
    let workshop = Workshop::new();
    for (arguments, code, said) in [
        (&["--add", "lying-dwn"][..], 1, "did you mean `lying-down`?"),
        (&["--add", "lying-down", "--on", "2999-01-01"], 1, "expected today or a day before, found 2999-01-01"),
        (&["--add", "lying-down", "--on", "yesterday"], 2, "expected a date such as 2026-11-02"),
        (&["--add", "lying-down", "--pain", "4"], 2, "expected two scores from 0 to 10, such as 4,3"),
        (&["--add", "lying-down", "--pain", "4,11"], 2, "expected two scores from 0 to 10"),
        (&["--on", "2026-11-02"], 1, "expected `--add` or `--note` beside `--on`"),
        (&["--pain", "4,3"], 2, "--add"),
        (&["--csv", "--sessions"], 2, "cannot be used with"),
    ] {
        let shown = workshop.run([&["log"], arguments].concat()).failure(code);
        assert!(shown.contains(said), "{arguments:?}: {shown}");
    }
    assert!(!workshop.path("home/log.tsv").exists());
    let shown = workshop.run(["log", "--add", "lying-down", "--length", "9m", "--pain", "3,6"]).stderr;
    assert!(shown.contains("Your pain is worse than before."), "{shown}");
}

#[test]
fn the_log_is_a_table_for_a_spreadsheet_and_nothing_in_it_is_a_formula() {
    let workshop = Workshop::new();
    let log = "2026-11-02T07:05:00\tgentle-back\t1100\tfinished\t6\t4\n\
        # 2026-11-02 note: =HYPERLINK(\"x\"), tired\n# 2026-11-03 note: rested\nno line\n\
        2026-11-04T19:00:59\t=evening\t59\tended\t-\t-\n";
    workshop.file("home/log.tsv", log);
    let table = workshop.run(["log", "--csv"]).success();
    assert_eq!(
        table,
        "date,time,routine,seconds,end,pain_before,pain_after,note\r\n\
         2026-11-02,07:05,gentle-back,1100,finished,6,4,\"'=HYPERLINK(\"\"x\"\"), tired\"\r\n\
         2026-11-03,,,,,,,rested\r\n\
         2026-11-04,19:00,'=evening,59,ended,,,\r\n"
    );
    assert_eq!(workshop.run(["log", "--csv", "--weeks", "1"]).success().lines().count(), 1, "only this week");
}

/// A class in which both safety words are said, and what of progress.
const CLASS: &str = "title = \"Class\"\n[[steps]]\nsay = [\"safety/physician\", \"safety/stop\"]\n\
    [[steps]]\npose = \"cat-cow\"\nrounds = 2\n[[steps]]\nsay = [\"closing/no-progress\", \"closing/thanks\"]\n";
const BRIEF: &str = "If a new pain comes, or your pain gets worse, stop, and ask your physician.";
const WHOLE: [&str; 2] = ["This is not medical advice.", "stop at once, and speak to your physician."];

/// A workshop with that class, a voice that has these cues and borrows the rest, and this log.
fn class(cues: &[&str], log: &str) -> Workshop {
    let workshop = Workshop::new();
    workshop.file("home/routines/class.toml", CLASS).file("home/log.tsv", log);
    workshop.file("voice/voice.toml", "name = \"Own\"\n");
    for cue in cues {
        workshop.file(&format!("voice/{cue}.wav"), crate::trial::chirp(300.0, 1.5));
    }
    workshop
}

/// The cue sheet of the class.
fn said(workshop: &Workshop, arguments: &[&str]) -> String {
    workshop.run([&["plan", "class", "--voice", "./voice,ada"], arguments].concat()).success()
}

#[test]
fn safety_words_are_one_sentence_for_whoever_has_heard_them_often_and_whole_after_a_pause() {
    let cues = ["safety/daily", "safety/stop"];
    let sessions = |days: &[i64]| days.iter().map(|days| session(*days, "class", "ended", "-\t-")).collect::<String>();
    for (log, brief) in [
        (sessions(&[]), false),
        (sessions(&[2, 1]), false),
        (sessions(&[9, 2, 1]), true),
        (sessions(&[40, 39, 13]), true),
        (sessions(&[40, 39, 14]), false),
        (sessions(&[2, 1]) + &session(1, "morning", "finished", "-\t-"), false),
    ] {
        let workshop = class(&cues, &log);
        let played = said(&workshop, &["--as-played"]);
        assert_eq!(played.matches(BRIEF).count(), usize::from(brief), "{log}{played}");
        assert!(WHOLE.iter().all(|words| played.contains(words) != brief), "{log}{played}");
        // Nobody knows who hears a file, and a plan is of the routine.
        let planned = said(&workshop, &[]);
        assert!(WHOLE.iter().all(|words| planned.contains(words)) && !planned.contains(BRIEF), "{planned}");
        if brief {
            let export = "export class --voice ./voice,ada --words --rate 8000 -o class.wav";
            workshop.run(export.split(' ')).success();
            let words = std::fs::read_to_string(workshop.path("class.txt")).expect("the words of the file");
            assert!(words.contains(WHOLE[0]) && !words.contains(BRIEF), "{words}");
            // Under any guidance, at any length, something is said that keeps from harm.
            for guidance in ["full", "fading", "names", "bells"] {
                assert!(said(&workshop, &["--as-played", "--guidance", guidance]).contains(BRIEF), "{guidance}");
            }
        }
    }
}

#[test]
fn whoever_records_a_voice_reads_the_sentence_behind_all_lines_of_the_class() {
    let script = Workshop::new().run(["voice", "script", "morning"]).success();
    let at = |words: &str| script.find(words).unwrap_or_else(|| panic!("{words}: {script}"));
    assert!(at(BRIEF) > at("slowly stand up.") && at("These weeks have brought no less pain.") > at(BRIEF), "{script}");
}

#[test]
fn safety_words_are_whole_where_the_voice_lacks_the_sentence_or_an_author_changed_them() {
    let log: String = [3, 2, 1].map(|days| session(days, "class", "finished", "-\t-")).concat();
    let is_whole = |workshop: &Workshop| {
        let played = said(workshop, &["--as-played"]);
        assert!(played.contains(WHOLE[0]) && !played.contains(BRIEF), "{played}");
    };
    // Half of the safety words by another speaker would startle.
    is_whole(&class(&["safety/stop"], &log));
    let changed = class(&["safety/daily", "safety/stop"], &log);
    changed.file(
        "home/routines/class.toml",
        format!("{CLASS}[cues]\n\"safety/stop\" = \"Stop, and speak to your physician.\"\n"),
    );
    is_whole(&changed);
    let spanish = class(&["safety/daily", "safety/stop"], &log);
    spanish.file("home/routines/class.toml", format!("language = \"es\"\n{CLASS}"));
    is_whole(&spanish);
}

#[test]
fn weeks_without_less_pain_are_told_aloud_at_the_end_once_in_place_of_what_is_usually_said() {
    let log: String = (1..=28).rev().step_by(3).map(|days| session(days, "class", "finished", "5\t5")).collect();
    let (advice, usual) = ("These weeks have brought no less pain.", "If a few weeks bring no progress");
    let workshop = class(&["closing/see-physician"], &log);
    let played = said(&workshop, &["--as-played"]);
    assert!(played.contains(advice) && !played.contains(usual), "{played}");
    assert!(played.find(advice) < played.find("Thank you for practicing."), "{played}");
    assert!(said(&workshop, &[]).contains(usual), "a plan is of the routine");
    // A class that says nothing of progress says it as the closing begins.
    workshop.file("home/routines/class.toml", CLASS.replace("\"closing/no-progress\", ", ""));
    let played = said(&workshop, &["--as-played"]);
    assert!(played.find(advice).is_some_and(|at| Some(at) < played.find("Thank you for practicing.")), "{played}");
    workshop.file("home/log.tsv", log + "# told: no progress\n").file("home/routines/class.toml", CLASS);
    assert!(said(&workshop, &["--as-played"]).contains(usual), "it is told once");
}

#[test]
#[ignore = "needs pulseaudio; tests/run.sh installs it"]
fn what_is_due_is_played_and_noted_and_much_more_pain_is_told_at_once_on_the_screen_and_aloud() {
    let (workshop, mut sound) = (Workshop::new(), SoundServer::start());
    workshop.file("home/routines/short.toml", "title = \"Short\"\ntone = \"off\"\n[[steps]]\npause = \"2s\"\n");
    let mine = "title = \"Mine\"\n[[weeks]]\ndays = 1\nsessions = \"short\"\n";
    workshop.file("home/routines/programmes/mine.toml", mine).file("voice/voice.toml", "name = \"Own\"\n");
    workshop.file("voice/closing/pain-worse.wav", crate::trial::chirp(300.0, 1.5));
    let catcow = env!("CARGO_BIN_EXE_catcow");
    let line = format!("exec {catcow} today mine --voice ./voice --wake=false");
    let mut command = Command::new("script");
    command.args(["-qefc", &line, "screen"]).current_dir(workshop.path(".")).env("CATCOW_HOME", workshop.path("home"));
    command.env("TERM", "xterm").env("CATCOW_CONFIG", workshop.path("config.toml"));
    sound.lend(&mut command);
    let mut player = Player::spawn(command);
    let screen = || String::from_utf8_lossy(&std::fs::read(workshop.path("screen")).unwrap_or_default()).into_owned();
    wait_until("it asks before", || screen().contains("pain before the session"));
    player.press("2\n");
    wait_until("it asks after", || screen().contains("pain after the session"));
    assert!(!sound.is_loud(), "the session itself is silent");
    player.press("5\n");
    assert_eq!(player.end(), 0);
    let (screen, log) = (screen(), std::fs::read_to_string(workshop.path("home/log.tsv")).unwrap());
    assert!(screen.contains("Mine, week 1 of 1, day 1 of 1: short at level 1, 0:02."), "{screen}");
    assert!(screen.contains("Your pain is worse than before. Stop these exercises"), "{screen}");
    assert!(log.starts_with(&format!("# {} programme: mine\n", ago(0))), "{log}");
    assert!(log.ends_with("\tshort\t2\tfinished\t2\t5\n"), "{log}");
    assert!(sound.heard().concat().iter().filter(|frame| **frame != 0).count() > 48_000, "it is said aloud");
}

#[test]
#[ignore = "needs script (bsdutils); tests/run.sh installs it"]
fn the_time_there_is_is_asked_for_only_where_that_is_wanted_and_met_as_nearly_as_can_be() {
    let workshop = Workshop::new();
    workshop.file("home/routines/short.toml", "title = \"Short\"\ntone = \"off\"\n[[steps]]\npause = \"10s..40s\"\n");
    let mine = "title = \"Mine\"\n[[weeks]]\ndays = 2\nsessions = \"short\"\n";
    workshop.file("home/routines/programmes/mine.toml", mine);
    let ended = |arguments: &str, answer: &str| {
        let line = format!("{} today mine --no-pain {arguments}", env!("CARGO_BIN_EXE_catcow"));
        let mut command = Command::new("script");
        command.args(["-qefc", &line, "screen"]).current_dir(workshop.path(".")).env("COLUMNS", "200");
        command.env("CATCOW_HOME", workshop.path("home")).env("CATCOW_CONFIG", workshop.path("config.toml"));
        command.env("PULSE_SERVER", "unix:/nowhere/native").env("CATCOW_WAKE", "false");
        let mut player = Player::spawn(command);
        player.press(answer);
        let status = player.end();
        (status, std::fs::read_to_string(workshop.path("screen")).unwrap())
    };
    let (status, screen) = ended("--ask", "1\n");
    assert!(screen.contains("How much time do you have") && screen.contains("short, 0:40."), "{screen}");
    // Nothing plays here, and what is offered instead is the session that was due.
    assert!(status == 3 && screen.contains("catcow export short --length 40s -o short.wav"), "{screen}");
    let (_, screen) = ended("", "");
    assert!(!screen.contains("How much time"), "{screen}");
    assert!(screen.contains("catcow export short --level 1 -o short.wav"), "{screen}");
}

#[test]
fn the_page_about_programmes_has_an_example_that_is_accepted_and_names_every_key() {
    let page = std::fs::read_to_string("docs/programmes.md").expect("the page");
    let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let workshop = Workshop::new();
    workshop.file("spring.toml", example).run(["check", "--strict", "spring.toml"]).success();
    for key in [file_keys::PROGRAMME, file_keys::WEEK].into_iter().flatten() {
        assert!(page.contains(&format!("| `{}` |", key.name)), "{}", key.name);
    }
    // What the page shows to type is what the program takes.
    let help = ["today", "log", "plan", "play"].map(|verb| workshop.run([verb, "--help"]).success()).concat();
    let words = page.split('`').flat_map(str::split_whitespace).filter(|word| word.starts_with("--") && word.len() > 2);
    for option in words.map(|word| word.trim_end_matches([',', ')'])) {
        assert!(help.contains(option), "{option}");
    }
}
