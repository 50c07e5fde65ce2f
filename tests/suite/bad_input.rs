//! Files that nobody would write: refused with a code, without a panic, a full memory, or a wait.

use crate::workshop::Workshop;

/// Checks a routine, and plans it where that is possible; what was said.
fn tried(text: &str) -> String {
    let workshop = Workshop::new();
    let outcome = workshop.file("odd.toml", text).run(["check", "--missing", "bell", "odd.toml"]);
    let shown: String = text.chars().take(300).collect();
    assert!([0, 1].contains(&outcome.status), "{shown}\n{}", outcome.stderr);
    assert!(!outcome.stderr.contains("panicked"), "{shown}\n{}", outcome.stderr);
    outcome.stderr
}

fn step(keys: &str) -> String {
    format!("title = \"Odd\"\n[[steps]]\n{keys}\n")
}

#[test]
fn lengths_that_are_none_are_refused() {
    for length in ["99999999999h", "1e308", "-5s", "0x10", "5m..1m", "1..", "..", "25h", "1s2h", "NaN", "1..2..3", "∞"]
    {
        for key in [
            "pause",
            "pose = \"rest\"\nhold",
            "pose = \"cat-cow\"\nfor",
            "breathe = \"4-6\"\nfor",
            "pause = 1\ncountdown",
        ] {
            let said = tried(&step(&format!("{key} = \"{length}\"")));
            assert!(said.contains("error[wrong-value]"), "{key} = {length}: {said}");
        }
    }
    for count in ["0", "18446744073709551616", "-1", "2..1", "1.5", "10001"] {
        let said = tried(&step(&format!("pose = \"bridge\"\nrounds = \"{count}\"")));
        assert!(said.contains("error[wrong-value]"), "{count}: {said}");
    }
}

#[test]
fn breaths_that_nobody_can_breathe_are_refused() {
    let pattern = ["0-0", "0-5", "5-0", "-1--1", "1e9-1", "121-1", "4-6-8-2-1", "", "0-0-0-0"];
    for pattern in pattern {
        assert!(
            tried(&step(&format!("breathe = \"{pattern}\"\nrounds = 3"))).contains("error[wrong-value]"),
            "{pattern}"
        );
        let easing = format!("breathe = {{ from = \"4-6\", to = \"{pattern}\", over = \"1m\" }}\nrounds = 3");
        assert!(tried(&step(&easing)).contains("error[wrong-value]"), "{pattern}");
    }
    let over = |time: &str| step(&format!("breathe = {{ from = \"4-6\", to = \"5-5\", over = {time} }}\nrounds = 3"));
    assert!(tried(&over("\"25h\"")).contains("error[wrong-value]"));
    assert!(!tried(&over("\"0s\"")).contains("error["));
    assert!(tried(&step("breathe = { from = \"4-6\" }\nrounds = 3")).contains("error[missing-key]"));
    assert!(
        tried(&step("breathe = { from = \"4-6\", to = \"4-6\", over = 1, form = 2 }\nrounds = 3"))
            .contains("error[unknown-key]")
    );
}

#[test]
fn a_length_that_no_range_allows_is_refused_with_both_ends() {
    for length in ["1s", "23h59m"] {
        let said = tried(&format!("length = \"{length}\"\n{}", step("pose = \"rest\"\nhold = \"1m..2m\"")));
        let ends = said.strip_prefix("error[length-out-of-range]: expected a length of ");
        let ends = ends.and_then(|ends| ends.split_once(" for `odd`")).unwrap_or_else(|| panic!("{said}")).0;
        // How long the words take is the voice's: what the range adds is a minute.
        let (least, most) = ends.split_once(" to ").unwrap_or_else(|| panic!("{said}"));
        let minutes = |time: &str| time.split_once(':').expect("minutes").0.parse::<u32>().expect("a number");
        assert_eq!((minutes(most) - minutes(least), &most[1..]), (1, &least[1..]), "{said}");
    }
}

#[test]
fn sessions_without_end_are_refused() {
    let mut nested = String::from("title = \"Odd\"\n");
    for depth in 0..8 {
        nested += &format!("[[steps{}]]\nrepeat = 10000\n", ".steps".repeat(depth));
    }
    let inner = format!("[[steps{}]]\n", ".steps".repeat(8));
    for last in [
        "pause = \"24h\"",
        "pause = \"0s\"",
        "bell = \"low\"",
        "pose = \"bridge\"\nrounds = 10000\nhold = \"10000 breaths\"",
    ] {
        for breath in ["", "breath = { from = \"3-3\", to = \"4-6\", over = \"24h\" }\n"] {
            let said = tried(&format!("{breath}{nested}{inner}{last}"));
            assert!(said.contains("error[too-long]") || said.contains("error[no-time]"), "{last}: {said}");
        }
    }
    let lasting = "pose = \"prone-leg-extensions\"\nrounds = 10000\nrest = \"24h\"";
    assert!(tried(&step(lasting)).contains("error[too-long]"));
}

#[test]
fn ten_thousand_of_anything_is_read_or_refused() {
    let many = 10_000;
    let list = |item: &dyn Fn(usize) -> String| (0..many).map(item).collect::<Vec<_>>().join(", ");
    let sides = step(&format!("pose = \"rest\"\nsides = [{}]", list(&|index| format!("\"side-{index}\""))));
    assert!(tried(&sides).contains("expected at most 12 sides"));
    let nested_list = step(&format!("pose = \"rest\"\nsides = {}{}", "[".repeat(many), "]".repeat(many)));
    assert!(tried(&nested_list).contains("error["));
    let tables = format!("title = \"Odd\"\nsteps = {}{}", "[{ repeat = 2, steps = ".repeat(many), "}]".repeat(many));
    assert!(tried(&tables).contains("error[toml-syntax]"));
    let dotted = format!("title = \"Odd\"\n{} = 1\n", vec!["poses"; many].join("."));
    assert!(tried(&dotted).contains("error["));
    let unknown: String = (0..many).map(|index| format!("[[steps]]\npose = \"no-{index}\"\n")).collect();
    assert!(tried(&format!("title = \"Odd\"\n{unknown}")).contains("and 9950 more"));
    let cues = step(&format!("say = [{}]", list(&|index| format!("\"no/{index}\""))));
    assert!(tried(&cues).contains("error[unknown-cue]"));
}
