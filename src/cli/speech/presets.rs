//! The speech programs that people have, and how each is called. The words always come on standard input, where nothing takes them
//! for an option.

use super::run::on_path;

/// A speech program that is known by a name.
pub struct Preset {
    pub name: &'static str,
    /// The program that has to be there.
    pub program: &'static str,
    /// What it is.
    pub about: &'static str,
    /// What helps where it is not there, or lacks something.
    pub install: &'static str,
    /// The voice that it speaks with where none is named.
    pub usual: Usual,
    /// Whether it is taken where a person names none and it is there.
    pub is_taken_unasked: bool,
    /// Whether one run says many things.
    pub says_many: bool,
    /// The program, by its name or path.
    pub command: fn() -> String,
    /// Its arguments, for a voice.
    pub arguments: fn(Option<&str>) -> Vec<String>,
    /// A table of words that it would read wrongly, and how it is to read them.
    pub respell: &'static str,
}

/// The voice of a program where none is named.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Usual {
    /// The one that it takes by itself.
    Own,
    /// This one.
    Named(&'static str),
    /// None: one has to be named.
    Missing,
}

/// What says words as `ada` does: one run for all of them, as it takes a second to start.
const HIBARI: &str = include_str!("hibari.py");

/// What hibari would say wrongly, as the voices are made with it.
const RESPELL: &str = include_str!("../../../voice_clips/respell.toml");

/// Speaks what it reads into the file that a variable names: PowerShell would take a path in its command for a part of that.
const SAPI: &str = "$ErrorActionPreference = 'Stop'; Add-Type -AssemblyName System.Speech; \
    $in = New-Object System.IO.StreamReader([Console]::OpenStandardInput(), [Text.Encoding]::UTF8); \
    $text = $in.ReadToEnd(); $it = New-Object System.Speech.Synthesis.SpeechSynthesizer; $it.Rate = -3; \
    $it.SetOutputToWaveFile($env:CATCOW_OUT); $it.Speak($text); $it.Dispose()";

/// Best first: the first that is there is taken where none is named. All are slowed down to the pace of a guide.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "hibari",
        program: "hibari",
        about: "what the built-in voice `ada` is made with, so that new words sound like the rest; English",
        install: "install it with `pip install hibari-tts`",
        usual: Usual::Named("heart"),
        is_taken_unasked: true,
        says_many: true,
        command: python,
        arguments: |voice| strings(&["-c", HIBARI, voice.unwrap_or_default()]),
        respell: RESPELL,
    },
    Preset {
        name: "say",
        program: "say",
        about: "the voices of macOS, `say:NAME` for one of them",
        install: "it is part of macOS; `espeak-ng` or `hibari` run elsewhere",
        usual: Usual::Own,
        is_taken_unasked: cfg!(target_os = "macos"),
        says_many: false,
        command: || "say".into(),
        arguments: |voice| {
            let say = strings(&["-o", "{out}", "--file-format=WAVE", "--data-format=LEI16@22050", "-r", "140"]);
            [say, option("-v", voice)].concat()
        },
        respell: "",
    },
    Preset {
        name: "sapi",
        program: "powershell",
        about: "the voice of Windows",
        install: "it is part of Windows; `espeak-ng` or `hibari` run elsewhere",
        usual: Usual::Own,
        is_taken_unasked: cfg!(windows),
        says_many: false,
        command: || "powershell".into(),
        arguments: |_| strings(&["-NoProfile", "-NonInteractive", "-Command", SAPI]),
        respell: "",
    },
    Preset {
        name: "piper",
        program: "piper",
        about: "neural voices in many languages, `piper:MODEL.onnx` with the model's path",
        install: "install it with `pip install piper-tts`, and name a model: `piper:/path/to/model.onnx`",
        usual: Usual::Missing,
        is_taken_unasked: false,
        says_many: false,
        command: || "piper".into(),
        arguments: |voice| {
            let model = strings(&["--model", voice.unwrap_or_default()]);
            [model, strings(&["--length_scale", "1.3", "--output_file", "{out}"])].concat()
        },
        respell: "",
    },
    Preset {
        name: "rhvoice",
        program: "RHVoice-test",
        about: "RHVoice, `rhvoice:NAME` for one of its voices",
        install: "install it: on Debian and Ubuntu, `apt install rhvoice rhvoice-english`",
        usual: Usual::Own,
        is_taken_unasked: cfg!(target_os = "linux"),
        says_many: false,
        command: || "RHVoice-test".into(),
        arguments: |voice| [strings(&["-q", "max", "-r", "80", "-o", "{out}"]), option("-p", voice)].concat(),
        respell: "",
    },
    Preset {
        name: "espeak-ng",
        program: "espeak-ng",
        about: "small and plain, a hundred languages, `espeak-ng:de` for one of them",
        install: "install it: on Debian and Ubuntu, `apt install espeak-ng`",
        usual: Usual::Own,
        is_taken_unasked: true,
        says_many: false,
        command: || "espeak-ng".into(),
        arguments: |voice| [strings(&["-s", "120", "-w", "{out}", "--stdin"]), option("-v", voice)].concat(),
        respell: "",
    },
];

/// The presets in a line, for who has named none.
pub fn known() -> String {
    let names: Vec<_> = PRESETS.iter().map(|preset| format!("`{}`", preset.name)).collect();
    format!("name one: {}, or a command such as `my-speech -o {{out}}`", names.join(", "))
}

/// A page about them.
pub fn page() -> String {
    let line = |preset: &Preset| format!("  {:<10} {} ({})\n", preset.name, preset.about, preset.install);
    PRESETS.iter().map(line).collect()
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// An option, where there is a value for it.
fn option(name: &str, value: Option<&str>) -> Vec<String> {
    value.map_or_else(Vec::new, |value| strings(&[name, value]))
}

/// The Python that has hibari: the one that its command names in its first line, else the usual one.
fn python() -> String {
    let named = on_path("hibari").and_then(|command| std::fs::read(command).ok());
    let line = named.as_deref().and_then(|script| script.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next());
    let python = line.and_then(|line| std::str::from_utf8(line).ok()).map(str::trim);
    match python.filter(|python| python.contains("python") && !python.contains(' ')) {
        Some(python) => python.to_owned(),
        None => if cfg!(windows) { "python" } else { "python3" }.to_owned(),
    }
}
